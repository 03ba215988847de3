/* chip.h - an LTC network mapped to a technology: every capacitor, memristor,
 * rail and gate with its nominal value. SI units. Immutable once mapped.
 *
 * Membrane j: C_j dV_j/dt is the sum over its elements of
 *   leak         G drive(E+ - V_j) + G' drive(E- - V_j)
 *   direct       s [plus drive(E+ - V_j) + minus drive(E- - V_j)]: two
 *                memristors behind one duty-cycled gate, which conducts the
 *                fraction s of the time
 *   steered      s+ plus drive(E+ - V_j) + s- minus drive(E- - V_j): each
 *                memristor, clamped to the membrane's voltage, conducts
 *                always; a pair of its own steers the fraction s to the membrane
 *   transconductor  s plus V_L tanh((E - V_j) / V_L), E the synapse's own
 *                reference, plus its transconductance, set by one memristor
 * with s = logistic(gate_slope * gain * (V_pre - threshold)) and drive(.) of
 * the technology's memristor, by polarity p: p drive(p v). V_pre is a membrane
 * or the output of an input driver. A model value x stands at common_mode +
 * volts_per_unit * x, rails included.
 *
 * Where the technology has wires, the cells stand in a crossbar (qn_crossing):
 * the drives are then of the voltages at the crossings, and C_j has its wire's
 * capacitance in it. */
#ifndef QN_CHIP_H
#define QN_CHIP_H

#include <stddef.h>

#include <quench/network.h>
#include <quench/technology.h>

/* One gate: logistic(gate_slope * gain * (v - threshold)). */
typedef struct qn_gate {
  double gain; /* of the amplifier before it, signed */
  double threshold_v;
} qn_gate;

typedef struct qn_branch {
  size_t pre, post;
  double plus_s, minus_s; /* conductance to each rail at 0 V */
  qn_gate gate;           /* of both; steered: of the upper rail's pair */
  qn_gate minus_gate;     /* steered: of the lower rail's pair */
  double reversal_v;      /* transconductor: E */
} qn_branch;

/* Ordered as the network's synapses: same index, same synapse. */
typedef struct qn_branches {
  size_t count;
  qn_branch *at;
  size_t *first; /* [units + 1] */
} qn_branches;

/* Which of a pair of memristors: to the upper or to the lower rail. */
typedef enum qn_side { QN_PLUS, QN_MINUS } qn_side;

