/* noise_source.h - every source of noise of a chip, at a state of it.
 *
 * White sources are currents into membranes, independent of each other, told
 * by their one-sided density [A2/Hz]; s is the fraction that a gate is open:
 *   leak            4 k T G
 *   direct          4 k T s G of each memristor, with its switch in series;
 *                   its gate 2 q I^2 s (1 - s) / I_bias, I what flows if the
 *                   gate is open
 *   steered         s^2 4 k T G + 2 q |I| s (1 - s) for each rail
 *   transconductor  4 q s I_b, I_b = G V_L its bias (V_L = 2 U_T / kappa
 *                   where synapse.linear_range_v is infinite); its gate as a direct one's, with
 *                   I_b for I_bias
 *   amplifier       (dI / dv_input)^2 S_v for each synapse, both pairs of a
 *                   steered one at once
 * A gate's is the shot noise of its bias split by a pair, 2 q I_bias s (1 - s),
 * seen as a voltage at its input: (dI/dv)^2 2 q I_bias s (1 - s) / g_m^2 with
 * g_m = I_bias (kappa / U_T) s (1 - s) (Sarpeshkar, Delbruck and Mead, IEEE
 * Circuits and Devices 9(6), 1993, p. 23). None where bias.gate_a is 0.
 *
 * Coloured sources come in two families: of memristors the relative change of
 * a conductance, which moves the current into its membrane by that current, of
 * amplifiers a voltage at a synapse's input. Each is a sum of independent
 * processes (noise_process.h). */
#ifndef QN_NOISE_SOURCE_H
#define QN_NOISE_SOURCE_H

#include <quench/noise.h>

#include "sim/circuit.h"
#include "sim/noise_process.h"

typedef enum qn_noise_family {
  QN_NOISE_OF_MEMRISTORS, /* one an element of the circuit, in its order */
  QN_NOISE_OF_AMPLIFIERS  /* one a synapse */
} qn_noise_family;
enum { QN_NOISE_FAMILIES = 2 };

/* The elements of a synapse: one or two side by side. */
typedef struct qn_noise_synapse {
  size_t first, count;
} qn_noise_synapse;

/* Shared by all workers. */
typedef struct qn_noise_sources {
  const qn_circuit *circuit; /* borrowed; by elements */
  size_t synapses;
  qn_noise_synapse *synapse; /* by post */
} qn_noise_sources;

qn_status qn_noise_sources_init(qn_noise_sources *s, const qn_circuit *c);
void qn_noise_sources_release(qn_noise_sources *s);

/* The model of a qn_driven of qn_driven_init_elements() and a workspace of it
 * are what stands here for circuit and room. All below are at the states of
 * the room's last qn_elements_evaluate(). */

/* density [QN_NOISE_WHITE][units], zero where the technology has it off */
void qn_noise_white(const qn_noise_sources *s, const qn_circuit_room *w,
                    double *density);

/* How many sources a family has, and the membrane that one enters. */
size_t qn_noise_coloured_count(const qn_noise_sources *s, qn_noise_family f);
size_t qn_noise_coloured_post(const qn_noise_sources *s, qn_noise_family f,
                              size_t i);

/* current [qn_noise_coloured_count()]: into its membrane for a relative change
 * of 1, or for 1 V [A] */
void qn_noise_coloured(const qn_noise_sources *s, qn_noise_family f,
                       const qn_circuit_room *w, double *current);

/* The processes of every source of a coloured kind, and the kind's family;
 * none where it is off. Telegraph noise by its second moments; its mean is
 * taken as programmed. */
qn_noise_family qn_noise_family_of(qn_noise_kind kind);
size_t qn_noise_poles(const qn_technology *tech, qn_noise_kind kind,
                      qn_ou pole[QN_FLICKER_POLES_MAX]);

/* Deviation of one reading [V]: of the readout, and kT/C of what holds it. */
double qn_noise_reading(const qn_technology *tech);

/* A deviation of kT/C [V]. */
double qn_noise_ktc(double temperature_k, double farad);

#endif
