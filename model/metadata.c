/* metadata.c - values of a JSON object with one sentence for each mistake. */
#include "model/metadata.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/text.h>

qn_status qn_metadata_bad(const struct metadata *m, const char *key,
                          const char *want)
{
  char place[96];

  snprintf(place, sizeof place, "quench.network, '%.60s'", key);
  return qn_diag_set(m->diag, QN_EPARSE, m->net->path, place, "%s", want);
}

qn_status qn_metadata_size(const struct metadata *m, const char *key,
                           size_t min, size_t max, size_t *to)
{
  const json_t *v = json_object_get(m->object, key);
  json_int_t n = json_integer_value(v);
  char want[64];

  snprintf(want, sizeof want, "expected an integer from %zu to %zu", min, max);
  if (!json_is_integer(v) || n < (json_int_t)min || n > (json_int_t)max)
    return qn_metadata_bad(m, key, want);
  *to = (size_t)n;
  return QN_OK;
}

qn_status qn_metadata_flag(const struct metadata *m, const char *key, int *to)
{
  const json_t *v = json_object_get(m->object, key);

  if (!json_is_boolean(v))
    return qn_metadata_bad(m, key, "expected true or false");
  *to = json_is_true(v);
  return QN_OK;
}

qn_status qn_metadata_choice(const struct metadata *m, const char *key,
                             const char *const *names, int *to)
{
  const char *s = json_string_value(json_object_get(m->object, key));
  qn_text want;
  qn_status st;

  for (int i = 0; s && names[i]; i++)
    if (!strcmp(s, names[i])) {
      *to = i;
      return QN_OK;
    }
  qn_text_init(&want);
  qn_text_add(&want, "expected");
  for (int i = 0; names[i]; i++)
    qn_text_add(&want, "%s \"%s\"",
                !i             ? ""
                : names[i + 1] ? ","
                               : " or",
                names[i]);
  st = want.failed ? qn_diag_out_of_memory(m->diag)
                   : qn_metadata_bad(m, key, want.data);
  qn_text_release(&want);
  return st;
}

qn_status qn_metadata_numbers(const struct metadata *m, const char *key,
                              size_t n, double **to)
{
  const json_t *list = json_object_get(m->object, key);

  if (!list || json_is_null(list))
    return QN_OK;
  if (json_array_size(list) != n)
    return qn_metadata_bad(m, key, "expected one number for each input");
  *to = calloc(n, sizeof **to);
  if (!*to)
    return qn_diag_out_of_memory(m->diag);
  for (size_t i = 0; i < n; i++) {
    const json_t *v = json_array_get(list, i);

    (*to)[i] = json_number_value(v);
    if (!json_is_number(v) || !isfinite((*to)[i]))
      return qn_metadata_bad(m, key, "expected finite numbers");
  }
  return QN_OK;
}

qn_status qn_metadata_names(const struct metadata *m, const char *key,
                            const char *prefix, size_t n, char ***to)
{
  const json_t *list = json_object_get(m->object, key);
  char **names = calloc(n, sizeof *names);

  *to = names;
  if (!names)
    return qn_diag_out_of_memory(m->diag);
  if (list && !json_is_null(list) && json_array_size(list) != n)
    return qn_metadata_bad(m, key, "expected one name for each");
  for (size_t i = 0; i < n; i++) {
    const char *s = json_string_value(json_array_get(list, i));

    if (json_is_array(list) && !s)
      return qn_metadata_bad(m, key, "expected a list of strings");
    names[i] =
      s ? qn_text_format("%s", s) : qn_text_format("%s%zu", prefix, i + 1);
    if (!names[i])
      return qn_diag_out_of_memory(m->diag);
  }
  return QN_OK;
}
