// qn_registers.v - the AXI4-Lite window: registers, states and memories.
//
// One access at a time. Address and data stay on the bus, which holds them until
// ready, so that none is kept here. States: idle, looking for a read and a write
// by turns; active until it is done; ready for one cycle; respond until the
// answer is taken.
//
// The upper four bits of an address are its region: 0 is the registers of
// hdl/registers.c, 1 the states, 8 to 15 the memories. The last two go through
// the window port: window_valid and what comes with it stand until window_ack,
// which may come at once; window_rdata and window_error are looked at with it.
//
// The core is asked only while stopped: run and busy are low. busy rises no later
// than in the cycle after run falls, and then not before run is high again. An
// access that is unaligned, narrower than a word, out of place or out of time is
// answered SLVERR: it changes nothing, and reads zero.
//
// clear pulses only while stopped. saturating and framing are pulses; their
// flags stay until written 1, and what comes in that very cycle stays too.
`default_nettype none

module qn_registers #(
    parameter        A       = 24,  // width of an address, in bytes
    parameter        CW      = 24,  // counts the cycles of a step to 2^(CW-1)
    parameter [31:0] HASH    = 0,   // the layout's hash, its first 32 bits
    parameter        W       = 16,  // width of a word
    parameter        UNITS   = 1,   // neurons
    parameter        INPUTS  = 1,   // beats a sample
    parameter        OUTPUTS = 1,   // beats a result
    parameter [ 0:0] RUN     = 1    // whether the core runs after reset
) (
    input  wire         aclk,
    input  wire         aresetn,
    input  wire [A-1:0] s_axil_awaddr,
    input  wire         s_axil_awvalid,
    output wire         s_axil_awready,
    input  wire [ 31:0] s_axil_wdata,
    input  wire [  3:0] s_axil_wstrb,
    input  wire         s_axil_wvalid,
    output wire         s_axil_wready,
    output wire [  1:0] s_axil_bresp,
    output wire         s_axil_bvalid,
    input  wire         s_axil_bready,
    input  wire [A-1:0] s_axil_araddr,
    input  wire         s_axil_arvalid,
    output wire         s_axil_arready,
    output wire [ 31:0] s_axil_rdata,
    output wire [  1:0] s_axil_rresp,
    output wire         s_axil_rvalid,
    input  wire         s_axil_rready,

    output wire         run,
    output wire         clear,
    input  wire         busy,
    input  wire         saturating,
    input  wire         framing,
    output wire         saturated,
    output wire         framing_error,

    output wire         window_valid,
    output wire         window_write,
    output wire [  3:0] window_region,
    output wire [A-7:0] window_addr,  // of a word
    output wire [ 31:0] window_data,
    input  wire         window_ack,
    input  wire         window_error,
    input  wire [ 31:0] window_rdata
);

  localparam [31:0] ID = "QNCH";
  localparam [31:0] VERSION = 32'h0001_0000;  // of this map: major, minor
  localparam integer UNITS_WORD = UNITS;
  localparam integer INPUTS_WORD = INPUTS;
  localparam integer OUTPUTS_WORD = OUTPUTS;
  localparam integer WIDTH_WORD = W;

  localparam [1:0] IDLE = 2'b00, ACTIVE = 2'b01, READY = 2'b11, RESPOND = 2'b10;
  localparam [2:0] CONTROL = 3'd3, STATUS = 3'd4;

  // ---- one access -----------------------------------------------------------

  reg  [1:0] state_q;
  reg        write_q;  // the access is a write; while idle, what is looked for
  reg        error_q;
  wire       active = state_q == ACTIVE;
  wire       ready = state_q == READY;
  wire       respond = state_q == RESPOND;
  wire       asked = write_q ? s_axil_awvalid & s_axil_wvalid : s_axil_arvalid;
  wire       taken = write_q ? s_axil_bready : s_axil_rready;
  wire       done;

  always @(posedge aclk)
    if (!aresetn) begin
      state_q <= IDLE;
      write_q <= 1'b0;
    end else
      case (state_q)
        IDLE:
        if (asked) state_q <= ACTIVE;
        else write_q <= ~write_q;
        ACTIVE: if (done) state_q <= READY;
        READY: state_q <= RESPOND;
        default:
        if (taken) begin
          state_q <= IDLE;
          write_q <= ~write_q;
        end
      endcase

  assign s_axil_awready = ready & write_q;
  assign s_axil_wready  = ready & write_q;
  assign s_axil_arready = ready & ~write_q;
  assign s_axil_bvalid  = respond & write_q;
  assign s_axil_rvalid  = respond & ~write_q;
  assign s_axil_bresp   = {error_q, 1'b0};
  assign s_axil_rresp   = {error_q, 1'b0};

  // ---- where it goes: known in the first active cycle -----------------------

  reg          run_q;
  reg          local_q;   // to a register, and allowed
  reg          window_q;  // through the window port, and allowed
  wire [A-1:0] addr = write_q ? s_axil_awaddr : s_axil_araddr;
  wire [  2:0] number = addr[4:2];
  wire         stopped = ~run_q & ~busy;
  wire         sound = addr[1:0] == 2'd0 & (~write_q | (&s_axil_wstrb));
  wire         writable = number == CONTROL ? ~s_axil_wdata[1] | stopped
                        : number == STATUS;
  wire         error = ~(local_q | (window_q & ~window_error));

  always @(posedge aclk) begin
    local_q  <= sound & addr[A-1:5] == 0 & (~write_q | writable);
    window_q <= sound & (addr[A-1] | addr[A-1:A-4] == 4'd1) & stopped;
  end

  assign done          = ~window_q | window_ack;
  assign window_valid  = active & window_q;
  assign window_write  = write_q;
  assign window_region = addr[A-1:A-4];
  assign window_addr   = addr[A-5:2];
  assign window_data   = s_axil_wdata;

  // ---- control and status ---------------------------------------------------

  reg  saturated_q, framing_q;
  wire commit = active & local_q & write_q;
  wire set_control = commit & number == CONTROL;
  wire set_status = commit & number == STATUS;

  assign run           = run_q;
  assign clear         = set_control & s_axil_wdata[1];
  assign saturated     = saturated_q;
  assign framing_error = framing_q;

  always @(posedge aclk)
    if (!aresetn) begin
      run_q       <= RUN;
      saturated_q <= 1'b0;
      framing_q   <= 1'b0;
    end else begin
      if (set_control) run_q <= s_axil_wdata[0];
      saturated_q <= saturating
                   | (saturated_q & ~(set_status & s_axil_wdata[1]));
      framing_q   <= framing
                   | (framing_q & ~(set_status & s_axil_wdata[2]));
    end

  // cycles of the step: a cycle late, so that it starts from zero
  reg           busy_q;
  reg  [CW-1:0] cycles_q;
  wire [  31:0] cycles = {{(32 - CW) {1'b0}}, cycles_q};

  always @(posedge aclk) begin
    busy_q <= busy & aresetn;
    if (!aresetn | (busy & ~busy_q)) cycles_q <= 0;
    else if (busy_q & ~cycles_q[CW-1]) cycles_q <= cycles_q + 1'b1;
  end

  // ---- what is read ---------------------------------------------------------

  reg [31:0] word;
  reg [31:0] rdata_q;

  assign s_axil_rdata = rdata_q;

  always @*
    case (number)
      3'd0: word = ID;
      3'd1: word = VERSION;
      3'd2: word = HASH;
      CONTROL: word = {31'd0, run_q};
      STATUS: word = {29'd0, framing_q, saturated_q, busy};
      3'd5: word = cycles;
      3'd6: word = {INPUTS_WORD[15:0], UNITS_WORD[15:0]};
      default: word = {8'd0, WIDTH_WORD[7:0], OUTPUTS_WORD[15:0]};
    endcase

  always @(posedge aclk)
    if (active) begin
      error_q <= error;
      rdata_q <= error ? 32'd0 : window_q ? window_rdata : word;
    end

endmodule

`default_nettype wire
