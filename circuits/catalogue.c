/* catalogue.c - what is built in. A new device is one line here. */
#include <quench/catalogue.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "circuits/devices/devices.h"
#include <quench/embedded.h>
#include <quench/file.h>
#include <quench/text.h>

static const char folder[] = "circuits/technologies/";

const qn_device *const qn_devices[] = {
  &qn_device_ohmic,
  &qn_device_sky130_reram,
  &qn_device_stanford_rram,
  &qn_device_vteam,
  &qn_device_vteam_exponential,
  &qn_device_yakopcic,
  &qn_device_linear_ion_drift,
  &qn_device_linear_ion_drift_joglekar,
  &qn_device_linear_ion_drift_biolek,
  &qn_device_linear_ion_drift_prodromakis,
  &qn_device_linear_ion_drift_kvatinsky,
  &qn_device_pershin,
  &qn_device_pcm,
  NULL,
};

const char *qn_technology_name(size_t i, char *text)
{
  const qn_embedded_file *f = NULL;
  const char *from;

  do
    f = qn_embedded_next(folder, f);
  while (f && i-- > 0);
  if (!f)
    return NULL;
  from = f->path + sizeof folder - 1;
  snprintf(text, 64, "%.*s", (int)strcspn(from, "."), from);
  return text;
}

static qn_status open_file(qn_technology *out, const char *path, qn_diag *diag)
{
  char *text;
  size_t size;
  qn_status st = qn_file_read(path, &text, &size, diag);

  if (!st)
    st = qn_technology_parse(out, text, size, path, qn_devices, diag);
  free(text);
  return st;
}

static qn_status unknown(const char *name, qn_diag *diag)
{
  char known[256] = "", one[64];

  for (size_t i = 0; qn_technology_name(i, one); i++)
    snprintf(known + strlen(known), sizeof known - strlen(known), " %s", one);
  return qn_diag_set(diag, QN_EINVAL, name, NULL,
                     "no such technology: expected a .yaml file or one of:%s",
                     known);
}

/* the one that `name` is */
static qn_status open_base(qn_technology *out, const char *name, qn_diag *diag)
{
  const char *dot = strrchr(name, '.');
  const qn_embedded_file *f;
  char path[128];

  if (dot && !strcmp(dot, ".yaml"))
    return open_file(out, name, diag);
  snprintf(path, sizeof path, "%s%.64s.yaml", folder, name);
  f = qn_embedded_find(path);
  if (!f)
    return unknown(name, diag);
  return qn_technology_parse(out, f->text, f->size, path, qn_devices, diag);
}

qn_status qn_technology_open(qn_technology *out, const char *name,
                             qn_diag *diag)
{
  size_t length = strcspn(name, ",");
  char *base = qn_text_format("%.*s", (int)length, name);
  qn_status st;

  if (!base)
    return qn_diag_out_of_memory(diag);
  st = open_base(out, base, diag);
  if (!st && name[length])
    st = qn_technology_override(out, name + length + 1, name, qn_devices, diag);
  if (!st)
    st = qn_technology_check_range(out, name, diag);
  free(base);
  return st;
}
