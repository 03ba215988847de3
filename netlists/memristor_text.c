/* memristor_text.c - see memristor_text.h. */
#include "netlists/memristor_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "netlists/expression.h"
#include "netlists/law.h"
#include "netlists/wires.h"

/* ---- parameters ------------------------------------------------------------------- */

static const qn_parameter *parameters(const qn_cell_text *c)
{
  return c->chip->technology.memristor.device->parameters;
}

static char letter(qn_side side)
{
  return side == QN_PLUS ? 'p' : 'm';
}

/* " p_v0=0.1": what a subcircuit takes where an instance says nothing */
static void add_own(qn_text *t, const qn_cell_text *c, char prefix)
{
  const qn_device_card *card = &c->chip->technology.memristor;

  for (size_t k = 0; parameters(c)[k].name; k++)
    if (c->own[k])
      qn_text_add(t, " %c_%s=%s", prefix, parameters(c)[k].name,
                  qn_exact(card->parameter[k]).text);
}

/* " p_v0=0.11" of one memristor, where it differs */
static void set_own(qn_text *t, const qn_cell_text *c, char prefix,
                    size_t number)
{
  const double *common = c->chip->technology.memristor.parameter;
  const double *value = qn_chip_parameters(c->chip, number);

  for (size_t k = 0; parameters(c)[k].name; k++)
    if (c->own[k] && value[k] != common[k] &&
        qn_chip_conductance_of(c->chip, number) > 0)
      qn_text_add(t, " %c_%s=%s", prefix, parameters(c)[k].name,
                  qn_exact(value[k]).text);
}

void qn_memristor_text_add_pair(qn_text *t, const qn_cell_text *c)
{
  qn_text_add(t, c->moves ? " fp=0 xp=0 fm=0 xm=0" : " gp=0 gm=0");
}

void qn_memristor_text_add_pair_own(qn_text *t, const qn_cell_text *c)
{
  add_own(t, c, 'p');
  add_own(t, c, 'm');
  qn_text_add(t, "\n");
}

/* " gp=1e-06" */
static void set(qn_text *t, const qn_cell_text *c, const char *suffix,
                size_t number)
{
  qn_memristor_start start;

  if (!c->moves) {
    qn_text_add(t, " g%s=%s", suffix,
                qn_exact(qn_chip_conductance_of(c->chip, number)).text);
    return;
  }
  start = qn_memristor_start_of(c->chip, number);
  qn_text_add(t, " f%s=%s x%s=%s", suffix, qn_exact(start.factor).text,
              *suffix ? suffix : "0", qn_exact(start.x).text);
}

void qn_memristor_text_set_pair(qn_text *t, const qn_cell_text *c,
                                qn_place place, size_t i)
{
  set(t, c, "p", qn_chip_memristor(c->chip, place, i, QN_PLUS));
  set(t, c, "m", qn_chip_memristor(c->chip, place, i, QN_MINUS));
}

void qn_memristor_text_set_pair_own(qn_text *t, const qn_cell_text *c,
                                    qn_place place, size_t i)
{
  set_own(t, c, 'p', qn_chip_memristor(c->chip, place, i, QN_PLUS));
  set_own(t, c, 'm', qn_chip_memristor(c->chip, place, i, QN_MINUS));
}

void qn_memristor_text_add_one(qn_text *t, const qn_cell_text *c)
{
  qn_text_add(t, c->moves ? " f=0 x0=0" : " g=0");
  if (c->moves)
    add_own(t, c, 'd');
}

void qn_memristor_text_set_one(qn_text *t, const qn_cell_text *c,
                               qn_place place, size_t i)
{
  size_t number = qn_chip_memristor(c->chip, place, i, QN_PLUS);

  set(t, c, "", number);
  if (c->moves)
    set_own(t, c, 'd', number);
}

void qn_memristor_text_pass_on(qn_text *t, const qn_cell_text *c, qn_side side,
                               double switch_ohm)
{
  char s = letter(side);

  if (c->moves)
    qn_text_add(t, "f={f%c} x0={x%c}", s, s);
  else if (switch_ohm > 0)
    qn_text_add(t, "g={g%c/(1+g%c*%s)}", s, s, qn_exact(switch_ohm).text);
  else
    qn_text_add(t, "g={g%c}", s);
  for (size_t k = 0; parameters(c)[k].name; k++)
    if (c->own[k])
      qn_text_add(t, " d_%s={%c_%s}", parameters(c)[k].name, s,
                  parameters(c)[k].name);
}

/* ---- laws -------------------------------------------------------------------------- */

/* Newton's method looks far off while it begins; laws are finite there, but
 * steep. So a memristor that moves is asked no farther than a tenth of its
 * range beyond its bounds, where it points back, and twice the rails' distance,
 * where no voltage of the solution is. */
static const char state[] = "min(max(V(x),-0.1),1.1)";

typedef struct across {
  char text[128];
} across;

