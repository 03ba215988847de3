/* small.h - chips of one or two neurons with numbers a person can check. */
#ifndef QN_TEST_SMALL_H
#define QN_TEST_SMALL_H

#include <quench/netlist.h>

enum { SMALL_ROWS = 4 };

/* 2 uS leak to each rail, 1 pF; rails at 1 V and 0.2 V about a common mode of
 * 0.6 V, 0.1 V and 1 us a unit. Neuron 0 has a sensory branch from x0 (3 uS
 * and 1 uS, half open at 0.6 V); neuron 1, if there is one, inhibits neuron 0
 * and is excited by it. The input is 1, -2, 3, 0 during spans of 1, 0.3, 2 and
 * 0.7. Ohmic, and steps without a rise, until changed. */
typedef struct small {
  qn_network net; /* no more of it than a trace and comments need */
  qn_dataset data;
  qn_chip chip;
  qn_trace *trace;
  qn_branch recurrent[2], sensory[1];
  size_t first_recurrent[3], first_sensory[3], first_row[2];
  double capacitance[2], leak_plus[2], leak_minus[2], scale[2];
  double input[SMALL_ROWS], span[SMALL_ROWS];
  double one[1], zero[1];
  double parameter[10][QN_DEVICE_PARAMETERS_MAX];
  char *name[1];
  qn_synapse weight[3]; /* two recurrent ones, a sensory one */
  double cm[2], gleak[2], vleak[2];
} small;

/* Into the caller's storage, which must not move. */
void small_open(small *s, size_t units);
void small_close(small *s);

/* i = G v0 sinh(v / v0), v0 = 0.1 V: half as steep again at the rails. */
void small_make_sinh(small *s);

/* i = G v0 (exp(v / v0) - 1), v0 = 0.4 V: twice as steep one way at 0.3 V and
 * half as steep the other. */
void small_make_lopsided(small *s);

/* Steered cells, the lower pairs' thresholds and gains a bit off the upper
 * ones'. */
void small_make_steered(small *s);

/* Transconductors to 0.85 V (sensory), 0.3 V and 0.95 V; V_L may be infinite. */
void small_make_transconductors(small *s, double linear_range_v);

void small_make_wires(small *s, double rail_ohm, double membrane_ohm);

/* A first parameter of its own for each memristor, from 0.8125 to 1.375 of
 * the common one; that of number 3 is the common one. */
void small_make_spread(small *s);

/* Run in ngspice into s->trace; fails the test if that fails. */
void small_run(small *s, double error, qn_netlist_form form);

#endif
