/* verilog_a.c - a chip's cells as Verilog-A modules, in place of subcircuits of
 * the same names, pins and parameters.
 *
 * Memristors' states are internal nodes with ddt(); where a simulator looks for
 * an equilibrium, a conductance of 1 S holds them where they start. There is no
 * hidden state and no other condition, and every variable is set before it is
 * used. Numbers are written as reals: 3/2 would be 1. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "netlists/dialect.h"
#include "netlists/law.h"
#include "netlists/memristor_text.h"

/* a memristor of a cell, from node a to node b, behind the gate that the
 * variable `gate` holds, or behind none */
struct part {
  const char *tag; /* "p", "m", or "" where it is alone */
  const char *a, *b;
  int gated;
};

/* ---- numbers ------------------------------------------------------------------------ */

/* a SPICE expression with real numbers; nodes are named as they are */
static void add_reals(qn_text *t, const char *s)
{
  for (size_t n; *s; s += n) {
    n = qn_expression_token(s);
    qn_text_add_bytes(t, s, n);
    if (isdigit((unsigned char)*s) && strcspn(s, ".e") >= n)
      qn_text_add(t, ".0");
  }
}

/* each line of statements, indented */
static void add_statements(qn_text *t, const char *s)
{
  while (*s) {
    size_t n = strcspn(s, "\n");
    qn_text line;

    qn_text_init(&line);
    qn_text_add_bytes(&line, s, n);
    qn_text_add(t, "    ");
    add_reals(t, line.data);
    qn_text_add(t, "\n");
    qn_text_release(&line);
    s += n + (s[n] == '\n');
  }
}

static void add_real(qn_text *t, double x)
{
  add_reals(t, qn_exact(x).text);
}

/* ---- laws --------------------------------------------------------------------------- */

static const qn_law_card *card(const qn_cell_text *c, qn_law_card *room)
{
  *room = (qn_law_card){&c->chip->technology.memristor, c->own};
  return room;
}

/* name = the law's value at a voltage; its steps before it */
static void add_law(qn_text *t, const qn_cell_text *c, const char *law,
                    const char *name, const char *v)
{
  qn_decimal kelvin = qn_exact(c->chip->technology.temperature_k);
  const qn_law_word words[] = {
    {"v", v}, {"x", "x"}, {"temperature", kelvin.text}, {NULL, NULL}};
  qn_law_card room;
  qn_text lines;

  qn_text_init(&lines);
  qn_law_add_steps(&lines, law, card(c, &room), words, QN_STEPS_VARIABLES, "");
  qn_text_add(&lines, "%s = ", name);
  qn_law_add_value(&lines, law, &room, words, QN_STEPS_VARIABLES, "");
  qn_text_add(&lines, ";\n");
  add_statements(t, lines.data);
  t->failed |= lines.failed;
  qn_text_release(&lines);
}

/* ---- one memristor ------------------------------------------------------------------ */

/* parameters of its own under the names that laws have for them */
static void take_own(qn_text *t, const qn_cell_text *c, const struct part *p)
{
  const qn_parameter *parameter =
    c->chip->technology.memristor.device->parameters;

  for (size_t k = 0; parameter[k].name && *p->tag; k++)
    if (c->own[k])
      qn_text_add(t, "    d_%s = %s_%s;\n", parameter[k].name, p->tag,
                  parameter[k].name);
}

static double switch_ohm(const qn_cell_text *c, const struct part *p)
{
  const qn_technology *t = &c->chip->technology;

  return p->gated && t->cell == QN_CELL_DIRECT ? t->switch_ohm : 0;
}

/* g, and the part of the voltage that a closed switch leaves it */
static void add_conductance(qn_text *t, const qn_cell_text *c,
                            const struct part *p)
{
  const qn_device *device = c->chip->technology.memristor.device;

  if (c->moves) {
    qn_text_add(t, "    x = min(max(V(x%s_state), -0.1), 1.1);\n", p->tag);
    add_law(t, c, device->spice_conductance, "g_x", "0.0");
    qn_text_add(t, "    g_x = f%s*g_x;\n", p->tag);
  } else {
    qn_text_add(t, "    g_x = g%s;\n", p->tag);
  }
  qn_text_add(t, "    left = 1.0/(1.0 + g_x*");
  add_real(t, switch_ohm(c, p));
  qn_text_add(t, ");\n");
}

