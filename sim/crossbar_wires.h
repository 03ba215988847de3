/* crossbar_wires.h - the nodes of a crossbar's wires and Newton's matrix over
 * them: what sim/crossbar.c iterates on. */
#ifndef QN_CROSSBAR_WIRES_H
#define QN_CROSSBAR_WIRES_H

#include <klu.h>

#include "sim/crossbar.h"

/* a point of a wire; the deviation is from the potential of the wire's end */
struct qn_node {
  size_t before, after; /* its neighbours, towards the wire's end and away */
  double wire_s;        /* of the wire to the one before */
  double d, d_before;   /* deviation now and before the step, V */
  double residual;      /* current that leaves it, A */
};

struct qn_crossbar_device {
  size_t row, column; /* nodes */
  double gap;         /* feed - end, V */
  double slope;       /* of its law, S */
};

/* Node k is device k's on its row and node devices + k that on its column where
 * both have resistance; else there is one of the two, or none. Node n stands
 * for the ends of all wires: there the deviation is 0, and what is added up
 * there and behind the matrix's last column is not used. */
struct qn_crossbar {
  size_t devices, n;
  qn_crossing *at;                   /* [devices] */
  struct qn_crossbar_device *device; /* [devices] */
  struct qn_node *node;              /* [n + 1] */
  double *step;                      /* [n] */

  /* Newton's matrix in compressed columns: in each the diagonal, the other node
   * of the device where it has two, the neighbours on the wire */
  int *first, *index;
  double *wires, *value; /* [entries + 1] without the devices, with them */
  klu_common klu;
  klu_symbolic *symbolic;
  klu_numeric *factors;
  int stale;  /* to be factored anew */
  int excess; /* of steps, since it was */
};

/* Whether a device has a node at either wire. */
int qn_crossbar_has_pairs(const qn_crossbar *xb);

/* The matrix of the devices' slopes now. */
void qn_crossbar_fill(qn_crossbar *xb);

#endif
