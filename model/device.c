/* device.c - devices by name, their parameters and what these may be. */
#include <quench/device.h>

#include <math.h>
#include <string.h>

#include <quench/text.h>

const qn_device *qn_device_find(const qn_device *const *devices,
                                const char *name)
{
  while (*devices && strcmp((*devices)->name, name))
    devices++;
  return *devices;
}

qn_status qn_device_get(const qn_device **out, const qn_device *const *devices,
                        const char *name, qn_diag *diag)
{
  const char *nearest = devices[0]->name;

  *out = qn_device_find(devices, name);
  if (*out)
    return QN_OK;
  for (size_t i = 0; devices[i]; i++)
    if (qn_text_distance(name, devices[i]->name) <
        qn_text_distance(name, nearest))
      nearest = devices[i]->name;
  return qn_diag_set(diag, QN_EINVAL, name, NULL,
                     "no such memristor; the nearest known one is '%s'",
                     nearest);
}

/* ---- parameters ---------------------------------------------------------- */

/* index of a parameter, or of the record that ends the list */
static size_t index_of(const qn_device *device, const char *name)
{
  const qn_parameter *p = device->parameters;
  size_t i = 0;

  while (p[i].name && strcmp(p[i].name, name))
    i++;
  return i;
}

void qn_device_card_init(qn_device_card *card, const qn_device *device)
{
  memset(card, 0, sizeof *card);
  card->device = device;
  for (size_t i = 0; device->parameters[i].name; i++)
    card->parameter[i] = device->parameters[i].value;
}

static qn_status unknown_set(const qn_device *device, const char *name,
                             qn_diag *diag)
{
  const qn_parameter_set *s = device->sets;
  const char *nearest = s ? s->name : NULL;

  for (; s && s->name; s++)
    if (qn_text_distance(name, s->name) < qn_text_distance(name, nearest))
      nearest = s->name;
  if (!nearest)
    return qn_diag_set(diag, QN_EINVAL, device->name, name,
                       "the memristor has no parameter sets besides its "
                       "defaults");
  return qn_diag_set(diag, QN_EINVAL, device->name, name,
                     "no such parameter set; the nearest known one is '%s'",
                     nearest);
}

qn_status qn_device_card_use(qn_device_card *card, const char *set,
                             qn_diag *diag)
{
  const qn_device *device = card->device;
  const qn_parameter_set *s = device->sets;

  while (s && s->name && strcmp(s->name, set))
    s++;
  if (!s || !s->name)
    return unknown_set(device, set, diag);
  qn_device_card_init(card, device);
  for (const struct qn_parameter_value *v = s->values; v->name; v++) {
    qn_status st = qn_device_card_set(card, v->name, v->value, diag);

    if (st)
      return st;
  }
  return qn_device_card_check(card, diag);
}

static qn_status check_range(const qn_device *device, size_t i, double value,
                             qn_diag *diag)
{
  const qn_parameter *p = &device->parameters[i];

  if (value >= p->low && value <= p->high)
    return QN_OK;
  return qn_diag_set(diag, QN_EINVAL, device->name, p->name,
                     "%g is out of range, expected %g to %g [%s]", value,
                     p->low, p->high, p->unit);
}

qn_status qn_device_card_set(qn_device_card *card, const char *name,
                             double value, qn_diag *diag)
{
  const qn_device *device = card->device;
  size_t i = index_of(device, name);
  qn_status st;

  if (!device->parameters[i].name)
    return qn_diag_set(diag, QN_EINVAL, device->name, name,
                       "the memristor has no such parameter");
  st = check_range(device, i, value, diag);
  if (!st)
    card->parameter[i] = value;
  return st;
}

qn_status qn_device_card_check(const qn_device_card *card, qn_diag *diag)
{
  const qn_device *device = card->device;
  const char *wrong = NULL;

  for (size_t i = 0; device->parameters[i].name; i++)
    if (check_range(device, i, card->parameter[i], diag))
      return QN_EINVAL;
  if (device->check)
    wrong = device->check(card->parameter);
  if (wrong)
    return qn_diag_set(diag, QN_EINVAL, device->name, NULL, "%s", wrong);
  return QN_OK;
}

/* ---- use -------------------------------------------------------------------
 */

qn_status qn_device_check_range(const qn_device *device, double temperature_k,
                                double voltage_v, qn_diag *diag)
{
  if (!(temperature_k >= device->temperature_min_k &&
        temperature_k <= device->temperature_max_k))
    return qn_diag_set(diag, QN_EINVAL, device->name, "temperature",
                       "%g K is outside the model's valid range, %g to %g K",
                       temperature_k, device->temperature_min_k,
                       device->temperature_max_k);
  if (!(fabs(voltage_v) <= device->voltage_max_v))
    return qn_diag_set(diag, QN_EINVAL, device->name, "voltage",
                       "%g V is outside the model's valid range, %g to %g V",
                       voltage_v, -device->voltage_max_v,
                       device->voltage_max_v);
  return QN_OK;
}

double qn_device_current(const qn_device_card *card, double x, double v)
{
  const qn_device *device = card->device;
  double slope;

  return device->conductance(card->parameter, x, &slope) *
         device->drive(card->parameter, v, &slope);
}
