/* step_avx512.c - steps for x86 processors with AVX-512; the Makefile has the
 * compiler's options. */
#ifdef __AVX512F__
#define STEP_KERNEL qn_step_kernel_avx512
#define STEP_KERNEL_NAME "avx512"
#include "sim/step_records.h"

#include "sim/step_kernel.h"
#else
typedef int no_avx512_here; /* C wants something in a file */
#endif
