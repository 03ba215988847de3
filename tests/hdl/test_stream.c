/* test_stream.c - what a stream may do to the core beside feeding it: end in
 * the wrong place, come in wide, be reset, and come without a pause. In Icarus,
 * against the vectors of the C model. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>
#include <quench/quantise.h>
#include <quench/text.h>
#include <quench/verilog.h>

#include "hdl/folder_parts.h"
#include "tests/base/scratch.h"
#include "tests/hdl/random_network.h"

TestSuite(stream, .init = scratch_open, .fini = scratch_close);

/* 13 bits: three of TDATA's 16 repeat the sign */
static const random_spec spec = {.seed = 51,
                                 .inputs = 3,
                                 .units = 4,
                                 .outputs = 2,
                                 .unfolds = 3,
                                 .density = 0.8,
                                 .maps = QN_MAP_AFFINE};

static const char bench[] =
  "  localparam SAMPLES = 4;\n"
  "  reg aclk = 0, aresetn = 0, s_axis_tvalid = 0, s_axis_tlast = 0;\n"
  "  reg [T-1:0] s_axis_tdata = 0;\n"
  "  wire m_axis_tready = 1;\n"
  "  wire s_axis_tready, m_axis_tvalid, m_axis_tlast;\n"
  "  wire [T-1:0] m_axis_tdata;\n"
  "  wire framing_error, saturated, busy;\n"
  "  wire tap_valid; wire [7:0] tap_unfold; wire [15:0] tap_neuron;\n"
  "  wire [W-1:0] tap_value;\n"
  "  reg [W-1:0] word [0:2*SAMPLES*INPUTS-1];\n"
  "  reg [W-1:0] want [0:2*SAMPLES*OUTPUTS-1];\n"
  "  reg [T-1:0] got [0:OUTPUTS-1];\n"
  "  reg [T-1:0] kept [0:OUTPUTS-1];\n"
  "  integer cycle = 0, last_beat = 0, before = 0, results = 0, faults = 0;\n"
  "  reg [W-1:0] state [0:2*SAMPLES*STATES-1];\n"
  "  integer sample, k, late, states = 0;\n"
  "  reg checking = 0;\n\n"
  "  always #5 aclk = ~aclk;\n"
  "  always @(posedge aclk) begin\n"
  "    cycle = cycle + 1;\n"
  "    if (m_axis_tvalid) begin\n"
  "      got[results % OUTPUTS] = m_axis_tdata;\n"
  "      results = results + 1;\n"
  "    end\n"
  "    if (tap_valid & checking) begin\n"
  "      if (tap_value !== state[states]) fault(13);\n"
  "      states = states + 1;\n"
  "    end\n"
  "  end\n\n"
  "  task fault(input integer where); begin\n"
  "    faults = faults + 1;\n"
  "    $display(\"FAIL %0d: sample %0d\", where, sample);\n"
  "  end endtask\n\n"
  "  // at once, and seen by one rising edge\n"
  "  task beat(input [T-1:0] data, input last); begin\n"
  "    s_axis_tdata = data;\n"
  "    s_axis_tlast = last;\n"
  "    s_axis_tvalid = 1;\n"
  "    #1 while (!s_axis_tready) begin @(negedge aclk); #1; end\n"
  "    last_beat = cycle;\n"
  "    @(negedge aclk) s_axis_tvalid = 0;\n"
  "  end endtask\n\n"
  "  task send(input integer s, input last);\n"
  "    for (k = 0; k < INPUTS; k = k + 1)\n"
  "      beat({{(T - W) {word[s*INPUTS+k][W-1]}}, word[s*INPUTS+k]},\n"
  "           last & k == INPUTS - 1);\n"
  "  endtask\n\n"
  "  task settle; while (busy) @(negedge aclk); endtask\n\n"
  "  task reset; begin\n"
  "    aresetn = 0;\n"
  "    @(negedge aclk) aresetn = 1;\n"
  "    results = 0;\n"
  "    if (framing_error | saturated | busy | m_axis_tvalid) fault(1);\n"
  "  end endtask\n\n"
  "  // from state zero, without a pause: one sample each PERIOD\n"
  "  task sequence_is_right(input integer where); begin\n"
  "    states = 0;\n"
  "    checking = 1;\n"
  "    for (sample = 0; sample < SAMPLES; sample = sample + 1) begin\n"
  "      before = last_beat;\n"
  "      send(sample, sample == SAMPLES - 1);\n"
  "      if (sample > 0 & last_beat - before !== PERIOD) fault(where);\n"
  "      @(negedge aclk) settle;\n"
  "      for (k = 0; k < OUTPUTS; k = k + 1)\n"
  "        if (got[k] !== {{(T - W) {want[sample*OUTPUTS+k][W-1]}},\n"
  "                        want[sample*OUTPUTS+k]}) fault(where);\n"
  "    end\n"
  "    checking = 0;\n"
  "    if (states !== SAMPLES * STATES) fault(14);\n"
  "  end endtask\n\n"
  "  initial begin\n"
  "    $readmemh(\"tb_input.mem\", word);\n"
  "    $readmemh(\"tb_result.mem\", want);\n"
  "    $readmemh(\"tb_state.mem\", state);\n"
  "    repeat (4) @(negedge aclk);\n"
  "    reset;\n"
  "    sequence_is_right(2);\n"
  "    if (saturated !== HOSTILE) fault(12);\n"
  "    if (HOSTILE) begin\n"
  "      if (faults == 0) $display(\"PASS\");\n"
  "      $finish;\n"
  "    end\n"
  "    // reset inside a sample, and while a step is computed, at any cycle\n"
  "    beat(5, 0);\n"
  "    reset;\n"
  "    sequence_is_right(3);\n"
  "    for (late = 1; late < 120; late = late + 1) begin\n"
  "      send(1, 0);\n"
  "      repeat (late) @(negedge aclk);\n"
  "      reset;\n"
  "      if (late % 3 == 0) sequence_is_right(4);\n"
  "    end\n"
  "    sequence_is_right(4);\n"
  "    // TLAST inside a sample: dropped, flagged, from state zero again\n"
  "    send(1, 0);\n"
  "    @(negedge aclk) settle;\n"
  "    beat(7, 0);\n"
  "    if (framing_error) fault(5);\n"
  "    beat(7, 1);\n"
  "    if (!framing_error) fault(6);\n"
  "    sequence_is_right(7);\n"
  "    if (!framing_error | saturated) fault(8);\n"
  "    // a beat beyond the word: clipped and flagged\n"
  "    reset;\n"
  "    for (k = 0; k < INPUTS; k = k + 1) beat((1 << (W - 1)) - 1, 1 & k == "
  "2);\n"
  "    @(negedge aclk) settle;\n"
  "    if (saturated) fault(9);\n"
  "    for (k = 0; k < OUTPUTS; k = k + 1) kept[k] = got[k];\n"
  "    for (k = 0; k < INPUTS; k = k + 1) beat(1 << (W + 1), k == 2);\n"
  "    @(negedge aclk) settle;\n"
  "    if (!saturated) fault(10);\n"
  "    for (k = 0; k < OUTPUTS; k = k + 1) if (kept[k] !== got[k]) fault(11);\n"
  "    if (faults == 0) $display(\"PASS\");\n"
  "    $finish;\n"
  "  end\n"
  "  initial #2000000 begin $display(\"no end\"); $finish; end\n"
  "endmodule\n";

