/* network_metadata_cfc.c - the sizes of dense layers: CfC cells, the memory in
 * front of a cell, the projection behind it. */
#include <stdlib.h>

#include "model/network_metadata.h"

enum { BACKBONES_MAX = 1000, BACKBONE_UNITS_MAX = 1 << 20 };

static const char *const mode_names[] = {"default", "pure", "no_gate", NULL};
static const char *const activation_names[] = {"silu", "relu",       "tanh",
                                               "gelu", "lecun_tanh", NULL};

const char *qn_cfc_mode_name(qn_cfc_mode mode)
{
  return mode_names[mode];
}

const char *qn_activation_name(qn_activation activation)
{
  return activation_names[activation];
}

static void size_linear(qn_linear *to, size_t rows, size_t columns)
{
  to->rows = rows;
  to->columns = columns;
}

static void size_heads(const qn_network *net, qn_cfc_layer *layer,
                       size_t columns)
{
  size_t gated = net->cfc.mode == QN_CFC_PURE ? 0 : layer->units;

  size_linear(&layer->ff1, layer->units, columns);
  size_linear(&layer->ff2, gated, columns);
  size_linear(&layer->time_a, gated, columns);
  size_linear(&layer->time_b, gated, columns);
}

static qn_status make_layers(const struct metadata *m, size_t count)
{
  qn_cfc *cfc = &m->net->cfc;

  cfc->layer = calloc(count, sizeof *cfc->layer);
  if (!cfc->layer)
    return qn_diag_out_of_memory(m->diag);
  cfc->layers = count;
  return QN_OK;
}

/* ---- one cell with a backbone -------------------------------------------------- */

static qn_status get_backbone(const struct metadata *m, qn_cfc_layer *layer)
{
  size_t columns = layer->inputs + layer->units, units = 0;
  int activation = QN_ACTIVATION_LECUN_TANH;
  qn_status st =
    qn_metadata_size(m, "backbone_layers", 0, BACKBONES_MAX, &layer->backbones);

  if (!st && layer->backbones)
    st = qn_metadata_choice(m, "backbone_activation", activation_names,
                            &activation);
  if (!st && layer->backbones)
    st = qn_metadata_size(m, "backbone_units", 1, BACKBONE_UNITS_MAX, &units);
  if (st)
    return st;
  m->net->cfc.activation = (qn_activation)activation;
  layer->backbone = calloc(layer->backbones + 1, sizeof *layer->backbone);
  if (!layer->backbone)
    return qn_diag_out_of_memory(m->diag);
  for (size_t i = 0; i < layer->backbones; i++, columns = units)
    size_linear(&layer->backbone[i], units, columns);
  size_heads(m->net, layer, columns);
  return QN_OK;
}

static qn_status get_cell(const struct metadata *m)
{
  qn_network *net = m->net;
  qn_status st = make_layers(m, 1);

  if (st)
    return st;
  net->cfc.layer[0].inputs = net->inputs;
  net->cfc.layer[0].units = net->units;
  return get_backbone(m, &net->cfc.layer[0]);
}

/* ---- a wiring ---------------------------------------------------------------------- */

static qn_status get_wired_cells(const struct metadata *m)
{
  qn_network *net = m->net;
  const json_t *layers =
    json_object_get(json_object_get(m->object, "wiring"), "layers");
  size_t count = json_array_size(layers), from = net->inputs, first = 0;
  qn_status st = count ? make_layers(m, count)
                       : qn_metadata_bad(m, "wiring",
                                         "expected layers as a list of lists "
                                         "of neurons");

  for (size_t i = 0; !st && i < count; i++) {
    qn_cfc_layer *layer = &net->cfc.layer[i];

    layer->inputs = from;
    layer->units = from = json_array_size(json_array_get(layers, i));
    if (!layer->units || layer->units > net->units - first)
      return qn_metadata_bad(m, "wiring",
                             "expected layers that share out all units, none "
                             "of them empty");
    size_heads(net, layer, layer->inputs + layer->units);
    for (size_t k = 0; k < layer->units; k++)
      net->layer[first + k] = i;
    net->read_first = first;
    first += layer->units;
  }
  net->layers = count;
  if (!st && first != net->units)
    st = qn_metadata_bad(m, "wiring", "layers hold fewer neurons than 'units'");
  return st;
}

/* ---- the whole ----------------------------------------------------------------------- */

static qn_status get_projection(const struct metadata *m)
{
  qn_network *net = m->net;
  size_t read = net->cfc.layer[net->cfc.layers - 1].units;
  int projected = 0;
  qn_status st = QN_OK;

  if (net->cell == QN_CELL_CFC || json_object_get(m->object, "projection"))
    st = qn_metadata_flag(m, "projection", &projected);
  if (!st && !projected && net->outputs != read)
    st = qn_metadata_bad(m, "outputs",
                         "without a projection expected the size of the last "
                         "layer");
  if (projected)
    size_linear(&net->projection, net->outputs, read);
  return st;
}

qn_status qn_network_parse_cfc(const struct metadata *m)
{
  int mode;
  qn_status st = qn_metadata_choice(m, "mode", mode_names, &mode);

  if (st)
    return st;
  m->net->cfc.mode = (qn_cfc_mode)mode;
  st = m->net->cell == QN_CELL_CFC ? get_cell(m) : get_wired_cells(m);
  return st ? st : get_projection(m);
}

void qn_network_size_memory(qn_network *net)
{
  size_linear(&net->lstm.input, 4 * net->units, net->inputs);
  size_linear(&net->lstm.recurrent, 4 * net->units, net->units);
}
