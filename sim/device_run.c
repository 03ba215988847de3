/* device_run.c - the state of one memristor through time, on CVODE.
 *
 * The state is scaled to [0, 1], so one absolute tolerance fits every device.
 * Time starts anew in every sample: a rate of 1e20 /s moves the state within
 * steps that could not be told apart from t otherwise. */
#include <quench/device_run.h>

#include <math.h>
#include <stdlib.h>

#include "sim/transient.h"

enum {
  ADVANCES_MAX = 10000 /* of one sample; a few dozen are many */
};

static const double default_tolerance = 1e-9;

struct run {
  const qn_device_card *card;
  double temperature_k;
  const qn_wave_piece *piece; /* under way */
  double begin;               /* of the integration, in the piece */
  qn_transient *transient;    /* NULL: the state stands still */
  double overshoot;           /* allowed beyond [0, 1] */
};

/* ---- waveforms
 * --------------------------------------------------------------- */

double qn_wave_at(const qn_wave_piece *piece, double t)
{
  double part = t / piece->duration_s, whole = piece->cycles * part;
  double angle = 2 * acos(-1) * (whole - floor(whole));

  return piece->from_v + (piece->to_v - piece->from_v) * part +
         (piece->amplitude_v == 0 ? 0 : piece->amplitude_v * sin(angle));
}

qn_wave_piece qn_wave_sine(double amplitude_v, double period_s, size_t cycles)
{
  return (qn_wave_piece){.duration_s = (double)cycles * period_s,
                         .amplitude_v = amplitude_v,
                         .cycles = (double)cycles,
                         .samples = 400 * cycles};
}

void qn_wave_pulse(qn_wave_piece piece[QN_WAVE_PULSE], double v, double width_s)
{
  piece[0] = (qn_wave_piece){
    .duration_s = width_s / 20, .from_v = 0, .to_v = v, .samples = 4};
  piece[1] = (qn_wave_piece){
    .duration_s = width_s, .from_v = v, .to_v = v, .samples = 10};
  piece[2] = (qn_wave_piece){
    .duration_s = width_s / 20, .from_v = v, .to_v = 0, .samples = 4};
  piece[3] = (qn_wave_piece){.duration_s = width_s, .samples = 1};
}

void qn_wave_hold(qn_wave_piece *piece, size_t n, double v, double first_s,
                  double last_s)
{
  double before = 0;

  for (size_t i = 0; i < n; i++) {
    double t = first_s * pow(last_s / first_s, (double)i / ((double)n - 1));

    piece[i] = (qn_wave_piece){
      .duration_s = t - before, .from_v = v, .to_v = v, .samples = 1};
    before = t;
  }
}

/* ---- the equation
 * ---------------------------------------------------------------- */

static double rate_at(const struct run *r, double t, double x, double *by_x)
{
  const qn_device_card *card = r->card;
  double by_v, v = qn_wave_at(r->piece, r->begin + t);

  return card->device->rate(card->parameter, x, v, r->temperature_k, by_x,
                            &by_v);
}

static qn_status rhs(double t, const double *x, double *dx, void *arg)
{
  double by_x;

  *dx = rate_at(arg, t, *x, &by_x);
  return isfinite(*dx) ? QN_OK : QN_EINVAL;
}

static qn_status jacobian(double t, const double *x, double *value, void *arg)
{
  rate_at(arg, t, *x, value);
  return QN_OK;
}

/* ---- integration
 * ------------------------------------------------------------------ */

/* Where the rate would cross the range many times in one go, a short first
 * integration, then ever longer ones: CVODE's first step is no shorter than
 * 1e-14 of the time it is given. */
static double next_length(const struct run *r, double x, double before)
{
  const double crossings = 1e3;
  double by_x, rate = fabs(rate_at(r, 0, x, &by_x));

  return fmax(rate > 0 ? crossings / rate : HUGE_VAL, 10 * before);
}

/* an overshoot within the tolerance is none */
static qn_status settle(const struct run *r, double *x)
{
  double inside = fmin(fmax(*x, 0), 1);

  if (!(fabs(*x - inside) <= r->overshoot))
    return QN_EMODEL;
  *x = inside;
  return QN_OK;
}

/* One integration, or a hundredth of it where the solver finds no way: it gives
 * up after a few rejections in a row, and a threshold crossed in a slow ramp
 * asks for many. *length receives what was done. */
static qn_status try_advance(const struct run *r, double *length, double *x)
{
  qn_status st = QN_OK;

  for (int tries = 0; tries < 10; tries++) {
    double trial = *x;

    st = qn_transient_advance(r->transient, 0, *length, &trial);
    if (!st)
      st = settle(r, &trial);
    if (!st) {
      *x = trial;
      return QN_OK;
    }
    *length /= 100;
  }
  return st;
}

static qn_status advance(struct run *r, double from, double to, double *x)
{
  double left = to - from, length = 0;

  if (!r->transient)
    return QN_OK;
  for (int i = 0; i < ADVANCES_MAX; i++) {
    qn_status st;

    r->begin = to - left;
    length = fmin(next_length(r, *x, length), left);
    st = try_advance(r, &length, x);
    left -= length;
    if (st || left <= 0)
      return st;
  }
  return QN_EINTEGRATE;
}

static void write_row(qn_device_trace *trace, const struct run *r, size_t piece,
                      double start, double t, double x)
{
  size_t row = trace->rows++;
  double slope, v = qn_wave_at(r->piece, t);

  trace->piece[row] = piece;
  trace->time_s[row] = start + t;
  trace->voltage_v[row] = v;
  trace->state[row] = x;
  trace->conductance_s[row] =
    r->card->device->conductance(r->card->parameter, x, &slope);
  trace->current_a[row] = qn_device_current(r->card, x, v);
}

