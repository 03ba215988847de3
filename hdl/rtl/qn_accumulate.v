// qn_accumulate.v - numerator and denominator of one neuron's step.
//
//   num = start_num + sum drive * s        (the first slot of an update, the
//   den = start_den + sum weight * s        neuron itself: drive * state)
// s, state and the words come together with token, first and last; done stands
// with the sums two cycles after last. Products and sums are exact.
`default_nettype none

module qn_accumulate #(
    parameter W  = 16,  // width of words, s and state
    parameter AW = 36   // width of a sum, > 2*W
) (
    input  wire                 aclk,
    input  wire                 aresetn,
    input  wire                 token,
    input  wire                 first,
    input  wire                 last,
    input  wire                 own,        // use state in place of s for num
    input  wire signed [ W-1:0] s,
    input  wire signed [ W-1:0] state,
    input  wire signed [ W-1:0] weight,
    input  wire signed [ W-1:0] drive,
    input  wire signed [AW-1:0] start_den,  // one cycle after token
    input  wire signed [AW-1:0] start_num,
    output reg  signed [AW-1:0] den,
    output reg  signed [AW-1:0] num,
    output reg                  done
);

  wire signed [2*W-1:0] weight_s;
  wire signed [2*W-1:0] drive_s;
  reg                   token_q;
  reg                   first_q;
  reg                   last_q;

  qn_multiply #(
      .A(W),
      .B(W)
  ) multiply_weight (
      .aclk   (aclk),
      .a      (weight),
      .b      (s),
      .product(weight_s)
  );

  qn_multiply #(
      .A(W),
      .B(W)
  ) multiply_drive (
      .aclk   (aclk),
      .a      (drive),
      .b      (own ? state : s),
      .product(drive_s)
  );

  wire signed [AW-1:0] weighted = {{(AW - 2 * W) {weight_s[2*W-1]}}, weight_s};
  wire signed [AW-1:0] driven = {{(AW - 2 * W) {drive_s[2*W-1]}}, drive_s};

  always @(posedge aclk) begin
    first_q <= first;
    last_q  <= last;
    if (token_q) begin
      den <= (first_q ? start_den : den) + weighted;
      num <= (first_q ? start_num : num) + driven;
    end
  end

  always @(posedge aclk)
    if (!aresetn) begin
      token_q <= 1'b0;
      done    <= 1'b0;
    end else begin
      token_q <= token;
      done    <= token_q & last_q;
    end

endmodule

`default_nettype wire
