/* noise_path_find.c - the longest step that is short enough. */
#include <quench/noise_path.h>

#include <stdlib.h>

enum { SEQUENCES = 8 };
static const double longest = 2, shortest = 1.0 / 64;

/* the first sequences of one path at this step */
static qn_status try(qn_paths **out, const qn_chip *chip, const qn_network *net,
                     const qn_dataset *some, const qn_path_options *opt,
                     double step, qn_diag *diag)
{
  qn_path_options own = *opt;

  own.paths = 1;
  own.step = step;
  return qn_noise_paths_run(out, chip, net, some, &own, diag);
}

/* of second order: a third of what halving the step has changed is left; half,
 * to be on the safe side */
static double error_left(const qn_paths *fine, const qn_paths *coarse,
                         double *swing)
{
  qn_swing_of(fine->quiet, swing);
  return qn_difference_of(coarse->quiet, fine->quiet, swing).worst_percent / 2;
}

static qn_status halve(double *step, const qn_chip *chip, const qn_network *net,
                       const qn_dataset *some, const qn_path_options *opt,
                       double *swing, qn_diag *diag)
{
  qn_paths *coarse = NULL, *fine = NULL;
  double error = 2 * opt->tolerance_percent;
  qn_status st;

  *step = longest;
  st = try(&coarse, chip, net, some, opt, *step, diag);
  while (!st && error > opt->tolerance_percent && *step > shortest) {
    *step /= 2;
    st = try(&fine, chip, net, some, opt, *step, diag);
    if (st)
      break;
    error = error_left(fine, coarse, swing);
    qn_paths_free(coarse);
    coarse = fine;
  }
  qn_paths_free(coarse);
  return st;
}

qn_status qn_noise_paths_find_step(double *step, const qn_chip *chip,
                                   const qn_network *net,
                                   const qn_dataset *data,
                                   const qn_path_options *opt, qn_diag *diag)
{
  size_t count = data->sequences < SEQUENCES ? data->sequences : SEQUENCES;
  double *swing = calloc(chip->units, sizeof *swing);
  qn_dataset *some = NULL;
  qn_status st = QN_ENOMEM;

  if (swing)
    st = qn_dataset_pick(&some, data, count);
  if (st)
    qn_diag_out_of_memory(diag);
  else
    st = halve(step, chip, net, some, opt, swing, diag);
  qn_dataset_free(some);
  free(swing);
  return st;
}
