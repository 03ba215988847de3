/* draw_synapse.c - circuits of what pulls at a membrane: synapses and leaks. */
#include <math.h>

#include "netlists/draw/draw_cells.h"
#include "netlists/draw/draw_svg.h"

#define MINUS "\342\210\222"

/* ---- parts -------------------------------------------------------------------------- */

static void add_rail(qn_text *t, const qn_chip *chip, qn_side side, double x,
                     double y)
{
  double v = side == QN_PLUS ? chip->rail_plus_v : chip->rail_minus_v;

  qn_svg_use(t, "rail", x, y, 0);
  qn_svg_text(t, side == QN_PLUS ? "tp" : "tm", x + 20, y + 4, QN_START, "%s",
              side == QN_PLUS ? "E_+" : "E_" MINUS);
  qn_svg_text(t, "s", x + 42, y + 4, QN_START, "%s", qn_svg_si(v, "V").text);
}

static void add_pin(qn_text *t, double x, double y, qn_anchor anchor,
                    const char *name)
{
  qn_svg_use(t, "pin", x, y, 0);
  qn_svg_text(t, "", x + (anchor == QN_END ? 6 : -4), y - 10, anchor, "%s",
              name);
}

/* from pin V_pre to the fraction s, whose box ends at x + 168 */
static void add_gate(qn_text *t, double x, double y)
{
  add_pin(t, x, y - 12, QN_START, "V_pre");
  qn_svg_line(t, "w", x + 3, y - 12, x + 36, y - 12);
  qn_svg_line(t, "w", x + 12, y + 12, x + 36, y + 12);
  qn_svg_text(t, "", x + 8, y + 16, QN_END, "V_th");
  qn_svg_use(t, "amplifier", x + 36, y, 0);
  qn_svg_text(t, "", x + 54, y + 4, QN_START, "A");
  qn_svg_line(t, "w", x + 86, y, x + 96, y);
  qn_svg_use(t, "logistic", x + 96, y, 0);
  qn_svg_text(t, "", x + 160, y - 6, QN_START, "s");
}

/* what conducts to which rail */
static void add_conductances(qn_text *t, int line, const qn_range *plus,
                             const qn_range *minus)
{
  qn_panel_line(
    t, line, "G_+ %s,  G_" MINUS " %s",
    plus->any ? qn_svg_range(plus->low, plus->high, "S").text : "absent",
    minus->any ? qn_svg_range(minus->low, minus->high, "S").text : "absent");
}

/* ---- direct ------------------------------------------------------------------------- */

static int is_direct(const qn_chip *chip, const qn_ranges *r)
{
  return chip->technology.cell == QN_CELL_DIRECT && r->gain.any;
}

/* up from the node at (x, y), or down */
static void add_switched(qn_text *t, const qn_chip *chip, qn_side side,
                         double x, double y)
{
  int up = side == QN_PLUS;

  qn_svg_use(t, "switch", x, up ? y - 44 : y + 4, 0);
  qn_svg_line(t, "w", x, y, x, up ? y - 4 : y + 4);
  qn_panel_memristor_at(t, chip, side, x, up ? y - 104 : y + 44);
  add_rail(t, chip, side, x, up ? y - 104 : y + 104);
  qn_svg_text(t, "", x + 18, up ? y - 70 : y + 78, QN_START, "%s",
              up ? "G_+" : "G_" MINUS);
  if (chip->technology.switch_ohm > 0)
    qn_svg_text(t, "s", x + 10, up ? y - 21 : y + 28, QN_START, "R_on %s",
                qn_svg_si(chip->technology.switch_ohm, "\316\251").text);
}

static void draw_direct(qn_text *t, const qn_chip *chip)
{
  double x = 262, y = 160;

  add_gate(t, 40, y);
  qn_svg_path(t, "c", "M186 %gH222V%gH%gM222 %gV%gH%g", y, y - 24, x - 8, y,
              y + 24, x - 8);
  add_switched(t, chip, QN_PLUS, x, y);
  add_switched(t, chip, QN_MINUS, x, y);
  qn_svg_line(t, "w", x, y, 357, y);
  qn_svg_dot(t, x, y, 3);
  add_pin(t, 360, y, QN_MIDDLE, "V_post");
}

static void tell_direct(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  (void)chip;
  qn_panel_equation(t, "I = s [G_+ d(E_+ " MINUS " V) + G_" MINUS " d(E_" MINUS
                       " " MINUS " V)],  V = V_post");
  add_conductances(t, 1, &r->plus_s, &r->minus_s);
  qn_panel_line(t, 2,
                "s: the fraction of the time that both switches are closed");
  qn_panel_line(t, 3, "d: the memristor's drive");
}

