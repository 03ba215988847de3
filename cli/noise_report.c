/* noise_report.c - figures, shares and decisions as text and JSON. */
#include "cli/noise_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/page.h"

enum { NEURONS_SHOWN = 8, OUTPUTS_SHOWN = 16 };

/* ---- the worst ---------------------------------------------------------------- */

static size_t sequence_of(const qn_dataset *data, size_t row)
{
  size_t s = 0;

  while (data->first[s + 1] <= row)
    s++;
  return s;
}

void qn_noise_report_worst(qn_noise_report *r)
{
  double most = -1;

  for (size_t k = 0; k < r->by_kind->outputs; k++) {
    qn_noise_figures f = qn_noise_figures_of(r->by_kind, k);
    double part = f.swing > 0 ? f.worst / f.swing : 0;

    if (part > most) {
      most = part;
      r->output = k;
      r->worst_row = f.worst_row;
    }
  }
  r->worst_sequence = sequence_of(r->data, r->worst_row);
}

/* ---- sources ------------------------------------------------------------------ */

static void tell_sources(const qn_noise_report *r, qn_console *console,
                         json_t *entry)
{
  const qn_technology *t = &r->chip->technology;
  json_t *list = json_array();
  char text[256] = "";
  int n = 0;

  for (int k = 0; k < QN_NOISE_KINDS; k++)
    if (qn_noise_is_on(t, k)) {
      n += snprintf(text + n, sizeof text - (size_t)n, "%s%s", n ? ", " : "",
                    qn_noise_name((qn_noise_kind)k));
      json_array_append_new(list, json_string(qn_noise_name((qn_noise_kind)k)));
    }
  qn_console_say(console, "%s on %s at %g K: %s\n", r->chip->name, t->name,
                 t->temperature_k, text);
  json_object_set_new(entry, "technology", json_string(t->name));
  json_object_set_new(entry, "temperature_k", qn_json_number(t->temperature_k));
  json_object_set_new(entry, "sources", list);
}

static void tell_reduction(const qn_noise_report *r, qn_console *console,
                           json_t *entry)
{
  const qn_noise *n = r->by_kind;

  if (!n->devices)
    return;
  qn_page_say(console, "coloured",
              "%zu sources of %zu poles (%zu slower than the run, %zu faster "
              "than every membrane) as %zu processes; at most %.2g %% of a "
              "membrane's coloured power left out",
              n->devices, n->poles, n->frozen_poles, n->white_poles,
              n->processes, 100 * n->reduced_left);
  json_object_set_new(
    entry, "coloured",
    json_pack("{s:I, s:I, s:I, s:I, s:I, s:o}", "sources",
              (json_int_t)n->devices, "poles", (json_int_t)n->poles,
              "slow_poles", (json_int_t)n->frozen_poles, "white_poles",
              (json_int_t)n->white_poles, "processes", (json_int_t)n->processes,
              "left_out_percent", qn_json_number(100 * n->reduced_left)));
}

/* ---- outputs ------------------------------------------------------------------ */

static void tell_output(const qn_noise_report *r, size_t k, qn_console *console,
                        json_t *list)
{
  qn_noise_figures f = qn_noise_figures_of(r->by_kind, k);
  char name[QN_PAGE_NAME];

  if (k < OUTPUTS_SHOWN)
    qn_console_say(console, "  %s %9.3g %10.3g %10.3g %8.1f %6.1f\n",
                   qn_page_name(r->net->output_names[k], 20, name), f.swing,
                   f.rms, f.worst, f.snr_db, f.effective_bits);
  json_array_append_new(
    list, json_pack("{s:s, s:o, s:o, s:o, s:I, s:o, s:o}", "output",
                    r->net->output_names[k], "swing", qn_json_number(f.swing),
                    "rms_deviation", qn_json_number(f.rms), "worst_deviation",
                    qn_json_number(f.worst), "worst_row",
                    (json_int_t)f.worst_row, "snr_db", qn_json_number(f.snr_db),
                    "effective_bits", qn_json_number(f.effective_bits)));
}

static void tell_outputs(const qn_noise_report *r, qn_console *console,
                         json_t *entry)
{
  json_t *list = json_array();

  qn_console_say(console, "\n  %-20s %9s %10s %10s %8s %6s\n", "output",
                 "swing", "rms noise", "worst", "SNR dB", "bits");
  for (size_t k = 0; k < r->by_kind->outputs; k++)
    tell_output(r, k, console, list);
  if (r->by_kind->outputs > OUTPUTS_SHOWN)
    qn_console_say(console, "  and %zu more (--json lists all)\n",
                   r->by_kind->outputs - OUTPUTS_SHOWN);
  json_object_set_new(entry, "outputs", list);
}

/* ---- shares ------------------------------------------------------------------- */

struct share {
  size_t account;
  double mean, worst; /* percent of the output's variance */
};

static int by_worst(const void *a, const void *b)
{
  const struct share *x = a, *y = b;

  return x->worst != y->worst
           ? (x->worst < y->worst) - (x->worst > y->worst)
           : (x->account > y->account) - (x->account < y->account);
}

/* of an output's variance: summed over the rows, and at one */
static void find_shares(const qn_noise *n, size_t output, size_t row,
                        struct share *share)
{
  double all = 0, here = 0;

