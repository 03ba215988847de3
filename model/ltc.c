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

double qn_ltc_capacitance(const qn_network *net, size_t j, double span)
{
  if (net->ltc.cm[j] > 0)
    return net->ltc.cm[j];
  return 1e-3 * qn_ltc_conductance_max(net, j) * span;
}

qn_status qn_ltc_check_continuous(const qn_network *net, qn_diag *diag)
{
  char place[32];

  for (size_t j = 0; j < net->units; j++)
    if (!(qn_ltc_capacitance(net, j, 1) > 0)) {
      snprintf(place, sizeof place, "neuron %zu", j);
      return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, place,
                         "cm, gleak and every synapse are zero: its potential "
                         "is undefined in continuous time; remove the neuron "
                         "or give it a leak");
    }
  return QN_OK;
}
