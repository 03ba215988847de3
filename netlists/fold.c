/* fold.c - see fold.h. */
#include "netlists/fold.h"

#include <string.h>

enum { WIDTH = 240 };

/* length of the part of s [n] that goes on this line, if so much follows the
 * last one */
static size_t first_part(const char *s, size_t n, size_t after)
{
  size_t at = n - 1 < WIDTH ? n - 1 : WIDTH;

  if (n + after <= WIDTH)
    return n;
  while (at > 0 && s[at - 1] != ' ' && s[at - 1] != ',')
    at--;
  return at ? at : n;
}

/* a statement of n characters, before a comment of so many */
static void add_statement(qn_text *t, const char *s, size_t n, size_t comment)
{
  size_t part;

  for (; (part = first_part(s, n, comment)) < n; s += part, n -= part) {
    qn_text_add_bytes(t, s, part - (s[part - 1] == ' '));
    qn_text_add(t, "\n+ ");
  }
  qn_text_add_bytes(t, s, n);
}

void qn_fold(qn_text *t, const char *deck)
{
  while (*deck) {
    size_t n = strcspn(deck, "\n"), statement = strcspn(deck, ";\n");

    if (*deck == '*')
      statement = 0;
    add_statement(t, deck, statement, n - statement);
    qn_text_add_bytes(t, deck + statement, n - statement);
    deck += n;
    if (*deck)
      qn_text_add_bytes(t, deck++, 1);
  }
}
