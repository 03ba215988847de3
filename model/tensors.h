/* tensors.h - the tensors of a network file, each found by name, checked and
 * marked as used. */
#ifndef QN_TENSORS_H
#define QN_TENSORS_H

#include <quench/network.h>
#include <quench/safetensors.h>

struct tensors {
  qn_network *net; /* being read; its path is set */
  const qn_safetensors *file;
  char *used; /* [tensors of the file] */
  qn_diag *diag;
};

qn_status qn_tensors_bad(const struct tensors *r, const char *name,
                         const char *what);
/* Element i is wrong; `want` says what was expected. */
qn_status qn_tensors_bad_element(const struct tensors *r, const qn_tensor *t,
                                 size_t i, const char *want);

/* A float tensor of shape [rows, columns], or [columns] for rows 0; every
 * element finite. */
qn_status qn_tensors_find(const struct tensors *r, const char *name,
                          size_t rows, size_t columns, const qn_tensor **out);

/* Any tensor of this name, or NULL. */
const qn_tensor *qn_tensors_find_any(const struct tensors *r, const char *name);

/* The same, its values into room, or into new room at *new. */
qn_status qn_tensors_values(const struct tensors *r, const char *name,
                            size_t rows, size_t columns, double *to);
qn_status qn_tensors_new(const struct tensors *r, const char *name, size_t rows,
                         size_t columns, double **new);

/* <name>.weight and <name>.bias of a layer whose sizes are set; one without
 * rows is none. */
typedef enum qn_bias { QN_WITHOUT_BIAS, QN_WITH_BIAS } qn_bias;
qn_status qn_tensors_linear(const struct tensors *r, const char *name,
                            qn_bias bias, qn_linear *to);

/* QN_EPARSE naming the first tensor that nobody used: its network is not what
 * the metadata says. */
qn_status qn_tensors_check_all_used(const struct tensors *r);

/* The two families of cells. */
qn_status qn_network_read_ltc(const struct tensors *r);
qn_status qn_network_read_cfc(const struct tensors *r);
/* The memory in front of a cell, and the projection behind it, if any. */
qn_status qn_network_read_surroundings(const struct tensors *r);

#endif
