/* circuit_elements.c - a chip element by element: transconductors, wires,
 * memristors that differ or move. */
#include <math.h>
#include <stdlib.h>

#include "sim/circuit.h"

/* ---- currents ------------------------------------------------------------------------ */

/* resistance of the closed switch in series with a memristor */
static double in_series(const qn_chip *chip, const qn_element *e)
{
  return e->gated == QN_GATED_NEVER || chip->technology.cell != QN_CELL_DIRECT
           ? 0
           : chip->technology.switch_ohm;
}

/* into g and by_x: the conductance in series with the switch; x [elements]
 * NULL: states are held */
static void find_conductances(qn_circuit_room *w, const double *x)
{
  const qn_circuit *c = w->circuit;
  const qn_device *device = c->chip->technology.memristor.device;

  for (size_t k = 0; k < c->elements; k++) {
    const qn_element *e = &c->element[k];
    double g = e->g, slope = 0, part;

    if (x)
      g = e->factor *
          device->conductance(e->p, x[k] / c->chip->volts_per_unit, &slope);
    part = 1 / (1 + g * in_series(c->chip, e));
    w->g[k] = g * part;
    w->by_x[k] = e->factor * slope * part * part;
  }
}

/* V_L tanh(v / V_L) */
static double limited(double v, double range, double *slope)
{
  double t;

  if (isinf(range)) {
    *slope = 1;
    return v;
  }
  t = tanh(v / range);
  *slope = 1 - t * t;
  return range * t;
}

/* what a conductance of 1 S carries into the membrane at v [V] */
static double drive(const qn_chip *chip, const qn_element *e, double v,
                    double *slope)
{
  if (qn_element_is_transconductor(chip, e))
    return limited(v, chip->technology.linear_range_v, slope);
  return qn_circuit_drive(chip->technology.memristor.device, e->p, e->polarity,
                          v, slope);
}

static double law(void *arg, size_t k, double v, double *slope)
{
  const qn_circuit_room *w = arg;
  const qn_element *e = &w->circuit->element[k];
  double g = qn_elements_open(w, e) * w->g[k];
  double i = g * drive(w->circuit->chip, e, v, slope);

  *slope *= g;
  return i;
}

/* drives of elements at their voltages: one for all that have the voltage and
 * the law of the last */
static void find_drives(qn_circuit_room *w)
{
  const qn_circuit *c = w->circuit;
  const qn_chip *chip = c->chip;
  int alike =
    !chip->parameter && chip->technology.cell != QN_CELL_TRANSCONDUCTOR;

  for (size_t k = 0; k < c->elements; k++) {
    const qn_element *e = &c->element[k];
    size_t last = alike && k >= 2 ? k - 2 : k; /* of the same rail, mostly */

    if (last < k && w->voltage[last] == w->voltage[k] &&
        c->element[last].polarity == e->polarity) {
      w->drive[k] = w->drive[last];
      w->steep[k] = w->steep[last];
    } else {
      w->drive[k] = drive(chip, e, w->voltage[k], &w->steep[k]);
    }
  }
}

/* into voltage, drive and current */
static qn_status find_currents(qn_circuit_room *w, const double *v)
{
  const qn_circuit *c = w->circuit;

  if (w->crossbar) {
    if (qn_crossbar_solve(w->crossbar, w->feed, v, law, w, w->voltage,
                          w->current))
      return QN_EINVAL; /* the integrator takes a smaller step */
    find_drives(w);
    return QN_OK;
  }
  for (size_t k = 0; k < c->elements; k++)
    w->voltage[k] = c->element[k].rail_v - v[c->element[k].post];
  find_drives(w);
  for (size_t k = 0; k < c->elements; k++)
    w->current[k] = qn_elements_open(w, &c->element[k]) * w->g[k] * w->drive[k];
  return QN_OK;
}

static const double *states_of(const qn_circuit *c, const double *x)
{
  return c->states == QN_STATES_MOVE ? x + c->chip->units : NULL;
}

qn_status qn_elements_evaluate(qn_circuit_room *w, double t, const double *x)
{
  if (w->moving)
    qn_circuit_move_inputs(w, t);
  qn_circuit_open_recurrent(w, x);
  find_conductances(w, states_of(w->circuit, x));
  return find_currents(w, x);
}

