// qn_stream_in.v - AXI4-Stream beats into samples.
//
// A sample is INPUTS beats; each is written to the state memory as it comes.
// sample pulses with the last of them; sample_last tells whether TLAST came
// with it (end of the sequence). TLAST on any other beat drops the sample:
// broken pulses. Beats are taken while ready is high.
`default_nettype none

module qn_stream_in #(
    parameter W      = 16,  // width of a word
    parameter INPUTS = 4,   // beats a sample
    parameter I      = 2,   // width of a beat's index
    parameter T      = 16   // width of TDATA, 8*ceil(W/8)
) (
    input  wire         aclk,
    input  wire         aresetn,
    input  wire [T-1:0] s_axis_tdata,
    input  wire         s_axis_tvalid,
    input  wire         s_axis_tlast,
    output wire         s_axis_tready,

    input  wire         ready,
    output wire         write,
    output wire [I-1:0] index,
    output wire [W-1:0] value,
    output wire         clipped,
    output wire         sample,
    output wire         sample_last,
    output wire         broken
);

  localparam integer LAST = INPUTS - 1;

  reg [I-1:0] beat_q;
  wire        take = s_axis_tvalid & ready;
  wire        full = beat_q == LAST[I-1:0];
  wire        sat;

  qn_clip #(
      .FROM(T),
      .TO  (W)
  ) clip (
      .x  (s_axis_tdata),
      .y  (value),
      .sat(sat)
  );

  assign s_axis_tready = ready;
  assign write         = take;
  assign index         = beat_q;
  assign clipped       = take & sat;
  assign sample        = take & full;
  assign sample_last   = s_axis_tlast;
  assign broken        = take & s_axis_tlast & ~full;

  always @(posedge aclk)
    if (!aresetn) beat_q <= 0;
    else if (take) beat_q <= (full | s_axis_tlast) ? {I{1'b0}} : beat_q + 1'b1;

endmodule

`default_nettype wire
