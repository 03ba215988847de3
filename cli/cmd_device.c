/* cmd_device.c - one memristor: what it is, and what a sweep does to it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/device_plot.h"
#include <quench/catalogue.h>

enum { TRACES_MAX = 4, PULSES = 20 };

static const double part = 0.01; /* of the range: "moves" */

struct job {
  const qn_cli_options *opt;
  qn_console *console;
  qn_device_card card;
  double temperature_k;
  json_t *entry;
  qn_device_trace *trace[TRACES_MAX]; /* of the sweep, NULL-ended or full */
};

typedef struct sweep {
  const char *name;
  const char *script;
  int width, height;
  qn_status (*check)(const struct job *job);
  qn_status (*run)(struct job *job);
} sweep;

/* ---- figures ---------------------------------------------------------------- */

/* seconds as a person counts them, or "never" */
static const char *duration_text(double s, char text[32])
{
  static const struct {
    double s;
    const char *name;
  } units[] = {{3.15576e7, "years"}, {86400, "days"}, {3600, "hours"}};

  if (!isfinite(s))
    return "never";
  for (size_t i = 0; i < 3; i++)
    if (s >= 2 * units[i].s) {
      snprintf(text, 32, "%.3g %s", s / units[i].s, units[i].name);
      return text;
    }
  return qn_si_text(s, "s", text);
}

static void tell_window(const struct job *job)
{
  const qn_device *d = job->card.device;
  const double *p = job->card.parameter;
  double slope, low = d->conductance(p, 0, &slope);
  double high = d->conductance(p, 1, &slope);
  char a[32], b[32];

  qn_console_say(job->console, "  conductance  %s to %s\n",
                 qn_si_text(low, "S", a), qn_si_text(high, "S", b));
  json_object_set_new(job->entry, "conductance_min_s", qn_json_number(low));
  json_object_set_new(job->entry, "conductance_max_s", qn_json_number(high));
}

static const char *voltage_text(double v, char text[32])
{
  return isfinite(v) ? qn_si_text(v, "V", text) : "none";
}

/* voltages that move 1 % of the range from its middle */
static void tell_thresholds(const struct job *job)
{
  static const struct {
    double s;
    const char *label, *key;
  } rows[] = {{1, "1 s", "moved_in_1_s"}, {1e-6, "1 us", "moved_in_1_us"}};
  int raised = job->card.device->raised_by;

  for (size_t i = 0; i < 2; i++) {
    double up = qn_device_move_voltage(&job->card, 0.5, job->temperature_k,
                                       part, rows[i].s, raised);
    double down = qn_device_move_voltage(&job->card, 0.5, job->temperature_k,
                                         part, rows[i].s, -raised);
    char a[32], b[32];

    qn_console_say(job->console, "  1 %% in %-5s  up by %s, down by %s\n",
                   rows[i].label, voltage_text(up, a), voltage_text(down, b));
    json_object_set_new(job->entry, rows[i].key,
                        json_pack("{s:o, s:o}", "up_v", qn_json_number(up),
                                  "down_v", qn_json_number(down)));
  }
}

/* how long a reading voltage of either sign leaves the middle alone */
static void tell_retention(const struct job *job)
{
  static const double volts[] = {0.1, 0.2, 0.5};
  const qn_device *d = job->card.device;
  json_t *list = json_array();

  for (size_t i = 0; i < 3 && volts[i] <= d->voltage_max_v; i++) {
    double a =
      qn_device_move_time(&job->card, 0.5, volts[i], job->temperature_k, part);
    double b =
      qn_device_move_time(&job->card, 0.5, -volts[i], job->temperature_k, part);
    char text[32];

    qn_console_say(job->console, "  1 %% at %.1f V  %s\n", volts[i],
                   duration_text(fmin(a, b), text));
    json_array_append_new(list, json_pack("{s:f, s:o}", "voltage_v", volts[i],
                                          "moves_1_percent_s",
                                          qn_json_number(fmin(a, b))));
  }
  json_object_set_new(job->entry, "retention", list);
}

