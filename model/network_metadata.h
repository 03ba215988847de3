/* network_metadata.h - what "quench.network" says, read into a qn_network. */
#ifndef QN_NETWORK_METADATA_H
#define QN_NETWORK_METADATA_H

#include "model/metadata.h"

/* Parse the JSON text into every field of `net` that is not a tensor. Maps get
 * their kind and room, w = 1 and b = 0; the dense layers of CfC cells, memory
 * and projection get their sizes. net->path must be set. Sizes beyond that of
 * the file, in bytes, are refused: no file makes room for more than it holds. */
qn_status qn_network_parse_metadata(qn_network *net, const char *json,
                                    size_t file_size, qn_diag *diag);

/* The part of CfC cells, and the sizes of the memory's layers. */
qn_status qn_network_parse_cfc(const struct metadata *m);
void qn_network_size_memory(qn_network *net);

#endif
