/* test_device_run.c - one memristor through time, against closed forms. */
#include <criterion/criterion.h>
#include <math.h>

#include "tests/base/scratch.h"
#include <quench/catalogue.h>
#include <quench/device_run.h>

static void card_of(qn_device_card *card, const char *name, const char *set)
{
  qn_diag diag;

  qn_device_card_init(card, qn_device_find(qn_devices, name));
  if (set)
    cr_assert(!qn_device_card_use(card, set, &diag), "%s", diag.message);
}

static qn_device_trace *run(const qn_device_card *card,
                            const qn_wave_piece *piece, size_t pieces, double x,
                            double tolerance)
{
  qn_device_setting s = {
    .state = x, .temperature_k = 300, .tolerance = tolerance};
  qn_device_trace *trace;
  qn_diag diag;

  cr_assert(!qn_device_run(&trace, card, piece, pieces, &s, &diag), "%s",
            diag.message);
  return trace;
}

/* r_off x - (r_off - r_on) x^2 / 2 = mobility r_on / d^2 * flux + constant. The
 * smoothing s costs a flux of s^2 pi / (4 dv/dt) at each zero of the voltage,
 * 3.2e-9 V s here, and the solver four times its tolerance in each step. */
Test(device_run, ion_drift_follows_the_flux)
{
  const double r_on = 100, r_off = 16e3, k = 1e4;
  qn_wave_piece sine = qn_wave_sine(0.4, 1, 1);
  qn_device_trace *trace;
  qn_device_card card;

  card_of(&card, "linear_ion_drift", NULL);
  cr_assert(!qn_device_card_set(&card, "smoothing", 1e-4, NULL));
  trace = run(&card, &sine, 1, 0.5, 1e-11);
  for (size_t i = 0; i < trace->rows; i++) {
    double pi = acos(-1), x = trace->state[i];
    double flux = 0.4 * (1 - cos(2 * pi * trace->time_s[i])) / (2 * pi);
    double q = r_off * x - (r_off - r_on) * x * x / 2;
    double q0 = r_off * 0.5 - (r_off - r_on) * 0.125;

    cr_assert(fabs(q - q0 - k * flux) <
                3 * 3.2e-9 * k + r_off * 8e-11 * (double)trace->solver_steps,
              "row %zu: %g", i, (q - q0 - k * flux) / r_off);
  }
  cr_expect(trace->state[200] > 0.69 && trace->state[200] < 0.7);
  qn_device_trace_free(trace);
}

Test(device_run, the_error_falls_with_the_tolerance)
{
  static const char *const names[] = {"sky130_reram", "stanford_rram",
                                      "yakopcic", "linear_ion_drift_biolek"};
  static const double volts[] = {0.95, 1.1, 0.3, 2};

  for (size_t i = 0; i < 4; i++) {
    qn_wave_piece sine = qn_wave_sine(volts[i], 1, 1);
    qn_device_trace *fine, *trace;
    qn_device_card card;
    double last = HUGE_VAL;

    sine.samples = 16;
    card_of(&card, names[i], NULL);
    fine = run(&card, &sine, 1, 0.5, 1e-12);
    for (double tol = 1e-3; tol > 1e-10; tol /= 100) {
      double error = 0;

      trace = run(&card, &sine, 1, 0.5, tol);
      for (size_t k = 0; k < trace->rows; k++)
        error = fmax(error, fabs(trace->state[k] - fine->state[k]));
      cr_expect(error < last / 3, "%s, %g: %g after %g", names[i], tol, error,
                last);
      last = error;
      qn_device_trace_free(trace);
    }
    cr_expect(last < 1e-7, "%s: %g", names[i], last);
    qn_device_trace_free(fine);
  }
}

/* the integral of dx / rate and the transient are two ways to one number; 20
 * decades of time */
Test(device_run, a_hold_arrives_when_the_integral_says)
{
  static const double volts[] = {0.05, 0.1, 0.2, 0.5, 1, 1.5};
  qn_device_card card;

  card_of(&card, "sky130_reram", NULL);
  for (size_t i = 0; i < 6; i++) {
    double t = qn_device_move_time(&card, 0.5, volts[i], 300, 0.01);
    qn_wave_piece hold = {
      .duration_s = t, .from_v = volts[i], .to_v = volts[i], .samples = 1};
    qn_device_trace *trace = run(&card, &hold, 1, 0.5, 1e-10);

    cr_expect(fabs(trace->state[1] - 0.51) < 1e-7, "%g V: %.12g", volts[i],
              trace->state[1]);
    qn_device_trace_free(trace);
  }
}

Test(device_run, a_voltage_that_moves_in_a_time_is_the_smallest_that_does)
{
  qn_device_card card;
  double v;

  card_of(&card, "sky130_reram", NULL);
  for (int sign = -1; sign <= 1; sign += 2) {
    v = qn_device_move_voltage(&card, 0.5, 300, 0.01, 1, sign);
    cr_expect(fabs(qn_device_move_time(&card, 0.5, v, 300, 0.01) - 1) < 1e-6);
    cr_expect(sign * v > 0.8 && sign * v < 1.1, "%g", v);
  }
  /* a threshold of 0.16 V at 4000 /s is hardly beyond it in a second */
  card_of(&card, "yakopcic", NULL);
  v = qn_device_move_voltage(&card, 0.2, 300, 0.01, 1, 1);
  cr_expect(v > 0.15 && v < 0.16, "%g", v);
  v = qn_device_move_voltage(&card, 0.2, 300, 0.01, 1e-15, 1);
  cr_expect(v == HUGE_VAL);
  card_of(&card, "pcm", NULL);
  cr_expect(qn_device_move_time(&card, 0.5, 0.4, 300, 0.01) == HUGE_VAL);
}

