/* check_names.h - which vector of a simulator's results is which membrane.
 *
 * A vector of node n3 may be called n3, N3, v(n3), V(XCHIP:N3), "xchip.n3",
 * /xchip/n3, VT("/n3") (V): case, what stands around a node's name and the
 * instances before it are a simulator's choice. */
#ifndef QN_NETLIST_CHECK_NAMES_H
#define QN_NETLIST_CHECK_NAMES_H

#include <stddef.h>

#include <quench/diag.h>

/* Place of the time among `count` names, or `count`. */
size_t qn_check_find_time(char *const *name, size_t count);

/* Into column [units] the place of every membrane n0.., that of the fewest
 * instances before it. QN_EPARSE, path and the names in diag, where one is
 * missing or two are as near. */
qn_status qn_check_find_membranes(char *const *name, size_t count,
                                  const char *path, size_t units,
                                  size_t *column, qn_diag *diag);

#endif