static void add_rate(qn_text *t, const qn_cell_text *c, const struct part *p)
{
  const char *law = c->chip->technology.memristor.device->spice_rate;

  qn_text_add(t, "    across = across*left;\n");
  add_law(t, c, law, "rate", "across");
  if (!p->gated || c->chip->technology.cell != QN_CELL_DIRECT)
    return;
  qn_text_add(t, "    rate = gate*rate;\n");
  if (qn_memristor_rests(c->chip))
    return;
  add_law(t, c, law, "rest", "0.0");
  qn_text_add(t, "    rate = rate + (1.0 - gate)*rest;\n");
}

/* the node of its state, whose rate is known */
static void add_state(qn_text *t, const qn_cell_text *c, const char *tag)
{
  qn_text_add(t, "    I(x%s_state) <+ ", tag);
  add_real(t, strtod(qn_memristor_state_farad(c->chip).text, NULL));
  qn_text_add(t,
              "*(ddt(V(x%s_state)) - rate);\n"
              "    if (analysis(\"static\"))\n"
              "      I(x%s_state) <+ V(x%s_state) - x%s;\n",
              tag, tag, tag, *tag ? tag : "0");
}

static void add_memristor(qn_text *t, const qn_cell_text *c,
                          const struct part *p)
{
  const qn_chip *chip = c->chip;

  take_own(t, c, p);
  qn_text_add(t, "    across = V(%s, %s);\n", p->a, p->b);
  if (c->moves) {
    qn_text_add(t, "    across = min(max(across, -");
    add_real(t, 2 * (chip->rail_plus_v - chip->rail_minus_v));
    qn_text_add(t, "), ");
    add_real(t, 2 * (chip->rail_plus_v - chip->rail_minus_v));
    qn_text_add(t, ");\n");
  }
  add_conductance(t, c, p);
  add_law(t, c, chip->technology.memristor.device->spice_drive, "drive",
          "across");
  qn_text_add(t, "    I(%s, %s) <+ %sg_x*left*drive;\n", p->a, p->b,
              p->gated ? "gate*" : "");
  if (c->moves) {
    add_rate(t, c, p);
    add_state(t, c, p->tag);
  }
}

/* ---- modules ------------------------------------------------------------------------ */

/* what a module begins with; pins "pre, post"; parameters as subcircuits take
 * them, " gp=0 gm=0" */
static void begin(qn_text *t, const char *name, const char *pins,
                  const char *parameters)
{
  qn_text_add(t, "module %s(%s);\n  inout %s;\n  electrical %s;\n", name, pins,
              pins, pins);
  while (*parameters) {
    size_t n = strcspn(++parameters, " \n");

    if (n) {
      qn_text word;

      qn_text_init(&word);
      qn_text_add_bytes(&word, parameters, n);
      qn_text_add(t, "  parameter real %.*s = ", (int)strcspn(word.data, "="),
                  word.data);
      add_reals(t, strchr(word.data, '=') + 1);
      qn_text_add(t, ";\n");
      qn_text_release(&word);
    }
    parameters += n;
  }
}

/* variables of memristors, states of those with these tags */
static void declare(qn_text *t, const qn_cell_text *c, const char *tags)
{
  const qn_device *device = c->chip->technology.memristor.device;

  for (; c->moves && *tags; tags++)
    qn_text_add(t, "  electrical x%.*s_state;\n", *tags != '-', tags);
  qn_text_add(t, "  real gate, across, g_x, left, drive");
  if (c->moves) {
    qn_text_add(t, ", x, rate, rest");
    qn_law_add_names(t, device->spice_rate);
  }
  for (size_t k = 0; device->parameters[k].name; k++)
    if (c->own[k])
      qn_text_add(t, ", d_%s", device->parameters[k].name);
  qn_text_add(t, ";\n  analog begin\n");
}

static void end(qn_text *t)
{
  qn_text_add(t, "  end\nendmodule\n\n");
}

static void add_gate(qn_text *t, const qn_cell_text *c, const char *gain,
                     const char *threshold)
{
  qn_text_add(t, "    gate = 0.5*(1.0 + tanh(0.5*");
  add_real(t, c->chip->gate_slope_per_v);
  qn_text_add(t, "*%s*(V(pre) - %s)));\n", gain, threshold);
}

static void add_to_rail(qn_text *t, const qn_cell_text *c, qn_side side,
                        int gated)
{
  const qn_technology *tech = &c->chip->technology;
  int minus = side == QN_MINUS;
  int turned = (minus ? tech->polarity_minus : tech->polarity_plus) < 0;
  const char *rail = minus ? "minus" : "plus";
  const char *at = !c->wired ? "post" : minus ? "postm" : "postp";
  const struct part p = {minus ? "m" : "p", turned ? at : rail,
                         turned ? rail : at, gated};

  add_memristor(t, c, &p);
}

