/* test_process.c - other programs, played by sh and cat. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <poll.h>
#include <sys/stat.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/base/scratch.h"
#include <quench/file.h>
#include <quench/parallel.h>
#include <quench/process.h>

TestSuite(process, .init = scratch_open, .fini = scratch_close);
TestSuite(child, .init = scratch_open, .fini = scratch_close);

static double now(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* sh -c script in the scratch folder, its log beside it */
static qn_status shell(const char *script, double timeout_s, qn_diag *diag)
{
  const char *argv[] = {"sh", "-c", script, NULL};

  return qn_process_run(argv, scratch_folder(), scratch_path("log"), timeout_s,
                        NULL, diag);
}

static void expect_file(const char *name, const char *want)
{
  char *data;
  size_t size;

  cr_assert(
    eq(int, qn_file_read(scratch_path(name), &data, &size, NULL), QN_OK));
  cr_expect(eq(str, data, (char *)want));
  free(data);
}

/* ---- run to the end -------------------------------------------------------------- */

Test(process, runs_in_its_folder_and_logs_both_outputs)
{
  cr_expect(eq(int, shell("echo out; echo err >&2; echo here > place", 5, NULL),
               QN_OK));
  expect_file("log", "out\nerr\n");
  expect_file("place", "here\n");
}

Test(process, reads_nothing_from_the_terminal)
{
  cr_expect(eq(int, shell("cat; echo ended", 5, NULL), QN_OK));
  expect_file("log", "ended\n");
}

Test(process, a_failure_reports_exit_status_and_last_line)
{
  qn_diag d;

  cr_expect(eq(int, shell("echo one; echo 'two three'; echo; exit 7", 5, &d),
               QN_ETOOL));
  cr_expect(diag_says(&d, "sh", "", "exit status 7: two three"));
}

Test(process, a_silent_failure_says_that_it_was_silent)
{
  qn_diag d;

  cr_expect(eq(int, shell("exit 1", 5, &d), QN_ETOOL));
  cr_expect(diag_says(&d, "sh", "", "exit status 1: it printed nothing"));
  cr_expect(
    eq(int,
       qn_process_run((const char *[]){"false", NULL}, NULL, NULL, 5, NULL, &d),
       QN_ETOOL));
  cr_expect(diag_says(&d, "false", "", "it printed nothing"));
}

Test(process, a_crash_reports_the_signal)
{
  qn_diag d;

  cr_expect(eq(int, shell("echo before; kill -SEGV $$", 5, &d), QN_ETOOL));
  cr_expect(diag_says(&d, "sh", "", "killed by signal 11: before"));
}

Test(process, a_program_that_does_not_exist_fails)
{
  const char *argv[] = {"quench-no-such-program", NULL};
  qn_diag d;

  cr_expect(eq(int, qn_process_run(argv, NULL, NULL, 5, NULL, &d), QN_ETOOL));
  cr_expect(diag_says(&d, argv[0], "", "exit status 127"));
}

Test(process, a_log_or_folder_that_cannot_be_had_fails)
{
  const char *argv[] = {"true", NULL};
  const char *log = scratch_path("none/log");
  qn_diag d;

  cr_expect(eq(int, qn_process_run(argv, NULL, log, 5, NULL, &d), QN_ETOOL));
  cr_expect(diag_says(&d, "true", "", "cannot start: No such file"));
  cr_expect(eq(int,
               qn_process_run(argv, scratch_path("none"), NULL, 5, NULL, &d),
               QN_ETOOL));
}

/* all of them hold the pipe: it ends when the last of them does */
Test(process, a_timeout_ends_the_child_and_its_children)
{
  int held[2];
  struct pollfd end;
  double started = now();
  char byte;
  qn_diag d;

  cr_assert(eq(int, pipe(held), 0));
  end = (struct pollfd){.fd = held[0], .events = POLLIN};
  cr_expect(eq(int,
               shell("sleep 30 & (sleep 30 & sleep 30); sleep 30", 0.3, &d),
               QN_ETOOL));
  cr_expect(lt(dbl, now() - started, 5.0));
  cr_expect(diag_says(&d, "sh", "", "without an end"));
  close(held[1]);
  cr_expect(eq(int, poll(&end, 1, 5000), 1), "a grandchild lives on");
  cr_expect(eq(long, read(held[0], &byte, 1), 0));
  close(held[0]);
}

