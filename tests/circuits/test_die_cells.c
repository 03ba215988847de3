/* test_die_cells.c - what a die does to cells, readouts and parameters, against
 * the laws in die.h; and that published dies stay what they are. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>

#include "tests/circuits/fab.h"

/* A die of 2026, as it was first published: whoever names seed and number gets
 * these values, whatever else a die has learnt since. */
Test(die, three_of_seed_7_is_what_it_always_was)
{
  struct fab f = {0};
  const double want[] = {3.356947742860022e-12, 1.4344857250572166e-05,
                         1.301920791517743e-05, 6.329198495944685e-05,
                         5.580001481871631,     0.9291995858207422,
                         1.001189128692605,     0.8010875491251945};
  double got[8];
  qn_chip *die;

  cr_assert_eq(
    qn_network_read(&f.net, "tests/data/sine_ltc8.safetensors", NULL), QN_OK);
  cr_assert_eq(qn_technology_open(&f.tech, "sky130_reram", NULL), QN_OK);
  fab_map(&f);
  die = fab_draw(&f, 7, 3);
  got[0] = die->capacitance_f[0];
  got[1] = die->leak_plus_s[0];
  got[2] = die->recurrent.at[0].plus_s;
  got[3] = die->recurrent.at[0].minus_s;
  got[4] = die->recurrent.at[0].gate.gain;
  got[5] = die->recurrent.at[0].gate.threshold_v;
  got[6] = die->rail_plus_v;
  got[7] = die->rail_minus_v;
  for (int i = 0; i < 8; i++)
    cr_expect_float_eq(got[i], want[i], 1e-12 * want[i], "%d: %.17g, was %.17g",
                       i, got[i], want[i]);
  qn_chip_free(die);
  fab_close(&f);
}

Test(die, a_readout_deviates_by_its_offset)
{
  struct fab f = fab_open("sky130_reram");
  struct sample offset = {0};

  f.tech.readout_offset_v = 3e-3;
  fab_map(&f);
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 4, k);

    sample_add(&offset, die->readout_offset_v[0]);
    qn_chip_free(die);
  }
  sample_expect_normal(&offset, 0, 3e-3);
  fab_close(&f);
}

/* 4 mV um on 2 um2, as its gate's pair */
Test(die, a_transconductor_s_reversal_deviates_by_its_pair)
{
  struct fab f = fab_open("sky130_reram,synapse.cell=transconductor");
  struct sample reversal = {0}, threshold = {0}, both = {0};
  const qn_branch *b;
  double pair = 4e-9 / sqrt(2e-12), gate;

  f.tech.threshold_mismatch_v_m = 4e-9;
  fab_map(&f);
  b = &f.chip->sensory.at[1];
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 9, k);
    double e = die->sensory.at[1].reversal_v - b->reversal_v;
    double v = die->sensory.at[1].gate.threshold_v - b->gate.threshold_v;

    sample_add(&reversal, e);
    sample_add(&threshold, v);
    sample_add(&both, e + v);
    cr_expect_eq(die->sensory.at[1].minus_s, 0);
    qn_chip_free(die);
  }
  gate = hypot(pair / b->gate.gain, 4e-9 / sqrt(20e-12));
  sample_expect_normal(&reversal, 0, pair);
  sample_expect_normal(&threshold, 0, gate);
  sample_expect_normal(&both, 0, hypot(pair, gate)); /* not of one draw */
  fab_close(&f);
}

/* two pairs behind one amplifier: what they share is its offset */
Test(die, a_steered_cell_s_pairs_differ_but_for_their_amplifier)
{
  struct fab f = fab_open("sky130_reram,synapse.cell=steered");
  struct sample apart = {0}, minus = {0}, slope = {0}, slopes = {0};
  const qn_branch *b;
  double pair, amplifier = 4e-9 / sqrt(20e-12);

  f.tech.threshold_mismatch_v_m = 4e-9;
  f.tech.slope_mismatch_m = 1e-8;
  fab_map(&f);
  b = &f.chip->recurrent.at[1];
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 6, k);
    const qn_branch *d = &die->recurrent.at[1];

    sample_add(&apart, d->gate.threshold_v - d->minus_gate.threshold_v);
    sample_add(&minus, d->minus_gate.threshold_v - b->minus_gate.threshold_v);
    sample_add(&slope, d->minus_gate.gain / b->minus_gate.gain - 1);
    sample_add(&slopes, (d->gate.gain - d->minus_gate.gain) / b->gate.gain);
    qn_chip_free(die);
  }
  pair = 4e-9 / sqrt(2e-12) / b->gate.gain;
  sample_expect_normal(&apart, 0, sqrt(2) * pair);
  sample_expect_normal(&minus, 0, hypot(pair, amplifier));
  sample_expect_normal(&slope, 0, 1e-8 / sqrt(2e-12));
  sample_expect_normal(&slopes, 0, sqrt(2) * 1e-8 / sqrt(2e-12));
  fab_close(&f);
}

