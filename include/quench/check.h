/* check.h - what a simulator made of a chip's deck, read back from the file
 * that it wrote, whichever simulator it was.
 *
 * A raw file of SPICE (text, or doubles of either byte order) or a CSV with a
 * header line, by what the file holds. It has a vector "time" [s] and a voltage
 * [V] for each membrane, in any order, called as simulators call them:
 * v(n3), N3, V(XCHIP:N3), "time (s)"; where memristors move, the states of all
 * of them, v(xchip.xr0.x1.x), or of none. */
#ifndef QN_CHECK_H
#define QN_CHECK_H

#include <quench/chip.h>
#include <quench/dataset.h>
#include <quench/trace.h>

typedef struct qn_check_report {
  size_t points; /* of time, in the file */
  size_t states; /* of memristors that move; 0: the file has none of them */
  /* Values at the ends of samples are interpolated between the points about
   * them: the farthest that the nearer of two was, in samples, and where. */
  double apart;
  size_t apart_row;
} qn_check_report;

/* When the sample of this row ends on the chip [s], its sequence having begun
 * at 0. */
double qn_check_time(const qn_chip *chip, const qn_dataset *data, size_t row);

/* Into out, at the rows of one sequence of data, membranes in model units,
 * outputs as read out and, where it has room, states of memristors. QN_EPARSE, with file and place, where the file is
 * neither, misses a membrane, has time run backwards, a value that is no finite
 * number, or ends before the last sample does. */
qn_status qn_check_read(const qn_chip *chip, const qn_dataset *data,
                        size_t sequence, const char *path, qn_trace *out,
                        qn_check_report *report, qn_diag *diag);

#endif
