/* test_pershin.c - the threshold memristor against ngspice's code model of the
 * same equation, and both against closed forms. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#include "netlists/ngspice.h"
#include "netlists/raw.h"
#include "tests/base/scratch.h"
#include <quench/catalogue.h>
#include <quench/device_run.h>

TestSuite(pershin, .init = scratch_open, .fini = scratch_close);

static const double rmin = 1e3, rmax = 10e3, vt = 1.6;
static const double amplitude = 3, w = 6.283185307179586; /* V, 1/s: 1 Hz */
static const double smoothing = 1e-3;                     /* the default, V */
static const double tolerance = 1e-11;                    /* of our solver */

typedef struct setup {
  double alpha, beta, edge;
  double reltol; /* of ngspice's Newton iteration */
} setup;

static void card_of(qn_device_card *card, const setup *s)
{
  qn_device_card_init(card, qn_device_find(qn_devices, "pershin"));
  cr_assert(!qn_device_card_set(card, "alpha", s->alpha, NULL));
  cr_assert(!qn_device_card_set(card, "beta", s->beta, NULL));
  cr_assert(!qn_device_card_set(card, "edge", s->edge, NULL));
}

static double state_of(double r)
{
  return (rmax - r) / (rmax - rmin);
}

/* dR/dt as published, without its bounds */
static double speed(const setup *s, double v)
{
  return s->beta * v +
         0.5 * (s->alpha - s->beta) * (fabs(v + vt) - fabs(v - vt));
}

/* ---- both simulators ------------------------------------------------------ */

static qn_device_trace *run(const setup *s, const qn_wave_piece *piece,
                            double r)
{
  const qn_device_setting setting = {state_of(r), 300, tolerance};
  qn_device_trace *trace;
  qn_device_card card;
  qn_diag diag;

  card_of(&card, s);
  cr_assert(!qn_device_run(&trace, &card, piece, 1, &setting, &diag), "%s",
            diag.message);
  return trace;
}

/* each step adds four tolerances at most, and the next as much */
static double solver_error(const qn_device_trace *trace)
{
  return 8 * tolerance * (double)trace->solver_steps * (rmax - rmin);
}

/* rows of time, voltage and the source's current, -v / R */
enum { TIME, VOLTAGE, CURRENT, ROW };
static const double vntol = 1e-9;

static qn_raw run_ngspice(const setup *s, const char *source, double end,
                          double step, double r)
{
  qn_spice_report report = {0};
  qn_diag diag = {0};
  char deck[640];
  qn_raw raw;

  snprintf(deck, sizeof deck,
           "memristor\nv1 1 0 %s\na1 %%gd(1 0) memr\n"
           ".model memr memristor(rmin=%.17g rmax=%.17g rinit=%.17g "
           "alpha=%.17g beta=%.17g vt=%.17g)\n.options reltol=%g vntol=%g\n"
           ".control\ntran %.17g %.17g 0 %.17g\nwrite m.raw v(1) i(v1)\n"
           "quit 0\n.endc\n.end\n",
           source, rmin, rmax, r, s->alpha, s->beta, vt, s->reltol, vntol, step,
           end, step);
  scratch_text("m.cir", deck);
  cr_assert(!qn_ngspice_run(scratch_folder(), "m", 60, NULL, &report, &diag),
            "%s", diag.message);
  cr_assert(!qn_raw_read(&raw, scratch_path("m.raw"), &diag), "%s",
            diag.message);
  cr_assert(raw.vectors == ROW && (double)raw.points > end / step);
  return raw;
}

/* between the trace's rows, which are evenly spaced */
static double resistance_at(const qn_device_trace *trace, double t)
{
  double h = trace->time_s[1];
  size_t i = (size_t)fmin(t / h, (double)trace->rows - 2);
  double part = t / h - (double)i;
  double x = trace->state[i] * (1 - part) + trace->state[i + 1] * part;

  return rmin * x + rmax * (1 - x);
}

/* ---- a sine ----------------------------------------------------------------- */

