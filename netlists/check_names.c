/* check_names.c - see check_names.h. */
#include "netlists/check_names.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "netlists/memristor_state.h"
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

/* the last of a node's parts, which is taken off the path */
static struct part take_last(struct part *path)
{
  size_t at = path->length;
  struct part last;

  while (at && !separates(path->text[at - 1]))
    at--;
  last = (struct part){path->text + at, path->length - at};
  path->length = at ? at - 1 : 0;
  return last;
}

static size_t parts_of(struct part path)
{
  size_t n = path.length ? 1 : 0;

  for (size_t i = 0; i < path.length; i++)
    n += separates(path.text[i]) ? 1 : 0;
  return n;
}

/* i of "<prefix><i>", or SIZE_MAX */
static size_t number_behind(struct part p, const char *prefix)
{
  enum { MOST_DIGITS = 15 };
  size_t i = 0, at = strlen(prefix);

  if (p.length <= at || p.length > at + MOST_DIGITS ||
      strncasecmp(p.text, prefix, at) ||
      (p.text[at] == '0' && p.length > at + 1))
    return SIZE_MAX;
  for (; at < p.length; at++) {
    if (!isdigit((unsigned char)p.text[at]))
      return SIZE_MAX;
    i = 10 * i + (size_t)(p.text[at] - '0');
  }
  return i;
}

/* ---- nodes -------------------------------------------------------------------------- */

/* What is looked for has a number: membranes', then memristors'. */
static size_t wanted(const qn_chip *chip)
{
  return chip->units + qn_chip_memristors(chip);
}

static int is_wanted(const qn_chip *chip, size_t i)
{
  size_t number = i - chip->units;

  return i < chip->units || qn_memristor_with_state(chip, number) == number;
}

/* memristor of "xr0" on a side, which moves, or SIZE_MAX */
static size_t memristor_of(const qn_chip *chip, struct part cell, qn_side side)
{
  const struct {
    const char *prefix;
    qn_place place;
    size_t count;
  } kinds[] = {{"xl", QN_AT_LEAK, chip->units},
               {"xr", QN_AT_RECURRENT, chip->recurrent.count},
               {"xs", QN_AT_SENSORY, chip->sensory.count}};

  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    size_t i = number_behind(cell, kinds[k].prefix), number;

    if (i >= kinds[k].count)
      continue;
    number = qn_chip_memristor(chip, kinds[k].place, i, side);
    return is_wanted(chip, chip->units + number) ? number : SIZE_MAX;
  }
  return SIZE_MAX;
}

static int is(struct part p, const char *name)
{
  return p.length == strlen(name) && !strncasecmp(p.text, name, p.length);
}

/* of path.x, where a pair's memristors are x1 and x2 in their cell and that of
 * a transconductor the cell itself; takes its parts off the path */
static size_t state_of(const qn_chip *chip, struct part *path)
{
  struct part cell = take_last(path);
  int second = is(cell, "x2"), alone = !second && !is(cell, "x1");
  size_t number;

  if (!alone)
    cell = take_last(path);
  number = memristor_of(chip, cell, second ? QN_MINUS : QN_PLUS);
  return number < SIZE_MAX && alone == qn_memristor_is_alone(chip, number)
           ? number
           : SIZE_MAX;
}

/* what of the chip this name is, behind *depth instances, or SIZE_MAX */
static size_t node_of(const qn_chip *chip, const char *name, size_t *depth)
{
  struct part path =
    argument(without_unit(trim((struct part){name, strlen(name)})));
  struct part last;
  size_t i;

  if (path.length && separates(*path.text))
    path = (struct part){path.text + 1, path.length - 1};
  last = take_last(&path);
  if (is(last, "x")) {
    i = state_of(chip, &path);
    i = i < SIZE_MAX ? chip->units + i : i;
  } else {
    i = number_behind(last, "n");
    i = i < chip->units ? i : SIZE_MAX;
  }
  *depth = parts_of(path);
  return i;
}

