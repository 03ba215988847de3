/* device_run.h - one memristor under a voltage waveform, its temperature held,
 * and what can be said of it without one. The equations stand in device.h. */
#ifndef QN_DEVICE_RUN_H
#define QN_DEVICE_RUN_H

#include <stddef.h>

#include <quench/device.h>

/* ---- waveforms ------------------------------------------------------------
 */

/* Over its duration s, from t = 0,
 *   v(t) = from + (to - from) t / s + amplitude sin(2 pi cycles t / s). */
typedef struct qn_wave_piece {
  double duration_s; /* > 0 */
  double from_v, to_v, amplitude_v, cycles;
  size_t samples; /* >= 1, of equal length */
} qn_wave_piece;

double qn_wave_at(const qn_wave_piece *piece, double t);

/* `cycles` periods of a sine, in one piece */
qn_wave_piece qn_wave_sine(double amplitude_v, double period_s, size_t cycles);

/* A pulse: a rise of a twentieth of its width, the width, the same fall, and
 * the width at 0 V. */
enum { QN_WAVE_PULSE = 4 };
void qn_wave_pulse(qn_wave_piece piece[QN_WAVE_PULSE], double voltage_v,
                   double width_s);

/* A voltage held, sampled evenly in the logarithm of time: ends at
 * first_s ... last_s > first_s, n >= 2 of them. */
void qn_wave_hold(qn_wave_piece *piece, size_t n, double voltage_v,
                  double first_s, double last_s);

/* ---- runs -----------------------------------------------------------------
 */

typedef struct qn_device_setting {
  double state; /* at the start, in [0, 1] */
  double temperature_k;
  double tolerance; /* local error of the state; 0: 1e-9 */
} qn_device_setting;

/* The start, and the end of every sample. */
typedef struct qn_device_trace {
  size_t rows;
  size_t *piece; /* [rows] whose end a row is */
  double *time_s, *voltage_v, *state, *conductance_s, *current_a; /* [rows] */
  long solver_steps;
} qn_device_trace;

/* Parameters, temperature and voltages are checked against the device's ranges
 * (QN_EINVAL). CVODE's BDF with the analytic derivative: rates span tens of
 * decades. A device without rate() keeps its state. */
qn_status qn_device_run(qn_device_trace **out, const qn_device_card *card,
                        const qn_wave_piece *piece, size_t pieces,
                        const qn_device_setting *setting, qn_diag *diag);
void qn_device_trace_free(qn_device_trace *trace); /* NULL is allowed */

/* ---- figures --------------------------------------------------------------
 */

/* Seconds in which a constant voltage moves the state by a part of the range:
 * the integral of dx / rate, for any number of decades. HUGE_VAL where it never
 * does, or leaves the range before. part is in (0, 1). */
double qn_device_move_time(const qn_device_card *card, double x, double v,
                           double temperature_k, double part);

/* The smallest voltage of this sign that moves the state by a part within
 * `seconds`, to 1e-9; HUGE_VAL with that sign where none does that the model
 * takes. */
double qn_device_move_voltage(const qn_device_card *card, double x,
                              double temperature_k, double part, double seconds,
                              int sign);

/* Area of the current-voltage loop of rows first .. last [W]: each lobe, v > 0
 * and v < 0, counts with its absolute value. */
double qn_device_loop_area(const qn_device_trace *trace, size_t first,
                           size_t last);

#endif
