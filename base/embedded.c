/* embedded.c - look-ups in the table that tools/embed.sh makes. */
#include <quench/embedded.h>

#include <string.h>

const qn_embedded_file *qn_embedded_find(const char *path)
{
  for (const qn_embedded_file *f = qn_embedded_files; f->path; f++)
    if (!strcmp(f->path, path))
      return f;
  return NULL;
}

const qn_embedded_file *qn_embedded_next(const char *folder,
                                         const qn_embedded_file *previous)
{
  const qn_embedded_file *f = previous ? previous + 1 : qn_embedded_files;

  for (; f->path; f++)
    if (!strncmp(f->path, folder, strlen(folder)))
      return f;
  return NULL;
}
