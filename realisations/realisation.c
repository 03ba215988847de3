/* realisation.c - the table, and one run from check to close. */
#include <quench/realisation.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "realisations/records.h"
#include <quench/process.h>

const qn_realisation *const qn_realisations[] = {
  &qn_realisation_reference, &qn_realisation_ode,
  &qn_realisation_analog,    &qn_realisation_spice,
  &qn_realisation_fixed,     &qn_realisation_rtl,
  &qn_realisation_gates,     NULL,
};

const qn_realisation *qn_realisation_find(const char *name)
{
  const qn_realisation *const *r = qn_realisations;

  while (*r && strcmp((*r)->name, name))
    r++;
  return *r;
}

int qn_twin_binds(const qn_twin *twin, const char *technology)
{
  return !twin->technology ||
         (technology && !strcmp(twin->technology, technology));
}

int qn_twin_holds(const qn_twin *twin, const qn_difference *difference)
{
  if (twin->limit_percent < 0)
    return difference->worst <= twin->limit;
  return difference->worst_percent <= twin->limit_percent;
}

void qn_report_add(qn_report *report, const char *key, double value)
{
  if (report->quantities < QN_QUANTITIES_MAX)
    report->quantity[report->quantities++] = (qn_quantity){key, value};
}

void qn_report_note(qn_report *report, const char *format, ...)
{
  va_list args;

  if (report->notes == QN_NOTES_MAX)
    return;
  va_start(args, format);
  vsnprintf(report->note[report->notes++], sizeof report->note[0], format,
            args);
  va_end(args);
}

static qn_status check_cell(const qn_realisation *what, const qn_network *net,
                            qn_diag *diag)
{
  qn_status st = QN_OK;

  if (what->takes == QN_TAKES_ALL)
    return QN_OK;
  if (what->takes == QN_TAKES_EQUATION && net->cell != QN_CELL_LTC)
    return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, NULL,
                       "%s integrates the equation of LTC cells, and '%s' has "
                       "none: it runs on reference",
                       what->name, qn_cell_name(net->cell));
  if (what->takes != QN_TAKES_EQUATION)
    st = qn_network_check_plain_ltc(net, what->name, diag);
  if (!st && what->takes != QN_TAKES_CORE)
    st = qn_ltc_check_continuous(net, diag);
  return st;
}

qn_status qn_realisation_check(const qn_realisation *what,
                               const qn_network *net, qn_diag *diag)
{
  qn_status st = check_cell(what, net, diag);

  for (size_t i = 0; !st && what->tools[i]; i++)
    st = qn_process_require(what->tools[i], what->tools[i], diag);
  return st;
}

qn_status qn_realise(const qn_realisation *what, const qn_network *net,
                     const qn_dataset *data, const qn_settings *settings,
                     qn_trace **out, qn_report *report, qn_diag *diag)
{
  void *instance = NULL;
  qn_settings own = *settings;
  qn_status st = qn_realisation_check(what, net, diag);

  own.span = qn_dataset_common_span(data);

  *report = (qn_report){0};
  *out = NULL;
  if (!st)
    st = what->open(&instance, net, &own, diag);
  if (!st && qn_trace_alloc(out, net, data))
    st = qn_diag_out_of_memory(diag);
  if (!st)
    st = what->run(instance, data, *out, report, diag);
  what->close(instance);
  if (st) {
    qn_trace_free(*out);
    *out = NULL;
  }
  if (st == QN_ECANCELLED)
    qn_diag_set(diag, st, NULL, NULL, "stopped");
  return st;
}