Test(process, a_timeout_of_nothing_ends_too)
{
  double started = now();

  for (int i = 0; i < 10; i++)
    cr_expect(eq(int, shell("sleep 5", 0, NULL), QN_ETOOL));
  cr_expect(lt(dbl, now() - started, 10.0));
}

/* ---- finding ------------------------------------------------------------------------ */

Test(process, a_program_is_found_on_path_in_its_order)
{
  const char *first = scratch_path("first/tool");
  char path[1024], *found;

  qn_file_make_folder(scratch_path("first"), NULL);
  qn_file_make_folder(scratch_path("second"), NULL);
  scratch_text("first/tool", "#!/bin/sh\n");
  scratch_text("second/tool", "#!/bin/sh\n");
  snprintf(path, sizeof path, "%s/none:%s/first:%s/second", scratch_folder(),
           scratch_folder(), scratch_folder());
  setenv("PATH", path, 1);
  cr_expect(eq(ptr, qn_process_find("tool"), NULL), "not executable yet");
  cr_assert(eq(int, chmod(first, 0755), 0));
  found = qn_process_find("tool");
  cr_assert(found != NULL);
  cr_expect(eq(str, found, (char *)first));
  free(found);
}

Test(process, a_missing_tool_names_its_package)
{
  qn_diag d;

  cr_expect(eq(int, qn_process_require("sh", "dash", &d), QN_OK));
  cr_expect(
    eq(int, qn_process_require("quench-none", "quench-tools", &d), QN_ETOOL));
  cr_expect(diag_says(&d, "quench-none", "", "apt-get install quench-tools"));
}

Test(process, an_empty_or_absent_path_holds_no_program)
{
  setenv("PATH", "", 1);
  cr_expect(eq(ptr, qn_process_find("sh"), NULL));
  unsetenv("PATH");
  cr_expect(eq(ptr, qn_process_find("sh"), NULL));
}

/* ---- children that are spoken to ------------------------------------------------- */

static qn_child *start(const char *script)
{
  const char *argv[] = {"sh", "-c", script, NULL};
  qn_child *child;

  cr_assert(eq(
    int,
    qn_child_start(&child, argv, scratch_folder(), scratch_path("log"), NULL),
    QN_OK));
  return child;
}

Test(child, what_is_written_comes_back_from_one_that_echoes)
{
  qn_child *child = start("exec cat");
  char got[4];

  for (int i = 0; i < 3; i++) {
    cr_assert(eq(int, qn_child_write(child, "ping", 4, 5, NULL), QN_OK));
    cr_assert(eq(int, qn_child_read(child, got, 4, 5, NULL), QN_OK));
    cr_expect(eq(int, memcmp(got, "ping", 4), 0));
  }
  qn_child_stop(child);
}

/* far more than a pipe holds: write must go on as room comes */
Test(child, a_long_answer_is_read_whole)
{
  static char got[3000000];
  qn_child *child = start("head -c 3000000 /dev/zero | tr '\\0' x; exec cat");
  size_t wrong = 0;

  cr_assert(eq(int, qn_child_read(child, got, sizeof got, 10, NULL), QN_OK));
  for (size_t i = 0; i < sizeof got; i++)
    wrong += got[i] != 'x';
  cr_expect(eq(sz, wrong, 0));
  qn_child_stop(child);
}

Test(child, a_long_question_is_written_whole)
{
  static const char zeros[3000000];
  qn_child *child = start("head -c 3000000 | wc -c | tr -d ' '");
  char got[8] = "";

  cr_assert(
    eq(int, qn_child_write(child, zeros, sizeof zeros, 10, NULL), QN_OK));
  cr_assert(eq(int, qn_child_read(child, got, 7, 10, NULL), QN_OK));
  cr_expect(eq(str, got, "3000000"));
  qn_child_stop(child);
}

