/* check_waves.h - time and voltages out of a simulator's file, by what the file
 * holds: a raw file of SPICE or a CSV. */
#ifndef QN_NETLIST_CHECK_WAVES_H
#define QN_NETLIST_CHECK_WAVES_H

#include <stddef.h>

#include <quench/chip.h>

typedef struct qn_waves {
  size_t points, columns;
  size_t units, states; /* columns: membranes, then memristors that move, which
                           may not be in the file: 0 */
  double *t;            /* [points] s, never falling */
  double *v;            /* [points, columns] V */
} qn_waves;

/* To be released with qn_waves_release(), also after a failure. QN_EPARSE, with
 * file and place: neither kind of file, a node or a finite number is missing,
 * time runs backwards. */
qn_status qn_waves_read(qn_waves *waves, const char *path, const qn_chip *chip,
                        qn_diag *diag);
void qn_waves_release(qn_waves *waves);

#endif
