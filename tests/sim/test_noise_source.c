/* test_noise_source.c - densities and couplings against finite differences of
 * the currents and against the laws written out, on trained networks' dies. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/die.h>

#include "sim/noise_source.h"
#include "tests/sim/example.h"

static const double kt4 = 4 * 1.380649e-23 * 300, charge = 1.602176634e-19;

#define WITH                                                         \
  ",noise.thermal=on,noise.shot=on,noise.amplifier_v_per_rthz=1e-7," \
  "noise.memristor_flicker=1e-6,noise.amplifier_flicker_v2=1e-9"

static const char *const technologies[] = {
  "sky130_reram" WITH,
  "sky130_reram,synapse.cell=steered" WITH,
  "sky130_reram,synapse.cell=transconductor,synapse.linear_range_v=0.3" WITH,
  "sky130_reram,synapse.cell=transconductor" WITH,
  "sky130_reram,memristor.spread.v0=0.1,synapse.switch_ohm=2000" WITH,
  NULL};

/* a die at some states and inputs */
struct bench {
  example e;
  qn_chip *chip;
  qn_driven driven;
  qn_circuit_room *room;
  qn_noise_sources sources;
  double input[8], x[8];
};

static void open_bench(struct bench *b, const char *technology)
{
  const qn_die die = {3, 1};
  qn_diag diag = {0};
  qn_ramp held = {b->input, b->input, 0, 0};
  size_t clipped = 0;

  b->e = example_open("sine_ltc8");
  cr_assert_eq(qn_chip_open(&b->chip, b->e.net, technology, &die, &diag), QN_OK,
               "%s", diag.message);
  cr_assert_eq(qn_driven_init_elements(&b->driven, b->chip), QN_OK);
  cr_assert_eq(qn_noise_sources_init(&b->sources, b->driven.model), QN_OK);
  b->room = b->driven.kind->workspace_alloc(b->driven.model);
  b->driven.kind->map_inputs(b->driven.model, b->e.data->inputs, b->input,
                             &clipped);
  b->driven.kind->set_inputs(b->room, &held);
  for (size_t j = 0; j < 8; j++)
    b->x[j] = b->chip->volts_per_unit * (0.5 - 0.13 * (double)j);
  cr_assert_eq(qn_elements_evaluate(b->room, 0, b->x), QN_OK);
}

static void close_bench(struct bench *b)
{
  b->driven.kind->workspace_free(b->room);
  qn_noise_sources_release(&b->sources);
  qn_driven_release(&b->driven);
  qn_chip_free(b->chip);
  example_close(&b->e);
}

/* current into a membrane [A] */
static double inflow(struct bench *b, size_t post)
{
  double dx[8];

  cr_assert_eq(qn_elements_rhs(0, b->x, dx, b->room), QN_OK);
  return dx[post] * b->chip->capacitance_f[post];
}

static void expect_close(double got, double want, double size)
{
  cr_expect(fabs(got - want) <= size, "%g, not %g", got, want);
}

/* a volt at an amplifier's input is one less at the threshold of its gates */
Test(noise_source, an_amplifiers_coupling_is_the_currents_slope_at_its_input)
{
  for (int i = 0; technologies[i]; i++) {
    struct bench b = {.chip = NULL};
    double now[64], most = 0;
    qn_circuit *c;
    const double h = 1e-5;

    open_bench(&b, technologies[i]);
    c = b.driven.model;
    cr_assert(b.sources.synapses <= 64 && b.sources.synapses > 10);
    qn_noise_coloured(&b.sources, QN_NOISE_OF_AMPLIFIERS, b.room, now);
    for (size_t k = 0; k < b.sources.synapses; k++)
      most = fmax(most, fabs(now[k]));
    for (size_t k = 0; k < b.sources.synapses; k++) {
      const qn_noise_synapse *y = &b.sources.synapse[k];
      const qn_element *e = &c->element[y->first];
      qn_gates *g =
        e->gated == QN_GATED_RECURRENT ? &c->recurrent : &c->sensory;
      size_t count = e->gated == QN_GATED_RECURRENT ? b.chip->recurrent.count
                                                    : b.chip->sensory.count;
      const qn_ramp held = {b.input, b.input, 0, 0};
      double side[2];

      for (int s = 0; s < 2; s++) {
        for (size_t q = e->gate % count; q < g->count; q += count)
          g->threshold[q] -= s ? h : -h;
        b.driven.kind->set_inputs(b.room, &held);
        side[s] = inflow(&b, e->post);
        for (size_t q = e->gate % count; q < g->count; q += count)
          g->threshold[q] += s ? h : -h;
      }
      expect_close(now[k], (side[1] - side[0]) / (2 * h), 1e-6 * most);
    }
    close_bench(&b);
  }
}

/* and a memristor's, that by the logarithm of its conductance */
Test(noise_source, a_memristors_coupling_is_what_it_carries)
{
  for (int i = 0; technologies[i]; i++) {
    struct bench b = {.chip = NULL};
    double now[128], most = 0;
    qn_circuit *c;

    open_bench(&b, technologies[i]);
    c = b.driven.model;
    cr_assert(c->elements <= 128);
    qn_noise_coloured(&b.sources, QN_NOISE_OF_MEMRISTORS, b.room, now);
    for (size_t k = 0; k < c->elements; k++)
      most = fmax(most, fabs(now[k]));
    for (size_t k = 0; k < c->elements; k++) {
      qn_element *e = &c->element[k];
      double with = inflow(&b, e->post), g = e->g, want;

      e->g = 0;
      want = with - inflow(&b, e->post);
      e->g = g;
      /* a switch in series takes its part of the voltage, which is small */
      expect_close(now[k], want, 1e-12 * most);
    }
    close_bench(&b);
  }
}