Test(child, one_that_ends_early_reports_its_last_words)
{
  qn_child *child = start("echo 'no such weight' >&2; exit 3");
  char got[4];
  qn_diag d;

  cr_expect(eq(int, qn_child_read(child, got, 4, 5, &d), QN_ETOOL));
  cr_expect(diag_says(&d, "sh", "", "ended early: no such weight"));
  qn_child_stop(child);
}

Test(child, writing_to_one_that_ended_is_an_error_and_no_signal)
{
  static const char zeros[200000];
  qn_child *child = start("echo gone >&2; exit 0");
  sigset_t pending;
  qn_diag d;

  cr_expect(
    eq(int, qn_child_write(child, zeros, sizeof zeros, 5, &d), QN_ETOOL));
  cr_expect(diag_says(&d, "sh", "", "ended early: gone"));
  sigpending(&pending);
  cr_expect(eq(int, sigismember(&pending, SIGPIPE), 0));
  qn_child_stop(child);
}

/* SIGPIPE is of the whole process: one writer's end must not expose another */
static qn_status write_to_the_dead(size_t index, unsigned worker, void *arg)
{
  static const char zeros[100000];
  const char *argv[] = {"true", NULL};
  qn_child *child;
  qn_status st = qn_child_start(&child, argv, NULL, NULL, NULL);

  (void)index, (void)worker, (void)arg;
  if (st)
    return st;
  st = qn_child_write(child, zeros, sizeof zeros, 5, NULL);
  qn_child_stop(child);
  return st == QN_ETOOL ? QN_OK : QN_EMISMATCH;
}

Test(child, threads_write_to_children_that_end_and_live_on)
{
  cr_expect(eq(int, qn_parallel_for(60, 6, write_to_the_dead, NULL), QN_OK));
}

Test(child, silence_ends_at_the_timeout)
{
  qn_child *child = start("echo thinking >&2; sleep 30");
  double started = now();
  char got[4];
  qn_diag d;

  cr_expect(eq(int, qn_child_read(child, got, 4, 0.3, &d), QN_ETOOL));
  cr_expect(lt(dbl, now() - started, 5.0));
  cr_expect(diag_says(&d, "sh", "", "gave no answer in time: thinking"));
  qn_child_stop(child);
  cr_expect(lt(dbl, now() - started, 5.0), "stop kills what will not end");
}

Test(child, one_that_takes_no_input_ends_at_the_timeout)
{
  static const char zeros[1000000];
  qn_child *child = start("sleep 30");
  double started = now();
  qn_diag d;

  cr_expect(
    eq(int, qn_child_write(child, zeros, sizeof zeros, 0.3, &d), QN_ETOOL));
  cr_expect(lt(dbl, now() - started, 5.0));
  cr_expect(diag_says(&d, "sh", "", "took no input in time"));
  qn_child_stop(child);
}

Test(child, one_that_cannot_start_is_reported)
{
  const char *argv[] = {"cat", NULL};
  const char *log = scratch_path("none/log");
  qn_child *child;
  qn_diag d;

  cr_expect(eq(int, qn_child_start(&child, argv, NULL, log, &d), QN_ETOOL));
  cr_expect(diag_says(&d, "cat", "", "cannot start: No such file"));
  cr_expect(eq(ptr, child, NULL));
  qn_child_stop(NULL);
}

Test(process, a_cancel_kills_what_runs)
{
  static volatile sig_atomic_t cancelled = 1;
  const qn_progress progress = {.cancelled = &cancelled};
  const char *argv[] = {"sleep", "60", NULL};
  time_t started = time(NULL);
  qn_diag d = {0};

  cr_expect(eq(int, qn_process_run(argv, NULL, NULL, 60, &progress, &d),
               QN_ECANCELLED));
  cr_expect(lt(long, (long)(time(NULL) - started), 5));
}
