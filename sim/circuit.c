/* circuit.c - the transient of a chip, in SI units: what both ways to its
 * currents share (circuit.h). */
#include "sim/circuit.h"

#include <math.h>
#include <stdlib.h>

#include "sim/step.h"

/* ---- gates ---------------------------------------------------------------------- */

static void gates_release(qn_gates *gates)
{
  free(gates->pre);
  free(gates->slope);
  free(gates->threshold);
}

static void set_gate(qn_gates *gates, size_t i, size_t pre, const qn_gate *gate,
                     const qn_chip *chip, double base)
{
  gates->pre[i] = pre;
  gates->slope[i] = chip->gate_slope_per_v * gate->gain;
  gates->threshold[i] = gate->threshold_v - base;
}

/* up to what a kernel works on at a time */
static size_t padded(size_t n)
{
  size_t width = qn_step_kernel_best()->width;

  return (n + width) / width * width;
}

/* of branches whose presynaptic voltages count from `base` */
static qn_status gates_init(qn_gates *gates, const qn_branches *b,
                            const qn_chip *chip, double base)
{
  int steered = chip->technology.cell == QN_CELL_STEERED;

  gates->count = steered ? 2 * b->count : b->count;
  gates->room = padded(gates->count);
  gates->pre = calloc(gates->room, sizeof *gates->pre);
  gates->slope = calloc(gates->room, sizeof *gates->slope);
  gates->threshold = calloc(gates->room, sizeof *gates->threshold);
  if (!gates->pre || !gates->slope || !gates->threshold)
    return QN_ENOMEM;
  for (size_t i = 0; i < b->count; i++) {
    const qn_branch *at = &b->at[i];

    set_gate(gates, i, at->pre, &at->gate, chip, base);
    if (steered)
      set_gate(gates, b->count + i, at->pre, &at->minus_gate, chip, base);
  }
  return QN_OK;
}

/* v is what stands before the gates */
static void open_gates(const qn_gates *gates, const double *v, double *z,
                       double *open)
{
  for (size_t i = 0; i < gates->count; i++)
    z[i] = gates->slope[i] * (v[gates->pre[i]] - gates->threshold[i]);
  qn_step_kernel_best()->logistic(z, open, gates->room);
}

void qn_circuit_open_recurrent(qn_circuit_room *w, const double *v)
{
  open_gates(&w->circuit->recurrent, v, w->z, w->open_recurrent);
}

/* ---- inputs --------------------------------------------------------------------- */

void qn_circuit_move_inputs(qn_circuit_room *w, double t)
{
  qn_ramp_at(&w->ramp, t, w->circuit->chip->inputs, w->u);
  open_gates(&w->circuit->sensory, w->u, w->z, w->open_sensory);
  if (!w->circuit->element)
    qn_membranes_hold(w);
}

static void set_inputs(void *arg, const qn_ramp *ramp)
{
  qn_circuit_room *w = arg;

  w->ramp = *ramp;
  w->moving = ramp->t_end > ramp->t_begin;
  w->seen_t = nan("");
  qn_circuit_move_inputs(w, ramp->t_end);
}

static void map_inputs(const void *arg, const double *row, double *inputs,
                       size_t *clipped)
{
  const qn_chip *chip = ((const qn_circuit *)arg)->chip;

  for (size_t k = 0; k < chip->inputs; k++)
    inputs[k] = qn_chip_drive_input(chip, k, row[k], clipped);
}

static void read_out(const void *arg, const double *state, double *output,
                     size_t *clipped)
{
  qn_chip_outputs(((const qn_circuit *)arg)->chip, state, output, clipped);
}

double qn_circuit_drive(const qn_device *device, const double *parameters,
                        double polarity, double v, double *slope)
{
  return polarity * device->drive(parameters, polarity * v, slope);
}

/* ---- what is shared ------------------------------------------------------------- */

int qn_circuit_needs_elements(const qn_chip *chip)
{
  const qn_technology *t = &chip->technology;

  return chip->parameter || t->cell == QN_CELL_TRANSCONDUCTOR ||
         t->rail_ohm > 0 || t->membrane_ohm > 0 ||
         (t->read_disturb == QN_ON && t->memristor.device->rate);
}

static void circuit_free(void *arg)
{
  qn_circuit *c = arg;

  gates_release(&c->recurrent);
  gates_release(&c->sensory);
  free(c->recurrent_s);
  free(c->sensory_s);
  free(c->element);
  free(c->first);
  qn_pattern_release(&c->pattern);
  free(c);
}