/* Of R, apart from what differs by row: ngspice's trapezoidal rule in steps of
 * h (h^2 / 12 of the curvature in two periods, h^2 / 8 of each of 8 kinks, its
 * shorter steps at the start), our rows H apart, the flux s^2 pi / 4 over dv/dt
 * that the smoothing s takes at each threshold and on both sides of 0 V. */
static double second_order(const setup *s, double h, double rows_h)
{
  double steep = amplitude * w, both = h * h + rows_h * rows_h;
  double at_vt = w * sqrt(amplitude * amplitude - vt * vt);
  double flux = smoothing * smoothing * acos(-1) / 4;

  return s->beta * steep * (w * h * h / 6 + rows_h * rows_h / 8) +
         (s->beta - s->alpha) * (steep * both + flux * 8 / at_vt) +
         s->alpha * (steep * 4 * h * h + flux * 10 / steep);
}

/* The code model integrates by Euler's backward rule, which is the trapezoidal
 * one and h / 2 of dR/dt more; and a voltage that is off by Newton's tolerance
 * meets the slope 1 / R and the h / 2 that it states in its place. */
static double allowed(const setup *s, double h, double v, double r)
{
  double newton = r * (1 + h * r / 2) * (s->reltol + vntol / fabs(v));

  return h / 2 * fabs(speed(s, v)) + newton;
}

/* R from the current is as published; the largest difference, of rows that have
 * a current to tell it by */
static double compare_sines(const setup *s, const qn_device_trace *trace,
                            double h, double start)
{
  qn_raw raw = run_ngspice(s, "sin(0 3 1)", 2, h, start);
  double fixed = second_order(s, h, trace->time_s[1]) + solver_error(trace);
  double worst = 0;

  for (size_t k = 0; k < raw.points; k++) {
    const double *row = &raw.value[ROW * k], v = row[VOLTAGE];
    double r = -v / row[CURRENT], d = fabs(r - resistance_at(trace, row[TIME]));

    cr_assert(fabs(row[CURRENT]) <= fabs(v) / rmin, "not pinched");
    if (fabs(v) < 0.01)
      continue;
    worst = fmax(worst, d);
    cr_assert(d <= fixed + allowed(s, h, v, r), "%g V at %g s: off by %g of %g",
              v, row[TIME], d, fixed + allowed(s, h, v, r));
  }
  qn_raw_release(&raw);
  return worst;
}

/* half a period moves R by beta of the flux beyond the threshold and alpha of
 * the rest */
static double half_period(const setup *s)
{
  double a = asin(vt / amplitude), pi = acos(-1);
  double beyond = (2 * amplitude * cos(a) - vt * (pi - 2 * a)) / w;

  return s->alpha * (2 * amplitude / w - beyond) + s->beta * beyond;
}

Test(pershin, follows_ngspices_memristor_under_a_sine)
{
  static const setup setups[] = {{0, 1e4, 0.01, 1e-6}, {1e3, 1e4, 0.01, 1e-6}};
  qn_wave_piece sine = qn_wave_sine(amplitude, 1, 2);

  sine.samples = 8000;
  for (size_t i = 0; i < 2; i++) {
    const setup *s = &setups[i];
    qn_device_trace *trace = run(s, &sine, 4e3);
    double whole = compare_sines(s, trace, 1e-3, 4e3);
    double half = compare_sines(s, trace, 5e-4, 4e3);

    cr_expect(half < 0.55 * whole, "%g, halved %g", whole, half);
    cr_expect(fabs(resistance_at(trace, 0.5) - 4e3 - half_period(s)) <=
              second_order(s, 0, 0) + solver_error(trace));
    cr_expect(half_period(s) > 2.5e3, "hardly a loop");
    qn_device_trace_free(trace);
  }
}

/* ---- bounds ------------------------------------------------------------------ */

/* An edge of width e, dy/dt = -f (1 - exp(-y / e)), is at most e ln 2 behind one
 * that is stopped at y = 0; ngspice stops a step too late. Neither adds up: at a
 * bound what differs is lost. (A tighter reltol makes it crawl there.) */
