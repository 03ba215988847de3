/* found.c - see found.h. */
#include "cli/found.h"

#include <stdio.h>

#include <quench/check.h>
#include <quench/netlist.h>
#include <quench/realisation.h>

/* of states of memristors, which the integrators' steps do not follow as
 * closely as membranes */
static const double state_limit = 1e-3; /* of the range */

static const qn_twin *twin(void)
{
  return &qn_realisation_find("spice")->twin;
}

/* ---- what was found ----------------------------------------------------------------- */

static qn_found_place place_of(const qn_chip *chip, const qn_dataset *data,
                               size_t row)
{
  size_t s = 0;

  while (data->first[s + 1] <= row)
    s++;
  return (qn_found_place){.sequence = s,
                          .step = row - data->first[s],
                          .time_s = qn_check_time(chip, data, row)};
}

qn_found qn_found_of(const qn_chip *chip, const qn_dataset *data,
                     const qn_trace *got, const qn_trace *analog,
                     const double *swing)
{
  qn_found f = {.chip = chip,
                .membranes = qn_difference_of(got, analog, swing),
                .moving = qn_netlist_states(chip)};

  f.at = place_of(chip, data, f.membranes.worst_row);
  if (!got->memristor || !analog->memristor)
    return f;
  f.compared = f.moving;
  f.states = qn_state_difference_of(got, analog);
  f.state_at = place_of(chip, data, f.states.row);
  return f;
}

static int states_hold(const qn_found *f)
{
  return f->states.worst <= state_limit; /* not where it is NaN */
}

qn_found_place qn_found_worst(const qn_found *f)
{
  return qn_twin_holds(twin(), &f->membranes) && !states_hold(f) ? f->state_at
                                                                 : f->at;
}

/* the node of the memristor that is worst */
static qn_state_node worst_node(const qn_found *f)
{
  size_t k = f->states.memristor;

  /* where all are equal none is worst: the first that moves */
  while (!(qn_chip_conductance_of(f->chip, k) > 0))
    k++;
  return qn_netlist_state_node(f->chip, k);
}

/* ---- told --------------------------------------------------------------------------- */

static void tell_states(const qn_found *f, qn_console *console)
{
  if (!f->compared)
    qn_console_say(console,
                   "; states of the %zu memristors that move are not in it",
                   f->moving);
  else
    qn_console_say(console,
                   "; states of %zu memristors: worst %.3g of the range (%s, "
                   "sequence %zu, step %zu, %.6g s)",
                   f->compared, f->states.worst, worst_node(f).name,
                   f->state_at.sequence, f->state_at.step, f->state_at.time_s);
}

void qn_found_tell(const qn_found *f, const char *what, qn_console *console)
{
  qn_console_say(console,
                 "%s against analog: worst %.3g %% of the swing (n%zu, "
                 "sequence %zu, step %zu, %.6g s), rms %.3g %%",
                 what, f->membranes.worst_percent, f->membranes.worst_neuron,
                 f->at.sequence, f->at.step, f->at.time_s,
                 f->membranes.rms_percent);
  if (f->moving)
    tell_states(f, console);
  qn_console_say(console, "\n");
}

static void add_states(json_t *entry, const qn_found *f)
{
  json_object_set_new(entry, "memristors_compared",
                      json_integer((json_int_t)f->compared));
  if (!f->compared)
    return;
  json_object_update_new(
    entry, json_pack("{s:o, s:s, s:I, s:I, s:o, s:f}", "worst_memristor_state",
                     qn_json_number(f->states.worst), "worst_memristor",
                     worst_node(f).name, "worst_memristor_sequence",
                     (json_int_t)f->state_at.sequence, "worst_memristor_step",
                     (json_int_t)f->state_at.step, "worst_memristor_time_s",
                     qn_json_number(f->state_at.time_s),
                     "limit_memristor_state", state_limit));
}

json_t *qn_found_json(const qn_found *f)
{
  char node[32];
  json_t *entry;

  snprintf(node, sizeof node, "n%zu", f->membranes.worst_neuron);
  entry = json_pack("{s:o, s:o, s:I, s:s, s:I, s:I, s:o, s:f}", "worst_percent",
                    qn_json_number(f->membranes.worst_percent), "rms_percent",
                    qn_json_number(f->membranes.rms_percent), "worst_neuron",
                    (json_int_t)f->membranes.worst_neuron, "worst_node", node,
                    "worst_sequence", (json_int_t)f->at.sequence, "worst_step",
                    (json_int_t)f->at.step, "worst_time_s",
                    qn_json_number(f->at.time_s), "limit_percent",
                    twin()->limit_percent);
  if (f->moving)
    add_states(entry, f);
  return entry;
}

/* ---- judged ------------------------------------------------------------------------- */

static qn_status judge_membranes(const qn_found *f, const char *who,
                                 const char *advice, qn_diag *diag)
{
  char place[96];

  snprintf(place, sizeof place, "n%zu, sequence %zu, step %zu",
           f->membranes.worst_neuron, f->at.sequence, f->at.step);
  return qn_diag_set(diag, QN_EMISMATCH, who, place,
                     "membranes differ from analog by %.3g %% of the swing, "
                     "more than %g %%; %s",
                     f->membranes.worst_percent, twin()->limit_percent, advice);
}

static qn_status judge_states(const qn_found *f, const char *who,
                              const char *advice, qn_diag *diag)
{
  char place[160];

  snprintf(place, sizeof place, "%s, sequence %zu, step %zu",
           worst_node(f).name, f->state_at.sequence, f->state_at.step);
  return qn_diag_set(diag, QN_EMISMATCH, who, place,
                     "states of memristors differ from analog by %.3g of "
                     "their range, more than %g; %s",
                     f->states.worst, state_limit, advice);
}

qn_status qn_found_judge(const qn_found *f, const char *who, const char *advice,
                         qn_diag *diag)
{
  if (!qn_twin_holds(twin(), &f->membranes))
    return judge_membranes(f, who, advice, diag);
  return states_hold(f) ? QN_OK : judge_states(f, who, advice, diag);
}
