/* test_info.c - the numbers of `quench info`. Oracles: sums and hulls over the
 * file's own tensors, formulas by hand. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/info.h"
#include <quench/safetensors.h>

TestSuite(info, .init = scratch_open, .fini = scratch_close, .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char occupancy[] = "tests/data/occupancy_ltc19.safetensors";
static const char gesture[] = "tests/data/gesture_ltc32.safetensors";
static const char occupancy_cfc[] = "tests/data/occupancy_cfc16.safetensors";
static const char person[] = "tests/data/person_cfcncp40.safetensors";

/* ---- the numbers of trained LTCs --------------------------------------------------- */

/* the tensors as the file has them */
struct raw {
  qn_safetensors *file;
  size_t units, inputs;
};

static struct raw raw_open(const char *path)
{
  struct raw r = {0};

  cr_assert(eq(int, qn_safetensors_read(&r.file, path, NULL), QN_OK));
  r.inputs = qn_safetensors_find(r.file, "rnn_cell.sensory_w")->shape[0];
  r.units = qn_safetensors_find(r.file, "rnn_cell.w")->shape[0];
  return r;
}

static double raw_at(const struct raw *r, const char *prefix, const char *key,
                     size_t i)
{
  char name[64];

  snprintf(name, sizeof name, "rnn_cell.%s%s", prefix, key);
  return qn_tensor_value(qn_safetensors_find(r->file, name), i);
}

static double softplus(double x)
{
  return log(1 + exp(x));
}

/* what must hold of one neuron, from raw tensors with softplus */
struct truth {
  double fast, slow, low, high;
  size_t recurrent, sensory;
};

static size_t add_sources(const struct raw *r, const char *prefix,
                          size_t sources, size_t j, struct truth *t, double *g)
{
  size_t n = 0;

  for (size_t i = 0; i < sources; i++) {
    size_t at = i * r->units + j;
    double e = raw_at(r, prefix, "erev", at);

    if (raw_at(r, prefix, "sparsity_mask", at) == 0)
      continue;
    n++;
    *g += softplus(raw_at(r, prefix, "w", at));
    t->low = e < t->low ? e : t->low;
    t->high = e > t->high ? e : t->high;
  }
  return n;
}

static struct truth truth_of(const struct raw *r, size_t j)
{
  double vleak = raw_at(r, "", "vleak", j),
         cm = softplus(raw_at(r, "", "cm", j));
  double gleak = softplus(raw_at(r, "", "gleak", j)), g = gleak;
  struct truth t = {.low = vleak < 0 ? vleak : 0,
                    .high = vleak > 0 ? vleak : 0};

  t.recurrent = add_sources(r, "", r->units, j, &t, &g);
  t.sensory = add_sources(r, "sensory_", r->inputs, j, &t, &g);
  t.fast = cm / g;
  t.slow = cm / gleak;
  return t;
}

static void expect_truth(const json_t *n, const struct truth *t)
{
  cr_expect(ieee_ulp_eq(dbl, info_number(n, "time_constant_min"), t->fast, 64));
  cr_expect(ieee_ulp_eq(dbl, info_number(n, "time_constant_max"), t->slow, 64));
  cr_expect(eq(dbl, info_number(n, "state_min"), t->low));
  cr_expect(eq(dbl, info_number(n, "state_max"), t->high));
  cr_expect(eq(sz, (size_t)info_number(n, "recurrent_synapses"), t->recurrent));
  cr_expect(eq(sz, (size_t)info_number(n, "sensory_synapses"), t->sensory));
}

Test(info, bounds_of_trained_ltcs_are_those_of_their_tensors)
{
  static const char *const paths[] = {sine, occupancy, gesture};

  for (int i = 0; i < 3; i++) {
    struct raw r = raw_open(paths[i]);
    json_t *object, *entry = info_read(paths[i], &object);
    size_t recurrent = 0, sensory = 0;

    cr_assert(
      eq(sz, json_array_size(json_object_get(entry, "neurons")), r.units));
    for (size_t j = 0; j < r.units; j++) {
      struct truth t = truth_of(&r, j);

      expect_truth(info_neuron(entry, j), &t);
      recurrent += t.recurrent;
      sensory += t.sensory;
    }
    cr_expect(
      eq(sz, (size_t)info_number(entry, "recurrent_synapses"), recurrent));
    cr_expect(eq(sz, (size_t)info_number(entry, "sensory_synapses"), sensory));
    json_decref(object);
    qn_safetensors_free(r.file);
  }
}

/* by hand: 3 N + 4 (47 + 27) + 2 inputs + 2 outputs in use, matrices stored;
 * a gate a synapse, in each of 6 unfolds but for inputs */
Test(info, counts_parameters_and_work)
{
  struct program p = info_page(occupancy);
  json_t *object, *entry = info_read(occupancy, &object);

  cr_expect(eq(dbl, info_number(entry, "parameters"), 57 + 296 + 10 + 2));
  cr_expect(eq(dbl, info_number(entry, "parameters_stored"),
               57 + 4 * 361 + 4 * 95 + 10 + 2));
  cr_expect(eq(dbl, info_number(entry, "gates_per_sample"), 27 + 6 * 47));
  cr_expect(eq(dbl, info_number(entry, "divisions_per_sample"), 6 * 19));
  cr_expect(strstr(p.out, "365 in use of 1,893 stored") != NULL, "%s", p.out);
  cr_expect(strstr(p.out, "309 gates and 114 divisions a sample") != NULL);
  json_decref(object);
  program_release(&p);
}

