/* law.h - a device's laws (device.h) spelled out as SPICE expressions. */
#ifndef QN_NETLIST_LAW_H
#define QN_NETLIST_LAW_H

#include <quench/device.h>
#include <quench/text.h>

/* A name that stands for an expression; lists end with a record without one. */
typedef struct qn_law_word {
  const char *name, *text;
} qn_law_word;

/* What stands for a device's parameters. */
typedef struct qn_law_card {
  const qn_device_card *card;
  const int *own; /* [parameters] where set, "d_" and the parameter's name, to
                     which a subcircuit gives a value; NULL: numbers alone */
} qn_law_card;

/* A law's value as one expression, all in parentheses: words, steps and
 * parameters put in, the functions of device.h spelled out in SPICE's. */
void qn_law_add(qn_text *text, const char *law, const qn_law_card *parameters,
                const qn_law_word *words);

/* What a law's steps become. */
typedef enum qn_law_steps {
  QN_STEPS_INLINE,
  QN_STEPS_NODES,    /* V(gap): SPICE's nodes, where they depend on a node */
  QN_STEPS_VARIABLES /* gap: Verilog-A's */
} qn_law_steps;

/* The same in two goes: first the lines that make the steps, then the value,
 * which names them, with a suffix. Simulators write down derivatives of whole
 * expressions: inline, they grow beyond use. */
void qn_law_add_steps(qn_text *text, const char *law,
                      const qn_law_card *parameters, const qn_law_word *words,
                      qn_law_steps steps, const char *suffix);
void qn_law_add_value(qn_text *text, const char *law,
                      const qn_law_card *parameters, const qn_law_word *words,
                      qn_law_steps steps, const char *suffix);

/* ", gap, up": the names of a law's steps; law NULL: none. */
void qn_law_add_names(qn_text *text, const char *law);

/* Whether a law depends on the device's parameter k; law NULL: no. */
int qn_law_uses(const char *law, const qn_device *device, size_t k);

#endif
