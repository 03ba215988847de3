/* fold.h - lines of bearable length. */
#ifndef QN_NETLIST_FOLD_H
#define QN_NETLIST_FOLD_H

#include <quench/text.h>

/* A deck whose statements longer than 240 characters, comments aside, go on in
 * lines that begin with "+ ", broken behind a blank or a comma. */
void qn_fold(qn_text *text, const char *deck);

#endif
