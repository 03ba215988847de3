/* test_lanes.c - a sequence's result does not depend, to the last bit, on what
 * runs beside it. Oracle: the same sequence alone on one worker. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/reference_on.h"
#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"
#include "tests/model/network_file.h"
#include "tests/sim/example.h"
#include "tests/sim/sequences.h"

TestSuite(lanes, .init = scratch_open, .fini = scratch_close, .timeout = 300);

enum { MOST = 20, WORKERS = 5 };

static const size_t lengths[MOST] = {7, 1, 3, 12, 5,  5, 2, 9,  1, 4,
                                     6, 6, 8, 2,  11, 3, 1, 10, 5, 7};

static qn_trace *run(const qn_step_kernel *kernel, const qn_network *net,
                     const qn_dataset *data, unsigned workers)
{
  qn_trace *t;

  cr_assert_eq(qn_trace_alloc(&t, net, data), QN_OK);
  cr_assert_eq(qn_reference_run_on(kernel, net, data, 0, workers, NULL, t),
               QN_OK);
  return t;
}

/* every sequence of `all` on its own */
static qn_trace **run_alone(const qn_step_kernel *kernel, const qn_network *net,
                            const qn_dataset *all)
{
  qn_trace **alone = calloc(all->sequences, sizeof *alone);

  for (size_t s = 0; s < all->sequences; s++) {
    qn_dataset *one = sequences_pick(all, &s, 1);

    alone[s] = run(kernel, net, one, 1);
    for (size_t i = 0; i < one->rows * net->units; i++)
      cr_assert(isfinite(alone[s]->state[i]));
    qn_dataset_free(one);
  }
  return alone;
}

static void free_traces(qn_trace **traces, size_t n)
{
  for (size_t i = 0; i < n; i++)
    qn_trace_free(traces[i]);
  free(traces);
}

static void expect_same_bits(const qn_trace *got, size_t s,
                             const qn_trace *want, const char *what)
{
  size_t row = got->first[s];

  cr_expect(!memcmp(got->state + row * got->units, want->state,
                    want->rows * want->units * sizeof *want->state),
            "states of %s", what);
  cr_expect(!memcmp(got->output + row * got->outputs, want->output,
                    want->rows * want->outputs * sizeof *want->output),
            "outputs of %s", what);
}

/* `count` of all sequences, in an order that depends on the count */
static void check_group(const qn_step_kernel *kernel, const qn_network *net,
                        const qn_dataset *all, qn_trace *const *alone,
                        size_t count, unsigned workers)
{
  size_t which[MOST];
  qn_dataset *data;
  qn_trace *got;

  for (size_t i = 0; i < count; i++)
    which[i] = (7 * i + 3 * count + workers) % MOST;
  data = sequences_pick(all, which, count);
  got = run(kernel, net, data, workers);
  for (size_t i = 0; i < count; i++)
    expect_same_bits(got, i, alone[which[i]], net->path);
  qn_trace_free(got);
  qn_dataset_free(data);
}

static void check(const qn_network *net, const qn_dataset *all)
{
  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
    qn_trace **alone;

    if (!qn_step_kernel_runs(*k))
      continue;
    alone = run_alone(*k, net, all);
    for (size_t count = 1; count <= MOST; count++)
      for (unsigned workers = 1; workers <= WORKERS; workers++)
        check_group(*k, net, all, alone, count, workers);
    free_traces(alone, all->sequences);
  }
}

/* 1 to 20 of 20 sequences of 1 to 12 steps and irregular spans on 1 to 5
 * workers: every number of lanes that a kernel has, full blocks and others */
Test(lanes, a_sequence_is_the_same_alone_and_beside_1_to_19_others)
{
  char **names = example_drawn();

  for (size_t i = 0; names[i]; i++) {
    example e = example_open(names[i]);
    qn_dataset *all =
      sequences_draw(e.net->inputs, (unsigned)i, lengths, MOST, 1.5);

    check(e.net, all);
    qn_dataset_free(all);
    example_close(&e);
  }
  example_drawn_free(names);
}

/* inputs to 40: exp, tanh and erf leave their middle range in some lanes and
 * not in others */
