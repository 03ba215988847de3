/* picture.c - see picture.h. */
#include "cli/picture.h"

#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>
#include <quench/text.h>

/* programs that turn picture.svg into picture.png, the first that is there */
static const char *const converters[][6] = {
  {"rsvg-convert", "-o", "picture.png", "picture.svg"},
  {"inkscape", "-o", "picture.png", "picture.svg"},
  {"convert", "picture.svg", "picture.png"},
};
enum { CONVERTERS = sizeof converters / sizeof *converters, PATIENCE_S = 120 };

static const char *const *find_converter(void)
{
  for (size_t i = 0; i < CONVERTERS; i++) {
    char *path = qn_process_find(converters[i][0]);

    free(path);
    if (path)
      return converters[i];
  }
  return NULL;
}

static int ends_with(const char *path, const char *end)
{
  size_t n = strlen(path), k = strlen(end);

  return n > k && !strcmp(path + n - k, end);
}

qn_status qn_picture_check(const char *path, qn_diag *diag)
{
  if (ends_with(path, ".svg"))
    return QN_OK;
  if (!ends_with(path, ".png"))
    return qn_diag_set(diag, QN_EINVAL, path, NULL,
                       "expected a name that ends in .svg or .png");
  if (find_converter())
    return QN_OK;
  return qn_diag_set(diag, QN_ETOOL, path, NULL,
                     "PNG needs rsvg-convert (apt-get install librsvg2-bin), "
                     "inkscape or convert, and none is on PATH; .svg needs "
                     "nothing");
}

/* in a folder of its own; *picture is to be freed */
static qn_status convert(const char *folder, const char *svg,
                         const qn_progress *progress, char **picture,
                         size_t *size, qn_diag *diag)
{
  char *from = qn_text_format("%s/picture.svg", folder);
  char *to = qn_text_format("%s/picture.png", folder);
  char *log = qn_text_format("%s/log", folder);
  const char *const *argv = find_converter();
  qn_status st = QN_OK;

  if (!from || !to || !log)
    st = qn_diag_out_of_memory(diag);
  if (!st)
    st = qn_file_write(from, svg, strlen(svg), diag);
  if (!st && argv)
    st = qn_process_run(argv, folder, log, PATIENCE_S, progress, diag);
  if (!st)
    st = qn_file_read(to, picture, size, diag);
  free(from);
  free(to);
  free(log);
  return st;
}

qn_status qn_picture_write(const char *path, const char *svg,
                           const qn_progress *progress, qn_diag *diag)
{
  char *folder, *picture = NULL;
  size_t size = 0;
  qn_status st;

  if (ends_with(path, ".svg"))
    return qn_file_write(path, svg, strlen(svg), diag);
  st = qn_file_temporary_folder(&folder, diag);
  if (st)
    return st;
  st = convert(folder, svg, progress, &picture, &size, diag);
  if (!st)
    st = qn_file_write(path, picture, size, diag);
  qn_file_remove_folder(folder);
  free(folder);
  free(picture);
  return st;
}
