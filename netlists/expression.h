/* expression.h - pieces of SPICE expressions that ngspice and Xyce read alike:
 * braces, `**`, ln(), numbers without suffixes. */
#ifndef QN_NETLIST_EXPRESSION_H
#define QN_NETLIST_EXPRESSION_H

#include <quench/text.h>

/* The shortest decimal that reads back as the same double: 0.1, not
 * 0.10000000000000001. `qn_exact(x).text` lives as long as the call it stands
 * in. */
typedef struct qn_decimal {
  char text[32];
} qn_decimal;

qn_decimal qn_exact(double x);

/* Length of the number (1, .5, 2e-3), the name or the sign at s. */
size_t qn_expression_token(const char *s);

/* A name from outside (a network's, a technology's) made fit for a comment:
 * one line of printable ASCII without what opens or closes anything. */
void qn_expression_comment(qn_text *text, const char *name);

/* The same, cut after 20 characters: ".." tells it. */
void qn_expression_name(qn_text *text, const char *name);

/* A name from outside made fit for a file: lower case (ngspice folds names),
 * letters, digits, '-' and '_', 128 of them at most. The caller frees it; NULL: out of memory. */
char *qn_expression_stem(const char *name);

#endif
