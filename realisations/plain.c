/* plain.c - remember a network and the settings. */
#include "realisations/plain.h"

#include <stdlib.h>

qn_status qn_plain_open(void **out, const qn_network *net,
                        const qn_settings *settings, qn_diag *diag)
{
  struct plain *p = malloc(sizeof *p);

  *out = p;
  if (!p)
    return qn_diag_out_of_memory(diag);
  *p = (struct plain){net, *settings};
  return QN_OK;
}