/* ---- CfC ------------------------------------------------------------------------ */

static void expect_states(const json_t *entry, double low, double high)
{
  size_t units = (size_t)info_number(entry, "units");

  cr_assert(eq(sz, json_array_size(json_object_get(entry, "neurons")), units));
  for (size_t j = 0; j < units; j++) {
    cr_expect(eq(dbl, info_number(info_neuron(entry, j), "state_min"), low));
    cr_expect(eq(dbl, info_number(info_neuron(entry, j), "state_max"), high));
    cr_expect(info_is_null(info_neuron(entry, j), "time_constant_min"));
  }
}

Test(info, of_a_gated_cfc_gives_one_interval_for_all)
{
  struct program p;
  json_t *object, *entry = info_read(occupancy_cfc, &object);

  expect_states(entry, -1, 1);
  cr_expect(eq(str, (char *)info_text(entry, "mode"), "default"));
  cr_expect(info_is_null(entry, "recurrent_synapses"), "a backbone is between");
  json_decref(object);
  entry = info_read(person, &object);
  expect_states(entry, -1, 1);
  json_decref(object);
  entry = info_read(info_written(network_file_alloc_cfc(2, 3, "no_gate", 2, 4)),
                    &object);
  expect_states(entry, -2, 2);
  json_decref(object);
  p = info_page(occupancy_cfc);
  cr_expect(strstr(p.out, "every neuron within -1 to 1") != NULL);
  cr_expect(strstr(p.out, "1 layer of 24 lecun_tanh") != NULL);
  cr_expect(strstr(p.out, "16 states -> 1 output") != NULL);
  program_release(&p);
}

/* A = -2, w_tau = -1/2: 0 and -2 (1 + exp(-1/2) / e); A = 1, w_tau = 0 */
Test(info, of_a_pure_cfc_gives_each_neuron_its_interval)
{
  struct network_file *f = network_file_alloc_cfc(1, 2, "pure", 0, 1);
  double most = 2 * (1 + exp(-1.5));
  struct program p;
  json_t *object, *entry;
  const char *path, *row;
  double x[4];

  network_file_values(f, "A")[0] = -2;
  network_file_values(f, "w_tau")[0] = -0.5;
  network_file_values(f, "A")[1] = 1;
  network_file_values(f, "w_tau")[1] = 0;
  path = info_written(f);
  entry = info_read(path, &object);
  cr_expect(ieee_ulp_eq(dbl, info_number(info_neuron(entry, 0), "state_min"),
                        -most, 4));
  cr_expect(eq(dbl, info_number(info_neuron(entry, 0), "state_max"), 0));
  cr_expect(eq(dbl, info_number(info_neuron(entry, 1), "state_min"), 0));
  cr_expect(ieee_ulp_eq(dbl, info_number(info_neuron(entry, 1), "state_max"),
                        1 + exp(-1), 4));
  cr_expect(eq(dbl, info_number(entry, "state_bounds_span_min"), 1));
  p = info_page(path);
  row = info_line(p.out, "         0 ");
  cr_assert(row != NULL, "%s", p.out);
  cr_assert(
    eq(int, sscanf(row, "%*d %lf %lf %lf %lf", &x[0], &x[1], &x[2], &x[3]), 4));
  cr_expect(eq(dbl, x[0], -2));
  cr_expect(eq(dbl, x[1], -0.5));
  info_expect_shown(x[2], -most);
  cr_expect(eq(dbl, x[3], 0));
  cr_expect(strstr(p.out, "here t = 1") != NULL);
  json_decref(object);
  program_release(&p);
}

/* ---- what programs read --------------------------------------------------------- */

/* fields may be added, but none may go, be renamed or change its type */
static void expect_types(const json_t *object, const char *const *keys,
                         json_type type)
{
  for (; *keys; keys++) {
    const json_t *v = json_object_get(object, *keys);

    cr_expect(eq(int, v ? (int)json_typeof(v) : -1, (int)type), "%s", *keys);
  }
}

Test(info, json_keeps_its_fields)
{
  static const char *const texts[] = {"name",          "cell",           "task",
                                      "input_mapping", "output_mapping", NULL};
  static const char *const integers[] = {"inputs",
                                         "units",
                                         "outputs",
                                         "recurrent_synapses",
                                         "sensory_synapses",
                                         "ode_unfolds",
                                         "parameters",
                                         "parameters_stored",
                                         "gates_per_sample",
                                         "divisions_per_sample",
                                         "fan_in_min",
                                         "fan_in_max",
                                         NULL};
  static const char *const reals[] = {"epsilon", "fan_in_median", NULL};
  static const char *const lists[] = {"neurons",      "features", "readouts",
                                      "layers",       "links",    "chips",
                                      "realisations", "warnings", NULL};
  static const char *const of_neuron_integers[] = {
    "neuron", "layer", "recurrent_synapses", "sensory_synapses", NULL};
  static const char *const of_neuron_reals[] = {
    "time_constant_min", "time_constant_max", "state_min", "state_max", NULL};
  json_t *object, *entry = info_read(sine, &object);

  expect_types(entry, texts, JSON_STRING);
  expect_types(entry, integers, JSON_INTEGER);
  expect_types(entry, reals, JSON_REAL);
  expect_types(entry, lists, JSON_ARRAY);
  expect_types(info_neuron(entry, 0), of_neuron_integers, JSON_INTEGER);
  expect_types(info_neuron(entry, 0), of_neuron_reals, JSON_REAL);
  json_decref(object);
}
