/* noise_decide.c - what a covariance means for outputs and decisions. */
#include <math.h>
#include <string.h>

#include <quench/noise.h>

static double covariance(const qn_noise *r, size_t row, size_t i, size_t j)
{
  return r->covariance[(row * r->outputs + i) * r->outputs + j];
}

qn_noise_figures qn_noise_figures_of(const qn_noise *r, size_t k)
{
  qn_noise_figures f = {0};
  double low = HUGE_VAL, high = -HUGE_VAL, sum = 0;

  for (size_t row = 0; row < r->rows; row++) {
    double variance = fmax(covariance(r, row, k, k), 0);

    low = fmin(low, r->trace->output[row * r->outputs + k]);
    high = fmax(high, r->trace->output[row * r->outputs + k]);
    sum += variance;
    if (sqrt(variance) > f.worst) {
      f.worst = sqrt(variance);
      f.worst_row = row;
    }
  }
  f.swing = high - low;
  f.rms = sqrt(sum / (double)r->rows);
  f.snr_db = 20 * log10(f.swing / f.rms);
  f.effective_bits = log2(f.swing / (f.rms * sqrt(12)));
  return f;
}

/* P(normal > x), x in deviations */
static double tail(double margin, double variance)
{
  return variance > 0 ? 0.5 * erfc(margin / sqrt(2 * variance)) : 0;
}

/* that class `b` ends above class `a`, which is above without noise */
static double passes(const qn_noise *r, size_t row, size_t a, size_t b)
{
  const double *y = r->trace->output + row * r->outputs;
  double both = covariance(r, row, a, b);

  return tail(y[a] - y[b],
              covariance(r, row, a, a) + covariance(r, row, b, b) - 2 * both);
}

static double flip_of(const qn_noise *r, const qn_dataset *data, size_t row)
{
  size_t best;
  double sum = 0;

  if (data->task != QN_TASK_MULTICLASS)
    return tail(fabs(r->trace->output[row * r->outputs]),
                covariance(r, row, 0, 0));
  best = qn_decision_of(r->trace, data, row);
  for (size_t m = 0; m < r->outputs; m++)
    if (m != best)
      sum += passes(r, row, best, m);
  return fmin(sum, 1);
}

/* that the decision is right with noise */
static double right(const qn_noise *r, const qn_dataset *data, size_t row,
                    double flip)
{
  size_t got = qn_decision_of(r->trace, data, row);
  size_t want = (size_t)data->targets[row];

  if (got == want)
    return 1 - flip;
  if (data->task != QN_TASK_MULTICLASS)
    return flip;
  return want < r->outputs ? passes(r, row, got, want) : 0;
}

static void decide_row(const qn_noise *r, const qn_dataset *data, size_t row,
                       double *flip, qn_noise_decisions *d)
{
  double p = flip_of(r, data, row);

  if (flip)
    flip[row] = p;
  d->decisions++;
  d->flips += p;
  if (data->targets)
    d->expected += right(r, data, row, p);
  if (p > d->likeliest) {
    d->likeliest = p;
    d->likeliest_row = row;
  }
}

/* mean square of error and noise */
static double noisy_rmse(const qn_noise *r, const qn_dataset *data,
                         double quiet)
{
  double sum = 0;
  size_t n = 0;

  for (size_t s = 0; s < data->sequences; s++)
    for (size_t row = qn_metric_first(data, s); row < data->first[s + 1]; row++)
      for (size_t k = 0; k < r->outputs; k++, n++)
        sum += covariance(r, row, k, k);
  return sqrt(quiet * quiet + sum / (double)n);
}

static int is_classifier(const qn_dataset *data)
{
  return data->task == QN_TASK_BINARY || data->task == QN_TASK_BINARY_LAST ||
         data->task == QN_TASK_MULTICLASS;
}

qn_noise_decisions qn_noise_decide(const qn_noise *r, const qn_dataset *data,
                                   double *flip)
{
  qn_metric metric = qn_metric_of(r->trace, data);
  qn_noise_decisions d = {.metric = metric.name, .quiet = metric.value};

  if (flip)
    memset(flip, 0, r->rows * sizeof *flip);
  if (data->task == QN_TASK_REGRESSION && metric.name)
    d.expected = noisy_rmse(r, data, metric.value);
  if (!is_classifier(data))
    return d;
  for (size_t s = 0; s < data->sequences; s++)
    for (size_t row = qn_metric_first(data, s); row < data->first[s + 1]; row++)
      decide_row(r, data, row, flip, &d);
  d.expected /= (double)d.decisions;
  return d;
}
