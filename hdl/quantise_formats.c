/* quantise_formats.c - where the binary points stand.
 *
 * State: the hull of every neuron fits. Slopes, offsets, features: the largest
 * of each fits. A product of slope and state has one fraction for all synapses
 * from neurons; one of slope and input has one for all features, so a feature
 * of wide range gets slopes of more fraction. */
#include "hdl/quantise_parts.h"

#include <math.h>
#include <stdlib.h>

int qn_format_fit(unsigned width, double max, int most)
{
  double limit = ldexp(1.0, (int)width - 1) - 1;
  int frac = most;

  while (round(ldexp(max, frac)) > limit)
    frac--;
  return frac;
}

/* ---- states -------------------------------------------------------------- */

static double hull_radius(const qn_network *net, size_t j)
{
  double low, high;

  qn_ltc_hull(net, j, &low, &high);
  return fmax(-low, high);
}

static qn_status choose_state(qn_core *core, const qn_network *net,
                              const qn_core_options *opt, qn_diag *diag)
{
  double radius = 0;
  int frac;

  for (size_t j = 0; j < net->units; j++)
    radius = fmax(radius, hull_radius(net, j));
  /* one unit of room: bounds are rounded outwards to the grid */
  frac = (int)core->width - 1;
  while (ceil(ldexp(radius, frac)) > ldexp(1.0, (int)core->width - 1) - 1)
    frac--;
  frac -= (int)opt->headroom;
  if (frac < 1)
    return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, "",
                       "states reach %g: a word of %u bits has no fraction "
                       "left, use a wider one",
                       radius, core->width);
  core->state = (qn_format){core->width, frac, 1};
  return QN_OK;
}

/* ---- features ------------------------------------------------------------ */

/* Slope and offset of a sensory synapse with the input map folded in. */
static double folded_slope(const qn_network *net, const qn_synapse *syn)
{
  return syn->sigma * net->input_map.w[syn->pre];
}

static double folded_offset(const qn_network *net, const qn_synapse *syn)
{
  return syn->sigma * (net->input_map.b[syn->pre] - syn->mu);
}

/* Beyond this every gate of the feature is closed or open to half a word. */
static double useful_range(const qn_core *core, const qn_network *net, size_t k,
                           double limit)
{
  const qn_synapses *sensory = &net->ltc.sensory;
  double end = fmin(((double)core->width + 1) * log(2.0),
                    ldexp(1.0, (int)core->table.range));
  double range = 0;

  for (size_t i = 0; i < sensory->count; i++) {
    const qn_synapse *syn = &sensory->at[i];
    double slope = fabs(folded_slope(net, syn));

    if (syn->pre == k && slope > 0)
      range = fmax(range, (end + fabs(folded_offset(net, syn))) / slope);
  }
  return range > 0 ? fmin(range, limit) : limit;
}

static double slope_max_of_feature(const qn_network *net, size_t k)
{
  const qn_synapses *sensory = &net->ltc.sensory;
  double max = 0;

  for (size_t i = 0; i < sensory->count; i++)
    if (sensory->at[i].pre == k)
      max = fmax(max, fabs(folded_slope(net, &sensory->at[i])));
  return max;
}

/* Returns the fraction of every product slope * input. */
static int choose_features(qn_core *core, const qn_network *net, double limit)
{
  int width = (int)core->width, product = 2 * width;

  for (size_t k = 0; k < net->inputs; k++) {
    int frac =
      qn_format_fit(core->width, useful_range(core, net, k, limit), 2 * width);
    int slope =
      qn_format_fit(core->width, slope_max_of_feature(net, k), 2 * width);

    core->feature[k] = (qn_format){core->width, frac, 1};
    if (frac + slope < product)
      product = frac + slope;
  }
  for (size_t k = 0; k < net->inputs; k++)
    core->slope_sensory[k] =
      (qn_format){core->width, product - core->feature[k].frac, 1};
  return product;
}

/* ---- synapses ------------------------------------------------------------ */

