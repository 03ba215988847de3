/* gates.c - the netlist after synthesis for iCE40, in Verilator.
 *
 * Memory contents are part of a netlist, so each network has its own build. */
#include <stdlib.h>

#include <quench/cosim.h>
#include <quench/file.h>

#include "hdl/build.h"
#include "hdl/folder_parts.h"
#include "hdl/simulator.h"
#include "hdl/yosys.h"

static const char script[] =
  "read_verilog " QN_SIMULATOR_TOP ".v rtl/*.v; "
  "chparam -set STATE_TAP 1 " QN_SIMULATOR_TOP "; "
  "synth_ice40 -dsp -top " QN_SIMULATOR_TOP "; check -assert; "
  "write_verilog -noattr gates.v";

struct source {
  const qn_core *core;
  const char *images;
};

/* The images into a folder, or all of them one after another into text. */
static qn_status copy_image(const char *from, const qn_image *image,
                            const char *to, qn_text *text, qn_diag *diag)
{
  char *path = qn_text_format("%s/%s", from, image->file), *data = NULL;
  size_t size = 0;
  qn_status st =
    path ? qn_file_read(path, &data, &size, diag) : qn_diag_out_of_memory(diag);

  if (!st)
    qn_text_add_bytes(text, data, size);
  if (!st && to)
    st = qn_folder_write(to, image->file, text, diag);
  free(data);
  free(path);
  return st;
}

static qn_status copy_images(const char *from, const char *to, qn_diag *diag)
{
  qn_status st = QN_OK;

  for (const qn_image *image = qn_images; !st && image->file; image++) {
    qn_text text;

    qn_text_init(&text);
    st = copy_image(from, image, to, &text, diag);
    qn_text_release(&text);
  }
  return st;
}

static qn_status make_gates(const void *arg, const char *folder,
                            const qn_progress *progress, qn_diag *diag)
{
  static const char *const options[] = {
    "-Wno-lint",  "-Wno-fatal",   "-DNO_ICE40_DEFAULT_ASSIGNMENTS",
    "-MAKEFLAGS", "OPT_FAST=-O1", NULL};
  const struct source *source = arg;
  const char *sources[] = {"gates.v", NULL, "harness.cpp", NULL};
  char *cells;
  qn_status st = qn_simulator_write_sources(source->core, folder, diag);

  if (!st)
    st = copy_images(source->images, folder, diag);
  if (!st)
    st = qn_yosys_run(folder, script, progress, diag);
  if (!st)
    st = qn_yosys_ice40_cells(&cells, diag);
  if (st)
    return st;
  sources[1] = cells;
  st = qn_simulator_compile(folder, options, sources, progress, diag);
  free(cells);
  return st;
}

static qn_status add_key(const struct source *source, qn_text *key,
                         qn_diag *diag)
{
  qn_status st = qn_build_add_version(key, "yosys", "-V", "yosys", diag);

  if (!st)
    st = qn_simulator_add_key(source->core, key, diag);
  qn_text_add(key, "%s\n", script);
  for (const qn_image *image = qn_images; !st && image->file; image++)
    st = copy_image(source->images, image, NULL, key, diag);
  return st;
}

static qn_status build_gates(const qn_core *core, const char *images,
                             const qn_progress *progress, char **executable,
                             qn_diag *diag)
{
  const struct source source = {.core = core, .images = images};
  qn_text key;
  qn_build build = {.kind = "gates",
                    .key = &key,
                    .make = make_gates,
                    .progress = progress,
                    .arg = &source,
                    .product = "obj/V" QN_SIMULATOR_TOP};
  qn_status st;

  *executable = NULL;
  qn_text_init(&key);
  st = add_key(&source, &key, diag);
  if (!st)
    st = qn_build_get(&build, executable, diag);
  qn_text_release(&key);
  return st;
}

const qn_cosim_target qn_cosim_gates = {
  .name = "gates",
  .summary = "the netlist after Yosys synth_ice40 -dsp, in Verilator",
  .build = build_gates,
};
