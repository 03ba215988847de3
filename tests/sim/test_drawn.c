/* test_drawn.c - networks of every kind, drawn from ncps with enlarged
 * parameters, on every kernel that runs here. Oracle: what ncps computed with
 * them in float64 (tests/data/drawn/make.py). */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/reference_on.h"
#include "tests/sim/example.h"
#include "tests/sim/plain.h"

static void expect_as_in_the_file(const qn_step_kernel *kernel,
                                  const example *e, unsigned workers)
{
  double states, outputs;

  memset(e->trace->output, 0xff,
         e->trace->rows * e->trace->outputs * sizeof *e->trace->output);
  cr_assert_eq(
    qn_reference_run_on(kernel, e->net, e->data, 0, workers, NULL, e->trace),
    QN_OK);
  states = largest_relative_difference(e->trace->state, e->data->states,
                                       e->trace->rows * e->trace->units);
  outputs = largest_relative_difference(e->trace->output, e->data->outputs,
                                        e->trace->rows * e->trace->outputs);
  cr_expect(states <= 1e-12, "%s on %s: states off by %g", e->net->path,
            kernel->name, states);
  cr_expect(outputs <= 1e-12, "%s on %s: outputs off by %g", e->net->path,
            kernel->name, outputs);
}

/* 5 sequences on one worker run side by side, the last alone; on 5 workers
 * each runs alone. A draw multiplies rounding errors by 30 at most, so that
 * those of 1e-15 a sample stay far below 1e-12. */
Test(drawn, every_one_equals_ncps_within_1e_12_on_every_kernel)
{
  char **names = example_drawn();

  for (size_t i = 0; names[i]; i++) {
    example e = example_open(names[i]);

    cr_assert(e.data->outputs && e.data->states);
    cr_assert_eq(e.data->sequences, 5);
    for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++)
      for (unsigned workers = 1; workers <= 5 && qn_step_kernel_runs(*k);
           workers += 4)
        expect_as_in_the_file(*k, &e, workers);
    example_close(&e);
  }
  example_drawn_free(names);
}

/* kernels differ in exp, tanh and erf by 1 ulp and in fused products */
Test(drawn, every_kernel_is_within_1e_13_of_the_plain_one)
{
  const qn_step_kernel *plain = NULL;
  char **names = example_drawn();

  for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++)
    plain = *k;
  cr_assert_str_eq(plain->name, "plain");
  for (size_t i = 0; names[i]; i++)
    for (const qn_step_kernel *const *k = qn_step_kernels; *k; k++) {
      example e, other;
      double off;

      if (!qn_step_kernel_runs(*k))
        continue;
      e = example_open(names[i]), other = example_open(names[i]);
      cr_assert_eq(
        qn_reference_run_on(plain, e.net, e.data, 0, 1, NULL, e.trace), QN_OK);
      cr_assert_eq(
        qn_reference_run_on(*k, e.net, e.data, 0, 1, NULL, other.trace), QN_OK);
      off = largest_relative_difference(other.trace->state, e.trace->state,
                                        e.trace->rows * e.trace->units);
      cr_expect(off <= 1e-13, "%s on %s: %g", names[i], (*k)->name, off);
      off = largest_relative_difference(other.trace->output, e.trace->output,
                                        e.trace->rows * e.trace->outputs);
      cr_expect(off <= 1e-13, "%s on %s: %g", names[i], (*k)->name, off);
      example_close(&e), example_close(&other);
    }
  example_drawn_free(names);
}

/* the tests' own writing of ncps, which other tests take for an oracle */
Test(drawn, every_one_equals_the_plain_writing_of_ncps_too)
{
  char **names = example_drawn();

  for (size_t i = 0; names[i]; i++) {
    example e = example_open(names[i]);
    double off;

    plain_run(e.net, e.data, e.net->ltc.unfolds, e.trace);
    off = largest_relative_difference(e.trace->state, e.data->states,
                                      e.trace->rows * e.trace->units);
    cr_expect(off <= 1e-12, "%s: states off by %g", names[i], off);
    off = largest_relative_difference(e.trace->output, e.data->outputs,
                                      e.trace->rows * e.trace->outputs);
    cr_expect(off <= 1e-12, "%s: outputs off by %g", names[i], off);
    example_close(&e);
  }
  example_drawn_free(names);
}

