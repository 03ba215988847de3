/* small.c - see small.h. */
#include "tests/netlists/small.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static double ohmic(const double *p, double v, double *slope)
{
  (void)p;
  *slope = 1;
  return v;
}

static double hyperbolic(const double *p, double v, double *slope)
{
  *slope = cosh(v / p[0]);
  return p[0] * sinh(v / p[0]);
}

static double rectifying(const double *p, double v, double *slope)
{
  *slope = exp(v / p[0]);
  return p[0] * expm1(v / p[0]);
}

static const qn_parameter none[] = {{.name = NULL}};
static const qn_parameter scale[] = {{.name = "v0", .unit = "V"},
                                     {.name = NULL}};
static const qn_device linear = {.name = "linear",
                                 .equation = "i = G v",
                                 .parameters = none,
                                 .drive = ohmic,
                                 .spice_drive = "v"};
static const qn_device bent = {.name = "bent",
                               .equation = "i = G v0 sinh(v / v0)",
                               .parameters = scale,
                               .drive = hyperbolic,
                               .spice_drive = "v0*sinh((v)/v0)"};
static const qn_device lopsided = {.name = "lopsided",
                                   .equation = "i = G v0 (exp(v / v0) - 1)",
                                   .parameters = scale,
                                   .drive = rectifying,
                                   .spice_drive = "v0*(exp((v)/v0)-1)"};

static qn_branch branch(size_t pre, size_t post, double plus, double minus,
                        qn_gate gate)
{
  return (qn_branch){pre, post, plus, minus, gate, gate, 0};
}

static void fill_neurons(small *s, size_t units)
{
  for (size_t j = 0; j < units; j++) {
    s->capacitance[j] = 1e-12;
    s->leak_plus[j] = s->leak_minus[j] = 2e-6;
    s->scale[j] = 1e-5;
  }
  s->sensory[0] = branch(0, 0, 3e-6, 1e-6, (qn_gate){1.5, 0.6});
  s->first_sensory[1] = s->first_sensory[2] = 1;
  if (units < 2)
    return;
  s->recurrent[0] = branch(1, 0, 0.5e-6, 4e-6, (qn_gate){2, 0.65});
  s->recurrent[1] = branch(0, 1, 5e-6, 1e-6, (qn_gate){-1, 0.55});
  s->first_recurrent[1] = 1;
  s->first_recurrent[2] = 2;
}

static void fill_chip(small *s, size_t units)
{
  s->chip = (qn_chip){
    .name = s->name[0],
    .technology = {.name = "by_hand",
                   .title = "chosen by hand",
                   .memristor = {.device = &linear},
                   .polarity_plus = 1,
                   .polarity_minus = 1,
                   .readout_low_v = -INFINITY,
                   .readout_high_v = INFINITY,
                   .driver_low_v = -INFINITY,
                   .driver_high_v = INFINITY},
    .units = units,
    .inputs = 1,
    .outputs = 1,
    .volts_per_unit = 0.1,
    .seconds_per_unit = 1e-6,
    .common_mode_v = 0.6,
    .rail_plus_v = 1,
    .rail_minus_v = 0.2,
    .gate_slope_per_v = 25,
    .capacitance_f = s->capacitance,
    .leak_plus_s = s->leak_plus,
    .leak_minus_s = s->leak_minus,
    .siemens_per_unit = s->scale,
    .recurrent = {s->first_recurrent[units], s->recurrent, s->first_recurrent},
    .sensory = {1, s->sensory, s->first_sensory},
    .input_map = {QN_MAP_NONE, 1, s->one, s->zero},
    .output_map = {QN_MAP_NONE, 1, s->one, s->zero},
    .readout_offset_v = s->zero,
    .input_names = s->name,
    .output_names = s->name,
  };
}

