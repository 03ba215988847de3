/* folder.c - writing the files of a generated folder. */
#include "hdl/folder_parts.h"

#include <stdlib.h>
#include <string.h>

#include <quench/embedded.h>
#include <quench/file.h>

const char *qn_rtl_name(const char *path)
{
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}

static qn_status write_bytes(const char *folder, const char *name,
                             const char *data, size_t size, qn_diag *diag)
{
  char *path = qn_text_format("%s/%s", folder, name);
  qn_status st =
    path ? qn_file_write(path, data, size, diag) : qn_diag_out_of_memory(diag);

  free(path);
  return st;
}

qn_status qn_folder_write(const char *folder, const char *name,
                          const qn_text *text, qn_diag *diag)
{
  if (text->failed)
    return qn_diag_out_of_memory(diag);
  return write_bytes(folder, name, text->data, text->length, diag);
}

qn_status qn_embedded_copy(const char *from, const char *folder, qn_diag *diag)
{
  qn_status st = qn_file_make_folder(folder, diag);
  const qn_embedded_file *file = qn_embedded_next(from, NULL);

  for (; !st && file; file = qn_embedded_next(from, file))
    st = write_bytes(folder, qn_rtl_name(file->path), file->text, file->size,
                     diag);
  return st;
}
