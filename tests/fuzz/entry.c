/* entry.c - files of unknown bytes through their readers. */
#include "tests/fuzz/entry.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/bounds.h>
#include <quench/catalogue.h>
#include <quench/dataset.h>
#include <quench/reference.h>
#include <quench/wiring.h>

/* ---- refusals ---------------------------------------------------------------- */

static int is_line(const char *text)
{
  json_t *s = json_string(text); /* NULL if it is not UTF-8 */
  int line = s != NULL;

  for (; *text; text++)
    line = line && (unsigned char)*text >= ' ' && *text != 127;
  json_decref(s);
  return line;
}

static const char *check_refusal(qn_status st, const qn_diag *d,
                                 const char *path)
{
  if (!d->message[0])
    return "refused without a message";
  if (st != QN_ENOMEM && strcmp(d->file, path))
    return "refused without the file's name";
  if (!is_line(d->file) || !is_line(d->place) || !is_line(d->message))
    return "the diagnosis is not lines of UTF-8";
  return NULL;
}

/* ---- networks ------------------------------------------------------------------ */

static const char *check_finite(const double *x, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite(x[i]))
      return "a value is not finite";
  return NULL;
}

static const char *check_synapses(const qn_synapses *s, size_t units,
                                  size_t sources)
{
  if (s->first[0] != 0 || s->first[units] != s->count)
    return "the synapses of the neurons are not all synapses";
  for (size_t j = 0; j < units; j++)
    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      const qn_synapse *at = &s->at[i];

      if (at->post != j || at->pre >= sources)
        return "a synapse from or to nowhere";
      if (i > s->first[j] && at[-1].pre >= at->pre)
        return "synapses out of order";
      if (at->w == 0 || check_finite(&at->w, 4))
        return "a synapse of weight 0 or not finite";
    }
  return NULL;
}

static const char *check_linear(const qn_linear *m)
{
  const char *wrong = check_finite(m->weight, m->rows * m->columns);

  return wrong ? wrong : check_finite(m->bias, m->rows);
}

static const char *check_layer(const qn_cfc_layer *layer)
{
  const char *wrong = check_linear(&layer->ff1);

  for (size_t i = 0; i < layer->backbones && !wrong; i++)
    wrong = check_linear(&layer->backbone[i]);
  if (!wrong)
    wrong = check_linear(&layer->ff2);
  if (!wrong)
    wrong = check_linear(&layer->time_a);
  return wrong ? wrong : check_linear(&layer->time_b);
}

static const char *check_cell(const qn_network *net)
{
  const char *wrong = NULL;

  if (net->cell == QN_CELL_LTC) {
    wrong = check_synapses(&net->ltc.recurrent, net->units, net->units);
    return wrong ? wrong
                 : check_synapses(&net->ltc.sensory, net->units, net->inputs);
  }
  for (size_t i = 0; i < net->cfc.layers && !wrong; i++)
    wrong = check_layer(&net->cfc.layer[i]);
  return wrong;
}

static const char *check_network(const qn_network *net)
{
  const char *wrong = check_cell(net);

  for (size_t i = 0; i < net->inputs; i++)
    if (!net->input_names[i])
      return "an input without a name";
  for (size_t i = 0; i < net->outputs; i++)
    if (!net->output_names[i])
      return "an output without a name";
  for (size_t j = 0; j < net->units; j++)
    if (net->layer[j] >= net->layers)
      return "a neuron in no layer";
  if (!net->projection.rows && net->read_first + net->outputs > net->units)
    return "outputs that no state holds";
  if (!wrong)
    wrong = check_linear(&net->lstm.input);
  if (!wrong)
    wrong = check_linear(&net->lstm.recurrent);
  return wrong ? wrong : check_linear(&net->projection);
}

/* the circuit's view of a network */
static const char *use_as_circuit(const qn_network *net)
{
  qn_diag d = {0};
  qn_status st = qn_network_check_plain_ltc(net, "the fuzzer", &d);
  const char *wrong = st ? check_refusal(st, &d, net->path) : NULL;

  if (wrong || net->cell != QN_CELL_LTC || qn_ltc_check_positive(net, &d))
    return wrong;
  for (size_t j = 0; j < net->units; j++) {
    double low, high;

    qn_ltc_hull(net, j, &low, &high);
    if (!(low <= 0 && high >= 0))
      return "a hull without 0";
    if (!(qn_ltc_conductance_max(net, j) >= 0) ||
        !(qn_ltc_capacitance(net, j, 1) >= 0))
      return "a conductance or capacitance below 0";
  }
  st = qn_ltc_check_continuous(net, &d);
  return st ? check_refusal(st, &d, net->path) : NULL;
}

static const char *count_wiring(const qn_network *net)
{
  qn_wiring *w;
  size_t synapses = 0;

  if (qn_wiring_alloc(&w, net))
    return "no wiring";
  for (size_t i = 0; i < w->links; i++)
    synapses += w->link[i].synapses;
  (void)qn_wiring_is_ncp(w, net);
  synapses -= w->synapses;
  qn_wiring_free(w);
  return synapses ? "synapses that are in no link" : NULL;
}

static const char *check_bounds(const qn_network *net)
{
  qn_interval x;

  for (size_t j = 0; j < net->units; j++) {
    x = qn_bounds_state(net, j, 1);
    if (!(x.low <= 0 && x.high >= 0))
      return "a state's bounds without 0";
    x = qn_bounds_time_constant(net, j);
    if (x.low < 0 || x.high < x.low)
      return "a time constant below 0";
  }
  for (size_t m = 0; m < net->outputs; m++) {
    x = qn_bounds_output(net, m, 1);
    if (!(x.low <= x.high))
      return "an output's bounds are none";
  }
  return NULL;
}

