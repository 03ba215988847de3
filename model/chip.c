/* chip.c - what follows from a chip's values. */
#include <quench/chip.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/names.h>
#include <quench/text.h>

void qn_chip_free(qn_chip *chip)
{
  if (!chip)
    return;
  free(chip->name);
  free(chip->capacitance_f);
  free(chip->leak_plus_s), free(chip->leak_minus_s);
  free(chip->siemens_per_unit);
  free(chip->recurrent.at), free(chip->recurrent.first);
  free(chip->sensory.at), free(chip->sensory.first);
  free(chip->input_map.w), free(chip->input_map.b);
  free(chip->output_map.w), free(chip->output_map.b);
  qn_names_free(chip->input_names, chip->inputs);
  qn_names_free(chip->output_names, chip->outputs);
  free(chip->readout_offset_v);
  free(chip->parameter);
  free(chip->clip);
  free(chip);
}

/* ---- copies ------------------------------------------------------------------------ */

/* n elements of some size; a NULL stays one */
static qn_status copy_array(void *to, const void *from, size_t n, size_t size)
{
  void *copy = from ? malloc((n + 1) * size) : NULL;

  if (copy)
    memcpy(copy, from, n * size);
  memcpy(to, &copy, sizeof copy);
  return from && !copy ? QN_ENOMEM : QN_OK;
}

static qn_status copy_branches(qn_branches *to, const qn_branches *from,
                               size_t units)
{
  qn_status st = copy_array(&to->at, from->at, from->count, sizeof *from->at);

  return st ? st
            : copy_array(&to->first, from->first, units + 1,
                         sizeof *from->first);
}

static qn_status copy_map(qn_map *to, const qn_map *from)
{
  qn_status st = copy_array(&to->w, from->w, from->n, sizeof *from->w);

  return st ? st : copy_array(&to->b, from->b, from->n, sizeof *from->b);
}

/* what owns memory in `to` is cleared before it is copied: it can be freed at
 * any time */
static qn_status copy_into(qn_chip *to, const qn_chip *from)
{
  const struct {
    double **to;
    const double *from;
    size_t n;
  } arrays[] = {{&to->capacitance_f, from->capacitance_f, from->units},
                {&to->leak_plus_s, from->leak_plus_s, from->units},
                {&to->leak_minus_s, from->leak_minus_s, from->units},
                {&to->siemens_per_unit, from->siemens_per_unit, from->units},
                {&to->readout_offset_v, from->readout_offset_v, from->outputs},
                {&to->parameter, from->parameter,
                 qn_chip_memristors(from) * QN_DEVICE_PARAMETERS_MAX}};
  enum { ARRAYS = sizeof arrays / sizeof *arrays };
  qn_status st = QN_OK;

  *to = *from;
  to->name = NULL;
  to->recurrent.at = to->sensory.at = NULL;
  to->recurrent.first = to->sensory.first = NULL;
  to->input_map.w = to->input_map.b = NULL;
  to->output_map.w = to->output_map.b = NULL;
  to->input_names = to->output_names = NULL;
  to->clip = NULL;
  for (int i = 0; i < ARRAYS; i++)
    *arrays[i].to = NULL;
  to->name = qn_text_format("%s", from->name);
  if (!to->name)
    return QN_ENOMEM;
  for (int i = 0; i < ARRAYS && !st; i++)
    st = copy_array(arrays[i].to, arrays[i].from, arrays[i].n, sizeof(double));
  if (!st)
    st = copy_branches(&to->recurrent, &from->recurrent, from->units);
  if (!st)
    st = copy_branches(&to->sensory, &from->sensory, from->units);
  if (!st)
    st = copy_map(&to->input_map, &from->input_map);
  if (!st)
    st = copy_map(&to->output_map, &from->output_map);
  if (!st)
    st = qn_names_copy(&to->input_names, from->input_names, from->inputs);
  if (!st)
    st = qn_names_copy(&to->output_names, from->output_names, from->outputs);
  return st
           ? st
           : copy_array(&to->clip, from->clip, from->clips, sizeof *from->clip);
}

qn_status qn_chip_copy(qn_chip **out, const qn_chip *chip)
{
  qn_chip *copy = malloc(sizeof *copy);
  qn_status st;

  *out = NULL;
  if (!copy)
    return QN_ENOMEM;
  st = copy_into(copy, chip);
  if (st)
    qn_chip_free(copy);
  else
    *out = copy;
  return st;
}

/* ---- voltages ------------------------------------------------------------------------ */

double qn_chip_to_model(const qn_chip *chip, double volts)
{
  return (volts - chip->common_mode_v) / chip->volts_per_unit;
}

double qn_chip_to_volts(const qn_chip *chip, double x)
{
  return chip->common_mode_v + chip->volts_per_unit * x;
}

double qn_chip_drive_input(const qn_chip *chip, size_t k, double x,
                           size_t *clipped)
{
  const qn_technology *tech = &chip->technology;
  double v =
    qn_chip_to_volts(chip, chip->input_map.w[k] * x + chip->input_map.b[k]);

  if (v >= tech->driver_low_v && v <= tech->driver_high_v)
    return v;
  *clipped += 1;
  return v < tech->driver_low_v ? tech->driver_low_v : tech->driver_high_v;
}