/* the laws of noise_source.h, element by element */
struct sums {
  double thermal, shot, gate, amplifier;
};

static void add_law(struct sums *s, const struct bench *b, size_t k)
{
  const qn_circuit *c = b->driven.model;
  const qn_technology *t = &b->chip->technology;
  const qn_element *e = &c->element[k];
  double open = qn_elements_open(b->room, e), g = b->room->g[k];
  double range = isfinite(t->linear_range_v) ? t->linear_range_v
                                             : 2 * 8.617333262e-5 * 300 / 0.7;

  if (e->gated == QN_GATED_NEVER || t->cell == QN_CELL_DIRECT) {
    s->thermal += kt4 * open * g;
  } else if (t->cell == QN_CELL_STEERED) {
    s->thermal += kt4 * open * open * g;
    s->shot += 2 * charge * fabs(g * b->room->drive[k]) * open * (1 - open);
  } else {
    double flow = g * b->room->drive[k];

    s->shot += 4 * charge * open * g * range;
    s->gate += 2 * charge * flow * flow * open * (1 - open) / (g * range);
  }
}

static void add_synapse(struct sums *s, const struct bench *b, size_t i,
                        double by_input)
{
  const qn_circuit *c = b->driven.model;
  const qn_noise_synapse *y = &b->sources.synapse[i];
  double open = qn_elements_open(b->room, &c->element[y->first]), flow = 0;

  s->amplifier += pow(by_input * 1e-7, 2);
  for (size_t k = y->first; k < y->first + y->count; k++)
    flow += b->room->g[k] * b->room->drive[k];
  if (b->chip->technology.cell == QN_CELL_DIRECT)
    s->gate += 2 * charge * flow * flow * open * (1 - open) / 1e-7;
}

Test(noise_source, white_densities_are_the_sums_of_their_laws)
{
  for (int i = 0; technologies[i]; i++) {
    struct bench b = {.chip = NULL};
    double density[QN_NOISE_WHITE * 8], by_input[64];
    const qn_circuit *c;

    open_bench(&b, technologies[i]);
    c = b.driven.model;
    qn_noise_white(&b.sources, b.room, density);
    qn_noise_coloured(&b.sources, QN_NOISE_OF_AMPLIFIERS, b.room, by_input);
    for (size_t j = 0; j < 8; j++) {
      struct sums s = {0};

      for (size_t k = c->first[j]; k < c->first[j + 1]; k++)
        add_law(&s, &b, k);
      for (size_t k = 0; k < b.sources.synapses; k++)
        if (qn_noise_coloured_post(&b.sources, QN_NOISE_OF_AMPLIFIERS, k) == j)
          add_synapse(&s, &b, k, by_input[k]);
      expect_close(density[QN_NOISE_THERMAL * 8 + j], s.thermal,
                   1e-12 * s.thermal);
      expect_close(density[QN_NOISE_SHOT * 8 + j], s.shot, 1e-6 * s.shot);
      expect_close(density[QN_NOISE_GATE * 8 + j], s.gate, 1e-6 * s.gate);
      expect_close(density[QN_NOISE_AMPLIFIER * 8 + j], s.amplifier,
                   1e-12 * s.amplifier);
      cr_expect(s.thermal > 0);
    }
    close_bench(&b);
  }
}

/* 4 k T g of an ohmic chip: the density is 4 k T C times the membrane's decay,
 * so that kT/C is what is left, whatever the gates do */
Test(noise_source, thermal_noise_of_ohmic_cells_goes_with_their_decay)
{
  struct bench b = {.chip = NULL};
  double density[QN_NOISE_WHITE * 8], *jacobian;
  const qn_circuit *c;

  open_bench(&b, "sky130_reram,memristor.device=ohmic,noise.thermal=on");
  c = b.driven.model;
  jacobian = calloc(c->pattern.count, sizeof *jacobian);
  qn_elements_jacobian_here(b.room, b.x, jacobian);
  qn_noise_white(&b.sources, b.room, density);
  for (size_t j = 0; j < 8; j++) {
    double decay = -jacobian[c->pattern.diagonal[j]];
    double loops = 0; /* what a neuron does to itself by way of its gates */

    for (size_t k = c->first[j]; k < c->first[j + 1]; k++)
      if (c->element[k].gated == QN_GATED_RECURRENT &&
          c->recurrent.pre[c->element[k].gate] == j)
        loops += 1;
    if (loops == 0)
      expect_close(density[j], kt4 * b.chip->capacitance_f[j] * decay,
                   1e-12 * density[j]);
  }
  free(jacobian);
  close_bench(&b);
}

Test(noise_source, readings_have_their_own_noise_and_ktc)
{
  qn_technology t = {.temperature_k = 300};

  cr_expect_eq(qn_noise_reading(&t), 0);
  t.readout_noise_v = 3e-5;
  expect_close(qn_noise_reading(&t), 3e-5, 1e-18);
  t.readout_f = 1e-12; /* 64.36 uV */
  expect_close(qn_noise_reading(&t), hypot(3e-5, 64.35796e-6), 1e-10);
}
