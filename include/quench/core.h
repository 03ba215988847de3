/* core.h - a network in fixed point: what the Verilog core is built from.
 *
 * A core is integers alone: formats, memory images and a schedule. The C model
 * (golden.h) and the Verilog (hdl/rtl) read the same images and agree bit for
 * bit. docs/core.md derives formats and cycles. Immutable once built by
 * qn_core_quantise() (quantise.h). */
#ifndef QN_CORE_H
#define QN_CORE_H

#include <stddef.h>
#include <stdint.h>

#include <quench/diag.h>
#include <quench/network.h>

#define QN_WIDTH_MIN 6
#define QN_WIDTH_MAX 24

/* fix<W,F>: `width` bits in all, `frac` of them fraction (may exceed the width
 * or be negative); a word x stands for x / 2^frac. */
typedef struct qn_format {
  unsigned width;
  int frac;
  int is_signed;
} qn_format;

/* Word nearest to x (half away from zero), clipped to the format; *clipped
 * (may be NULL) is set to 1 when that happened and left alone otherwise. */
int64_t qn_format_word(qn_format format, double x, int *clipped);
double qn_format_value(qn_format format, int64_t word);
int64_t qn_format_max(qn_format format);
int64_t qn_format_min(qn_format format);

/* "fix<16,13>", or "ufix<..>" if unsigned, into text; returns text. */
const char *qn_format_text(qn_format format, char text[32]);

/* What a slot is: a synapse, a neuron's own state, an empty place for a neuron
 * without sensory synapses, or an output. */
typedef enum qn_slot_kind {
  QN_SLOT_SYNAPSE,
  QN_SLOT_OWN,
  QN_SLOT_EMPTY,
  QN_SLOT_OUTPUT
} qn_slot_kind;

const char *qn_slot_kind_name(qn_slot_kind kind); /* "synapse" */

/* One line of the slot memories. */
typedef struct qn_slot {
  qn_slot_kind kind;
  size_t pre, post; /* pre is a feature in the sensing phase, else a neuron */
  int last;         /* the neuron's last in its phase */
  int32_t slope, offset, weight, drive;
  qn_synapse source; /* what it was made from, where kind is SYNAPSE */
} qn_slot;

/* Slots in the order they are read: [0, sensory) once a step, the next
 * `recurrent` once an unfold, the last `outputs` once a step. */
typedef struct qn_slots {
  size_t sensory, recurrent, outputs, count;
  qn_slot *at; /* [count] */
} qn_slots;

/* The logistic for arguments in [0, 2^range): 2^bits intervals, linear inside;
 * base has `guard` more bits than s and slope `slope_width` bits. */
typedef struct qn_gate_table {
  unsigned bits, range, guard, slope_width;
  uint32_t *base, *slope; /* [2^bits] */
  double error;           /* |s - logistic| for any argument in range, proved */
} qn_gate_table;

/* Where binary points meet in the gate's argument (qn_argument.v). */
typedef struct qn_alignment {
  unsigned state, input, offset; /* left shifts */
  unsigned cut;                  /* fraction bits cut from the sum */
} qn_alignment;

/* Of one neuron: scale, the start of its sums, and the second proof. */
typedef struct qn_core_neuron {
  double scale; /* conductance units of den's words a model unit */
  int64_t bias_den, bias_num; /* leak (and epsilon), in units of the sums */
  int64_t low, high;          /* the hull on the state's grid: never left */
  int64_t den_min, den_max;   /* of this network, in units of the sums */
  int64_t num_max;            /* bound of |num| */
} qn_core_neuron;

typedef struct qn_core {
  char *name;              /* of the network, a valid identifier */
  char network_sha256[65]; /* of the network file */
  char layout_hash[65];    /* of all that the Verilog parameters fix */
  size_t inputs, units, outputs;
  unsigned unfolds;
  double span; /* model seconds a sample */
  unsigned width;

  qn_format state;           /* of every neuron */
  qn_format argument;        /* of a gate */
  qn_format gate;            /* s is word / (2^frac - 1): exactly 0 to 1 */
  qn_format slope_recurrent; /* slopes of synapses from neurons */
  qn_format *slope_sensory;  /* [inputs] slopes of synapses from a feature */
  qn_format offset;
  qn_format *feature;     /* [inputs] */
  qn_format *output;      /* [outputs] */
  char **feature_names;   /* [inputs] */
  char **output_names;    /* [outputs] */
  unsigned sum_width;     /* of num and den: no content can overflow it */
  unsigned divider_width; /* of the divider; this network stays below it */
  qn_alignment align;

  qn_gate_table table;
  qn_slots slots;
  qn_core_neuron *neuron; /* [units] */
  unsigned cycles;        /* from a sample's last beat to the first result */
} qn_core;

void qn_core_free(qn_core *core); /* NULL is allowed */

/* TDATA: 8 * ceil(width / 8). */
unsigned qn_core_beat_width(const qn_core *core);

/* Words of one sample; *clipped (may be NULL) counts those that did not fit. */
void qn_core_input_words(const qn_core *core, const double *input,
                         int32_t *word, size_t *clipped);

/* The shortest distance of two samples: `cycles` plus the beats of a sample
 * and of a result that nobody holds back. */
unsigned qn_core_cycles_per_sample(const qn_core *core);

#endif
