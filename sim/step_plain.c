/* step_plain.c - steps for any processor. */
#define STEP_KERNEL qn_step_kernel_plain
#define STEP_KERNEL_NAME "plain"
#include "sim/step_records.h"

#include "sim/step_kernel.h"