  for (size_t a = 0; a < n->accounts; a++) {
    share[a] = (struct share){.account = a};
    for (size_t i = 0; i < n->rows; i++)
      share[a].mean += n->share[(i * n->outputs + output) * n->accounts + a];
    share[a].worst = n->share[(row * n->outputs + output) * n->accounts + a];
    all += share[a].mean;
    here += share[a].worst;
  }
  for (size_t a = 0; a < n->accounts; a++) {
    share[a].mean *= all > 0 ? 100 / all : 0;
    share[a].worst *= here > 0 ? 100 / here : 0;
  }
  qsort(share, n->accounts, sizeof *share, by_worst);
}

static void tell_kinds(const qn_noise_report *r, qn_console *console,
                       json_t *entry)
{
  struct share share[QN_NOISE_KINDS];
  json_t *list = json_array();

  find_shares(r->by_kind, r->output, r->worst_row, share);
  for (size_t i = 0; i < QN_NOISE_KINDS; i++) {
    const char *name = qn_noise_name((qn_noise_kind)share[i].account);

    if (!qn_noise_is_on(&r->chip->technology, (int)share[i].account))
      continue;
    qn_console_say(console, "  %-20s %8.3g %% %8.3g %%\n", name, share[i].mean,
                   share[i].worst);
    json_array_append_new(
      list, json_pack("{s:s, s:o, s:o}", "kind", name, "mean_percent",
                      qn_json_number(share[i].mean), "worst_percent",
                      qn_json_number(share[i].worst)));
  }
  json_object_set_new(entry, "kinds", list);
}

static void tell_neurons(const qn_noise_report *r, qn_console *console,
                         json_t *entry)
{
  const qn_noise *n = r->by_neuron;
  struct share *share = calloc(n->accounts, sizeof *share);
  json_t *list = json_array();

  if (share)
    find_shares(n, r->output, n->rows - 1, share);
  for (size_t i = 0; share && i < n->accounts; i++) {
    if (i < NEURONS_SHOWN)
      qn_console_say(console, "  from neuron %-8zu %10s %8.3g %%\n",
                     share[i].account, "", share[i].worst);
    json_array_append_new(
      list, json_pack("{s:I, s:o}", "neuron", (json_int_t)share[i].account,
                      "worst_percent", qn_json_number(share[i].worst)));
  }
  if (n->accounts > NEURONS_SHOWN)
    qn_console_say(console, "  and %zu more neurons (--json lists all)\n",
                   n->accounts - NEURONS_SHOWN);
  json_object_set_new(entry, "neurons", list);
  free(share);
}

static void tell_shares(const qn_noise_report *r, qn_console *console,
                        json_t *entry)
{
  size_t s = r->worst_sequence, step = r->worst_row - r->data->first[s];

  qn_console_say(console, "\n");
  qn_page_say(console, "shares",
              "of the variance of %s, on the whole and where it is largest: "
              "sequence %zu, step %zu",
              r->net->output_names[r->output], s, step);
  json_object_set_new(entry, "share_output",
                      json_string(r->net->output_names[r->output]));
  json_object_set_new(entry, "worst_sequence", json_integer((json_int_t)s));
  json_object_set_new(entry, "worst_step", json_integer((json_int_t)step));
  tell_kinds(r, console, entry);
  tell_neurons(r, console, entry);
}

/* ---- decisions ---------------------------------------------------------------- */

const char *qn_noise_small_text(double x, char text[32])
{
  if (x > 0 && x < 1e-9)
    return "<1e-9";
  snprintf(text, 32, "%.3g", x);
  return text;
}

void qn_noise_report_decisions(const qn_noise_report *r, qn_console *console,
                               json_t *entry)
{
  qn_noise_decisions d = qn_noise_decide(r->by_kind, r->data, NULL);
  size_t s = sequence_of(r->data, d.likeliest_row);
  char a[32], b[32], c[32];

  if (d.decisions) {
    qn_page_say(console, "decisions",
                "noise is expected to change %s of %zu (%s %%); the likeliest, "
                "with probability %s, in sequence %zu, step %zu",
                qn_noise_small_text(d.flips, a), d.decisions,
                qn_noise_small_text(100 * d.flips / (double)d.decisions, b),
                qn_noise_small_text(d.likeliest, c), s,
                d.likeliest_row - r->data->first[s]);
    json_object_set_new(
      entry, "decisions",
      json_pack("{s:I, s:o, s:o, s:I, s:I}", "count", (json_int_t)d.decisions,
                "expected_flips", qn_json_number(d.flips),
                "likeliest_probability", qn_json_number(d.likeliest),
                "likeliest_sequence", (json_int_t)s, "likeliest_step",
                (json_int_t)(d.likeliest_row - r->data->first[s])));
  }
  if (!d.metric)
    return;
  qn_page_say(console, d.metric, "%.6g without noise, %.6g expected with it",
              d.quiet, d.expected);
  json_object_set_new(entry, "metric", json_string(d.metric));
  json_object_set_new(entry, "metric_without_noise", qn_json_number(d.quiet));
  json_object_set_new(entry, "metric_expected", qn_json_number(d.expected));
}

void qn_noise_report_tell(const qn_noise_report *r, qn_console *console,
                          json_t *entry)
{
  tell_sources(r, console, entry);
  tell_reduction(r, console, entry);
  tell_outputs(r, console, entry);
  tell_shares(r, console, entry);
  qn_console_say(console, "\n");
  qn_noise_report_decisions(r, console, entry);
}
