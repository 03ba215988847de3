// prove_argument.v - qn_argument is slope * value + offset, cut towards minus
// infinity or, for a result, rounded to nearest, then clipped to ZW bits.
//
// The exact sum stands in more bits than it can fill. CUT: dut.product is any
// number (and its time and place are what is proved).
`default_nettype none

module prove_argument #(
    parameter W            = 4,
    parameter ZW           = 6,
    parameter SHIFT        = 2,
    parameter ALIGN_STATE  = 0,
    parameter ALIGN_INPUT  = 1,
    parameter ALIGN_OFFSET = 3,
    parameter CUT          = 0
) (
    input wire                aclk,
    input wire                sensing,
    input wire                reading,
    input wire signed [W-1:0] value,
    input wire signed [W-1:0] slope,
    input wire signed [W-1:0] offset
);

  localparam WIDE = 2 * W + ALIGN_STATE + ALIGN_INPUT + ALIGN_OFFSET + 4;
  localparam signed [WIDE-1:0] HIGH = (1 << (ZW - 1)) - 1;
  localparam signed [WIDE-1:0] LOW = -HIGH - 1;
  localparam signed [WIDE-1:0] HALF = 1 << (SHIFT - 1);

  wire signed [ZW-1:0] z;
  wire                 clipped;

  qn_argument #(
      .W           (W),
      .ZW          (ZW),
      .SHIFT       (SHIFT),
      .ALIGN_STATE (ALIGN_STATE),
      .ALIGN_INPUT (ALIGN_INPUT),
      .ALIGN_OFFSET(ALIGN_OFFSET)
  ) dut (
      .aclk   (aclk),
      .sensing(sensing),
      .reading(reading),
      .value  (value),
      .slope  (slope),
      .offset (offset),
      .z      (z),
      .clipped(clipped)
  );

`ifdef YOSYS
  (* hierconn *) wire signed [2*W-1:0] \dut.product ;
`endif

  reg signed  [ 2*W-1:0] product_q;
  reg signed  [WIDE-1:0] sum_q;  // one cycle after offset
  reg         [     2:0] age_q = 0;
  wire signed [ 2*W-1:0] product = CUT != 0 ? dut.product : product_q;
  wire signed [WIDE-1:0] wide_product = {{(WIDE - 2 * W) {product[2*W-1]}},
                                         product};
  wire signed [WIDE-1:0] wide_offset = {{(WIDE - W) {offset[W-1]}}, offset};
  wire signed [WIDE-1:0] aligned =
      wide_product <<< (sensing ? ALIGN_INPUT : ALIGN_STATE);
  wire signed [WIDE-1:0] exact = aligned + (wide_offset <<< ALIGN_OFFSET);
  wire signed [WIDE-1:0] kept = sum_q >>> SHIFT;
  wire                   beyond = kept > HIGH || kept < LOW;
  reg signed  [WIDE-1:0] want_q;
  wire signed [WIDE-1:0] wide_z = {{(WIDE - ZW) {z[ZW-1]}}, z};

  always @(posedge aclk) begin
    product_q <= value * slope;
    sum_q     <= reading ? exact + HALF : exact;
    want_q    <= kept > HIGH ? HIGH : kept < LOW ? LOW : kept;
    age_q     <= {age_q[1:0], 1'b1};
  end

  always @* begin
    if (age_q[1]) assert (clipped == beyond);
    if (age_q[2]) assert (wide_z == want_q);

    cover (age_q[2] && z < 0 && wide_z != LOW);
    cover (age_q[1] && !beyond);
    if (2 * W > ZW + SHIFT) cover (age_q[1] && beyond);
  end

endmodule

`default_nettype wire
