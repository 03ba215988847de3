/* mapper.c - network + technology -> chip.
 *
 * Order of the choices: rails, volts per unit, a conductance scale for each
 * neuron, the time scale from the capacitors, memristors, gate gains. */
#include <quench/mapper.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/names.h>
#include <quench/text.h>

/* candidates for a neuron's scale, evenly spaced in its logarithm */
enum { SCALES = 64 };

struct mapper {
  const qn_network *net;
  const qn_technology *tech;
  qn_chip *chip;
  double high, low; /* rails, model units */
  size_t clip_room;
  double error_sum; /* of squared relative conductance errors */
  int failed;       /* out of memory */
};

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

/* ---- rails and volts per unit ---------------------------------------------------- */

static void choose_rails(struct mapper *m)
{
  double low = HUGE_VAL, high = -HUGE_VAL, margin;

  for (size_t j = 0; j < m->net->units; j++) {
    double a, b;

    qn_ltc_hull(m->net, j, &a, &b);
    low = fmin(low, a);
    high = fmax(high, b);
  }
  margin = high > low ? m->tech->rail_margin * (high - low) : 1;
  m->low = low - margin;
  m->high = high + margin;
}

struct bound {
  double value;
  const char *name;
};

static void choose_volts(struct mapper *m)
{
  const qn_technology *t = m->tech;
  const struct bound bounds[] = {
    {t->volts_per_unit_max, "scale.volts_per_unit_max"},
    {t->read_voltage_v / (m->high - m->low), "memristor.read_voltage_v"},
    {m->high > 0 ? (t->supply_v - t->common_mode_v) / m->high : HUGE_VAL,
     "supply.voltage_v"},
    {m->low < 0 && isfinite(t->supply_v) ? t->common_mode_v / -m->low
                                         : HUGE_VAL,
     "supply.common_mode_v"},
  };
  struct bound least = bounds[0];

  for (size_t i = 1; i < sizeof bounds / sizeof *bounds; i++)
    if (bounds[i].value < least.value)
      least = bounds[i];
  m->chip->volts_per_unit = least.value;
  m->chip->volts_bound = least.name;
  m->chip->common_mode_v = t->common_mode_v;
  m->chip->rail_plus_v = qn_chip_to_volts(m->chip, m->high);
  m->chip->rail_minus_v = qn_chip_to_volts(m->chip, m->low);
}

/* ---- conductances -------------------------------------------------------------------- */

/* w to the upper rail, so that the pair pulls towards erev */
static double share_plus(const struct mapper *m, double erev)
{
  return (erev - m->low) / (m->high - m->low);
}

/* the same of a synapse: a transconductor has one memristor */
static double share_of_branch(const struct mapper *m, double erev)
{
  return m->tech->cell == QN_CELL_TRANSCONDUCTOR ? 1 : share_plus(m, erev);
}

/* a memristor of conductance zero is absent */
static size_t add_wanted(double *g, size_t n, double conductance)
{
  g[n] = conductance;
  return n + (conductance > 0);
}

/* The conductances of neuron j in model units, two a branch, into g (room for
 * all of them); returns how many. */
static size_t wanted_conductances(const struct mapper *m, size_t j, double *g)
{
  const qn_ltc *ltc = &m->net->ltc;
  const qn_synapses *both[] = {&ltc->recurrent, &ltc->sensory};
  size_t n = 0;

  for (int k = 0; k < 2; k++)
    for (size_t i = both[k]->first[j]; i < both[k]->first[j + 1]; i++) {
      double w = both[k]->at[i].w;
      double p = share_of_branch(m, both[k]->at[i].erev);

      n = add_wanted(g, n, w * p);
      n = add_wanted(g, n, w * (1 - p));
    }
  if (ltc->gleak[j] > 0) {
    double p = share_plus(m, ltc->vleak[j]);

    n = add_wanted(g, n, ltc->gleak[j] * p);
    n = add_wanted(g, n, ltc->gleak[j] * (1 - p));
  }
  return n;
}

/* the conductance a memristor can take that lies nearest */
static double nearest_conductance(const qn_technology *t, double g)
{
  double held = fmin(fmax(g, t->conductance_min_s), t->conductance_max_s);
  double step;

  if (t->levels == 0)
    return held;
  step = (t->conductance_max_s - t->conductance_min_s) / (t->levels - 1);
  return t->conductance_min_s +
         step * round((held - t->conductance_min_s) / step);
}

