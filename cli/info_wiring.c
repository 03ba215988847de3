/* info_wiring.c - which layers feed which. */
#include <stdio.h>

#include "cli/info.h"
#include <quench/text.h>

enum { LINKS_MAX = 12, CHAIN_MAX = 8 };

const char *qn_info_layer_name(const struct info *info, size_t layer,
                               char text[32])
{
  static const char *const ncp[] = {"inter", "command", "motor"};

  if (layer == QN_INPUTS)
    return "inputs";
  if (info->is_ncp)
    return ncp[layer];
  if (info->wiring->layers == 1)
    return "neurons";
  snprintf(text, 32, "layer %zu", layer);
  return text;
}

/* ---- the table ------------------------------------------------------------------ */

static int has_polarity(const struct info *info)
{
  return info->net->cell == QN_CELL_LTC;
}

static int are_short(const struct info *info)
{
  return info->is_ncp || info->wiring->layers == 1;
}

static void tell_columns(const struct info *info)
{
  int width = are_short(info) ? 22 : 28;
  const char *is = has_polarity(info) ? "synapses" : "connections";

  qn_console_say(info->console, "\n  %-*s%12s %9s%s   %s\n", width, "", "", "",
                 has_polarity(info) ? "                      " : "",
                 "a neuron's");
  qn_console_say(info->console, "  %-*s%12s %9s%s %8s %7s %7s\n", width,
                 "wiring", is, "density",
                 has_polarity(info) ? "   erev > 0   erev < 0" : "", "fewest",
                 "median", "most");
}

static void tell_counts(const struct info *info, const char *name,
                        const qn_link *link)
{
  char synapses[32], above[32], below[32], polarity[80] = "", min[32], max[32];

  if (has_polarity(info))
    snprintf(polarity, sizeof polarity, " %10s %10s",
             qn_page_count(link->above, above),
             qn_page_count(link->below, below));
  qn_console_say(info->console, "    %-*s%12s %7.3g %%%s %8s %7.4g %7s\n",
                 are_short(info) ? 20 : 26, name,
                 qn_page_count(link->synapses, synapses),
                 100 * (double)link->synapses / (double)link->possible,
                 polarity, qn_page_count(link->fan_in.min, min),
                 link->fan_in.median, qn_page_count(link->fan_in.max, max));
}

static void tell_links(const struct info *info)
{
  const qn_wiring *w = info->wiring;
  qn_link all = {
    .synapses = w->synapses, .possible = w->possible, .fan_in = w->fan_in};
  char from[32], to[32], name[80];

  tell_columns(info);
  for (size_t i = 0; i < w->links; i++) {
    all.above += w->link[i].above;
    all.below += w->link[i].below;
    if (i >= LINKS_MAX)
      continue;
    snprintf(name, sizeof name, "%-*s -> %s", are_short(info) ? 7 : 11,
             qn_info_layer_name(info, w->link[i].from, from),
             qn_info_layer_name(info, w->link[i].to, to));
    tell_counts(info, name, &w->link[i]);
  }
  if (w->links > LINKS_MAX)
    qn_console_say(info->console, "    and %zu more (--json has all)\n",
                   w->links - LINKS_MAX);
  tell_counts(info, "all", &all);
  if (has_polarity(info) && all.above + all.below < all.synapses)
    qn_page_say(info->console, "", "erev is 0 at %zu",
                all.synapses - all.above - all.below);
}

/* ---- the layers ----------------------------------------------------------------- */

/* "5 inputs -> 11 inter -> 7 command -> 1 motor", or of another wired CfC
 * "5 inputs -> 11 -> 8 neurons" */
static void write_chain(const struct info *info, qn_text *text)
{
  const qn_wiring *w = info->wiring;
  char count[32], name[32];

  qn_text_add(text, "%s input%s", qn_page_count(info->net->inputs, count),
              qn_plural(info->net->inputs));
  for (size_t i = 0; i < w->layers; i++)
    qn_text_add(text, " -> %s%s%s", qn_page_count(w->size[i], count),
                info->is_ncp || i + 1 == w->layers ? " " : "",
                info->is_ncp         ? qn_info_layer_name(info, i, name)
                : i + 1 == w->layers ? "neurons"
                                     : "");
}

