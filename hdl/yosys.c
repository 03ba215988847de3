/* yosys.c - synthesis for iCE40. */
#include "hdl/yosys.h"

#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>
#include <quench/text.h>

enum { TIMEOUT_S = 3600 };

qn_status qn_yosys_run(const char *folder, const char *script,
                       const qn_progress *progress, qn_diag *diag)
{
  const char *const argv[] = {"yosys", "-p", script, NULL};
  qn_status st = qn_process_require("yosys", "yosys", diag);
  char *log;

  if (st)
    return st;
  log = qn_text_format("%s/yosys.log", folder);
  st = log ? qn_process_run(argv, folder, log, TIMEOUT_S, progress, diag)
           : qn_diag_out_of_memory(diag);
  free(log);
  return st;
}

/* PREFIX/bin/yosys has its files in PREFIX/share/yosys. */
qn_status qn_yosys_ice40_cells(char **path, qn_diag *diag)
{
  qn_status st = qn_process_require("yosys", "yosys", diag);
  char *program = st ? NULL : qn_process_find("yosys");
  char *slash = program ? strrchr(program, '/') : NULL;

  *path = NULL;
  if (slash) {
    *slash = '\0';
    *path = qn_text_format("%s/../share/yosys/ice40/cells_sim.v", program);
  }
  free(program);
  if (st)
    return st;
  if (*path && qn_file_exists(*path))
    return QN_OK;
  st = qn_diag_set(diag, QN_ETOOL, *path, "",
                   "Yosys's models of the iCE40 cells are not there: install "
                   "Debian's yosys");
  free(*path);
  *path = NULL;
  return st;
}
