// qn_rom.v - read-only memory with a registered read, filled from a file.
//
// data belongs to the address of the cycle before.
`default_nettype none

module qn_rom #(
    parameter W     = 16,   // width of a word
    parameter DEPTH = 256,  // words, >= 1
    parameter A     = 8,    // width of an address
    parameter FILE  = ""    // $readmemh image, DEPTH words
) (
    input  wire         aclk,
    input  wire [A-1:0] addr,
    output reg  [W-1:0] data
);

  (* ram_style = "block" *) reg [W-1:0] mem[0:DEPTH-1];

  generate
    if (FILE != "") begin : g_fill
      initial $readmemh(FILE, mem);
    end else begin : g_blank
      initial mem[0] = {W{1'b0}};
    end
  endgenerate

  always @(posedge aclk) data <= mem[addr];

endmodule

`default_nettype wire
