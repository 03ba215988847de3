/* cmd_list.c - what is built in. */
#include <string.h>

#include "cli/commands.h"
#include <quench/catalogue.h>
#include <quench/cell.h>
#include <quench/realisation.h>

static void add(qn_console *console, const char *kind, const char *name,
                const char *title)
{
  qn_console_say(console, "  %-28s %s\n", name, title);
  json_array_append_new(
    console->results,
    json_pack("{s:s, s:s, s:s}", "kind", kind, "name", name, "title", title));
}

static qn_status list_technologies(qn_console *console)
{
  qn_status st = QN_OK;
  char name[64];

  for (size_t i = 0; qn_technology_name(i, name) && !st; i++) {
    qn_technology tech;

    st = qn_technology_open(&tech, name, &console->diag);
    if (!st)
      add(console, "technology", name, tech.title);
  }
  return st;
}

static void list_realisations(qn_console *console)
{
  qn_console_say(console, "realisations (run --on)\n");
  for (const qn_realisation *const *r = qn_realisations; *r; r++)
    add(console, "realisation", (*r)->name, (*r)->title);
}

/* with their published devices */
static void list_devices(qn_console *console)
{
  qn_console_say(console, "memristors (memristor.device of a technology; "
                          "quench device NAME)\n");
  for (const qn_device *const *d = qn_devices; *d; d++) {
    add(console, "device", (*d)->name, (*d)->title);
    for (const qn_parameter_set *s = (*d)->sets; s && s->name; s++)
      qn_console_say(console, "      --set %-14s %s\n", s->name, s->title);
  }
}

static void list_cells(qn_console *console)
{
  qn_console_say(console, "cells of a chip (quench show NAME)\n");
  for (const qn_cell_kind *c = qn_cell_kinds; c->name; c++)
    add(console, "cell", c->name, c->title);
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  const char *only = opt->argument[0];

  if (!only || !strcmp(only, "realisations"))
    list_realisations(console);
  if (!only || !strcmp(only, "devices"))
    list_devices(console);
  if (!only || !strcmp(only, "cells"))
    list_cells(console);
  if (only && strcmp(only, "technologies"))
    return QN_OK;
  qn_console_say(console, "technologies (--technology; quench show NAME)\n");
  return list_technologies(console);
}

static const char *const options[] = {NULL};
static const char *const words[] = {"realisations", "devices", "cells",
                                    "technologies", NULL};

const qn_command qn_command_list = {
  .name = "list",
  .arguments = "",
  .count = 0,
  .words = words,
  .summary =
    "The realisations, memristors, cells and technologies that are built in",
  .details = "`quench list devices` lists these alone; so do realisations, "
             "cells and\ntechnologies.",
  .options = options,
  .run = run,
};
