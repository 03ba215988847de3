/* covariance_plan.c - how coloured sources are integrated. */
#include <math.h>

#include "sim/covariance.h"

/* what is meant by slower than the run and by faster than a membrane: both
 * corrections are of first order, so that the square of these is lost */
static const double slower = 100, faster = 1.0 / 30;

static void add_fast(qn_covariance_plan *p, qn_noise_kind kind, const qn_ou *ou)
{
  p->fast[p->fasts++] = (qn_covariance_fast){kind, *ou};
}

static void add_pole(qn_covariance_plan *p, qn_noise_kind kind, double rate,
                     double variance)
{
  p->pole[p->poles++] = (qn_covariance_pole){kind, rate, sqrt(variance)};
}

/* Of slow processes sum v exp(-t / tau) = sum v - t sum v / tau + ..: the sum
 * is one process of the mean rate. */
static void add_kind(qn_covariance_plan *p, const qn_technology *tech,
                     qn_noise_kind kind, double run_s, double fastest_s)
{
  qn_ou pole[QN_FLICKER_POLES_MAX];
  size_t n = qn_noise_poles(tech, kind, pole);
  double variance = 0, slope = 0;

  p->given += n;
  for (size_t i = 0; i < n; i++) {
    if (pole[i].tau_s > slower * run_s) {
      variance += pole[i].variance;
      slope += pole[i].variance / pole[i].tau_s;
      p->slow++;
    } else if (pole[i].tau_s < faster * fastest_s) {
      add_fast(p, kind, &pole[i]);
    } else {
      add_pole(p, kind, 1 / pole[i].tau_s, pole[i].variance);
    }
  }
  if (variance > 0)
    add_pole(p, kind, slope / variance, variance);
}

qn_covariance_plan qn_covariance_plan_of(const qn_technology *tech,
                                         double run_s, double fastest_s)
{
  qn_covariance_plan p = {0};

  add_kind(&p, tech, QN_NOISE_FLICKER, run_s, fastest_s);
  add_kind(&p, tech, QN_NOISE_TELEGRAPH, run_s, fastest_s);
  add_kind(&p, tech, QN_NOISE_AMPLIFIER_FLICKER, run_s, fastest_s);
  return p;
}
