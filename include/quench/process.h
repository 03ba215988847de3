/* process.h - other programs: found, run to their end, or talked to. */
#ifndef QN_PROCESS_H
#define QN_PROCESS_H

#include <stddef.h>

#include <quench/diag.h>
#include <quench/progress.h>

/* Full path of a program on PATH (the caller frees it), or NULL. */
char *qn_process_find(const char *program);

/* QN_ETOOL with a sentence that says how to install it, unless the program is
 * on PATH. package is Debian's. */
qn_status qn_process_require(const char *program, const char *package,
                             qn_diag *diag);

/* Run argv (NULL-terminated; argv[0] is looked up on PATH) in `folder` (NULL:
 * here), its output to the file `log` (NULL: thrown away). Fails with QN_ETOOL
 * and the last line of the log if the exit status is not 0 or timeout_s
 * passes, with QN_ECANCELLED if progress (or NULL) says so: the child is then
 * killed with all its children. */
qn_status qn_process_run(const char *const *argv, const char *folder,
                         const char *log, double timeout_s,
                         const qn_progress *progress, qn_diag *diag);

/* A child that is spoken to over pipes. Its stderr goes to the file `log`. */
typedef struct qn_child qn_child;

qn_status qn_child_start(qn_child **out, const char *const *argv,
                         const char *folder, const char *log, qn_diag *diag);

/* Write to its stdin, read from its stdout; all of it or QN_ETOOL, with the
 * child's last words in diag. timeout_s bounds the whole call. */
qn_status qn_child_write(qn_child *child, const void *data, size_t size,
                         double timeout_s, qn_diag *diag);
qn_status qn_child_read(qn_child *child, void *data, size_t size,
                        double timeout_s, qn_diag *diag);

void qn_child_stop(qn_child *child); /* closes, waits, kills; NULL is fine */

#endif
