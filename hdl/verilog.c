/* verilog.c - the folder: one text a file, and the RTL from the library. */
#include <quench/verilog.h>

#include <stdlib.h>

#include <quench/embedded.h>
#include <quench/file.h>

#include "hdl/folder_parts.h"

/* ---- small files ----------------------------------------------------------- */

/* for verilator -f, iverilog -c and the like, from inside the folder */
static void file_list_text(const qn_core *core, qn_text *text)
{
  const qn_embedded_file *file = qn_embedded_next("hdl/rtl/", NULL);

  for (; file; file = qn_embedded_next("hdl/rtl/", file))
    qn_text_add(text, "rtl/%s\n", qn_rtl_name(file->path));
  qn_text_add(text, "%s.v\n", core->name);
}

static void fusesoc_rtl(const qn_core *core, qn_text *text)
{
  const qn_embedded_file *file = qn_embedded_next("hdl/rtl/", NULL);

  qn_text_add(text, "  rtl:\n    files:\n");
  for (; file; file = qn_embedded_next("hdl/rtl/", file))
    qn_text_add(text, "      - rtl/%s\n", qn_rtl_name(file->path));
  qn_text_add(text, "      - %s.v\n    file_type: verilogSource-2005\n",
              core->name);
}

/* CAPI2, https://fusesoc.readthedocs.io/en/stable/ref/capi2.html */
static void fusesoc_text(const qn_core *core, qn_text *text)
{
  qn_text_add(text, "CAPI=2:\nname: quench:network:%s:0\n", core->name);
  qn_text_add(text, "description: liquid neural network, made by quench\n\n"
                    "filesets:\n");
  fusesoc_rtl(core, text);
  qn_text_add(text, "  images:\n    files:\n");
  for (const qn_image *image = qn_images; image->file; image++)
    qn_text_add(text, "      - %s: {copyto: %s}\n", image->file, image->file);
  qn_text_add(text,
              "    file_type: user\n  tb:\n    files:\n"
              "      - %s_tb.v: {file_type: verilogSource-2005}\n",
              core->name);
  for (const char *const *vector = qn_testbench_vectors; *vector; vector++)
    qn_text_add(text, "      - %s: {file_type: user, copyto: %s}\n", *vector,
                *vector);
  qn_text_add(text,
              "\ntargets:\n  default:\n    filesets: [rtl, images]\n"
              "    toplevel: %s\n"
              "  sim:\n    filesets: [rtl, images, tb]\n"
              "    toplevel: %s_tb\n    default_tool: icarus\n",
              core->name, core->name);
}

static void beats(const qn_core *core, qn_text *text)
{
  char name[32];

  qn_text_add(text, "\n| beat | what | format |\n|---|---|---|\n");
  for (size_t k = 0; k < core->inputs; k++) {
    qn_text_add(text, "| in %zu | ", k);
    qn_text_add_safe(text, core->feature_names[k], "|`");
    qn_text_add(text, " | %s |\n", qn_format_text(core->feature[k], name));
  }
  for (size_t k = 0; k < core->outputs; k++) {
    qn_text_add(text, "| out %zu | ", k);
    qn_text_add_safe(text, core->output_names[k], "|`");
    qn_text_add(text, " | %s |\n", qn_format_text(core->output[k], name));
  }
}

static void instance(const qn_core *core, qn_text *text)
{
  qn_text_add(text,
              "\n```verilog\n%s network (\n"
              "    .aclk(aclk), .aresetn(aresetn),\n"
              "    .s_axis_tdata(in_data), .s_axis_tvalid(in_valid),\n"
              "    .s_axis_tlast(in_last), .s_axis_tready(in_ready),\n"
              "    .m_axis_tdata(out_data), .m_axis_tvalid(out_valid),\n"
              "    .m_axis_tlast(out_last), .m_axis_tready(out_ready),\n"
              "    .framing_error(), .saturated(), .busy(),\n"
              "    .tap_valid(), .tap_unfold(), .tap_neuron(), "
              ".tap_value());\n```\n",
              core->name);
}

static void readme_text(const qn_core *core, qn_text *text)
{
  qn_text_add(text,
              "# %s\n\nA liquid time-constant network in Verilog-2005: %zu "
              "inputs, %zu neurons, %zu outputs, %u unfolds a sample. Made by "
              "quench; network %.16s, layout %.16s.\n",
              core->name, core->inputs, core->units, core->outputs,
              core->unfolds, core->network_sha256, core->layout_hash);
  instance(core, text);
  qn_text_add(text,
              "\nAXI4-Stream. A sample is %zu beats of %u bits, sign-extended; "
              "a result is %zu. `fix<W,F>` is a signed word of W bits that "
              "stands for word / 2^F; a word beyond W bits is clipped. TLAST "
              "on the last beat of a sequence's last sample starts the next "
              "sequence from state zero and comes back with its last result. "
              "TLAST inside a sample drops it, clears the state and sets "
              "`framing_error` until reset. `saturated` never rises while "
              "inputs stay in their range (proof in core.json). `aresetn` is "
              "synchronous.\n",
              core->inputs, qn_core_beat_width(core), core->outputs);
  beats(core, text);
  qn_text_add(text,
              "\n%u cycles from a sample's last beat to its first result "
              "beat; a new sample every %u cycles at best.\n\n"
              "Tools run in this folder find the memory images (`*.mem`) by "
              "their names.\n\n"
              "    iverilog -g2005 -c %s.f %s_tb.v -o tb && vvp -N tb    # "
              "prints PASS\n"
              "    verilator --lint-only -Wall -f %s.f --top-module %s\n"
              "    yosys -p \"read_verilog %s.v rtl/*.v; synth_ice40 -dsp "
              "-top %s\"\n",
              core->cycles, qn_core_cycles_per_sample(core), core->name,
              core->name, core->name, core->name, core->name, core->name);
}

/* ---- the folder -------------------------------------------------------------- */

struct file {
  const char *suffix; /* after the core's name */
  const char *name;   /* or the whole name */
  void (*add)(const qn_core *core, qn_text *text);
};

static const struct file files[] = {
  {".v", NULL, qn_top_text},
  {".f", NULL, file_list_text},
  {".core", NULL, fusesoc_text},
  {"_tb.v", NULL, qn_testbench_text},
  {NULL, "core.json", qn_core_json_text},
  {NULL, "README.md", readme_text},
};

static qn_status write_file(const qn_core *core, const struct file *file,
                            const char *folder, qn_diag *diag)
{
  char *name = file->name ? qn_text_format("%s", file->name)
                          : qn_text_format("%s%s", core->name, file->suffix);
  qn_text text;
  qn_status st;

  qn_text_init(&text);
  file->add(core, &text);
  st = name ? qn_folder_write(folder, name, &text, diag)
            : qn_diag_out_of_memory(diag);
  qn_text_release(&text);
  free(name);
  return st;
}

qn_status qn_verilog_write(const qn_core *core, const char *folder,
                           qn_diag *diag)
{
  char *rtl = qn_text_format("%s/rtl", folder);
  qn_status st =
    rtl ? qn_embedded_copy("hdl/rtl/", rtl, diag) : qn_diag_out_of_memory(diag);

  free(rtl);
  if (!st)
    st = qn_images_write(core, folder, diag);
  for (size_t i = 0; !st && i < sizeof files / sizeof *files; i++)
    st = write_file(core, &files[i], folder, diag);
  return st ? st : qn_testbench_write_vectors(core, folder, diag);
}
