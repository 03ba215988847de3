/* page.c - text for a person. */
#include "cli/page.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <quench/text.h>

/* ---- UTF-8 ---------------------------------------------------------------------- */

/* bytes of the character that begins here, never beyond the text's end */
static size_t bytes_of_character(const char *s)
{
  size_t n = 1;

  while (((unsigned char)s[n] & 0xc0) == 0x80)
    n++;
  return n;
}

/* C0, DEL and, as two bytes, C1 */
static int is_control(const char *s)
{
  unsigned char c = (unsigned char)s[0], d = (unsigned char)s[1];

  return c < ' ' || c == 127 || (c == 0xc2 && d < 0xa0);
}

static size_t columns_of(const char *s)
{
  size_t n = 0;

  for (; *s; s += bytes_of_character(s))
    n++;
  return n;
}

static void replace_controls(char *s)
{
  char *to = s;

  while (*s) {
    size_t n = bytes_of_character(s);

    if (is_control(s)) {
      *to++ = '?';
    } else {
      memmove(to, s, n);
      to += n;
    }
    s += n;
  }
  *to = 0;
}

const char *qn_page_name(const char *name, size_t width,
                         char text[QN_PAGE_NAME])
{
  size_t columns = columns_of(name), kept = columns > width ? width - 2 : width;
  size_t at = 0, column = 0;

  for (; *name && column < kept; column++) {
    size_t n = bytes_of_character(name), is_odd = n > 4 || is_control(name);

    memcpy(text + at, is_odd ? "?" : name, is_odd ? 1 : n);
    at += is_odd ? 1 : n;
    name += n;
  }
  memset(text + at, columns > width ? '.' : ' ', width - column);
  text[at + width - column] = 0;
  return text;
}

/* ---- paragraphs ----------------------------------------------------------------- */

/* bytes of the words that fit on a line, at least one word */
static size_t line_of(const char *s, size_t width)
{
  size_t end = 0, at = 0, column = 0;

  while (s[at] && (column < width || !end)) {
    at += bytes_of_character(s + at);
    column++;
    if (!s[at] || s[at] == ' ')
      end = at;
  }
  return end;
}

void qn_page_say(const qn_console *console, const char *label,
                 const char *format, ...)
{
  char text[4096], *s = text;
  va_list args;

  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  replace_controls(text);
  do {
    size_t n = line_of(s, QN_PAGE_WIDTH - QN_PAGE_LABEL - 2);

    qn_console_say(console, "  %-*s%.*s\n", QN_PAGE_LABEL, label, (int)n, s);
    label = "";
    s += n + (s[n] == ' ');
  } while (*s);
}

/* ---- numbers -------------------------------------------------------------------- */

const char *qn_page_count(size_t n, char text[32])
{
  char digits[24];
  size_t length = (size_t)snprintf(digits, sizeof digits, "%zu", n), at = 0;

  for (size_t i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0)
      text[at++] = ',';
    text[at++] = digits[i];
  }
  text[at] = 0;
  return text;
}

const char *qn_page_number(double x, char text[32])
{
  double size = fabs(x);
  char digits[32];

  if (isnan(x))
    return "-";
  if (isinf(x))
    return x > 0 ? "inf" : "-inf";
  if (round(size) >= 1000 && size < 1e6) {
    qn_page_count((size_t)round(size), digits);
    snprintf(text, 32, "%s%.30s", x < 0 ? "-" : "", digits);
  } else {
    snprintf(text, 32, "%.3g", x);
  }
  return text;
}
