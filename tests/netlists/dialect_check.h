/* dialect_check.h - the rules that a deck keeps so that ngspice and Xyce read it
 * alike, each one a trap that was met or that a manual names. */
#ifndef QN_TEST_DIALECT_CHECK_H
#define QN_TEST_DIALECT_CHECK_H

#include <stddef.h>

typedef enum dialect { DIALECT_NGSPICE, DIALECT_XYCE } dialect;

typedef enum dialect_rule {
  RULE_NONE,        /* kept all */
  RULE_TITLE,       /* the first line is a comment */
  RULE_POWER,       /* `**`: `^` is exclusive-or to Xyce */
  RULE_LOG,         /* ln or log10: log is natural or of 10 */
  RULE_SUFFIX,      /* 1e-12 for 1p: suffixes differ */
  RULE_FUNCTION,    /* functions that both have, or .func's */
  RULE_CONDITIONAL, /* none of .func inside ?: */
  RULE_BRACES,      /* around what a B source or a parameter computes */
  RULE_NAME,        /* parameters that are a constant to either: e, pi, temp */
  RULE_UNIQUE,      /* subcircuits, models, and elements in one subcircuit */
  RULE_LENGTH,      /* statements of 256 characters a line */
  RULE_COMMENT,     /* `;`: `$` is ngspice's alone */
  RULE_WORDS,       /* no analysis of another simulator's */
  RULES
} dialect_rule;

/* The first rule that a deck breaks, and the number of the line. */
dialect_rule dialect_check(const char *deck, dialect which, size_t *line);

#endif
