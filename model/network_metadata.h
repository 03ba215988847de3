/* network_metadata.h - what "quench.network" says, read into a qn_network. */
#ifndef QN_NETWORK_METADATA_H
#define QN_NETWORK_METADATA_H

#include <quench/network.h>

/* Parse the JSON text into every field of `net` that is not a tensor. The maps
 * get their kind and room, w = 1 and b = 0. net->path must be set. */
qn_status qn_network_parse_metadata(qn_network *net, const char *json,
                                    qn_diag *diag);

#endif
