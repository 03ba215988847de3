/* draw_crossbar.c - the middle of the floor plan: wires and cells. */
#include <math.h>
#include <stdio.h>

#include "netlists/draw/draw_plan.h"
#include "netlists/draw/draw_svg.h"

/* ---- colours ------------------------------------------------------------------------ */

/* from light to dark: red for the upper rail, blue for the lower */
static const unsigned char ramp[2][4][3] = {
  {{253, 225, 205}, {246, 150, 110}, {205, 60, 35}, {96, 8, 12}},
  {{219, 232, 247}, {133, 182, 224}, {44, 104, 176}, {6, 32, 88}},
};

qn_colour qn_draw_colour(qn_side side, double g, double low, double high)
{
  double at = 3 * log(g / low) / log(high / low);
  qn_colour colour;
  unsigned rgb[3];
  int k;

  at = at > 0 ? fmin(at, 3) : 0;
  k = at < 2 ? (int)at : 2;
  for (int c = 0; c < 3; c++) {
    double a = ramp[side][k][c], b = ramp[side][k + 1][c];

    rgb[c] = (unsigned)lround(a + (at - k) * (b - a));
  }
  snprintf(colour.text, sizeof colour.text, "#%02x%02x%02x", rgb[0] & 255,
           rgb[1] & 255, rgb[2] & 255);
  return colour;
}

/* ---- cells -------------------------------------------------------------------------- */

/* one cell's middle and size */
struct cell {
  double x, y, size;
};

static double cell_size(const qn_plan *p)
{
  return p->pitch - fmax(1.5, 0.16 * p->pitch);
}

static const qn_branch *branch(const qn_plan *p, qn_place place, size_t i)
{
  return place == QN_AT_SENSORY ? &p->chip->sensory.at[i]
                                : &p->chip->recurrent.at[i];
}

/* a half: `from` is the part of the cell that its gate takes at the left */
static void add_memristor(qn_text *t, const qn_plan *p, const struct cell *c,
                          qn_side side, double g, double from)
{
  double half = c->size / 2;

  if (!(g > 0))
    return;
  qn_text_add(t,
              "<rect class=\"%s\" x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" "
              "height=\"%.6g\" style=\"fill:%s\"/>",
              side == QN_PLUS ? "mp" : "mm", c->x - half + from * c->size,
              side == QN_PLUS ? c->y - half : c->y, (1 - from) * c->size, half,
              qn_draw_colour(side, g, p->low_s, p->high_s).text);
}

/* the one memristor of a transconductor, coloured by where it pulls to */
static void add_single(qn_text *t, const qn_plan *p, const struct cell *c,
                       const qn_branch *b, double from)
{
  int up = b->reversal_v >= p->chip->common_mode_v;

  if (!(b->plus_s > 0))
    return;
  qn_text_add(
    t,
    "<rect class=\"mp\" x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" "
    "height=\"%.6g\" style=\"fill:%s\"/>",
    c->x - c->size / 2 + from * c->size, c->y - c->size / 2,
    (1 - from) * c->size, c->size,
    qn_draw_colour(up ? QN_PLUS : QN_MINUS, b->plus_s, p->low_s, p->high_s)
      .text);
}

/* the gate at the left: a stroke that rises or falls as its logistic does */
static void add_gate(qn_text *t, const struct cell *c, double gain, double part)
{
  double half = c->size / 2, w = part * c->size, inset = 0.16 * w;
  double low = c->y + half - 0.22 * c->size,
         high = c->y - half + 0.22 * c->size;
  int falls = gain < 0;

  qn_text_add(t,
              "<rect class=\"%s\" x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" "
              "height=\"%.6g\"/><path class=\"%s\" d=\"M%.6g %.6gL%.6g "
              "%.6g\"/>",
              falls ? "gf" : "gr", c->x - half, c->y - half, w, c->size,
              falls ? "lf" : "lr", c->x - half + inset, falls ? high : low,
              c->x - half + w - inset, falls ? low : high);
}

static void add_border(qn_text *t, const struct cell *c)
{
  qn_text_add(t,
              "<rect class=\"cb\" x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" "
              "height=\"%.6g\"/></g>\n",
              c->x - c->size / 2, c->y - c->size / 2, c->size, c->size);
}

