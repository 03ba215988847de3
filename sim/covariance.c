/* covariance.c - the equations of P and R along the trajectory. */
#include "sim/covariance.h"

#include <math.h>
#include <string.h>

#include "sim/covariance_room.h"

static size_t triangle(size_t n)
{
  return n * (n + 1) / 2;
}

/* P of an account in the states */
static size_t start_of(const qn_covariance *v, size_t account)
{
  return v->inner.n + account * triangle(v->inner.units);
}

/* ---- white sources ------------------------------------------------------------ */

static double per_farad2(const qn_covariance *v, size_t j)
{
  double farad = v->circuit->chip->capacitance_f[j];

  return 1 / (farad * farad);
}

/* S / (2 C^2) of each kind into its account */
static void find_white(qn_covariance_room *w)
{
  const qn_covariance *v = w->system;
  size_t n = v->inner.units;

  memset(w->white, 0, v->accounts * n * sizeof *w->white);
  qn_noise_white(&v->sources, w->room, w->density);
  for (int k = 0; k < QN_NOISE_WHITE; k++)
    for (size_t j = 0; j < n; j++) {
      size_t a = qn_covariance_account(v, (qn_noise_kind)k, j);

      w->white[a * n + j] +=
        w->density[(size_t)k * n + j] * per_farad2(v, j) / 2;
    }
}

/* sum of I^2 over a family's sources at membrane j */
static double power(const qn_covariance_room *w, qn_noise_family f, size_t j)
{
  const qn_noise_basis *b = &w->system->basis[f];
  double sum = 0;

  for (size_t i = b->first[j]; i < b->first[j + 1]; i++)
    sum += w->current[f][i] * w->current[f][i];
  return sum;
}

/* S(0) = 4 variance tau of processes that are faster than all membranes */
static void add_fast(qn_covariance_room *w)
{
  const qn_covariance *v = w->system;
  size_t n = v->inner.units;

  for (size_t i = 0; i < v->plan.fasts; i++) {
    const qn_covariance_fast *p = &v->plan.fast[i];
    qn_noise_family f = qn_noise_family_of(p->kind);

    for (size_t j = 0; j < n; j++) {
      double decay = -w->jacobian[v->circuit->pattern.diagonal[j]];
      size_t a = qn_covariance_account(v, p->kind, j);

      w->white[a * n + j] += 2 * p->ou.variance * p->ou.tau_s * power(w, f, j) *
                             per_farad2(v, j) / (1 + p->ou.tau_s * decay);
    }
  }
}

/* B [V/s] of every process */
static void find_entries(qn_covariance_room *w)
{
  const qn_covariance *v = w->system;
  double *b = w->enters;

  for (size_t i = 0; i < v->plan.poles; i++) {
    const qn_covariance_pole *p = &v->plan.pole[i];
    qn_noise_family f = qn_noise_family_of(p->kind);
    const qn_noise_basis *basis = &v->basis[f];

    for (size_t r = 0; r < basis->kept[basis->units]; r++)
      *b++ = p->deviation * w->along[f][r] /
             v->circuit->chip->capacitance_f[basis->post[r]];
  }
}

/* ---- P and R ------------------------------------------------------------------ */

static void unpack(const double *p, size_t n, double *full)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      full[i * n + j] = full[j * n + i] = *p++;
}

/* rows of B R' that belong to an account */
static void add_crossed(qn_covariance_room *w, size_t account, const double *r)
{
  const qn_covariance *v = w->system;
  size_t n = v->inner.units, i = 0;

  for (size_t p = 0; p < v->plan.poles; p++) {
    qn_noise_kind kind = v->plan.pole[p].kind;
    const qn_noise_basis *basis = &v->basis[qn_noise_family_of(kind)];

    for (size_t d = 0; d < basis->kept[n]; d++, i++) {
      size_t post = basis->post[d];

      if (qn_covariance_account(v, kind, post) != account)
        continue;
      for (size_t j = 0; j < n; j++)
        w->product[post * n + j] += w->enters[i] * r[j * v->processes + i];
    }
  }
}

/* M = J P + B R', dP = M + M' + Q */
static void move_account(qn_covariance_room *w, size_t account, double scale,
                         double from_r, const double *x, double *dx)
{
  const qn_covariance *v = w->system;
  size_t n = v->inner.units;
  const double *q = w->white + account * n;
  double *dp = dx + start_of(v, account), *m = w->product;

  unpack(x + start_of(v, account), n, w->full);
  memset(m, 0, n * n * sizeof *m);
  if (v->processes) {
    add_crossed(w, account, x + v->start_r);
    for (size_t i = 0; i < n * n; i++)
      m[i] *= from_r;
  }
  qn_covariance_add_product(&v->circuit->pattern, n, w->jacobian, w->full, n,
                            m);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      *dp++ = m[i * n + j] + m[j * n + i] + (i == j ? scale * q[i] : 0);
}

/* dR = J R - R / tau + B */
static void move_crossed(qn_covariance_room *w, double into, const double *r,
                         double *dr)
{
  const qn_covariance *v = w->system;
  size_t n = v->inner.units, all = v->processes, i = 0;

  for (size_t p = 0; p < v->plan.poles; p++) {
    const qn_noise_basis *basis =
      &v->basis[qn_noise_family_of(v->plan.pole[p].kind)];
    size_t count = basis->kept[n];

    for (size_t j = 0; j < n; j++)
      for (size_t d = 0; d < count; d++)
        dr[j * all + i + d] = -v->plan.pole[p].rate * r[j * all + i + d];
    for (size_t d = 0; d < count; d++)
      dr[basis->post[d] * all + i + d] += into * w->enters[i + d];
    i += count;
  }
  qn_covariance_add_product(&v->circuit->pattern, n, w->jacobian, r, all, dr);
}