static void tell_summary(const struct job *job)
{
  const qn_device *d = job->card.device;

  qn_console_say(job->console, "%s%s%s: %s, at %g K\n", d->name,
                 job->opt->set ? ", " : "", job->opt->set ? job->opt->set : "",
                 d->title, job->temperature_k);
  tell_window(job);
  if (d->rate) {
    tell_thresholds(job);
    tell_retention(job);
  }
}

static qn_status refuse(const struct job *job, const char *what)
{
  return qn_diag_set(&job->console->diag, QN_EUNSUPPORTED,
                     job->card.device->name, job->opt->sweep, "%s", what);
}

static qn_status takes_loop(const struct job *job)
{
  (void)job;
  return QN_OK;
}

static qn_status takes_pulses(const struct job *job)
{
  if (job->card.device->rate)
    return QN_OK;
  return refuse(job, "no voltage moves this memristor: no pulses");
}

static qn_status takes_retention(const struct job *job)
{
  if (job->card.device->rate || job->card.device->retention)
    return QN_OK;
  return refuse(job, "nothing moves this memristor: it holds for ever");
}

/* ---- sweeps --------------------------------------------------------------------- */

static qn_status run_pieces(struct job *job, size_t k,
                            const qn_wave_piece *piece, size_t pieces, double x)
{
  const qn_device_setting setting = {.state = x,
                                     .temperature_k = job->temperature_k};

  return qn_device_run(&job->trace[k], &job->card, piece, pieces, &setting,
                       &job->console->diag);
}

/* voltage that moves a share of the range from x in `seconds`, or the largest; its
 * sign is that which raises (1) or lowers (-1) */
static double voltage_for(const struct job *job, double x, double share,
                          double seconds, int direction)
{
  const qn_device *d = job->card.device;
  int sign = direction * d->raised_by;
  double v = qn_device_move_voltage(&job->card, x, job->temperature_k, share,
                                    seconds, sign);

  return isfinite(v) ? v : sign * d->voltage_max_v;
}

/* a sine stays about a fiftieth of its period near enough to its peak for a rate
 * that rises by e every few per cent of it */
static qn_status sweep_loop(struct job *job)
{
  const qn_device *d = job->card.device;
  double period = job->opt->time > 0 ? job->opt->time : 1, area;
  double v = fmin(1, d->voltage_max_v), x = d->raised_by < 0 ? 0.9 : 0.1;
  qn_wave_piece sine;
  char a[32], b[32], c[32];
  qn_status st;

  if (d->rate)
    v = 1.1 * fmax(fabs(voltage_for(job, 0.1, 0.8, period / 50, 1)),
                   fabs(voltage_for(job, 0.9, 0.8, period / 50, -1)));
  v = job->opt->amplitude > 0 ? job->opt->amplitude : fmin(v, d->voltage_max_v);
  sine = qn_wave_sine(v, period, 2);
  st = run_pieces(job, 0, &sine, 1, x);
  if (st)
    return st;
  area = qn_device_loop_area(job->trace[0], 400, 800);
  qn_console_say(job->console,
                 "  loop         two sines of %s, %s each; the second encloses "
                 "%s\n",
                 qn_si_text(v, "V", a), qn_si_text(period, "s", b),
                 qn_si_text(area, "W", c));
  json_object_set_new(job->entry, "amplitude_v", qn_json_number(v));
  json_object_set_new(job->entry, "period_s", qn_json_number(period));
  json_object_set_new(job->entry, "loop_area_w", qn_json_number(area));
  return QN_OK;
}

/* PULSES up, PULSES down, each followed by a read */
static void make_train(qn_wave_piece *piece, double up, double down,
                       double read, double width)
{
  for (int i = 0; i < 2 * PULSES; i++) {
    qn_wave_pulse(piece, i < PULSES ? up : down, width);
    qn_wave_pulse(piece + QN_WAVE_PULSE, read, width);
    piece += 2 * QN_WAVE_PULSE;
  }
}

