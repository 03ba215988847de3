/* info_ends.c - the inputs and outputs of a network. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cli/info.h"

/* a list up to LIST_MAX is shown whole, the first LIST_SHOWN of a longer one */
enum { LIST_MAX = 24, LIST_SHOWN = 10, NAME_COLUMNS = 36 };

static size_t shown_of(size_t n)
{
  return n > LIST_MAX ? LIST_SHOWN : n;
}

static void tell_rest(const struct info *info, size_t n)
{
  char count[32];

  if (n > shown_of(n))
    qn_console_say(info->console, "    and %s more (--json has all)\n",
                   qn_page_count(n - shown_of(n), count));
}

/* whether the file names none, so that the reader has filled in "x1".. */
static int are_unnamed(char *const *names, size_t n, char letter)
{
  char filled[32];

  for (size_t i = 0; i < n; i++) {
    snprintf(filled, sizeof filled, "%c%zu", letter, i + 1);
    if (strcmp(names[i], filled) != 0)
      return 0;
  }
  return 1;
}

/* ---- inputs --------------------------------------------------------------------- */

/* the columns that there are, each of its width */
static void tell_input_row(const struct info *info, const char *name,
                           const char *mean, const char *std,
                           const char *synapses)
{
  char scaling[48] = "", last[32] = "";

  if (info->net->input_mean)
    snprintf(scaling, sizeof scaling, "%11s %11s", mean, std);
  if (info->has_links)
    snprintf(last, sizeof last, " %10s", synapses);
  qn_console_say(info->console, "  %s%s%s\n", name, scaling, last);
}

static void tell_inputs(const struct info *info)
{
  const qn_network *net = info->net;
  char head[NAME_COLUMNS + 3], mean[32] = "", std[32] = "", count[32] = "";

  snprintf(head, sizeof head, "%-*s", NAME_COLUMNS + 2, "inputs");
  qn_console_say(info->console, "\n");
  tell_input_row(info, head, "mean", "deviation", "synapses");
  for (size_t k = 0; k < shown_of(net->inputs); k++) {
    char name[QN_PAGE_NAME + 2] = "  ";

    qn_page_name(net->input_names[k], NAME_COLUMNS, name + 2);
    if (net->input_mean) {
      snprintf(mean, sizeof mean, "%.5g", net->input_mean[k]);
      snprintf(std, sizeof std, "%.5g", net->input_std[k]);
    }
    qn_page_count(info->wiring->feeds[k], count);
    tell_input_row(info, name, mean, std, count);
  }
  tell_rest(info, net->inputs);
}

/* one line where there is nothing to list */
static void tell_unnamed_inputs(const struct info *info)
{
  size_t n = info->net->inputs, min = SIZE_MAX, max = 0;
  char a[32], b[32], c[32];

  for (size_t k = 0; k < n; k++) {
    min = info->wiring->feeds[k] < min ? info->wiring->feeds[k] : min;
    max = info->wiring->feeds[k] > max ? info->wiring->feeds[k] : max;
  }
  qn_console_say(info->console, "\n");
  if (!info->has_links)
    qn_page_say(info->console, "inputs", "%s, unnamed", qn_page_count(n, a));
  else if (min == max)
    qn_page_say(info->console, "inputs", "%s, unnamed, with %s synapse%s each",
                qn_page_count(n, a), qn_page_count(min, b), qn_plural(min));
  else
    qn_page_say(info->console, "inputs",
                "%s, unnamed, with %s to %s synapses each", qn_page_count(n, a),
                qn_page_count(min, b), qn_page_count(max, c));
}

/* ---- outputs -------------------------------------------------------------------- */

static const char *range_text(qn_interval range, char text[80])
{
  if (isinf(range.low) || isinf(range.high))
    return "unbounded";
  snprintf(text, 80, "%.4g to %.4g", range.low, range.high);
  return text;
}

static void tell_outputs(const struct info *info)
{
  const qn_network *net = info->net;
  int projected = net->projection.rows > 0;
  char name[QN_PAGE_NAME], range[80], from[32] = "projection";

  qn_console_say(info->console, "\n  %-*s%11s    %s\n", NAME_COLUMNS + 2,
                 "outputs", "from", "lies in");
  for (size_t m = 0; m < shown_of(net->outputs); m++) {
    if (!projected)
      snprintf(from, sizeof from, "neuron %zu", net->read_first + m);
    qn_console_say(info->console, "    %s%11s    %s\n",
                   qn_page_name(net->output_names[m], NAME_COLUMNS, name), from,
                   range_text(qn_bounds_output(net, m, QN_INFO_SPAN), range));
  }
  tell_rest(info, net->outputs);
}

/* ---- both ----------------------------------------------------------------------- */

static json_t *number_or_null(const double *values, size_t i)
{
  return values ? qn_json_number(values[i]) : json_null();
}

static void record(const struct info *info)
{
  const qn_network *net = info->net;
  json_t *features = json_array(), *readouts = json_array();

  for (size_t k = 0; k < net->inputs; k++)
    json_array_append_new(
      features, json_pack("{s:s, s:o, s:o, s:o}", "name", net->input_names[k],
                          "mean", number_or_null(net->input_mean, k), "std",
                          number_or_null(net->input_std, k), "synapses",
                          info->has_links
                            ? json_integer((json_int_t)info->wiring->feeds[k])
                            : json_null()));
  for (size_t m = 0; m < net->outputs; m++) {
    qn_interval range = qn_bounds_output(net, m, QN_INFO_SPAN);

    json_array_append_new(
      readouts,
      json_pack("{s:s, s:o, s:o, s:o}", "name", net->output_names[m], "neuron",
                net->projection.rows
                  ? json_null()
                  : json_integer((json_int_t)(net->read_first + m)),
                "output_min", qn_json_number(range.low), "output_max",
                qn_json_number(range.high)));
  }
  json_object_set_new(info->entry, "features", features);
  json_object_set_new(info->entry, "readouts", readouts);
}

void qn_info_tell_ends(const struct info *info)
{
  const qn_network *net = info->net;

  if (!net->input_mean && are_unnamed(net->input_names, net->inputs, 'x'))
    tell_unnamed_inputs(info);
  else
    tell_inputs(info);
  tell_outputs(info);
  if (info->console->json)
    record(info);
}
