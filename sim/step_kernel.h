/* step_kernel.h - the arithmetic of a step. Included by one source for each
 * kind of processor, which names its record before:
 *
 *   #define STEP_KERNEL qn_step_kernel_avx2
 *   #define STEP_KERNEL_NAME "avx2"
 *   #include "sim/step_kernel.h"
 *
 * Whether one sequence or several: every sum runs in the same order with the
 * same operations, so that the bits are the same. Arrays are padded: a loop
 * over n elements may work on up to WIDTH - 1 more. */
#include "sim/step.h"
#include "sim/vector.h"

/* ---- dense layers -------------------------------------------------------------- */

/* Four rows of a tile for one or two vectors of lanes. */
static inline __attribute__((always_inline)) void
four_rows(const qn_packed *m, size_t tile, size_t row, const double *in,
          double *out, size_t lanes, size_t vectors)
{
  enum { ROWS = 4 };
  vec sum[ROWS][2];

  for (size_t r = 0; r < ROWS; r++)
    for (size_t q = 0; q < vectors; q++)
      sum[r][q] = load(out + (row + r) * lanes + q * WIDTH);
  for (size_t k = m->first[tile]; k < m->first[tile + 1]; k++) {
    const double *weight = m->weight + k * QN_TILE + row % QN_TILE;
    const double *x = in + m->column[k] * lanes;

    for (size_t r = 0; r < ROWS; r++)
      for (size_t q = 0; q < vectors; q++)
        sum[r][q] = fma_of(all(weight[r]), load(x + q * WIDTH), sum[r][q]);
  }
  for (size_t r = 0; r < ROWS; r++)
    for (size_t q = 0; q < vectors; q++)
      store(out + (row + r) * lanes + q * WIDTH, sum[r][q]);
}

static void add_product_lanes(const qn_packed *m, const double *in, double *out,
                              size_t lanes)
{
  for (size_t t = 0; t < m->tiles; t++)
    for (size_t row = t * QN_TILE; row < (t + 1) * QN_TILE; row += 4)
      if (lanes == WIDTH)
        four_rows(m, t, row, in, out, lanes, 1);
      else
        four_rows(m, t, row, in, out, lanes, 2);
}

/* the rows of a tile side by side */
static void add_product_one(const qn_packed *m, const double *in, double *out)
{
  enum { VECTORS = QN_TILE / WIDTH };

  for (size_t t = 0; t < m->tiles; t++) {
    vec sum[VECTORS];

    for (size_t q = 0; q < VECTORS; q++)
      sum[q] = load(out + t * QN_TILE + q * WIDTH);
    for (size_t k = m->first[t]; k < m->first[t + 1]; k++) {
      vec x = all(in[m->column[k]]);

      for (size_t q = 0; q < VECTORS; q++)
        sum[q] = fma_of(load(m->weight + k * QN_TILE + q * WIDTH), x, sum[q]);
    }
    for (size_t q = 0; q < VECTORS; q++)
      store(out + t * QN_TILE + q * WIDTH, sum[q]);
  }
}

/* out += m in */
static void add_product(const qn_packed *m, const double *in, double *out,
                        size_t lanes)
{
  if (lanes == 1)
    add_product_one(m, in, out);
  else
    add_product_lanes(m, in, out, lanes);
}

/* out = m in + bias */
static void apply(const qn_packed *m, const double *in, double *out,
                  size_t lanes)
{
  for (size_t r = 0; r < m->tiles * QN_TILE; r++)
    for (size_t k = 0; k < lanes; k++)
      out[r * lanes + k] = m->bias[r];
  add_product(m, in, out, lanes);
}

/* ---- LTC: synapses ---------------------------------------------------------------- */

static inline __attribute__((always_inline)) void
sum_neuron(const qn_synapses *s, size_t j, const double *v, double *num,
           double *den, size_t lanes, size_t vectors)
{
  vec n[2] = {all(0), all(0)}, d[2] = {all(0), all(0)};

  for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
    const qn_synapse *y = &s->at[i];

    for (size_t q = 0; q < vectors; q++) {
      vec x = load(v + y->pre * lanes + q * WIDTH);
      vec a = y->w * logistic_of((x - y->mu) * y->sigma);

      n[q] += a * y->erev;
      d[q] += a;
    }
  }
  for (size_t q = 0; q < vectors; q++) {
    store(num + j * lanes + q * WIDTH, n[q]);
    store(den + j * lanes + q * WIDTH, d[q]);
  }
}