static across voltage(const qn_cell_text *c)
{
  const qn_chip *chip = c->chip;
  qn_decimal most = qn_exact(2 * (chip->rail_plus_v - chip->rail_minus_v));
  across v;

  snprintf(v.text, sizeof v.text, "V(a)-V(b)");
  if (c->moves)
    snprintf(v.text, sizeof v.text, "min(max(V(a)-V(b),-%s),%s)", most.text,
             most.text);
  return v;
}

static void add_law(qn_text *t, const qn_cell_text *c, const char *law,
                    const char *v)
{
  const qn_technology *tech = &c->chip->technology;
  qn_decimal kelvin = qn_exact(tech->temperature_k);
  const qn_law_word words[] = {
    {"v", v}, {"x", state}, {"temperature", kelvin.text}, {NULL, NULL}};

  qn_law_add(t, law, &(qn_law_card){&tech->memristor, c->own}, words);
}

static void add_drive(qn_text *t, const qn_cell_text *c)
{
  add_law(t, c, c->chip->technology.memristor.device->spice_drive,
          voltage(c).text);
}

/* f times G(x) */
static void add_conductance(qn_text *t, const qn_cell_text *c)
{
  qn_text_add(t, "f*");
  add_law(t, c, c->chip->technology.memristor.device->spice_conductance, "0");
}

/* a rate at voltage v, in two goes: nodes of its steps, and its value */
struct rate {
  const char *v, *suffix;
};

typedef void law_fn(qn_text *t, const char *law, const qn_law_card *parameters,
                    const qn_law_word *words, qn_law_steps steps,
                    const char *suffix);

static void add_rate(qn_text *t, const qn_cell_text *c, const struct rate *r,
                     law_fn *add)
{
  const qn_technology *tech = &c->chip->technology;
  qn_decimal kelvin = qn_exact(tech->temperature_k);
  const qn_law_word words[] = {
    {"v", r->v}, {"x", state}, {"temperature", kelvin.text}, {NULL, NULL}};

  add(t, tech->memristor.device->spice_rate,
      &(qn_law_card){&tech->memristor, c->own}, words, QN_STEPS_NODES,
      r->suffix);
}

static int add_held(qn_text *t, const qn_cell_text *c)
{
  if (qn_noise_text_holds(&c->noise))
    qn_text_add(t, "Vx x 0 {x0}\n");
  return qn_noise_text_holds(&c->noise);
}

static void add_state(qn_text *t, const qn_cell_text *c, const char *v)
{
  const struct rate rate = {v, ""};

  if (add_held(t, c))
    return;
  add_rate(t, c, &rate, qn_law_add_steps);
  qn_text_add(t, "Bx 0 x I={%s*", qn_memristor_state_farad(c->chip).text);
  add_rate(t, c, &rate, qn_law_add_value);
  qn_text_add(t, "}\nCx x 0 %s IC={x0}\n",
              qn_memristor_state_farad(c->chip).text);
}

/* Averaged over the period of a direct cell's gate: its memristor sees v while
 * the gate conducts, and nothing for the rest. */
static void add_averaged_state(qn_text *t, const qn_cell_text *c, const char *v)
{
  const struct rate closed = {v, ""}, open = {"0", "_0"};

  if (add_held(t, c))
    return;
  add_rate(t, c, &closed, qn_law_add_steps);
  if (!qn_memristor_rests(c->chip))
    add_rate(t, c, &open, qn_law_add_steps);
  qn_text_add(t, "Bx 0 x I={%s*(V(gate)*",
              qn_memristor_state_farad(c->chip).text);
  add_rate(t, c, &closed, qn_law_add_value);
  if (!qn_memristor_rests(c->chip)) {
    qn_text_add(t, "+(1-V(gate))*");
    add_rate(t, c, &open, qn_law_add_value);
  }
  qn_text_add(t, ")}\nCx x 0 %s IC={x0}\n",
              qn_memristor_state_farad(c->chip).text);
}

/* ---- subcircuits -------------------------------------------------------------------- */

static int is_turned(const qn_cell_text *c, qn_side side)
{
  const qn_technology *t = &c->chip->technology;

  return (side == QN_PLUS ? t->polarity_plus : t->polarity_minus) < 0;
}

/* a record's words, which part with semicolons */
static void add_words(qn_text *t, const char *words)
{
  for (; *words; words++)
    qn_text_add_bytes(t, *words == ';' ? "," : words, 1);
}

static void add_equations(qn_text *t, const qn_cell_text *c)
{
  const qn_device *device = c->chip->technology.memristor.device;

  qn_text_add(t, "* memristor %s: ", device->name);
  qn_expression_comment(t, device->equation);
  if (c->moves) {
    qn_text_add(t, "\n* V(x) is its state, 0 to 1: ");
    add_words(t, device->state_equation);
  }
  if (c->moves && device->altered) {
    qn_text_add(t, "\n* Altered: ");
    add_words(t, device->altered);
  }
  if (is_turned(c, QN_PLUS) || is_turned(c, QN_MINUS))
    qn_text_add(t,
                "\n* with v from a to b; a is at the membrane of those"
                " to the %s rail",
                !is_turned(c, QN_MINUS) ? "upper"
                : is_turned(c, QN_PLUS) ? "either"
                                        : "lower");
}

