/* draw_cells.c - see draw_cells.h. */
#include "netlists/draw/draw_cells.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "netlists/draw/draw_svg.h"

enum { COLUMNS = 3, GAP = 16 };

static const qn_panel *const panels[] = {
  &qn_panel_direct, &qn_panel_steered,  &qn_panel_transconductor,
  &qn_panel_leak,   &qn_panel_membrane, &qn_panel_gate,
  &qn_panel_driver, &qn_panel_readout,  &qn_panel_memristor,
  &qn_panel_rails,  &qn_panel_wires,
};
enum { PANELS = sizeof panels / sizeof *panels };

/* ---- ranges ------------------------------------------------------------------------- */

static void widen(qn_range *r, double x)
{
  r->low = r->any ? fmin(r->low, x) : x;
  r->high = r->any ? fmax(r->high, x) : x;
  r->any = 1;
}

/* of a conductance, where it is there */
static void widen_present(qn_range *r, double g)
{
  if (g > 0)
    widen(r, g);
}

static void widen_by_branches(qn_ranges *r, const qn_chip *chip,
                              const qn_branches *all)
{
  for (size_t i = 0; i < all->count; i++) {
    const qn_branch *b = &all->at[i];

    widen_present(&r->plus_s, b->plus_s);
    widen_present(&r->minus_s, b->minus_s);
    widen(&r->gain, b->gate.gain);
    widen(&r->threshold_v, b->gate.threshold_v);
    widen(&r->reversal_v, b->reversal_v);
    if (chip->technology.cell == QN_CELL_STEERED) {
      widen(&r->gain, b->minus_gate.gain);
      widen(&r->threshold_v, b->minus_gate.threshold_v);
    }
  }
}

static qn_ranges ranges_of(const qn_chip *chip)
{
  qn_ranges r = {0};

  for (size_t j = 0; j < chip->units; j++) {
    widen(&r.capacitor_f, chip->capacitance_f[j]);
    widen_present(&r.leak_plus_s, chip->leak_plus_s[j]);
    widen_present(&r.leak_minus_s, chip->leak_minus_s[j]);
  }
  widen_by_branches(&r, chip, &chip->sensory);
  widen_by_branches(&r, chip, &chip->recurrent);
  return r;
}

/* ---- parts of panels ---------------------------------------------------------------- */

void qn_panel_equation(qn_text *t, const char *format, ...)
{
  char text[256];
  va_list args;

  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  qn_svg_text(t, "e", 18, 0, QN_START, "%s", text);
}

void qn_panel_line(qn_text *t, int line, const char *format, ...)
{
  char text[256];
  va_list args;

  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  qn_svg_text(t, "s", 18, 3 + 16 * line, QN_START, "%s", text);
}

void qn_panel_memristor_at(qn_text *t, const qn_chip *chip, qn_side side,
                           double x, double y)
{
  const qn_technology *tech = &chip->technology;
  double polarity =
    side == QN_PLUS ? tech->polarity_plus : -tech->polarity_minus;

  if (polarity < 0)
    qn_svg_use(t, "memristor", x, y + 60, 180);
  else
    qn_svg_use(t, "memristor", x, y, 0);
}

/* ---- the sheet ---------------------------------------------------------------------- */

/* the panels that a chip uses, in rows as high as their highest */
struct sheet {
  const qn_panel *panel[PANELS];
  size_t count;
};

static struct sheet choose(const qn_chip *chip, const qn_ranges *r)
{
  struct sheet s = {.count = 0};

  for (size_t i = 0; i < PANELS; i++)
    if (!panels[i]->used || panels[i]->used(chip, r))
      s.panel[s.count++] = panels[i];
  return s;
}

static double row_height(const struct sheet *s, size_t first)
{
  double height = 0;

  for (size_t i = first; i < first + COLUMNS && i < s->count; i++)
    height = fmax(height, s->panel[i]->height);
  return height;
}

qn_cells_size qn_cells_measure(const qn_chip *chip)
{
  qn_ranges r = ranges_of(chip);
  struct sheet s = choose(chip, &r);
  qn_cells_size size = {COLUMNS * (QN_PANEL_WIDTH + GAP) - GAP, 0};

  for (size_t i = 0; i < s.count; i += COLUMNS)
    size.height += row_height(&s, i) + GAP;
  return size;
}

static void add_panel(qn_text *t, const qn_panel *panel, const qn_chip *chip,
                      const qn_ranges *r, double x, double y, double height)
{
  double middle = (height - panel->height) / 2;

  qn_text_add(t, "<g transform=\"translate(%.6g %.6g)\">\n", x, y);
  qn_svg_rect(t, "panel", 0, 0, QN_PANEL_WIDTH, height);
  qn_svg_text(t, "k", 16, 25, QN_START, "%s", panel->title);
  qn_text_add(t, "<g transform=\"translate(0 %.6g)\">\n", middle);
  panel->draw(t, chip);
  qn_text_add(t, "</g>\n<g transform=\"translate(0 %.6g)\">\n", height - 60);
  panel->tell(t, chip, r);
  qn_text_add(t, "</g>\n</g>\n");
}

void qn_cells_add(qn_text *t, const qn_chip *chip, double x, double y)
{
  qn_ranges r = ranges_of(chip);
  struct sheet s = choose(chip, &r);

  for (size_t i = 0; i < s.count; i += COLUMNS) {
    double height = row_height(&s, i);

    for (size_t k = i; k < i + COLUMNS && k < s.count; k++)
      add_panel(t, s.panel[k], chip, &r,
                x + (double)(k - i) * (QN_PANEL_WIDTH + GAP), y, height);
    y += height + GAP;
  }
}
