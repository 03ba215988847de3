/* options.h - the options of all commands, read into one struct. */
#ifndef QN_OPTIONS_H
#define QN_OPTIONS_H

#include <stddef.h>

#include <quench/die.h>

enum { QN_ARGUMENTS_MAX = 2 };

typedef struct qn_cli_options {
  const char *argument[QN_ARGUMENTS_MAX];
  int help, json, quiet, raw, states, noise;
  const char *on, *output, *trace, *technology, *dialect, *verify, *images,
    *target, *place, *blame, *data, *check, *draw;
  long sequences, sequence, unfolds, bits, jobs, seed, die, dies, paths;
  qn_die drawn; /* --seed and --die, where that is not -1 */
  double tolerance, inferences;
  const char *prefer;
  int extrapolate, transient_noise;
  char chosen[1024];       /* the technology's name with these two behind it */
  const char *set, *sweep; /* of a memristor */
  const char *versus;      /* of the noise */
  double temperature, amplitude, time;
} qn_cli_options;

typedef enum qn_option_type {
  QN_OPTION_FLAG,
  QN_OPTION_TEXT,
  QN_OPTION_INTEGER,
  QN_OPTION_NUMBER
} qn_option_type;

typedef struct qn_cli_option {
  const char *name;
  char letter;         /* or 0 */
  const char *metavar; /* or NULL for a flag */
  const char *what;
  qn_option_type type;
  size_t offset; /* in qn_cli_options */
  double low, high;
} qn_cli_option;

extern const qn_cli_option qn_cli_option_table[]; /* ended by name NULL */

struct qn_command;

/* Parse argv[2..]; on a mistake print one sentence to stderr and return -1.
 * --prefer and --extrapolate become part of the technology's name, which lies
 * in *opt. */
int qn_cli_parse(qn_cli_options *opt, const struct qn_command *command,
                 int argc, char **argv);

/* Print a command's help. */
void qn_cli_help(const struct qn_command *command);

#endif
