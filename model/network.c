/* network.c - reading a network from a .safetensors file. */
#include <quench/network.h>

#include <stdlib.h>
#include <string.h>

#include "model/network_metadata.h"
#include "model/tensors.h"
#include <quench/names.h>
#include <quench/text.h>

/* the file's name without folder and extension */
static char *stem(const char *path)
{
  const char *slash = strrchr(path, '/'), *from = slash ? slash + 1 : path;
  const char *dot = strrchr(from, '.');

  return qn_text_format("%.*s", dot ? (int)(dot - from) : (int)strlen(from),
                        from);
}

static qn_status read_tensors(qn_network *net, const qn_safetensors *file,
                              qn_diag *diag)
{
  struct tensors r = {.net = net, .file = file, .diag = diag};
  qn_status st;

  r.used = calloc(qn_safetensors_count(file) + 1, 1);
  if (!r.used)
    return qn_diag_out_of_memory(diag);
  st = net->cell == QN_CELL_LTC ? qn_network_read_ltc(&r)
                                : qn_network_read_cfc(&r);
  if (!st)
    st = qn_network_read_surroundings(&r);
  if (!st)
    st = qn_tensors_check_all_used(&r);
  free(r.used);
  return st;
}

static qn_status read_file(qn_network *net, const qn_safetensors *file,
                           qn_diag *diag)
{
  const char *json = qn_safetensors_metadata(file, "quench.network");
  qn_status st;

  if (!json)
    return qn_diag_set(diag, QN_EPARSE, net->path, "header",
                       "no metadata 'quench.network': a state_dict alone does "
                       "not say how its cell computes; write the file with "
                       "quench.save() of the Python package");
  st = qn_network_parse_metadata(net, json, qn_safetensors_size(file), diag);
  return st ? st : read_tensors(net, file, diag);
}

qn_status qn_network_read(qn_network **out, const char *path, qn_diag *diag)
{
  qn_safetensors *file;
  qn_network *net;
  qn_status st = qn_safetensors_read(&file, path, diag);

  *out = NULL;
  if (st)
    return st;
  net = calloc(1, sizeof *net);
  if (net) {
    net->path = qn_text_format("%s", path);
    net->name = stem(path);
    memcpy(net->sha256, qn_safetensors_sha256(file), sizeof net->sha256);
  }
  st = net && net->path && net->name ? read_file(net, file, diag)
                                     : qn_diag_out_of_memory(diag);
  qn_safetensors_free(file);
  if (st) {
    qn_network_free(net);
    return st;
  }
  *out = net;
  return QN_OK;
}

static void free_linear(qn_linear *linear)
{
  free(linear->weight);
  free(linear->bias);
}

static void free_cfc(qn_cfc *cfc)
{
  for (size_t i = 0; i < cfc->layers; i++) {
    qn_cfc_layer *layer = &cfc->layer[i];

    for (size_t k = 0; layer->backbone && k < layer->backbones; k++)
      free_linear(&layer->backbone[k]);
    free(layer->backbone);
    free_linear(&layer->ff1), free_linear(&layer->ff2);
    free_linear(&layer->time_a), free_linear(&layer->time_b);
    free(layer->w_tau), free(layer->a);
  }
  free(cfc->layer);
}

static void free_ltc(qn_ltc *ltc)
{
  free(ltc->cm), free(ltc->gleak), free(ltc->vleak);
  free(ltc->recurrent.at), free(ltc->recurrent.first);
  free(ltc->sensory.at), free(ltc->sensory.first);
}

void qn_network_free(qn_network *net)
{
  if (!net)
    return;
  qn_names_free(net->input_names, net->inputs);
  qn_names_free(net->output_names, net->outputs);
  free(net->input_map.w), free(net->input_map.b);
  free(net->output_map.w), free(net->output_map.b);
  free(net->input_mean), free(net->input_std);
  free(net->layer);
  free_ltc(&net->ltc);
  free_cfc(&net->cfc);
  free_linear(&net->lstm.input), free_linear(&net->lstm.recurrent);
  free_linear(&net->projection);
  free(net->path);
  free(net->name);
  free(net);
}

/* ---- what follows from it -------------------------------------------------------- */

qn_status qn_network_check_plain_ltc(const qn_network *net, const char *what,
                                     qn_diag *diag)
{
  if (net->cell == QN_CELL_LTC && !net->mixed_memory)
    return qn_ltc_check_positive(net, diag);
  return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, NULL,
                     "%s takes LTC cells without mixed memory, this is '%s'%s: "
                     "it runs on reference%s",
                     what, qn_cell_name(net->cell),
                     net->mixed_memory ? " with mixed memory" : "",
                     net->cell == QN_CELL_LTC ? " and ode" : "");
}

static size_t in_use(const qn_linear *linear)
{
  size_t n = linear->rows; /* the bias */

  for (size_t i = 0; i < linear->rows * linear->columns; i++)
    n += linear->weight[i] != 0;
  return n;
}

static size_t cfc_parameters(const qn_network *net)
{
  size_t n = 0;

  for (size_t i = 0; i < net->cfc.layers; i++) {
    const qn_cfc_layer *layer = &net->cfc.layer[i];

    for (size_t k = 0; k < layer->backbones; k++)
      n += in_use(&layer->backbone[k]);
    n += in_use(&layer->ff1) + in_use(&layer->ff2) + in_use(&layer->time_a) +
         in_use(&layer->time_b) + (layer->a ? 2 * layer->units : 0);
  }
  return n;
}

size_t qn_network_parameters(const qn_network *net)
{
  size_t n = net->input_map.kind * net->inputs +
             net->output_map.kind * net->outputs + in_use(&net->projection);

  if (net->mixed_memory)
    n += in_use(&net->lstm.input) + in_use(&net->lstm.recurrent) -
         net->lstm.recurrent.rows; /* which has no bias */
  if (net->cell != QN_CELL_LTC)
    return n + cfc_parameters(net);
  return n + 3 * net->units +
         4 * (net->ltc.recurrent.count + net->ltc.sensory.count);
}
