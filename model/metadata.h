/* metadata.h - single values of "quench.network", checked. */
#ifndef QN_METADATA_H
#define QN_METADATA_H

#include <jansson.h>

#include <quench/network.h>

struct metadata {
  qn_network *net; /* being read; its path is set */
  const json_t *object;
  qn_diag *diag;
};

/* QN_EPARSE at a key. */
qn_status qn_metadata_bad(const struct metadata *m, const char *key,
                          const char *want);

/* A whole number in [min, max]. */
qn_status qn_metadata_size(const struct metadata *m, const char *key,
                           size_t min, size_t max, size_t *to);
qn_status qn_metadata_flag(const struct metadata *m, const char *key, int *to);

/* The index of a string among names, ended by NULL. */
qn_status qn_metadata_choice(const struct metadata *m, const char *key,
                             const char *const *names, int *to);

/* n finite numbers, or *to NULL where the key is absent. */
qn_status qn_metadata_numbers(const struct metadata *m, const char *key,
                              size_t n, double **to);

/* n names, or prefix1, prefix2, .. where the key is absent. */
qn_status qn_metadata_names(const struct metadata *m, const char *key,
                            const char *prefix, size_t n, char ***to);

#endif
