/* law.c - see law.h. */
#include "netlists/law.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "netlists/expression.h"

enum { STEPS_MAX = 16, ARGUMENTS_MAX = 3 };

/* a function of device.h in SPICE's, with the rounding of circuits/devices/
 * parts.h: expm1 as a product of sinh, log1p as an atanh */
struct part {
  const char *name;
  const char *argument[ARGUMENTS_MAX];
  const char *body;
};

static const struct part parts[] = {
  {"hold_voltage", {"v"}, "min(max(v,-1e6),1e6)"},
  {"tailed_exp", {"u"}, "exp(min(u,80))*(1+max(u-80,0))"},
  {"tailed_expm1",
   {"u"},
   "2*sinh(0.5*min(max(u,-100),80))*exp(0.5*min(max(u,-100),80))"
   "+exp(80)*max(u-80,0)"},
  {"softplus", {"z"}, "max(z,0)+2*atanh(exp(-abs(z))/(2+exp(-abs(z))))"},
  {"positive_part",
   {"v", "s"},
   "max(v,0)*pow(max(v,0)/s,4)/(1+pow(max(v,0)/s,4))"},
  {"edge",
   {"y", "width"},
   "2*sinh(0.5*min(max(y/width,0),100))*exp(-0.5*min(max(y/width,0),100))"
   "+min(y/width,0)"},
  {"series_conductance",
   {"r_on", "r_off", "x"},
   "(1+(r_off-r_on)*max(x-1,0)/(r_off-(r_off-r_on)*min(x,1)))"
   "/(r_off-(r_off-r_on)*min(x,1))"},
};

/* what names mean where they stand */
struct scope {
  const qn_law_card *parameters; /* NULL in the body of a part */
  const qn_law_word *words;
  struct step {
    const char *name;
    size_t length;
    qn_text text;
  } step[STEPS_MAX];
  size_t steps;
};

/* ---- names ------------------------------------------------------------------------ */

static int is(const char *name, size_t n, const char *word)
{
  return strlen(word) == n && !strncmp(name, word, n);
}

static const char *find_word(const struct scope *s, const char *name, size_t n)
{
  for (size_t i = 0; i < s->steps; i++)
    if (s->step[i].length == n && !strncmp(name, s->step[i].name, n))
      return s->step[i].text.data;
  for (const qn_law_word *w = s->words; w && w->name; w++)
    if (is(name, n, w->name))
      return w->text;
  return NULL;
}

