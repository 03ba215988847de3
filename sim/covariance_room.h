/* covariance_room.h - one worker's of a qn_covariance: a room of the chip's
 * circuit and what is computed from it. */
#ifndef QN_COVARIANCE_ROOM_H
#define QN_COVARIANCE_ROOM_H

#include "sim/covariance.h"

typedef struct qn_covariance_room {
  const qn_covariance *system;
  qn_circuit_room *room;
  double *jacobian;                   /* [pattern->count] 1/s */
  double *density;                    /* [QN_NOISE_WHITE][units] A2/Hz */
  double *current[QN_NOISE_FAMILIES]; /* of each source, A */
  double *along[QN_NOISE_FAMILIES];   /* of each direction, A */
  double *white;                      /* [accounts][units] Q, V2/s */
  double *enters;                     /* [processes] B, V/s */
  double *full, *product;             /* [units][units] */
  double *before, *between;           /* [inner.n] of a survey */
} qn_covariance_room;

void *qn_covariance_room_alloc(const void *system);
void qn_covariance_room_free(void *room);

/* For each family that is on: source currents and their directions, at the
 * circuit's last evaluation. */
void qn_covariance_colours(qn_covariance_room *w);

/* Whether a family has a pole of any kind. */
int qn_covariance_has(const qn_covariance *v, qn_noise_family f);

/* Which account takes a source of a kind that enters a membrane. */
size_t qn_covariance_account(const qn_covariance *v, qn_noise_kind kind,
                             size_t post);

/* to += J from, both [n][columns], of the n membranes' part of J. */
void qn_covariance_add_product(const qn_pattern *at, size_t n,
                               const double *jacobian, const double *from,
                               size_t columns, double *to);

/* What a survey and the covariance have in common with the chip's system. */
void qn_covariance_set_inputs(void *room, const qn_ramp *ramp);
void qn_covariance_end(void *room, const double *x, qn_ode_report *report);
void qn_covariance_map_inputs(const void *model, const double *row,
                              double *inputs, size_t *clipped);
void qn_covariance_read_out(const void *model, const double *state,
                            double *output, size_t *clipped);

/* Directions of coloured sources, from the trajectories of data without noise
 * (at most a few sequences of them): each row's begin, end and what lies in
 * between. */
qn_status qn_covariance_survey(qn_covariance *v, const qn_network *net,
                               const qn_dataset *data, qn_diag *diag);

#endif
