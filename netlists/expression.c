/* expression.c - see expression.h. */
#include "netlists/expression.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MAX_BYTES = 20 };

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

/* length of the number, the name or the sign at s */
size_t qn_expression_token(const char *s)
{
  size_t n = 0;

  if (isdigit((unsigned char)*s) || *s == '.')
    return number_length(s);
  while (in_name(s[n]))
    n++;
  return n ? n : 1;
}

void qn_expression_comment(qn_text *text, const char *name)
{
  qn_text_add_safe(text, name, "$;'\"{}");
}

void qn_expression_name(qn_text *text, const char *name)
{
  char part[NAME_MAX_BYTES + 1];

  snprintf(part, sizeof part, "%s", name ? name : "");
  qn_expression_comment(text, part);
  if (name && strlen(name) >= sizeof part)
    qn_text_add(text, "..");
}

char *qn_expression_stem(const char *name)
{
  char *stem = qn_text_format("%.128s", name && *name ? name : "chip");

  for (char *c = stem; c && *c; c++)
    if (in_name(*c) || *c == '-')
      *c = (char)tolower((unsigned char)*c);
    else
      *c = '_';
  return stem;
}
