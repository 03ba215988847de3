/* test_ltc.c - what follows from an LTC's parameters, against sums and bounds
 * by hand. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"
#include <quench/network.h>

TestSuite(ltc, .init = scratch_open, .fini = scratch_close);

/* two units, one input; by hand: unit 0 has vleak -3/4, erev 2 (from 0), -1/4
 * (from 1), 1/2 (input); unit 1 has vleak 1/4 alone */
static qn_network *two_units(void)
{
  struct network_file *f = network_file_alloc(1, 2, 1);

  network_file_values(f, "vleak")[0] = -0.75;
  network_file_values(f, "vleak")[1] = 0.25;
  network_file_values(f, "gleak")[0] = 0.5;
  network_file_values(f, "gleak")[1] = 0.125;
  network_file_values(f, "cm")[1] = 0;
  network_file_values(f, "erev")[0] = 2;
  network_file_values(f, "erev")[2] = -0.25;
  network_file_values(f, "sensory_erev")[0] = 0.5;
  network_file_values(f, "w")[0] = 1;
  network_file_values(f, "w")[2] = 2;
  network_file_values(f, "sensory_w")[0] = 4;
  network_file_values(f, "sparsity_mask")[1] = 0;
  network_file_values(f, "sparsity_mask")[3] = 0;
  network_file_values(f, "sensory_sparsity_mask")[1] = 0;
  return network_file_open(f);
}

Test(ltc, hull_holds_zero_the_leak_and_every_reversal_potential)
{
  qn_network *net = two_units();
  double low, high;

  qn_ltc_hull(net, 0, &low, &high);
  cr_expect(eq(dbl, low, -0.75));
  cr_expect(eq(dbl, high, 2));
  qn_ltc_hull(net, 1, &low, &high);
  cr_expect(eq(dbl, low, 0));
  cr_expect(eq(dbl, high, 0.25));
  qn_network_free(net);
}

Test(ltc, largest_conductance_is_the_leak_and_every_weight)
{
  qn_network *net = two_units();

  cr_expect(eq(dbl, qn_ltc_conductance_max(net, 0), 0.5 + 1 + 2 + 4));
  cr_expect(eq(dbl, qn_ltc_conductance_max(net, 1), 0.125));
  qn_network_free(net);
}

/* DESIGN section 6: 1e-3 (gleak + sum of w) times the sample */
Test(ltc, a_zero_capacitance_becomes_a_thousandth_of_a_sample)
{
  qn_network *net = two_units();

  cr_expect(eq(dbl, qn_ltc_capacitance(net, 0, 2.0), 1));
  cr_expect(eq(dbl, qn_ltc_capacitance(net, 1, 2.0), 1e-3 * 0.125 * 2));
  qn_network_free(net);
}

Test(ltc, a_neuron_without_any_conductance_is_refused_by_name)
{
  struct network_file *f = network_file_alloc(1, 3, 1);
  qn_network *net;
  qn_diag d;

  network_file_values(f, "cm")[1] = 0;
  network_file_values(f, "gleak")[1] = 0;
  network_file_values(f, "sensory_w")[1] = 0;
  for (size_t pre = 0; pre < 3; pre++)
    network_file_values(f, "sparsity_mask")[pre * 3 + 1] = 0;
  net = network_file_open(f);
  cr_expect(eq(int, qn_ltc_check_continuous(net, &d), QN_EUNSUPPORTED));
  cr_expect(diag_says(&d, net->path, "neuron 1", "undefined"));
  qn_network_free(net);
}
