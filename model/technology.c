/* technology.c - the YAML reader of technologies (libyaml). */
#include <quench/technology.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <quench/text.h>

struct reader {
  qn_technology *tech;
  const char *path;
  const qn_device *const *devices;
  yaml_document_t *document;
  qn_diag *diag;
  int overrides; /* not a file's lines */
};

static double *field_of(qn_technology *tech, const qn_technology_field *f)
{
  return (double *)(void *)((char *)tech + f->offset);
}

static qn_status bad_at(const struct reader *r, const yaml_node_t *node,
                        const char *key, const char *text)
{
  char place[160];

  if (r->overrides)
    snprintf(place, sizeof place, "'%.100s'", key);
  else
    snprintf(place, sizeof place, "line %zu, '%.100s'",
             node->start_mark.line + 1, key);
  return qn_diag_set(r->diag, QN_EPARSE, r->path, place, "%s", text);
}

/* ---- unknown keys ---------------------------------------------------------------- */

static qn_status unknown_key(const struct reader *r, const yaml_node_t *node,
                             const char *path)
{
  static const char *const others[] = {"name", "title", "memristor.device",
                                       "memristor.parameters",
                                       "memristor.spread"};
  const char *nearest = others[0];
  char text[256];

  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (qn_text_distance(path, others[i]) < qn_text_distance(path, nearest))
      nearest = others[i];
  for (const qn_technology_field *f = qn_technology_fields; f->path; f++)
    if (qn_text_distance(path, f->path) < qn_text_distance(path, nearest))
      nearest = f->path;
  snprintf(text, sizeof text, "unknown key; the nearest known one is '%s'",
           nearest);
  return bad_at(r, node, path, text);
}

/* ---- values ------------------------------------------------------------------------ */

static const char *scalar(const yaml_node_t *node)
{
  return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value
                                        : NULL;
}

/* a number as YAML writes it, ".inf" included */
static int parse_number(const char *s, double *value)
{
  const char *digits = s + (*s == '-' || *s == '+');
  char *end;

  if (!strcmp(digits, ".inf")) {
    *value = *s == '-' ? -HUGE_VAL : HUGE_VAL;
    return 1;
  }
  *value = strtod(s, &end);
  return end != s && !*end && isfinite(*value);
}

static qn_status read_number(const struct reader *r, const yaml_node_t *node,
                             const char *path, const char *unit, double low,
                             double high, double *to)
{
  const char *s = scalar(node);
  char text[160];

  if (!s || !parse_number(s, to))
    snprintf(text, sizeof text, "expected a number [%s]", unit);
  else if (*to < low || *to > high)
    snprintf(text, sizeof text, "%g is out of range, expected %g to %g [%s]",
             *to, low, high, unit);
  else
    return QN_OK;
  return bad_at(r, node, path, text);
}

static qn_status read_choice(const struct reader *r, const yaml_node_t *node,
                             const qn_technology_field *f, double *to)
{
  const char *s = scalar(node);
  char text[160] = "expected one of:";

  for (size_t i = 0; f->words[i]; i++) {
    if (s && !strcmp(s, f->words[i])) {
      *to = (double)i;
      return QN_OK;
    }
    snprintf(text + strlen(text), sizeof text - strlen(text), " %s",
             f->words[i]);
  }
  return bad_at(r, node, f->path, text);
}

static qn_status read_field(const struct reader *r, const yaml_node_t *node,
                            const qn_technology_field *f)
{
  double *to = field_of(r->tech, f);

  return f->words ? read_choice(r, node, f, to)
                  : read_number(r, node, f->path, f->unit, f->low, f->high, to);
}

static qn_status read_device(const struct reader *r, const yaml_node_t *node)
{
  const char *s = scalar(node);
  const qn_device *device = s ? qn_device_find(r->devices, s) : NULL;
  char text[256] = "expected one of:";

  for (size_t i = 0; !device && r->devices[i]; i++)
    snprintf(text + strlen(text), sizeof text - strlen(text), " %s",
             r->devices[i]->name);
  if (!device)
    return bad_at(r, node, "memristor.device", text);
  qn_device_card_init(&r->tech->memristor, device);
  memset(r->tech->spread, 0, sizeof r->tech->spread);
  return QN_OK;
}

