/* mapper_parts.h - what the parts of the mapper share. */
#ifndef QN_MAPPER_PARTS_H
#define QN_MAPPER_PARTS_H

#include <quench/chip.h>

/* What one try is held to; a budget tightens it. */
struct mapper_limits {
  qn_preference prefer;
  double scale_max;        /* of every neuron that can go lower, S a unit */
  double seconds_max;      /* of a model second */
  const char *scale_bound; /* who set these; NULL: nobody */
};

struct mapper {
  const qn_network *net;
  const qn_technology *tech;
  const struct mapper_limits *limits;
  qn_chip *chip;
  double high, low; /* rails, model units */
  size_t clip_room;
  double error_sum; /* of squared relative conductance errors */
  int failed;       /* out of memory */
};

/* w to the upper rail, so that the pair pulls towards a potential. */
double qn_mapper_share(const struct mapper *m, double potential);

/* The same of a synapse: a transconductor has one memristor. */
double qn_mapper_share_of_synapse(const struct mapper *m, double erev);

/* The conductance that a memristor can take which lies nearest. */
double qn_mapper_nearest(const qn_technology *t, double g);

/* The capacitor of neuron j, of a model second of one second, by siemens a
 * unit. */
double qn_mapper_capacitor(const struct mapper *m, size_t j);

/* The capacitance that a membrane can have which lies nearest [F], its wire
 * included: beside a wire a capacitor may be left out. */
double qn_mapper_nearest_capacitance(const struct mapper *m, double wanted);

/* Rails and volts per unit, into the chip; first of all. */
void qn_mapper_choose_volts(struct mapper *m);

/* Then siemens per unit of every neuron. */
qn_status qn_mapper_choose_scales(struct mapper *m);

/* Then seconds per unit. */
void qn_mapper_choose_time(struct mapper *m);

/* Then every element, with its clips. */
qn_status qn_mapper_place(struct mapper *m);

/* A chip within limits, and within the technology's budgets. */
qn_status qn_mapper_try(qn_chip **out, const qn_network *net,
                        const qn_technology *tech,
                        const struct mapper_limits *limits);
qn_status qn_mapper_fit(qn_chip **out, const qn_network *net,
                        const qn_technology *tech, qn_diag *diag);

#endif
