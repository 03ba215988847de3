/* cmd_show.c - one built-in thing as it stands. */
#include <stdio.h>

#include "cli/commands.h"
#include <quench/catalogue.h>
#include <quench/embedded.h>

static void show_device(const qn_device *d, qn_console *console)
{
  json_t *parameters = json_array();

  qn_console_say(console, "%s: %s\n  %s\n  source: %s\n", d->name, d->title,
                 d->equation, d->citation);
  for (const qn_parameter *p = d->parameters; p->name; p++) {
    qn_console_say(console, "  %-12s %g %s (%g to %g): %s\n", p->name, p->value,
                   p->unit, p->low, p->high, p->what);
    json_array_append_new(
      parameters, json_pack("{s:s, s:f, s:s, s:f, s:f, s:s}", "name", p->name,
                            "value", p->value, "unit", p->unit, "min", p->low,
                            "max", p->high, "what", p->what));
  }
  json_array_append_new(console->results,
                        json_pack("{s:s, s:s, s:s, s:s, s:o}", "device",
                                  d->name, "title", d->title, "equation",
                                  d->equation, "citation", d->citation,
                                  "parameters", parameters));
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  const char *name = opt->argument[0];
  const qn_device *device = qn_device_find(qn_devices, name);
  const qn_embedded_file *f;
  char path[128];

  snprintf(path, sizeof path, "circuits/technologies/%.64s.yaml", name);
  f = qn_embedded_find(path);
  if (device)
    show_device(device, console);
  if (f) {
    qn_console_say(console, "%s", f->text);
    json_array_append_new(
      console->results,
      json_pack("{s:s, s:s}", "technology", name, "yaml", f->text));
  }
  if (f || device)
    return QN_OK;
  return qn_diag_set(&console->diag, QN_EINVAL, name, NULL,
                     "no memristor or technology of this name: see `quench "
                     "list`");
}

static const char *const options[] = {NULL};

const qn_command qn_command_show = {
  .name = "show",
  .arguments = "NAME",
  .count = 1,
  .summary = "A built-in memristor or technology: equation, parameters, source",
  .options = options,
  .run = run,
};