/* an LTC's layers, in no order */
static void write_sizes(const struct info *info, qn_text *text)
{
  const qn_wiring *w = info->wiring;
  size_t min = w->size[0], max = w->size[0];
  char a[32], b[32], c[32];

  for (size_t i = 1; i < w->layers; i++) {
    min = w->size[i] < min ? w->size[i] : min;
    max = w->size[i] > max ? w->size[i] : max;
  }
  qn_text_add(text, "%s, of %s to %s neurons", qn_page_count(w->layers, a),
              qn_page_count(min, b), qn_page_count(max, c));
}

static void tell_layers(const struct info *info)
{
  qn_text text;

  qn_text_init(&text);
  if (info->is_ncp || (info->net->cell == QN_CELL_WIRED_CFC &&
                       info->wiring->layers <= CHAIN_MAX))
    write_chain(info, &text);
  else
    write_sizes(info, &text);
  qn_console_say(info->console, "\n");
  qn_page_say(info->console, "layers", "%s", text.data);
  qn_text_release(&text);
}

static json_t *record_fan_in(json_t *object, const qn_fan_in *fan_in)
{
  qn_info_add_count(object, "fan_in_min", fan_in->min);
  json_object_set_new(object, "fan_in_median", json_real(fan_in->median));
  qn_info_add_count(object, "fan_in_max", fan_in->max);
  return object;
}

static json_t *record_link(const struct info *info, const qn_link *link)
{
  char from[32], to[32];
  json_t *object = json_pack(
    "{s:s, s:s, s:I, s:I}", "from", qn_info_layer_name(info, link->from, from),
    "to", qn_info_layer_name(info, link->to, to), "synapses",
    (json_int_t)link->synapses, "possible", (json_int_t)link->possible);

  if (has_polarity(info)) {
    qn_info_add_count(object, "erev_above_0", link->above);
    qn_info_add_count(object, "erev_below_0", link->below);
  }
  return record_fan_in(object, &link->fan_in);
}

static void record(const struct info *info)
{
  const qn_wiring *w = info->wiring;
  json_t *layers = json_array(), *links = json_array();
  char name[32];

  for (size_t i = 0; i < w->layers; i++)
    json_array_append_new(layers, json_pack("{s:s, s:I}", "name",
                                            qn_info_layer_name(info, i, name),
                                            "neurons", (json_int_t)w->size[i]));
  for (size_t i = 0; i < w->links; i++)
    json_array_append_new(links, record_link(info, &w->link[i]));
  json_object_set_new(info->entry, "layers", layers);
  json_object_set_new(info->entry, "links", links);
  if (info->has_links)
    record_fan_in(info->entry, &w->fan_in);
}

/* synapses that end at a neuron and begin at an input, or at a neuron */
static void record_totals(const struct info *info)
{
  size_t sensory = 0;

  for (size_t k = 0; k < info->net->inputs; k++)
    sensory += info->wiring->feeds[k];
  json_object_set_new(
    info->entry, "recurrent_synapses",
    info->has_links
      ? json_integer((json_int_t)(info->wiring->synapses - sensory))
      : json_null());
  json_object_set_new(info->entry, "sensory_synapses",
                      info->has_links ? json_integer((json_int_t)sensory)
                                      : json_null());
}

void qn_info_tell_wiring(const struct info *info)
{
  if (info->wiring->layers > 1)
    tell_layers(info);
  if (info->has_links)
    tell_links(info);
  if (info->net->cell == QN_CELL_WIRED_CFC &&
      info->net->cfc.mode != QN_CFC_PURE)
    qn_page_say(info->console, "",
                "of f1 and f2; the time gates of mode %s "
                "see everything",
                qn_cfc_mode_name(info->net->cfc.mode));
  record_totals(info);
  record(info);
}
