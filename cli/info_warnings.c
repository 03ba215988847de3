/* info_warnings.c - what is hard in hardware about an LTC's own numbers: one
 * sentence each, with the neuron or synapse and the number. */
#include <math.h>
#include <stdio.h>

#include "cli/info_hardware.h"

/* ---- parameters ----------------------------------------------------------------- */

/* the most negative parameter, and how many there are */
struct negative {
  size_t count;
  double value;
  const char *what;
  char place[96];
};

static void see(struct negative *n, double value, const char *what,
                const char *place)
{
  if (value >= 0)
    return;
  if (n->count++ == 0 || value < n->value) {
    n->value = value;
    n->what = what;
    snprintf(n->place, sizeof n->place, "%s", place);
  }
}

static void see_synapses(struct negative *n, const qn_synapses *s,
                         int is_sensory)
{
  char place[96];

  for (size_t i = 0; i < s->count; i++)
    if (s->at[i].w < 0)
      see(n, s->at[i].w, "w",
          qn_info_synapse(is_sensory, s->at[i].pre, s->at[i].post, place));
}

static void warn_of_negative(const struct info *info)
{
  const qn_ltc *ltc = &info->net->ltc;
  struct negative n = {0};
  char place[96], count[32];

  for (size_t j = 0; j < info->net->units; j++) {
    snprintf(place, sizeof place, "neuron %zu", j);
    see(&n, ltc->cm[j], "cm", place);
    see(&n, ltc->gleak[j], "gleak", place);
  }
  see_synapses(&n, &ltc->recurrent, 0);
  see_synapses(&n, &ltc->sensory, 1);
  if (n.count)
    qn_info_warn(
      info, "negative",
      json_pack("{s:I, s:f, s:s, s:s}", "count", (json_int_t)n.count, "value",
                n.value, "parameter", n.what, "place", n.place),
      "%s parameter%s below 0, least %s = %.3g of %s: ncps computes with that; "
      "no bound holds then, and no circuit or core can have it.",
      qn_page_count(n.count, count), n.count == 1 ? " is" : "s are", n.what,
      n.value, n.place);
}

/* neurons where cm, gleak or both are 0 */
struct zeros {
  size_t count, first;
};

static struct zeros find_zeros(const qn_ltc *ltc, size_t units, int cm,
                               int gleak)
{
  struct zeros z = {0};

  for (size_t j = 0; j < units; j++)
    if ((!cm || ltc->cm[j] == 0) && (!gleak || ltc->gleak[j] == 0) &&
        z.count++ == 0)
      z.first = j;
  return z;
}

static json_t *about_zeros(struct zeros z)
{
  return json_pack("{s:I, s:I}", "neuron", (json_int_t)z.first, "count",
                   (json_int_t)z.count);
}

static void warn_of_zeros(const struct info *info)
{
  const qn_ltc *ltc = &info->net->ltc;
  size_t units = info->net->units;
  struct zeros cm = find_zeros(ltc, units, 1, 0);
  struct zeros gleak = find_zeros(ltc, units, 0, 1);
  struct zeros both = find_zeros(ltc, units, 1, 1);
  char n[32];

  if (cm.count)
    qn_info_warn(
      info, "no_capacitor", about_zeros(cm),
      "cm is 0 in %s neuron%s, first neuron %zu: its state follows its "
      "gates at once. In continuous time it gets a time constant of "
      "at least 0.001 samples.",
      qn_page_count(cm.count, n), qn_plural(cm.count), cm.first);
  if (gleak.count)
    qn_info_warn(info, "no_leak", about_zeros(gleak),
                 "gleak is 0 in %s neuron%s, first neuron %zu: nothing brings "
                 "its state back while its gates are closed; on a chip, stray "
                 "leakage will.",
                 qn_page_count(gleak.count, n), qn_plural(gleak.count),
                 gleak.first);
  if (both.count)
    qn_info_warn(info, "undetermined", about_zeros(both),
                 "cm and gleak are both 0 in %s neuron%s, first neuron %zu: "
                 "while its gates are nearly closed its state is a quotient of "
                 "two numbers near 0, which a core's words cannot follow.",
                 qn_page_count(both.count, n), qn_plural(both.count),
                 both.first);
}

/* Of a neuron with time constant tau one fused step of length h goes
 * (h / tau) / (1 + h / tau) of the way, the equation 1 - exp(-h / tau): from
 * h = tau / 3 on they are more than 3 % apart. */
static void warn_of_solver_gap(const struct info *info)
{
  double step = 1.0 / info->net->ltc.unfolds, shortest = HUGE_VAL;
  size_t count = 0, first = 0;
  char text[32];

  for (size_t j = 0; j < info->net->units; j++) {
    double tau = qn_bounds_time_constant(info->net, j).low;

    if (!(tau > 0 && tau < 3 * step))
      continue;
    count++;
    if (tau < shortest) {
      shortest = tau;
      first = j;
    }
  }
  if (count)
    qn_info_warn(
      info, "solver_gap",
      json_pack("{s:I, s:I, s:f, s:f}", "neuron", (json_int_t)first, "count",
                (json_int_t)count, "value", shortest, "limit", 3 * step),
      "Trained in fused steps of %.3g model s (at one model second "
      "a sample), more than a third of the shortest time constant "
      "of %s neuron%s: %.3g in neuron %zu. ode and chips follow the "
      "equation instead; quench compare measures the difference.",
      step, qn_page_count(count, text), qn_plural(count), shortest, first);
}

void qn_info_warn_of_parameters(const struct info *info)
{
  warn_of_negative(info);
  warn_of_zeros(info);
  if (!qn_ltc_check_positive(info->net, NULL))
    warn_of_solver_gap(info);
}
