/* circuit_membranes.c - a chip whose memristors at one membrane share their
 * drives: a membrane needs one drive for each rail, not for each memristor. */
#include <math.h>
#include <string.h>

#include "sim/circuit.h"
#include "sim/step.h"

/* conductances to the two rails, and the like */
struct pair {
  double plus, minus;
};

/* where the lower rail's gate of branch i stands */
static size_t minus_gate(const qn_gates *gates, size_t branches, size_t i)
{
  return gates->count > branches ? branches + i : i;
}

/* sum over the branches onto a membrane, each open by its gates */
static struct pair add_branches(struct pair sum, const qn_branches *b,
                                const qn_gates *gates, const double *open,
                                const double *g, size_t j)
{
  for (size_t i = b->first[j]; i < b->first[j + 1]; i++) {
    sum.plus += open[i] * g[i];
    sum.minus += open[minus_gate(gates, b->count, i)] * g[b->count + i];
  }
  return sum;
}

void qn_membranes_hold(qn_circuit_room *w)
{
  const qn_circuit *c = w->circuit;
  const qn_chip *chip = c->chip;

  for (size_t j = 0; j < chip->units; j++) {
    struct pair g = {chip->leak_plus_s[j], chip->leak_minus_s[j]};

    g = add_branches(g, &chip->sensory, &c->sensory, w->open_sensory,
                     c->sensory_s, j);
    w->plus[j] = g.plus;
    w->minus[j] = g.minus;
  }
}

/* voltages from the membrane at v to the rails */
static struct pair spans(const qn_chip *chip, double v)
{
  return (struct pair){chip->rail_plus_v - chip->common_mode_v - v,
                       chip->rail_minus_v - chip->common_mode_v - v};
}

/* memristor drives of membrane voltage v towards each rail, with slopes */
static struct pair drives(const qn_chip *chip, double v, struct pair *slope)
{
  const qn_technology *t = &chip->technology;
  const qn_device_card *m = &t->memristor;
  struct pair span = spans(chip, v);

  return (struct pair){
    qn_circuit_drive(m->device, m->parameter, t->polarity_plus, span.plus,
                     &slope->plus),
    qn_circuit_drive(m->device, m->parameter, t->polarity_minus, span.minus,
                     &slope->minus)};
}

/* Whether the drives of all membranes are sinh, and none is beyond exp(80):
 * then e^(span / v0) of all stand in e_up. */
static int find_exponentials(qn_circuit_room *w, const double *v)
{
  const qn_chip *chip = w->circuit->chip;
  const qn_device_card *m = &chip->technology.memristor;
  double v0 = m->device->sinh_scale ? m->device->sinh_scale(m->parameter) : 0;
  double most = 0;

  if (!(v0 > 0))
    return 0;
  for (size_t j = 0; j < chip->units; j++) {
    struct pair span = spans(chip, v[j]);

    w->up[2 * j] = span.plus / v0;
    w->up[2 * j + 1] = span.minus / v0;
    most = fmax(most, fmax(fabs(w->up[2 * j]), fabs(w->up[2 * j + 1])));
  }
  if (!(most < 80))
    return 0;
  qn_step_kernel_best()->exponential(w->up, w->e_up, w->rails);
  return 1;
}

/* Gates and exponentials at (t, v): heat is asked for where the equation just
 * was. */
static void evaluate(qn_circuit_room *w, double t, const double *v)
{
  size_t size = w->circuit->chip->units * sizeof *v;

  if (w->seen_t == t && !memcmp(w->seen, v, size))
    return;
  if (w->moving)
    qn_circuit_move_inputs(w, t);
  qn_circuit_open_recurrent(w, v);
  w->fast = find_exponentials(w, v);
  w->seen_t = t;
  memcpy(w->seen, v, size);
}

/* of membrane j at v; sinh is odd, whatever the polarity */
static struct pair drives_of(const qn_circuit_room *w, size_t j, double v)
{
  const qn_chip *chip = w->circuit->chip;
  const qn_device_card *m = &chip->technology.memristor;
  double plus = w->e_up[2 * j], minus = w->e_up[2 * j + 1], half;
  struct pair slope;

  if (!w->fast)
    return drives(chip, v, &slope);
  half = 0.5 * m->device->sinh_scale(m->parameter);
  return (struct pair){half * (plus - 1 / plus), half * (minus - 1 / minus)};
}

