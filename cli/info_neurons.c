/* info_neurons.c - time constants and states of every neuron, for any input. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/info.h"

enum { NEURONS_MAX = 64 }; /* listed one by one */

/* what the page says of one neuron */
struct neuron {
  size_t id;
  double recurrent, sensory; /* synapses */
  qn_interval tau, state;
};

static struct neuron neuron_at(const struct info *info, size_t j)
{
  return (struct neuron){.id = j,
                         .recurrent = (double)info->wiring->recurrent[j],
                         .sensory = (double)info->wiring->sensory[j],
                         .tau = qn_bounds_time_constant(info->net, j),
                         .state = qn_bounds_state(info->net, j, QN_INFO_SPAN)};
}

static int is_ltc(const struct info *info)
{
  return info->net->cell == QN_CELL_LTC;
}

/* whether its neurons differ: in the other modes all have one interval */
static int has_list(const struct info *info)
{
  return is_ltc(info) || info->net->cfc.mode == QN_CFC_PURE;
}

/* ---- one by one ------------------------------------------------------------------- */

/* "   17  inter       ", or without layers "   17" */
static const char *who(const struct info *info, size_t j, char text[48])
{
  char layer[32];

  if (info->wiring->layers > 1)
    snprintf(text, 48, "%6zu  %-10s", j,
             qn_info_layer_name(info, info->net->layer[j], layer));
  else
    snprintf(text, 48, "%8zu", j);
  return text;
}

static void tell_columns(const struct info *info)
{
  int width = info->wiring->layers > 1 ? 18 : 8;

  if (is_ltc(info)) {
    qn_console_say(info->console, "\n  %-*s%19s  %22s   %20s\n", width,
                   "neurons", "synapses from  ", "time constant [model s]",
                   "state, any input");
    qn_console_say(info->console, "  %*s%10s %8s %11s %11s %10s %10s\n", width,
                   "", "neurons", "inputs", "shortest", "longest", "lowest",
                   "highest");
  } else {
    qn_console_say(info->console, "\n  %-*s%44s\n", width, "neurons",
                   "state, any input");
    qn_console_say(info->console, "  %*s%11s %11s %10s %10s\n", width, "", "A",
                   "w_tau", "lowest", "highest");
  }
}

static const char *bound_text(double x, char text[32])
{
  return isinf(x) ? "none" : qn_page_number(x, text);
}

static void tell_ltc_neuron(const struct info *info, const struct neuron *n)
{
  char name[48], a[32], b[32], c[32], d[32];

  qn_console_say(info->console, "  %s%10.0f %8.0f %11s %11s %10s %10s\n",
                 who(info, n->id, name), n->recurrent, n->sensory,
                 qn_page_number(n->tau.low, a), qn_page_number(n->tau.high, b),
                 bound_text(n->state.low, c), bound_text(n->state.high, d));
}

static void tell_pure_neuron(const struct info *info, const struct neuron *n)
{
  const qn_cfc_layer *l = info->net->cfc.layer;
  size_t i = n->id;
  char name[48];

  for (; i >= l->units; l++)
    i -= l->units;
  qn_console_say(info->console, "  %s%11.3g %11.3g %10.3g %10.3g\n",
                 who(info, n->id, name), l->a[i], l->w_tau[i], n->state.low,
                 n->state.high);
}

static void tell_list(const struct info *info)
{
  tell_columns(info);
  for (size_t j = 0; j < info->net->units; j++) {
    struct neuron n = neuron_at(info, j);

    if (is_ltc(info))
      tell_ltc_neuron(info, &n);
    else
      tell_pure_neuron(info, &n);
  }
}

/* ---- all at once ------------------------------------------------------------------ */

enum { COLUMNS = 5, STATES = 3 };

struct column {
  const char *name;
  double (*value)(const struct neuron *n);
};

static double fan_in_of(const struct neuron *n)
{
  return n->recurrent + n->sensory;
}

static double fastest_of(const struct neuron *n)
{
  return n->tau.low;
}

static double slowest_of(const struct neuron *n)
{
  return n->tau.high;
}

static double lowest_of(const struct neuron *n)
{
  return n->state.low;
}

static double highest_of(const struct neuron *n)
{
  return n->state.high;
}

/* of one neuron, to be sorted */
struct entry {
  double value;
  size_t id;
};

static int by_value(const void *a, const void *b)
{
  const struct entry *x = a, *y = b;

  if (x->value != y->value)
    return x->value < y->value ? -1 : 1;
  return (x->id > y->id) - (x->id < y->id);
}

/* "     0.012 (51,158)" */
static const char *extreme_text(const struct entry *e, char text[80])
{
  char value[32], id[32];

  snprintf(text, 80, "%9s (%s)", qn_page_number(e->value, value),
           qn_page_count(e->id, id));
  return text;
}

static void tell_column(const struct info *info, const struct column *column,
                        struct entry *all)
{
  size_t n = 0;
  char least[80], median[32], most[80];

