/* diag.h - where and why something went wrong, for a person.
 *
 * Readers and validators take a qn_diag and fill it when they fail:
 *   file     the file as the caller named it, or ""
 *   place    the spot inside it ("line 7, column 'CO2'"), or ""
 *   message  one sentence: what is wrong and what would be right
 * All three are one line of UTF-8, whatever bytes the file holds. */
#ifndef QN_DIAG_H
#define QN_DIAG_H

#include <quench/status.h>

typedef struct qn_diag {
  char file[256];
  char place[160];
  char message[640];
} qn_diag;

/* Fill *diag (may be NULL; file and place may be NULL) and return st, so that
 * a check reads `return qn_diag_set(diag, QN_EPARSE, path, place, ...)`. */
qn_status qn_diag_set(qn_diag *diag, qn_status st, const char *file,
                      const char *place, const char *format, ...)
  __attribute__((format(printf, 5, 6)));

/* As qn_diag_set for QN_ENOMEM, with a fixed message. */
qn_status qn_diag_out_of_memory(qn_diag *diag);

#endif
