/* progress.c - report and ask whether to go on. */
#include <quench/progress.h>

qn_status qn_progress_tick(const qn_progress *progress, const char *task,
                           size_t done, size_t total)
{
  if (!progress)
    return QN_OK;
  if (progress->report)
    progress->report(progress->arg, task, done, total);
  return progress->cancelled && *progress->cancelled ? QN_ECANCELLED : QN_OK;
}
