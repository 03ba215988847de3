// qn_clip.v - narrow a signed number, clipping instead of wrapping.
//
// Combinational. y = clip(x) to [-2^(TO-1), 2^(TO-1)-1]; sat tells that
// clipping took place.
`default_nettype none

module qn_clip #(
    parameter FROM = 20,  // width of x, >= TO
    parameter TO   = 16   // width of y, >= 2
) (
    input  wire signed [FROM-1:0] x,
    output wire signed [  TO-1:0] y,
    output wire                   sat
);

  // the bits above y and its sign must all be alike
  wire [FROM-TO:0] top = x[FROM-1:TO-1];

  assign sat = (|top) & ~(&top);
  assign y   = sat ? {x[FROM-1], {(TO - 1) {~x[FROM-1]}}} : x[TO-1:0];

endmodule

`default_nettype wire
