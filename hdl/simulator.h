/* simulator.h - Verilator builds of a core: what rtl and gates share. */
#ifndef QN_HDL_SIMULATOR_H
#define QN_HDL_SIMULATOR_H

#include <quench/progress.h>
#include <quench/core.h>
#include <quench/text.h>

/* The module that the harness drives, whatever the network's name. */
#define QN_SIMULATOR_TOP "qn_top"

/* Harness, layout header, rtl/ and the top into a folder. */
qn_status qn_simulator_write_sources(const qn_core *core, const char *folder,
                                     qn_diag *diag);

/* All that the sources and options consist of, for the cache's key. */
qn_status qn_simulator_add_key(const qn_core *core, qn_text *key,
                               qn_diag *diag);

/* Run Verilator in the folder on `sources` (NULL-terminated), with `options`
 * before them; makes obj/Vqn_top. */
qn_status qn_simulator_compile(const char *folder, const char *const *options,
                               const char *const *sources,
                               const qn_progress *progress, qn_diag *diag);

#endif
