/* draw_ends.c - circuits of gates, drivers, readouts, rails and wires, and the
 * memristor with its law. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "netlists/draw/draw_cells.h"
#include "netlists/draw/draw_svg.h"

#define MINUS "\342\210\222"

static void add_pin(qn_text *t, double x, double y, const char *name)
{
  qn_svg_use(t, "pin", x, y, 0);
  qn_svg_text(t, "", x, y - 10, QN_MIDDLE, "%s", name);
}

static void add_wire(qn_text *t, double x1, double x2, double y)
{
  qn_svg_line(t, "w", x1, y, x2, y);
}

/* ---- amplifier and gate ------------------------------------------------------------- */

static int has_gates(const qn_chip *chip, const qn_ranges *r)
{
  (void)chip;
  return r->gain.any;
}

static void draw_gate(qn_text *t, const qn_chip *chip)
{
  double y = 104;

  (void)chip;
  add_pin(t, 34, y - 12, "V_pre");
  add_wire(t, 37, 130, y - 12);
  qn_svg_path(t, "w", "M130 %gH92V%g", y + 12, y + 20);
  qn_svg_use(t, "source", 92, y + 20, 0);
  qn_svg_use(t, "ground", 92, y + 70, 0);
  qn_svg_text(t, "", 112, y + 49, QN_START, "V_th");
  qn_svg_use(t, "amplifier", 130, y, 0);
  qn_svg_text(t, "", 148, y + 4, QN_START, "A");
  add_wire(t, 180, 230, y);
  qn_svg_text(t, "", 205, y - 8, QN_MIDDLE, "u");
  qn_svg_use(t, "logistic", 230, y, 0);
  qn_svg_text(t, "s", 255, y + 36, QN_MIDDLE, "a pair in weak inversion");
  add_wire(t, 280, 347, y);
  add_pin(t, 350, y, "s");
}

static void tell_gate(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  qn_panel_equation(t, "s = 1 / (1 + exp(" MINUS "\316\272/U_T A (V_pre " MINUS
                       " V_th)))");
  qn_panel_line(t, 1, "\316\272/U_T %.4g /V,  A %.3g to %.3g",
                chip->gate_slope_per_v, r->gain.low, r->gain.high);
  qn_panel_line(t, 2, "V_th %s (%.3g to %.3g units)",
                qn_svg_range(r->threshold_v.low, r->threshold_v.high, "V").text,
                qn_chip_to_model(chip, r->threshold_v.low),
                qn_chip_to_model(chip, r->threshold_v.high));
}

const qn_panel qn_panel_gate = {"Amplifier and gate", has_gates, 284, draw_gate,
                                tell_gate};

/* ---- driver and readout ------------------------------------------------------------- */

static void add_map(qn_text *t, double x, double y, const char *map)
{
  qn_svg_rect(t, "z", x, y - 17, 84, 34);
  qn_svg_text(t, "e", x + 42, y + 4, QN_MIDDLE, "%s", map);
}

static void tell_limits(qn_text *t, int line, double a, double b)
{
  if (isfinite(a) && isfinite(b))
    qn_panel_line(t, line, "held between %s and %s", qn_svg_si(a, "V").text,
                  qn_svg_si(b, "V").text);
  else
    qn_panel_line(t, line, "of unlimited range");
}

static const char *const map_texts[] = {
  [QN_MAP_NONE] = "x", [QN_MAP_LINEAR] = "w x", [QN_MAP_AFFINE] = "w x + b"};

static void draw_driver(qn_text *t, const qn_chip *chip)
{
  double y = 104;

  add_pin(t, 34, y, "x");
  add_wire(t, 37, 76, y);
  if (chip->input_map.kind == QN_MAP_NONE)
    add_wire(t, 76, 160, y);
  else
    add_map(t, 76, y, map_texts[chip->input_map.kind]);
  add_wire(t, 160, 200, y);
  qn_svg_use(t, "buffer", 200, y, 0);
  add_wire(t, 234, 262, y);
  qn_svg_use(t, "clamp", 262, y, 0);
  add_wire(t, 312, 357, y);
  add_pin(t, 360, y, "x_k");
}

static void tell_driver(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  (void)r;
  qn_panel_equation(t,
                    chip->input_map.kind == QN_MAP_NONE ? "V = V_cm + V_u %s"
                                                        : "V = V_cm + V_u (%s)",
                    map_texts[chip->input_map.kind]);
  qn_panel_line(t, 1, "V_cm %s,  V_u %s a unit",
                qn_svg_si(chip->common_mode_v, "V").text,
                qn_svg_si(chip->volts_per_unit, "V").text);
  tell_limits(t, 2, chip->technology.driver_low_v,
              chip->technology.driver_high_v);
  if (chip->rise_fraction > 0)
    qn_panel_line(t, 3, "moves to the next sample in %.3g of one",
                  chip->rise_fraction);
}

const qn_panel qn_panel_driver = {"Driver of an input", NULL, 284, draw_driver,
                                  tell_driver};

