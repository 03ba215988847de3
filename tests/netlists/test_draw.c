/* test_draw.c - a chip as a picture: well-formed, every memristor there once, in
 * colours that tell its conductance. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/base/scratch.h"
#include "tests/netlists/small.h"
#include "tests/netlists/xml.h"
#include <quench/die.h>
#include <quench/draw.h>
#include <quench/text.h>

TestSuite(draw, .timeout = 300);

static char *draw(const qn_chip *chip, const qn_network *net)
{
  qn_diag diag = {0};
  char *svg;

  cr_assert_eq(qn_draw_chip(chip, net, &svg, &diag), QN_OK, "%s", diag.message);
  return svg;
}

static void expect_well_formed(const char *svg, const char *what)
{
  const char *at, *wrong = xml_complaint(svg, &at);

  cr_expect(!wrong, "%s: %s at \"%.60s\"", what, wrong, at);
}

static size_t cells_of(const char *svg)
{
  return count_of(svg, "<rect class=\"mp\"") +
         count_of(svg, "<rect class=\"mm\"");
}

/* ---- the checker itself ----------------------------------------------------------------- */

Test(draw, the_checker_of_xml_finds_what_is_wrong)
{
  static const char *const good[] = {"<a/>", "<a><b c=\"&amp;&#39;\"/>x</a>\n"};
  static const char *const bad[] = {"",
                                    "<a>",
                                    "<a></b>",
                                    "<a/><a/>",
                                    "<a b=\"&\"/>",
                                    "<a>\xff</a>",
                                    "<a>\1</a>",
                                    "<a b=\"1\" b=\"2\"/>",
                                    "<a b=1/>",
                                    "x<a/>"};
  const char *at;

  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    cr_expect(!xml_complaint(good[i], &at), "%s", good[i]);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    cr_expect(xml_complaint(bad[i], &at) != NULL, "%s", bad[i]);
}

/* ---- chips by hand ---------------------------------------------------------------------- */

static void make_plain(small *s)
{
  (void)s;
}

static void make_transconductors(small *s)
{
  small_make_transconductors(s, 0.2);
}

static void make_wires(small *s)
{
  small_make_wires(s, 2, 3);
}

/* one memristor is missing, one neuron has no leak */
static void make_sparse(small *s)
{
  s->recurrent[0].plus_s = 0;
  s->leak_plus[1] = s->leak_minus[1] = 0;
}

/* two leaks of two memristors, three synapses of two or, transconductors, one */
static const struct {
  const char *what;
  void (*make)(small *s);
  size_t memristors;
} kinds[] = {
  {"direct", make_plain, 10},
  {"steered", small_make_steered, 10},
  {"transconductor", make_transconductors, 7},
  {"wires", make_wires, 10},
  {"sinh", small_make_sinh, 10},
  {"sparse", make_sparse, 7},
};

Test(draw, every_memristor_is_one_rectangle)
{
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    small s;
    char *svg;

    small_open(&s, 2);
    kinds[i].make(&s);
    svg = draw(&s.chip, NULL);
    expect_well_formed(svg, kinds[i].what);
    cr_expect_eq(cells_of(svg), kinds[i].memristors, "%s: %zu", kinds[i].what,
                 cells_of(svg));
    free(svg);
    small_close(&s);
  }
}

/* what a chip does not use is not on the second sheet */
Test(draw, only_the_cells_that_a_chip_uses_have_a_circuit)
{
  static const char *const titles[] = {
    "Synapse, direct cell", "Synapse, steered cell", "Synapse, transconductor"};

  for (size_t i = 0; i < 3; i++) {
    small s;
    char *svg;

    small_open(&s, 2);
    kinds[i].make(&s);
    svg = draw(&s.chip, NULL);
    for (size_t k = 0; k < 3; k++)
      cr_expect_eq(count_of(svg, titles[k]), i == k, "%s in %s", titles[k],
                   kinds[i].what);
    cr_expect_eq(count_of(svg, "Wires of the crossbar"), 0);
    free(svg);
    small_close(&s);
  }
}

