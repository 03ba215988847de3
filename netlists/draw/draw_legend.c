/* draw_legend.c - the column beside the floor plan: what the chip is, what the
 * colours and marks mean. */
#include <math.h>
#include <stdio.h>

#include "netlists/draw/draw_plan.h"
#include "netlists/draw/draw_svg.h"

enum { RAMP_STEPS = 48, RAMP_WIDTH = 300, LINE = 19 };

/* ---- facts -------------------------------------------------------------------------- */

static void fact(qn_text *t, double x, double *y, const char *what,
                 const char *value)
{
  qn_svg_text(t, "g", x, *y, QN_START, "%s", what);
  qn_svg_name(t, "", x + 128, *y, QN_START, 0, value, 34);
  *y += LINE;
}

static const char *const cell_names[] = {
  [QN_CELL_DIRECT] = "direct: a duty-cycled switch",
  [QN_CELL_STEERED] = "steered: a pair a memristor",
  [QN_CELL_TRANSCONDUCTOR] = "transconductor"};

static void add_counts(qn_text *t, const qn_plan *p, double x, double *y)
{
  const qn_chip *c = p->chip;
  char text[96];

  snprintf(text, sizeof text, "%zu, %zu input%s, %zu output%s", c->units,
           c->inputs, c->inputs == 1 ? "" : "s", c->outputs,
           c->outputs == 1 ? "" : "s");
  fact(t, x, y, "neurons", text);
  snprintf(text, sizeof text, "%zu (%zu from inputs)",
           c->recurrent.count + c->sensory.count, c->sensory.count);
  fact(t, x, y, "synapses", text);
  snprintf(text, sizeof text, "%zu", c->memristors);
  fact(t, x, y, "memristors", text);
  fact(t, x, y, "synapse cell", cell_names[(int)c->technology.cell]);
  fact(t, x, y, "memristor", c->technology.memristor.device->name);
}

static void add_scales(qn_text *t, const qn_plan *p, double x, double *y)
{
  const qn_chip *c = p->chip;
  char text[96];

  fact(t, x, y, "a model unit", qn_svg_si(c->volts_per_unit, "V").text);
  fact(t, x, y, "a model second", qn_svg_si(c->seconds_per_unit, "s").text);
  snprintf(text, sizeof text, "%.4g /V at gain 1", c->gate_slope_per_v);
  fact(t, x, y, "slope of gates", text);
  if (isfinite(c->technology.supply_v) && c->technology.supply_v > 0)
    fact(t, x, y, "supply", qn_svg_si(c->technology.supply_v, "V").text);
  if (isfinite(c->technology.temperature_k)) {
    snprintf(text, sizeof text, "%.4g K", c->technology.temperature_k);
    fact(t, x, y, "temperature", text);
  }
}

static void add_costs(qn_text *t, const qn_plan *p, double x, double *y)
{
  qn_chip_cost cost = qn_chip_estimate(p->chip);
  char text[96];

  if (cost.area_m2 > 0) {
    snprintf(text, sizeof text, "%.4g \302\265m\302\262", cost.area_m2 * 1e12);
    fact(t, x, y, "area", text);
  }
  fact(t, x, y, "power at rest",
       qn_svg_si(cost.memristor_power_w + cost.bias_power_w, "W").text);
}

/* ---- conductance -------------------------------------------------------------------- */

static double ramp_x(const qn_plan *p, double g)
{
  return RAMP_WIDTH * log(g / p->low_s) / log(p->high_s / p->low_s);
}

static void add_ramp(qn_text *t, const qn_plan *p, qn_side side, double x,
                     double y)
{
  double step = (double)RAMP_WIDTH / RAMP_STEPS;

  for (int i = 0; i < RAMP_STEPS; i++) {
    double g = p->low_s * pow(p->high_s / p->low_s, (i + 0.5) / RAMP_STEPS);

    qn_text_add(t,
                "<rect x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"15\" "
                "style=\"fill:%s\"/>\n",
                x + step * i, y, step + 0.3,
                qn_draw_colour(side, g, p->low_s, p->high_s).text);
  }
}

/* a tick at each digit of each decade, a number at the decades, or at 1, 2 and 5
 * where there is room */
static void add_ticks(qn_text *t, const qn_plan *p, double x, double y)
{
  double decades = log10(p->high_s / p->low_s);
  int first = (int)floor(log10(p->low_s)), last = (int)ceil(log10(p->high_s));

  for (int power = first; power <= last; power++)
    for (int digit = 1; digit <= 9; digit++) {
      double g = digit * pow(10, power), at;
      int named = digit == 1 || (decades < 3.2 && (digit == 2 || digit == 5));

      if (g < p->low_s * (1 - 1e-9) || g > p->high_s * (1 + 1e-9))
        continue;
      at = x + ramp_x(p, g);
      qn_svg_path(t, "win", "M%.6g %.6gv%d", at, y, named ? 6 : 3);
      if (named)
        qn_svg_text(t, "s", at, y + 17, QN_MIDDLE, "%s",
                    qn_svg_si(g, "S").text);
    }
}

