/* noise_text.c - see noise_text.h. */
#include "netlists/noise_text.h"

#include <math.h>
#include <stdio.h>

#include <quench/flicker.h>

/* SI 2019 */
static const double boltzmann = 1.380649e-23, charge = 1.602176634e-19;

enum { POLES_MAX = QN_FLICKER_POLES_MAX + 1 };

static const double steps_a_time_constant = 10;
static const double frozen_runs = 100; /* as the covariance does */

/* ---- what there is ------------------------------------------------------------------ */

void qn_noise_text_init(qn_noise_text *n, const qn_chip *chip,
                        qn_noise_wanted wanted)
{
  const qn_technology *t = &chip->technology;
  int shot = t->shot_noise == QN_ON;

  *n = (qn_noise_text){.tech = t, .wanted = wanted};
  if (wanted.from == QN_NOISE_FROM_NOTHING)
    return;
  *n = (qn_noise_text){
    .tech = t,
    .wanted = wanted,
    .step_s = qn_noise_text_step(chip),
    .thermal = t->thermal_noise == QN_ON,
    .partition = shot && t->cell == QN_CELL_STEERED,
    .shot = shot && t->cell == QN_CELL_TRANSCONDUCTOR,
    .gates = shot && (t->cell == QN_CELL_TRANSCONDUCTOR ||
                      (t->cell == QN_CELL_DIRECT && t->gate_current_a > 0)),
    .amplifiers =
      t->amplifier_noise_v_per_rthz > 0 || t->amplifier_flicker_v2 > 0,
    .memristors = t->memristor_flicker > 0 || t->telegraph_amplitude > 0,
    .reset = t->reset_noise == QN_ON && wanted.from == QN_NOISE_FROM_NUMBERS,
  };
}

int qn_noise_text_exists(const qn_noise_text *n)
{
  return n->thermal || n->partition || n->shot || n->gates || n->amplifiers ||
         n->memristors || n->reset;
}

int qn_noise_text_holds(const qn_noise_text *n)
{
  return n->wanted.from == QN_NOISE_FROM_RESISTORS && qn_noise_text_exists(n);
}

/* of all that a membrane can conduct to [S] */
static double conductance(const qn_chip *chip, size_t j)
{
  const qn_branches *all[] = {&chip->recurrent, &chip->sensory};
  double sum = chip->leak_plus_s[j] + chip->leak_minus_s[j];

  for (int k = 0; k < 2; k++)
    for (size_t i = all[k]->first[j]; i < all[k]->first[j + 1]; i++)
      sum += all[k]->at[i].plus_s + all[k]->at[i].minus_s;
  return sum;
}

double qn_noise_text_step(const qn_chip *chip)
{
  double tau = HUGE_VAL;

  for (size_t j = 0; j < chip->units; j++)
    tau = fmin(tau, chip->capacitance_f[j] / conductance(chip, j));
  return tau / steps_a_time_constant;
}

/* ---- sources ------------------------------------------------------------------------ */

static double kt(const qn_noise_text *n)
{
  return boltzmann * n->tech->temperature_k;
}

double qn_noise_text_shot(const qn_noise_text *n)
{
  return 2 * charge / (4 * kt(n));
}

/* one number every step_s, straight lines between: 2 NA^2 NT is the density at
 * low frequencies */
static void add_random(qn_text *t, const qn_noise_text *n, const char *node)
{
  qn_text_add(t, "V1 %s 0 dc 0 trnoise(%s %s 0 0)\n", node,
              qn_exact(sqrt(4 * kt(n) / (2 * n->step_s))).text,
              qn_exact(n->step_s).text);
}

