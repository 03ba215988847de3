/* noise_process.c - exact steps of coloured noise. */
#include "sim/noise_process.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* ---- Ornstein-Uhlenbeck ------------------------------------------------------- */

double qn_ou_density(const qn_ou *ou, double hz)
{
  double w = 2 * pi * hz * ou->tau_s;

  return 4 * ou->variance * ou->tau_s / (1 + w * w);
}

/* x - 2 tanh(x/2) without loss where x is small */
static double beyond_tanh(double x)
{
  double q = x * x;

  if (x > 0.1)
    return x - 2 * tanh(x / 2);
  return x * q *
         (1.0 / 12 +
          q * (-1.0 / 120 + q * (17.0 / 20160 + q * (-31.0 / 362880))));
}

qn_ou_step qn_ou_step_of(const qn_ou *ou, double h)
{
  double x = h / ou->tau_s;

  return (qn_ou_step){
    .keep = exp(-x),
    .kick = sqrt(-ou->variance * expm1(-2 * x)),
    .mean = ou->tau_s * tanh(x / 2),
    .bridge = ou->tau_s * sqrt(2 * ou->variance * beyond_tanh(x)),
  };
}

/* ---- random telegraph noise ------------------------------------------------------- */

static void hold(qn_telegraph_path *path, const qn_telegraph *t)
{
  double u = qn_random_uniform(&path->stream, path->drawn++);

  path->left_s = -(path->state ? t->up_s : t->down_s) * log(u);
}

void qn_telegraph_start(qn_telegraph_path *path, const qn_telegraph *t,
                        const qn_random *stream)
{
  *path = (qn_telegraph_path){.stream = *stream};
  path->state =
    qn_random_uniform(&path->stream, path->drawn++) < qn_telegraph_occupancy(t);
  hold(path, t);
}

double qn_telegraph_advance(qn_telegraph_path *path, const qn_telegraph *t,
                            double h)
{
  double up = 0;

  while (h >= path->left_s) {
    up += path->state ? path->left_s : 0;
    h -= path->left_s;
    path->state = !path->state;
    hold(path, t);
  }
  path->left_s -= h;
  return up + (path->state ? h : 0);
}
