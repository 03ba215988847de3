/* wires.c - see wires.h. */
#include "netlists/wires.h"

#include <stdio.h>
#include <stdlib.h>

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

static int have_capacitance(const qn_chip *chip)
{
  return chip->technology.rail_f > 0 || chip->technology.membrane_f > 0;
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

/* ---- what the names mean ----------------------------------------------------------- */

static void add_legend(qn_text *t, const qn_chip *chip)
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

static void add_capacitance_legend(qn_text *t, const qn_chip *chip)
{
  const qn_technology *tech = &chip->technology;

  qn_text_add(t,
              "\n* Capacitance of the crossbar's wires: %s F from crossing to"
              " crossing along a\n"
              "* row, %zu times, and %s F along a column, %zu times; half of a"
              " stretch at either\n"
              "* end of it, what is beyond a wire's last node at that node.\n",
              qn_exact(tech->rail_f).text, chip->units,
              qn_exact(tech->membrane_f).text, qn_chip_rows(chip));
}

/* ---- resistors and capacitors ------------------------------------------------------ */

/* A wire up to its last node so far: segments to there from its end, and how
 * many of them are behind the node before. 0: at the end itself. */
struct wire {
  size_t reached, stretch;
};

struct crossbar {
  const qn_chip *chip;
  struct wire *row;    /* [rows] */
  struct wire column;  /* the one that is written */
  double feed_segs[2]; /* segments of rows that load a rail itself */
};

/* segments whose capacitance stands at the last node, with one more at `next` */
static double load_before(const struct wire *w, size_t next)
{
  return 0.5 * (double)(w->stretch + next - w->reached);
}

/* the same with no other up to the wire's length */
static double load_at_end(const struct wire *w, size_t length)
{
  return 0.5 * (double)w->stretch + (double)(length - w->reached);
}

static void go_on(struct wire *w, size_t next)
{
  *w = (struct wire){next, next - w->reached};
}

static void add_resistor(qn_text *t, node from, node to, double segment_ohm,
                         size_t segments)
{
  qn_text_add(t, "R%s %s %s %s\n", to.name, from.name, to.name,
              qn_exact(segment_ohm * (double)segments).text);
}

static void add_capacitor(qn_text *t, node at, double farad, double v)
{
  if (farad > 0)
    qn_text_add(t, "C%s %s 0 %s IC=%s\n", at.name, at.name,
                qn_exact(farad).text, qn_exact(v).text);
}

/* at a row's last node, where it is not its feed */
static void load_row(qn_text *t, struct crossbar *c, size_t number,
                     double segments)
{
  const qn_chip *chip = c->chip;
  size_t reached = c->row[number].reached;
  qn_crossing at = {number, reached - 1};

  if (reached == 0)
    c->feed_segs[number % 2] += segments;
  else
    add_capacitor(t, on_row(chip, at), segments * chip->technology.rail_f,
                  number % 2 ? chip->rail_minus_v : chip->rail_plus_v);
}

/* at the last node of column j */
static void load_column(qn_text *t, const struct crossbar *c, size_t j,
                        double segments)
{
  const qn_chip *chip = c->chip;
  qn_crossing at = {c->column.reached - 1, j};

  add_capacitor(t, c->column.reached ? on_column(chip, at) : membrane(j),
                segments * chip->technology.membrane_f,
                qn_chip_to_volts(chip, 0));
}

static void cross_row(qn_text *t, struct crossbar *c, qn_crossing at)
{
  struct wire *w = &c->row[at.row];
  qn_crossing before = {at.row, w->reached - 1};

  load_row(t, c, at.row, load_before(w, at.column + 1));
  add_resistor(t, w->reached ? on_row(c->chip, before) : feed(at.row),
               on_row(c->chip, at), c->chip->technology.rail_ohm,
               at.column + 1 - w->reached);
  go_on(w, at.column + 1);
}

static void cross_column(qn_text *t, struct crossbar *c, qn_crossing at)
{
  struct wire *column = &c->column;
  qn_crossing above = {column->reached - 1, at.column};

  load_column(t, c, at.column, load_before(column, at.row + 1));
  add_resistor(
    t, column->reached ? on_column(c->chip, above) : membrane(at.column),
    on_column(c->chip, at), c->chip->technology.membrane_ohm,
    at.row + 1 - column->reached);
  go_on(column, at.row + 1);
}

static void add_crossing(qn_text *t, struct crossbar *c, size_t number)
{
  const qn_technology *tech = &c->chip->technology;
  qn_crossing at = qn_chip_crossing(c->chip, number);

  if (!qn_wires_join(c->chip, number))
    return;
  if (tech->rail_ohm > 0)
    cross_row(t, c, at);
  if (tech->membrane_ohm > 0)
    cross_column(t, c, at);
}

static void add_pair(qn_text *t, struct crossbar *c, qn_place place, size_t i)
{
  add_crossing(t, c, qn_chip_memristor(c->chip, place, i, QN_PLUS));
  add_crossing(t, c, qn_chip_memristor(c->chip, place, i, QN_MINUS));
}

/* branches are ordered by what they come from, as rows are */
static void add_column(qn_text *t, struct crossbar *c, size_t j)
{
  const qn_branches *r = &c->chip->recurrent, *s = &c->chip->sensory;

  c->column = (struct wire){0, 0};
  add_pair(t, c, QN_AT_LEAK, j);
  for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
    add_pair(t, c, QN_AT_SENSORY, i);
  for (size_t i = r->first[j]; i < r->first[j + 1]; i++)
    add_pair(t, c, QN_AT_RECURRENT, i);
  load_column(t, c, j, load_at_end(&c->column, qn_chip_rows(c->chip)));
}

/* what is behind the last nodes of rows, and what loads the rails */
static void add_ends(qn_text *t, struct crossbar *c)
{
  const qn_chip *chip = c->chip;
  double farad = chip->technology.rail_f;

  for (size_t r = 0; r < qn_chip_rows(chip); r++)
    load_row(t, c, r, load_at_end(&c->row[r], chip->units));
  add_capacitor(t, feed(QN_PLUS), c->feed_segs[QN_PLUS] * farad,
                chip->rail_plus_v);
  add_capacitor(t, feed(QN_MINUS), c->feed_segs[QN_MINUS] * farad,
                chip->rail_minus_v);
}

void qn_wires_add(qn_text *t, const qn_chip *chip)
{
  struct crossbar c = {.chip = chip};

  if (qn_wires_exist(chip))
    add_legend(t, chip);
  if (have_capacitance(chip))
    add_capacitance_legend(t, chip);
  c.row = calloc(qn_chip_rows(chip), sizeof *c.row);
  if (!c.row) {
    t->failed = 1;
    return;
  }
  for (size_t j = 0; j < chip->units; j++)
    add_column(t, &c, j);
  add_ends(t, &c);
  free(c.row);
}
