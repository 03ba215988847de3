/* check.c - see check.h. */
#include <quench/check.h>

#include <math.h>
#include <stdio.h>

#include "netlists/check_waves.h"
#include "netlists/memristor_state.h"
#include "netlists/testbench.h"

/* how far before a sample's end the file may stop, in samples: time is printed
 * in eight digits */
static const double slack = 1e-5;

/* ---- samples ------------------------------------------------------------------------ */

static size_t first_of(const qn_dataset *data, size_t row)
{
  size_t s = 0;

  while (data->first[s + 1] <= row)
    s++;
  return data->first[s];
}

double qn_check_time(const qn_chip *chip, const qn_dataset *data, size_t row)
{
  double end = 0;

  for (size_t i = first_of(data, row); i <= row; i++)
    end = qn_testbench_end(chip, data, i, end);
  return end;
}

static qn_status ends_early(const qn_waves *w, size_t step, double end,
                            const char *path, qn_diag *diag)
{
  char place[64];

  snprintf(place, sizeof place, "last point");
  return qn_diag_set(diag, QN_EPARSE, path, place,
                     "the file ends at %.9g s, sample %zu at %.9g s: expected "
                     "the whole transient of this sequence",
                     w->t[w->points - 1], step, end);
}

static qn_status begins_late(const qn_waves *w, double end, const char *path,
                             qn_diag *diag)
{
  return qn_diag_set(diag, QN_EPARSE, path, "point 0",
                     "the file begins at %.9g s, sample 0 ends at %.9g s: "
                     "expected the whole transient from time 0",
                     w->t[0], end);
}

/* Between points *at and *at + 1, *at moving there, `within` of the way. */
static void place(const qn_waves *w, double t, size_t *at, double *within)
{
  double from, to;

  while (*at + 2 < w->points && w->t[*at + 1] < t)
    ++*at;
  from = w->t[*at];
  to = w->points > 1 ? w->t[*at + 1] : from;
  *within = to > from ? fmax(0, fmin(1, (t - from) / (to - from))) : 1;
}

/* of a column, between points `at` and `at` + 1 */
static double value(const qn_waves *w, size_t at, double within, size_t column)
{
  const double *a = w->v + at * w->columns + column;
  const double *b = w->points > 1 ? a + w->columns : a;

  return within < 1 ? *a + within * (*b - *a) : *b;
}

static void take_membranes(const qn_waves *w, const qn_chip *chip, size_t at,
                           double within, double *state)
{
  for (size_t j = 0; j < w->units; j++)
    state[j] = qn_chip_to_model(chip, value(w, at, within, j));
}

/* state [memristors] */
static void take_memristors(const qn_waves *w, const qn_chip *chip, size_t at,
                            double within, double *state)
{
  size_t number = 0;

  for (size_t i = 0; i < w->states; i++, number++) {
    number = qn_memristor_with_state(chip, number);
    state[number] = value(w, at, within, w->units + i);
  }
}

/* how far the nearer of the points about t is, in samples */
static void measure_apart(const qn_waves *w, size_t at, double t, double sample,
                          size_t row, qn_check_report *report)
{
  double near = fabs(w->t[at] - t);

  if (w->points > 1)
    near = fmin(near, fabs(w->t[at + 1] - t));
  if (near / sample > report->apart) {
    report->apart = near / sample;
    report->apart_row = row;
  }
}

static qn_status sample(const qn_waves *w, const qn_chip *chip,
                        const qn_dataset *data, size_t s, const char *path,
                        qn_trace *out, qn_check_report *report, qn_diag *diag)
{
  double end = 0, within;
  size_t at = 0, clipped = 0;

  for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
    double start = end, *state = out->state + row * out->units;

    end = qn_testbench_end(chip, data, row, start);
    if (w->t[w->points - 1] < end - slack * (end - start))
      return ends_early(w, row - data->first[s], end, path, diag);
    if (w->t[0] > end)
      return begins_late(w, end, path, diag);
    place(w, end, &at, &within);
    take_membranes(w, chip, at, within, state);
    if (out->memristor)
      take_memristors(w, chip, at, within,
                      out->memristor + row * out->memristors);
    measure_apart(w, at, end, end - start, row, report);
    qn_chip_outputs(chip, state, out->output + row * out->outputs, &clipped);
  }
  return QN_OK;
}

qn_status qn_check_read(const qn_chip *chip, const qn_dataset *data,
                        size_t sequence, const char *path, qn_trace *out,
                        qn_check_report *report, qn_diag *diag)
{
  qn_waves w;
  qn_status st = qn_waves_read(&w, path, chip, diag);

  *report = (qn_check_report){.points = w.points, .states = w.states};
  if (!st)
    st = sample(&w, chip, data, sequence, path, out, report, diag);
  qn_waves_release(&w);
  return st;
}
