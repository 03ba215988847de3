/* noise_report.h - what `quench noise` says of a covariance: figures of every
 * output, shares, decisions. */
#ifndef QN_NOISE_REPORT_H
#define QN_NOISE_REPORT_H

#include <quench/noise.h>

#include "cli/console.h"

typedef struct qn_noise_report {
  const qn_chip *chip;
  const qn_network *net;
  const qn_dataset *data;
  const qn_noise *by_kind;   /* of all data */
  const qn_noise *by_neuron; /* of the sequence of the worst row, up to it */
  size_t output;             /* whose shares are told */
  size_t worst_row;          /* of by_kind: of that output */
  size_t worst_sequence;
} qn_noise_report;

/* The output whose noise is largest in its swing, its worst row and the
 * sequence of that. */
void qn_noise_report_worst(qn_noise_report *r);

void qn_noise_report_tell(const qn_noise_report *r, qn_console *console,
                          json_t *entry);

/* Decisions and the metric; a sentence each. */
void qn_noise_report_decisions(const qn_noise_report *r, qn_console *console,
                               json_t *entry);

/* A probability or so: what is below 1e-9 is told as that. */
const char *qn_noise_small_text(double x, char text[32]);

#endif
