/* draw_svg.c - see draw_svg.h. */
#include "netlists/draw/draw_svg.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "netlists/draw/draw_symbols.h"

static const char *const anchors[] = {"start", "middle", "end"};

/* ---- the document ------------------------------------------------------------------- */

static const char style[] =
  "<style>\n"
  "text{font-family:'DejaVu Sans',Arial,Helvetica,sans-serif;font-size:12px;"
  "fill:#1c1c1c}\n"
  ".s{font-size:10px;fill:#555}.h{font-size:24px;font-weight:bold}"
  ".b{font-weight:bold}.g{fill:#777}\n"
  ".k{font-size:13px;font-weight:bold;letter-spacing:.3px}"
  ".e{font-size:12.5px;font-family:'DejaVu Serif',Georgia,serif;"
  "font-style:italic}\n"
  ".tp{fill:#b3361b;font-weight:bold}.tm{fill:#1f5fa8;font-weight:bold}\n"
  "path,line,polyline,circle{fill:none;stroke:#1c1c1c;stroke-width:1.5;"
  "stroke-linecap:round;stroke-linejoin:round}\n"
  "rect{fill:none;stroke:none}\n"
  ".w{stroke:#1c1c1c}.p{stroke:#c9452a}.m{stroke:#2f6fb5}"
  ".c{stroke:#1c1c1c;stroke-dasharray:4 3;stroke-width:1.2}\n"
  ".f{stroke:#c8c8c8;stroke-width:1}.x{stroke:#9a9a9a;stroke-width:1}"
  ".z{fill:#fff;stroke:#1c1c1c;stroke-width:1.5}\n"
  ".dot{fill:#1c1c1c;stroke:none}.page{fill:#fff}.fill{fill:#1c1c1c}\n"
  ".frame{stroke:#1c1c1c;stroke-width:1.5}.panel{fill:#fcfcfa;stroke:#d5d3cc}\n"
  ".xs{font-size:7.5px;fill:#555}.field{fill:#fbfbf8}.sep{stroke:#8a8a8a;"
  "stroke-width:1;stroke-dasharray:5 3}\n"
  ".ca{fill:#fff}.cb{stroke:#333;stroke-width:.7}.gr{fill:#f1efe8}"
  ".gf{fill:#2b2b2b}.lr{stroke-width:1.3}.lf{stroke:#fff;stroke-width:1.3}\n"
  ".v{stroke-width:.8;opacity:.5}.gw{stroke:#5a5a5a;stroke-width:.9}"
  ".mw{stroke:#8a8a8a;stroke-width:1}.dp{fill:#c9452a;stroke:none}"
  ".dm{fill:#2f6fb5;stroke:none}\n"
  ".cap{fill:#a9b8a4;stroke:#4d5f48;stroke-width:.8}"
  ".tri{fill:#fff;stroke-width:1.1}.thick{stroke-width:3.2}"
  ".win{stroke:#1c1c1c;stroke-width:1}.inv{fill:#fff}\n";

void qn_svg_open(qn_text *t, double width, double height, const char *title)
{
  qn_text_add(t,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<svg xmlns=\"http://www.w3.org/2000/svg\" "
              "xmlns:xlink=\"http://www.w3.org/1999/xlink\" version=\"1.1\" "
              "width=\"%.6g\" height=\"%.6g\" viewBox=\"0 0 %.6g %.6g\">\n"
              "<title>",
              width, height, width, height);
  qn_svg_escape(t, title, 0);
  qn_text_add(t, "</title>\n%s</style>\n<defs>\n", style);
  for (const qn_symbol *s = qn_symbols; s->name; s++)
    qn_text_add(t, "<g id=\"%s\">%s</g>\n", s->name, s->drawing);
  qn_text_add(t, "</defs>\n");
  qn_svg_rect(t, "page", 0, 0, width, height);
}

void qn_svg_close(qn_text *t)
{
  qn_text_add(t, "</svg>\n");
}

/* ---- text from outside -------------------------------------------------------------- */

/* one character of UTF-8 and its length in *size; 0 where it is none (or ends) */
static uint32_t decode(const char *s, size_t *size)
{
  static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned char c = (unsigned char)*s;
  size_t n = c < 0x80 ? 1 : c < 0xc0 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
  uint32_t code = n == 1 ? c : n ? c & (0x7fu >> n) : 0;

  *size = 1;
  if (!n || c > 0xf4)
    return 0;
  for (size_t i = 1; i < n; i++) {
    if (((unsigned char)s[i] & 0xc0) != 0x80)
      return 0;
    code = code << 6 | ((unsigned char)s[i] & 0x3fu);
  }
  if (code < least[n] || code > 0x10ffff)
    return 0;
  *size = n;
  return code;
}

/* characters of XML 1.0, less its controls, and less what turns text round */
static int is_allowed(uint32_t c)
{
  return c >= 0x20 && !(c >= 0x7f && c <= 0x9f) &&
         !(c >= 0xd800 && c <= 0xdfff) && c != 0xfffe && c != 0xffff &&
         !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) &&
         c != 0x200e && c != 0x200f;
}

static void add_character(qn_text *t, const char *s, size_t size)
{
  uint32_t c = decode(s, &size);

  if (!is_allowed(c))
    qn_text_add(t, "?");
  else if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
    qn_text_add(t, "&#%u;", (unsigned)c);
  else
    qn_text_add_bytes(t, s, size);
}

size_t qn_svg_length(const char *from, size_t most)
{
  size_t n = 0, size;

  for (; *from && (!most || n < most); from += size, n++)
    decode(from, &size);
  return n;
}