static void write_bench(const qn_core *core, int hostile)
{
  qn_text text;

  qn_text_init(&text);
  qn_text_add(&text,
              "module edges;\n  localparam W = %u, T = %u, INPUTS = %zu, "
              "OUTPUTS = %zu, PERIOD = %u;\n  localparam [0:0] HOSTILE = %d;\n"
              "  localparam STATES = %zu;\n",
              core->width, qn_core_beat_width(core), core->inputs,
              core->outputs, qn_core_cycles_per_sample(core), hostile,
              core->unfolds * core->units);
  qn_text_add(&text, "  %s #(.STATE_TAP(1)) dut (\n", core->name);
  for (size_t i = 0; qn_top_ports[i]; i++)
    qn_text_add(&text, "      .%s(%s)%s\n", qn_top_ports[i], qn_top_ports[i],
                qn_top_ports[i + 1] ? "," : ");\n");
  qn_text_add(&text, "%s", bench);
  scratch_text("edges.v", text.data);
  qn_text_release(&text);
}

static qn_core *core_of(const random_spec *from, unsigned width)
{
  qn_network *net = random_network(from);
  qn_core_options opt = qn_core_options_default;
  qn_core *core;

  opt.width = width;
  cr_assert_eq(qn_core_quantise(&core, net, &opt, NULL), QN_OK);
  qn_network_free(net);
  return core;
}

