/* found.h - how a chip that a simulator ran differs from analog: measured, told,
 * in JSON, judged. */
#ifndef QN_FOUND_H
#define QN_FOUND_H

#include <jansson.h>
#include <quench/chip.h>
#include <quench/metric.h>

#include "cli/console.h"

/* A sample's end. */
typedef struct qn_found_place {
  size_t sequence, step;
  double time_s; /* on the chip, from the sequence's beginning */
} qn_found_place;

typedef struct qn_found {
  const qn_chip *chip;
  qn_difference membranes;
  qn_found_place at;
  size_t moving;   /* memristors of the chip that move */
  size_t compared; /* of them; 0: the simulator's are not known */
  qn_state_difference states;
  qn_found_place state_at;
} qn_found;

/* Of two runs on data, whose sequences the places count; states where both have
 * room for them. */
qn_found qn_found_of(const qn_chip *chip, const qn_dataset *data,
                     const qn_trace *got, const qn_trace *analog,
                     const double *swing);

/* Where states differ beyond the bound and membranes do not, there; else where
 * membranes differ most. */
qn_found_place qn_found_worst(const qn_found *found);

/* One line; `what` ran: "ngspice on 3 sequences". */
void qn_found_tell(const qn_found *found, const char *what,
                   qn_console *console);

json_t *qn_found_json(const qn_found *found);

/* QN_EMISMATCH where membranes differ by more than the realisation `spice` may,
 * or states by more than 1e-3 of their range; `who` ran, `advice` is what a
 * reader may do about it. */
qn_status qn_found_judge(const qn_found *found, const char *who,
                         const char *advice, qn_diag *diag);

#endif
