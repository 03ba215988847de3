/* dataset.h - sequences of what a network is fed, with optional time spans and
 * targets.
 *
 * Rows of all sequences stand one after another: sequence s is rows
 * [first[s], first[s + 1]). Every sequence starts from state zero. */
#ifndef QN_DATASET_H
#define QN_DATASET_H

#include <stddef.h>

#include <quench/network.h>

typedef struct qn_dataset {
  char *path;
  size_t sequences, rows, features;
  size_t *first;     /* [sequences + 1] */
  double *inputs;    /* [rows, features] as the network expects them */
  double *timespans; /* [rows] model seconds >= 1e-12, or NULL: 1 each */
  size_t target_columns;
  double *targets; /* [rows, target_columns] values or classes, or NULL */
  qn_task task;
  size_t warmup_steps; /* leading steps of a sequence the metric leaves out */
  /* what ncps computed from the inputs, where the file holds it, or NULL */
  double *outputs; /* [rows, outputs] */
  double *states;  /* [rows, units] */
} qn_dataset;

typedef enum qn_input_scale {
  QN_INPUT_AS_IS,
  QN_INPUT_RAW /* apply (x - input_mean) / input_std */
} qn_input_scale;

/* Read .safetensors or .csv for this network, by the extension. */
qn_status qn_dataset_read(qn_dataset **out, const char *path,
                          const qn_network *net, qn_input_scale scale,
                          qn_diag *diag);

/* Inputs, spans and targets of `count` sequences, evenly spread:
 * qn_sequence_pick() of each. What ncps computed is left out. */
qn_status qn_dataset_pick(qn_dataset **out, const qn_dataset *data,
                          size_t count);

/* Which of `total` sequences is number i of `count` that are evenly spread. */
size_t qn_sequence_pick(size_t i, size_t count, size_t total);
void qn_dataset_free(qn_dataset *data); /* NULL is allowed */

size_t qn_dataset_longest(const qn_dataset *data);          /* steps */
double qn_dataset_span(const qn_dataset *data, size_t row); /* model seconds */

/* The span that all samples have, or 0 where they differ. */
double qn_dataset_common_span(const qn_dataset *data);

#endif
