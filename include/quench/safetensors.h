/* safetensors.h - named arrays in a .safetensors file.
 *
 * Format (the safetensors project's documentation): 8 bytes header length
 * (little endian), a JSON header, the data. Read: F32, F64, I64, I32, U8,
 * BOOL. Checked: lengths, offsets (in range, aligned to the element count, not
 * overlapping), types and shapes. */
#ifndef QN_SAFETENSORS_H
#define QN_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#include <quench/diag.h>

#define QN_TENSOR_RANK_MAX 8

typedef enum qn_dtype {
  QN_F32,
  QN_F64,
  QN_I32,
  QN_I64,
  QN_U8,
  QN_BOOL
} qn_dtype;

/* Row-major; data is little endian and possibly unaligned. */
typedef struct qn_tensor {
  const char *name;
  qn_dtype dtype;
  size_t rank;
  size_t shape[QN_TENSOR_RANK_MAX];
  size_t count; /* product of shape; 1 for rank 0 */
  const void *data;
} qn_tensor;

typedef struct qn_safetensors qn_safetensors;

qn_status qn_safetensors_read(qn_safetensors **out, const char *path,
                              qn_diag *diag);
void qn_safetensors_free(qn_safetensors *file); /* NULL is allowed */

const char *qn_safetensors_path(const qn_safetensors *file);
const char *qn_safetensors_sha256(const qn_safetensors *file); /* hex */
size_t qn_safetensors_size(const qn_safetensors *file);        /* bytes */

/* The tensors in file order, and one by name (NULL: there is none). */
size_t qn_safetensors_count(const qn_safetensors *file);
const qn_tensor *qn_safetensors_at(const qn_safetensors *file, size_t i);
const qn_tensor *qn_safetensors_find(const qn_safetensors *file,
                                     const char *name);

/* A string of __metadata__, or NULL. */
const char *qn_safetensors_metadata(const qn_safetensors *file,
                                    const char *key);

/* Element i as double: exact for every type but I64 beyond 2^53. */
double qn_tensor_value(const qn_tensor *tensor, size_t i);

/* "[19,5]" into text; returns text. */
const char *qn_tensor_shape_text(const qn_tensor *tensor, char text[128]);

/* Write tensors, and one metadata entry if key is not NULL. */
qn_status qn_safetensors_write(const char *path, const qn_tensor *tensors,
                               size_t count, const char *key, const char *value,
                               qn_diag *diag);

#endif
