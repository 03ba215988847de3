/* test_bad_dataset.c - a dataset that is wrong, or does not fit its network, is
 * refused with the place where it is. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/model/dataset_file.h"
#include "tests/model/network_file.h"
#include <quench/dataset.h>
#include <quench/safetensors.h>

TestSuite(bad_dataset, .init = scratch_open, .fini = scratch_close);

static void expect_refused(const char *path, const qn_network *net,
                           const char *place, const char *part)
{
  qn_dataset *data = (void *)&data;
  qn_diag d;

  cr_expect(
    ne(int, qn_dataset_read(&data, path, net, QN_INPUT_AS_IS, &d), QN_OK), "%s",
    part);
  cr_expect(diag_says(&d, path, place, part));
  cr_expect(eq(ptr, data, NULL));
}

/* ---- CSV --------------------------------------------------------------- */

Test(bad_dataset, csv_that_is_wrong_is_refused_with_line_and_column)
{
  static const struct {
    const char *text, *place, *part;
  } rows[] = {
    {"CO2,dark\n1,2\n", "header", "no column 'light'"},
    {"CO2\n1\n", "header", "no column 'light'"},
    {"CO2,light,CO2\n1,2,3\n", "header", "column 'CO2' is there twice"},
    {"CO2,light,target,target\n1,2,1,1\n", "header", "'target' is there twice"},
    {"co2,light\n1,2\n", "header", "no column 'CO2'"},
    {"CO2,light\n1,2\n3\n", "line 3", "1 cells, the header has 2"},
    {"CO2,light\n1,2\n\n3,4,5\n", "line 4", "3 cells, the header has 2"},
    {"CO2,light\n1,dim\n", "line 2, column 'light'", "'dim' is not a finite"},
    {"CO2,light\n1,2\n,3\n", "line 3, column 'CO2'", "'' is not a finite"},
    {"CO2,light\n1,nan\n", "line 2, column 'light'", "'nan' is not a finite"},
    {"CO2,light\n1,-inf\n", "line 2, column 'light'", "'-inf' is not a finite"},
    {"CO2,light,timespan\n1,2,1\n1,2,\n", "line 3, column 'timespan'", "''"},
    {"CO2,light,target\n1,2,yes\n", "line 2, column 'target'", "'yes'"},
    {"CO2,light,timespan\n1,2,1\n1,2,0\n", "sequence 0, step 1, time span",
     "0: expected a finite number of at least 1e-12"},
    {"CO2,light,sequence,timespan\n1,2,a,1\n1,2,b,-0.5\n",
     "sequence 1, step 0, time span",
     "-0.5: expected a finite number of at least 1e-12"},
    {"CO2,light,sequence\n1,2,a\n1,2,b\n1,2,a\n", "sequence 'a'",
     "do not stand together"},
    {"CO2,light,target\n1,2,1\n1,2,2\n", "sequence 0, step 1, target",
     "2: expected a class of the task"},
    {"CO2,light,target\n1,2,-1\n", "sequence 0, step 0, target",
     "a class of the task"},
    {"CO2,light,target\n1,2,0.5\n", "sequence 0, step 0, target",
     "a class of the task"},
    {"CO2,light\n", "", "at least one row"},
    {"", "", "at least one row"},
    {"CO2,light\n1,\"2\n", "line 2", "quote"},
  };
  qn_network *net = dataset_network("\"binary\"");

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    expect_refused(dataset_csv(rows[i].text), net, rows[i].place, rows[i].part);
  qn_network_free(net);
}

Test(bad_dataset, a_class_beyond_the_outputs_is_refused)
{
  qn_network *net = dataset_network("\"multiclass\"");

  qn_dataset_free(dataset_open(dataset_csv("CO2,light,target\n1,2,1\n"), net,
                               QN_INPUT_AS_IS));
  expect_refused(dataset_csv("CO2,light,target\n1,2,2\n"), net,
                 "sequence 0, step 0, target", "a class of the task");
  qn_network_free(net);
}

Test(bad_dataset, regression_needs_a_target_for_each_output)
{
  qn_network *net = dataset_network("\"regression\"");

  expect_refused(dataset_csv("CO2,light,target\n1,2,3\n"), net, "targets",
                 "1 columns, task 'regression' of this network needs 2");
  qn_network_free(net);
}

/* ---- safetensors ------------------------------------------------------- */

