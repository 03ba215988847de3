/* bounds.c - what holds for a network whatever its inputs are. */
#include <quench/bounds.h>

#include <math.h>

static qn_interval unbounded(void)
{
  return (qn_interval){-HUGE_VAL, HUGE_VAL};
}

static qn_interval hull(qn_interval a, qn_interval b)
{
  return (qn_interval){fmin(a.low, b.low), fmax(a.high, b.high)};
}

/* ---- LTC ----------------------------------------------------------------------- */

static int all_positive(const qn_synapses *s, size_t j)
{
  for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
    if (s->at[i].w < 0)
      return 0;
  return 1;
}

/* as ncps' softplus or its clipping leave it */
static int is_positive(const qn_ltc *ltc, size_t j)
{
  return ltc->cm[j] >= 0 && ltc->gleak[j] >= 0 &&
         all_positive(&ltc->recurrent, j) && all_positive(&ltc->sensory, j);
}

static qn_interval ltc_state(const qn_network *net, size_t j)
{
  static const qn_interval memory = {-1, 1};
  qn_interval all;

  if (!is_positive(&net->ltc, j))
    return unbounded();
  qn_ltc_hull(net, j, &all.low, &all.high);
  return net->mixed_memory ? hull(all, memory) : all;
}

qn_interval qn_bounds_time_constant(const qn_network *net, size_t j)
{
  static const qn_interval none = {(double)NAN, (double)NAN};
  double cm, gleak;

  if (net->cell != QN_CELL_LTC || !is_positive(&net->ltc, j))
    return none;
  cm = net->ltc.cm[j];
  gleak = net->ltc.gleak[j];
  if (cm == 0)
    return (qn_interval){0, 0};
  return (qn_interval){cm / qn_ltc_conductance_max(net, j), cm / gleak};
}

/* ---- CfC ----------------------------------------------------------------------- */

/* A (1 -+ reach), and 0 */
static qn_interval pure_state(const qn_cfc_layer *layer, size_t i, double span)
{
  double a = layer->a[i];
  double reach = exp(-span * fabs(layer->w_tau[i]) - 1) / span;
  qn_interval ends = {fmin(a * (1 - reach), a * (1 + reach)),
                      fmax(a * (1 - reach), a * (1 + reach))};

  return hull(ends, (qn_interval){0, 0});
}

static qn_interval cfc_state(const qn_network *net, size_t j, double span)
{
  const qn_cfc_layer *layer = net->cfc.layer;

  if (net->cfc.mode == QN_CFC_DEFAULT)
    return (qn_interval){-1, 1};
  if (net->cfc.mode == QN_CFC_NO_GATE)
    return (qn_interval){-2, 2};
  for (; j >= layer->units; layer++)
    j -= layer->units;
  return pure_state(layer, j, span);
}

/* ---- both ---------------------------------------------------------------------- */

qn_interval qn_bounds_state(const qn_network *net, size_t j, double span)
{
  return net->cell == QN_CELL_LTC ? ltc_state(net, j) : cfc_state(net, j, span);
}

/* w x + b; a factor of 0 makes even the unbounded 0 */
static qn_interval scaled(qn_interval x, double w, double b)
{
  if (w == 0)
    return (qn_interval){b, b};
  return w > 0 ? (qn_interval){w * x.low + b, w * x.high + b}
               : (qn_interval){w * x.high + b, w * x.low + b};
}

static qn_interval projected(const qn_network *net, size_t m, double span)
{
  const qn_linear *p = &net->projection;
  qn_interval sum = {p->bias[m], p->bias[m]};

  for (size_t i = 0; i < p->columns; i++) {
    qn_interval x = qn_bounds_state(net, net->read_first + i, span);
    qn_interval part = scaled(x, p->weight[m * p->columns + i], 0);

    sum.low += part.low;
    sum.high += part.high;
  }
  return sum;
}

qn_interval qn_bounds_output(const qn_network *net, size_t m, double span)
{
  if (net->projection.rows)
    return projected(net, m, span);
  return scaled(qn_bounds_state(net, net->read_first + m, span),
                net->output_map.w[m], net->output_map.b[m]);
}
