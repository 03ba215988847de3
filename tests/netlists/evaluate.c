/* evaluate.c - see evaluate.h: by recursive descent. */
#include "tests/netlists/evaluate.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  double (*one)(double);
  double (*two)(double, double);
} functions[] = {
  {"exp", exp, NULL},     {"ln", log, NULL},    {"log10", log10, NULL},
  {"sinh", sinh, NULL},   {"cosh", cosh, NULL}, {"tanh", tanh, NULL},
  {"atan", atan, NULL},   {"sqrt", sqrt, NULL}, {"abs", fabs, NULL},
  {"atanh", atanh, NULL}, {"min", NULL, fmin},  {"max", NULL, fmax},
  {"pow", NULL, pow},
};

static double sum(const char **s);

static void expect(const char **s, char c)
{
  cr_assert_eq(**s, c, "expected '%c' before: %.60s", c, *s);
  ++*s;
}

static double call(const char **s)
{
  size_t n = strcspn(*s, "(");

  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
    if (strlen(functions[i].name) == n && !strncmp(*s, functions[i].name, n)) {
      double a, b;

      *s += n + 1;
      a = sum(s);
      if (functions[i].one) {
        expect(s, ')');
        return functions[i].one(a);
      }
      expect(s, ',');
      b = sum(s);
      expect(s, ')');
      return functions[i].two(a, b);
    }
  cr_assert_fail("no such function: %.60s", *s);
  return 0;
}

static double primary(const char **s)
{
  char *end;
  double x;

  if (isalpha((unsigned char)**s))
    return call(s);
  if (**s == '(') {
    ++*s;
    x = sum(s);
    expect(s, ')');
    return x;
  }
  cr_assert(isdigit((unsigned char)**s) || **s == '.', "%.60s", *s);
  x = strtod(*s, &end);
  *s = end;
  return x;
}

static double power(const char **s)
{
  double x;

  if (**s == '-') {
    ++*s;
    return -power(s);
  }
  x = primary(s);
  if (strncmp(*s, "**", 2))
    return x;
  *s += 2;
  return pow(x, power(s));
}

static double product(const char **s)
{
  double x = power(s);

  while ((**s == '*' && (*s)[1] != '*') || **s == '/') {
    char sign = *(*s)++;
    double y = power(s);

    x = sign == '*' ? x * y : x / y;
  }
  return x;
}

static double sum(const char **s)
{
  double x = product(s);

  while (**s == '+' || **s == '-') {
    char sign = *(*s)++;
    double y = product(s);

    x = sign == '+' ? x + y : x - y;
  }
  return x;
}

double evaluate(const char *expression)
{
  double x = sum(&expression);

  expect(&expression, 0);
  return x;
}
