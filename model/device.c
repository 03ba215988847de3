/* device.c - look-up in a list of devices. */
#include <quench/device.h>

#include <string.h>

const qn_device *qn_device_find(const qn_device *const *devices,
                                const char *name)
{
  while (*devices && strcmp((*devices)->name, name))
    devices++;
  return *devices;
}