const qn_panel qn_panel_direct = {"Synapse, direct cell", is_direct, 360,
                                  draw_direct, tell_direct};

/* ---- steered ------------------------------------------------------------------------ */

static int is_steered(const qn_chip *chip, const qn_ranges *r)
{
  return chip->technology.cell == QN_CELL_STEERED && r->gain.any;
}

/* a pair whose tail is a memristor; its left drain goes to the membrane at
 * (x - 26, y), its right one is thrown away */
static void add_pair(qn_text *t, const qn_chip *chip, qn_side side, double x,
                     double y)
{
  int up = side == QN_PLUS;
  double sign = up ? -1 : 1, gate = y + sign * 40, tail = y + sign * 64;

  qn_svg_use(t, up ? "pmos" : "nmos", x - 48, gate, 0);
  qn_svg_use(t, up ? "pmos_mirrored" : "nmos_mirrored", x + 48, gate, 0);
  qn_svg_line(t, "w", x - 26, tail, x + 26, tail);
  qn_svg_line(t, "w", x - 26, y + sign * 16, x - 26, y);
  qn_svg_path(t, "w", "M%g %gv%gh22", x + 26, y + sign * 16, -sign * 4);
  qn_svg_use(t, "arrow", x + 56, y + sign * 12, 0);
  qn_svg_text(t, "s", x + 60, y + sign * 12 + 3.5, QN_START, "away");
  qn_svg_dot(t, x, tail, 2.6);
  qn_svg_text(t, "", x - 54, gate + 4, QN_END, up ? "u_" MINUS : "u_+");
  qn_svg_text(t, "", x + 54, gate + 4, QN_START, up ? "u_+" : "u_" MINUS);
  qn_panel_memristor_at(t, chip, side, x, up ? tail - 60 : tail);
  add_rail(t, chip, side, x, tail + sign * 60);
  qn_svg_text(t, "", x + 18, tail + sign * 30 + 4, QN_START, "%s",
              up ? "G_+" : "G_" MINUS);
}

static void draw_steered(qn_text *t, const qn_chip *chip)
{
  double x = 244, y = 176;

  add_pin(t, 40, y - 12, QN_START, "V_pre");
  qn_svg_line(t, "w", 43, y - 12, 76, y - 12);
  qn_svg_line(t, "w", 56, y + 12, 76, y + 12);
  qn_svg_text(t, "", 52, y + 16, QN_END, "V_th");
  qn_svg_use(t, "amplifier", 76, y, 0);
  qn_svg_text(t, "", 94, y + 4, QN_START, "A");
  qn_svg_text(t, "", 131, y + 4, QN_START, "u_+, u_" MINUS);
  add_pair(t, chip, QN_PLUS, x, y);
  add_pair(t, chip, QN_MINUS, x, y);
  qn_svg_line(t, "w", x - 26, y, 357, y);
  qn_svg_dot(t, x - 26, y, 3);
  add_pin(t, 360, y, QN_MIDDLE, "V_post");
}

static void tell_steered(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  (void)chip;
  qn_panel_equation(t, "I = s_+ G_+ d(E_+ " MINUS " V) + s_" MINUS " G_" MINUS
                       " d(E_" MINUS " " MINUS " V),  V = V_post");
  add_conductances(t, 1, &r->plus_s, &r->minus_s);
  qn_panel_line(t, 2,
                "each memristor, clamped to V_post, conducts always; its pair "
                "steers");
  qn_panel_line(
    t, 3, "the fraction s_+ or s_" MINUS " of its current to the membrane");
}

const qn_panel qn_panel_steered = {"Synapse, steered cell", is_steered, 420,
                                   draw_steered, tell_steered};

/* ---- transconductor ----------------------------------------------------------------- */

static int is_transconductor(const qn_chip *chip, const qn_ranges *r)
{
  return chip->technology.cell == QN_CELL_TRANSCONDUCTOR && r->gain.any;
}

static void draw_transconductor(qn_text *t, const qn_chip *chip)
{
  (void)chip;
  add_gate(t, 40, 122);
  qn_svg_path(t, "c", "M186 122H238");
  qn_svg_use(t, "memristor", 246, 42, 0);
  qn_svg_use(t, "rail", 246, 42, 0);
  qn_svg_use(t, "switch", 246, 102, 0);
  qn_svg_line(t, "w", 246, 142, 246, 183);
  qn_svg_text(t, "", 264, 76, QN_START, "G");
  qn_svg_text(t, "s", 264, 90, QN_START, "sets the bias");
  qn_svg_use(t, "amplifier", 224, 196, 0);
  add_pin(t, 150, 184, QN_START, "E");
  qn_svg_line(t, "w", 153, 184, 224, 184);
  qn_svg_line(t, "w", 274, 196, 357, 196);
  qn_svg_path(t, "w", "M320 196V244H204V208H224");
  qn_svg_dot(t, 320, 196, 3);
  add_pin(t, 360, 196, QN_MIDDLE, "V_post");
}

