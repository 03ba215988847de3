/* mapped.c - open a technology and map the network to it. */
#include "realisations/mapped.h"

#include <stdlib.h>

#include <quench/die.h>

qn_status qn_mapped_open(void **out, const qn_network *net,
                         const qn_settings *settings, qn_diag *diag)
{
  struct mapped *m = calloc(1, sizeof *m);

  *out = m;
  if (!m)
    return qn_diag_out_of_memory(diag);
  m->net = net;
  m->settings = *settings;
  return qn_chip_open(&m->chip, net, settings->technology, settings->die, diag);
}

void qn_mapped_close(void *mapped)
{
  struct mapped *m = mapped;

  if (!m)
    return;
  qn_chip_free(m->chip);
  free(m);
}

void qn_mapped_note_clips(const struct mapped *m, size_t clipped_inputs,
                          size_t clipped_outputs, qn_report *report)
{
  if (m->chip->clips)
    qn_report_note(report,
                   "%zu elements did not fit %s and were clipped: `quench map` "
                   "lists them",
                   m->chip->clips, m->chip->technology.name);
  if (clipped_inputs)
    qn_report_note(report,
                   "%zu inputs were beyond the drivers' range and were "
                   "clipped",
                   clipped_inputs);
  if (clipped_outputs)
    qn_report_note(report,
                   "%zu outputs were beyond the readouts' range and were "
                   "clipped",
                   clipped_outputs);
}