static void add_white(qn_text *t, const qn_noise_text *n)
{
  if (n->wanted.from == QN_NOISE_FROM_NUMBERS)
    qn_text_add(t, "* noise: V(n) has 4 k T 1 ohm, as random numbers with"
                   " straight lines between\n");
  else
    qn_text_add(t,
                "* noise: V(n) has 4 k T 1 ohm, which .noise sees. For noise in"
                " a transient of\n* ngspice: quench netlist"
                " --transient-noise\n");
  qn_text_add(t, ".subckt qn_noise n\n");
  if (n->wanted.from == QN_NOISE_FROM_NUMBERS)
    add_random(t, n, "n");
  else
    qn_text_add(t, "R1 n 0 1\n");
  qn_text_add(t, ".ends\n\n");
}

/* V(n) has the variance kT/tau and the time constant tau */
static void add_pole(qn_text *t, const qn_noise_text *n)
{
  qn_text_add(t, "* V(n) is an Ornstein-Uhlenbeck process of variance kT/C, C ="
                 " tau\n.subckt qn_pole n PARAMS: tau=1\n");
  if (n->wanted.from == QN_NOISE_FROM_NUMBERS) {
    add_random(t, n, "z");
    qn_text_add(t, "R1 z n 1\nC1 n 0 {tau} IC={agauss(0,sqrt(%s/tau),1)}\n",
                qn_exact(kt(n)).text);
  } else {
    qn_text_add(t, "R1 n 0 1\nC1 n 0 {tau}\n");
  }
  qn_text_add(t, ".ends\n\n");
}

/* ---- coloured ------------------------------------------------------------------------ */

static size_t flicker_of(const qn_technology *t, double strength, qn_ou *pole)
{
  return strength > 0 ? qn_flicker_poles(strength, t->flicker_low_hz,
                                         t->flicker_high_hz, pole)
                      : 0;
}

/* relative changes of a memristor */
static size_t memristor_poles(const qn_technology *t, qn_ou pole[POLES_MAX])
{
  double a = t->telegraph_amplitude;
  const qn_telegraph states = {1 / t->telegraph_rate_down_hz,
                               1 / t->telegraph_rate_up_hz};
  size_t count = flicker_of(t, t->memristor_flicker, pole);

  if (!(a > 0))
    return count;
  pole[count] = qn_telegraph_moments(&states);
  pole[count].variance *= a * a;
  return count + 1;
}

/* In a transient those that hardly move are one number, drawn anew for each
 * instance; returns how many. */
static size_t add_frozen(qn_text *t, const qn_noise_text *n, const qn_ou *pole,
                         size_t count)
{
  double variance = 0;
  size_t frozen = 0;

  if (n->wanted.from != QN_NOISE_FROM_NUMBERS)
    return 0;
  for (size_t k = 0; k < count; k++)
    if (pole[k].tau_s > frozen_runs * n->wanted.run_s) {
      variance += pole[k].variance;
      frozen++;
    }
  if (frozen)
    qn_text_add(t, "Vf f 0 {agauss(0,%s,1)}\n", qn_exact(sqrt(variance)).text);
  return frozen;
}

static int moves(const qn_noise_text *n, const qn_ou *pole)
{
  return n->wanted.from != QN_NOISE_FROM_NUMBERS ||
         pole->tau_s <= frozen_runs * n->wanted.run_s;
}

static void add_sum(qn_text *t, const qn_noise_text *n, const char *white,
                    const qn_ou *pole, size_t count)
{
  const char *still = add_frozen(t, n, pole, count) ? "+V(f)" : "";

  for (size_t k = 0; k < count; k++)
    if (moves(n, &pole[k]))
      qn_text_add(t, "X%zu p%zu qn_pole PARAMS: tau=%s\n", k + 1, k + 1,
                  qn_exact(pole[k].tau_s).text);
  qn_text_add(t, "B1 n 0 V={%s%s", white, still);
  for (size_t k = 0; k < count; k++)
    if (moves(n, &pole[k]))
      qn_text_add(t, "\n+ +%s*V(p%zu)",
                  qn_exact(sqrt(pole[k].variance * pole[k].tau_s / kt(n))).text,
                  k + 1);
  qn_text_add(t, "}\n.ends\n\n");
}

