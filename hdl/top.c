/* top.c - the generated top of a core: ports, parameters and one instance. */
#include "hdl/folder_parts.h"

const char *const qn_top_ports[] = {
  "aclk",          "aresetn",       "s_axis_tdata",
  "s_axis_tvalid", "s_axis_tlast",  "s_axis_tready",
  "m_axis_tdata",  "m_axis_tvalid", "m_axis_tlast",
  "m_axis_tready", "framing_error", "saturated",
  "busy",          "tap_valid",     "tap_unfold",
  "tap_neuron",    "tap_value",     NULL,
};

static void header(const qn_core *core, const char *module, qn_text *text)
{
  char name[32];

  qn_text_add(text, "// %s.v - made by quench from a trained network.\n",
              module);
  qn_text_add(text, "//\n// network %.16s..., layout %.16s...\n",
              core->network_sha256, core->layout_hash);
  qn_text_add(text, "// states    %s\n", qn_format_text(core->state, name));
  for (size_t k = 0; k < core->inputs; k++) {
    qn_text_add(text, "// beat in  %zu %-12s ", k,
                qn_format_text(core->feature[k], name));
    qn_text_add_safe(text, core->feature_names[k], "\\`");
    qn_text_add(text, "\n");
  }
  for (size_t k = 0; k < core->outputs; k++) {
    qn_text_add(text, "// beat out %zu %-12s ", k,
                qn_format_text(core->output[k], name));
    qn_text_add_safe(text, core->output_names[k], "\\`");
    qn_text_add(text, "\n");
  }
  qn_text_add(text,
              "// %u cycles from a sample's last beat to its first "
              "result beat\n",
              core->cycles);
}

static void ports(const qn_core *core, const char *module, qn_text *text)
{
  unsigned t = qn_core_beat_width(core) - 1;

  qn_text_add(text, "`default_nettype none\n\nmodule %s #(\n", module);
  qn_text_add(text,
              "    parameter STATE_TAP = 0  // 1: bring out every state write\n"
              ") (\n"
              "    input  wire        aclk,\n"
              "    input  wire        aresetn,\n"
              "    input  wire [%2u:0] s_axis_tdata,\n"
              "    input  wire        s_axis_tvalid,\n"
              "    input  wire        s_axis_tlast,\n"
              "    output wire        s_axis_tready,\n",
              t);
  qn_text_add(text,
              "    output wire [%2u:0] m_axis_tdata,\n"
              "    output wire        m_axis_tvalid,\n"
              "    output wire        m_axis_tlast,\n"
              "    input  wire        m_axis_tready,\n"
              "    output wire        framing_error,\n"
              "    output wire        saturated,\n"
              "    output wire        busy,\n",
              t);
  qn_text_add(text,
              "    output wire        tap_valid,\n"
              "    output wire [ 7:0] tap_unfold,\n"
              "    output wire [15:0] tap_neuron,\n"
              "    output wire [%2u:0] tap_value\n"
              ");\n\n",
              core->width - 1);
}

static void parameters(const qn_core *core, qn_text *text)
{
  const struct {
    const char *name;
    size_t value;
  } list[] = {
    {"W", core->width},
    {"INPUTS", core->inputs},
    {"UNITS", core->units},
    {"OUTPUTS", core->outputs},
    {"UNFOLDS", core->unfolds},
    {"SENSORY", core->slots.sensory},
    {"RECURRENT", core->slots.recurrent},
    {"ZW", core->argument.width},
    {"SHIFT", core->align.cut},
    {"ALIGN_STATE", core->align.state},
    {"ALIGN_INPUT", core->align.input},
    {"ALIGN_OFFSET", core->align.offset},
    {"TABLE_BITS", core->table.bits},
    {"TABLE_GUARD", core->table.guard},
    {"TABLE_SLOPE", core->table.slope_width},
    {"AW", core->sum_width},
    {"DW", core->divider_width},
  };

  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    qn_text_add(text, "      .%s(%zu),\n", list[i].name, list[i].value);
  for (const qn_image *image = qn_images; image->file; image++)
    qn_text_add(text, "      .%s(\"%s\"),\n", image->parameter, image->file);
}

void qn_top_plain_text(const qn_core *core, const char *module, qn_text *text)
{
  ports(core, module, text);
  qn_text_add(text, "  qn_core #(\n");
  parameters(core, text);
  qn_text_add(text, "      .STATE_TAP(STATE_TAP)\n  ) core (\n");
  for (size_t i = 0; qn_top_ports[i]; i++)
    qn_text_add(text, "      .%s(%s)%s\n", qn_top_ports[i], qn_top_ports[i],
                qn_top_ports[i + 1] ? "," : "");
  qn_text_add(text, "  );\n\nendmodule\n\n`default_nettype wire\n");
}

void qn_top_text(const qn_core *core, qn_text *text)
{
  header(core, core->name, text);
  qn_top_plain_text(core, core->name, text);
}
