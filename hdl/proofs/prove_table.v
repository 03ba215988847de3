// prove_table.v - qn_table interpolates in any table, rounds and clips.
//
//   y = clip(floor((base 2^FB + fraction t) / 2^(FB+GUARD)))
//   t = slope                                              ORDER 1
//   t = floor((slope 2^(UW+1) + 2 v curve + 2^UW) / 2^(UW+1))    ORDER 2
// with base, slope and curve from the word of interval x / 2^FB, fraction the
// rest and v its top UW bits: 3 or 5 cycles after x, in more bits than any of
// it can fill. CUT: the products are any numbers that fit them, within what
// two such factors can give.
`default_nettype none

module prove_table #(
    parameter IW     = 7,
    parameter B      = 3,
    parameter ORDER  = 1,
    parameter GUARD  = 2,
    parameter BW     = 6,
    parameter DW     = 5,
    parameter CW     = 4,
    parameter UW     = 3,
    parameter RW     = 4,
    parameter SIGNED = 0,
    parameter CUT    = 0
) (
    input wire          aclk,
    input wire [IW-1:0] x
);

  localparam FB = IW - B;
  localparam KW = ORDER == 2 ? CW : 0;
  localparam TW = ORDER == 2 ? (DW > CW ? DW : CW) + 1 : DW;
  localparam WIDE = BW + FB + TW + UW + GUARD + RW + 4;
  localparam LAST = ORDER == 2 ? 5 : 3;
  localparam signed [WIDE-1:0] UNIT = 1;
  localparam signed [WIDE-1:0] HIGH = (UNIT << (SIGNED != 0 ? RW - 1 : RW)) - 1;
  localparam signed [WIDE-1:0] LOW = SIGNED != 0 ? -HIGH - 1 : 0;

  wire [RW-1:0] y;

  qn_table #(
      .IW    (IW),
      .B     (B),
      .ORDER (ORDER),
      .GUARD (GUARD),
      .BW    (BW),
      .DW    (DW),
      .CW    (CW),
      .UW    (UW),
      .RW    (RW),
      .SIGNED(SIGNED)
  ) dut (
      .aclk(aclk),
      .x   (x),
      .y   (y)
  );

`ifdef YOSYS
  (* hierconn *) wire [BW+DW+KW-1:0] \dut.word ;
  (* hierconn *) wire [B-1:0] \dut.rom.addr ;
  (* hierconn *) wire [FB-1:0] \dut.u ;
  (* hierconn *) wire [TW-1:0] \dut.t ;
  (* hierconn *) wire [FB+TW:0] \dut.rise ;
  (* hierconn *) wire [UW+CW:0] \dut.g_quadratic.bend ; // of ORDER 2 alone
`endif

  // the word of the cycle before, its parts in wide numbers
  wire signed [WIDE-1:0] base = {{(WIDE - BW) {SIGNED != 0
                                 && dut.word[BW+DW+KW-1]}},
                                 dut.word[BW+DW+KW-1:DW+KW]};
  wire signed [WIDE-1:0] slope = {{(WIDE - DW) {dut.word[DW+KW-1]}},
                                  dut.word[DW+KW-1:KW]};

  // what is known after each cycle; [k] is k cycles after x
  reg signed [WIDE-1:0] fraction1_q, fraction2_q, fraction3_q;
  reg signed [WIDE-1:0] base2_q, base3_q, base4_q;
  reg signed [WIDE-1:0] t3_q, rise_q, want_q;
  reg        [     5:0] age_q = 0;

  // where the product of fraction and t begins
  wire signed [WIDE-1:0] fraction = ORDER == 2 ? fraction3_q : fraction1_q;
  wire signed [WIDE-1:0] t = ORDER == 2 ? t3_q : slope;
  wire signed [WIDE-1:0] start = ORDER == 2 ? base3_q : base;
  wire signed [WIDE-1:0] rise = CUT != 0
       ? {{(WIDE - FB - TW) {dut.rise[FB+TW]}}, dut.rise[FB+TW-1:0]} : rise_q;
  wire signed [WIDE-1:0] sum = (base4_q <<< FB) + rise;
  wire signed [WIDE-1:0] rounded = sum >>> (FB + GUARD);
  wire signed [WIDE-1:0] clipped = rounded > HIGH ? HIGH
                                 : rounded < LOW ? LOW : rounded;

  generate
    if (ORDER == 2) begin : g_quadratic
      wire signed [WIDE-1:0] curve = {{(WIDE - CW) {dut.word[CW-1]}},
                                      dut.word[CW-1:0]};
      wire signed [WIDE-1:0] v = fraction1_q >>> (FB - UW);
      reg signed  [WIDE-1:0] slope2_q, bend_q;
      wire        [ UW+CW:0] product = dut.g_quadratic.bend;
      wire signed [WIDE-1:0] bend = CUT != 0
           ? {{(WIDE - UW - CW - 1) {product[UW+CW]}}, product} : bend_q;

      always @(posedge aclk) begin
        slope2_q <= slope;
        bend_q   <= v * curve;
        t3_q     <= ((slope2_q <<< (UW + 1)) + (bend <<< 1) + (UNIT << UW))
                    >>> (UW + 1);
      end
      // |v curve| < 2^(UW+CW-1)
      always @* if (CUT != 0) assume (product[UW+CW] == product[UW+CW-1]);
    end else begin : g_linear
      always @(posedge aclk) t3_q <= slope;
    end
  endgenerate

  always @(posedge aclk) begin
    fraction1_q <= x & ((UNIT << FB) - 1);
    fraction2_q <= fraction1_q;
    fraction3_q <= fraction2_q;
    base2_q     <= base;
    base3_q     <= base2_q;
    base4_q     <= start;
    rise_q      <= fraction * t;
    want_q      <= clipped;
    age_q       <= {age_q[4:0], 1'b1};
  end

  always @* begin
    assert (dut.rom.addr == x >> FB);
    // |fraction t| < 2^(FB+TW-1)
    if (CUT != 0) assume (dut.rise[FB+TW] == dut.rise[FB+TW-1]);
    // what is multiplied, whatever the product
    if (age_q[LAST-3]) begin
      assert ({{(WIDE - FB) {1'b0}}, dut.u} == fraction);
      assert ({{(WIDE - TW) {dut.t[TW-1]}}, dut.t} == t);
    end
    if (age_q[LAST-1]) begin
      assert (y == want_q[RW-1:0]);
      assert (want_q <= HIGH && want_q >= LOW);
    end
    cover (age_q[LAST-1] && want_q == HIGH);
    cover (age_q[LAST-1] && want_q == LOW);
    cover (age_q[LAST-1] && want_q == LOW + 3);
  end

endmodule

`default_nettype wire