/* a pair's module up to its equations; `middle`: what a cell adds */
static void begin_pair(qn_text *t, const qn_cell_text *c, const char *name,
                       const char *pre, const char *middle)
{
  qn_text parameters, pins;

  qn_text_init(&parameters);
  qn_text_init(&pins);
  qn_text_add(&pins, "%s%s, plus, minus", pre,
              c->wired ? "postp, postm" : "post");
  qn_memristor_text_add_pair(&parameters, c);
  qn_text_add(&parameters, "%s", middle);
  qn_memristor_text_add_pair_own(&parameters, c);
  begin(t, name, pins.data, parameters.data);
  declare(t, c, "pm");
  qn_text_release(&parameters);
  qn_text_release(&pins);
}

static void add_leak(qn_text *t, const qn_cell_text *c)
{
  begin_pair(t, c, "qn_leak", "", "");
  add_to_rail(t, c, QN_PLUS, 0);
  add_to_rail(t, c, QN_MINUS, 0);
  end(t);
}

static void add_direct(qn_text *t, const qn_cell_text *c)
{
  begin_pair(t, c, "qn_direct", "pre, ", " gain=1 th=0");
  add_gate(t, c, "gain", "th");
  add_to_rail(t, c, QN_PLUS, 1);
  add_to_rail(t, c, QN_MINUS, 1);
  end(t);
}

static void add_steered(qn_text *t, const qn_cell_text *c)
{
  begin_pair(t, c, "qn_steered", "pre, ", " gainp=1 thp=0 gainm=1 thm=0");
  add_gate(t, c, "gainp", "thp");
  add_to_rail(t, c, QN_PLUS, 1);
  add_gate(t, c, "gainm", "thm");
  add_to_rail(t, c, QN_MINUS, 1);
  end(t);
}

/* its memristor sees the read voltage, always */
static void add_transconductor(qn_text *t, const qn_cell_text *c)
{
  const struct part alone = {"", "", "", 0};
  double read_v = c->chip->technology.read_voltage_v;
  qn_text text;

  qn_text_init(&text);
  qn_memristor_text_add_one(&text, c);
  qn_text_add(&text, " er=0 gain=1 th=0");
  begin(t, "qn_transconductor", "pre, post", text.data);
  qn_text_release(&text);
  declare(t, c, "-");
  add_gate(t, c, "gain", "th");
  add_conductance(t, c, &alone);
  qn_text_init(&text);
  qn_cell_text_add_limited(&text, c->chip, "er-V(post)");
  qn_text_add(t, "    I(post) <+ -gate*g_x*");
  add_reals(t, text.data);
  qn_text_add(t, ";\n");
  qn_text_release(&text);
  if (c->moves) {
    qn_text_add(t, "    across = ");
    add_real(t, isfinite(read_v) ? read_v : 0);
    qn_text_add(t, ";\n");
    add_rate(t, c, &alone);
    add_state(t, c, "");
  }
  end(t);
}

static void (*const add_cell[])(qn_text *t, const qn_cell_text *c) = {
  [QN_CELL_DIRECT] = add_direct,
  [QN_CELL_STEERED] = add_steered,
  [QN_CELL_TRANSCONDUCTOR] = add_transconductor,
};

static void add_membrane(qn_text *t)
{
  begin(t, "qn_membrane", "post", " c=1 v0=0");
  qn_text_add(t, "  analog begin\n"
                 "    I(post) <+ c*ddt(V(post));\n"
                 "    if (analysis(\"ic\"))\n"
                 "      I(post) <+ 1.0*(V(post) - v0);\n");
  end(t);
}

static void add_title(qn_text *t, const qn_chip *chip)
{
  qn_text_add(t, "// cells of ");
  qn_expression_comment(t, chip->name);
  qn_text_add(t, " for the technology ");
  qn_expression_comment(t, chip->technology.name);
  qn_text_add(t,
              "\n// written from the language's manual, never compiled\n"
              "// memristor %s: ",
              chip->technology.memristor.device->name);
  qn_expression_comment(t, chip->technology.memristor.device->equation);
  if (qn_memristor_moves(chip)) {
    qn_text_add(t, "\n// x is its state, 0 to 1: ");
    qn_text_add(t, "%s", chip->technology.memristor.device->state_equation);
  }
  qn_text_add(t, "\n`include \"disciplines.vams\"\n\n");
}

void qn_verilog_a_add_cells(qn_text *t, const qn_chip *chip)
{
  qn_cell_text cells;

  qn_cell_text_init(&cells, chip, (qn_noise_wanted){QN_NOISE_FROM_NOTHING, 0});
  add_title(t, chip);
  add_membrane(t);
  add_leak(t, &cells);
  add_cell[(int)chip->technology.cell](t, &cells);
}
