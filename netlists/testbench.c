/* testbench.c - see testbench.h. */
#include "netlists/testbench.h"

#include <math.h>
#include <stdio.h>

#include "netlists/chip_text.h"
#include "netlists/expression.h"

static const double least_rise = 1e-6;   /* of a sample */
static const double least_sample = 1e-4; /* print step, of the least sample */
static const double widest = 10; /* highest frequency, noise's steps a second */

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

double qn_testbench_length(const qn_chip *chip, const qn_dataset *data,
                           size_t s)
{
  return measure(chip, data, s).end;
}

static void add_title(qn_text *t, const qn_chip *chip, size_t s,
                      const char *what, const char *deck)
{
  qn_text_add(t, "* ");
  qn_expression_name(t, chip->name);
  qn_text_add(t, ", sequence %zu: %s\n.include \"%s\"\n\n", s, what, deck);
}

static void add_chip(qn_text *t, const qn_chip *chip)
{
  qn_text_add(t, "\nXchip");
  qn_chip_text_pins(t, chip);
  qn_text_add(t, "\n+ qn_chip\n\n");
}

/* inputs and the chip, in the portable text */
static void add_stimulus(qn_text *t, const qn_chip *chip,
                         const qn_dataset *data, size_t s, const char *deck,
                         size_t *clipped)
{
  char samples[32];

  snprintf(samples, sizeof samples, "%zu samples",
           data->first[s + 1] - data->first[s]);
  add_title(t, chip, s, samples, deck);
  add_inputs(t, chip, data, s, clipped);
  add_chip(t, chip);
}

/* the first sample's inputs for ever */
static void add_rest(qn_text *t, const qn_chip *chip, const qn_dataset *data,
                     size_t s, const char *deck)
{
  const double *x = data->inputs + data->first[s] * data->features;
  size_t clipped = 0;

  add_title(t, chip, s, "noise at rest under its first inputs", deck);
  for (size_t k = 0; k < chip->inputs; k++)
    qn_text_add(t, "Vx%zu x%zu 0 %s%s\n", k, k,
                qn_exact(qn_chip_drive_input(chip, k, x[k], &clipped)).text,
                k ? "" : " AC 1");
  add_chip(t, chip);
}

/* a portable text in a dialect's words; takes it */
static void add_portable(qn_text *t, const qn_dialect *dialect,
                         qn_text *portable)
{
  if (dialect->translate)
    dialect->translate(t, portable->data);
  else
    qn_text_add_bytes(t, portable->data, portable->length);
  t->failed |= portable->failed;
  qn_text_release(portable);
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
  add_portable(t, dialect, &portable);
  add_analysis(t, chip, data, s, a, dialect, files->raw);
}

void qn_testbench_add_noise(qn_text *t, const qn_dialect *dialect,
                            const qn_chip *chip, const qn_dataset *data,
                            size_t s, const qn_testbench_files *files)
{
  const qn_noise_analysis analysis = {
    chip, 1 / qn_testbench_length(chip, data, s),
    widest / qn_noise_text_step(chip), files->raw};
  qn_text portable;

  qn_text_init(&portable);
  add_rest(&portable, chip, data, s, files->chip);
  add_portable(t, dialect, &portable);
  dialect->add_noise(t, &analysis);
}
