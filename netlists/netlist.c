/* netlist.c - a folder with a chip's deck, a testbench, and how to use them. */
#include <quench/netlist.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netlists/chip_text.h"
#include "netlists/expression.h"
#include "netlists/map.h"
#include "netlists/testbench.h"
#include "netlists/wires.h"
#include <quench/file.h>
#include <quench/text.h>

static int has_noise(const qn_dialect *dialect, const qn_chip *chip)
{
  qn_noise_text noise;

  qn_noise_text_init(&noise, chip,
                     (qn_noise_wanted){QN_NOISE_FROM_RESISTORS, 0});
  return dialect->add_noise && qn_noise_text_exists(&noise);
}

/* ---- README ------------------------------------------------------------------------- */

static void add_noise_usage(qn_text *t, const qn_dialect *dialect,
                            const qn_chip *chip, const char *stem)
{
  const char *suffix = dialect->suffix;

  if (dialect->noise == QN_NOISE_FROM_NUMBERS)
    qn_text_add(t,
                "The transient has noise: random numbers every %.3g s, a tenth"
                " of the chip's\nshortest time constant, which leave the"
                " variance of that membrane 0.955 of what it\nshould be, of"
                " others more. `.options seed=` chooses the sample.\n\n",
                qn_noise_text_step(chip));
  if (has_noise(dialect, chip))
    qn_text_add(t,
                "`tb_%s_noise%s` tells the noise of n0 at rest under the first"
                " inputs:\n`%s_noise%s` is the chip with a source for all that"
                " the technology has.\n\n",
                stem, suffix, stem, suffix);
}

static void add_ngspice_usage(qn_text *t, const char *stem)
{
  qn_text_add(t,
              "    ngspice -b -n tb_%s.cir\n\n"
              "runs the testbench and writes `%s.raw`: time and every membrane"
              " in volts.\nTo look at it: `ngspice -n`, then `load %s.raw` and"
              " `plot v(n0)`.\n\n",
              stem, stem, stem);
  qn_text_add(t,
              "* `%s.cir`: the chip, subcircuit `qn_chip`, for ngspice; the"
              " dialect is chosen so\n  that Xyce should read it, which has"
              " not been tried.\n"
              "* `tb_%s.cir`: inputs of one sequence, options, transient. The"
              " lines from\n  `.options` on are for ngspice.\n"
              "* `%s.map.csv`: the network's names of the nodes.\n\n",
              stem, stem, stem);
}

static void add_other_usage(qn_text *t, const qn_dialect *dialect,
                            const char *stem)
{
  const char *suffix = dialect->suffix;

  qn_text_add(t, "For %s: %s.\n\n", dialect->name, dialect->tried);
  if (!dialect->results) {
    qn_text_add(t,
                "* `%s%s`: the chip's cells as modules, with the pins and"
                " parameters of the\n  subcircuits that `--dialect spectre`"
                " writes, for use in their place.\n",
                stem, suffix);
  } else {
    qn_text_add(t,
                "    %s tb_%s%s\n\n* `%s%s`: the chip, subcircuit"
                " `qn_chip`.\n* `tb_%s%s`: inputs of one sequence, options,"
                " transient.\n",
                dialect->run, stem, suffix, stem, suffix, stem, suffix);
  }
  qn_text_add(t, "* `%s.map.csv`: the network's names of the nodes.\n\n", stem);
}

static void add_usage(qn_text *t, const qn_dialect *dialect,
                      const qn_chip *chip, const char *stem)
{
  qn_text_add(t, "# ");
  qn_expression_comment(t, chip->name);
  qn_text_add(t, " as a SPICE netlist\n\n"
                 "Written by Quench for the technology ");
  qn_expression_comment(t, chip->technology.name);
  qn_text_add(t, " (%s)%s%s.\n\n", chip->technology.title,
              *chip->sample ? ", " : "", chip->sample);
  if (!strcmp(dialect->name, qn_dialect_ngspice.name))
    add_ngspice_usage(t, stem);
  else
    add_other_usage(t, dialect, stem);
  add_noise_usage(t, dialect, chip, stem);
}

static void add_units(qn_text *t, const qn_chip *chip)
{
  const qn_technology *tech = &chip->technology;

  qn_text_add(t,
              "## Units\n\n"
              "| | |\n|--|--|\n"
              "| model value of a voltage V | (V - %.9g V) / %.9g V |\n"
              "| model second | %.9g s |\n"
              "| rails | %.9g V and %.9g V |\n"
              "| slope of a gate at gain 1 | %.9g a volt |\n",
              chip->common_mode_v, chip->volts_per_unit, chip->seconds_per_unit,
              chip->rail_plus_v, chip->rail_minus_v, chip->gate_slope_per_v);
  if (isfinite(tech->readout_low_v) || isfinite(tech->readout_high_v))
    qn_text_add(t, "| readouts, not in the deck, tell | %.9g V to %.9g V |\n",
                tech->readout_low_v, tech->readout_high_v);
  qn_text_add(t,
              "\nA membrane starts at model value 0. An input is held during a"
              " sample and moves to\nthe next value in %.3g of it.\n\n",
              qn_testbench_rise(chip));
}

