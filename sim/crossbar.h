/* crossbar.h - the wires of a memristive crossbar, solved exactly.
 *
 * A row is a rail's wire, fed at its left end; a column is a membrane's wire,
 * which ends above row 0 in the membrane. A device joins them where they
 * cross:
 *
 *            end[0]     end[1]
 *              |          |        a row has rail_ohm from the feed to column
 *   feed[0] ---+----------+---     0 and from each column to the next, a
 *              |\device   |        column membrane_ohm from the membrane to
 *   feed[1] ---+----------+---     row 0 and from each row to the next
 *              |          |\device
 *
 * Device k carries law(v_k) from its row to its column, v_k the potential of
 * its row less that of its column at the crossing. Kirchhoff's current law at
 * the crossings with a device is the whole system; what reaches membrane j is
 * the sum of its column's currents.
 *
 * The unknowns are the deviations d of the crossings from the end of their
 * wire, so that wires of next to no resistance cost no digits:
 *   W d + B' law(gap + B d) = 0,   gap_k = feed - end,
 * W the wires' conductances, B +1 at a device's row and -1 at its column. With
 * laws that rise, the solution is unique and Newton's matrix symmetric,
 * positive definite and an M-matrix: KLU (Davis and Palamadai Natarajan, ACM
 * TOMS 37(3):36, 2010) factors it on its diagonal in an order found once.
 *
 * Wires are settled: their capacitance is at the membranes (chip.h,
 * qn_chip_wire_lag()).
 *
 * A qn_crossbar may be used by one thread at a time; two are independent.
 * Nothing is allocated after qn_crossbar_alloc(). */
#ifndef QN_CROSSBAR_H
#define QN_CROSSBAR_H

#include <stddef.h>

#include <quench/chip.h> /* qn_crossing */

/* Current [A] of device k at v [V] and its derivative [S], >= 0: the current
 * may not fall as v rises. 0 and 0 is a device behind a shut gate. */
typedef double qn_crossing_law(void *arg, size_t k, double v, double *slope);

typedef struct qn_crossbar qn_crossbar; /* opaque */

/* Of at [devices], which is copied. A resistance of 0 makes all of such a wire
 * one potential. QN_EINVAL: a crossing outside of rows and columns or with two
 * devices, a resistance that is negative or not finite; QN_ENOMEM. */
qn_status qn_crossbar_alloc(qn_crossbar **out, const qn_crossing *at,
                            size_t devices, size_t rows, size_t columns,
                            double rail_ohm, double membrane_ohm);
void qn_crossbar_free(qn_crossbar *xb); /* NULL is allowed */

/* The voltage [devices, V] across and the current [devices, A] through each
 * device under feed [rows, V] and end [columns, V]. Voltages are right to 1e-13
 * of the largest |feed - end| of a device. QN_ENOCONV: a law is not finite or
 * falls; the next solve starts as new.
 *
 * It starts from the last solution and its factors, and makes new ones where
 * they no longer serve: what lies within those 1e-13 depends on the solves
 * before, back to the last qn_crossbar_forget(). */
qn_status qn_crossbar_solve(qn_crossbar *xb, const double *feed,
                            const double *end, qn_crossing_law *law, void *arg,
                            double *voltage, double *current);

/* As new: the next solve depends on nothing before it. */
void qn_crossbar_forget(qn_crossbar *xb);

#endif
