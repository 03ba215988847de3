/* diag.c - filling a qn_diag. */
#include <quench/diag.h>

#include <stdarg.h>
#include <stdio.h>

/* bytes of the UTF-8 character at s; 0 if it is none, cut short or a control
 * character (RFC 3629) */
static size_t character(const unsigned char *s)
{
  size_t n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

  if (s[0] < 0x20 || s[0] == 0x7f || (s[0] >= 0x80 && s[0] < 0xc2) ||
      s[0] > 0xf4)
    return 0;
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xc0) != 0x80)
      return 0;
  if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
      (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
    return 0;
  return n;
}

/* What a file holds is quoted in messages: keep them one line of text. */
static void make_printable(char *text)
{
  unsigned char *s = (unsigned char *)text;

  while (*s) {
    size_t n = character(s);

    if (!n)
      *s = '?';
    s += n ? n : 1;
  }
}

static void put(char *to, size_t size, const char *from)
{
  snprintf(to, size, "%s", from ? from : "");
  make_printable(to);
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
  make_printable(diag->message);
  return st;
}

qn_status qn_diag_out_of_memory(qn_diag *diag)
{
  return qn_diag_set(diag, QN_ENOMEM, NULL, NULL, "out of memory");
}
