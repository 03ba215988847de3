/* noise_colour.c - coloured sources step by step. */
#include "sim/noise_colour.h"

#include <math.h>
#include <stdlib.h>

qn_random qn_path_stream(const qn_random *branch, unsigned purpose,
                         size_t source)
{
  qn_random s = *branch;

  s.purpose = purpose << 28 | (uint32_t)source;
  return s;
}

static qn_random stream_of(const qn_colour *c, unsigned purpose, size_t i)
{
  return qn_path_stream(&c->stream,
                        purpose + (unsigned)(c->kind - QN_NOISE_FLICKER), i);
}

/* ---- life ------------------------------------------------------------------------ */

qn_status qn_colour_init(qn_colour *c, const qn_noise_sources *sources,
                         qn_noise_kind kind)
{
  const qn_technology *t = &sources->circuit->chip->technology;

  *c = (qn_colour){.kind = kind};
  c->poles = qn_noise_poles(t, kind, c->pole);
  if (!c->poles)
    return QN_OK;
  c->count = qn_noise_coloured_count(sources, qn_noise_family_of(kind));
  c->mean = calloc(c->count + 1, sizeof *c->mean);
  if (kind == QN_NOISE_TELEGRAPH) {
    c->telegraph = (qn_telegraph){.up_s = 1 / t->telegraph_rate_down_hz,
                                  .down_s = 1 / t->telegraph_rate_up_hz};
    c->amplitude = t->telegraph_amplitude;
    c->occupancy = qn_telegraph_occupancy(&c->telegraph);
    c->at = calloc(c->count + 1, sizeof *c->at);
    return c->mean && c->at ? QN_OK : QN_ENOMEM;
  }
  c->x = calloc(c->count * c->poles + 1, sizeof *c->x);
  return c->mean && c->x ? QN_OK : QN_ENOMEM;
}

void qn_colour_release(qn_colour *c)
{
  free(c->x);
  free(c->at);
  free(c->mean);
}

void qn_colour_begin(qn_colour *c, const qn_random *branch)
{
  c->stream = *branch;
  for (size_t i = 0; i < c->count; i++) {
    qn_random rest = stream_of(c, QN_PATH_REST, i);

    if (c->at)
      qn_telegraph_start(&c->at[i], &c->telegraph, &rest);
    for (size_t k = 0; c->x && k < c->poles; k++)
      c->x[i * c->poles + k] =
        sqrt(c->pole[k].variance) * qn_random_normal(&rest, k);
  }
}

/* ---- steps ----------------------------------------------------------------------- */

static void set_step(qn_colour *c, double h)
{
  double bridge = 0;

  c->h = h;
  for (size_t k = 0; k < c->poles; k++) {
    c->step[k] = qn_ou_step_of(&c->pole[k], h);
    bridge += c->step[k].bridge * c->step[k].bridge;
  }
  c->bridge = sqrt(bridge);
}

/* One source's processes; their bridges are one normal number. */
static double advance(qn_colour *c, size_t i, uint64_t step)
{
  qn_random stream = stream_of(c, QN_PATH_COLOUR, i);
  uint64_t pairs = c->poles / 2 + 1;
  double *x = c->x + i * c->poles, normal[2], integral;

  qn_random_normal_pair(&stream, pairs * step, normal);
  integral = c->bridge * normal[0];
  for (size_t k = 0; k < c->poles; k++) {
    double from = x[k];

    if (k % 2 == 1)
      qn_random_normal_pair(&stream, pairs * step + (k + 1) / 2, normal);
    x[k] = c->step[k].keep * from + c->step[k].kick * normal[(k + 1) % 2];
    integral += c->step[k].mean * (from + x[k]);
  }
  return integral / c->h;
}

void qn_colour_advance(qn_colour *c, double h, uint64_t step)
{
  if (c->poles && c->h != h)
    set_step(c, h);
  for (size_t i = 0; i < c->count; i++)
    c->mean[i] = c->at
                   ? c->amplitude *
                       (qn_telegraph_advance(&c->at[i], &c->telegraph, h) / h -
                        c->occupancy)
                   : advance(c, i, step);
}
