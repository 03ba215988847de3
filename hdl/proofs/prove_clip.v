// prove_clip.v - qn_clip is the nearest number that TO bits hold.
`default_nettype none

module prove_clip #(
    parameter FROM = 20,
    parameter TO   = 16
) (
    input wire signed [FROM-1:0] x
);

  localparam signed [FROM:0] HIGH = (1 << (TO - 1)) - 1;
  localparam signed [FROM:0] LOW = -HIGH - 1;

  wire signed [TO-1:0] y;
  wire                 sat;

  qn_clip #(
      .FROM(FROM),
      .TO  (TO)
  ) dut (
      .x  (x),
      .y  (y),
      .sat(sat)
  );

  wire signed [FROM:0] wide_x = {x[FROM-1], x};
  wire signed [FROM:0] wide_y = {{(FROM - TO + 1) {y[TO-1]}}, y};

  always @* begin
    assert (sat == (wide_x > HIGH || wide_x < LOW));
    assert (wide_y == (wide_x > HIGH ? HIGH : wide_x < LOW ? LOW : wide_x));

    cover (y == 0);
    cover (wide_y == HIGH);
    cover (wide_y == LOW);
    if (FROM > TO) begin
      cover (sat && x > 0);
      cover (sat && x < 0);
    end
  end

endmodule

`default_nettype wire
