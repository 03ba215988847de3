// qn_ram.v - memory with one write port and one registered read port.
//
// data belongs to the address of the last cycle with read; what is written in a
// cycle can be read from the next one on.
`default_nettype none

module qn_ram #(
    parameter W = 16,  // width of a word
    parameter A = 6    // width of an address; 2^A words
) (
    input  wire         aclk,
    input  wire         write,
    input  wire [A-1:0] write_addr,
    input  wire [W-1:0] write_data,
    input  wire         read,
    input  wire [A-1:0] addr,
    output reg  [W-1:0] data
);

  (* ram_style = "block" *) reg [W-1:0] mem[0:(1<<A)-1];

  always @(posedge aclk) begin
    if (write) mem[write_addr] <= write_data;
    if (read) data <= mem[addr];
  end

endmodule

`default_nettype wire
