/* mapper_volts.c - rails and the voltage of a model unit. */
#include <math.h>

#include "circuits/mapper_parts.h"

/* smallest interval that no membrane leaves, model units */
static void hull(const qn_network *net, double *low, double *high)
{
  *low = *high = 0;
  for (size_t j = 0; j < net->units; j++) {
    double a, b;

    qn_ltc_hull(net, j, &a, &b);
    *low = fmin(*low, a);
    *high = fmax(*high, b);
  }
}

struct bound {
  double value;
  const char *name;
};

static struct bound tightest(const struct bound *b, size_t n)
{
  struct bound least = b[0];

  for (size_t i = 1; i < n; i++)
    if (b[i].value < least.value)
      least = b[i];
  return least;
}

/* volts per unit at which x stands `room` from the common mode; any where one
 * of them is no limit */
static double reach(double room, double x)
{
  return x > 0 ? room / x : HUGE_VAL;
}

static struct bound volts_bound(const struct mapper *m, double low, double high)
{
  const qn_technology *t = m->tech;
  const struct bound bounds[] = {
    {t->volts_per_unit_max, "scale.volts_per_unit_max"},
    {t->read_voltage_v / (m->high - m->low), "memristor.read_voltage_v"},
    {reach(t->supply_v - t->common_mode_v, m->high), "supply.voltage_v"},
    {isfinite(t->supply_v) ? reach(t->common_mode_v, -m->low) : HUGE_VAL,
     "supply.common_mode_v"},
    {reach(t->compliance_high_v - t->common_mode_v, high),
     "synapse.compliance_high_v"},
    {reach(t->common_mode_v - t->compliance_low_v, -low),
     "synapse.compliance_low_v"},
  };

  return tightest(bounds, sizeof bounds / sizeof *bounds);
}

void qn_mapper_choose_volts(struct mapper *m)
{
  double low, high, margin;
  struct bound bound;

  hull(m->net, &low, &high);
  margin = high > low ? m->tech->rail_margin * (high - low) : 1;
  m->low = low - margin;
  m->high = high + margin;
  bound = volts_bound(m, low, high);
  m->chip->volts_per_unit = bound.value;
  m->chip->volts_bound = bound.name;
  m->chip->common_mode_v = m->tech->common_mode_v;
  m->chip->rail_plus_v = qn_chip_to_volts(m->chip, m->high);
  m->chip->rail_minus_v = qn_chip_to_volts(m->chip, m->low);
}

double qn_mapper_share(const struct mapper *m, double potential)
{
  return (potential - m->low) / (m->high - m->low);
}

double qn_mapper_share_of_synapse(const struct mapper *m, double erev)
{
  return m->tech->cell == QN_CELL_TRANSCONDUCTOR ? 1 : qn_mapper_share(m, erev);
}

/* ---- time ------------------------------------------------------------------------ */

double qn_mapper_capacitor(const struct mapper *m, size_t j)
{
  return qn_ltc_capacitance(m->net, j, 1.0);
}

/* where area counts: as short as the smallest capacitor allows */
static double shortest(const struct mapper *m, double wire, double smallest)
{
  double least = m->tech->capacitor_min_f + wire;

  if (m->limits->prefer != QN_PREFER_AREA || least == 0)
    return HUGE_VAL;
  return least / smallest;
}

void qn_mapper_choose_time(struct mapper *m)
{
  const qn_technology *t = m->tech;
  double wire = qn_chip_wire_capacitance(m->chip);
  double largest = 0, smallest = HUGE_VAL;
  struct bound bound;

  for (size_t j = 0; j < m->net->units; j++) {
    double c = qn_mapper_capacitor(m, j) * m->chip->siemens_per_unit[j];

    largest = fmax(largest, c);
    smallest = fmin(smallest, c);
  }
  bound = tightest(
    (struct bound[]){
      {(t->capacitor_max_f + wire) / largest, "capacitor.max_f"},
      {t->seconds_per_unit > 0 ? t->seconds_per_unit : HUGE_VAL,
       "scale.seconds_per_unit"},
      {shortest(m, wire, smallest), "capacitor.min_f"},
      {m->limits->seconds_max, "scale.area_budget_m2"},
    },
    4);
  m->chip->seconds_per_unit = bound.value;
  m->chip->seconds_bound = bound.name;
}
