/* test_stress.c - a network that no process holds: exactly what is clipped, and
 * to what. Oracle: the limits of sky130_reram and the mapper's rules by hand.
 *
 * Reversal potentials to +-5 put the rails at +-5.5 (5 % of 10 outside). Neuron
 * 0 has weights of 1e4 and 1 and a leak of 1: of its six memristors, in parts
 * of 1/11, the largest takes conductance_max_s and four are below the window,
 * 330 times less. Neuron 1 has no capacitor and a leak alone, neuron 2 no leak
 * and a synapse of weight 0. Slopes are +-30 and 0.01, beyond what the
 * amplifiers reach. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>
#include <quench/ode.h>

#include "tests/base/scratch.h"
#include "tests/model/network_file.h"

TestSuite(stress, .init = scratch_open, .fini = scratch_close);

struct synapse {
  size_t pre, post;
  double w, sigma, erev;
};

/* [source, destination] of 3 units */
static void put(struct network_file *f, struct synapse s)
{
  size_t i = 3 * s.pre + s.post;

  network_file_values(f, "sparsity_mask")[i] = 1;
  network_file_values(f, "w")[i] = s.w;
  network_file_values(f, "sigma")[i] = s.sigma;
  network_file_values(f, "mu")[i] = 0.25;
  network_file_values(f, "erev")[i] = s.erev;
}

static qn_network *stress(void)
{
  struct network_file *f = network_file_alloc(1, 3, 1);
  double *cm = network_file_values(f, "cm");
  double *gleak = network_file_values(f, "gleak");

  for (size_t i = 0; i < 9; i++)
    network_file_values(f, "sparsity_mask")[i] = 0;
  for (size_t j = 0; j < 3; j++) {
    cm[j] = gleak[j] = 1;
    network_file_values(f, "vleak")[j] = 0;
    network_file_values(f, "sensory_sparsity_mask")[j] = j == 2;
    network_file_values(f, "sensory_w")[j] = 0.5;
    network_file_values(f, "sensory_sigma")[j] = 0.01;
    network_file_values(f, "sensory_erev")[j] = 5;
  }
  cm[1] = 0;
  gleak[2] = 0;
  put(f, (struct synapse){1, 0, 1e4, 5, 5});
  put(f, (struct synapse){2, 0, 1, -30, -5});
  put(f, (struct synapse){0, 2, 0, 5, 1}); /* of weight zero: absent */
  put(f, (struct synapse){1, 2, 1, 30, -5});
  return network_file_open(f);
}

static int is_clip(const qn_clip *c, const qn_clip *want)
{
  int has_pre = strcmp(want->kind, "leak") && strcmp(want->kind, "membrane");

  return !strcmp(c->what, want->what) && !strcmp(c->kind, want->kind) &&
         c->post == want->post && c->side == want->side &&
         (!has_pre || c->pre == want->pre) &&
         fabs(c->wanted / want->wanted - 1) < 1e-9 &&
         fabs(c->got / want->got - 1) < 1e-9;
}

static void expect_clip(const qn_chip *chip, qn_clip want)
{
  size_t n = 0;

  for (size_t i = 0; i < chip->clips; i++)
    n += (size_t)is_clip(&chip->clip[i], &want);
  cr_expect_eq(n, 1, "%zu clips: %s %s %zu -> %zu, wanted %g, got %g", n,
               want.kind, want.what, want.pre, want.post, want.wanted,
               want.got);
}

Test(stress, clips_exactly_what_the_process_cannot_hold)
{
  qn_network *net = stress();
  qn_technology t;
  qn_chip *chip;
  double unit, gain, scale, capacitor;

  cr_assert_eq(qn_technology_open(&t, "sky130_reram", NULL), QN_OK);
  cr_assert_eq(qn_chip_map(&chip, net, &t, NULL), QN_OK);
  unit = 0.2 / 11;
  cr_expect_float_eq(chip->volts_per_unit, unit, 1e-12);
  cr_expect_str_eq(chip->volts_bound, "memristor.read_voltage_v");

  /* neuron 0: 10.5/11 of 1e4 is the largest */
  scale = 99e-6 / (1e4 * 10.5 / 11);
  cr_expect_float_eq(chip->siemens_per_unit[0], scale, 1e-9 * scale);
  expect_clip(chip, (qn_clip){"conductance", "recurrent", 2, 0,
                              scale * 0.5 / 11, 0.3e-6, QN_PLUS});
  expect_clip(chip, (qn_clip){"conductance", "recurrent", 2, 0,
                              scale * 10.5 / 11, 0.3e-6, QN_MINUS});
  for (size_t i = 0, n = 0; i < chip->clips; i++)
    if (!strcmp(chip->clip[i].kind, "leak")) {
      cr_expect(chip->clip[i].post == 0 && ++n <= 2);
      cr_expect_float_eq(chip->clip[i].wanted, scale / 2, 1e-9 * scale);
      cr_expect_eq(chip->clip[i].got, 0.3e-6);
    }

  /* gains: slope kappa / U_T at 300 K */
  gain = 1 / (0.7 / (1.380649e-23 * 300 / 1.602176634e-19) * unit);
  expect_clip(chip,
              (qn_clip){"gain", "recurrent", 2, 0, -30 * gain, -20, QN_PLUS});
  expect_clip(chip,
              (qn_clip){"gain", "recurrent", 1, 2, 30 * gain, 20, QN_PLUS});
  expect_clip(chip,
              (qn_clip){"gain", "sensory", 0, 2, 0.01 * gain, 0.1, QN_PLUS});

  /* neuron 1: a thousandth of its leak for one model second, which fits */
  capacitor = 1e-3 * chip->siemens_per_unit[1] * chip->seconds_per_unit;
  cr_expect_float_eq(chip->capacitance_f[1], capacitor, 1e-9 * capacitor);

  /* and no other: 4 conductances, 3 gains, the capacitor of neuron 0 */
  expect_clip(chip, (qn_clip){"capacitor", "membrane", 0, 0,
                              scale * chip->seconds_per_unit, 20e-15, QN_PLUS});
  cr_expect_eq(chip->clips, 8);

  /* a weight of zero and a leak of zero have no device */
  cr_expect_eq(chip->recurrent.count, 3);
  cr_expect(chip->leak_plus_s[2] == 0 && chip->leak_minus_s[2] == 0);
  qn_chip_free(chip);
  qn_network_free(net);
}

