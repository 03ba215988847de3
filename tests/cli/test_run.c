/* test_run.c - what `quench run` writes, against what ncps computed. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/base/scratch.h"
#include "tests/cli/program.h"
#include <quench/csv.h>
#include <quench/dataset.h>
#include <quench/file.h>
#include <quench/safetensors.h>
#include <quench/text.h>

TestSuite(run, .init = scratch_open, .fini = scratch_close, .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char sine_data[] = "tests/data/sine_ltc8.reference.safetensors";
static const char occupancy[] = "tests/data/occupancy_ltc19.safetensors";
static const char occupancy_data[] =
  "tests/data/occupancy_ltc19.reference.safetensors";

/* ncps' outputs of this file, to be compared with (DESIGN section 2: 1e-12) */
static void expect_ncps_outputs(const char *reference, const double *got,
                                size_t count)
{
  qn_safetensors *file;
  const qn_tensor *want;

  cr_assert(eq(int, qn_safetensors_read(&file, reference, NULL), QN_OK));
  want = qn_safetensors_find(file, "outputs");
  cr_assert(eq(sz, want->count, count));
  for (size_t i = 0; i < count; i++)
    cr_expect(epsilon_eq(dbl, got[i], qn_tensor_value(want, i), 1e-12));
  qn_safetensors_free(file);
}

Test(run, writes_a_csv_of_what_ncps_computes)
{
  const char *path = scratch_path("out.csv");
  struct program p =
    program_run(NULL, "run", occupancy, occupancy_data, "-o", path, NULL);
  double got[8 * 16];
  qn_csv *csv;

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_expect(eq(str, p.err, ""));
  cr_expect(strstr(p.out, "reference, 8 sequences, 128 steps") != NULL);
  cr_assert(eq(int, qn_csv_read(&csv, path, NULL), QN_OK));
  cr_assert(eq(sz, csv->rows, 8 * 16));
  cr_expect(eq(str, csv->header[2], "occupied (logit)"));
  for (size_t i = 0; i < csv->rows; i++)
    cr_expect(eq(int, qn_csv_number(csv, i, 2, path, &got[i], NULL), QN_OK));
  expect_ncps_outputs(occupancy_data, got, csv->rows);
  qn_csv_free(csv);
  program_release(&p);
}

Test(run, writes_outputs_and_states_as_tensors)
{
  const char *path = scratch_path("out.safetensors");
  struct program p =
    program_run(NULL, "run", sine, sine_data, "--states", "-o", path, NULL);
  qn_safetensors *file;
  const qn_tensor *outputs, *states;
  double got[48];

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  outputs = qn_safetensors_find(file, "outputs");
  states = qn_safetensors_find(file, "states");
  cr_assert(outputs && states);
  cr_assert(eq(sz, outputs->count, 48));
  cr_expect(eq(sz, states->count, 48 * 8));
  for (size_t i = 0; i < 48; i++)
    got[i] = qn_tensor_value(outputs, i);
  expect_ncps_outputs(sine_data, got, 48);
  qn_safetensors_free(file);
  program_release(&p);
}

Test(run, traces_time_constants_beside_states)
{
  const char *path = scratch_path("out.safetensors");
  struct program p = program_run(NULL, "run", sine, sine_data, "--trace",
                                 "tau,states", "-o", path, NULL);
  qn_safetensors *file;

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_assert(eq(int, qn_safetensors_read(&file, path, NULL), QN_OK));
  cr_expect(eq(sz, qn_safetensors_count(file), 2));
  cr_assert(qn_safetensors_find(file, "tau") != NULL);
  cr_expect(eq(sz, qn_safetensors_find(file, "tau")->count, 48 * 8));
  cr_expect(qn_safetensors_find(file, "states") != NULL);
  qn_safetensors_free(file);
  program_release(&p);
}

/* raw = z * std + mean: the same outputs, but for that rounding */
Test(run, with_raw_undoes_the_scale_of_the_inputs)
{
  const char *out = scratch_path("out.csv"), *raw;
  qn_network *net;
  qn_dataset *d;
  struct program p;
  double got[8 * 16];
  qn_text text;
  qn_csv *csv;

  cr_assert(eq(int, qn_network_read(&net, occupancy, NULL), QN_OK));
  cr_assert(eq(int,
               qn_dataset_read(&d, occupancy_data, net, QN_INPUT_AS_IS, NULL),
               QN_OK));
  qn_text_init(&text);
  for (size_t k = 0; k < 5; k++)
    qn_text_add(&text, "%s,", net->input_names[k]);
  qn_text_add(&text, "sequence\n");
  for (size_t row = 0; row < d->rows; row++) {
    for (size_t k = 0; k < 5; k++)
      qn_text_add(&text, "%.17g,",
                  d->inputs[row * 5 + k] * net->input_std[k] +
                    net->input_mean[k]);
    qn_text_add(&text, "%zu\n", row / 16);
  }
  raw = scratch_text("raw.csv", text.data);
  p = program_run(NULL, "run", occupancy, raw, "--raw", "-o", out, NULL);
  cr_expect(eq(int, p.status, 0), "%s", p.err);
  cr_assert(eq(int, qn_csv_read(&csv, out, NULL), QN_OK));
  for (size_t i = 0; i < 8 * 16; i++) {
    cr_assert(eq(int, qn_csv_number(csv, i, 2, out, &got[i], NULL), QN_OK));
    cr_expect(epsilon_eq(dbl, got[i], d->outputs[i], 1e-9));
  }
  qn_csv_free(csv);
  qn_text_release(&text);
  program_release(&p);
  qn_dataset_free(d);
  qn_network_free(net);
}