static void open_cell(qn_text *t, const struct cell *c)
{
  qn_text_add(t,
              "<g><rect class=\"ca\" x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" "
              "height=\"%.6g\"/><title>",
              c->x - c->size / 2, c->y - c->size / 2, c->size, c->size);
}

/* ---- what a cell says --------------------------------------------------------------- */

static void say_pair(qn_text *t, double plus, double minus)
{
  if (plus > 0)
    qn_text_add(t, "%s to the upper rail", qn_svg_si(plus, "S").text);
  if (minus > 0)
    qn_text_add(t, "%s%s to the lower rail", plus > 0 ? ", " : "",
                qn_svg_si(minus, "S").text);
}

static void say_gate(qn_text *t, const qn_plan *p, const qn_gate *g)
{
  qn_text_add(t, "; gain %.4g, half open at %s (%.4g units)", g->gain,
              qn_svg_si(g->threshold_v, "V").text,
              qn_chip_to_model(p->chip, g->threshold_v));
}

static void say_synapse(qn_text *t, const qn_plan *p, qn_place place,
                        const qn_branch *b)
{
  if (place == QN_AT_SENSORY)
    qn_svg_escape(t, p->chip->input_names[b->pre], 0);
  else
    qn_text_add(t, "n%zu", b->pre);
  qn_text_add(t, " \342\206\222 n%zu: ", b->post);
  if (p->chip->technology.cell == QN_CELL_TRANSCONDUCTOR)
    qn_text_add(t, "%s to %s", qn_svg_si(b->plus_s, "S").text,
                qn_svg_si(b->reversal_v, "V").text);
  else
    say_pair(t, b->plus_s, b->minus_s);
  say_gate(t, p, &b->gate);
  if (p->chip->technology.cell == QN_CELL_STEERED)
    say_gate(t, p, &b->minus_gate);
}

/* ---- one cell ----------------------------------------------------------------------- */

static const double gate_part = 0.3;

void qn_plan_add_synapse(qn_text *t, const qn_plan *p, qn_place place, size_t i,
                         double x, double y)
{
  const qn_branch *b = branch(p, place, i);
  struct cell c = {x, y, cell_size(p)};

  open_cell(t, &c);
  say_synapse(t, p, place, b);
  qn_text_add(t, "</title>");
  if (p->chip->technology.cell == QN_CELL_TRANSCONDUCTOR) {
    add_single(t, p, &c, b, gate_part);
  } else {
    add_memristor(t, p, &c, QN_PLUS, b->plus_s, gate_part);
    add_memristor(t, p, &c, QN_MINUS, b->minus_s, gate_part);
  }
  add_gate(t, &c, b->gate.gain, gate_part);
  add_border(t, &c);
}

void qn_plan_add_leak(qn_text *t, const qn_plan *p, size_t j, double x,
                      double y)
{
  double plus = p->chip->leak_plus_s[j], minus = p->chip->leak_minus_s[j];
  struct cell c = {x, y, cell_size(p)};

  if (!(plus + minus > 0))
    return;
  open_cell(t, &c);
  qn_text_add(t, "leak of n%zu: ", j);
  say_pair(t, plus, minus);
  qn_text_add(t, "</title>");
  add_memristor(t, p, &c, QN_PLUS, plus, 0);
  add_memristor(t, p, &c, QN_MINUS, minus, 0);
  add_border(t, &c);
}

/* ---- wires -------------------------------------------------------------------------- */

/* columns that the cells of a row span, by their middles */
struct span {
  double left, right;
  int any;
};

static void widen(struct span *s, double x)
{
  s->left = s->any ? fmin(s->left, x) : x;
  s->right = s->any ? fmax(s->right, x) : x;
  s->any = 1;
}

static struct span span_of(const qn_plan *p, qn_place place, size_t pre)
{
  const qn_branches *all =
    place == QN_AT_SENSORY ? &p->chip->sensory : &p->chip->recurrent;
  struct span s = {0};

  for (size_t i = 0; place != QN_AT_LEAK && i < all->count; i++)
    if (all->at[i].pre == pre)
      widen(&s, qn_plan_column_x(p, all->at[i].post));
  for (size_t j = 0; place == QN_AT_LEAK && j < p->chip->units; j++)
    if (p->chip->leak_plus_s[j] + p->chip->leak_minus_s[j] > 0)
      widen(&s, qn_plan_column_x(p, j));
  return s;
}

