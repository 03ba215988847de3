/* step.c - plans and rooms of a step, and the choice of its kernel. */
#include "sim/step.h"

#include <stdlib.h>
#include <string.h>

#include "sim/step_records.h"

/* ---- kernels ---------------------------------------------------------------------- */

const qn_step_kernel *const qn_step_kernels[] = {
#ifdef __x86_64__
  &qn_step_kernel_avx512,
  &qn_step_kernel_avx2,
#endif
  &qn_step_kernel_plain,
  NULL,
};

int qn_step_kernel_runs(const qn_step_kernel *kernel)
{
#ifdef __x86_64__
  if (kernel == &qn_step_kernel_avx512)
    return __builtin_cpu_supports("avx512f");
  if (kernel == &qn_step_kernel_avx2)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
  return kernel == &qn_step_kernel_plain;
}

const qn_step_kernel *qn_step_kernel_best(void)
{
  const qn_step_kernel *const *k = qn_step_kernels;

  while (!qn_step_kernel_runs(*k))
    k++;
  return *k;
}

/* ---- packed matrices ---------------------------------------------------------------- */

static int tile_has(const qn_linear *m, size_t tile, size_t column)
{
  size_t end = (tile + 1) * QN_TILE;

  for (size_t r = tile * QN_TILE; r < end && r < m->rows; r++)
    if (m->weight[r * m->columns + column] != 0)
      return 1;
  return 0;
}

static void fill_tile(qn_packed *p, const qn_linear *m, size_t tile, size_t *at)
{
  for (size_t c = 0; c < m->columns; c++) {
    if (!tile_has(m, tile, c))
      continue;
    for (size_t r = 0; r < QN_TILE && tile * QN_TILE + r < m->rows; r++)
      p->weight[*at * QN_TILE + r] =
        m->weight[(tile * QN_TILE + r) * m->columns + c];
    p->column[(*at)++] = (uint32_t)c;
  }
}

static qn_status pack(qn_packed *p, const qn_linear *m)
{
  size_t count = 0;

  p->rows = m->rows;
  p->tiles = (m->rows + QN_TILE - 1) / QN_TILE;
  for (size_t t = 0; t < p->tiles; t++)
    for (size_t c = 0; c < m->columns; c++)
      count += (size_t)tile_has(m, t, c);
  p->first = calloc(p->tiles + 1, sizeof *p->first);
  p->column = calloc(count + 1, sizeof *p->column);
  p->weight = calloc(count + 1, QN_TILE * sizeof *p->weight);
  p->bias = calloc(p->tiles + 1, QN_TILE * sizeof *p->bias);
  if (!p->first || !p->column || !p->weight || !p->bias)
    return QN_ENOMEM;
  count = 0;
  for (size_t t = 0; t < p->tiles; t++) {
    fill_tile(p, m, t, &count);
    p->first[t + 1] = count;
  }
  if (m->rows)
    memcpy(p->bias, m->bias, m->rows * sizeof *p->bias);
  return QN_OK;
}

static void release_packed(qn_packed *p)
{
  free(p->first), free(p->column);
  free(p->weight), free(p->bias);
}

/* ---- plans ------------------------------------------------------------------------------ */

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

static qn_status pack_layer(qn_step_plan *plan, size_t l)
{
  const qn_cfc_layer *layer = &plan->net->cfc.layer[l];
  qn_packed_layer *to = &plan->layer[l];
  qn_status st = QN_OK;

  plan->widest = larger(plan->widest, layer->inputs + layer->units);
  to->backbone = calloc(layer->backbones + 1, sizeof *to->backbone);
  if (!to->backbone)
    return QN_ENOMEM;
  for (size_t i = 0; i < layer->backbones && !st; i++) {
    plan->widest = larger(plan->widest, layer->backbone[i].rows);
    st = pack(&to->backbone[i], &layer->backbone[i]);
  }
  if (!st)
    st = pack(&to->ff1, &layer->ff1);
  if (!st)
    st = pack(&to->ff2, &layer->ff2);
  if (!st)
    st = pack(&to->time_a, &layer->time_a);
  return st ? st : pack(&to->time_b, &layer->time_b);
}

static size_t largest_fan_in(const qn_network *net, const qn_synapses *s)
{
  size_t most = 0;

  for (size_t j = 0; j < net->units; j++)
    most = larger(most, s->first[j + 1] - s->first[j]);
  return most;
}

static qn_status pack_cfc(qn_step_plan *plan)
{
  const qn_cfc *cfc = &plan->net->cfc;
  qn_status st = QN_OK;

  plan->layer = calloc(cfc->layers, sizeof *plan->layer);
  if (!plan->layer)
    return QN_ENOMEM;
  for (size_t l = 0; l < cfc->layers && !st; l++)
    st = pack_layer(plan, l);
  return st;
}

qn_status qn_step_plan_init(qn_step_plan *plan, const qn_network *net,
                            unsigned unfolds)
{
  qn_status st = QN_OK;

  *plan = (qn_step_plan){
    .net = net, .unfolds = unfolds, .widest = net->units, .chunk = QN_CHUNK};
  if (net->cell == QN_CELL_LTC)
    plan->chunk =
      larger(plan->chunk, larger(largest_fan_in(net, &net->ltc.recurrent),
                                 largest_fan_in(net, &net->ltc.sensory)));
  else
    st = pack_cfc(plan);
  if (!st && net->mixed_memory) {
    plan->widest = larger(plan->widest, 4 * net->units);
    st = pack(&plan->lstm_input, &net->lstm.input);
    if (!st)
      st = pack(&plan->lstm_recurrent, &net->lstm.recurrent);
  }
  return st ? st : pack(&plan->projection, &net->projection);
}

