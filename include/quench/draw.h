/* draw.h - a chip as a picture: SVG 1.1 in UTF-8, one file.
 *
 * Sheet 1 is the floor plan, a crossbar: columns are membranes in the order of
 * the wiring's layers, rows the leaks, the inputs, then the neurons in the same
 * order; a cell for each synapse and leak, its two halves the memristors to the
 * upper and the lower rail, darker as they conduct better; capacitors to scale,
 * rails, drivers, readouts, a legend. Sheet 2 has the circuit of every kind of
 * cell that the chip uses, with the range of its values.
 *
 * In the file: one <rect class="mp.."> (upper rail) or "mm.." (lower) for each
 * memristor that is there; a <title> in each cell says its values. Same chip,
 * same bytes. Names from the network are escaped; long ones are cut, whole in
 * the <title>. */
#ifndef QN_DRAW_H
#define QN_DRAW_H

#include <quench/chip.h>
#include <quench/network.h>

/* More than this is no picture for a person. */
enum {
  QN_DRAW_NEURONS_MAX = 512, /* and inputs */
  QN_DRAW_SYNAPSES_MAX = 20000
};

/* `net`, for the layers, may be NULL. The caller frees *svg. QN_EUNSUPPORTED
 * for a chip of more than the limits, which diag says. */
qn_status qn_draw_chip(const qn_chip *chip, const qn_network *net, char **svg,
                       qn_diag *diag);

/* The colour of a conductance between `low` and `high` (log scale; held to
 * them) to one rail, "#rrggbb": every one darker than those below. */
typedef struct qn_colour {
  char text[8];
} qn_colour;
qn_colour qn_draw_colour(qn_side side, double conductance_s, double low,
                         double high);

#endif
