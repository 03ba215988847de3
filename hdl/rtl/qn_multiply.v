// qn_multiply.v - signed multiplier with a registered product.
//
// A module of its own that synthesis keeps: Yosys 0.23 otherwise pulls sums of
// more than 32 bits behind it into iCE40 multiplier blocks, and fails or drops
// their upper bits.
`default_nettype none

(* keep_hierarchy *)
module qn_multiply #(
    parameter A = 16,  // width of a
    parameter B = 16   // width of b
) (
    input  wire                  aclk,
    input  wire signed [  A-1:0] a,
    input  wire signed [  B-1:0] b,
    output reg  signed [A+B-1:0] product
);

  always @(posedge aclk) product <= a * b;

endmodule

`default_nettype wire
