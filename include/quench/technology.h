/* technology.h - one process: what a chip can be made of. SI units.
 *
 * Read from YAML (docs/technologies.md); every field has a unit, a range and a
 * default, listed in qn_technology_fields. In `ideal` every limit is off:
 * infinite, or zero where zero means "none". */
#ifndef QN_TECHNOLOGY_H
#define QN_TECHNOLOGY_H

#include <stddef.h>

#include <quench/device.h>

/* What words of the YAML mean: their place in a field's list. */
typedef enum qn_switch { QN_OFF, QN_ON } qn_switch;
typedef enum qn_synapse_cell {
  QN_CELL_DIRECT,
  QN_CELL_STEERED,
  QN_CELL_TRANSCONDUCTOR
} qn_synapse_cell;
typedef enum qn_preference {
  QN_PREFER_ACCURACY,
  QN_PREFER_AREA,
  QN_PREFER_POWER
} qn_preference;

typedef struct qn_technology {
  char name[64];
  char title[128];
  qn_device_card memristor;
  /* memristors */
  double conductance_min_s, conductance_max_s; /* window */
  double levels;         /* evenly spaced in the window; 0: continuous */
  double read_voltage_v; /* largest across a memristor */
  /* faults of memristors on a die; 0: none */
  double programming_s[5];      /* sum c_k (G / conductance_max_s)^k: sigma */
  double stuck_low, stuck_high; /* probabilities */
  double drift, drift_spread;   /* exponent nu: mean and deviation */
  double drift_start_s, age_s;  /* since programming */
  double spread[QN_DEVICE_PARAMETERS_MAX]; /* of each parameter, relative */
  /* 1: the electrode that a device's voltage counts from faces the rail, -1:
   * the membrane */
  double polarity_plus, polarity_minus;
  double read_disturb; /* qn_switch: states move while the network runs */
  double extrapolate;  /* qn_switch: run outside a device's valid range */
  /* synapses */
  double cell;                                /* qn_synapse_cell */
  double linear_range_v;                      /* V_L of a transconductor */
  double compliance_low_v, compliance_high_v; /* of a membrane */
  double switch_ohm;                          /* of a direct cell, closed */
  double period_fraction;                     /* of its gate, in samples */
  double switch_f;                            /* switched each period */
  /* wires of the crossbar, a segment from one crossing to the next; 0: none */
  double rail_ohm, membrane_ohm;
  double rail_f, membrane_f; /* to ground */
  /* supply and rails */
  double supply_v;
  double common_mode_v; /* where a model zero lies */
  double rail_margin;   /* rails outside the hull, in widths of the hull */
  double rail_error_v;  /* deviation of a rail on a die */
  /* scales */
  double volts_per_unit_max;
  double seconds_per_unit; /* 0: the largest that the capacitors allow */
  double rise_fraction;    /* of a sample, for an input step */
  double prefer;           /* qn_preference */
  double area_budget_m2, power_budget_w;
  /* gates: logistic((slope_factor / U_T) * gain * (v - threshold)) */
  double slope_factor; /* kappa */
  double gain_min, gain_max;
  double thermal_voltage_floor_v;
  double ptat; /* qn_switch: gains follow the temperature */
  double ptat_residual_per_k;
  double driver_low_v, driver_high_v; /* range of an input driver */
  double readout_low_v, readout_high_v;
  double readout_offset_v; /* deviation on a die */
  /* mismatch on a die (Pelgrom); areas are those of the matched pair */
  double threshold_mismatch_v_m; /* A_vt: deviation A_vt / sqrt(area) */
  double slope_mismatch_m;       /* relative */
  double gate_pair_area_m2, amplifier_pair_area_m2;
  /* capacitors */
  double capacitor_min_f, capacitor_max_f;
  double capacitor_mismatch_m; /* relative, over sqrt(area) */
  /* noise, one-sided densities; 0 and QN_OFF: none (docs/noise.md) */
  double thermal_noise, shot_noise;       /* qn_switch */
  double amplifier_noise_v_per_rthz;      /* white, at the amplifier's input */
  double amplifier_flicker_v2;            /* S_v = this / f */
  double memristor_flicker;               /* S_G / G^2 = this / f */
  double flicker_low_hz, flicker_high_hz; /* where that holds */
  double telegraph_amplitude; /* between a memristor's two states, relative */
  double telegraph_rate_up_hz, telegraph_rate_down_hz;
  double readout_noise_v; /* deviation of one reading */
  double readout_f;       /* capacitor that a reading is held on: kT/C */
  double reset_noise;     /* qn_switch: kT/C where a sequence begins */
  /* temperatures */
  double map_temperature_k; /* gains are set here */
  double temperature_k;     /* the chip runs here */
  /* area and bias */
  double memristor_area_m2, gate_area_m2, amplifier_area_m2;
  double driver_area_m2, readout_area_m2;
  double capacitor_density_f_per_m2;
  double gate_current_a, amplifier_current_a;
  double driver_current_a, readout_current_a;
} qn_technology;

/* One field of the YAML, a dotted path of section and key. */
typedef struct qn_technology_field {
  const char *path; /* "gate.gain_max" */
  const char *unit;
  double value; /* default */
  double low, high;
  size_t offset; /* of a double in qn_technology */
  const char *what;
  const char *const *words; /* of a choice, ended by NULL: the value is a place
                               in this list; NULL: a number */
} qn_technology_field;

extern const qn_technology_field qn_technology_fields[]; /* ends: path NULL */

/* From YAML text, with a memristor out of `devices` (a list ended by NULL);
 * path is for messages. Unknown keys are refused with the nearest known one,
 * values outside their range with the range. */
qn_status qn_technology_parse(qn_technology *out, const char *text, size_t size,
                              const char *path, const qn_device *const *devices,
                              qn_diag *diag);

/* "KEY=VALUE,..." over what was parsed, as if they stood in the file; a
 * memristor.device takes its parameters' defaults. */
qn_status qn_technology_override(qn_technology *tech, const char *overrides,
                                 const char *path,
                                 const qn_device *const *devices,
                                 qn_diag *diag);

/* QN_EPARSE where the temperature or the read voltage lies outside what the
 * memristor's model is valid for, unless it says `extrapolate`. */
qn_status qn_technology_check_range(const qn_technology *tech, const char *path,
                                    qn_diag *diag);

/* kT/q at a temperature, no less than the technology's floor [V]. */
double qn_technology_thermal_voltage(const qn_technology *tech,
                                     double temperature_k);

#endif
