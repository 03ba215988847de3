/* process_launch.h - what process.c and child.c share. */
#ifndef QN_PROCESS_LAUNCH_H
#define QN_PROCESS_LAUNCH_H

#include <stddef.h>
#include <sys/types.h>

/* Fork and exec in a process group of its own: stdin from `in`, stdout to
 * `out` (below 0: to the log too), stderr to `log` (NULL: thrown away).
 * The pid, or -1. */
pid_t qn_process_launch(const char *const *argv, const char *folder, int in,
                        int out, const char *log);

/* Last line that is not blank of a log, for a message. */
void qn_process_last_line(const char *log, char *line, size_t size);

#endif