static qn_status rhs(double t, const double *x, double *dx, void *arg)
{
  qn_covariance_room *w = arg;
  const qn_covariance *v = w->system;
  /* a state is P / unit_v2 or R unit / root; B times the latter is root times
   * too large for the former */
  double root = sqrt(v->unit_v2 * v->inner.unit);
  qn_status st = qn_elements_rhs(t, x, dx, w->room);

  if (st)
    return st;
  memset(w->jacobian, 0, v->circuit->pattern.count * sizeof *w->jacobian);
  qn_elements_jacobian_here(w->room, x, w->jacobian);
  qn_covariance_colours(w);
  find_white(w);
  add_fast(w);
  find_entries(w);
  for (size_t a = 0; a < v->accounts; a++)
    move_account(w, a, 1 / v->unit_v2, 1 / root, x, dx);
  if (v->processes)
    move_crossed(w, v->inner.unit / root, x + v->start_r, dx + v->start_r);
  return QN_OK;
}

/* ---- a sequence ------------------------------------------------------------------ */

static void begin(void *arg, double *x)
{
  qn_covariance_room *w = arg;
  const qn_covariance *v = w->system;
  const qn_chip *chip = v->circuit->chip;

  v->inner.kind->begin(w->room, x);
  for (size_t j = 0; j < v->inner.units && v->start > 0; j++) {
    size_t a = qn_covariance_account(v, QN_NOISE_RESET, j);
    double ktc =
      qn_noise_ktc(chip->technology.temperature_k, chip->capacitance_f[j]);

    x[start_of(v, a) + triangle(j + 1) - 1] = v->start * ktc * ktc / v->unit_v2;
  }
}

/* ---- records --------------------------------------------------------------------- */

/* entry (i, j) of an account, V2 */
static double entry(const qn_covariance *v, const double *x, size_t account,
                    size_t i, size_t j)
{
  size_t low = i < j ? i : j, high = i < j ? j : i;

  return v->unit_v2 * x[start_of(v, account) + triangle(high) + low];
}

static double summed(const qn_covariance *v, const double *x, size_t i,
                     size_t j)
{
  double sum = 0;

  for (size_t a = 0; a < v->accounts; a++)
    sum += entry(v, x, a, i, j);
  return sum;
}

/* V2 of a membrane to the output's, squared */
static double output_scale(const qn_covariance *v, size_t k)
{
  const qn_chip *chip = v->circuit->chip;

  return chip->output_map.w[k] / chip->volts_per_unit;
}

static void record_shares(const qn_covariance *v, size_t row, size_t k,
                          const double *x)
{
  qn_noise *out = v->out;
  double scale = output_scale(v, k) * output_scale(v, k);
  double *share = out->share + (row * out->outputs + k) * out->accounts;
  double reading = qn_noise_reading(&v->circuit->chip->technology);

  if (v->split == QN_NOISE_BY_KIND) {
    for (int kind = 0; kind < QN_NOISE_READOUT; kind++)
      if (qn_noise_is_on(&v->circuit->chip->technology, kind))
        share[kind] = scale * entry(v, x, v->account_of[kind], k, k);
    share[QN_NOISE_READOUT] = scale * reading * reading;
    return;
  }
  for (size_t a = 0; a < v->accounts; a++)
    share[a] = scale * entry(v, x, a, k, k);
  if (v->split == QN_NOISE_WHOLE)
    share[0] += scale * reading * reading;
}

static void record_outputs(const qn_covariance *v, size_t row, const double *x)
{
  qn_noise *out = v->out;
  size_t m = out->outputs;
  double reading = qn_noise_reading(&v->circuit->chip->technology);

  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < m; j++)
      out->covariance[(row * m + i) * m + j] =
        output_scale(v, i) * output_scale(v, j) *
        (summed(v, x, i, j) + (i == j ? reading * reading : 0));
    record_shares(v, row, i, x);
  }
}

static void record_left(qn_covariance_room *w, size_t row, const double *x)
{
  const qn_covariance *v = w->system;

  if (qn_elements_evaluate(w->room, 0, x))
    return;
  qn_covariance_colours(w);
  for (int f = 0; f < QN_NOISE_FAMILIES; f++)
    if (qn_covariance_has(v, (qn_noise_family)f))
      v->left[row] =
        fmax(v->left[row],
             qn_noise_basis_left(&v->basis[f], w->current[f], w->along[f]));
}

static void record(void *arg, size_t row, const double *x, qn_trace *out)
{
  qn_covariance_room *w = arg;
  const qn_covariance *v = w->system;
  size_t n = v->inner.units;

  (void)out;
  for (size_t j = 0; j < n; j++)
    v->out->state_sd[row * n + j] =
      sqrt(fmax(summed(v, x, j, j), 0)) / v->inner.unit;
  record_outputs(v, row, x);
  record_left(w, row, x);
}

static const qn_driven_kind covariance = {
  .name = "noise",
  .rhs = rhs,
  .workspace_alloc = qn_covariance_room_alloc,
  .workspace_free = qn_covariance_room_free,
  .set_inputs = qn_covariance_set_inputs,
  .begin = begin,
  .record = record,
  .end = qn_covariance_end,
  .map_inputs = qn_covariance_map_inputs,
  .read_out = qn_covariance_read_out};

qn_driven qn_covariance_driven(const qn_covariance *v)
{
  qn_driven d = v->inner;

  d.kind = &covariance;
  d.model = (void *)v; /* none of the callbacks writes to it */
  d.n = v->start_r + v->inner.units * v->processes;
  d.integrals = 0;
  d.pattern = NULL;
  d.fastest_s = HUGE_VAL; /* no Jacobian: explicit */
  return d;
}