/* what the technology can program */
static void add_window(qn_text *t, const qn_plan *p, double x, double y)
{
  const qn_technology *tech = &p->chip->technology;
  double a = tech->conductance_min_s, b = tech->conductance_max_s;

  if (!(a > 0 && isfinite(b)))
    return;
  if (tech->levels > 0)
    qn_svg_text(t, "s", x, y, QN_START, "%.6g levels from %s", tech->levels,
                qn_svg_range(a, b, "S").text);
  else
    qn_svg_text(t, "s", x, y, QN_START, "any from %s",
                qn_svg_range(a, b, "S").text);
}

static void add_conductances(qn_text *t, const qn_plan *p, double x, double *y)
{
  int single = p->chip->technology.cell == QN_CELL_TRANSCONDUCTOR;

  qn_svg_text(t, "k", x, *y, QN_START, "Conductance");
  add_window(t, p, x, *y + 18);
  add_ramp(t, p, QN_PLUS, x, *y + 28);
  add_ramp(t, p, QN_MINUS, x, *y + 44);
  qn_svg_text(t, "tp", x + RAMP_WIDTH + 8, *y + 40, QN_START,
              single ? "up" : "to E_+");
  qn_svg_text(t, "tm", x + RAMP_WIDTH + 8, *y + 56, QN_START,
              single ? "down" : "to E_\342\210\222");
  add_ticks(t, p, x, *y + 60);
  *y += 116;
}

/* ---- a cell's marks ----------------------------------------------------------------- */

/* a cell of both halves, drawn larger; gain 0: without a gate */
static void add_sample(qn_text *t, const qn_plan *p, double x, double y,
                       double gain)
{
  double up = sqrt(p->low_s * p->high_s) * pow(p->high_s / p->low_s, 0.3);
  double down = p->low_s * pow(p->high_s / p->low_s, 0.25);
  double gate = gain != 0 ? 0.3 * 44 : 0;

  qn_svg_rect(t, "ca", x, y, 44, 44);
  qn_text_add(t,
              "<rect x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"22\" "
              "style=\"fill:%s\"/>\n",
              x + gate, y, 44 - gate,
              qn_draw_colour(QN_PLUS, up, p->low_s, p->high_s).text);
  qn_text_add(t,
              "<rect x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"22\" "
              "style=\"fill:%s\"/>\n",
              x + gate, y + 22, 44 - gate,
              qn_draw_colour(QN_MINUS, down, p->low_s, p->high_s).text);
  if (gain != 0) {
    qn_svg_rect(t, gain > 0 ? "gr" : "gf", x, y, gate, 44);
    qn_svg_path(t, gain > 0 ? "lr" : "lf", "M%.6g %.6gl%.6g %.6g", x + 2.2,
                gain > 0 ? y + 34 : y + 10, gate - 4.4,
                gain > 0 ? -24.0 : 24.0);
  }
  qn_svg_rect(t, "cb", x, y, 44, 44);
}

static void add_marks(qn_text *t, const qn_plan *p, double x, double *y)
{
  int single = p->chip->technology.cell == QN_CELL_TRANSCONDUCTOR;

  qn_svg_text(t, "k", x, *y, QN_START, "Cells");
  add_sample(t, p, x, *y + 14, 1);
  add_sample(t, p, x + 62, *y + 14, -1);
  add_sample(t, p, x + 124, *y + 14, 0);
  qn_svg_text(t, "s", x + 22, *y + 72, QN_MIDDLE, "opens as");
  qn_svg_text(t, "s", x + 22, *y + 84, QN_MIDDLE, "V_pre rises");
  qn_svg_text(t, "s", x + 84, *y + 72, QN_MIDDLE, "opens as");
  qn_svg_text(t, "s", x + 84, *y + 84, QN_MIDDLE, "V_pre falls");
  qn_svg_text(t, "s", x + 146, *y + 72, QN_MIDDLE, "leak,");
  qn_svg_text(t, "s", x + 146, *y + 84, QN_MIDDLE, "no gate");
  qn_svg_text(t, "s", x + 184, *y + 28, QN_START,
              single ? "synapses: one memristor sets"
                     : "upper half: memristor to E_+");
  qn_svg_text(t, "s", x + 184, *y + 42, QN_START,
              single ? "the transconductance; its colour"
                     : "lower half: memristor to E_\342\210\222");
  qn_svg_text(t, "s", x + 184, *y + 56, QN_START,
              single ? "says where its reference pulls"
                     : "none where the half is white");
  qn_svg_dot(t, x + 188, *y + 72, 3);
  qn_svg_text(t, "s", x + 198, *y + 76, QN_START, "a membrane drives its row");
  *y += 122;
}

