/* spectre.c - the portable text in Spectre's language, statement by statement.
 * It knows the statements that decks are made of, and no others. */
#include <stdlib.h>
#include <string.h>

#include "netlists/dialect.h"

enum { WIDTH = 96 };

/* ---- words ------------------------------------------------------------------------- */

static char *next_word(char **at)
{
  char *word = *at + strspn(*at, " ");
  char *end = word + strcspn(word, " ");

  *at = *end ? end + 1 : end;
  *end = 0;
  return *word ? word : NULL;
}

/* an expression without its braces; v() for V() */
static void add_expression(qn_text *t, const char *s)
{
  for (; *s; s++)
    if (*s == 'V' && s[1] == '(')
      qn_text_add(t, "v");
    else if (*s != '{' && *s != '}')
      qn_text_add_bytes(t, s, 1);
}

/* " name=value", in parentheses what stood in braces */
static void add_parameter(qn_text *t, const char *word)
{
  const char *value = strchr(word, '=') + 1;
  int computed = *value == '{';

  qn_text_add(t, " %.*s%s", (int)(value - word), word, computed ? "(" : "");
  add_expression(t, value);
  qn_text_add(t, "%s", computed ? ")" : "");
}

static void add_parameters(qn_text *t, char *at)
{
  for (char *word; (word = next_word(&at));)
    add_parameter(t, word);
}

/* the nodes up to "PARAMS:" or the end, which moves on behind it; returns the
 * last of them apart where it is a subcircuit's name */
static char *add_nodes(qn_text *t, char **at)
{
  char *last = NULL, *word;

  const char *blank = "";

  qn_text_add(t, " (");
  while ((word = next_word(at)) && strcmp(word, "PARAMS:")) {
    if (last) {
      qn_text_add(t, "%s%s", blank, last);
      blank = " ";
    }
    last = word;
  }
  return last;
}

/* ---- statements --------------------------------------------------------------------- */

static void add_subcircuit(qn_text *t, char *at)
{
  char *name = next_word(&at), *last;

  qn_text_add(t, "subckt %s", name);
  last = add_nodes(t, &at);
  qn_text_add(t, "%s%s)", t->data[t->length - 1] == '(' ? "" : " ", last);
  if (*at) {
    qn_text_add(t, "\nparameters");
    add_parameters(t, at);
  }
}

static void add_instance(qn_text *t, const char *name, char *at)
{
  char *cell;

  qn_text_add(t, "%s", name);
  cell = add_nodes(t, &at);
  qn_text_add(t, ") %s", cell);
  add_parameters(t, at);
}

static void add_source(qn_text *t, char *at)
{
  if (!strncmp(at, "PWL(", 4)) {
    at[strlen(at) - 1] = 0;
    qn_text_add(t, "vsource type=pwl wave=[%s]", at + 4);
  } else {
    qn_text_add(t, "vsource dc=");
    add_expression(t, next_word(&at));
    if (!strncmp(at, "AC ", 3))
      qn_text_add(t, " mag=%s", at + 3);
  }
}

/* B, C, R or V: a name, two nodes, what it is */
static void add_element(qn_text *t, const char *name, char *at)
{
  char *a = next_word(&at), *b = next_word(&at);

  qn_text_add(t, "%s (%s %s) ", name, a, b);
  if (*name == 'V') {
    add_source(t, at);
    return;
  }
  if (*name == 'B') {
    qn_text_add(t, "bsource %s=", *at == 'V' ? "v" : "i");
    add_expression(t, strchr(at, '=') + 1);
    return;
  }
  qn_text_add(t, *name == 'C' ? "capacitor c=" : "resistor r=");
  add_expression(t, next_word(&at));
  if (*at) {
    qn_text_add(t, " ic=");
    add_expression(t, strchr(at, '=') + 1);
  }
}

static void add_include(qn_text *t, char *at)
{
  at[strlen(at) - strlen(".cir\"")] = 0;
  qn_text_add(t, "include %s%s\"", at, qn_dialect_spectre.suffix);
}

static void add_statement(qn_text *t, char *line)
{
  char *word = next_word(&line);

  if (!word)
    return;
  if (!strcmp(word, ".subckt"))
    add_subcircuit(t, line);
  else if (!strcmp(word, ".ends"))
    qn_text_add(t, "ends");
  else if (!strcmp(word, ".include"))
    add_include(t, line);
  else if (*word == 'X')
    add_instance(t, word, line);
  else
    add_element(t, word, line);
}

/* ---- lines -------------------------------------------------------------------------- */

/* one statement on lines of bearable length, broken at blanks */
static void add_folded(qn_text *t, const char *s)
{
  size_t column = 0;

  while (*s) {
    size_t n = strcspn(s, " \n");

    if (column > 0)
      qn_text_add(t, column + n > WIDTH ? "\n+ " : " ");
    column = column + n > WIDTH ? n + 2 : column + n + 1;
    qn_text_add_bytes(t, s, n);
    s += n;
    if (*s == '\n') {
      qn_text_add(t, "\n");
      column = 0;
    }
    s += *s != 0;
  }
}

/* end of the logical line at s, which continuations prolong */
static const char *logical_end(const char *s)
{
  const char *end = s + strcspn(s, "\n");

  while (end[0] == '\n' && end[1] == '+')
    end += 1 + strcspn(end + 1, "\n");
  return end;
}

/* the logical line without its continuations and its comment */
static void join(qn_text *line, const char *s, const char *end)
{
  for (; s < end && *s != ';'; s++)
    if (*s == '\n')
      s++; /* and its sign; a blank follows */
    else
      qn_text_add_bytes(line, s, 1);
  while (line->length && line->data[line->length - 1] == ' ')
    line->data[--line->length] = 0;
}

static void add_line(qn_text *t, const char *s, const char *end)
{
  const char *comment = memchr(s, ';', (size_t)(end - s));
  qn_text line, statement;

  if (*s == '*') {
    qn_text_add(t, "//%.*s\n", (int)(end - s - 1), s + 1);
    return;
  }
  qn_text_init(&line);
  qn_text_init(&statement);
  join(&line, s, end);
  if (comment)
    qn_text_add(t, "//%.*s\n", (int)(end - comment - 1), comment + 1);
  add_statement(&statement, line.data);
  add_folded(t, statement.data);
  qn_text_add(t, "\n");
  t->failed |= line.failed | statement.failed;
  qn_text_release(&line);
  qn_text_release(&statement);
}

void qn_spectre_translate(qn_text *t, const char *portable)
{
  qn_text_add(t, "simulator lang=spectre\n");
  while (*portable) {
    const char *end = logical_end(portable);

    add_line(t, portable, end);
    portable = *end ? end + 1 : end;
  }
}
