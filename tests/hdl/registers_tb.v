// registers_tb.v - random accesses on qn_registers, random delays everywhere, a
// core that answers late, wakes while it may and raises flags; all against a
// model of the map. What is not valid is x. Prints PASS and what was met, or
// FAIL. registers_values.vh comes from hdl/registers.c.
`default_nettype none

module registers_tb;
  `include "registers_values.vh"
  localparam ACCESSES = 3000;
  localparam [3:0] REGION_A = 4'd8, REGION_B = 4'd15;
  localparam STATES = 19, WORDS_A = 40, WORDS_B = 7;

  reg         aclk = 0, aresetn = 0;
  reg  [23:0] awaddr, araddr;
  reg         awvalid = 0, wvalid = 0, arvalid = 0, bready = 0, rready = 0;
  reg  [31:0] wdata;
  reg  [ 3:0] wstrb;
  wire        awready, wready, bvalid, arready, rvalid;
  wire [ 1:0] bresp, rresp;
  wire [31:0] rdata;
  wire        run, clear, saturated, framing_error;
  reg         busy = 0, saturating = 0, framing = 0;
  wire        window_valid, window_write;
  wire [ 3:0] window_region;
  wire [17:0] window_addr;
  wire [31:0] window_data;
  reg         window_ack = 0, window_error;
  reg  [31:0] window_rdata;

  qn_registers #(
      .CW(CW), .HASH(HASH), .W(WIDTH), .UNITS(UNITS), .INPUTS(INPUTS),
      .OUTPUTS(OUTPUTS), .RUN(RUN)
  ) dut (
      .aclk(aclk), .aresetn(aresetn),
      .s_axil_awaddr(awaddr), .s_axil_awvalid(awvalid),
      .s_axil_awready(awready), .s_axil_wdata(wdata), .s_axil_wstrb(wstrb),
      .s_axil_wvalid(wvalid), .s_axil_wready(wready), .s_axil_bresp(bresp),
      .s_axil_bvalid(bvalid), .s_axil_bready(bready),
      .s_axil_araddr(araddr), .s_axil_arvalid(arvalid),
      .s_axil_arready(arready), .s_axil_rdata(rdata), .s_axil_rresp(rresp),
      .s_axil_rvalid(rvalid), .s_axil_rready(rready),
      .run(run), .clear(clear), .busy(busy), .saturating(saturating),
      .framing(framing), .saturated(saturated),
      .framing_error(framing_error),
      .window_valid(window_valid), .window_write(window_write),
      .window_region(window_region), .window_addr(window_addr),
      .window_data(window_data), .window_ack(window_ack),
      .window_error(window_error), .window_rdata(window_rdata)
  );

  integer seed = SEED, faults = 0, cycle = 0, i;

  always #5 aclk = ~aclk;

  task fault(input integer where); begin
    faults = faults + 1;
    if (faults <= 10) $display("FAIL %0d at cycle %0d", where, cycle);
  end endtask

  function integer below(input integer n);
    below = $unsigned($random(seed)) % n;
  endfunction

  function one_in(input integer n);
    one_in = below(n) == 0;
  endfunction

  // ---- the core: memories that answer late, steps, flags --------------------

  function there(input [3:0] region, input [17:0] word);
    there = (region == STATES_REGION && word < STATES)
          || (region == REGION_A && word < WORDS_A)
          || (region == REGION_B && word < WORDS_B);
  endfunction

  reg  [31:0] memory [0:1023];  // of the core
  reg  [31:0] shadow [0:1023];  // of the model
  integer     steps = 0;        // cycles that busy has yet to last
  reg         ran = 0;          // run was high in the last cycle

  always @(negedge aclk) begin
    window_ack   = 0;
    window_error = 1'bx;
    window_rdata = 32'bx;
    #1;
    if (window_valid === 1'b1 && one_in(3)) begin
      window_ack   = 1;
      window_error = !there(window_region, window_addr);
      if (!window_error && window_write)
        memory[{window_region, window_addr[5:0]}] = window_data;
      if (!window_write)
        window_rdata = memory[{window_region, window_addr[5:0]}];
    end
  end

  always @(negedge aclk) begin
    saturating = one_in(40);
    framing    = one_in(40);
    if (!aresetn) steps = 0;
    else if (steps > 0) steps = steps - 1;
    else if (ran && one_in(10)) steps = 1 + below(30);
    busy = steps > 0;
    ran  = run;
  end

  // ---- masters --------------------------------------------------------------

  function [23:0] any_address(input integer dummy);
    case (below(12))
      0, 1, 2: any_address = AT_CONTROL;
      3: any_address = AT_STATUS;
      4, 5: any_address = 4 * below(10);
      6: any_address = {STATES_REGION, 20'd0} + 4 * below(22);
      7, 8: any_address = {REGION_A, 20'd0} + 4 * below(42);
      9: any_address = {REGION_B, 20'd0} + 4 * below(8);
      10: any_address = $random(seed);
      default: any_address = 24'd1 << below(24);
    endcase
  endfunction

  task wait_some; while (!one_in(3)) @(negedge aclk); endtask

  task send_address(input [23:0] to); begin
    wait_some;
    awaddr  = to;
    awvalid = 1;
    #2 while (!awready) begin @(negedge aclk); #2; end
    @(negedge aclk) awvalid = 0;
    awaddr = 24'bx;
  end endtask

  task send_data(input [31:0] data, input [3:0] strobe); begin
    wait_some;
    wdata  = data;
    wstrb  = strobe;
    wvalid = 1;
    #2 while (!wready) begin @(negedge aclk); #2; end
    @(negedge aclk) wvalid = 0;
    wdata = 32'bx;
    wstrb = 4'bx;
  end endtask

  task send_read(input [23:0] from); begin
    wait_some;
    araddr  = from;
    arvalid = 1;
    #2 while (!arready) begin @(negedge aclk); #2; end
    @(negedge aclk) arvalid = 0;
    araddr = 24'bx;
  end endtask

  integer writers, readers;
  reg     written = 0;

  initial begin
    wait (aresetn);
    for (writers = 0; writers < ACCESSES; writers = writers + 1)
      fork
        send_address(any_address(0));
        send_data($random(seed), one_in(10) ? $random(seed) : 4'b1111);
      join
    written = 1;
  end

  always @(negedge aclk) begin
    bready = one_in(2);
    rready = one_in(2);
  end

  // ---- what an access must do -----------------------------------------------
  // seen from its first cycle on: what stood, what was asked, what could be read

  integer met [0:9];  // how often each kind of access was met
  integer asks = 0, clears = 0;    // since the last access was taken
  reg  [31:0] ask_rdata;
  reg         ask_error, ask_write;
  reg  [ 3:0] ask_region;
  reg  [17:0] ask_addr;
  reg  [31:0] ask_data;
  reg  [ 1:0] stood, moved;        // ever, of reads [0] and writes [1]
  reg  [ 2:0] zero, one;           // ever, of framing, saturated and busy
  reg         run_zero, run_one;
  reg         run_m = RUN, saturated_m = 0, framing_m = 0;
  reg         saturating_p = 0, framing_p = 0;
  reg         fails, want_error;
  reg  [31:0] want, want_mask;     // bits of rdata that are known
  reg  [31:0] was_rdata;
  reg  [ 1:0] was_bresp, was_rresp;
  reg         was_bvalid = 0, was_rvalid = 0;
  integer     length = 0, quiet = 0;  // of the last step; cycles since
  integer     owed_b = 0, owed_r = 0;
  integer     before_read = 0, before_write = 0;  // taken while one waits
  reg  [23:0] at;

  task look(input k); begin  // k: the access is a write
    if (!run && !busy) stood[k] = 1;
    else moved[k] = 1;
    if (!k) begin
      zero     = zero | ~{framing_error, saturated, busy};
      one      = one | {framing_error, saturated, busy};
      run_zero = run_zero | !run;
      run_one  = run_one | run;
    end
  end endtask

  task forget(input k); begin
    stood[k] = 0;
    moved[k] = 0;
    asks     = 0;
    clears   = 0;
    if (!k) {zero, one, run_zero, run_one} = 0;
  end endtask

  // the window: what was asked is what the access names
  task judge_window(input k); begin
    if (stood[k] && !moved[k] && asks !== 1) fault(1);
    if (!stood[k] && asks !== 0) fault(2);
    fails = asks == 0 || !there(at[23:20], at[19:2]);
    if (asks == 1) begin
      if (ask_write !== k || ask_region !== at[23:20]) fault(3);
      if (ask_addr !== at[19:2]) fault(4);
      if (k && ask_data !== wdata) fault(5);
      if (ask_error !== fails) fault(6);
    end
    if (!fails && k) shadow[{at[23:20], at[7:2]}] = wdata;
    if (!fails) want = shadow[{at[23:20], at[7:2]}];
    met[k ? 0 : 1] = met[k ? 0 : 1] + !fails;
    met[2] = met[2] + (asks == 0);
    met[3] = met[3] + (asks == 1 && fails);
  end endtask

  task judge_write_register;
    case (at)
      AT_CONTROL: begin
        fails = 0;
        if (wdata[CONTROL_CLEAR]) begin
          if (stood[1] && !moved[1] && clears !== 1) fault(7);
          if (!stood[1] && clears !== 0) fault(8);
          fails  = clears == 0;
          met[4] = met[4] + clears;
          met[5] = met[5] + fails;
        end else if (clears !== 0) fault(9);
        if (!fails) run_m = wdata[CONTROL_RUN];
      end
      AT_STATUS: begin
        fails = 0;
        if (wdata[STATUS_SATURATED]) saturated_m = 0;
        if (wdata[STATUS_FRAMING_ERROR]) framing_m = 0;
        met[6] = met[6] + 1;
      end
      default: met[7] = met[7] + 1;
    endcase
  endtask

  task judge_read_register; begin
    fails = at > AT_LAST;
    want  = 0;
    case (at)
      AT_ID: want = WANT_ID;
      AT_VERSION: want = WANT_VERSION;
      AT_LAYOUT: want = HASH;
      AT_CONTROL: begin
        want[CONTROL_RUN]      = run_one;
        want_mask[CONTROL_RUN] = !(run_one && run_zero);
      end
      AT_STATUS: begin
        {want[STATUS_FRAMING_ERROR], want[STATUS_SATURATED],
         want[STATUS_BUSY]} = one;
        {want_mask[STATUS_FRAMING_ERROR], want_mask[STATUS_SATURATED],
         want_mask[STATUS_BUSY]} = ~(one & zero);
      end
      AT_CYCLES:
      if (!one[0]) begin
        want   = length > 1 << (CW - 1) ? 1 << (CW - 1) : length;
        met[8] = met[8] + 1;
      end else want_mask = 0;
      AT_SIZES: want = {INPUTS[15:0], UNITS[15:0]};
      AT_WORDS: want = {WIDTH[15:0], OUTPUTS[15:0]};
    endcase
  end endtask

  task judge(input k); begin
    at        = k ? awaddr : araddr;
    fails     = 1;
    want      = 0;
    want_mask = ~32'd0;
    if (at[1:0] == 0 && (!k || wstrb == 4'b1111)) begin
      if (at[23] || at[23:20] == STATES_REGION) judge_window(k);
      else begin
        if (k) judge_write_register;
        else judge_read_register;
        if (asks !== 0) fault(10);
      end
    end else begin
      met[9] = met[9] + 1;
      if (asks !== 0) fault(11);
    end
    if (clears !== (k && at == AT_CONTROL && !fails && wdata[CONTROL_CLEAR]))
      fault(12);
    if (fails) want = 0;
    if (fails) want_mask = ~32'd0;
    want_error = fails;
    forget(k);
  end endtask

  // ---- every cycle, before its edge -----------------------------------------

  always @(posedge aclk) if (aresetn) begin
    cycle = cycle + 1;
    if (busy) begin
      length = quiet > 0 ? 1 : length + 1;
      quiet  = 0;
    end else quiet = quiet + 1;
    if (awvalid && wvalid) look(1);
    if (arvalid) look(0);

    if (saturating_p) saturated_m = 1;
    if (framing_p) framing_m = 1;
    if (awvalid & awready) begin
      owed_b = owed_b + 1;
      judge(1);
      if (saturating_p) saturated_m = 1;  // stays, though cleared
      if (framing_p) framing_m = 1;
    end
    if ((awvalid & awready) !== (wvalid & wready)) fault(13);
    if (arvalid & arready) begin
      owed_r = owed_r + 1;
      judge(0);
    end
    before_read  = !arvalid | arready ? 0 : before_read + (awvalid & awready);
    before_write = !(awvalid & wvalid) | awready ? 0
                 : before_write + (arvalid & arready);
    if (before_read > 1 || before_write > 1) fault(27);
    if (run !== run_m) fault(14);
    if (saturated !== saturated_m || framing_error !== framing_m) fault(15);
    saturating_p = saturating;
    framing_p    = framing;

    if (window_valid && (run || busy)) fault(16);
    if (window_valid && window_ack) begin
      asks = asks + 1;
      {ask_write, ask_region, ask_addr} =
          {window_write, window_region, window_addr};
      {ask_data, ask_error, ask_rdata} =
          {window_data, window_error, window_rdata};
    end
    if (clear) begin
      clears = clears + 1;
      if (run || busy) fault(17);
    end

    if (was_bvalid && !(bvalid && bresp === was_bresp)) fault(18);
    if (was_rvalid && !(rvalid && rresp === was_rresp && rdata === was_rdata))
      fault(19);
    if (bvalid && owed_b - (awvalid & awready) !== 1) fault(20);
    if (rvalid && owed_r - (arvalid & arready) !== 1) fault(21);
    if (bvalid && bresp !== {want_error, 1'b0}) fault(22);
    if (rvalid && rresp !== {want_error, 1'b0}) fault(23);
    if (rvalid && ((rdata ^ want) & want_mask) !== 0) fault(24);
    if (bvalid & bready) owed_b = owed_b - 1;
    if (rvalid & rready) owed_r = owed_r - 1;
    was_bvalid = bvalid & ~bready;
    was_rvalid = rvalid & ~rready;
    {was_bresp, was_rresp, was_rdata} = {bresp, rresp, rdata};
  end

  initial begin
    for (i = 0; i < 1024; i = i + 1) begin
      memory[i] = i * 32'h9e3779b1;
      shadow[i] = memory[i];
    end
    for (i = 0; i < 10; i = i + 1) met[i] = 0;
    {stood, moved, zero, one, run_zero, run_one} = 0;
    repeat (4) @(negedge aclk);
    aresetn = 1;
    for (readers = 0; readers < ACCESSES; readers = readers + 1)
      send_read(any_address(0));
    wait (written);
    repeat (40) @(negedge aclk);
    if (owed_b !== 0 || owed_r !== 0) fault(25);
    for (i = 0; i < 10; i = i + 1) if (met[i] < 10) fault(100 + i);
    for (i = 0; i < 1024; i = i + 1) if (memory[i] !== shadow[i]) fault(26);
    if (faults == 0) $display("PASS");
    $display("%0d cycles; window: %0d written, %0d read", cycle, met[0],
             met[1]);
    $display("%0d refused, %0d beyond", met[2], met[3]);
    $display("clear %0d, refused %0d; flags %0d, read-only %0d", met[4], met[5],
             met[6], met[7]);
    $display("cycles %0d, not a word %0d", met[8], met[9]);
    $finish;
  end

  initial #20000000 begin
    $display("FAIL: no end after %0d cycles", cycle);
    $finish;
  end
endmodule