Test(draw, a_gate_of_negative_gain_is_marked)
{
  small s;
  char *svg;

  small_open(&s,
             2); /* the gains are 1.5, 2 and -1; one sample of each besides */
  svg = draw(&s.chip, NULL);
  cr_expect_eq(count_of(svg, "class=\"gr\""), 2 + 1);
  cr_expect_eq(count_of(svg, "class=\"gf\""), 1 + 1);
  free(svg);
  small_close(&s);
}

Test(draw, same_chip_same_bytes_and_another_chip_others)
{
  small s;
  char *a, *b, *c;

  small_open(&s, 2);
  a = draw(&s.chip, NULL);
  b = draw(&s.chip, NULL);
  s.leak_plus[0] *= 1.5;
  c = draw(&s.chip, NULL);
  cr_expect_str_eq(a, b);
  cr_expect_str_neq(a, c);
  free(a);
  free(b);
  free(c);
  small_close(&s);
}

/* ---- colours ---------------------------------------------------------------------------- */

/* ITU-R BT.709, of the bytes as they are */
static double luminance(const char *colour)
{
  unsigned r, g, b;

  cr_assert_eq(sscanf(colour, "#%2x%2x%2x", &r, &g, &b), 3);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

Test(draw, a_better_conductor_is_darker)
{
  for (int side = 0; side < 2; side++) {
    double before = 256;

    for (int i = 0; i <= 100; i++) {
      double g = 1e-7 * pow(1000, i / 100.0);
      double now = luminance(qn_draw_colour((qn_side)side, g, 1e-7, 1e-4).text);

      cr_expect(now < before, "%d, %g S: %g after %g", side, g, now, before);
      before = now;
    }
    cr_expect(before < 40, "%g",
              before); /* from nearly white to nearly black */
  }
}

Test(draw, a_conductance_beyond_the_scale_has_the_colour_of_its_end)
{
  cr_expect_str_eq(qn_draw_colour(QN_PLUS, 1e-9, 1e-7, 1e-4).text,
                   qn_draw_colour(QN_PLUS, 1e-7, 1e-7, 1e-4).text);
  cr_expect_str_eq(qn_draw_colour(QN_MINUS, 1, 1e-7, 1e-4).text,
                   qn_draw_colour(QN_MINUS, 1e-4, 1e-7, 1e-4).text);
}

/* ---- names ------------------------------------------------------------------------------ */

Test(draw, any_name_gives_well_formed_xml)
{
  static const char *const names[] = {
    "<b>&\"'</b>",
    "]]>",
    "\xff\xfe broken",
    "\xc3",
    "\xed\xa0\x80 surrogate",
    "\xef\xbf\xbf no character",
    "tab\tand\nline",
    "\x1b[31m",
    "\xce\xbc-law \xe6\xb8\xa9\xe5\xba\xa6",
    "\xe2\x80\xae turned round",
    "_index_ of a name, %s %n",
    "",
  };

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char copy[64];
    small s;
    char *svg;

    small_open(&s, 2);
    snprintf(copy, sizeof copy, "%s", names[i]);
    s.name[0] = s.chip.name = copy;
    svg = draw(&s.chip, NULL);
    expect_well_formed(svg, names[i]);
    free(svg);
    small_close(&s);
  }
}

Test(draw, names_are_escaped_and_stand_as_they_are)
{
  char name[] = "<CO2> & \xce\xbc_in";
  small s;
  char *svg;

  small_open(&s, 2);
  s.name[0] = name;
  svg = draw(&s.chip, NULL);
  /* beside its row and over its readout */
  cr_expect(count_of(svg, ">&#60;CO2&#62; &#38; \xce\xbc_in</text>") == 2);
  cr_expect_eq(count_of(svg, "<CO2>"), 0);
  free(svg);
  small_close(&s);
}

