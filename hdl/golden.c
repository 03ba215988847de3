/* golden.c - qn_core.v in C. Every function says which module it is. */
#include <quench/golden.h>

#include <stdlib.h>
#include <string.h>

struct qn_golden {
  const qn_core *core;   /* borrowed */
  int32_t *state, *next; /* [units] */
  int32_t *input;        /* [inputs] */
  int64_t *den, *num;    /* [units] sums of the sensing phase */
  int saturated;
};

qn_status qn_golden_alloc(qn_golden **out, const qn_core *core)
{
  qn_golden *golden = calloc(1, sizeof *golden);

  *out = NULL;
  if (!golden)
    return QN_ENOMEM;
  golden->core = core;
  golden->state = calloc(core->units, sizeof *golden->state);
  golden->next = calloc(core->units, sizeof *golden->next);
  golden->input = calloc(core->inputs, sizeof *golden->input);
  golden->den = calloc(core->units, sizeof *golden->den);
  golden->num = calloc(core->units, sizeof *golden->num);
  if (!golden->state || !golden->next || !golden->input || !golden->den ||
      !golden->num) {
    qn_golden_free(golden);
    return QN_ENOMEM;
  }
  *out = golden;
  return QN_OK;
}

void qn_golden_free(qn_golden *golden)
{
  if (!golden)
    return;
  free(golden->state);
  free(golden->next);
  free(golden->input);
  free(golden->den);
  free(golden->num);
  free(golden);
}

void qn_golden_reset(qn_golden *golden)
{
  memset(golden->state, 0, golden->core->units * sizeof *golden->state);
  golden->saturated = 0;
}

const int32_t *qn_golden_state(const qn_golden *golden)
{
  return golden->state;
}

int qn_golden_saturated(const qn_golden *golden)
{
  return golden->saturated;
}

/* ---- the modules --------------------------------------------------------- */

/* qn_clip.v */
static int64_t clip(int64_t x, unsigned width, int *clipped)
{
  int64_t max = ((int64_t)1 << (width - 1)) - 1;

  if (x <= max && x >= -max - 1)
    return x;
  *clipped = 1;
  return x > 0 ? max : -max - 1;
}

/* Left shift of a negative number, which C leaves undefined. */
static int64_t shift_left(int64_t x, unsigned n)
{
  return (int64_t)((uint64_t)x << n);
}

/* qn_argument.v */
static int32_t argument(const qn_core *core, unsigned align, int64_t half,
                        int32_t value, const qn_slot *slot, int *clipped)
{
  int64_t product = (int64_t)slot->slope * value;
  int64_t sum = shift_left(product, align) +
                (shift_left(slot->offset, core->align.offset) | half);

  return (int32_t)clip(sum >> core->align.cut, core->argument.width, clipped);
}

/* qn_gate.v */
int32_t qn_golden_gate(const qn_core *core, int32_t z)
{
  const qn_gate_table *table = &core->table;
  unsigned fraction_bits = core->argument.width - 1 - table->bits;
  uint32_t one = ((uint32_t)1 << (core->width - 1)) - 1;
  uint32_t folded = (uint32_t)(z < 0 ? ~z : z);
  uint32_t i = folded >> fraction_bits;
  uint64_t fraction = folded & (((uint32_t)1 << fraction_bits) - 1);
  uint64_t sum =
    ((uint64_t)table->base[i] << fraction_bits) + fraction * table->slope[i];
  uint64_t high = sum >> (fraction_bits + table->guard);
  uint32_t half = high > one ? one : (uint32_t)high;

  return (int32_t)(z < 0 ? one - half : half);
}

/* |num|, and den, in the range of the divider. */
static uint64_t magnitude(const qn_core *core, int64_t num)
{
  uint64_t most = ((uint64_t)1 << core->divider_width) - 1;
  uint64_t size = num < 0 ? (uint64_t)0 - (uint64_t)num : (uint64_t)num;

  return size > most ? most : size;
}

