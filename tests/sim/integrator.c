/* integrator.c - Dormand-Prince 5(4), and the LTC equation written plainly. */
#include "tests/sim/integrator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/plain.h"

enum { UNITS_MAX = 64, STAGES = 7 };
static const double tolerance = 1e-12;

static const double a[STAGES][STAGES] = {
  {0},
  {1.0 / 5},
  {3.0 / 40, 9.0 / 40},
  {44.0 / 45, -56.0 / 15, 32.0 / 9},
  {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
  {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
  {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}};
static const double fourth[STAGES] = {
  5179.0 / 57600, 0,       7571.0 / 16695, 393.0 / 640, -92097.0 / 339200,
  187.0 / 2100,   1.0 / 40};

/* net current of one synapse */
static double current(const qn_synapse *s, double pre, double post)
{
  return s->w / (1 + exp(-s->sigma * (pre - s->mu))) * (s->erev - post);
}

struct held {
  const qn_network *net;
  const double *x; /* inputs */
};

static void slope(void *arg, const double *v, double *dv)
{
  const struct held *held = arg;
  const qn_network *net = held->net;
  const qn_ltc *ltc = &net->ltc;

  for (size_t j = 0; j < net->units; j++)
    dv[j] = ltc->gleak[j] * (ltc->vleak[j] - v[j]);
  for (size_t i = 0; i < ltc->recurrent.count; i++) {
    const qn_synapse *s = &ltc->recurrent.at[i];

    dv[s->post] += current(s, v[s->pre], v[s->post]);
  }
  for (size_t i = 0; i < ltc->sensory.count; i++) {
    const qn_synapse *s = &ltc->sensory.at[i];

    dv[s->post] += current(s, held->x[s->pre], v[s->post]);
  }
  for (size_t j = 0; j < net->units; j++)
    dv[j] /= ltc->cm[j];
}

/* one try of length h from x to next, with k [STAGES, n] for the slopes; the
 * largest scaled error */
static double try_step(qn_test_slope *f, void *arg, size_t n, const double *x,
                       double h, double *next, double *k)
{
  double worst = 0;

  for (size_t s = 0; s < STAGES; s++) {
    for (size_t j = 0; j < n; j++) {
      next[j] = x[j];
      for (size_t r = 0; r < s; r++)
        next[j] += h * a[s][r] * k[r * n + j];
    }
    f(arg, next, k + s * n);
  }
  for (size_t j = 0; j < n; j++) {
    double e = 0;

    for (size_t s = 0; s < STAGES; s++)
      e += h * ((s < 6 ? a[6][s] : 0) - fourth[s]) * k[s * n + j];
    worst = fmax(worst, fabs(e) / tolerance);
  }
  return worst;
}

void qn_test_advance(qn_test_slope *f, void *arg, size_t n, double span,
                     double *x)
{
  double t = 0, h = 1e-3 * span;
  double *next = malloc((STAGES + 1) * n * sizeof *next), *k = next + n;

  while (t < span) {
    double error;

    h = fmin(h, span - t);
    error = try_step(f, arg, n, x, h, next, k);
    if (error <= 1) {
      memcpy(x, next, n * sizeof *x);
      t = t + h >= span * (1 - 1e-15) ? span : t + h;
    }
    h *= fmin(4, fmax(0.2, 0.9 * pow(error + 1e-10, -0.2)));
  }
  free(next);
}

double *qn_test_integrate(const qn_network *net, const qn_dataset *data)
{
  double *states = calloc(data->rows * net->units, sizeof *states);
  double *x = calloc(net->inputs, sizeof *x), v[UNITS_MAX], c[UNITS_MAX];

  for (size_t s = 0; s < data->sequences; s++) {
    memset(v, 0, sizeof v);
    memset(c, 0, sizeof c);
    for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
      for (size_t k = 0; k < net->inputs; k++)
        x[k] = net->input_map.w[k] * data->inputs[row * net->inputs + k] +
               net->input_map.b[k];
      if (net->mixed_memory)
        plain_remember(net, data->inputs + row * net->inputs, v, c);
      qn_test_advance(slope, &(struct held){net, x}, net->units,
                      data->timespans ? data->timespans[row] : 1, v);
      memcpy(states + row * net->units, v, net->units * sizeof *v);
    }
  }
  free(x);
  return states;
}
