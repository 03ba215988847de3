/* noise.h - the noise of a chip in motion, without sampling: its covariance
 * along the trajectory.
 *
 * Linear in the noise: with J the Jacobian of the membranes' equations along
 * the noiseless trajectory and Q the density of the white sources,
 *   dP/dt = J P + P J' + Q + B R' + R B'
 *   dR/dt = J R - R / tau + B     one column a coloured source
 * (Demir, Liu, Sangiovanni-Vincentelli, IEEE TCAD 15(5), 1996, p. 493). SI
 * units inside, model units and those of the outputs outside. The mean is the
 * noiseless trajectory. */
#ifndef QN_NOISE_H
#define QN_NOISE_H

#include <quench/chip.h>
#include <quench/metric.h>
#include <quench/ode.h>

/* Where noise comes from. White ones come first. */
typedef enum qn_noise_kind {
  QN_NOISE_THERMAL,   /* conductances */
  QN_NOISE_SHOT,      /* steered pairs and transconductors */
  QN_NOISE_GATE,      /* shot noise of a gate's bias */
  QN_NOISE_AMPLIFIER, /* white, at an amplifier's input */
  QN_NOISE_RESET,     /* kT/C where a sequence begins */
  QN_NOISE_FLICKER,   /* 1/f of memristors */
  QN_NOISE_TELEGRAPH, /* of memristors */
  QN_NOISE_AMPLIFIER_FLICKER,
  QN_NOISE_READOUT /* of a reading, and kT/C of what holds it */
} qn_noise_kind;
enum { QN_NOISE_KINDS = 9, QN_NOISE_WHITE = 4 };

const char *qn_noise_name(qn_noise_kind kind); /* "amplifier 1/f" */

/* Whether a technology has it; kind < 0: any. */
int qn_noise_is_on(const qn_technology *tech, int kind);

/* Into what accounts the variance is split; each is a run of its own inside
 * the run. By neuron: the membrane that a source enters; an output's readout
 * is in no neuron's account. */
typedef enum qn_noise_split {
  QN_NOISE_WHOLE,
  QN_NOISE_BY_KIND,
  QN_NOISE_BY_NEURON
} qn_noise_split;

typedef struct qn_noise_options {
  double tolerance; /* of states and, relative to kT/C of the largest
                       capacitor, of variances; in (0, 1) */
  unsigned workers;
  const qn_progress *progress; /* NULL: none */
  qn_noise_split split;
} qn_noise_options;

extern const qn_noise_options qn_noise_options_default; /* 1e-6, whole */

/* At the end of every sample. Rows are those of the dataset. */
typedef struct qn_noise {
  size_t rows, units, outputs;
  size_t accounts;    /* 1, QN_NOISE_KINDS or units */
  qn_trace *trace;    /* without noise */
  double *covariance; /* [rows, outputs, outputs] of the outputs */
  double *state_sd;   /* [rows, units] model units */
  double *share;      /* [rows, outputs, accounts] variance, of an output;
                         their sum is its covariance, less the readout's
                         by neuron */
  /* how coloured sources were reduced */
  size_t devices;      /* that have coloured noise */
  size_t processes;    /* that were integrated */
  double reduced_left; /* the largest part of a membrane's coloured power at
                          any sample that was left out */
  size_t poles, frozen_poles, white_poles; /* of a device; slower than the
                          run, faster than every membrane */
  qn_ode_report report;
} qn_noise;

/* The chip's equations (chip.h) with the noise of its technology on a dataset.
 * QN_EINVAL with a sentence where the technology has none. */
qn_status qn_noise_run(qn_noise **out, const qn_chip *chip,
                       const qn_network *net, const qn_dataset *data,
                       const qn_noise_options *opt, qn_diag *diag);
void qn_noise_free(qn_noise *noise); /* NULL is allowed */

/* ---- what it means ------------------------------------------------------------ */

/* Of an output over all rows. */
typedef struct qn_noise_figures {
  double swing;      /* largest less smallest, without noise */
  double rms, worst; /* deviation */
  size_t worst_row;
  double snr_db;         /* 20 log10(swing / rms) */
  double effective_bits; /* log2(swing / (rms sqrt(12))): the converter whose
                            quantisation is as noisy */
} qn_noise_figures;

qn_noise_figures qn_noise_figures_of(const qn_noise *noise, size_t output);

/* How likely it is that noise, taken as Gaussian, changes what a classifier
 * decides. Of a binary the logit's other sign; of classes the sum over the
 * others of one being above the largest, by the covariance of the two: exact
 * for two classes, for more not below the truth. */
typedef struct qn_noise_decisions {
  size_t decisions; /* rows that the metric looks at; 0: no classifier */
  double flips;     /* expected number */
  double likeliest;
  size_t likeliest_row;
  const char *metric; /* "accuracy", "rmse"; NULL: no task or no targets */
  double quiet;       /* its value without noise */
  double expected; /* with noise: of accuracy the mean; of rmse the root of the
                      mean square */
} qn_noise_decisions;

/* flip [rows] receives the probabilities (NULL: nobody wants them), 0 where
 * nothing is decided. */
qn_noise_decisions qn_noise_decide(const qn_noise *noise,
                                   const qn_dataset *data, double *flip);

#endif
