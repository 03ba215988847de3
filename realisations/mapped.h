/* mapped.h - a network on a technology: what analog and spice open. */
#ifndef QN_MAPPED_H
#define QN_MAPPED_H

#include <quench/chip.h>
#include <quench/realisation.h>

struct mapped {
  const qn_network *net;
  qn_settings settings;
  qn_chip *chip;
};

qn_status qn_mapped_open(void **out, const qn_network *net,
                         const qn_settings *settings, qn_diag *diag);
void qn_mapped_close(void *mapped); /* NULL is allowed */

/* Say what did not fit. */
void qn_mapped_note_clips(const struct mapped *m, size_t clipped_inputs,
                          size_t clipped_outputs, qn_report *report);

#endif
