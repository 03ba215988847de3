/* draw.c - see draw.h. */
#include <quench/draw.h>

#include <stdio.h>

#include "netlists/draw/draw_cells.h"
#include "netlists/draw/draw_plan.h"
#include "netlists/draw/draw_svg.h"

/* ---- heads and frames --------------------------------------------------------------- */

static void add_title(qn_text *t, const qn_chip *chip, const char *what,
                      double y)
{
  qn_text_add(t, "<text class=\"h\" x=\"%d\" y=\"%.6g\">", QN_PLAN_MARGIN + 20,
              y + 52);
  qn_svg_escape(t, chip->name, 60);
  qn_text_add(t, "</text>\n<text class=\"g\" x=\"%d\" y=\"%.6g\">",
              QN_PLAN_MARGIN + 20, y + 74);
  qn_text_add(t, "%s \302\267 ", what);
  qn_svg_escape(t, chip->technology.title, 80);
  qn_text_add(t, " (");
  qn_svg_escape(t, chip->technology.name, 60);
  qn_text_add(t, ")%s%s</text>\n", *chip->sample ? " \302\267 " : "",
              *chip->sample ? chip->sample : "");
}

static void add_sheet(qn_text *t, const qn_chip *chip, const char *what,
                      double y, double width, double height)
{
  qn_svg_rect(t, "frame", QN_PLAN_MARGIN / 2, y + QN_PLAN_MARGIN / 2,
              width - QN_PLAN_MARGIN, height - QN_PLAN_MARGIN);
  add_title(t, chip, what, y);
}

/* ---- the document ------------------------------------------------------------------- */

static void add_chip(qn_text *t, const qn_plan *p, const qn_cells_size *cells)
{
  const qn_chip *chip = p->chip;
  double width = p->page_width, first = p->page_height;
  double second = QN_PLAN_HEAD + cells->height + QN_PLAN_MARGIN + 16;

  qn_svg_open(t, width, first + second, chip->name);
  add_sheet(t, chip, "floor plan", 0, width, first);
  qn_plan_add_crossbar(t, p);
  qn_plan_add_edges(t, p);
  qn_plan_add_legend(t, p);
  qn_svg_text(t, "s", QN_PLAN_MARGIN + 20, first - 32, QN_START,
              "conductances, capacitors and areas to scale; places are the "
              "crossbar's, not a layout's");
  add_sheet(t, chip, "circuits of its cells", first, width, second);
  qn_cells_add(t, chip, (width - cells->width) / 2, first + QN_PLAN_HEAD);
  qn_svg_close(t);
}

static qn_status check_size(const qn_chip *chip, qn_diag *diag)
{
  size_t synapses = chip->recurrent.count + chip->sensory.count;

  if (chip->units <= QN_DRAW_NEURONS_MAX &&
      chip->inputs <= QN_DRAW_NEURONS_MAX && synapses <= QN_DRAW_SYNAPSES_MAX)
    return QN_OK;
  return qn_diag_set(diag, QN_EUNSUPPORTED, chip->name, NULL,
                     "too large to draw: %zu inputs, %zu neurons and %zu "
                     "synapses, where a picture holds %d, %d and %d",
                     chip->inputs, chip->units, synapses, QN_DRAW_NEURONS_MAX,
                     QN_DRAW_NEURONS_MAX, QN_DRAW_SYNAPSES_MAX);
}

qn_status qn_draw_chip(const qn_chip *chip, const qn_network *net, char **svg,
                       qn_diag *diag)
{
  qn_cells_size cells;
  qn_plan plan;
  qn_text t;
  qn_status st = check_size(chip, diag);

  *svg = NULL;
  if (st)
    return st;
  cells = qn_cells_measure(chip);
  qn_text_init(&t);
  if (qn_plan_init(&plan, chip, net, cells.width + 2 * QN_PLAN_MARGIN + 40))
    t.failed = 1;
  else
    add_chip(&t, &plan, &cells);
  qn_plan_release(&plan);
  if (t.failed) {
    qn_text_release(&t);
    return qn_diag_out_of_memory(diag);
  }
  *svg = t.data;
  return QN_OK;
}
