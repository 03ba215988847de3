/* table_functions.c - the functions that tables are made of.
 *
 * Bounds of |f''| and |f'''| need not be sharp: they weigh what lies between
 * the points at which an error is taken (table_error.c). With s = logistic,
 * g(x) = s(-x) <= e^-x, and
 *   s'' = s (1 - s) (1 - 2 s),  s''' = s (1 - s) (1 - 6 s + 6 s^2),
 * so |g'|, |g''| and |g'''| are at most g for x >= 0. */
#include "hdl/table.h"

#include <math.h>

/* max |s'|, |s''|, |s'''| */
static const double rise_max = 0.25, bend_max = 0.0962250448649377,
                    twist_max = 0.125;

/* ---- 1 / (1 + e^-x) ------------------------------------------------------ */

static long double logistic(long double x)
{
  return 1 / (1 + expl(-x));
}

static double logistic_bend(double low, double high)
{
  (void)high;
  return fmin(bend_max, exp(-low));
}

static double logistic_twist(double low, double high)
{
  (void)high;
  return fmin(twist_max, exp(-low));
}

const qn_function qn_function_logistic = {
  .name = "logistic",
  .formula = "1 / (1 + e^-x)",
  .limit = 1,
  .value = logistic,
  .bend = logistic_bend,
  .twist = logistic_twist,
};

/* ---- tanh ---------------------------------------------------------------- */

/* tanh'' = -2 t (1 - t^2), tanh''' = -2 (1 - t^2) (1 - 3 t^2), and
 * 1 - t^2 <= 4 e^-2x */
static double tanh_bend(double low, double high)
{
  (void)high;
  return fmin(0.769800358919502, 8 * exp(-2 * low));
}

static double tanh_twist(double low, double high)
{
  (void)high;
  return fmin(2, 16 * exp(-2 * low));
}

const qn_function qn_function_tanh = {
  .name = "tanh",
  .formula = "tanh(x)",
  .limit = 1,
  .value = tanhl,
  .bend = tanh_bend,
  .twist = tanh_twist,
};

/* ---- 1.7159 tanh(0.666 x) ------------------------------------------------ */

static const double lecun_scale = 1.7159, lecun_slope = 0.666;

static long double lecun_tanh(long double x)
{
  return (long double)lecun_scale * tanhl((long double)lecun_slope * x);
}

static double lecun_bend(double low, double high)
{
  return lecun_scale * lecun_slope * lecun_slope *
         tanh_bend(lecun_slope * low, lecun_slope * high);
}

static double lecun_twist(double low, double high)
{
  return lecun_scale * lecun_slope * lecun_slope * lecun_slope *
         tanh_twist(lecun_slope * low, lecun_slope * high);
}

const qn_function qn_function_lecun_tanh = {
  .name = "lecun_tanh",
  .formula = "1.7159 tanh(0.666 x)",
  .limit = 1.7159,
  .value = lecun_tanh,
  .bend = lecun_bend,
  .twist = lecun_twist,
};

/* ---- silu: x s(x) = max(0, x) - |x| g(|x|) ------------------------------- */

static long double silu_remainder(long double x)
{
  return -x / (1 + expl(x));
}

/* -(2 g' + x g'') */
static double silu_bend(double low, double high)
{
  double g = exp(-low);

  return 2 * fmin(rise_max, g) + high * fmin(bend_max, g);
}

/* -(3 g'' + x g''') */
static double silu_twist(double low, double high)
{
  double g = exp(-low);

  return 3 * fmin(bend_max, g) + high * fmin(twist_max, g);
}

const qn_function qn_function_silu_remainder = {
  .name = "silu_remainder",
  .formula = "-x / (1 + e^x)",
  .is_signed = 1,
  .value = silu_remainder,
  .bend = silu_bend,
  .twist = silu_twist,
};

/* ---- gelu: x Phi(x) = max(0, x) - |x| Phi(-|x|) -------------------------- */

static long double gelu_remainder(long double x)
{
  return -x * erfcl(x / sqrtl(2)) / 2;
}

static double normal_density(double x)
{
  return 0.398942280401433 * exp(-x * x / 2);
}

/* phi (2 - x^2) */
static double gelu_bend(double low, double high)
{
  return normal_density(low) * fmax(fabs(2 - low * low), fabs(2 - high * high));
}

/* phi x (x^2 - 4) */
static double gelu_twist(double low, double high)
{
  return normal_density(low) * high *
         fmax(fabs(low * low - 4), fabs(high * high - 4));
}

const qn_function qn_function_gelu_remainder = {
  .name = "gelu_remainder",
  .formula = "-x erfc(x / sqrt(2)) / 2",
  .is_signed = 1,
  .value = gelu_remainder,
  .bend = gelu_bend,
  .twist = gelu_twist,
};

/* ---- e^-x ---------------------------------------------------------------- */

static long double decay(long double x)
{
  return expl(-x);
}

static double decay_bend(double low, double high)
{
  (void)high;
  return exp(-low);
}

const qn_function qn_function_exp = {
  .name = "exp",
  .formula = "e^-x",
  .value = decay,
  .bend = decay_bend,
  .twist = decay_bend,
};

/* ---- 1 / x --------------------------------------------------------------- */

static long double reciprocal(long double x)
{
  return 1 / x;
}

static double reciprocal_bend(double low, double high)
{
  (void)high;
  return 2 / (low * low * low);
}

static double reciprocal_twist(double low, double high)
{
  (void)high;
  return 6 / (low * low * low * low);
}

const qn_function qn_function_reciprocal = {
  .name = "reciprocal",
  .formula = "1 / x",
  .from = 1,
  .limit = NAN,
  .value = reciprocal,
  .bend = reciprocal_bend,
  .twist = reciprocal_twist,
};

const qn_function *const qn_functions[] = {
  &qn_function_logistic,       &qn_function_tanh,
  &qn_function_lecun_tanh,     &qn_function_silu_remainder,
  &qn_function_gelu_remainder, &qn_function_exp,
  &qn_function_reciprocal,     NULL,
};

/* From 2 on all of them go to their limits without turning. */
int qn_function_range(const qn_function *function, double error)
{
  int range = 1;

  if (isnan(function->limit))
    return 0;
  while (range < 16 && fabsl(function->value(ldexpl(1, range)) -
                             (long double)function->limit) > (long double)error)
    range++;
  return range;
}
