/* options.c - parse and describe options by one table. */
#include "cli/options.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

#define AT(member) offsetof(qn_cli_options, member)

/* clang-format off: a table */
const qn_cli_option qn_cli_option_table[] = {
  {"help", 'h', NULL, "print this", QN_OPTION_FLAG, AT(help), 0, 0},
  {"json", 0, NULL, "print one JSON object instead of text", QN_OPTION_FLAG,
   AT(json), 0, 0},
  {"quiet", 'q', NULL, "no progress and no notes", QN_OPTION_FLAG, AT(quiet), 0,
   0},
  {"raw", 0, NULL,
   "inputs are in their own units: apply the network's mean "
   "and deviation",
   QN_OPTION_FLAG, AT(raw), 0, 0},
  {"on", 0, "REALISATION", "reference, ode, analog, spice, fixed, rtl or gates",
   QN_OPTION_TEXT, AT(on), 0, 0},
  {"technology", 't', "T",
   "technology by name or .yaml file (quench list), with fields\n"
   "                             "
   "of one's own: NAME[,KEY=VALUE...]",
   QN_OPTION_TEXT, AT(technology), 0, 0},
  {"prefer", 0, "WHAT", "scales for accuracy, area or power (scale.prefer)",
   QN_OPTION_TEXT, AT(prefer), 0, 0},
  {"extrapolate", 0, NULL,
   "run memristors outside the range that they are valid in", QN_OPTION_FLAG,
   AT(extrapolate), 0, 0},
  {"output", 'o', "PATH", "write here", QN_OPTION_TEXT, AT(output), 0, 0},
  {"states", 0, NULL, "short for --trace outputs,states", QN_OPTION_FLAG,
   AT(states), 0, 0},
  {"trace", 0, "LIST",
   "what -o writes: outputs, states, tau, with commas between", QN_OPTION_TEXT,
   AT(trace), 0, 0},
  {"sequences", 'n', "N", "N sequences of DATA, evenly spread (default: all)",
   QN_OPTION_INTEGER, AT(sequences), 1, 1e15},
  {"sequence", 0, "S", "the sequence of DATA to use (default 0)",
   QN_OPTION_INTEGER, AT(sequence), 0, 1e15},
  {"tolerance", 0, "X",
   "of the solver, relative and in model units "
   "(default 1e-9)",
   QN_OPTION_NUMBER, AT(tolerance), 1e-13, 0.1},
  {"inferences", 0, "N",
   "on analog, after N inferences of DATA: what reading does\n"
   "                             "
   "to memristors that move (memristor.read_disturb=on)",
   QN_OPTION_NUMBER, AT(inferences), 1, 1e18},
  {"noise", 0, NULL,
   "on analog, along a sample path with the technology's noise", QN_OPTION_FLAG,
   AT(noise), 0, 0},
  {"paths", 0, "N",
   "sample paths of --noise (default 1): what they do to metric and\n"
   "                             "
   "states; the first is what -o writes",
   QN_OPTION_INTEGER, AT(paths), 1, 1e6},
  {"unfolds", 0, "N", "fused steps a sample (default: the network's)",
   QN_OPTION_INTEGER, AT(unfolds), 1, 1e6},
  {"bits", 0, "W", "word width of the core (default 16)", QN_OPTION_INTEGER,
   AT(bits), 6, 24},
  {"jobs", 'j', "N", "threads or processes (default: one a core)",
   QN_OPTION_INTEGER, AT(jobs), 1, 1024},
  {"seed", 0, "S", "of whatever is drawn at random (default 1)",
   QN_OPTION_INTEGER, AT(seed), 0, 4294967295.0},
  {"die", 0, "K", "die number K of the technology, from 0 (default: the chip)",
   QN_OPTION_INTEGER, AT(die), 0, 4294967295.0},
  {"dies", 0, "N", "this many dies, from number 0 on", QN_OPTION_INTEGER,
   AT(dies), 1, 1e6},
  {"dialect", 0, "D", "ngspice (default), xyce, spectre or verilog-a",
   QN_OPTION_TEXT, AT(dialect), 0, 0},
  {"transient-noise", 0, NULL,
   "a deck of ngspice whose transient has the technology's noise",
   QN_OPTION_FLAG, AT(transient_noise), 0, 0},
  {"verify", 0, "DATA",
   "run ngspice on 3 sequences of DATA (or -n) and compare "
   "with the analog realisation",
   QN_OPTION_TEXT, AT(verify), 0, 0},
  {"data", 0, "DATA",
   "inputs of the deck, and of what --check was run on (default: zeros)",
   QN_OPTION_TEXT, AT(data), 0, 0},
  {"check", 0, "FILE",
   "compare what any simulator made of the deck, a raw file or a\n"
   "                             "
   "CSV, with the analog realisation",
   QN_OPTION_TEXT, AT(check), 0, 0},
  {"draw", 0, "FILE",
   "the chip's floor plan and its cells' circuits as .svg or .png",
   QN_OPTION_TEXT, AT(draw), 0, 0},
  {"blame", 0, "DATA", "run DATA to see which fault costs how much",
   QN_OPTION_TEXT, AT(blame), 0, 0},
  {"images", 0, "DIR", "take the memory images from this folder",
   QN_OPTION_TEXT, AT(images), 0, 0},
  {"place", 0, "DEVICE", "synthesise and place the bare core: up5k or hx8k",
   QN_OPTION_TEXT, AT(place), 0, 0},
  {"target", 0, "T", "rtl or gates (default rtl)", QN_OPTION_TEXT, AT(target),
   0, 0},
  {"set", 0, "SET", "parameters of a published device (quench show NAME)",
   QN_OPTION_TEXT, AT(set), 0, 0},
  {"sweep", 0, "SWEEP", "loop, pulses or retention (default loop)",
   QN_OPTION_TEXT, AT(sweep), 0, 0},
  {"versus", 0, "WHAT", "sweep it: capacitance", QN_OPTION_TEXT, AT(versus), 0,
   0},
  {"temperature", 0, "K", "in kelvin (default 300)", QN_OPTION_NUMBER,
   AT(temperature), 1e-3, 1e4},
  {"amplitude", 0, "V", "of the sine or of every pulse (default: by the model)",
   QN_OPTION_NUMBER, AT(amplitude), 1e-6, 1e6},
  {"time", 0, "S", "period of the sine (default 1) or width of a pulse (1e-6)",
   QN_OPTION_NUMBER, AT(time), 1e-12, 1e9},
  {NULL, 0, NULL, NULL, QN_OPTION_FLAG, 0, 0, 0},
};
/* clang-format on */