/* ---- states -------------------------------------------------------------------------- */

struct movement {
  double rate;             /* 1/s */
  double by_x, by_v, open; /* by the state, the element's voltage, the gate */
};

/* Averaged over the gate's period: a direct cell's memristor sees its voltage
 * while its gate conducts. A transconductor's sees the read voltage, always. */
static struct movement movement(const qn_circuit_room *w, size_t k, double x)
{
  const qn_circuit *c = w->circuit;
  const qn_technology *t = &c->chip->technology;
  const qn_element *e = &c->element[k];
  const qn_device *d = t->memristor.device;
  double ohm = in_series(c->chip, e);
  double part = 1 - w->g[k] * ohm; /* of the voltage */
  double s = qn_elements_open(w, e), ignored;
  double v = e->polarity * part * w->voltage[k], rest_by_x, rest;
  struct movement m = {0};

  if (qn_element_is_transconductor(c->chip, e)) {
    v = isfinite(t->read_voltage_v) ? t->read_voltage_v : 0;
    m.rate = d->rate(e->p, x, v, t->temperature_k, &m.by_x, &ignored);
    return m;
  }
  m.rate = d->rate(e->p, x, v, t->temperature_k, &m.by_x, &m.by_v);
  m.by_v *= e->polarity;
  m.by_x -= m.by_v * w->voltage[k] * ohm * w->by_x[k]; /* through part */
  m.by_v *= part;
  if (e->gated == QN_GATED_NEVER || t->cell != QN_CELL_DIRECT)
    return m;
  rest_by_x = 0;
  rest = w->rest[k];
  if (isnan(rest))
    rest = d->rate(e->p, x, 0, t->temperature_k, &rest_by_x, &ignored);
  m.open = m.rate - rest;
  m.rate = s * m.rate + (1 - s) * rest;
  m.by_x = s * m.by_x + (1 - s) * rest_by_x;
  m.by_v *= s;
  return m;
}

/* ---- the equations -------------------------------------------------------------------- */

qn_status qn_elements_rhs(double t, const double *x, double *dx, void *arg)
{
  qn_circuit_room *w = arg;
  const qn_circuit *c = w->circuit;
  size_t n = c->chip->units;
  double unit = c->chip->volts_per_unit;
  qn_status st = qn_elements_evaluate(w, t, x);

  for (size_t j = 0; j < n && !st; j++) {
    double sum = 0;

    for (size_t k = c->first[j]; k < c->first[j + 1]; k++)
      sum += w->current[k];
    dx[j] = sum / c->chip->capacitance_f[j];
  }
  if (c->states == QN_STATES_MOVE)
    for (size_t k = 0; k < c->elements && !st; k++)
      dx[n + k] = unit * movement(w, k, x[n + k] / unit).rate;
  return st;
}

qn_status qn_elements_power(double t, const double *x, double *heat, void *arg)
{
  qn_circuit_room *w = arg;
  const qn_circuit *c = w->circuit;
  const qn_technology *tech = &c->chip->technology;
  qn_status st = qn_elements_evaluate(w, t, x);

  heat[QN_HEAT_LEAK] = heat[QN_HEAT_RECURRENT] = heat[QN_HEAT_SENSORY] = 0;
  for (size_t k = 0; k < c->elements && !st; k++) {
    const qn_element *e = &c->element[k];
    qn_heat kind = e->gated == QN_GATED_NEVER       ? QN_HEAT_LEAK
                   : e->gated == QN_GATED_RECURRENT ? QN_HEAT_RECURRENT
                                                    : QN_HEAT_SENSORY;
    double power = w->current[k] * w->voltage[k];

    if (qn_element_is_transconductor(c->chip, e))
      power = isfinite(tech->read_voltage_v)
                ? w->g[k] * tech->read_voltage_v * tech->read_voltage_v
                : 0;
    else if (tech->cell == QN_CELL_STEERED)
      power = w->g[k] * w->drive[k] * w->voltage[k];
    heat[kind] += power;
  }
  return st;
}

/* Wires are left out: Newton's iteration needs no exact matrix, and they are
 * small beside memristors. */
