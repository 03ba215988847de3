/* yosys.h - synthesis for iCE40. */
#ifndef QN_HDL_YOSYS_H
#define QN_HDL_YOSYS_H

#include <quench/diag.h>
#include <quench/progress.h>

/* Run a script in a folder, its log there as yosys.log; QN_ETOOL with Yosys's
 * last line. */
qn_status qn_yosys_run(const char *folder, const char *script,
                       const qn_progress *progress, qn_diag *diag);

/* Yosys's simulation models of the iCE40 cells; the caller frees the path. */
qn_status qn_yosys_ice40_cells(char **path, qn_diag *diag);

#endif