enum {
  LONGEST = 32 /* options of one command */
};

static void *field_of(qn_cli_options *opt, const qn_cli_option *o)
{
  return (char *)opt + o->offset;
}

static int takes(const qn_command *command, const char *name)
{
  static const char *const all[] = {"help", "json", "quiet", NULL};

  for (const char *const *o = all; *o; o++)
    if (!strcmp(*o, name))
      return 1;
  for (const char *const *o = command->options; *o; o++)
    if (!strcmp(*o, name))
      return 1;
  return 0;
}

static int usage_error(const qn_command *command, const char *what,
                       const char *about)
{
  fprintf(stderr, "quench %s: %s%s (try 'quench %s --help')\n", command->name,
          what, about, command->name);
  return -1;
}

static int set_number(qn_cli_options *opt, const qn_cli_option *o,
                      const qn_command *command, const char *text)
{
  char *end, about[160];
  double value = strtod(text, &end);

  snprintf(about, sizeof about, "--%s %.40s: expected %s from %g to %g",
           o->name, text,
           o->type == QN_OPTION_INTEGER ? "a whole number" : "a number", o->low,
           o->high);
  if (end == text || *end || !(value >= o->low && value <= o->high))
    return usage_error(command, about, "");
  if (o->type == QN_OPTION_NUMBER)
    *(double *)field_of(opt, o) = value;
  else if (value == floor(value))
    *(long *)field_of(opt, o) = (long)value;
  else
    return usage_error(command, about, "");
  return 0;
}

static int set(qn_cli_options *opt, const qn_cli_option *o,
               const qn_command *command, const char *text)
{
  switch (o->type) {
  case QN_OPTION_FLAG:
    *(int *)field_of(opt, o) = 1;
    return 0;
  case QN_OPTION_TEXT:
    *(const char **)field_of(opt, o) = text;
    return 0;
  case QN_OPTION_INTEGER:
  case QN_OPTION_NUMBER:
    break;
  }
  return set_number(opt, o, command, text);
}

/* getopt's tables for one command; picked[i] is what long option i is */
static void make_tables(const qn_command *command, struct option *longs,
                        const qn_cli_option **picked, char *letters)
{
  size_t n = 0;

  *letters++ = ':';
  for (const qn_cli_option *o = qn_cli_option_table; o->name; o++) {
    if (!takes(command, o->name))
      continue;
    longs[n] = (struct option){
      o->name, o->metavar ? required_argument : no_argument, NULL, 0};
    picked[n++] = o;
    if (o->letter) {
      *letters++ = o->letter;
      if (o->metavar)
        *letters++ = ':';
    }
  }
  longs[n] = (struct option){0};
  *letters = 0;
}