static void add_flicker(qn_text *t, const qn_noise_text *n)
{
  qn_ou pole[POLES_MAX];
  size_t count = memristor_poles(n->tech, pole);

  qn_text_add(t, "* 1/f noise of a memristor: V(n) is the relative change of"
                 " its conductance\n");
  if (n->tech->telegraph_amplitude > 0)
    qn_text_add(t, "* Telegraph noise by its variance and its spectrum, not by"
                   " its two values.\n");
  qn_text_add(t, ".subckt qn_flicker n\n");
  add_sum(t, n, "0", pole, count);
}

static void add_amplifier(qn_text *t, const qn_noise_text *n)
{
  double white = n->tech->amplifier_noise_v_per_rthz;
  qn_ou pole[POLES_MAX];
  size_t count = flicker_of(n->tech, n->tech->amplifier_flicker_v2, pole);
  char words[64] = "0";

  qn_text_add(t, "* noise at an amplifier's input, in volts\n"
                 ".subckt qn_input n\n");
  if (white > 0) {
    qn_text_add(t, "Xz z qn_noise\n");
    snprintf(words, sizeof words, "%s*V(z)",
             qn_exact(white / sqrt(4 * kt(n))).text);
  }
  add_sum(t, n, words, pole, count);
}

/* ---- library ------------------------------------------------------------------------- */

static void add_missing(qn_text *t, const qn_noise_text *n)
{
  const qn_technology *tech = n->tech;

  if (tech->read_disturb == QN_ON && qn_noise_text_holds(n))
    qn_text_add(t, "* Memristors do not move here: .noise is at one point.\n");
  if (tech->readout_noise_v > 0 || tech->readout_f > 0)
    qn_text_add(t, "* The readout's noise is not here: the deck ends at the"
                   " membranes.\n");
  if (tech->reset_noise == QN_ON && !n->reset)
    qn_text_add(t, "* kT/C of a membrane where a sequence begins is not here:"
                   " .noise is at rest.\n");
}

void qn_noise_text_add_library(qn_text *t, const qn_noise_text *n)
{
  const qn_technology *tech = n->tech;

  if (!qn_noise_text_exists(n))
    return;
  add_missing(t, n);
  add_white(t, n);
  if (n->memristors || tech->amplifier_flicker_v2 > 0)
    add_pole(t, n);
  if (n->memristors)
    add_flicker(t, n);
  if (n->amplifiers)
    add_amplifier(t, n);
}

/* ---- in cells ------------------------------------------------------------------------- */

const char *qn_noise_text_input(const qn_noise_text *n)
{
  return n->amplifiers ? "V(pre)+V(za)" : "V(pre)";
}

const char *qn_noise_text_factor(const qn_noise_text *n)
{
  return n->memristors ? "*(1+V(zf))" : "";
}

void qn_noise_text_add_input(qn_text *t, const qn_noise_text *n)
{
  if (n->amplifiers)
    qn_text_add(t, "Xa za qn_input\n");
}

void qn_noise_text_add_factor(qn_text *t, const qn_noise_text *n)
{
  if (n->memristors)
    qn_text_add(t, "Xf zf qn_flicker\n");
}

/* s (1 - s) = 1 / (2 cosh(x / 2))^2 of s = logistic(x), smooth everywhere */
void qn_noise_text_add_gate(qn_text *t, const qn_noise_text *n,
                            const char *bias, double slope_per_v)
{
  if (n->gates)
    qn_text_add(t,
                "Xg zg qn_noise\nBg 0 gate"
                " I={0.5*sqrt(%s/(%s))/cosh(0.5*%s*gain*(%s-th))*V(zg)}\n",
                qn_exact(qn_noise_text_shot(n)).text, bias,
                qn_exact(slope_per_v).text, qn_noise_text_input(n));
}

void qn_noise_text_add_start(qn_text *t, const qn_noise_text *n)
{
  if (n->reset)
    qn_text_add(t, "{v0+agauss(0,sqrt(%s/c),1)}", qn_exact(kt(n)).text);
  else
    qn_text_add(t, "{v0}");
}
