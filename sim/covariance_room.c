/* covariance_room.c - a worker's memory, and what every run of it shares. */
#include "sim/covariance_room.h"

#include <stdlib.h>

int qn_covariance_has(const qn_covariance *v, qn_noise_family f)
{
  for (size_t i = 0; i < v->plan.poles; i++)
    if (qn_noise_family_of(v->plan.pole[i].kind) == f)
      return 1;
  for (size_t i = 0; i < v->plan.fasts; i++)
    if (qn_noise_family_of(v->plan.fast[i].kind) == f)
      return 1;
  return 0;
}

size_t qn_covariance_account(const qn_covariance *v, qn_noise_kind kind,
                             size_t post)
{
  switch (v->split) {
  case QN_NOISE_WHOLE:
    return 0;
  case QN_NOISE_BY_KIND:
    return v->account_of[kind];
  case QN_NOISE_BY_NEURON:
    break;
  }
  return post;
}

void qn_covariance_colours(qn_covariance_room *w)
{
  const qn_covariance *v = w->system;

  for (int f = 0; f < QN_NOISE_FAMILIES; f++) {
    if (!qn_covariance_has(v, (qn_noise_family)f))
      continue;
    qn_noise_coloured(&v->sources, (qn_noise_family)f, w->room, w->current[f]);
    if (!v->basis[f].gram)
      qn_noise_basis_project(&v->basis[f], w->current[f], w->along[f]);
  }
}

/* ---- memory ------------------------------------------------------------------- */

void qn_covariance_room_free(void *arg)
{
  qn_covariance_room *w = arg;

  if (!w)
    return;
  w->system->inner.kind->workspace_free(w->room);
  for (int f = 0; f < QN_NOISE_FAMILIES; f++)
    free(w->current[f]), free(w->along[f]);
  free(w->jacobian), free(w->density);
  free(w->white), free(w->enters);
  free(w->full), free(w->product);
  free(w->before), free(w->between);
  free(w);
}

static qn_status make_room(double **out, size_t n)
{
  *out = calloc(n + 1, sizeof **out);
  return *out ? QN_OK : QN_ENOMEM;
}

static qn_status make_rooms(qn_covariance_room *w)
{
  const qn_covariance *v = w->system;
  size_t n = v->inner.units;
  qn_status st = make_room(&w->jacobian, v->circuit->pattern.count);

  for (int f = 0; f < QN_NOISE_FAMILIES && !st; f++) {
    size_t count = qn_noise_coloured_count(&v->sources, (qn_noise_family)f);

    st = make_room(&w->current[f], count);
    st = st ? st : make_room(&w->along[f], count);
  }
  st = st ? st : make_room(&w->density, QN_NOISE_WHITE * n);
  st = st ? st : make_room(&w->white, v->accounts * n);
  st = st ? st : make_room(&w->enters, v->processes);
  st = st ? st : make_room(&w->full, n * n);
  st = st ? st : make_room(&w->product, n * n);
  st = st ? st : make_room(&w->before, v->inner.n);
  return st ? st : make_room(&w->between, v->inner.n);
}

void *qn_covariance_room_alloc(const void *system)
{
  qn_covariance_room *w = calloc(1, sizeof *w);

  if (!w)
    return NULL;
  w->system = system;
  w->room = w->system->inner.kind->workspace_alloc(w->system->inner.model);
  if (w->room && !make_rooms(w))
    return w;
  qn_covariance_room_free(w);
  return NULL;
}

/* ---- callbacks ---------------------------------------------------------------- */

void qn_covariance_set_inputs(void *arg, const qn_ramp *ramp)
{
  qn_covariance_room *w = arg;

  w->system->inner.kind->set_inputs(w->room, ramp);
}

void qn_covariance_end(void *arg, const double *x, qn_ode_report *report)
{
  qn_covariance_room *w = arg;

  w->system->inner.kind->end(w->room, x, report);
}

void qn_covariance_map_inputs(const void *model, const double *row,
                              double *inputs, size_t *clipped)
{
  const qn_covariance *v = model;

  v->inner.kind->map_inputs(v->inner.model, row, inputs, clipped);
}

void qn_covariance_read_out(const void *model, const double *state,
                            double *output, size_t *clipped)
{
  const qn_covariance *v = model;

  v->inner.kind->read_out(v->inner.model, state, output, clipped);
}
