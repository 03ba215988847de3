/* covariance_product.c - J times a matrix: most of the time of a covariance. */
#include "sim/covariance_room.h"

/* the same additions in the same order, as many at a time as the processor of
 * the day has room for */
#if defined __x86_64__ && defined __GNUC__ && !defined __clang__
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
static void
add_times(double a, const double *restrict x, double *restrict y, size_t n)
{
  for (size_t i = 0; i < n; i++)
    y[i] += a * x[i];
}

void qn_covariance_add_product(const qn_pattern *at, size_t n,
                               const double *jacobian, const double *from,
                               size_t columns, double *to)
{
  enum { BLOCK = 512 };

  for (size_t begin = 0; begin < columns; begin += BLOCK) {
    size_t length = columns - begin < BLOCK ? columns - begin : BLOCK;

    for (size_t c = 0; c < n; c++)
      for (size_t e = at->column[c]; e < at->column[c + 1]; e++)
        if (at->row[e] < n)
          add_times(jacobian[e], from + c * columns + begin,
                    to + at->row[e] * columns + begin, length);
  }
}
