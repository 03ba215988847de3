/* test_registers.c - the register map: its Verilog in Icarus against the model
 * in registers_tb.v, which reads addresses and bits from the C table; its C
 * header in gcc and g++ against numbers written down here. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>
#include <quench/text.h>

#include "hdl/folder_parts.h"
#include "hdl/registers.h"
#include "tests/base/scratch.h"

TestSuite(registers, .init = scratch_open, .fini = scratch_close);

static const qn_register_memory memories[] = {
  {"states", 1, 19, 1, 16, 1, "states of the neurons"},
  {"weight", 8, 1000, 3, 16, 1, "weights"},
  {"bias", 15, 19, 1, 38, 0, "biases"},
};

static const qn_register_map map = {
  .name = "sine_8",
  .layout_hash = "89abcdef0123456789abcdef0123456789abcdef",
  .units = 19,
  .inputs = 5,
  .outputs = 2,
  .width = 13,
  .memories = memories,
  .count = 3,
};

static void write_scratch(const char *name, const qn_text *text)
{
  cr_assert_not(text->failed);
  scratch_text(name, text->data);
}

/* ---- Verilog ------------------------------------------------------------ */

static void add_capitals(qn_text *text, const char *name)
{
  for (; *name; name++)
    qn_text_add(text, "%c", toupper((unsigned char)*name));
}

/* addresses and bits, as the bench includes them */
static void write_values(int seed, int run, int counted)
{
  uint32_t last = 0;
  qn_text text;

  qn_text_init(&text);
  for (const qn_register *r = qn_registers; r->name; r++) {
    qn_text_add(&text, "localparam [23:0] AT_");
    add_capitals(&text, r->name);
    qn_text_add(&text, " = %u;\n", r->address);
    last = r->address > last ? r->address : last;
    for (const qn_register_field *f = r->fields; f && f->name; f++) {
      qn_text_add(&text, "localparam ");
      add_capitals(&text, r->name);
      qn_text_add(&text, "_");
      add_capitals(&text, f->name);
      qn_text_add(&text, " = %u;\n", f->low);
    }
  }
  qn_text_add(&text,
              "localparam [23:0] AT_LAST = %u;\n"
              "localparam [31:0] WANT_ID = 32'h%x, WANT_VERSION = 32'h%x;\n"
              "localparam [3:0] STATES_REGION = %d;\n"
              "localparam [31:0] HASH = 32'h%x;\n",
              (unsigned)last, QN_REGISTERS_ID, QN_REGISTERS_VERSION,
              QN_REGISTERS_STATES,
              (unsigned)qn_registers_hash(map.layout_hash));
  qn_text_add(&text,
              "localparam integer WIDTH = %u, UNITS = %zu, INPUTS = %zu, "
              "OUTPUTS = %zu;\n"
              "localparam SEED = %d, CW = %d;\nlocalparam [0:0] RUN = %d;\n",
              map.width, map.units, map.inputs, map.outputs, seed, counted,
              run);
  write_scratch("registers_values.vh", &text);
  qn_text_release(&text);
}

