/* step_avx2.c - steps for x86 processors with AVX2 and FMA; the Makefile has the
 * compiler's options. */
#ifdef __AVX2__
#define STEP_KERNEL qn_step_kernel_avx2
#define STEP_KERNEL_NAME "avx2"
#include "sim/step_records.h"

#include "sim/step_kernel.h"
#else
typedef int no_avx2_here; /* C wants something in a file */
#endif