static void add_inputs(qn_text *t, const qn_chip *chip)
{
  qn_text_add(
    t, "## Nodes\n\nx is the feature as the network is fed it (scaled by its"
       " mean and deviation,\nwhere it has them).\n\n"
       "| node | is | volts |\n|--|--|--|\n");
  for (size_t k = 0; k < chip->inputs; k++) {
    qn_text_add(t, "| x%zu | input ", k);
    qn_expression_comment(t, chip->input_names[k]);
    qn_text_add(t, " | %.9g V %+.9g V * x |\n",
                qn_chip_to_volts(chip, chip->input_map.b[k]),
                chip->volts_per_unit * chip->input_map.w[k]);
  }
}

/* what a reader of waveforms may want to see of a synapse */
static const char *const gate_of[] = {
  [QN_CELL_DIRECT] =
    "`xchip.xr0.gate` is the fraction\nof the time that the gate"
    " of `Xr0` conducts.\n",
  [QN_CELL_STEERED] =
    "`xchip.xr0.up` and `.down`\nare the fractions of its memristors' currents"
    " that `Xr0` steers to the membrane.\n",
  [QN_CELL_TRANSCONDUCTOR] =
    "`xchip.xr0.gate` is the fraction\nof its transconductance that the gate of"
    " `Xr0` lets through.\n",
};

static void add_inside(qn_text *t, const qn_chip *chip)
{
  qn_text_add(t,
              "\nInside `qn_chip`: `Xm<j>` is the membrane of neuron j, `Xl<j>`"
              " its leak, `Xr<i>` a\nsynapse from a neuron, `Xs<i>` one from"
              " an input; %s",
              gate_of[(int)chip->technology.cell]);
  if (qn_wires_exist(chip))
    qn_text_add(t, "`R..` are stretches of the crossbar's wires, named as the"
                   " node that they lead to:\n`p_x3_n5` is on the wire of the"
                   " upper rail of input 3 where neuron 5 crosses it,\n"
                   "`n5_p_x3` on the wire of that neuron.\n");
  if (chip->technology.rail_f > 0 || chip->technology.membrane_f > 0)
    qn_text_add(t, "`C..` are the wires' capacitance, named as the node that"
                   " they stand at; with `Xm<j>` that of a\nneuron's wire makes"
                   " its membrane's whole capacitance.\n");
}

static void add_neurons(qn_text *t, const qn_chip *chip, const qn_network *net)
{
  for (size_t j = 0; j < chip->units; j++) {
    qn_text_add(t, "| n%zu | neuron %zu", j, j);
    if (net && net->layers > 1)
      qn_text_add(t, ", layer %zu", net->layer[j]);
    if (j < chip->outputs) {
      qn_text_add(t, ", output ");
      qn_expression_comment(t, chip->output_names[j]);
      qn_text_add(t, " = %.9g * model value %+.9g", chip->output_map.w[j],
                  chip->output_map.b[j]);
      if (chip->readout_offset_v[j] != 0)
        qn_text_add(t, ", told %+.9g V off", chip->readout_offset_v[j]);
    }
    qn_text_add(t, " | membrane |\n");
  }
  add_inside(t, chip);
}

/* ---- files -------------------------------------------------------------------------- */

static qn_status put(const char *folder, const char *prefix, const char *name,
                     const char *suffix, const char *text, qn_diag *diag)
{
  char *path = qn_text_format("%s/%s%s%s", folder, prefix, name, suffix);
  qn_status st = path ? qn_file_write(path, text, strlen(text), diag)
                      : qn_diag_out_of_memory(diag);

  free(path);
  return st;
}

static qn_status put_text(const char *folder, const char *prefix,
                          const char *name, const char *suffix, qn_text *t,
                          qn_diag *diag)
{
  qn_status st = t->failed ? qn_diag_out_of_memory(diag)
                           : put(folder, prefix, name, suffix, t->data, diag);

  qn_text_release(t);
  return st;
}

/* a folder under way */
struct deck {
  const qn_dialect *dialect;
  const qn_chip *chip;
  const qn_network *net;
  const char *folder, *stem;
};

