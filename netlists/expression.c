/* expression.c - see expression.h. */
#include "netlists/expression.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

qn_decimal qn_exact(double x)
{
  qn_decimal d;

  for (int digits = 15; digits <= 17; digits++) {
    snprintf(d.text, sizeof d.text, "%.*g", digits, x);
    if (strtod(d.text, NULL) == x)
      break;
  }
  return d;
}

static int in_name(char c)
{
  return isalnum((unsigned char)c) || c == '_';
}

/* length of the number at s: 1, .5, 2e-3 */
static size_t number_length(const char *s)
{
  size_t n = 0;

  while (in_name(s[n]) || s[n] == '.' ||
         ((s[n] == '-' || s[n] == '+') && n && strchr("eE", s[n - 1])))
    n++;
  return n;
}

static int is(const char *name, size_t n, const char *word)
{
  return strlen(word) == n && !strncmp(name, word, n);
}

/* a function, the voltage or a parameter */
static void add_name(qn_text *text, const qn_device_card *card, const char *v,
                     const char *name, size_t n)
{
  const qn_parameter *p = card->device->parameters;

  if (is(name, n, "v")) {
    qn_text_add(text, "(%s)", v);
    return;
  }
  for (size_t i = 0; p[i].name; i++)
    if (is(name, n, p[i].name)) {
      qn_text_add(text, "(%s)", qn_exact(card->parameter[i]).text);
      return;
    }
  qn_text_add_bytes(text, name, n);
}

void qn_expression_drive(qn_text *text, const qn_device_card *card,
                         const char *v)
{
  const char *s = card->device->spice_drive;

  qn_text_add(text, "(");
  while (*s) {
    size_t n = 1;

    if (isdigit((unsigned char)*s) || *s == '.') {
      n = number_length(s);
      qn_text_add_bytes(text, s, n);
    } else if (in_name(*s)) {
      while (in_name(s[n]))
        n++;
      add_name(text, card, v, s, n);
    } else {
      qn_text_add_bytes(text, s, n);
    }
    s += n;
  }
  qn_text_add(text, ")");
}

void qn_expression_comment(qn_text *text, const char *name)
{
  qn_text_add_safe(text, name, "$;'\"{}");
}

char *qn_expression_stem(const char *name)
{
  char *stem = qn_text_format("%s", name && *name ? name : "chip");

  for (char *c = stem; c && *c; c++)
    if (in_name(*c) || *c == '-')
      *c = (char)tolower((unsigned char)*c);
    else
      *c = '_';
  return stem;
}
