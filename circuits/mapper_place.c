/* mapper_place.c - every element of a chip; what does not fit is clipped. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "circuits/mapper_parts.h"

/* wanted and got are equal if they differ by rounding */
static const double slack = 1e-12;

static void note_clip(struct mapper *m, qn_clip clip)
{
  qn_chip *chip = m->chip;

  if (chip->clips == m->clip_room) {
    size_t room = m->clip_room ? 2 * m->clip_room : 16;
    qn_clip *more = realloc(chip->clip, room * sizeof *more);

    if (!more) {
      m->failed = 1;
      return;
    }
    chip->clip = more;
    m->clip_room = room;
  }
  chip->clip[chip->clips++] = clip;
}

static double place_memristor(struct mapper *m, double wanted, qn_side side,
                              qn_clip where)
{
  const qn_technology *t = m->tech;
  double got = qn_mapper_nearest(t, wanted);

  if (wanted == 0)
    return 0;
  if (wanted < t->conductance_min_s - slack * wanted ||
      wanted > t->conductance_max_s + slack * wanted) {
    where.what = "conductance";
    where.side = side;
    where.wanted = wanted;
    where.got = got;
    note_clip(m, where);
  }
  m->error_sum += (got / wanted - 1) * (got / wanted - 1);
  m->chip->memristors++;
  return got;
}

/* ---- neurons ------------------------------------------------------------------------ */

double qn_mapper_nearest_capacitance(const struct mapper *m, double wanted)
{
  double wire = qn_chip_wire_capacitance(m->chip);
  double least = m->tech->capacitor_min_f;

  if (wanted - wire >= least)
    return wanted;
  return wire > 0 && wanted - wire < least / 2 ? wire : wire + least;
}

static void place_capacitors(struct mapper *m)
{
  for (size_t j = 0; j < m->net->units; j++) {
    double wanted = qn_mapper_capacitor(m, j) * m->chip->siemens_per_unit[j] *
                    m->chip->seconds_per_unit;
    double got = qn_mapper_nearest_capacitance(m, wanted);

    m->chip->capacitance_f[j] = got;
    if (fabs(got - wanted) > wanted * slack)
      note_clip(m, (qn_clip){.what = "capacitor",
                             .kind = "membrane",
                             .post = j,
                             .wanted = wanted,
                             .got = got});
  }
}

static void place_leaks(struct mapper *m)
{
  const qn_ltc *ltc = &m->net->ltc;

  for (size_t j = 0; j < m->net->units; j++) {
    double g = ltc->gleak[j] * m->chip->siemens_per_unit[j];
    double p = qn_mapper_share(m, ltc->vleak[j]);
    qn_clip where = {.kind = "leak", .post = j};

    if (g > 0) {
      m->chip->leak_plus_s[j] = place_memristor(m, g * p, QN_PLUS, where);
      m->chip->leak_minus_s[j] =
        place_memristor(m, g * (1 - p), QN_MINUS, where);
    }
  }
}

/* ---- branches ------------------------------------------------------------------------- */

/* gain that turns volts at the gate into sigma (v - mu), at the map
 * temperature */
static double place_gain(struct mapper *m, double sigma, qn_clip where)
{
  const qn_technology *t = m->tech;
  double slope =
    t->slope_factor / qn_technology_thermal_voltage(t, t->map_temperature_k);
  double wanted = sigma / (slope * m->chip->volts_per_unit);
  double size = fmin(fmax(fabs(wanted), t->gain_min), t->gain_max);

  if (size != fabs(wanted)) {
    where.what = "gain";
    where.wanted = wanted;
    where.got = copysign(size, wanted);
    note_clip(m, where);
  }
  return copysign(size, wanted);
}

static void place_branch(struct mapper *m, const qn_synapse *s,
                         const char *kind, qn_branch *to)
{
  double g = s->w * m->chip->siemens_per_unit[s->post];
  double p = qn_mapper_share_of_synapse(m, s->erev);
  qn_clip where = {.kind = kind, .pre = s->pre, .post = s->post};

  to->pre = s->pre;
  to->post = s->post;
  to->plus_s = place_memristor(m, g * p, QN_PLUS, where);
  to->minus_s = place_memristor(m, g * (1 - p), QN_MINUS, where);
  to->reversal_v = qn_chip_to_volts(m->chip, s->erev);
  to->gate.gain = place_gain(m, s->sigma, where);
  to->gate.threshold_v = qn_chip_to_volts(m->chip, s->mu);
  to->minus_gate = to->gate;
}

static qn_status place_branches(struct mapper *m, const qn_synapses *from,
                                const char *kind, qn_branches *to)
{
  size_t n = m->net->units + 1;

  to->count = from->count;
  to->at = calloc(from->count + 1, sizeof *to->at);
  to->first = malloc(n * sizeof *to->first);
  if (!to->at || !to->first)
    return QN_ENOMEM;
  memcpy(to->first, from->first, n * sizeof *to->first);
  for (size_t i = 0; i < from->count; i++)
    place_branch(m, &from->at[i], kind, &to->at[i]);
  return QN_OK;
}

qn_status qn_mapper_place(struct mapper *m)
{
  const qn_ltc *ltc = &m->net->ltc;
  qn_chip *chip = m->chip;
  qn_status st;

  place_capacitors(m);
  place_leaks(m);
  st = place_branches(m, &ltc->recurrent, "recurrent", &chip->recurrent);
  if (!st)
    st = place_branches(m, &ltc->sensory, "sensory", &chip->sensory);
  if (chip->memristors)
    chip->level_error = sqrt(m->error_sum / (double)chip->memristors);
  return m->failed ? QN_ENOMEM : st;
}