static int has_outputs(const qn_chip *chip, const qn_ranges *r)
{
  (void)r;
  return chip->outputs > 0;
}

static const char *const out_texts[] = {
  [QN_MAP_NONE] = "v", [QN_MAP_LINEAR] = "w v", [QN_MAP_AFFINE] = "w v + b"};

static void draw_readout(qn_text *t, const qn_chip *chip)
{
  double y = 104;

  add_pin(t, 34, y, "n_j");
  add_wire(t, 37, 70, y);
  qn_svg_use(t, "buffer", 70, y, 0);
  add_wire(t, 104, 136, y);
  qn_svg_use(t, "clamp", 136, y, 0);
  add_wire(t, 186, 226, y);
  add_map(t, 226, y, out_texts[chip->output_map.kind]);
  add_wire(t, 310, 357, y);
  add_pin(t, 360, y, "y");
}

static void tell_readout(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  (void)r;
  qn_panel_equation(t, "y = %s,  v = (V_j " MINUS " V_cm) / V_u",
                    out_texts[chip->output_map.kind]);
  tell_limits(t, 1, chip->technology.readout_low_v,
              chip->technology.readout_high_v);
  if (chip->technology.readout_offset_v > 0)
    qn_panel_line(t, 2, "offset of a die: deviation %s",
                  qn_svg_si(chip->technology.readout_offset_v, "V").text);
}

const qn_panel qn_panel_readout = {"Readout of an output", has_outputs, 284,
                                   draw_readout, tell_readout};

/* ---- memristor ---------------------------------------------------------------------- */

/* i against v of one siemens, to a corner where both are largest */
static void add_law(qn_text *t, const qn_chip *chip, double x, double y,
                    double size)
{
  const qn_device_card *card = &chip->technology.memristor;
  double most = chip->rail_plus_v - chip->rail_minus_v, slope;
  double top = fmax(fabs(card->device->drive(card->parameter, most, &slope)),
                    fabs(card->device->drive(card->parameter, -most, &slope)));

  top = fmax(top, most);
  qn_svg_path(t, "x", "M%g %gh%gM%g %gv%g", x - size, y, 2 * size, x, y - size,
              2 * size);
  qn_svg_path(t, "x", "M%.6g %.6gL%.6g %.6g", x - size, y + size * most / top,
              x + size, y - size * most / top);
  qn_text_add(t, "<path class=\"p\" d=\"M");
  for (int i = -24; i <= 24; i++) {
    double v = most * i / 24;
    double d = card->device->drive(card->parameter, v, &slope);

    qn_text_add(t, "%s%.5g %.5g", i > -24 ? "L" : "", x + size * i / 24,
                y - size * d / top);
  }
  qn_text_add(t, "\"/>\n");
  qn_svg_text(t, "s", x + size + 4, y + 3.5, QN_START, "v");
  qn_svg_text(t, "s", x, y - size - 5, QN_MIDDLE, "d(v)");
  qn_svg_text(t, "s", x + size, y + 15, QN_END, "%s",
              qn_svg_si(most, "V").text);
}

/* the first of them, in one line */
static void tell_parameters(qn_text *t, const qn_device_card *card, int line)
{
  const qn_parameter *p = card->device->parameters;
  char text[80] = "";
  size_t n = 0;

  for (size_t k = 0; p[k].name && n < 48; k++)
    n += (size_t)snprintf(text + n, sizeof text - n, "%s%.12s %.4g %.8s",
                          k ? ", " : "", p[k].name, card->parameter[k],
                          strcmp(p[k].unit ? p[k].unit : "", "1")
                            ? p[k].unit ? p[k].unit : ""
                            : "");
  qn_svg_name(t, "s", 18, 3 + 16 * line, QN_START, 0, text, 66);
}

/* the current, without what else its equation says */
static void tell_law(qn_text *t, const qn_device_card *card, double x, double y)
{
  const char *law = card->device->equation, *end = strstr(law, ", ");
  char text[128];

  snprintf(text, sizeof text, "%.*s", end ? (int)(end - law) : 120, law);
  qn_svg_name(t, "s", x, y, QN_START, 0, text, 46);
}

static void draw_memristor(qn_text *t, const qn_chip *chip)
{
  double x = 104, y = 68;

  qn_svg_use(t, "memristor", x, y, 0);
  qn_svg_path(t, "w", "M%g %gv-8M%g %gv8", x, y, x, y + 60);
  qn_svg_use(t, "pin", x, y - 11, 0);
  qn_svg_use(t, "pin", x, y + 71, 0);
  qn_svg_text(t, "", x - 18, y + 4, QN_END, "+");
  qn_svg_text(t, "", x - 18, y + 34, QN_END, "v");
  qn_svg_text(t, "", x - 18, y + 64, QN_END, MINUS);
  qn_svg_line(t, "w", x + 24, y + 12, x + 24, y + 48);
  qn_svg_use(t, "arrow", x + 24, y + 48, 90);
  qn_svg_text(t, "", x + 32, y + 34, QN_START, "i");
  add_law(t, chip, 270, 102, 52);
}

