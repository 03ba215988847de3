/* testbench.c - see testbench.h. */
#include "netlists/testbench.h"

#include <math.h>

#include "netlists/chip_text.h"
#include "netlists/expression.h"

static const double least_rise = 1e-6;   /* of a sample */
static const double least_sample = 1e-4; /* print step, of the least sample */

double qn_testbench_rise(const qn_chip *chip)
{
  return fmax(chip->rise_fraction, least_rise);
}

double qn_testbench_end(const qn_chip *chip, const qn_dataset *data, size_t row,
                        double start)
{
  return start + qn_dataset_span(data, row) * chip->seconds_per_unit;
}

/* ---- inputs ----------------------------------------------------------------------- */

/* Held during a sample; from the second on a ramp from the value before it,
 * which starts with the sample. Its corner is where ngspice must stop, so the
 * end of every sample is a time point. */
static void add_input(qn_text *t, const qn_chip *chip, const qn_dataset *data,
                      size_t s, size_t k, size_t *clipped)
{
  const double *x = data->inputs + k;
  double start = 0, was = 0;

  for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
    double end = qn_testbench_end(chip, data, row, start);
    double rise = qn_testbench_rise(chip) * (end - start);
    double v = qn_chip_drive_input(chip, k, x[row * data->features], clipped);

    if (row == data->first[s])
      qn_text_add(t, "Vx%zu x%zu 0 PWL(0 %s", k, k, qn_exact(v).text);
    else
      qn_text_add(t, "\n+ %s %s %s %s", qn_exact(start).text,
                  qn_exact(was).text, qn_exact(start + rise).text,
                  qn_exact(v).text);
    start = end;
    was = v;
  }
  qn_text_add(t, ")\n");
}

static void add_inputs(qn_text *t, const qn_chip *chip, const qn_dataset *data,
                       size_t s, size_t *clipped)
{
  for (size_t k = 0; k < chip->inputs; k++) {
    qn_text_add(t, "* input ");
    qn_expression_comment(t, chip->input_names[k]);
    qn_text_add(t, "\n");
    add_input(t, chip, data, s, k, clipped);
  }
}

/* ---- analysis ---------------------------------------------------------------------- */

/* samples of a sequence on the chip, s */
struct samples {
  double end, mean, least;
};

static struct samples measure(const qn_chip *chip, const qn_dataset *data,
                              size_t s)
{
  struct samples all = {.least = HUGE_VAL};

  for (size_t row = data->first[s]; row < data->first[s + 1]; row++) {
    double end = qn_testbench_end(chip, data, row, all.end);

    all.least = fmin(all.least, end - all.end);
    all.end = end;
  }
  all.mean = all.end / (double)(data->first[s + 1] - data->first[s]);
  return all;
}

/* inputs and the chip, in the portable text */
static void add_stimulus(qn_text *t, const qn_chip *chip,
                         const qn_dataset *data, size_t s, const char *deck,
                         size_t *clipped)
{
  qn_text_add(t, "* ");
  qn_expression_comment(t, chip->name);
  qn_text_add(t, ", sequence %zu: %zu samples\n.include \"%s\"\n\n", s,
              data->first[s + 1] - data->first[s], deck);
  add_inputs(t, chip, data, s, clipped);
  qn_text_add(t, "\nXchip");
  qn_chip_text_pins(t, chip);
  qn_text_add(t, "\n+ qn_chip\n\n");
}

static void add_analysis(qn_text *t, const qn_chip *chip,
                         const qn_dataset *data, size_t s,
                         const qn_spice_accuracy *a, const qn_dialect *dialect,
                         const char *results)
{
  struct samples samples = measure(chip, data, s);

  dialect->add_analysis(t, &(qn_analysis){chip, a, least_sample * samples.least,
                                          samples.end,
                                          a->max_step * samples.mean, results});
}

void qn_testbench_add(qn_text *t, const qn_dialect *dialect,
                      const qn_chip *chip, const qn_dataset *data, size_t s,
                      const qn_spice_accuracy *a,
                      const qn_testbench_files *files, size_t *clipped)
{
  qn_text portable;

  qn_text_init(&portable);
  add_stimulus(&portable, chip, data, s, files->chip, clipped);
  if (dialect->translate)
    dialect->translate(t, portable.data);
  else
    qn_text_add_bytes(t, portable.data, portable.length);
  t->failed |= portable.failed;
  qn_text_release(&portable);
  add_analysis(t, chip, data, s, a, dialect, files->raw);
}