/* ---- unclipped ---------------------------------------------------------------------- */

static void expect_same_branches(const qn_branches *a, const qn_branches *b)
{
  for (size_t i = 0; i < a->count; i++) {
    const qn_branch *x = &a->at[i], *y = &b->at[i];

    cr_expect_float_eq(x->plus_s, y->plus_s, 1e-12 * y->plus_s);
    cr_expect_float_eq(x->minus_s, y->minus_s, 1e-12 * y->minus_s);
    cr_expect_float_eq(x->gate.gain, y->gate.gain, 1e-12);
    cr_expect_float_eq(x->minus_gate.gain, y->minus_gate.gain, 1e-12);
  }
}

static void expect_same(const qn_chip *a, const qn_chip *b)
{
  expect_same_branches(&a->recurrent, &b->recurrent);
  expect_same_branches(&a->sensory, &b->sensory);
  for (size_t j = 0; j < a->units; j++) {
    cr_expect_float_eq(a->leak_plus_s[j], b->leak_plus_s[j],
                       1e-12 * b->leak_plus_s[j]);
    cr_expect_float_eq(a->leak_minus_s[j], b->leak_minus_s[j],
                       1e-12 * b->leak_minus_s[j]);
    cr_expect_float_eq(a->capacitance_f[j], b->capacitance_f[j],
                       1e-12 * b->capacitance_f[j]);
  }
}

/* with every clip at what it wanted, the chip is that of the process without
 * the limits that clipped; back at what it got, it is itself */
Test(stress, restored_is_the_chip_of_a_process_without_limits)
{
  qn_network *net = stress();
  qn_chip *chip, *tried, *unlimited;
  qn_technology t;

  cr_assert_eq(qn_technology_open(&t, "sky130_reram", NULL), QN_OK);
  t.levels = 0;
  memset(t.programming_s, 0, sizeof t.programming_s);
  cr_assert_eq(qn_chip_map(&chip, net, &t, NULL), QN_OK);
  t.conductance_min_s = t.gain_min = t.capacitor_min_f = 0;
  t.gain_max = HUGE_VAL;
  cr_assert_eq(qn_chip_map(&unlimited, net, &t, NULL), QN_OK);
  cr_assert_eq(qn_chip_copy(&tried, chip), QN_OK);
  cr_expect_eq(unlimited->clips, 0);
  cr_expect_geq(chip->clips, 8);
  for (size_t i = 0; i < chip->clips; i++)
    qn_chip_set_clipped(tried, &chip->clip[i], chip->clip[i].wanted);
  expect_same(tried, unlimited);
  for (size_t i = 0; i < chip->clips; i++)
    qn_chip_set_clipped(tried, &chip->clip[i], chip->clip[i].got);
  expect_same(tried, chip);
  qn_chip_free(tried), qn_chip_free(unlimited), qn_chip_free(chip);
  qn_network_free(net);
}

/* clipped or not, it runs: bounded by its rails */
Test(stress, runs_between_its_rails)
{
  qn_network *net = stress();
  double input[10] = {0};
  qn_dataset data = {.path = (char *)(size_t) "made",
                     .sequences = 1,
                     .rows = 10,
                     .features = 1,
                     .first = (size_t[]){0, 10},
                     .inputs = input};
  qn_technology t;
  qn_trace *trace;
  qn_chip *chip;

  for (int i = 0; i < 10; i++)
    input[i] = sin(i);
  cr_assert_eq(qn_technology_open(&t, "sky130_reram", NULL), QN_OK);
  cr_assert_eq(qn_chip_map(&chip, net, &t, NULL), QN_OK);
  cr_assert_eq(qn_trace_alloc(&trace, net, &data), QN_OK);
  cr_assert_eq(
    qn_chip_run(chip, net, &data, &qn_ode_options_default, trace, NULL, NULL),
    QN_OK);
  for (size_t i = 0; i < 30; i++)
    cr_expect(fabs(trace->state[i]) <= 5.5 + 1e-6);
  qn_trace_free(trace);
  qn_chip_free(chip);
  qn_network_free(net);
}
