/* devices.h - the memristor models, one file each. */
#ifndef QN_DEVICES_H
#define QN_DEVICES_H

#include <quench/device.h>

extern const qn_device qn_device_ohmic;
extern const qn_device qn_device_linear_ion_drift;
extern const qn_device qn_device_linear_ion_drift_joglekar;
extern const qn_device qn_device_linear_ion_drift_biolek;
extern const qn_device qn_device_linear_ion_drift_prodromakis;
extern const qn_device qn_device_linear_ion_drift_kvatinsky;
extern const qn_device qn_device_vteam;
extern const qn_device qn_device_vteam_exponential;
extern const qn_device qn_device_yakopcic;
extern const qn_device qn_device_pershin;
extern const qn_device qn_device_stanford_rram;
extern const qn_device qn_device_sky130_reram;
extern const qn_device qn_device_pcm;

#endif
