/* circuit.c - the transient of a chip, in SI units.
 *
 * The equation stands in chip.h. The state is each membrane's voltage against
 * the common mode, so that the relative tolerance is one of the signal. A
 * memristor's current is its conductance times a drive that depends on the
 * voltage alone, so a membrane needs one drive for each rail, not for each
 * memristor. */
#include <math.h>
#include <stdlib.h>

#include "sim/driven.h"

struct model {
  const qn_chip *chip;
  qn_pattern pattern;
};

struct workspace {
  const qn_chip *chip;
  const qn_pattern *pattern;
  qn_ramp ramp;
  int moving;
  double *u;            /* [inputs] driver outputs now, V */
  double *plus, *minus; /* [units] conductance to each rail that does not
                           depend on membranes: leak and sensory, S */
};

/* conductances to the two rails */
struct pair {
  double plus, minus;
};

static double gate(const qn_chip *chip, const qn_branch *b, double v)
{
  return 1 /
         (1 + exp(-chip->gate_slope_per_v * b->gate.gain * (v - b->gate.threshold_v)));
}

/* v are membranes against the common mode */
static double membrane_gate(const qn_chip *chip, const qn_branch *b,
                            const double *v)
{
  return gate(chip, b, chip->common_mode_v + v[b->pre]);
}

static void fixed_conductances(struct workspace *w)
{
  const qn_chip *chip = w->chip;
  const qn_branches *s = &chip->sensory;

  for (size_t j = 0; j < chip->units; j++) {
    w->plus[j] = chip->leak_plus_s[j];
    w->minus[j] = chip->leak_minus_s[j];
    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      double open = gate(chip, &s->at[i], w->u[s->at[i].pre]);

      w->plus[j] += open * s->at[i].plus_s;
      w->minus[j] += open * s->at[i].minus_s;
    }
  }
}

static void move_inputs(struct workspace *w, double t)
{
  qn_ramp_at(&w->ramp, t, w->chip->inputs, w->u);
  fixed_conductances(w);
}

static void set_inputs(void *arg, const qn_ramp *ramp)
{
  struct workspace *w = arg;

  w->ramp = *ramp;
  w->moving = ramp->t_end > ramp->t_begin;
  move_inputs(w, ramp->t_end);
}

/* memristor drives of membrane voltage v towards each rail, with slopes */
static struct pair drives(const qn_chip *chip, double v, struct pair *slope)
{
  const qn_device_card *m = &chip->technology.memristor;
  double up = chip->rail_plus_v - chip->common_mode_v - v;
  double down = chip->rail_minus_v - chip->common_mode_v - v;

  return (struct pair){m->device->drive(m->parameter, up, &slope->plus),
                       m->device->drive(m->parameter, down, &slope->minus)};
}

static qn_status rhs(double t, const double *v, double *dv, void *arg)
{
  struct workspace *w = arg;
  const qn_chip *chip = w->chip;
  const qn_branches *s = &chip->recurrent;

  if (w->moving)
    move_inputs(w, t);
  for (size_t j = 0; j < chip->units; j++) {
    struct pair g = {w->plus[j], w->minus[j]}, slope;
    struct pair drive = drives(chip, v[j], &slope);

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      double open = membrane_gate(chip, &s->at[i], v);

      g.plus += open * s->at[i].plus_s;
      g.minus += open * s->at[i].minus_s;
    }
    dv[j] =
      (g.plus * drive.plus + g.minus * drive.minus) / chip->capacitance_f[j];
  }
  return QN_OK;
}

/* ---- heat -------------------------------------------------------------------------- */

/* power of a pair of memristors under these drives, membrane at v */
static double pair_power(const qn_chip *chip, double v, struct pair g,
                         struct pair drive)
{
  double up = chip->rail_plus_v - chip->common_mode_v - v;
  double down = chip->rail_minus_v - chip->common_mode_v - v;

  return g.plus * drive.plus * up + g.minus * drive.minus * down;
}

static struct pair open_pair(const qn_branch *b, double open)
{
  return (struct pair){open * b->plus_s, open * b->minus_s};
}

static qn_status power(double t, const double *v, double *heat, void *arg)
{
  struct workspace *w = arg;
  const qn_chip *chip = w->chip;

  if (w->moving)
    move_inputs(w, t);
  heat[QN_HEAT_LEAK] = heat[QN_HEAT_RECURRENT] = heat[QN_HEAT_SENSORY] = 0;
  for (size_t j = 0; j < chip->units; j++) {
    const qn_branches *s = &chip->recurrent;
    struct pair leak = {chip->leak_plus_s[j], chip->leak_minus_s[j]}, slope;
    struct pair both = {w->plus[j], w->minus[j]};
    struct pair drive = drives(chip, v[j], &slope);
    double of_leak = pair_power(chip, v[j], leak, drive);

    heat[QN_HEAT_LEAK] += of_leak;
    heat[QN_HEAT_SENSORY] += pair_power(chip, v[j], both, drive) - of_leak;
    for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
      heat[QN_HEAT_RECURRENT] += pair_power(
        chip, v[j], open_pair(&s->at[i], membrane_gate(chip, &s->at[i], v)),
        drive);
  }
  return QN_OK;
}

