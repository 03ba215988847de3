/* network.h - a trained network exactly as ncps computes it.
 *
 * Read from a .safetensors file whose tensors carry their ncps state_dict
 * names and whose header holds "quench.network" (docs/files.md). Values are
 * what the cell uses: softplus is already applied where the network was
 * trained with implicit constraints, masked synapses are gone. Model units are
 * dimensionless, time is in model seconds. Immutable once read. */
#ifndef QN_NETWORK_H
#define QN_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include <quench/diag.h>

typedef enum qn_cell { QN_CELL_LTC, QN_CELL_CFC, QN_CELL_WIRED_CFC } qn_cell;

/* y = x, y = w x, y = w x + b */
typedef enum qn_map_kind {
  QN_MAP_NONE,
  QN_MAP_LINEAR,
  QN_MAP_AFFINE
} qn_map_kind;

typedef enum qn_cfc_mode {
  QN_CFC_DEFAULT,
  QN_CFC_PURE,
  QN_CFC_NO_GATE
} qn_cfc_mode;

/* x s(x); max(0, x); tanh x; x Phi(x), Phi the normal distribution's;
 * 1.7159 tanh(0.666 x) */
typedef enum qn_activation {
  QN_ACTIVATION_SILU,
  QN_ACTIVATION_RELU,
  QN_ACTIVATION_TANH,
  QN_ACTIVATION_GELU,
  QN_ACTIVATION_LECUN_TANH
} qn_activation;

typedef enum qn_task {
  QN_TASK_NONE,
  QN_TASK_BINARY,      /* output > 0 at every step */
  QN_TASK_BINARY_LAST, /* output > 0 at the last step of each sequence */
  QN_TASK_MULTICLASS,  /* largest output at every step */
  QN_TASK_REGRESSION
} qn_task;

/* An affine map; w and b are always filled (1 and 0 where absent). */
typedef struct qn_map {
  qn_map_kind kind;
  size_t n;
  double *w, *b; /* [n] */
} qn_map;

/* Conductance w * logistic(sigma * (v_pre - mu)) towards erev. pre is a neuron
 * or, for a sensory synapse, a feature. w is not 0; it is below 0 only where
 * qn_ltc_check_positive() says so. */
typedef struct qn_synapse {
  uint32_t pre, post;
  double w, sigma, mu, erev;
} qn_synapse;

/* Synapses ordered by post, then pre; those onto neuron j are
 * [first[j], first[j + 1]). */
typedef struct qn_synapses {
  size_t count;
  qn_synapse *at;
  size_t *first; /* [units + 1] */
} qn_synapses;

/* Liquid time-constant cell (Hasani et al. 2021, as ncps 1.0.1 has it):
 *   cm_j dv_j/dt = gleak_j (vleak_j - v_j)
 *     + sum over synapses w s(sigma (v_pre - mu)) (erev - v_j) */
typedef struct qn_ltc {
  double *cm, *gleak, *vleak; /* [units] */
  qn_synapses recurrent, sensory;
  unsigned unfolds; /* fused steps a sample, >= 1 */
  double epsilon;   /* added to the denominator, >= 0 */
} qn_ltc;

/* y = weight x + bias */
typedef struct qn_linear {
  size_t rows, columns;
  double *weight; /* [rows, columns], 0 where a mask is 0 */
  double *bias;   /* [rows], 0 where ncps has none */
} qn_linear;

/* One layer of closed-form continuous-time neurons (Hasani et al. 2022, as
 * ncps 1.0.1 has it). From its inputs x, the time span t and its state h:
 *   z = backbone([x; h]), every layer of it activation(weight z + bias)
 *   f1 = ff1(z), f2 = ff2(z), s = logistic(time_a(z) t + time_b(z))
 *   default  h' = tanh(f1) (1 - s) + s tanh(f2)
 *   no_gate  h' = tanh(f1) + s tanh(f2)
 *   pure     h' = A - A exp(-t (|w_tau| + |f1|)) f1
 * Pure has neither ff2, time_a nor time_b: they have no rows. */
typedef struct qn_cfc_layer {
  size_t inputs, units;
  size_t backbones;
  qn_linear *backbone; /* [backbones]; none: z = [x; h] */
  qn_linear ff1, ff2, time_a, time_b;
  double *w_tau, *a; /* [units]; pure alone */
} qn_cfc_layer;