void qn_svg_escape(qn_text *t, const char *from, size_t most)
{
  size_t n = 0, size;
  int whole = !most || qn_svg_length(from, most + 1) <= most;

  for (; *from && (whole || n + 1 < most); from += size, n++) {
    decode(from, &size);
    add_character(t, from, size);
  }
  if (!whole)
    qn_text_add(t, "\342\200\246");
}

/* ---- lines -------------------------------------------------------------------------- */

void qn_svg_line(qn_text *t, const char *classes, double x1, double y1,
                 double x2, double y2)
{
  qn_text_add(t, "<path class=\"%s\" d=\"M%.6g %.6gL%.6g %.6g\"/>\n", classes,
              x1, y1, x2, y2);
}

void qn_svg_rect(qn_text *t, const char *classes, double x, double y,
                 double width, double height)
{
  qn_text_add(t,
              "<rect class=\"%s\" x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" "
              "height=\"%.6g\"/>\n",
              classes, x, y, width, height);
}

void qn_svg_dot(qn_text *t, double x, double y, double radius)
{
  qn_text_add(t, "<circle class=\"dot\" cx=\"%.6g\" cy=\"%.6g\" r=\"%.6g\"/>\n",
              x, y, radius);
}

void qn_svg_path(qn_text *t, const char *classes, const char *format, ...)
{
  char path[512];
  va_list args;

  va_start(args, format);
  vsnprintf(path, sizeof path, format, args);
  va_end(args);
  qn_text_add(t, "<path class=\"%s\" d=\"%s\"/>\n", classes, path);
}

void qn_svg_use(qn_text *t, const char *symbol, double x, double y,
                double degrees)
{
  qn_text_add(t, "<use xlink:href=\"#%s\" transform=\"translate(%.6g %.6g)",
              symbol, x, y);
  if (degrees != 0)
    qn_text_add(t, " rotate(%.6g)", degrees);
  qn_text_add(t, "\"/>\n");
}

/* ---- texts -------------------------------------------------------------------------- */

static int in_index(char c)
{
  return isalnum((unsigned char)c) || c == '+' || !((unsigned char)c < 0x80);
}

/* with indices, their lines moved down and back up */
static void add_indexed(qn_text *t, const char *s)
{
  const char *up = "";

  while (*s) {
    size_t n = strcspn(s, "_"), k = 0;

    if (n)
      qn_text_add(t, *up ? "<tspan dy=\"%s\">" : "%s", up);
    for (size_t i = 0; i < n; i++)
      qn_text_add(t, "%s",
                  s[i] == '&'   ? "&amp;"
                  : s[i] == '<' ? "&lt;"
                                : (char[2]){s[i], 0});
    if (n && *up)
      qn_text_add(t, "</tspan>");
    s += n;
    if (*s != '_')
      break;
    while (in_index(s[1 + k]))
      k++;
    qn_text_add(t, "<tspan dy=\"3\" style=\"font-size:75%%\">%.*s</tspan>",
                (int)k, s + 1);
    s += 1 + k;
    up = "-3";
  }
}

static void open_text(qn_text *t, const char *classes, double x, double y,
                      qn_anchor anchor)
{
  qn_text_add(t,
              "<text class=\"%s\" x=\"%.6g\" y=\"%.6g\" text-anchor=\"%s\" "
              "xml:space=\"preserve\"",
              classes, x, y, anchors[anchor]);
}

void qn_svg_text(qn_text *t, const char *classes, double x, double y,
                 qn_anchor anchor, const char *format, ...)
{
  char text[512];
  va_list args;

  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  open_text(t, classes, x, y, anchor);
  qn_text_add(t, ">");
  add_indexed(t, text);
  qn_text_add(t, "</text>\n");
}

void qn_svg_name(qn_text *t, const char *classes, double x, double y,
                 qn_anchor anchor, double degrees, const char *name,
                 size_t most)
{
  open_text(t, classes, x, y, anchor);
  if (degrees != 0)
    qn_text_add(t, " transform=\"rotate(%.6g %.6g %.6g)\"", degrees, x, y);
  qn_text_add(t, ">");
  qn_svg_escape(t, name, most);
  if (most && qn_svg_length(name, most + 1) > most) {
    qn_text_add(t, "<title>");
    qn_svg_escape(t, name, 0);
    qn_text_add(t, "</title>");
  }
  qn_text_add(t, "</text>\n");
}

/* ---- numbers ------------------------------------------------------------------------ */

qn_si qn_svg_si(double value, const char *unit)
{
  static const char *const prefixes[] = {"a", "f", "p", "n", "\302\265", "m",
                                         "",  "k", "M", "G", "T"};
  double size = fabs(value);
  int power =
    size > 0 && isfinite(size) ? (int)floor(log10(size) / 3 + 1e-9) : 0;
  qn_si si;

  /* 999.6 n is 1 u in three digits */
  if (size / pow(1000, power) >= 999.5)
    power++;
  if (power < -6 || power > 4)
    snprintf(si.text, sizeof si.text, "%.3g %s", value, unit);
  else
    snprintf(si.text, sizeof si.text, "%.3g %s%s", value / pow(1000, power),
             prefixes[power + 6], unit);
  return si;
}

qn_si_range qn_svg_range(double low, double high, const char *unit)
{
  qn_si a = qn_svg_si(low, unit), b = qn_svg_si(high, unit);
  qn_si_range r;

  if (!strcmp(a.text, b.text))
    snprintf(r.text, sizeof r.text, "%s", a.text);
  else
    snprintf(r.text, sizeof r.text, "%s to %s", a.text, b.text);
  return r;
}
