/* fab.h - a network, a technology and as many dies as a test wants. */
#ifndef QN_TEST_FAB_H
#define QN_TEST_FAB_H

#include <quench/die.h>

enum { DIES = 10000 };

struct fab {
  qn_network *net;
  qn_technology tech;
  qn_chip *chip;
};

/* sine_ltc8 on a technology with its spreads switched off: a test switches on
 * what it looks at, and maps */
struct fab fab_open(const char *technology);
void fab_map(struct fab *f);
qn_chip *fab_draw(const struct fab *f, uint64_t seed, uint32_t die);
void fab_close(struct fab *f);

/* mean and deviation of a number over dies */
struct sample {
  double sum, square;
  size_t n;
};

void sample_add(struct sample *s, double x);

/* both within 5 of their own deviations */
void sample_expect_normal(const struct sample *s, double mean, double sigma);

#endif
