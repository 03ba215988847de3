/* ltc_ode.c - the continuous equation of an LTC network.
 *
 *   cm dv/dt = gleak (vleak - v) + sum w s(sigma (v_pre - mu)) (erev - v)
 *
 * (Hasani et al., AAAI 2021, in the conductance form of ncps.) While the
 * inputs stand still the sums over sensory synapses are constants. With mixed
 * memory the membranes jump to the LSTM's h as each sample begins. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/driven.h"
#include "sim/step.h"

struct model {
  const qn_network *net;
  qn_step_plan plan; /* of the memory in front */
  double *cm;        /* [units] never zero */
  qn_pattern pattern;
};

struct workspace {
  const struct model *model;
  qn_ramp ramp;
  int moving;
  double *x;                  /* [inputs] now */
  double *pull, *conductance; /* [units] sensory sums of w s erev and w s */
  qn_step_room room;          /* of the memory in front */
};

static double logistic(double x)
{
  return 1 / (1 + exp(-x));
}

static void sensory_sums(struct workspace *w)
{
  const qn_network *net = w->model->net;
  const qn_synapses *s = &net->ltc.sensory;

  for (size_t j = 0; j < net->units; j++) {
    w->pull[j] = w->conductance[j] = 0;
    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      const qn_synapse *y = &s->at[i];
      double g = y->w * logistic(y->sigma * (w->x[y->pre] - y->mu));

      w->pull[j] += g * y->erev;
      w->conductance[j] += g;
    }
  }
}

static void move_inputs(struct workspace *w, double t)
{
  qn_ramp_at(&w->ramp, t, w->model->net->inputs, w->x);
  sensory_sums(w);
}

static void set_inputs(void *arg, const qn_ramp *ramp)
{
  struct workspace *w = arg;

  w->ramp = *ramp;
  w->moving = ramp->t_end > ramp->t_begin;
  move_inputs(w, ramp->t_end);
}

static qn_status rhs(double t, const double *v, double *dv, void *arg)
{
  struct workspace *w = arg;
  const qn_network *net = w->model->net;
  const qn_ltc *ltc = &net->ltc;
  const qn_synapses *s = &ltc->recurrent;

  if (w->moving)
    move_inputs(w, t);
  for (size_t j = 0; j < net->units; j++) {
    double pull = ltc->gleak[j] * ltc->vleak[j] + w->pull[j];
    double conductance = ltc->gleak[j] + w->conductance[j];

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      const qn_synapse *y = &s->at[i];
      double g = y->w * logistic(y->sigma * (v[y->pre] - y->mu));

      pull += g * y->erev;
      conductance += g;
    }
    dv[j] = (pull - conductance * v[j]) / w->model->cm[j];
  }
  return QN_OK;
}

static qn_status jacobian(double t, const double *v, double *value, void *arg)
{
  struct workspace *w = arg;
  const qn_network *net = w->model->net;
  const qn_synapses *s = &net->ltc.recurrent;
  const qn_pattern *p = &w->model->pattern;

  if (w->moving)
    move_inputs(w, t);
  for (size_t j = 0; j < net->units; j++) {
    double cm = w->model->cm[j];
    double conductance = net->ltc.gleak[j] + w->conductance[j];

    for (size_t i = s->first[j]; i < s->first[j + 1]; i++) {
      const qn_synapse *y = &s->at[i];
      double open = logistic(y->sigma * (v[y->pre] - y->mu));

      conductance += y->w * open;
      value[p->entry[i]] +=
        y->w * y->sigma * open * (1 - open) * (y->erev - v[j]) / cm;
    }
    value[p->diagonal[j]] -= conductance / cm;
  }
  return QN_OK;
}

/* ---- mixed memory: membranes jump to the LSTM's h ------------------------------- */

static void begin(void *arg, double *x)
{
  struct workspace *w = arg;

  (void)x;
  if (w->model->net->mixed_memory)
    qn_step_room_clear(&w->room, &w->model->plan);
}

static void jump(void *arg, const double *row, double *x)
{
  struct workspace *w = arg;
  const qn_network *net = w->model->net;

  if (!net->mixed_memory)
    return;
  memcpy(w->room.input, row, net->inputs * sizeof *row);
  memcpy(w->room.state, x, net->units * sizeof *x);
  qn_step_kernel_best()->remember(&w->model->plan, &w->room);
  memcpy(x, w->room.state, net->units * sizeof *x);
}

