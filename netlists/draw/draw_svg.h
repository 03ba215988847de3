/* draw_svg.h - pieces of SVG. Lengths are in pixels, y grows downwards.
 *
 * Texts are of classes: "t" normal, "s" small, "h" heading, "b" bold; lines
 * "w" (a wire), "p" and "m" (of the upper and lower rail), "c" (a control),
 * "f" (a frame); see qn_svg_open. */
#ifndef QN_NETLIST_DRAW_SVG_H
#define QN_NETLIST_DRAW_SVG_H

#include <quench/text.h>

/* Where a text ends or begins: at its point, about it, before it. */
typedef enum qn_anchor { QN_START, QN_MIDDLE, QN_END } qn_anchor;

/* Everything before and behind the picture. */
void qn_svg_open(qn_text *t, double width, double height, const char *title);
void qn_svg_close(qn_text *t);

/* Text from outside as XML: at most `most` characters of it (0: all), then an
 * ellipsis; '?' where it is not UTF-8 or not allowed in XML. */
void qn_svg_escape(qn_text *t, const char *from, size_t most);

/* Characters that qn_svg_escape would write, without the ellipsis. */
size_t qn_svg_length(const char *from, size_t most);

void qn_svg_line(qn_text *t, const char *classes, double x1, double y1,
                 double x2, double y2);
void qn_svg_rect(qn_text *t, const char *classes, double x, double y,
                 double width, double height);
void qn_svg_dot(qn_text *t, double x, double y, double radius);

/* A path in SVG's language, formatted. */
void qn_svg_path(qn_text *t, const char *classes, const char *format, ...)
  __attribute__((format(printf, 3, 4)));

/* A symbol of qn_svg_open at a point, turned about it (degrees). */
void qn_svg_use(qn_text *t, const char *symbol, double x, double y,
                double degrees);

/* A text of ours, formatted: "V_pre" is V with the index pre; `_` ends at what
 * is no letter, digit or sign. Not for names from outside. */
void qn_svg_text(qn_text *t, const char *classes, double x, double y,
                 qn_anchor anchor, const char *format, ...)
  __attribute__((format(printf, 6, 7)));

/* A text from outside, cut after `most` characters; degrees turn it. */
void qn_svg_name(qn_text *t, const char *classes, double x, double y,
                 qn_anchor anchor, double degrees, const char *name,
                 size_t most);

/* "12.3 uS" with a real mu; three digits. */
typedef struct qn_si {
  char text[40];
} qn_si;
qn_si qn_svg_si(double value, const char *unit);

/* "0.3 uS to 99 uS", or one of them where they are equal to three digits. */
typedef struct qn_si_range {
  char text[96];
} qn_si_range;
qn_si_range qn_svg_range(double low, double high, const char *unit);

#endif