/* ---- voltages ----------------------------------------------------------------------- */

/* from the lower to the upper rail */
struct axis {
  double low, high, x, top, height;
};

static double axis_y(const struct axis *a, double v)
{
  return a->top + a->height * (a->high - v) / (a->high - a->low);
}

/* volts, and model units behind them */
static void add_voltage(qn_text *t, const qn_plan *p, const struct axis *a,
                        const char *classes, const char *name, double v)
{
  double y = axis_y(a, v);

  qn_svg_path(t, "win", "M%.6g %.6gh14", a->x - 7, y);
  qn_svg_text(t, classes, a->x + 16, y + 4, QN_START, "%s", name);
  qn_svg_text(t, "", a->x + 180, y + 4, QN_END, "%s", qn_svg_si(v, "V").text);
  qn_svg_text(t, "g", a->x + 262, y + 4, QN_END, "%.4g units",
              qn_chip_to_model(p->chip, v));
}

/* where gates are half open, as a bar beside the axis */
static void add_thresholds(qn_text *t, const qn_plan *p, const struct axis *a)
{
  const qn_branches *all[] = {&p->chip->sensory, &p->chip->recurrent};
  double low = INFINITY, high = -INFINITY;

  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < all[k]->count; i++) {
      low = fmin(low, all[k]->at[i].gate.threshold_v);
      high = fmax(high, all[k]->at[i].gate.threshold_v);
    }
  low = fmax(low, a->low);
  high = fmin(high, a->high);
  if (!(high >= low))
    return;
  qn_svg_path(t, "win", "M%.6g %.6gh-5V%.6gh5", a->x - 12, axis_y(a, high),
              axis_y(a, low));
  qn_svg_name(t, "s", a->x - 24, (axis_y(a, high) + axis_y(a, low)) / 2,
              QN_MIDDLE, -90, "thresholds", 0);
}

static void add_voltages(qn_text *t, const qn_plan *p, double x, double *y)
{
  const qn_chip *c = p->chip;
  struct axis a = {c->rail_minus_v, c->rail_plus_v, x + 44, *y + 26, 110};

  qn_svg_text(t, "k", x, *y, QN_START, "Voltages");
  qn_svg_path(t, "p thick", "M%.6g %.6gV%.6g", a.x, axis_y(&a, c->rail_plus_v),
              axis_y(&a, c->common_mode_v));
  qn_svg_path(t, "m thick", "M%.6g %.6gV%.6g", a.x,
              axis_y(&a, c->common_mode_v), axis_y(&a, c->rail_minus_v));
  add_voltage(t, p, &a, "tp", "upper rail E_+", c->rail_plus_v);
  add_voltage(t, p, &a, "", "common mode", c->common_mode_v);
  add_voltage(t, p, &a, "tm", "lower rail E_\342\210\222", c->rail_minus_v);
  add_thresholds(t, p, &a);
  *y += 170;
}

/* ---- area --------------------------------------------------------------------------- */

static void add_share(qn_text *t, const qn_cell_cost *kind, double share,
                      double x, double y)
{
  double width = 150 * share;

  qn_svg_text(t, "s", x, y, QN_START, "%s", kind->name);
  qn_svg_rect(t, "cap", x + 110, y - 8.5, fmax(width, 0.5), 9);
  qn_svg_text(t, "s", x + 118 + width, y, QN_START, "%.3g %%", 100 * share);
}

/* kinds of cells from one thousandth of the area on */
static void add_areas(qn_text *t, const qn_plan *p, double x, double *y)
{
  qn_chip_cost cost = qn_chip_estimate(p->chip);

  if (!(cost.area_m2 > 0))
    return;
  qn_svg_text(t, "k", x, *y, QN_START, "Area");
  for (int i = 0; i < QN_COST_KINDS; i++) {
    double share = cost.kind[i].area_m2 / cost.area_m2;

    if (share < 1e-3)
      continue;
    *y += 16;
    add_share(t, &cost.kind[i], share, x, *y + 4);
  }
}

/* ---- the whole ---------------------------------------------------------------------- */

void qn_plan_add_legend(qn_text *t, const qn_plan *p)
{
  double x = p->legend_x, y = QN_PLAN_HEAD + 22;

  qn_svg_text(t, "k", x, y, QN_START, "Chip");
  y += LINE + 3;
  add_counts(t, p, x, &y);
  add_scales(t, p, x, &y);
  add_costs(t, p, x, &y);
  y += 22;
  add_conductances(t, p, x, &y);
  add_marks(t, p, x, &y);
  add_voltages(t, p, x, &y);
  add_areas(t, p, x, &y);
}
