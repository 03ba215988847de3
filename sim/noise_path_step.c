/* noise_path_step.c - the step of noise_path_step.h. */
#include "sim/noise_path_step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- model ----------------------------------------------------------------------- */

qn_status qn_path_model_init(qn_path_model *m, const qn_chip *chip, double step)
{
  qn_status st;

  *m = (qn_path_model){.chip = chip};
  st = qn_driven_init_elements(&m->driven, chip);
  if (!st)
    st = qn_noise_sources_init(&m->sources, m->driven.model);
  if (!st)
    m->longest_s = step * m->driven.fastest_s;
  return st;
}

void qn_path_model_release(qn_path_model *m)
{
  qn_noise_sources_release(&m->sources);
  qn_driven_release(&m->driven);
}

/* ---- one worker's ---------------------------------------------------------------- */

static qn_status view_init(qn_path_view *v, const qn_path *p)
{
  const qn_driven *d = &p->model->driven;

  v->f = calloc(d->n, sizeof *v->f);
  v->a = calloc(d->n, sizeof *v->a);
  v->density = calloc(QN_NOISE_WHITE * d->units, sizeof *v->density);
  for (int k = 0; k < QN_COLOURS; k++) {
    v->current[k] = calloc(p->colour[k].count + 1, sizeof *v->current[k]);
    if (!v->current[k])
      return QN_ENOMEM;
  }
  return v->f && v->a && v->density ? QN_OK : QN_ENOMEM;
}

static void view_release(qn_path_view *v)
{
  free(v->f), free(v->a);
  free(v->density);
  for (int k = 0; k < QN_COLOURS; k++)
    free(v->current[k]);
}

static qn_status path_init(qn_path *p)
{
  const qn_driven *d = &p->model->driven;
  double **arrays[] = {&p->x, &p->u, &p->d, &p->after};
  qn_status st = QN_OK;

  for (int k = 0; k < QN_COLOURS && !st; k++)
    st = qn_colour_init(&p->colour[k], &p->model->sources,
                        (qn_noise_kind)(QN_NOISE_FLICKER + k));
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays && !st; i++)
    if (!(*arrays[i] = calloc(d->n, sizeof **arrays[i])))
      st = QN_ENOMEM;
  p->value = calloc(d->pattern->count, sizeof *p->value);
  p->normal = calloc(d->units + 1, sizeof *p->normal);
  p->room = d->kind->workspace_alloc(d->model);
  if (!p->value || !p->normal || !p->room)
    st = QN_ENOMEM;
  if (!st)
    st = view_init(&p->here, p);
  return st ? st : view_init(&p->ahead, p);
}

qn_status qn_path_alloc(qn_path **out, const qn_path_model *model)
{
  qn_path *p = calloc(1, sizeof *p);
  qn_status st = QN_ENOMEM;

  *out = NULL;
  if (!p)
    return st;
  p->model = model;
  p->noise = QN_PATH_NOISY;
  st = path_init(p);
  if (st)
    qn_path_free(p);
  else
    *out = p;
  return st;
}

void qn_path_free(qn_path *p)
{
  if (!p)
    return;
  for (int k = 0; k < QN_COLOURS; k++)
    qn_colour_release(&p->colour[k]);
  if (p->room)
    p->model->driven.kind->workspace_free(p->room);
  view_release(&p->here), view_release(&p->ahead);
  free(p->x), free(p->u), free(p->d), free(p->after);
  free(p->value);
  free(p->normal);
  free(p);
}

/* ---- sequences -------------------------------------------------------------------- */

static void reset(qn_path *p)
{
  const qn_chip *chip = p->model->chip;
  qn_random stream = qn_path_stream(&p->branch, QN_PATH_RESET, 0);

  for (size_t j = 0; j < chip->units; j++)
    p->x[j] +=
      qn_noise_ktc(chip->technology.temperature_k, chip->capacitance_f[j]) *
      qn_random_normal(&stream, j);
}

void qn_path_begin(qn_path *p, const qn_random *branch)
{
  const qn_driven *d = &p->model->driven;

  p->branch = *branch;
  p->step = 0;
  memset(p->x, 0, d->n * sizeof *p->x);
  if (d->kind->begin)
    d->kind->begin(p->room, p->x);
  if (p->noise == QN_PATH_QUIET)
    return;
  if (qn_noise_is_on(&p->model->chip->technology, QN_NOISE_RESET))
    reset(p);
  for (int k = 0; k < QN_COLOURS; k++)
    qn_colour_begin(&p->colour[k], branch);
}

/* ---- a step ----------------------------------------------------------------------- */