Test(bad_dataset, a_tensor_of_another_shape_is_refused_by_name)
{
  static const struct {
    qn_tensor t; /* in place of inputs, or added */
    const char *place, *part;
  } rows[] = {
    {{"inputs", QN_F64, 3, {4, 1, 3}, 12, NULL},
     "tensor 'inputs'",
     "3 features, the network takes 2"},
    {{"inputs", QN_F64, 2, {6, 2}, 12, NULL},
     "tensor 'inputs'",
     "expected shape [sequences, steps, features]"},
    {{"inputs", QN_F64, 3, {0, 3, 2}, 0, NULL},
     "tensor 'inputs'",
     "expected shape"},
    {{"targets", QN_F64, 2, {3, 2}, 6, NULL},
     "tensor 'targets'",
     "its shape does not go"},
    {{"targets", QN_F64, 1, {6}, 6, NULL},
     "tensor 'targets'",
     "its shape does not go"},
    {{"targets", QN_F64, 3, {2, 3, 0}, 0, NULL},
     "tensor 'targets'",
     "its shape does not go"},
    {{"targets", QN_F64, 2, {2, 3}, 6, NULL},
     "targets",
     "1 columns, task 'regression' of this network needs 2"},
    {{"timespans", QN_F64, 3, {2, 3, 2}, 12, NULL},
     "tensor 'timespans'",
     "its shape does not go"},
    {{"outputs", QN_F64, 2, {2, 3}, 6, NULL},
     "tensor 'outputs'",
     "its shape does not go"},
    {{"states", QN_F64, 3, {2, 3, 2}, 12, NULL},
     "tensor 'states'",
     "its shape does not go"},
  };
  qn_network *net = dataset_network("\"binary\"");

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct dataset_file t = dataset_file_good();
    static const double zeros[12];

    if (!strcmp(rows[i].t.name, "inputs"))
      t.count = 0;
    dataset_file_add(&t, rows[i].t);
    t.all[t.count - 1].data = zeros;
    expect_refused(dataset_file_write(&t), net, rows[i].place, rows[i].part);
  }
  qn_network_free(net);
}

Test(bad_dataset, a_file_without_inputs_is_refused)
{
  qn_network *net = dataset_network("\"binary\"");
  struct dataset_file t = dataset_file_good();

  t.count = 0;
  expect_refused(dataset_file_write(&t), net, "tensor 'inputs'", "missing");
  qn_network_free(net);
}

Test(bad_dataset, a_value_out_of_range_is_refused_with_sequence_and_step)
{
  qn_network *net = dataset_network("\"binary\"");
  struct dataset_file t = dataset_file_good();

  dataset_file_add(&t, (qn_tensor){"timespans", QN_F64, 2, {2, 3}, 6, NULL});
  dataset_file_add(&t, (qn_tensor){"targets", QN_F64, 3, {2, 3, 2}, 12, NULL});
  t.inputs[9] = NAN;
  expect_refused(dataset_file_write(&t), net, "sequence 1, step 1, feature 1",
                 "nan: expected a finite number");
  t.inputs[9] = 0;
  t.timespans[5] = 0;
  expect_refused(dataset_file_write(&t), net, "sequence 1, step 2, time span",
                 "0: expected a finite number of at least 1e-12");
  t.timespans[5] = INFINITY;
  expect_refused(dataset_file_write(&t), net, "sequence 1, step 2, time span",
                 "inf:");
  t.timespans[5] = NAN;
  expect_refused(dataset_file_write(&t), net, "sequence 1, step 2, time span",
                 "nan:");
  t.timespans[5] = 1;
  t.targets[3] = INFINITY;
  expect_refused(dataset_file_write(&t), net, "sequence 0, step 1, target",
                 "inf: expected a finite number");
  qn_network_free(net);
}

Test(bad_dataset, metadata_that_is_wrong_is_refused)
{
  static const struct {
    const char *json, *part;
  } rows[] = {
    {"", "not a JSON object"},
    {"[]", "not a JSON object"},
    {"{\"task\": \"sort\"}", "task 'sort' is none of"},
    {"{\"task\": 5}", "is none of"},
    {"{\"warmup_steps\": -1}", "from 0 to 2"},
    {"{\"warmup_steps\": 1.5}", "from 0 to 2"},
    {"{\"warmup_steps\": \"1\"}", "from 0 to 2"},
    {"{\"warmup_steps\": 3}", "from 0 to 2"},
  };
  qn_network *net = dataset_network("\"binary\"");

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct dataset_file t = dataset_file_good();

    t.metadata = rows[i].json;
    expect_refused(dataset_file_write(&t), net, "quench.dataset", rows[i].part);
  }
  qn_network_free(net);
}

Test(bad_dataset, a_name_of_another_kind_or_a_missing_file_is_refused)
{
  qn_network *net = dataset_network("\"binary\"");

  expect_refused(scratch_text("data.txt", "CO2,light\n1,2\n"), net, "",
                 ".csv or .safetensors");
  expect_refused(scratch_text("data", "CO2,light\n1,2\n"), net, "",
                 ".csv or .safetensors");
  expect_refused(scratch_path("none.csv"), net, "", "No such file");
  expect_refused(scratch_path("none.safetensors"), net, "", "No such file");
  expect_refused(scratch_text("text.safetensors", "CO2,light\n1,2\n"), net,
                 "header", "cut short");
  qn_network_free(net);
}

Test(bad_dataset, raw_inputs_are_refused_where_the_network_has_no_mean)
{
  qn_network *net = network_file_open(network_file_alloc(1, 1, 1));
  qn_dataset *data;
  qn_diag d;

  cr_expect(ne(
    int, qn_dataset_read(&data, dataset_csv("x1\n1\n"), net, QN_INPUT_RAW, &d),
    QN_OK));
  cr_expect(diag_says(&d, net->path, "quench.network", "leave --raw out"));
  cr_expect(eq(ptr, data, NULL));
  qn_network_free(net);
}
