/* cmd_info.c - what a network is. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/info.h"
#include "cli/load.h"

void qn_info_add_count(json_t *object, const char *key, size_t n)
{
  json_object_set_new(object, key, json_integer((json_int_t)n));
}

const char *qn_info_synapse(int is_sensory, size_t pre, size_t post,
                            char text[96])
{
  snprintf(text, 96, "synapse from %s %zu to neuron %zu",
           is_sensory ? "input" : "neuron", pre, post);
  return text;
}

static json_t *make_entry(const qn_network *net)
{
  return json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "name", net->name, "cell",
                   qn_cell_name(net->cell), "inputs", (json_int_t)net->inputs,
                   "units", (json_int_t)net->units, "outputs",
                   (json_int_t)net->outputs, "task", qn_task_name(net->task));
}

static qn_status tell(const qn_network *net, qn_console *console)
{
  struct info info = {.net = net, .console = console, .entry = make_entry(net)};
  qn_status st = qn_wiring_alloc(&info.wiring, net);

  json_array_append_new(console->results, info.entry);
  if (st)
    return qn_diag_out_of_memory(&console->diag);
  info.is_ncp = qn_wiring_is_ncp(info.wiring, net);
  info.has_links = net->cell != QN_CELL_CFC || !net->cfc.layer[0].backbones;
  qn_info_tell_cell(&info);
  qn_info_tell_ends(&info);
  qn_info_tell_wiring(&info);
  st = qn_info_tell_neurons(&info);
  if (!st)
    st = qn_info_tell_hardware(&info);
  qn_wiring_free(info.wiring);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = qn_load_network(&net, opt, console);

  if (st)
    return st;
  st = tell(net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {NULL};

const qn_command qn_command_info = {
  .name = "info",
  .arguments = "NET",
  .count = 1,
  .summary =
    "What a network is: cell, wiring, bounds, what hardware makes of it",
  .details =
    "Bounds of time constants and states hold for any input (Hasani et "
    "al. 2018 and 2021).\nNumbers of chips and of the core are for "
    "samples of one model second and 16 bits:\nmap, quantise and "
    "compare say more. -q leaves out the list of neurons.",
  .options = options,
  .run = run,
};
