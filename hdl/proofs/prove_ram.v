// prove_ram.v - qn_ram gives back what was written last.
`default_nettype none

module prove_ram #(
    parameter W = 4,
    parameter A = 2
) (
    input wire         aclk,
    input wire         write,
    input wire [A-1:0] write_addr,
    input wire [W-1:0] write_data,
    input wire         read,
    input wire [A-1:0] addr
);

  wire [W-1:0] data;

  qn_ram #(
      .W(W),
      .A(A)
  ) dut (
      .aclk      (aclk),
      .write     (write),
      .write_addr(write_addr),
      .write_data(write_data),
      .read      (read),
      .addr      (addr),
      .data      (data)
  );

  // the words, one after another, and which of them are known
  reg  [W*(1<<A)-1:0] words_q;
  reg  [(1<<A)-1:0]   known_q = 0;
  reg  [W-1:0]        want_q;
  reg                 known_data_q = 0;

  always @(posedge aclk) begin
    if (write) begin
      words_q[W*write_addr+:W] <= write_data;
      known_q[write_addr]      <= 1;
    end
    if (read) begin
      want_q       <= words_q[W*addr+:W];
      known_data_q <= known_q[addr];
    end
  end

  always @* begin
    if (known_data_q) assert (data == want_q);
    cover (known_data_q && data == 5 && !read);
  end

endmodule

`default_nettype wire
