/* blame.h - which fault of a technology costs how much. */
#ifndef QN_BLAME_H
#define QN_BLAME_H

#include "cli/load.h"

/* Run the chip on data without any fault, with each alone and with all but
 * each, over --dies dies; say how far states and metric go. */
qn_status qn_blame(const qn_network *net, const qn_dataset *data,
                   const qn_cli_options *opt, qn_console *console);

#endif
