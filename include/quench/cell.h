/* cell.h - what a chip is built of, one record a kind: its equation as the
 * simulator averages it, where it ends, what is not ideal, noise and cost. */
#ifndef QN_CELL_H
#define QN_CELL_H

typedef struct qn_cell_kind {
  const char *name;  /* "steered" */
  const char *title; /* one line */
  const char *equation;
  const char *limits;     /* fields that bound it */
  const char *non_ideal;  /* what sets it apart from its equation */
  const char *noise;      /* one-sided current density [A2/Hz] */
  const char *cost;       /* area and power, where they are counted */
  const char *technology; /* how a technology chooses it; "" for those that
                             every chip has */
} qn_cell_kind;

extern const qn_cell_kind qn_cell_kinds[]; /* ended by name NULL */

const qn_cell_kind *qn_cell_kind_find(const char *name); /* or NULL */

#endif
