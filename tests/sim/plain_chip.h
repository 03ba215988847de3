/* plain_chip.h - the equations of include/quench/chip.h written plainly,
 * memristor by memristor, sharing no code with the library but the devices'
 * own laws; without wires, inputs without a rise. */
#ifndef QN_TEST_PLAIN_CHIP_H
#define QN_TEST_PLAIN_CHIP_H

#include <quench/chip.h>
#include <quench/dataset.h>

typedef struct plain_chip_result {
  double *states; /* [rows, units] model units */
  double *x;      /* [qn_chip_memristors()] at the end, where they move */
  double *moved;  /* [rows, qn_chip_memristors()] at the ends of samples */
} plain_chip_result;

/* The first sequence of data on a chip, so many times, each from membranes at
 * rest; the states are those of the last. */
plain_chip_result plain_chip_run(const qn_chip *chip, const qn_dataset *data,
                                 size_t times);
void plain_chip_release(plain_chip_result *r);

#endif
