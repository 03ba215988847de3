/* path_bench.c - see path_bench.h. */
#include "tests/sim/path_bench.h"

#include <criterion/criterion.h>

void path_bench_open(path_bench *b, const noise_chip *c, double step)
{
  cr_assert_eq(qn_path_model_init(&b->model, &c->chip, step), QN_OK);
  cr_assert_eq(qn_path_alloc(&b->path, &b->model), QN_OK);
}

void path_bench_close(path_bench *b)
{
  qn_path_free(b->path);
  qn_path_model_release(&b->model);
}

void path_bench_drive(path_bench *b, double from, double to, double t_end)
{
  b->from = from;
  b->to = to;
  b->ramp = (qn_ramp){&b->from, &b->to, 0, t_end};
  b->model.driven.kind->set_inputs(b->path->room, &b->ramp);
}

void path_bench_begin(path_bench *b, uint64_t seed)
{
  const qn_random stem = {seed, 0, QN_PATH_WHITE};
  qn_random branch = qn_random_branch(&stem, 0);

  qn_path_begin(b->path, &branch);
}

void path_bench_thermal(noise_chip *c, size_t units, double kelvin)
{
  noise_chip_open(c, units);
  c->chip.technology.thermal_noise = QN_ON;
  c->chip.technology.temperature_k = kelvin;
}