/* its name in the deck */
static qn_state_node name_of(const qn_chip *chip, size_t i)
{
  qn_state_node node;

  if (i >= chip->units)
    return qn_netlist_state_node(chip, i - chip->units);
  snprintf(node.name, sizeof node.name, "n%zu", i);
  return node;
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

/* node `first` is not there, nor others before `end` */
static qn_status missing(const size_t *column, char *const *name, size_t count,
                         const char *path, const qn_chip *chip, size_t first,
                         size_t end, qn_diag *diag)
{
  const char *kind = first < chip->units ? "membrane" : "state";
  size_t others = 0;
  char more[64] = "";
  qn_text names;

  for (size_t i = first + 1; i < end; i++)
    others += column[i] == SIZE_MAX && is_wanted(chip, i);
  if (others)
    snprintf(more, sizeof more, " and of %zu more %ss", others, kind);
  qn_text_init(&names);
  quote_names(&names, name, count);
  qn_diag_set(diag, QN_EPARSE, path, name_of(chip, first).name,
              "no voltage of this node%s in the file, which has %s: save every "
              "membrane, v(n0) to v(n%zu)%s",
              more, names.data, chip->units - 1,
              first < chip->units ? "" : ", and every memristor's x or none");
  qn_text_release(&names);
  return QN_EPARSE;
}

static qn_status ambiguous(const char *a, const char *b, const char *node,
                           const char *path, qn_diag *diag)
{
  return qn_diag_set(diag, QN_EPARSE, path, node,
                     "%.80s and %.80s may both be this node: leave one of "
                     "them out",
                     a, b);
}

/* `twin`, of each node, is another vector as near as the one chosen */
struct choice {
  size_t *column, *twin, *nearest; /* [wanted] */
};

static void choose(const struct choice *c, char *const *name, size_t count,
                   const qn_chip *chip)
{
  for (size_t i = 0; i < wanted(chip); i++)
    c->column[i] = c->twin[i] = c->nearest[i] = SIZE_MAX;
  for (size_t v = 0; v < count; v++) {
    size_t depth, i = node_of(chip, name[v], &depth);

    if (i == SIZE_MAX || depth > c->nearest[i])
      continue;
    c->twin[i] =
      depth == c->nearest[i] && strcasecmp(name[v], name[c->column[i]])
        ? v
        : SIZE_MAX;
    if (depth < c->nearest[i])
      c->column[i] = v;
    c->nearest[i] = depth;
  }
}

/* of nodes [first, end): all of them are there, once */
static qn_status check_choice(const struct choice *c, char *const *name,
                              size_t count, const char *path,
                              const qn_chip *chip, size_t first, size_t end,
                              qn_diag *diag)
{
  for (size_t i = first; i < end; i++)
    if (!is_wanted(chip, i))
      continue;
    else if (c->column[i] == SIZE_MAX)
      return missing(c->column, name, count, path, chip, i, end, diag);
    else if (c->twin[i] != SIZE_MAX)
      return ambiguous(name[c->column[i]], name[c->twin[i]],
                       name_of(chip, i).name, path, diag);
  return QN_OK;
}

/* columns of nodes from `first` on, side by side behind `at` of them */
static size_t gather(size_t *column, size_t at, size_t first, size_t end)
{
  size_t from = at;

  for (size_t i = first; i < end; i++)
    if (column[i] != SIZE_MAX)
      column[at++] = column[i];
  return at - from;
}

qn_status qn_check_find(qn_check_places *places, char *const *name,
                        size_t count, const char *path, const qn_chip *chip,
                        qn_diag *diag)
{
  size_t units = chip->units, all = wanted(chip);
  size_t *room = calloc(3 * all, sizeof *room);
  const struct choice c = {room, room + all, room + 2 * all};
  size_t states = 0;
  qn_status st;

  *places = (qn_check_places){.units = units, .column = room};
  if (!room)
    return qn_diag_out_of_memory(diag);
  choose(&c, name, count, chip);
  st = check_choice(&c, name, count, path, chip, 0, units, diag);
  for (size_t i = units; i < all; i++)
    states += c.column[i] != SIZE_MAX;
  if (!st && states)
    st = check_choice(&c, name, count, path, chip, units, all, diag);
  places->states = gather(c.column, units, units, all);
  return st;
}
