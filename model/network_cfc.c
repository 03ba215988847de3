/* network_cfc.c - the tensors of CfC cells, of the memory in front of a cell
 * and of the projection behind it. */
#include <stdio.h>

#include "model/tensors.h"

/* ncps masks ff1 and ff2 alone: time_a and time_b see all of z */
static qn_status apply_mask(const struct tensors *r, const char *cell,
                            qn_cfc_layer *layer)
{
  qn_linear *masked[] = {&layer->ff1, &layer->ff2};
  const qn_tensor *mask;
  char name[64];
  qn_status st;

  snprintf(name, sizeof name, "%s.sparsity_mask", cell);
  if (r->net->cell == QN_CELL_CFC && !qn_tensors_find_any(r, name))
    return QN_OK; /* a wiring's layers always have one */
  st = qn_tensors_find(r, name, layer->ff1.rows, layer->ff1.columns, &mask);
  for (size_t i = 0; !st && i < mask->count; i++) {
    double m = qn_tensor_value(mask, i);

    if (m != 0 && m != 1)
      return qn_tensors_bad_element(r, mask, i, "expected 0 or 1");
    for (int k = 0; k < 2; k++)
      if (masked[k]->rows)
        masked[k]->weight[i] *= m;
  }
  return st;
}

static qn_status read_heads(const struct tensors *r, const char *cell,
                            qn_cfc_layer *layer)
{
  const struct {
    const char *key;
    qn_linear *to;
  } heads[] = {{"ff1", &layer->ff1},
               {"ff2", &layer->ff2},
               {"time_a", &layer->time_a},
               {"time_b", &layer->time_b}};
  char name[64];
  qn_status st = QN_OK;

  for (int i = 0; i < 4 && !st; i++) {
    snprintf(name, sizeof name, "%s.%s", cell, heads[i].key);
    st = qn_tensors_linear(r, name, QN_WITH_BIAS, heads[i].to);
  }
  return st ? st : apply_mask(r, cell, layer);
}

static qn_status read_row(const struct tensors *r, const char *cell,
                          const char *key, size_t units, double **to)
{
  char name[64];

  snprintf(name, sizeof name, "%s.%s", cell, key);
  return qn_tensors_new(r, name, 1, units, to);
}

static qn_status read_layer(const struct tensors *r, const char *cell,
                            qn_cfc_layer *layer)
{
  qn_status st = QN_OK;

  if (r->net->cfc.mode == QN_CFC_PURE) {
    st = read_row(r, cell, "w_tau", layer->units, &layer->w_tau);
    if (!st)
      st = read_row(r, cell, "A", layer->units, &layer->a);
  }
  return st ? st : read_heads(r, cell, layer);
}

/* Layer i of ncps' nn.Sequential stands at 2 i, or with dropout, which follows
 * every activation but the first, at 3 i - 1: then there is a layer 5, an odd
 * number. */
static qn_status read_backbone(const struct tensors *r, qn_cfc_layer *layer)
{
  int dropout = layer->backbones > 2 &&
                qn_safetensors_find(r->file, "rnn_cell.backbone.5.weight");
  qn_status st = QN_OK;

  for (size_t i = 0; i < layer->backbones && !st; i++) {
    char name[64];

    snprintf(name, sizeof name, "rnn_cell.backbone.%zu",
             dropout && i ? 3 * i - 1 : 2 * i);
    st = qn_tensors_linear(r, name, QN_WITH_BIAS, &layer->backbone[i]);
  }
  return st;
}

qn_status qn_network_read_cfc(const struct tensors *r)
{
  qn_cfc *cfc = &r->net->cfc;
  qn_status st;

  if (r->net->cell == QN_CELL_CFC) {
    st = read_backbone(r, &cfc->layer[0]);
    return st ? st : read_layer(r, "rnn_cell", &cfc->layer[0]);
  }
  st = QN_OK;
  for (size_t i = 0; i < cfc->layers && !st; i++) {
    char name[48];

    snprintf(name, sizeof name, "rnn_cell.layer_%zu", i);
    st = read_layer(r, name, &cfc->layer[i]);
  }
  return st;
}

qn_status qn_network_read_surroundings(const struct tensors *r)
{
  qn_network *net = r->net;
  qn_status st =
    qn_tensors_linear(r, "lstm.input_map", QN_WITH_BIAS, &net->lstm.input);

  if (!st)
    st = qn_tensors_linear(r, "lstm.recurrent_map", QN_WITHOUT_BIAS,
                           &net->lstm.recurrent);
  return st ? st : qn_tensors_linear(r, "fc", QN_WITH_BIAS, &net->projection);
}
