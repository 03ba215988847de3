/* wires.c - see wires.h. */
#include "netlists/wires.h"

#include <stdio.h>

#include "netlists/expression.h"

typedef struct row {
  char name[32];
} row;

typedef struct node {
  char name[64];
} node;

int qn_wires_exist(const qn_chip *chip)
{
  return chip->technology.rail_ohm > 0 || chip->technology.membrane_ohm > 0;
}

int qn_wires_join(const qn_chip *chip, size_t number)
{
  int leak = qn_chip_memristor_at(chip, number).place == QN_AT_LEAK;

  return (leak || chip->technology.cell != QN_CELL_TRANSCONDUCTOR) &&
         qn_chip_conductance_of(chip, number) > 0;
}

/* ---- names ------------------------------------------------------------------------ */

static row row_name(const qn_chip *chip, size_t number)
{
  char side = number % 2 ? 'm' : 'p';
  size_t line = number / 2;
  row n;

  if (line == 0)
    snprintf(n.name, sizeof n.name, "%c_l", side);
  else if (line <= chip->inputs)
    snprintf(n.name, sizeof n.name, "%c_x%zu", side, line - 1);
  else
    snprintf(n.name, sizeof n.name, "%c_n%zu", side, line - 1 - chip->inputs);
  return n;
}

/* the end of a row where it is fed */
static node feed(size_t number)
{
  return number % 2 ? (node){"minus"} : (node){"plus"};
}

static node membrane(size_t column)
{
  node n;

  snprintf(n.name, sizeof n.name, "n%zu", column);
  return n;
}

static node on_row(const qn_chip *chip, qn_crossing at)
{
  node n;

  if (!(chip->technology.rail_ohm > 0))
    return feed(at.row);
  snprintf(n.name, sizeof n.name, "%s_n%zu", row_name(chip, at.row).name,
           at.column);
  return n;
}

static node on_column(const qn_chip *chip, qn_crossing at)
{
  node n;

  if (!(chip->technology.membrane_ohm > 0))
    return membrane(at.column);
  snprintf(n.name, sizeof n.name, "n%zu_%s", at.column,
           row_name(chip, at.row).name);
  return n;
}

/* ---- nodes of a pair --------------------------------------------------------------- */

void qn_wires_add_nodes(qn_text *t, const qn_chip *chip, qn_place place,
                        size_t i)
{
  node column[2], rail[2];

  for (qn_side side = QN_PLUS; side <= QN_MINUS; side++) {
    size_t number = qn_chip_memristor(chip, place, i, side);
    qn_crossing at = qn_chip_crossing(chip, number);
    int joins = qn_wires_join(chip, number);

    column[side] = joins ? on_column(chip, at) : membrane(at.column);
    rail[side] = joins ? on_row(chip, at) : feed(at.row);
  }
  if (qn_wires_exist(chip))
    qn_text_add(t, "%s ", column[QN_PLUS].name);
  qn_text_add(t, "%s %s %s", column[QN_MINUS].name, rail[QN_PLUS].name,
              rail[QN_MINUS].name);
}

/* ---- resistors --------------------------------------------------------------------- */

void qn_wires_add_legend(qn_text *t, const qn_chip *chip)
{
  const qn_technology *tech = &chip->technology;

  qn_text_add(t,
              "\n* Wires of the crossbar: %s ohm from crossing to crossing"
              " along a row, which\n"
              "* its rail feeds before n0, and %s ohm along a column, whose"
              " membrane stands\n"
              "* before the first row. Rows are p_l and m_l (the leaks' upper"
              " and lower rail),\n"
              "* those of each input (p_x0, m_x0, ..) and of each neuron"
              " (p_n0, m_n0, ..).\n"
              "* Where a memristor joins row p_x0 to the column of n1,"
              " p_x0_n1 is on the row\n"
              "* and n1_p_x0 on the column.\n",
              qn_exact(tech->rail_ohm).text, qn_exact(tech->membrane_ohm).text);
}

static void add_resistor(qn_text *t, node from, node to, double segment_ohm,
                         size_t segments)
{
  qn_text_add(t, "R%s %s %s %s\n", to.name, from.name, to.name,
              qn_exact(segment_ohm * (double)segments).text);
}

/* the rows that a column's memristors stand in, upwards */
struct column {
  const qn_chip *chip;
  size_t *last; /* [rows] */
  size_t above; /* the row before this one, + 1 */
};

static void add_crossing(qn_text *t, struct column *c, size_t number)
{
  const qn_technology *tech = &c->chip->technology;
  qn_crossing at = qn_chip_crossing(c->chip, number);
  size_t *left = &c->last[at.row];
  qn_crossing before = {at.row, *left - 1}, above = {c->above - 1, at.column};

  if (!qn_wires_join(c->chip, number))
    return;
  if (tech->rail_ohm > 0)
    add_resistor(t, *left ? on_row(c->chip, before) : feed(at.row),
                 on_row(c->chip, at), tech->rail_ohm, at.column + 1 - *left);
  if (tech->membrane_ohm > 0)
    add_resistor(t, c->above ? on_column(c->chip, above) : membrane(at.column),
                 on_column(c->chip, at), tech->membrane_ohm,
                 at.row + 1 - c->above);
  *left = at.column + 1;
  c->above = at.row + 1;
}

static void add_pair(qn_text *t, struct column *c, qn_place place, size_t i)
{
  add_crossing(t, c, qn_chip_memristor(c->chip, place, i, QN_PLUS));
  add_crossing(t, c, qn_chip_memristor(c->chip, place, i, QN_MINUS));
}

/* branches are ordered by what they come from, as rows are */
void qn_wires_add_column(qn_text *t, const qn_chip *chip, size_t j,
                         size_t *last)
{
  const qn_branches *r = &chip->recurrent, *s = &chip->sensory;
  struct column c = {chip, last, 0};

  add_pair(t, &c, QN_AT_LEAK, j);
  for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
    add_pair(t, &c, QN_AT_SENSORY, i);
  for (size_t i = r->first[j]; i < r->first[j + 1]; i++)
    add_pair(t, &c, QN_AT_RECURRENT, i);
}
