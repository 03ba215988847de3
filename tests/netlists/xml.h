/* xml.h - whether a text is well-formed XML, as far as drawings use it: elements
 * nested and closed, attributes in double quotes and once each, entities known,
 * UTF-8 of characters that XML allows. */
#ifndef QN_TEST_XML_H
#define QN_TEST_XML_H

#include <stddef.h>

/* NULL, or what is wrong and *at where. */
const char *xml_complaint(const char *text, const char **at);

/* How often `part` stands in a text. */
size_t count_of(const char *text, const char *part);

#endif
