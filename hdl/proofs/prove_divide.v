// prove_divide.v - qn_divide is exact division: with n = min(|num|, 2^DW-1) and
// d = den held to [1, 2^DW-1],
//
//   |q| = min(round(n 2^(W-1) / d), 2^(W-1)-1), half away from zero,
//
// with the sign of num, W+5 cycles after start, and clipped tells exactly when
// den or the quotient did not fit. Assumed, and proved of the core in
// prove_core.v: starts come at least W+1 cycles apart.
//
// What the divider computes without restoring its rest is held, bit by bit,
// against long division with restoring, which is exact by construction: at every
// bit n 2^k = rows + rest, where rows are the quotient's bits so far times d, and
// rest < d. BY_DIVISION has the solver check that too, and the quotient against
// Verilog's own / operator.
`default_nettype none

module prove_divide #(
    parameter W           = 4,
    parameter AW          = 8,
    parameter DW          = 6,
    parameter BY_DIVISION = 1
) (
    input wire                 aclk,
    input wire                 aresetn,
    input wire                 start,
    input wire signed [AW-1:0] num,
    input wire signed [AW-1:0] den
);

  localparam CW = $clog2(W + 1);
  localparam LAG = W + 5;
  localparam WIDE = DW + W + 3;
  localparam [WIDE-1:0] NONE = 0;
  localparam [AW-1:0] MOST_DEN = (1 << DW) - 1;
  localparam [W:0] MOST_Q = (1 << (W - 1)) - 1;

  wire                done, clipped;
  wire signed [W-1:0] q;

  qn_divide #(
      .W (W),
      .AW(AW),
      .DW(DW)
  ) dut (
      .aclk   (aclk),
      .aresetn(aresetn),
      .start  (start),
      .num    (num),
      .den    (den),
      .done   (done),
      .q      (q),
      .clipped(clipped)
  );

`ifdef YOSYS
  (* hierconn *) wire \dut.started_q ;
  (* hierconn *) wire \dut.sign0_q ;
  (* hierconn *) wire [AW-1:0] \dut.size_q ;
  (* hierconn *) wire [AW-1:0] \dut.by_q ;
  (* hierconn *) wire \dut.load_q ;
  (* hierconn *) wire \dut.sign1_q ;
  (* hierconn *) wire [DW-1:0] \dut.mag_q ;
  (* hierconn *) wire [DW-1:0] \dut.den_q ;
  (* hierconn *) wire [CW-1:0] \dut.left_q ;
  (* hierconn *) wire [DW-1:0] \dut.rest_q ;
  (* hierconn *) wire \dut.below_q ;
  (* hierconn *) wire [W:0] \dut.bits_q ;
  (* hierconn *) wire \dut.sign2_q ;
  (* hierconn *) wire \dut.sign3_q ;
  (* hierconn *) wire \dut.ready_q ;
  (* hierconn *) wire [W-2:0] \dut.round_q ;
  (* hierconn *) wire \dut.over_q ;
  (* hierconn *) wire \dut.sign4_q ;
  (* hierconn *) wire \dut.last_q ;