static void expect_near(const setup *s, const qn_device_trace *trace,
                        const qn_raw *raw, double h)
{
  double fixed = s->edge * log(2) * (rmax - rmin) + h * speed(s, amplitude) +
                 second_order(s, h, trace->time_s[1]) + solver_error(trace);

  for (size_t k = 0; k < raw->points; k++) {
    const double *row = &raw->value[ROW * k], v = row[VOLTAGE];
    double r = -v / row[CURRENT], want = resistance_at(trace, row[TIME]);

    if (fabs(v) > 0.01)
      cr_assert(fabs(r - want) <= fixed + allowed(s, h, v, r),
                "%g s: %g, not %g within %g", row[TIME], r, want,
                fixed + allowed(s, h, v, r));
  }
}

Test(pershin, stops_where_ngspices_memristor_does)
{
  static const setup s = {0, 6e4, 1e-3, 1e-3};
  qn_wave_piece sine = qn_wave_sine(amplitude, 1, 2);
  qn_device_trace *trace;
  qn_raw raw;

  sine.samples = 4000;
  trace = run(&s, &sine, 4e3);
  raw = run_ngspice(&s, "sin(0 3 1)", 2, 1e-4, 4e3);
  expect_near(&s, trace, &raw, 1e-4);
  cr_expect(resistance_at(trace, 0.5) > 0.999 * rmax, "not reached");
  cr_expect(resistance_at(trace, 1) < 1.009 * rmin, "not reached");
  qn_raw_release(&raw);
  qn_device_trace_free(trace);
}

/* ---- a constant voltage -------------------------------------------------------- */

/* of R that moved to `want`: its edge, and (s / z)^4 of the rate that the
 * smoothing takes, z = 0.4 V or more from a threshold */
static double rounded_off(const setup *s, double want, double moved)
{
  double x = state_of(want), near = fmin(x, 1 - x) / s->edge;

  return s->edge * (rmax - rmin) * exp(-near) +
         2 * pow(smoothing / 0.4, 4) * fabs(moved) + 1e-15 * want;
}

/* R = R0 + t dR/dt: any rule integrates a constant, up to rounding */
static void expect_line(const setup *s, double v)
{
  qn_wave_piece hold = {
    .duration_s = 0.1, .from_v = v, .to_v = v, .samples = 4};
  double moved = 0.1 * speed(s, v), want = 4e3 + moved, ours, theirs;
  qn_device_trace *trace = run(s, &hold, 4e3);
  char source[32];
  qn_raw raw;

  snprintf(source, sizeof source, "%g", v);
  raw = run_ngspice(s, source, 0.1, 1e-3, 4e3);
  theirs = -v / raw.value[ROW * (raw.points - 1) + CURRENT];
  ours = resistance_at(trace, 0.1);
  cr_expect(fabs(theirs - want) <= 4e-16 * want * (double)raw.points,
            "ngspice, %g V: %.15g, not %.15g", v, theirs, want);
  cr_expect(fabs(ours - want) <=
              solver_error(trace) + rounded_off(s, want, moved),
            "%g V: %.15g, not %.15g", v, ours, want);
  if (moved == 0)
    cr_expect(trace->state[4] == trace->state[0], "%g V moves it", v);
  qn_raw_release(&raw);
  qn_device_trace_free(trace);
}

Test(pershin, moves_linearly_under_a_constant_voltage_as_in_ngspice)
{
  static const setup setups[] = {{0, 1e4, 0.01, 1e-6}, {1e3, 1e4, 0.01, 1e-6}};
  static const double volts[] = {0.5, 1, 1.5, 2, 2.5, 3};

  for (size_t i = 0; i < 2; i++)
    for (size_t k = 0; k < sizeof volts / sizeof *volts; k++) {
      expect_line(&setups[i], volts[k]);
      expect_line(&setups[i], -volts[k]);
    }
}
