/* circuit.h - a chip as its transient sees it (the equations: chip.h).
 *
 * The state is each membrane's voltage against the common mode, so that the
 * relative tolerance is one of the signal. Where memristors move, their states
 * follow, each as x times a model unit's volts, so that one absolute tolerance
 * serves both.
 *
 * Two ways to the same currents: membrane by membrane, where all memristors at
 * a membrane share one drive to each rail (circuit_membranes.c), and element by
 * element for any chip (circuit_elements.c), several times slower. */
#ifndef QN_CIRCUIT_H
#define QN_CIRCUIT_H

#include "sim/crossbar.h"
#include "sim/driven.h"

/* Gates side by side; steered cells have two each, the lower rails' after all
 * the upper rails'. */
typedef struct qn_gates {
  size_t count, room; /* room: count up to a multiple of the kernel's width */
  size_t *pre;
  double *slope, *threshold; /* [room] 1/V and V, of what is in front of them */
} qn_gates;

typedef enum qn_gated {
  QN_GATED_NEVER, /* a leak */
  QN_GATED_RECURRENT,
  QN_GATED_SENSORY
} qn_gated;

/* A memristor that is there. */
typedef struct qn_element {
  size_t number; /* in the chip */
  size_t post;
  qn_gated gated;
  size_t gate;      /* of the recurrent or sensory ones */
  double rail_v;    /* against the common mode; a transconductor's E */
  double polarity;  /* 1 or -1 */
  const double *p;  /* parameters */
  double g;         /* conductance as programmed, S */
  double x, factor; /* g = factor * conductance of the device at x */
  /* entries of the Jacobian: (post, pre); where it moves (post, x), (x, post)
   * and (x, pre) */
  size_t by_pre, by_state, by_post, state_by_pre;
} qn_element;

typedef enum qn_states { QN_STATES_HELD, QN_STATES_MOVE } qn_states;

/* Shared by all workers. */
typedef struct qn_circuit {
  const qn_chip *chip;
  qn_gates recurrent, sensory;
  /* [2 x count] conductance to the upper rails, then to the lower ones, with
   * the switch in series */
  double *recurrent_s, *sensory_s;
  qn_pattern pattern;
  /* element by element alone */
  qn_states states;
  size_t elements;
  qn_element *element; /* by post */
  size_t *first;       /* [units + 1] first element of a membrane */
  int wired;
} qn_circuit;

/* One worker's. */
typedef struct qn_circuit_room {
  const qn_circuit *circuit;
  qn_ramp ramp;
  int moving;                            /* inputs */
  double *u;                             /* [inputs] driver outputs now, V */
  double *z;                             /* a gate's argument */
  double *open_recurrent, *open_sensory; /* fractions */
  double seen_t, *seen; /* [units] where gates and exponentials are for */
  int fast;             /* e_up holds them */
  size_t rails;         /* 2 units, padded */
  double *up, *e_up;    /* [rails] of sinh drives: arguments, exponentials */
  double *plus, *minus; /* [units] conductance to each rail that does not depend
                           on membranes: leak and sensory, S */
  /* [elements] */
  double *g, *by_x;      /* conductance in series with the switch, dg/dx */
  double *voltage;       /* across it, from its rail to its membrane */
  double *current;       /* into the membrane */
  double *drive, *steep; /* of 1 S at this voltage, and its derivative */
  double *rest; /* rate at 0 V, where it may be taken as fixed, else NaN */
  double *feed; /* [rows] of the crossbar, V */
  qn_crossbar *crossbar; /* NULL: no wires */
} qn_circuit_room;

/* Fractions of time that the recurrent gates conduct at v (membranes against
 * the common mode), and that the sensory ones do at the inputs of t. */
void qn_circuit_open_recurrent(qn_circuit_room *w, const double *v);
void qn_circuit_move_inputs(qn_circuit_room *w, double t);

/* Whether a chip needs the way by elements. */
int qn_circuit_needs_elements(const qn_chip *chip);

/* Of a device p * drive(p * v), with its derivative. */
double qn_circuit_drive(const qn_device *device, const double *parameters,
                        double polarity, double v, double *slope);

/* ---- membrane by membrane --------------------------------------------------- */

qn_status qn_membranes_rhs(double t, const double *v, double *dv, void *arg);
qn_status qn_membranes_jacobian(double t, const double *v, double *value,
                                void *arg);
qn_status qn_membranes_power(double t, const double *v, double *heat,
                             void *arg);
/* after the inputs moved */
void qn_membranes_hold(qn_circuit_room *w);

/* ---- element by element ------------------------------------------------------- */

/* The list of elements and the pattern. */
qn_status qn_elements_init(qn_circuit *c);

/* Whether it sets a transconductor rather than stands in a branch. */
int qn_element_is_transconductor(const qn_chip *chip, const qn_element *e);

/* What stands in a room's [elements] at states x and time t. */
qn_status qn_elements_evaluate(qn_circuit_room *w, double t, const double *x);

/* The fraction of the time that an element is switched to its membrane. */
static inline double qn_elements_open(const qn_circuit_room *w,
                                      const qn_element *e)
{
  switch (e->gated) {
  case QN_GATED_NEVER:
    return 1;
  case QN_GATED_RECURRENT:
    return w->open_recurrent[e->gate];
  case QN_GATED_SENSORY:
    break;
  }
  return w->open_sensory[e->gate];
}

qn_status qn_elements_rhs(double t, const double *x, double *dx, void *arg);
/* at the last evaluation, which was at x */
void qn_elements_jacobian_here(const qn_circuit_room *w, const double *x,
                               double *value);
qn_status qn_elements_jacobian(double t, const double *x, double *value,
                               void *arg);
qn_status qn_elements_power(double t, const double *x, double *heat, void *arg);

/* [2 x elements]: each state's rate of change [1/s] and its derivative by the
 * state, at states that are held. */
qn_status qn_elements_rates(double t, const double *v, double *rate, void *arg);

void qn_elements_begin(void *arg, double *x);
/* states that move into the trace, where it has room for them */
void qn_elements_record(void *arg, size_t row, const double *x, qn_trace *out);
void qn_elements_end(void *arg, const double *x, qn_ode_report *report);

/* Shortest time constant of memristors' states as they begin, s. */
double qn_elements_fastest(const qn_circuit *c);

/* ---- both ---------------------------------------------------------------------- */

/* Chip with states held, for rates; released with qn_driven_release(). */
qn_status qn_driven_init_rates(qn_driven *driven, const qn_chip *chip);

/* The chip element by element, also where it needs it not; released with
 * qn_driven_release(). */
qn_status qn_driven_init_elements(qn_driven *driven, const qn_chip *chip);

#endif
