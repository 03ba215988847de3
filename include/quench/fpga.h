/* fpga.h - synthesis and place and route of a bare core, for its cost.
 *
 * A core has more ports than a package has pins: it is placed inside shift
 * registers, and the same shift registers alone are placed too and subtracted.
 * All numbers are the tools' own reports (Yosys, nextpnr). */
#ifndef QN_FPGA_H
#define QN_FPGA_H

#include <quench/core.h>
#include <quench/progress.h>

typedef struct qn_fpga_device {
  const char *name;             /* "up5k" */
  const char *summary;          /* one line */
  const char *synthesis;        /* options of synth_ice40 */
  const char *device, *package; /* options of nextpnr-ice40 */
} qn_fpga_device;

/* Ends with a record whose name is NULL. */
extern const qn_fpga_device qn_fpga_devices[];
const qn_fpga_device *qn_fpga_device_find(const char *name); /* or NULL */

typedef struct qn_fpga_cells {
  unsigned logic_cells, dsps, rams, globals;
} qn_fpga_cells;

typedef struct qn_fpga_report {
  qn_fpga_cells core;      /* total less wrapper */
  qn_fpga_cells wrapper;   /* the shift registers alone */
  qn_fpga_cells available; /* in the device */
  double fmax_hz;          /* of the core in its wrapper */
} qn_fpga_report;

/* Place a core with STATE_TAP 0. A device too small is QN_ETOOL with nextpnr's
 * sentence. Takes seconds to minutes. */
qn_status qn_fpga_place(const qn_core *core, const qn_fpga_device *device,
                        const qn_progress *progress, qn_fpga_report *report,
                        qn_diag *diag);

#endif
