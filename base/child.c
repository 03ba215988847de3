/* child.c - a child process that is spoken to over pipes. */
#define _GNU_SOURCE /* pipe2 */
#include <quench/process.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/process_launch.h"
#include <quench/clock.h>
#include <quench/text.h>

struct qn_child {
  pid_t pid;
  int to, from; /* our ends */
  char *name, *log;
};

static void close_end(int *fd)
{
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

static qn_status launch(qn_child *child, const char *const *argv,
                        const char *folder)
{
  int in[2] = {-1, -1}, out[2] = {-1, -1};

  if (!pipe2(in, O_CLOEXEC) && !pipe2(out, O_CLOEXEC)) {
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    child->pid = qn_process_launch(argv, folder, in[0], out[1], child->log);
  }
  close_end(&in[0]);
  close_end(&out[1]);
  child->to = in[1];
  child->from = out[0];
  return child->pid > 0 ? QN_OK : QN_ETOOL;
}

qn_status qn_child_start(qn_child **out, const char *const *argv,
                         const char *folder, const char *log, qn_diag *diag)
{
  qn_child *child = calloc(1, sizeof *child);

  *out = NULL;
  if (!child)
    return qn_diag_out_of_memory(diag);
  child->pid = child->to = child->from = -1;
  child->name = qn_text_format("%s", argv[0]);
  child->log = log ? qn_text_format("%s", log) : NULL;
  if (!child->name || launch(child, argv, folder)) {
    qn_diag_set(diag, QN_ETOOL, argv[0], NULL, "cannot start: %s",
                strerror(errno));
    qn_child_stop(child);
    return QN_ETOOL;
  }
  *out = child;
  return QN_OK;
}

void qn_child_stop(qn_child *child)
{
  struct timespec pause = {.tv_nsec = 1000000};

  if (!child)
    return;
  close_end(&child->to);
  close_end(&child->from);
  for (int i = 0; child->pid > 0; i++) {
    if (waitpid(child->pid, NULL, WNOHANG) != 0)
      break;
    if (i == 200)
      kill(-child->pid, SIGKILL);
    nanosleep(&pause, NULL);
  }
  free(child->name);
  free(child->log);
  free(child);
}

/* ---- talking -------------------------------------------------------------- */

static qn_status broken(const qn_child *child, const char *what, qn_diag *diag)
{
  char last[256];

  qn_process_last_line(child->log, last, sizeof last);
  return qn_diag_set(diag, QN_ETOOL, child->name, NULL, "%s: %s", what, last);
}

/* 1 when fd is ready, 0 when the deadline passed */
static int ready(int fd, short events, double deadline)
{
  struct pollfd p = {.fd = fd, .events = events};

  for (;;) {
    double left = deadline - qn_clock_now();
    int n = poll(&p, 1, left > 0 ? (int)(left * 1e3) + 1 : 0);

    if (n > 0)
      return 1;
    if (n == 0 || errno != EINTR)
      return 0;
  }
}

/* Keep SIGPIPE from this thread alone: other threads write to children too.
 * 1 if a signal that is pending afterwards is ours. */
static int hold_sigpipe(sigset_t *old)
{
  sigset_t pipe_set, pending;

  sigemptyset(&pipe_set);
  sigaddset(&pipe_set, SIGPIPE);
  sigemptyset(&pending);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe_set, old);
  return !sigismember(&pending, SIGPIPE);
}

static void release_sigpipe(int ours, const sigset_t *old)
{
  struct timespec none = {0};
  sigset_t pipe_set;

  sigemptyset(&pipe_set);
  sigaddset(&pipe_set, SIGPIPE);
  while (ours && sigtimedwait(&pipe_set, NULL, &none) < 0 && errno == EINTR)
    ;
  pthread_sigmask(SIG_SETMASK, old, NULL);
}

qn_status qn_child_write(qn_child *child, const void *data, size_t size,
                         double timeout_s, qn_diag *diag)
{
  double deadline = qn_clock_now() + timeout_s;
  const char *p = data;
  sigset_t old;
  int ours = hold_sigpipe(&old);
  qn_status st = QN_OK;

  while (size && !st) {
    ssize_t n;

    if (!ready(child->to, POLLOUT, deadline))
      st = broken(child, "took no input in time", diag);
    else if ((n = write(child->to, p, size)) > 0)
      p += n, size -= (size_t)n;
    else if (n < 0 && errno != EINTR && errno != EAGAIN)
      st = broken(child, "ended early", diag);
  }
  release_sigpipe(ours, &old);
  return st;
}

qn_status qn_child_read(qn_child *child, void *data, size_t size,
                        double timeout_s, qn_diag *diag)
{
  double deadline = qn_clock_now() + timeout_s;
  char *p = data;

  while (size) {
    ssize_t n;

    if (!ready(child->from, POLLIN, deadline))
      return broken(child, "gave no answer in time", diag);
    n = read(child->from, p, size);
    if (n > 0)
      p += n, size -= (size_t)n;
    else if (n == 0 || errno != EINTR)
      return broken(child, "ended early", diag);
  }
  return QN_OK;
}
