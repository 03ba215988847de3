/* crossbar_wires.c - wires as chains of nodes, and the matrix over them, in an
 * order found once. */
#include "sim/crossbar_wires.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- wires ----------------------------------------------------------------------- */

/* a device's node on a wire, so many segments from its end */
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

static qn_status sort(struct place *place, size_t count)
{
  qsort(place, count, sizeof *place, by_place);
  for (size_t k = 1; k < count; k++)
    if (by_place(&place[k - 1], &place[k]) == 0)
      return QN_EINVAL;
  return QN_OK;
}

/* each node to the one before it, of places in their order */
static void link_nodes(qn_crossbar *xb, const struct place *place, double ohm)
{
  for (size_t k = 0; k < xb->devices; k++) {
    const struct place *p = &place[k];
    int follows = k > 0 && p[-1].wire == p->wire;
    size_t segments = p->segments - (follows ? p[-1].segments : 0);
    struct qn_node *node = &xb->node[p->node];

    node->before = follows ? p[-1].node : xb->n;
    node->after = xb->n;
    node->wire_s = 1 / (ohm * (double)segments);
    if (follows)
      xb->node[node->before].after = p->node;
  }
}

static qn_status create_wires(qn_crossbar *xb, double rail_ohm,
                              double membrane_ohm)
{
  struct place *place = calloc(xb->devices + 1, sizeof *place);
  const qn_crossing *at = xb->at;
  qn_status st;

  if (!place)
    return QN_ENOMEM;
  for (size_t k = 0; k < xb->devices; k++)
    place[k] = (struct place){at[k].row, at[k].column + 1, xb->device[k].row};
  st = sort(place, xb->devices);
  if (!st && rail_ohm > 0)
    link_nodes(xb, place, rail_ohm);
  for (size_t k = 0; k < xb->devices; k++)
    place[k] =
      (struct place){at[k].column, at[k].row + 1, xb->device[k].column};
  if (!st)
    st = sort(place, xb->devices);
  if (!st && membrane_ohm > 0)
    link_nodes(xb, place, membrane_ohm);
  free(place);
  return st;
}

/* ---- Newton's matrix ------------------------------------------------------------- */

int qn_crossbar_has_pairs(const qn_crossbar *xb)
{
  return xb->n > xb->devices;
}

static void place_entry(qn_crossbar *xb, size_t row, double siemens)
{
  int *end = &xb->first[xb->n];

  if (row == xb->n)
    return;
  xb->index[*end] = (int)row;
  xb->wires[(*end)++] = siemens;
}

static void place_entries(qn_crossbar *xb)
{
  for (size_t i = 0; i < xb->n; i++) {
    const struct qn_node *node = &xb->node[i];
    double to = node->wire_s, from = xb->node[node->after].wire_s;

    xb->first[i] = xb->first[xb->n];
    place_entry(xb, i, to + from);
    if (qn_crossbar_has_pairs(xb))
      place_entry(xb, (i + xb->devices) % xb->n, 0);
    place_entry(xb, node->before, -to);
    place_entry(xb, node->after, -from);
  }
}

void qn_crossbar_fill(qn_crossbar *xb)
{
  memcpy(xb->value, xb->wires, (size_t)xb->first[xb->n] * sizeof *xb->value);
  for (size_t k = 0; k < xb->devices; k++) {
    const struct qn_crossbar_device *device = &xb->device[k];
    double *row = &xb->value[xb->first[device->row]];
    double *column = &xb->value[xb->first[device->column]];

    row[0] += device->slope;
    column[0] += device->slope;
    if (qn_crossbar_has_pairs(xb)) {
      row[1] -= device->slope;
      column[1] -= device->slope;
    }
  }
}

/* The order and the factors' memory. The diagonal is the largest of every
 * column and stays so, so that pivots need no search and no scale. */