Test(die, report_counts_both_pairs_of_a_steered_cell)
{
  struct fab f = fab_open("sky130_reram,synapse.cell=steered");
  qn_die_report r;
  qn_chip *die;

  fab_map(&f);
  die = fab_draw(&f, 1, 0);
  die->recurrent.at[0].minus_gate.threshold_v += 0.5 * die->volts_per_unit;
  die->sensory.at[0].gate.gain *= 1.2;
  r = qn_die_compare(die, f.chip);
  cr_expect_float_eq(r.threshold_worst, 0.5, 1e-12);
  cr_expect_float_eq(r.threshold_rms, 0.5 / sqrt(34), 1e-12); /* 17 synapses */
  cr_expect_float_eq(r.slope_rms, 0.2 / sqrt(34), 1e-12);
  qn_chip_free(die);
  fab_close(&f);
}

/* ---- parameters ------------------------------------------------------------------------ */

static int same_parameters(const qn_chip *a, const qn_chip *b)
{
  return !memcmp(a->parameter, b->parameter,
                 qn_chip_memristors(a) * QN_DEVICE_PARAMETERS_MAX *
                   sizeof *a->parameter);
}

Test(die, parameters_spread_relative_to_their_value)
{
  struct fab f = fab_open("sky130_reram,memristor.spread.v0=0.02");
  struct sample v0 = {0}, other = {0}, both = {0};
  size_t i, j;

  fab_map(&f);
  cr_expect_null(f.chip->parameter);
  i = qn_chip_memristor(f.chip, QN_AT_RECURRENT, 3, QN_PLUS);
  j = qn_chip_memristor(f.chip, QN_AT_RECURRENT, 3, QN_MINUS);
  for (uint32_t k = 0; k < DIES; k++) {
    qn_chip *die = fab_draw(&f, 12, k);
    double a = qn_chip_parameters(die, i)[0], b = qn_chip_parameters(die, j)[0];

    sample_add(&v0, a);
    sample_add(&other, b);
    sample_add(&both, a + b);
    cr_expect_eq(qn_chip_parameters(die, i)[1], f.tech.memristor.parameter[1]);
    qn_chip_free(die);
  }
  sample_expect_normal(&v0, 0.43, 0.02 * 0.43);
  sample_expect_normal(&other, 0.43, 0.02 * 0.43);
  sample_expect_normal(&both, 0.86, sqrt(2) * 0.02 * 0.43);
  fab_close(&f);
}

Test(die, parameters_are_the_same_for_the_same_seed_and_number)
{
  struct fab f = fab_open("hfox_generic,memristor.spread.v0=0.1,"
                          "memristor.spread.g0=0.1");
  qn_chip *a, *b, *c;

  fab_map(&f);
  a = fab_draw(&f, 1, 5), b = fab_draw(&f, 1, 5), c = fab_draw(&f, 1, 6);
  cr_expect(same_parameters(a, b));
  cr_expect(!same_parameters(a, c));
  qn_chip_free(a), qn_chip_free(b), qn_chip_free(c);
  fab_close(&f);
}

/* as wide as a card can say, on every parameter of every model */
Test(die, parameters_stay_in_range_and_are_a_device)
{
  for (const qn_device *const *d = qn_devices; *d; d++) {
    struct fab f = fab_open("ideal");
    const qn_parameter *p = (*d)->parameters;

    qn_device_card_init(&f.tech.memristor, *d);
    for (size_t k = 0; p[k].name; k++)
      f.tech.spread[k] = 1;
    fab_map(&f);
    for (uint32_t n = 0; n < 200; n++) {
      qn_chip *die = fab_draw(&f, 3, n);

      for (size_t i = 0; i < qn_chip_memristors(die); i++) {
        qn_device_card card = {.device = *d};
        qn_diag why = {.message = ""};

        memcpy(card.parameter, qn_chip_parameters(die, i),
               sizeof card.parameter);
        cr_assert_eq(qn_device_card_check(&card, &why), QN_OK, "%s: %s: %s",
                     (*d)->name, why.place, why.message);
      }
      qn_chip_free(die);
    }
    fab_close(&f);
  }
}
