/* comparison.c - the table of `quench compare`, and the same as JSON. */
#include "cli/comparison.h"

#include <stdio.h>
#include <string.h>

#include "cli/load.h"

void qn_comparison_tell_header(const struct comparison *c)
{
  const qn_network *net = c->net;

  qn_console_say(c->console, "%s on %s: %zu sequence%s, %zu step%s\n\n",
                 net->name, c->data->path, c->data->sequences,
                 qn_plural(c->data->sequences), c->data->rows,
                 qn_plural(c->data->rows));
  qn_console_say(c->console,
                 "                              %9s  from reference"
                 "   from what it\n",
                 "");
  qn_console_say(
    c->console,
    "realisation        sequences  %9s  worst    rms   must equal "
    "            time  cost\n",
    qn_metric_of(c->row[0].trace, c->data).name ? c->row[0].metric.name : "");
}

static void tell_twin(const struct row *row, char text[48])
{
  const qn_difference *d = &row->from_twin;

  if (!row->twin)
    snprintf(text, 48, "-");
  else if (!row->twin_binds)
    snprintf(text, 48, "(%.3g %% of %s)", d->worst_percent,
             row->twin->what->name);
  else if (d->worst == 0)
    snprintf(text, 48, "every bit of %s", row->twin->what->name);
  else if (row->what->twin.limit_percent < 0)
    snprintf(text, 48, "%.1e of %s", d->worst, row->twin->what->name);
  else
    snprintf(text, 48, "%.1e %% of %s", d->worst_percent,
             row->twin->what->name);
}

static const qn_quantity *cost_of(const struct row *row)
{
  for (size_t i = 0; i < row->report.quantities; i++)
    if (!strcmp(row->report.quantity[i].key, row->what->cost))
      return &row->report.quantity[i];
  return NULL;
}

/* seven characters wide, with fewer decimals where the number is large */
static const char *percent_text(double value, int decimals, char text[16])
{
  for (double most = decimals == 2 ? 1000 : 100; value >= most && decimals;
       most *= 10)
    decimals--;
  snprintf(text, 16, "%.*f%%", decimals, value);
  return text;
}

/* a technology without its file's folder and .yaml, and what stands over it */
static void add_technology(char *text, size_t room, const char *technology)
{
  size_t n = strcspn(technology, ","), from = n;
  const char *over = technology + n;

  while (from > 0 && technology[from - 1] != '/')
    from--;
  if (n - from > 5 && !strncmp(over - 5, ".yaml", 5))
    n -= 5;
  snprintf(text, room, " %.*s%s", (int)(n - from), technology + from, over);
}

void qn_comparison_tell_row(const struct comparison *c, const struct row *row)
{
  const qn_quantity *cost = cost_of(row);
  char name[128], metric[32] = "", twin[48], text[96] = "", worst[16], rms[16];
  int n = snprintf(name, sizeof name, "%s", row->what->name);

  if (row->technology)
    add_technology(name + n, sizeof name - (size_t)n, row->technology);
  if (!row->trace) {
    qn_console_say(c->console, "%-19s skipped: %s%s%s%s%s\n", name,
                   row->skipped.file, *row->skipped.file ? ": " : "",
                   row->skipped.place, *row->skipped.place ? ": " : "",
                   row->skipped.message);
    return;
  }
  if (row->metric.name)
    snprintf(metric, sizeof metric, "%.4f", row->metric.value);
  tell_twin(row, twin);
  if (cost)
    qn_quantity_text(cost->key, cost->value, text);
  qn_console_say(c->console, "%-19s %8zu  %9s %7s %7s  %-22s %6.2f s  %s\n",
                 name, row->sequences, metric,
                 percent_text(row->from_reference.worst_percent, 2, worst),
                 percent_text(row->from_reference.rms_percent, 3, rms), twin,
                 row->wall_s, text);
}

static json_t *difference_json(const qn_difference *d)
{
  return json_pack("{s:o, s:o, s:o, s:o, s:o}", "worst",
                   qn_json_number(d->worst), "rms", qn_json_number(d->rms),
                   "worst_percent", qn_json_number(d->worst_percent),
                   "rms_percent", qn_json_number(d->rms_percent),
                   "worst_output", qn_json_number(d->worst_output));
}

void qn_comparison_record_row(const struct comparison *c, const struct row *row)
{
  json_t *entry = json_pack("{s:s, s:s?}", "realisation", row->what->name,
                            "technology", row->technology);

  json_array_append_new(c->console->results, entry);
  if (!row->trace) {
    json_object_set_new(entry, "skipped", json_string(row->skipped.message));
    json_object_set_new(entry, "skipped_place",
                        json_string(row->skipped.place));
    return;
  }
  json_object_set_new(entry, "sequences",
                      json_integer((json_int_t)row->sequences));
  json_object_set_new(entry, "steps", json_integer((json_int_t)row->steps));
  json_object_set_new(entry, "wall_s", qn_json_number(row->wall_s));
  if (row->metric.name)
    json_object_set_new(entry, row->metric.name,
                        qn_json_number(row->metric.value));
  json_object_set_new(entry, "from_reference",
                      difference_json(&row->from_reference));
  if (row->twin) {
    json_object_set_new(entry, "twin", json_string(row->twin->what->name));
    json_object_set_new(entry, "from_twin", difference_json(&row->from_twin));
    if (row->twin_binds)
      json_object_set_new(entry, "twin_holds", json_boolean(row->twin_holds));
  }
  qn_load_report(&row->report, row->what->name, entry, c->console);
}

/* what training on few fused steps hides from the user */
void qn_comparison_tell_solver_gap(const struct comparison *c)
{
  const struct row *reference = &c->row[0], *ode = &c->row[1];

  if (c->rows < 2 || strcmp(ode->what->name, "ode") || !ode->trace)
    return;
  qn_console_say(c->console, "\nsolver gap (ode against reference): ");
  if (ode->metric.name)
    qn_console_say(c->console, "%s %.4f -> %.4f, ", ode->metric.name,
                   reference->metric.value, ode->metric.value);
  qn_console_say(c->console, "states off by at most %.3g, rms %.3g\n",
                 ode->from_reference.worst, ode->from_reference.rms);
  qn_console_say(c->console, "differences are in %% of each neuron's swing, of "
                             "every state at every step;\nin brackets: worst, "
                             "where a technology's faults set the two apart\n");
}
