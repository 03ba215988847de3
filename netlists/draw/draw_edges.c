/* draw_edges.c - what stands around the crossbar of the floor plan. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "netlists/draw/draw_plan.h"
#include "netlists/draw/draw_svg.h"

static const char *label_class(const qn_plan *p)
{
  return p->pitch >= 14 ? "s" : "xs";
}

/* where a label's middle line is, below its row's */
static double drop(const qn_plan *p)
{
  return p->pitch >= 14 ? 3.6 : 2.7;
}

static size_t layer_at(const qn_plan *p, size_t column)
{
  return p->net ? p->net->layer[p->order[column]] : 0;
}

/* the last column of the layer that begins at `column` */
static size_t last_of_layer(const qn_plan *p, size_t column)
{
  size_t last = column;

  while (last + 1 < p->chip->units &&
         layer_at(p, last + 1) == layer_at(p, column))
    last++;
  return last;
}

/* ---- columns ------------------------------------------------------------------------ */

/* what a name fits of this many pixels: bold, smaller, smaller still */
static const char *fitting(const char *name, double room)
{
  double n = (double)strlen(name);

  return 8.6 * n <= room ? "b" : 6.7 * n <= room ? "s b" : "xs b";
}

static const char *head_text(const qn_plan *p, size_t column, char text[48])
{
  return p->layers > 1 ? qn_plan_layer_text(p, layer_at(p, column), text)
                       : "neurons";
}

static void add_layer_heads(qn_text *t, const qn_plan *p)
{
  char text[48];

  for (size_t a = 0, b; a < p->chip->units; a = b + 1) {
    double left = p->x + p->pitch * (double)a + 2, right;
    const char *name = head_text(p, a, text);

    b = last_of_layer(p, a);
    right = p->x + p->pitch * (double)(b + 1) - 2;
    qn_svg_path(t, "x", "M%.6g %.6gv-6H%.6gv6", left, p->y - 36, right);
    qn_svg_text(t, fitting(name, right - left), (left + right) / 2, p->y - 48,
                QN_MIDDLE, "%s", name);
  }
}

static void add_column_names(qn_text *t, const qn_plan *p)
{
  char name[24];

  for (size_t j = 0; j < p->chip->units; j++) {
    snprintf(name, sizeof name, "n%zu", j);
    qn_svg_name(t, label_class(p), qn_plan_column_x(p, j) + drop(p), p->y - 6,
                QN_START, -90, name, 0);
  }
}

/* lines between layers, and between the kinds of rows */
static void add_separators(qn_text *t, const qn_plan *p)
{
  double first = p->y + p->pitch * (double)(1 + p->chip->inputs);

  qn_svg_line(t, "sep", p->x, p->y + p->pitch, p->x + p->width,
              p->y + p->pitch);
  qn_svg_line(t, "sep", p->x, first, p->x + p->width, first);
  for (size_t a = 0, b; a < p->chip->units; a = b + 1) {
    double x, y;

    b = last_of_layer(p, a);
    x = p->x + p->pitch * (double)(b + 1);
    y = first + p->pitch * (double)(b + 1);
    if (b + 1 == p->chip->units)
      break;
    qn_svg_line(t, "sep", x, p->y, x, p->y + p->height);
    qn_svg_line(t, "sep", p->x, y, p->x + p->width, y);
  }
}

/* ---- rows --------------------------------------------------------------------------- */

static void add_inputs(qn_text *t, const qn_plan *p)
{
  double size = fmin(9, 0.36 * p->pitch);

  for (size_t k = 0; k < p->chip->inputs; k++) {
    double y = qn_plan_row_y(p, qn_plan_row_of(p, QN_AT_SENSORY, k));

    qn_svg_path(t, "tri", "M%.6g %.6gv%.6gl%.6g %.6gz", p->x - 34, y - size,
                2 * size, 1.9 * size, -size);
    qn_svg_path(t, "gw", "M%.6g %.6gh%.6gM%.6g %.6gH%.6g", p->x - 42, y, 8.0,
                p->x - 34 + 1.9 * size, y, p->x - 8);
    qn_svg_name(t, p->pitch >= 18 ? "" : label_class(p), p->x - 47,
                y + drop(p) + .4, QN_END, 0, p->chip->input_names[k],
                QN_PLAN_NAME);
  }
}

static void add_row_names(qn_text *t, const qn_plan *p)
{
  for (size_t n = 0; n < p->chip->units; n++) {
    double y =
      qn_plan_row_y(p, qn_plan_row_of(p, QN_AT_RECURRENT, p->order[n]));

    qn_svg_text(t, label_class(p), p->x - 8, y + drop(p), QN_END, "n%zu",
                p->order[n]);
  }
  qn_svg_text(t, label_class(p), p->x - 8, qn_plan_row_y(p, 0) + drop(p),
              QN_END, "leak");
}

/* at the far left, along the rows of one kind */
static void add_row_head(qn_text *t, const qn_plan *p, size_t first,
                         size_t last, const char *name)
{
  double x = p->left + 16;
  double top = p->y + p->pitch * (double)first + 2;
  double bottom = p->y + p->pitch * (double)(last + 1) - 2;

  qn_svg_path(t, "x", "M%.6g %.6gh-6V%.6gh6", x, top, bottom);
  qn_svg_name(t, fitting(name, bottom - top), x - 12, (top + bottom) / 2,
              QN_MIDDLE, -90, name, 0);
}

