/* registers.c - the registers as a table, and the texts made from it. */
#include "hdl/registers.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const access_texts[] = {
  [QN_ACCESS_READ] = "read only",
  [QN_ACCESS_READ_WRITE] = "read and write",
  [QN_ACCESS_PULSE] = "write 1 to do",
  [QN_ACCESS_FLAG] = "write 1 to clear",
};

const char *qn_access_text(qn_access access)
{
  return access_texts[access];
}

/* ---- the registers ------------------------------------------------------ */

static const qn_register_field control[] = {
  {"run", 0, 1, QN_ACCESS_READ_WRITE,
   "samples are taken; 0 stops after the step under way"},
  {"clear", 1, 1, QN_ACCESS_PULSE,
   "the state is zero again; only while stopped, else SLVERR"},
  {.name = NULL},
};

static const qn_register_field status[] = {
  {"busy", 0, 1, QN_ACCESS_READ, "a step is under way"},
  {"saturated", 1, 1, QN_ACCESS_FLAG, "a number was clipped"},
  {"framing_error", 2, 1, QN_ACCESS_FLAG, "TLAST came inside a sample"},
  {.name = NULL},
};

static const qn_register_field sizes[] = {
  {"units", 0, 16, QN_ACCESS_READ, "neurons"},
  {"inputs", 16, 16, QN_ACCESS_READ, "beats a sample"},
  {.name = NULL},
};

static const qn_register_field words[] = {
  {"outputs", 0, 16, QN_ACCESS_READ, "beats a result"},
  {"width", 16, 8, QN_ACCESS_READ, "bits of a word"},
  {.name = NULL},
};

const qn_register qn_registers[] = {
  {"id", 0x00, QN_ACCESS_READ, "QNCH", NULL},
  {"version", 0x04, QN_ACCESS_READ, "of this map: major << 16 | minor", NULL},
  {"layout", 0x08, QN_ACCESS_READ, "the layout's hash, its first 32 bits",
   NULL},
  {"control", 0x0c, QN_ACCESS_READ_WRITE, "run and clear", control},
  {"status", 0x10, QN_ACCESS_READ_WRITE, "what the core does and has met",
   status},
  {"cycles", 0x14, QN_ACCESS_READ,
   "of the last step, or, while busy, of this one so far", NULL},
  {"sizes", 0x18, QN_ACCESS_READ, "of the network", sizes},
  {"words", 0x1c, QN_ACCESS_READ, "what goes in and out", words},
  {.name = NULL},
};

/* ---- memories ----------------------------------------------------------- */

uint32_t qn_registers_hash(const char *layout_hash)
{
  char first[9] = "";

  assert(strlen(layout_hash) >= 8);
  memcpy(first, layout_hash, 8);
  return (uint32_t)strtoul(first, NULL, 16);
}

unsigned qn_register_memory_lane_bits(const qn_register_memory *memory)
{
  unsigned bits = 0;

  while ((size_t)1 << bits < memory->lanes)
    bits++;
  return bits;
}

unsigned qn_register_memory_half_bits(const qn_register_memory *memory)
{
  return memory->width > 32;
}

static uint32_t base_of(const qn_register_memory *memory)
{
  return (uint32_t)memory->region << QN_REGISTERS_REGION_BITS;
}

/* bytes from row to row, or from lane to lane */
static size_t row_bytes(const qn_register_memory *memory)
{
  return (size_t)4 << (qn_register_memory_lane_bits(memory) +
                       qn_register_memory_half_bits(memory));
}

static size_t lane_bytes(const qn_register_memory *memory)
{
  return (size_t)4 << qn_register_memory_half_bits(memory);
}

uint32_t qn_register_memory_address(const qn_register_memory *memory,
                                    size_t row, size_t lane)
{
  assert(row < memory->rows && lane < memory->lanes);
  return base_of(memory) +
         (uint32_t)(row * row_bytes(memory) + lane * lane_bytes(memory));
}

int qn_register_memory_fits(const qn_register_memory *memory)
{
  size_t room = (size_t)1 << QN_REGISTERS_REGION_BITS;

  return memory->rows <= room / row_bytes(memory);
}

/* ---- the C header ------------------------------------------------------- */

/* PREFIX_NAME, in capitals */
static void add_capitals(qn_text *text, const char *name)
{
  for (; *name; name++) {
    char c = (char)toupper((unsigned char)*name);

    qn_text_add_bytes(text, &c, 1);
  }
}

static void define(qn_text *text, const char *core, const char *part,
                   const char *suffix)
{
  qn_text_add(text, "#define ");
  add_capitals(text, core);
  qn_text_add(text, "_");
  add_capitals(text, part);
  qn_text_add(text, "%s", suffix);
}

