/* test_info_hardware.c - what `quench info` says of hardware. Oracle of a
 * warning: a network made for it alone. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/cli/info.h"
#include <quench/safetensors.h>
#include <quench/text.h>

TestSuite(info_hardware, .init = scratch_open, .fini = scratch_close,
          .timeout = 300);

static const char sine[] = "tests/data/sine_ltc8.safetensors";
static const char occupancy_cfc[] = "tests/data/occupancy_cfc16.safetensors";
static const char person[] = "tests/data/person_cfcncp40.safetensors";

/* ---- warnings ------------------------------------------------------------------- */

struct change {
  const char *key;
  size_t i;
  double value;
};

/* a change, its warnings in order, and a part of the first one's sentence */
static const struct hard {
  struct change change[5]; /* ended by key NULL */
  const char *kinds, *part;
} hard[] = {
  {{{NULL, 0, 0}}, "", ""},
  {{{"cm", 1, 0}}, "no_capacitor", "cm is 0 in 1 neuron, first neuron 1:"},
  {{{"gleak", 2, 0}}, "no_leak", "gleak is 0 in 1 neuron, first neuron 2:"},
  {{{"cm", 1, 0}, {"cm", 2, 0}, {"gleak", 2, 0}},
   "no_capacitor no_leak undetermined",
   "cm is 0 in 2 neurons, first neuron 1:"},
  /* 1.25 at most beside it, over two rails 0.1 apart from all erev */
  {{{"w", 5, 1e-5}},
   "conductances",
   "synapse from neuron 1 to neuron 2); the window of sky130_reram, 300 nS to "
   "99 uS, holds a factor of 330"},
  {{{"sensory_sigma", 4, -60}},
   "gate_gain",
   "sigma = -60 of the synapse from input 1 to neuron 1"},
  {{{"sigma", 1, 0.01}},
   "gate_gain",
   "sigma = 0.01 of the synapse from neuron 0 to neuron 1"},
  {{{"erev", 3, -12}}, "rails", "from -12 (neuron 0) to 1.03 (neuron 0)"},
  {{{"sigma", 3, 3000}},
   "gate_gain slopes",
   "sigma = 3,000 of the synapse from neuron 1 to neuron 0"},
  {{{"cm", 2, 1e-3}}, "solver_gap capacitors", "of 1 neuron: 0.0001"},
  {{{"cm", 0, 100}, {"gleak", 0, 0.5}, {"cm", 1, 90}, {"cm", 2, 80}},
   "stall",
   "neuron 0 (cm / gleak = 200 model s)"},
  {{{"w", 4, -0.5}, {"cm", 0, -0.25}},
   "negative",
   "2 parameters are below 0, least w = -0.5 of synapse from neuron 1 to "
   "neuron 1"},
};

/* a chip's warnings stand once a technology: here, of sky130_reram alone */
static int is_of_others(const char *sentence)
{
  return strstr(sentence, "hfox_generic") || strstr(sentence, "pcm");
}

static void expect_kinds(const json_t *entry, const char *want, size_t row)
{
  const json_t *w;
  size_t i;
  qn_text kinds;

  qn_text_init(&kinds);
  json_array_foreach(json_object_get(entry, "warnings"), i,
                     w) if (!is_of_others(info_text(w, "sentence")))
    qn_text_add(&kinds, "%s%s", kinds.length ? " " : "", info_text(w, "kind"));
  cr_expect(eq(str, kinds.data, (char *)(size_t)want), "row %zu", row);
  qn_text_release(&kinds);
}

static int has_sentence(const json_t *entry, const char *part)
{
  const json_t *w;
  size_t i;

  json_array_foreach(json_object_get(entry, "warnings"), i, w)
  {
    if (strstr(info_text(w, "sentence"), part))
      return 1;
  }
  return !*part;
}

Test(info_hardware, warns_of_what_is_hard_and_of_nothing_else)
{
  for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
    struct network_file *f = info_easy();
    json_t *object, *entry;
    struct program p;
    const char *path;

    for (const struct change *c = hard[i].change; c->key; c++)
      network_file_values(f, c->key)[c->i] = c->value;
    path = info_written(f);
    entry = info_read(path, &object);
    p = info_page(path);
    expect_kinds(entry, hard[i].kinds, i);
    cr_expect(eq(int, has_sentence(entry, hard[i].part), 1), "row %zu: %s", i,
              p.out);
    cr_expect(
      eq(int, strstr(p.out, "hard in hardware") != NULL, *hard[i].kinds != 0),
      "row %zu", i);
    json_decref(object);
    program_release(&p);
  }
}

/* cm / (gleak + 5 w) = 1/4 of neuron 0 by powers of two: three steps of 1/12 */
Test(info_hardware, warns_of_steps_longer_than_a_third_of_a_time_constant)
{
  static const char *const unfolds[] = {"12", "11"};

  for (int i = 0; i < 2; i++) {
    struct network_file *f = network_file_alloc(2, 3, 1);
    json_t *object, *entry;

    network_file_set(f, "ode_unfolds", unfolds[i]);
    network_file_fill(f, "cm", 2);
    network_file_fill(f, "gleak", 3);
    network_file_fill(f, "w", 1);
    network_file_fill(f, "sensory_w", 1);
    entry = info_read(info_written(f), &object);
    expect_kinds(entry, i ? "solver_gap" : "", (size_t)i);
    json_decref(object);
  }
}

