/* testbench.c - a Verilog testbench that checks itself, and its vectors from
 * the C model: random inputs inside and beyond their range. */
#include <stdlib.h>

#include <quench/golden.h>

#include "hdl/folder_parts.h"

enum { SEQUENCES = 2, STEPS = 4, SAMPLES = SEQUENCES * STEPS };

const char *const qn_testbench_vectors[] = {"tb_input.mem", "tb_result.mem",
                                            "tb_state.mem", NULL};

/* ---- vectors ----------------------------------------------------------------- */

/* Full-range words: xorshift32. */
static void random_words(const qn_core *core, uint32_t *x, int32_t *word)
{
  uint32_t range = (uint32_t)1 << core->width;

  for (size_t k = 0; k < core->inputs; k++) {
    *x ^= *x << 13;
    *x ^= *x >> 17;
    *x ^= *x << 5;
    word[k] = (int32_t)((*x >> 4) % range) - (int32_t)(range / 2);
  }
}

static void add_words(qn_text *text, const int32_t *word, size_t n,
                      unsigned width)
{
  for (size_t i = 0; i < n; i++)
    qn_text_add(text, "%0*x\n", (int)(width + 3) / 4,
                (unsigned)word[i] & (((uint32_t)1 << width) - 1));
}

struct vectors {
  qn_golden *golden;
  int32_t *input, *output, *state;
  qn_text text[3]; /* input, result, state */
};

static void run_model(const qn_core *core, struct vectors *v)
{
  size_t writes = core->unfolds * core->units;
  uint32_t x = 2463534242u;

  for (int i = 0; i < SAMPLES; i++) {
    if (i % STEPS == 0)
      qn_golden_reset(v->golden);
    random_words(core, &x, v->input);
    qn_golden_step(v->golden, v->input, v->output, v->state);
    add_words(&v->text[0], v->input, core->inputs, core->width);
    add_words(&v->text[1], v->output, core->outputs, core->width);
    add_words(&v->text[2], v->state, writes, core->width);
  }
}

static qn_status allocate(const qn_core *core, struct vectors *v)
{
  *v = (struct vectors){.golden = NULL};
  for (int i = 0; i < 3; i++)
    qn_text_init(&v->text[i]);
  v->input = calloc(core->inputs, sizeof *v->input);
  v->output = calloc(core->outputs, sizeof *v->output);
  v->state = calloc(core->unfolds * core->units, sizeof *v->state);
  if (!v->input || !v->output || !v->state)
    return QN_ENOMEM;
  return qn_golden_alloc(&v->golden, core);
}

static void release(struct vectors *v)
{
  for (int i = 0; i < 3; i++)
    qn_text_release(&v->text[i]);
  free(v->input);
  free(v->output);
  free(v->state);
  qn_golden_free(v->golden);
}

qn_status qn_testbench_write_vectors(const qn_core *core, const char *folder,
                                     qn_diag *diag)
{
  struct vectors v;
  qn_status st = allocate(core, &v);

  if (st)
    st = qn_diag_out_of_memory(diag);
  else
    run_model(core, &v);
  for (int i = 0; i < 3 && !st; i++)
    st = qn_folder_write(folder, qn_testbench_vectors[i], &v.text[i], diag);
  release(&v);
  return st;
}

/* ---- the testbench ----------------------------------------------------------- */

static const char wires[] =
  "  reg aclk = 0, aresetn = 0;\n"
  "  reg [T-1:0] s_axis_tdata = 0;\n"
  "  reg s_axis_tvalid = 0, s_axis_tlast = 0, m_axis_tready = 0;\n"
  "  wire s_axis_tready, m_axis_tvalid, m_axis_tlast;\n"
  "  wire [T-1:0] m_axis_tdata;\n"
  "  wire framing_error, saturated, busy, tap_valid;\n"
  "  wire [7:0] tap_unfold;\n"
  "  wire [15:0] tap_neuron;\n"
  "  wire [W-1:0] tap_value;\n\n"
  "  reg [W-1:0] input_word [0:SAMPLES*INPUTS-1];\n"
  "  reg [W-1:0] result_word [0:SAMPLES*OUTPUTS-1];\n"
  "  reg [W-1:0] state_word [0:SAMPLES*UNFOLDS*UNITS-1];\n"
  "  integer sample, beat, seed, cycle, last_beat;\n"
  "  integer states = 0, results = 0, faults = 0;\n\n";

