/* cmd_list.c - what is built in. */
#include "cli/commands.h"
#include <quench/catalogue.h>
#include <quench/realisation.h>

static void add(qn_console *console, const char *kind, const char *name,
                const char *title)
{
  qn_console_say(console, "  %-14s %s\n", name, title);
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

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  (void)opt;
  qn_console_say(console, "realisations (run --on)\n");
  for (const qn_realisation *const *r = qn_realisations; *r; r++)
    add(console, "realisation", (*r)->name, (*r)->title);
  qn_console_say(console, "memristors (memristor.device of a technology)\n");
  for (const qn_device *const *d = qn_devices; *d; d++)
    add(console, "device", (*d)->name, (*d)->title);
  qn_console_say(console, "technologies (--technology; quench show NAME)\n");
  return list_technologies(console);
}

static const char *const options[] = {NULL};

const qn_command qn_command_list = {
  .name = "list",
  .arguments = "",
  .count = 0,
  .summary = "The realisations, memristors and technologies that are built in",
  .options = options,
  .run = run,
};
