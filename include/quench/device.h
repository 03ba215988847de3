/* device.h - one memristor model.
 *
 * The state is one number x in [0, 1], 0 at the smallest and 1 at the largest
 * conductance. A memristor carries
 *   i(x, v) = G(x) * drive(v),   drive(v) -> v for small v,
 *   dx/dt   = rate(x, v, T),
 * v from the electrode at its rail to the electrode at the membrane, T its own
 * temperature. A new model is one file in circuits/devices/ and one line in its
 * catalogue.
 *
 * What every record keeps: G rises with x; drive rises with v and is 0 at 0;
 * rate is continuously differentiable, not positive at x = 1 and not negative
 * at x = 0, whatever v, so that no state leaves [0, 1]; beyond these bounds
 * it points back inside, for an integrator's trial steps. For parameters in
 * their ranges, every finite v and every T of the valid range nothing is NaN;
 * beyond 1e6 V a rate is that of 1e6 V. */
#ifndef QN_DEVICE_H
#define QN_DEVICE_H

#include <stddef.h>

#include <quench/diag.h>

#define QN_DEVICE_PARAMETERS_MAX 24

typedef struct qn_parameter {
  const char *name;
  const char *unit;
  double value; /* default */
  double low, high;
  const char *what;
} qn_parameter;

/* A published device: where its parameters differ from the defaults. */
typedef struct qn_parameter_set {
  const char *name; /* "oblea" */
  const char *title;
  const char *citation;
  const struct qn_parameter_value {
    const char *name; /* ends with a record without a name */
    double value;
  } * values;
} qn_parameter_set;

typedef struct qn_device {
  const char *name;           /* "sky130_reram" */
  const char *title;          /* one line */
  const char *equation;       /* of the current law, as text */
  const char *state_equation; /* of the state, or NULL where it stands still */
  const char *altered; /* against the publication, and by how much, or NULL */
  const char *citation;
  const qn_parameter *parameters; /* ends with a record without a name */
  const qn_parameter_set *sets;   /* the same; NULL: none */

  double temperature_min_k, temperature_max_k; /* the model is valid inside */
  double voltage_max_v;                        /* |v| at most this */
  int raised_by; /* sign of the v that raises G: 1, -1, or 0 for neither */

  /* What is wrong with parameters that are each in their range, or NULL; NULL
   * where nothing can be. */
  const char *(*check)(const double *p);

  /* drive [V] and its derivative at v [V]; p are the parameters' values */
  double (*drive)(const double *p, double v, double *slope);

  /* v0 [V] where drive is v0 sinh(v / v0) up to |v| = 80 v0, so that many can
   * be computed at once; NULL for another law */
  double (*sinh_scale)(const double *p);

  /* drive as a law, of the voltage `v`: "v0*sinh((v)/v0)"; NULL where it has
   * none. A law is text in SPICE's expression language, of parameters by their
   * names: steps "name = expression;", which those after it may name, then the
   * value. It has the functions of circuits/devices/parts.h that are named
   * hold_voltage(v), tailed_exp(u), tailed_expm1(u), softplus(z),
   * positive_part(v, s), edge(y, width) and series_conductance(r_on, r_off, x)
   * besides SPICE's exp ln log10 sinh cosh tanh atan atanh sqrt abs min max
   * pow; nothing that jumps. */
  const char *spice_drive;

  /* the C functions below as laws, to rounding: conductance of `x`, rate of
   * `x`, `v` and `temperature` [K]; the latter NULL where there is none */
  const char *spice_conductance, *spice_rate;

  /* G [S] of x and its derivative, and x of a G: the nearest bound for one
   * outside the window. */
  double (*conductance)(const double *p, double x, double *slope);
  double (*state)(const double *p, double g);

  /* dx/dt [1/s] with its derivatives by x and by v, at T [K]; NULL where
   * voltage moves nothing */
  double (*rate)(const double *p, double x, double v, double temperature_k,
                 double *by_x, double *by_v);

  /* G [S] at time t >= 0 [s] after it was g, with nothing across: closed form
   * of a drift that is no rate of x; NULL where there is none */
  double (*retention)(const double *p, double g, double t);
} qn_device;

/* A device with its parameters set. */
typedef struct qn_device_card {
  const qn_device *device;
  double parameter[QN_DEVICE_PARAMETERS_MAX];
} qn_device_card;

/* One of a list ended by NULL, by name; NULL if there is none. */
const qn_device *qn_device_find(const qn_device *const *devices,
                                const char *name);

/* The same, or QN_EINVAL with the nearest known name in diag. */
qn_status qn_device_get(const qn_device **out, const qn_device *const *devices,
                        const char *name, qn_diag *diag);

/* A device with its default parameters. */
void qn_device_card_init(qn_device_card *card, const qn_device *device);

/* The parameters of a published device over the defaults, by the set's name;
 * QN_EINVAL with the nearest known one in diag. */
qn_status qn_device_card_use(qn_device_card *card, const char *set,
                             qn_diag *diag);

/* One parameter by name; QN_EINVAL if there is none or it is out of range. */
qn_status qn_device_card_set(qn_device_card *card, const char *name,
                             double value, qn_diag *diag);

/* Every parameter in its range, and what check() says. */
qn_status qn_device_card_check(const qn_device_card *card, qn_diag *diag);

/* QN_EINVAL with the valid range where T or |v| is outside of it. */
qn_status qn_device_check_range(const qn_device *device, double temperature_k,
                                double voltage_v, qn_diag *diag);

/* Current [A] of a device with a conductance(). */
double qn_device_current(const qn_device_card *card, double x, double v);

#endif
