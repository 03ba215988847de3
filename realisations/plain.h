/* plain.h - a network as it is: what reference and ode open. */
#ifndef QN_PLAIN_H
#define QN_PLAIN_H

#include <quench/realisation.h>

struct plain {
  const qn_network *net;
  qn_settings settings;
};

/* Released with free(). */
qn_status qn_plain_open(void **out, const qn_network *net,
                        const qn_settings *settings, qn_diag *diag);

#endif