/* Run the bench; what it printed. */
static char *run_bench(void)
{
  char *include = qn_text_format("-I%s", scratch_folder());
  char *rtl = qn_text_format("%s/rtl", scratch_folder());
  char *module = qn_text_format("%s/qn_registers.v", rtl);
  char *bench = qn_text_format("%s/tb", scratch_folder());
  const char *const compile[] = {
    "iverilog", "-g2005", "-Wall", "-Wno-timescale", include,
    "-o",       bench,    "-s",    "registers_tb",   "tests/hdl/registers_tb.v",
    module,     NULL};
  const char *const run[] = {"vvp", "-N", bench, NULL};
  qn_diag diag = {.message = ""};
  char *log;
  size_t size;

  cr_assert_eq(qn_embedded_copy("hdl/rtl/", rtl, NULL), QN_OK);
  cr_assert_eq(qn_process_run(compile, NULL, NULL, 60, NULL, &diag), QN_OK,
               "%s", diag.message);
  cr_assert_eq(qn_process_run(run, NULL, scratch_path("log"), 200, NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(qn_file_read(scratch_path("log"), &log, &size, NULL), QN_OK);
  free(include);
  free(rtl);
  free(module);
  free(bench);
  return log;
}

static void expect_pass(int seed, int run, int counted)
{
  char *log;

  write_values(seed, run, counted);
  log = run_bench();
  cr_expect_not_null(strstr(log, "PASS"), "%s", log);
  cr_expect_null(strstr(log, "FAIL"), "%s", log);
  free(log);
}

Test(registers, random_accesses_are_answered_as_the_map_says)
{
  expect_pass(1, 1, 24);
}

Test(registers, a_core_may_start_stopped_and_a_long_step_is_not_forgotten)
{
  expect_pass(2, 0, 5);
}

/* ---- addresses ---------------------------------------------------------- */

Test(registers, a_number_of_a_memory_has_its_own_address)
{
  cr_expect_eq(qn_register_memory_address(&memories[0], 18, 0), 0x100048);
  cr_expect_eq(qn_register_memory_address(&memories[1], 1, 0), 0x800010);
  cr_expect_eq(qn_register_memory_address(&memories[1], 999, 2), 0x803e78);
  cr_expect_eq(qn_register_memory_address(&memories[2], 3, 0), 0xf00018);
}

/* 2^18 words a region */
Test(registers, a_memory_fits_its_region_or_is_told)
{
  qn_register_memory memory = {
    .name = "weight", .region = 8, .rows = 65536, .lanes = 3, .width = 32};

  cr_expect(qn_register_memory_fits(&memory));
  cr_expect_eq(qn_register_memory_address(&memory, 65535, 2), 0x8ffff8);
  memory.rows++;
  cr_expect_not(qn_register_memory_fits(&memory));
  memory.rows = 32769;
  memory.width = 33;
  cr_expect_not(qn_register_memory_fits(&memory));
}

/* ---- texts -------------------------------------------------------------- */

static const char program[] =
  "#include \"sine_8_regs.h\"\n"
  "#include \"sine_8_regs.h\"\n"
  "#ifdef __cplusplus\n"
  "#define IS(a, b) static_assert((a) == (b), #a)\n"
  "#else\n"
  "#define IS(a, b) _Static_assert((a) == (b), #a)\n"
  "#endif\n"
  "IS(SINE_8_ID, 0); IS(SINE_8_VERSION, 4); IS(SINE_8_LAYOUT, 8);\n"
  "IS(SINE_8_CONTROL, 12); IS(SINE_8_STATUS, 16); IS(SINE_8_CYCLES, 20);\n"
  "IS(SINE_8_SIZES, 24); IS(SINE_8_WORDS, 28);\n"
  "IS(SINE_8_CONTROL_RUN, 1); IS(SINE_8_CONTROL_CLEAR, 2);\n"
  "IS(SINE_8_STATUS_BUSY, 1); IS(SINE_8_STATUS_SATURATED, 2);\n"
  "IS(SINE_8_STATUS_FRAMING_ERROR, 4);\n"
  "IS(SINE_8_ID_VALUE, ('Q' << 24 | 'N' << 16 | 'C' << 8 | 'H'));\n"
  "IS(SINE_8_VERSION_VALUE, 65536); IS(SINE_8_LAYOUT_VALUE, 2309737967u);\n"
  "IS(SINE_8_SIZES_VALUE & SINE_8_SIZES_UNITS, 19);\n"
  "IS((SINE_8_SIZES_VALUE & SINE_8_SIZES_INPUTS) >> "
  "SINE_8_SIZES_INPUTS_SHIFT, 5);\n"
  "IS(SINE_8_WORDS_VALUE & SINE_8_WORDS_OUTPUTS, 2);\n"
  "IS((SINE_8_WORDS_VALUE & SINE_8_WORDS_WIDTH) >> SINE_8_WORDS_WIDTH_SHIFT, "
  "13);\n"
  "IS(SINE_8_STATES_BASE, 1 << 20); IS(SINE_8_STATES_ROWS, 19);\n"
  "IS(SINE_8_STATES_LANES, 1); IS(SINE_8_STATES_BITS, 16);\n"
  "IS(SINE_8_STATES_ADDRESS(18, 0), 0x100048);\n"
  "IS(SINE_8_WEIGHT_BASE, 8 << 20); IS(SINE_8_WEIGHT_ROWS, 1000);\n"
  "IS(SINE_8_WEIGHT_LANES, 3); IS(SINE_8_WEIGHT_BITS, 16);\n"
  "IS(SINE_8_WEIGHT_ADDRESS(998 + 1, 1 + 1), 0x803e78);\n"
  "IS(SINE_8_BIAS_BASE, 15 << 20); IS(SINE_8_BIAS_BITS, 38);\n"
  "IS(SINE_8_BIAS_ADDRESS(3, 0), 0xf00018);\n"
  "int main(void) { return 0; }\n";

static void expect_compiles(const char *const *argv)
{
  qn_diag diag = {.message = ""};

  cr_expect_eq(qn_process_run(argv, scratch_folder(), scratch_path("log"), 60,
                              NULL, &diag),
               QN_OK, "%s: %s", argv[0], diag.message);
}

Test(registers, the_header_says_the_map_in_c_and_in_cxx)
{
  static const char *const c[] = {"gcc",           "-std=c11",   "-Wall",
                                  "-Wextra",       "-Wpedantic", "-Werror",
                                  "-fsyntax-only", "check.c",    NULL};
  static const char *const cxx[] = {"g++",           "-std=c++11", "-Wall",
                                    "-Wextra",       "-Wpedantic", "-Werror",
                                    "-fsyntax-only", "check.cpp",  NULL};
  qn_text text;

  qn_text_init(&text);
  qn_registers_header_text(&map, &text);
  write_scratch("sine_8_regs.h", &text);
  scratch_text("check.c", program);
  scratch_text("check.cpp", program);
  expect_compiles(c);
  expect_compiles(cxx);
  qn_text_release(&text);
}

Test(registers, the_tables_name_every_register_bit_and_memory)
{
  static const char *const line[] = {
    "| 0x00 | 31:0 | `id` | read only | QNCH |\n",
    "| | 0 | `run` | read and write | samples are taken; 0 stops after the "
    "step under way |\n",
    "| | 2 | `framing_error` | write 1 to clear | TLAST came inside a sample "
    "|\n",
    "| | 23:16 | `width` | read only | bits of a word |\n",
    "| 0x800000 + 16 row + 4 lane | `weight` | 1000 | 3 | signed 16 | weights "
    "|\n",
    "| 0xf00000 + 8 row + 8 lane | `bias` | 19 | 1 | 38 | biases |\n",
  };
  qn_text text;

  qn_text_init(&text);
  qn_registers_markdown_text(&map, &text);
  for (size_t i = 0; i < sizeof line / sizeof *line; i++)
    cr_expect_not_null(strstr(text.data, line[i]), "%s in\n%s", line[i],
                       text.data);
  qn_text_release(&text);
}
