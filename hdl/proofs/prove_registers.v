// prove_registers.v - qn_registers keeps the rules of AXI4-Lite, changes what a
// sound access names and nothing else, and asks the core only while it stands.
//
// Said of the ports, in the cycle in which an access is taken (`now`): what came
// of it shows in the registers of that cycle, in the window of the cycle before
// and in the answer after it; whether the core stood counts two cycles before.
// Assumed: a master holds what it offers until it is taken; the core is idle
// after reset and does not wake while it stands; it acknowledges nothing that was
// not asked.
`default_nettype none

module prove_registers #(
    parameter        A   = 24,
    parameter        CW  = 4,
    parameter [ 0:0] RUN = 1
) (
    input wire         aclk,
    input wire         aresetn,
    input wire [A-1:0] awaddr,
    input wire         awvalid,
    input wire [ 31:0] wdata,
    input wire [  3:0] wstrb,
    input wire         wvalid,
    input wire         bready,
    input wire [A-1:0] araddr,
    input wire         arvalid,
    input wire         rready,
    input wire         busy,
    input wire         saturating,
    input wire         framing,
    input wire         window_ack,
    input wire         window_error,
    input wire [ 31:0] window_rdata
);

  localparam [31:0] HASH = 32'h89abcdef;
  localparam [31:0] MOST = 1 << (CW - 1);  // cycles that are counted

  wire         awready, wready, bvalid, arready, rvalid, run, clear;
  wire [  1:0] bresp, rresp;
  wire [ 31:0] rdata;
  wire         saturated, framing_error, window_valid, window_write;
  wire [  3:0] window_region;
  wire [A-7:0] window_addr;
  wire [ 31:0] window_data;

  qn_registers #(
      .A      (A),
      .CW     (CW),
      .HASH   (HASH),
      .W      (13),
      .UNITS  (19),
      .INPUTS (5),
      .OUTPUTS(2),
      .RUN    (RUN)
  ) dut (
      .aclk          (aclk),
      .aresetn       (aresetn),
      .s_axil_awaddr (awaddr),
      .s_axil_awvalid(awvalid),
      .s_axil_awready(awready),
      .s_axil_wdata  (wdata),
      .s_axil_wstrb  (wstrb),
      .s_axil_wvalid (wvalid),
      .s_axil_wready (wready),
      .s_axil_bresp  (bresp),
      .s_axil_bvalid (bvalid),
      .s_axil_bready (bready),
      .s_axil_araddr (araddr),
      .s_axil_arvalid(arvalid),
      .s_axil_arready(arready),
      .s_axil_rdata  (rdata),
      .s_axil_rresp  (rresp),
      .s_axil_rvalid (rvalid),
      .s_axil_rready (rready),
      .run           (run),
      .clear         (clear),
      .busy          (busy),
      .saturating    (saturating),
      .framing       (framing),
      .saturated     (saturated),
      .framing_error (framing_error),
      .window_valid  (window_valid),
      .window_write  (window_write),
      .window_region (window_region),
      .window_addr   (window_addr),
      .window_data   (window_data),
      .window_ack    (window_ack),
      .window_error  (window_error),
      .window_rdata  (window_rdata)
  );

`ifdef YOSYS
  (* hierconn *) wire [   1:0] \dut.state_q ;
  (* hierconn *) wire \dut.write_q ;
  (* hierconn *) wire [CW-1:0] \dut.cycles_q ;
