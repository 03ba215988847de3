/* dataset_file.h - small dataset files for one small network, good or bad. */
#ifndef QN_DATASET_FILE_H
#define QN_DATASET_FILE_H

#include <quench/dataset.h>
#include <quench/safetensors.h>

/* Inputs "CO2" and "light" with mean 100, -1 and deviation 50, 0.5; 3 neurons,
 * outputs y1 and y2. The task is JSON: "\"binary\"" or "null". */
qn_network *dataset_network(const char *task);

/* A CSV in the scratch folder. */
const char *dataset_csv(const char *text);

/* Read a good file, or fail the test. */
qn_dataset *dataset_open(const char *path, const qn_network *net,
                         qn_input_scale scale);

enum { DATASET_TENSORS_MAX = 6 };

/* [2 sequences, 3 steps, ..] of each tensor a dataset may hold; a tensor added
 * without data takes the array of its name. */
struct dataset_file {
  double inputs[12], timespans[6], targets[12], outputs[12], states[18];
  qn_tensor all[DATASET_TENSORS_MAX];
  size_t count;
  const char *metadata;
};

/* Inputs alone, and the task regression in the metadata. */
struct dataset_file dataset_file_good(void);
void dataset_file_add(struct dataset_file *f, qn_tensor tensor);
const char *dataset_file_write(struct dataset_file *f); /* its path */

#endif