/* ---- Jacobian ---------------------------------------------------------------------- */

static qn_status jacobian(double t, const double *v, double *value, void *arg)
{
  struct workspace *w = arg;
  const qn_chip *chip = w->chip;
  const qn_branches *s = &chip->recurrent;
  const qn_pattern *p = w->pattern;

  if (w->moving)
    move_inputs(w, t);
  for (size_t j = 0; j < chip->units; j++) {
    double c = chip->capacitance_f[j];
    struct pair g = {w->plus[j], w->minus[j]}, slope;
    struct pair drive = drives(chip, v[j], &slope);

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      const qn_branch *b = &s->at[i];
      double open = membrane_gate(chip, b, v);
      double current = b->plus_s * drive.plus + b->minus_s * drive.minus;

      g.plus += open * b->plus_s;
      g.minus += open * b->minus_s;
      value[p->entry[i]] +=
        chip->gate_slope_per_v * b->gate.gain * open * (1 - open) * current / c;
    }
    value[p->diagonal[j]] -= (g.plus * slope.plus + g.minus * slope.minus) / c;
  }
  return QN_OK;
}

static void workspace_free(void *arg)
{
  struct workspace *w = arg;

  if (!w)
    return;
  free(w->u);
  free(w->plus);
  free(w->minus);
  free(w);
}

static void *workspace_alloc(const void *arg)
{
  const struct model *model = arg;
  const qn_chip *chip = model->chip;
  struct workspace *w = calloc(1, sizeof *w);

  if (!w)
    return NULL;
  w->chip = chip;
  w->pattern = &model->pattern;
  w->u = calloc(chip->inputs, sizeof *w->u);
  w->plus = calloc(chip->units, sizeof *w->plus);
  w->minus = calloc(chip->units, sizeof *w->minus);
  if (w->u && w->plus && w->minus)
    return w;
  workspace_free(w);
  return NULL;
}

static void map_inputs(const void *arg, const double *row, double *inputs,
                       size_t *clipped)
{
  const qn_chip *chip = ((const struct model *)arg)->chip;

  for (size_t k = 0; k < chip->inputs; k++)
    inputs[k] = qn_chip_drive_input(chip, k, row[k], clipped);
}

static void model_free(void *arg)
{
  struct model *m = arg;

  qn_pattern_release(&m->pattern);
  free(m);
}

static const qn_driven_kind kind = {
  .name = "analog",
  .rhs = rhs,
  .jac = jacobian,
  .rate = power,
  .model_free = model_free,
  .workspace_alloc = workspace_alloc,
  .workspace_free = workspace_free,
  .set_inputs = set_inputs,
  .map_inputs = map_inputs,
};

static qn_status build_pattern(struct model *m)
{
  const qn_branches *s = &m->chip->recurrent;
  size_t *pre = malloc((s->count + 1) * sizeof *pre);
  qn_status st = QN_ENOMEM;

  for (size_t i = 0; pre && i < s->count; i++)
    pre[i] = s->at[i].pre;
  if (pre)
    st = qn_pattern_init(&m->pattern, m->chip->units, s->first, pre);
  free(pre);
  return st;
}

/* every gate open, memristors at 0 V */
static double fastest(const qn_chip *chip)
{
  const qn_branches *both[] = {&chip->recurrent, &chip->sensory};
  double tau = HUGE_VAL;

  for (size_t j = 0; j < chip->units; j++) {
    double g = chip->leak_plus_s[j] + chip->leak_minus_s[j];

    for (int k = 0; k < 2; k++)
      for (size_t i = both[k]->first[j]; i < both[k]->first[j + 1]; i++)
        g += both[k]->at[i].plus_s + both[k]->at[i].minus_s;
    tau = fmin(tau, chip->capacitance_f[j] / g);
  }
  return tau;
}

qn_status qn_driven_init_chip(qn_driven *driven, const qn_chip *chip)
{
  struct model *m = calloc(1, sizeof *m);

  *driven = (qn_driven){.kind = &kind, .model = m};
  if (!m)
    return QN_ENOMEM;
  m->chip = chip;
  if (build_pattern(m))
    return QN_ENOMEM;
  driven->n = chip->units;
  driven->inputs = chip->inputs;
  driven->pattern = &m->pattern;
  driven->unit = chip->volts_per_unit;
  driven->fastest_s = fastest(chip);
  driven->seconds_per_unit = chip->seconds_per_unit;
  driven->rise_fraction = chip->rise_fraction;
  return QN_OK;
}

qn_status qn_chip_run(const qn_chip *chip, const qn_network *net,
                      const qn_dataset *data, const qn_ode_options *opt,
                      qn_trace *out, qn_ode_report *report, qn_diag *diag)
{
  qn_driven driven;
  qn_status st = qn_driven_init_chip(&driven, chip);

  if (st)
    qn_diag_out_of_memory(diag);
  else
    st = qn_driven_run(&driven, net, data, opt, out, report, diag);
  qn_driven_release(&driven);
  return st;
}