static void tell_memristor(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  const qn_device_card *card = &chip->technology.memristor;

  (void)r;
  qn_svg_text(t, "e", 18, 0, QN_START, "i = G d(v)");
  tell_law(t, card, 110, 0);
  if (card->device->title)
    qn_svg_name(t, "s", 18, 19, QN_START, 0, card->device->title, 66);
  tell_parameters(t, card, 2);
  qn_panel_line(t, 3, "thick: the electrode that v counts from, %s",
                chip->technology.polarity_plus > 0 &&
                    chip->technology.polarity_minus > 0
                  ? "at the rails"
                  : "as drawn in the cells");
}

const qn_panel qn_panel_memristor = {"Memristor", NULL, 284, draw_memristor,
                                     tell_memristor};

/* ---- rails -------------------------------------------------------------------------- */

static void add_source(qn_text *t, double x, const char *classes,
                       const char *name, double v)
{
  qn_svg_use(t, "source", x, 86, 0);
  qn_svg_line(t, "w", x, 78, x, 86);
  qn_svg_use(t, "pin", x, 75, 0);
  qn_svg_use(t, "ground", x, 136, 0);
  qn_svg_text(t, classes, x, 62, QN_MIDDLE, "%s", name);
  qn_svg_text(t, "", x + 22, 115, QN_START, "%s", qn_svg_si(v, "V").text);
}

static void draw_rails(qn_text *t, const qn_chip *chip)
{
  add_source(t, 110, "tp", "E_+", chip->rail_plus_v);
  add_source(t, 250, "tm", "E_" MINUS, chip->rail_minus_v);
}

static void tell_rails(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  (void)r;
  qn_panel_equation(t, "V = V_cm + V_u x of a model value x");
  qn_panel_line(t, 1, "E_+ at %.4g units, E_" MINUS " at %.4g",
                qn_chip_to_model(chip, chip->rail_plus_v),
                qn_chip_to_model(chip, chip->rail_minus_v));
  qn_panel_line(t, 2, "V_cm %s,  V_u %s,  a model second %s",
                qn_svg_si(chip->common_mode_v, "V").text,
                qn_svg_si(chip->volts_per_unit, "V").text,
                qn_svg_si(chip->seconds_per_unit, "s").text);
  if (chip->technology.rail_error_v > 0)
    qn_panel_line(t, 3, "deviation of a rail on a die %s",
                  qn_svg_si(chip->technology.rail_error_v, "V").text);
}

const qn_panel qn_panel_rails = {"Rails", NULL, 284, draw_rails, tell_rails};

/* ---- wires -------------------------------------------------------------------------- */

static int has_wires(const qn_chip *chip, const qn_ranges *r)
{
  (void)r;
  return chip->technology.rail_ohm > 0 || chip->technology.membrane_ohm > 0;
}

static void draw_wires(qn_text *t, const qn_chip *chip)
{
  double x = 160, y = 66;

  (void)chip;
  qn_svg_line(t, "p", 50, y, 80, y);
  qn_svg_use(t, "resistor", 80, y, 0);
  qn_svg_line(t, "p", 130, y, 220, y);
  qn_svg_use(t, "resistor", 220, y, 0);
  qn_svg_line(t, "p", 270, y, 330, y);
  qn_svg_text(t, "s", 245, y - 10, QN_MIDDLE, "R_row");
  qn_svg_text(t, "tp", 46, y + 4, QN_END, "E_+");
  qn_svg_dot(t, x, y, 3);
  qn_svg_use(t, "memristor", x, y, 0);
  qn_svg_line(t, "w", x, y + 60, x + 60, y + 60);
  qn_svg_dot(t, x + 60, y + 60, 3);
  qn_svg_line(t, "w", x + 60, y + 20, x + 60, y + 64);
  qn_svg_use(t, "resistor", x + 60, y + 64, 90);
  qn_svg_text(t, "s", x + 72, y + 92, QN_START, "R_column");
  qn_svg_text(t, "", x + 60, y + 132, QN_MIDDLE, "n_j");
}

static void tell_wires(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  (void)r;
  qn_panel_line(t, 1, "R_row %s a crossing",
                qn_svg_si(chip->technology.rail_ohm, "\316\251").text);
  qn_panel_line(t, 2, "R_column %s a crossing",
                qn_svg_si(chip->technology.membrane_ohm, "\316\251").text);
  if (chip->technology.rail_f > 0 || chip->technology.membrane_f > 0)
    qn_panel_line(t, 3, "to ground %s a crossing of a row, %s of a column",
                  qn_svg_si(chip->technology.rail_f, "F").text,
                  qn_svg_si(chip->technology.membrane_f, "F").text);
}

const qn_panel qn_panel_wires = {"Wires of the crossbar", has_wires, 284,
                                 draw_wires, tell_wires};
