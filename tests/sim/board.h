/* board.h - crossbars for tests, with Ohm's and Kirchhoff's laws added up along
 * every wire, and a dense solve in which every crossing is a node. */
#ifndef QN_TEST_BOARD_H
#define QN_TEST_BOARD_H

#include <stdint.h>

#include "sim/crossbar.h"

#define ROWS 12
#define COLUMNS 9
#define DEVICES (ROWS * COLUMNS)
#define ACCURACY 1e-13 /* of crossbar.h, of the largest gap */

/* A crossbar and what is across it. Device k carries
 * g[k] scale[k] sinh(v / scale[k]), or g[k] v where that scale is 0. */
struct board {
  size_t rows, columns, devices;
  double rail_ohm, membrane_ohm;
  qn_crossing at[DEVICES];
  double g[DEVICES], scale[DEVICES];
  double feed[ROWS], end[COLUMNS];
  size_t calls;
};

struct answer {
  double v[DEVICES], i[DEVICES];
};

double board_current(void *arg, size_t k, double v, double *slope);
double board_slope_at(struct board *b, size_t k, double v);
void board_set_ends(struct board *b, uint32_t seed);
/* conductances of g / 3 to 3 g on that part of the crossings, listed in an
 * order of their own */
struct board board_draw(uint32_t seed, double part, double g, double scale);
void board_set_wires(struct board *b, double rail_ohm, double membrane_ohm);
qn_crossbar *board_start(const struct board *b);
void board_solve_on(qn_crossbar *xb, struct board *b, struct answer *a);
struct answer board_solve(struct board *b);
double board_gap(const struct board *b, size_t k);
double board_largest_gap(const struct board *b);
/* two answers, each as accurate as `volts` */
void board_expect_same(struct board *b, const struct answer *a,
                       const struct answer *want, double volts);
/* The device's current, put through the wires, must leave its voltage. A
 * voltage that is wrong by e everywhere puts the drops wrong by at most e times
 * all wire a current can meet times all slopes. */
void board_expect_laws_hold(struct board *b, const struct answer *a);
void board_expect_dense(struct board *b);

/* currents of the segments: that before column j in row i, that before row i in
 * column j */
struct wires {
  double row[ROWS][COLUMNS], column[ROWS][COLUMNS];
};
struct wires board_add_up(const struct board *b, const struct answer *a);

#endif
