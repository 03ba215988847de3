/* cmd_run.c - one realisation on data. */
#include <string.h>

#include "cli/commands.h"
#include "cli/load.h"
#include <quench/clock.h>
#include <quench/metric.h>
#include <quench/text.h>

static qn_status find(const char *name, const qn_realisation **what,
                      qn_console *console)
{
  qn_text known;

  if (!name)
    name = "reference";
  *what = qn_realisation_find(name);
  if (*what)
    return QN_OK;
  qn_text_init(&known);
  for (const qn_realisation *const *r = qn_realisations; *r; r++)
    qn_text_add(&known, " %s", (*r)->name);
  qn_diag_set(&console->diag, QN_EINVAL, "--on", name,
              "no such realisation; there are:%s", known.data);
  qn_text_release(&known);
  return QN_EINVAL;
}

static void tell(const qn_realisation *what, const qn_dataset *data,
                 const qn_trace *trace, const qn_report *report, double wall_s,
                 qn_console *console)
{
  qn_metric metric = qn_metric_of(trace, data);
  double from_file = qn_difference_from_file(trace, data);
  json_t *entry = json_pack("{s:s, s:I, s:I, s:f}", "realisation", what->name,
                            "sequences", (json_int_t)data->sequences, "steps",
                            (json_int_t)data->rows, "wall_s", wall_s);
  char text[96];

  if (metric.name)
    json_object_set_new(entry, metric.name, qn_json_number(metric.value));
  qn_console_say(console, "%s, %zu sequence%s, %zu step%s", what->name,
                 data->sequences, qn_plural(data->sequences), data->rows,
                 qn_plural(data->rows));
  if (metric.name)
    qn_console_say(console, ": %s %.4f", metric.name, metric.value);
  qn_console_say(console, "\n");
  if (!(from_file < 0)) { /* a NaN is one */
    json_object_set_new(entry, "from_file", qn_json_number(from_file));
    qn_console_say(console, "  from the file's own results %.2g\n", from_file);
  }
  for (size_t i = 0; i < report->quantities; i++)
    qn_console_say(console, "  %s\n",
                   qn_quantity_text(report->quantity[i].key,
                                    report->quantity[i].value, text));
  qn_load_report(report, what->name, entry, console);
  json_array_append_new(console->results, entry);
}

/* what -o writes */
static qn_status choose_content(const qn_cli_options *opt, unsigned *content,
                                qn_console *console)
{
  *content = QN_TRACE_OUTPUTS;
  if (opt->trace)
    return qn_trace_content_from_list(opt->trace, content, &console->diag);
  if (opt->states)
    *content |= QN_TRACE_STATES;
  return QN_OK;
}

static qn_status write(const qn_cli_options *opt, const qn_network *net,
                       const qn_dataset *data, qn_trace *trace,
                       qn_console *console)
{
  unsigned content;
  qn_status st = choose_content(opt, &content, console);

  if (st || !opt->output)
    return st;
  if (content & QN_TRACE_TAU)
    st = qn_trace_add_tau(trace, net, data, &console->diag);
  if (!st)
    st = qn_trace_write(trace, net, opt->output, content, &console->diag);
  return st;
}

/* against what ncps computed, where the file says it */
static qn_status check_file(const qn_cli_options *opt,
                            const qn_realisation *what, const qn_dataset *data,
                            const qn_trace *trace, qn_console *console)
{
  double from_file = qn_difference_from_file(trace, data);

  if (opt->unfolds || what->file_limit == 0 || from_file < 0 ||
      from_file <= what->file_limit)
    return QN_OK;
  return qn_diag_set(&console->diag, QN_EMISMATCH, data->path, NULL,
                     "%s differs by %.3g from the outputs and states in the "
                     "file, more than %g",
                     what->name, from_file, what->file_limit);
}

static qn_status run_on(const qn_cli_options *opt, const qn_network *net,
                        const qn_realisation *what, qn_console *console)
{
  qn_settings settings = qn_load_settings(opt, "ideal", console);
  double started, wall_s;
  qn_dataset *data;
  qn_trace *trace;
  qn_report report;
  qn_status st = qn_load_dataset(&data, net, opt->argument[1], opt, console);

  if (st)
    return st;
  started = qn_clock_now();
  st = qn_realise(what, net, data, &settings, &trace, &report, &console->diag);
  wall_s = qn_clock_now() - started;
  if (!st)
    st = write(opt, net, data, trace, console);
  if (!st)
    tell(what, data, trace, &report, wall_s, console);
  if (!st)
    st = check_file(opt, what, data, trace, console);
  qn_trace_free(trace);
  qn_dataset_free(data);
  return st;
}

/* before a long run rather than after it */
static qn_status check_options(const qn_cli_options *opt, qn_console *console)
{
  const char *asked = opt->trace ? "--trace" : opt->states ? "--states" : NULL;
  unsigned content;
  qn_status st = choose_content(opt, &content, console);

  if (!st && asked && !opt->output)
    st = qn_diag_set(&console->diag, QN_EINVAL, asked, NULL,
                     "nowhere to write them: expected -o FILE.csv or "
                     "FILE.safetensors");
  if (!st && opt->output)
    st = qn_trace_check_path(opt->output, &console->diag);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  const qn_realisation *what;
  qn_network *net;
  qn_status st = find(opt->on, &what, console);

  if (!st)
    st = check_options(opt, console);
  if (!st)
    st = qn_load_check_noise(opt, what, console);
  if (!st)
    st = qn_load_network(&net, opt, console);
  if (st)
    return st;
  st = run_on(opt, net, what, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {
  "on",         "raw",     "technology", "die",       "seed",
  "output",     "states",  "trace",      "sequences", "bits",
  "tolerance",  "unfolds", "jobs",       "prefer",    "extrapolate",
  "inferences", "noise",   "paths",      NULL};

const qn_command qn_command_run = {
  .name = "run",
  .arguments = "NET DATA",
  .count = 2,
  .summary = "Run a network on one realisation and print the task's metric",
  .details =
    "NET is a .safetensors network, DATA a .csv or .safetensors dataset.\n"
    "Without --on it runs on reference, without --technology on ideal.\n"
    "-o writes outputs to FILE.csv or FILE.safetensors; --trace chooses more:\n"
    "states, and tau, the time constants of an LTC's neurons in model seconds.",
  .options = options,
  .run = run,
};
