/* raw.h - the raw file of SPICE: a header in text, then the points of a
 * transient, in text or as doubles of either byte order.
 *
 * Nothing in the file is believed before it is checked: any bytes give values
 * or a sentence. */
#ifndef QN_NETLIST_RAW_H
#define QN_NETLIST_RAW_H

#include <stddef.h>

#include <quench/diag.h>

typedef struct qn_raw {
  size_t points, vectors;
  size_t time;   /* which vector */
  char **name;   /* [vectors] as the file has them */
  double *value; /* [points, vectors] */
} qn_raw;

/* Whether these bytes begin as a raw file does. */
int qn_raw_begins(const char *data, size_t size);

/* The first analysis over time in the file. On success to be freed by
 * qn_raw_release. QN_EPARSE: no raw file, cut short, complex, without time or
 * without points. */
qn_status qn_raw_read(qn_raw *raw, const char *path, qn_diag *diag);

/* The same of bytes with a NUL behind them; path is for messages. */
qn_status qn_raw_parse(qn_raw *raw, const char *data, size_t size,
                       const char *path, qn_diag *diag);
void qn_raw_release(qn_raw *raw);

/* The first point within `slack` of time t, not before *at, which moves there;
 * NULL if there is none. */
const double *qn_raw_at(const qn_raw *raw, double t, double slack, size_t *at);

#endif
