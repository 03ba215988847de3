/* noise_colour.h - the coloured sources of one kind on one path. */
#ifndef QN_NOISE_COLOUR_H
#define QN_NOISE_COLOUR_H

#include "sim/noise_source.h"

typedef struct qn_colour {
  qn_noise_kind kind;
  size_t count, poles; /* sources; processes of each: 0 where it is off */
  qn_ou pole[QN_FLICKER_POLES_MAX];
  qn_telegraph telegraph;
  double amplitude, occupancy; /* of telegraph noise */
  /* of the last length of a step */
  double h;
  qn_ou_step step[QN_FLICKER_POLES_MAX];
  double bridge;
  /* where the path is */
  qn_random stream;
  double *x;             /* [count, poles] */
  qn_telegraph_path *at; /* [count] */
  double *mean; /* [count] over the last step, about zero, relative or V */
} qn_colour;

/* Released with qn_colour_release(), also after a failure. */
qn_status qn_colour_init(qn_colour *c, const qn_noise_sources *sources,
                         qn_noise_kind kind);
void qn_colour_release(qn_colour *c);

/* Every process at rest; of a branch's streams those of this kind are taken. */
void qn_colour_begin(qn_colour *c, const qn_random *branch);

/* Step number `step`, of h seconds: exact, whatever h. */
void qn_colour_advance(qn_colour *c, double h, uint64_t step);

/* What a path's streams are for: purpose << 28 and the number of the source.
 * They are never given to another purpose (quench/random.h). */
enum {
  QN_PATH_WHITE = 1, /* by pairs of membranes */
  QN_PATH_RESET = 2,
  QN_PATH_READING = 3,
  QN_PATH_REST = 4,   /* and 0 to 2 for the coloured kinds in their order */
  QN_PATH_COLOUR = 8, /* likewise */
  QN_PATH_BRANCH = 15
};

qn_random qn_path_stream(const qn_random *branch, unsigned purpose,
                         size_t source);

#endif