/* conductance error of a neuron at a scale, squared, against its sum */
static double scale_error(const struct mapper *m, const double *g, size_t n,
                          double scale)
{
  double wrong = 0, sum = 0;

  for (size_t i = 0; i < n; i++) {
    double e = nearest_conductance(m->tech, g[i] * scale) / scale - g[i];

    wrong += e * e;
    sum += g[i];
  }
  return wrong / (sum * sum);
}

/* Of the scales that clip nothing the one of least conductance error; where
 * every scale clips, the one that keeps the largest memristor. */
static double choose_scale(const struct mapper *m, const double *g, size_t n)
{
  const qn_technology *t = m->tech;
  double least = HUGE_VAL, most = 0, low, high, best, best_error;

  for (size_t i = 0; i < n; i++) {
    least = fmin(least, g[i]);
    most = fmax(most, g[i]);
  }
  best = high = t->conductance_max_s / most;
  low = t->conductance_min_s / least;
  if (!(low < high) || t->levels == 0)
    return best;
  low = fmax(low, high / 10); /* smaller ones only lose levels */
  best_error = scale_error(m, g, n, best);
  for (int i = 1; i < SCALES; i++) {
    double scale = high * pow(low / high, i / (SCALES - 1.0));
    double error = scale_error(m, g, n, scale);

    if (error < best_error) {
      best = scale;
      best_error = error;
    }
  }
  return best;
}

static qn_status choose_scales(struct mapper *m)
{
  const qn_network *net = m->net;
  size_t room = 2 * (net->ltc.recurrent.count + net->ltc.sensory.count + 1);
  double *g = calloc(room, sizeof *g);

  if (!g)
    return QN_ENOMEM;
  for (size_t j = 0; j < net->units; j++) {
    size_t n = wanted_conductances(m, j, g);

    /* a neuron that is only a capacitor keeps any scale */
    m->chip->siemens_per_unit[j] =
      n ? choose_scale(m, g, n) : m->tech->conductance_max_s;
  }
  free(g);
  return QN_OK;
}

static double place_memristor(struct mapper *m, double wanted, qn_clip where)
{
  const qn_technology *t = m->tech;
  double got = nearest_conductance(t, wanted);
  double slack = 1e-12 * wanted;

  if (wanted == 0)
    return 0;

  if (wanted < t->conductance_min_s - slack ||
      wanted > t->conductance_max_s + slack) {
    where.what = "conductance";
    where.wanted = wanted;
    where.got = got;
    note_clip(m, where);
  }
  m->error_sum += (got / wanted - 1) * (got / wanted - 1);
  m->chip->memristors++;
  return got;
}

/* ---- time scale and capacitors ------------------------------------------------------- */

static double wanted_capacitance(const struct mapper *m, size_t j)
{
  return qn_ltc_capacitance(m->net, j, 1.0) * m->chip->siemens_per_unit[j];
}

static void choose_time(struct mapper *m)
{
  double largest = 0;

  for (size_t j = 0; j < m->net->units; j++)
    largest = fmax(largest, wanted_capacitance(m, j));
  m->chip->seconds_per_unit = m->tech->capacitor_max_f / largest;
  m->chip->seconds_bound = "capacitor.max_f";
  if (m->tech->seconds_per_unit > 0 &&
      m->tech->seconds_per_unit < m->chip->seconds_per_unit) {
    m->chip->seconds_per_unit = m->tech->seconds_per_unit;
    m->chip->seconds_bound = "scale.seconds_per_unit";
  }
}

static void place_capacitors(struct mapper *m)
{
  for (size_t j = 0; j < m->net->units; j++) {
    double wanted = wanted_capacitance(m, j) * m->chip->seconds_per_unit;
    double got = fmax(wanted, m->tech->capacitor_min_f);

    m->chip->capacitance_f[j] = got;
    if (got > wanted)
      note_clip(m, (qn_clip){.what = "capacitor",
                             .kind = "membrane",
                             .post = j,
                             .wanted = wanted,
                             .got = got});
  }
}

/* ---- branches ------------------------------------------------------------------------- */

