/* pattern.c - compressed columns of a network's Jacobian. */
#include "sim/pattern.h"

#include <stdlib.h>

/* Walk all (row, column) pairs by ascending row: each synapse, and the
 * diagonal where no synapse onto itself gives it. */
struct walk {
  const size_t *first, *pre;
  size_t n;
};

/* the entry a pair gets: one a column and row, however many synapses */
static size_t place(qn_pattern *p, size_t *fill, size_t column, size_t row)
{
  size_t last = fill[column];

  if (last > p->column[column] && p->row[last - 1] == row)
    return last - 1;
  p->row[last] = row;
  fill[column]++;
  return last;
}

/* one more in a column, unless it has this row; seen [n] is 0 at first */
static void count_pair(qn_pattern *p, size_t *seen, size_t column, size_t row)
{
  p->column[column + 1] += seen[column] != row + 1;
  seen[column] = row + 1;
}

static void count_columns(qn_pattern *p, const struct walk *w, size_t *seen)
{
  for (size_t j = 0; j < w->n; j++) {
    for (size_t i = w->first[j]; i < w->first[j + 1]; i++)
      count_pair(p, seen, w->pre[i], j);
    count_pair(p, seen, j, j);
  }
  for (size_t j = 0; j < w->n; j++)
    p->column[j + 1] += p->column[j];
  p->count = p->column[w->n];
}

static void fill_columns(qn_pattern *p, const struct walk *w, size_t *fill)
{
  for (size_t j = 0; j < w->n; j++)
    fill[j] = p->column[j];
  for (size_t j = 0; j < w->n; j++) {
    for (size_t i = w->first[j]; i < w->first[j + 1]; i++)
      p->entry[i] = place(p, fill, w->pre[i], j);
    p->diagonal[j] = place(p, fill, j, j);
  }
}

qn_status qn_pattern_init(qn_pattern *p, size_t n, const size_t *first,
                          const size_t *pre)
{
  struct walk w = {first, pre, n};
  size_t *fill = calloc(n + 1, sizeof *fill);
  qn_status st = QN_ENOMEM;

  *p = (qn_pattern){.n = n};
  p->column = calloc(n + 1, sizeof *p->column);
  p->row = calloc(first[n] + n + 1, sizeof *p->row);
  p->diagonal = calloc(n + 1, sizeof *p->diagonal);
  p->entry = calloc(first[n] + 1, sizeof *p->entry);
  if (fill && p->column && p->row && p->diagonal && p->entry) {
    count_columns(p, &w, fill);
    fill_columns(p, &w, fill);
    st = QN_OK;
  } else {
    qn_pattern_release(p);
  }
  free(fill);
  return st;
}

void qn_pattern_release(qn_pattern *p)
{
  free(p->column);
  free(p->row);
  free(p->diagonal);
  free(p->entry);
  *p = (qn_pattern){0};
}
