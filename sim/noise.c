/* noise.c - the covariance of a chip's noise on a dataset. */
#include <quench/noise.h>

#include <math.h>
#include <stdlib.h>

#include "sim/covariance.h"

const qn_noise_options qn_noise_options_default = {.tolerance = 1e-6,
                                                   .workers = 1};

void qn_noise_free(qn_noise *noise)
{
  if (!noise)
    return;
  qn_trace_free(noise->trace);
  free(noise->covariance);
  free(noise->state_sd);
  free(noise->share);
  free(noise);
}

static qn_noise *allocate(const qn_chip *chip, const qn_network *net,
                          const qn_dataset *data, qn_noise_split split)
{
  qn_noise *r = calloc(1, sizeof *r);
  size_t rows = data->rows, m = chip->outputs;

  if (!r)
    return NULL;
  r->rows = rows;
  r->units = chip->units;
  r->outputs = m;
  r->accounts = split == QN_NOISE_WHOLE     ? 1
                : split == QN_NOISE_BY_KIND ? QN_NOISE_KINDS
                                            : chip->units;
  r->covariance = calloc(rows * m * m, sizeof *r->covariance);
  r->state_sd = calloc(rows * chip->units, sizeof *r->state_sd);
  r->share = calloc(rows * m * r->accounts, sizeof *r->share);
  if (r->covariance && r->state_sd && r->share &&
      !qn_trace_alloc(&r->trace, net, data))
    return r;
  qn_noise_free(r);
  return NULL;
}

static qn_status integrate(const qn_covariance *v, const qn_network *net,
                           const qn_dataset *data, const qn_noise_options *opt,
                           qn_noise *r, qn_diag *diag)
{
  const qn_ode_options ode = {.tolerance = opt->tolerance,
                              .workers = opt->workers,
                              .progress = opt->progress};
  qn_driven driven = qn_covariance_driven(v);
  qn_status st =
    qn_driven_run(&driven, net, data, &ode, r->trace, NULL, &r->report, diag);

  for (size_t row = 0; row < data->rows; row++)
    r->reduced_left = fmax(r->reduced_left, v->left[row]);
  return st;
}

qn_status qn_noise_run(qn_noise **out, const qn_chip *chip,
                       const qn_network *net, const qn_dataset *data,
                       const qn_noise_options *opt, qn_diag *diag)
{
  qn_covariance v;
  qn_noise *r;
  qn_status st;

  *out = NULL;
  if (!qn_noise_is_on(&chip->technology, -1))
    return qn_diag_set(diag, QN_EINVAL, chip->technology.name, NULL,
                       "no noise is switched on; noise.thermal=on is one, "
                       "docs/noise.md has the others");
  r = allocate(chip, net, data, opt->split);
  if (!r)
    return qn_diag_out_of_memory(diag);
  st = qn_covariance_init(&v, chip, net, data, opt->split, r, diag);
  if (!st)
    st = integrate(&v, net, data, opt, r, diag);
  qn_covariance_release(&v);
  if (st)
    qn_noise_free(r);
  else
    *out = r;
  return st;
}
