/* agreement.h - membranes that a simulator computed from a chip's deck against
 * analog's. */
#ifndef QN_AGREEMENT_H
#define QN_AGREEMENT_H

#include <quench/chip.h>
#include <quench/dataset.h>

#include "cli/console.h"
#include "cli/options.h"

/* ngspice on some sequences of data (--sequences, or 3), in one report with how
 * long both took. QN_EMISMATCH beyond the bound of the realisation `spice`. */
qn_status qn_agreement_verify(const qn_chip *chip, const qn_network *net,
                              const qn_dataset *data, const qn_cli_options *opt,
                              qn_console *console);

/* The file of --check, which some simulator wrote of sequence --sequence. */
qn_status qn_agreement_check(const qn_chip *chip, const qn_network *net,
                             const qn_dataset *data, const qn_cli_options *opt,
                             qn_console *console);

#endif
