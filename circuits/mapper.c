/* mapper.c - network + technology -> chip.
 *
 * Order of the choices: rails, volts per unit, a conductance scale for each
 * neuron, the time scale from the capacitors, memristors, gate gains. */
#include <quench/mapper.h>

#include <stdlib.h>
#include <string.h>

#include <quench/names.h>
#include <quench/text.h>

#include "circuits/mapper_parts.h"

static qn_status copy_map(qn_map *to, const qn_map *from)
{
  *to = (qn_map){.kind = from->kind, .n = from->n};
  to->w = malloc((from->n + 1) * sizeof *to->w);
  to->b = malloc((from->n + 1) * sizeof *to->b);
  if (!to->w || !to->b)
    return QN_ENOMEM;
  memcpy(to->w, from->w, from->n * sizeof *to->w);
  memcpy(to->b, from->b, from->n * sizeof *to->b);
  return QN_OK;
}

static qn_status copy_ends(qn_chip *chip, const qn_network *net)
{
  qn_status st = copy_map(&chip->input_map, &net->input_map);

  if (!st)
    st = copy_map(&chip->output_map, &net->output_map);
  if (!st)
    st = qn_names_copy(&chip->input_names, net->input_names, net->inputs);
  if (!st)
    st = qn_names_copy(&chip->output_names, net->output_names, net->outputs);
  return st;
}

static qn_status make_room(qn_chip *chip, const qn_network *net)
{
  double **arrays[] = {&chip->capacitance_f, &chip->leak_plus_s,
                       &chip->leak_minus_s, &chip->siemens_per_unit};

  chip->name = qn_text_format("%s", net->name);
  chip->units = net->units;
  chip->inputs = net->inputs;
  chip->outputs = net->outputs;
  chip->readout_offset_v =
    calloc(net->outputs + 1, sizeof *chip->readout_offset_v);
  if (!chip->name || !chip->readout_offset_v)
    return QN_ENOMEM;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
    if (!(*arrays[i] = calloc(net->units, sizeof **arrays[i])))
      return QN_ENOMEM;
  return copy_ends(chip, net);
}

/* at the temperature that the chip runs at */
static double gate_slope(const qn_technology *t)
{
  double off = t->temperature_k - t->map_temperature_k;

  if (t->ptat == QN_OFF)
    return t->slope_factor / qn_technology_thermal_voltage(t, t->temperature_k);
  return t->slope_factor /
         qn_technology_thermal_voltage(t, t->map_temperature_k) *
         (1 + t->ptat_residual_per_k * off);
}

static qn_status map(struct mapper *m)
{
  qn_status st = make_room(m->chip, m->net);

  if (st)
    return st;
  m->chip->technology = *m->tech;
  m->chip->rise_fraction = m->tech->rise_fraction;
  m->chip->gate_slope_per_v = gate_slope(m->tech);
  qn_mapper_choose_volts(m);
  st = qn_mapper_choose_scales(m);
  if (st)
    return st;
  qn_mapper_choose_time(m);
  return qn_mapper_place(m);
}

qn_status qn_mapper_try(qn_chip **out, const qn_network *net,
                        const qn_technology *tech,
                        const struct mapper_limits *limits)
{
  struct mapper m = {.net = net, .tech = tech, .limits = limits};
  qn_status st;

  m.chip = calloc(1, sizeof *m.chip);
  st = m.chip ? map(&m) : QN_ENOMEM;
  if (st) {
    qn_chip_free(m.chip);
    m.chip = NULL;
  }
  *out = m.chip;
  return st;
}

qn_status qn_chip_map(qn_chip **out, const qn_network *net,
                      const qn_technology *tech, qn_diag *diag)
{
  qn_status st = qn_network_check_plain_ltc(net, "a chip", diag);

  *out = NULL;
  if (!st)
    st = qn_ltc_check_continuous(net, diag);
  return st ? st : qn_mapper_fit(out, net, tech, diag);
}
