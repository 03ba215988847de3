/* noise_paths.c - sample paths against the covariance that is computed without
 * sampling: agreement, what linearisation leaves out, time.
 *
 *   bench-noise-paths NET DATA TECHNOLOGY PATHS SEQUENCES STEP [FACTOR]
 *
 * STEP is the longest of a path, in shortest time constants of a membrane; all
 * on one core. Exit status 1: a variance is outside its chi-square law at a
 * family-wise level of 1e-3, or the flipped decisions are not as predicted.
 * FACTOR multiplies every capacitor and all times, so that only the noise is
 * another: then nothing is judged. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <quench/clock.h>
#include <quench/die.h>
#include <quench/noise.h>
#include <quench/noise_path.h>

struct both {
  qn_noise *covariance;
  qn_paths *paths;
  double covariance_s, paths_s;
};

static void stop(const qn_diag *diag)
{
  fprintf(stderr, "bench-noise-paths: %s %s %s\n", diag->file, diag->place,
          diag->message);
  exit(1);
}

static void scale(qn_chip *chip, double factor)
{
  for (size_t j = 0; j < chip->units; j++)
    chip->capacitance_f[j] *= factor;
  chip->seconds_per_unit *= factor;
}

static struct both run(const qn_chip *chip, const qn_network *net,
                       const qn_dataset *data, size_t paths, double step)
{
  qn_path_options opt = qn_path_options_default;
  struct both b;
  qn_diag diag = {0};
  double started = qn_clock_now();

  if (qn_noise_run(&b.covariance, chip, net, data, &qn_noise_options_default,
                   &diag))
    stop(&diag);
  b.covariance_s = qn_clock_now() - started;
  opt.paths = paths;
  opt.step = step;
  started = qn_clock_now();
  if (qn_noise_paths_run(&b.paths, chip, net, data, &opt, &diag))
    stop(&diag);
  b.paths_s = qn_clock_now() - started;
  return b;
}

/* every state at every step; 1 if one is outside */
static int tell_states(const struct both *b, const qn_chip *chip)
{
  const qn_paths *p = b->paths;
  size_t n = p->rows * p->units, outside = 0, count = 0;
  double degrees = (double)p->paths - 1, level = 1e-3 / (double)n, worst = 0;
  double ratio = 0, shift = 0, sd = 0;

  for (size_t i = 0; i < n; i++) {
    double want = b->covariance->state_sd[i], got = p->state_sd[i];
    double off = p->state_mean[i] - p->quiet->state[i];
    double part = got * got / (want * want);
    double chance = gsl_cdf_chisq_P(degrees * part, degrees);

    if (!(want > 0))
      continue;
    count++;
    outside += !(chance > level / 2 && chance < 1 - level / 2);
    worst = fmax(worst, fabs(part - 1) / sqrt(2 / degrees));
    ratio += part;
    sd += want * want;
    shift += off * off - got * got / (double)p->paths;
  }
  ratio /= (double)count;
  sd = sqrt(sd / (double)count) * chip->volts_per_unit;
  shift = sqrt(fmax(0, shift / (double)count)) * chip->volts_per_unit;
  printf("%zu variances of %zu paths: worst z %.2f, %zu outside; deviation rms "
         "%.3g uV\n",
         count, p->paths, worst, outside, 1e6 * sd);
  printf("linearisation: variances %+.2f %% on average, means shifted by rms "
         "%.3g uV (%.2g deviations) beyond their error of %.2g deviations\n",
         100 * (ratio - 1), 1e6 * shift, shift / sd, 1 / sqrt(degrees));
  return outside > 0;
}

/* Rows of one sequence are told apart by their own paths' draws alone: a
 * binomial law with the spread of the sum over paths is not known, so that the
 * bound takes every row of a sequence as one. */
static int tell_flips(const struct both *b, const qn_dataset *data)
{
  const qn_paths *p = b->paths;
  qn_noise_decisions d = qn_noise_decide(b->covariance, data, NULL);
  double *flip = calloc(p->rows, sizeof *flip), got = 0, longest = 0, error;

  if (!flip || !p->flipped || !d.decisions) {
    free(flip);
    return 0;
  }
  qn_noise_decide(b->covariance, data, flip);
  for (size_t row = 0; row < p->rows; row++)
    got += flip[row] > 0 ? p->flipped[row] : 0;
  longest = (double)qn_dataset_longest(data);
  error = 3.3 * sqrt(longest * d.flips / (double)p->paths) +
          longest / (double)p->paths;
  printf("decisions: %.4f of %zu flip a path, predicted %.4f, within %.4f\n",
         got, d.decisions, d.flips, error);
  free(flip);
  return fabs(got - d.flips) > error;
}

static void tell_time(const struct both *b)
{
  double each = b->paths_s / (double)(b->paths->paths + 1);

  printf("time: covariance %.3g s, a path %.3g ms in %.1f steps a sample; "
         "2000 paths take %.0f times as long\n",
         b->covariance_s, 1e3 * each,
         (double)b->paths->steps / (double)b->paths->rows,
         2000 * each / b->covariance_s);
}

int main(int argc, char **argv)
{
  double factor = argc == 8 ? strtod(argv[7], NULL) : 1;
  qn_diag diag = {0};
  qn_dataset *all, *data;
  qn_network *net;
  qn_chip *chip;
  struct both b;
  int bad;

  if (argc < 7 || argc > 8) {
    fprintf(stderr, "usage: bench-noise-paths NET DATA TECHNOLOGY PATHS "
                    "SEQUENCES STEP [FACTOR]\n");
    return 2;
  }
  if (qn_network_read(&net, argv[1], &diag) ||
      qn_dataset_read(&all, argv[2], net, QN_INPUT_AS_IS, &diag) ||
      qn_dataset_pick(&data, all, (size_t)strtoul(argv[5], NULL, 10)) ||
      qn_chip_open(&chip, net, argv[3], NULL, &diag))
    stop(&diag);
  scale(chip, factor);
  b = run(chip, net, data, (size_t)strtoul(argv[4], NULL, 10),
          strtod(argv[6], NULL));
  bad = tell_states(&b, chip);
  bad |= tell_flips(&b, data);
  tell_time(&b);
  qn_noise_free(b.covariance);
  qn_paths_free(b.paths);
  qn_chip_free(chip);
  qn_dataset_free(data);
  qn_dataset_free(all);
  qn_network_free(net);
  return bad && factor == 1;
}