/* from its first memristor to the rails at the right */
static void add_rail_wires(qn_text *t, const qn_plan *p, const struct span *s,
                           double y)
{
  double quarter = cell_size(p) / 4, right = p->x + fmax(p->width, 160);

  if (!s->any)
    return;
  qn_svg_path(t, "p v", "M%.6g %.6gH%.6g", s->left, y - quarter, right + 26);
  qn_svg_path(t, "m v", "M%.6g %.6gH%.6g", s->left, y + quarter, right + 52);
  qn_text_add(t,
              "<circle class=\"dp\" cx=\"%.6g\" cy=\"%.6g\" r=\"2\"/><circle "
              "class=\"dm\" cx=\"%.6g\" cy=\"%.6g\" r=\"2\"/>\n",
              right + 26, y - quarter, right + 52, y + quarter);
}

/* what opens the gates: from a driver at the left, or from the membrane where
 * row and column of a neuron meet */
static void add_gate_wire(qn_text *t, const qn_plan *p, qn_place place,
                          size_t pre, struct span s, double y)
{
  double start = p->x - 8;

  if (!s.any || place == QN_AT_LEAK)
    return;
  if (place == QN_AT_RECURRENT)
    start = qn_plan_column_x(p, pre);
  widen(&s, start);
  qn_svg_path(t, "gw", "M%.6g %.6gH%.6g", s.left, y, s.right);
}

static void add_row(qn_text *t, const qn_plan *p, qn_place place, size_t pre)
{
  struct span s = span_of(p, place, pre);
  double y = qn_plan_row_y(p, qn_plan_row_of(p, place, pre));

  if (p->chip->technology.cell != QN_CELL_TRANSCONDUCTOR || place == QN_AT_LEAK)
    add_rail_wires(t, p, &s, y);
  add_gate_wire(t, p, place, pre, s, y);
}

static void add_wires(qn_text *t, const qn_plan *p)
{
  for (size_t j = 0; j < p->chip->units; j++)
    qn_svg_path(t, "mw", "M%.6g %.6gV%.6g", qn_plan_column_x(p, j), p->y,
                p->y + p->height + 24);
  add_row(t, p, QN_AT_LEAK, 0);
  for (size_t k = 0; k < p->chip->inputs; k++)
    add_row(t, p, QN_AT_SENSORY, k);
  for (size_t n = 0; n < p->chip->units; n++)
    add_row(t, p, QN_AT_RECURRENT, p->order[n]);
}

/* a membrane drives the row of its neuron where they cross */
static void add_taps(qn_text *t, const qn_plan *p)
{
  double half = cell_size(p) / 2, r = fmax(1.6, fmin(3, 0.1 * p->pitch));

  for (size_t j = 0; j < p->chip->units; j++) {
    double y = qn_plan_row_y(p, qn_plan_row_of(p, QN_AT_RECURRENT, j));
    int own = 0;

    if (!span_of(p, QN_AT_RECURRENT, j).any)
      continue;
    for (size_t i = p->chip->recurrent.first[j];
         i < p->chip->recurrent.first[j + 1]; i++)
      own |= p->chip->recurrent.at[i].pre == j;
    /* beside the cell of a neuron's synapse onto itself */
    qn_svg_dot(t, qn_plan_column_x(p, j), own ? y + half : y, r);
  }
}

/* ---- the whole ---------------------------------------------------------------------- */

static void add_branches(qn_text *t, const qn_plan *p, qn_place place,
                         const qn_branches *all)
{
  for (size_t i = 0; i < all->count; i++)
    qn_plan_add_synapse(
      t, p, place, i, qn_plan_column_x(p, all->at[i].post),
      qn_plan_row_y(p, qn_plan_row_of(p, place, all->at[i].pre)));
}

void qn_plan_add_crossbar(qn_text *t, const qn_plan *p)
{
  qn_svg_rect(t, "field", p->x, p->y, p->width, p->height);
  add_wires(t, p);
  for (size_t j = 0; j < p->chip->units; j++)
    qn_plan_add_leak(t, p, j, qn_plan_column_x(p, j), qn_plan_row_y(p, 0));
  add_branches(t, p, QN_AT_SENSORY, &p->chip->sensory);
  add_branches(t, p, QN_AT_RECURRENT, &p->chip->recurrent);
  add_taps(t, p);
}
