/* devices.h - the memristor models, one file each. */
#ifndef QN_DEVICES_H
#define QN_DEVICES_H

#include <quench/device.h>

extern const qn_device qn_device_ohmic;
extern const qn_device qn_device_sky130_reram;

#endif
