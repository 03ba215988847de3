/* fuzz_run.c - bytes into a file and through an entry. */
#include "tests/fuzz/fuzz_run.h"

#include <stdio.h>
#include <stdlib.h>

#include <quench/file.h>
#include <quench/text.h>

static char *folder;

static void remove_folder(void)
{
  qn_file_remove_folder(folder);
  free(folder);
}

static void check(int holds, const char *what)
{
  if (holds)
    return;
  fprintf(stderr, "fuzz: %s\n", what);
  abort();
}

static const char *place(const char *ending)
{
  static char path[256];

  if (!folder) {
    check(!qn_file_temporary_folder(&folder, NULL), "no folder");
    atexit(remove_folder);
    snprintf(path, sizeof path, "%s/file%s", folder, ending);
  }
  return path;
}

int fuzz_run(fuzz_entry *entry, const char *ending, const uint8_t *data,
             size_t size)
{
  const char *path = place(ending), *wrong;
  FILE *f = fopen(path, "wb");

  check(f && fwrite(data, 1, size, f) == size && !fclose(f), "no file");
  wrong = entry(path);
  check(!wrong, wrong);
  return 0;
}
