/* command.h - one record a command: cli/cmd_NAME.c holds it. */
#ifndef QN_COMMAND_H
#define QN_COMMAND_H

#include "cli/console.h"
#include "cli/options.h"

typedef struct qn_command {
  const char *name;
  const char *arguments;      /* "NET DATA" */
  size_t count;               /* of arguments */
  const char *const *words;   /* one of these may follow them, or NULL */
  const char *summary;        /* one line */
  const char *details;        /* what --help says below the options, or NULL */
  const char *required;       /* an option that must be given, or one of
                                 several with | between; NULL: none */
  const char *const *options; /* names out of qn_cli_option_table, NULL-ended */
  qn_status (*run)(const qn_cli_options *opt, qn_console *console);
} qn_command;

extern const qn_command *const qn_commands[]; /* ended by NULL */

#endif
