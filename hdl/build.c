/* build.c - the cache: $XDG_CACHE_HOME/quench/<kind>-<sha256>. */
#include "hdl/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <quench/embedded.h>
#include <quench/file.h>
#include <quench/process.h>

static char *cache_folder(void)
{
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

  if (cache && cache[0] == '/')
    return qn_text_format("%s/quench", cache);
  if (home && home[0] && access(home, W_OK) == 0)
    return qn_text_format("%s/.cache/quench", home);
  return qn_text_format("/tmp/quench-%ld", (long)getuid());
}

/* What stands in the cache is run: it must be ours, and nobody else's to
 * write. */
static qn_status check_owner(const char *cache, qn_diag *diag)
{
  struct stat is;

  if (stat(cache, &is) == 0 && is.st_uid == geteuid() &&
      !(is.st_mode & S_IWOTH))
    return QN_OK;
  return qn_diag_set(diag, QN_EIO, cache, "",
                     "belongs to somebody else or can be written by others: "
                     "set XDG_CACHE_HOME to a folder of your own");
}

/* A new folder of our own beside the products, so that rename() works. */
static qn_status make_own_folder(const char *cache, char **own, qn_diag *diag)
{
  static const char pattern[] = "build-XXXXXX";
  qn_status st = qn_file_make_folder(cache, diag);

  *own = NULL;
  if (!st)
    st = check_owner(cache, diag);
  if (st)
    return st;
  *own = qn_text_format("%s/%s", cache, pattern);
  if (!*own)
    return qn_diag_out_of_memory(diag);
  if (mkdtemp(*own))
    return QN_OK;
  free(*own);
  *own = NULL;
  return qn_diag_set(diag, QN_EIO, cache, "", "no folder can be made here");
}

static qn_status install(const qn_build *build, const char *own,
                         const char *path, qn_diag *diag)
{
  char *made = qn_text_format("%s/%s", own, build->product);
  qn_status st = QN_OK;

  if (!made)
    return qn_diag_out_of_memory(diag);
  if (rename(made, path))
    st = qn_diag_set(diag, QN_EIO, path, "", "could not be put in the cache");
  free(made);
  return st;
}

static qn_status make(const qn_build *build, const char *cache,
                      const char *path, qn_diag *diag)
{
  char *own;
  qn_status st = make_own_folder(cache, &own, diag);

  if (st)
    return st;
  st = build->make(build->arg, own, build->progress, diag);
  if (!st)
    st = install(build, own, path, diag);
  qn_file_remove_folder(own);
  free(own);
  return st;
}

qn_status qn_build_get(const qn_build *build, char **executable, qn_diag *diag)
{
  char hash[65], *cache = cache_folder(), *path = NULL;
  qn_status st = QN_OK;

  *executable = NULL;
  qn_file_sha256(build->key->data, build->key->length, hash);
  if (cache)
    path = qn_text_format("%s/%s-%s", cache, build->kind, hash);
  if (!path || build->key->failed)
    st = qn_diag_out_of_memory(diag);
  else if (qn_file_exists(path))
    st = check_owner(cache, diag);
  else
    st = make(build, cache, path, diag);
  free(cache);
  if (st)
    free(path);
  else
    *executable = path;
  return st;
}

/* ---- keys ---------------------------------------------------------------- */

static qn_status add_output(qn_text *text, const char *program,
                            const char *option, const char *folder,
                            qn_diag *diag)
{
  const char *const argv[] = {program, option, NULL};
  char *log = qn_text_format("%s/log", folder), *data = NULL;
  size_t size;
  qn_status st = log ? qn_process_run(argv, folder, log, 60, NULL, diag)
                     : qn_diag_out_of_memory(diag);

  if (!st)
    st = qn_file_read(log, &data, &size, diag);
  if (!st)
    qn_text_add(text, "%s %s\n", program, data);
  free(data);
  free(log);
  return st;
}

qn_status qn_build_add_version(qn_text *text, const char *program,
                               const char *option, const char *package,
                               qn_diag *diag)
{
  char *folder;
  qn_status st = qn_process_require(program, package, diag);

  if (!st)
    st = qn_file_temporary_folder(&folder, diag);
  if (st)
    return st;
  st = add_output(text, program, option, folder, diag);
  qn_file_remove_folder(folder);
  free(folder);
  return st;
}

void qn_build_add_embedded(qn_text *text, const char *folder)
{
  const qn_embedded_file *file = qn_embedded_next(folder, NULL);

  for (; file; file = qn_embedded_next(folder, file)) {
    qn_text_add(text, "%s %zu\n", file->path, file->size);
    qn_text_add_bytes(text, file->text, file->size);
  }
}
