/* draw_plan.h - the floor plan: where everything stands on it, and its parts. */
#ifndef QN_NETLIST_DRAW_PLAN_H
#define QN_NETLIST_DRAW_PLAN_H

#include <quench/draw.h>
#include <quench/text.h>

/* pixels, but for the name, which is cut after so many characters */
enum {
  QN_PLAN_MARGIN = 28,
  QN_PLAN_HEAD = 100, /* title over everything */
  QN_PLAN_NAME = 22,
  QN_PLAN_RAILS = 130, /* right of the crossbar */
  QN_PLAN_LEGEND = 380,
  QN_PLAN_LEGEND_HEIGHT = 800
};

typedef struct qn_plan {
  const qn_chip *chip;
  const qn_network *net; /* or NULL */
  size_t *order;         /* [units] neuron of each column, left to right */
  size_t *place;         /* [units] column of each neuron */
  size_t layers;
  const char *const *layer_names; /* or NULL */
  double low_s, high_s;           /* ends of the conductances' scale */

  /* pixels */
  double pitch; /* of columns and rows */
  double left;  /* of the names of rows */
  double x, y;  /* of the crossbar's corner */
  double width, height;
  double bars; /* height of the largest capacitor's */
  double legend_x;
  double page_width, page_height;
} qn_plan;

/* On a page at least this wide. QN_ENOMEM; to be released in any case. */
qn_status qn_plan_init(qn_plan *p, const qn_chip *chip, const qn_network *net,
                       double width);
void qn_plan_release(qn_plan *p);

/* "command", or "layer 1". */
const char *qn_plan_layer_text(const qn_plan *p, size_t layer, char text[48]);

/* Rows from the top: the leaks', the inputs', the neurons'. */
size_t qn_plan_rows(const qn_plan *p);
size_t qn_plan_row_of(const qn_plan *p, qn_place place, size_t pre);
double qn_plan_column_x(const qn_plan *p, size_t neuron); /* its middle */
double qn_plan_row_y(const qn_plan *p, size_t row);       /* its middle */

/* One cell of the crossbar as it stands at (x, y), its middle. */
void qn_plan_add_synapse(qn_text *t, const qn_plan *p, qn_place place, size_t i,
                         double x, double y);
void qn_plan_add_leak(qn_text *t, const qn_plan *p, size_t neuron, double x,
                      double y);

/* Wires and cells. */
void qn_plan_add_crossbar(qn_text *t, const qn_plan *p);

/* What stands around them: names, drivers, layers, rails, capacitors,
 * readouts. */
void qn_plan_add_edges(qn_text *t, const qn_plan *p);

/* The column at its right: what the chip is, what colours and marks mean. */
void qn_plan_add_legend(qn_text *t, const qn_plan *p);

#endif
