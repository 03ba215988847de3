/* noise_basis.c - eigenvectors of what the sources at a membrane did. */
#include "sim/noise_basis.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  FEW = 4 /* sources of a membrane that are not worth a rotation */
};

static size_t sources(const qn_noise_basis *b, size_t j)
{
  return b->first[j + 1] - b->first[j];
}

qn_status qn_noise_basis_init(qn_noise_basis *b, size_t units,
                              const size_t *first)
{
  size_t squares = 0;

  *b = (qn_noise_basis){.units = units};
  for (size_t j = 0; j < units; j++)
    squares += (first[j + 1] - first[j]) * (first[j + 1] - first[j]);
  b->first = malloc((units + 1) * sizeof *b->first);
  b->kept = calloc(units + 1, sizeof *b->kept);
  b->square = calloc(units + 1, sizeof *b->square);
  b->post = calloc(first[units] + 1, sizeof *b->post);
  b->at = calloc(first[units] + 1, sizeof *b->at);
  b->u = calloc(squares + 1, sizeof *b->u);
  b->gram = calloc(squares + 1, sizeof *b->gram);
  if (!b->first || !b->kept || !b->square || !b->post || !b->at || !b->u ||
      !b->gram)
    return QN_ENOMEM;
  memcpy(b->first, first, (units + 1) * sizeof *first);
  for (size_t j = 0; j < units; j++)
    b->square[j + 1] = b->square[j] + sources(b, j) * sources(b, j);
  return QN_OK;
}

void qn_noise_basis_release(qn_noise_basis *b)
{
  free(b->first), free(b->kept), free(b->square);
  free(b->post), free(b->at);
  free(b->u), free(b->gram);
  *b = (qn_noise_basis){0};
}

void qn_noise_basis_add(qn_noise_basis *b, const double *value)
{
  for (size_t j = 0; j < b->units; j++) {
    const double *v = value + b->first[j];
    double *g = b->gram + b->square[j];
    size_t m = sources(b, j);
    double all = 0;

    if (m <= FEW)
      continue;
    for (size_t i = 0; i < m; i++)
      all += v[i] * v[i];
    for (size_t i = 0; all > 0 && i < m; i++)
      for (size_t k = 0; k <= i; k++)
        g[i * m + k] += v[i] * v[k] / all;
  }
}

/* ---- directions --------------------------------------------------------------- */

static double *next_direction(qn_noise_basis *b, size_t j, size_t m)
{
  size_t r = b->kept[j + 1]++;

  b->post[r] = j;
  if (r > 0)
    b->at[r] = b->at[r - 1] + sources(b, b->post[r - 1]);
  return memset(b->u + b->at[r], 0, m * sizeof *b->u);
}

static void keep_all(qn_noise_basis *b, size_t j, size_t m)
{
  for (size_t i = 0; i < m; i++)
    next_direction(b, j, m)[i] = 1;
}

/* the fewest of the largest whose rest is at most `part` of all */
static size_t count_large(const gsl_vector *value, double part)
{
  double left = 0, all = 0;
  size_t n = value->size;

  for (size_t i = 0; i < n; i++)
    all += fmax(gsl_vector_get(value, i), 0);
  while (n > 0 && left + fmax(gsl_vector_get(value, n - 1), 0) <= part * all)
    left += fmax(gsl_vector_get(value, --n), 0);
  return n;
}

static qn_status keep_large(qn_noise_basis *b, size_t j, size_t m, double part)
{
  gsl_matrix_view gram = gsl_matrix_view_array(b->gram + b->square[j], m, m);
  gsl_eigen_symmv_workspace *w = gsl_eigen_symmv_alloc(m);
  gsl_matrix *vector = gsl_matrix_alloc(m, m);
  gsl_vector *value = gsl_vector_alloc(m);
  qn_status st = QN_ENOMEM;

  if (w && vector && value) {
    st = gsl_eigen_symmv(&gram.matrix, value, vector, w) ? QN_ENOCONV : QN_OK;
    gsl_eigen_symmv_sort(value, vector, GSL_EIGEN_SORT_VAL_DESC);
    for (size_t r = 0, n = st ? 0 : count_large(value, part); r < n; r++) {
      double *u = next_direction(b, j, m);

      for (size_t i = 0; i < m; i++)
        u[i] = gsl_matrix_get(vector, i, r);
    }
  }
  if (w)
    gsl_eigen_symmv_free(w);
  if (vector)
    gsl_matrix_free(vector);
  if (value)
    gsl_vector_free(value);
  return st;
}

qn_status qn_noise_basis_choose(qn_noise_basis *b, double part)
{
  qn_status st = QN_OK;

  for (size_t j = 0; j < b->units && !st; j++) {
    size_t m = sources(b, j);

    b->kept[j + 1] = b->kept[j];
    if (m > FEW)
      st = keep_large(b, j, m, part);
    else
      keep_all(b, j, m);
  }
  free(b->gram);
  b->gram = NULL;
  return st;
}

/* ---- use ------------------------------------------------------------------------ */

void qn_noise_basis_project(const qn_noise_basis *b, const double *value,
                            double *along)
{
  for (size_t r = 0; r < b->kept[b->units]; r++) {
    size_t m = sources(b, b->post[r]);
    const double *v = value + b->first[b->post[r]], *u = b->u + b->at[r];
    double sum = 0;

    for (size_t i = 0; i < m; i++)
      sum += u[i] * v[i];
    along[r] = sum;
  }
}

double qn_noise_basis_left(const qn_noise_basis *b, const double *value,
                           const double *along)
{
  double worst = 0;

  for (size_t j = 0; j < b->units; j++) {
    double all = 0, kept = 0;

    for (size_t i = b->first[j]; i < b->first[j + 1]; i++)
      all += value[i] * value[i];
    for (size_t r = b->kept[j]; r < b->kept[j + 1]; r++)
      kept += along[r] * along[r];
    if (all > 0)
      worst = fmax(worst, 1 - kept / all);
  }
  return worst;
}
