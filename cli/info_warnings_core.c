/* info_warnings_core.c - what the core's words cannot hold. */
#include <math.h>
#include <stdio.h>

#include "cli/info_hardware.h"

/* Of bits to add until `error` is below `limit`: a word more, half the error. */
static const char *wider_text(const qn_core *core, double error, double limit,
                              char text[64])
{
  double width = core->width + ceil(log2(error / limit));

  if (width > QN_WIDTH_MAX)
    snprintf(text, 64, "Even %d bits do not change that.", QN_WIDTH_MAX);
  else
    snprintf(text, 64, "With %.0f bits none does.", width);
  return text;
}

/* A word moves no more once a fused step would move it by less than half its
 * last bit. With the gates closed the step is gleak / (gleak + unfolds cm) of
 * the way that is left. */
static double stall_distance(const qn_core *core, const qn_ltc *ltc, size_t j)
{
  double cm = ltc->cm[j] * core->unfolds / core->span;

  return 0.5 * ldexp(1, -core->state.frac) * (1 + cm / ltc->gleak[j]);
}

static void warn_of_stalls(const struct info *info, const qn_core *core)
{
  const double part = 0.01; /* of the interval of the state */
  const qn_ltc *ltc = &info->net->ltc;
  double worst = 0;
  size_t count = 0, where = 0;
  char wider[64], tau[32], n[32];

  for (size_t j = 0; j < info->net->units; j++) {
    qn_interval x = qn_bounds_state(info->net, j, QN_INFO_SPAN);
    double off = stall_distance(core, ltc, j) / (x.high - x.low);

    if (!(ltc->gleak[j] > 0 && x.high > x.low && off > part))
      continue;
    count++;
    if (off > worst) {
      worst = off;
      where = j;
    }
  }
  if (count)
    qn_info_warn(
      info, "stall",
      json_pack("{s:I, s:I, s:f, s:f}", "neuron", (json_int_t)where, "count",
                (json_int_t)count, "value", worst, "limit", part),
      "%s neuron%s too slow for words of %u bits: with its gates "
      "closed neuron %zu (cm / gleak = %s model s) stops up to "
      "%.3g short of where it goes, %.2g %% of its interval. %s",
      qn_page_count(count, n), count == 1 ? " is" : "s are", core->width, where,
      qn_page_number(ltc->cm[where] / ltc->gleak[where], tau),
      stall_distance(core, ltc, where), 100 * worst,
      wider_text(core, worst, part, wider));
}

/* the steepest gate, the input map included */
struct steep {
  double sigma;
  int is_sensory;
  const qn_synapse *synapse;
};

static void find_steepest(const qn_network *net, struct steep *s)
{
  const qn_synapses *both[] = {&net->ltc.recurrent, &net->ltc.sensory};

  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < both[k]->count; i++) {
      const qn_synapse *at = &both[k]->at[i];
      double sigma =
        fabs(at->sigma) * (k ? fabs(net->input_map.w[at->pre]) : 1);

      if (sigma > s->sigma)
        *s = (struct steep){sigma, k, at};
    }
}

/* Of sigma v - sigma mu, by the rounding of slopes and offsets to words that
 * hold the largest of them. */
static double argument_error(const qn_core *core)
{
  double state = qn_format_value(core->state, qn_format_max(core->state));
  double slope = state * ldexp(0.5, -core->slope_recurrent.frac);

  for (size_t k = 0; k < core->inputs; k++) {
    qn_format f = core->feature[k];

    slope = fmax(slope, qn_format_value(f, qn_format_max(f)) *
                          ldexp(0.5, -core->slope_sensory[k].frac));
  }
  return slope + ldexp(0.5, -core->offset.frac);
}

static void warn_of_slopes(const struct info *info, const qn_core *core)
{
  const double limit = 0.02; /* at most 0.5 % of a gate */
  double error = argument_error(core);
  struct steep s = {0};
  json_t *about;
  char place[96], value[32], wider[64];

  find_steepest(info->net, &s);
  if (!(error > limit) || !s.synapse)
    return;
  about = json_pack(
    "{s:s, s:I, s:I, s:f, s:f, s:f}", "from", s.is_sensory ? "input" : "neuron",
    "pre", (json_int_t)s.synapse->pre, "neuron", (json_int_t)s.synapse->post,
    "value", s.sigma, "error", error, "limit", limit);
  qn_info_warn(
    info, "slopes", about,
    "Slopes reach %s (%s): words of %u bits that hold it put the "
    "argument of any gate off by up to %.2g, a gate by %.2g %%. %s",
    qn_page_number(s.sigma, value),
    qn_info_synapse(s.is_sensory, s.synapse->pre, s.synapse->post, place),
    core->width, error, 25 * error, wider_text(core, error, limit, wider));
}

void qn_info_warn_of_core(const struct info *info, const qn_core *core)
{
  warn_of_stalls(info, core);
  warn_of_slopes(info, core);
}
