/* noise_versus.c - the sweep of the largest capacitor. */
#include "cli/noise_versus.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>
#include <quench/noise.h>

#include "cli/device_plot.h"
#include "cli/noise_report.h"

enum { POINTS = 9 }; /* factors of two, a sixteenth to sixteen */

struct point {
  double capacitor_max_f, mean_f;
  double seconds_per_unit_s, energy_j;
  double relative_noise, snr_db, effective_bits; /* of the worst output */
  qn_noise_decisions decisions;
};

static const char chart[] =
  "set multiplot layout 2,1 margins 0.12,0.88,0.12,0.92 spacing 0.08\n"
  "set logscale x 2; set format x ''; set key top center\n"
  "set title heading noenhanced\n"
  "set ylabel 'signal to noise (dB)'; set ytics nomirror\n"
  "set y2label 'expected flips (%)'; set y2tics; set y2range [0:0.01<*]\n"
  "plot 'data.csv' skip 1 using ($1 * 1e12):6 with linespoints linestyle 1 "
  "title 'signal to noise', '' skip 1 using ($1 * 1e12):8 axes x1y2 with "
  "linespoints linestyle 2 title 'expected flips'\n"
  "unset title; set format x '%g'; unset y2label; unset y2tics\n"
  "set logscale y; set format y '10^{%T}'\n"
  "set xlabel 'largest capacitor (pF)'\n"
  "set ylabel 'energy a sample (J)'\n"
  "plot 'data.csv' skip 1 using ($1 * 1e12):4 with linespoints linestyle 3 "
  "notitle\n"
  "unset multiplot\n";

/* ---- one point ---------------------------------------------------------------- */

static qn_status make_chip(qn_chip **out, const qn_network *net,
                           const qn_technology *tech, const qn_cli_options *opt,
                           qn_diag *diag)
{
  qn_chip *chip;
  qn_status st = qn_chip_map(&chip, net, tech, diag);

  *out = chip;
  if (st || opt->die < 0)
    return st;
  st = qn_die_draw(out, chip, opt->drawn, diag);
  qn_chip_free(chip);
  return st;
}

/* the output whose noise is largest in its swing */
static void find_worst(const qn_noise *noise, struct point *p)
{
  for (size_t k = 0; k < noise->outputs; k++) {
    qn_noise_figures f = qn_noise_figures_of(noise, k);
    double part = f.swing > 0 ? f.rms / f.swing : 0;

    if (part < p->relative_noise)
      continue;
    p->relative_noise = part;
    p->snr_db = f.snr_db;
    p->effective_bits = f.effective_bits;
  }
}

static void describe(const qn_chip *chip, struct point *p)
{
  for (size_t j = 0; j < chip->units; j++)
    p->mean_f += chip->capacitance_f[j] / (double)chip->units;
  p->capacitor_max_f = chip->technology.capacitor_max_f;
  p->seconds_per_unit_s = chip->seconds_per_unit;
  p->energy_j = qn_chip_estimate(chip).energy_per_step_j;
}

static qn_status run_point(const qn_network *net, const qn_dataset *data,
                           const qn_technology *tech, const qn_cli_options *opt,
                           qn_console *console, struct point *p)
{
  qn_ode_options ode = qn_load_ode_options(opt, console);
  qn_noise_options how = qn_noise_options_default;
  qn_noise *noise = NULL;
  qn_chip *chip;
  qn_status st = make_chip(&chip, net, tech, opt, &console->diag);

  how.workers = ode.workers;
  how.progress = ode.progress;
  if (opt->tolerance > 0)
    how.tolerance = opt->tolerance;
  if (!st)
    st = qn_noise_run(&noise, chip, net, data, &how, &console->diag);
  if (!st) {
    *p = (struct point){.decisions = qn_noise_decide(noise, data, NULL)};
    describe(chip, p);
    find_worst(noise, p);
  }
  qn_noise_free(noise);
  qn_chip_free(chip);
  return st;
}

/* ---- telling ------------------------------------------------------------------ */

static double flips_percent(const struct point *p)
{
  const qn_noise_decisions *d = &p->decisions;

  return d->decisions ? 100 * d->flips / (double)d->decisions : 0;
}

