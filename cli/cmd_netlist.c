/* cmd_netlist.c - a network's chip as a SPICE deck. */
#include <stdlib.h>
#include <string.h>

#include "cli/agreement.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "cli/picture.h"
#include <quench/draw.h>
#include <quench/netlist.h>
#include <quench/text.h>

enum { REST_STEPS = 10 };

static qn_status misplaced(const char *option, const char *message,
                           qn_console *console)
{
  return qn_diag_set(&console->diag, QN_EINVAL, option, NULL, "%s", message);
}

static qn_status check_dialect(const qn_cli_options *opt,
                               const qn_dialect **dialect, qn_console *console)
{
  const char *name = opt->dialect ? opt->dialect : qn_dialect_name(0);
  qn_status st = qn_dialect_get(dialect, name, &console->diag);

  if (!st && opt->verify && strcmp(name, qn_dialect_name(0)))
    return misplaced("--verify",
                     "it runs ngspice: expected --data DATA to write a deck "
                     "for another simulator, and --check FILE for what that "
                     "makes of it",
                     console);
  return st;
}

static qn_status check_options(const qn_cli_options *opt, qn_console *console)
{
  if (opt->verify && opt->data)
    return misplaced("--data", "--verify names the data already", console);
  if (opt->verify && !opt->output)
    return misplaced("--verify", "expected -o DIR, where the deck is written",
                     console);
  if (opt->transient_noise && !opt->output)
    return misplaced("--transient-noise",
                     "expected -o DIR, where the deck is written", console);
  if (opt->transient_noise && (opt->verify || opt->check))
    return misplaced("--transient-noise",
                     "a run with noise is not what analog computes: expected "
                     "neither --verify nor --check",
                     console);
  if (opt->sequence && !opt->verify && !opt->data)
    return misplaced("--sequence",
                     "no data to take it from: expected "
                     "--data DATA or --verify DATA",
                     console);
  if (opt->sequences && !opt->verify)
    return misplaced("--sequences", "nothing runs them: expected --verify DATA",
                     console);
  return opt->draw ? qn_picture_check(opt->draw, &console->diag) : QN_OK;
}

/* ---- writing ------------------------------------------------------------------------- */

static void tell_deck(const qn_cli_options *opt, const qn_network *net,
                      const qn_chip *chip, qn_console *console)
{
  size_t gates = chip->recurrent.count + chip->sensory.count;

  qn_console_say(console,
                 "%s: %s on %s, %zu membranes, %zu memristors, %zu gates\n",
                 opt->output, net->name, chip->technology.name, chip->units,
                 chip->memristors, gates);
  json_array_append_new(
    console->results,
    json_pack("{s:s, s:s, s:I, s:I, s:I}", "folder", opt->output, "technology",
              chip->technology.name, "membranes", (json_int_t)chip->units,
              "memristors", (json_int_t)chip->memristors, "gates",
              (json_int_t)gates));
}

static qn_status write_deck(const qn_cli_options *opt, const qn_network *net,
                            const qn_dataset *data, const qn_chip *chip,
                            qn_console *console)
{
  const qn_dialect *dialect;
  qn_status st = check_dialect(opt, &dialect, console);

  if (!st && opt->transient_noise)
    st = qn_dialect_make_noisy(&dialect, chip, &console->diag);
  if (!st)
    st = qn_netlist_write_as(dialect, chip, net, data, (size_t)opt->sequence,
                             NULL, opt->output, &console->diag);
  if (!st)
    tell_deck(opt, net, chip, console);
  return st;
}

static qn_status draw(const qn_cli_options *opt, const qn_network *net,
                      const qn_chip *chip, qn_console *console)
{
  char *svg;
  qn_status st = qn_draw_chip(chip, net, &svg, &console->diag);

  if (!st)
    st = qn_picture_write(opt->draw, svg, &console->progress, &console->diag);
  if (!st) {
    qn_console_say(console, "%s: floor plan and cells of %s on %s\n", opt->draw,
                   net->name, chip->technology.name);
    json_array_append_new(console->results,
                          json_pack("{s:s}", "drawing", opt->draw));
  }
  free(svg);
  return st;
}

/* ---- inputs -------------------------------------------------------------------------- */

