/* test_device_draws.c - 10,000 memristors of every kind, with any parameters,
 * state, temperature and voltages that are documented, through the transient:
 * no failure, nothing that is not a number, no state outside [0, 1]. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>

#include "tests/circuits/device_draw.h"
#include <quench/catalogue.h>
#include <quench/device_run.h>

enum { DRAWS = 10000, PIECES = 3, DEVICES = 11 };

static double any_voltage(const qn_device *device, uint64_t *seed)
{
  double v = device->voltage_max_v * (2 * draw(seed) - 1);

  return draw(seed) < 0.2 ? 0 : draw(seed) < 0.3 ? v / 10 : v;
}

/* ramps and holds without a jump or with one, then half a sine */
static void draw_wave(qn_wave_piece *piece, const qn_device *device,
                      uint64_t *seed)
{
  double v = any_voltage(device, seed);

  for (size_t i = 0; i < PIECES; i++) {
    double to = any_voltage(device, seed);

    piece[i] = (qn_wave_piece){.duration_s = draw_log(seed, 1e-9, 1e6),
                               .from_v = v,
                               .to_v = draw(seed) < 0.3 ? v : to,
                               .samples = 1};
    v = draw(seed) < 0.5 ? piece[i].to_v : any_voltage(device, seed);
  }
  piece[PIECES - 1].from_v = piece[PIECES - 1].to_v = 0;
  piece[PIECES - 1].amplitude_v = any_voltage(device, seed);
  piece[PIECES - 1].cycles = 0.5;
}

static void check_trace(const qn_device_trace *trace, const char *name, long k)
{
  for (size_t i = 0; i < trace->rows; i++) {
    cr_assert(trace->state[i] >= 0 && trace->state[i] <= 1, "%s, draw %ld: %g",
              name, k, trace->state[i]);
    cr_assert(trace->conductance_s[i] >= 0 && isfinite(trace->current_a[i]) &&
                isfinite(trace->conductance_s[i]),
              "%s, draw %ld", name, k);
  }
}

static void run_draws(const qn_device *device, uint64_t seed, long draws)
{
  for (long k = 0; k < draws; k++) {
    qn_wave_piece piece[PIECES];
    qn_device_setting setting = {.tolerance = 1e-5};
    qn_device_trace *trace;
    qn_device_card card;
    qn_diag diag;
    qn_status st;

    draw_card(&card, device, &seed);
    draw_wave(piece, device, &seed);
    setting.state = fmin(fmax(draw_between(&seed, -0.1, 1.1), 0), 1);
    setting.temperature_k =
      draw_between(&seed, device->temperature_min_k, device->temperature_max_k);
    st = qn_device_run(&trace, &card, piece, PIECES, &setting, &diag);
    cr_assert(!st, "%s, draw %ld: %s", device->name, k, diag.message);
    check_trace(trace, device->name, k);
    qn_device_trace_free(trace);
  }
}

ParameterizedTestParameters(device_draws, stay_in_the_range)
{
  static size_t index[DEVICES];
  size_t n = 0;

  for (size_t i = 0; qn_devices[i]; i++)
    if (qn_devices[i]->rate && n < DEVICES)
      index[n++] = i;
  return cr_make_param_array(size_t, index, n);
}

ParameterizedTest(size_t *index, device_draws, stay_in_the_range,
                  .timeout = 300)
{
  run_draws(qn_devices[*index], 7 + *index, DRAWS);
}