/* synapses side by side; past `count` the last one again */
static void open_synapses(const qn_synapse *at, size_t count, const double *v,
                          double *open)
{
  for (size_t i = 0; i < count; i += WIDTH) {
    const double *from[WIDTH];
    vec x, field[4]; /* w, sigma, mu and erev */

    for (size_t k = 0; k < WIDTH; k++) {
      const qn_synapse *y = &at[i + k < count ? i + k : count - 1];

      from[k] = &y->w;
      x[k] = v[y->pre];
    }
    transpose(from, field);
    store(open + i, field[0] * logistic_of((x - field[2]) * field[1]));
  }
}

/* neurons [j, end), whose synapses fit a chunk */
static void sum_chunk(const qn_synapses *s, size_t j, size_t end,
                      const double *v, double *num, double *den, double *open)
{
  size_t begin = s->first[j];

  open_synapses(s->at + begin, s->first[end] - begin, v, open);
  for (; j < end; j++) {
    double n = 0, d = 0;

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      double a = open[i - begin];

      n += a * s->at[i].erev;
      d += a;
    }
    num[j] = n;
    den[j] = d;
  }
}

/* num = sum w s erev, den = sum w s over the synapses of each neuron */
static void sum_synapses(const qn_step_plan *plan, const qn_step_room *room,
                         const qn_synapses *s, const double *v, double *num,
                         double *den)
{
  size_t units = plan->net->units, lanes = room->lanes, end;

  if (lanes == 1) {
    for (size_t j = 0; j < units; j = end) {
      end = j + 1;
      while (end < units && s->first[end + 1] - s->first[j] <= plan->chunk)
        end++;
      sum_chunk(s, j, end, v, num, den, room->open);
    }
    return;
  }
  for (size_t j = 0; j < units; j++)
    if (lanes == WIDTH)
      sum_neuron(s, j, v, num, den, lanes, 1);
    else
      sum_neuron(s, j, v, num, den, lanes, 2);
}

/* ---- LTC: a sample ------------------------------------------------------------------ */

static void map_inputs(qn_step_room *room, size_t n)
{
  for (size_t i = 0; i < n; i += WIDTH)
    store(room->x + i, load(room->input + i) * load(room->map_w + i) +
                         load(room->map_b + i));
}

/* from the old states of all neurons (Jacobi) */
static void unfold(const qn_step_room *r, size_t n, double epsilon)
{
  for (size_t i = 0; i < n; i += WIDTH) {
    vec cm_t = load(r->cm_t + i);
    vec num = (cm_t * load(r->state + i) + load(r->pull + i)) +
              (load(r->num + i) + load(r->num_s + i));
    vec den =
      (cm_t + load(r->gleak + i)) + (load(r->den + i) + load(r->den_s + i));

    store(r->state + i, num / (den + epsilon));
  }
}

static void set_spans_ltc(const qn_step_plan *plan, qn_step_room *room)
{
  for (size_t j = 0; j < plan->net->units; j++)
    for (size_t k = 0; k < room->lanes; k++)
      room->cm_t[j * room->lanes + k] =
        plan->net->ltc.cm[j] / (room->span[k] / plan->unfolds);
}

static void advance_ltc(const qn_step_plan *plan, qn_step_room *room)
{
  const qn_ltc *ltc = &plan->net->ltc;
  size_t n = plan->net->units * room->lanes;

  map_inputs(room, plan->net->inputs * room->lanes);
  sum_synapses(plan, room, &ltc->sensory, room->x, room->num_s, room->den_s);
  for (unsigned u = 0; u < plan->unfolds; u++) {
    sum_synapses(plan, room, &ltc->recurrent, room->state, room->num,
                 room->den);
    unfold(room, n, ltc->epsilon);
  }
}

/* ---- CfC -------------------------------------------------------------------------------- */

static void activate(qn_activation activation, double *x, size_t n)
{
  for (size_t i = 0; i < n; i += WIDTH) {
    vec v = load(x + i);

    switch (activation) {
    case QN_ACTIVATION_SILU:
      v = v * logistic_of(v);
      break;
    case QN_ACTIVATION_RELU:
      v = positive_part(v);
      break;
    case QN_ACTIVATION_TANH:
      v = tanh_of(v);
      break;
    case QN_ACTIVATION_GELU:
      v = v * 0.5 * (1 + erf_of(v * 0.70710678118654752440));
      break;
    case QN_ACTIVATION_LECUN_TANH:
      v = 1.7159 * tanh_of(0.666 * v);
      break;
    }
    store(x + i, v);
  }
}

static void blend(qn_cfc_mode mode, const qn_step_room *r, double *h, size_t n)
{
  for (size_t i = 0; i < n; i += WIDTH) {
    vec f1 = tanh_of(load(r->f1 + i)), f2 = tanh_of(load(r->f2 + i));
    vec s = logistic_of(load(r->ta + i) * load(r->spans + i) + load(r->tb + i));

    store(h + i, mode == QN_CFC_NO_GATE ? f1 + s * f2 : f1 * (1 - s) + s * f2);
  }
}

