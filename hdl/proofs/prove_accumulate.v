// prove_accumulate.v - den and num are the exact sums: they never wrap.
//
// The width of a sum is derived as hdl/quantise_words.c does it, from a bias of
// DW+1 bits and SLOTS products of two words, each at most 2^(2W-2). Assumed: a
// sum starts from a bias and the products of some slots, and takes no more than
// the others. The exact sums stand in more bits than they can fill. CUT: the
// products are any numbers in [-2^(2W-2), 2^(2W-2)].
`default_nettype none

module prove_accumulate #(
    parameter W     = 4,
    parameter DW    = 6,
    parameter SLOTS = 5,
    parameter CUT   = 0
) (
    input wire                 aclk,
    input wire                 aresetn,
    input wire                 token,
    input wire                 first,
    input wire                 last,
    input wire                 own,
    input wire signed [ W-1:0] s,
    input wire signed [ W-1:0] state,
    input wire signed [ W-1:0] weight,
    input wire signed [ W-1:0] drive,
    input wire signed [2*W+DW+15:0] from_den,  // where a sum starts from
    input wire signed [2*W+DW+15:0] from_num,
    input wire        [   7:0] from_slots    // and how many slots are in that
);

  localparam signed [2*W+DW+15:0] MOST_SUM = (1 << DW) + (SLOTS << (2 * W - 2));
  localparam AW = $clog2(MOST_SUM + 1) + 1;
  localparam WIDE = 2 * W + DW + 16;
  localparam signed [WIDE-1:0] BIAS = 1 << DW;
  localparam signed [WIDE-1:0] PRODUCT = 1 << (2 * W - 2);

  wire signed [AW-1:0] den, num;
  wire                 done;

  qn_accumulate #(
      .W (W),
      .AW(AW)
  ) dut (
      .aclk     (aclk),
      .aresetn  (aresetn),
      .token    (token),
      .first    (first),
      .last     (last),
      .own      (own),
      .s        (s),
      .state    (state),
      .weight   (weight),
      .drive    (drive),
      .start_den(from_den[AW-1:0]),
      .start_num(from_num[AW-1:0]),
      .den      (den),
      .num      (num),
      .done     (done)
  );

`ifdef YOSYS
  (* hierconn *) wire signed [2*W-1:0] \dut.weight_s ;
  (* hierconn *) wire signed [2*W-1:0] \dut.drive_s ;
  (* hierconn *) wire \dut.token_q ;
`endif

  reg                    known_q = 0;
  reg                    begun_q;  // a sum was started since reset
  reg                    token_q, first_q, last_q, done_q;
  reg  signed [ 2*W-1:0] weighted_q, driven_q;
  reg  signed [WIDE-1:0] den_q, num_q;  // exact
  reg         [     7:0] slots_q;       // products in them
  wire signed [ 2*W-1:0] weighted = CUT != 0 ? dut.weight_s : weighted_q;
  wire signed [ 2*W-1:0] driven = CUT != 0 ? dut.drive_s : driven_q;
  wire signed [WIDE-1:0] wide_weighted =
      {{(WIDE - 2 * W) {weighted[2*W-1]}}, weighted};
  wire signed [WIDE-1:0] wide_driven =
      {{(WIDE - 2 * W) {driven[2*W-1]}}, driven};
  wire        [     7:0] slots = first_q ? from_slots : slots_q;
  wire signed [WIDE-1:0] most_from =
      BIAS + $signed({{(WIDE - 8) {1'b0}}, from_slots}) * PRODUCT;
  wire signed [WIDE-1:0] most =
      BIAS + $signed({{(WIDE - 8) {1'b0}}, slots_q}) * PRODUCT;
  wire signed [WIDE-1:0] wide_den = {{(WIDE - AW) {den[AW-1]}}, den};
  wire signed [WIDE-1:0] wide_num = {{(WIDE - AW) {num[AW-1]}}, num};

  always @(posedge aclk) begin
    known_q    <= known_q | ~aresetn;
    begun_q    <= known_q & aresetn & (begun_q | (token_q & first_q));
    token_q    <= token & aresetn;
    first_q    <= first;
    last_q     <= last;
    done_q     <= token_q & last_q & aresetn;
    weighted_q <= weight * s;
    driven_q   <= drive * (own ? state : s);
    if (token_q) begin
      den_q   <= (first_q ? from_den : den_q) + wide_weighted;
      num_q   <= (first_q ? from_num : num_q) + wide_driven;
      slots_q <= slots + 1'b1;
    end
  end

  always @* begin
    assume (known_q || !aresetn);
    assume (from_slots <= SLOTS);
    assume (from_den <= most_from && from_den >= -most_from);
    assume (from_num <= most_from && from_num >= -most_from);
    // a sum takes a slot only while it has room for one
    if (known_q && token_q) assume (slots < SLOTS);
    if (known_q && token_q && !begun_q) assume (first_q);
    if (CUT != 0) begin
      assume (wide_weighted <= PRODUCT && wide_weighted >= -PRODUCT);
      assume (wide_driven <= PRODUCT && wide_driven >= -PRODUCT);
    end

    if (known_q) begin
      assert (dut.token_q == token_q);
      assert (done == done_q);
    end
    if (known_q && begun_q) begin
      assert (slots_q <= SLOTS);
      assert (den_q <= most && den_q >= -most);
      assert (num_q <= most && num_q >= -most);
      assert (wide_den == den_q);
      assert (wide_num == num_q);
    end
    cover (known_q && begun_q && done && slots_q == SLOTS && den > BIAS);
    cover (known_q && begun_q && num < -BIAS);
  end

endmodule

`default_nettype wire
