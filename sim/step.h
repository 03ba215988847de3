/* step.h - one sample of a network in ncps' own arithmetic (ncps 1.0.1:
 * torch/ltc_cell.py, cfc_cell.py, wired_cfc_cell.py, lstm.py), for one sequence
 * or for several side by side.
 *
 * A qn_step_plan is made once and shared; a qn_step_room belongs to one thread.
 * Arrays of a room hold `lanes` sequences side by side: element i of sequence
 * k stands at [i * lanes + k]. What a sequence gets does not depend, to the
 * last bit, on the number of lanes nor on its neighbours. Nothing is allocated
 * in a step. */
#ifndef QN_STEP_H
#define QN_STEP_H

#include <quench/network.h>

enum {
  QN_TILE = 16,  /* rows of a packed matrix that share a list of columns */
  QN_CHUNK = 512 /* synapses worked on at a time, for one sequence */
};

/* A qn_linear by tiles: of each tile the columns that any of its rows has, with
 * a weight for each row. */
typedef struct qn_packed {
  size_t rows, tiles;
  size_t *first;    /* [tiles + 1] into column */
  uint32_t *column; /* [first[tiles]] */
  double *weight;   /* [first[tiles], QN_TILE] */
  double *bias;     /* [tiles, QN_TILE] */
} qn_packed;

typedef struct qn_packed_layer {
  qn_packed *backbone; /* as many as the network's */
  qn_packed ff1, ff2, time_a, time_b;
} qn_packed_layer;

typedef struct qn_step_plan {
  const qn_network *net;
  unsigned unfolds;
  qn_packed_layer *layer; /* of a CfC */
  qn_packed lstm_input, lstm_recurrent, projection;
  size_t widest; /* rows, inputs or units that a scratch array holds */
  size_t chunk;  /* synapses worked on at a time */
} qn_step_plan;

typedef struct qn_step_room {
  size_t lanes; /* 1, or a multiple of the kernel's width */
  /* set before a step */
  double *span;  /* [lanes] model seconds */
  double *input; /* [inputs, lanes] */
  /* taken on from step to step */
  double *state;  /* [units, lanes] */
  double *memory; /* [units, lanes] of the LSTM */
  /* results */
  double *output; /* [outputs, lanes], where there is a projection */

  double *block;               /* the one allocation behind all arrays */
  double *cm_t, *gleak, *pull; /* [units, lanes] cm/dt, gleak, gleak vleak */
  double *spans, *w_tau, *a;   /* [units, lanes] */
  double *map_w, *map_b, *x;   /* [inputs, lanes] */
  double *num, *den, *num_s, *den_s; /* [units, lanes] */
  double *z, *y;                     /* [widest, lanes] */
  double *f1, *f2, *ta, *tb;         /* [widest, lanes] */
  double *open;                      /* [chunk] of one sequence */
  double *span_was;                  /* [lanes] that cm_t and spans are for */
} qn_step_room;

/* The arithmetic, compiled for one kind of processor. */
typedef struct qn_step_kernel {
  const char *name;
  size_t width; /* lanes worked on at a time */
  /* y[i] = 1 / (1 + e^-x[i]); n is a multiple of width */
  void (*logistic)(const double *x, double *y, size_t n);
  /* y[i] = e^x[i]; the same */
  void (*exponential)(const double *x, double *y, size_t n);
  /* the LSTM in front of the cell: state and memory from input */
  void (*remember)(const qn_step_plan *plan, qn_step_room *room);
  /* the cell: state from input, state and span; output where projected */
  void (*advance)(const qn_step_plan *plan, qn_step_room *room);
} qn_step_kernel;

/* The fastest that this processor runs comes first; ended by NULL. */
extern const qn_step_kernel *const qn_step_kernels[];
const qn_step_kernel *qn_step_kernel_best(void);
int qn_step_kernel_runs(const qn_step_kernel *kernel);

/* net is borrowed. */
qn_status qn_step_plan_init(qn_step_plan *plan, const qn_network *net,
                            unsigned unfolds);
void qn_step_plan_release(qn_step_plan *plan);

/* The state and memory are zero. Released also after a failure. */
qn_status qn_step_room_init(qn_step_room *room, const qn_step_plan *plan,
                            size_t lanes);
void qn_step_room_release(qn_step_room *room);
void qn_step_room_clear(qn_step_room *room, const qn_step_plan *plan);

/* Bytes of a room. */
size_t qn_step_room_size(const qn_step_plan *plan, size_t lanes);

#endif