/* A slow neuron's state, in words of 16 bits of F fraction, stops where a step
 * is half a bit: 2^-F-1 (1 + unfolds cm / gleak) from vleak. Oracle: the core's
 * own C model. */
Test(info_hardware, stall_is_where_the_core_stops)
{
  struct network_file *f = info_easy();
  const char *path, *out = scratch_path("out.safetensors");
  qn_text data;
  json_t *object, *entry;
  struct program p;
  qn_safetensors *states;
  double distance;

  network_file_set(f, "input_mapping", "null");
  network_file_remove(f, "input_w");
  network_file_remove(f, "input_b");
  network_file_values(f, "cm")[0] = 4;
  network_file_values(f, "gleak")[0] = 0.125;
  network_file_values(f, "vleak")[0] = -0.5;
  for (size_t pre = 0; pre < 3; pre++)
    network_file_values(f, "sparsity_mask")[pre * 3] = 0;
  network_file_values(f, "sensory_sparsity_mask")[0] = 0;
  network_file_values(f, "sensory_sparsity_mask")[3] = 0;
  path = info_written(f);
  qn_text_init(&data);
  qn_text_add(&data, "x1,x2\n");
  for (int i = 0; i < 400; i++)
    qn_text_add(&data, "0,0\n");
  entry = info_read(path, &object);
  distance = 0.5 * info_number(json_object_get(entry, "core"), "state_step") *
             (1 + 60 * 4 / 0.125);
  expect_kinds(entry, "stall", 0);
  p = program_run(NULL, "run", path, scratch_text("in.csv", data.data), "--on",
                  "fixed", "--states", "-o", out, NULL);
  cr_assert(eq(int, p.status, 0), "%s", p.err);
  cr_assert(eq(int, qn_safetensors_read(&states, out, NULL), QN_OK));
  cr_expect_float_eq(
    qn_tensor_value(qn_safetensors_find(states, "states"), 399 * 3) + 0.5,
    distance, info_number(json_object_get(entry, "core"), "state_step"));
  qn_safetensors_free(states);
  qn_text_release(&data);
  json_decref(object);
  program_release(&p);
}

/* neuron 1 alone has a negative weight */
Test(info_hardware, of_negative_weights_prints_no_bound_there)
{
  struct network_file *f = info_easy();
  json_t *object, *entry;
  struct program p;
  const char *path;

  network_file_values(f, "w")[1] = -0.5;
  path = info_written(f);
  entry = info_read(path, &object);
  cr_expect(info_is_null(info_neuron(entry, 1), "state_min"));
  cr_expect(info_is_null(info_neuron(entry, 1), "state_max"));
  cr_expect(info_is_null(info_neuron(entry, 1), "time_constant_min"));
  cr_expect(info_is_null(info_neuron(entry, 1), "time_constant_max"));
  cr_expect(eq(int, info_is_null(info_neuron(entry, 0), "state_min"), 0));
  p = info_page(path);
  cr_expect(strstr(p.out, "none       none\n") != NULL, "%s", p.out);
  cr_expect(strstr(p.out, "none for 1 neuron with a cm") != NULL);
  json_decref(object);
  program_release(&p);
}

/* ---- realisations --------------------------------------------------------------- */

static void expect_runs_on(const char *path, const char *want)
{
  json_t *object, *entry = info_read(path, &object);
  const json_t *r;
  size_t i;
  qn_text names;

  qn_text_init(&names);
  json_array_foreach(json_object_get(entry, "realisations"), i, r)
  {
    int runs = json_is_true(json_object_get(r, "runs"));

    if (runs)
      qn_text_add(&names, "%s ", info_text(r, "realisation"));
    cr_expect(eq(int, !*info_text(r, "reason"), runs));
  }
  cr_expect(eq(str, names.data, (char *)(size_t)want), "%s", path);
  qn_text_release(&names);
  json_decref(object);
}

Test(info_hardware, says_where_a_network_runs)
{
  struct network_file *f = info_easy();

  expect_runs_on(info_written(f),
                 "reference ode analog spice fixed rtl gates ");
  expect_runs_on(occupancy_cfc, "reference ");
  expect_runs_on(person, "reference ");
  f = info_easy();
  network_file_add_memory(f);
  expect_runs_on(info_written(f), "reference ode ");
  f = info_easy();
  network_file_values(f, "gleak")[0] = -1;
  expect_runs_on(info_written(f), "reference ");
  f = info_easy();
  network_file_set(f, "ode_unfolds", "256"); /* the core counts to 255 */
  expect_runs_on(info_written(f), "reference ode analog spice ");
  f = info_easy();
  network_file_values(f, "cm")[0] = 0;
  network_file_values(f, "gleak")[0] = 0;
  network_file_fill(f, "w", 0);
  network_file_fill(f, "sensory_w", 0); /* undefined in continuous time */
  expect_runs_on(info_written(f), "reference fixed rtl gates ");
}

/* a missing tool says nothing of a network */
Test(info_hardware, is_the_same_without_tools)
{
  static const struct program_setting no_tools = {.path = ""};
  struct program p = program_run(&no_tools, "info", sine, NULL);
  struct program q = info_page(sine);

  cr_expect(eq(str, p.out, q.out));
  program_release(&p);
  program_release(&q);
}
