/* draw_symbols.h - the symbols of circuits, drawn once in a picture and used by
 * name. Each says where its ends are, from its own origin. */
#ifndef QN_NETLIST_DRAW_SYMBOLS_H
#define QN_NETLIST_DRAW_SYMBOLS_H

typedef struct qn_symbol {
  const char *name;    /* "memristor"; NULL ends the list */
  const char *drawing; /* SVG */
} qn_symbol;

/* memristor  down from (0,0) to (0,60); the thick end is at the top, where its
 *            voltage counts from
 * capacitor  down from (0,0) to (0,40)
 * resistor   right from (0,0) to (50,0)
 * source     down from (0,0), plus, to (0,50)
 * ground     below (0,0)
 * rail       a bar over (0,0)
 * switch     down from (0,0) to (0,40), open; its control meets it at (-7,20)
 * amplifier  to the right: inputs (0,-12) plus, (0,12) minus, output (50,0)
 * buffer     to the right: input (0,0), output (34,0)
 * logistic   a box from (0,-20) to (50,20) with its curve
 * nmos       gate (0,0), drain (22,-24), source (22,24)
 * pmos       gate (0,0), source (22,-24), drain (22,24)
 * nmos_mirrored, pmos_mirrored   gate (0,0), drain and source at x = -22
 * clamp      a box from (0,-20) to (50,20): a line between two limits
 * pin        a terminal, a ring about (0,0)
 * arrow      a head that points right, its tip at (0,0) */
extern const qn_symbol qn_symbols[];

#endif