static void tell_transconductor(qn_text *t, const qn_chip *chip,
                                const qn_ranges *r)
{
  double range = chip->technology.linear_range_v;

  if (isfinite(range))
    qn_panel_equation(t, "I = s G V_L tanh((E " MINUS " V_post) / V_L)");
  else
    qn_panel_equation(t, "I = s G (E " MINUS " V_post)");
  qn_panel_line(t, 1, "G %s",
                qn_svg_range(r->plus_s.low, r->plus_s.high, "S").text);
  qn_panel_line(t, 2, "E %s, the synapse's own",
                qn_svg_range(r->reversal_v.low, r->reversal_v.high, "V").text);
  if (isfinite(range))
    qn_panel_line(t, 3, "V_L %s", qn_svg_si(range, "V").text);
}

const qn_panel qn_panel_transconductor = {
  "Synapse, transconductor", is_transconductor, 360, draw_transconductor,
  tell_transconductor};

/* ---- leak --------------------------------------------------------------------------- */

static int has_leak(const qn_chip *chip, const qn_ranges *r)
{
  (void)chip;
  return r->leak_plus_s.any || r->leak_minus_s.any;
}

static void draw_leak(qn_text *t, const qn_chip *chip)
{
  double x = 180, y = 160;

  add_rail(t, chip, QN_PLUS, x, y - 90);
  qn_panel_memristor_at(t, chip, QN_PLUS, x, y - 90);
  qn_svg_line(t, "w", x, y - 30, x, y + 30);
  qn_panel_memristor_at(t, chip, QN_MINUS, x, y + 30);
  add_rail(t, chip, QN_MINUS, x, y + 90);
  qn_svg_text(t, "", x + 18, y - 56, QN_START, "G_+");
  qn_svg_text(t, "", x + 18, y + 64, QN_START, "G_" MINUS);
  qn_svg_line(t, "w", x, y, 297, y);
  qn_svg_dot(t, x, y, 3);
  add_pin(t, 300, y, QN_MIDDLE, "V");
}

static void tell_leak(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  (void)chip;
  qn_panel_equation(t, "I = G_+ d(E_+ " MINUS " V) + G_" MINUS " d(E_" MINUS
                       " " MINUS " V)");
  add_conductances(t, 1, &r->leak_plus_s, &r->leak_minus_s);
  qn_panel_line(t, 2, "the pair of a synapse without its gate");
}

const qn_panel qn_panel_leak = {"Leak", has_leak, 360, draw_leak, tell_leak};

/* ---- membrane ----------------------------------------------------------------------- */

static void add_block(qn_text *t, double x, double y, double width,
                      const char *name)
{
  qn_svg_rect(t, "z", x, y, width, 30);
  qn_svg_text(t, "", x + width / 2, y + 19.5, QN_MIDDLE, "%s", name);
  qn_svg_line(t, "w", x + width / 2, y + 30, x + width / 2, y + 76);
  qn_svg_use(t, "arrow", x + width / 2, y + 62, 90);
  qn_svg_dot(t, x + width / 2, y + 76, 3);
}

static void draw_membrane(qn_text *t, const qn_chip *chip)
{
  (void)chip;
  add_block(t, 50, 70, 66, "leak");
  add_block(t, 140, 70, 172, "synapses: x_k, n_i to n_j");
  qn_svg_line(t, "w", 83, 146, 347, 146);
  qn_svg_use(t, "capacitor", 155, 146, 0);
  qn_svg_dot(t, 155, 146, 3);
  qn_svg_text(t, "", 176, 170, QN_START, "C_j");
  qn_svg_use(t, "ground", 155, 186, 0);
  qn_svg_use(t, "pin", 350, 146, 0);
  qn_svg_text(t, "", 350, 136, QN_MIDDLE, "n_j");
}

static void tell_membrane(qn_text *t, const qn_chip *chip, const qn_ranges *r)
{
  qn_panel_equation(t, "C_j dV_j/dt = I_leak + \316\243 I_synapse");
  qn_panel_line(
    t, 1, "C %s",
    qn_svg_range(r->capacitor_f.low, r->capacitor_f.high, "F").text);
  qn_panel_line(t, 2, "starts at the common mode, %s; %s a model unit",
                qn_svg_si(chip->common_mode_v, "V").text,
                qn_svg_si(chip->volts_per_unit, "V").text);
}

const qn_panel qn_panel_membrane = {"Membrane", NULL, 360, draw_membrane,
                                    tell_membrane};