/* without data the drivers rest: every input zero */
static qn_status rest(const qn_network *net, qn_dataset **out,
                      qn_console *console)
{
  qn_dataset *d = calloc(1, sizeof *d);

  *out = d;
  if (d) {
    d->path = qn_text_format("inputs at zero");
    d->sequences = 1;
    d->rows = REST_STEPS;
    d->features = net->inputs;
    d->first = calloc(2, sizeof *d->first);
    d->inputs = calloc(d->rows * d->features, sizeof *d->inputs);
  }
  if (!d || !d->path || !d->first || !d->inputs)
    return qn_diag_out_of_memory(&console->diag);
  d->first[1] = d->rows;
  return QN_OK;
}

static qn_status load_data(qn_dataset **data, const qn_cli_options *opt,
                           const qn_network *net, qn_console *console)
{
  qn_cli_options whole = *opt; /* the swing is of all of DATA */
  const char *path = opt->verify ? opt->verify : opt->data;
  qn_status st;

  whole.sequences = 0;
  st = path ? qn_load_dataset(data, net, path, &whole, console)
            : rest(net, data, console);
  if (!st && (size_t)opt->sequence >= (*data)->sequences)
    st = qn_diag_set(&console->diag, QN_EINVAL, (*data)->path, NULL,
                     "no sequence %ld: it has %zu", opt->sequence,
                     (*data)->sequences);
  return st;
}

/* ---- the whole ----------------------------------------------------------------------- */

static qn_status netlist(const qn_cli_options *opt, const qn_network *net,
                         qn_console *console)
{
  qn_dataset *data = NULL;
  qn_chip *chip = NULL;
  qn_status st = load_data(&data, opt, net, console);

  if (!st)
    st = qn_load_chip(&chip, net, opt, console);
  if (!st)
    qn_load_note_wires(chip, console);
  if (!st && opt->output)
    st = write_deck(opt, net, data, chip, console);
  if (!st && opt->draw)
    st = draw(opt, net, chip, console);
  if (!st && opt->verify)
    st = qn_agreement_verify(chip, net, data, opt, console);
  if (!st && opt->check)
    st = qn_agreement_check(chip, net, data, opt, console);
  qn_chip_free(chip);
  qn_dataset_free(data);
  return st;
}

static qn_status run(const qn_cli_options *opt, qn_console *console)
{
  const qn_dialect *dialect;
  qn_network *net;
  qn_status st = check_options(opt, console);

  if (!st)
    st = check_dialect(opt, &dialect, console);
  if (!st)
    st = qn_load_network(&net, opt, console);
  if (st)
    return st;
  st = netlist(opt, net, console);
  qn_network_free(net);
  return st;
}

static const char *const options[] = {
  "technology", "die",         "seed",     "dialect",   "transient-noise",
  "sequences",  "output",      "verify",   "data",      "check",
  "draw",       "raw",         "sequence", "tolerance", "jobs",
  "prefer",     "extrapolate", NULL};

const qn_command qn_command_netlist = {
  .name = "netlist",
  .arguments = "NET",
  .count = 1,
  .summary = "The chip as a SPICE deck, checked against simulators, drawn",
  .details =
    "-o names the folder of a deck that runs as it stands. Its inputs are zero "
    "for ten\n"
    "samples, or with --data or --verify sequence --sequence of DATA.\n"
    "--transient-noise has random numbers for the technology's noise in it; "
    "for .noise the\n"
    "folder has a deck of its own.\n"
    "--verify runs ngspice on 3 of DATA's sequences (or --sequences) and "
    "compares all\n"
    "membranes at all samples' ends with analog: worst and rms in % of the "
    "swing, where\n"
    "and when, and how much longer ngspice took. Of memristors that move "
    "(read_disturb)\n"
    "it compares the states too. A warning of ngspice is a failure.\n"
    "--check does so with a file that any simulator wrote of that deck: a raw "
    "file\n"
    "(binary or text) or a CSV, with time and v(n0).. in volts; states of "
    "memristors,\n"
    "v(xchip.xr0.x1.x).., may be left out. Give the same "
    "-t, --die,\n"
    "--seed, data and --sequence as the deck was written with.\n"
    "Exit status 3, of both: they differ by more than 1e-4 of the swing, or a "
    "state by\n"
    "more than 1e-3 of its range.\n"
    "--draw needs nothing for .svg, and rsvg-convert, inkscape or convert for "
    ".png.",
  .required = "output|check|draw",
  .options = options,
  .run = run,
};
