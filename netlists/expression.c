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

/* length of the number, the name or the sign at s */
static size_t token_length(const char *s)
{
  size_t n = 0;

  if (isdigit((unsigned char)*s) || *s == '.')
    return number_length(s);
  while (in_name(s[n]))
    n++;
  return n ? n : 1;
}

/* place of the parameter of that name, or of the record that ends them */
static size_t find_parameter(const qn_device *device, const char *name,
                             size_t n)
{
  size_t k = 0;

  while (device->parameters[k].name && !is(name, n, device->parameters[k].name))
    k++;
  return k;
}

int qn_expression_uses(const qn_device *device, size_t k)
{
  const char *s = device->spice_drive;

  while (*s && find_parameter(device, s, token_length(s)) != k)
    s += token_length(s);
  return *s != 0;
}

void qn_expression_drive(qn_text *text, const qn_device_card *card,
                         const int *own, const char *v)
{
  const qn_parameter *p = card->device->parameters;
  const char *s = card->device->spice_drive;

  qn_text_add(text, "(");
  for (size_t n; *s; s += n) {
    size_t k = find_parameter(card->device, s, n = token_length(s));

    if (is(s, n, "v"))
      qn_text_add(text, "(%s)", v);
    else if (!p[k].name)
      qn_text_add_bytes(text, s, n);
    else if (own && own[k])
      qn_text_add(text, "(d_%s)", p[k].name);
    else
      qn_text_add(text, "(%s)", qn_exact(card->parameter[k]).text);
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