static void add_row_heads(qn_text *t, const qn_plan *p)
{
  size_t first = 1 + p->chip->inputs;
  char text[48];

  add_row_head(t, p, 1, p->chip->inputs, "inputs");
  for (size_t a = 0, b; a < p->chip->units; a = b + 1) {
    b = last_of_layer(p, a);
    add_row_head(t, p, first + a, first + b, head_text(p, a, text));
  }
}

/* ---- rails -------------------------------------------------------------------------- */

static void add_rails(qn_text *t, const qn_plan *p)
{
  double right = p->x + fmax(p->width, 160), top = p->y - 14,
         bottom = p->y + p->height;

  qn_svg_path(t, "p thick", "M%.6g %.6gV%.6g", right + 26, top, bottom);
  qn_svg_path(t, "m thick", "M%.6g %.6gV%.6g", right + 52, p->y, bottom + 14);
  qn_svg_text(t, "tp", right + 34, top + 2, QN_START, "E_+");
  qn_svg_text(t, "s", right + 56, top + 2, QN_START, "%s",
              qn_svg_si(p->chip->rail_plus_v, "V").text);
  qn_svg_text(t, "tm", right + 60, bottom + 16, QN_START, "E_\342\210\222");
  qn_svg_text(t, "s", right + 82, bottom + 16, QN_START, "%s",
              qn_svg_si(p->chip->rail_minus_v, "V").text);
}

/* ---- capacitors --------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten, at least x */
static double round_up(double x)
{
  double power = pow(10, floor(log10(x)));
  double digit = x / power;

  return (digit <= 1 + 1e-9 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10) * power;
}

static double ground_y(const qn_plan *p)
{
  return p->y + p->height + 40 + p->bars;
}

static void add_axis(qn_text *t, const qn_plan *p, double most)
{
  double y0 = ground_y(p);

  for (int i = 0; i <= 2; i++) {
    double y = y0 - p->bars * i / 2;

    qn_svg_line(t, i ? "f" : "w", p->x - 6, y, p->x + p->width + (i ? 0 : 20),
                y);
    qn_svg_text(t, "s", p->x - 10, y + 3.6, QN_END, "%s",
                i ? qn_svg_si(most * i / 2, "F").text : "0");
  }
  qn_svg_use(t, "ground", p->x + p->width + 20, y0, 0);
  qn_svg_name(t, "b", p->left + 4, y0 - p->bars / 2, QN_MIDDLE, -90,
              "capacitors", 0);
}

static void add_capacitors(qn_text *t, const qn_plan *p)
{
  double largest = 0, most, w = fmax(3, 0.46 * p->pitch), y0 = ground_y(p);

  for (size_t j = 0; j < p->chip->units; j++)
    largest = fmax(largest, p->chip->capacitance_f[j]);
  most = round_up(largest > 0 ? largest : 1e-12);
  add_axis(t, p, most);
  for (size_t j = 0; j < p->chip->units; j++) {
    double c = p->chip->capacitance_f[j], h = p->bars * c / most;
    double x = qn_plan_column_x(p, j);

    qn_svg_path(t, "mw", "M%.6g %.6gV%.6g", x, p->y + p->height + 24, y0 - h);
    qn_text_add(t,
                "<rect class=\"cap\" x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" "
                "height=\"%.6g\"><title>membrane n%zu: %s</title></rect>\n",
                x - w / 2, y0 - h, w, h, j, qn_svg_si(c, "F").text);
  }
}

/* ---- readouts ----------------------------------------------------------------------- */

/* beside a capacitor, past ground */
static void add_readouts(qn_text *t, const qn_plan *p)
{
  double size = fmin(8, 0.36 * p->pitch), y0 = ground_y(p);

  for (size_t k = 0; k < p->chip->outputs; k++) {
    double x = qn_plan_column_x(p, k), beside = x + 0.4 * p->pitch;

    qn_svg_dot(t, x, p->y + p->height + 14, 2);
    qn_svg_path(t, "gw", "M%.6g %.6gH%.6gV%.6g", x, p->y + p->height + 14,
                beside, y0 + 26);
    qn_svg_path(t, "tri", "M%.6g %.6gh%.6gl%.6g %.6gz", beside - size, y0 + 26,
                2 * size, -size, 1.9 * size);
    qn_svg_path(t, "gw", "M%.6g %.6gv6", beside, y0 + 26 + 1.9 * size);
    qn_svg_name(t, p->pitch >= 18 ? "" : label_class(p), beside + drop(p),
                y0 + 38 + 1.9 * size, QN_END, -90, p->chip->output_names[k],
                QN_PLAN_NAME);
  }
  if (p->chip->outputs)
    qn_svg_name(t, "b", p->left + 4, y0 + 48, QN_MIDDLE, -90, "outputs", 0);
}

void qn_plan_add_edges(qn_text *t, const qn_plan *p)
{
  add_separators(t, p);
  add_layer_heads(t, p);
  add_column_names(t, p);
  add_inputs(t, p);
  add_row_names(t, p);
  add_row_heads(t, p);
  add_rails(t, p);
  add_capacitors(t, p);
  add_readouts(t, p);
}
