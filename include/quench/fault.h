/* fault.h - what sets a technology apart from mathematics, one record each:
 * the table behind `quench map --blame`. */
#ifndef QN_FAULT_H
#define QN_FAULT_H

#include <quench/technology.h>

typedef struct qn_fault {
  const char *name;  /* "programming" */
  const char *title; /* one line */
  /* make the technology's fields those of `ideal` */
  void (*switch_off)(qn_technology *tech);
  /* the fault without which this one cannot be, or NULL: switched off it takes
   * this one along, and alone means the two of them */
  const char *needs;
} qn_fault;

extern const qn_fault qn_faults[]; /* ended by name NULL */

/* Whether the technology has it: switching it off changes a field. */
int qn_fault_is_on(const qn_fault *fault, const qn_technology *tech);

/* The technology with all faults off but one and what it needs (NULL: all
 * off). */
qn_technology qn_fault_alone(const qn_fault *fault, const qn_technology *tech);

/* The technology with this fault off. */
qn_technology qn_fault_without(const qn_fault *fault,
                               const qn_technology *tech);

#endif
