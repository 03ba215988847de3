/* test_fault.c - switching faults off leads to `ideal`, each on its own. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/fault.h>

/* with every fault that there is */
static qn_technology faulty(void)
{
  static const char name[] =
    "sky130_reram,memristor.spread.v0=0.1,memristor.read_disturb=on,"
    "memristor.drift=0.05,memristor.age_s=1000,synapse.linear_range_v=0.1,"
    "synapse.switch_ohm=500,wire.rail_ohm=1,wire.membrane_ohm=2,"
    "wire.rail_f=1e-16,wire.membrane_f=2e-16,"
    "readout.offset_v=1e-3,temperature.run_k=330";
  qn_technology t;
  qn_diag diag = {.message = ""};

  cr_assert_eq(qn_technology_open(&t, name, &diag), QN_OK, "%s", diag.message);
  return t;
}

/* f cannot be without g */
static int needs(const qn_fault *f, const qn_fault *g)
{
  return f->needs && !strcmp(f->needs, g->name);
}

static int same(const qn_technology *a, const qn_technology *b)
{
  return !memcmp(a, b, sizeof *a);
}

/* what is no fault stays: scales, supply, cost */
Test(fault, all_off_is_what_ideal_has_in_every_field_of_a_fault)
{
  qn_technology t = faulty(), ideal, clean = qn_fault_alone(NULL, &t);

  cr_assert_eq(qn_technology_open(&ideal, "ideal", NULL), QN_OK);
  for (const qn_fault *f = qn_faults; f->name; f++) {
    cr_expect(!qn_fault_is_on(f, &clean), "%s", f->name);
    cr_expect(!qn_fault_is_on(f, &ideal), "%s is on in ideal", f->name);
    cr_expect(qn_fault_is_on(f, &t), "%s is off in the faulty one", f->name);
  }
  cr_expect_eq(clean.memristor.device, ideal.memristor.device);
  cr_expect_eq(clean.volts_per_unit_max, t.volts_per_unit_max);
  cr_expect_eq(clean.supply_v, t.supply_v);
  cr_expect_eq(clean.amplifier_current_a, t.amplifier_current_a);
}

Test(fault, one_alone_and_all_without_it_share_nothing)
{
  qn_technology t = faulty();

  for (const qn_fault *f = qn_faults; f->name; f++) {
    qn_technology alone = qn_fault_alone(f, &t);
    qn_technology without = qn_fault_without(f, &t);

    cr_expect_eq(qn_fault_is_on(f, &alone), qn_fault_is_on(f, &t), "%s",
                 f->name);
    cr_expect(!qn_fault_is_on(f, &without), "%s", f->name);
    for (const qn_fault *g = qn_faults; g->name; g++)
      if (g != f) {
        cr_expect_eq(qn_fault_is_on(g, &alone), needs(f, g), "%s with %s",
                     f->name, g->name);
        cr_expect_eq(qn_fault_is_on(g, &without),
                     qn_fault_is_on(g, &t) && !needs(g, f), "%s changes %s",
                     f->name, g->name);
      }
  }
}

/* each new switch puts the field that it is named for at ideal's value */
Test(fault, each_of_the_cells_faults_is_switched_off_by_its_field)
{
  static const struct {
    const char *name;
    size_t offset;
  } row[] = {{"device spread", offsetof(qn_technology, spread)},
             {"read disturb", offsetof(qn_technology, read_disturb)},
             {"linear range", offsetof(qn_technology, linear_range_v)},
             {"switches", offsetof(qn_technology, switch_ohm)},
             {"wires", offsetof(qn_technology, rail_ohm)},
             {"wires", offsetof(qn_technology, membrane_ohm)},
             {"wires", offsetof(qn_technology, rail_f)},
             {"wires", offsetof(qn_technology, membrane_f)},
             {"readout range", offsetof(qn_technology, readout_low_v)},
             {"readout range", offsetof(qn_technology, readout_high_v)},
             {"readout offsets", offsetof(qn_technology, readout_offset_v)}};
  qn_technology t = faulty(), ideal;

  cr_assert_eq(qn_technology_open(&ideal, "ideal", NULL), QN_OK);
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    const qn_fault *f = qn_faults;
    qn_technology off;

    while (f->name && strcmp(f->name, row[i].name))
      f++;
    cr_assert(f->name, "no fault %s", row[i].name);
    off = qn_fault_without(f, &t);
    cr_expect_eq(*(double *)((char *)&off + row[i].offset),
                 *(double *)((char *)&ideal + row[i].offset), "%s", f->name);
  }
}

/* parameters and states are of a model: without it they are nothing */
Test(fault, a_resistor_has_neither_spread_nor_disturb)
{
  qn_technology t = faulty(), off = qn_fault_without(&qn_faults[0], &t);

  cr_expect_str_eq(qn_faults[0].name, "current law");
  cr_expect_eq(off.read_disturb, QN_OFF);
  for (size_t k = 0; k < QN_DEVICE_PARAMETERS_MAX; k++)
    cr_expect_eq(off.spread[k], 0);
}

/* A field that is neither a fault's, nor a scale's, supply's or cost's would be
 * a limit that blame does not know: with all faults off and what is no fault
 * copied, the technology is ideal's. */
Test(fault, every_limit_of_a_technology_belongs_to_a_fault)
{
  static const char *const no_fault[] = {"memristor.conductance_max_s",
                                         "memristor.read_voltage_v",
                                         "supply.voltage_v",
                                         "supply.common_mode_v",
                                         "supply.rail_margin",
                                         "scale.volts_per_unit_max",
                                         "scale.seconds_per_unit",
                                         "gate.slope_factor",
                                         "gate.thermal_voltage_floor_v",
                                         "gate.pair_area_m2",
                                         "gate.amplifier_pair_area_m2",
                                         "capacitor.max_f",
                                         "capacitor.density_f_per_m2",
                                         "temperature.map_k",
                                         "temperature.run_k",
                                         "memristor.drift",
                                         "memristor.drift_spread",
                                         "memristor.drift_start_s",
                                         "area.memristor_m2",
                                         "area.gate_m2",
                                         "area.amplifier_m2",
                                         "bias.gate_a",
                                         "bias.amplifier_a",
                                         "area.driver_m2",
                                         "area.readout_m2",
                                         "bias.driver_a",
                                         "bias.readout_a",
                                         "noise.thermal",
                                         "noise.shot",
                                         "noise.amplifier_v_per_rthz",
                                         "noise.amplifier_flicker_v2",
                                         "noise.memristor_flicker",
                                         "noise.flicker_low_hz",
                                         "noise.flicker_high_hz",
                                         "noise.readout_f",
                                         "noise.reset",
                                         NULL};
  qn_technology t = faulty(), clean, ideal;

  cr_assert_eq(qn_technology_open(&ideal, "ideal", NULL), QN_OK);
  clean = qn_fault_alone(NULL, &t);
  for (const qn_technology_field *f = qn_technology_fields; f->path; f++) {
    const double *a = (const double *)((const char *)&clean + f->offset);
    const double *b = (const double *)((const char *)&ideal + f->offset);
    size_t i = 0;

    while (no_fault[i] && strcmp(no_fault[i], f->path))
      i++;
    if (!no_fault[i])
      cr_expect(*a == *b, "%s: %g, ideal has %g", f->path, *a, *b);
  }
  cr_expect(!same(&clean, &t));
}
