/* scratch.h - a folder of its own for a test that needs files.
 *
 *   TestSuite(csv, .init = scratch_open, .fini = scratch_close);
 *
 * Paths returned are valid until scratch_close(). A mistake in here fails the
 * test. */
#ifndef QN_SCRATCH_H
#define QN_SCRATCH_H

#include <stddef.h>

#include <quench/diag.h>

void scratch_open(void);
void scratch_close(void);

const char *scratch_folder(void);
const char *scratch_path(const char *name);
size_t scratch_files(void); /* names in the folder */

/* A file with these bytes, or this text, or as a .safetensors file whatever
 * header it is given: length, header and data_size bytes 0, 1, 2 .. */
const char *scratch_bytes(const char *name, const void *bytes, size_t size);
const char *scratch_text(const char *name, const char *text);
const char *scratch_tensors(const char *name, const char *header,
                            size_t data_size);

/* 1 if file and place are these (NULL: not looked at) and the message is one
 * line that holds `part`; else 0, with what it says in the log. */
int diag_says(const qn_diag *diag, const char *file, const char *place,
              const char *part);

#endif
