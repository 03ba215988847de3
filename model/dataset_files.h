/* dataset_files.h - the two file formats of a dataset. Each reader fills a
 * qn_dataset whose path is set; inputs are as they stand in the file. */
#ifndef QN_DATASET_FILES_H
#define QN_DATASET_FILES_H

#include <quench/dataset.h>

qn_status qn_dataset_read_csv(qn_dataset *data, const qn_network *net,
                              qn_diag *diag);
qn_status qn_dataset_read_safetensors(qn_dataset *data, const qn_network *net,
                                      qn_diag *diag);

#endif
