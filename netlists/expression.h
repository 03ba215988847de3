/* expression.h - pieces of SPICE expressions that ngspice and Xyce read alike:
 * braces, `**`, ln(), numbers without suffixes. */
#ifndef QN_NETLIST_EXPRESSION_H
#define QN_NETLIST_EXPRESSION_H

#include <quench/device.h>
#include <quench/text.h>

/* The shortest decimal that reads back as the same double: 0.1, not
 * 0.10000000000000001. `qn_exact(x).text` lives as long as the call it stands
 * in. */
typedef struct qn_decimal {
  char text[32];
} qn_decimal;

qn_decimal qn_exact(double x);

/* The device's drive of the voltage expression v, its parameters' values put
 * in, all in parentheses: ohmic of "V(a)-V(b)" gives "((V(a)-V(b)))". Where
 * own[k] is set, parameter k is written as a name, "d_" and its own, that a
 * subcircuit gives a value; own NULL: nowhere. */
void qn_expression_drive(qn_text *text, const qn_device_card *card,
                         const int *own, const char *v);

/* Whether the device's drive depends on its parameter k. */
int qn_expression_uses(const qn_device *device, size_t k);

/* A name from outside (a network's, a technology's) made fit for a comment:
 * one line of printable ASCII without what opens or closes anything. */
void qn_expression_comment(qn_text *text, const char *name);

/* A name from outside made fit for a file: lower case (ngspice folds names),
 * letters, digits, '-' and '_'. The caller frees it; NULL: out of memory. */
char *qn_expression_stem(const char *name);

#endif
