/* cmd_compare.c - every realisation side by side, each against the reference
 * and against the one it must equal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/comparison.h"
#include "cli/dies.h"
#include "cli/load.h"
#include <quench/clock.h>

/* ---- rows --------------------------------------------------------------------- */

/* whether --on, a list with commas, names it; the reference always stands */
static int is_wanted(const struct comparison *c, const qn_realisation *what)
{
  const char *list = c->opt->on;
  size_t n = strlen(what->name);

  if (!list || what == qn_realisations[0])
    return 1;
  for (; *list; list += strcspn(list, ","), list += *list == ',')
    if (!strncmp(list, what->name, n) && (!list[n] || list[n] == ','))
      return 1;
  return 0;
}

static void add_row(struct comparison *c, const qn_realisation *what,
                    const char *technology)
{
  if (c->rows < ROWS_MAX && is_wanted(c, what))
    c->row[c->rows++] = (struct row){.what = what, .technology = technology};
}

/* analog and spice on each technology, the others once */
static void plan(struct comparison *c)
{
  const char *both[] = {"ideal", "sky130_reram", NULL};
  const char *one[] = {c->opt->technology, NULL};
  const char *const *technologies = c->opt->technology ? one : both;
  const qn_realisation *const *all = qn_realisations;

  for (; *all && !(*all)->takes_technology; all++)
    add_row(c, *all, NULL);
  for (const char *const *t = technologies; *t; t++)
    for (const qn_realisation *const *r = all; *r; r++)
      if ((*r)->takes_technology)
        add_row(c, *r, *t);
  for (; *all; all++)
    if (!(*all)->takes_technology)
      add_row(c, *all, NULL);
}

static int is_noisy(const struct comparison *c, const qn_realisation *what)
{
  return c->opt->noise && what->takes_noise;
}

/* the row that `row` is held against, or NULL; noise makes none of it equal */
static const struct row *find_twin(const struct comparison *c,
                                   const struct row *row)
{
  const qn_twin *twin = &row->what->twin;

  if (!twin->realisation || is_noisy(c, row->what))
    return NULL;
  for (const struct row *r = c->row; r < row; r++)
    if (r->trace && !is_noisy(c, r->what) &&
        !strcmp(r->what->name, twin->realisation) &&
        (!r->technology || !strcmp(r->technology, row->technology)))
      return r;
  return NULL;
}

/* ---- differences ------------------------------------------------------------------ */

/* `row` against a trace of more sequences, on those that both have */
static qn_status differ(const struct comparison *c, const struct row *row,
                        const qn_trace *from, qn_difference *out)
{
  qn_trace *same;
  qn_status st = qn_trace_pick(&same, from, row->trace->sequences);

  if (st)
    return st;
  *out = qn_difference_of(row->trace, same, c->swing);
  qn_trace_free(same);
  return QN_OK;
}

static qn_status judge(struct comparison *c, struct row *row)
{
  qn_status st;

  if (row == c->row) {
    c->swing = malloc(c->net->units * sizeof *c->swing);
    if (!c->swing)
      return qn_diag_out_of_memory(&c->console->diag);
    qn_swing_of(row->trace, c->swing);
  }
  st = differ(c, row, c->row[0].trace, &row->from_reference);
  row->twin = find_twin(c, row);
  if (!st && row->twin) {
    st = differ(c, row, row->twin->trace, &row->from_twin);
    row->twin_binds = qn_twin_binds(&row->what->twin, row->technology);
    row->twin_holds =
      !row->twin_binds || qn_twin_holds(&row->what->twin, &row->from_twin);
  }
  return st;
}

/* ---- running ----------------------------------------------------------------------- */

static qn_status run_on(struct comparison *c, struct row *row,
                        const qn_dataset *data)
{
  qn_settings settings = qn_load_settings(c->opt, row->technology, c->console);
  double started = qn_clock_now();
  qn_status st = qn_realise(row->what, c->net, data, &settings, &row->trace,
                            &row->report, &row->skipped);

  row->wall_s = qn_clock_now() - started;
  row->sequences = data->sequences;
  row->steps = data->rows;
  if (!st)
    row->metric = qn_metric_of(row->trace, data);
  return st;
}

/* What cannot run here, for its cell or for want of a tool, is a row that says
 * why. A tool that failed, a difference where there must be none, a stop and
 * bad input end the comparison. */
