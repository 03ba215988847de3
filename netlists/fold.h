/* fold.h - lines of bearable length. */
#ifndef QN_NETLIST_FOLD_H
#define QN_NETLIST_FOLD_H

#include <quench/text.h>

/* A deck whose statements longer than 240 characters, with the comment behind
 * them, go on in lines that begin with "+ ", broken behind a blank or a comma. A
 * comment stays whole, behind the last of them. */
void qn_fold(qn_text *text, const char *deck);

#endif
