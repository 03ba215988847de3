/* fpga.c - a bare core through Yosys and nextpnr-ice40. */
#include <quench/fpga.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>

#include "hdl/folder_parts.h"
#include "hdl/simulator.h"
#include "hdl/yosys.h"

enum { PLACE_TIMEOUT_S = 1800 };

const qn_fpga_device qn_fpga_devices[] = {
  {"up5k", "Lattice iCE40 UltraPlus 5K, 8 multiplier blocks", "-dsp", "--up5k",
   "sg48"},
  {"hx8k", "Lattice iCE40 HX8K, no multiplier blocks", "", "--hx8k", "ct256"},
  {.name = NULL},
};

const qn_fpga_device *qn_fpga_device_find(const char *name)
{
  for (const qn_fpga_device *device = qn_fpga_devices; device->name; device++)
    if (strcmp(device->name, name) == 0)
      return device;
  return NULL;
}

/* ---- wrappers -------------------------------------------------------------- */

static const char instance[] =
  "  " QN_SIMULATOR_TOP " core (\n"
  "      .aclk(clk), .aresetn(in_q[0]), .s_axis_tvalid(in_q[1]),\n"
  "      .s_axis_tlast(in_q[2]), .m_axis_tready(in_q[3]),\n"
  "      .s_axis_tdata(in_q[NI-1:4]), .s_axis_tready(out[0]),\n"
  "      .m_axis_tvalid(out[1]), .m_axis_tlast(out[2]),\n"
  "      .framing_error(out[3]), .saturated(out[4]), .busy(out[5]),\n"
  "      .m_axis_tdata(out[NO-1:6]), .tap_valid(), .tap_unfold(),\n"
  "      .tap_neuron(), .tap_value());\n";

static const char through[] =
  "  assign out = {in_q[NI-1:4], in_q[1:0], in_q[3:0]};\n";

/* Pins to shift register to core to shift register to pin. */
static qn_status write_wrapper(const qn_core *core, const char *folder,
                               const char *name, const char *inside,
                               qn_diag *diag)
{
  unsigned beat = qn_core_beat_width(core);
  char *file = qn_text_format("%s.v", name);
  qn_text text;
  qn_status st;

  qn_text_init(&text);
  qn_text_add(&text,
              "module %s (input clk, input d, input load, output q);\n"
              "  localparam NI = %u, NO = %u;\n"
              "  reg [NI-1:0] in_q;\n  reg [NO-1:0] out_q;\n"
              "  wire [NO-1:0] out;\n",
              name, beat + 4, beat + 6);
  qn_text_add(&text, "%s", inside);
  qn_text_add(&text, "  always @(posedge clk) in_q <= {in_q[NI-2:0], d};\n"
                     "  always @(posedge clk)\n"
                     "    out_q <= load ? out : {out_q[NO-2:0], 1'b0};\n"
                     "  assign q = out_q[NO-1];\nendmodule\n");
  st = file ? qn_folder_write(folder, file, &text, diag)
            : qn_diag_out_of_memory(diag);
  qn_text_release(&text);
  free(file);
  return st;
}

/* ---- tools ----------------------------------------------------------------- */

static qn_status synthesise(const char *folder, const qn_fpga_device *device,
                            const char *top, const char *sources,
                            const qn_progress *progress, qn_diag *diag)
{
  char *script =
    qn_text_format("read_verilog %s.v %s; synth_ice40 %s -top %s -json %s.json",
                   top, sources, device->synthesis, top, top);
  qn_status st = script ? qn_yosys_run(folder, script, progress, diag)
                        : qn_diag_out_of_memory(diag);

  free(script);
  return st;
}

static qn_status place(const char *folder, const qn_fpga_device *device,
                       const char *top, const qn_progress *progress,
                       qn_diag *diag)
{
  char *design = qn_text_format("%s.json", top);
  char *report = qn_text_format("%s.report.json", top);
  char *log = qn_text_format("%s/nextpnr.log", folder);
  const char *const argv[] = {"nextpnr-ice40",
                              device->device,
                              "--package",
                              device->package,
                              "--pcf-allow-unconstrained",
                              "--timing-allow-fail",
                              "--seed",
                              "1",
                              "--json",
                              design,
                              "--report",
                              report,
                              NULL};
  qn_status st = qn_process_require("nextpnr-ice40", "nextpnr-ice40", diag);

  if (!st)
    st = design && report && log
           ? qn_process_run(argv, folder, log, PLACE_TIMEOUT_S, progress, diag)
           : qn_diag_out_of_memory(diag);
  free(design);
  free(report);
  free(log);
  return st;
}

