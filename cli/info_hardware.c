/* info_hardware.c - which realisations take a network, and what becomes of it
 * on chips and in the core. */
#include "cli/info_hardware.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/mapper.h>
#include <quench/quantise.h>
#include <quench/realisation.h>

enum { VERDICTS_MAX = 16, CHIPS_MAX = 16, REASON = 900, NAMES = 256 };

struct verdict {
  const qn_realisation *what;
  char reason[REASON]; /* why not, or "" */
};

/* what the built-in realisations make of the network */
struct trial {
  const struct info *info;
  struct verdict verdict[VERDICTS_MAX];
  size_t verdicts;
  qn_chip *chip[CHIPS_MAX]; /* on the technologies that have limits */
  size_t chips;
  qn_core *core; /* or NULL, because of core_diag */
  qn_diag core_diag;
};

void qn_info_warn(const struct info *info, const char *kind, json_t *about,
                  const char *format, ...)
{
  json_t *warnings = json_object_get(info->entry, "warnings");
  char sentence[1024], label[QN_PAGE_LABEL];
  va_list args;

  va_start(args, format);
  vsnprintf(sentence, sizeof sentence, format, args);
  va_end(args);
  snprintf(label, sizeof label, "%s", kind);
  for (char *c = label; *c; c++)
    *c = *c == '_' ? ' ' : *c;
  if (!json_array_size(warnings))
    qn_console_say(info->console, "\n  hard in hardware\n");
  qn_page_say(info->console, label, "%s", sentence);
  json_object_set_new(about, "kind", json_string(kind));
  json_object_set_new(about, "sentence", json_string(sentence));
  json_array_append_new(warnings, about);
}

/* ---- trying ----------------------------------------------------------------------- */

/* its place and sentence, less the realisation's own name and where it runs
 * instead, so that those refused alike say the same */
static void write_reason(struct verdict *v, const qn_diag *diag)
{
  const char *message = diag->message;
  size_t n = strlen(v->what->name);
  char *end;

  if (!strncmp(message, v->what->name, n) && message[n] == ' ')
    message += n + 1;
  snprintf(v->reason, sizeof v->reason, "%s%s%s", diag->place,
           *diag->place ? ": " : "", message);
  end = strstr(v->reason, ": it runs on ");
  if (end)
    *end = 0;
}

/* by the network alone: a missing tool says nothing of it */
static void judge(struct trial *t, const qn_realisation *what)
{
  struct verdict *v = &t->verdict[t->verdicts++];
  qn_realisation cell_alone = *what;
  qn_diag diag;

  v->what = what;
  v->reason[0] = 0;
  cell_alone.tools[0] = NULL;
  if (qn_realisation_check(&cell_alone, t->info->net, &diag))
    write_reason(v, &diag);
  else if (what->takes == QN_TAKES_CORE && !t->core)
    write_reason(v, &t->core_diag);
}

static int has_limits(const qn_technology *t)
{
  return t->conductance_min_s > 0 || t->capacitor_min_f > 0 ||
         isfinite(t->gain_max);
}

static qn_status try_chips(struct trial *t, qn_diag *diag)
{
  char name[64];
  qn_status st = QN_OK;

  for (size_t i = 0; qn_technology_name(i, name) && !st; i++) {
    qn_technology tech;

    st = qn_technology_open(&tech, name, diag);
    if (st || !has_limits(&tech))
      continue;
    assert(t->chips < CHIPS_MAX);
    st = qn_chip_map(&t->chip[t->chips], t->info->net, &tech, diag);
    t->chips += !st;
  }
  return st == QN_EUNSUPPORTED ? QN_OK : st;
}

static qn_status try_all(struct trial *t)
{
  qn_diag *diag = &t->info->console->diag;
  qn_status st = qn_core_quantise(&t->core, t->info->net,
                                  &qn_core_options_default, &t->core_diag);

  if (st)
    t->core = NULL;
  if (st == QN_ENOMEM)
    return qn_diag_out_of_memory(diag);
  for (const qn_realisation *const *r = qn_realisations; *r; r++) {
    assert(t->verdicts < VERDICTS_MAX);
    judge(t, *r);
  }
  return try_chips(t, diag);
}

/* ---- realisations --------------------------------------------------------------- */

/* the names of all that have this reason, the first of them at i */
static const char *names_of(const struct trial *t, size_t i, char text[NAMES])
{
  size_t at = 0;

  text[0] = 0;
  for (size_t k = i; k < t->verdicts && at < NAMES; k++)
    if (!strcmp(t->verdict[k].reason, t->verdict[i].reason))
      at += (size_t)snprintf(text + at, NAMES - at, "%s%s", at ? ", " : "",
                             t->verdict[k].what->name);
  return text;
}

