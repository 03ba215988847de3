/* test_cosim_difference.c - a core that answers the C model's own words but
 * one: the comparison must find that one. The core is a file of frames. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <quench/cosim.h>
#include <quench/golden.h>
#include <quench/quantise.h>
#include <quench/text.h>

#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"

TestSuite(cosim_difference, .init = scratch_open, .fini = scratch_close);

enum { INPUTS = 2, UNITS = 4, OUTPUTS = 2, UNFOLDS = 3, STEPS = 3 };
enum { HELLO = 6, FRAME = 1 + OUTPUTS + 2 * UNFOLDS * UNITS };
enum { WORDS = HELLO + STEPS * FRAME + 2 };

static const random_spec spec = {.seed = 41,
                                 .inputs = INPUTS,
                                 .units = UNITS,
                                 .outputs = OUTPUTS,
                                 .unfolds = UNFOLDS,
                                 .density = 0.8,
                                 .maps = QN_MAP_AFFINE};

struct bench {
  qn_network *net;
  qn_dataset *data;
  qn_core *core;
  uint32_t word[WORDS]; /* what harness.cpp would say of the first sequence */
};

static void add_step(struct bench *b, qn_golden *golden, size_t step)
{
  uint32_t *frame = b->word + HELLO + step * FRAME;
  int32_t input[INPUTS], result[OUTPUTS], state[UNFOLDS * UNITS];

  qn_core_input_words(b->core, b->data->inputs + step * INPUTS, input, NULL);
  qn_golden_step(golden, input, result, state);
  *frame++ = b->core->cycles;
  for (int k = 0; k < OUTPUTS; k++)
    *frame++ = (uint32_t)result[k];
  for (uint32_t i = 0; i < UNFOLDS * UNITS; i++) {
    *frame++ = i / UNITS << 16 | i % UNITS;
    *frame++ = (uint32_t)state[i];
  }
}

static void open_bench(struct bench *b, size_t sequences)
{
  qn_golden *golden;

  *b = (struct bench){.net = random_network(&spec)};
  b->data = random_dataset(b->net, 7, sequences, STEPS, 2);
  cr_assert_eq(
    qn_core_quantise(&b->core, b->net, &qn_core_options_default, NULL), QN_OK);
  memcpy(
    b->word,
    (uint32_t[]){0x31434e51, b->core->width, INPUTS, OUTPUTS, UNITS, UNFOLDS},
    HELLO * sizeof *b->word);
  cr_assert_eq(qn_golden_alloc(&golden, b->core), QN_OK);
  for (size_t step = 0; step < STEPS; step++)
    add_step(b, golden, step);
  qn_golden_free(golden);
}

static void close_bench(struct bench *b)
{
  qn_core_free(b->core);
  qn_dataset_free(b->data);
  qn_network_free(b->net);
}

/* a program that says the frames whatever it is told; it takes a moment, so
 * that two of them are under way together */
static qn_status build(const qn_core *core, const char *images,
                       const qn_progress *progress, char **executable,
                       qn_diag *diag)
{
  char script[600];

  (void)core, (void)images, (void)progress, (void)diag;
  snprintf(script, sizeof script,
           "#!/bin/sh\nsleep 0.2\ncat %s\ncat > /dev/null\n",
           scratch_path("frames"));
  *executable = qn_text_format("%s", scratch_text("core.sh", script));
  return chmod(*executable, 0755) ? QN_EIO : QN_OK;
}

static const qn_cosim_target recorded = {
  .name = "recorded", .summary = "frames in a file", .build = build};

static qn_status run(const struct bench *b, unsigned children,
                     qn_cosim_report *report)
{
  qn_cosim_options opt = qn_cosim_options_default;
  qn_diag diag = {0};

  scratch_bytes("frames", b->word, sizeof b->word);
  opt.target = &recorded;
  opt.children = children;
  opt.timeout_s = 20;
  return qn_cosim_run(b->core, b->data, &opt, NULL, report, &diag);
}

Test(cosim_difference, the_model_s_own_words_are_no_difference)
{
  qn_cosim_report report;
  struct bench b;

  open_bench(&b, 1);
  cr_expect_eq(run(&b, 1, &report), QN_OK);
  cr_expect_eq(report.difference.quantity, QN_COSIM_NOTHING);
  cr_expect_eq(report.state_writes, STEPS * UNFOLDS * UNITS);
  cr_expect_eq(report.results, STEPS * OUTPUTS);
  cr_expect_eq(report.cycles_measured, b.core->cycles);
  close_bench(&b);
}

/* the lowest bit of any one word */
Test(cosim_difference, one_bit_of_any_word_is_found_where_it_is)
{
  const size_t frame1 = HELLO + FRAME, write = 1 + OUTPUTS;
  const struct {
    size_t word;
    qn_cosim_quantity quantity;
    size_t step;
    unsigned unfold;
    size_t place;
  } row[] = {
    {frame1, QN_COSIM_CYCLES, 1, 0, OUTPUTS},
    {frame1 + 1, QN_COSIM_RESULT, 1, 0, 0},
    {frame1 + 2, QN_COSIM_RESULT, 1, 0, 1},
    {frame1 + write, QN_COSIM_ORDER, 1, 0, 0},
    {frame1 + write + 1, QN_COSIM_STATE, 1, 0, 0},
    {frame1 + write + 2 * 7 + 1, QN_COSIM_STATE, 1, 1, 3},
    {frame1 + FRAME - 1, QN_COSIM_STATE, 1, UNFOLDS - 1, UNITS - 1},
    {HELLO + STEPS * FRAME, QN_COSIM_FLAGS, 0, 0, 0},
    {HELLO + STEPS * FRAME + 1, QN_COSIM_FLAGS, 0, 0, 0},
  };
  struct bench b;

  open_bench(&b, 1);
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    qn_cosim_report report;
    const qn_cosim_difference *d = &report.difference;

    b.word[row[i].word] ^= 1;
    cr_expect_eq(run(&b, 1, &report), QN_EMISMATCH, "row %zu", i);
    b.word[row[i].word] ^= 1;
    cr_expect_eq(d->quantity, row[i].quantity, "row %zu: %d", i, d->quantity);
    cr_expect_eq(d->step, row[i].step, "row %zu: step %zu", i, d->step);
    cr_expect_eq(d->unfold, row[i].unfold, "row %zu: unfold %u", i, d->unfold);
    if (row[i].quantity != QN_COSIM_CYCLES)
      cr_expect_eq(d->place, row[i].place, "row %zu: place %zu", i, d->place);
    cr_expect_neq(d->want, d->got);
  }
  close_bench(&b);
}

/* both children say the first sequence with a fault; for the second that is
 * wrong from its first write */
Test(cosim_difference, of_two_sequences_that_differ_the_first_is_told)
{
  qn_cosim_report report;
  struct bench b;

  open_bench(&b, 2);
  b.word[HELLO + 2 * FRAME + 1] ^= 1;
  cr_expect_eq(run(&b, 2, &report), QN_EMISMATCH);
  cr_expect_eq(report.difference.sequence, 0);
  cr_expect_eq(report.difference.quantity, QN_COSIM_RESULT);
  cr_expect_eq(report.difference.step, 2);
  close_bench(&b);
}

Test(cosim_difference, a_core_of_another_layout_is_refused)
{
  for (size_t i = 0; i < HELLO; i++) {
    qn_cosim_report report;
    struct bench b;

    open_bench(&b, 1);
    b.word[i] ^= 1;
    cr_expect_eq(run(&b, 1, &report), QN_ETOOL, "word %zu", i);
    close_bench(&b);
  }
}
