/* test_dataset.c - what is in the file arrives in the rows. Oracles: the values
 * written, counted and scaled by hand. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdint.h>

#include "tests/base/scratch.h"
#include "tests/model/dataset_file.h"
#include <quench/dataset.h>

TestSuite(dataset, .init = scratch_open, .fini = scratch_close);

static void expect_array(const double *got, const double *want, size_t n)
{
  cr_assert(got != NULL);
  for (size_t i = 0; i < n; i++)
    cr_expect(eq(dbl, got[i], want[i]), "element %zu", i);
}

/* ---- files ------------------------------------------------------------- */

Test(dataset, csv_columns_are_found_by_name_in_any_order)
{
  qn_network *net = dataset_network("\"binary\"");
  qn_dataset *d =
    dataset_open(dataset_csv("target,light,note,CO2,timespan,sequence\n"
                             "1,0.5,a,10,0.25,s1\n"
                             "0,1.5,b,20,0.5,s1\n"
                             "1,2.5,c,30,2,s0\n"),
                 net, QN_INPUT_AS_IS);

  cr_expect(eq(sz, d->sequences, 2));
  cr_expect(eq(sz, d->rows, 3));
  cr_expect(eq(sz, d->features, 2));
  cr_expect(eq(sz, d->first[1], 2));
  cr_expect(eq(sz, d->first[2], 3));
  expect_array(d->inputs, (double[]){10, 0.5, 20, 1.5, 30, 2.5}, 6);
  expect_array(d->timespans, (double[]){0.25, 0.5, 2}, 3);
  expect_array(d->targets, (double[]){1, 0, 1}, 3);
  cr_expect(eq(sz, d->target_columns, 1));
  cr_expect(eq(int, (int)d->task, QN_TASK_BINARY));
  cr_expect(eq(dbl, qn_dataset_span(d, 1), 0.5));
  cr_expect(eq(sz, qn_dataset_longest(d), 2));
  qn_dataset_free(d);
  qn_network_free(net);
}

Test(dataset, csv_without_optional_columns_is_one_sequence_of_unit_spans)
{
  qn_network *net = dataset_network("\"binary\"");
  qn_dataset *d = dataset_open(dataset_csv("CO2,light\r\n1,2\r\n3,4\r\n"), net,
                               QN_INPUT_AS_IS);

  cr_expect(eq(sz, d->sequences, 1));
  cr_expect(eq(sz, d->first[1], 2));
  cr_expect(eq(ptr, d->timespans, NULL));
  cr_expect(eq(ptr, d->targets, NULL));
  cr_expect(eq(sz, d->target_columns, 0));
  cr_expect(eq(dbl, qn_dataset_span(d, 0), 1));
  qn_dataset_free(d);
  qn_network_free(net);
}

Test(dataset, every_tensor_of_a_safetensors_file_arrives)
{
  qn_network *net = dataset_network("\"binary\"");
  struct dataset_file t = dataset_file_good();
  qn_dataset *d;

  dataset_file_add(&t, (qn_tensor){"timespans", QN_F64, 2, {2, 3}, 6, NULL});
  dataset_file_add(&t, (qn_tensor){"targets", QN_F64, 3, {2, 3, 2}, 12, NULL});
  dataset_file_add(&t, (qn_tensor){"outputs", QN_F64, 3, {2, 3, 2}, 12, NULL});
  dataset_file_add(&t, (qn_tensor){"states", QN_F64, 3, {2, 3, 3}, 18, NULL});
  t.metadata = "{\"task\": \"regression\", \"warmup_steps\": 2}";
  d = dataset_open(dataset_file_write(&t), net, QN_INPUT_AS_IS);
  cr_expect(eq(sz, d->sequences, 2));
  cr_expect(eq(sz, d->rows, 6));
  cr_expect(eq(sz, d->first[1], 3));
  expect_array(d->inputs, t.inputs, 12);
  expect_array(d->timespans, t.timespans, 6);
  expect_array(d->targets, t.targets, 12);
  expect_array(d->outputs, t.outputs, 12);
  expect_array(d->states, t.states, 18);
  cr_expect(eq(sz, d->target_columns, 2));
  cr_expect(eq(sz, d->warmup_steps, 2));
  cr_expect(eq(int, (int)d->task, QN_TASK_REGRESSION), "the dataset's own");
  qn_dataset_free(d);
  qn_network_free(net);
}