/* ---- life cycle ------------------------------------------------------------------- */

static void workspace_free(void *arg)
{
  struct workspace *w = arg;

  if (!w)
    return;
  free(w->x);
  free(w->pull);
  free(w->conductance);
  qn_step_room_release(&w->room);
  free(w);
}

static void *workspace_alloc(const void *arg)
{
  const struct model *model = arg;
  struct workspace *w = calloc(1, sizeof *w);

  if (!w)
    return NULL;
  w->model = model;
  w->x = calloc(model->net->inputs, sizeof *w->x);
  w->pull = calloc(model->net->units, sizeof *w->pull);
  w->conductance = calloc(model->net->units, sizeof *w->conductance);
  if (w->x && w->pull && w->conductance &&
      (!model->net->mixed_memory ||
       !qn_step_room_init(&w->room, &model->plan, 1)))
    return w;
  workspace_free(w);
  return NULL;
}

static void map_inputs(const void *arg, const double *row, double *inputs,
                       size_t *clipped)
{
  const qn_map *map = &((const struct model *)arg)->net->input_map;

  (void)clipped;
  for (size_t k = 0; k < map->n; k++)
    inputs[k] = map->w[k] * row[k] + map->b[k];
}

static void model_free(void *arg)
{
  struct model *m = arg;

  qn_pattern_release(&m->pattern);
  qn_step_plan_release(&m->plan);
  free(m->cm);
  free(m);
}

static const qn_driven_kind kind = {
  .name = "ode",
  .rhs = rhs,
  .jac = jacobian,
  .model_free = model_free,
  .workspace_alloc = workspace_alloc,
  .workspace_free = workspace_free,
  .set_inputs = set_inputs,
  .begin = begin,
  .jump = jump,
  .map_inputs = map_inputs,
};

static qn_status build_model(struct model *m)
{
  const qn_network *net = m->net;
  const qn_synapses *s = &net->ltc.recurrent;
  size_t *pre = malloc((s->count + 1) * sizeof *pre);
  qn_status st = QN_ENOMEM;

  m->cm = malloc(net->units * sizeof *m->cm);
  for (size_t i = 0; pre && i < s->count; i++)
    pre[i] = s->at[i].pre;
  for (size_t j = 0; m->cm && j < net->units; j++)
    m->cm[j] = qn_ltc_capacitance(net, j, 1.0);
  if (pre && m->cm)
    st = qn_step_plan_init(&m->plan, net, net->ltc.unfolds);
  if (!st)
    st = qn_pattern_init(&m->pattern, net->units, s->first, pre);
  free(pre);
  return st;
}

static double fastest(const struct model *m)
{
  double tau = HUGE_VAL;

  for (size_t j = 0; j < m->net->units; j++)
    tau = fmin(tau, m->cm[j] / qn_ltc_conductance_max(m->net, j));
  return tau;
}

qn_status qn_driven_init_ltc(qn_driven *driven, const qn_network *net)
{
  struct model *m = calloc(1, sizeof *m);

  *driven = (qn_driven){.kind = &kind, .model = m};
  if (!m)
    return QN_ENOMEM;
  m->net = net;
  if (build_model(m))
    return QN_ENOMEM;
  driven->n = driven->units = net->units;
  driven->inputs = net->inputs;
  driven->pattern = &m->pattern;
  driven->unit = 1;
  driven->fastest_s = fastest(m);
  driven->seconds_per_unit = 1;
  return QN_OK;
}

qn_status qn_ltc_run(const qn_network *net, const qn_dataset *data,
                     const qn_ode_options *opt, qn_trace *out,
                     qn_ode_report *report, qn_diag *diag)
{
  qn_driven driven;
  qn_status st = qn_ltc_check_continuous(net, diag);

  if (st)
    return st;
  st = qn_driven_init_ltc(&driven, net);
  if (st)
    qn_diag_out_of_memory(diag);
  else
    st = qn_driven_run(&driven, net, data, opt, out, NULL, report, diag);
  qn_driven_release(&driven);
  return st;
}
