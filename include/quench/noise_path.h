/* noise_path.h - sample paths of a chip with the noise of its technology
 * (the sources: docs/noise.md; the covariance without sampling: noise.h).
 *
 * Ito's calculus, amplitudes as they are where a step begins. A path is a
 * function of (seed, die, path): each sequence, source and step draws from
 * counter-based streams of its own, whatever the number of workers and of other
 * paths. The same seed and path on two dies of one technology, or with another
 * capacitor, is the same draw of every source, through another circuit. */
#ifndef QN_NOISE_PATH_H
#define QN_NOISE_PATH_H

#include <stdint.h>

#include <quench/chip.h>
#include <quench/metric.h>
#include <quench/progress.h>
#include <quench/trace.h>

typedef struct qn_path_options {
  uint64_t seed;
  uint32_t die;      /* 0 for the chip as meant */
  size_t first_path; /* number of the first one */
  size_t paths;      /* at least 1 */
  double step; /* the longest, in shortest time constants of a membrane; 0: as
                  tolerance_percent asks, by halving */
  double tolerance_percent; /* worst error of the noiseless part on a few
                               sequences, in % of swing */
  unsigned workers;
  const qn_progress *progress; /* NULL: none */
} qn_path_options;

/* One path of seed 1 within 0.05 %. */
extern const qn_path_options qn_path_options_default;

/* What the paths came to. Rows are those of the dataset; states are in model
 * units, outputs are what a reading tells, its own noise included. */
typedef struct qn_paths {
  size_t paths, rows, units, outputs;
  qn_trace *quiet; /* the same steps without noise */
  qn_trace *first; /* the first path */
  qn_metric quiet_metric;
  double *metric;                  /* [paths]; NULL: no task or no targets */
  double *state_mean, *state_sd;   /* [rows, units] */
  double *output_mean, *output_sd; /* [rows, outputs] */
  double *flipped; /* [rows] part of the paths whose decision is another than
                      without noise; NULL: the task is no classifier's */
  double step;     /* that was taken */
  long steps;      /* of one path */
  size_t clipped_inputs, clipped_outputs; /* without noise */
} qn_paths;

/* The equation in chip.h with noise on every sequence of a dataset.
 * QN_EUNSUPPORTED with a sentence where the technology has no noise. */
qn_status qn_noise_paths_run(qn_paths **out, const qn_chip *chip,
                             const qn_network *net, const qn_dataset *data,
                             const qn_path_options *opt, qn_diag *diag);

/* The step that tolerance_percent asks for, by Richardson's estimate on at most
 * eight sequences: from 2 down to 1/64. */
qn_status qn_noise_paths_find_step(double *step, const qn_chip *chip,
                                   const qn_network *net,
                                   const qn_dataset *data,
                                   const qn_path_options *opt, qn_diag *diag);
void qn_paths_free(qn_paths *paths); /* NULL is allowed */

#endif
