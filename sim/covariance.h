/* covariance.h - a chip's trajectory with the covariance of its noise as one
 * driven system (noise.h has the equations).
 *
 * The states: the chip's own, then for each account the lower triangle of P by
 * rows, then R [units][processes]. P stands in units of kT/C of the largest
 * capacitor, R of its root, both times a model unit's volts, so that one
 * tolerance serves all. Of memristors that move only the membranes are
 * covaried: what noise does to their states is left out. Wires are left out of
 * the Jacobian, not of the currents. */
#ifndef QN_COVARIANCE_H
#define QN_COVARIANCE_H

#include "sim/noise_basis.h"
#include "sim/noise_source.h"

/* A process of every direction of a family. */
typedef struct qn_covariance_pole {
  qn_noise_kind kind;
  double rate;      /* 1 / tau; of those slower than the run, their mean's */
  double deviation; /* of a relative change, or V */
} qn_covariance_pole;

/* Poles faster than every membrane: white, of density S(0). The membrane's own
 * decay is taken off to first order: S(0) / (1 + tau decay). */
typedef struct qn_covariance_fast {
  qn_noise_kind kind;
  qn_ou ou;
} qn_covariance_fast;

enum { QN_COVARIANCE_POLES_MAX = 3 * QN_FLICKER_POLES_MAX };

/* How coloured sources are integrated in a run of run_s seconds. */
typedef struct qn_covariance_plan {
  size_t poles, fasts;
  qn_covariance_pole pole[QN_COVARIANCE_POLES_MAX];
  qn_covariance_fast fast[QN_COVARIANCE_POLES_MAX];
  size_t given, slow; /* poles of a device in all; merged into slow ones */
} qn_covariance_plan;

qn_covariance_plan qn_covariance_plan_of(const qn_technology *tech,
                                         double run_s, double fastest_s);

typedef struct qn_covariance {
  qn_driven inner;
  const qn_circuit *circuit; /* inner.model */
  qn_noise_sources sources;
  qn_covariance_plan plan;
  qn_noise_basis *basis; /* [QN_NOISE_FAMILIES] */
  qn_noise_split split;
  size_t accounts;
  size_t account_of[QN_NOISE_KINDS]; /* by kind */
  size_t processes;
  size_t start_r; /* of R in the states */
  double unit_v2; /* V2 of 1 of P: kT/C over a model unit's volts */
  double start;   /* P(0) in kT/C of each membrane */
  qn_noise *out;  /* borrowed; records go there */
  double *left;   /* [rows] coloured power that was left out */
} qn_covariance;

/* Into out, which has its arrays, go the records; also after a failure *v is to
 * be released. */
qn_status qn_covariance_init(qn_covariance *v, const qn_chip *chip,
                             const qn_network *net, const qn_dataset *data,
                             qn_noise_split split, qn_noise *out,
                             qn_diag *diag);
void qn_covariance_release(qn_covariance *v);

/* As a driven system, whose model is *v (borrowed: no qn_driven_release()). */
qn_driven qn_covariance_driven(const qn_covariance *v);

#endif