static void tell_point(const struct point *p, qn_console *console, json_t *list)
{
  char a[32], b[32], c[32], d[32];

  qn_console_say(
    console, "  %9s %9s %9s %9.3g %7.1f %6.1f %9.4g %9.4g %9s\n",
    qn_si_text(p->capacitor_max_f, "F", a),
    qn_si_text(p->seconds_per_unit_s, "s", b), qn_si_text(p->energy_j, "J", c),
    100 * p->relative_noise, p->snr_db, p->effective_bits, p->decisions.quiet,
    p->decisions.expected, qn_noise_small_text(flips_percent(p), d));
  json_array_append_new(
    list,
    json_pack("{s:f, s:f, s:f, s:f, s:o, s:o, s:o, s:o, s:o, s:o}",
              "capacitor_max_f", p->capacitor_max_f, "capacitor_mean_f",
              p->mean_f, "seconds_per_unit_s", p->seconds_per_unit_s,
              "energy_per_step_j", p->energy_j, "noise_percent",
              qn_json_number(100 * p->relative_noise), "snr_db",
              qn_json_number(p->snr_db), "effective_bits",
              qn_json_number(p->effective_bits), "metric_without_noise",
              qn_json_number(p->decisions.quiet), "metric_expected",
              qn_json_number(p->decisions.expected), "expected_flips_percent",
              qn_json_number(flips_percent(p))));
}

static void tell(const struct point *point, const qn_technology *tech,
                 const qn_network *net, qn_console *console)
{
  const char *metric = point[0].decisions.metric;
  json_t *list = json_array();

  qn_console_say(console,
                 "%s on %s: noise of the worst output against "
                 "capacitor.max_f\n\n"
                 "  %9s %9s %9s %9s %7s %6s %9s %9s %9s\n"
                 "  %9s %9s %9s %9s %7s %6s %9s %9s %9s\n",
                 net->name, tech->name, "largest", "model", "energy",
                 "rms noise", "SNR", "", metric ? metric : "", "", "flips",
                 "capacitor", "second", "a step", "% swing", "dB", "bits",
                 "quiet", "expected", "%");
  for (size_t i = 0; i < POINTS; i++)
    tell_point(&point[i], console, list);
  if (point[0].mean_f == point[POINTS - 1].mean_f)
    qn_console_note(console, "capacitor.max_f bounds nothing here: "
                             "scale.seconds_per_unit or scale.prefer does");
  json_array_append_new(console->results,
                        json_pack("{s:s, s:s, s:s?, s:o}", "technology",
                                  tech->name, "versus", "capacitance", "metric",
                                  metric, "points", list));
}

static qn_status write(const struct point *point, const qn_network *net,
                       const char *path, qn_console *console)
{
  char title[160];
  const qn_device_plot plot = {chart, title, 800, 640};
  qn_text csv;
  qn_status st;

  snprintf(title, sizeof title, "%.100s: noise against capacitance", net->name);
  for (char *c = title; *c; c++)
    if (*c == '"' || *c == '\\' || (unsigned char)*c < ' ')
      *c = '?';
  qn_text_init(&csv);
  qn_text_add(&csv, "capacitor_max_f,capacitor_mean_f,seconds_per_unit_s,"
                    "energy_per_step_j,noise_percent,snr_db,effective_bits,"
                    "expected_flips_percent,metric_without_noise,"
                    "metric_expected\n");
  for (size_t i = 0; i < POINTS; i++) {
    const struct point *p = &point[i];

    qn_text_add(&csv, "%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g\n",
                p->capacitor_max_f, p->mean_f, p->seconds_per_unit_s,
                p->energy_j, 100 * p->relative_noise, p->snr_db,
                p->effective_bits, flips_percent(p), p->decisions.quiet,
                p->decisions.expected);
  }
  st =
    qn_device_plot_write(path, &csv, &plot, &console->progress, &console->diag);
  qn_text_release(&csv);
  return st;
}

qn_status qn_noise_versus_capacitance(const qn_network *net,
                                      const qn_dataset *data,
                                      const qn_cli_options *opt,
                                      qn_console *console)
{
  struct point point[POINTS];
  qn_technology tech = {.capacitor_max_f = 0};
  qn_status st = qn_technology_open(&tech, opt->technology, &console->diag);
  double max_f = tech.capacitor_max_f;

  if (!st && opt->output)
    st = qn_device_plot_check(opt->output, &console->diag);
  for (int i = 0; i < POINTS && !st; i++) {
    tech.capacitor_max_f = ldexp(max_f, i - POINTS / 2);
    st = run_point(net, data, &tech, opt, console, &point[i]);
  }
  if (!st)
    tell(point, &tech, net, console);
  if (!st && opt->output)
    st = write(point, net, opt->output, console);
  return st;
}
