// qn_divide.v - the new state num / den, exact, rounded to nearest.
//
// num and den are of one unit; q is a fraction of 2^(W-1). Non-restoring
// division, one bit a cycle: a bit that tells |num| >= den, W-1 bits of the
// quotient and one to round by (half away from zero). den is floored at one
// unit and clipped to DW bits; q is clipped to +-(2^(W-1)-1). start may come
// every W+1 cycles; done stands W+5 cycles after start.
`default_nettype none

module qn_divide #(
    parameter W  = 16,  // width of q
    parameter AW = 36,  // width of num and den
    parameter DW = 32   // width of the divider, < AW
) (
    input  wire                 aclk,
    input  wire                 aresetn,
    input  wire                 start,
    input  wire signed [AW-1:0] num,
    input  wire signed [AW-1:0] den,
    output reg                  done,
    output reg  signed [ W-1:0] q,
    output wire                 clipped  // den or q was clipped
);

  localparam CW = $clog2(W + 1);
  localparam integer BITS = W;

  // ---- sign and magnitude ------------------------------------------------------

  reg          started_q;
  reg          sign0_q;
  reg [AW-1:0] size_q;
  reg [AW-1:0] by_q;

  always @(posedge aclk) begin
    started_q <= start & aresetn;
    sign0_q   <= num[AW-1];
    size_q    <= num[AW-1] ? -num : num;
    by_q      <= den;
  end

  // ---- into the range of the divider ---------------------------------------------

  wire          size_large = |size_q[AW-1:DW];
  wire          by_large = ~by_q[AW-1] & |by_q[AW-2:DW];
  wire          by_small = by_q[AW-1] | ~|by_q;
  reg           load_q;
  reg           sign1_q;
  reg  [DW-1:0] mag_q;
  reg  [DW-1:0] den_q;

  always @(posedge aclk) begin
    load_q  <= started_q & aresetn;
    sign1_q <= sign0_q;
    mag_q   <= size_q[DW-1:0] | {DW{size_large}};
    // stands through the division; the one before ends in this cycle
    if (started_q)
      den_q <= by_small ? {{(DW - 1) {1'b0}}, 1'b1}
                        : by_q[DW-1:0] | {DW{by_large}};
  end

  // ---- one bit a cycle -------------------------------------------------------------
  // What is left may be negative; its sign is the bit, and says whether den is
  // subtracted next or added back.

  reg  [CW-1:0] left_q;
  reg  [DW-1:0] rest_q;
  reg           below_q;  // its sign; clear when a division is loaded
  reg  [   W:0] bits_q;
  reg           sign2_q;
  reg           sign3_q;
  reg           ready_q;

  wire          finishing = left_q == {{(CW - 1) {1'b0}}, 1'b1};
  wire          subtract = ~below_q;
  wire [  DW:0] from = load_q ? {1'b0, mag_q} : {rest_q, 1'b0};
  wire [  DW:0] by = {1'b0, den_q} ^ {(DW + 1) {subtract}};
  wire [DW+1:0] trial = {from, 1'b1} + {by, subtract};

  always @(posedge aclk) begin
    rest_q  <= trial[DW:1];
    below_q <= started_q ? 1'b0 : trial[DW+1];
    bits_q <= {bits_q[W-1:0], ~trial[DW+1]};
    if (load_q) sign2_q <= sign1_q;
    if (finishing) sign3_q <= sign2_q;
  end

  always @(posedge aclk)
    if (!aresetn) begin
      left_q  <= 0;
      ready_q <= 1'b0;
    end else begin
      if (load_q) left_q <= BITS[CW-1:0];
      else if (left_q != 0) left_q <= left_q - 1'b1;
      ready_q <= finishing;
    end

  // ---- round, clip, give the sign back -----------------------------------------------

  wire [W-1:0] rounded = {1'b0, bits_q[W-1:1]} + {{(W - 1) {1'b0}}, bits_q[0]};
  reg  [W-2:0] round_q;
  reg          over_q;
  reg          sign4_q;
  reg          last_q;
  wire [W-2:0] limited = round_q | {(W - 1) {over_q}};

  always @(posedge aclk) begin
    round_q <= rounded[W-2:0];
    over_q  <= bits_q[W] | rounded[W-1];
    sign4_q <= sign3_q;
    q       <= sign4_q ? -{1'b0, limited} : {1'b0, limited};
    last_q  <= ready_q & aresetn;
    done    <= last_q & aresetn;
  end

  assign clipped = (started_q & by_large) | (last_q & over_q);

  // the carry into the lowest bit
  wire unused = &{1'b0, trial[0]};

endmodule

`default_nettype wire
