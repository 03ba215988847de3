/* info.h - the parts of `quench info`: each says its paragraphs and adds its
 * fields to the JSON entry. */
#ifndef QN_INFO_H
#define QN_INFO_H

#include <quench/bounds.h>
#include <quench/wiring.h>

#include "cli/page.h"

/* Bounds are given for samples of at least so many model seconds. */
enum { QN_INFO_SPAN = 1 };

struct info {
  const qn_network *net;
  qn_wiring *wiring;
  int is_ncp;    /* its layers are inter, command, motor */
  int has_links; /* synapses can be counted: no backbone stands between */
  qn_console *console;
  json_t *entry;
};

void qn_info_tell_cell(const struct info *info);
void qn_info_tell_ends(const struct info *info); /* inputs and outputs */
void qn_info_tell_wiring(const struct info *info);
qn_status qn_info_tell_neurons(const struct info *info);
qn_status qn_info_tell_hardware(const struct info *info);

/* "command", "layer 4", "neurons"; "inputs" for QN_INPUTS. */
const char *qn_info_layer_name(const struct info *info, size_t layer,
                               char text[32]);

/* A field of the entry, or of another object. */
void qn_info_add_count(json_t *object, const char *key, size_t n);

/* "synapse from input 3 to neuron 5" */
const char *qn_info_synapse(int is_sensory, size_t pre, size_t post,
                            char text[96]);

#endif
