/* device_plot.c - a CSV file as it is, a picture by way of gnuplot. */
#include "cli/device_plot.h"

#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/process.h>

/* ---- gnuplot's lines ------------------------------------------------------- */

const char qn_device_plot_loop[] =
  "stats 'data.csv' skip 1 using 2 nooutput name 'V'\n"
  "stats 'data.csv' skip 1 using 5 nooutput name 'I'\n"
  "peak = I_max > -I_min ? I_max : -I_min\n"
  "power = peak > 0 ? 3 * floor(log10(peak) / 3) : 0\n"
  "prefix = power == 0 ? '' : power == -3 ? 'm' : power == -6 ? "
  "'\302\265' : power == -9 ? 'n' : power == -12 ? 'p' : "
  "sprintf('10^{%d} ', power)\n"
  "set multiplot layout 1,2 title heading noenhanced\n"
  "set xzeroaxis linecolor rgb '#888888'\n"
  "set yzeroaxis linecolor rgb '#888888'\n"
  "set xlabel 'voltage (V)'; set ylabel 'current ('.prefix.'A)'\n"
  "plot 'data.csv' every ::1::401 using 2:($5 / 10**power) linestyle 1 "
  "dashtype 2 title 'first period', '' every ::401 using "
  "2:($5 / 10**power) linestyle 2 title 'second'\n"
  "set xlabel 'time (s)'; set ylabel 'state'; set yrange [-0.02:1.02]\n"
  "set ytics nomirror; set y2tics; set y2label 'voltage (V)'\n"
  "set key bottom right\n"
  "plot 'data.csv' skip 1 using 1:3 linestyle 1 title 'state', "
  "'' skip 1 using 1:2 axes x1y2 linestyle 4 linewidth 1 dashtype 3 "
  "title 'voltage'\n"
  "unset multiplot\n";

const char qn_device_plot_pulses[] =
  "stats 'data.csv' skip 1 using 1 nooutput name 'T'\n"
  "power = 3 * floor(log10(T_max) / 3)\n"
  "prefix = power == 0 ? '' : power == -3 ? 'm' : power == -6 ? "
  "'\302\265' : power == -9 ? 'n' : power == -12 ? 'p' : "
  "sprintf('10^{%d} ', power)\n"
  "set multiplot layout 2,1 margins 0.12,0.96,0.12,0.92 spacing 0.06\n"
  "set xrange [0:T_max / 10**power]; set format x ''\n"
  "set title heading noenhanced; set ylabel 'voltage (V)'; unset key\n"
  "plot 'data.csv' skip 1 using ($1 / 10**power):2 linestyle 4 linewidth 1\n"
  "unset title; set format x '%g'\n"
  "set xlabel 'time ('.prefix.'s)'; set ylabel 'conductance (\302\265S)'\n"
  "plot 'data.csv' skip 1 using ($1 / 10**power):($4 * 1e6) linestyle 1, "
  "'' every 38::38 using ($1 / 10**power):($4 * 1e6) with points "
  "pointtype 7 pointsize 0.6 linecolor rgb '#d55e00'\n"
  "unset multiplot\n";

const char qn_device_plot_retention[] =
  "stats 'data.csv' skip 1 using 1 nooutput name 'T'\n"
  "set title heading noenhanced\n"
  "set logscale x; set format x '10^{%T}'; set xrange [1e-9:1e10]\n"
  "set xlabel 'time (s)'; set ylabel 'conductance (\302\265S)'\n"
  "set key outside right; set offsets 0, 0, graph 0.1, graph 0.1\n"
  "volts = '0 0.1 0.2 0.5'\n"
  "plot for [k = 0:T_blocks - 1] 'data.csv' index k skip (k == 0 ? 2 : 1) "
  "using 1:($4 * 1e6) linestyle k + 1 linewidth 5 - k title word(volts, k + "
  "1).' V'\n";

/* ---- files ------------------------------------------------------------------- */

static const char *extension(const char *path)
{
  const char *dot = strrchr(path, '.');

  return dot && !strchr(dot, '/') ? dot : "";
}

qn_status qn_device_plot_check(const char *path, qn_diag *diag)
{
  const char *end = extension(path);

  if (!strcmp(end, ".csv"))
    return QN_OK;
  if (!strcmp(end, ".svg") || !strcmp(end, ".png"))
    return qn_process_require("gnuplot", "gnuplot-nox", diag);
  return qn_diag_set(diag, QN_EINVAL, path, NULL,
                     "expected a name that ends in .csv, .svg or .png");
}