/* the bench in Icarus: it says PASS or what went wrong */
static void expect_pass(const qn_core *core, int hostile)
{
  static const char *const compile[] = {
    "iverilog",    "-g2005",  "-s", "edges", "-c",
    "random_51.f", "edges.v", "-o", "tb",    NULL};
  static const char *const run[] = {"vvp", "-N", "tb", NULL};
  qn_diag diag = {0};
  char *log;
  size_t size;

  cr_assert_eq(qn_verilog_write(core, scratch_folder(), NULL), QN_OK);
  write_bench(core, hostile);
  cr_assert_eq(qn_process_run(compile, scratch_folder(), NULL, 60, NULL, &diag),
               QN_OK, "%s", diag.message);
  cr_assert_eq(
    qn_process_run(run, scratch_folder(), scratch_path("log"), 60, NULL, &diag),
    QN_OK, "%s", diag.message);
  cr_assert_eq(qn_file_read(scratch_path("log"), &log, &size, NULL), QN_OK);
  cr_expect_not_null(strstr(log, "PASS"), "%s", log);
  free(log);
}

Test(stream, the_core_outlives_bad_frames_wide_beats_and_resets)
{
  qn_core *core = core_of(&spec, 13);

  expect_pass(core, 0);
  qn_core_free(core);
}

/* any word that fits a memory, drawn from a seed */
static int64_t any_word(unsigned *x, unsigned bits, int is_signed)
{
  double most = ldexp(1, (int)bits - is_signed);

  return (int64_t)random_between(x, is_signed ? -most : 0, most - 1);
}

/* The first proof: whatever the memories hold, nothing wraps and the C model
 * knows every bit. */
Test(stream, hostile_memories_clip_as_they_do_in_the_model)
{
  for (unsigned seed = 1; seed <= 8; seed++) {
    qn_core *core = core_of(&spec, 13);
    unsigned x = seed * 2654435761u + 1;

    for (size_t i = 0; i < core->slots.count; i++) {
      qn_slot *slot = &core->slots.at[i];

      slot->slope = (int32_t)any_word(&x, 13, 1);
      slot->offset = (int32_t)any_word(&x, 13, 1);
      slot->drive = (int32_t)any_word(&x, 13, 1);
      if (slot->kind == QN_SLOT_SYNAPSE)
        slot->weight = (int32_t)any_word(&x, 13, 1);
    }
    for (size_t j = 0; j < core->units; j++) {
      core->neuron[j].bias_den = any_word(&x, core->divider_width + 1, 1);
      core->neuron[j].bias_num = any_word(&x, core->divider_width + 1, 1);
    }
    for (size_t i = 0; i < (size_t)1 << core->table.bits; i++) {
      core->table.base[i] = (uint32_t)any_word(&x, 12 + core->table.guard, 0);
      core->table.slope[i] = (uint32_t)any_word(&x, core->table.slope_width, 0);
    }
    /* so that interpolation passes one beyond its last node */
    core->table.base[((size_t)1 << core->table.bits) - 1] =
      ((uint32_t)1 << (12 + core->table.guard)) - 1;
    expect_pass(core, 1);
    qn_core_free(core);
  }
}
