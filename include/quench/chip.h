/* chip.h - an LTC network mapped to a technology: every capacitor, memristor,
 * rail and gate with its nominal value. SI units. Immutable once mapped.
 *
 * Membrane j, with drive(.) of the technology's memristor:
 *   C_j dV_j/dt = (leak_plus_j  + sum s_b plus_b)  drive(E+ - V_j)
 *               + (leak_minus_j + sum s_b minus_b) drive(E- - V_j)
 * over its branches b, each a `direct` cell: two memristors behind one
 * duty-cycled gate that conducts the fraction
 *   s_b = logistic(gate_slope * gain_b * (V_pre - threshold_b))
 * of the time. V_pre is a membrane or the output of an input driver. A model
 * value x stands at common_mode + volts_per_unit * x, rails included. */
#ifndef QN_CHIP_H
#define QN_CHIP_H

#include <stddef.h>

#include <quench/network.h>
#include <quench/technology.h>

typedef struct qn_branch {
  size_t pre, post;
  double plus_s, minus_s; /* conductance to each rail at 0 V */
  double gain;            /* of the amplifier before the gate, signed */
  double threshold_v;
} qn_branch;

/* Ordered as the network's synapses: same index, same synapse. */
typedef struct qn_branches {
  size_t count;
  qn_branch *at;
  size_t *first; /* [units + 1] */
} qn_branches;

/* What did not fit and was brought to the nearest limit. */
typedef struct qn_clip {
  const char *what; /* "conductance", "gain", "capacitor" */
  const char *kind; /* "recurrent", "sensory", "leak", "membrane" */
  size_t pre, post; /* pre is meaningless for leak and membrane */
  double wanted, got;
} qn_clip;

typedef struct qn_chip {
  char *name;      /* the network's */
  char sample[48]; /* "die 3 of seed 1"; "" for the chip as meant */
  qn_technology technology;
  size_t units, inputs, outputs;
  double volts_per_unit;   /* V per model unit */
  double seconds_per_unit; /* s per model second */
  double common_mode_v;
  double rail_plus_v, rail_minus_v;
  double gate_slope_per_v;            /* kappa / U_T at the run temperature */
  double rise_fraction;               /* of a sample */
  double *capacitance_f;              /* [units] */
  double *leak_plus_s, *leak_minus_s; /* [units] */
  double *siemens_per_unit;           /* [units] the neuron's scale */
  qn_branches recurrent, sensory;
  qn_map input_map, output_map;
  char **input_names, **output_names;
  /* how the mapping went */
  const char *volts_bound, *seconds_bound; /* what bound each choice */
  qn_clip *clip;
  size_t clips;
  double level_error; /* rms of (G - wanted) / wanted over all memristors */
  size_t memristors;
} qn_chip;

void qn_chip_free(qn_chip *chip); /* NULL is allowed */

/* Everything, into memory of its own; QN_ENOMEM. */
qn_status qn_chip_copy(qn_chip **out, const qn_chip *chip);

/* Model units of membrane or driver voltage, and back. */
double qn_chip_to_model(const qn_chip *chip, double volts);
double qn_chip_to_volts(const qn_chip *chip, double x);

/* Output of input driver k for a dataset's value x: mapped, in volts, held to
 * the driver's range; *clipped is raised by 1 if that bound. */
double qn_chip_drive_input(const qn_chip *chip, size_t k, double x,
                           size_t *clipped);

/* Area, and power at rest: every membrane at the common mode, every gate half
 * open. */
typedef struct qn_chip_cost {
  double area_m2;
  double memristor_power_w, bias_power_w;
  double energy_per_step_j; /* of one sample of one model second */
} qn_chip_cost;
qn_chip_cost qn_chip_estimate(const qn_chip *chip);

#endif
