/* page.h - text for a person: labelled paragraphs and names that fit a page. */
#ifndef QN_PAGE_H
#define QN_PAGE_H

#include "cli/console.h"

enum { QN_PAGE_WIDTH = 100, QN_PAGE_LABEL = 14 };

/* A paragraph, broken between words where the page ends; the label stands
 * before its first line. Nothing with --json. */
void qn_page_say(const qn_console *console, const char *label,
                 const char *format, ...) __attribute__((format(printf, 3, 4)));

/* A name from a file in exactly `width` columns, at most 63: cut with ".." or
 * filled with spaces, what a terminal would obey replaced by '?'. */
enum { QN_PAGE_NAME = 256 };
const char *qn_page_name(const char *name, size_t width,
                         char text[QN_PAGE_NAME]);

/* 1234567 as "1,234,567". */
const char *qn_page_count(size_t n, char text[32]);

/* A number of three digits ("2,500" above a thousand), "inf" or "-inf", "-" for NaN. */
const char *qn_page_number(double x, char text[32]);

#endif
