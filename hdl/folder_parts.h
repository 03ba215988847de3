/* folder_parts.h - the texts a generated folder consists of. */
#ifndef QN_HDL_FOLDER_PARTS_H
#define QN_HDL_FOLDER_PARTS_H

#include <quench/core.h>
#include <quench/text.h>

/* One memory image. A word has `width` bits, given in hexadecimal. */
typedef struct qn_image {
  const char *file;      /* "slope.mem" */
  const char *parameter; /* of qn_core.v: "SLOPE" */
  const char *what;      /* one line */
  unsigned (*width)(const qn_core *core);
  size_t (*count)(const qn_core *core);
  uint64_t (*word)(const qn_core *core, size_t i);
  void (*comment)(const qn_core *core, size_t i, qn_text *text);
} qn_image;

extern const qn_image qn_images[]; /* ends with file == NULL */

/* Write every image into a folder that exists. */
qn_status qn_images_write(const qn_core *core, const char *folder,
                          qn_diag *diag);

/* QN_EPARSE unless the folder holds every image with the right number of
 * words. */
qn_status qn_images_check(const qn_core *core, const char *folder,
                          qn_diag *diag);

/* The thin top: ports, parameters, one instance of qn_core; plain: of any name
 * and without comments, the same for all networks of one layout. */
void qn_top_text(const qn_core *core, qn_text *text);
void qn_top_plain_text(const qn_core *core, const char *module, qn_text *text);

/* Names of the top's ports, ending with NULL. */
extern const char *const qn_top_ports[];

void qn_core_json_text(const qn_core *core, qn_text *text);
void qn_testbench_text(const qn_core *core, qn_text *text);

/* What the testbench reads: file names, ending with NULL. */
extern const char *const qn_testbench_vectors[];
qn_status qn_testbench_write_vectors(const qn_core *core, const char *folder,
                                     qn_diag *diag);

/* "qn_core.v" from "hdl/rtl/qn_core.v". */
const char *qn_rtl_name(const char *path);

/* Copy the embedded files under `from` ("hdl/rtl/") into a folder, which is
 * made. */
qn_status qn_embedded_copy(const char *from, const char *folder, qn_diag *diag);

/* Write text to folder/name. */
qn_status qn_folder_write(const char *folder, const char *name,
                          const qn_text *text, qn_diag *diag);

#endif