/* sections whose keys are the parameters of the device */
static const char values_prefix[] = "memristor.parameters.";
static const char spread_prefix[] = "memristor.spread.";

/* what follows the prefix, or NULL */
static const char *after(const char *path, const char *prefix)
{
  size_t n = strlen(prefix);

  return strncmp(path, prefix, n) ? NULL : path + n;
}

/* the parameter's place in the device's list, or -1 */
static int parameter_index(const struct reader *r, const char *name)
{
  const qn_parameter *p = r->tech->memristor.device->parameters;

  for (int i = 0; p[i].name; i++)
    if (!strcmp(p[i].name, name))
      return i;
  return -1;
}

static qn_status read_parameter(const struct reader *r, const char *path,
                                const char *name, const yaml_node_t *node)
{
  int i = parameter_index(r, name);
  const qn_parameter *p = &r->tech->memristor.device->parameters[i];

  if (i < 0)
    return bad_at(r, node, path, "the device has no such parameter");
  return read_number(r, node, path, p->unit, p->low, p->high,
                     &r->tech->memristor.parameter[i]);
}

static qn_status read_spread(const struct reader *r, const char *path,
                             const char *name, const yaml_node_t *node)
{
  int i = parameter_index(r, name);

  if (i < 0)
    return bad_at(r, node, path, "the device has no such parameter");
  return read_number(r, node, path, "1", 0, 1, &r->tech->spread[i]);
}

static qn_status read_text(const struct reader *r, const char *path,
                           const yaml_node_t *node, char *to, size_t size)
{
  const char *s = scalar(node);

  if (!s || !*s || strlen(s) >= size)
    return bad_at(r, node, path, "expected a short text");
  for (const char *c = s; *c; c++)
    if ((unsigned char)*c < ' ')
      return bad_at(r, node, path, "expected a text of one line");
  snprintf(to, size, "%s", s);
  return QN_OK;
}

static qn_status read_leaf(const struct reader *r, const char *path,
                           const yaml_node_t *key, const yaml_node_t *node)
{
  if (!strcmp(path, "name"))
    return read_text(r, path, node, r->tech->name, sizeof r->tech->name);
  if (!strcmp(path, "title"))
    return read_text(r, path, node, r->tech->title, sizeof r->tech->title);
  if (!strcmp(path, "memristor.device"))
    return QN_OK; /* read first */
  if (after(path, values_prefix))
    return read_parameter(r, path, after(path, values_prefix), node);
  if (after(path, spread_prefix))
    return read_spread(r, path, after(path, spread_prefix), node);
  for (const qn_technology_field *f = qn_technology_fields; f->path; f++)
    if (!strcmp(f->path, path))
      return read_field(r, node, f);
  return unknown_key(r, key, path);
}

/* ---- the tree ------------------------------------------------------------------------ */

static int is_repeated(const struct reader *r, const yaml_node_t *mapping,
                       const yaml_node_pair_t *pair, const char *key)
{
  const yaml_node_pair_t *p = mapping->data.mapping.pairs.start;

  for (; p < pair; p++) {
    const char *other = scalar(yaml_document_get_node(r->document, p->key));

    if (other && !strcmp(other, key))
      return 1;
  }
  return 0;
}

static qn_status read_mapping(const struct reader *r, const yaml_node_t *node,
                              const char *prefix, int depth)
{
  const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
  qn_status st = QN_OK;

  for (; pair < node->data.mapping.pairs.top && !st; pair++) {
    const yaml_node_t *key = yaml_document_get_node(r->document, pair->key);
    const yaml_node_t *value = yaml_document_get_node(r->document, pair->value);
    char path[160];

    snprintf(path, sizeof path, "%s%s%.60s", prefix, *prefix ? "." : "",
             scalar(key) ? scalar(key) : "?");
    if (scalar(key) && is_repeated(r, node, pair, scalar(key)))
      st = bad_at(r, key, path, "stands here twice");
    else if (value->type == YAML_MAPPING_NODE && depth < 3)
      st = read_mapping(r, value, path, depth + 1);
    else
      st = read_leaf(r, path, key, value);
  }
  return st;
}

