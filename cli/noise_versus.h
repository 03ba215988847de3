/* noise_versus.h - noise, accuracy and energy against the capacitors. */
#ifndef QN_NOISE_VERSUS_H
#define QN_NOISE_VERSUS_H

#include <quench/network.h>

#include "cli/load.h"

/* capacitor.max_f from a sixteenth of the technology's to sixteen times it: a
 * table, its JSON, and with -o its file or chart. */
qn_status qn_noise_versus_capacitance(const qn_network *net,
                                      const qn_dataset *data,
                                      const qn_cli_options *opt,
                                      qn_console *console);

#endif
