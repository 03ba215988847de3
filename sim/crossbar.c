/* crossbar.c - Newton's iteration for the potentials of a crossbar's wires, on
 * factors that are kept while they serve. */
#include "sim/crossbar.h"

#include <klu.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1e-13 /* last update of a potential, of the largest gap */
#define SLOW 0.1        /* what a step may leave of the residual */
#define SHORTEST 1e-12  /* step along Newton's direction */
#define STEPS_MAX 200

/* Node i < n is a device's crossing on a row or on a column; node n stands for
 * the ends of all wires, where the deviation is 0. */
struct qn_crossbar {
  size_t devices, n;
  qn_crossing *at;
  double rail_ohm, membrane_ohm;
  size_t *row, *column; /* [devices] nodes */

  /* the wire from each node to the one before it */
  size_t *before; /* [n] */
  double *wire_s; /* [n] */

  /* Newton's matrix, in compressed columns */
  int *first, *index;
  double *wires, *value;   /* [entries] of the wires alone, and of all */
  size_t *diagonal, *pair; /* entries [n], and [devices][2] of (row, column) */
  klu_common klu;
  klu_symbolic *symbolic;
  klu_numeric *factors;
  int stale; /* the factors are to be made anew */

  double *gap, *slope;           /* [devices] */
  double *d, *from;              /* [n + 1], where a step began */
  double *residual, *correction; /* [n + 1] */
};

struct law {
  qn_crossing_law *of;
  void *arg;
  double *voltage, *current; /* [devices] the caller's */
};

/* ---- the wires ---------------------------------------------------------------- */

/* a device on a wire, so many segments from its end */
struct place {
  size_t wire, segments, node;
};

static int by_place(const void *a, const void *b)
{
  const struct place *p = a, *q = b;

  if (p->wire != q->wire)
    return p->wire < q->wire ? -1 : 1;
  return (p->segments > q->segments) - (p->segments < q->segments);
}

/* wires with resistance become nodes linked in their order */
static void link_nodes(qn_crossbar *xb, struct place *place, double ohm)
{
  qsort(place, xb->devices, sizeof *place, by_place);
  for (size_t k = 0; k < xb->devices && ohm > 0; k++) {
    const struct place *p = &place[k], *last = k ? p - 1 : NULL;
    int first = !last || last->wire != p->wire;
    size_t segments = p->segments - (first ? 0 : last->segments);

    xb->before[p->node] = first ? xb->n : last->node;
    xb->wire_s[p->node] = 1 / (ohm * (double)segments);
  }
}

/* sorted by place */
static int twice(const struct place *place, size_t count)
{
  for (size_t k = 1; k < count; k++)
    if (!by_place(&place[k - 1], &place[k]))
      return 1;
  return 0;
}

static qn_status create_wires(qn_crossbar *xb, const qn_crossing *at,
                              double rail_ohm, double membrane_ohm)
{
  struct place *place = calloc(xb->devices + 1, sizeof *place);
  qn_status st = QN_OK;

  if (!place)
    return QN_ENOMEM;
  for (size_t k = 0; k < xb->devices; k++)
    place[k] = (struct place){at[k].row, at[k].column + 1, xb->row[k]};
  link_nodes(xb, place, rail_ohm);
  if (twice(place, xb->devices))
    st = QN_EINVAL;
  for (size_t k = 0; k < xb->devices; k++)
    place[k] = (struct place){at[k].column, at[k].row + 1, xb->column[k]};
  link_nodes(xb, place, membrane_ohm);
  free(place);
  return st;
}