static int has_wires(const qn_technology *t)
{
  return t->rail_ohm > 0 || t->membrane_ohm > 0 || t->rail_f > 0 ||
         t->membrane_f > 0;
}

static qn_status check_whole(const struct reader *r)
{
  const qn_technology *t = r->tech;
  const char *wrong = NULL;

  if (!t->name[0])
    wrong = "'name' is missing";
  else if (!(t->conductance_min_s < t->conductance_max_s))
    wrong = "memristor.conductance_min_s is not below conductance_max_s";
  else if (t->levels == 1 || t->levels != floor(t->levels))
    wrong = "memristor.levels: expected 0 or a whole number of at least 2";
  else if (!(t->capacitor_min_f <= t->capacitor_max_f))
    wrong = "capacitor.min_f is above capacitor.max_f";
  else if (!(t->gain_min <= t->gain_max))
    wrong = "gate.gain_min is above gate.gain_max";
  else if (!(t->driver_low_v < t->driver_high_v))
    wrong = "driver.low_v is not below driver.high_v";
  else if (!(t->readout_low_v < t->readout_high_v))
    wrong = "readout.low_v is not below readout.high_v";
  else if (!(t->compliance_low_v < t->common_mode_v &&
             t->common_mode_v < t->compliance_high_v))
    wrong = "supply.common_mode_v is not between synapse.compliance_low_v and "
            "compliance_high_v";
  else if (t->cell != QN_CELL_DIRECT && has_wires(t))
    wrong = "wire.rail_ohm, membrane_ohm, rail_f, membrane_f: only 'direct' "
            "cells stand in a crossbar (synapse.cell)";
  else if (!(t->flicker_low_hz < t->flicker_high_hz))
    wrong = "noise.flicker_low_hz is not below flicker_high_hz";
  else if (fabs(t->polarity_plus) != 1 || fabs(t->polarity_minus) != 1)
    wrong = "memristor.polarity_plus, polarity_minus: expected 1 or -1";
  else if (isfinite(t->supply_v) &&
           !(t->common_mode_v > 0 && t->common_mode_v < t->supply_v))
    wrong = "supply.common_mode_v is not between 0 and supply.voltage_v";
  if (!wrong)
    return QN_OK;
  return qn_diag_set(r->diag, QN_EPARSE, r->path, NULL, "%s", wrong);
}

/* the value of a key of a mapping, or NULL */
static const yaml_node_t *value_of(const struct reader *r,
                                   const yaml_node_t *node, const char *key)
{
  const yaml_node_pair_t *pair, *top;

  if (!node || node->type != YAML_MAPPING_NODE)
    return NULL;
  top = node->data.mapping.pairs.top;
  for (pair = node->data.mapping.pairs.start; pair < top; pair++) {
    const char *s = scalar(yaml_document_get_node(r->document, pair->key));

    if (s && !strcmp(s, key))
      return yaml_document_get_node(r->document, pair->value);
  }
  return NULL;
}

static qn_status read_document(const struct reader *r)
{
  const yaml_node_t *root = yaml_document_get_root_node(r->document);
  const yaml_node_t *device =
    value_of(r, value_of(r, root, "memristor"), "device");
  qn_status st;

  if (!root || root->type != YAML_MAPPING_NODE)
    return qn_diag_set(r->diag, QN_EPARSE, r->path, NULL,
                       "expected a YAML mapping of sections");
  st = device ? read_device(r, device) : QN_OK; /* before its parameters */
  return st ? st : read_mapping(r, root, "", 0);
}

static qn_status yaml_error(const yaml_parser_t *parser, const char *path,
                            qn_diag *diag)
{
  char place[64];

  snprintf(place, sizeof place, "line %zu", parser->problem_mark.line + 1);
  return qn_diag_set(diag, QN_EPARSE, path, place, "not YAML: %s",
                     parser->problem ? parser->problem : "unreadable");
}

static qn_status check_parameters(const struct reader *r)
{
  qn_diag why;

  if (!qn_device_card_check(&r->tech->memristor, &why))
    return QN_OK;
  return qn_diag_set(r->diag, QN_EPARSE, r->path, "memristor.parameters",
                     "%.400s", why.message);
}