static const struct part *find_part(const char *name, size_t n)
{
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    if (is(name, n, parts[i].name))
      return &parts[i];
  return NULL;
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

/* whether s is all in one pair of parentheses */
static int is_wrapped(const char *s)
{
  int depth = 0;

  do
    depth += (*s == '(') - (*s == ')');
  while (depth > 0 && *++s);
  return *s == ')' && !s[1];
}

static void add_name(qn_text *t, const struct scope *s, const char *name,
                     size_t n)
{
  const char *word = find_word(s, name, n);
  const qn_law_card *own = s->parameters;
  size_t k = own ? find_parameter(own->card->device, name, n) : 0;

  if (word)
    qn_text_add(t, is_wrapped(word) ? "%s" : "(%s)", word);
  else if (!own || !own->card->device->parameters[k].name)
    qn_text_add_bytes(t, name, n);
  else if (own->own && own->own[k])
    qn_text_add(t, "(d_%.*s)", (int)n, name);
  else
    qn_text_add(t, "(%s)", qn_exact(own->card->parameter[k]).text);
}

/* ---- calls -------------------------------------------------------------------------- */

static void expand(qn_text *t, const struct scope *s, const char *from,
                   const char *to);

/* end of the argument at s: its comma or closing parenthesis */
static const char *argument_end(const char *s)
{
  for (int depth = 0;; s++) {
    if (!depth && (*s == ',' || *s == ')'))
      return s;
    depth += (*s == '(') - (*s == ')');
  }
}

/* a part of the arguments that begin at s; returns what follows the call */
static const char *add_call(qn_text *t, const struct scope *scope,
                            const struct part *part, const char *s)
{
  qn_text argument[ARGUMENTS_MAX];
  qn_law_word words[ARGUMENTS_MAX + 1] = {{0}};
  const struct scope inside = {.words = words};
  size_t n = 0;

  for (; n < ARGUMENTS_MAX && part->argument[n]; n++) {
    const char *end = argument_end(s);

    qn_text_init(&argument[n]);
    expand(&argument[n], scope, s, end);
    t->failed |= argument[n].failed;
    words[n] = (qn_law_word){part->argument[n], argument[n].data};
    s = end + 1;
  }
  qn_text_add(t, "(");
  expand(t, &inside, part->body, part->body + strlen(part->body));
  qn_text_add(t, ")");
  while (n > 0)
    qn_text_release(&argument[--n]);
  return s;
}

/* from..to with names put in and calls spelled out */
static void expand(qn_text *t, const struct scope *scope, const char *from,
                   const char *to)
{
  while (from < to) {
    size_t n = qn_expression_token(from);
    const struct part *part = from[n] == '(' ? find_part(from, n) : NULL;

    if (part) {
      from = add_call(t, scope, part, from + n + 1);
      continue;
    }
    if (isalpha((unsigned char)*from) && from[n] != '(')
      add_name(t, scope, from, n);
    else if (*from != ' ')
      qn_text_add_bytes(t, from, n);
    from += n;
  }
}

/* ---- laws --------------------------------------------------------------------------- */

/* "name = expression" up to `end` */
static struct step *take_step(struct scope *s, const char *law, const char *end)
{
  struct step *step = &s->step[s->steps];

  step->name = law + strspn(law, " ");
  step->length = qn_expression_token(step->name);
  qn_text_init(&step->text);
  expand(&step->text, s, strchr(law, '=') + 1, end);
  s->steps++;
  return step;
}

/* makes a step a node or a variable; what it was goes to `lines`, unless that
 * is NULL */
static void make_named(struct step *step, qn_law_steps steps,
                       const char *suffix, qn_text *lines)
{
  int node = steps == QN_STEPS_NODES;
  qn_text name;

  if (node && !strstr(step->text.data, "V("))
    return;
  qn_text_init(&name);
  qn_text_add(&name, "%.*s%s", (int)step->length, step->name, suffix);
  if (lines && node)
    qn_text_add(lines, "B%s 0 %s I={%s}\nR%s %s 0 1\n", name.data, name.data,
                step->text.data, name.data, name.data);
  else if (lines)
    qn_text_add(lines, "%s = %s;\n", name.data, step->text.data);
  qn_text_release(&step->text);
  qn_text_init(&step->text);
  qn_text_add(&step->text, node ? "V(%s)" : "%s", name.data);
  step->text.failed |= name.failed;
  qn_text_release(&name);
}

/* the steps of a law, into a scope to be closed; returns its value */
static const char *open_scope(struct scope *s, const char *law,
                              qn_law_steps steps, const char *suffix,
                              qn_text *lines)
{
  const char *end;

  for (; s->steps < STEPS_MAX && (end = strchr(law, ';')); law = end + 1) {
    struct step *step = take_step(s, law, end);

    if (steps != QN_STEPS_INLINE)
      make_named(step, steps, suffix, lines);
  }
  return law;
}

static void close_scope(struct scope *s, qn_text *t)
{
  while (s->steps > 0) {
    t->failed |= s->step[--s->steps].text.failed;
    qn_text_release(&s->step[s->steps].text);
  }
}

void qn_law_add_steps(qn_text *t, const char *law,
                      const qn_law_card *parameters, const qn_law_word *words,
                      qn_law_steps steps, const char *suffix)
{
  struct scope s = {.parameters = parameters, .words = words};

  open_scope(&s, law, steps, suffix, t);
  close_scope(&s, t);
}

void qn_law_add_value(qn_text *t, const char *law,
                      const qn_law_card *parameters, const qn_law_word *words,
                      qn_law_steps steps, const char *suffix)
{
  struct scope s = {.parameters = parameters, .words = words};
  const char *value = open_scope(&s, law, steps, suffix, NULL);

  qn_text_add(t, "(");
  expand(t, &s, value, value + strlen(value));
  qn_text_add(t, ")");
  close_scope(&s, t);
}

void qn_law_add(qn_text *t, const char *law, const qn_law_card *parameters,
                const qn_law_word *words)
{
  qn_law_add_value(t, law, parameters, words, QN_STEPS_INLINE, "");
}

void qn_law_add_names(qn_text *t, const char *law)
{
  const char *end;

  for (; law && (end = strchr(law, ';')); law = end + 1)
    qn_text_add(t, ", %.*s", (int)qn_expression_token(law), law);
}

int qn_law_uses(const char *law, const qn_device *device, size_t k)
{
  const char *name = device->parameters[k].name;
  size_t n;

  for (; law && *law; law += n) {
    n = qn_expression_token(law);
    if (is(law, n, name) && law[n] != '(')
      return 1;
  }
  return 0;
}
