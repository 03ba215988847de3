/* xml.c - see xml.h. */
#include "tests/netlists/xml.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32, ATTRIBUTES = 16 };

/* a name in the text */
struct name {
  const char *text;
  size_t length;
};

struct reader {
  const char *at;
  struct name open[DEPTH];
  size_t depth, elements;
};

static struct name take_name(struct reader *r)
{
  struct name n = {r->at, 0};

  while (isalnum((unsigned char)*r->at) || (*r->at && strchr("_-:.", *r->at)))
    r->at++;
  n.length = (size_t)(r->at - n.text);
  return n;
}

static int same(struct name a, struct name b)
{
  return a.length == b.length && !strncmp(a.text, b.text, a.length);
}

static void skip_space(struct reader *r)
{
  while (*r->at && strchr(" \t\r\n", *r->at))
    r->at++;
}

/* ---- characters --------------------------------------------------------------------- */

static const char *take_entity(struct reader *r)
{
  static const char *const known[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                      "&apos;"};

  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (!strncmp(r->at, known[i], strlen(known[i]))) {
      r->at += strlen(known[i]);
      return NULL;
    }
  if (!strncmp(r->at, "&#", 2) && isdigit((unsigned char)r->at[2])) {
    char *end;
    unsigned long code = strtoul(r->at + 2, &end, 10);

    r->at = end + 1;
    return *end == ';' && code >= 32 ? NULL : "an entity without ';'";
  }
  return "an '&' that begins no entity";
}

static const char *take_character(struct reader *r)
{
  unsigned char c = (unsigned char)*r->at;
  size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  uint32_t code = n > 1 ? c & (0x7fu >> n) : c;

  if (c == '&')
    return take_entity(r);
  if (c == '<')
    return "a '<' inside a value";
  if (!n || c > 0xf4 || (c < 32 && !strchr("\t\r\n", c)))
    return "a byte that is no character of XML";
  for (size_t i = 1; i < n; i++) {
    if (((unsigned char)r->at[i] & 0xc0) != 0x80)
      return "no UTF-8";
    code = code << 6 | ((unsigned char)r->at[i] & 0x3fu);
  }
  if ((code >= 0xd800 && code < 0xe000) || code == 0xfffe || code == 0xffff)
    return "a character that XML forbids";
  r->at += n;
  return NULL;
}

/* ---- elements ----------------------------------------------------------------------- */

static const char *take_attribute(struct reader *r, struct name *seen,
                                  size_t *count)
{
  struct name name = take_name(r);
  const char *wrong = NULL;

  if (!name.length || strncmp(r->at, "=\"", 2))
    return "expected name=\"value\"";
  for (size_t i = 0; i < *count; i++)
    if (same(seen[i], name))
      return "an attribute twice";
  if (*count == ATTRIBUTES)
    return "too many attributes";
  seen[(*count)++] = name;
  r->at += 2;
  while (!wrong && *r->at && *r->at != '"')
    wrong = take_character(r);
  if (!wrong && !*r->at++)
    wrong = "a value that does not end";
  return wrong;
}

static const char *take_open(struct reader *r)
{
  struct name seen[ATTRIBUTES], name = take_name(r);
  size_t count = 0;

  if (!name.length)
    return "an element without a name";
  r->elements++;
  for (;;) {
    const char *wrong, *before = r->at;

    skip_space(r);
    if (!strncmp(r->at, "/>", 2)) {
      r->at += 2;
      return NULL;
    }
    if (*r->at == '>') {
      r->at++;
      if (r->depth == DEPTH)
        return "nested too deep";
      r->open[r->depth++] = name;
      return NULL;
    }
    if (before == r->at)
      return "no space before an attribute";
    wrong = take_attribute(r, seen, &count);
    if (wrong)
      return wrong;
  }
}

static const char *take_close(struct reader *r)
{
  struct name name = take_name(r);

  if (!r->depth || !same(name, r->open[r->depth - 1]))
    return "an element closed that is not open";
  if (*r->at++ != '>')
    return "expected '>'";
  r->depth--;
  return NULL;
}

static const char *take_part(struct reader *r)
{
  if (*r->at != '<')
    return r->depth || strchr(" \n", *r->at) ? take_character(r)
                                             : "text outside of the element";
  if (!r->depth && r->elements)
    return "a second element";
  r->at++;
  if (*r->at != '/')
    return take_open(r);
  r->at++;
  return take_close(r);
}

const char *xml_complaint(const char *text, const char **at)
{
  static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  struct reader r = {.at = text};
  const char *wrong = NULL;

  if (!strncmp(text, head, sizeof head - 1))
    r.at += sizeof head - 1;
  while (!wrong && *r.at) {
    if (!r.depth && r.elements && !strcmp(r.at, "\n"))
      break;
    wrong = take_part(&r);
  }
  *at = r.at;
  if (!wrong && (r.depth || !r.elements))
    wrong = "an element that is not closed";
  return wrong;
}

size_t count_of(const char *text, const char *part)
{
  size_t n = 0;

  for (; (text = strstr(text, part)); text += strlen(part))
    n++;
  return n;
}
