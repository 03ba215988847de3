/* images.c - the memory images of a core, one word a line, each with what it
 * is. */
#include "hdl/folder_parts.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>

/* ---- words --------------------------------------------------------------- */

static unsigned bits_of(size_t x)
{
  unsigned bits = 0;

  for (; x; x >>= 1)
    bits++;
  return bits;
}

/* $clog2 of the larger of units and inputs, at least 1 (qn_core.v: I) */
static unsigned pre_width(const qn_core *core)
{
  size_t most = core->units > core->inputs ? core->units : core->inputs;

  return most > 1 ? bits_of(most - 1) : 1;
}

static unsigned index_width(const qn_core *core)
{
  return pre_width(core) + 1;
}

static unsigned word_width(const qn_core *core)
{
  return core->width;
}

static unsigned bias_width(const qn_core *core)
{
  return core->divider_width + 1;
}

static unsigned table_width(const qn_core *core)
{
  return core->width - 1 + core->table.guard + core->table.slope_width;
}

static size_t slot_count(const qn_core *core)
{
  return core->slots.count;
}

static size_t unit_count(const qn_core *core)
{
  return core->units;
}

static size_t table_count(const qn_core *core)
{
  return (size_t)1 << core->table.bits;
}

static uint64_t index_word(const qn_core *core, size_t i)
{
  const qn_slot *slot = &core->slots.at[i];

  return (uint64_t)(slot->last != 0) << pre_width(core) | slot->pre;
}

static uint64_t slope_word(const qn_core *core, size_t i)
{
  return (uint64_t)core->slots.at[i].slope;
}

static uint64_t offset_word(const qn_core *core, size_t i)
{
  return (uint64_t)core->slots.at[i].offset;
}

static uint64_t weight_word(const qn_core *core, size_t i)
{
  return (uint64_t)core->slots.at[i].weight;
}

static uint64_t drive_word(const qn_core *core, size_t i)
{
  return (uint64_t)core->slots.at[i].drive;
}

static uint64_t bias_den_word(const qn_core *core, size_t i)
{
  return (uint64_t)core->neuron[i].bias_den;
}

static uint64_t bias_num_word(const qn_core *core, size_t i)
{
  return (uint64_t)core->neuron[i].bias_num;
}

static uint64_t table_word(const qn_core *core, size_t i)
{
  return (uint64_t)core->table.base[i] << core->table.slope_width |
         core->table.slope[i];
}

/* ---- comments ------------------------------------------------------------ */

static void slot_comment(const qn_core *core, size_t i, qn_text *text)
{
  const qn_slot *slot = &core->slots.at[i];
  const qn_synapse *syn = &slot->source;

  qn_text_add(text, "%zu %s", i, qn_slot_kind_name(slot->kind));
  if (slot->kind != QN_SLOT_SYNAPSE) {
    qn_text_add(text, " post=%zu", slot->post);
    return;
  }
  qn_text_add(text, " pre=%s%zu post=%zu", i < core->slots.sensory ? "x" : "",
              slot->pre, slot->post);
  qn_text_add(text, " w=%.6g sigma=%.6g mu=%.6g erev=%.6g", syn->w, syn->sigma,
              syn->mu, syn->erev);
}

static void neuron_comment(const qn_core *core, size_t i, qn_text *text)
{
  qn_text_add(text, "neuron %zu scale=%.6g", i, core->neuron[i].scale);
}

static void table_comment(const qn_core *core, size_t i, qn_text *text)
{
  double h = (double)(1u << core->table.range) / (double)table_count(core);

  qn_text_add(text, "%zu argument=%.6g", i, h * (double)i);
}

/* ---- the list ------------------------------------------------------------ */

const qn_image qn_images[] = {
  {"index.mem", "INDEX", "{last slot of its neuron, pre}", index_width,
   slot_count, index_word, slot_comment},
  {"slope.mem", "SLOPE", "slope of a gate's argument", word_width, slot_count,
   slope_word, slot_comment},
  {"offset.mem", "OFFSET", "offset of a gate's argument", word_width,
   slot_count, offset_word, slot_comment},
  {"weight.mem", "WEIGHT", "conductance w", word_width, slot_count, weight_word,
   slot_comment},
  {"drive.mem", "DRIVE", "w erev; a neuron's own slot: cm / dt", word_width,
   slot_count, drive_word, slot_comment},
  {"bias_den.mem", "BIAS_DEN", "cm / dt + gleak + epsilon", bias_width,
   unit_count, bias_den_word, neuron_comment},
  {"bias_num.mem", "BIAS_NUM", "gleak vleak", bias_width, unit_count,
   bias_num_word, neuron_comment},
  {"table.mem", "TABLE", "logistic: {base, slope} of an interval", table_width,
   table_count, table_word, table_comment},
  {.file = NULL},
};

/* ---- out and in ---------------------------------------------------------- */

static void image_text(const qn_core *core, const qn_image *image,
                       qn_text *text)
{
  unsigned width = image->width(core);
  uint64_t mask = width < 64 ? ((uint64_t)1 << width) - 1 : UINT64_MAX;
  size_t count = image->count(core);

  qn_text_add(text, "// %s of %s: %s; %zu words of %u bits\n", image->file,
              core->name, image->what, count, width);
  for (size_t i = 0; i < count; i++) {
    qn_text_add(text, "%0*" PRIx64 " // ", (int)(width + 3) / 4,
                image->word(core, i) & mask);
    image->comment(core, i, text);
    qn_text_add(text, "\n");
  }
}

qn_status qn_images_write(const qn_core *core, const char *folder,
                          qn_diag *diag)
{
  for (const qn_image *image = qn_images; image->file; image++) {
    qn_text text;
    qn_status st;

    qn_text_init(&text);
    image_text(core, image, &text);
    st = qn_folder_write(folder, image->file, &text, diag);
    qn_text_release(&text);
    if (st)
      return st;
  }
  return QN_OK;
}

/* Words of an image: what is left without // comments and spaces. */
static size_t count_words(const char *at)
{
  size_t count = 0;

  while (*at) {
    if (strncmp(at, "//", 2) == 0)
      at += strcspn(at, "\n");
    else if (isspace((unsigned char)*at))
      at++;
    else {
      count++;
      at += strcspn(at, " \t\r\n/");
      if (*at == '/' && at[1] != '/')
        return 0; /* not an image */
    }
  }
  return count;
}

static qn_status check_image(const qn_core *core, const qn_image *image,
                             const char *path, qn_diag *diag)
{
  char *data;
  size_t size, count, want = image->count(core);
  qn_status st = qn_file_read(path, &data, &size, diag);

  if (st)
    return st;
  count = count_words(data);
  free(data);
  if (count == want)
    return QN_OK;
  return qn_diag_set(diag, QN_EPARSE, path, "",
                     "%zu words, the core has %zu in this memory", count, want);
}

qn_status qn_images_check(const qn_core *core, const char *folder,
                          qn_diag *diag)
{
  for (const qn_image *image = qn_images; image->file; image++) {
    char *path = qn_text_format("%s/%s", folder, image->file);
    qn_status st =
      path ? check_image(core, image, path, diag) : qn_diag_out_of_memory(diag);

    free(path);
    if (st)
      return st;
  }
  return QN_OK;
}
