/* realisation.h - what a network can run on, one record each: the table behind
 * `quench run --on` and `quench compare`. */
#ifndef QN_REALISATION_H
#define QN_REALISATION_H

#include <quench/die.h>
#include <quench/metric.h>
#include <quench/progress.h>
#include <quench/trace.h>

/* What the caller may choose; each realisation takes what concerns it. */
typedef struct qn_settings {
  const char *technology; /* name or .yaml file: analog, spice */
  const qn_die *die;      /* of it, borrowed; NULL: the chip as meant */
  double tolerance;       /* ode, analog; 0: the default */
  double inferences;      /* analog: run on the same data before; 0: none */
  size_t paths;     /* analog: sample paths with noise; 0: without noise */
  uint64_t seed;    /* of them */
  unsigned unfolds; /* reference; 0: the network's */
  unsigned width;   /* bits: fixed, rtl, gates */
  double span;      /* model seconds a sample of these; 0: 1 */
  unsigned workers; /* threads or processes */
  const qn_progress *progress;
} qn_settings;

/* A number a run reports, its unit in the key: "cycles_per_step". */
typedef struct qn_quantity {
  const char *key;
  double value;
} qn_quantity;

enum { QN_QUANTITIES_MAX = 32, QN_NOTES_MAX = 8 };

typedef struct qn_report {
  size_t quantities;
  qn_quantity quantity[QN_QUANTITIES_MAX];
  size_t notes;
  char note[QN_NOTES_MAX][240]; /* sentences worth a reader's attention */
} qn_report;

void qn_report_add(qn_report *report, const char *key, double value);
void qn_report_note(qn_report *report, const char *format, ...)
  __attribute__((format(printf, 2, 3)));

/* Which states must equal which (DESIGN: what must equal what). */
typedef struct qn_twin {
  const char *realisation; /* NULL: none */
  const char *technology;  /* NULL: any; else only on this one */
  double limit_percent;    /* of the swing; 0: exactly */
  double limit;            /* model units; used where limit_percent < 0 */
} qn_twin;

/* Which networks it runs. */
typedef enum qn_takes {
  QN_TAKES_ALL,
  QN_TAKES_EQUATION, /* LTC: the cell with a continuous equation */
  QN_TAKES_CIRCUIT,  /* LTC without mixed memory, whose neurons are circuits */
  QN_TAKES_CORE      /* LTC without mixed memory, in fused steps */
} qn_takes;

typedef struct qn_realisation {
  const char *name;
  const char *title; /* one line */
  qn_takes takes;
  int takes_technology; /* its result depends on qn_settings.technology */
  int takes_noise;      /* and on qn_settings.paths */
  size_t sequences;     /* that compare runs at most; 0: all */
  qn_twin twin;
  double file_limit; /* from ncps' results in a dataset; 0: none */
  const char *cost;  /* key of the quantity that compare shows */

  const char
    *tools[3]; /* programs it runs, ended by NULL; so named in Debian */
  qn_status (*open)(void **instance, const qn_network *net,
                    const qn_settings *settings, qn_diag *diag);
  /* every sequence of data into out, which has the room; the report is empty
   * on entry */
  qn_status (*run)(void *instance, const qn_dataset *data, qn_trace *out,
                   qn_report *report, qn_diag *diag);
  void (*close)(void *instance); /* NULL is allowed */
} qn_realisation;

/* Whether this twin binds on a technology (NULL: none), and whether a
 * difference from it is within its limit. */
int qn_twin_binds(const qn_twin *twin, const char *technology);
int qn_twin_holds(const qn_twin *twin, const qn_difference *difference);

/* QN_OK, or why this network cannot run here: its cell, or a missing tool. */
qn_status qn_realisation_check(const qn_realisation *what,
                               const qn_network *net, qn_diag *diag);

extern const qn_realisation *const qn_realisations[];        /* ended by NULL */
const qn_realisation *qn_realisation_find(const char *name); /* or NULL */

/* check, open, run, close; settings->span is the dataset's where all samples
 * have one. *out is allocated; on failure it is NULL. */
qn_status qn_realise(const qn_realisation *what, const qn_network *net,
                     const qn_dataset *data, const qn_settings *settings,
                     qn_trace **out, qn_report *report, qn_diag *diag);

#endif
