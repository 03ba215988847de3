/* raw.h - the raw file of SPICE: a header in text, then real vectors in binary
 * doubles of this machine. */
#ifndef QN_NETLIST_RAW_H
#define QN_NETLIST_RAW_H

#include <stddef.h>

#include <quench/diag.h>

typedef struct qn_raw {
  size_t points, vectors;
  double *value; /* [points, vectors], the first of them time */
} qn_raw;

/* On success to be freed by qn_raw_release. */
qn_status qn_raw_read(qn_raw *raw, const char *path, qn_diag *diag);
void qn_raw_release(qn_raw *raw);

/* The first point within `slack` of time t, not before *at, which moves there;
 * NULL if there is none. */
const double *qn_raw_at(const qn_raw *raw, double t, double slack, size_t *at);

#endif