static qn_status look(qn_path *p, double t, const double *x, qn_path_view *at)
{
  const qn_driven *d = &p->model->driven;
  const qn_pattern *pattern = d->pattern;
  qn_status st = d->kind->rhs(t, x, at->f, p->room);

  if (st)
    return st;
  memset(p->value, 0, pattern->count * sizeof *p->value);
  qn_elements_jacobian_here(p->room, x, p->value);
  for (size_t j = 0; j < d->n; j++)
    at->a[j] = -p->value[pattern->diagonal[j]];
  if (p->noise == QN_PATH_QUIET)
    return QN_OK;
  qn_noise_white(&p->model->sources, p->room, at->density);
  for (int k = 0; k < QN_COLOURS; k++)
    if (p->colour[k].poles)
      qn_noise_coloured(&p->model->sources,
                        qn_noise_family_of(p->colour[k].kind), p->room,
                        at->current[k]);
  return QN_OK;
}

/* -expm1(-z) / z from e = expm1(-z) */
static double phi1(double z, double e)
{
  return fabs(z) < 1e-8 ? 1 - z / 2 : -e / z;
}

/* (expm1(-z) + z) / z^2 */
static double phi2(double z, double e)
{
  return fabs(z) < 1e-4 ? 0.5 - z / 6 : (e + z) / (z * z);
}

/* where a step without noise ends, of first order */
static void predict(qn_path *p, double h)
{
  for (size_t j = 0; j < p->model->driven.n; j++) {
    double z = p->here.a[j] * h;

    p->u[j] = p->x[j] + h * phi1(z, expm1(-z)) * p->here.f[j];
  }
}

static double white_density(const qn_path *p, size_t j)
{
  size_t n = p->model->driven.units;
  double sum = 0;

  for (size_t k = 0; k < QN_NOISE_WHITE; k++)
    sum += p->here.density[k * n + j] + p->ahead.density[k * n + j];
  return sum / 2;
}

/* into d [units]: what coloured sources bring to each membrane, V/s */
static void add_colours(qn_path *p, double h)
{
  const qn_path_model *m = p->model;

  for (int k = 0; k < QN_COLOURS; k++) {
    qn_colour *c = &p->colour[k];
    qn_noise_family f = qn_noise_family_of(c->kind);

    qn_colour_advance(c, h, p->step);
    for (size_t i = 0; i < c->count; i++) {
      size_t post = qn_noise_coloured_post(&m->sources, f, i);

      p->d[post] += c->mean[i] *
                    (p->here.current[k][i] + p->ahead.current[k][i]) / 2 /
                    m->chip->capacitance_f[post];
    }
  }
}

/* every membrane by itself */
static void step_alone(qn_path *p, double h, const double *normal)
{
  const qn_driven *d = &p->model->driven;
  const double *farad = p->model->chip->capacitance_f;

  for (size_t j = 0; j < d->n; j++) {
    double a0 = p->here.a[j], a1 = p->ahead.a[j], a = (a0 + a1) / 2;
    double n0 = p->here.f[j] + a0 * p->x[j], n1 = p->ahead.f[j] + a1 * p->u[j];
    double z = a * h, e = expm1(-z), part = h * phi1(z, e);

    p->d[j] *= part;
    if (p->noise == QN_PATH_NOISY && j < d->units)
      p->d[j] += sqrt(white_density(p, j) / 2 * h * phi1(2 * z, e * (e + 2))) /
                 farad[j] * normal[j];
    p->after[j] = h * phi2(z, e);
    p->x[j] += part * ((n0 + n1) / 2 - a * p->x[j]) + p->d[j];
  }
}

/* what the noise of each does to the others within the step */
static void couple(qn_path *p)
{
  const qn_pattern *pattern = p->model->driven.pattern;

  for (size_t c = 0; c < pattern->n; c++)
    for (size_t i = pattern->column[c]; i < pattern->column[c + 1]; i++) {
      size_t r = pattern->row[i];

      if (r != c)
        p->x[r] += p->after[r] * p->value[i] * p->d[c];
    }
}

qn_status qn_path_step(qn_path *p, double t, double h, const double *normal)
{
  qn_status st = look(p, t, p->x, &p->here);

  if (st)
    return st;
  predict(p, h);
  st = look(p, t + h, p->u, &p->ahead);
  if (st)
    return st;
  memset(p->d, 0, p->model->driven.n * sizeof *p->d);
  if (p->noise == QN_PATH_NOISY)
    add_colours(p, h);
  step_alone(p, h, normal);
  if (p->noise == QN_PATH_NOISY)
    couple(p);
  p->step++;
  return QN_OK;
}

static void draw(qn_path *p)
{
  for (size_t j = 0; j < p->model->driven.units; j += 2) {
    qn_random stream = qn_path_stream(&p->branch, QN_PATH_WHITE, j / 2);

    qn_random_normal_pair(&stream, p->step, p->normal + j);
  }
}

qn_status qn_path_advance(qn_path *p, double t, double length)
{
  double steps = fmax(1, ceil(length / p->model->longest_s - 1e-9));
  double h = length / steps;
  qn_status st = QN_OK;

  for (double i = 0; i < steps && !st; i++) {
    if (p->noise == QN_PATH_NOISY)
      draw(p);
    st = qn_path_step(p, t + i * h, h, p->normal);
  }
  return st;
}
