// prove_rom.v - qn_rom gives, one cycle after an address, the word that stands
// there, the same every time. Its content is anything.
`default_nettype none

module prove_rom #(
    parameter W     = 4,
    parameter DEPTH = 4,
    parameter A     = 2
) (
    input wire         aclk,
    input wire [A-1:0] addr
);

  wire [W-1:0] data;

  qn_rom #(
      .W    (W),
      .DEPTH(DEPTH),
      .A    (A)
  ) dut (
      .aclk(aclk),
      .addr(addr),
      .data(data)
  );

  // the words as they were read first
  reg  [W*(1<<A)-1:0] words_q;
  reg  [(1<<A)-1:0]   known_q = 0;
  reg  [A-1:0]        addr_q;
  reg                 later_q = 0;
  wire [W-1:0]        word = words_q[W*addr_q+:W];

  always @(posedge aclk) begin
    addr_q  <= addr;
    later_q <= 1;
    if (later_q && !known_q[addr_q]) begin
      words_q[W*addr_q+:W] <= data;
      known_q[addr_q]      <= 1;
    end
  end

  always @* begin
    if (later_q && known_q[addr_q]) assert (data == word);
    cover (&known_q && word == 5 && words_q[W-1:0] == 7);
  end

endmodule

`default_nettype wire