/* What did not fit and was brought to the nearest limit. */
typedef struct qn_clip {
  const char *what; /* "conductance", "gain", "capacitor" */
  const char *kind; /* "recurrent", "sensory", "leak", "membrane" */
  size_t pre, post; /* pre is meaningless for leak and membrane */
  double wanted, got;
  qn_side side; /* of a conductance */
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
  double gate_slope_per_v; /* kappa / U_T at the run temperature; with
                                         ptat at the map temperature, times 1 +
                                         residual (T - map temperature) */
  double rise_fraction;    /* of a sample */
  double *capacitance_f;   /* [units] wires included */
  double *leak_plus_s, *leak_minus_s; /* [units] */
  double *siemens_per_unit;           /* [units] the neuron's scale */
  qn_branches recurrent, sensory;
  qn_map input_map, output_map;
  double *readout_offset_v; /* [outputs] */
  /* a die whose memristors differ in their parameters:
   * [qn_chip_memristors()][QN_DEVICE_PARAMETERS_MAX], else NULL */
  double *parameter;
  char **input_names, **output_names;
  /* how the mapping went */
  /* what bound each choice: volts and seconds per unit, scales of neurons */
  const char *volts_bound, *seconds_bound, *scale_bound;
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

/* ---- memristors by number -------------------------------------------------- */

/* Numbers of memristors, those absent included: the leaks' come first, then the
 * recurrent branches', then the sensory ones', upper rail before lower. */
typedef enum qn_place { QN_AT_LEAK, QN_AT_RECURRENT, QN_AT_SENSORY } qn_place;

size_t qn_chip_memristors(const qn_chip *chip); /* numbers there are */

/* Of neuron i's leak, or of branch i. */
size_t qn_chip_memristor(const qn_chip *chip, qn_place place, size_t i,
                         qn_side side);

typedef struct qn_memristor {
  qn_place place;
  qn_side side;
  size_t i;    /* neuron of a leak, index of a branch */
  size_t post; /* membrane that it is at */
} qn_memristor;

qn_memristor qn_chip_memristor_at(const qn_chip *chip, size_t number);

/* Its conductance at 0 V [S], 0 where it is absent. */
double *qn_chip_conductance(qn_chip *chip, size_t number);
double qn_chip_conductance_of(const qn_chip *chip, size_t number);

/* Parameters of its device: its own on a die with spread. */
const double *qn_chip_parameters(const qn_chip *chip, size_t number);

/* Where it stands in the crossbar: columns are membranes; rows are rails' wires,
 * the leaks' two first, then two for each input, then two for each neuron. */
typedef struct qn_crossing {
  size_t row, column;
} qn_crossing;

qn_crossing qn_chip_crossing(const qn_chip *chip, size_t number);
size_t qn_chip_rows(const qn_chip *chip);

/* ---- wires of the crossbar --------------------------------------------------- */

/* Of a membrane's wire to ground [F], part of its capacitance_f: a segment for
 * each row. */
double qn_chip_wire_capacitance(const qn_chip *chip);

/* What is drawn beside it as membrane j's capacitor [F]; 0: nothing. */
double qn_chip_drawn_capacitance(const qn_chip *chip, size_t j);

/* Elmore's delay of the slowest wire [s] (J. Appl. Phys. 19, 1948, p. 55):
 * R C n^2 / 2 of its n segments; no part of a wire settles more slowly. */
double qn_chip_wire_delay(const qn_chip *chip);

/* Shortest time constant of a membrane [s], which is named: every gate open,
 * memristors at 0 V; infinite where nothing conducts. */
double qn_chip_fastest(const qn_chip *chip, size_t *membrane);

/* The delay over that time constant; 0 without delay. `analog` has its wires
 * settled at every instant, and is off by about this part of a swing. */
double qn_chip_wire_lag(const qn_chip *chip, size_t *membrane);

/* ---- what a cell makes of its parts ----------------------------------------- */

/* Conductance of a memristor in series with a direct cell's closed switch,
 * exact for an ohmic one. */
double qn_chip_through_switch(const qn_chip *chip, double conductance_s);

/* What the readout of output k tells of its membrane [V], held to its range;
 * *clipped is raised by 1 if that bound. */
double qn_chip_read_out(const qn_chip *chip, size_t k, double v,
                        size_t *clipped);

/* Of states [units] in model units, outputs [outputs] after readout and output
 * map. */
void qn_chip_outputs(const qn_chip *chip, const double *state, double *output,
                     size_t *clipped);

/* One clipped element with another value: what it wanted, what it got. A
 * gain's is that of every pair of the gate. */
void qn_chip_set_clipped(qn_chip *chip, const qn_clip *clip, double value);

/* ---- what a chip costs -------------------------------------------------------- */

/* Where area and power go. */
typedef enum qn_cost_kind {
  QN_COST_MEMBRANE,  /* capacitors */
  QN_COST_LEAK,      /* memristors */
  QN_COST_RECURRENT, /* memristors of synapses, and what they switch */
  QN_COST_SENSORY,
  QN_COST_GATE,      /* pairs: two a steered synapse */
  QN_COST_AMPLIFIER, /* one a synapse */
  QN_COST_DRIVER,    /* one an input */
  QN_COST_READOUT    /* one an output */
} qn_cost_kind;
enum { QN_COST_KINDS = 8 };

/* Of the cells of one kind; power at rest: every membrane at the common mode,
 * every gate half open. A direct cell's memristors conduct half of the time, a
 * steered one's always, a transconductor's carries read_voltage_v (or what is
 * between the rails, where that is no limit). */
typedef struct qn_cell_cost {
  const char *name; /* "recurrent synapse" */
  size_t count;
  double area_m2;
  double memristor_power_w, bias_power_w;
  double
    switching_j; /* of one sample: supply_v^2 switch_f every period of every
                         direct cell */
} qn_cell_cost;

typedef struct qn_chip_cost {
  qn_cell_cost kind[QN_COST_KINDS];
  /* sums over the kinds */
  double area_m2;
  double memristor_power_w, bias_power_w;
  double switching_j;
  double energy_per_step_j; /* of one sample of one model second, all of it */
} qn_chip_cost;
qn_chip_cost qn_chip_estimate(const qn_chip *chip);

/* Peak to peak ripple [model units] of the worst membrane, which is named,
 * from direct cells that switch every period_fraction of a sample of one model
 * second: the sum of |I| s (1 - s) period / C over its synapses with s = 1/2,
 * at the common mode, as if all switched in phase; 0 where the gates have no
 * period. */
double qn_chip_ripple(const qn_chip *chip, size_t *worst);

/* Thermal noise [model units, rms] of the membrane of least capacitance,
 * which is named: sqrt(kT/C) at the run temperature, what passive
 * conductances leave (noise.h has all of it). */
double qn_chip_thermal_noise(const qn_chip *chip, size_t *worst);

#endif