/* one sample through the reference, if it is a matter of moments */
static const char *run_one_row(const qn_network *net)
{
  enum { SMALL = 4096 };
  double inputs[SMALL], tau[SMALL];
  size_t first[] = {0, 1};
  qn_dataset data = {.sequences = 1,
                     .rows = 1,
                     .features = net->inputs,
                     .first = first,
                     .inputs = inputs};
  qn_trace *trace;
  qn_status st;

  if (net->inputs > SMALL || net->units > SMALL || net->outputs > SMALL)
    return NULL;
  for (size_t i = 0; i < net->inputs; i++)
    inputs[i] = 1 - 0.5 * (double)i;
  if (qn_trace_alloc(&trace, net, &data))
    return "no trace";
  st =
    qn_reference_run(net, &data, net->ltc.unfolds > 4 ? 4 : 0, 1, NULL, trace);
  if (net->cell == QN_CELL_LTC)
    qn_ltc_time_constants(net, inputs, trace->state, tau);
  qn_trace_free(trace);
  return st ? "the reference fails" : NULL;
}

const char *fuzz_network(const char *path)
{
  qn_network *net = (void *)&net;
  qn_diag d = {0};
  qn_status st = qn_network_read(&net, path, &d);
  const char *wrong;

  if (st)
    return net ? "refused and yet a network" : check_refusal(st, &d, path);
  if (!net)
    return "no network";
  wrong = check_network(net);
  if (!wrong && qn_network_parameters(net) == 0)
    wrong = "a network without parameters";
  if (!wrong)
    wrong = use_as_circuit(net);
  if (!wrong)
    wrong = count_wiring(net);
  if (!wrong)
    wrong = check_bounds(net);
  if (!wrong)
    wrong = run_one_row(net);
  qn_network_free(net);
  return wrong;
}

/* ---- datasets -------------------------------------------------------------------- */

static const char *check_dataset(const qn_dataset *d)
{
  const char *wrong = check_finite(d->inputs, d->rows * d->features);

  if (!d->rows || !d->sequences || d->first[0] != 0 ||
      d->first[d->sequences] != d->rows)
    return "the rows of the sequences are not all rows";
  for (size_t s = 0; s < d->sequences; s++)
    if (d->first[s] >= d->first[s + 1])
      return "a sequence without rows";
  if (d->warmup_steps && d->warmup_steps >= qn_dataset_longest(d))
    return "all steps are warm-up";
  for (size_t row = 0; row < d->rows; row++)
    if (!(qn_dataset_span(d, row) > 0) || !isfinite(qn_dataset_span(d, row)))
      return "a time span is not above 0";
  if (!wrong && d->task != QN_TASK_NONE && d->targets)
    wrong = check_finite(d->targets, d->rows * d->target_columns);
  return wrong;
}

static const char *read_for(const qn_network *net, const char *path,
                            qn_input_scale scale)
{
  qn_dataset *data = (void *)&data, *pick;
  qn_diag d = {0};
  qn_status st = qn_dataset_read(&data, path, net, scale, &d);
  const char *wrong;

  if (st)
    return data ? "refused and yet a dataset" : check_refusal(st, &d, path);
  if (!data)
    return "no dataset";
  wrong = check_dataset(data);
  if (!wrong && qn_dataset_pick(&pick, data, (data->sequences + 1) / 2))
    wrong = "no pick";
  if (!wrong) {
    wrong = check_dataset(pick);
    qn_dataset_free(pick);
  }
  qn_dataset_free(data);
  return wrong;
}

const char *fuzz_dataset(const char *path)
{
  static char *two[] = {"CO2", "light"}, *one[] = {"x1"};
  static double mean[] = {400, -1}, std[] = {50, 1e-300};
  const qn_network nets[] = {
    {.path = "two",
     .inputs = 2,
     .units = 3,
     .outputs = 2,
     .task = QN_TASK_MULTICLASS,
     .input_names = two,
     .input_mean = mean,
     .input_std = std},
    {.path = "two",
     .inputs = 2,
     .units = 3,
     .outputs = 1,
     .task = QN_TASK_BINARY_LAST,
     .input_names = two},
    {.path = "one",
     .inputs = 1,
     .units = 2,
     .outputs = 1,
     .task = QN_TASK_REGRESSION,
     .input_names = one},
    {.path = "one", .inputs = 1, .units = 1, .outputs = 1, .input_names = one},
  };
  const char *wrong = read_for(&nets[0], path, QN_INPUT_RAW);

  for (size_t i = 0; i < sizeof nets / sizeof *nets && !wrong; i++)
    wrong = read_for(&nets[i], path, QN_INPUT_AS_IS);
  return wrong;
}

/* ---- technologies ------------------------------------------------------------------ */

const char *fuzz_technology(const char *path)
{
  qn_technology tech;
  qn_diag d = {0};
  qn_status st = qn_technology_open(&tech, path, &d);

  if (st)
    return check_refusal(st, &d, path);
  if (!memchr(tech.name, 0, sizeof tech.name) || !is_line(tech.name) ||
      !memchr(tech.title, 0, sizeof tech.title) || !is_line(tech.title))
    return "a name or title is not a line";
  for (const qn_technology_field *f = qn_technology_fields; f->path; f++) {
    const double *x = (const void *)((const char *)&tech + f->offset);

    if (!(*x >= f->low && *x <= f->high))
      return "a field is out of its range";
  }
  return NULL;
}
