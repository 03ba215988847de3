/* core_json.c - formats, proof, schedule and files of a core for programs. */
#include <jansson.h>
#include <stdlib.h>

#include "hdl/folder_parts.h"

#include <quench/quantise.h>

static json_t *format_json(qn_format format)
{
  char name[32];

  return json_string(qn_format_text(format, name));
}

static json_t *named_formats(char *const *name, const qn_format *format,
                             size_t n)
{
  json_t *list = json_array();

  for (size_t i = 0; i < n; i++)
    json_array_append_new(
      list,
      json_pack("{s:s, s:o, s:f, s:f}", "name", name[i], "format",
                format_json(format[i]), "min",
                qn_format_value(format[i], qn_format_min(format[i])), "max",
                qn_format_value(format[i], qn_format_max(format[i]))));
  return list;
}

static json_t *formats_json(const qn_core *core)
{
  return json_pack(
    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i}", "state",
    format_json(core->state), "argument", format_json(core->argument), "gate",
    format_json(core->gate), "slope", format_json(core->slope_recurrent),
    "offset", format_json(core->offset), "inputs",
    named_formats(core->feature_names, core->feature, core->inputs), "outputs",
    named_formats(core->output_names, core->output, core->outputs), "sum_width",
    (int)core->sum_width, "divider_width", (int)core->divider_width);
}

static json_t *table_json(const qn_core *core)
{
  const qn_gate_table *table = &core->table;

  return json_pack("{s:i, s:i, s:i, s:i, s:f}", "intervals", 1 << table->bits,
                   "range", 1 << table->range, "guard_bits", (int)table->guard,
                   "slope_width", (int)table->slope_width, "error_bound",
                   table->error);
}

/* The second proof, neuron by neuron. */
static json_t *proof_json(const qn_core *core)
{
  json_t *list = json_array();

  for (size_t j = 0; j < core->units; j++) {
    const qn_core_neuron *neuron = &core->neuron[j];

    json_array_append_new(
      list,
      json_pack("{s:I, s:f, s:f, s:f, s:I, s:I, s:I, s:b}", "neuron",
                (json_int_t)j, "low", qn_format_value(core->state, neuron->low),
                "high", qn_format_value(core->state, neuron->high), "scale",
                neuron->scale, "denominator_min", (json_int_t)neuron->den_min,
                "denominator_max", (json_int_t)neuron->den_max, "numerator_max",
                (json_int_t)neuron->num_max, "denominator_bounded_below",
                neuron->den_min > 0));
  }
  return list;
}

static json_t *images_json(const qn_core *core)
{
  json_t *list = json_array();

  for (const qn_image *image = qn_images; image->file; image++)
    json_array_append_new(
      list, json_pack("{s:s, s:s, s:I, s:i}", "file", image->file, "what",
                      image->what, "words", (json_int_t)image->count(core),
                      "width", (int)image->width(core)));
  return list;
}

static json_t *network_json(const qn_core *core)
{
  return json_pack("{s:s, s:s, s:I, s:I, s:I, s:i, s:f}", "name", core->name,
                   "sha256", core->network_sha256, "inputs",
                   (json_int_t)core->inputs, "units", (json_int_t)core->units,
                   "outputs", (json_int_t)core->outputs, "unfolds",
                   (int)core->unfolds, "span", core->span);
}

static json_t *schedule_json(const qn_core *core)
{
  return json_pack("{s:i, s:i, s:I, s:I}", "step_cycles", (int)core->cycles,
                   "sample_cycles", (int)qn_core_cycles_per_sample(core),
                   "sensory_slots", (json_int_t)core->slots.sensory,
                   "recurrent_slots", (json_int_t)core->slots.recurrent);
}

void qn_core_json_text(const qn_core *core, qn_text *text)
{
  json_t *root =
    json_pack("{s:o, s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:o}", "network",
              network_json(core), "layout_hash", core->layout_hash,
              "word_width", (int)core->width, "tdata_width",
              (int)qn_core_beat_width(core), "formats", formats_json(core),
              "table", table_json(core), "schedule", schedule_json(core),
              "neurons", proof_json(core), "memories", images_json(core));
  char *dump =
    root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) : NULL;

  if (dump)
    qn_text_add(text, "%s\n", dump);
  else
    text->failed = 1;
  free(dump);
  json_decref(root);
}
