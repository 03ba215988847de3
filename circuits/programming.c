/* programming.c - the polynomial of a technology. */
#include "circuits/programming.h"

#include <math.h>

double qn_programming_deviation(const qn_technology *tech, double g)
{
  double x = g / tech->conductance_max_s, sigma = 0;

  for (int k = 4; k >= 0; k--)
    sigma = sigma * x + tech->programming_s[k];
  return fmax(sigma, 0);
}