static const qn_cli_option *by_letter(const qn_cli_option *const *picked,
                                      int letter)
{
  while ((*picked)->letter != letter)
    picked++;
  return *picked;
}

/* a required option takes a text; of several with | between, one will do */
static int check_required(qn_cli_options *opt, const qn_command *command)
{
  const char *name = command->required;
  char names[128] = "missing option";
  size_t n = strlen(names);

  if (!name)
    return 0;
  for (size_t length; *name; name += length + (name[length] == '|')) {
    const qn_cli_option *o = qn_cli_option_table;

    length = strcspn(name, "|");
    while (strlen(o->name) != length || strncmp(o->name, name, length))
      o++;
    if (*(const char **)field_of(opt, o))
      return 0;
    n += (size_t)snprintf(names + n, sizeof names - n, "%s --%s",
                          name == command->required ? "" : " or", o->name);
  }
  return usage_error(command, names, "");
}

/* one argument more than needed, of a command's list */
static int is_word(const qn_command *command, const char *text)
{
  const char *const *w = command->words;

  while (w && *w && strcmp(*w, text))
    w++;
  return w && *w;
}

static int parse_arguments(qn_cli_options *opt, const qn_command *command,
                           int argc, char **argv)
{
  size_t given = (size_t)(argc - optind);

  if (given == command->count + 1 && is_word(command, argv[argc - 1]))
    opt->argument[--given] = argv[argc - 1];
  if (given != command->count)
    return usage_error(command, "expected ",
                       command->count ? command->arguments : "no arguments");
  for (size_t i = 0; i < given; i++)
    opt->argument[i] = argv[optind + (int)i];
  return 0;
}

/* "NAME,KEY=VALUE..." of what stands beside --technology */
static int name_technology(qn_cli_options *opt, const qn_command *command)
{
  int n;

  if (!opt->prefer && !opt->extrapolate)
    return 0;
  if (!opt->technology)
    return usage_error(command, opt->prefer ? "--prefer" : "--extrapolate",
                       ": expected --technology beside it");
  n = snprintf(opt->chosen, sizeof opt->chosen, "%s%s%s%s", opt->technology,
               opt->prefer ? ",scale.prefer=" : "",
               opt->prefer ? opt->prefer : "",
               opt->extrapolate ? ",memristor.extrapolate=on" : "");
  if (n >= (int)sizeof opt->chosen)
    return usage_error(command, "--technology: the name is too long", "");
  opt->technology = opt->chosen;
  return 0;
}

int qn_cli_parse(qn_cli_options *opt, const qn_command *command, int argc,
                 char **argv)
{
  struct option longs[LONGEST];
  const qn_cli_option *picked[LONGEST];
  char letters[2 * LONGEST + 2];
  int which = 0, got, failed = 0;

  *opt = (qn_cli_options){.technology = NULL, .seed = 1, .bits = 16, .die = -1};
  make_tables(command, longs, picked, letters);
  optind = 2;
  opterr = 0;
  while (!failed &&
         (got = getopt_long(argc, argv, letters, longs, &which)) != -1) {
    if (got == ':')
      failed =
        usage_error(command, "a value is missing after ", argv[optind - 1]);
    else if (got == '?')
      failed = usage_error(command, "unknown option ", argv[optind - 1]);
    else
      failed =
        set(opt, got ? by_letter(picked, got) : picked[which], command, optarg);
  }
  if (failed || opt->help)
    return failed;
  opt->drawn = (qn_die){(uint64_t)opt->seed, (uint32_t)opt->die};
  failed = parse_arguments(opt, command, argc, argv);
  if (!failed)
    failed = check_required(opt, command);
  return failed ? failed : name_technology(opt, command);
}

void qn_cli_help(const qn_command *command)
{
  printf("usage: quench %s%s%s [options]\n\n%s.\n\n", command->name,
         command->count ? " " : "", command->count ? command->arguments : "",
         command->summary);
  for (const qn_cli_option *o = qn_cli_option_table; o->name; o++) {
    char left[64];

    if (!takes(command, o->name))
      continue;
    snprintf(left, sizeof left, "%c%c%s --%s%s%s", o->letter ? '-' : ' ',
             o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
             o->metavar ? " " : "", o->metavar ? o->metavar : "");
    printf("  %-26s %s\n", left, o->what);
  }
  if (command->details)
    printf("\n%s\n", command->details);
}
