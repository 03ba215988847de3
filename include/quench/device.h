/* device.h - one memristor model.
 *
 * A memristor of small-signal conductance G [S] carries
 *   i(v) = G * drive(v),  drive(v) -> v for small v,
 * v from the electrode at its rail to the electrode at the membrane. A new
 * model is one file in circuits/devices/ and one line in its catalogue. */
#ifndef QN_DEVICE_H
#define QN_DEVICE_H

#include <stddef.h>

#include <quench/diag.h>

#define QN_DEVICE_PARAMETERS_MAX 8

typedef struct qn_parameter {
  const char *name;
  const char *unit;
  double value; /* default */
  double low, high;
  const char *what;
} qn_parameter;

typedef struct qn_device {
  const char *name;     /* "sky130_reram" */
  const char *title;    /* one line */
  const char *equation; /* of the current law, as text */
  const char *citation;
  const qn_parameter *parameters; /* ends with a record without a name */

  /* drive [V] and its derivative at v [V]; p are the parameters' values */
  double (*drive)(const double *p, double v, double *slope);

  /* drive in SPICE's expression language, of the voltage `v` and the
   * parameters by their names: "v0*sinh((v)/v0)" */
  const char *spice_drive;
} qn_device;

/* A device with its parameters set. */
typedef struct qn_device_card {
  const qn_device *device;
  double parameter[QN_DEVICE_PARAMETERS_MAX];
} qn_device_card;

/* One of a list ended by NULL, by name; NULL if there is none. */
const qn_device *qn_device_find(const qn_device *const *devices,
                                const char *name);

#endif
