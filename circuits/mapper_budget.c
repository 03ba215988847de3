/* mapper_budget.c - what a technology prefers, and where that is too much the
 * nearest to it that its budgets allow. */
#include <math.h>
#include <stdio.h>

#include "circuits/mapper_parts.h"

enum { HALVINGS = 40 };

struct fit {
  const qn_network *net;
  const qn_technology *tech;
  qn_diag *diag;
  struct mapper_limits limits;
  qn_chip *chip; /* the last that was tried within `limits` */
};

static qn_status attempt(struct fit *f)
{
  qn_status st;

  qn_chip_free(f->chip);
  st = qn_mapper_try(&f->chip, f->net, f->tech, &f->limits);
  return st ? qn_diag_out_of_memory(f->diag) : QN_OK;
}

/* ---- what a chip takes ----------------------------------------------------------- */

static double power_of(const qn_chip *chip)
{
  qn_chip_cost cost = qn_chip_estimate(chip);

  return cost.memristor_power_w + cost.bias_power_w;
}

static double area_of(const qn_chip *chip)
{
  return qn_chip_estimate(chip).area_m2;
}

static double power_of_kind(const qn_cell_cost *c)
{
  return c->memristor_power_w + c->bias_power_w;
}

static double area_of_kind(const qn_cell_cost *c)
{
  return c->area_m2;
}

/* one budget: how it is told, and what would lower each kind's part of it */
struct budget {
  const char *path, *what, *unit;
  size_t offset; /* in qn_technology */
  double (*of)(const qn_chip *chip);
  double (*of_kind)(const qn_cell_cost *cost);
  const char *remedy[QN_COST_KINDS];
};

static const struct budget power = {
  "scale.power_budget_w",
  "power at rest",
  "W",
  offsetof(qn_technology, power_budget_w),
  power_of,
  power_of_kind,
  {[QN_COST_MEMBRANE] = "",
   [QN_COST_LEAK] = "memristor.conductance_min_s or scale.volts_per_unit_max",
   [QN_COST_RECURRENT] =
     "memristor.conductance_min_s or scale.volts_per_unit_max",
   [QN_COST_SENSORY] =
     "memristor.conductance_min_s or scale.volts_per_unit_max",
   [QN_COST_GATE] = "bias.gate_a",
   [QN_COST_AMPLIFIER] = "bias.amplifier_a",
   [QN_COST_DRIVER] = "bias.driver_a",
   [QN_COST_READOUT] = "bias.readout_a"}};

static const struct budget area = {"scale.area_budget_m2",
                                   "area",
                                   "m2",
                                   offsetof(qn_technology, area_budget_m2),
                                   area_of,
                                   area_of_kind,
                                   {[QN_COST_MEMBRANE] = "capacitor.min_f",
                                    [QN_COST_LEAK] = "area.memristor_m2",
                                    [QN_COST_RECURRENT] = "area.memristor_m2",
                                    [QN_COST_SENSORY] = "area.memristor_m2",
                                    [QN_COST_GATE] = "area.gate_m2",
                                    [QN_COST_AMPLIFIER] = "area.amplifier_m2",
                                    [QN_COST_DRIVER] = "area.driver_m2",
                                    [QN_COST_READOUT] = "area.readout_m2"}};

static double allowed(const struct fit *f, const struct budget *b)
{
  return *(const double *)(const void *)((const char *)f->tech + b->offset);
}

static int fits(const struct fit *f, const struct budget *b)
{
  return b->of(f->chip) <= allowed(f, b);
}

static qn_status refuse(const struct fit *f, const struct budget *b)
{
  qn_chip_cost cost = qn_chip_estimate(f->chip);
  double least = b->of(f->chip);
  int most = 0;

  for (int k = 1; k < QN_COST_KINDS; k++)
    if (b->of_kind(&cost.kind[k]) > b->of_kind(&cost.kind[most]))
      most = k;
  return qn_diag_set(
    f->diag, QN_EUNSUPPORTED, f->net->path, b->path,
    "the budget is %.3g %s, but the least %s on %s is %.3g %s, %.0f %% of it "
    "of kind %s: raise the budget or lower %s",
    allowed(f, b), b->unit, b->what, f->tech->name, least, b->unit,
    100 * b->of_kind(&cost.kind[most]) / least, cost.kind[most].name,
    b->remedy[most]);
}

