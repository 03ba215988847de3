/* check_names.c - see check_names.h. */
#include "netlists/check_names.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <quench/text.h>

/* a part of a name */
struct part {
  const char *text;
  size_t length;
};

/* ---- a name's parts ----------------------------------------------------------------- */

/* without spaces and quotes around it */
static struct part trim(struct part p)
{
  static const char around[] = " \t\"'";

  while (p.length && strchr(around, *p.text)) {
    p.text++;
    p.length--;
  }
  while (p.length && strchr(around, p.text[p.length - 1]))
    p.length--;
  return p;
}

/* "time (s)" without its unit: what stands in parentheses behind a space */
static struct part without_unit(struct part p)
{
  size_t n = p.length;

  if (!n || p.text[n - 1] != ')')
    return p;
  while (n && p.text[n - 1] != '(')
    n--;
  if (n > 2 && p.text[n - 2] == ' ')
    p.length = n - 2;
  return trim(p);
}

/* of "v(node)" the node; empty where it is another function's */
static struct part argument(struct part p)
{
  static const struct part none = {"", 0};
  const char *open = memchr(p.text, '(', p.length);
  size_t n;

  if (!open)
    return p;
  n = (size_t)(open - p.text);
  if (p.text[p.length - 1] != ')' ||
      !((n == 1 && !strncasecmp(p.text, "v", 1)) ||
        (n == 2 && !strncasecmp(p.text, "vt", 2))))
    return none;
  return trim((struct part){open + 1, p.length - n - 2});
}

static int separates(char c)
{
  return c == ':' || c == '.' || c == '/';
}

/* membrane j of node "n<j>" behind any instances, whose number goes to *depth;
 * SIZE_MAX for what is none */
static size_t membrane_of(const char *name, size_t *depth)
{
  struct part p = {name, strlen(name)};
  size_t j = 0, at;

  p = argument(without_unit(trim(p)));
  if (p.length && separates(*p.text))
    p = (struct part){p.text + 1, p.length - 1};
  *depth = 0;
  for (size_t i = at = 0; i < p.length; i++)
    if (separates(p.text[i])) {
      ++*depth;
      at = i + 1;
    }
  if (p.length < at + 2 || p.length > at + 16 ||
      tolower((unsigned char)p.text[at]) != 'n' ||
      (p.text[at + 1] == '0' && p.length > at + 2))
    return SIZE_MAX;
  for (size_t i = at + 1; i < p.length; i++) {
    if (!isdigit((unsigned char)p.text[i]))
      return SIZE_MAX;
    j = 10 * j + (size_t)(p.text[i] - '0');
  }
  return j;
}

/* ---- all names ---------------------------------------------------------------------- */

size_t qn_check_find_time(char *const *name, size_t count)
{
  size_t i = 0;

  for (; i < count; i++) {
    struct part p = without_unit(trim((struct part){name[i], strlen(name[i])}));

    if (p.length == 4 && !strncasecmp(p.text, "time", 4))
      break;
  }
  return i;
}

/* what a person would like to see of the file's names */
static void quote_names(qn_text *t, char *const *name, size_t count)
{
  enum { SHOWN = 6 };

  for (size_t i = 0; i < count && i < SHOWN; i++) {
    qn_text_add(t, "%s", i ? ", " : "");
    if (strlen(name[i]) > 40)
      qn_text_add(t, "%.37s...", name[i]);
    else
      qn_text_add(t, "%s", name[i]);
  }
  if (count > SHOWN)
    qn_text_add(t, " and %zu more", count - SHOWN);
}

static qn_status missing(char *const *name, size_t count, const char *path,
                         size_t units, const size_t *column, qn_diag *diag)
{
  size_t first = 0, others = 0;
  char place[32], more[48] = "";
  qn_text names;

  while (column[first] != SIZE_MAX)
    first++;
  for (size_t j = first + 1; j < units; j++)
    others += column[j] == SIZE_MAX;
  if (others)
    snprintf(more, sizeof more, " and of %zu more membranes", others);
  snprintf(place, sizeof place, "n%zu", first);
  qn_text_init(&names);
  quote_names(&names, name, count);
  qn_diag_set(diag, QN_EPARSE, path, place,
              "no voltage of this node%s in the file, which has %s: save every "
              "membrane, v(n0) to v(n%zu)",
              more, names.data, units - 1);
  qn_text_release(&names);
  return QN_EPARSE;
}

static qn_status ambiguous(const char *a, const char *b, size_t j,
                           const char *path, qn_diag *diag)
{
  char place[32];

  snprintf(place, sizeof place, "n%zu", j);
  return qn_diag_set(diag, QN_EPARSE, path, place,
                     "%.80s and %.80s may both be this membrane: leave one of "
                     "them out",
                     a, b);
}

/* `twin`, of each membrane, is another vector as near as the one chosen */
static qn_status choose(char *const *name, size_t count, const char *path,
                        size_t units, size_t *column, size_t *twin,
                        size_t *nearest, qn_diag *diag)
{
  for (size_t j = 0; j < units; j++)
    column[j] = twin[j] = nearest[j] = SIZE_MAX;
  for (size_t i = 0; i < count; i++) {
    size_t depth, j = membrane_of(name[i], &depth);

    if (j >= units || depth > nearest[j])
      continue;
    twin[j] = depth == nearest[j] && strcasecmp(name[i], name[column[j]])
                ? i
                : SIZE_MAX;
    if (depth < nearest[j])
      column[j] = i;
    nearest[j] = depth;
  }
  for (size_t j = 0; j < units; j++)
    if (column[j] == SIZE_MAX)
      return missing(name, count, path, units, column, diag);
    else if (twin[j] != SIZE_MAX)
      return ambiguous(name[column[j]], name[twin[j]], j, path, diag);
  return QN_OK;
}

qn_status qn_check_find_membranes(char *const *name, size_t count,
                                  const char *path, size_t units,
                                  size_t *column, qn_diag *diag)
{
  size_t *room = calloc(2 * units, sizeof *room);
  qn_status st =
    room ? choose(name, count, path, units, column, room, room + units, diag)
         : qn_diag_out_of_memory(diag);

  free(room);
  return st;
}
