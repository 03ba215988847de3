/* parallel.c - a loop over independent pieces on POSIX threads. */
#include <quench/parallel.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct pool {
  pthread_mutex_t lock;
  size_t next, count;
  qn_work_fn *work;
  void *arg;
  qn_status status; /* of the lowest failing index so far */
  size_t failed;
};

struct worker {
  struct pool *pool;
  unsigned id;
  pthread_t thread;
};

unsigned qn_parallel_cores(void)
{
  long n = sysconf(_SC_NPROCESSORS_ONLN);

  return n > 0 ? (unsigned)n : 1;
}

static int take(struct pool *pool, size_t *index)
{
  int more;

  pthread_mutex_lock(&pool->lock);
  more = !pool->status && pool->next < pool->count;
  *index = pool->next;
  pool->next += (size_t)more;
  pthread_mutex_unlock(&pool->lock);
  return more;
}

static void note_failure(struct pool *pool, size_t index, qn_status st)
{
  pthread_mutex_lock(&pool->lock);
  if (!pool->status || index < pool->failed) {
    pool->status = st;
    pool->failed = index;
  }
  pthread_mutex_unlock(&pool->lock);
}

static void *run(void *arg)
{
  struct worker *w = arg;
  size_t index;

  while (take(w->pool, &index)) {
    qn_status st = w->pool->work(index, w->id, w->pool->arg);

    if (st)
      note_failure(w->pool, index, st);
  }
  return NULL;
}

qn_status qn_parallel_for(size_t count, unsigned workers, qn_work_fn *work,
                          void *arg)
{
  struct pool pool = {.count = count, .work = work, .arg = arg};
  struct worker *w;
  unsigned started = 1;

  if (workers < 1)
    workers = 1;
  if (workers > count)
    workers = count ? (unsigned)count : 1;
  w = calloc(workers, sizeof *w);
  if (!w)
    return QN_ENOMEM;
  pthread_mutex_init(&pool.lock, NULL);
  for (unsigned i = 0; i < workers; i++)
    w[i] = (struct worker){.pool = &pool, .id = i};
  while (started < workers &&
         !pthread_create(&w[started].thread, NULL, run, &w[started]))
    started++;
  run(&w[0]);
  for (unsigned i = 1; i < started; i++)
    pthread_join(w[i].thread, NULL);
  pthread_mutex_destroy(&pool.lock);
  free(w);
  return pool.status;
}