/* ---- searches ---------------------------------------------------------------------- */

/* Between a limit at which the budget holds and one at which it does not, the
 * largest of a logarithmic search at which it holds. */
static qn_status search(struct fit *f, const struct budget *b, double *limit,
                        double good, double bad)
{
  qn_status st = QN_OK;

  for (int i = 0; i < HALVINGS && !st; i++) {
    *limit = sqrt(good * bad);
    st = attempt(f);
    if (st)
      return st;
    if (fits(f, b))
      good = *limit;
    else
      bad = *limit;
  }
  *limit = good;
  return attempt(f);
}

static void scales_of(const qn_chip *chip, double *least, double *most)
{
  *least = HUGE_VAL;
  *most = 0;
  for (size_t j = 0; j < chip->units; j++) {
    *least = fmin(*least, chip->siemens_per_unit[j]);
    *most = fmax(*most, chip->siemens_per_unit[j]);
  }
}

/* a common upper bound on the scales */
static qn_status fit_power(struct fit *f)
{
  double bad, good, other;
  qn_status st;

  if (fits(f, &power))
    return QN_OK;
  scales_of(f->chip, &other, &bad);
  f->limits.scale_max = 0;
  f->limits.scale_bound = power.path;
  st = attempt(f);
  if (!st && !fits(f, &power))
    st = refuse(f, &power);
  if (st)
    return st;
  scales_of(f->chip, &good, &other);
  return search(f, &power, &f->limits.scale_max, fmin(good, bad), bad);
}

/* seconds at which the smallest capacitor is as small as it can be */
static double shortest_seconds(const struct fit *f)
{
  double shortest =
    f->tech->capacitor_min_f + qn_chip_wire_capacitance(f->chip);
  double least = HUGE_VAL;

  for (size_t j = 0; j < f->chip->units; j++)
    least = fmin(least, f->chip->capacitance_f[j]);
  return f->chip->seconds_per_unit * fmin(1, fmax(shortest / least, 1e-6));
}

/* shorter model seconds, with the scales as they are */
static qn_status shorten(struct fit *f)
{
  double bad = f->chip->seconds_per_unit, good = shortest_seconds(f);
  qn_status st;

  f->limits.seconds_max = good;
  st = attempt(f);
  if (st || !fits(f, &area) || !(good < bad))
    return st;
  return search(f, &area, &f->limits.seconds_max, good, bad);
}

/* then the scales of least area, within the power budget */
static qn_status fit_area(struct fit *f)
{
  qn_status st = QN_OK;

  if (fits(f, &area))
    return QN_OK;
  if (f->limits.prefer != QN_PREFER_AREA)
    st = shorten(f);
  if (st || fits(f, &area))
    return st;
  f->limits =
    (struct mapper_limits){QN_PREFER_AREA, HUGE_VAL, HUGE_VAL, area.path};
  st = attempt(f);
  if (!st)
    st = fit_power(f);
  if (!st && !fits(f, &area))
    st = refuse(f, &area);
  return st;
}

qn_status qn_mapper_fit(qn_chip **out, const qn_network *net,
                        const qn_technology *tech, qn_diag *diag)
{
  struct fit f = {net,
                  tech,
                  diag,
                  {(qn_preference)tech->prefer, HUGE_VAL, HUGE_VAL, NULL},
                  NULL};
  qn_status st = attempt(&f);

  if (!st)
    st = fit_power(&f);
  if (!st)
    st = fit_area(&f);
  if (st) {
    qn_chip_free(f.chip);
    f.chip = NULL;
  }
  *out = f.chip;
  return st;
}
