/* netlist.h - a chip as a SPICE deck, and ngspice run on it.
 *
 * Decks keep to what ngspice and Xyce read alike (docs/netlists.md); what only
 * ngspice understands stands in the testbench alone. Nodes: neuron j is n<j>,
 * the output of input driver k is x<k>, in volts. A membrane of V volts is
 * (V - common_mode_v) / volts_per_unit model units. */
#ifndef QN_NETLIST_H
#define QN_NETLIST_H

#include <quench/chip.h>
#include <quench/dataset.h>
#include <quench/progress.h>
#include <quench/trace.h>

/* Two ways to write the same equations. */
typedef enum qn_netlist_form {
  QN_NETLIST_CELLS, /* as drawn: an instance line a synapse, leak and rail */
  QN_NETLIST_FLAT /* a sum a rail and neuron: the fastest in ngspice; written as cells where memristors differ, move or make noise, or wires resist */
} qn_netlist_form;

/* QN_EUNSUPPORTED, with the reason, for a chip that no deck can be written of:
 * its memristors have no law in SPICE. */
qn_status qn_netlist_check(const qn_chip *chip, qn_diag *diag);

/* Memristors of a chip that move: each has its state on a node of the deck, 0 V
 * to 1 V. */
size_t qn_netlist_states(const qn_chip *chip);

/* That node inside qn_chip, "xr0.x1.x"; the memristor is there and moves. */
typedef struct qn_state_node {
  char name[64];
} qn_state_node;
qn_state_node qn_netlist_state_node(const qn_chip *chip, size_t memristor);

/* One simulator's way to write decks; one const record each. */
typedef struct qn_dialect qn_dialect;

const char *qn_dialect_name(size_t i); /* NULL past the last */

/* By name, or QN_EINVAL with the names there are. */
qn_status qn_dialect_get(const qn_dialect **out, const char *name,
                         qn_diag *diag);

/* Into the dialect that has the technology's noise in its transients, as random
 * numbers a tenth of the shortest time constant apart (docs/netlists.md).
 * QN_EUNSUPPORTED for all but ngspice, QN_EINVAL where the technology has no
 * noise. */
qn_status qn_dialect_make_noisy(const qn_dialect **dialect, const qn_chip *chip,
                                qn_diag *diag);

/* What ngspice's transient is told. Its estimate of the local error bounds a
 * step by trtol * reltol * max(charge, chgtol); Newton's method stops at
 * reltol. */
typedef struct qn_spice_accuracy {
  double reltol;
  double trtol;
  double chgtol_c;    /* C */
  double vntol_v;     /* V */
  double abstol_a;    /* A */
  double max_step;    /* of the mean sample */
  const char *method; /* "trap" or "gear" */
  int max_order;      /* ngspice uses no more than 2 */
} qn_spice_accuracy;

/* The worst membrane stays within `error` of its swing, 1e-3 to 1e-6, where
 * swings are about a model unit or less and neurons not faster than 1/100
 * sample; usually by a factor 2. For the fastest run at an error, raise trtol
 * until the error is met just so. */
qn_spice_accuracy qn_spice_accuracy_for(const qn_chip *chip, double error);

/* qn_spice_accuracy_for(chip, 1e-5): a realisation must meet 1e-4 of the swing,
 * and a neuron that hardly moves swings far less than a model unit. */
qn_spice_accuracy qn_spice_accuracy_default(const qn_chip *chip);

/* Subcircuits, the last of them `qn_chip` with pins x0.. n0.., with the
 * technology's noise for `.noise`, where memristors do not move. Comments say which weight of `net` an
 * instance comes from; NULL is allowed. The caller frees *text.
 * QN_EUNSUPPORTED as qn_netlist_check(). */
qn_status qn_netlist_chip_text(const qn_chip *chip, const qn_network *net,
                               qn_netlist_form form, char **text,
                               qn_diag *diag);

/* A folder that runs as it stands, made if it is missing: <name>.cir (the
 * chip), tb_<name>.cir (inputs of sequence `sequence`, options, transient,
 * probes), README.md, <name>.map.csv (the network's names of the nodes); where
 * the technology has noise <name>_noise.cir and tb_<name>_noise.cir, the same
 * with its sources and `.noise` at the sequence's first inputs.
 * `accuracy` NULL: the default. */
qn_status qn_netlist_write(const qn_chip *chip, const qn_network *net,
                           const qn_dataset *data, size_t sequence,
                           const qn_spice_accuracy *accuracy,
                           const char *folder, qn_diag *diag);

/* The same for another simulator: of ngspice, xyce and spectre the chip and a
 * testbench, of verilog-a <name>.va with the chip's cells alone. `tb_` and
 * README.md as above. */
qn_status qn_netlist_write_as(const qn_dialect *dialect, const qn_chip *chip,
                              const qn_network *net, const qn_dataset *data,
                              size_t sequence,
                              const qn_spice_accuracy *accuracy,
                              const char *folder, qn_diag *diag);

typedef struct qn_spice_report {
  double transient_s; /* ngspice's own analysis time, summed */
  size_t time_points; /* accepted */
  size_t iterations;  /* Newton's */
  size_t clipped_inputs;
  size_t clipped_outputs; /* beyond the readout's range */
  double moved_worst; /* read disturb: farthest that a memristor's state went in
                         a sequence, of its range */
  size_t
    warnings;    /* lines in which ngspice warns or complains, though it ran */
  size_t warned; /* the first sequence that has one */
  char warning[160]; /* and its first */
} qn_spice_report;

/* Run every sequence in ngspice, `workers` at a time, written as cells;
 * `accuracy` NULL: the default. States are membranes in model units at the end
 * of each sample; those of memristors that move are there where `out` has room.
 * QN_ETOOL if ngspice is missing, fails, or stops short of a
 * sample's end: its files are then kept where diag->file says. */
qn_status qn_spice_run(const qn_chip *chip, const qn_network *net,
                       const qn_dataset *data,
                       const qn_spice_accuracy *accuracy, unsigned workers,
                       const qn_progress *progress, qn_trace *out,
                       qn_spice_report *report, qn_diag *diag);

/* The same in the form asked for. */
qn_status qn_spice_run_form(const qn_chip *chip, const qn_network *net,
                            const qn_dataset *data,
                            const qn_spice_accuracy *accuracy,
                            qn_netlist_form form, unsigned workers,
                            const qn_progress *progress, qn_trace *out,
                            qn_spice_report *report, qn_diag *diag);

#endif
