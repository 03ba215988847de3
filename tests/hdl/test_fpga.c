/* test_fpga.c - placing a core, judged by nextpnr's own report. */
#include <criterion/criterion.h>

#include <quench/fpga.h>
#include <quench/quantise.h>

#include "tests/hdl/random_network.h"

Test(fpga, a_small_core_fits_an_up5k_with_four_multipliers)
{
  static const random_spec spec = {.seed = 31,
                                   .inputs = 2,
                                   .units = 3,
                                   .outputs = 1,
                                   .unfolds = 2,
                                   .density = 0.8,
                                   .maps = QN_MAP_AFFINE};
  qn_network *net = random_network(&spec);
  qn_core_options opt = qn_core_options_default;
  qn_diag diag = {.message = ""};
  qn_fpga_report report;
  qn_core *core;

  opt.width = 10;
  cr_assert_eq(qn_core_quantise(&core, net, &opt, NULL), QN_OK);
  cr_assert_eq(
    qn_fpga_place(core, qn_fpga_device_find("up5k"), NULL, &report, &diag),
    QN_OK, "%s: %s", diag.file, diag.message);
  cr_expect_eq(report.core.dsps, 4);
  cr_expect_eq(report.available.dsps, 8);
  cr_expect_eq(report.available.logic_cells, 5280);
  cr_expect_gt(report.core.logic_cells, 300);
  cr_expect_lt(report.core.logic_cells, 2000);
  /* 16 bits in, 16 out, 4 flags in, 6 out */
  cr_expect_geq(report.wrapper.logic_cells, 42);
  cr_expect_gt(report.fmax_hz, 12e6);
  qn_core_free(core);
  qn_network_free(net);
}

Test(fpga, an_unknown_device_is_not_found)
{
  cr_expect_null(qn_fpga_device_find("xc7"));
}
