/* dialect_check.c - see dialect_check.h. */
#include "tests/netlists/dialect_check.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WIDTH = 256, NAMES = 20000, LONG = 100000 };

/* a deck under way */
struct check {
  dialect dialect;
  char *name[NAMES]; /* what is taken: "subckt qn_leak", "qn_leak/x1" */
  size_t names;
  char *function[16]; /* by .func */
  size_t functions;
  char scope[64];
  int in_control;
};

static int in_name(char c)
{
  return isalnum((unsigned char)c) || c == '_';
}

static int is_one_of(const char *word, size_t n, const char *const *list)
{
  for (; *list; list++)
    if (strlen(*list) == n && !strncasecmp(word, *list, n))
      return 1;
  return 0;
}

/* ---- expressions ------------------------------------------------------------------- */

static const char *const both_have[] = {
  "v",    "i",     "exp",  "ln",  "log10", "sinh", "cosh", "tanh",
  "atan", "atanh", "sqrt", "abs", "min",   "max",  "pow",  NULL};

static dialect_rule check_call(const struct check *c, const char *name,
                               size_t n, int conditional)
{
  if (is_one_of(name, n, both_have))
    return RULE_NONE;
  if (n == 3 && !strncasecmp(name, "log", 3))
    return RULE_LOG;
  for (size_t i = 0; i < c->functions; i++)
    if (strlen(c->function[i]) == n && !strncasecmp(name, c->function[i], n))
      return conditional ? RULE_CONDITIONAL : RULE_NONE;
  return RULE_FUNCTION;
}

/* the number at s; *end is behind it */
static dialect_rule check_number(const char *s, const char **end)
{
  char *behind;

  strtod(s, &behind);
  *end = behind;
  return in_name(*behind) ? RULE_SUFFIX : RULE_NONE;
}

static dialect_rule check_expression(const struct check *c, const char *s)
{
  int conditional = strchr(s, '?') != NULL;
  dialect_rule rule = RULE_NONE;

  while (*s && !rule) {
    size_t n = 0;

    while (in_name(s[n]))
      n++;
    if (isdigit((unsigned char)*s)) {
      rule = check_number(s, &s);
    } else if (n) {
      rule = s[n] == '(' ? check_call(c, s, n, conditional) : RULE_NONE;
      s += n;
    } else {
      rule = *s == '^' ? RULE_POWER : *s == '$' ? RULE_COMMENT : RULE_NONE;
      s++;
    }
  }
  return rule;
}

/* ---- values -------------------------------------------------------------------------- */

static int is_braced(const char *s)
{
  size_t n = strlen(s);

  return *s == '{' && s[n - 1] == '}' && strchr(s, '}') == s + n - 1;
}

/* a number, or an expression in braces */
static dialect_rule check_value(const struct check *c, const char *value)
{
  const char *end;
  dialect_rule rule;

  if (is_braced(value))
    return check_expression(c, value);
  if (!isdigit((unsigned char)value[*value == '-']))
    return RULE_BRACES;
  rule = check_number(value, &end);
  return rule ? rule : *end ? RULE_BRACES : RULE_NONE;
}

/* "name=value" of an instance or a subcircuit */
static dialect_rule check_parameter(const struct check *c, const char *word)
{
  static const char *const taken[] = {"e",    "pi",   "temp",  "temper", "vt",
                                      "gmin", "time", "hertz", "freq",   NULL};
  const char *value = strchr(word, '=');

  if (!value)
    return RULE_NONE;
  if (is_one_of(word, (size_t)(value - word), taken))
    return RULE_NAME;
  return check_value(c, value + 1);
}

static dialect_rule check_words(const struct check *c, char *s)
{
  dialect_rule rule = RULE_NONE;

  for (char *word = strtok(s, " "); word && !rule; word = strtok(NULL, " "))
    rule = check_parameter(c, word);
  return rule;
}

/* ---- names -------------------------------------------------------------------------- */

/* once in its scope */
static dialect_rule take_name(struct check *c, const char *scope,
                              const char *name)
{
  char whole[600];

  snprintf(whole, sizeof whole, "%s/%.*s", scope, (int)strcspn(name, " "),
           name);
  for (size_t i = 0; i < c->names; i++)
    if (!strcasecmp(c->name[i], whole))
      return RULE_UNIQUE;
  cr_assert(c->names < NAMES);
  c->name[c->names++] = strdup(whole);
  return RULE_NONE;
}

/* ---- statements --------------------------------------------------------------------- */

