/* text.c - a growing text. */
#include <quench/text.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char nothing[1];

void qn_text_init(qn_text *text)
{
  *text = (qn_text){.data = nothing};
}

void qn_text_release(qn_text *text)
{
  if (text->capacity)
    free(text->data);
  qn_text_init(text);
}

/* room for `more` bytes and a NUL, or 0 */
static int reserve(qn_text *text, size_t more)
{
  size_t want = text->length + more + 1;
  size_t capacity = text->capacity ? text->capacity : 256;
  char *data;

  if (want <= text->capacity)
    return 1;
  while (capacity < want)
    capacity *= 2;
  data = realloc(text->capacity ? text->data : NULL, capacity);
  if (!data) {
    text->failed = 1;
    return 0;
  }
  text->data = data;
  text->capacity = capacity;
  return 1;
}

void qn_text_add(qn_text *text, const char *format, ...)
{
  va_list args;
  int n;

  va_start(args, format);
  n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (n < 0 || !reserve(text, (size_t)n))
    return;
  va_start(args, format);
  vsnprintf(text->data + text->length, (size_t)n + 1, format, args);
  va_end(args);
  text->length += (size_t)n;
}

void qn_text_add_bytes(qn_text *text, const void *bytes, size_t size)
{
  if (!reserve(text, size))
    return;
  memcpy(text->data + text->length, bytes, size);
  text->length += size;
  text->data[text->length] = 0;
}

void qn_text_add_safe(qn_text *text, const char *from, const char *unsafe)
{
  for (; *from; from++) {
    unsigned char c = (unsigned char)*from;
    int fit = c >= ' ' && c < 127 && !strchr(unsafe, c);

    qn_text_add(text, "%c", fit ? c : '?');
  }
}

size_t qn_text_distance(const char *a, const char *b)
{
  size_t row[128], n = strlen(b), diagonal;

  if (n >= 128 || strlen(a) >= 128)
    return 128;
  for (size_t j = 0; j <= n; j++)
    row[j] = j;
  for (size_t i = 1; a[i - 1]; i++) {
    diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= n; j++) {
      size_t change = diagonal + (a[i - 1] != b[j - 1]);

      diagonal = row[j];
      row[j] = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
      if (change < row[j])
        row[j] = change;
    }
  }
  return row[n];
}

char *qn_text_format(const char *format, ...)
{
  va_list args;
  char *s;
  int n;

  va_start(args, format);
  n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  s = n < 0 ? NULL : malloc((size_t)n + 1);
  if (!s)
    return NULL;
  va_start(args, format);
  vsnprintf(s, (size_t)n + 1, format, args);
  va_end(args);
  return s;
}
