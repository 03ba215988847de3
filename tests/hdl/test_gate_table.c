/* test_gate_table.c - the table of the logistic against the C library. */
#include <criterion/criterion.h>
#include <math.h>

#include <quench/golden.h>
#include <quench/quantise.h>

#include "tests/hdl/random_network.h"

static const random_spec small = {
  .seed = 1, .inputs = 1, .units = 1, .outputs = 1, .unfolds = 1, .density = 1};

static qn_core *core_of_width(unsigned width)
{
  qn_network *net = random_network(&small);
  qn_core_options opt = qn_core_options_default;
  qn_core *core;

  opt.width = width;
  cr_assert_eq(qn_core_quantise(&core, net, &opt, NULL), QN_OK);
  qn_network_free(net);
  return core;
}

/* A word stands for the middle of its step. */
static double argument_of(const qn_core *core, int32_t z)
{
  return qn_format_value(core->argument, z) + ldexp(0.5, -core->argument.frac);
}

Test(gate_table, is_the_logistic_within_the_derived_bound_for_every_argument)
{
  for (unsigned width = QN_WIDTH_MIN; width <= 18; width += 2) {
    qn_core *core = core_of_width(width);
    int32_t one = (int32_t)qn_format_max(core->gate);
    int32_t most = (int32_t)qn_format_max(core->argument);
    double worst = 0;

    for (int32_t z = -most - 1; z <= most; z++) {
      double want = 1 / (1 + exp(-argument_of(core, z)));

      worst = fmax(worst, fabs(qn_golden_gate(core, z) / (double)one - want));
    }
    cr_expect_leq(worst, core->table.error, "%u bits: %g", width, worst);
    cr_expect_leq(core->table.error, 2.0 / one, "%u bits", width);
    qn_core_free(core);
  }
}

Test(gate_table, is_monotonic_and_exactly_antisymmetric)
{
  qn_core *core = core_of_width(16);
  int32_t one = (int32_t)qn_format_max(core->gate);
  int32_t most = (int32_t)qn_format_max(core->argument), before = 0;

  for (int32_t z = -most - 1; z <= most; z++) {
    int32_t s = qn_golden_gate(core, z);

    cr_assert_geq(s, before);
    cr_assert_eq(s + qn_golden_gate(core, ~z), one);
    before = s;
  }
  cr_expect_eq(qn_golden_gate(core, most), one);
  qn_core_free(core);
}
