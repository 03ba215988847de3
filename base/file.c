/* file.c - whole files in, whole files out. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <quench/file.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <quench/text.h>

static qn_status cannot(const char *verb, const char *path, qn_diag *diag)
{
  return qn_diag_set(diag, QN_EIO, path, NULL, "cannot %s: %s", verb,
                     strerror(errno));
}

/* ---- reading ------------------------------------------------------------- */

/* What comes out of a pipe or a device may have no end. */
static const size_t endless = (size_t)1 << 28;

static int is_plain(FILE *f)
{
  struct stat s;

  return !fstat(fileno(f), &s) && S_ISREG(s.st_mode);
}

static qn_status read_all(FILE *f, const char *path, char **data, size_t *size,
                          qn_diag *diag)
{
  qn_text text;
  char block[65536];
  int plain = is_plain(f);
  size_t n;

  qn_text_init(&text);
  while ((n = fread(block, 1, sizeof block, f)) > 0 &&
         (plain || text.length < endless))
    qn_text_add_bytes(&text, block, n);
  qn_text_add_bytes(&text, "", 0);
  if (n > 0) {
    qn_text_release(&text);
    return qn_diag_set(diag, QN_EIO, path, NULL,
                       "more than %zu MiB, and not a plain file: copy it into "
                       "one",
                       endless >> 20);
  }
  if (ferror(f) || text.failed) {
    qn_text_release(&text);
    return text.failed ? qn_diag_out_of_memory(diag)
                       : cannot("read", path, diag);
  }
  *data = text.data;
  *size = text.length;
  return QN_OK;
}

qn_status qn_file_read(const char *path, char **data, size_t *size,
                       qn_diag *diag)
{
  FILE *f = fopen(path, "rb");
  qn_status st;

  *data = NULL;
  *size = 0;
  if (!f)
    return cannot("open", path, diag);
  st = read_all(f, path, data, size, diag);
  fclose(f);
  return st;
}

/* ---- writing ------------------------------------------------------------- */

static int write_all(int fd, const char *data, size_t size)
{
  while (size) {
    ssize_t n = write(fd, data, size);

    if (n < 0 && errno != EINTR)
      return -1;
    if (n > 0) {
      data += n;
      size -= (size_t)n;
    }
  }
  return 0;
}

/* A new file in the same folder under a name of its own; -1 with name NULL is
 * out of memory. Not mkstemp: the mode follows the umask, which only open()
 * can read without changing it for every thread. */
static int open_beside(const char *path, char **name)
{
  int fd = -1;

  for (int i = 0; i < 1000 && fd < 0; i++) {
    free(*name);
    *name = qn_text_format("%s.%ld-%d", path, (long)getpid(), i);
    if (!*name)
      return -1;
    fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno != EEXIST)
      return -1;
  }
  return fd;
}

qn_status qn_file_write(const char *path, const void *data, size_t size,
                        qn_diag *diag)
{
  char *name = NULL;
  int fd = open_beside(path, &name), failed;

  if (!name)
    return qn_diag_out_of_memory(diag);
  if (fd < 0) {
    free(name);
    return cannot("write", path, diag);
  }
  failed = write_all(fd, data, size);
  failed |= close(fd);
  if (failed || rename(name, path)) {
    cannot("write", path, diag);
    unlink(name);
    free(name);
    return QN_EIO;
  }
  free(name);
  return QN_OK;
}

/* ---- folders ------------------------------------------------------------- */

qn_status qn_file_make_folder(const char *path, qn_diag *diag)
{
  char *part = qn_text_format("%s", path);
  struct stat is;
  int failed = 0;

  if (!part)
    return qn_diag_out_of_memory(diag);
  for (char *p = part; *p && !failed; p++)
    if (*p == '/' && p > part) {
      *p = 0;
      failed = mkdir(part, 0777) && errno != EEXIST;
      *p = '/';
    }
  failed = failed || (mkdir(part, 0777) && errno != EEXIST);
  free(part);
  if (!failed && (stat(path, &is) || !S_ISDIR(is.st_mode))) {
    errno = ENOTDIR;
    failed = 1;
  }
  return failed ? cannot("make folder", path, diag) : QN_OK;
}

static int remove_one(const char *path, const struct stat *is, int kind,
                      struct FTW *at)
{
  (void)is, (void)kind, (void)at;
  remove(path);
  return 0;
}

void qn_file_remove_folder(const char *path)
{
  nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

qn_status qn_file_temporary_folder(char **path, qn_diag *diag)
{
  const char *root = getenv("TMPDIR");

  *path = qn_text_format("%s/quench.XXXXXX", root && *root ? root : "/tmp");
  if (!*path)
    return qn_diag_out_of_memory(diag);
  if (!mkdtemp(*path)) {
    cannot("make folder", *path, diag);
    free(*path);
    *path = NULL;
    return QN_EIO;
  }
  return QN_OK;
}

int qn_file_exists(const char *path)
{
  return access(path, F_OK) == 0;
}

void qn_file_sha256(const void *data, size_t size, char hex[65])
{
  struct sha256_ctx ctx;
  uint8_t digest[SHA256_DIGEST_SIZE];

  sha256_init(&ctx);
  sha256_update(&ctx, size, data);
  sha256_digest(&ctx, sizeof digest, digest);
  for (size_t i = 0; i < sizeof digest; i++)
    snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}
