/* file.h - whole files in, whole files out. */
#ifndef QN_FILE_H
#define QN_FILE_H

#include <stddef.h>

#include <quench/diag.h>

/* Read a whole file. *data is NUL-terminated past *size and freed by the
 * caller; on failure it is NULL. */
qn_status qn_file_read(const char *path, char **data, size_t *size,
                       qn_diag *diag);

/* Write to a temporary name in the same folder, then rename: readers see the
 * old file or the whole new one. On failure nothing is left behind. */
qn_status qn_file_write(const char *path, const void *data, size_t size,
                        qn_diag *diag);

/* Make a folder and its missing parents; an existing one is fine. */
qn_status qn_file_make_folder(const char *path, qn_diag *diag);

/* Remove a folder and all it holds; what is already gone is fine. */
void qn_file_remove_folder(const char *path);

/* A new folder under $TMPDIR or /tmp; the caller frees the path. */
qn_status qn_file_temporary_folder(char **path, qn_diag *diag);

/* 1 if something of this name exists. */
int qn_file_exists(const char *path);

/* SHA-256 of some bytes as 64 hexadecimal digits and NUL (nettle). */
void qn_file_sha256(const void *data, size_t size, char hex[65]);

#endif
