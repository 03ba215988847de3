/* ngspice.h - one deck in ngspice. */
#ifndef QN_NETLIST_NGSPICE_H
#define QN_NETLIST_NGSPICE_H

#include <quench/netlist.h>

/* Run folder/<name>.cir; its words go to folder/<name>.log, what it cost
 * and the lines in which it warns are added to *report. QN_ETOOL with what it complained of if it fails; whether
 * it wrote a raw file is for the caller to see. */
qn_status qn_ngspice_run(const char *folder, const char *name, double timeout_s,
                         const qn_progress *progress, qn_spice_report *report,
                         qn_diag *diag);

/* ngspice's complaint in folder/<name>.log, or its last line. */
void qn_ngspice_complaint(const char *folder, const char *name, char *line,
                          size_t size);

#endif