static int begins(const char *s, const char *word)
{
  return !strncasecmp(s, word, strlen(word));
}

/* what is a simulator's own */
static dialect_rule check_foreign(struct check *c, const char *s)
{
  static const char *const ngspice[] = {".control", ".save"};
  static const char *const xyce[] = {".print tran format=", ".options timeint"};
  const char *const *other = c->dialect == DIALECT_XYCE ? ngspice : xyce;

  for (int i = 0; i < 2; i++)
    if (begins(s, other[i]))
      return RULE_WORDS;
  return RULE_NONE;
}

static dialect_rule check_subcircuit(struct check *c, char *s)
{
  dialect_rule rule = take_name(c, "subckt", s + 8);
  char *parameters = strstr(s, "PARAMS:");

  snprintf(c->scope, sizeof c->scope, "%.*s", (int)strcspn(s + 8, " "), s + 8);
  return rule || !parameters ? rule : check_words(c, parameters);
}

static dialect_rule check_dotted(struct check *c, char *s)
{
  if (begins(s, ".subckt "))
    return check_subcircuit(c, s);
  if (begins(s, ".model "))
    return take_name(c, "model", s + 7);
  if (begins(s, ".func ")) {
    s[6 + strcspn(s + 6, "(")] = 0;
    c->function[c->functions++] = strdup(s + 6);
    return RULE_NONE;
  }
  if (begins(s, ".ends"))
    c->scope[0] = 0;
  c->in_control |= begins(s, ".control");
  return check_foreign(c, s);
}

/* name, two nodes, value */
static dialect_rule check_element(struct check *c, char *s)
{
  char *value = s;

  for (int i = 0; i < 3; i++)
    value += strcspn(value, " "), value += strspn(value, " ");
  if (tolower((unsigned char)*s) == 'b')
    return (begins(value, "I=") || begins(value, "V=")) && is_braced(value + 2)
             ? check_expression(c, value + 2)
             : RULE_BRACES;
  if (tolower((unsigned char)*s) == 'x')
    return check_words(c, value);
  if (begins(value, "PWL("))
    return check_expression(c, value + 4);
  value[strcspn(value, " ")] = 0;
  return check_value(c, value);
}

static dialect_rule check_statement(struct check *c, char *s)
{
  dialect_rule rule;

  if (begins(s, ".endc"))
    c->in_control = 0;
  if (!*s || c->in_control)
    return RULE_NONE;
  if (*s == '.')
    return check_dotted(c, s);
  rule = take_name(c, c->scope, s);
  return rule ? rule : check_element(c, s);
}

/* ---- lines -------------------------------------------------------------------------- */

/* into `statement` the logical line at s, without comment; returns what follows
 * and counts lines; *longest: of its lines */
static const char *join(char *statement, const char *s, size_t *lines,
                        size_t *longest)
{
  size_t length = 0;

  *longest = 0;
  do {
    size_t n = strcspn(s, "\n"), part = strcspn(s, ";\n");

    if (*lines && *s == '+')
      s++, n--, part--;
    cr_assert(length + part + 2 < LONG);
    memcpy(statement + length, s, part);
    length += part;
    *longest = part > *longest ? part : *longest;
    s += n + (s[n] == '\n');
    ++*lines;
  } while (*s == '+');
  while (length && statement[length - 1] == ' ')
    length--;
  statement[length] = 0;
  return s;
}

static int may_be_long(const char *s)
{
  return begins(s, ".save") || begins(s, ".print");
}

static dialect_rule check_lines(struct check *c, const char *deck, size_t *line,
                                char *statement)
{
  dialect_rule rule = *deck == '*' ? RULE_NONE : RULE_TITLE;

  *line = 1;
  while (*deck && !rule) {
    size_t lines = 0, longest;
    const char *next = join(statement, deck, &lines, &longest);

    if (*deck != '*') {
      if (longest > WIDTH && !c->in_control && !may_be_long(statement))
        return RULE_LENGTH;
      rule = check_statement(c, statement);
    }
    deck = next;
    *line += rule ? 0 : lines;
  }
  return rule;
}

dialect_rule dialect_check(const char *deck, dialect which, size_t *line)
{
  struct check *c = calloc(1, sizeof *c);
  char *statement = malloc(LONG);
  dialect_rule rule;

  cr_assert(c && statement);
  c->dialect = which;
  rule = check_lines(c, deck, line, statement);
  while (c->names > 0)
    free(c->name[--c->names]);
  while (c->functions > 0)
    free(c->function[--c->functions]);
  free(statement);
  free(c);
  return rule;
}