Test(run, on_some_sequences_says_how_many)
{
  struct program p =
    program_run(NULL, "run", occupancy, occupancy_data, "-n", "3", NULL);

  cr_expect(eq(int, p.status, 0));
  cr_expect(strstr(p.out, "3 sequences, 48 steps") != NULL, "%s", p.out);
  program_release(&p);
}

Test(run, the_same_run_writes_the_same_bytes_with_any_jobs)
{
  const char *a = scratch_path("a.safetensors");
  const char *b = scratch_path("b.safetensors");
  struct program p = program_run(NULL, "run", occupancy, occupancy_data, "--on",
                                 "ode", "-j", "1", "--states", "-o", a, NULL);
  struct program q = program_run(NULL, "run", occupancy, occupancy_data, "--on",
                                 "ode", "-j", "5", "--states", "-o", b, NULL);
  char *one, *many;
  size_t n, m;

  cr_expect(p.status == 0 && q.status == 0);
  cr_assert(eq(int, qn_file_read(a, &one, &n, NULL), QN_OK));
  cr_assert(eq(int, qn_file_read(b, &many, &m, NULL), QN_OK));
  cr_expect(n == m && !memcmp(one, many, n));
  free(one);
  free(many);
  program_release(&p);
  program_release(&q);
}

/* ---- stopping ------------------------------------------------------------------------------ */

/* 1 once the process catches this signal (proc(5), SigCgt) */
static int catches(pid_t pid, int signal_number)
{
  unsigned long long caught = 0;
  char path[64], line[256];
  FILE *f;

  snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
  f = fopen(path, "r");
  while (f && fgets(line, sizeof line, f))
    if (!strncmp(line, "SigCgt:", 7))
      caught = strtoull(line + 7, NULL, 16);
  if (f)
    fclose(f);
  return (int)(caught >> (signal_number - 1) & 1);
}

/* 2000 sequences of 100000 unfolds: a minute, if nothing stopped it */
Test(run, an_interrupt_stops_a_run_cleanly)
{
  const struct timespec pause = {.tv_nsec = 5000000};
  const char *data, *out = scratch_path("out.csv");
  struct program p;
  size_t before;
  qn_text text;
  pid_t pid;

  qn_text_init(&text);
  qn_text_add(&text, "sin,cos,sequence\n");
  for (int i = 0; i < 2000; i++)
    qn_text_add(&text, "0,1,%d\n", i);
  data = scratch_text("long.csv", text.data);
  qn_text_release(&text);
  before = scratch_files();
  pid =
    program_start(NULL, (const char *const[]){"run", sine, data, "--unfolds",
                                              "1000000", "-o", out, NULL});
  for (int i = 0; i < 2000 && !catches(pid, SIGINT); i++)
    nanosleep(&pause, NULL);
  cr_assert(eq(int, kill(pid, SIGINT), 0));
  p = program_wait(pid);
  cr_expect(eq(int, p.status, 1));
  cr_expect(eq(str, p.out, ""));
  cr_expect(eq(str, p.err, "quench: stopped\n"));
  cr_expect(eq(sz, scratch_files(), before));
  program_release(&p);
}

/* ---- a chip after many inferences ---------------------------------------------------- */

#define MOVING "sky130_reram,memristor.read_disturb=on"

static double life_number(const char *technology, const char *key)
{
  struct program p =
    program_run(NULL, "run", sine, sine_data, "--on", "analog", "-t",
                technology, "--inferences", "1e12", "--json", NULL);
  json_t *document = json_loads(p.out, 0, NULL);
  const json_t *results = json_object_get(document, "results");
  double value =
    json_number_value(json_object_get(json_array_get(results, 0), key));

  cr_expect(eq(int, p.status, 0), "%s", p.err);
  json_decref(document);
  program_release(&p);
  return value;
}

/* e-fold in 31 mV: what nobody notices at 0.2 V is plain at 0.5 V */
Test(run, ages_a_chip_by_its_inferences)
{
  double low = life_number(MOVING, "life_moved_worst_percent");
  double high = life_number(MOVING ",memristor.read_voltage_v=0.5",
                            "life_moved_worst_percent");

  cr_expect(low > 0 && low < 1e-3, "%g", low);
  cr_expect(high > 0.01 && high < 10, "%g", high);
}

Test(run, refuses_the_life_of_memristors_that_stand_still)
{
  struct program p =
    program_run(NULL, "run", sine, sine_data, "--on", "analog", "-t",
                "sky130_reram", "--inferences", "1e9", NULL);

  cr_expect(eq(int, p.status, 1));
  cr_expect(eq(str, p.out, ""));
  cr_expect(
    strstr(p.err, "quench: sky130_reram: memristor.read_disturb: off") == p.err,
    "%s", p.err);
  program_release(&p);
}
