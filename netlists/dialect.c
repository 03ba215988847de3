/* dialect.c - the dialects there are. A new one is a record and a line in the
 * list at the end. */
#include "netlists/dialect.h"

#include <math.h>
#include <string.h>

#include "netlists/expression.h"
#include "netlists/memristor_text.h"

void qn_dialect_add_probes(qn_text *t, const qn_chip *chip, const char *form,
                           char separator)
{
  const char *behind = strchr(form, '%') + 1;
  int before = (int)(behind - 1 - form);
  size_t all = qn_chip_memristors(chip);

  for (size_t j = 0; j < chip->units; j++)
    qn_text_add(t, " %.*sn%zu%s", before, form, j, behind);
  for (size_t i = 0; (i = qn_memristor_with_state(chip, i)) < all; i++)
    qn_text_add(t, " %.*sxchip%c%s%s", before, form, separator,
                qn_memristor_state_node(chip, i, separator).name, behind);
}

/* "PREFIX=26.85": what noise is of, degrees Celsius */
static void add_temperature(qn_text *t, const qn_chip *chip, const char *option)
{
  qn_text_add(t, "%s=%s\n", option,
              qn_exact(chip->technology.temperature_k - 273.15).text);
}

/* of each output where the sequence ends, a little before so that rounding does
 * not put it outside, and how far it went */
static void add_measures(qn_text *t, const qn_analysis *a)
{
  for (size_t j = 0; j < a->chip->outputs; j++)
    qn_text_add(t,
                ".measure tran n%zu_end find v(n%zu) at=%s\n"
                ".measure tran n%zu_swing pp v(n%zu)\n",
                j, j, qn_exact(a->end_s * (1 - 1e-9)).text, j, j);
}

/* ---- ngspice ----------------------------------------------------------------------- */

static void add_ngspice_options(qn_text *t, const qn_spice_accuracy *a)
{
  qn_text_add(t,
              ".options reltol=%s trtol=%s chgtol=%s\n"
              ".options vntol=%s abstol=%s method=%s maxord=%d\n",
              qn_exact(a->reltol).text, qn_exact(a->trtol).text,
              qn_exact(a->chgtol_c).text, qn_exact(a->vntol_v).text,
              qn_exact(a->abstol_a).text, a->method, a->max_order);
}

static void add_ngspice(qn_text *t, const qn_analysis *a)
{
  add_ngspice_options(t, a->accuracy);
  qn_text_add(t, ".tran %s %s 0 %s uic\n", qn_exact(a->least_step_s).text,
              qn_exact(a->end_s).text, qn_exact(a->max_step_s).text);
  add_measures(t, a);
  qn_text_add(t, ".save");
  qn_dialect_add_probes(t, a->chip, "v(%)", '.');
  /* ngspice's words: run, say what it cost, write the raw file */
  qn_text_add(t, "\n.control\nset filetype=binary\nrun\nrusage all\nwrite %s",
              a->results);
  qn_dialect_add_probes(t, a->chip, "v(%)", '.');
  qn_text_add(t, "\nquit 0\n.endc\n.end\n");
}

static void add_ngspice_noise(qn_text *t, const qn_noise_analysis *a)
{
  add_temperature(t, a->chip, ".options temp");
  /* ngspice's words: the density is its plot noise1, what it sums to noise2 */
  qn_text_add(t,
              ".noise v(n0) Vx0 dec 20 %s %s\n.control\nset filetype=binary\n"
              "run\nsetplot noise2\nprint onoise_total\nsetplot noise1\n"
              "write %s onoise_spectrum\nquit 0\n.endc\n.end\n",
              qn_exact(a->low_hz).text, qn_exact(a->high_hz).text, a->results);
}

const qn_dialect qn_dialect_ngspice = {
  .name = "ngspice",
  .tried = "run on ngspice 39",
  .suffix = ".cir",
  .results = ".raw",
  .run = "ngspice -b -n",
  .add_analysis = add_ngspice,
  .add_noise = add_ngspice_noise,
  .noisy = &qn_dialect_noisy_ngspice,
};

static void add_noisy_ngspice(qn_text *t, const qn_analysis *a)
{
  qn_analysis noisy = *a;

  noisy.max_step_s = fmin(a->max_step_s, qn_noise_text_step(a->chip));
  qn_text_add(t, "* another seed is another sample of the noise\n"
                 ".options seed=1\n");
  add_ngspice(t, &noisy);
}

const qn_dialect qn_dialect_noisy_ngspice = {
  .name = "ngspice",
  .tried = "run on ngspice 39",
  .suffix = ".cir",
  .results = ".raw",
  .run = "ngspice -b -n",
  .add_analysis = add_noisy_ngspice,
  .add_noise = add_ngspice_noise,
  .noise = QN_NOISE_FROM_NUMBERS,
};

/* ---- Xyce --------------------------------------------------------------------------- */