static uint64_t floored(const qn_core *core, int64_t den, int *clipped)
{
  int64_t most = ((int64_t)1 << core->divider_width) - 1;

  if (den < 1)
    return 1;
  if (den <= most)
    return (uint64_t)den;
  *clipped = 1;
  return (uint64_t)most;
}

/* qn_divide.v: restoring, W-1 bits and one to round by */
int32_t qn_golden_divide(const qn_core *core, int64_t num, int64_t den,
                         int *clipped)
{
  uint64_t rest = magnitude(core, num), by = floored(core, den, clipped);
  int64_t most = ((int64_t)1 << (core->width - 1)) - 1, q = 0;
  int over = rest >= by;

  for (unsigned i = 0; i < core->width && !over; i++) {
    rest <<= 1;
    q = q << 1 | (rest >= by);
    if (rest >= by)
      rest -= by;
  }
  q = (q >> 1) + (q & 1);
  if (over || q > most) {
    *clipped = 1;
    q = most;
  }
  return (int32_t)(num < 0 ? -q : q);
}

/* ---- the phases ------------------------------------------------------------ */

/* den and num of every neuron from its bias and its inputs */
static void sense(qn_golden *golden)
{
  const qn_core *core = golden->core;
  int open = 0; /* a gate beyond its table is open or closed: no fault */

  for (size_t j = 0; j < core->units; j++) {
    golden->den[j] = core->neuron[j].bias_den;
    golden->num[j] = core->neuron[j].bias_num;
  }
  for (size_t i = 0; i < core->slots.sensory; i++) {
    const qn_slot *slot = &core->slots.at[i];
    int32_t z = argument(core, core->align.input, 0, golden->input[slot->pre],
                         slot, &open);
    int32_t s = qn_golden_gate(core, z);

    golden->den[slot->post] += (int64_t)slot->weight * s;
    golden->num[slot->post] += (int64_t)slot->drive * s;
  }
}

/* one unfold of one neuron, whose slots begin at *slot; moves on to the next */
static int32_t update(qn_golden *golden, size_t j, const qn_slot **slot)
{
  const qn_core *core = golden->core;
  const qn_slot *at = *slot;
  int64_t den = golden->den[j];
  int64_t num = golden->num[j] + (int64_t)at->drive * golden->state[j];
  int open = 0;

  while (!at->last) {
    int32_t z, s;

    at++;
    z = argument(core, core->align.state, 0, golden->state[at->pre], at, &open);
    s = qn_golden_gate(core, z);
    den += (int64_t)at->weight * s;
    num += (int64_t)at->drive * s;
  }
  *slot = at + 1;
  return qn_golden_divide(core, num, den, &golden->saturated);
}

static void unfold(qn_golden *golden, int32_t *writes)
{
  const qn_core *core = golden->core;
  const qn_slot *slot = core->slots.at + core->slots.sensory;
  int32_t *old = golden->state;

  for (size_t j = 0; j < core->units; j++)
    golden->next[j] = update(golden, j, &slot);
  if (writes)
    memcpy(writes, golden->next, core->units * sizeof *writes);
  golden->state = golden->next;
  golden->next = old;
}

static void read_out(qn_golden *golden, int32_t *output)
{
  const qn_core *core = golden->core;
  const qn_slot *slot =
    core->slots.at + core->slots.sensory + core->slots.recurrent;
  int64_t half = (int64_t)1 << (core->align.cut - 1);

  for (size_t k = 0; k < core->outputs; k++) {
    int32_t z = argument(core, core->align.state, half, golden->state[k],
                         &slot[k], &golden->saturated);

    output[k] = (int32_t)clip(z, core->width, &golden->saturated);
  }
}

void qn_golden_step(qn_golden *golden, const int32_t *input, int32_t *output,
                    int32_t *writes)
{
  const qn_core *core = golden->core;

  for (size_t k = 0; k < core->inputs; k++)
    golden->input[k] = (int32_t)clip(input[k], core->width, &golden->saturated);
  sense(golden);
  for (unsigned u = 0; u < core->unfolds; u++)
    unfold(golden, writes ? writes + u * core->units : NULL);
  read_out(golden, output);
}
