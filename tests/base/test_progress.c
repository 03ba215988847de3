/* test_progress.c - a tick reports, and carries the wish to stop. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <quench/progress.h>

static void note(void *arg, const char *task, size_t done, size_t total)
{
  size_t *got = arg;

  got[0] = done;
  got[1] = total;
  cr_expect(eq(str, (char *)task, "task"));
}

Test(progress, a_tick_reports_what_is_done)
{
  size_t got[2] = {0, 0};
  qn_progress p = {.report = note, .arg = got};

  cr_expect(eq(int, qn_progress_tick(&p, "task", 3, 7), QN_OK));
  cr_expect(eq(sz, got[0], 3));
  cr_expect(eq(sz, got[1], 7));
}

Test(progress, a_tick_says_when_to_stop)
{
  volatile sig_atomic_t cancelled = 0;
  qn_progress p = {.cancelled = &cancelled};

  cr_expect(eq(int, qn_progress_tick(&p, "task", 1, 2), QN_OK));
  cancelled = 1;
  cr_expect(eq(int, qn_progress_tick(&p, "task", 2, 2), QN_ECANCELLED));
}

Test(progress, nobody_need_listen)
{
  cr_expect(eq(int, qn_progress_tick(NULL, "task", 1, 2), QN_OK));
}
