/* process.c - other programs: found and run to their end. */
#include <quench/process.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/process_launch.h"
#include <quench/clock.h>
#include <quench/file.h>
#include <quench/text.h>

char *qn_process_find(const char *program)
{
  const char *path = getenv("PATH");

  while (path && *path) {
    size_t n = strcspn(path, ":");
    char *full = qn_text_format("%.*s/%s", (int)n, path, program);

    if (full && access(full, X_OK) == 0)
      return full;
    free(full);
    path += n + (path[n] == ':');
  }
  return NULL;
}

qn_status qn_process_require(const char *program, const char *package,
                             qn_diag *diag)
{
  char *path = qn_process_find(program);

  free(path);
  if (path)
    return QN_OK;
  return qn_diag_set(diag, QN_ETOOL, program, NULL,
                     "program not found on PATH: install it with "
                     "'apt-get install %s'",
                     package);
}

/* ---- launching ------------------------------------------------------------ */

static int open_log(const char *log)
{
  return open(log ? log : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
              0666);
}

static void become(const char *const *argv, const char *folder, int in, int out,
                   int err)
{
  setpgid(0, 0); /* so that a timeout ends its children too */
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
    _exit(126);
  if (folder && chdir(folder))
    _exit(126);
  execvp(argv[0], (char *const *)(size_t)argv);
  _exit(127);
}

pid_t qn_process_launch(const char *const *argv, const char *folder, int in,
                        int out, const char *log)
{
  int err = open_log(log);
  pid_t pid = err < 0 ? -1 : fork();

  if (pid == 0)
    become(argv, folder, in, out < 0 ? err : out, err);
  if (pid > 0)
    setpgid(pid, pid); /* as the child does: whoever is first */
  if (err >= 0)
    close(err);
  return pid;
}

void qn_process_last_line(const char *log, char *line, size_t size)
{
  char *data, *end, *start;
  size_t n;

  snprintf(line, size, "it printed nothing");
  if (!log || qn_file_read(log, &data, &n, NULL))
    return;
  for (end = data + n; end > data && strchr(" \r\n\t", end[-1]); end--)
    ;
  for (start = end; start > data && start[-1] != '\n'; start--)
    ;
  if (end > start)
    snprintf(line, size, "%.*s", (int)(end - start), start);
  free(data);
}

/* ---- running to the end ---------------------------------------------------- */

static int is_cancelled(const qn_progress *progress)
{
  return progress && progress->cancelled && *progress->cancelled;
}

/* QN_OK and the wait status; after the deadline or a cancel it is killed */
static qn_status wait_until(pid_t pid, double deadline,
                            const qn_progress *progress, int *status)
{
  struct timespec pause = {.tv_nsec = 200000};

  for (;;) {
    pid_t got = waitpid(pid, status, WNOHANG);
    int cancelled = is_cancelled(progress);

    if (got == pid || (got < 0 && errno != EINTR))
      return QN_OK;
    if (cancelled || qn_clock_now() > deadline) {
      kill(-pid, SIGKILL);
      waitpid(pid, status, 0);
      return cancelled ? QN_ECANCELLED : QN_ETOOL;
    }
    nanosleep(&pause, NULL);
    if (pause.tv_nsec < 10000000)
      pause.tv_nsec += pause.tv_nsec / 4;
  }
}

qn_status qn_process_run(const char *const *argv, const char *folder,
                         const char *log, double timeout_s,
                         const qn_progress *progress, qn_diag *diag)
{
  int none = open("/dev/null", O_RDONLY | O_CLOEXEC), status = 0;
  pid_t pid = qn_process_launch(argv, folder, none, -1, log);
  char last[256];
  qn_status st;

  close(none);
  if (pid < 0)
    return qn_diag_set(diag, QN_ETOOL, argv[0], NULL, "cannot start: %s",
                       strerror(errno));
  st = wait_until(pid, qn_clock_now() + timeout_s, progress, &status);
  if (st == QN_ECANCELLED)
    return qn_diag_set(diag, st, argv[0], NULL, "stopped");
  if (st)
    return qn_diag_set(diag, st, argv[0], NULL,
                       "stopped after %.0f s without an end", timeout_s);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return QN_OK;
  qn_process_last_line(log, last, sizeof last);
  if (WIFEXITED(status))
    return qn_diag_set(diag, QN_ETOOL, argv[0], NULL, "exit status %d: %s",
                       WEXITSTATUS(status), last);
  return qn_diag_set(diag, QN_ETOOL, argv[0], NULL, "killed by signal %d: %s",
                     WTERMSIG(status), last);
}