static void add_fields(qn_text *text, const char *core, const qn_register *from)
{
  for (const qn_register_field *f = from->fields; f && f->name; f++) {
    char *part = qn_text_format("%s_%s", from->name, f->name);
    uint32_t mask = (((uint32_t)1 << f->width) - 1) << f->low;

    if (!part) {
      text->failed = 1;
      return;
    }
    define(text, core, part, "");
    qn_text_add(text, " 0x%xu /* %s: %s */\n", (unsigned)mask,
                qn_access_text(f->access), f->what);
    if (f->width > 1) {
      define(text, core, part, "_SHIFT");
      qn_text_add(text, " %u\n", f->low);
    }
    free(part);
  }
}

static uint32_t halves(size_t high, size_t low)
{
  return (uint32_t)((high & 0xffff) << 16 | (low & 0xffff));
}

static void add_constants(qn_text *text, const qn_register_map *map)
{
  const struct {
    const char *part;
    uint32_t value;
  } list[] = {
    {"id", QN_REGISTERS_ID},
    {"version", QN_REGISTERS_VERSION},
    {"layout", qn_registers_hash(map->layout_hash)},
    {"sizes", halves(map->inputs, map->units)},
    {"words", halves(map->width, map->outputs)},
  };

  qn_text_add(text, "\n/* what the constant registers of this core read */\n");
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    define(text, map->name, list[i].part, "_VALUE");
    qn_text_add(text, " 0x%08xu\n", (unsigned)list[i].value);
  }
}

static void add_memory(qn_text *text, const char *core,
                       const qn_register_memory *memory)
{
  assert(qn_register_memory_fits(memory));
  qn_text_add(text, "\n/* %s */\n", memory->what);
  define(text, core, memory->name, "_BASE");
  qn_text_add(text, " 0x%06xu\n", (unsigned)base_of(memory));
  define(text, core, memory->name, "_ROWS");
  qn_text_add(text, " %zuu\n", memory->rows);
  define(text, core, memory->name, "_LANES");
  qn_text_add(text, " %zuu\n", memory->lanes);
  define(text, core, memory->name, "_BITS");
  qn_text_add(text, " %uu /* %s%s */\n", memory->width,
              memory->is_signed ? "signed" : "unsigned",
              memory->width > 32 ? ", the upper word at + 4" : "");
  define(text, core, memory->name, "_ADDRESS(row, lane)");
  qn_text_add(text, " \\\n  (0x%06xu + %zuu * (row) + %zuu * (lane))\n",
              (unsigned)base_of(memory), row_bytes(memory), lane_bytes(memory));
}

void qn_registers_header_text(const qn_register_map *map, qn_text *text)
{
  qn_text_add(text,
              "/* %s_regs.h - made by quench: the AXI4-Lite window of %s.v.\n"
              " *\n"
              " * Byte offsets from the core's base; aligned 32-bit accesses "
              "alone. States and\n"
              " * memories answer only while run and busy are both 0, else "
              "SLVERR. */\n#ifndef ",
              map->name, map->name);
  add_capitals(text, map->name);
  qn_text_add(text, "_REGS_H\n");
  define(text, map->name, "regs", "_H\n");
  for (const qn_register *r = qn_registers; r->name; r++) {
    qn_text_add(text, "\n");
    define(text, map->name, r->name, "");
    qn_text_add(text, " 0x%02xu /* %s: %s */\n", r->address,
                qn_access_text(r->access), r->what);
    add_fields(text, map->name, r);
  }
  add_constants(text, map);
  for (size_t i = 0; i < map->count; i++)
    add_memory(text, map->name, &map->memories[i]);
  qn_text_add(text, "\n#endif\n");
}

/* ---- Markdown ----------------------------------------------------------- */

static void add_bits(qn_text *text, const qn_register_field *f)
{
  char *bits = f->width > 1
                 ? qn_text_format("%u:%u", f->low + f->width - 1, f->low)
                 : qn_text_format("%u", f->low);

  if (bits)
    qn_text_add(text, "| | %s | `%s` | %s | %s |\n", bits, f->name,
                qn_access_text(f->access), f->what);
  else
    text->failed = 1;
  free(bits);
}

void qn_registers_markdown_text(const qn_register_map *map, qn_text *text)
{
  qn_text_add(text, "| address | bits | name | access | what |\n"
                    "|---|---|---|---|---|\n");
  for (const qn_register *r = qn_registers; r->name; r++) {
    qn_text_add(text, "| 0x%02x | 31:0 | `%s` | %s | %s |\n", r->address,
                r->name, qn_access_text(r->access), r->what);
    for (const qn_register_field *f = r->fields; f && f->name; f++)
      add_bits(text, f);
  }
  if (map->count == 0)
    return;
  qn_text_add(text, "\n| address of row, lane | memory | rows | lanes | bits | "
                    "what |\n|---|---|---|---|---|---|\n");
  for (size_t i = 0; i < map->count; i++) {
    const qn_register_memory *m = &map->memories[i];

    qn_text_add(text,
                "| 0x%06x + %zu row + %zu lane | `%s` | %zu | %zu | %s%u | %s "
                "|\n",
                (unsigned)base_of(m), row_bytes(m), lane_bytes(m), m->name,
                m->rows, m->lanes, m->is_signed ? "signed " : "", m->width,
                m->what);
  }
}
