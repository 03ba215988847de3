// qn_schedule.v - the static order of one step.
//
// A step reads its slots in three phases, each drained before the next:
//   sensing   slots [0, SENSORY): conductances of the inputs, once
//   updating  the next RECURRENT slots, UNFOLDS times
//   reading   the last OUTPUTS slots, one a result beat
// A slot is fetched from the index memory one cycle after its address and then
// leaves as a token. The last token of a neuron waits until the divider can
// take that neuron: such tokens are at least PERIOD cycles apart.
`default_nettype none

module qn_schedule #(
    parameter SENSORY   = 8,   // slots of the sensing phase, >= 1
    parameter RECURRENT = 8,   // slots of the updating phase, >= 1
    parameter OUTPUTS   = 1,   // slots of the reading phase, >= 1
    parameter UNFOLDS   = 6,   // fused steps a sample, 1..255
    parameter PERIOD    = 17,  // cycles of one division, >= 2
    parameter DRAIN     = 10,  // cycles until a token's sum is stored
    parameter A         = 5    // width of a slot's address
) (
    input  wire         aclk,
    input  wire         aresetn,
    input  wire         sample,       // a sample is complete: start
    input  wire         swept,        // the last neuron of an unfold is stored
    input  wire         taken,        // a result beat was taken
    output wire         idle,
    output wire         sensing,
    output wire         updating,
    output wire         reading,
    output reg  [  7:0] unfold,
    output wire         step_end,     // the last result beat was taken
    output wire         result_last,  // the slot being read is the last one

    output wire [A-1:0] fetch,       // address for the index memory
    input  wire         index_last,  // of the slot fetched: last of its neuron
    output wire         token,       // the slot fetched leaves
    output wire         first,       // it is the first of its neuron
    output wire [A-1:0] addr         // its address
);

  localparam [2:0] IDLE = 0, SENSE = 1, SETTLE = 2, UPDATE = 3, DIVIDE = 4,
                   READ = 5, SEND = 6;
  localparam integer SLOTS = SENSORY + RECURRENT + OUTPUTS;
  localparam integer G     = $clog2(PERIOD > DRAIN ? PERIOD : DRAIN) + 1;

  localparam integer SENSE_LAST = SENSORY - 1;
  localparam integer UPDATE_BASE = SENSORY;
  localparam integer UPDATE_LAST = SENSORY + RECURRENT - 1;
  localparam integer READ_LAST = SLOTS - 1;
  localparam integer UNFOLD_LAST = UNFOLDS - 1;
  localparam integer PERIOD_LESS = PERIOD - 1;
  localparam integer DRAIN_LESS = DRAIN - 1;

  reg  [  2:0] phase_q;
  reg  [A-1:0] next_q;    // the slot to fetch
  reg  [A-1:0] addr_q;    // the slot fetched
  reg          fetched_q;
  reg          first_q;
  reg  [G-1:0] gap_q;     // cycles until the divider is free, or to settle

  wire hold     = fetched_q & updating & index_last & (gap_q != 0);
  wire fetching = (phase_q == SENSE) | (phase_q == UPDATE) | (phase_q == READ);
  wire settled  = gap_q == 0;

  assign idle        = phase_q == IDLE;
  assign sensing     = (phase_q == SENSE) | (phase_q == SETTLE);
  assign updating    = (phase_q == UPDATE) | (phase_q == DIVIDE);
  assign reading     = (phase_q == READ) | (phase_q == SEND);
  assign result_last = addr_q == READ_LAST[A-1:0];
  assign step_end    = (phase_q == SEND) & taken & result_last;
  assign fetch       = hold ? addr_q : next_q;
  assign token       = fetched_q & ~hold;
  assign first       = first_q;
  assign addr        = addr_q;

  always @(posedge aclk)
    if (!aresetn) phase_q <= IDLE;
    else
      case (phase_q)
        IDLE:    if (sample) phase_q <= SENSE;
        SENSE:   if (next_q == SENSE_LAST[A-1:0]) phase_q <= SETTLE;
        SETTLE:  if (settled) phase_q <= UPDATE;
        UPDATE:  if (~hold & (next_q == UPDATE_LAST[A-1:0])) phase_q <= DIVIDE;
        DIVIDE:  if (swept) phase_q <= (unfold == UNFOLD_LAST[7:0]) ? READ : UPDATE;
        READ:    phase_q <= SEND;
        SEND:    if (taken) phase_q <= result_last ? IDLE : READ;
        default: phase_q <= IDLE;
      endcase

  always @(posedge aclk) begin
    if (idle) next_q <= 0;
    else if (phase_q == DIVIDE & swept & (unfold != UNFOLD_LAST[7:0]))
      next_q <= UPDATE_BASE[A-1:0];
    else if (fetching & ~hold) next_q <= next_q + 1'b1;

    if (~hold) addr_q <= next_q;
    if (phase_q == SEND) addr_q <= addr_q;

    if (idle) unfold <= 0;
    else if (swept) unfold <= unfold + 1'b1;
  end

  always @(posedge aclk)
    if (!aresetn) begin
      fetched_q <= 1'b0;
      first_q   <= 1'b1;
      gap_q     <= 0;
    end else begin
      if (~hold) fetched_q <= fetching;
      if (token) first_q <= index_last;
      if (phase_q == SENSE) gap_q <= DRAIN_LESS[G-1:0];
      else if (token & updating & index_last) gap_q <= PERIOD_LESS[G-1:0];
      else if (~settled) gap_q <= gap_q - 1'b1;
    end

endmodule

`default_nettype wire
