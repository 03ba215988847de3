/* device_plot.h - sweeps of a memristor as CSV, and drawn by gnuplot. */
#ifndef QN_DEVICE_PLOT_H
#define QN_DEVICE_PLOT_H

#include <quench/device_run.h>
#include <quench/progress.h>
#include <quench/text.h>

/* How a sweep is drawn: gnuplot's lines on the file data.csv (the CSV below,
 * two empty lines between traces) with `title` set. */
typedef struct qn_device_plot {
  const char *script;
  const char *title;
  int width, height; /* pixels */
} qn_device_plot;

extern const char qn_device_plot_loop[], qn_device_plot_pulses[],
  qn_device_plot_retention[];

/* QN_EINVAL unless the path ends in .csv, .svg or .png; QN_ETOOL where that
 * takes gnuplot and there is none. */
qn_status qn_device_plot_check(const char *path, qn_diag *diag);

/* time_s,voltage_v,state,conductance_s,current_a */
void qn_device_plot_header(qn_text *csv);
void qn_device_plot_rows(qn_text *csv, const qn_device_trace *trace);

/* The whole file at once. csv holds traces with two empty lines between. */
qn_status qn_device_plot_write(const char *path, const qn_text *csv,
                               const qn_device_plot *plot,
                               const qn_progress *progress, qn_diag *diag);

#endif