Test(lanes, large_inputs_of_a_neighbour_change_nothing)
{
  static const char *const activations[] = {"\"silu\"", "\"relu\"", "\"tanh\"",
                                            "\"gelu\"", "\"lecun_tanh\""};

  for (unsigned i = 0; i < 5; i++) {
    struct network_file *f = network_file_alloc_cfc(2, 5, "default", 2, 7);
    qn_network *net;
    qn_dataset *all;

    network_file_draw(f, i, 1);
    network_file_set(f, "backbone_activation", activations[i]);
    net = network_file_open(f);
    all = sequences_draw(2, i, lengths, MOST, 40);
    check(net, all);
    qn_dataset_free(all);
    qn_network_free(net);
  }
}

Test(lanes, trained_networks_are_the_same_alone_and_beside_others)
{
  static const char *const names[] = {"occupancy_ltc19", "occupancy_cfc16",
                                      "person_cfcncp40"};

  for (unsigned i = 0; i < 3; i++) {
    example e = example_open(names[i]);
    qn_dataset *all = sequences_draw(e.net->inputs, i, lengths, MOST, 2);

    check(e.net, all);
    qn_dataset_free(all);
    example_close(&e);
  }
}

/* A room of so many units does not stay in a cache with all lanes, or with
 * any: fewer are chosen. Each neuron sees the one before. */
Test(lanes, large_networks_are_the_same_alone_and_beside_others)
{
  static const size_t sizes[] = {4000, 9000, 20000, 50000};
  static const size_t few[MOST] = {1, 2, 1, 1, 2, 2, 1, 1, 2, 1,
                                   1, 2, 1, 2, 1, 1, 2, 1, 1, 2};

  for (int i = 0; i < 4; i++) {
    size_t n = sizes[i];
    qn_network net = {
      .path = (char[]){"large"},
      .cell = QN_CELL_LTC,
      .inputs = 1,
      .units = n,
      .outputs = 1,
      .input_map = {.n = 1, .w = &(double){1}, .b = &(double){0}},
      .output_map = {.n = 1, .w = &(double){1}, .b = &(double){0}},
      .ltc = {.unfolds = 2, .epsilon = 1e-8}};
    double *x = calloc(3 * n, sizeof *x);
    qn_synapses *s = &net.ltc.recurrent;
    qn_dataset *all = sequences_draw(1, 5, few, MOST, 2);
    unsigned seed = 17;

    s->count = n;
    s->at = calloc(n, sizeof *s->at);
    s->first = calloc(n + 1, sizeof *s->first);
    net.ltc.sensory.first = calloc(n + 1, sizeof *net.ltc.sensory.first);
    for (size_t k = 0; k < 3 * n; k++)
      x[k] = random_between(&seed, 0.1, 1);
    net.ltc.cm = x, net.ltc.gleak = x + n, net.ltc.vleak = x + 2 * n;
    for (size_t j = 0; j < n; j++) {
      s->first[j + 1] = j + 1;
      s->at[j] = (qn_synapse){.pre = (uint32_t)(j ? j - 1 : n - 1),
                              .post = (uint32_t)j,
                              .w = random_between(&seed, 0.1, 2),
                              .sigma = 3,
                              .erev = random_between(&seed, -1, 1)};
    }
    for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++)
      if (qn_step_kernel_runs(*k)) {
        qn_trace **alone = run_alone(*k, &net, all);

        check_group(*k, &net, all, alone, MOST, 1);
        check_group(*k, &net, all, alone, 9, 2);
        free_traces(alone, MOST);
      }
    free(s->at), free(s->first), free(net.ltc.sensory.first), free(x);
    qn_dataset_free(all);
  }
}

/* ---- one step --------------------------------------------------------------------------- */

static void step(const qn_step_kernel *kernel, const qn_step_plan *plan,
                 qn_step_room *room)
{
  if (plan->net->mixed_memory)
    kernel->remember(plan, room);
  kernel->advance(plan, room);
}

static void set_lane(qn_step_room *room, const qn_network *net, size_t lane,
                     double span, double input, double state)
{
  room->span[lane] = span;
  for (size_t k = 0; k < net->inputs; k++)
    room->input[k * room->lanes + lane] = input / (1 + k);
  for (size_t j = 0; j < net->units; j++)
    room->state[j * room->lanes + lane] = state / (1 + j);
  for (size_t j = 0; j < net->units && net->mixed_memory; j++)
    room->memory[j * room->lanes + lane] = state / (2 + j);
}

