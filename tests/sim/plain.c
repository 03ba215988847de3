/* plain.c - see plain.h */
#include "tests/sim/plain.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double logistic(double x)
{
  return 1 / (1 + exp(-x));
}

static double *room(size_t n)
{
  double *x = calloc(n + 1, sizeof *x);

  cr_assert(x != NULL);
  return x;
}

/* y = weight x + bias */
static void multiply(const qn_linear *m, const double *x, double *y)
{
  for (size_t r = 0; r < m->rows; r++) {
    y[r] = m->bias[r];
    for (size_t c = 0; c < m->columns; c++)
      y[r] += m->weight[r * m->columns + c] * x[c];
  }
}

/* ---- LSTM: z.chunk(4) is i, ig, fg, og ------------------------------------------- */

void plain_remember(const qn_network *net, const double *row, double *h,
                    double *c)
{
  size_t n = net->units;
  double *z = room(4 * n), *back = room(4 * n);

  multiply(&net->lstm.input, row, z);
  multiply(&net->lstm.recurrent, h, back);
  for (size_t i = 0; i < 4 * n; i++)
    z[i] += back[i];
  for (size_t j = 0; j < n; j++) {
    c[j] =
      c[j] * logistic(z[2 * n + j] + 1.0) + tanh(z[j]) * logistic(z[n + j]);
    h[j] = tanh(c[j]) * logistic(z[3 * n + j]);
  }
  free(z), free(back);
}

/* ---- LTC ---------------------------------------------------------------------------- */

static void add_synapses(const qn_synapses *s, const double *v, double *num,
                         double *den)
{
  for (size_t i = 0; i < s->count; i++) {
    const qn_synapse *y = &s->at[i];
    double a = y->w * logistic(y->sigma * (v[y->pre] - y->mu));

    num[y->post] += a * y->erev;
    den[y->post] += a;
  }
}

static void step_ltc(const qn_network *net, const double *row, double span,
                     unsigned unfolds, double *v)
{
  const qn_ltc *p = &net->ltc;
  size_t n = net->units;
  double *x = room(net->inputs), *num = room(n), *den = room(n);

  for (size_t k = 0; k < net->inputs; k++)
    x[k] = row[k] * net->input_map.w[k] + net->input_map.b[k];
  for (unsigned u = 0; u < unfolds; u++) {
    memset(num, 0, n * sizeof *num);
    memset(den, 0, n * sizeof *den);
    add_synapses(&p->recurrent, v, num, den);
    add_synapses(&p->sensory, x, num, den);
    for (size_t j = 0; j < n; j++) {
      double cm_t = p->cm[j] / (span / unfolds);

      v[j] = (cm_t * v[j] + p->gleak[j] * p->vleak[j] + num[j]) /
             (cm_t + p->gleak[j] + den[j] + p->epsilon);
    }
  }
  free(x), free(num), free(den);
}

/* ---- CfC ------------------------------------------------------------------------------ */

static double activate(qn_activation activation, double x)
{
  switch (activation) {
  case QN_ACTIVATION_SILU:
    return x * logistic(x);
  case QN_ACTIVATION_RELU:
    return x > 0 ? x : 0;
  case QN_ACTIVATION_TANH:
    return tanh(x);
  case QN_ACTIVATION_GELU:
    return x * 0.5 * (1 + erf(x / sqrt(2.0)));
  case QN_ACTIVATION_LECUN_TANH:
    return 1.7159 * tanh(0.666 * x);
  }
  return NAN;
}

/* new states of a layer into h */
static void step_layer(const qn_network *net, const qn_cfc_layer *l,
                       const double *in, double span, double *h)
{
  size_t widest = l->inputs + l->units, n = l->units;
  double *z, *y, *f1 = room(n), *f2 = room(n), *a = room(n), *b = room(n);

  for (size_t k = 0; k < l->backbones; k++)
    widest = l->backbone[k].rows > widest ? l->backbone[k].rows : widest;
  z = room(widest), y = room(widest);
  memcpy(z, in, l->inputs * sizeof *z);
  memcpy(z + l->inputs, h, n * sizeof *z);
  for (size_t k = 0; k < l->backbones; k++) {
    multiply(&l->backbone[k], z, y);
    for (size_t i = 0; i < l->backbone[k].rows; i++)
      z[i] = activate(net->cfc.activation, y[i]);
  }
  multiply(&l->ff1, z, f1);
  multiply(&l->ff2, z, f2);
  multiply(&l->time_a, z, a);
  multiply(&l->time_b, z, b);
  for (size_t j = 0; j < n; j++) {
    double s = logistic(a[j] * span + b[j]), g = tanh(f1[j]);

    if (net->cfc.mode == QN_CFC_PURE)
      h[j] = -l->a[j] * exp(-span * (fabs(l->w_tau[j]) + fabs(f1[j]))) * f1[j] +
             l->a[j];
    else if (net->cfc.mode == QN_CFC_NO_GATE)
      h[j] = g + s * tanh(f2[j]);
    else
      h[j] = g * (1 - s) + s * tanh(f2[j]);
  }
  free(z), free(y), free(f1), free(f2), free(a), free(b);
}

static void step_cfc(const qn_network *net, const double *row, double span,
                     double *state)
{
  for (size_t l = 0; l < net->cfc.layers; l++) {
    step_layer(net, &net->cfc.layer[l], row, span, state);
    row = state;
    state += net->cfc.layer[l].units;
  }
}

/* ---- the whole -------------------------------------------------------------------------- */

static void read_out(const qn_network *net, const double *state, double *output)
{
  size_t last = 0;

  if (net->cell != QN_CELL_LTC)
    last = net->units - net->cfc.layer[net->cfc.layers - 1].units;
  if (net->projection.rows)
    multiply(&net->projection, state + last, output);
  for (size_t m = 0; !net->projection.rows && m < net->outputs; m++)
    output[m] = net->output_map.w[m] * state[last + m] + net->output_map.b[m];
}

void plain_run(const qn_network *net, const qn_dataset *data, unsigned unfolds,
               qn_trace *out)
{
  size_t n = net->units;
  double *h = room(n), *c = room(n);

  for (size_t s = 0; s < data->sequences; s++) {
    memset(h, 0, n * sizeof *h);
    memset(c, 0, n * sizeof *c);
    for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
      const double *x = data->inputs + row * net->inputs;
      double span = data->timespans ? data->timespans[row] : 1;

      if (net->mixed_memory)
        plain_remember(net, x, h, c);
      if (net->cell == QN_CELL_LTC)
        step_ltc(net, x, span, unfolds, h);
      else
        step_cfc(net, x, span, h);
      memcpy(out->state + row * n, h, n * sizeof *h);
      read_out(net, h, out->output + row * net->outputs);
    }
  }
  free(h), free(c);
}
