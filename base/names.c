/* names.c - lists of names. */
#include <quench/names.h>

#include <stdlib.h>

#include <quench/text.h>

qn_status qn_names_copy(char ***to, char *const *from, size_t n)
{
  *to = calloc(n, sizeof **to);
  for (size_t i = 0; *to && i < n; i++)
    if (!((*to)[i] = qn_text_format("%s", from[i])))
      return QN_ENOMEM;
  return *to ? QN_OK : QN_ENOMEM;
}

void qn_names_free(char **names, size_t n)
{
  for (size_t i = 0; names && i < n; i++)
    free(names[i]);
  free(names);
}
