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

static void add_options(qn_text *t, const qn_spice_accuracy *a)
{
  qn_text_add(t,
              ".options reltol=%s trtol=%s chgtol=%s\n"
              ".options vntol=%s abstol=%s method=%s maxord=%d\n",
              qn_exact(a->reltol).text, qn_exact(a->trtol).text,
              qn_exact(a->chgtol_c).text, qn_exact(a->vntol_v).text,
              qn_exact(a->abstol_a).text, a->method, a->max_order);
}

static void add_probes(qn_text *t, const qn_chip *chip, const char *what)
{
  qn_text_add(t, "%s", what);
  for (size_t j = 0; j < chip->units; j++)
    qn_text_add(t, " v(n%zu)", j);
  qn_text_add(t, "\n");
}

/* ngspice's words: run, say what it cost, write the raw file */
static void add_control(qn_text *t, const qn_chip *chip, const char *raw)
{
  qn_text_add(t, ".control\nset filetype=binary\nrun\nrusage all\nwrite %s",
              raw);
  add_probes(t, chip, "");
  qn_text_add(t, "quit 0\n.endc\n.end\n");
}

void qn_testbench_add(qn_text *t, const qn_chip *chip, const qn_dataset *data,
                      size_t s, const qn_spice_accuracy *a,
                      const qn_testbench_files *files, size_t *clipped)
{
  struct samples samples = measure(chip, data, s);

  qn_text_add(t, "* ");
  qn_expression_comment(t, chip->name);
  qn_text_add(t, ", sequence %zu: %zu samples\n.include \"%s\"\n\n", s,
              data->first[s + 1] - data->first[s], files->chip);
  add_inputs(t, chip, data, s, clipped);
  qn_text_add(t, "\nXchip");
  qn_chip_text_pins(t, chip);
  qn_text_add(t, "\n+ qn_chip\n\n");
  add_options(t, a);
  qn_text_add(
    t, ".tran %s %s 0 %s uic\n", qn_exact(least_sample * samples.least).text,
    qn_exact(samples.end).text, qn_exact(a->max_step * samples.mean).text);
  add_probes(t, chip, ".save");
  add_control(t, chip, files->raw);
}
