/* diag.c - filling a qn_diag. */
#include <quench/diag.h>

#include <stdarg.h>
#include <stdio.h>

static void put(char *to, size_t size, const char *from)
{
  snprintf(to, size, "%s", from ? from : "");
}

qn_status qn_diag_set(qn_diag *diag, qn_status st, const char *file,
                      const char *place, const char *format, ...)
{
  va_list args;

  if (!diag)
    return st;
  put(diag->file, sizeof diag->file, file);
  put(diag->place, sizeof diag->place, place);
  va_start(args, format);
  vsnprintf(diag->message, sizeof diag->message, format, args);
  va_end(args);
  return st;
}

qn_status qn_diag_out_of_memory(qn_diag *diag)
{
  return qn_diag_set(diag, QN_ENOMEM, NULL, NULL, "out of memory");
}
