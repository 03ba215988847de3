/* info_hardware.h - what is hard about a network in hardware: sentences. */
#ifndef QN_INFO_HARDWARE_H
#define QN_INFO_HARDWARE_H

#include <quench/chip.h>
#include <quench/core.h>

#include "cli/info.h"

/* Say a sentence and add it to "warnings" with its kind and the fields of
 * `about` (taken over): a neuron or synapse, the number and its limit. */
void qn_info_warn(const struct info *info, const char *kind, json_t *about,
                  const char *format, ...)
  __attribute__((format(printf, 4, 5)));

/* An LTC's own numbers, whatever it is realised on. */
void qn_info_warn_of_parameters(const struct info *info);

/* What a technology clips, and what the core's words cannot hold. */
void qn_info_warn_of_chip(const struct info *info, const qn_chip *chip);
void qn_info_warn_of_core(const struct info *info, const qn_core *core);

#endif