Test(dataset, inputs_alone_and_integer_classes_are_enough)
{
  static const int64_t classes[] = {0, 1, 1, 0, 0, 1};
  qn_network *net = dataset_network("\"binary\"");
  struct dataset_file t = dataset_file_good();
  qn_dataset *d;

  t.metadata = NULL;
  d = dataset_open(dataset_file_write(&t), net, QN_INPUT_AS_IS);
  cr_expect(eq(int, (int)d->task, QN_TASK_BINARY), "the network's");
  cr_expect(eq(ptr, d->targets, NULL));
  cr_expect(eq(ptr, d->states, NULL));
  cr_expect(eq(sz, d->warmup_steps, 0));
  qn_dataset_free(d);
  dataset_file_add(&t, (qn_tensor){"targets", QN_I64, 2, {2, 3}, 6, classes});
  d = dataset_open(dataset_file_write(&t), net, QN_INPUT_AS_IS);
  expect_array(d->targets, (double[]){0, 1, 1, 0, 0, 1}, 6);
  qn_dataset_free(d);
  qn_network_free(net);
}

Test(dataset, the_reference_of_gesture_has_the_shape_ncps_wrote)
{
  const char *path = "tests/data/gesture_ltc32.reference.safetensors";
  qn_network *net;
  qn_dataset *d;

  cr_assert(
    eq(int, qn_network_read(&net, "tests/data/gesture_ltc32.safetensors", NULL),
       QN_OK));
  d = dataset_open(path, net, QN_INPUT_AS_IS);
  cr_expect(eq(sz, d->sequences, 2));
  cr_expect(eq(sz, d->rows, 64));
  cr_expect(eq(sz, d->features, 32));
  cr_expect(eq(int, (int)d->task, QN_TASK_MULTICLASS));
  cr_expect(d->outputs && d->states);
  qn_dataset_free(d);
  qn_network_free(net);
}

/* (x - 100) / 50 and (x + 1) / 0.5 */
Test(dataset, raw_inputs_are_scaled_by_the_network_s_mean_and_deviation)
{
  qn_network *net = dataset_network("\"binary\"");
  qn_dataset *d =
    dataset_open(dataset_csv("light,CO2\n-1,100\n0,125\n"), net, QN_INPUT_RAW);

  expect_array(d->inputs, (double[]){0, 0, 0.5, 2}, 4);
  qn_dataset_free(d);
  qn_network_free(net);
}

/* ---- picks ------------------------------------------------------------------------- */

Test(dataset, picks_are_distinct_in_order_and_evenly_spread)
{
  for (size_t total = 1; total <= 30; total++)
    for (size_t count = 1; count <= total; count++) {
      size_t shortest = total, longest = 0;

      cr_expect(eq(sz, qn_sequence_pick(0, count, total), 0));
      for (size_t i = 0; i < count; i++) {
        size_t here = qn_sequence_pick(i, count, total);
        size_t next =
          i + 1 < count ? qn_sequence_pick(i + 1, count, total) : total;

        cr_assert(gt(sz, next, here), "%zu of %zu", count, total);
        shortest = next - here < shortest ? next - here : shortest;
        longest = next - here > longest ? next - here : longest;
      }
      cr_expect(le(sz, longest, shortest + 1), "%zu of %zu", count, total);
    }
}

Test(dataset, a_pick_holds_the_rows_of_its_sequences)
{
  qn_network *net = dataset_network("\"binary\"");
  qn_dataset *d =
    dataset_open(dataset_csv("CO2,light,sequence,timespan,target\n"
                             "1,2,a,1,0\n"
                             "3,4,b,2,1\n5,6,b,3,0\n"
                             "7,8,c,4,1\n"
                             "9,10,d,5,0\n11,12,d,6,1\n13,14,d,7,1\n"),
                 net, QN_INPUT_AS_IS);
  qn_dataset *some;

  cr_assert(eq(int, qn_dataset_pick(&some, d, 2), QN_OK)); /* a and c */
  cr_expect(eq(sz, some->sequences, 2));
  cr_expect(eq(sz, some->rows, 2));
  expect_array(some->inputs, (double[]){1, 2, 7, 8}, 4);
  expect_array(some->timespans, (double[]){1, 4}, 2);
  expect_array(some->targets, (double[]){0, 1}, 2);
  cr_expect(eq(int, (int)some->task, QN_TASK_BINARY));
  qn_dataset_free(some);
  cr_assert(eq(int, qn_dataset_pick(&some, d, 4), QN_OK));
  expect_array(some->inputs, d->inputs, 14);
  cr_expect(eq(sz, some->first[4], 7));
  cr_expect(eq(sz, qn_dataset_longest(some), 3));
  qn_dataset_free(some);
  qn_dataset_free(d);
  qn_network_free(net);
}