void qn_memristor_text_add_setting(qn_text *t, const qn_cell_text *c)
{
  if (c->moves)
    add_conductance(t, c);
  else
    qn_text_add(t, "g");
}

/* Thermal noise of what it conducts, as a current that a resistor's voltage
 * drives: density 4 k T of `outside` squared times `inside` times G. */
static void add_thermal(qn_text *t, const qn_cell_text *c, const char *outside,
                        const char *inside)
{
  if (!c->noise.thermal)
    return;
  qn_text_add(t, "Xz z qn_noise\nBz a b I={%ssqrt(%s", outside, inside);
  qn_memristor_text_add_setting(t, c);
  qn_text_add(t, ")*V(z)}\n");
}

/* Partition of what it carries: 2 q |I| s (1 - s). */
static void add_partition(qn_text *t, const qn_cell_text *c)
{
  if (!c->noise.partition)
    return;
  qn_text_add(t, "Xs zs qn_noise\nBs a b I={sqrt(%s*",
              qn_exact(qn_noise_text_shot(&c->noise)).text);
  qn_memristor_text_add_setting(t, c);
  qn_text_add(t, "*max(abs(");
  add_drive(t, c);
  qn_text_add(t, ")*V(gate)*(1-V(gate)),1e-9))*V(zs)}\n");
}

void qn_memristor_text_add(qn_text *t, const qn_cell_text *c)
{
  add_equations(t, c);
  qn_text_add(t, "\n.subckt qn_memristor a b PARAMS: %s",
              c->moves ? "f=0 x0=0" : "g=0");
  add_own(t, c, 'd');
  qn_text_add(t, "\nB1 a b I={");
  qn_memristor_text_add_setting(t, c);
  qn_text_add(t, "*");
  add_drive(t, c);
  qn_text_add(t, "%s}\n", qn_noise_text_factor(&c->noise));
  if (c->moves)
    add_state(t, c, voltage(c).text);
  add_thermal(t, c, "", "");
  qn_noise_text_add_factor(t, &c->noise);
  qn_text_add(t, ".ends\n\n");
}

static double switch_ohm(const qn_cell_text *c)
{
  const qn_technology *t = &c->chip->technology;

  return t->cell == QN_CELL_DIRECT ? t->switch_ohm : 0;
}

/* The closed switch leaves a memristor V(part) of the voltage; a steered one
 * sees all of it, always. */
static void add_gated_state(qn_text *t, const qn_cell_text *c)
{
  across v = voltage(c);
  size_t n = strlen(v.text);

  if (switch_ohm(c) > 0)
    snprintf(v.text + n, sizeof v.text - n, "*V(part)");
  if (c->chip->technology.cell == QN_CELL_DIRECT)
    add_averaged_state(t, c, v.text);
  else
    add_state(t, c, v.text);
}

static void add_moving_gated(qn_text *t, const qn_cell_text *c)
{
  if (switch_ohm(c) > 0) {
    qn_text_add(t, "Bp 0 part I={1/(1+%s*", qn_exact(switch_ohm(c)).text);
    add_conductance(t, c);
    qn_text_add(t, ")}\nRp part 0 1\n");
  }
  qn_text_add(t, "B1 a b I={V(gate)*%s", switch_ohm(c) > 0 ? "V(part)*" : "");
  add_conductance(t, c);
}

static void add_gated_noise(qn_text *t, const qn_cell_text *c)
{
  if (c->chip->technology.cell == QN_CELL_STEERED)
    add_thermal(t, c, "V(gate)*", "");
  else /* no steeper than a Newton's iteration bears */
    add_thermal(t, c, "",
                c->moves && switch_ohm(c) > 0 ? "max(V(gate),1e-12)*V(part)*"
                                              : "max(V(gate),1e-12)*");
  add_partition(t, c);
  qn_noise_text_add_factor(t, &c->noise);
}

void qn_memristor_text_add_gated(qn_text *t, const qn_cell_text *c,
                                 const char *what)
{
  qn_text_add(t, "* %s\n.subckt qn_gated a b gate PARAMS: %s", what,
              c->moves ? "f=0 x0=0" : "g=0");
  add_own(t, c, 'd');
  qn_text_add(t, "\n");
  if (c->moves)
    add_moving_gated(t, c);
  else
    qn_text_add(t, "B1 a b I={V(gate)*g");
  qn_text_add(t, "*");
  add_drive(t, c);
  qn_text_add(t, "%s}\n", qn_noise_text_factor(&c->noise));
  if (c->moves)
    add_gated_state(t, c);
  add_gated_noise(t, c);
  qn_text_add(t, ".ends\n\n");
}

void qn_memristor_text_add_setting_state(qn_text *t, const qn_cell_text *c)
{
  double v = c->chip->technology.read_voltage_v;

  if (!c->moves)
    return;
  add_state(t, c, qn_exact(isfinite(v) ? v : 0).text);
}
