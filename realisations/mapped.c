/* mapped.c - open a technology and map the network to it. */
#include "realisations/mapped.h"

#include <stdlib.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>

/* the chip gives way to one of its dies */
static qn_status draw(qn_chip **chip, qn_die number, qn_diag *diag)
{
  qn_chip *die;
  qn_status st = qn_die_draw(&die, *chip, number, diag);

  qn_chip_free(*chip);
  *chip = die;
  return st;
}

qn_status qn_mapped_open(void **out, const qn_network *net,
                         const qn_settings *settings, qn_diag *diag)
{
  struct mapped *m = calloc(1, sizeof *m);
  qn_technology tech;
  qn_status st;

  *out = m;
  if (!m)
    return qn_diag_out_of_memory(diag);
  m->net = net;
  m->settings = *settings;
  st = qn_technology_open(&tech, settings->technology, diag);
  if (!st)
    st = qn_chip_map(&m->chip, net, &tech, diag);
  if (!st && settings->die)
    st = draw(&m->chip, *settings->die, diag);
  return st;
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
                          qn_report *report)
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
}