/* conductances of direct cells have the switch in series */
static double of_cell(const qn_chip *chip, double g)
{
  return chip->technology.cell == QN_CELL_DIRECT
           ? qn_chip_through_switch(chip, g)
           : g;
}

static double *conductances(const qn_chip *chip, const qn_branches *b)
{
  double *g = calloc(2 * b->count + 1, sizeof *g);

  for (size_t i = 0; g && i < b->count; i++) {
    g[i] = of_cell(chip, b->at[i].plus_s);
    g[b->count + i] = of_cell(chip, b->at[i].minus_s);
  }
  return g;
}

/* membranes alone */
static qn_status build_pattern(qn_circuit *c)
{
  const qn_branches *s = &c->chip->recurrent;
  size_t *pre = malloc((s->count + 1) * sizeof *pre);
  qn_status st = QN_ENOMEM;

  for (size_t i = 0; pre && i < s->count; i++)
    pre[i] = s->at[i].pre;
  if (pre)
    st = qn_pattern_init(&c->pattern, c->chip->units, s->first, pre);
  free(pre);
  return st;
}

static qn_status circuit_init(qn_circuit *c, const qn_chip *chip, int elements)
{
  qn_status st;

  c->chip = chip;
  c->recurrent_s = conductances(chip, &chip->recurrent);
  c->sensory_s = conductances(chip, &chip->sensory);
  if (!c->recurrent_s || !c->sensory_s)
    return QN_ENOMEM;
  st = gates_init(&c->recurrent, &chip->recurrent, chip, chip->common_mode_v);
  if (!st)
    st = gates_init(&c->sensory, &chip->sensory, chip, 0);
  if (st)
    return st;
  return elements ? qn_elements_init(c) : build_pattern(c);
}

/* ---- rooms ---------------------------------------------------------------------- */

static void room_free(void *arg)
{
  qn_circuit_room *w = arg;

  if (!w)
    return;
  free(w->u);
  free(w->z);
  free(w->open_recurrent), free(w->open_sensory);
  free(w->up), free(w->e_up), free(w->seen);
  free(w->plus), free(w->minus);
  free(w->g), free(w->by_x);
  free(w->voltage), free(w->current);
  free(w->drive), free(w->steep), free(w->rest);
  free(w->feed);
  qn_crossbar_free(w->crossbar);
  free(w);
}

static qn_status room_for_gates(qn_circuit_room *w)
{
  const qn_circuit *c = w->circuit;
  size_t most =
    c->recurrent.room > c->sensory.room ? c->recurrent.room : c->sensory.room;

  w->u = calloc(c->chip->inputs, sizeof *w->u);
  w->z = calloc(most, sizeof *w->z);
  w->open_recurrent = calloc(c->recurrent.room, sizeof *w->open_recurrent);
  w->open_sensory = calloc(c->sensory.room, sizeof *w->open_sensory);
  w->rails = padded(2 * c->chip->units);
  w->up = calloc(w->rails, sizeof *w->up);
  w->e_up = calloc(w->rails, sizeof *w->e_up);
  w->seen = calloc(c->chip->units, sizeof *w->seen);
  w->seen_t = nan("");
  w->plus = calloc(c->chip->units, sizeof *w->plus);
  w->minus = calloc(c->chip->units, sizeof *w->minus);
  return w->u && w->z && w->open_recurrent && w->open_sensory && w->up &&
             w->e_up && w->seen && w->plus && w->minus
           ? QN_OK
           : QN_ENOMEM;
}

static qn_status room_for_crossbar(qn_circuit_room *w)
{
  const qn_circuit *c = w->circuit;
  const qn_chip *chip = c->chip;
  size_t rows = qn_chip_rows(chip);
  qn_crossing *at = calloc(c->elements + 1, sizeof *at);
  qn_status st = QN_ENOMEM;

  w->feed = calloc(rows, sizeof *w->feed);
  for (size_t e = 0; at && e < c->elements; e++)
    at[e] = qn_chip_crossing(chip, c->element[e].number);
  for (size_t r = 0; w->feed && r < rows; r++)
    w->feed[r] =
      (r % 2 ? chip->rail_minus_v : chip->rail_plus_v) - chip->common_mode_v;
  if (at && w->feed)
    st = qn_crossbar_alloc(&w->crossbar, at, c->elements, rows, chip->units,
                           chip->technology.rail_ohm,
                           chip->technology.membrane_ohm);
  free(at);
  return st;
}

