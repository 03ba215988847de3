/* load.h - what most commands begin with. */
#ifndef QN_LOAD_H
#define QN_LOAD_H

#include <quench/chip.h>
#include <quench/core.h>
#include <quench/dataset.h>
#include <quench/ode.h>
#include <quench/realisation.h>

#include "cli/console.h"
#include "cli/options.h"

/* The network of argument 0; it goes into the JSON. */
qn_status qn_load_network(qn_network **net, const qn_cli_options *opt,
                          qn_console *console);

/* A dataset, --raw and --sequences applied. */
qn_status qn_load_dataset(qn_dataset **data, const qn_network *net,
                          const char *path, const qn_cli_options *opt,
                          qn_console *console);

/* Settings of a realisation, which borrow from opt; technology is the default
 * where none is given. */
qn_settings qn_load_settings(const qn_cli_options *opt, const char *technology,
                             const qn_console *console);

/* QN_EINVAL where --noise or --paths stand without what they need; on is the
 * one realisation that is asked for, NULL: several. */
qn_status qn_load_check_noise(const qn_cli_options *opt,
                              const qn_realisation *on, qn_console *console);

/* How the transients of a chip are integrated: --tolerance, --jobs. */
qn_ode_options qn_load_ode_options(const qn_cli_options *opt,
                                   const qn_console *console);

/* The chip of a network on --technology (default ideal), or with --die one of
 * its dies; the caller frees it. */
qn_status qn_load_chip(qn_chip **chip, const qn_network *net,
                       const qn_cli_options *opt, qn_console *console);

/* A note where a chip's wires settle too slowly for what spice and analog may
 * differ by. */
void qn_load_note_wires(const qn_chip *chip, qn_console *console);

/* The core of a network for a dataset (NULL: samples of one model second),
 * --bits applied; the caller frees it. */
qn_status qn_load_core(qn_core **core, const qn_network *net,
                       const qn_dataset *data, const qn_cli_options *opt,
                       qn_console *console);

/* A realisation's report as JSON fields added to entry, its notes said. */
void qn_load_report(const qn_report *report, const char *name, json_t *entry,
                    qn_console *console);

#endif