static void choose_recurrent(qn_core *core, const qn_network *net)
{
  const qn_synapses *recurrent = &net->ltc.recurrent;
  double max = 0;

  for (size_t i = 0; i < recurrent->count; i++)
    max = fmax(max, fabs(recurrent->at[i].sigma));
  core->slope_recurrent = (qn_format){
    core->width, qn_format_fit(core->width, max, (int)core->width - 1), 1};
}

static void choose_offset(qn_core *core, const qn_network *net)
{
  const qn_synapses *recurrent = &net->ltc.recurrent;
  const qn_synapses *sensory = &net->ltc.sensory;
  double max = 0;

  for (size_t i = 0; i < recurrent->count; i++)
    max = fmax(max, fabs(recurrent->at[i].sigma * recurrent->at[i].mu));
  for (size_t i = 0; i < sensory->count; i++)
    max = fmax(max, fabs(folded_offset(net, &sensory->at[i])));
  core->offset = (qn_format){
    core->width, qn_format_fit(core->width, max, core->argument.frac), 1};
}

/* ---- results ------------------------------------------------------------- */

/* A result leaves as the low bits of an argument: its fraction is shifted by
 * scaling slope and offset, which must fit their words. */
/* x as a word of `frac` fraction bits has it */
static double rounded(double x, int frac)
{
  return ldexp(round(ldexp(x, frac)), -frac);
}

/* Whether output k, with its slope and offset as words have them, stays in the
 * word for every state in the hull, rounded outwards to the state's grid. */
static int output_fits(const qn_core *core, const qn_network *net, size_t k,
                       int shift)
{
  double w = rounded(net->output_map.w[k], core->slope_recurrent.frac - shift);
  double b = rounded(net->output_map.b[k], core->offset.frac - shift);
  double step = ldexp(1, -core->state.frac), low, high, most;

  qn_ltc_hull(net, k, &low, &high);
  most = fmax(fabs(w * (low - step) + b), fabs(w * (high + step) + b));
  return ldexp(most, core->argument.frac - shift) + 0.5 <
         ldexp(1, (int)core->width - 1) - 1;
}

static void choose_output(qn_core *core, const qn_network *net, size_t k)
{
  double w = net->output_map.w[k], b = net->output_map.b[k], low, high;
  int frac, shift;

  qn_ltc_hull(net, k, &low, &high);
  frac = qn_format_fit(core->width, fmax(fabs(w * low + b), fabs(w * high + b)),
                       2 * (int)core->width);
  shift = core->argument.frac - frac;
  while (qn_format_fit(core->width, ldexp(fabs(w), -shift), 64) <
           core->slope_recurrent.frac ||
         qn_format_fit(core->width, ldexp(fabs(b), -shift), 64) <
           core->offset.frac ||
         !output_fits(core, net, k, shift))
    shift++;
  core->output[k] = (qn_format){core->width, core->argument.frac - shift, 1};
}

/* ---- the sum of slope * value + offset ------------------------------------- */

static int max_int(int a, int b)
{
  return a > b ? a : b;
}

static qn_status choose_alignment(qn_core *core, const qn_network *net,
                                  int input, qn_diag *diag)
{
  int state = core->slope_recurrent.frac + core->state.frac;
  int sum = max_int(max_int(state, input), core->argument.frac + 1);

  if (2 * (int)core->width + sum - (state < input ? state : input) > 60 ||
      (int)core->width + sum - core->offset.frac > 60)
    return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, "",
                       "slopes and offsets of the synapses differ too much in "
                       "size for words of %u bits",
                       core->width);
  core->align.state = (unsigned)(sum - state);
  core->align.input = (unsigned)(sum - input);
  core->align.offset = (unsigned)(sum - core->offset.frac);
  core->align.cut = (unsigned)(sum - core->argument.frac);
  return QN_OK;
}

qn_status qn_core_choose_formats(qn_core *core, const qn_network *net,
                                 const qn_core_options *opt, qn_diag *diag)
{
  qn_status st = choose_state(core, net, opt, diag);
  int input;

  if (st)
    return st;
  input = choose_features(core, net, opt->input_limit);
  choose_recurrent(core, net);
  choose_offset(core, net);
  for (size_t k = 0; k < net->outputs; k++)
    choose_output(core, net, k);
  return choose_alignment(core, net, input, diag);
}