static void add_xyce(qn_text *t, const qn_analysis *a)
{
  qn_text_add(t,
              "* written for Xyce from its documentation, never run on it\n"
              ".options timeint method=%s reltol=%s abstol=%s\n",
              a->accuracy->method, qn_exact(a->accuracy->reltol).text,
              qn_exact(a->accuracy->vntol_v).text);
  qn_text_add(t, ".tran %s %s 0 %s uic\n", qn_exact(a->least_step_s).text,
              qn_exact(a->end_s).text, qn_exact(a->max_step_s).text);
  add_measures(t, a);
  qn_text_add(t, ".print tran format=csv file=%s", a->results);
  qn_dialect_add_probes(t, a->chip, "v(%)", ':');
  qn_text_add(t, "\n.end\n");
}

static void add_xyce_noise(qn_text *t, const qn_noise_analysis *a)
{
  qn_text_add(t,
              "* written for Xyce from its documentation, never run on it\n");
  add_temperature(t, a->chip, ".options device temp");
  qn_text_add(t,
              ".noise v(n0) Vx0 dec 20 %s %s\n"
              ".print noise format=csv file=%s onoise\n.end\n",
              qn_exact(a->low_hz).text, qn_exact(a->high_hz).text, a->results);
}

const qn_dialect qn_dialect_xyce = {
  .name = "xyce",
  .tried = "never run on Xyce; its chip is the one that ngspice 39 runs",
  .suffix = ".cir",
  .results = ".csv",
  .run = "Xyce",
  .add_analysis = add_xyce,
  .add_noise = add_xyce_noise,
};

/* ---- Spectre ------------------------------------------------------------------------ */

static void add_spectre(qn_text *t, const qn_analysis *a)
{
  const qn_spice_accuracy *tolerance = a->accuracy;

  qn_text_add(t,
              "// written for Spectre from its documentation, never run on it\n"
              "// spectre -format nutascii: what quench netlist --check reads\n"
              "tolerances options reltol=%s vabstol=%s iabstol=%s\n",
              qn_exact(tolerance->reltol).text,
              qn_exact(tolerance->vntol_v).text,
              qn_exact(tolerance->abstol_a).text);
  qn_text_add(t, "transient tran stop=%s maxstep=%s method=%s skipdc=yes\nsave",
              qn_exact(a->end_s).text, qn_exact(a->max_step_s).text,
              tolerance->method);
  qn_dialect_add_probes(t, a->chip, "%", '.');
  qn_text_add(t, "\n");
}

static void add_spectre_noise(qn_text *t, const qn_noise_analysis *a)
{
  qn_text_add(
    t, "// written for Spectre from its documentation, never run on it\n");
  add_temperature(t, a->chip, "temperature options temp");
  qn_text_add(t, "density (n0 0) noise start=%s stop=%s dec=20\n",
              qn_exact(a->low_hz).text, qn_exact(a->high_hz).text);
}

const qn_dialect qn_dialect_spectre = {
  .name = "spectre",
  .tried = "never run on Spectre",
  .suffix = ".scs",
  .results = ".raw",
  .run = "spectre -format nutascii",
  .translate = qn_spectre_translate,
  .add_analysis = add_spectre,
  .add_noise = add_spectre_noise,
};

/* ---- Verilog-A ---------------------------------------------------------------------- */

const qn_dialect qn_dialect_verilog_a = {
  .name = "verilog-a",
  .tried = "never compiled",
  .suffix = ".va",
  .add_cells = qn_verilog_a_add_cells,
};

/* ---- all of them -------------------------------------------------------------------- */

static const qn_dialect *const dialects[] = {
  &qn_dialect_ngspice, &qn_dialect_xyce, &qn_dialect_spectre,
  &qn_dialect_verilog_a, NULL};

const char *qn_dialect_name(size_t i)
{
  size_t count = sizeof dialects / sizeof *dialects - 1;

  return i < count ? dialects[i]->name : NULL;
}

qn_status qn_dialect_get(const qn_dialect **out, const char *name,
                         qn_diag *diag)
{
  qn_text known;
  qn_status st;

  for (size_t i = 0; dialects[i]; i++)
    if (!strcmp(dialects[i]->name, name)) {
      *out = dialects[i];
      return QN_OK;
    }
  qn_text_init(&known);
  for (size_t i = 0; dialects[i]; i++)
    qn_text_add(&known, "%s%s", i ? ", " : "", dialects[i]->name);
  st = qn_diag_set(diag, QN_EINVAL, name, NULL,
                   "no such dialect; there are: %s", known.data);
  qn_text_release(&known);
  return st;
}

qn_status qn_dialect_make_noisy(const qn_dialect **dialect, const qn_chip *chip,
                                qn_diag *diag)
{
  qn_noise_text noise;

  if (!(*dialect)->noisy)
    return qn_diag_set(diag, QN_EUNSUPPORTED, (*dialect)->name, NULL,
                       "its transients have no noise: ngspice's have");
  qn_noise_text_init(&noise, chip, (qn_noise_wanted){QN_NOISE_FROM_NUMBERS, 0});
  if (!qn_noise_text_exists(&noise))
    return qn_diag_set(diag, QN_EINVAL, chip->technology.name, NULL,
                       "it has no noise at the membranes: noise.thermal=on "
                       "would be some");
  *dialect = (*dialect)->noisy;
  return QN_OK;
}
