/* records.h - the realisations, one file each. */
#ifndef QN_RECORDS_H
#define QN_RECORDS_H

#include <quench/realisation.h>

extern const qn_realisation qn_realisation_reference;
extern const qn_realisation qn_realisation_ode;
extern const qn_realisation qn_realisation_analog;
extern const qn_realisation qn_realisation_spice;
extern const qn_realisation qn_realisation_fixed;
extern const qn_realisation qn_realisation_rtl;
extern const qn_realisation qn_realisation_gates;

#endif