  for (size_t j = 0; j < info->net->units; j++) {
    struct neuron neuron = neuron_at(info, j);

    all[n] = (struct entry){column->value(&neuron), j};
    if (!isnan(all[n].value))
      n++;
  }
  if (!n)
    return;
  qsort(all, n, sizeof *all, by_value);
  qn_console_say(info->console, "    %-34s %-20s %9s  %s\n", column->name,
                 extreme_text(&all[0], least),
                 qn_page_number(all[n / 2].value, median),
                 extreme_text(&all[n - 1], most));
}

static qn_status tell_summary(const struct info *info)
{
  static const struct column columns[COLUMNS] = {
    {"synapses onto it", fan_in_of},
    {"time constant, shortest [model s]", fastest_of},
    {"time constant, longest [model s]", slowest_of},
    {"state, lowest for any input", lowest_of},
    {"state, highest for any input", highest_of}};
  struct entry *all = malloc(info->net->units * sizeof *all);

  if (!all)
    return qn_diag_out_of_memory(&info->console->diag);
  qn_console_say(info->console, "\n  %-36s %9s %-10s %9s  %9s %s\n",
                 "neurons (--json lists each)", "least", "(neuron)", "median",
                 "most", "(neuron)");
  for (size_t i = is_ltc(info) ? 0 : STATES; i < COLUMNS; i++)
    tell_column(info, &columns[i], all);
  free(all);
  return QN_OK;
}

/* ---- what the numbers mean --------------------------------------------------------- */

static size_t count_unbounded(const qn_network *net)
{
  size_t n = 0;

  for (size_t j = 0; j < net->units; j++)
    n += isinf(qn_bounds_state(net, j, QN_INFO_SPAN).low) != 0;
  return n;
}

static void explain_memory(const struct info *info)
{
  if (info->net->mixed_memory)
    qn_page_say(info->console, "",
                "none for the memory's cells c, which may grow by up to 1 a "
                "sample");
}

static void explain_ltc(const struct info *info)
{
  size_t unbounded = count_unbounded(info->net);

  qn_console_say(info->console, "\n");
  qn_page_say(info->console, "bounds",
              "time constants from cm / (gleak + all w, of inputs too) to cm / "
              "gleak; states between the least and the greatest of %s, vleak "
              "and the reversal potentials (Hasani et al. 2018, arXiv "
              "1811.00321, lemmas 2 and 3; AAAI 2021, theorems 1 and 2)",
              info->net->mixed_memory
                ? "-1, 1 (samples start from the memory's h)"
                : "0, where they start");
  if (unbounded)
    qn_page_say(info->console, "",
                "none for %zu neuron%s with a cm, gleak or w below 0; the "
                "others' hold while every state is finite",
                unbounded, qn_plural(unbounded));
  explain_memory(info);
}

static void explain_cfc(const struct info *info)
{
  qn_console_say(info->console, "\n");
  switch (info->net->cfc.mode) {
  case QN_CFC_DEFAULT:
    qn_page_say(info->console, "states",
                "every neuron within -1 to 1 for any input: a weighted mean of "
                "two tanh");
    break;
  case QN_CFC_NO_GATE:
    qn_page_say(info->console, "states",
                "every neuron within -2 to 2 for any input: a tanh and a part "
                "of another");
    break;
  case QN_CFC_PURE:
    qn_page_say(info->console, "states",
                "every neuron within A (1 -+ c) and 0, where it starts, with c "
                "= exp(-t |w_tau|) / (e t) for samples of at least t model "
                "seconds; here t = %d",
                QN_INFO_SPAN);
  }
  explain_memory(info);
}

/* ---- the whole --------------------------------------------------------------------- */

static json_t *count_or_null(const struct info *info, double n)
{
  return info->has_links ? json_integer((json_int_t)n) : json_null();
}

static void record(const struct info *info)
{
  json_t *list = json_array();

  for (size_t j = 0; j < info->net->units; j++) {
    struct neuron n = neuron_at(info, j);

    json_array_append_new(
      list, json_pack("{s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "neuron",
                      (json_int_t)j, "layer", (json_int_t)info->net->layer[j],
                      "recurrent_synapses", count_or_null(info, n.recurrent),
                      "sensory_synapses", count_or_null(info, n.sensory),
                      "time_constant_min", qn_json_number(n.tau.low),
                      "time_constant_max", qn_json_number(n.tau.high),
                      "state_min", qn_json_number(n.state.low), "state_max",
                      qn_json_number(n.state.high)));
  }
  json_object_set_new(info->entry, "neurons", list);
  qn_info_add_count(info->entry, "state_bounds_span_min", QN_INFO_SPAN);
}

qn_status qn_info_tell_neurons(const struct info *info)
{
  qn_status st = QN_OK;

  if (info->console->json) {
    record(info);
    return QN_OK;
  }
  if (!is_ltc(info))
    explain_cfc(info);
  if (has_list(info) && info->net->units > NEURONS_MAX)
    st = tell_summary(info);
  else if (has_list(info) && !info->console->quiet)
    tell_list(info);
  if (is_ltc(info))
    explain_ltc(info);
  return st;
}
