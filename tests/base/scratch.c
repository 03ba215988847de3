/* scratch.c - a folder of its own for a test that needs files. */
#include "tests/base/scratch.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/text.h>

enum { PATHS_MAX = 4096 };

/* a test is a process: one folder at a time */
static struct {
  char *folder;
  char *path[PATHS_MAX];
  size_t paths;
} scratch;

void scratch_open(void)
{
  cr_assert(eq(int, qn_file_temporary_folder(&scratch.folder, NULL), QN_OK));
}

void scratch_close(void)
{
  qn_file_remove_folder(scratch.folder);
  free(scratch.folder);
  while (scratch.paths)
    free(scratch.path[--scratch.paths]);
}

const char *scratch_folder(void)
{
  return scratch.folder;
}

const char *scratch_path(const char *name)
{
  char *path = qn_text_format("%s/%s", scratch.folder, name);

  cr_assert(path && scratch.paths < PATHS_MAX);
  return scratch.path[scratch.paths++] = path;
}

size_t scratch_files(void)
{
  DIR *folder = opendir(scratch.folder);
  size_t n = 0;

  cr_assert(folder != NULL);
  while (readdir(folder))
    n++;
  closedir(folder);
  return n - 2; /* . and .. */
}

const char *scratch_bytes(const char *name, const void *bytes, size_t size)
{
  const char *path = scratch_path(name);
  FILE *f = fopen(path, "wb");

  cr_assert(f != NULL);
  cr_assert(eq(sz, fwrite(bytes, 1, size, f), size));
  cr_assert(eq(int, fclose(f), 0));
  return path;
}

const char *scratch_text(const char *name, const char *text)
{
  return scratch_bytes(name, text, strlen(text));
}

const char *scratch_tensors(const char *name, const char *header,
                            size_t data_size)
{
  size_t length = strlen(header), size = 8 + length + data_size;
  unsigned char *file = calloc(size, 1);
  const char *path;

  cr_assert(file != NULL);
  for (int i = 0; i < 8; i++)
    file[i] = (unsigned char)((uint64_t)length >> (8 * i));
  memcpy(file + 8, header, length);
  for (size_t i = 0; i < data_size; i++)
    file[8 + length + i] = (unsigned char)i;
  path = scratch_bytes(name, file, size);
  free(file);
  return path;
}

int diag_says(const qn_diag *diag, const char *file, const char *place,
              const char *part)
{
  int says = (!file || !strcmp(diag->file, file)) &&
             (!place || !strcmp(diag->place, place)) &&
             strstr(diag->message, part) && !strchr(diag->message, '\n');

  if (!says)
    cr_log_error("it says file '%s', place '%s', message '%s'", diag->file,
                 diag->place, diag->message);
  return says;
}
