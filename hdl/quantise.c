/* quantise.c - a network into a core: checks, names, hash, and the parts. */
#include "hdl/quantise_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/names.h>

const qn_core_options qn_core_options_default = {
  .width = 16, .span = 1, .input_limit = 16, .headroom = 0};

/* ---- checks -------------------------------------------------------------- */

static qn_status check_options(const qn_core_options *opt, qn_diag *diag)
{
  if (opt->width < QN_WIDTH_MIN || opt->width > QN_WIDTH_MAX)
    return qn_diag_set(diag, QN_EINVAL, "", "", "width %u, expected %d to %d",
                       opt->width, QN_WIDTH_MIN, QN_WIDTH_MAX);
  if (!(opt->span > 0) || !(opt->input_limit > 0) || !isfinite(opt->span) ||
      !isfinite(opt->input_limit) || opt->headroom > 4)
    return qn_diag_set(diag, QN_EINVAL, "", "",
                       "span %g and input limit %g must be above 0, headroom "
                       "%u at most 4",
                       opt->span, opt->input_limit, opt->headroom);
  return QN_OK;
}

static qn_status check_network(const qn_network *net, qn_diag *diag)
{
  qn_status st = qn_network_check_plain_ltc(net, "the core", diag);

  if (st)
    return st;
  if (net->ltc.unfolds < 1 || net->ltc.unfolds > 255)
    return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, "ode_unfolds",
                       "%u unfolds, the core runs 1 to 255", net->ltc.unfolds);
  if (net->inputs < 1 || net->outputs < 1 || net->units > 65536)
    return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, "",
                       "%zu inputs, %zu units, %zu outputs: the core needs an "
                       "input and an output and at most 65536 units",
                       net->inputs, net->units, net->outputs);
  return QN_OK;
}

qn_status qn_core_check_dataset(const qn_core *core, const qn_dataset *data,
                                qn_diag *diag)
{
  if (data->features != core->inputs)
    return qn_diag_set(diag, QN_EINVAL, data->path, "",
                       "%zu features, the core has %zu inputs", data->features,
                       core->inputs);
  for (size_t row = 0; row < data->rows; row++)
    if (qn_dataset_span(data, row) != core->span)
      return qn_diag_set(diag, QN_EUNSUPPORTED, data->path, "timespans",
                         "a sample spans %g model seconds, the core was "
                         "quantised for %g at every sample: irregular spans "
                         "are not in the core yet",
                         qn_dataset_span(data, row), core->span);
  return QN_OK;
}

/* ---- names --------------------------------------------------------------- */

static qn_status copy_names(qn_core *core, const qn_network *net)
{
  qn_status st =
    qn_names_copy(&core->feature_names, net->input_names, core->inputs);

  if (!st)
    st = qn_names_copy(&core->output_names, net->output_names, core->outputs);
  core->name = qn_verilog_identifier(net->name);
  return core->name ? st : QN_ENOMEM;
}

static qn_core *allocate(const qn_network *net, const qn_core_options *opt)
{
  qn_core *core = calloc(1, sizeof *core);

  if (!core)
    return NULL;
  core->inputs = net->inputs;
  core->units = net->units;
  core->outputs = net->outputs;
  core->unfolds = net->ltc.unfolds;
  core->span = opt->span;
  core->width = opt->width;
  memcpy(core->network_sha256, net->sha256, sizeof core->network_sha256);
  core->feature = calloc(core->inputs, sizeof *core->feature);
  core->slope_sensory = calloc(core->inputs, sizeof *core->slope_sensory);
  core->output = calloc(core->outputs, sizeof *core->output);
  core->neuron = calloc(core->units, sizeof *core->neuron);
  if (!core->feature || !core->slope_sensory || !core->output ||
      !core->neuron || copy_names(core, net)) {
    qn_core_free(core);
    return NULL;
  }
  return core;
}

/* ---- layout hash ----------------------------------------------------------- */

static void add_formats(qn_text *text, const char *what,
                        const qn_format *format, size_t n)
{
  char name[32];

  for (size_t i = 0; i < n; i++)
    qn_text_add(text, "%s %s\n", what, qn_format_text(format[i], name));
}

/* Formats, table and slots: what may not change when weights are reloaded. */
static qn_status hash_layout(qn_core *core)
{
  qn_text text;
  int failed;

  qn_text_init(&text);
  qn_text_add(&text, "%zu %zu %zu %u %u %u\n", core->inputs, core->units,
              core->outputs, core->unfolds, core->sum_width,
              core->divider_width);
  qn_text_add(&text, "%u %u %u %u\n", core->align.state, core->align.input,
              core->align.offset, core->align.cut);
  qn_text_add(&text, "%u %u %u %u\n", core->table.bits, core->table.range,
              core->table.guard, core->table.slope_width);
  add_formats(&text, "state", &core->state, 1);
  add_formats(&text, "argument", &core->argument, 1);
  add_formats(&text, "slope", &core->slope_recurrent, 1);
  add_formats(&text, "slope", core->slope_sensory, core->inputs);
  add_formats(&text, "offset", &core->offset, 1);
  add_formats(&text, "feature", core->feature, core->inputs);
  add_formats(&text, "output", core->output, core->outputs);
  for (size_t i = 0; i < core->slots.count; i++)
    qn_text_add(&text, "%d %zu %zu\n", (int)core->slots.at[i].kind,
                core->slots.at[i].pre, core->slots.at[i].post);
  failed = text.failed;
  if (!failed)
    qn_file_sha256(text.data, text.length, core->layout_hash);
  qn_text_release(&text);
  return failed ? QN_ENOMEM : QN_OK;
}

/* ---- all of it ------------------------------------------------------------- */

static qn_status fill(qn_core *core, const qn_network *net,
                      const qn_core_options *opt, qn_diag *diag)
{
  qn_status st = qn_gate_table_build(core);

  if (!st)
    st = qn_core_choose_formats(core, net, opt, diag);
  if (!st)
    st = qn_core_fill_slots(core, net, diag);
  if (!st)
    st = qn_core_prove(core, diag);
  if (!st)
    st = hash_layout(core);
  if (!st)
    core->cycles = qn_core_count_cycles(core);
  return st == QN_ENOMEM ? qn_diag_out_of_memory(diag) : st;
}

qn_status qn_core_quantise(qn_core **out, const qn_network *net,
                           const qn_core_options *options, qn_diag *diag)
{
  qn_status st = check_options(options, diag);
  qn_core *core;

  *out = NULL;
  if (!st)
    st = check_network(net, diag);
  if (st)
    return st;
  core = allocate(net, options);
  if (!core)
    return qn_diag_out_of_memory(diag);
  st = fill(core, net, options, diag);
  if (st) {
    qn_core_free(core);
    return st;
  }
  *out = core;
  return QN_OK;
}