/* Layer 0 sees the features, each other layer the new state of the one before.
 * The state holds layer after layer. cell QN_CELL_CFC has one layer. */
typedef struct qn_cfc {
  qn_cfc_mode mode;
  qn_activation activation; /* of the backbones */
  size_t layers;
  qn_cfc_layer *layer; /* [layers] */
} qn_cfc;

/* The memory in front of a cell with mixed memory: before the cell's step
 *   z = input x + recurrent h = [i; g; f; o]
 *   c' = c s(f + 1) + tanh(i) s(g),   h' = tanh(c') s(o)
 * and the cell goes on from h'. x are the features before any map. */
typedef struct qn_lstm {
  qn_linear input;     /* [4 units, inputs] */
  qn_linear recurrent; /* [4 units, units] */
} qn_lstm;

typedef struct qn_network {
  char *path;
  char *name;      /* the file's name without folder and extension */
  char sha256[65]; /* of the file */
  qn_cell cell;
  size_t inputs, units, outputs;
  qn_task task;
  qn_map input_map, output_map; /* an LTC's; else of kind none */
  char **input_names;           /* [inputs], "x1".. where the file has none */
  char **output_names;          /* [outputs], "y1".. where the file has none */
  double *input_mean, *input_std; /* [inputs], both NULL where absent */
  int implicit_constraints;       /* softplus was applied on reading */
  size_t *layer;                  /* [units] index of the wiring's layer; 0 */
  size_t layers;                  /* 1 where the file names no layers */
  qn_ltc ltc;                     /* cell == QN_CELL_LTC */
  qn_cfc cfc;                     /* else */
  int mixed_memory;
  qn_lstm lstm; /* with mixed memory */
  /* outputs are read from the states that begin here, through the projection
   * where it has rows, else through the output map */
  size_t read_first;
  qn_linear projection; /* [outputs, states read] */
} qn_network;

qn_status qn_network_read(qn_network **out, const char *path, qn_diag *diag);
void qn_network_free(qn_network *net); /* NULL is allowed */

/* QN_EUNSUPPORTED unless this is an LTC without mixed memory; `what` names the
 * one that asks: "the mapper". */
qn_status qn_network_check_plain_ltc(const qn_network *net, const char *what,
                                     qn_diag *diag);

/* Parameters in use: what training fits, less what a mask cuts away. */
size_t qn_network_parameters(const qn_network *net);

const char *qn_cell_name(qn_cell cell);                   /* "ltc" */
const char *qn_cfc_mode_name(qn_cfc_mode mode);           /* "no_gate" */
const char *qn_activation_name(qn_activation activation); /* "lecun_tanh" */
const char *qn_task_name(qn_task task); /* "binary"; "" for none */
/* From a name, or QN_EINVAL. */
qn_status qn_task_from_name(const char *name, qn_task *task);

/* Smallest interval that holds 0, vleak and every reversal potential of neuron
 * j: its state never leaves it, for any input and step (Hasani et al. 2021,
 * theorem 2). */
void qn_ltc_hull(const qn_network *net, size_t j, double *low, double *high);

/* gleak_j + the sum of w over its synapses: the largest conductance neuron j
 * can have; cm_j / this is its shortest time constant (theorem 1). */
double qn_ltc_conductance_max(const qn_network *net, size_t j);

/* cm_j / (gleak_j + the conductance of its synapses) of every neuron, in model
 * seconds, with these inputs [inputs] (before the map) and states [units]. */
void qn_ltc_time_constants(const qn_network *net, const double *input,
                           const double *state, double *tau);

/* cm_j, or where it is zero 1e-3 * qn_ltc_conductance_max * span: what the
 * continuous realisations use (`span` model seconds a sample). */
double qn_ltc_capacitance(const qn_network *net, size_t j, double span);

/* QN_EUNSUPPORTED naming the first cm, gleak or w below 0: ncps computes with
 * it, but no hull, time constant or circuit exists then. */
qn_status qn_ltc_check_positive(const qn_network *net, qn_diag *diag);

/* qn_ltc_check_positive(), and QN_EUNSUPPORTED naming the first neuron whose cm, gleak and synapses are all
 * zero: its potential is undefined in continuous time. */
qn_status qn_ltc_check_continuous(const qn_network *net, qn_diag *diag);

#endif
