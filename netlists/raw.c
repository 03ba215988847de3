/* raw.c - see raw.h. */
#include "netlists/raw.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>

/* the number after a key at the start of a line, or 0 */
static size_t header_number(const char *text, const char *key)
{
  const char *at = strstr(text, key);

  return at ? (size_t)strtoul(at + strlen(key), NULL, 10) : 0;
}

static qn_status parse(qn_raw *raw, const char *text, size_t size,
                       const char *path, qn_diag *diag)
{
  static const char mark[] = "\nBinary:\n";
  const char *data = strstr(text, mark);
  size_t room;

  if (!data || !strstr(text, "\nFlags: real\n"))
    return qn_diag_set(diag, QN_EPARSE, path, "header",
                       "expected real vectors in a binary raw file");
  data += sizeof mark - 1;
  room = (size - (size_t)(data - text)) / sizeof(double);
  raw->points = header_number(text, "\nNo. Points:");
  raw->vectors = header_number(text, "\nNo. Variables:");
  if (!raw->points || !raw->vectors || raw->vectors > room / raw->points)
    return qn_diag_set(diag, QN_EPARSE, path, "data",
                       "%zu points of %zu vectors are announced, %zu numbers "
                       "follow",
                       raw->points, raw->vectors, room);
  raw->value = malloc(raw->points * raw->vectors * sizeof *raw->value);
  if (!raw->value)
    return qn_diag_out_of_memory(diag);
  memcpy(raw->value, data, raw->points * raw->vectors * sizeof *raw->value);
  return QN_OK;
}

qn_status qn_raw_read(qn_raw *raw, const char *path, qn_diag *diag)
{
  char *text;
  size_t size;
  qn_status st;

  *raw = (qn_raw){0};
  st = qn_file_read(path, &text, &size, diag);
  if (!st)
    st = parse(raw, text, size, path, diag);
  free(text);
  return st;
}

void qn_raw_release(qn_raw *raw)
{
  free(raw->value);
  *raw = (qn_raw){0};
}

const double *qn_raw_at(const qn_raw *raw, double t, double slack, size_t *at)
{
  for (; *at < raw->points; ++*at) {
    const double *point = raw->value + *at * raw->vectors;

    if (fabs(point[0] - t) <= slack)
      return point;
    if (point[0] > t)
      break;
  }
  return NULL;
}
