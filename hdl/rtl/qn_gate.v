// qn_gate.v - the logistic function by a folded table, linearly interpolated.
//
// s stands three cycles after z. The table covers z >= 0 with 2^B intervals;
// the other half is s(-z) = 1 - s(z), exact as a complement. s is a fraction of
// 2^(W-1)-1, which stands for one. A table word is {base, slope}: the base has
// GUARD more bits than s and carries the rounding constants.
`default_nettype none

module qn_gate #(
    parameter W     = 16,  // width of s with its sign, which is 0
    parameter ZW    = 18,  // width of z
    parameter B     = 8,   // 2^B intervals, B <= ZW-2
    parameter GUARD = 2,   // extra bits of a base, >= 1
    parameter DW    = 12,  // width of a slope
    parameter FILE  = ""   // 2^B words of W-1+GUARD+DW bits
) (
    input  wire                 aclk,
    input  wire signed [ZW-1:0] z,
    output reg  signed [ W-1:0] s
);

  localparam FB = ZW - 1 - B;       // fraction bits inside an interval
  localparam BW = W - 1 + GUARD;    // width of a base
  localparam MW = FB + DW;          // width of the product
  localparam SW = (BW + FB > MW ? BW + FB : MW) + 1;  // width of the sum

  wire        [ZW-2:0] folded = z[ZW-2:0] ^ {(ZW - 1) {z[ZW-1]}};
  wire     [BW+DW-1:0] word;
  reg                  negative1_q;
  reg                  negative2_q;
  reg         [FB-1:0] fraction_q;
  reg         [BW-1:0] base_q;
  wire      [MW+1:0] rise;

  qn_rom #(
      .W    (BW + DW),
      .DEPTH(1 << B),
      .A    (B),
      .FILE (FILE)
  ) rom (
      .aclk(aclk),
      .addr(folded[ZW-2:FB]),
      .data(word)
  );

  // both with a sign, which is 0
  qn_multiply #(
      .A(FB + 1),
      .B(DW + 1)
  ) multiply (
      .aclk   (aclk),
      .a      ({1'b0, fraction_q}),
      .b      ({1'b0, word[DW-1:0]}),
      .product(rise)
  );

  wire [SW-1:0] sum = {{(SW - BW - FB) {1'b0}}, base_q, {FB{1'b0}}}
                    + {{(SW - MW) {1'b0}}, rise[MW-1:0]};
  wire [SW-FB-GUARD-1:0] high = sum[SW-1:FB+GUARD];
  wire                   over = |high[SW-FB-GUARD-1:W-1];
  wire         [W-2:0]   half = high[W-2:0] | {(W - 1) {over}};

  always @(posedge aclk) begin
    negative1_q <= z[ZW-1];
    fraction_q  <= folded[FB-1:0];

    negative2_q <= negative1_q;
    base_q      <= word[BW+DW-1:DW];

    s <= {1'b0, half ^ {(W - 1) {negative2_q}}};
  end

  // the bits rounded away, and the signs
  wire unused = &{1'b0, sum[FB+GUARD-1:0], rise[MW+1:MW]};

endmodule

`default_nettype wire