Test(device_run, every_loop_is_pinched_at_zero)
{
  for (const qn_device *const *d = qn_devices; *d; d++) {
    double v = fmin((*d)->voltage_max_v, 1.2);
    qn_wave_piece sine = qn_wave_sine(v, 1, 2);
    qn_device_trace *trace;
    qn_device_card card;
    size_t zeros = 0;

    qn_device_card_init(&card, *d);
    trace = run(&card, &sine, 1, 0.3, 0);
    cr_assert(trace->rows == 801);
    for (size_t i = 0; i < trace->rows; i++) {
      if (i % 200 == 0)
        cr_assert(fabs(trace->voltage_v[i]) < 1e-14);
      if (fabs(trace->voltage_v[i]) < 1e-14)
        cr_assert(fabs(trace->current_a[i]) <= trace->conductance_s[i] * 2e-14);
      cr_assert(trace->current_a[i] * trace->voltage_v[i] >= 0, "%s",
                (*d)->name);
      zeros += fabs(trace->voltage_v[i]) < 1e-14;
    }
    cr_expect(zeros == 5);
    qn_device_trace_free(trace);
  }
}

/* a resistor's loop has none; a made-up rectangle of 2 V by 3 A has 6 W */
Test(device_run, a_loop_has_the_area_that_it_encloses)
{
  double v[] = {1, 3, 3, 1, 1}, i[] = {1, 1, 4, 4, 1};
  qn_device_trace box = {.rows = 5, .voltage_v = v, .current_a = i};
  qn_wave_piece sine = qn_wave_sine(1, 1, 1);
  qn_device_trace *trace;
  qn_device_card card;

  cr_expect(fabs(qn_device_loop_area(&box, 0, 4) - 6) < 1e-12);
  card_of(&card, "ohmic", NULL);
  trace = run(&card, &sine, 1, 1, 0);
  cr_expect(qn_device_loop_area(trace, 0, 400) < 1e-18);
  cr_expect(fabs(trace->current_a[100] - 1e-4) < 1e-16);
  qn_device_trace_free(trace);
}

Test(device_run, a_pulse_rises_holds_and_falls)
{
  qn_wave_piece pulse[QN_WAVE_PULSE], hold[5];
  qn_device_trace *trace;
  qn_device_card card;

  qn_wave_pulse(pulse, 1.2, 1e-3);
  card_of(&card, "sky130_reram", NULL);
  trace = run(&card, pulse, QN_WAVE_PULSE, 0.5, 0);
  cr_expect(trace->voltage_v[0] == 0 && trace->voltage_v[4] == 1.2);
  cr_expect(trace->voltage_v[14] == 1.2 && trace->voltage_v[18] == 0);
  cr_expect(fabs(trace->time_s[trace->rows - 1] - 2.1e-3) < 1e-15);
  cr_expect(trace->piece[trace->rows - 1] == 3);
  cr_expect(trace->state[14] > 0.51 && trace->state[14] < 0.7);
  cr_expect(trace->state[trace->rows - 1] >= trace->state[14]);
  qn_device_trace_free(trace);
  qn_wave_hold(hold, 5, 0.3, 1e-9, 1e11);
  trace = run(&card, hold, 5, 0.5, 0);
  cr_expect(fabs(trace->time_s[3] / 10 - 1) < 1e-9); /* 1e-9, 1e-4, 10, .. */
  qn_device_trace_free(trace);
}

Test(device_run, what_the_model_does_not_take_is_refused)
{
  qn_wave_piece sine = qn_wave_sine(2.8, 1, 1), none = {.samples = 1};
  qn_device_setting s = {.state = 0.5, .temperature_k = 300};
  qn_device_trace *trace;
  qn_device_card card;
  qn_diag diag;

  card_of(&card, "sky130_reram", NULL);
  cr_expect(qn_device_run(&trace, &card, &sine, 1, &s, &diag) == QN_EINVAL);
  cr_expect(!trace && diag_says(&diag, "sky130_reram", "voltage", "2.8 V"));
  sine.amplitude_v = 1;
  s.temperature_k = 400;
  cr_expect(qn_device_run(&trace, &card, &sine, 1, &s, &diag) == QN_EINVAL);
  cr_expect(diag_says(&diag, "sky130_reram", "temperature", "233 to 398 K"));
  s.temperature_k = NAN;
  cr_expect(qn_device_run(&trace, &card, &sine, 1, &s, &diag) == QN_EINVAL);
  s.temperature_k = 300;
  s.state = 1.01;
  cr_expect(qn_device_run(&trace, &card, &sine, 1, &s, &diag) == QN_EINVAL);
  cr_expect(diag_says(&diag, "sky130_reram", "state", "expected 0 to 1"));
  s.state = 1;
  cr_expect(qn_device_run(&trace, &card, &none, 1, &s, &diag) == QN_EINVAL);
  cr_expect(diag_says(&diag, "sky130_reram", "waveform", "above 0"));
}