void qn_step_plan_release(qn_step_plan *plan)
{
  for (size_t l = 0; plan->layer && l < plan->net->cfc.layers; l++) {
    qn_packed_layer *layer = &plan->layer[l];

    for (size_t i = 0; layer->backbone && i < plan->net->cfc.layer[l].backbones;
         i++)
      release_packed(&layer->backbone[i]);
    free(layer->backbone);
    release_packed(&layer->ff1), release_packed(&layer->ff2);
    release_packed(&layer->time_a), release_packed(&layer->time_b);
  }
  free(plan->layer);
  release_packed(&plan->lstm_input);
  release_packed(&plan->lstm_recurrent);
  release_packed(&plan->projection);
}

/* ---- rooms -------------------------------------------------------------------------------- */

/* Where arrays stand in a block; base NULL counts only. */
struct layout {
  double *base;
  size_t used;
};

/* rounded up to whole tiles, and to whole cache lines and one more so that a
 * loop may run past its end */
static double *place(struct layout *l, size_t rows, size_t lanes)
{
  size_t n = (rows + QN_TILE) / QN_TILE * QN_TILE * lanes;
  double *at = l->base ? l->base + l->used : NULL;

  l->used += (n + 7) / 8 * 8 + 8;
  return at;
}

static size_t lay_out(qn_step_room *r, const qn_step_plan *plan, size_t lanes,
                      double *base)
{
  const qn_network *net = plan->net;
  size_t units = net->units, inputs = net->inputs;
  int ltc = net->cell == QN_CELL_LTC;
  struct layout l = {base, 0};

  r->span = place(&l, 1, lanes);
  r->span_was = place(&l, 1, lanes);
  r->input = place(&l, inputs, lanes);
  r->state = place(&l, units, lanes);
  r->memory = place(&l, net->mixed_memory ? units : 0, lanes);
  r->output = place(&l, plan->projection.rows, lanes);
  r->z = place(&l, ltc && !net->mixed_memory ? 0 : plan->widest, lanes);
  if (ltc) {
    r->cm_t = place(&l, units, lanes);
    r->gleak = place(&l, units, lanes);
    r->pull = place(&l, units, lanes);
    r->map_w = place(&l, inputs, lanes);
    r->map_b = place(&l, inputs, lanes);
    r->x = place(&l, inputs, lanes);
    r->num = place(&l, units, lanes);
    r->den = place(&l, units, lanes);
    r->num_s = place(&l, units, lanes);
    r->den_s = place(&l, units, lanes);
    r->open = place(&l, lanes == 1 ? plan->chunk : 0, 1);
  } else {
    r->y = place(&l, plan->widest, lanes);
    r->f1 = place(&l, units, lanes);
    r->f2 = place(&l, units, lanes);
    r->ta = place(&l, units, lanes);
    r->tb = place(&l, units, lanes);
    r->spans = place(&l, units, lanes);
    r->w_tau = place(&l, units, lanes);
    r->a = place(&l, units, lanes);
  }
  return l.used * sizeof *base;
}

size_t qn_step_room_size(const qn_step_plan *plan, size_t lanes)
{
  qn_step_room nowhere;

  return lay_out(&nowhere, plan, lanes, NULL);
}

/* one value of each element for every lane */
static void spread(double *to, const double *from, size_t n, size_t lanes)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < lanes; k++)
      to[i * lanes + k] = from[i];
}

static void fill_ltc(qn_step_room *r, const qn_network *net)
{
  const qn_ltc *ltc = &net->ltc;

  spread(r->gleak, ltc->gleak, net->units, r->lanes);
  spread(r->map_w, net->input_map.w, net->inputs, r->lanes);
  spread(r->map_b, net->input_map.b, net->inputs, r->lanes);
  for (size_t j = 0; j < net->units; j++)
    for (size_t k = 0; k < r->lanes; k++)
      r->pull[j * r->lanes + k] = ltc->gleak[j] * ltc->vleak[j];
}

static void fill_cfc(qn_step_room *r, const qn_network *net)
{
  size_t first = 0;

  for (size_t l = 0; l < net->cfc.layers; l++) {
    const qn_cfc_layer *layer = &net->cfc.layer[l];

    if (layer->a) {
      spread(r->w_tau + first * r->lanes, layer->w_tau, layer->units, r->lanes);
      spread(r->a + first * r->lanes, layer->a, layer->units, r->lanes);
    }
    first += layer->units;
  }
}

qn_status qn_step_room_init(qn_step_room *room, const qn_step_plan *plan,
                            size_t lanes)
{
  size_t bytes = qn_step_room_size(plan, lanes);

  *room = (qn_step_room){.lanes = lanes};
  room->block = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!room->block)
    return QN_ENOMEM;
  memset(room->block, 0, bytes);
  lay_out(room, plan, lanes, room->block);
  for (size_t k = 0; k < lanes; k++)
    room->span[k] = 1;
  if (plan->net->cell == QN_CELL_LTC)
    fill_ltc(room, plan->net);
  else
    fill_cfc(room, plan->net);
  return QN_OK;
}

void qn_step_room_release(qn_step_room *room)
{
  free(room->block);
  room->block = NULL;
}

void qn_step_room_clear(qn_step_room *room, const qn_step_plan *plan)
{
  size_t n = plan->net->units * room->lanes;

  memset(room->state, 0, n * sizeof *room->state);
  if (plan->net->mixed_memory)
    memset(room->memory, 0, n * sizeof *room->memory);
}
