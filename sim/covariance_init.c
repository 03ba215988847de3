/* covariance_init.c - a qn_covariance comes to be. */
#include <math.h>
#include <stdlib.h>

#include "sim/covariance_room.h"

/* seconds of the longest sequence */
static double longest(const qn_dataset *data, double seconds_per_unit)
{
  double most = 0;

  for (size_t s = 0; s < data->sequences; s++) {
    double sum = 0;

    for (size_t row = data->first[s]; row < data->first[s + 1]; row++)
      sum += qn_dataset_span(data, row);
    most = fmax(most, sum);
  }
  return most * seconds_per_unit;
}

/* how many sources of a family each membrane has */
static qn_status start_basis(qn_covariance *v, qn_noise_family f)
{
  size_t units = v->inner.units, *first = calloc(units + 1, sizeof *first);
  qn_status st = QN_ENOMEM;

  for (size_t i = 0; first && i < qn_noise_coloured_count(&v->sources, f); i++)
    first[qn_noise_coloured_post(&v->sources, f, i) + 1]++;
  for (size_t j = 0; first && j < units; j++)
    first[j + 1] += first[j];
  if (first)
    st = qn_noise_basis_init(&v->basis[f], units, first);
  free(first);
  return st;
}

static qn_status reduce(qn_covariance *v, const qn_network *net,
                        const qn_dataset *data, qn_noise *out, qn_diag *diag)
{
  qn_status st = QN_OK;

  for (int f = 0; f < QN_NOISE_FAMILIES && !st; f++) {
    if (!qn_covariance_has(v, (qn_noise_family)f))
      continue;
    out->devices += qn_noise_coloured_count(&v->sources, (qn_noise_family)f);
    st = start_basis(v, (qn_noise_family)f);
  }
  if (st)
    return qn_diag_out_of_memory(diag);
  return out->devices ? qn_covariance_survey(v, net, data, diag) : QN_OK;
}

static void count_accounts(qn_covariance *v)
{
  size_t n = 0;

  for (int k = 0; k < QN_NOISE_READOUT; k++)
    if (qn_noise_is_on(&v->circuit->chip->technology, k))
      v->account_of[k] = n++;
  v->accounts = v->split == QN_NOISE_WHOLE     ? 1
                : v->split == QN_NOISE_BY_KIND ? (n ? n : 1)
                                               : v->inner.units;
}

static void count_processes(qn_covariance *v, qn_noise *out)
{
  for (size_t i = 0; i < v->plan.poles; i++) {
    const qn_noise_basis *b =
      &v->basis[qn_noise_family_of(v->plan.pole[i].kind)];

    v->processes += b->kept[b->units];
  }
  out->processes = v->processes;
  out->poles = v->plan.given;
  out->frozen_poles = v->plan.slow;
  out->white_poles = v->plan.fasts;
}

static double largest_capacitor(const qn_chip *chip)
{
  double most = 0;

  for (size_t j = 0; j < chip->units; j++)
    most = fmax(most, chip->capacitance_f[j]);
  return most;
}

qn_status qn_covariance_init(qn_covariance *v, const qn_chip *chip,
                             const qn_network *net, const qn_dataset *data,
                             qn_noise_split split, qn_noise *out, qn_diag *diag)
{
  const qn_technology *t = &chip->technology;
  double ktc = qn_noise_ktc(t->temperature_k, largest_capacitor(chip));
  qn_status st;

  *v = (qn_covariance){.split = split, .out = out};
  st = qn_driven_init_elements(&v->inner, chip);
  v->circuit = v->inner.model;
  v->basis = calloc(QN_NOISE_FAMILIES, sizeof *v->basis);
  v->left = calloc(data->rows + 1, sizeof *v->left);
  if (!st)
    st = qn_noise_sources_init(&v->sources, v->circuit);
  if (st || !v->basis || !v->left)
    return qn_diag_out_of_memory(diag);
  v->start = t->reset_noise == QN_ON ? 1 : 0;
  v->unit_v2 = ktc * ktc / chip->volts_per_unit;
  v->plan = qn_covariance_plan_of(t, longest(data, chip->seconds_per_unit),
                                  v->inner.fastest_s);
  st = reduce(v, net, data, out, diag);
  if (st)
    return st;
  count_accounts(v);
  count_processes(v, out);
  v->start_r =
    v->inner.n + v->accounts * v->inner.units * (v->inner.units + 1) / 2;
  return QN_OK;
}

void qn_covariance_release(qn_covariance *v)
{
  for (int f = 0; v->basis && f < QN_NOISE_FAMILIES; f++)
    qn_noise_basis_release(&v->basis[f]);
  free(v->basis);
  free(v->left);
  qn_noise_sources_release(&v->sources);
  if (v->inner.kind)
    qn_driven_release(&v->inner);
}
