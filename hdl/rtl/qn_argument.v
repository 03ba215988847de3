// qn_argument.v - the argument of a gate: z = slope * value + offset.
//
// value and slope come together, offset one cycle later; z stands three cycles
// after value. The exact sum is cut to the argument's fraction (towards minus
// infinity: the table is evaluated in the middle of a step) and clipped to the
// range of the table. A result (reading) is rounded to nearest instead.
`default_nettype none

module qn_argument #(
    parameter W            = 16,  // width of value, slope and offset
    parameter ZW           = 18,  // width of z
    parameter SHIFT        = 11,  // fraction bits of the sum cut away, >= 1
    parameter ALIGN_STATE  = 0,   // left shift of a state's product
    parameter ALIGN_INPUT  = 0,   // left shift of an input's product
    parameter ALIGN_OFFSET = 14   // left shift of the offset, >= SHIFT
) (
    input  wire                 aclk,
    input  wire                 sensing,  // value is an input, not a state
    input  wire                 reading,  // z is a result
    input  wire signed [ W-1:0] value,
    input  wire signed [ W-1:0] slope,
    input  wire signed [ W-1:0] offset,
    output reg  signed [ZW-1:0] z,
    output wire                 clipped   // z is clipped, one cycle ahead of it
);

  localparam ALIGN = ALIGN_STATE > ALIGN_INPUT ? ALIGN_STATE : ALIGN_INPUT;
  localparam PW    = 2 * W + ALIGN;                    // aligned product
  localparam OW    = W + ALIGN_OFFSET;                 // aligned offset
  localparam SW    = (PW > OW ? PW : OW) + 1;          // their sum
  localparam KW    = SW - SHIFT;                       // what is kept of it

  wire signed [SW-1:0] half = {{(SW - SHIFT) {1'b0}}, reading,
                               {(SHIFT - 1) {1'b0}}};
  wire signed [2*W-1:0] product;
  reg  signed [ SW-1:0] sum_q;
  wire signed [ SW-1:0] wide_product = {{(SW - 2 * W) {product[2*W-1]}},
                                        product};
  wire signed [ SW-1:0] wide_offset = {{(SW - W) {offset[W-1]}}, offset};
  wire signed [ SW-1:0] aligned = sensing ? wide_product <<< ALIGN_INPUT
                                          : wide_product <<< ALIGN_STATE;
  // the offset's low bits are zero: half takes one of them, no carry
  wire signed [ SW-1:0] raised = (wide_offset <<< ALIGN_OFFSET) | half;
  wire signed [ ZW-1:0] narrow;

  qn_multiply #(
      .A(W),
      .B(W)
  ) multiply (
      .aclk   (aclk),
      .a      (value),
      .b      (slope),
      .product(product)
  );

  generate
    if (KW < ZW) begin : g_extend
      assign narrow  = {{(ZW - KW) {sum_q[SW-1]}}, sum_q[SW-1:SHIFT]};
      assign clipped = 1'b0;
    end else begin : g_clip
      qn_clip #(
          .FROM(KW),
          .TO  (ZW)
      ) clip (
          .x  (sum_q[SW-1:SHIFT]),
          .y  (narrow),
          .sat(clipped)
      );
    end
  endgenerate

  always @(posedge aclk) begin
    sum_q <= aligned + raised;
    z     <= narrow;
  end

  // the bits cut away
  wire unused = &{1'b0, sum_q[SHIFT-1:0]};

endmodule

`default_nettype wire
