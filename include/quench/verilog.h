/* verilog.h - the core as a folder that stands alone. */
#ifndef QN_VERILOG_H
#define QN_VERILOG_H

#include <quench/core.h>

/* Write rtl/, <name>.v, *.mem, core.json, <name>.f, <name>.core (FuseSoC),
 * <name>_tb.v with its vectors, and README.md. The folder is made; what it
 * holds under these names is replaced. Same core, same bytes. */
qn_status qn_verilog_write(const qn_core *core, const char *folder,
                           qn_diag *diag);

#endif