Test(draw, a_long_name_is_cut_and_whole_in_its_title)
{
  char name[201];
  small s;
  char *svg, *title;

  memset(name, 'w', 200);
  name[200] = 0;
  small_open(&s, 2);
  s.name[0] = name;
  svg = draw(&s.chip, NULL);
  title = qn_text_format("<title>%s</title>", name);
  cr_expect(count_of(svg, title) >= 2);
  cr_expect(count_of(svg, ">wwwwwwwwwwwwwwwwwwwww\xe2\x80\xa6<title>") == 2);
  expect_well_formed(svg, "long");
  free(title);
  free(svg);
  small_close(&s);
}

/* ---- whole networks --------------------------------------------------------------------- */

static void open_chip(const char *technology, const qn_die *die,
                      const char *path, qn_network **net, qn_chip **chip)
{
  qn_diag diag = {0};

  cr_assert_eq(qn_network_read(net, path, &diag), QN_OK, "%s", diag.message);
  cr_assert_eq(qn_chip_open(chip, *net, technology, die, &diag), QN_OK, "%s",
               diag.message);
}

Test(draw, trained_networks_have_as_many_cells_as_memristors)
{
  static const char *const paths[] = {
    "tests/data/sine_ltc8.safetensors",
    "tests/data/occupancy_ltc19.safetensors",
    "tests/data/gesture_ltc32.safetensors",
  };
  static const char *const technologies[] = {
    "ideal", "sky130_reram", "pcm", "sky130_reram,synapse.cell=transconductor"};
  const qn_die die = {7, 3};

  for (size_t i = 0; i < 3; i++)
    for (size_t k = 0; k < 4; k++) {
      qn_network *net;
      qn_chip *chip;
      char *svg;

      open_chip(technologies[k], k == 1 ? &die : NULL, paths[i], &net, &chip);
      svg = draw(chip, net);
      expect_well_formed(svg, paths[i]);
      cr_expect_eq(cells_of(svg), chip->memristors, "%s on %s: %zu, not %zu",
                   paths[i], technologies[k], cells_of(svg), chip->memristors);
      cr_expect(strstr(svg, chip->sample) != NULL);
      free(svg);
      qn_chip_free(chip);
      qn_network_free(net);
    }
}

/* occupancy_ltc19 has 11 inter, 7 command and 1 motor neurons: columns from left
 * to right, motor neuron 0 the last */
Test(draw, columns_stand_in_the_order_of_layers)
{
  qn_network *net;
  qn_chip *chip;
  double first, last;
  char *svg;

  open_chip("ideal", NULL, "tests/data/occupancy_ltc19.safetensors", &net,
            &chip);
  svg = draw(chip, net);
  cr_assert(strstr(svg, "inter</text>") && strstr(svg, "command</text>") &&
            strstr(svg, "motor</text>"));
  first = strtod(strstr(strstr(svg, "<title>leak of n8:"), " x=\"") + 4, NULL);
  last = strtod(strstr(strstr(svg, "<title>leak of n0:"), " x=\"") + 4, NULL);
  for (size_t j = 0; j < chip->units; j++) {
    char leak[48];
    const char *at;
    double x;

    snprintf(leak, sizeof leak, "<title>leak of n%zu:", j);
    at = strstr(svg, leak);
    cr_assert(at != NULL);
    x = strtod(strstr(at, " x=\"") + 4, NULL);
    cr_expect(x >= first && x <= last, "n%zu", j);
  }
  free(svg);
  qn_chip_free(chip);
  qn_network_free(net);
}

Test(draw, a_chip_too_large_for_a_picture_is_refused_with_the_limit)
{
  qn_diag diag = {0};
  small s;
  char *svg = NULL;

  small_open(&s, 2);
  s.chip.recurrent.count = 200000;
  cr_expect_eq(qn_draw_chip(&s.chip, NULL, &svg, &diag), QN_EUNSUPPORTED);
  cr_expect(!svg);
  cr_expect(strstr(diag.message, "200001 synapses, where a picture holds 512"),
            "%s", diag.message);
  small_close(&s);
}
