/* names.h - lists of names on the heap. */
#ifndef QN_NAMES_H
#define QN_NAMES_H

#include <stddef.h>

#include <quench/status.h>

/* A copy of n names; on failure *to is what qn_names_free() takes. */
qn_status qn_names_copy(char ***to, char *const *from, size_t n);
void qn_names_free(char **names, size_t n); /* NULL is allowed */

#endif
