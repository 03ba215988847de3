/* build.h - executables made once and kept in the user's cache. */
#ifndef QN_HDL_BUILD_H
#define QN_HDL_BUILD_H

#include <quench/diag.h>
#include <quench/progress.h>
#include <quench/text.h>

/* What an executable is made from, and how. */
typedef struct qn_build {
  const char *kind; /* "rtl": part of the key and of the cache's file name */
  /* All of it as text: sources, options, versions of the tools. */
  const qn_text *key;
  /* Make folder/`product` in a new folder. */
  qn_status (*make)(const void *arg, const char *folder,
                    const qn_progress *progress, qn_diag *diag);
  const void *arg;
  const qn_progress *progress; /* or NULL */
  const char *product;         /* "obj/Vqn_top" */
} qn_build;

/* Path of the executable, from the cache or made now; the caller frees it. Two
 * processes may build the same thing at once: the first rename wins. */
qn_status qn_build_get(const qn_build *build, char **executable, qn_diag *diag);

/* What a tool prints for this option ("--version"), added to text. */
qn_status qn_build_add_version(qn_text *text, const char *program,
                               const char *option, const char *package,
                               qn_diag *diag);

/* Contents of the library's files under a folder ("hdl/rtl/"), added to text. */
void qn_build_add_embedded(qn_text *text, const char *folder);

#endif
