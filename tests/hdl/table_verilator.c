/* table_verilator.c - a top with one qn_table.v a table, made and driven. */
#include "tests/hdl/table_verilator.h"

#include <stdio.h>
#include <stdlib.h>

#include <quench/process.h>
#include <quench/text.h>

#include "hdl/folder_parts.h"
#include "hdl/simulator.h"

enum { BLOCK = 4096, TIMEOUT_S = 60 };

/* odd, so that it permutes the operands of any width */
static const uint64_t scramble = 0x9e3779b97f4a7c15u;

static unsigned widest(const qn_table *table, size_t n)
{
  unsigned width = 0;

  for (size_t k = 0; k < n; k++)
    if (table[k].spec.operand > width)
      width = table[k].spec.operand;
  return width;
}

static uint64_t low_bits(uint64_t x, unsigned bits)
{
  return x & (((uint64_t)1 << bits) - 1);
}

/* ---- sources ------------------------------------------------------------- */

static void add_table(qn_text *text, const qn_table *table, size_t k)
{
  int curved = table->order == 2;

  qn_text_add(
    text,
    "  qn_table #(.IW(%u), .B(%u), .ORDER(%u), .GUARD(%u), .BW(%u),\n"
    "             .DW(%u), .CW(%u), .UW(%u), .RW(%u), .SIGNED(%d),\n"
    "             .FILE(\"table_%zu.mem\"))\n"
    "    table_%zu (.aclk(aclk), .x(x[%u:0]), .y(y_%zu));\n",
    table->spec.operand, table->bits, table->order, table->guard,
    table->base_width, table->slope_width, curved ? table->curve_width : 2,
    curved ? table->curve_fraction : 2, table->spec.width,
    table->spec.function->is_signed, k, k, table->spec.operand - 1, k);
}

static void add_top(qn_text *text, const qn_table *table, size_t n)
{
  qn_text_add(text, "module " QN_SIMULATOR_TOP " (\n  input wire aclk");
  for (size_t k = 0; k < n; k++)
    qn_text_add(text, ",\n  output wire [%u:0] y_%zu", table[k].spec.width - 1,
                k);
  qn_text_add(text, ",\n  input wire [%u:0] x);\n", widest(table, n) - 1);
  for (size_t k = 0; k < n; k++)
    add_table(text, &table[k], k);
  qn_text_add(text, "endmodule\n");
}

static void add_main(qn_text *text, const qn_table *table, size_t n)
{
  qn_text_add(text,
              "#include <cstdio>\n#include \"V" QN_SIMULATOR_TOP ".h\"\n"
              "int main()\n{\n  V" QN_SIMULATOR_TOP " top;\n"
              "  for (uint64_t i = 0; i < (1ull << %u) + %d; i++) {\n"
              "    top.x = i * %lluull & ((1ull << %u) - 1);\n"
              "    top.aclk = 0; top.eval(); top.aclk = 1; top.eval();\n"
              "    uint32_t y[] = {",
              widest(table, n), BLOCK, (unsigned long long)scramble,
              widest(table, n));
  for (size_t k = 0; k < n; k++)
    qn_text_add(text, "top.y_%zu, ", k);
  qn_text_add(text, "};\n    std::fwrite(y, 4, %zu, stdout);\n  }\n}\n", n);
}

static void add_image(qn_text *text, const qn_table *table)
{
  char hex[33];

  for (size_t i = 0; i < qn_table_entries(table); i++)
    qn_text_add(text, "%s\n", qn_table_hex(table, i, hex));
}

/* writes and releases text */
static qn_status put(const char *folder, const char *name, qn_text *text,
                     qn_diag *diag)
{
  qn_status st = qn_folder_write(folder, name, text, diag);

  qn_text_release(text);
  return st;
}

static qn_status write_images(const qn_table *table, size_t n,
                              const char *folder, qn_diag *diag)
{
  qn_status st = QN_OK;

  for (size_t k = 0; k < n && !st; k++) {
    char name[40];
    qn_text text;

    snprintf(name, sizeof name, "table_%zu.mem", k);
    qn_text_init(&text);
    add_image(&text, &table[k]);
    st = put(folder, name, &text, diag);
  }
  return st;
}

static qn_status write_sources(const qn_table *table, size_t n,
                               const char *folder, qn_diag *diag)
{
  char *rtl = qn_text_format("%s/rtl", folder);
  qn_text top, main_text;
  qn_status st;

  qn_text_init(&top);
  qn_text_init(&main_text);
  add_top(&top, table, n);
  add_main(&main_text, table, n);
  st = qn_embedded_copy("hdl/rtl/", rtl, diag);
  free(rtl);
  if (!st)
    st = write_images(table, n, folder, diag);
  if (!st)
    st = put(folder, QN_SIMULATOR_TOP ".v", &top, diag);
  if (!st)
    st = put(folder, "main.cpp", &main_text, diag);
  return st;
}

/* ---- results ------------------------------------------------------------- */

/* of a table after rising edge number `edge`, the first being 0 */
static int differs(const qn_table *table, uint64_t edge, uint32_t got)
{
  uint64_t lag = qn_table_latency(table) - 1, word;

  if (edge < lag)
    return 0;
  word = low_bits((edge - lag) * scramble, table->spec.operand);
  return low_bits((uint64_t)qn_table_value(table, word), table->spec.width) !=
         low_bits(got, table->spec.width);
}

static long compare(const qn_table *table, size_t n, qn_child *child,
                    qn_diag *diag)
{
  uint64_t count = ((uint64_t)1 << widest(table, n)) + BLOCK;
  uint32_t *block = malloc(n * BLOCK * sizeof *block);
  long failures = block ? 0 : -1;

  for (uint64_t edge = 0; edge < count && failures >= 0; edge += BLOCK) {
    size_t words = (count - edge < BLOCK ? (size_t)(count - edge) : BLOCK) * n;

    if (qn_child_read(child, block, words * sizeof *block, TIMEOUT_S, diag)) {
      failures = -1;
      break;
    }
    for (size_t i = 0; i < words; i++)
      failures += differs(&table[i % n], edge + i / n, block[i]);
  }
  free(block);
  return failures;
}

long table_verilog_differences(const qn_table *table, size_t n,
                               const char *folder, qn_diag *diag)
{
  static const char *const options[] = {"-y", "rtl", NULL};
  static const char *const sources[] = {QN_SIMULATOR_TOP ".v", "main.cpp",
                                        NULL};
  static const char *const run[] = {"obj/V" QN_SIMULATOR_TOP, NULL};
  qn_child *child = NULL;
  char *log = qn_text_format("%s/run.log", folder);
  qn_status st = write_sources(table, n, folder, diag);
  long failures = -1;

  if (!st)
    st = qn_simulator_compile(folder, options, sources, NULL, diag);
  if (!st)
    st = qn_child_start(&child, run, folder, log, diag);
  if (!st)
    failures = compare(table, n, child, diag);
  qn_child_stop(child);
  free(log);
  return failures;
}