static qn_status run_pieces(struct run *r, qn_device_trace *trace,
                            const qn_wave_piece *piece, size_t pieces, double x)
{
  double start = 0;
  qn_status st = QN_OK;

  r->piece = piece;
  write_row(trace, r, 0, 0, 0, x);
  for (size_t i = 0; i < pieces && !st; i++) {
    double step = piece[i].duration_s / (double)piece[i].samples;

    r->piece = &piece[i];
    for (size_t k = 0; k < piece[i].samples && !st; k++) {
      st = advance(r, (double)k * step, (double)(k + 1) * step, &x);
      write_row(trace, r, i, start, (double)(k + 1) * step, x);
    }
    start += piece[i].duration_s;
  }
  return st;
}

/* ---- life cycle
 * --------------------------------------------------------------------- */

void qn_device_trace_free(qn_device_trace *trace)
{
  if (!trace)
    return;
  free(trace->piece);
  free(trace->time_s);
  free(trace->voltage_v);
  free(trace->state);
  free(trace->conductance_s);
  free(trace->current_a);
  free(trace);
}

static qn_device_trace *trace_alloc(const qn_wave_piece *piece, size_t pieces)
{
  qn_device_trace *trace = calloc(1, sizeof *trace);
  size_t rows = 1;

  if (!trace)
    return NULL;
  for (size_t i = 0; i < pieces; i++)
    rows += piece[i].samples;
  trace->piece = calloc(rows, sizeof *trace->piece);
  trace->time_s = calloc(rows, sizeof *trace->time_s);
  trace->voltage_v = calloc(rows, sizeof *trace->voltage_v);
  trace->state = calloc(rows, sizeof *trace->state);
  trace->conductance_s = calloc(rows, sizeof *trace->conductance_s);
  trace->current_a = calloc(rows, sizeof *trace->current_a);
  if (trace->piece && trace->time_s && trace->voltage_v && trace->state &&
      trace->conductance_s && trace->current_a)
    return trace;
  qn_device_trace_free(trace);
  return NULL;
}

/* a bound of |v| in a piece is in the device's range */
static qn_status check(const qn_device_card *card, const qn_wave_piece *piece,
                       size_t pieces, const qn_device_setting *s, qn_diag *diag)
{
  qn_status st = qn_device_card_check(card, diag);

  if (!st && !(s->state >= 0 && s->state <= 1))
    st = qn_diag_set(diag, QN_EINVAL, card->device->name, "state",
                     "%g is out of range, expected 0 to 1", s->state);
  if (!st && !(s->tolerance >= 0 && s->tolerance < 0.1))
    st = qn_diag_set(diag, QN_EINVAL, card->device->name, "tolerance",
                     "%g is out of range, expected 0 to 0.1", s->tolerance);
  for (size_t i = 0; i < pieces && !st; i++) {
    double v = fmax(fabs(piece[i].from_v), fabs(piece[i].to_v)) +
               fabs(piece[i].amplitude_v);

    st = qn_device_check_range(card->device, s->temperature_k, v, diag);
    if (!st && !(piece[i].duration_s > 0 && isfinite(piece[i].duration_s) &&
                 piece[i].samples > 0 && isfinite(piece[i].cycles)))
      st = qn_diag_set(diag, QN_EINVAL, card->device->name, "waveform",
                       "expected durations above 0, one sample or more");
  }
  return st;
}

static qn_status integrate(struct run *r, qn_device_trace *trace,
                           const qn_wave_piece *piece, size_t pieces,
                           const qn_device_setting *setting)
{
  static const size_t none[2] = {0, 0};
  double tol = setting->tolerance > 0 ? setting->tolerance : default_tolerance;
  qn_system system = {
    .n = 1, .method = QN_METHOD_BDF, .rhs = rhs, .jac = jacobian, .arg = r};
  qn_tolerances tolerances = {.rtol = tol, .atol = tol};
  qn_pattern pattern;
  qn_status st;

  r->overshoot = 100 * tol;
  if (!r->card->device->rate)
    return run_pieces(r, trace, piece, pieces, setting->state);
  st = qn_pattern_init(&pattern, 1, none, NULL);
  if (st)
    return st;
  system.pattern = &pattern;
  st = qn_transient_alloc(&r->transient, &system, &tolerances);
  if (!st) {
    st = run_pieces(r, trace, piece, pieces, setting->state);
    trace->solver_steps = qn_transient_steps(r->transient);
  }
  qn_transient_free(r->transient);
  qn_pattern_release(&pattern);
  return st;
}

qn_status qn_device_run(qn_device_trace **out, const qn_device_card *card,
                        const qn_wave_piece *piece, size_t pieces,
                        const qn_device_setting *setting, qn_diag *diag)
{
  struct run r = {.card = card, .temperature_k = setting->temperature_k};
  qn_device_trace *trace;
  qn_status st = check(card, piece, pieces, setting, diag);

  *out = NULL;
  if (st)
    return st;
  trace = trace_alloc(piece, pieces);
  if (!trace)
    return qn_diag_out_of_memory(diag);
  st = integrate(&r, trace, piece, pieces, setting);
  if (st) {
    qn_device_trace_free(trace);
    return qn_diag_set(diag, st, card->device->name, NULL, "%s",
                       qn_status_text(st));
  }
  *out = trace;
  return QN_OK;
}
