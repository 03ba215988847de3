/* text.h - a growing text.
 *
 *   qn_text t;
 *   qn_text_init(&t);
 *   qn_text_add(&t, "%d\n", 7);      any number of times, unchecked
 *   if (t.failed) ...                out of memory at some point: sticky
 *   qn_text_release(&t);
 *
 * data is NUL-terminated and never NULL. */
#ifndef QN_TEXT_H
#define QN_TEXT_H

#include <stddef.h>

typedef struct qn_text {
  char *data;
  size_t length, capacity;
  int failed;
} qn_text;

void qn_text_init(qn_text *text);
void qn_text_release(qn_text *text);
void qn_text_add(qn_text *text, const char *format, ...)
  __attribute__((format(printf, 2, 3)));
void qn_text_add_bytes(qn_text *text, const void *bytes, size_t size);

/* Text from outside (a network's names) as one line of printable ASCII: what is
 * not, and what stands in `unsafe`, becomes '?'. */
void qn_text_add_safe(qn_text *text, const char *from, const char *unsafe);

/* Levenshtein's distance of two short words; 128 where one is not short. */
size_t qn_text_distance(const char *a, const char *b);

/* A heap copy of a formatted string, or NULL; the caller frees it. */
char *qn_text_format(const char *format, ...)
  __attribute__((format(printf, 1, 2)));

#endif
