/* catalogue.h - the memristor models and technologies that are built in. */
#ifndef QN_CATALOGUE_H
#define QN_CATALOGUE_H

#include <quench/technology.h>

extern const qn_device *const qn_devices[]; /* ended by NULL */

/* A built-in technology by name, or a file if the name ends in .yaml; either
 * may be followed by ",KEY=VALUE" as often as wanted, which stand over what it
 * says: "sky130_reram,temperature.run_k=358,memristor.levels=8". */
qn_status qn_technology_open(qn_technology *out, const char *name,
                             qn_diag *diag);

/* Name of built-in technology i, or NULL past the last; text of at least 64
 * bytes receives it. */
const char *qn_technology_name(size_t i, char *text);

#endif