`endif

  // ---- the cycle before, and the one before that ----------------------------

  reg known_q = 0;    // reset was seen
  reg reset_q;        // in the last cycle
  reg awvalid_q, awready_q, wvalid_q, wready_q, arvalid_q, arready_q;
  reg bvalid_q, bready_q, rvalid_q, rready_q;
  reg [A-1:0] awaddr_q, araddr_q;
  reg [ 31:0] wdata_q, rdata_q, window_data_q, window_rdata_q;
  reg [  3:0] wstrb_q, window_region_q;
  reg [  1:0] bresp_q, rresp_q;
  reg [A-7:0] window_addr_q;
  reg window_valid_q, window_write_q, window_ack_q, window_error_q;
  reg run_q, clear_q, busy_q, saturated_q, framing_q, saturating_q, broken_q;
  reg stood_q, stood2_q;  // the core did

  always @(posedge aclk) begin
    known_q         <= known_q | ~aresetn;
    reset_q         <= ~aresetn;
    {awvalid_q, awready_q, awaddr_q} <= {awvalid, awready, awaddr};
    {wvalid_q, wready_q, wdata_q, wstrb_q} <= {wvalid, wready, wdata, wstrb};
    {arvalid_q, arready_q, araddr_q} <= {arvalid, arready, araddr};
    {bvalid_q, bready_q, bresp_q} <= {bvalid, bready, bresp};
    {rvalid_q, rready_q, rresp_q, rdata_q} <= {rvalid, rready, rresp, rdata};
    {window_valid_q, window_write_q} <= {window_valid, window_write};
    {window_region_q, window_addr_q} <= {window_region, window_addr};
    {window_ack_q, window_error_q} <= {window_ack, window_error};
    {window_data_q, window_rdata_q} <= {window_data, window_rdata};
    {run_q, clear_q, busy_q} <= {run, clear, busy & aresetn};
    {saturated_q, saturating_q} <= {saturated, saturating};
    {framing_q, broken_q} <= {framing_error, framing};
    {stood2_q, stood_q} <= {stood_q, ~run & ~busy & aresetn};
  end

  // ---- what an access means -------------------------------------------------

  wire wrote = awvalid & awready;
  wire read = arvalid & arready;
  wire now = wrote | read;
  wire [A-1:0] address = wrote ? awaddr : araddr;
  wire [  3:0] region = address[A-1:A-4];
  wire in_registers = address < 32;
  wire in_window = region == 1 || region >= 8;
  wire sound = address % 4 == 0 && (read || wstrb == 4'b1111);
  wire control = in_registers && address == 'h0c;
  wire status = in_registers && address == 'h10;
  wire writable = control ? !wdata[1] || stood2_q : status;
  wire allowed = sound && ((in_registers && (read || writable))
                           || (in_window && stood2_q));
  wire to_control = wrote && control && allowed;
  wire to_status = wrote && status && allowed;
  wire fails = !allowed || (in_window && window_error_q);

  // cycles of the step, as one counts them
  reg  [31:0] counted_q, cycles_q;  // so far; as read in the cycle before
  wire [31:0] whole = busy_q ? counted_q - 1 : counted_q;
  wire [31:0] cycles = whole > MOST ? MOST : whole;
  reg  [31:0] word;

  always @* begin
    word = 0;
    case (address)
      'h00: word = {"Q", "N", "C", "H"};
      'h04: word = 32'h10000;
      'h08: word = HASH;
      'h0c: word[0] = run_q;
      'h10: word[2:0] = {framing_q, saturated_q, busy_q};
      'h14: word = cycles_q;
      'h18: word = {16'd5, 16'd19};
      'h1c: word = {8'd0, 8'd13, 16'd2};
    endcase
    if (in_window) word = window_rdata_q;
    if (fails) word = 0;
  end

  // ---- counted --------------------------------------------------------------

  reg [ 1:0] owed_b_q, owed_r_q;  // answers
  reg        want_error_q;
  reg [31:0] want_data_q;
  reg        seen_q;              // a request, since an access was taken
  reg [ 1:0] read_waits_q;        // writes taken while a read waits
  reg [ 1:0] write_waits_q;       // and the other way round
  reg [ 2:0] stalled_q;           // cycles in which nobody else is waited for
  wire       offered = arvalid | (awvalid & wvalid);

  always @(posedge aclk) begin
    cycles_q <= cycles;
    if (!aresetn) begin
      {owed_b_q, owed_r_q, seen_q} <= 0;
      {read_waits_q, write_waits_q, stalled_q} <= 0;
      counted_q <= 0;
    end else begin
      owed_b_q <= owed_b_q + wrote - (bvalid & bready);
      owed_r_q <= owed_r_q + read - (rvalid & rready);
      seen_q   <= ~now & (seen_q | window_valid);
      read_waits_q  <= arvalid & ~read ? read_waits_q + wrote : 0;
      write_waits_q <= awvalid & wvalid & ~wrote ? write_waits_q + read : 0;
      if (!offered || now || bvalid || rvalid) stalled_q <= 0;
      else if (!window_valid || window_ack) stalled_q <= stalled_q + 1'b1;
      if (busy && !busy_q) counted_q <= 1;
      else if (busy && counted_q < 1 << 30) counted_q <= counted_q + 1'b1;
    end
    if (now) {want_error_q, want_data_q} <= {fails, word};
  end

  // of the inside, where induction starts from
  localparam [1:0] IDLE = 2'b00, ACTIVE = 2'b01, READY = 2'b11, RESPOND = 2'b10;
  wire asked = dut.write_q ? awvalid && wvalid : arvalid;

  // ---- assumed, asserted, covered -------------------------------------------

  wire along = known_q & ~reset_q;  // no reset in the last cycle

  always @* begin
    assume (known_q || !aresetn);
    if (along) begin
      if (awvalid_q && !awready_q) assume (awvalid && awaddr == awaddr_q);
      if (wvalid_q && !wready_q)
        assume (wvalid && wdata == wdata_q && wstrb == wstrb_q);
      if (arvalid_q && !arready_q) assume (arvalid && araddr == araddr_q);
      if (stood_q) assume (!busy);
    end
    if (known_q) begin
      if (reset_q) assume (!busy);
      assume (!window_ack || window_valid);
    end
  end

  always @*
    if (known_q) begin
      case (dut.state_q)
        IDLE: assert (stalled_q <= (asked ? 1 : 0));
        ACTIVE: assert (stalled_q <= 2 && asked);
        READY: assert (asked);
        default: assert (stalled_q == 0);
      endcase
      if (dut.state_q != ACTIVE) assert (!seen_q || now);
      if (read_waits_q == 1) assert (dut.write_q == (dut.state_q == RESPOND));
      if (write_waits_q == 1) assert (dut.write_q == (dut.state_q != RESPOND));
      assert (dut.cycles_q == cycles[CW-1:0]);

      // every access one answer, after it; an answer stands until it is taken
      assert (wrote == (wvalid && wready));
      assert (!(wrote && read));
      assert (bvalid == (owed_b_q == 1) && owed_b_q <= 1);
      assert (rvalid == (owed_r_q == 1) && owed_r_q <= 1);
      if (now) assert (!bvalid && !rvalid);
      if (along && bvalid_q && !bready_q) assert (bvalid && bresp == bresp_q);
      if (along && rvalid_q && !rready_q)
        assert (rvalid && rresp == rresp_q && rdata == rdata_q);
      if (bvalid) assert (bresp == (want_error_q ? 2'b10 : 2'b00));
      if (rvalid) assert (rresp == (want_error_q ? 2'b10 : 2'b00));
      if (rvalid) assert (rdata == want_data_q);

      // in turn, and at once
      assert (read_waits_q <= 1 && write_waits_q <= 1);
      assert (stalled_q <= 3);

      // registers change where a sound write says so
      if (reset_q) assert (run == RUN && !saturated && !framing_error);
      else begin
        assert (run == (to_control ? wdata[0] : run_q));
        assert (clear_q == (to_control && wdata[1]));
        assert (saturated
                == (saturating_q || (saturated_q && !(to_status && wdata[1]))));
        assert (framing_error
                == (broken_q || (framing_q && !(to_status && wdata[2]))));
      end
      if (clear) assert (!run && !busy);

      // the core is asked while it stands, once, for what was asked of it
      if (window_valid) assert (!run && !busy);
      if (along && window_valid_q && !window_ack_q)
        assert (window_valid && window_write == window_write_q
                && window_region == window_region_q
                && window_addr == window_addr_q
                && (!window_write || window_data == window_data_q));
      if (along && window_ack_q) assert (now);
      if (now) assert (seen_q == (allowed && in_window));
      if (now && seen_q) begin
        assert (window_valid_q && window_ack_q && window_write_q == wrote);
        assert (window_region_q == region && window_addr_q == address[A-5:2]);
        if (wrote) assert (window_data_q == wdata);
      end
    end

  always @*
    if (known_q) begin
      cover (clear);
      cover (to_status && wdata[1] && wdata[2] && saturated && !framing_error
             && framing_q);
      cover (bvalid && bready && bvalid_q && bresp != 0);
      cover (rvalid && rready && rvalid_q && rresp == 0
             && rdata == 32'h12345678);
      cover (wrote && seen_q && region == 15 && stalled_q == 3);
      cover (read && seen_q && region == 1 && window_error_q);
      cover (wrote && control && wdata[1] && !allowed && run);
      cover (now && in_window && sound && !allowed);
      cover (wrote && in_registers && sound && !allowed && address == 'h14);
      cover (read_waits_q == 1);
      cover (write_waits_q == 1);
      cover (!aresetn && window_valid && !window_ack);
      cover (read && sound && address == 'h14 && word == 3 && !busy);
      if (CW < 5) cover (read && sound && address == 'h14 && word == MOST);
    end

endmodule

`default_nettype wire
