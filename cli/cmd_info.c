/* cmd_info.c - what a network is. */
#include <math.h>

#include "cli/commands.h"
#include "cli/load.h"

static const char *map_name(qn_map_kind kind)
{
  static const char *const names[] = {"none", "linear", "affine"};

  return names[kind];
}

static void tell_sizes(const qn_network *net, qn_console *console)
{
  const qn_ltc *ltc = &net->ltc;

  qn_console_say(console,
                 "%s: %s, %zu inputs, %zu neurons in %zu layer%s, "
                 "%zu output%s%s%s\n",
                 net->name, qn_cell_name(net->cell), net->inputs, net->units,
                 net->layers, qn_plural(net->layers), net->outputs,
                 qn_plural(net->outputs), net->task ? ", task " : "",
                 qn_task_name(net->task));
  qn_console_say(console,
                 "  synapses    %zu recurrent, %zu sensory\n"
                 "  step        %u unfolds, epsilon %g, %s constraints\n"
                 "  maps        input %s, output %s\n",
                 ltc->recurrent.count, ltc->sensory.count, ltc->unfolds,
                 ltc->epsilon,
                 net->implicit_constraints ? "softplus" : "explicit",
                 map_name(net->input_map.kind), map_name(net->output_map.kind));
  for (size_t k = 0; k < net->inputs; k++)
    qn_console_say(console, "  %s %s\n", k ? "           " : "inputs     ",
                   net->input_names[k]);
  for (size_t m = 0; m < net->outputs; m++)
    qn_console_say(console, "  %s %s\n", m ? "           " : "outputs    ",
                   net->output_names[m]);
}

/* one line a neuron: time constants and the interval of its state, both for
 * any input (Hasani et al. 2021, theorems 1 and 2) */
static void tell_neuron(const qn_network *net, size_t j, qn_console *console,
                        json_t *list)
{
  double low, high;
  double cm = net->ltc.cm[j], gleak = net->ltc.gleak[j];
  double g = qn_ltc_conductance_max(net, j);
  double fast = g > 0 ? cm / g : HUGE_VAL;
  double slow = gleak > 0 ? cm / gleak : HUGE_VAL;
  size_t fan_in = net->ltc.recurrent.first[j + 1] - net->ltc.recurrent.first[j];
  size_t senses = net->ltc.sensory.first[j + 1] - net->ltc.sensory.first[j];

  qn_ltc_hull(net, j, &low, &high);
  qn_console_say(console,
                 "  %6zu %5zu %7zu %7zu  %9.3g to %-9.3g %8.3g to "
                 "%.3g\n",
                 j, net->layer[j], fan_in, senses, fast, slow, low, high);
  json_array_append_new(
    list, json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:f, s:f}", "neuron",
                    (json_int_t)j, "layer", (json_int_t)net->layer[j],
                    "recurrent_synapses", (json_int_t)fan_in,
                    "sensory_synapses", (json_int_t)senses, "time_constant_min",
                    qn_json_number(fast), "time_constant_max",
                    qn_json_number(slow), "state_min", low, "state_max", high));
}

static void tell(const qn_network *net, qn_console *console)
{
  json_t *neurons = json_array();
  json_t *entry =
    json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:i, s:f, s:s, s:o}", "name",
              net->name, "cell", qn_cell_name(net->cell), "inputs",
              (json_int_t)net->inputs, "units", (json_int_t)net->units,
              "outputs", (json_int_t)net->outputs, "recurrent_synapses",
              (json_int_t)net->ltc.recurrent.count, "sensory_synapses",
              (json_int_t)net->ltc.sensory.count, "ode_unfolds",
              (int)net->ltc.unfolds, "epsilon", net->ltc.epsilon, "task",
              qn_task_name(net->task), "neurons", neurons);

  tell_sizes(net, console);
  qn_console_say(console, "\n  neuron layer  recurr. sensory  time constant "
                          "[model s]    state for any input\n");
  for (size_t j = 0; j < net->units; j++)
    tell_neuron(net, j, console, neurons);
  json_array_append_new(console->results, entry);
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  qn_network *net;
  qn_status st = qn_load_network(&net, opt, console);

  if (st)
    return st;
  tell(net, console);
  qn_network_free(net);
  return QN_OK;
}

static const char *const options[] = {NULL};

const qn_command qn_command_info = {
  .name = "info",
  .arguments = "NET",
  .count = 1,
  .summary = "What a network is: sizes, synapses, time constants, state bounds",
  .details = "Time constants lie between cm / (gleak + sum w) and cm / gleak, "
             "states in the hull\nof 0, vleak and the reversal potentials "
             "(Hasani et al., AAAI 2021, theorems 1, 2).",
  .options = options,
  .run = run,
};
