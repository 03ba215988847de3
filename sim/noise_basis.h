/* noise_basis.h - many coloured sources at one membrane as few.
 *
 * Sources i at a membrane drive it with currents b_i(t) eta_i, eta_i
 * independent processes of one law. For any orthogonal U the sum is that of
 * (U' b)_r eta'_r, the eta' = U' eta as independent and of the same law: along
 * a trajectory the b stay close to a subspace, whose directions are the
 * eigenvectors of the sum of b b' / b'b over points of it, and what is outside
 * is left out. Exact where nothing is. */
#ifndef QN_NOISE_BASIS_H
#define QN_NOISE_BASIS_H

#include <stddef.h>

#include <quench/status.h>

typedef struct qn_noise_basis {
  size_t units;
  size_t *first;  /* [units + 1] sources of a membrane */
  size_t *kept;   /* [units + 1] directions of a membrane */
  size_t *post;   /* [kept[units]] membrane of each direction */
  double *u;      /* for each direction its components */
  size_t *at;     /* [kept[units]] where in u they begin */
  double *gram;   /* sums of b b' / b'b, until the directions are chosen */
  size_t *square; /* [units] where in gram they begin */
} qn_noise_basis;

/* first [units + 1]: sources of each membrane, side by side. */
qn_status qn_noise_basis_init(qn_noise_basis *basis, size_t units,
                              const size_t *first);
void qn_noise_basis_release(qn_noise_basis *basis);

/* One point of the trajectory: b [first[units]] in any unit. */
void qn_noise_basis_add(qn_noise_basis *basis, const double *b);

/* Keep the fewest directions that leave out `part` of a membrane's power at
 * most, on average over the points; all of it where a membrane has few sources. */
qn_status qn_noise_basis_choose(qn_noise_basis *basis, double part);

/* U' b into along [kept[units]]. */
void qn_noise_basis_project(const qn_noise_basis *basis, const double *b,
                            double *along);

/* Largest part of a membrane's power that is left out at b. */
double qn_noise_basis_left(const qn_noise_basis *basis, const double *b,
                           const double *along);

#endif