/* the conductance as the read after pulse i ends */
static double read_after(const qn_device_trace *trace, size_t i)
{
  size_t rows = (trace->rows - 1) / (2 * PULSES);

  return trace->conductance_s[(i + 1) * rows];
}

static qn_status sweep_pulses(struct job *job)
{
  static qn_wave_piece piece[4 * PULSES * QN_WAVE_PULSE];
  double width = job->opt->time > 0 ? job->opt->time : 1e-6, up, down, read;
  char a[32], b[32], c[32], e[32];
  const qn_device_trace *t;
  qn_status st;

  up = voltage_for(job, 0.3, 0.4, PULSES * width, 1);
  down = voltage_for(job, 0.7, 0.4, PULSES * width, -1);
  if (job->opt->amplitude > 0) {
    up = copysign(job->opt->amplitude, up);
    down = copysign(job->opt->amplitude, down);
  }
  read = fmin(0.1, 0.1 * fmin(fabs(up), fabs(down)));
  make_train(piece, up, down, read, width);
  st = run_pieces(job, 0, piece, sizeof piece / sizeof *piece, 0.3);
  if (st)
    return st;
  t = job->trace[0];
  qn_console_say(
    job->console, "  pulses       %d of %s, %d of %s, %s long, read at %s\n",
    PULSES, qn_si_text(up, "V", a), PULSES, qn_si_text(down, "V", b),
    qn_si_text(width, "s", c), qn_si_text(read, "V", e));
  qn_console_say(job->console, "  read         %s, up to %s, down to %s\n",
                 qn_si_text(t->conductance_s[0], "S", a),
                 qn_si_text(read_after(t, PULSES - 1), "S", b),
                 qn_si_text(read_after(t, 2 * PULSES - 1), "S", c));
  json_object_set_new(job->entry, "up_v", qn_json_number(up));
  json_object_set_new(job->entry, "down_v", qn_json_number(down));
  json_object_set_new(job->entry, "width_s", qn_json_number(width));
  json_object_set_new(job->entry, "read_v", qn_json_number(read));
  json_object_set_new(job->entry, "conductance_first_s",
                      qn_json_number(t->conductance_s[0]));
  json_object_set_new(job->entry, "conductance_up_s",
                      qn_json_number(read_after(t, PULSES - 1)));
  json_object_set_new(job->entry, "conductance_down_s",
                      qn_json_number(read_after(t, 2 * PULSES - 1)));
  return QN_OK;
}

/* the closed form in place of a state */
static void let_drift(struct job *job, qn_device_trace *trace)
{
  const qn_device *d = job->card.device;
  double g = trace->conductance_s[0];

  for (size_t i = 0; i < trace->rows; i++) {
    trace->conductance_s[i] =
      d->retention(job->card.parameter, g, trace->time_s[i]);
    trace->state[i] = d->state(job->card.parameter, trace->conductance_s[i]);
  }
}

/* 1 ns to 1e10 s, 300 years */
static qn_status sweep_retention(struct job *job)
{
  static const double volts[TRACES_MAX] = {0, 0.1, 0.2, 0.5};
  enum { SAMPLES = 191 };
  const qn_device *d = job->card.device;
  qn_wave_piece hold[SAMPLES];
  size_t traces = d->retention ? 1 : TRACES_MAX;
  qn_status st = QN_OK;

  for (size_t k = 0; k < traces && !st && volts[k] <= d->voltage_max_v; k++) {
    qn_wave_hold(hold, SAMPLES, volts[k], 1e-9, 1e10);
    st = run_pieces(job, k, hold, SAMPLES, 0.5);
  }
  if (!st && d->retention) {
    double ratio, year = 3.15576e7, g = job->trace[0]->conductance_s[0];

    let_drift(job, job->trace[0]);
    ratio = d->retention(job->card.parameter, g, year) / g;
    qn_console_say(job->console, "  after a year %.3g of the conductance\n",
                   ratio);
    json_object_set_new(job->entry, "conductance_after_a_year",
                        qn_json_number(ratio));
  }
  return st;
}

/* ---- files ------------------------------------------------------------------------ */

