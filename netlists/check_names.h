/* check_names.h - which vector of a simulator's results is which membrane, and
 * which memristor's state.
 *
 * A vector of node n3 may be called n3, N3, v(n3), V(XCHIP:N3), "xchip.n3",
 * /xchip/n3, VT("/n3") (V): case, what stands around a node's name and the
 * instances before it are a simulator's choice. So for a state's xr0.x1.x. */
#ifndef QN_NETLIST_CHECK_NAMES_H
#define QN_NETLIST_CHECK_NAMES_H

#include <stddef.h>

#include <quench/chip.h>
#include <quench/diag.h>

/* Place of the time among `count` names, or `count`. */
size_t qn_check_find_time(char *const *name, size_t count);

typedef struct qn_check_places {
  size_t units;   /* membranes */
  size_t states;  /* memristors that move; 0 where the file has none of them */
  size_t *column; /* [units + states] neurons, then memristors, by number */
} qn_check_places;

/* The vector of every membrane, and of every memristor that moves or none; that
 * of the fewest instances before it. The caller frees places->column. QN_EPARSE,
 * path and the names in diag, where one is missing or two are as near. */
qn_status qn_check_find(qn_check_places *places, char *const *name,
                        size_t count, const char *path, const qn_chip *chip,
                        qn_diag *diag);

#endif
