// prove_stream_out.v - qn_stream_out keeps the rules of AXI4-Stream: a beat,
// once offered, stands unchanged until it is taken; none is offered by reset,
// none twice, none but what was put.
//
// Assumed, and proved of the core in prove_core.v: nothing is put while a beat
// stands.
`default_nettype none

module prove_stream_out #(
    parameter W = 13,
    parameter T = 16
) (
    input wire         aclk,
    input wire         aresetn,
    input wire         m_axis_tready,
    input wire         put,
    input wire [W-1:0] value,
    input wire         last
);

  wire [T-1:0] m_axis_tdata;
  wire         m_axis_tvalid, m_axis_tlast, taken;

  qn_stream_out #(
      .W(W),
      .T(T)
  ) dut (
      .aclk         (aclk),
      .aresetn      (aresetn),
      .m_axis_tdata (m_axis_tdata),
      .m_axis_tvalid(m_axis_tvalid),
      .m_axis_tlast (m_axis_tlast),
      .m_axis_tready(m_axis_tready),
      .put          (put),
      .value        (value),
      .last         (last),
      .taken        (taken)
  );

  reg                known_q = 0;  // reset was seen
  reg                reset_q;      // in the last cycle
  reg                valid_q, ready_q, last_q, put_q;
  reg        [T-1:0] data_q;
  reg signed [W-1:0] value_q;
  reg                value_last_q;

  always @(posedge aclk) begin
    known_q      <= known_q | ~aresetn;
    reset_q      <= ~aresetn;
    valid_q      <= m_axis_tvalid;
    ready_q      <= m_axis_tready;
    last_q       <= m_axis_tlast;
    data_q       <= m_axis_tdata;
    put_q        <= put & aresetn;
    value_q      <= value;
    value_last_q <= last;
  end

  always @* begin
    assume (known_q || !aresetn);
    assume (!(put && m_axis_tvalid && known_q));

    assert (taken == (m_axis_tvalid && m_axis_tready));
    if (known_q) begin
      assert (m_axis_tvalid == (!reset_q && (put_q || (valid_q && !ready_q))));
      if (!reset_q) begin
        if (valid_q && !ready_q)
          assert (m_axis_tdata == data_q && m_axis_tlast == last_q);
        if (put_q)
          assert ($signed(m_axis_tdata) == value_q
                  && m_axis_tlast == value_last_q);
      end
      cover (!reset_q && valid_q && !ready_q && m_axis_tvalid && taken);
      cover (put_q && m_axis_tlast && m_axis_tdata[T-1]);
    end
  end

endmodule

`default_nettype wire
