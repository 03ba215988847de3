// qn_core.v - a liquid time-constant network, one fused step a sample.
//
//   v_j <- (cm_j v_j + gleak_j vleak_j + sum w s(z) erev)
//        / (cm_j     + gleak_j         + sum w s(z)),  z = slope v_pre + offset
//
// UNFOLDS times a sample, all neurons from the old states (Hasani et al. 2021,
// algorithm 1; ncps LTCCell). A slot is one synapse; the memories give each its
// pre, slope, offset, weight = w and drive = w erev. docs/core.md tells formats
// and schedule.
`default_nettype none

module qn_core #(
    parameter W            = 16,  // width of every word
    parameter INPUTS       = 2,   // beats a sample
    parameter UNITS        = 2,   // neurons
    parameter OUTPUTS      = 1,   // beats a result: neurons 0..OUTPUTS-1
    parameter UNFOLDS      = 6,   // fused steps a sample, 1..255
    parameter SENSORY      = 4,   // slots from inputs
    parameter RECURRENT    = 4,   // slots from neurons, own state included
    parameter ZW           = 18,  // width of a gate's argument
    parameter SHIFT        = 11,  // fraction bits cut from the argument's sum
    parameter ALIGN_STATE  = 0,   // left shift of slope * state
    parameter ALIGN_INPUT  = 0,   // left shift of slope * input
    parameter ALIGN_OFFSET = 14,  // left shift of an offset
    parameter TABLE_BITS   = 8,   // log2 of the table's intervals
    parameter TABLE_GUARD  = 2,   // extra bits of a table's base
    parameter TABLE_SLOPE  = 12,  // width of a table's slope
    parameter AW           = 36,  // width of the sums, > DW + 1
    parameter DW           = 32,  // width of the divider; a bias has one more
    parameter STATE_TAP    = 0,   // 1: bring out every state write
    parameter INDEX        = "index.mem",
    parameter SLOPE        = "slope.mem",
    parameter OFFSET       = "offset.mem",
    parameter WEIGHT       = "weight.mem",
    parameter DRIVE        = "drive.mem",
    parameter BIAS_DEN     = "bias_den.mem",
    parameter BIAS_NUM     = "bias_num.mem",
    parameter TABLE        = "table.mem",
    parameter T            = 8 * ((W + 7) / 8)  // width of TDATA
) (
    input  wire         aclk,
    input  wire         aresetn,
    input  wire [T-1:0] s_axis_tdata,
    input  wire         s_axis_tvalid,
    input  wire         s_axis_tlast,
    output wire         s_axis_tready,
    output wire [T-1:0] m_axis_tdata,
    output wire         m_axis_tvalid,
    output wire         m_axis_tlast,
    input  wire         m_axis_tready,
    output reg          framing_error,  // sticky: TLAST inside a sample
    output reg          saturated,      // sticky: a number was clipped
    output wire         busy,
    output wire         tap_valid,      // a state was written
    output wire [  7:0] tap_unfold,
    output wire [ 15:0] tap_neuron,
    output wire [W-1:0] tap_value
);

  localparam SLOTS = SENSORY + RECURRENT + OUTPUTS;
  localparam A     = $clog2(SLOTS);
  localparam MOST  = UNITS > INPUTS ? UNITS : INPUTS;
  localparam I     = MOST > 1 ? $clog2(MOST) : 1;
  localparam J     = UNITS > 1 ? $clog2(UNITS) : 1;
  localparam BW    = DW + 1;  // width of a bias
  localparam integer NEURON_LAST = UNITS - 1;

  // ---- schedule -------------------------------------------------------------

  wire         idle, sensing, updating, reading, step_end, result_last;
  wire [  7:0] unfold;
  wire [A-1:0] fetch, addr1;
  wire [  I:0] index;  // {last of its neuron, pre}
  wire         token1, first1;
  wire         sample, sample_last, broken, taken;
  wire         state_write;
  reg  [I-1:0] neuron_q;  // being written
  wire         swept = state_write & (neuron_q == NEURON_LAST[I-1:0]);

  qn_schedule #(
      .SENSORY  (SENSORY),
      .RECURRENT(RECURRENT),
      .OUTPUTS  (OUTPUTS),
      .UNFOLDS  (UNFOLDS),
      .PERIOD   (W + 1),
      .A        (A)
  ) schedule (
      .aclk       (aclk),
      .aresetn    (aresetn),
      .sample     (sample),
      .swept      (swept),
      .taken      (taken),
      .idle       (idle),
      .sensing    (sensing),
      .updating   (updating),
      .reading    (reading),
      .unfold     (unfold),
      .step_end   (step_end),
      .result_last(result_last),
      .fetch      (fetch),
      .index_last (index[I]),
      .token      (token1),
      .first      (first1),
      .addr       (addr1)
  );

  qn_rom #(
      .W    (I + 1),
      .DEPTH(SLOTS),
      .A    (A),
      .FILE (INDEX)
  ) index_rom (
      .aclk(aclk),
      .addr(fetch),
      .data(index)
  );

  // tokens on their way: bit k is the stage k cycles after the state is read
  reg  [  8:2] token_q;
  reg  [  8:2] first_q;
  reg  [  8:2] last_q;
  reg  [A-1:0] addr2_q, addr3_q, addr4_q, addr5_q, addr6_q, addr7_q;

  always @(posedge aclk) begin
    // a result leaves at stage 5: its token must not reach the sums, which the
    // next sample may be using by then
    if (!aresetn) token_q <= 7'd0;
    else token_q <= {token_q[7:6], token_q[5] & ~reading, token_q[4:2], token1};
    first_q <= {first_q[7:2], first1};
    last_q  <= {last_q[7:2], index[I]};
    addr2_q <= addr1;
    addr3_q <= addr2_q;
    addr4_q <= addr3_q;
    addr5_q <= addr4_q;
    addr6_q <= addr5_q;
    addr7_q <= addr6_q;
  end

  // ---- states and inputs ------------------------------------------------------

  wire         input_write, input_clipped;
  wire [I-1:0] input_index;
  wire [W-1:0] input_value;
  wire [W-1:0] new_state;
  wire [W-1:0] stored;
  reg          bank_q;    // which side holds the old states
  reg          fresh_q;   // the old states are zero
  reg          ending_q;  // the sample is its sequence's last

  qn_stream_in #(
      .W     (W),
      .INPUTS(INPUTS),
      .I     (I),
      .T     (T)
  ) stream_in (
      .aclk         (aclk),
      .aresetn      (aresetn),
      .s_axis_tdata (s_axis_tdata),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tlast (s_axis_tlast),
      .s_axis_tready(s_axis_tready),
      .ready        (idle),
      .write        (input_write),
      .index        (input_index),
      .value        (input_value),
      .clipped      (input_clipped),
      .sample       (sample),
      .sample_last  (sample_last),
      .broken       (broken)
  );

  qn_ram #(
      .W(W),
      .A(I + 2)
  ) states (
      .aclk      (aclk),
      .write     (input_write | state_write),
      .write_addr(idle ? {2'b10, input_index} : {1'b0, ~bank_q, neuron_q}),
      .write_data(idle ? input_value : new_state),
      .read      (1'b1),
      .addr      ({sensing, ~sensing & bank_q, index[I-1:0]}),
      .data      (stored)
  );

  always @(posedge aclk)
    if (!aresetn) begin
      bank_q   <= 1'b0;
      fresh_q  <= 1'b1;
      neuron_q <= 0;
    end else begin
      if (swept) bank_q <= ~bank_q;
      if (broken | (step_end & ending_q)) fresh_q <= 1'b1;
      else if (swept) fresh_q <= 1'b0;
      if (state_write) neuron_q <= swept ? {I{1'b0}} : neuron_q + 1'b1;
    end

  always @(posedge aclk) if (sample) ending_q <= sample_last;

  // ---- gates ------------------------------------------------------------------

  wire [W-1:0] slope, offset;
  wire signed [ W-1:0] value2 = stored & {W{~(updating & fresh_q)}};
  wire signed [ZW-1:0] z5;
  wire signed [ W-1:0] s8;
  wire                 z4_clipped;

  qn_rom #(
      .W    (W),
      .DEPTH(SLOTS),
      .A    (A),
      .FILE (SLOPE)
  ) slope_rom (
      .aclk(aclk),
      .addr(addr1),
      .data(slope)
  );

  qn_rom #(
      .W    (W),
      .DEPTH(SLOTS),
      .A    (A),
      .FILE (OFFSET)
  ) offset_rom (
      .aclk(aclk),
      .addr(addr2_q),
      .data(offset)
  );

  qn_argument #(
      .W           (W),
      .ZW          (ZW),
      .SHIFT       (SHIFT),
      .ALIGN_STATE (ALIGN_STATE),
      .ALIGN_INPUT (ALIGN_INPUT),
      .ALIGN_OFFSET(ALIGN_OFFSET)
  ) argument (
      .aclk   (aclk),
      .sensing(sensing),
      .reading(reading),
      .value  (value2),
      .slope  (slope),
      .offset (offset),
      .z      (z5),
      .clipped(z4_clipped)
  );

  qn_gate #(
      .W    (W),
      .ZW   (ZW),
      .B    (TABLE_BITS),
      .GUARD(TABLE_GUARD),
      .DW   (TABLE_SLOPE),
      .FILE (TABLE)
  ) gate (
      .aclk(aclk),
      .z   (z5),
      .s   (s8)
  );

  // ---- sums -------------------------------------------------------------------

  wire signed [W-1:0] weight, drive;
  reg  [6*W-1:0] value_q;  // the state, kept for its own slot
  reg  [  I-1:0] post7_q, post8_q, post9_q, post10_q;
  wire [BW-1:0] leak_den, leak_num;
  wire [2*AW-1:0] sensed;
  wire signed [AW-1:0] bias_den = {{(AW - BW) {leak_den[BW-1]}}, leak_den};
  wire signed [AW-1:0] bias_num = {{(AW - BW) {leak_num[BW-1]}}, leak_num};
  reg  signed [AW-1:0] start_den_q, start_num_q;
  wire signed [AW-1:0] den, num;
  wire           done;

  always @(posedge aclk) begin
    value_q  <= {value_q[5*W-1:0], value2};
    post8_q  <= post7_q;
    post9_q  <= post8_q;
    post10_q <= post9_q;
    if (!aresetn) post7_q <= 0;
    else if (token_q[7] & last_q[7])
      post7_q <= (post7_q == NEURON_LAST[I-1:0]) ? {I{1'b0}} : post7_q + 1'b1;
    start_den_q <= sensing ? bias_den : sensed[2*AW-1:AW];
    start_num_q <= sensing ? bias_num : sensed[AW-1:0];
  end

  qn_rom #(
      .W    (W),
      .DEPTH(SLOTS),
      .A    (A),
      .FILE (WEIGHT)
  ) weight_rom (
      .aclk(aclk),
      .addr(addr7_q),
      .data(weight)
  );

  qn_rom #(
      .W    (W),
      .DEPTH(SLOTS),
      .A    (A),
      .FILE (DRIVE)
  ) drive_rom (
      .aclk(aclk),
      .addr(addr7_q),
      .data(drive)
  );

  qn_rom #(
      .W    (BW),
      .DEPTH(UNITS),
      .A    (J),
      .FILE (BIAS_DEN)
  ) bias_den_rom (
      .aclk(aclk),
      .addr(post7_q[J-1:0]),
      .data(leak_den)
  );

  qn_rom #(
      .W    (BW),
      .DEPTH(UNITS),
      .A    (J),
      .FILE (BIAS_NUM)
  ) bias_num_rom (
      .aclk(aclk),
      .addr(post7_q[J-1:0]),
      .data(leak_num)
  );

  // the sums of the sensing phase, where every update starts from
  qn_ram #(
      .W(2 * AW),
      .A(I)
  ) sensed_ram (
      .aclk      (aclk),
      .write     (done & sensing),
      .write_addr(post10_q),
      .write_data({den, num}),
      .read      (updating),
      .addr      (post7_q),
      .data      (sensed)
  );

  qn_accumulate #(
      .W (W),
      .AW(AW)
  ) accumulate (
      .aclk     (aclk),
      .aresetn  (aresetn),
      .token    (token_q[8]),
      .first    (first_q[8]),
      .last     (last_q[8]),
      .own      (first_q[8] & updating),
      .s        (s8),
      .state    (value_q[6*W-1:5*W]),
      .weight   (weight),
      .drive    (drive),
      .start_den(start_den_q),
      .start_num(start_num_q),
      .den      (den),
      .num      (num),
      .done     (done)
  );

  wire quotient_clipped;

  qn_divide #(
      .W (W),
      .AW(AW),
      .DW(DW)
  ) divide (
      .aclk   (aclk),
      .aresetn(aresetn),
      .start  (done & updating),
      .num    (num),
      .den    (den),
      .done   (state_write),
      .q      (new_state),
      .clipped(quotient_clipped)
  );

  // ---- results ----------------------------------------------------------------

  wire [W-1:0] result;
  wire         result_clipped;
  wire         put = token_q[5] & reading;

  qn_clip #(
      .FROM(ZW),
      .TO  (W)
  ) narrow (
      .x  (z5),
      .y  (result),
      .sat(result_clipped)
  );

  qn_stream_out #(
      .W(W),
      .T(T)
  ) stream_out (
      .aclk         (aclk),
      .aresetn      (aresetn),
      .m_axis_tdata (m_axis_tdata),
      .m_axis_tvalid(m_axis_tvalid),
      .m_axis_tlast (m_axis_tlast),
      .m_axis_tready(m_axis_tready),
      .put          (put),
      .value        (result),
      .last         (result_last & ending_q),
      .taken        (taken)
  );

  // ---- flags and the tap --------------------------------------------------------

  wire clipping = input_clipped | quotient_clipped
                | (reading & ((token_q[4] & z4_clipped) | (put & result_clipped)));

  always @(posedge aclk)
    if (!aresetn) begin
      framing_error <= 1'b0;
      saturated     <= 1'b0;
    end else begin
      framing_error <= framing_error | broken;
      saturated     <= saturated | clipping;
    end

  assign busy = ~idle;

  generate
    if (STATE_TAP != 0) begin : g_tap
      assign tap_valid  = state_write;
      assign tap_unfold = unfold;
      assign tap_neuron = {{(16 - I) {1'b0}}, neuron_q};
      assign tap_value  = new_state;
    end else begin : g_no_tap
      assign tap_valid  = 1'b0;
      assign tap_unfold = 8'd0;
      assign tap_neuron = 16'd0;
      assign tap_value  = {W{1'b0}};
      wire unused = &{1'b0, unfold};
    end
  endgenerate

endmodule

`default_nettype wire
