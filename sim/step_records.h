/* step_records.h - the kernels that step.c chooses from. */
#ifndef QN_STEP_RECORDS_H
#define QN_STEP_RECORDS_H

#include "sim/step.h"

extern const qn_step_kernel qn_step_kernel_avx512; /* these on x86-64 alone */
extern const qn_step_kernel qn_step_kernel_avx2;
extern const qn_step_kernel qn_step_kernel_plain;

#endif
