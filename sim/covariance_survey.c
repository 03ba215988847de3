/* covariance_survey.c - what coloured sources do along trajectories, before
 * their covariance is integrated. */
#include <math.h>
#include <string.h>

#include "sim/covariance_room.h"

enum { SEQUENCES = 32 };

static const double tolerance = 1e-6;
/* of the power of a membrane's sources, at the points of the survey */
static const double left_out = 1e-5;

static qn_status rhs(double t, const double *x, double *dx, void *arg)
{
  qn_covariance_room *w = arg;

  return w->system->inner.kind->rhs(t, x, dx, w->room);
}

static void begin(void *arg, double *x)
{
  qn_covariance_room *w = arg;

  w->system->inner.kind->begin(w->room, x);
  memcpy(w->before, x, w->system->inner.n * sizeof *x);
}

static void look(qn_covariance_room *w, const double *x)
{
  if (qn_elements_evaluate(w->room, 0, x))
    return; /* outside the chip's domain: no point of a trajectory */
  qn_covariance_colours(w);
  for (int f = 0; f < QN_NOISE_FAMILIES; f++)
    if (qn_covariance_has(w->system, (qn_noise_family)f))
      qn_noise_basis_add(&w->system->basis[f], w->current[f]);
}

/* the inputs are those of the row by now */
static void record(void *arg, size_t row, const double *x, qn_trace *out)
{
  qn_covariance_room *w = arg;
  size_t n = w->system->inner.n;

  (void)row;
  (void)out;
  for (size_t i = 0; i < n; i++)
    w->between[i] = (w->before[i] + x[i]) / 2;
  look(w, w->before);
  look(w, w->between);
  look(w, x);
  memcpy(w->before, x, n * sizeof *x);
}

static const qn_driven_kind survey = {.name = "noise",
                                      .rhs = rhs,
                                      .workspace_alloc =
                                        qn_covariance_room_alloc,
                                      .workspace_free = qn_covariance_room_free,
                                      .set_inputs = qn_covariance_set_inputs,
                                      .begin = begin,
                                      .record = record,
                                      .end = qn_covariance_end,
                                      .map_inputs = qn_covariance_map_inputs,
                                      .read_out = qn_covariance_read_out};

static qn_status run(qn_covariance *v, const qn_network *net,
                     const qn_dataset *data, qn_diag *diag)
{
  const qn_ode_options opt = {.tolerance = tolerance, .workers = 1};
  qn_driven driven = v->inner;
  qn_trace *trace;
  qn_status st = qn_trace_alloc(&trace, net, data);

  driven.kind = &survey;
  driven.model = v;
  driven.fastest_s = HUGE_VAL; /* no Jacobian: explicit */
  if (st)
    return qn_diag_out_of_memory(diag);
  st = qn_driven_run(&driven, net, data, &opt, trace, NULL, NULL, diag);
  qn_trace_free(trace);
  return st;
}

qn_status qn_covariance_survey(qn_covariance *v, const qn_network *net,
                               const qn_dataset *data, qn_diag *diag)
{
  size_t count = data->sequences < SEQUENCES ? data->sequences : SEQUENCES;
  qn_dataset *few;
  qn_status st = qn_dataset_pick(&few, data, count);

  if (st)
    return qn_diag_out_of_memory(diag);
  st = run(v, net, few, diag);
  qn_dataset_free(few);
  for (int f = 0; f < QN_NOISE_FAMILIES && !st; f++)
    if (qn_covariance_has(v, (qn_noise_family)f))
      st = qn_noise_basis_choose(&v->basis[f], left_out);
  return st;
}
