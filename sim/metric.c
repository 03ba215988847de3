/* metric.c - accuracy, RMSE, and differences of states. */
#include <quench/metric.h>

#include <math.h>

/* ---- tasks ---------------------------------------------------------------------- */

static size_t predicted_class(const double *output, size_t outputs,
                              qn_task task)
{
  size_t best = 0;

  if (task != QN_TASK_MULTICLASS)
    return output[0] > 0;
  for (size_t m = 1; m < outputs; m++)
    if (output[m] > output[best])
      best = m;
  return best;
}

size_t qn_decision_of(const qn_trace *t, const qn_dataset *data, size_t row)
{
  return predicted_class(t->output + row * t->outputs, t->outputs, data->task);
}

size_t qn_metric_first(const qn_dataset *data, size_t s)
{
  if (data->task == QN_TASK_BINARY_LAST)
    return data->first[s + 1] - 1;
  return data->first[s] + data->warmup_steps;
}

static double accuracy(const qn_trace *t, const qn_dataset *data)
{
  size_t right = 0, scored = 0;

  for (size_t s = 0; s < data->sequences; s++)
    for (size_t row = qn_metric_first(data, s); row < data->first[s + 1];
         row++) {
      right += qn_decision_of(t, data, row) == (size_t)data->targets[row];
      scored++;
    }
  return (double)right / (double)scored;
}

static double rmse(const qn_trace *t, const qn_dataset *data)
{
  double sum = 0;
  size_t scored = 0;

  for (size_t s = 0; s < data->sequences; s++)
    for (size_t row = qn_metric_first(data, s); row < data->first[s + 1]; row++)
      for (size_t m = 0; m < t->outputs; m++, scored++) {
        size_t i = row * t->outputs + m;

        sum +=
          (t->output[i] - data->targets[i]) * (t->output[i] - data->targets[i]);
      }
  return sqrt(sum / (double)scored);
}

qn_metric qn_metric_of(const qn_trace *trace, const qn_dataset *data)
{
  if (!data->targets || data->task == QN_TASK_NONE)
    return (qn_metric){0};
  if (data->task == QN_TASK_REGRESSION)
    return (qn_metric){.name = "rmse", .value = rmse(trace, data)};
  return (qn_metric){.name = "accuracy", .value = accuracy(trace, data)};
}

/* ---- differences ------------------------------------------------------------------ */

void qn_swing_of(const qn_trace *t, double *swing)
{
  double largest = 0;

  for (size_t j = 0; j < t->units; j++) {
    double low = 0, high = 0;

    for (size_t row = 0; row < t->rows; row++) {
      low = fmin(low, t->state[row * t->units + j]);
      high = fmax(high, t->state[row * t->units + j]);
    }
    swing[j] = high - low;
    largest = fmax(largest, swing[j]);
  }
  for (size_t j = 0; j < t->units; j++)
    swing[j] = fmax(swing[j], 0.01 * largest);
}

/* the larger; NaN is the largest of all and stays */
static int raise(double *worst, double e)
{
  if (isnan(*worst) || e <= *worst)
    return 0;
  *worst = e;
  return 1;
}

static void add_row(const qn_trace *got, const qn_trace *want, size_t row,
                    const double *swing, qn_difference *d)
{
  for (size_t j = 0; j < want->units; j++) {
    size_t i = row * want->units + j;
    double e = fabs(got->state[i] - want->state[i]);
    double percent = swing[j] > 0 ? 100 * e / swing[j] : 0;

    d->rms += e * e;
    d->rms_percent += percent * percent;
    raise(&d->worst, e);
    if (raise(&d->worst_percent, percent)) {
      d->worst_neuron = j;
      d->worst_row = row;
    }
  }
  for (size_t m = 0; m < want->outputs; m++) {
    size_t i = row * want->outputs + m;

    raise(&d->worst_output, fabs(got->output[i] - want->output[i]));
  }
}

qn_difference qn_difference_of(const qn_trace *got, const qn_trace *want,
                               const double *swing)
{
  double n = (double)(want->rows * want->units);
  qn_difference d = {0};

  for (size_t row = 0; row < want->rows; row++)
    add_row(got, want, row, swing, &d);
  d.rms = sqrt(d.rms / n);
  d.rms_percent = sqrt(d.rms_percent / n);
  return d;
}

qn_state_difference qn_state_difference_of(const qn_trace *got,
                                           const qn_trace *want)
{
  qn_state_difference d = {0};

  for (size_t row = 0; row < want->rows; row++)
    for (size_t k = 0; k < want->memristors; k++) {
      size_t i = row * want->memristors + k;

      if (raise(&d.worst, fabs(got->memristor[i] - want->memristor[i]))) {
        d.memristor = k;
        d.row = row;
      }
    }
  return d;
}

static double largest_error(const double *got, const double *want, size_t n)
{
  double worst = 0;

  for (size_t i = 0; i < n; i++) {
    double e = fabs(got[i] - want[i]) / fmax(1, fabs(want[i]));

    raise(&worst, e);
  }
  return worst;
}

double qn_difference_from_file(const qn_trace *got, const qn_dataset *data)
{
  double worst = -1;

  if (data->outputs)
    worst = largest_error(got->output, data->outputs, got->rows * got->outputs);
  if (data->states) {
    double states =
      largest_error(got->state, data->states, got->rows * got->units);

    raise(&worst, states);
  }
  return worst;
}