static const char checks[] =
  "  always #5 aclk = ~aclk;\n\n"
  "  task fault; begin\n"
  "    faults = faults + 1;\n"
  "    if (faults <= 10) $display(\"FAIL at cycle %0d: state %0d, result "
  "%0d\",\n      cycle, states, results);\n"
  "  end endtask\n\n"
  "  // outputs are looked at before the edge, results held back at random\n"
  "  always @(negedge aclk) m_axis_tready <= ($random(seed) & 3) != 0;\n"
  "  always @(posedge aclk) begin\n"
  "    cycle <= cycle + 1;\n"
  "    if (tap_valid) begin\n"
  "      if (tap_value !== state_word[states]) fault;\n"
  "      if (tap_neuron !== states % UNITS) fault;\n"
  "      if (tap_unfold !== states / UNITS % UNFOLDS) fault;\n"
  "      states = states + 1;\n"
  "    end\n"
  "    if (m_axis_tvalid & results % OUTPUTS == 0 & !seen) begin\n"
  "      if (cycle - last_beat !== CYCLES) fault;\n"
  "      seen = 1;\n"
  "    end\n"
  "    if (m_axis_tvalid & m_axis_tready) begin\n"
  "      if (m_axis_tdata[W-1:0] !== result_word[results]) fault;\n"
  "      if (m_axis_tlast !== ((results + 1) % (OUTPUTS * STEPS) == 0)) "
  "fault;\n"
  "      results = results + 1;\n"
  "      seen = 0;\n"
  "    end\n"
  "  end\n\n";

static const char stimulus[] =
  "  task send(input [W-1:0] word, input last); begin\n"
  "    while (($random(seed) & 3) == 0) @(negedge aclk);\n"
  "    s_axis_tdata = {{(T - W + 1) {word[W-1]}}, word[W-2:0]};\n"
  "    s_axis_tvalid = 1;\n"
  "    s_axis_tlast = last;\n"
  "    #1 while (!s_axis_tready) begin @(negedge aclk); #1; end\n"
  "    last_beat = cycle;\n"
  "    @(negedge aclk) s_axis_tvalid = 0;\n"
  "  end endtask\n\n"
  "  initial begin\n"
  "    $readmemh(\"tb_input.mem\", input_word);\n"
  "    $readmemh(\"tb_result.mem\", result_word);\n"
  "    $readmemh(\"tb_state.mem\", state_word);\n"
  "    seed = 1;\n"
  "    cycle = 0;\n"
  "    repeat (4) @(negedge aclk);\n"
  "    aresetn = 1;\n"
  "    for (sample = 0; sample < SAMPLES; sample = sample + 1)\n"
  "      for (beat = 0; beat < INPUTS; beat = beat + 1)\n"
  "        send(input_word[sample*INPUTS+beat],\n"
  "             beat == INPUTS - 1 & sample % STEPS == STEPS - 1);\n"
  "    while (results < SAMPLES * OUTPUTS & cycle < LIMIT) @(negedge aclk);\n"
  "    if (states !== SAMPLES * UNFOLDS * UNITS) fault;\n"
  "    if (results !== SAMPLES * OUTPUTS) fault;\n"
  "    if (framing_error | saturated) fault;\n"
  "    // TLAST inside a sample is flagged\n"
  "    if (INPUTS > 1) begin\n"
  "      send(0, 1);\n"
  "      @(negedge aclk) if (!framing_error) fault;\n"
  "    end\n"
  "    if (faults == 0) $display(\"PASS: %0d states, %0d results, %0d cycles "
  "a step\",\n      states, results, CYCLES);\n"
  "    else $display(\"FAIL: %0d faults\", faults);\n"
  "    $finish;\n"
  "  end\n\n"
  "  initial #(10 * LIMIT) begin\n"
  "    $display(\"FAIL: no end after %0d cycles\", LIMIT);\n"
  "    $finish;\n"
  "  end\n"
  "endmodule\n";

void qn_testbench_text(const qn_core *core, qn_text *text)
{
  qn_text_add(text,
              "// %s_tb.v - made by quench: every state write, result, flag "
              "and the cycles of\n// a step against vectors from the C model; "
              "prints PASS or FAIL.\n\nmodule %s_tb;\n",
              core->name, core->name);
  qn_text_add(text,
              "  localparam W = %u, T = %u, INPUTS = %zu, OUTPUTS = %zu;\n"
              "  localparam UNITS = %zu, UNFOLDS = %u, CYCLES = %u;\n"
              "  localparam SAMPLES = %d, STEPS = %d;\n"
              "  localparam LIMIT = SAMPLES * (2 * CYCLES + 100 * (INPUTS + "
              "OUTPUTS)) + 1000;\n\n",
              core->width, qn_core_beat_width(core), core->inputs,
              core->outputs, core->units, core->unfolds, core->cycles, SAMPLES,
              STEPS);
  qn_text_add(text, "%s  reg seen = 0;\n\n  %s #(.STATE_TAP(1)) dut (\n", wires,
              core->name);
  for (size_t i = 0; qn_top_ports[i]; i++)
    qn_text_add(text, "      .%s(%s)%s\n", qn_top_ports[i], qn_top_ports[i],
                qn_top_ports[i + 1] ? "," : ");\n");
  qn_text_add(text, "%s%s", checks, stimulus);
}
