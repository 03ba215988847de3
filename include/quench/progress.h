/* progress.h - how far a long call is, and the wish to stop it.
 *
 * The caller fills a qn_progress and lends it; NULL means "say nothing, never
 * stop". report may be called from any thread. */
#ifndef QN_PROGRESS_H
#define QN_PROGRESS_H

#include <signal.h>
#include <stddef.h>

#include <quench/status.h>

typedef struct qn_progress {
  void (*report)(void *arg, const char *task, size_t done, size_t total);
  void *arg;
  const volatile sig_atomic_t *cancelled; /* NULL: never */
} qn_progress;

/* Report, then QN_ECANCELLED if the caller wants to stop, else QN_OK. */
qn_status qn_progress_tick(const qn_progress *progress, const char *task,
                           size_t done, size_t total);

#endif
