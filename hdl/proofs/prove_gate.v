// prove_gate.v - qn_gate interpolates between two nodes of any table.
//
//   half = min(one, floor((base 2^FB + slope fraction) / 2^(FB+GUARD)))
//   s    = half for z >= 0, one - half for z < 0
// with base and slope from the word of interval |z| / 2^FB; the mirror image of
// z is -1 - z, so that both halves have 2^(ZW-1) arguments. CUT: dut.rise is any
// number.
`default_nettype none

module prove_gate #(
    parameter W     = 5,
    parameter ZW    = 7,
    parameter B     = 3,
    parameter GUARD = 2,
    parameter DW    = 4,
    parameter CUT   = 0
) (
    input wire                 aclk,
    input wire signed [ZW-1:0] z
);

  localparam FB = ZW - 1 - B;
  localparam BW = W - 1 + GUARD;
  localparam WIDE = BW + FB + DW + 4;
  localparam [WIDE-1:0] ONE = (1 << (W - 1)) - 1;

  wire signed [W-1:0] s;

  qn_gate #(
      .W    (W),
      .ZW   (ZW),
      .B    (B),
      .GUARD(GUARD),
      .DW   (DW)
  ) dut (
      .aclk(aclk),
      .z   (z),
      .s   (s)
  );

`ifdef YOSYS
  (* hierconn *) wire [BW+DW-1:0] \dut.word ;
  (* hierconn *) wire [B-1:0] \dut.rom.addr ;
  (* hierconn *) wire [FB+DW+1:0] \dut.rise ;
`endif

  wire [  ZW-1:0] mirror = z < 0 ? -z - 1'b1 : z;
  wire [  ZW-1:0] interval = mirror >> FB;
  reg  [  FB-1:0] fraction_q;
  reg             negative1_q, negative2_q, negative3_q;
  reg  [  BW-1:0] base_q;
  reg [FB+DW-1:0] rise_q;
  wire [FB+DW-1:0] rise = CUT != 0 ? dut.rise[FB+DW-1:0] : rise_q;
  wire [WIDE-1:0] sum = ({{(WIDE - BW) {1'b0}}, base_q} << FB)
                      + {{(WIDE - FB - DW) {1'b0}}, rise};
  wire [WIDE-1:0] high = sum >> (FB + GUARD);
  reg  [WIDE-1:0] half_q;
  reg             over_q;
  reg  [     2:0] age_q = 0;
  wire [WIDE-1:0] wide_s = {{(WIDE - W) {s[W-1]}}, s};

  always @(posedge aclk) begin
    fraction_q  <= mirror[FB-1:0];
    base_q      <= dut.word[BW+DW-1:DW];
    rise_q      <= fraction_q * dut.word[DW-1:0];
    over_q      <= high > ONE;
    half_q      <= high > ONE ? ONE : high;
    negative1_q <= z < 0;
    negative2_q <= negative1_q;
    negative3_q <= negative2_q;
    age_q       <= {age_q[1:0], 1'b1};
  end

  always @* begin
    assert ({{(ZW - B) {1'b0}}, dut.rom.addr} == interval);
    if (age_q[2]) begin
      assert (wide_s == (negative3_q ? ONE - half_q : half_q));
      assert (wide_s <= ONE);
    end
    cover (age_q[2] && over_q && negative3_q);
    cover (age_q[2] && s == 1 && !negative3_q);
  end

endmodule

`default_nettype wire
