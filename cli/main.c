/* main.c - quench: find the command, parse its options, run it. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/commands.h"

const qn_command *const qn_commands[] = {
  &qn_command_info,    &qn_command_run,
  &qn_command_compare, &qn_command_map,
  &qn_command_noise,   &qn_command_die,
  &qn_command_netlist, &qn_command_quantise,
  &qn_command_verilog, &qn_command_cosim,
  &qn_command_list,    &qn_command_show,
  &qn_command_device,  NULL,
};

static int help(FILE *to)
{
  fprintf(to, "usage: quench COMMAND ... (quench COMMAND --help)\n\n"
              "Trained liquid neural networks on hardware: a model, an analog "
              "memristive chip,\na SPICE netlist and a fixed-point Verilog "
              "core, each held against the others.\n\n");
  for (const qn_command *const *c = qn_commands; *c; c++)
    fprintf(to, "  %-9s %-10s %s\n", (*c)->name, (*c)->arguments,
            (*c)->summary);
  fprintf(to, "\nNET is a .safetensors network, DATA a .csv or .safetensors "
              "dataset.\nExit status: 0 done, 1 bad input or failure, 2 usage, "
              "3 two realisations that\nmust be equal are not.\n");
  return to == stdout ? 0 : 2;
}

static const qn_command *find(const char *name)
{
  const qn_command *const *c = qn_commands;

  while (*c && strcmp((*c)->name, name))
    c++;
  return *c;
}

static int run(const qn_command *command, int argc, char **argv)
{
  qn_cli_options opt;
  qn_console console;
  int status;

  if (qn_cli_parse(&opt, command, argc, argv))
    return 2;
  if (opt.help) {
    qn_cli_help(command);
    return 0;
  }
  qn_console_init(&console, command->name, opt.json, opt.quiet);
  status = qn_console_finish(&console, command->run(&opt, &console));
  qn_console_release(&console);
  return status;
}

int main(int argc, char **argv)
{
  const qn_command *command;

  if (argc < 2)
    return help(stderr);
  if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
    return help(stdout);
  if (!strcmp(argv[1], "--version")) {
    puts("quench " QN_VERSION);
    return 0;
  }
  command = find(argv[1]);
  if (command)
    return run(command, argc, argv);
  fprintf(stderr, "quench: no command '%s' (try 'quench --help')\n", argv[1]);
  return 2;
}