static const sweep sweeps[] = {
  {"loop", qn_device_plot_loop, 1000, 440, takes_loop, sweep_loop},
  {"pulses", qn_device_plot_pulses, 900, 560, takes_pulses, sweep_pulses},
  {"retention", qn_device_plot_retention, 800, 480, takes_retention,
   sweep_retention},
  {NULL, NULL, 0, 0, NULL, NULL}};

static qn_status write_file(const struct job *job, const sweep *s)
{
  const qn_device *d = job->card.device;
  const char *set = job->opt->set;
  char title[256];
  const qn_device_plot plot = {s->script, title, s->width, s->height};
  qn_text csv;
  qn_status st;

  snprintf(title, sizeof title, "%s%s%s at %g K", d->name, set ? ", " : "",
           set ? set : "", job->temperature_k);
  qn_text_init(&csv);
  qn_device_plot_header(&csv);
  for (size_t k = 0; k < TRACES_MAX && job->trace[k]; k++) {
    qn_text_add(&csv, "%s", k ? "\n\n" : "");
    qn_device_plot_rows(&csv, job->trace[k]);
  }
  st = qn_device_plot_write(job->opt->output, &csv, &plot,
                            &job->console->progress, &job->console->diag);
  qn_text_release(&csv);
  if (!st)
    qn_console_say(job->console, "  written      %s\n", job->opt->output);
  return st;
}

/* ---- the command -------------------------------------------------------------------- */

static qn_status find_sweep(const sweep **out, const qn_cli_options *opt,
                            qn_diag *diag)
{
  const char *name = opt->sweep ? opt->sweep : "loop";

  for (*out = sweeps; (*out)->name; (*out)++)
    if (!strcmp((*out)->name, name))
      return QN_OK;
  return qn_diag_set(diag, QN_EINVAL, name, NULL,
                     "no such sweep: expected loop, pulses or retention");
}

static qn_status open_job(struct job *job)
{
  const qn_cli_options *opt = job->opt;
  qn_diag *diag = &job->console->diag;
  const qn_device *device;
  qn_status st = qn_device_get(&device, qn_devices, opt->argument[0], diag);

  if (st)
    return st;
  qn_device_card_init(&job->card, device);
  if (opt->set)
    st = qn_device_card_use(&job->card, opt->set, diag);
  job->temperature_k = opt->temperature > 0 ? opt->temperature : 300;
  if (!st)
    st =
      qn_device_check_range(device, job->temperature_k, opt->amplitude, diag);
  if (!st && opt->output)
    st = qn_device_plot_check(opt->output, diag);
  if (!st)
    job->entry = json_pack("{s:s, s:o, s:f}", "device", device->name, "set",
                           opt->set ? json_string(opt->set) : json_null(),
                           "temperature_k", job->temperature_k);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  struct job job = {.opt = opt, .console = console};
  const sweep *s;
  qn_status st = find_sweep(&s, opt, &console->diag);

  if (!st)
    st = open_job(&job);
  if (!st)
    st = s->check(&job);
  if (st) {
    json_decref(job.entry);
    return st;
  }
  json_object_set_new(job.entry, "sweep", json_string(s->name));
  json_array_append_new(console->results, job.entry);
  tell_summary(&job);
  st = s->run(&job);
  if (!st && opt->output)
    st = write_file(&job, s);
  for (size_t k = 0; k < TRACES_MAX; k++)
    qn_device_trace_free(job.trace[k]);
  return st;
}

static const char *const options[] = {
  "set", "sweep", "temperature", "amplitude", "time", "output", NULL};

const qn_command qn_command_device = {
  .name = "device",
  .arguments = "NAME",
  .count = 1,
  .summary = "A memristor under a sweep: window, thresholds, retention, plots",
  .details =
    "loop: two sines; pulses: 20 that raise and 20 that lower, each read; "
    "retention:\nheld at 0 to 0.5 V for 1e10 s. -o takes .csv, or .svg and "
    ".png where gnuplot is.\n\"1 % in 1 s\" is the voltage that moves 1 % of "
    "the state's range from its middle.",
  .options = options,
  .run = run,
};