static void expect_lane(const qn_step_room *got, size_t lane,
                        const qn_step_room *want, const qn_step_plan *plan)
{
  for (size_t j = 0; j < plan->net->units; j++)
    cr_expect(
      isfinite(want->state[j]) && !memcmp(&got->state[j * got->lanes + lane],
                                          &want->state[j], sizeof(double)),
      "%s, lane %zu of %zu, unit %zu", plan->net->path, lane, got->lanes, j);
  for (size_t m = 0; m < plan->projection.rows; m++)
    cr_expect(!memcmp(&got->output[m * got->lanes + lane], &want->output[m],
                      sizeof(double)),
              "%s, lane %zu of %zu, output %zu", plan->net->path, lane,
              got->lanes, m);
}

/* three steps in every lane in turn, the others full of NaN and infinities */
static void check_lanes(const qn_step_kernel *kernel, const qn_step_plan *plan,
                        size_t lanes)
{
  static const double bad[] = {NAN, INFINITY, -INFINITY, 1e300};
  const qn_network *net = plan->net;
  qn_step_room one, many;

  cr_assert_eq(qn_step_room_init(&one, plan, 1), QN_OK);
  cr_assert_eq(qn_step_room_init(&many, plan, lanes), QN_OK);
  for (size_t lane = 0; lane < lanes; lane++) {
    for (size_t k = 0; k < lanes; k++)
      set_lane(&many, net, k, bad[(k + lane) % 4], bad[k % 4], bad[lane % 4]);
    set_lane(&many, net, lane, 0.7, 1.3, -0.4);
    set_lane(&one, net, 0, 0.7, 1.3, -0.4);
    for (int i = 0; i < 3; i++) {
      step(kernel, plan, &many);
      step(kernel, plan, &one);
      expect_lane(&many, lane, &one, plan);
      many.span[lane] = one.span[0] = i ? 0.7 : 1.9;
    }
  }
  qn_step_room_release(&one);
  qn_step_room_release(&many);
}

Test(lanes, nothing_passes_from_a_lane_to_its_neighbours)
{
  char **names = example_drawn();

  for (size_t i = 0; names[i]; i++) {
    example e = example_open(names[i]);
    qn_step_plan plan;

    cr_assert_eq(qn_step_plan_init(&plan, e.net, e.net->ltc.unfolds), QN_OK);
    for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++)
      if (qn_step_kernel_runs(*k)) {
        check_lanes(*k, &plan, (*k)->width);
        check_lanes(*k, &plan, 2 * (*k)->width);
      }
    qn_step_plan_release(&plan);
    example_close(&e);
  }
  example_drawn_free(names);
}

Test(lanes, a_cleared_room_is_as_new)
{
  static const char *const names[] = {"drawn/ltc_mixed",
                                      "drawn/wired_ncp_pure_mixed"};

  for (int i = 0; i < 2; i++) {
    example e = example_open(names[i]);
    const qn_step_kernel *kernel = qn_step_kernel_best();
    qn_step_plan plan;
    qn_step_room used, new;

    cr_assert_eq(qn_step_plan_init(&plan, e.net, e.net->ltc.unfolds), QN_OK);
    cr_assert_eq(qn_step_room_init(&used, &plan, 1), QN_OK);
    cr_assert_eq(qn_step_room_init(&new, &plan, 1), QN_OK);
    set_lane(&used, e.net, 0, 0.7, 1.3, -0.4);
    step(kernel, &plan, &used);
    qn_step_room_clear(&used, &plan);
    for (size_t k = 0; k < e.net->inputs; k++)
      used.input[k] = new.input[k] = 0.5;
    used.span[0] = new.span[0] = 1;
    step(kernel, &plan, &used);
    step(kernel, &plan, &new);
    expect_lane(&used, 0, &new, &plan);
    qn_step_room_release(&used);
    qn_step_room_release(&new);
    qn_step_plan_release(&plan);
    example_close(&e);
  }
}
