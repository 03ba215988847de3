/* cmd_show.c - one built-in thing as it stands. */
#include <stdio.h>

#include "cli/commands.h"
#include <quench/catalogue.h>
#include <quench/cell.h>
#include <quench/embedded.h>

static json_t *text_or_null(const char *text)
{
  return text ? json_string(text) : json_null();
}

static json_t *show_parameters(const qn_device *d, qn_console *console)
{
  json_t *list = json_array();

  for (const qn_parameter *p = d->parameters; p->name; p++) {
    qn_console_say(console, "  %-12s %g %s (%g to %g): %s\n", p->name, p->value,
                   p->unit, p->low, p->high, p->what);
    json_array_append_new(list, json_pack("{s:s, s:f, s:s, s:f, s:f, s:s}",
                                          "name", p->name, "value", p->value,
                                          "unit", p->unit, "min", p->low, "max",
                                          p->high, "what", p->what));
  }
  return list;
}

static json_t *show_sets(const qn_device *d, qn_console *console)
{
  json_t *list = json_array();

  for (const qn_parameter_set *s = d->sets; s && s->name; s++) {
    json_t *values = json_object();

    qn_console_say(console, "  --set %s: %s\n   ", s->name, s->title);
    for (const struct qn_parameter_value *v = s->values; v->name; v++) {
      qn_console_say(console, " %s %g", v->name, v->value);
      json_object_set_new(values, v->name, qn_json_number(v->value));
    }
    qn_console_say(console, "%s\n    source: %s\n",
                   s->values->name ? "" : " the defaults", s->citation);
    json_array_append_new(
      list, json_pack("{s:s, s:s, s:s, s:o}", "name", s->name, "title",
                      s->title, "citation", s->citation, "values", values));
  }
  return list;
}

static void show_device(const qn_device *d, qn_console *console)
{
  json_t *entry = json_pack(
    "{s:s, s:s, s:s, s:s, s:o, s:o}", "device", d->name, "title", d->title,
    "equation", d->equation, "citation", d->citation, "state_equation",
    text_or_null(d->state_equation), "altered", text_or_null(d->altered));

  qn_console_say(console, "%s: %s\n  %s\n", d->name, d->title, d->equation);
  if (d->state_equation)
    qn_console_say(console, "  %s\n", d->state_equation);
  if (d->altered)
    qn_console_say(console, "  altered: %s\n", d->altered);
  qn_console_say(console,
                 "  source: %s\n  valid from %g to %g K and up to %g V either "
                 "way%s\n",
                 d->citation, d->temperature_min_k, d->temperature_max_k,
                 d->voltage_max_v,
                 d->raised_by > 0   ? "; positive voltage raises G"
                 : d->raised_by < 0 ? "; negative voltage raises G"
                                    : "");
  json_object_set_new(entry, "temperature_min_k",
                      qn_json_number(d->temperature_min_k));
  json_object_set_new(entry, "temperature_max_k",
                      qn_json_number(d->temperature_max_k));
  json_object_set_new(entry, "voltage_max_v", qn_json_number(d->voltage_max_v));
  json_object_set_new(entry, "raised_by", json_integer(d->raised_by));
  json_object_set_new(entry, "parameters", show_parameters(d, console));
  json_object_set_new(entry, "sets", show_sets(d, console));
  json_array_append_new(console->results, entry);
}

static void show_cell(const qn_cell_kind *c, qn_console *console)
{
  qn_console_say(console,
                 "%s: %s\n  %s\n  limits: %s\n  not ideal: %s\n  noise "
                 "[A2/Hz]: %s\n  cost: %s\n",
                 c->name, c->title, c->equation, c->limits, c->non_ideal,
                 c->noise, c->cost);
  if (*c->technology)
    qn_console_say(console, "  in a technology: %s\n", c->technology);
  json_array_append_new(
    console->results,
    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "cell", c->name,
              "title", c->title, "equation", c->equation, "limits", c->limits,
              "non_ideal", c->non_ideal, "noise", c->noise, "cost", c->cost,
              "technology", c->technology));
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  const char *name = opt->argument[0];
  const qn_device *device = qn_device_find(qn_devices, name);
  const qn_cell_kind *cell = qn_cell_kind_find(name);
  const qn_embedded_file *f;
  char path[128];

  snprintf(path, sizeof path, "circuits/technologies/%.64s.yaml", name);
  f = qn_embedded_find(path);
  if (device)
    show_device(device, console);
  if (cell)
    show_cell(cell, console);
  if (f) {
    qn_console_say(console, "%s", f->text);
    json_array_append_new(
      console->results,
      json_pack("{s:s, s:s}", "technology", name, "yaml", f->text));
  }
  if (f || device || cell)
    return QN_OK;
  return qn_diag_set(
    &console->diag, QN_EINVAL, name, NULL,
    "no memristor, cell or technology of this name: see `quench "
    "list`");
}

static const char *const options[] = {NULL};

const qn_command qn_command_show = {
  .name = "show",
  .arguments = "NAME",
  .count = 1,
  .summary = "A built-in memristor, cell or technology: equation, parameters, "
             "source",
  .options = options,
  .run = run,
};
