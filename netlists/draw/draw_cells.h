/* draw_cells.h - the circuit of every kind of cell that a chip uses. */
#ifndef QN_NETLIST_DRAW_CELLS_H
#define QN_NETLIST_DRAW_CELLS_H

#include <quench/chip.h>
#include <quench/text.h>

/* From the smallest to the largest on a chip; `any` where there is one. */
typedef struct qn_range {
  double low, high;
  int any;
} qn_range;

typedef struct qn_ranges {
  qn_range capacitor_f, leak_plus_s, leak_minus_s, plus_s, minus_s;
  qn_range gain, threshold_v, reversal_v;
} qn_ranges;

/* One circuit, drawn from the corner of its panel on, QN_PANEL_WIDTH wide, and
 * under it what there is to say: an equation and lines, at most 3. */
enum { QN_PANEL_WIDTH = 400 };
typedef struct qn_panel {
  const char *title;
  int (*used)(const qn_chip *chip, const qn_ranges *r); /* NULL: always */
  double height;
  void (*draw)(qn_text *t, const qn_chip *chip);
  void (*tell)(qn_text *t, const qn_chip *chip, const qn_ranges *r);
} qn_panel;

extern const qn_panel qn_panel_direct, qn_panel_steered,
  qn_panel_transconductor, qn_panel_leak, qn_panel_membrane, qn_panel_gate,
  qn_panel_driver, qn_panel_readout, qn_panel_memristor, qn_panel_rails,
  qn_panel_wires;

/* The equation, and lines 1 to 3 under it, from (18, 0) on. */
void qn_panel_equation(qn_text *t, const char *format, ...)
  __attribute__((format(printf, 2, 3)));
void qn_panel_line(qn_text *t, int line, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* A memristor down from (x, y) to y + 60, to the rail at its upper or lower
 * end, as its polarity has it. */
void qn_panel_memristor_at(qn_text *t, const qn_chip *chip, qn_side side,
                           double x, double y);

/* width and height of the sheet [pixels] */
typedef struct qn_cells_size {
  double width, height;
} qn_cells_size;
qn_cells_size qn_cells_measure(const qn_chip *chip);

void qn_cells_add(qn_text *t, const qn_chip *chip, double x, double y);

#endif