void qn_device_plot_header(qn_text *csv)
{
  qn_text_add(csv, "time_s,voltage_v,state,conductance_s,current_a\n");
}

void qn_device_plot_rows(qn_text *csv, const qn_device_trace *trace)
{
  for (size_t i = 0; i < trace->rows; i++)
    qn_text_add(csv, "%.12g,%.12g,%.12g,%.12g,%.12g\n", trace->time_s[i],
                trace->voltage_v[i], trace->state[i], trace->conductance_s[i],
                trace->current_a[i]);
}

/* without the empty lines between traces */
static qn_status write_csv(const char *path, const qn_text *csv, qn_diag *diag)
{
  qn_text out;
  qn_status st;

  qn_text_init(&out);
  for (size_t i = 0; i < csv->length; i++)
    if (csv->data[i] != '\n' || (i > 0 && csv->data[i - 1] != '\n'))
      qn_text_add_bytes(&out, &csv->data[i], 1);
  st = out.failed ? qn_diag_out_of_memory(diag)
                  : qn_file_write(path, out.data, out.length, diag);
  qn_text_release(&out);
  return st;
}

static void write_script(qn_text *text, const char *end,
                         const qn_device_plot *plot)
{
  if (!strcmp(end, ".svg"))
    qn_text_add(text,
                "set terminal svg size %d,%d font 'DejaVu Sans,12' background "
                "'white'\n",
                plot->width, plot->height);
  else
    qn_text_add(text,
                "set terminal pngcairo size %d,%d font 'DejaVu Sans,11'\n",
                plot->width, plot->height);
  qn_text_add(text,
              "set output 'plot%s'\n"
              "set datafile separator ','\n"
              "heading = \"%s\"\n"
              "set style line 1 linecolor rgb '#0072b2' linewidth 2\n"
              "set style line 2 linecolor rgb '#d55e00' linewidth 2\n"
              "set style line 3 linecolor rgb '#009e73' linewidth 2\n"
              "set style line 4 linecolor rgb '#000000' linewidth 2\n"
              "set style data lines\n"
              "set grid linecolor rgb '#dddddd' linetype 1\n"
              "set border linecolor rgb '#444444'\n%s",
              end, plot->title, plot->script);
}

/* in a folder of its own; *picture is to be freed */
static qn_status draw(const char *folder, const char *end, const qn_text *csv,
                      const qn_device_plot *plot, const qn_progress *progress,
                      char **picture, size_t *size, qn_diag *diag)
{
  const char *const argv[] = {"gnuplot", "plot.gp", NULL};
  char *data = qn_text_format("%s/data.csv", folder);
  char *script = qn_text_format("%s/plot.gp", folder);
  char *log = qn_text_format("%s/log", folder);
  char *drawn = qn_text_format("%s/plot%s", folder, end);
  qn_text text;
  qn_status st = QN_OK;

  qn_text_init(&text);
  write_script(&text, end, plot);
  if (!data || !script || !log || !drawn || text.failed)
    st = qn_diag_out_of_memory(diag);
  if (!st)
    st = qn_file_write(data, csv->data, csv->length, diag);
  if (!st)
    st = qn_file_write(script, text.data, text.length, diag);
  if (!st)
    st = qn_process_run(argv, folder, log, 60, progress, diag);
  if (!st)
    st = qn_file_read(drawn, picture, size, diag);
  qn_text_release(&text);
  free(data);
  free(script);
  free(log);
  free(drawn);
  return st;
}

qn_status qn_device_plot_write(const char *path, const qn_text *csv,
                               const qn_device_plot *plot,
                               const qn_progress *progress, qn_diag *diag)
{
  const char *end = extension(path);
  char *folder, *picture = NULL;
  size_t size = 0;
  qn_status st;

  if (csv->failed)
    return qn_diag_out_of_memory(diag);
  if (!strcmp(end, ".csv"))
    return write_csv(path, csv, diag);
  st = qn_file_temporary_folder(&folder, diag);
  if (st)
    return st;
  st = draw(folder, end, csv, plot, progress, &picture, &size, diag);
  if (!st)
    st = qn_file_write(path, picture, size, diag);
  qn_file_remove_folder(folder);
  free(folder);
  free(picture);
  return st;
}
