/* test_origin.c - what stands behind an instance: its neuron, its layer, and the
 * values of the network it comes from. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quench/catalogue.h>
#include <quench/chip.h>
#include <quench/die.h>
#include <quench/netlist.h>
#include <quench/text.h>

#include "tests/netlists/small.h"
#include "tests/sim/example.h"

/* the statement that begins with `name`, with its comment */
static char *statement(const char *deck, const char *name)
{
  char *key = qn_text_format("\n%s ", name);
  const char *at = strstr(deck, key), *end;
  char *line;

  cr_assert(at != NULL, "no %s", name);
  end = strchr(++at, '\n');
  while (end[1] == '+')
    end = strchr(end + 1, '\n');
  line = qn_text_format("%.*s", (int)(end - at), at);
  free(key);
  return line;
}

static void expect_in(const char *deck, const char *name, char *want)
{
  char *line = statement(deck, name);

  cr_expect(strstr(strchr(line, ';'), want), "%s, not in: %s", want, line);
  free(line);
  free(want);
}

/* every synapse of one kind, against the network */
static void check_synapses(const char *deck, const qn_synapses *all,
                           const size_t *layer, int sensory)
{
  static const char *const layers[] = {"inter", "command", "motor"};

  for (size_t i = 0; i < all->count; i++) {
    const qn_synapse *s = &all->at[i];
    char name[32];

    snprintf(name, sizeof name, "X%c%zu", sensory ? 's' : 'r', i);
    expect_in(deck, name,
              qn_text_format(" %sw[%u,%u]=%.9g sigma=%.9g mu=%.9g erev=%.9g,",
                             sensory ? "sensory_" : "", s->pre, s->post, s->w,
                             s->sigma, s->mu, s->erev));
    expect_in(deck, name,
              qn_text_format(", %s to %s,",
                             sensory ? "input" : layers[layer[s->pre]],
                             layers[layer[s->post]]));
    expect_in(deck, name, qn_text_format("%c%u ", sensory ? 'x' : 'n', s->pre));
    expect_in(deck, name, qn_text_format(" to n%u", s->post));
  }
}

static void check_neurons(const char *deck, const qn_chip *chip,
                          const qn_network *net)
{
  for (size_t j = 0; j < chip->units; j++) {
    char membrane[32], leak[32];

    snprintf(membrane, sizeof membrane, "Xm%zu", j);
    snprintf(leak, sizeof leak, "Xl%zu", j);
    expect_in(deck, membrane,
              qn_text_format(", cm[%zu]=%.9g", j, net->ltc.cm[j]));
    expect_in(deck, leak,
              qn_text_format(", gleak[%zu]=%.9g vleak[%zu]=%.9g,", j,
                             net->ltc.gleak[j], j, net->ltc.vleak[j]));
    if (j < chip->outputs)
      expect_in(deck, membrane,
                qn_text_format(" n%zu (%.20s", j, chip->output_names[j]));
  }
}

/* printable ASCII, in lines of 256 characters at most, comments included */
static void expect_readable(const char *deck)
{
  for (size_t n; *deck; deck += n + (deck[n] == '\n')) {
    n = strcspn(deck, "\n");
    cr_expect(n <= 256, "%zu characters: %.*s", n, (int)n, deck);
    for (size_t i = 0; i < n; i++)
      cr_expect(deck[i] >= ' ' && deck[i] <= '~', "%.*s", (int)n, deck);
  }
}

/* wires and memristors that differ make the longest lines */
Test(origin, instances_name_neuron_layer_and_weights)
{
  static const char *const technologies[] = {
    "ideal", "sky130_reram,memristor.spread.v0=0.1,wire.rail_ohm=2"};
  const qn_die die = {5, 1};

  for (int i = 0; i < 2; i++) {
    example e = example_open("occupancy_ltc19");
    qn_chip *chip;
    char *deck;

    cr_assert_eq(
      qn_chip_open(&chip, e.net, technologies[i], i ? &die : NULL, NULL),
      QN_OK);
    cr_assert_eq(
      qn_netlist_chip_text(chip, e.net, QN_NETLIST_CELLS, &deck, NULL), QN_OK);
    check_synapses(deck, &e.net->ltc.recurrent, e.net->layer, 0);
    check_synapses(deck, &e.net->ltc.sensory, e.net->layer, 1);
    check_neurons(deck, chip, e.net);
    expect_readable(deck);
    free(deck);
    qn_chip_free(chip);
    example_close(&e);
  }
}

/* without the network, or with another, nothing is made up */
Test(origin, another_network_gives_no_values)
{
  char *deck;
  small s;

  small_open(&s, 2);
  for (int other = 0; other < 2; other++) {
    s.net.ltc.recurrent.count = 1;
    cr_assert_eq(qn_netlist_chip_text(&s.chip, other ? &s.net : NULL,
                                      QN_NETLIST_CELLS, &deck, NULL),
                 QN_OK);
    cr_expect(!strstr(deck, "w[") && !strstr(deck, "cm["));
    expect_in(deck, "Xr0",
              qn_text_format("; n1 to n0 (small), recurrent, pulls to -3.1"));
    expect_in(
      deck, "Xs0",
      qn_text_format("; x0 (small) to n0 (small), sensory, pulls to 2 "));
    free(deck);
  }
  small_close(&s);
}
