/* simulator.c - the core in Verilator: sources, key and compilation. */
#include "hdl/simulator.h"

#include <stdlib.h>

#include "hdl/build.h"
#include "hdl/folder_parts.h"

#include <quench/cosim.h>
#include <quench/process.h>

enum { ARGUMENTS_MAX = 48, BUILD_TIMEOUT_S = 1800 };

/* Memories and registers start at random, so that what is never reset or
 * written shows. */
/* clang-format off: as one would type it */
static const char *const verilator[] = {"env",
                                        "-u",
                                        "MAKEFLAGS",
                                        "-u",
                                        "MAKELEVEL",
                                        "-u",
                                        "MFLAGS",
                                        "verilator",
                                        "--cc",
                                        "--exe",
                                        "--build",
                                        "-j",
                                        "2",
                                        "-O3",
                                        "--x-assign",
                                        "unique",
                                        "--x-initial",
                                        "unique",
                                        "--Mdir",
                                        "obj",
                                        "--top-module",
                                        QN_SIMULATOR_TOP,
                                        "-CFLAGS",
                                        "-O2 -I..",
                                        NULL};
/* clang-format on */

static void layout_text(const qn_core *core, qn_text *text)
{
  qn_text_add(text, "#define QN_WIDTH %u\n#define QN_BEAT %u\n", core->width,
              qn_core_beat_width(core));
  qn_text_add(text, "#define QN_INPUTS %zu\n#define QN_OUTPUTS %zu\n",
              core->inputs, core->outputs);
  qn_text_add(text, "#define QN_UNITS %zu\n#define QN_UNFOLDS %u\n",
              core->units, core->unfolds);
}

static void plain_top_text(const qn_core *core, qn_text *text)
{
  qn_top_plain_text(core, QN_SIMULATOR_TOP, text);
}

static qn_status write_text(const qn_core *core, const char *folder,
                            const char *name,
                            void (*add)(const qn_core *, qn_text *),
                            qn_diag *diag)
{
  qn_text text;
  qn_status st;

  qn_text_init(&text);
  add(core, &text);
  st = qn_folder_write(folder, name, &text, diag);
  qn_text_release(&text);
  return st;
}

qn_status qn_simulator_write_sources(const qn_core *core, const char *folder,
                                     qn_diag *diag)
{
  char *rtl = qn_text_format("%s/rtl", folder);
  qn_status st =
    rtl ? qn_embedded_copy("hdl/rtl/", rtl, diag) : qn_diag_out_of_memory(diag);

  free(rtl);
  if (!st)
    st = qn_embedded_copy("hdl/cosim/", folder, diag);
  if (!st)
    st = write_text(core, folder, "qn_layout.h", layout_text, diag);
  if (!st)
    st = write_text(core, folder, QN_SIMULATOR_TOP ".v", plain_top_text, diag);
  return st;
}

qn_status qn_simulator_add_key(const qn_core *core, qn_text *key, qn_diag *diag)
{
  qn_status st =
    qn_build_add_version(key, "verilator", "--version", "verilator", diag);

  if (st)
    return st;
  for (size_t i = 0; verilator[i]; i++)
    qn_text_add(key, "%s\n", verilator[i]);
  qn_build_add_embedded(key, "hdl/rtl/");
  qn_build_add_embedded(key, "hdl/cosim/");
  layout_text(core, key);
  plain_top_text(core, key);
  return QN_OK;
}

static size_t append(const char **argv, size_t n, const char *const *more)
{
  for (; *more && n + 1 < ARGUMENTS_MAX; more++)
    argv[n++] = *more;
  argv[n] = NULL;
  return n;
}

qn_status qn_simulator_compile(const char *folder, const char *const *options,
                               const char *const *sources,
                               const qn_progress *progress, qn_diag *diag)
{
  const char *argv[ARGUMENTS_MAX];
  char *log = qn_text_format("%s/verilator.log", folder);
  qn_status st = qn_process_require("g++", "g++", diag);
  size_t n;

  if (!log)
    return qn_diag_out_of_memory(diag);
  n = append(argv, 0, verilator);
  n = append(argv, n, options);
  append(argv, n, sources);
  if (!st)
    st = qn_process_run(argv, folder, log, BUILD_TIMEOUT_S, progress, diag);
  free(log);
  return st;
}

/* ---- the target `rtl` ------------------------------------------------------ */

static qn_status make_rtl(const void *arg, const char *folder,
                          const qn_progress *progress, qn_diag *diag)
{
  static const char *const options[] = {"-GSTATE_TAP=1", "-y",           "rtl",
                                        "-MAKEFLAGS",    "OPT_FAST=-O2", NULL};
  static const char *const sources[] = {"qn_top.v", "harness.cpp", NULL};
  qn_status st = qn_simulator_write_sources(arg, folder, diag);

  return st ? st
            : qn_simulator_compile(folder, options, sources, progress, diag);
}

/* Weights are read at run time: one build for all networks of a layout. */
static qn_status build_rtl(const qn_core *core, const char *images,
                           const qn_progress *progress, char **executable,
                           qn_diag *diag)
{
  qn_text key;
  qn_build build = {.kind = "rtl",
                    .key = &key,
                    .make = make_rtl,
                    .progress = progress,
                    .arg = core,
                    .product = "obj/V" QN_SIMULATOR_TOP};
  qn_status st;

  (void)images;
  *executable = NULL;
  qn_text_init(&key);
  st = qn_simulator_add_key(core, &key, diag);
  if (!st)
    st = qn_build_get(&build, executable, diag);
  qn_text_release(&key);
  return st;
}

const qn_cosim_target qn_cosim_rtl = {
  .name = "rtl",
  .summary = "the Verilog in Verilator",
  .build = build_rtl,
};
