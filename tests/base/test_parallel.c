/* test_parallel.c - every piece once, and one answer for any workers. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdatomic.h>
#include <time.h>

#include <quench/parallel.h>

enum { PIECES = 1000 };

struct tally {
  atomic_int calls[PIECES];
  atomic_int busy[64]; /* pieces a worker has in hand */
  atomic_int clashes;
  unsigned workers;
  size_t fails_at, fails_too; /* indices that fail; PIECES: none */
  double result[PIECES];
};

static qn_status piece(size_t index, unsigned worker, void *arg)
{
  struct tally *t = arg;
  double sum = 0;

  atomic_fetch_add(&t->calls[index], 1);
  if (worker >= t->workers || atomic_fetch_add(&t->busy[worker], 1) != 0)
    atomic_fetch_add(&t->clashes, 1);
  for (size_t i = 1; i <= 200 + index % 7; i++)
    sum += 1.0 / (double)(i * (index + 1));
  t->result[index] = sum;
  if (worker < t->workers)
    atomic_fetch_sub(&t->busy[worker], 1);
  if (index == t->fails_at)
    return QN_ENOCONV;
  return index == t->fails_too ? QN_ESINGULAR : QN_OK;
}

static qn_status tally(struct tally *t, size_t count, unsigned workers)
{
  *t =
    (struct tally){.workers = workers, .fails_at = PIECES, .fails_too = PIECES};
  return qn_parallel_for(count, workers, piece, t);
}

Test(parallel, every_index_runs_once_and_no_worker_is_in_two_places)
{
  static struct tally t;

  for (unsigned workers = 1; workers <= 64; workers *= 4) {
    cr_assert(eq(int, tally(&t, PIECES, workers), QN_OK));
    for (size_t i = 0; i < PIECES; i++)
      cr_expect(eq(int, t.calls[i], 1), "%u workers, index %zu", workers, i);
    cr_expect(eq(int, t.clashes, 0), "%u workers", workers);
  }
}

Test(parallel, results_are_the_same_bits_for_any_number_of_workers)
{
  static struct tally one, many;

  cr_assert(eq(int, tally(&one, PIECES, 1), QN_OK));
  cr_assert(eq(int, tally(&many, PIECES, 7), QN_OK));
  for (size_t i = 0; i < PIECES; i++)
    cr_expect(eq(dbl, many.result[i], one.result[i]));
}

Test(parallel, nothing_to_do_is_done)
{
  static struct tally t;

  cr_expect(eq(int, tally(&t, 0, 4), QN_OK));
  cr_expect(eq(int, t.calls[0], 0));
}

Test(parallel, fewer_pieces_than_workers_and_no_workers_at_all_work)
{
  static struct tally t;

  cr_expect(eq(int, tally(&t, 3, 64), QN_OK));
  cr_expect(eq(int, t.calls[0] + t.calls[1] + t.calls[2], 3));
  t = (struct tally){.workers = 1, .fails_at = PIECES, .fails_too = PIECES};
  cr_expect(eq(int, qn_parallel_for(3, 0, piece, &t), QN_OK));
  cr_expect(eq(int, t.calls[0] + t.calls[1] + t.calls[2], 3));
}

Test(parallel, one_worker_stops_at_the_first_failure)
{
  static struct tally t;

  t = (struct tally){.workers = 1, .fails_at = 5, .fails_too = 7};
  cr_expect(eq(int, qn_parallel_for(PIECES, 1, piece, &t), QN_ENOCONV));
  cr_expect(eq(int, t.calls[5], 1));
  cr_expect(eq(int, t.calls[6], 0));
}

/* two pieces that are in hand together, both to fail, one after the other */
struct order {
  size_t last;
  atomic_int in_hand, ended;
};

static void wait_for(atomic_int *counter, int value)
{
  const struct timespec pause = {.tv_nsec = 1000000};

  for (int i = 0; i < 2000 && atomic_load(counter) < value; i++)
    nanosleep(&pause, NULL);
}

static qn_status both_fail(size_t index, unsigned worker, void *arg)
{
  const struct timespec pause = {.tv_nsec = 3000000};
  struct order *o = arg;

  (void)worker;
  atomic_fetch_add(&o->in_hand, 1);
  wait_for(&o->in_hand, 2);
  if (index == o->last) {
    wait_for(&o->ended, 1);
    nanosleep(&pause, NULL); /* until its failure is noted */
  }
  atomic_fetch_add(&o->ended, 1);
  return index ? QN_EMODEL : QN_EINVAL;
}

Test(parallel, the_failure_of_the_lowest_index_is_returned_whoever_ends_first)
{
  for (size_t last = 0; last < 2; last++)
    for (int i = 0; i < 5; i++) {
      struct order o = {.last = last};

      cr_expect(eq(int, qn_parallel_for(2, 2, both_fail, &o), QN_EINVAL));
      cr_expect(eq(int, o.ended, 2));
    }
}

Test(parallel, no_piece_starts_after_a_failure)
{
  static struct tally t;
  int started = 0;

  t = (struct tally){.workers = 4, .fails_at = 0, .fails_too = PIECES};
  cr_expect(eq(int, qn_parallel_for(PIECES, 4, piece, &t), QN_ENOCONV));
  for (size_t i = 0; i < PIECES; i++)
    started += t.calls[i];
  cr_expect(lt(int, started, PIECES));
}

Test(parallel, there_is_at_least_one_core)
{
  cr_expect(ge(uint, qn_parallel_cores(), 1));
}
