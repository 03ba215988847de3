/* core.c - the values of core.h. */
#include <quench/core.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <quench/names.h>

/* ---- formats ------------------------------------------------------------- */

int64_t qn_format_max(qn_format format)
{
  return ((int64_t)1 << (format.width - (format.is_signed ? 1u : 0u))) - 1;
}

int64_t qn_format_min(qn_format format)
{
  return format.is_signed ? -((int64_t)1 << (format.width - 1)) : 0;
}

double qn_format_value(qn_format format, int64_t word)
{
  return ldexp((double)word, -format.frac);
}

int64_t qn_format_word(qn_format format, double x, int *clipped)
{
  double word = round(ldexp(x, format.frac));
  int64_t max = qn_format_max(format), min = qn_format_min(format);

  if (word >= (double)min && word <= (double)max)
    return (int64_t)word;
  if (clipped)
    *clipped = 1;
  if (isnan(word))
    return 0;
  return word > 0 ? max : min;
}

const char *qn_format_text(qn_format format, char text[32])
{
  snprintf(text, 32, "%s<%u,%d>", format.is_signed ? "fix" : "ufix",
           format.width, format.frac);
  return text;
}

const char *qn_slot_kind_name(qn_slot_kind kind)
{
  static const char *const name[] = {
    [QN_SLOT_SYNAPSE] = "synapse",
    [QN_SLOT_OWN] = "own",
    [QN_SLOT_EMPTY] = "empty",
    [QN_SLOT_OUTPUT] = "output",
  };

  return name[kind];
}

/* ---- the core ------------------------------------------------------------ */

void qn_core_free(qn_core *core)
{
  if (!core)
    return;
  free(core->name);
  free(core->slope_sensory);
  free(core->feature);
  free(core->output);
  qn_names_free(core->feature_names, core->inputs);
  qn_names_free(core->output_names, core->outputs);
  free(core->table.base);
  free(core->table.slope);
  free(core->slots.at);
  free(core->neuron);
  free(core);
}

unsigned qn_core_beat_width(const qn_core *core)
{
  return 8 * ((core->width + 7) / 8);
}

void qn_core_input_words(const qn_core *core, const double *input,
                         int32_t *word, size_t *clipped)
{
  for (size_t i = 0; i < core->inputs; i++) {
    int clip = 0;

    word[i] = (int32_t)qn_format_word(core->feature[i], input[i], &clip);
    if (clip && clipped)
      ++*clipped;
  }
}

/* every result after the first takes the pipeline's seven cycles */
unsigned qn_core_cycles_per_sample(const qn_core *core)
{
  enum { RESULT_CYCLES = 7 };

  return core->cycles + (unsigned)core->inputs +
         RESULT_CYCLES * (unsigned)(core->outputs - 1);
}
