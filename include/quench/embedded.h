/* embedded.h - files of the source tree that travel inside the library:
 * technologies and RTL, so that an installed or moved binary needs no path. */
#ifndef QN_EMBEDDED_H
#define QN_EMBEDDED_H

#include <stddef.h>

typedef struct qn_embedded_file {
  const char *path; /* in the source tree: "hdl/rtl/qn_core.v" */
  const char *text; /* NUL-terminated */
  size_t size;      /* without the NUL */
} qn_embedded_file;

/* Sorted by path; the list ends with a record whose path is NULL. It is made
 * by tools/embed.sh. */
extern const qn_embedded_file qn_embedded_files[];

/* The file of exactly this path, or NULL. */
const qn_embedded_file *qn_embedded_find(const char *path);

/* The files under a folder ("hdl/rtl/"), one after another: the first for
 * previous == NULL, NULL after the last. */
const qn_embedded_file *qn_embedded_next(const char *folder,
                                         const qn_embedded_file *previous);

#endif
