/* ltc.c - what follows from an LTC's parameters alone. */
#include <quench/network.h>

#include <math.h>
#include <stdio.h>

static const qn_synapses *both(const qn_network *net, int k)
{
  return k ? &net->ltc.sensory : &net->ltc.recurrent;
}

void qn_ltc_hull(const qn_network *net, size_t j, double *low, double *high)
{
  *low = fmin(0, net->ltc.vleak[j]);
  *high = fmax(0, net->ltc.vleak[j]);
  for (int k = 0; k < 2; k++) {
    const qn_synapses *s = both(net, k);

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      *low = fmin(*low, s->at[i].erev);
      *high = fmax(*high, s->at[i].erev);
    }
  }
}

double qn_ltc_conductance_max(const qn_network *net, size_t j)
{
  double g = net->ltc.gleak[j];

  for (int k = 0; k < 2; k++) {
    const qn_synapses *s = both(net, k);

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
      g += s->at[i].w;
  }
  return g;
}

static double open_conductance(const qn_synapse *s, double x)
{
  return s->w / (1 + exp(-s->sigma * (x - s->mu)));
}

void qn_ltc_time_constants(const qn_network *net, const double *input,
                           const double *state, double *tau)
{
  const qn_ltc *ltc = &net->ltc;
  const qn_map *map = &net->input_map;

  for (size_t j = 0; j < net->units; j++) {
    const qn_synapses *r = &ltc->recurrent, *s = &ltc->sensory;
    double g = ltc->gleak[j];

    for (size_t i = r->first[j]; i < r->first[j + 1]; i++)
      g += open_conductance(&r->at[i], state[r->at[i].pre]);
    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      size_t k = s->at[i].pre;

      g += open_conductance(&s->at[i], map->w[k] * input[k] + map->b[k]);
    }
    tau[j] = ltc->cm[j] / g;
  }
}

double qn_ltc_capacitance(const qn_network *net, size_t j, double span)
{
  if (net->ltc.cm[j] > 0)
    return net->ltc.cm[j];
  return 1e-3 * qn_ltc_conductance_max(net, j) * span;
}

static const char negative[] =
  "negative with explicit constraints: ncps computes with it, a circuit "
  "cannot; "
  "call apply_weight_constraints() of the cell after each training step";

static qn_status refuse_neuron(const qn_network *net, size_t j,
                               const char *what, double value, qn_diag *diag)
{
  char place[32];

  snprintf(place, sizeof place, "neuron %zu", j);
  return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, place, "%s = %g: %s",
                     what, value, negative);
}

static qn_status refuse_synapse(const qn_network *net, const char *from,
                                const qn_synapse *s, qn_diag *diag)
{
  char place[64];

  snprintf(place, sizeof place, "synapse from %s %u to neuron %u", from,
           (unsigned)s->pre, (unsigned)s->post);
  return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, place, "w = %g: %s",
                     s->w, negative);
}

qn_status qn_ltc_check_positive(const qn_network *net, qn_diag *diag)
{
  const qn_ltc *ltc = &net->ltc;

  for (size_t j = 0; j < net->units; j++) {
    if (ltc->cm[j] < 0)
      return refuse_neuron(net, j, "cm", ltc->cm[j], diag);
    if (ltc->gleak[j] < 0)
      return refuse_neuron(net, j, "gleak", ltc->gleak[j], diag);
  }
  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < both(net, k)->count; i++) {
      const qn_synapse *s = &both(net, k)->at[i];

      if (s->w < 0)
        return refuse_synapse(net, k ? "input" : "neuron", s, diag);
    }
  return QN_OK;
}

qn_status qn_ltc_check_continuous(const qn_network *net, qn_diag *diag)
{
  qn_status st = qn_ltc_check_positive(net, diag);
  char place[32];

  for (size_t j = 0; !st && j < net->units; j++)
    if (!(qn_ltc_capacitance(net, j, 1) > 0)) {
      snprintf(place, sizeof place, "neuron %zu", j);
      st = qn_diag_set(diag, QN_EUNSUPPORTED, net->path, place,
                       "cm, gleak and every synapse are zero: its potential "
                       "is undefined in continuous time; remove the neuron "
                       "or give it a leak");
    }
  return st;
}
