/* test_realisations.c - a network on its realisations, through the table. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <quench/metric.h>
#include <quench/realisation.h>
#include <quench/text.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include "tests/sim/example.h"

static const qn_settings settings = {
  .technology = "ideal", .width = 16, .workers = 2};

static qn_trace *realise(const char *name, const qn_network *net,
                         const qn_dataset *data, qn_report *report)
{
  qn_diag diag = {0};
  qn_trace *trace;

  cr_assert_eq(qn_realise(qn_realisation_find(name), net, data, &settings,
                          &trace, report, &diag),
               QN_OK, "%s: %s: %s", diag.file, diag.place, diag.message);
  return trace;
}

static double metric_on(const char *name, const qn_network *net,
                        const qn_dataset *data)
{
  qn_report report;
  qn_trace *trace = realise(name, net, data, &report);
  double value = qn_metric_of(trace, data).value;

  qn_trace_free(trace);
  return value;
}

static double quantity(const qn_report *report, const char *key)
{
  for (size_t i = 0; i < report->quantities; i++)
    if (!strcmp(report->quantity[i].key, key))
      return report->quantity[i].value;
  return NAN;
}

/* the network and all 1550 test windows of the example */
static void open_occupancy(qn_network **net, qn_dataset **data)
{
  qn_diag diag = {0};

  cr_assert_eq(qn_network_read(
                 net, "examples/occupancy/occupancy_ltc19.safetensors", &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_dataset_read(data, "examples/occupancy/test_windows.csv",
                               *net, QN_INPUT_RAW, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq((*data)->rows, 24800);
}

Test(realisations, fixed_at_16_bits_keeps_the_metric_of_the_reference)
{
  example sine = example_open("sine_ltc8");
  qn_network *net;
  qn_dataset *data;

  open_occupancy(&net, &data);
  /* half a percentage point, 0.02 RMSE: what an FPGA may cost */
  cr_expect_float_eq(metric_on("fixed", net, data),
                     metric_on("reference", net, data), 0.005);
  cr_expect_float_eq(metric_on("fixed", sine.net, sine.data),
                     metric_on("reference", sine.net, sine.data), 0.02);
  qn_dataset_free(data);
  qn_network_free(net);
  example_close(&sine);
}

Test(realisations, rtl_equals_fixed_in_every_state_write_of_24800_steps)
{
  qn_report report;
  qn_network *net;
  qn_dataset *data;
  qn_trace *fixed, *rtl;

  open_occupancy(&net, &data);
  fixed = realise("fixed", net, data, &report);
  rtl = realise("rtl", net, data, &report);
  /* 6 unfolds of 19 neurons a step */
  cr_expect_eq(quantity(&report, "state_writes_equal"), 24800.0 * 6 * 19);
  cr_expect_eq(memcmp(rtl->state, fixed->state,
                      rtl->rows * rtl->units * sizeof *rtl->state),
               0);
  cr_expect_eq(memcmp(rtl->output, fixed->output,
                      rtl->rows * rtl->outputs * sizeof *rtl->output),
               0);
  qn_trace_free(fixed);
  qn_trace_free(rtl);
  qn_dataset_free(data);
  qn_network_free(net);
}

Test(realisations, the_core_refuses_irregular_spans_and_says_what_takes_them)
{
  example e = example_open("sine_ltc8");
  double spans[48];
  qn_diag diag = {0};
  qn_report report;
  qn_trace *trace;

  for (int i = 0; i < 48; i++)
    spans[i] = 1 + 0.01 * i;
  e.data->timespans = spans;
  cr_expect_eq(qn_realise(qn_realisation_find("fixed"), e.net, e.data,
                          &settings, &trace, &report, &diag),
               QN_EUNSUPPORTED);
  cr_expect(strstr(diag.message, "span") != NULL, "%s", diag.message);
  cr_expect_null(trace);
  e.data->timespans = NULL;
  example_close(&e);
}

/* half a second a sample: the core follows the reference, which at one second
 * would be somewhere else */
Test(realisations, the_core_is_made_for_the_span_that_all_samples_have)
{
  example e = example_open("sine_ltc8");
  qn_report report;
  qn_trace *reference, *fixed, *rtl;
  double spans[48];

  for (int i = 0; i < 48; i++)
    spans[i] = 0.5;
  e.data->timespans = spans;
  reference = realise("reference", e.net, e.data, &report);
  fixed = realise("fixed", e.net, e.data, &report);
  rtl = realise("rtl", e.net, e.data, &report);
  cr_expect(largest_difference(fixed->state, reference->state,
                               fixed->rows * fixed->units) < 2e-3);
  cr_expect_eq(memcmp(rtl->state, fixed->state,
                      rtl->rows * rtl->units * sizeof *rtl->state),
               0);
  e.data->timespans = NULL;
  qn_trace_free(reference);
  qn_trace_free(fixed);
  qn_trace_free(rtl);
  example_close(&e);
}

Test(realisations, a_capacitor_of_zero_is_noted)
{
  example e = example_open("sine_ltc8");
  qn_report report;
  qn_trace *trace;

  e.net->ltc.cm[2] = 0;
  trace = realise("ode", e.net, e.data, &report);
  cr_assert_eq(report.notes, 1);
  cr_expect(strstr(report.note[0], "cm = 0") != NULL);
  qn_trace_free(trace);
  example_close(&e);
}

Test(realisations, every_record_is_whole_and_has_a_twin_that_exists)
{
  for (const qn_realisation *const *r = qn_realisations; *r; r++) {
    cr_expect((*r)->name && (*r)->title && (*r)->cost && (*r)->open &&
              (*r)->run && (*r)->close);
    cr_expect_eq(qn_realisation_find((*r)->name), *r);
    if ((*r)->twin.realisation)
      cr_expect(qn_realisation_find((*r)->twin.realisation) != NULL);
  }
  cr_expect_null(qn_realisation_find("wishful"));
}

/* DESIGN section 2, line by line */
Test(realisations, what_must_equal_what_is_in_the_table)
{
  static const struct {
    const char *name, *twin, *technology;
    double percent, units;
  } row[] = {
    {"reference", NULL, NULL, 0, 0},      {"ode", NULL, NULL, 0, 0},
    {"analog", "ode", "ideal", -1, 2e-6}, {"spice", "analog", NULL, 1e-2, 0},
    {"fixed", NULL, NULL, 0, 0},          {"rtl", "fixed", NULL, 0, 0},
    {"gates", "fixed", NULL, 0, 0}};

  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    const qn_twin *t = &qn_realisation_find(row[i].name)->twin;

    cr_expect_eq(!t->realisation, !row[i].twin, "%s", row[i].name);
    if (t->realisation && row[i].twin)
      cr_expect_str_eq(t->realisation, row[i].twin);
    cr_expect_eq(!t->technology, !row[i].technology, "%s", row[i].name);
    if (t->technology && row[i].technology)
      cr_expect_str_eq(t->technology, row[i].technology);
    cr_expect_eq(t->limit_percent, row[i].percent, "%s", row[i].name);
    cr_expect_eq(t->limit, row[i].units, "%s", row[i].name);
  }
}

/* ---- which networks run where --------------------------------------------------------- */

enum { LTC, MEMORY, CFC, WIRED, NEGATIVE, KINDS };

static qn_network *kind_of_network(int kind)
{
  static const size_t sizes[] = {2, 1, 0};
  struct network_file *f =
    kind == CFC     ? network_file_alloc_cfc(2, 3, "default", 1, 4)
    : kind == WIRED ? network_file_alloc_wired(2, "default", sizes)
                    : network_file_alloc(2, 3, 1);

  if (kind == MEMORY)
    network_file_add_memory(f);
  if (kind == NEGATIVE)
    network_file_values(f, "gleak")[1] = -0.25;
  return network_file_open(f);
}

static const char no_equation[] =
  "ode integrates the equation of LTC cells, and '%s' has none: it runs on "
  "reference";

/* "" where the network is taken; a refusal names what takes the network, or
 * what the user can do */
static const char *refusal(const char *on, int kind, char text[256])
{
  static const char *const cells[] = {
    [MEMORY] = "this is 'ltc' with mixed memory: it runs on reference and ode",
    [CFC] = "this is 'cfc': it runs on reference",
    [WIRED] = "this is 'wired_cfc': it runs on reference"};
  int ode = !strcmp(on, "ode");

  text[0] = '\0';
  if (!strcmp(on, "reference") || kind == LTC || (ode && kind == MEMORY))
    return text;
  if (kind == NEGATIVE)
    return "call apply_weight_constraints() of the cell after each training "
           "step";
  if (ode)
    snprintf(text, 256, no_equation, kind == CFC ? "cfc" : "wired_cfc");
  else
    snprintf(text, 256, "%s takes LTC cells without mixed memory, %s", on,
             cells[kind]);
  return text;
}

Test(realisations, each_takes_its_networks_and_says_what_takes_the_others)
{
  scratch_open();
  for (int kind = 0; kind < KINDS; kind++) {
    qn_network *net = kind_of_network(kind);

    for (const qn_realisation *const *r = qn_realisations; *r; r++) {
      qn_diag d = {.message = ""};
      char text[256];
      const char *part = refusal((*r)->name, kind, text);

      cr_expect_eq(qn_realisation_check(*r, net, &d),
                   *part ? QN_EUNSUPPORTED : QN_OK, "%s, kind %d: %s",
                   (*r)->name, kind, d.message);
      cr_expect(diag_says(&d, *part ? net->path : "",
                          *part && kind == NEGATIVE ? "neuron 1" : "", part),
                "%s, kind %d", (*r)->name, kind);
    }
    qn_network_free(net);
  }
  scratch_close();
}

/* what is not checked first would run without sense */
Test(realisations, a_network_that_is_not_taken_is_refused_before_it_is_opened)
{
  scratch_open();
  for (int kind = CFC; kind < KINDS; kind++) {
    qn_network *net = kind_of_network(kind);
    double inputs[4] = {0.5, 1, -1, 0};
    size_t first[] = {0, 2};
    qn_dataset data = {.sequences = 1,
                       .rows = 2,
                       .features = 2,
                       .first = first,
                       .inputs = inputs};

    for (const qn_realisation *const *r = qn_realisations; *r; r++) {
      qn_report report;
      qn_trace *trace = (void *)&trace;
      qn_diag d;
      qn_status st = qn_realise(*r, net, &data, &settings, &trace, &report, &d);

      if (strcmp((*r)->name, "reference")) {
        cr_expect_eq(st, QN_EUNSUPPORTED, "%s, kind %d", (*r)->name, kind);
        cr_expect_null(trace);
        cr_expect_str_eq(d.file, net->path);
      } else {
        cr_expect_eq(st, QN_OK);
        qn_trace_free(trace);
      }
    }
    qn_network_free(net);
  }
  scratch_close();
}

Test(realisations, unfolds_are_reported_of_an_ltc_alone)
{
  example ltc = example_open("drawn/ltc_mixed");
  example cfc = example_open("occupancy_cfc16");
  qn_report report;

  qn_trace_free(realise("reference", ltc.net, ltc.data, &report));
  cr_expect_eq(quantity(&report, "unfolds"), 6);
  qn_trace_free(realise("reference", cfc.net, cfc.data, &report));
  cr_expect_eq(report.quantities, 0);
  example_close(&ltc);
  example_close(&cfc);
}

/* the netlist comes out of Yosys: without it there is none to simulate */
Test(realisations, gates_are_what_yosys_makes)
{
  example e = example_open("sine_ltc8");
  qn_diag diag = {0};
  qn_report report;
  qn_trace *trace;
  char *path;

  scratch_open();
  cr_assert_eq(chmod(scratch_text("yosys", "#!/bin/sh\nexit 1\n"), 0755), 0);
  path = qn_text_format("%s:%s", scratch_folder(), getenv("PATH"));
  setenv("PATH", path, 1);
  free(path);
  cr_expect_eq(qn_realise(qn_realisation_find("gates"), e.net, e.data,
                          &settings, &trace, &report, &diag),
               QN_ETOOL);
  cr_expect_str_eq(diag.file, "yosys");
  scratch_close();
  example_close(&e);
}

Test(realisations, a_twin_holds_up_to_its_limit_and_never_for_nan)
{
  const qn_twin model = {.limit_percent = -1, .limit = 2e-6};
  const qn_twin swing = {.limit_percent = 1e-2}, bits = {.limit_percent = 0};
  qn_difference d = {.worst = 2e-6, .worst_percent = 1e-2};

  cr_expect(qn_twin_holds(&model, &d) && qn_twin_holds(&swing, &d));
  cr_expect(!qn_twin_holds(&bits, &d));
  d = (qn_difference){.worst = 2.1e-6, .worst_percent = 1.1e-2};
  cr_expect(!qn_twin_holds(&model, &d) && !qn_twin_holds(&swing, &d));
  d = (qn_difference){.worst = NAN, .worst_percent = NAN};
  cr_expect(!qn_twin_holds(&model, &d) && !qn_twin_holds(&swing, &d));
  d = (qn_difference){0};
  cr_expect(qn_twin_holds(&bits, &d));
}

Test(realisations, a_twin_of_one_technology_binds_there_alone)
{
  const qn_twin one = {.technology = "ideal"}, any = {0};

  cr_expect(qn_twin_binds(&one, "ideal") && !qn_twin_binds(&one, "pcm"));
  cr_expect(!qn_twin_binds(&one, NULL) && qn_twin_binds(&any, NULL));
}