qn_status qn_membranes_rhs(double t, const double *v, double *dv, void *arg)
{
  qn_circuit_room *w = arg;
  const qn_circuit *c = w->circuit;
  const qn_chip *chip = c->chip;

  evaluate(w, t, v);
  for (size_t j = 0; j < chip->units; j++) {
    struct pair g = {w->plus[j], w->minus[j]};
    struct pair drive = drives_of(w, j, v[j]);

    g = add_branches(g, &chip->recurrent, &c->recurrent, w->open_recurrent,
                     c->recurrent_s, j);
    dv[j] =
      (g.plus * drive.plus + g.minus * drive.minus) / chip->capacitance_f[j];
  }
  return QN_OK;
}

/* ---- heat -------------------------------------------------------------------------- */

static double power_of(struct pair g, struct pair drive, struct pair span)
{
  return g.plus * drive.plus * span.plus + g.minus * drive.minus * span.minus;
}

/* Conductances of the branches onto a membrane that turn power into heat: a
 * steered memristor conducts whatever its pair does. */
static struct pair hot(const qn_chip *chip, const qn_branches *b,
                       const qn_gates *gates, const double *open,
                       const double *g, size_t j)
{
  struct pair sum = {0, 0};

  if (chip->technology.cell != QN_CELL_STEERED)
    return add_branches(sum, b, gates, open, g, j);
  for (size_t i = b->first[j]; i < b->first[j + 1]; i++) {
    sum.plus += g[i];
    sum.minus += g[b->count + i];
  }
  return sum;
}

qn_status qn_membranes_power(double t, const double *v, double *heat, void *arg)
{
  qn_circuit_room *w = arg;
  const qn_circuit *c = w->circuit;
  const qn_chip *chip = c->chip;

  evaluate(w, t, v);
  heat[QN_HEAT_LEAK] = heat[QN_HEAT_RECURRENT] = heat[QN_HEAT_SENSORY] = 0;
  for (size_t j = 0; j < chip->units; j++) {
    struct pair leak = {chip->leak_plus_s[j], chip->leak_minus_s[j]};
    struct pair drive = drives_of(w, j, v[j]), span = spans(chip, v[j]);

    heat[QN_HEAT_LEAK] += power_of(leak, drive, span);
    heat[QN_HEAT_SENSORY] += power_of(
      hot(chip, &chip->sensory, &c->sensory, w->open_sensory, c->sensory_s, j),
      drive, span);
    heat[QN_HEAT_RECURRENT] +=
      power_of(hot(chip, &chip->recurrent, &c->recurrent, w->open_recurrent,
                   c->recurrent_s, j),
               drive, span);
  }
  return QN_OK;
}

/* ---- Jacobian ---------------------------------------------------------------------- */

/* d(open)/dv_pre of a gate */
static double steepness(const qn_gates *gates, const double *open, size_t i)
{
  return gates->slope[i] * open[i] * (1 - open[i]);
}

qn_status qn_membranes_jacobian(double t, const double *v, double *value,
                                void *arg)
{
  qn_circuit_room *w = arg;
  const qn_circuit *c = w->circuit;
  const qn_chip *chip = c->chip;
  const qn_branches *b = &chip->recurrent;
  const qn_gates *gates = &c->recurrent;
  const double *open = w->open_recurrent, *conductance = c->recurrent_s;

  evaluate(w, t, v);
  for (size_t j = 0; j < chip->units; j++) {
    double capacitance = chip->capacitance_f[j];
    struct pair g = {w->plus[j], w->minus[j]}, slope;
    struct pair drive = drives(chip, v[j], &slope);

    g = add_branches(g, b, gates, open, conductance, j);
    for (size_t i = b->first[j]; i < b->first[j + 1]; i++) {
      size_t minus = minus_gate(gates, b->count, i);

      value[c->pattern.entry[i]] +=
        (steepness(gates, open, i) * conductance[i] * drive.plus +
         steepness(gates, open, minus) * conductance[b->count + i] *
           drive.minus) /
        capacitance;
    }
    value[c->pattern.diagonal[j]] -=
      (g.plus * slope.plus + g.minus * slope.minus) / capacitance;
  }
  return QN_OK;
}