static void decay(const qn_step_room *r, const double *w_tau, const double *a,
                  double *h, size_t n)
{
  for (size_t i = 0; i < n; i += WIDTH) {
    vec f1 = load(r->f1 + i), limit = load(a + i);
    vec rate = magnitude(load(w_tau + i)) + magnitude(f1);

    store(h + i, -limit * exp_of(-load(r->spans + i) * rate) * f1 + limit);
  }
}

/* the layer whose state begins at unit `first`, from `in` */
static void advance_layer(const qn_step_plan *plan, qn_step_room *r, size_t l,
                          size_t first, const double *in)
{
  const qn_cfc_layer *layer = &plan->net->cfc.layer[l];
  const qn_packed_layer *packed = &plan->layer[l];
  size_t lanes = r->lanes, n = layer->units * lanes;
  double *state = r->state + first * lanes, *z = r->z, *y = r->y, *swap;

  memcpy(z, in, layer->inputs * lanes * sizeof *z);
  memcpy(z + layer->inputs * lanes, state, n * sizeof *z);
  for (size_t i = 0; i < layer->backbones; i++) {
    apply(&packed->backbone[i], z, y, lanes);
    activate(plan->net->cfc.activation, y, packed->backbone[i].rows * lanes);
    swap = z, z = y, y = swap;
  }
  apply(&packed->ff1, z, r->f1, lanes);
  if (plan->net->cfc.mode == QN_CFC_PURE) {
    decay(r, r->w_tau + first * lanes, r->a + first * lanes, y, n);
  } else {
    apply(&packed->ff2, z, r->f2, lanes);
    apply(&packed->time_a, z, r->ta, lanes);
    apply(&packed->time_b, z, r->tb, lanes);
    blend(plan->net->cfc.mode, r, y, n);
  }
  memcpy(state, y, n * sizeof *state);
}

static void set_spans_cfc(const qn_step_plan *plan, qn_step_room *room)
{
  for (size_t j = 0; j < plan->net->units; j++)
    memcpy(room->spans + j * room->lanes, room->span,
           room->lanes * sizeof *room->span);
}

static void advance_cfc(const qn_step_plan *plan, qn_step_room *room)
{
  const double *in = room->input;
  size_t first = 0;

  for (size_t l = 0; l < plan->net->cfc.layers; l++) {
    advance_layer(plan, room, l, first, in);
    in = room->state + first * room->lanes;
    first += plan->net->cfc.layer[l].units;
  }
  if (plan->projection.rows)
    apply(&plan->projection, room->state + plan->net->read_first * room->lanes,
          room->output, room->lanes);
}

/* ---- the record --------------------------------------------------------------------------- */

static void advance(const qn_step_plan *plan, qn_step_room *room)
{
  size_t bytes = room->lanes * sizeof *room->span;
  int is_ltc = plan->net->cell == QN_CELL_LTC;

  if (memcmp(room->span, room->span_was, bytes)) {
    memcpy(room->span_was, room->span, bytes);
    if (is_ltc)
      set_spans_ltc(plan, room);
    else
      set_spans_cfc(plan, room);
  }
  if (is_ltc)
    advance_ltc(plan, room);
  else
    advance_cfc(plan, room);
}

static void remember(const qn_step_plan *plan, qn_step_room *room)
{
  size_t n = plan->net->units * room->lanes;
  const double *i = room->z, *g = i + n, *f = g + n, *o = f + n;

  apply(&plan->lstm_input, room->input, room->z, room->lanes);
  add_product(&plan->lstm_recurrent, room->state, room->z, room->lanes);
  for (size_t k = 0; k < n; k += WIDTH) {
    vec c = load(room->memory + k) * logistic_of(load(f + k) + 1) +
            tanh_of(load(i + k)) * logistic_of(load(g + k));

    store(room->memory + k, c);
    store(room->state + k, tanh_of(c) * logistic_of(load(o + k)));
  }
}

static void logistic(const double *x, double *y, size_t n)
{
  for (size_t i = 0; i < n; i += WIDTH)
    store(y + i, logistic_of(load(x + i)));
}

static void exponential(const double *x, double *y, size_t n)
{
  for (size_t i = 0; i < n; i += WIDTH)
    store(y + i, exp_of(load(x + i)));
}

const qn_step_kernel STEP_KERNEL = {
  .name = STEP_KERNEL_NAME,
  .width = WIDTH,
  .logistic = logistic,
  .exponential = exponential,
  .remember = remember,
  .advance = advance,
};
