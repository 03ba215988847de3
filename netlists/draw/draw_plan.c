/* draw_plan.c - where everything stands on the floor plan. */
#include "netlists/draw/draw_plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "netlists/draw/draw_svg.h"
#include <quench/wiring.h>

static const char *const ncp_names[] = {"inter", "command", "motor"};

/* ---- order -------------------------------------------------------------------------- */

static size_t layer_of(const qn_plan *p, size_t neuron)
{
  return p->net ? p->net->layer[neuron] : 0;
}

/* layer after layer, in each by number */
static void sort_columns(qn_plan *p)
{
  size_t n = 0;

  for (size_t layer = 0; layer < p->layers; layer++)
    for (size_t j = 0; j < p->chip->units; j++)
      if (layer_of(p, j) == layer) {
        p->place[j] = n;
        p->order[n++] = j;
      }
}

static qn_status name_layers(qn_plan *p)
{
  qn_wiring *wiring;
  qn_status st;

  p->layers = p->net && p->net->layers > 1 ? p->net->layers : 1;
  if (p->layers == 1)
    return QN_OK;
  st = qn_wiring_alloc(&wiring, p->net);
  if (!st && qn_wiring_is_ncp(wiring, p->net))
    p->layer_names = ncp_names;
  qn_wiring_free(wiring);
  return st;
}

const char *qn_plan_layer_text(const qn_plan *p, size_t layer, char text[48])
{
  if (p->layer_names)
    snprintf(text, 48, "%s", p->layer_names[layer]);
  else
    snprintf(text, 48, "layer %zu", layer);
  return text;
}

/* ---- scale of conductances ---------------------------------------------------------- */

static void find_scale(qn_plan *p)
{
  double low = INFINITY, high = 0;

  for (size_t i = 0; i < qn_chip_memristors(p->chip); i++) {
    double g = qn_chip_conductance_of(p->chip, i);

    if (g > 0) {
      low = fmin(low, g);
      high = fmax(high, g);
    }
  }
  if (!(high > 0))
    low = high = 1e-6;
  if (low > 0.5 * high) {
    low /= 2;
    high *= 2;
  }
  p->low_s = low;
  p->high_s = high;
}

/* ---- layout ------------------------------------------------------------------------- */

/* of the longest name of an input, in pixels */
static double names_width(const qn_chip *chip)
{
  size_t longest = 3;

  for (size_t k = 0; k < chip->inputs; k++) {
    size_t n = qn_svg_length(chip->input_names[k], QN_PLAN_NAME);

    longest = n > longest ? n : longest;
  }
  return 7.4 * (double)longest;
}

static double output_names_height(const qn_chip *chip)
{
  size_t longest = 0;

  for (size_t k = 0; k < chip->outputs; k++) {
    size_t n = qn_svg_length(chip->output_names[k], QN_PLAN_NAME);

    longest = n > longest ? n : longest;
  }
  return 7.4 * (double)longest;
}

/* the crossbar in the middle of what the page leaves it */
static void lay_out(qn_plan *p, double width)
{
  double columns = (double)p->chip->units, rows = (double)qn_plan_rows(p);
  double names = names_width(p->chip) + 104, legend, spare;

  p->pitch = fmax(9, fmin(46, floor(1200 / fmax(columns, rows))));
  p->width = p->pitch * columns;
  p->height = p->pitch * rows;
  p->bars = 90;
  legend = QN_PLAN_MARGIN + names + fmax(p->width, 160) + QN_PLAN_RAILS;
  p->page_width = fmax(width, legend + QN_PLAN_LEGEND + QN_PLAN_MARGIN);
  spare = p->page_width - (legend + QN_PLAN_LEGEND + QN_PLAN_MARGIN);
  p->left = QN_PLAN_MARGIN + 20 + spare / 2;
  p->x = p->left + names;
  p->y = QN_PLAN_HEAD + 70;
  p->legend_x = legend + spare;
  p->page_height =
    fmax(p->y + p->height + p->bars + 120 + output_names_height(p->chip),
         QN_PLAN_HEAD + QN_PLAN_LEGEND_HEIGHT) +
    QN_PLAN_MARGIN;
}

size_t qn_plan_rows(const qn_plan *p)
{
  return 1 + p->chip->inputs + p->chip->units;
}

size_t qn_plan_row_of(const qn_plan *p, qn_place place, size_t pre)
{
  switch (place) {
  case QN_AT_LEAK:
    return 0;
  case QN_AT_SENSORY:
    return 1 + pre;
  case QN_AT_RECURRENT:
    break;
  }
  return 1 + p->chip->inputs + p->place[pre];
}

double qn_plan_column_x(const qn_plan *p, size_t neuron)
{
  return p->x + p->pitch * ((double)p->place[neuron] + 0.5);
}

double qn_plan_row_y(const qn_plan *p, size_t row)
{
  return p->y + p->pitch * ((double)row + 0.5);
}

qn_status qn_plan_init(qn_plan *p, const qn_chip *chip, const qn_network *net,
                       double width)
{
  qn_status st;

  *p = (qn_plan){.chip = chip, .net = net};
  p->order = calloc(chip->units, sizeof *p->order);
  p->place = calloc(chip->units, sizeof *p->place);
  if (!p->order || !p->place)
    return QN_ENOMEM;
  st = name_layers(p);
  if (st)
    return st;
  sort_columns(p);
  find_scale(p);
  lay_out(p, width);
  return QN_OK;
}

void qn_plan_release(qn_plan *p)
{
  free(p->order);
  free(p->place);
}
