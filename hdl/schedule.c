/* schedule.c - cycles of a step, known before synthesis (qn_schedule.v). */
#include "hdl/quantise_parts.h"

enum {
  SETTLE = 10,        /* from the last sensing token to its sums in memory */
  TO_DIVIDER = 9,     /* from a token to its sums at the divider */
  AROUND_DIVIDER = 4, /* size, range, rounding, sign */
  TO_RESULT = 7       /* from the phase's first cycle to a result beat */
};

unsigned qn_core_division_period(const qn_core *core)
{
  return core->width + 1;
}

/* When the last token of an unfold leaves: every slot takes a cycle, and the
 * last tokens of two neurons are a division apart. */
static unsigned last_token(const qn_core *core)
{
  const qn_slot *slot = core->slots.at + core->slots.sensory;
  unsigned now = 0, free_at = 0;

  for (size_t i = 0; i < core->slots.recurrent; i++) {
    now++;
    if (!slot[i].last)
      continue;
    if (now < free_at)
      now = free_at;
    free_at = now + qn_core_division_period(core);
  }
  return now;
}

unsigned qn_core_count_cycles(const qn_core *core)
{
  unsigned unfold = last_token(core) + TO_DIVIDER +
                    qn_core_division_period(core) + AROUND_DIVIDER + 1;

  return (unsigned)core->slots.sensory + SETTLE + core->unfolds * unfold +
         TO_RESULT;
}