static qn_status create_matrix(qn_crossbar *xb)
{
  klu_defaults(&xb->klu);
  xb->klu.btf = 0;
  xb->klu.scale = 0;
  if (xb->n == 0)
    return QN_OK;
  place_entries(xb);
  qn_crossbar_fill(xb);
  xb->symbolic = klu_analyze((int)xb->n, xb->first, xb->index, &xb->klu);
  if (xb->symbolic)
    xb->factors =
      klu_factor(xb->first, xb->index, xb->value, xb->symbolic, &xb->klu);
  if (xb->factors)
    return QN_OK;
  return xb->klu.status == KLU_SINGULAR ? QN_EINVAL : QN_ENOMEM;
}

/* ---- life cycle ------------------------------------------------------------------ */

/* a wire without resistance has no nodes */
static void number_nodes(qn_crossbar *xb, double rail_ohm, double membrane_ohm)
{
  size_t rail = rail_ohm > 0, membrane = membrane_ohm > 0;

  xb->n = (rail + membrane) * xb->devices;
  for (size_t k = 0; k < xb->devices; k++) {
    xb->device[k].row = rail ? k : xb->n;
    xb->device[k].column = membrane ? rail * xb->devices + k : xb->n;
  }
}

static int allocate(qn_crossbar *xb)
{
  size_t n = 2 * xb->devices + 1, entries = 4 * n;

  xb->at = calloc(xb->devices + 1, sizeof *xb->at);
  xb->device = calloc(xb->devices + 1, sizeof *xb->device);
  xb->node = calloc(n, sizeof *xb->node);
  xb->step = calloc(n, sizeof *xb->step);
  xb->first = calloc(n, sizeof *xb->first);
  xb->index = calloc(entries, sizeof *xb->index);
  xb->wires = calloc(entries, sizeof *xb->wires);
  xb->value = calloc(entries, sizeof *xb->value);
  return xb->at && xb->device && xb->node && xb->step && xb->first &&
         xb->index && xb->wires && xb->value;
}

static int is_resistance(double ohm)
{
  return ohm == 0 || (ohm > 0 && isfinite(ohm) && isfinite(1 / ohm));
}

static int is_inside(const qn_crossing *at, size_t devices, size_t rows,
                     size_t columns)
{
  for (size_t k = 0; k < devices; k++)
    if (at[k].row >= rows || at[k].column >= columns)
      return 0;
  return devices < INT_MAX / 16;
}

qn_status qn_crossbar_alloc(qn_crossbar **out, const qn_crossing *at,
                            size_t devices, size_t rows, size_t columns,
                            double rail_ohm, double membrane_ohm)
{
  qn_status st = QN_ENOMEM;
  qn_crossbar *xb;

  *out = NULL;
  if (!is_inside(at, devices, rows, columns) || !is_resistance(rail_ohm) ||
      !is_resistance(membrane_ohm))
    return QN_EINVAL;
  xb = calloc(1, sizeof *xb);
  if (!xb)
    return QN_ENOMEM;
  xb->devices = devices;
  if (allocate(xb)) {
    for (size_t k = 0; k < devices; k++)
      xb->at[k] = at[k];
    number_nodes(xb, rail_ohm, membrane_ohm);
    st = create_wires(xb, rail_ohm, membrane_ohm);
  }
  if (!st)
    st = create_matrix(xb);
  if (st) {
    qn_crossbar_free(xb);
    return st;
  }
  qn_crossbar_forget(xb);
  *out = xb;
  return QN_OK;
}

void qn_crossbar_free(qn_crossbar *xb)
{
  if (!xb)
    return;
  klu_free_numeric(&xb->factors, &xb->klu);
  klu_free_symbolic(&xb->symbolic, &xb->klu);
  free(xb->at);
  free(xb->device);
  free(xb->node);
  free(xb->step);
  free(xb->first);
  free(xb->index);
  free(xb->wires);
  free(xb->value);
  free(xb);
}

void qn_crossbar_forget(qn_crossbar *xb)
{
  for (size_t i = 0; i <= xb->n; i++)
    xb->node[i].d = 0;
  xb->stale = 1;
}