static void place_leaks(struct mapper *m)
{
  const qn_ltc *ltc = &m->net->ltc;

  for (size_t j = 0; j < m->net->units; j++) {
    double g = ltc->gleak[j] * m->chip->siemens_per_unit[j];
    double p = share_plus(m, ltc->vleak[j]);
    qn_clip where = {.kind = "leak", .post = j};

    if (g > 0) {
      m->chip->leak_plus_s[j] = place_memristor(m, g * p, where);
      m->chip->leak_minus_s[j] = place_memristor(m, g * (1 - p), where);
    }
  }
}

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
  double p = share_of_branch(m, s->erev);
  qn_clip where = {.kind = kind, .pre = s->pre, .post = s->post};

  to->pre = s->pre;
  to->post = s->post;
  to->plus_s = place_memristor(m, g * p, where);
  to->minus_s = place_memristor(m, g * (1 - p), where);
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

/* ---- the whole --------------------------------------------------------------------------- */

static qn_status copy_map(qn_map *to, const qn_map *from)
{
  *to = (qn_map){.kind = from->kind, .n = from->n};
  to->w = malloc((from->n + 1) * sizeof *to->w);
  to->b = malloc((from->n + 1) * sizeof *to->b);
  if (!to->w || !to->b)
    return QN_ENOMEM;
  memcpy(to->w, from->w, from->n * sizeof *to->w);
  memcpy(to->b, from->b, from->n * sizeof *to->b);
  return QN_OK;
}

static qn_status make_room(struct mapper *m)
{
  const qn_network *net = m->net;
  qn_chip *chip = m->chip;
  double **arrays[] = {&chip->capacitance_f, &chip->leak_plus_s,
                       &chip->leak_minus_s, &chip->siemens_per_unit};
  qn_status st = QN_OK;

  chip->technology = *m->tech;
  chip->name = qn_text_format("%s", net->name);
  chip->units = net->units;
  chip->inputs = net->inputs;
  chip->outputs = net->outputs;
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
    if (!(*arrays[i] = calloc(net->units, sizeof **arrays[i])))
      st = QN_ENOMEM;
  chip->readout_offset_v =
    calloc(net->outputs + 1, sizeof *chip->readout_offset_v);
  if (!chip->readout_offset_v)
    st = QN_ENOMEM;
  if (!st)
    st = copy_map(&chip->input_map, &net->input_map);
  if (!st)
    st = copy_map(&chip->output_map, &net->output_map);
  if (!st)
    st = qn_names_copy(&chip->input_names, net->input_names, net->inputs);
  if (!st)
    st = qn_names_copy(&chip->output_names, net->output_names, net->outputs);
  return chip->name ? st : QN_ENOMEM;
}

static qn_status map(struct mapper *m)
{
  const qn_technology *t = m->tech;
  qn_chip *chip = m->chip;
  qn_status st = make_room(m);

  if (st)
    return st;
  chip->rise_fraction = t->rise_fraction;
  chip->gate_slope_per_v =
    t->slope_factor / qn_technology_thermal_voltage(t, t->temperature_k);
  choose_rails(m);
  choose_volts(m);
  st = choose_scales(m);
  if (st)
    return st;
  choose_time(m);
  place_capacitors(m);
  place_leaks(m);
  st = place_branches(m, &m->net->ltc.recurrent, "recurrent", &chip->recurrent);
  if (!st)
    st = place_branches(m, &m->net->ltc.sensory, "sensory", &chip->sensory);
  if (chip->memristors)
    chip->level_error = sqrt(m->error_sum / (double)chip->memristors);
  return m->failed ? QN_ENOMEM : st;
}

qn_status qn_chip_map(qn_chip **out, const qn_network *net,
                      const qn_technology *tech, qn_diag *diag)
{
  struct mapper m = {.net = net, .tech = tech};
  qn_status st = qn_network_check_plain_ltc(net, "a chip", diag);

  *out = NULL;
  if (!st)
    st = qn_ltc_check_continuous(net, diag);
  if (st)
    return st;
  m.chip = calloc(1, sizeof *m.chip);
  st = m.chip ? map(&m) : QN_ENOMEM;
  if (st) {
    qn_chip_free(m.chip);
    return qn_diag_out_of_memory(diag);
  }
  *out = m.chip;
  return QN_OK;
}