void qn_elements_jacobian_here(const qn_circuit_room *w, const double *x,
                               double *value)
{
  const qn_circuit *c = w->circuit;
  const size_t *diagonal = c->pattern.diagonal;
  size_t n = c->chip->units;
  double unit = c->chip->volts_per_unit;

  for (size_t k = 0; k < c->elements; k++) {
    const qn_element *e = &c->element[k];
    double farad = c->chip->capacitance_f[e->post], steep = 0;
    double open = qn_elements_open(w, e);

    if (e->gated == QN_GATED_RECURRENT) {
      steep = c->recurrent.slope[e->gate] * open * (1 - open);
      value[e->by_pre] += steep * w->g[k] * w->drive[k] / farad;
    }
    value[diagonal[e->post]] -= open * w->g[k] * w->steep[k] / farad;
    if (c->states == QN_STATES_MOVE) {
      struct movement m = movement(w, k, x[n + k] / unit);

      value[e->by_state] += open * w->by_x[k] * w->drive[k] / farad / unit;
      value[diagonal[n + k]] += m.by_x;
      value[e->by_post] -= unit * m.by_v;
      if (e->gated == QN_GATED_RECURRENT)
        value[e->state_by_pre] += unit * m.open * steep;
    }
  }
}

qn_status qn_elements_jacobian(double t, const double *x, double *value,
                               void *arg)
{
  qn_status st = qn_elements_evaluate(arg, t, x);

  if (!st)
    qn_elements_jacobian_here(arg, x, value);
  return st;
}

qn_status qn_elements_rates(double t, const double *v, double *rate, void *arg)
{
  qn_circuit_room *w = arg;
  qn_status st = qn_elements_evaluate(w, t, v);

  for (size_t k = 0; k < w->circuit->elements && !st; k++) {
    struct movement m = movement(w, k, w->circuit->element[k].x);

    rate[2 * k] = m.rate;
    rate[2 * k + 1] = m.by_x;
  }
  return st;
}

/* ---- a sequence ----------------------------------------------------------------------- */

/* Most memristors all but stand still without a voltage: such a rate is taken
 * once, where all of it in a million samples is below 1e-12 of the range. */
static double rest_of(const qn_circuit *c, const qn_element *e)
{
  const qn_technology *t = &c->chip->technology;
  double span = 1e6 * c->chip->seconds_per_unit, by_x, by_v, rate;

  rate =
    t->memristor.device->rate(e->p, e->x, 0, t->temperature_k, &by_x, &by_v);
  return (fabs(rate) + fabs(by_x)) * span < 1e-12 ? rate : nan("");
}

/* as programmed */
void qn_elements_begin(void *arg, double *x)
{
  qn_circuit_room *w = arg;
  const qn_circuit *c = w->circuit;

  if (w->crossbar)
    qn_crossbar_forget(w->crossbar);
  if (c->states == QN_STATES_HELD)
    return;
  for (size_t k = 0; k < c->elements; k++) {
    x[c->chip->units + k] = c->element[k].x * c->chip->volts_per_unit;
    w->rest[k] = rest_of(c, &c->element[k]);
  }
}

void qn_elements_record(void *arg, size_t row, const double *x, qn_trace *out)
{
  const qn_circuit *c = ((const qn_circuit_room *)arg)->circuit;
  const double *states = states_of(c, x);

  if (!out->memristor)
    return;
  for (size_t k = 0; states && k < c->elements; k++)
    out->memristor[row * out->memristors + c->element[k].number] =
      states[k] / c->chip->volts_per_unit;
}

void qn_elements_end(void *arg, const double *x, qn_ode_report *report)
{
  const qn_circuit *c = ((const qn_circuit_room *)arg)->circuit;
  const double *states = states_of(c, x);

  for (size_t k = 0; states && k < c->elements; k++)
    report->moved_worst =
      fmax(report->moved_worst,
           fabs(states[k] / c->chip->volts_per_unit - c->element[k].x));
}

double qn_elements_fastest(const qn_circuit *c)
{
  const qn_technology *t = &c->chip->technology;
  double most = 0;

  for (size_t k = 0; k < c->elements; k++) {
    const qn_element *e = &c->element[k];
    double by_x, by_v;

    t->memristor.device->rate(e->p, e->x, e->polarity * e->rail_v,
                              t->temperature_k, &by_x, &by_v);
    most = fmax(most, fabs(by_x));
  }
  return 1 / most;
}