static int is_first_with_its_reason(const struct trial *t, size_t i)
{
  size_t k = 0;

  while (strcmp(t->verdict[k].reason, t->verdict[i].reason) != 0)
    k++;
  return k == i;
}

static void tell_realisations(const struct trial *t)
{
  const qn_console *console = t->info->console;
  char names[NAMES];

  qn_console_say(console, "\n");
  for (size_t i = 0; i < t->verdicts; i++) {
    const char *reason = t->verdict[i].reason;

    if (!is_first_with_its_reason(t, i))
      continue;
    if (*reason)
      qn_page_say(console, "not on", "%s: %s", names_of(t, i, names), reason);
    else
      qn_page_say(console, "runs on", "%s", names_of(t, i, names));
  }
}

static json_t *record_realisations(const struct trial *t)
{
  json_t *list = json_array();

  for (size_t i = 0; i < t->verdicts; i++) {
    const struct verdict *v = &t->verdict[i];
    json_t *entry = json_pack("{s:s, s:b}", "realisation", v->what->name,
                              "runs", *v->reason == 0);

    if (*v->reason)
      json_object_set_new(entry, "reason", json_string(v->reason));
    json_array_append_new(list, entry);
  }
  return list;
}

/* ---- chips and the core ------------------------------------------------------------- */

static json_int_t clips_of(const qn_chip *chip, const char *what)
{
  json_int_t n = 0;

  for (size_t i = 0; i < chip->clips; i++)
    n += !strcmp(chip->clip[i].what, what);
  return n;
}

static void tell_chip(const struct info *info, const qn_chip *chip)
{
  size_t gates = chip->recurrent.count + chip->sensory.count;
  char a[32], b[32], c[32], d[32];

  qn_page_say(info->console, "chip",
              "%s: %s memristors, %s gates, %s clipped; a model unit is %s",
              chip->technology.name, qn_page_count(chip->memristors, a),
              qn_page_count(gates, b),
              chip->clips ? qn_page_count(chip->clips, c) : "none",
              qn_si_text(chip->volts_per_unit, "V", d));
  json_array_append_new(
    json_object_get(info->entry, "chips"),
    json_pack("{s:s, s:I, s:I, s:I, s:I, s:f}", "technology",
              chip->technology.name, "memristors", (json_int_t)chip->memristors,
              "clipped_conductances", clips_of(chip, "conductance"),
              "clipped_gains", clips_of(chip, "gain"), "clipped_capacitors",
              clips_of(chip, "capacitor"), "volts_per_unit_v",
              chip->volts_per_unit));
}

static void tell_core(const struct info *info, const qn_core *core)
{
  double step = ldexp(1, -core->state.frac);
  char cycles[32];

  qn_page_say(info->console, "core",
              "%u bits: states in steps of %.3g, %s cycles a sample",
              core->width, step, qn_page_count(core->cycles, cycles));
  json_object_set_new(info->entry, "core",
                      json_pack("{s:i, s:f, s:I}", "bits", (int)core->width,
                                "state_step", step, "cycles_per_step",
                                (json_int_t)core->cycles));
}

/* ---- the whole ---------------------------------------------------------------------- */

static void tell(const struct trial *t)
{
  const struct info *info = t->info;

  json_object_set_new(info->entry, "realisations", record_realisations(t));
  json_object_set_new(info->entry, "chips", json_array());
  json_object_set_new(info->entry, "core", json_null());
  json_object_set_new(info->entry, "warnings", json_array());
  tell_realisations(t);
  for (size_t i = 0; i < t->chips; i++)
    tell_chip(info, t->chip[i]);
  if (t->core)
    tell_core(info, t->core);
  if (info->net->cell == QN_CELL_LTC)
    qn_info_warn_of_parameters(info);
  for (size_t i = 0; i < t->chips; i++)
    qn_info_warn_of_chip(info, t->chip[i]);
  if (t->core)
    qn_info_warn_of_core(info, t->core);
}

qn_status qn_info_tell_hardware(const struct info *info)
{
  struct trial t = {.info = info};
  qn_status st = try_all(&t);

  if (!st)
    tell(&t);
  for (size_t i = 0; i < t.chips; i++)
    qn_chip_free(t.chip[i]);
  qn_core_free(t.core);
  return st;
}