double qn_chip_read_out(const qn_chip *chip, size_t k, double v,
                        size_t *clipped)
{
  const qn_technology *t = &chip->technology;
  double told = v + chip->readout_offset_v[k];
  double held = fmin(fmax(told, t->readout_low_v), t->readout_high_v);

  *clipped += held != told;
  return held;
}

void qn_chip_outputs(const qn_chip *chip, const double *state, double *output,
                     size_t *clipped)
{
  const qn_map *map = &chip->output_map;

  for (size_t k = 0; k < chip->outputs; k++) {
    double v = qn_chip_to_volts(chip, state[k]);

    output[k] = map->w[k] * qn_chip_to_model(
                              chip, qn_chip_read_out(chip, k, v, clipped)) +
                map->b[k];
  }
}

double qn_chip_through_switch(const qn_chip *chip, double g)
{
  return g / (1 + g * chip->technology.switch_ohm);
}

/* ---- memristors by number -------------------------------------------------------- */

size_t qn_chip_memristors(const qn_chip *chip)
{
  return 2 * (chip->units + chip->recurrent.count + chip->sensory.count);
}

/* number of the first of a place */
static size_t first_at(const qn_chip *chip, qn_place place)
{
  switch (place) {
  case QN_AT_LEAK:
    return 0;
  case QN_AT_RECURRENT:
    return 2 * chip->units;
  case QN_AT_SENSORY:
    break;
  }
  return 2 * (chip->units + chip->recurrent.count);
}

size_t qn_chip_memristor(const qn_chip *chip, qn_place place, size_t i,
                         qn_side side)
{
  return first_at(chip, place) + 2 * i + (side == QN_MINUS);
}

static const qn_branch *branch_of(const qn_chip *chip, const qn_memristor *m)
{
  const qn_branches *b =
    m->place == QN_AT_RECURRENT ? &chip->recurrent : &chip->sensory;

  return m->place == QN_AT_LEAK ? NULL : &b->at[m->i];
}

qn_memristor qn_chip_memristor_at(const qn_chip *chip, size_t number)
{
  qn_memristor m = {.place = QN_AT_SENSORY,
                    .side = number % 2 ? QN_MINUS : QN_PLUS};
  const qn_branch *b;

  while (first_at(chip, m.place) > number)
    m.place--;
  m.i = (number - first_at(chip, m.place)) / 2;
  b = branch_of(chip, &m);
  m.post = b ? b->post : m.i;
  return m;
}

double *qn_chip_conductance(qn_chip *chip, size_t number)
{
  qn_memristor m = qn_chip_memristor_at(chip, number);
  qn_branches *branches =
    m.place == QN_AT_RECURRENT ? &chip->recurrent : &chip->sensory;

  if (m.place == QN_AT_LEAK)
    return m.side == QN_PLUS ? &chip->leak_plus_s[m.i]
                             : &chip->leak_minus_s[m.i];
  return m.side == QN_PLUS ? &branches->at[m.i].plus_s
                           : &branches->at[m.i].minus_s;
}

double qn_chip_conductance_of(const qn_chip *chip, size_t number)
{
  qn_memristor m = qn_chip_memristor_at(chip, number);
  const qn_branch *b = branch_of(chip, &m);

  if (!b)
    return m.side == QN_PLUS ? chip->leak_plus_s[m.i] : chip->leak_minus_s[m.i];
  return m.side == QN_PLUS ? b->plus_s : b->minus_s;
}

const double *qn_chip_parameters(const qn_chip *chip, size_t number)
{
  return chip->parameter ? chip->parameter + number * QN_DEVICE_PARAMETERS_MAX
                         : chip->technology.memristor.parameter;
}

size_t qn_chip_rows(const qn_chip *chip)
{
  return 2 * (1 + chip->inputs + chip->units);
}

qn_crossing qn_chip_crossing(const qn_chip *chip, size_t number)
{
  qn_memristor m = qn_chip_memristor_at(chip, number);
  const qn_branch *b = branch_of(chip, &m);
  size_t line = b ? b->pre : 0;

  if (m.place == QN_AT_SENSORY)
    line += 1;
  if (m.place == QN_AT_RECURRENT)
    line += 1 + chip->inputs;
  return (qn_crossing){2 * line + (m.side == QN_MINUS), m.post};
}

/* ---- clips ---------------------------------------------------------------------- */

static qn_branch *clipped_branch(qn_chip *chip, const qn_clip *clip)
{
  qn_branches *b =
    strcmp(clip->kind, "sensory") ? &chip->recurrent : &chip->sensory;
  qn_branch *at = b->at + b->first[clip->post];

  while (at->pre != clip->pre)
    at++;
  return at;
}

static double *clipped_conductance(qn_chip *chip, const qn_clip *clip)
{
  qn_branch *b;

  if (!strcmp(clip->kind, "leak"))
    return clip->side == QN_PLUS ? &chip->leak_plus_s[clip->post]
                                 : &chip->leak_minus_s[clip->post];
  b = clipped_branch(chip, clip);
  return clip->side == QN_PLUS ? &b->plus_s : &b->minus_s;
}

void qn_chip_set_clipped(qn_chip *chip, const qn_clip *clip, double value)
{
  if (!strcmp(clip->what, "capacitor"))
    chip->capacitance_f[clip->post] = value;
  else if (!strcmp(clip->what, "conductance"))
    *clipped_conductance(chip, clip) = value;
  else {
    qn_branch *b = clipped_branch(chip, clip);

    b->gate.gain = b->minus_gate.gain = value;
  }
}
