/* clip_cost.c - one clipped neuron or synapse at a time. */
#include "cli/clip_cost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/metric.h>
#include <quench/ode.h>

enum { SHOWN = 20 };

/* the clips of one neuron (its capacitor and leak) or of one synapse */
struct group {
  const qn_clip *first;
  size_t clips;
  qn_difference cost;
};

struct clipping {
  const qn_network *net;
  const qn_dataset *data;
  const qn_cli_options *opt;
  qn_console *console;
  const qn_chip *chip; /* as mapped: where the clips are listed */
  qn_chip *tried;      /* a copy with other values */
  qn_trace *free, *got;
  double *swing; /* [units] of free */
  struct group *group;
  size_t groups;
};

static int of_neuron(const qn_clip *c)
{
  return !strcmp(c->kind, "leak") || !strcmp(c->kind, "membrane");
}

static int together(const qn_clip *a, const qn_clip *b)
{
  if (a->post != b->post || of_neuron(a) != of_neuron(b))
    return 0;
  return of_neuron(a) || (a->pre == b->pre && !strcmp(a->kind, b->kind));
}

static void collect(struct clipping *c)
{
  for (size_t i = 0; i < c->chip->clips; i++) {
    const qn_clip *clip = &c->chip->clip[i];
    struct group *g = c->group;

    while (g < c->group + c->groups && !together(g->first, clip))
      g++;
    if (g == c->group + c->groups) {
      g->first = clip;
      c->groups++;
    }
    g->clips++;
  }
}

/* ---- runs ------------------------------------------------------------------------- */

enum value { WANTED, GOT };

/* every clip of a group (NULL: all there are) at one of its values */
static void set(const struct clipping *c, const struct group *g,
                enum value value)
{
  for (size_t i = 0; i < c->chip->clips; i++) {
    const qn_clip *clip = &c->chip->clip[i];

    if (!g || together(g->first, clip))
      qn_chip_set_clipped(c->tried, clip,
                          value == WANTED ? clip->wanted : clip->got);
  }
}

static qn_status run(const struct clipping *c, qn_trace *out)
{
  qn_ode_options opt = qn_load_ode_options(c->opt, c->console);

  return qn_chip_run(c->tried, c->net, c->data, &opt, out, NULL,
                     &c->console->diag);
}

static qn_status run_group(const struct clipping *c, struct group *g)
{
  qn_status st;

  set(c, g, GOT);
  st = run(c, c->got);
  set(c, g, WANTED);
  if (!st)
    g->cost = qn_difference_of(c->got, c->free, c->swing);
  return st;
}

static qn_status run_all(struct clipping *c)
{
  qn_status st;

  collect(c);
  set(c, NULL, WANTED);
  st = run(c, c->free);
  if (!st)
    qn_swing_of(c->free, c->swing);
  for (size_t i = 0; i < c->groups && !st; i++)
    st = run_group(c, &c->group[i]);
  return st;
}

/* ---- telling ---------------------------------------------------------------------- */

static int by_cost(const void *a, const void *b)
{
  double x = ((const struct group *)a)->cost.rms_percent;
  double y = ((const struct group *)b)->cost.rms_percent;

  return (x < y) - (x > y);
}

static void tell_group(const struct group *g, qn_console *console)
{
  const qn_clip *f = g->first;
  char place[64], clips[32];

  if (of_neuron(f))
    snprintf(place, sizeof place, "neuron %zu", f->post);
  else
    snprintf(place, sizeof place, "synapse %s %zu -> neuron %zu",
             strcmp(f->kind, "sensory") ? "neuron" : "input", f->pre, f->post);
  snprintf(clips, sizeof clips, "%zu clip%s", g->clips, qn_plural(g->clips));
  qn_console_say(console, "  %-32s %8s  %7.3f%% %7.2f%%  %8.3g\n", place, clips,
                 g->cost.rms_percent, g->cost.worst_percent,
                 g->cost.worst_output);
}

static json_t *group_json(const struct group *g)
{
  const qn_clip *f = g->first;
  json_t *entry = json_pack(
    "{s:s, s:I, s:I, s:o, s:o, s:o}", "kind", of_neuron(f) ? "neuron" : f->kind,
    "post", (json_int_t)f->post, "clips", (json_int_t)g->clips, "rms_percent",
    qn_json_number(g->cost.rms_percent), "worst_percent",
    qn_json_number(g->cost.worst_percent), "worst_output",
    qn_json_number(g->cost.worst_output));

  if (!of_neuron(f))
    json_object_set_new(entry, "pre", json_integer((json_int_t)f->pre));
  return entry;
}

static void tell(struct clipping *c)
{
  json_t *list = json_array();

  qsort(c->group, c->groups, sizeof *c->group, by_cost);
  qn_console_say(
    c->console,
    "\nwhat each clipped neuron and synapse costs alone: distance from the "
    "chip with nothing\nclipped, states in %% of swing\n\n"
    "  %-32s %8s  %8s %8s  %8s\n",
    "", "", "rms", "worst", "output");
  for (size_t i = 0; i < c->groups; i++) {
    if (i < SHOWN)
      tell_group(&c->group[i], c->console);
    json_array_append_new(list, group_json(&c->group[i]));
  }
  if (c->groups > SHOWN)
    qn_console_say(c->console, "  and %zu more that cost less (--json)\n",
                   c->groups - SHOWN);
  json_array_append_new(c->console->results,
                        json_pack("{s:s, s:o}", "technology",
                                  c->chip->technology.name, "clip_costs",
                                  list));
}

/* ---- the whole ------------------------------------------------------------------------ */

static qn_status cost_of_clips(struct clipping *c)
{
  qn_status st = QN_OK;

  c->swing = calloc(c->net->units, sizeof *c->swing);
  c->group = calloc(c->chip->clips, sizeof *c->group);
  if (!c->swing || !c->group || qn_chip_copy(&c->tried, c->chip) ||
      qn_trace_alloc(&c->free, c->net, c->data) ||
      qn_trace_alloc(&c->got, c->net, c->data))
    st = qn_diag_out_of_memory(&c->console->diag);
  if (!st)
    st = run_all(c);
  if (!st)
    tell(c);
  qn_trace_free(c->got);
  qn_trace_free(c->free);
  qn_chip_free(c->tried);
  free(c->group);
  free(c->swing);
  return st;
}

qn_status qn_clip_cost(const qn_network *net, const qn_dataset *data,
                       const qn_cli_options *opt, qn_console *console)
{
  struct clipping c = {
    .net = net, .data = data, .opt = opt, .console = console};
  qn_cli_options meant = *opt;
  qn_chip *chip;
  qn_status st;

  meant.die = -1;
  st = qn_load_chip(&chip, net, &meant, console);
  c.chip = chip;
  if (!st && chip->clips)
    st = cost_of_clips(&c);
  qn_chip_free(chip);
  return st;
}