static int is_skipped(const struct comparison *c, struct row *row)
{
  qn_status st = qn_realisation_check(row->what, c->net, &row->skipped);

  return row != c->row && (st == QN_EUNSUPPORTED || st == QN_ETOOL);
}

static qn_status run_row(struct comparison *c, struct row *row)
{
  size_t count = row->what->sequences;
  qn_dataset *some = NULL;
  qn_status st = QN_OK;

  if (is_skipped(c, row))
    return QN_OK;
  if (count && count < c->data->sequences)
    st = qn_dataset_pick(&some, c->data, count);
  if (!st)
    st = run_on(c, row, some ? some : c->data);
  qn_dataset_free(some);
  if (st == QN_EUNSUPPORTED && row != c->row)
    return QN_OK; /* the quantiser, or the dataset's spans */
  if (st)
    c->console->diag = row->skipped;
  return st ? st : judge(c, row);
}

/* ---- the whole --------------------------------------------------------------------------- */

static qn_status check_twins(const struct comparison *c)
{
  for (const struct row *r = c->row; r < c->row + c->rows; r++)
    if (r->trace && r->twin && !r->twin_holds)
      return qn_diag_set(&c->console->diag, QN_EMISMATCH, r->what->name,
                         r->technology ? r->technology : "",
                         "states differ from %s by %.3g model units (%.3g %% "
                         "of the swing, neuron %zu): more than they may",
                         r->twin->what->name, r->from_twin.worst,
                         r->from_twin.worst_percent, r->from_twin.worst_neuron);
  return QN_OK;
}

static qn_status check_names(const struct comparison *c)
{
  const char *list = c->opt->on;
  char name[64];

  while (list && *list) {
    size_t n = strcspn(list, ",");

    snprintf(name, sizeof name, "%.*s", (int)n, list);
    if (!qn_realisation_find(name))
      return qn_diag_set(&c->console->diag, QN_EINVAL, "--on", name,
                         "no such realisation: see `quench list`");
    list += n + (list[n] == ',');
  }
  return QN_OK;
}

static qn_status run_all(struct comparison *c)
{
  struct row *end = c->row; /* of those that ran or were skipped */
  qn_status st = check_names(c);

  if (st)
    return st;
  plan(c);
  for (struct row *r = c->row; r < c->row + c->rows && !st; r++) {
    st = run_row(c, r);
    if (r == c->row && !st)
      qn_comparison_tell_header(c);
    if (!st) {
      qn_comparison_tell_row(c, r);
      if (!c->console->json)
        fflush(stdout);
      end = r + 1;
    }
  }
  for (struct row *r = c->row; r < end; r++) /* notes stand below the table */
    qn_comparison_record_row(c, r);
  if (st)
    return st;
  qn_comparison_tell_solver_gap(c);
  if (c->opt->dies)
    st = qn_dies_compare(c, "sky130_reram");
  return st ? st : check_twins(c);
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  struct comparison c = {.opt = opt, .console = console};
  qn_network *net;
  qn_dataset *data;
  qn_status st = qn_load_check_noise(opt, NULL, console);

  if (!st)
    st = qn_load_network(&net, opt, console);
  if (st)
    return st;
  st = qn_load_dataset(&data, net, opt->argument[1], opt, console);
  if (!st) {
    c.net = net;
    c.data = data;
    st = run_all(&c);
  }
  for (size_t i = 0; i < c.rows; i++)
    qn_trace_free(c.row[i].trace);
  free(c.swing);
  qn_dataset_free(data);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {
  "on",          "raw",        "technology", "die",   "dies",      "seed",
  "sequences",   "unfolds",    "bits",       "jobs",  "tolerance", "prefer",
  "extrapolate", "inferences", "noise",      "paths", NULL};

const qn_command qn_command_compare = {
  .name = "compare",
  .arguments = "NET DATA",
  .count = 2,
  .summary = "Every realisation side by side on the same data",
  .details =
    "Slow realisations (spice, gates) run a few sequences, evenly spread.\n"
    "--on takes several names with commas between: ode,fixed.\n"
    "Without --technology the chip is built on ideal and on sky130_reram; "
    "--dies "
    "draws\nthe latter's. The same --seed and number is the same die "
    "everywhere.\n"
    "--noise makes analog a sample path, which must equal nothing.\n"
    "Exit status 3: two realisations that must be equal are not.",
  .options = options,
  .run = run,
};