static qn_status room_for_elements(qn_circuit_room *w)
{
  const qn_circuit *c = w->circuit;
  double **arrays[] = {&w->g,     &w->by_x,  &w->voltage, &w->current,
                       &w->drive, &w->steep, &w->rest};

  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
    if (!(*arrays[i] = calloc(c->elements + 1, sizeof **arrays[i])))
      return QN_ENOMEM;
  for (size_t k = 0; k < c->elements; k++)
    w->rest[k] = nan("");
  return c->wired ? room_for_crossbar(w) : QN_OK;
}

static void *room_alloc(const void *arg)
{
  qn_circuit_room *w = calloc(1, sizeof *w);

  if (!w)
    return NULL;
  w->circuit = arg;
  if (!room_for_gates(w) && (!w->circuit->element || !room_for_elements(w)))
    return w;
  room_free(w);
  return NULL;
}

/* ---- driven --------------------------------------------------------------------- */

static const qn_driven_kind by_membranes = {
  .name = "analog",
  .rhs = qn_membranes_rhs,
  .jac = qn_membranes_jacobian,
  .rate = qn_membranes_power,
  .model_free = circuit_free,
  .workspace_alloc = room_alloc,
  .workspace_free = room_free,
  .set_inputs = set_inputs,
  .map_inputs = map_inputs,
  .read_out = read_out,
};

static const qn_driven_kind by_elements = {
  .name = "analog",
  .rhs = qn_elements_rhs,
  .jac = qn_elements_jacobian,
  .rate = qn_elements_power,
  .model_free = circuit_free,
  .workspace_alloc = room_alloc,
  .workspace_free = room_free,
  .set_inputs = set_inputs,
  .begin = qn_elements_begin,
  .record = qn_elements_record,
  .end = qn_elements_end,
  .map_inputs = map_inputs,
  .read_out = read_out,
};

static const qn_driven_kind for_rates = {
  .name = "life",
  .rhs = qn_elements_rhs,
  .jac = qn_elements_jacobian,
  .rate = qn_elements_rates,
  .model_free = circuit_free,
  .workspace_alloc = room_alloc,
  .workspace_free = room_free,
  .set_inputs = set_inputs,
  .map_inputs = map_inputs,
  .read_out = read_out,
};

static qn_status init(qn_driven *driven, const qn_chip *chip,
                      const qn_driven_kind *kind, qn_states states)
{
  qn_circuit *c = calloc(1, sizeof *c);
  size_t fastest;

  *driven = (qn_driven){.kind = kind, .model = c};
  if (!c)
    return QN_ENOMEM;
  c->states = states;
  if (circuit_init(c, chip, kind != &by_membranes))
    return QN_ENOMEM;
  driven->n = c->pattern.n;
  driven->units = chip->units;
  driven->inputs = chip->inputs;
  driven->integrals = kind == &for_rates ? 2 * c->elements : QN_HEATS;
  driven->pattern = &c->pattern;
  driven->unit = chip->volts_per_unit;
  driven->fastest_s = qn_chip_fastest(chip, &fastest);
  if (states == QN_STATES_MOVE)
    driven->fastest_s = fmin(driven->fastest_s, qn_elements_fastest(c));
  driven->seconds_per_unit = chip->seconds_per_unit;
  driven->rise_fraction = chip->rise_fraction;
  return QN_OK;
}

static qn_states states_of(const qn_technology *t)
{
  return t->read_disturb == QN_ON && t->memristor.device->rate ? QN_STATES_MOVE
                                                               : QN_STATES_HELD;
}

qn_status qn_driven_init_chip(qn_driven *driven, const qn_chip *chip)
{
  return init(driven, chip,
              qn_circuit_needs_elements(chip) ? &by_elements : &by_membranes,
              states_of(&chip->technology));
}

qn_status qn_driven_init_elements(qn_driven *driven, const qn_chip *chip)
{
  return init(driven, chip, &by_elements, states_of(&chip->technology));
}

qn_status qn_driven_init_rates(qn_driven *driven, const qn_chip *chip)
{
  return init(driven, chip, &for_rates, QN_STATES_HELD);
}

qn_status qn_chip_run(const qn_chip *chip, const qn_network *net,
                      const qn_dataset *data, const qn_ode_options *opt,
                      qn_trace *out, qn_ode_report *report, qn_diag *diag)
{
  qn_driven driven;
  double heat[QN_HEATS] = {0};
  qn_status st = qn_driven_init_chip(&driven, chip);

  if (st)
    qn_diag_out_of_memory(diag);
  else
    st = qn_driven_run(&driven, net, data, opt, out,
                       opt->heat == QN_WITH_HEAT ? heat : NULL, report, diag);
  for (int i = 0; report && i < QN_HEATS; i++)
    report->heat_j[i] = heat[i];
  qn_driven_release(&driven);
  return st;
}
