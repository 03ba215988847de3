// qn_table.v - a function by an interpolated table, linear or quadratic.
//
// x has no sign. Its top B bits choose a word {base, slope} or {base, slope,
// curve}; the FB = IW-B bits below are the fraction u of an interval, v its top
// UW bits:
//
//   y = clip(floor((base + u t) / 2^GUARD))
//   t = slope                             ORDER 1: y stands 3 cycles after x
//   t = floor(slope + v curve + 1/2)      ORDER 2: y stands 5 cycles after x
//
// A new x every cycle. The base has GUARD more bits of fraction than y and
// carries the rounding constants; slope and curve are in units of the base and
// have a sign. Nothing wraps, whatever the memory holds.
`default_nettype none

module qn_table #(
    parameter IW     = 17,  // width of x
    parameter B      = 8,   // 2^B intervals, 1 <= B <= IW-2
    parameter ORDER  = 1,   // 1 linear, 2 quadratic
    parameter GUARD  = 2,   // extra bits of a base, >= 1
    parameter BW     = 17,  // width of a base, >= 2
    parameter DW     = 12,  // width of a slope, >= 2
    parameter CW     = 2,   // width of a curve, >= 2; of ORDER 2 alone
    parameter UW     = 2,   // width of v, 2 <= UW <= IW-B; of ORDER 2 alone
    parameter RW     = 15,  // width of y, >= 2
    parameter SIGNED = 0,   // 1: base and y have a sign
    parameter FILE   = ""   // 2^B words of BW+DW bits, or BW+DW+CW
) (
    input  wire          aclk,
    input  wire [IW-1:0] x,
    output reg  [RW-1:0] y
);

  localparam FB = IW - B;                          // width of u
  localparam KW = ORDER == 2 ? CW : 0;             // a curve in a word
  localparam LW = DW > KW ? DW : KW;
  localparam TW = ORDER == 2 ? LW + 1 : DW;        // width of t
  localparam AW = (BW >= TW ? BW + 1 : TW) + 1;    // base + u t
  localparam SW = AW > RW + GUARD ? AW : RW + GUARD + 1;
  localparam HW = SW - GUARD;                      // the same, rounded

  wire [BW+DW+KW-1:0] word;
  reg        [FB-1:0] u1_q;
  // where the second product begins
  wire       [FB-1:0] u;
  wire       [TW-1:0] t;
  wire       [BW-1:0] base;
  // one cycle later
  wire      [FB+TW:0] rise;
  reg        [BW-1:0] base_q;

  qn_rom #(
      .W    (BW + DW + KW),
      .DEPTH(1 << B),
      .A    (B),
      .FILE (FILE)
  ) rom (
      .aclk(aclk),
      .addr(x[IW-1:FB]),
      .data(word)
  );

  generate
    if (ORDER == 2) begin : g_quadratic
      reg   [FB-1:0] u2_q, u3_q;
      reg   [BW-1:0] base2_q, base3_q;
      reg   [DW-1:0] slope2_q;
      reg   [TW-1:0] t3_q;
      wire [UW+CW:0] bend;  // v with a sign, which is 0, times the curve
      // twice slope + v curve + 1/2, whose last bit is then cut
      wire    [TW:0] twice = {{(TW - DW) {slope2_q[DW-1]}}, slope2_q, 1'b1}
                           + {{(TW - CW) {bend[UW+CW]}}, bend[UW+CW-1:UW-1]};
      wire           unused = &{1'b0, twice[0], bend[UW-2:0]};

      qn_multiply #(
          .A(UW + 1),
          .B(CW)
      ) multiply (
          .aclk   (aclk),
          .a      ({1'b0, u1_q[FB-1:FB-UW]}),
          .b      (word[CW-1:0]),
          .product(bend)
      );

      always @(posedge aclk) begin
        u2_q     <= u1_q;
        base2_q  <= word[BW+DW+KW-1:DW+KW];
        slope2_q <= word[DW+KW-1:KW];

        u3_q    <= u2_q;
        base3_q <= base2_q;
        t3_q    <= twice[TW:1];
      end

      assign u    = u3_q;
      assign t    = t3_q;
      assign base = base3_q;
    end else begin : g_linear
      assign u    = u1_q;
      assign t    = word[DW-1:0];
      assign base = word[BW+DW-1:DW];
    end
  endgenerate

  qn_multiply #(
      .A(FB + 1),
      .B(TW)
  ) multiply (
      .aclk   (aclk),
      .a      ({1'b0, u}),
      .b      (t),
      .product(rise)
  );

  wire          below = (SIGNED != 0) & base_q[BW-1];
  wire [SW-1:0] sum = {{(SW - BW) {below}}, base_q}
                    + {{(SW - TW) {rise[FB+TW]}}, rise[FB+TW-1:FB]};
  wire [HW-1:0] high = sum[SW-1:GUARD];
  wire          negative = high[HW-1];
  wire [RW-1:0] nearest;

  generate
    if (SIGNED != 0) begin : g_signed
      // the bits above y and its sign must all be alike
      wire fits = &high[HW-1:RW-1] | ~|high[HW-1:RW-1];
      assign nearest = fits ? high[RW-1:0] : {negative, {(RW - 1) {~negative}}};
    end else begin : g_unsigned
      wire fits = ~|high[HW-1:RW];
      assign nearest = fits ? high[RW-1:0] : {RW{~negative}};
    end
  endgenerate

  always @(posedge aclk) begin
    u1_q   <= x[FB-1:0];
    base_q <= base;
    y      <= nearest;
  end

  // what is rounded away
  wire unused = &{1'b0, sum[GUARD-1:0], rise[FB-1:0]};

endmodule

`default_nettype wire
