/* picture.h - a drawing in SVG to a file, as it is or through another program as
 * PNG. */
#ifndef QN_PICTURE_H
#define QN_PICTURE_H

#include <quench/diag.h>
#include <quench/progress.h>

/* Whether this can be written under this name, .svg or .png: QN_EINVAL, or
 * QN_ETOOL where PNG needs a program that is missing. */
qn_status qn_picture_check(const char *path, qn_diag *diag);

qn_status qn_picture_write(const char *path, const char *svg,
                           const qn_progress *progress, qn_diag *diag);

#endif