/* ---- what the networks cover ---------------------------------------------------------- */

enum { ZERO = 1, NEGATIVE = 2 };

static int signs_in(const double *x, size_t n)
{
  int signs = 0;

  for (size_t i = 0; i < n; i++)
    signs |= x[i] < 0 ? NEGATIVE : x[i] == 0 ? ZERO : 0;
  return signs;
}

struct coverage {
  int constraint[3][3]; /* softplus, zeros, negatives; input map */
  int output_map[3], unfolds_1, unfolds_12, ltc_memory;
  int mode[3][4]; /* backbone layers */
  int activation[5], cfc_memory[3], cfc_projection[3], irregular[3];
  int wired[3][4]; /* one layer or several, with memory, with projection */
};

static void cover_ltc(struct coverage *c, const qn_network *net)
{
  int signs =
    signs_in(net->ltc.cm, net->units) | signs_in(net->ltc.gleak, net->units);
  int kind = net->implicit_constraints ? 0 : signs & NEGATIVE ? 2 : 1;

  cr_expect(net->implicit_constraints || signs, "%s", net->path);
  c->constraint[kind][net->input_map.kind]++;
  c->output_map[net->output_map.kind]++;
  c->unfolds_1 += net->ltc.unfolds == 1;
  c->unfolds_12 += net->ltc.unfolds == 12;
  c->ltc_memory += net->mixed_memory;
}

static void cover_cfc(struct coverage *c, const qn_network *net)
{
  const qn_cfc *cfc = &net->cfc;

  c->mode[cfc->mode][cfc->layer[0].backbones]++;
  if (cfc->layer[0].backbones)
    c->activation[cfc->activation]++;
  c->cfc_memory[cfc->mode] += net->mixed_memory;
  c->cfc_projection[cfc->mode] += net->projection.rows > 0;
}

static void cover_wired(struct coverage *c, const qn_network *net)
{
  int *seen = c->wired[net->cfc.mode];

  seen[net->cfc.layers > 1]++;
  seen[2] += net->mixed_memory;
  seen[3] += net->projection.rows > 0;
}

static void expect_all(const int *counts, size_t n, const char *what)
{
  for (size_t i = 0; i < n; i++)
    cr_expect(counts[i] > 0, "%s %zu is not covered", what, i);
}

Test(drawn, they_cover_every_way_through_ncps)
{
  struct coverage c = {.unfolds_1 = 0};
  char **names = example_drawn();

  for (size_t i = 0; names[i]; i++) {
    example e = example_open(names[i]);

    c.irregular[e.net->cell] +=
      e.data->timespans && qn_dataset_common_span(e.data) == 0;
    if (e.net->cell == QN_CELL_LTC)
      cover_ltc(&c, e.net);
    else if (e.net->cell == QN_CELL_CFC)
      cover_cfc(&c, e.net);
    else
      cover_wired(&c, e.net);
    example_close(&e);
  }
  example_drawn_free(names);
  expect_all(&c.constraint[0][0], 9, "constraint and input map");
  expect_all(c.output_map, 3, "output map");
  expect_all((int[]){c.unfolds_1, c.unfolds_12, c.ltc_memory}, 3, "ltc");
  expect_all(&c.mode[QN_CFC_DEFAULT][0], 4, "default, backbones");
  expect_all(&c.mode[QN_CFC_PURE][0], 4, "pure, backbones");
  expect_all(&c.mode[QN_CFC_NO_GATE][1], 3, "no_gate, backbones");
  expect_all(c.activation, 5, "activation");
  expect_all(c.cfc_memory, 3, "memory, mode");
  expect_all(c.cfc_projection, 3, "projection, mode");
  expect_all(c.irregular, 3, "irregular spans, cell");
  expect_all(&c.wired[QN_CFC_DEFAULT][0], 4, "wired, default");
  expect_all(&c.wired[QN_CFC_PURE][0], 3, "wired, pure");
  expect_all(&c.wired[QN_CFC_NO_GATE][0], 4, "wired, no_gate");
}
