/* cosim.h - the Verilog of a core against its C model, bit by bit.
 *
 * The core is built into an executable, kept in $XDG_CACHE_HOME/quench (or
 * ~/.cache/quench) under a hash of all it was made from, and run as a child
 * that is fed sequences over pipes. Every state write, every result and every
 * step's cycle count is compared. */
#ifndef QN_COSIM_H
#define QN_COSIM_H

#include <quench/core.h>
#include <quench/dataset.h>
#include <quench/progress.h>
#include <quench/trace.h>

/* What is simulated. */
typedef struct qn_cosim_target {
  const char *name;    /* "rtl", "gates" */
  const char *summary; /* one line */
  /* Path of the executable for these memory images, built unless it is in the
   * cache already; the caller frees it. */
  qn_status (*build)(const qn_core *core, const char *images,
                     const qn_progress *progress, char **executable,
                     qn_diag *diag);
} qn_cosim_target;

extern const qn_cosim_target qn_cosim_rtl;   /* hdl/rtl in Verilator */
extern const qn_cosim_target qn_cosim_gates; /* after Yosys synth_ice40 -dsp */

typedef struct qn_cosim_options {
  const qn_cosim_target *target;
  const char *images; /* folder with other memory images, or NULL */
  uint32_t seed;
  unsigned stall_percent; /* of input and result beats held back, 0..90 */
  unsigned children;      /* processes at a time, 1..QN_COSIM_CHILDREN_MAX */
  double timeout_s;       /* for one sequence */
  const qn_progress *progress; /* or NULL */
} qn_cosim_options;

#define QN_COSIM_CHILDREN_MAX 16

/* rtl, own images, seed 1, 25 % stalls, 2 children, 600 s */
extern const qn_cosim_options qn_cosim_options_default;

typedef enum qn_cosim_quantity {
  QN_COSIM_NOTHING, /* no difference */
  QN_COSIM_STATE,
  QN_COSIM_ORDER, /* a state write came for another unfold or neuron */
  QN_COSIM_RESULT,
  QN_COSIM_CYCLES,
  QN_COSIM_FLAGS /* framing error or saturation */
} qn_cosim_quantity;

/* The first difference of the lowest sequence that has one. */
typedef struct qn_cosim_difference {
  qn_cosim_quantity quantity;
  size_t sequence, step;
  unsigned unfold; /* STATE, ORDER */
  size_t place;    /* neuron or output */
  int64_t want, got;
} qn_cosim_difference;

typedef struct qn_cosim_report {
  size_t samples, state_writes, results;      /* compared */
  unsigned cycles_predicted, cycles_measured; /* of a step */
  size_t clipped_inputs;
  int saturated;
  double build_s, run_s; /* wall clock; build_s is near 0 from the cache */
  qn_cosim_difference difference;
} qn_cosim_report;

/* QN_EMISMATCH with the first difference in report and diag; QN_ETOOL if a
 * program is missing, fails or does not answer. `out` (may be NULL) has the
 * room for what the Verilog computed. */
qn_status qn_cosim_run(const qn_core *core, const qn_dataset *data,
                       const qn_cosim_options *opt, qn_trace *out,
                       qn_cosim_report *report, qn_diag *diag);

#endif
