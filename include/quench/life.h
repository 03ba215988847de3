/* life.h - a chip after many inferences: what reading does to its memristors. */
#ifndef QN_LIFE_H
#define QN_LIFE_H

#include <quench/ode.h>

typedef struct qn_life_report {
  size_t memristors;
  size_t steps, runs;                        /* of the states; of the data */
  double moved_rms, moved_worst;             /* of a state's range */
  double conductance_rms, conductance_worst; /* relative change */
} qn_life_report;

/* The chip after `inferences` > 0 sequences, those of data in turn, each from
 * membranes at rest, one after another without a pause. Within one pass over the
 * data the memristors' states x stand still and their rates are averaged along
 * the trajectories; in the number n of inferences dx/dn = R(x) is integrated
 * with exponential steps (ETD2RK, Cox and Matthews, J. Comput. Phys. 176, 2002)
 * whose linear part is the rates' own averaged derivative, to 1e-4 of a state's
 * range a step. Good where one pass moves no state by much; *out is a chip of
 * its own. QN_EUNSUPPORTED where memristors do not move. */
qn_status qn_chip_age(qn_chip **out, const qn_chip *chip, const qn_network *net,
                      const qn_dataset *data, double inferences,
                      const qn_ode_options *opt, qn_life_report *report,
                      qn_diag *diag);

#endif
