// qn_stream_out.v - one result at a time into AXI4-Stream beats.
//
// put loads a beat, which stands until it is taken; taken pulses then. The
// schedule never puts while a beat stands.
`default_nettype none

module qn_stream_out #(
    parameter W = 16,  // width of a word
    parameter T = 16   // width of TDATA, 8*ceil(W/8)
) (
    input  wire         aclk,
    input  wire         aresetn,
    output wire [T-1:0] m_axis_tdata,
    output wire         m_axis_tvalid,
    output wire         m_axis_tlast,
    input  wire         m_axis_tready,

    input  wire         put,
    input  wire [W-1:0] value,
    input  wire         last,
    output wire         taken
);

  reg [W-1:0] value_q;
  reg         valid_q;
  reg         last_q;

  generate
    if (T > W) begin : g_extend
      assign m_axis_tdata = {{(T - W) {value_q[W-1]}}, value_q};
    end else begin : g_exact
      assign m_axis_tdata = value_q;
    end
  endgenerate
  assign m_axis_tvalid = valid_q;
  assign m_axis_tlast  = last_q;
  assign taken         = valid_q & m_axis_tready;

  always @(posedge aclk) begin
    if (put) begin
      value_q <= value;
      last_q  <= last;
    end
    if (!aresetn) valid_q <= 1'b0;
    else if (put) valid_q <= 1'b1;
    else if (taken) valid_q <= 1'b0;
  end

endmodule

`default_nettype wire