`endif

  // ---- when --------------------------------------------------------------------
  // started_q[k]: start came k cycles ago, and no reset since

  reg           known_q = 0;
  reg [LAG:1]   started_q;
  reg [CW-1:0]  left;       // what dut.left_q must be
  reg           spaced;
  reg           busy;       // an iteration has been made and one is to come
  integer       i, k;

  always @(posedge aclk) begin
    known_q   <= known_q | ~aresetn;
    started_q <= aresetn ? {started_q[LAG-1:1], start} : {LAG{1'b0}};
  end

  always @* begin
    left   = 0;
    busy   = 0;
    spaced = 1;
    for (i = 3; i <= W + 2; i = i + 1)
      if (started_q[i]) begin
        left = W + 3 - i;
        busy = 1;
      end
    for (i = 1; i < LAG; i = i + 1)
      for (k = i + 1; k <= i + W && k <= LAG; k = k + 1)
        if (started_q[i] && started_q[k]) spaced = 0;
  end

  // ---- what: sign, size and denominator on their way ---------------------------

  wire          negative = num < 0;
  wire          large_den = $signed(den1_q) > $signed(MOST_DEN);
  wire [AW-1:0] size = num < 0 ? -num : num;
  wire [DW-1:0] n0 = size > MOST_DEN ? MOST_DEN[DW-1:0] : size[DW-1:0];
  wire [DW-1:0] d0 = den < 1 ? {{(DW - 1) {1'b0}}, 1'b1}
                   : den > $signed(MOST_DEN) ? MOST_DEN[DW-1:0] : den[DW-1:0];
  reg           neg1_q, neg2_q, neg3_q, neg5_q, neg6_q;  // 3: being divided,
  reg  [DW-1:0] n1_q, n2_q, n3_q, n5_q, n6_q;            // 5: being rounded,
  reg  [DW-1:0] d1_q, d2_q, d3_q, d5_q, d6_q;            // 6: done
  reg  [AW-1:0] size1_q, den1_q;

  always @(posedge aclk) begin
    {neg1_q, n1_q, d1_q} <= {negative, n0, d0};
    {size1_q, den1_q}    <= {size, den};
    {neg2_q, n2_q, d2_q} <= {neg1_q, n1_q, d1_q};
    if (started_q[2]) {neg3_q, n3_q, d3_q} <= {neg2_q, n2_q, d2_q};
    {neg5_q, n5_q, d5_q} <= {neg3_q, n3_q, d3_q};
    {neg6_q, n6_q, d6_q} <= {neg5_q, n5_q, d5_q};
  end

  // ---- long multiplication, one row a bit --------------------------------------

  reg  [WIDE-1:0] rows_q;     // bits so far * d, but for the last one
  reg  [WIDE-1:0] scaled_q;   // n 2^k, k bits after the first
  reg  [     W:0] before_q;   // the bits before the last one
  reg  [     W:0] seen_q;     // a one for every bit before the last one
  wire            bit_now = dut.bits_q[0];
  wire [WIDE-1:0] wide_d = {{(WIDE - DW) {1'b0}}, d3_q};
  wire [WIDE-1:0] rows = (rows_q << 1) + (bit_now ? wide_d : NONE);
  wire [     W:0] bits = {before_q[W-1:0], bit_now};
  wire [     W:0] seen = {seen_q[W-1:0], 1'b1};
  wire            dividing = busy | started_q[W+3];
  wire            large = n3_q >= d3_q;
  reg  [WIDE-1:0] rows5_q, rows6_q, scaled5_q, scaled6_q;
  reg  [     W:0] bits5_q, bits6_q;
  reg  [    DW:0] rest_q;     // what the rows leave of scaled_q
  wire [    DW:0] short_d = {1'b0, d3_q};
  reg  [   W+1:0] ones;    // what seen_q and scaled_q must be
  reg  [WIDE-1:0] scaled;

  always @(posedge aclk) begin
    if (started_q[2]) begin
      rows_q   <= 0;
      scaled_q <= {{(WIDE - DW) {1'b0}}, n2_q};
      before_q <= 0;
      seen_q   <= 0;
      rest_q   <= {1'b0, n2_q >= d2_q ? n2_q - d2_q : n2_q};
    end else begin
      rows_q   <= rows;
      scaled_q <= scaled_q << 1;
      before_q <= bits;
      seen_q   <= seen;
      rest_q   <= (rest_q << 1) >= short_d ? (rest_q << 1) - short_d
                                           : rest_q << 1;
    end
    {rows5_q, scaled5_q, bits5_q} <= {rows, scaled_q, bits};
    {rows6_q, scaled6_q, bits6_q} <= {rows5_q, scaled5_q, bits5_q};
  end

  always @* begin
    ones   = 0;
    scaled = 0;
    for (i = 3; i <= W + 3; i = i + 1)
      if (started_q[i]) begin
        ones   = (1 << (i - 3)) - 1;
        scaled = {{(WIDE - DW) {1'b0}}, n3_q} << (i - 3);
      end
  end

  // ---- the quotient ------------------------------------------------------------

  wire         large5 = n5_q >= d5_q;
  wire         large6 = n6_q >= d6_q;
  wire [  W:0] nearest5 = (bits5_q >> 1) + {{W{1'b0}}, bits5_q[0]};
  wire [  W:0] nearest6 = (bits6_q >> 1) + {{W{1'b0}}, bits6_q[0]};
  wire         limit5 = large5 || nearest5 > MOST_Q;
  wire         limit6 = large6 || nearest6 > MOST_Q;
  wire [  W:0] magnitude = limit6 ? MOST_Q : nearest6;
  wire [WIDE-1:0] d6 = {{(WIDE - DW) {1'b0}}, d6_q};
  // 2 nearest d = rows + the last bit's d; n 2^W is within d of it
  wire [WIDE-1:0] twice = rows6_q + (bits6_q[0] ? d6 : NONE);
  wire [WIDE-1:0] quotient = (({{(WIDE - DW) {1'b0}}, n6_q} << W) + d6)
                           / (d6 << 1);

  // ---- what holds in every cycle -----------------------------------------------

  wire in_time = spaced
       && dut.started_q == started_q[1] && dut.load_q == started_q[2]
       && dut.left_q == left && dut.ready_q == started_q[W+3]
       && dut.last_q == started_q[W+4] && done == started_q[W+5];

  wire ranged = dut.sign0_q == neg1_q && dut.size_q == size1_q
       && dut.by_q == den1_q
       && n1_q == (size1_q > MOST_DEN ? MOST_DEN[DW-1:0] : size1_q[DW-1:0])
       && d1_q == ($signed(den1_q) < 1 ? {{(DW - 1) {1'b0}}, 1'b1}
                   : large_den ? MOST_DEN[DW-1:0] : den1_q[DW-1:0]);

  wire loaded = dut.sign1_q == neg2_q && dut.mag_q == n2_q
       && dut.den_q == d2_q && d2_q != 0 && !dut.below_q;

  wire kept = d3_q != 0 && (!busy || (dut.den_q == d3_q
                                      && dut.sign2_q == neg3_q
                                      && dut.below_q == ~bit_now));
  // all bits so far are the divider's, the first tells that n >= d
  wire same_bits = seen_q == ones[W:0] && (bits & ~seen) == 0
       && (dut.bits_q & seen) == bits && scaled_q == scaled
       && large == ((bits & ~seen_q) != 0);
  // not restored: the divider's rest may be d below the true one
  wire same_rest = large
       || ({~bit_now, dut.rest_q} == rest_q - (bit_now ? {(DW + 1) {1'b0}} : short_d)
           && rest_q < short_d);
  wire divides = large
       || (scaled_q == rows + {{(WIDE - DW - 1) {1'b0}}, rest_q}
           && rows <= scaled_q);

  wire rounded = dut.sign4_q == neg5_q && dut.over_q == limit5
       && (limit5 || dut.round_q == nearest5[W-2:0])
       && large5 == bits5_q[W];

  wire right = {q[W-1], q} == (neg6_q ? -magnitude : magnitude)
       && large6 == bits6_q[W];

  // BY_DIVISION
  wire counted = rows == bits * wide_d;
  wire counted5 = rows5_q == bits5_q * {{(WIDE - DW) {1'b0}}, d5_q};
  wire divides5 = d5_q != 0 && scaled5_q == {{(WIDE - DW) {1'b0}}, n5_q} << W
       && (large5 || (rows5_q <= scaled5_q
                      && scaled5_q - rows5_q < {{(WIDE - DW) {1'b0}}, d5_q}));
  wire divides6 = large6 || (twice <= scaled6_q + d6
                             && scaled6_q + d6 < twice + (d6 << 1));
  wire divided = magnitude == (quotient > {{(WIDE - W - 1) {1'b0}}, MOST_Q}
                               ? MOST_Q : quotient[W:0]);

  always @* begin
    assume (known_q || !aresetn);
    assume (!start || started_q[W:1] == 0);

    assert (!known_q || (in_time
            && (!started_q[1] || ranged)
            && (!started_q[2] || loaded)
            && (!dividing || (kept && same_bits && same_rest))
            && (!started_q[W+3] || (dut.sign3_q == neg3_q
                                    && bits == dut.bits_q))
            && (!started_q[W+4] || rounded)));
    assert (!known_q || clipped == ((started_q[1] && large_den)
                                    || (started_q[W+4] && limit5)));
    assert (!(known_q && done) || right);
    if (BY_DIVISION != 0) begin
      assert (!known_q || ((!dividing || (divides && counted))
                           && (!started_q[W+4] || (divides5 && counted5))));
      assert (!(known_q && done) || (divides6 && divided));
    end

    cover (known_q && done && q > 1 && !clipped && neg6_q == 0);
    cover (known_q && done && neg6_q && limit6);
    cover (known_q && done && started_q[4]);
    cover (known_q && started_q[1] && clipped);
  end

endmodule

`default_nettype wire