/* what the branches might have come from */
static void fill_weights(small *s, size_t units)
{
  static const qn_synapse weight[] = {{1, 0, 0.45, 5, 0.5, -3.1},
                                      {0, 1, 0.6, -2.5, -0.5, 2.7},
                                      {0, 0, 0.4, 3.75, 0, 2}};

  memcpy(s->weight, weight, sizeof weight);
  for (size_t j = 0; j < units; j++) {
    s->cm[j] = 0.1;
    s->gleak[j] = 0.4;
    s->vleak[j] = 0;
  }
  s->net.ltc = (qn_ltc){
    .cm = s->cm,
    .gleak = s->gleak,
    .vleak = s->vleak,
    .recurrent = {s->first_recurrent[units], s->weight, s->first_recurrent},
    .sensory = {1, s->weight + 2, s->first_sensory}};
}

void small_open(small *s, size_t units)
{
  static char name[] = "small";
  static const double input[SMALL_ROWS] = {1, -2, 3, 0};
  static const double span[SMALL_ROWS] = {1, 0.3, 2, 0.7};

  memset(s, 0, sizeof *s);
  memcpy(s->input, input, sizeof input);
  memcpy(s->span, span, sizeof span);
  s->one[0] = 1;
  s->name[0] = name;
  s->first_row[1] = SMALL_ROWS;
  fill_neurons(s, units);
  fill_chip(s, units);
  s->net = (qn_network){.name = name,
                        .inputs = 1,
                        .units = units,
                        .outputs = 1,
                        .output_map = s->chip.output_map,
                        .layers = 1};
  fill_weights(s, units);
  s->data = (qn_dataset){.sequences = 1,
                         .rows = SMALL_ROWS,
                         .features = 1,
                         .first = s->first_row,
                         .inputs = s->input,
                         .timespans = s->span};
  cr_assert_eq(qn_trace_alloc(&s->trace, &s->net, &s->data), QN_OK);
}

void small_close(small *s)
{
  qn_trace_free(s->trace);
}

void small_make_sinh(small *s)
{
  s->chip.technology.memristor.device = &bent;
  s->chip.technology.memristor.parameter[0] = 0.1;
}

void small_make_lopsided(small *s)
{
  s->chip.technology.memristor.device = &lopsided;
  s->chip.technology.memristor.parameter[0] = 0.4;
}

void small_make_steered(small *s)
{
  static const qn_gate lower[3] = {{1.7, 0.57}, {2.3, 0.68}, {-1.2, 0.5}};

  s->chip.technology.cell = QN_CELL_STEERED;
  s->sensory[0].minus_gate = lower[0];
  s->recurrent[0].minus_gate = lower[1];
  s->recurrent[1].minus_gate = lower[2];
}

void small_make_transconductors(small *s, double linear_range_v)
{
  s->chip.technology.cell = QN_CELL_TRANSCONDUCTOR;
  s->chip.technology.linear_range_v = linear_range_v;
  s->sensory[0].reversal_v = 0.85;
  s->recurrent[0].reversal_v = 0.3;
  s->recurrent[1].reversal_v = 0.95;
  for (size_t i = 0; i < 2; i++)
    s->recurrent[i].minus_s = 0;
  s->sensory[0].minus_s = 0;
}

void small_make_wires(small *s, double rail_ohm, double membrane_ohm)
{
  s->chip.technology.rail_ohm = rail_ohm;
  s->chip.technology.membrane_ohm = membrane_ohm;
}

void small_make_spread(small *s)
{
  double common = s->chip.technology.memristor.parameter[0];

  for (size_t i = 0; i < qn_chip_memristors(&s->chip); i++)
    s->parameter[i][0] = common * (i == 3 ? 1 : 0.8125 + 0.0625 * (double)i);
  s->chip.parameter = s->parameter[0];
}

void small_run(small *s, double error, qn_netlist_form form)
{
  qn_spice_accuracy a = qn_spice_accuracy_for(&s->chip, error);
  qn_spice_report report;
  qn_diag diag = {0};

  cr_assert_eq(qn_spice_run_form(&s->chip, &s->net, &s->data, &a, form, 1, NULL,
                                 s->trace, &report, &diag),
               QN_OK, "%s: %s", diag.file, diag.message);
  cr_assert(report.time_points > SMALL_ROWS);
  cr_expect_eq(report.warnings, 0, "ngspice: %s", report.warning);
}