/* ---- nextpnr's report -------------------------------------------------------- */

static unsigned count_of(const json_t *utilization, const char *cell,
                         const char *key)
{
  const json_t *entry = json_object_get(utilization, cell);

  return (unsigned)json_integer_value(json_object_get(entry, key));
}

static qn_fpga_cells cells_of(const json_t *utilization, const char *key)
{
  return (qn_fpga_cells){
    .logic_cells = count_of(utilization, "ICESTORM_LC", key),
    .dsps = count_of(utilization, "ICESTORM_DSP", key),
    .rams = count_of(utilization, "ICESTORM_RAM", key),
    .globals = count_of(utilization, "SB_GB", key),
  };
}

/* The slowest clock. */
static double fmax_of(json_t *fmax)
{
  const char *clock;
  json_t *entry;
  double slowest = 0;

  json_object_foreach(fmax, clock, entry)
  {
    double mhz = json_number_value(json_object_get(entry, "achieved"));

    if (slowest == 0 || mhz < slowest)
      slowest = mhz;
  }
  return 1e6 * slowest;
}

static qn_status read_report(const char *folder, const char *top,
                             qn_fpga_cells *used, qn_fpga_cells *available,
                             double *fmax_hz, qn_diag *diag)
{
  char *path = qn_text_format("%s/%s.report.json", folder, top);
  json_error_t error;
  json_t *root = path ? json_load_file(path, 0, &error) : NULL;
  const json_t *utilization = json_object_get(root, "utilization");
  qn_status st = QN_OK;

  if (utilization) {
    *used = cells_of(utilization, "used");
    *available = cells_of(utilization, "available");
    *fmax_hz = fmax_of(json_object_get(root, "fmax"));
  } else
    st = qn_diag_set(diag, QN_ETOOL, path, "",
                     "nextpnr-ice40 left no report of its cells");
  json_decref(root);
  free(path);
  return st;
}

/* ---- all of it ------------------------------------------------------------- */

static qn_status run_tools(const char *folder, const qn_fpga_device *device,
                           const char *top, const char *sources,
                           qn_fpga_cells *used, qn_fpga_cells *available,
                           double *fmax_hz, const qn_progress *progress,
                           qn_diag *diag)
{
  qn_status st = synthesise(folder, device, top, sources, progress, diag);

  if (!st)
    st = place(folder, device, top, progress, diag);
  return st ? st : read_report(folder, top, used, available, fmax_hz, diag);
}

static qn_status place_in(const char *folder, const qn_core *core,
                          const qn_fpga_device *device, qn_fpga_report *report,
                          const qn_progress *progress, qn_diag *diag)
{
  qn_fpga_cells total = {0};
  double ignored;
  qn_status st = qn_simulator_write_sources(core, folder, diag);

  if (!st)
    st = qn_images_write(core, folder, diag);
  if (!st)
    st = write_wrapper(core, folder, "wrapped", instance, diag);
  if (!st)
    st = write_wrapper(core, folder, "wrapper", through, diag);
  if (!st)
    st = run_tools(folder, device, "wrapper", "", &report->wrapper,
                   &report->available, &ignored, progress, diag);
  if (!st)
    st =
      run_tools(folder, device, "wrapped", QN_SIMULATOR_TOP ".v rtl/*.v",
                &total, &report->available, &report->fmax_hz, progress, diag);
  report->core = (qn_fpga_cells){
    .logic_cells = total.logic_cells - report->wrapper.logic_cells,
    .dsps = total.dsps - report->wrapper.dsps,
    .rams = total.rams - report->wrapper.rams,
    .globals = total.globals - report->wrapper.globals,
  };
  return st;
}

qn_status qn_fpga_place(const qn_core *core, const qn_fpga_device *device,
                        const qn_progress *progress, qn_fpga_report *report,
                        qn_diag *diag)
{
  char *folder;
  qn_status st = qn_file_temporary_folder(&folder, diag);

  *report = (qn_fpga_report){.fmax_hz = 0};
  if (st)
    return st;
  st = place_in(folder, core, device, report, progress, diag);
  qn_file_remove_folder(folder);
  free(folder);
  return st;
}
