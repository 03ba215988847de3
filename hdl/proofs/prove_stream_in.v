// prove_stream_in.v - qn_stream_in counts beats into samples: INPUTS beats
// without TLAST before the last make one; TLAST on an earlier beat drops what
// came of it and is told; a beat counts exactly when valid and ready.
`default_nettype none

module prove_stream_in #(
    parameter W      = 13,
    parameter INPUTS = 3,
    parameter I      = 2,
    parameter T      = 16
) (
    input wire         aclk,
    input wire         aresetn,
    input wire [T-1:0] s_axis_tdata,
    input wire         s_axis_tvalid,
    input wire         s_axis_tlast,
    input wire         ready
);

  localparam signed [T:0] HIGH = (1 << (W - 1)) - 1;
  localparam signed [T:0] LOW = -HIGH - 1;

  wire         s_axis_tready, write, clipped, sample, sample_last, broken;
  wire [I-1:0] index;
  wire [W-1:0] value;

  qn_stream_in #(
      .W     (W),
      .INPUTS(INPUTS),
      .I     (I),
      .T     (T)
  ) dut (
      .aclk         (aclk),
      .aresetn      (aresetn),
      .s_axis_tdata (s_axis_tdata),
      .s_axis_tvalid(s_axis_tvalid),
      .s_axis_tlast (s_axis_tlast),
      .s_axis_tready(s_axis_tready),
      .ready        (ready),
      .write        (write),
      .index        (index),
      .value        (value),
      .clipped      (clipped),
      .sample       (sample),
      .sample_last  (sample_last),
      .broken       (broken)
  );

  wire beat = s_axis_tvalid & s_axis_tready;
  wire signed [T:0] data = {s_axis_tdata[T-1], s_axis_tdata};
  wire signed [T:0] near = data > HIGH ? HIGH : data < LOW ? LOW : data;
  reg  known_q = 0;
  reg  again_q = 0;    // a sample was dropped since reset
  integer beats_q = 0; // of the sample under way

  always @(posedge aclk) begin
    known_q <= known_q | ~aresetn;
    again_q <= aresetn & (again_q | broken);
    if (!aresetn) beats_q <= 0;
    else if (beat)
      beats_q <= (s_axis_tlast || beats_q == INPUTS - 1) ? 0 : beats_q + 1;
  end

  always @* begin
    assume (known_q || !aresetn);
    assert (s_axis_tready == ready);
    assert (write == beat);
    if (known_q) begin
      assert (beats_q >= 0 && beats_q < INPUTS);
      assert (index == beats_q[I-1:0]);
      assert (sample == (beat && beats_q == INPUTS - 1));
      assert (broken == (beat && s_axis_tlast && beats_q != INPUTS - 1));
      if (sample) assert (sample_last == s_axis_tlast);
      assert (clipped == (beat && data != near));
      if (beat) assert (value == near[W-1:0]);
    end
    cover (known_q && sample && sample_last);
    if (T > W) cover (known_q && sample && clipped);
    if (INPUTS > 1) begin
      cover (known_q && broken && beats_q == INPUTS - 2);
      cover (known_q && sample && again_q);
    end
  end

endmodule

`default_nettype wire
