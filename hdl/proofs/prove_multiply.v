// prove_multiply.v - qn_multiply is long multiplication: one row a bit of a,
// the row of its sign subtracted; and no product exceeds 2^(A+B-2).
`default_nettype none

module prove_multiply #(
    parameter A = 6,
    parameter B = 6
) (
    input wire                aclk,
    input wire signed [A-1:0] a,
    input wire signed [B-1:0] b
);

  localparam P = A + B;

  wire signed [P-1:0] product;
  wire signed [P-1:0] wide_b = {{A{b[B-1]}}, b};
  reg signed  [P-1:0] rows;
  reg signed  [P-1:0] rows_q;
  reg                 later_q = 0;
  integer             i;

  qn_multiply #(
      .A(A),
      .B(B)
  ) dut (
      .aclk   (aclk),
      .a      (a),
      .b      (b),
      .product(product)
  );

  always @* begin
    rows = 0;
    for (i = 0; i < A - 1; i = i + 1) if (a[i]) rows = rows + (wide_b <<< i);
    if (a[A-1]) rows = rows - (wide_b <<< (A - 1));
  end

  always @(posedge aclk) begin
    rows_q  <= rows;
    later_q <= 1;
  end

  localparam signed [P-1:0] MOST = 1 << (P - 2);

  always @* begin
    if (later_q) begin
      assert (product == rows_q);
      assert (product <= MOST && product >= -MOST);
    end
    cover (later_q && product == MOST);
    cover (later_q && product < 0);
  end

endmodule

`default_nettype wire
