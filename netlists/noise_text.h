/* noise_text.h - a technology's noise in a deck.
 *
 * One resistor of 1 ohm is all the noise there is: qn_noise has its white
 * voltage, 4 k T V2/Hz, qn_pole has it behind a capacitor, an
 * Ornstein-Uhlenbeck process of variance kT/C (flicker.h). B sources, which
 * have none of their own, scale them to what a memristor, a gate or an
 * amplifier has at its point of operation (docs/noise.md). `.noise` sees
 * resistors; in ngspice's transient a source `trnoise` stands in their place. */
#ifndef QN_NETLIST_NOISE_TEXT_H
#define QN_NETLIST_NOISE_TEXT_H

#include "netlists/expression.h"
#include <quench/chip.h>

typedef enum qn_noise_from {
  QN_NOISE_FROM_NOTHING,
  QN_NOISE_FROM_RESISTORS, /* for .noise */
  QN_NOISE_FROM_NUMBERS    /* for ngspice's transient */
} qn_noise_from;

/* What a deck is to have; run_s is the length of its transient, of
 * QN_NOISE_FROM_NUMBERS alone. */
typedef struct qn_noise_wanted {
  qn_noise_from from;
  double run_s;
} qn_noise_wanted;

/* What of it a chip's deck has; those that are 0 have no text. */
typedef struct qn_noise_text {
  const qn_technology *tech;
  qn_noise_wanted wanted;
  double step_s;  /* between numbers */
  int thermal;    /* of memristors */
  int partition;  /* shot noise of steered pairs */
  int shot;       /* of transconductors */
  int gates;      /* of a gate's bias */
  int amplifiers; /* white or 1/f, at an amplifier's input */
  int memristors; /* 1/f or telegraph */
  int reset;      /* of membranes where a transient begins */
} qn_noise_text;

void qn_noise_text_init(qn_noise_text *noise, const qn_chip *chip,
                        qn_noise_wanted wanted);

/* Whether there is any. */
int qn_noise_text_exists(const qn_noise_text *noise);

/* Whether memristors that move are held where they start: .noise would let
 * them go where they end. */
int qn_noise_text_holds(const qn_noise_text *noise);

/* A tenth of the chip's shortest time constant C / (sum of G) [s]: interpolated
 * between such numbers, white noise leaves that membrane 0.955 of its variance,
 * all others more. */
double qn_noise_text_step(const qn_chip *chip);

/* Subcircuits qn_noise and, where they are used, qn_pole, qn_flicker (relative
 * change of a memristor's conductance) and qn_input (volts at an amplifier's
 * input), with what is not in the deck as a comment. */
void qn_noise_text_add_library(qn_text *text, const qn_noise_text *noise);

/* By how much the square of qn_noise's voltage is multiplied for 2 q I: 2 q / 4
 * k T [1/V]. */
double qn_noise_text_shot(const qn_noise_text *noise);

/* What an amplifier's input, V(pre), is: "V(pre)+V(za)". */
const char *qn_noise_text_input(const qn_noise_text *noise);

/* What multiplies a memristor's current: "*(1+V(zf))", or nothing. */
const char *qn_noise_text_factor(const qn_noise_text *noise);

/* The lines that make nodes za and zf. */
void qn_noise_text_add_input(qn_text *text, const qn_noise_text *noise);
void qn_noise_text_add_factor(qn_text *text, const qn_noise_text *noise);

/* The lines that add a gate's own noise to node `gate`: 2 q s (1 - s) / bias,
 * `bias` an expression in amperes, s of parameters gain and th. */
void qn_noise_text_add_gate(qn_text *text, const qn_noise_text *noise,
                            const char *bias, double slope_per_v);

/* "V0" of a membrane with capacitor c, where it begins with kT/C. */
void qn_noise_text_add_start(qn_text *text, const qn_noise_text *noise);

#endif