static qn_status put_chip(const struct deck *d, qn_noise_wanted noise,
                          const char *suffix, qn_diag *diag)
{
  char *text = NULL;
  qn_text t;
  qn_status st =
    qn_chip_text_alloc(&text, d->chip, d->net, QN_NETLIST_CELLS, noise, diag);

  if (st)
    return st;
  qn_text_init(&t);
  if (d->dialect->add_cells)
    d->dialect->add_cells(&t, d->chip);
  else if (d->dialect->translate)
    d->dialect->translate(&t, text);
  else
    qn_text_add(&t, "%s", text);
  free(text);
  return put_text(d->folder, "", d->stem, suffix, &t, diag);
}

/* what `.noise` is run on */
static qn_status put_noise(const struct deck *d, const qn_dataset *data,
                           size_t sequence, qn_diag *diag)
{
  char chip[300], results[300], suffix[32];
  const qn_testbench_files files = {chip, results};
  qn_status st;
  qn_text t;

  if (!has_noise(d->dialect, d->chip))
    return QN_OK;
  snprintf(chip, sizeof chip, "%.255s_noise.cir", d->stem);
  snprintf(results, sizeof results, "%.255s_noise%s", d->stem,
           d->dialect->results);
  snprintf(suffix, sizeof suffix, "_noise%s", d->dialect->suffix);
  st = put_chip(d, (qn_noise_wanted){QN_NOISE_FROM_RESISTORS, 0}, suffix, diag);
  if (st)
    return st;
  qn_text_init(&t);
  qn_testbench_add_noise(&t, d->dialect, d->chip, data, sequence, &files);
  return put_text(d->folder, "tb_", d->stem, suffix, &t, diag);
}

static qn_status put_testbench(const struct deck *d, const qn_dataset *data,
                               size_t sequence, const qn_spice_accuracy *a,
                               qn_diag *diag)
{
  char chip[300], results[300];
  const qn_testbench_files files = {chip, results};
  size_t clipped = 0;
  qn_text t;

  if (!d->dialect->results)
    return QN_OK;
  snprintf(chip, sizeof chip, "%.255s.cir", d->stem);
  snprintf(results, sizeof results, "%.255s%s", d->stem, d->dialect->results);
  qn_text_init(&t);
  qn_testbench_add(&t, d->dialect, d->chip, data, sequence, a, &files,
                   &clipped);
  return put_text(d->folder, "tb_", d->stem, d->dialect->suffix, &t, diag);
}

static qn_status put_readme(const struct deck *d, qn_diag *diag)
{
  qn_text t;

  qn_text_init(&t);
  add_usage(&t, d->dialect, d->chip, d->stem);
  add_units(&t, d->chip);
  add_inputs(&t, d->chip);
  add_neurons(&t, d->chip, d->net);
  return put_text(d->folder, "", "README", ".md", &t, diag);
}

static qn_status put_map(const struct deck *d, qn_diag *diag)
{
  qn_text t;

  qn_text_init(&t);
  qn_map_add(&t, d->chip, d->net);
  return put_text(d->folder, "", d->stem, ".map.csv", &t, diag);
}

static qn_status put_all(const struct deck *d, const qn_dataset *data,
                         size_t sequence, const qn_spice_accuracy *a,
                         qn_diag *diag)
{
  const qn_noise_wanted noise = {d->dialect->noise,
                                 qn_testbench_length(d->chip, data, sequence)};
  qn_status st = put_chip(d, noise, d->dialect->suffix, diag);

  if (!st)
    st = put_testbench(d, data, sequence, a, diag);
  if (!st)
    st = put_noise(d, data, sequence, diag);
  if (!st)
    st = put_readme(d, diag);
  return st ? st : put_map(d, diag);
}

qn_status qn_netlist_write_as(const qn_dialect *dialect, const qn_chip *chip,
                              const qn_network *net, const qn_dataset *data,
                              size_t sequence,
                              const qn_spice_accuracy *accuracy,
                              const char *folder, qn_diag *diag)
{
  qn_spice_accuracy a = accuracy ? *accuracy : qn_spice_accuracy_default(chip);
  char *stem = qn_expression_stem(chip->name);
  const struct deck d = {dialect, chip, net, folder, stem};
  qn_status st =
    stem ? qn_netlist_check(chip, diag) : qn_diag_out_of_memory(diag);

  if (!st)
    st = qn_file_make_folder(folder, diag);
  if (!st && sequence >= data->sequences)
    st = qn_diag_set(diag, QN_EINVAL, data->path, NULL,
                     "sequence %zu does not exist: there are %zu", sequence,
                     data->sequences);
  if (!st)
    st = put_all(&d, data, sequence, &a, diag);
  free(stem);
  return st;
}

qn_status qn_netlist_write(const qn_chip *chip, const qn_network *net,
                           const qn_dataset *data, size_t sequence,
                           const qn_spice_accuracy *accuracy,
                           const char *folder, qn_diag *diag)
{
  return qn_netlist_write_as(&qn_dialect_ngspice, chip, net, data, sequence,
                             accuracy, folder, diag);
}