/* the keys of a YAML text over what is there */
static qn_status merge(struct reader *r, const char *text, size_t size)
{
  yaml_parser_t parser;
  yaml_document_t document;
  qn_status st;

  if (!yaml_parser_initialize(&parser))
    return qn_diag_out_of_memory(r->diag);
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
  if (!yaml_parser_load(&parser, &document)) {
    st = yaml_error(&parser, r->path, r->diag);
  } else {
    r->document = &document;
    st = read_document(r);
    yaml_document_delete(&document);
  }
  yaml_parser_delete(&parser);
  return st;
}

static qn_status check(const struct reader *r)
{
  qn_status st = check_whole(r);

  return st ? st : check_parameters(r);
}

qn_status qn_technology_parse(qn_technology *out, const char *text, size_t size,
                              const char *path, const qn_device *const *devices,
                              qn_diag *diag)
{
  struct reader r = {out, path, devices, NULL, diag, 0};
  qn_status st;

  memset(out, 0, sizeof *out);
  qn_device_card_init(&out->memristor, devices[0]);
  for (const qn_technology_field *f = qn_technology_fields; f->path; f++)
    *field_of(out, f) = f->value;
  st = merge(&r, text, size);
  return st ? st : check(&r);
}

/* ---- overrides ----------------------------------------------------------------------- */

/* "a.b.c=v" as the YAML of one line "{a: {b: {c: v}}}" */
static qn_status add_override(qn_text *t, const struct reader *r,
                              const char *one, size_t n)
{
  const char *equals = memchr(one, '=', n);
  size_t depth = 1, value = equals ? (size_t)(equals - one) + 1 : n;

  if (!equals || equals == one || value == n)
    return qn_diag_set(r->diag, QN_EINVAL, r->path, NULL,
                       "'%.*s': expected KEY=VALUE", (int)fmin((double)n, 80),
                       one);
  qn_text_add(t, "{");
  for (const char *c = one; c < equals; c++)
    if (*c == '.') {
      qn_text_add(t, ": {");
      depth++;
    } else {
      qn_text_add(t, "%c", *c);
    }
  qn_text_add(t, ": %.*s", (int)(n - value), one + value);
  while (depth-- > 0)
    qn_text_add(t, "}");
  return QN_OK;
}

qn_status qn_technology_override(qn_technology *tech, const char *overrides,
                                 const char *path,
                                 const qn_device *const *devices, qn_diag *diag)
{
  struct reader r = {tech, path, devices, NULL, diag, 1};
  qn_status st = QN_OK;

  do {
    size_t n = strcspn(overrides, ",");
    qn_text t;

    qn_text_init(&t);
    st = add_override(&t, &r, overrides, n);
    if (!st)
      st = t.failed ? qn_diag_out_of_memory(diag) : merge(&r, t.data, t.length);
    qn_text_release(&t);
    overrides += n;
  } while (*overrides++ && !st);
  return st ? st : check(&r);
}

/* ---- use --------------------------------------------------------------------------- */

qn_status qn_technology_check_range(const qn_technology *t, const char *path,
                                    qn_diag *diag)
{
  const qn_device *d = t->memristor.device;
  double volts = isfinite(t->read_voltage_v) ? t->read_voltage_v : 0;
  const char *place = "memristor.read_voltage_v";
  qn_diag why;

  if (t->extrapolate == QN_ON ||
      !qn_device_check_range(d, t->temperature_k, volts, &why))
    return QN_OK;
  if (qn_device_check_range(d, t->temperature_k, 0, NULL))
    place = "temperature.run_k";
  return qn_diag_set(diag, QN_EPARSE, path, place,
                     "%s; --extrapolate runs it all the same", why.message);
}

double qn_technology_thermal_voltage(const qn_technology *tech,
                                     double temperature_k)
{
  const double boltzmann = 1.380649e-23, charge = 1.602176634e-19; /* SI 2019 */

  return fmax(boltzmann * temperature_k / charge,
              tech->thermal_voltage_floor_v);
}
