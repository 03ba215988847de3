/* circuit_list.c - the memristors of a chip as a list by membrane, and where the
 * Jacobian over them is not zero. */
#include <stdlib.h>

#include "sim/circuit.h"

/* ---- the list --------------------------------------------------------------------- */

int qn_element_is_transconductor(const qn_chip *chip, const qn_element *e)
{
  return e->gated != QN_GATED_NEVER &&
         chip->technology.cell == QN_CELL_TRANSCONDUCTOR;
}

/* the state at which its device has the conductance, and the factor that is
 * left where the device cannot reach it */
static void place_state(const qn_chip *chip, qn_element *e)
{
  const qn_device *device = chip->technology.memristor.device;
  double slope;

  e->x = device->state(e->p, e->g);
  e->factor = e->g / device->conductance(e->p, e->x, &slope);
}

static void add_element(qn_circuit *c, qn_place place, size_t i, qn_side side)
{
  const qn_chip *chip = c->chip;
  const qn_technology *t = &chip->technology;
  size_t number = qn_chip_memristor(chip, place, i, side);
  const qn_branches *b =
    place == QN_AT_RECURRENT ? &chip->recurrent : &chip->sensory;
  int second = side == QN_MINUS && t->cell == QN_CELL_STEERED;
  qn_element *e = &c->element[c->elements];

  *e = (qn_element){
    .number = number,
    .post = place == QN_AT_LEAK ? i : b->at[i].post,
    .gated = place == QN_AT_LEAK        ? QN_GATED_NEVER
             : place == QN_AT_RECURRENT ? QN_GATED_RECURRENT
                                        : QN_GATED_SENSORY,
    .gate = place != QN_AT_LEAK && second ? b->count + i : i,
    .rail_v = (side == QN_PLUS ? chip->rail_plus_v : chip->rail_minus_v) -
              chip->common_mode_v,
    .polarity = side == QN_PLUS ? t->polarity_plus : t->polarity_minus,
    .p = qn_chip_parameters(chip, number),
    .g = qn_chip_conductance_of(chip, number)};
  if (!(e->g > 0))
    return; /* absent */
  if (qn_element_is_transconductor(chip, e))
    e->rail_v = b->at[i].reversal_v - chip->common_mode_v;
  place_state(chip, e);
  c->elements++;
}

static void add_pair(qn_circuit *c, qn_place place, size_t i)
{
  add_element(c, place, i, QN_PLUS);
  add_element(c, place, i, QN_MINUS);
}

static void list_elements(qn_circuit *c)
{
  const qn_chip *chip = c->chip;
  const qn_branches *r = &chip->recurrent, *s = &chip->sensory;

  for (size_t j = 0; j < chip->units; j++) {
    c->first[j] = c->elements;
    add_pair(c, QN_AT_LEAK, j);
    for (size_t i = r->first[j]; i < r->first[j + 1]; i++)
      add_pair(c, QN_AT_RECURRENT, i);
    for (size_t i = s->first[j]; i < s->first[j + 1]; i++)
      add_pair(c, QN_AT_SENSORY, i);
  }
  c->first[chip->units] = c->elements;
}

/* ---- where the Jacobian is not zero ------------------------------------------------- */

/* rows of the Jacobian: what each equation depends on */
struct rows {
  size_t *first; /* [n + 1] */
  size_t *on;
  size_t count;
};

static size_t depend(struct rows *rows, size_t on)
{
  rows->on[rows->count] = on;
  return rows->count++;
}

static void list_membrane(qn_circuit *c, struct rows *rows, size_t j)
{
  for (size_t k = c->first[j]; k < c->first[j + 1]; k++) {
    qn_element *e = &c->element[k];

    if (e->gated == QN_GATED_RECURRENT)
      e->by_pre = depend(rows, c->recurrent.pre[e->gate]);
    if (c->states == QN_STATES_MOVE)
      e->by_state = depend(rows, c->chip->units + k);
  }
}

static void list_state(qn_circuit *c, struct rows *rows, qn_element *e)
{
  e->by_post = depend(rows, e->post);
  if (e->gated == QN_GATED_RECURRENT)
    depend(rows, c->recurrent.pre[e->gate]); /* right after by_post */
}

/* what was the place in the lists becomes that among the pattern's entries */
static void find_entries(qn_circuit *c)
{
  const size_t *entry = c->pattern.entry;
  int move = c->states == QN_STATES_MOVE;

  for (size_t k = 0; k < c->elements; k++) {
    qn_element *e = &c->element[k];
    int recurrent = e->gated == QN_GATED_RECURRENT;

    e->by_pre = recurrent ? entry[e->by_pre] : 0;
    e->by_state = move ? entry[e->by_state] : 0;
    e->state_by_pre = move && recurrent ? entry[e->by_post + 1] : 0;
    e->by_post = move ? entry[e->by_post] : 0;
  }
}

static qn_status list_rows(qn_circuit *c, struct rows *rows)
{
  size_t n = c->chip->units,
         states = c->states == QN_STATES_MOVE ? c->elements : 0;
  qn_status st;

  rows->first = calloc(n + states + 1, sizeof *rows->first);
  rows->on = calloc(4 * c->elements + 1, sizeof *rows->on);
  if (!rows->first || !rows->on)
    return QN_ENOMEM;
  for (size_t j = 0; j < n; j++) {
    list_membrane(c, rows, j);
    rows->first[j + 1] = rows->count;
  }
  for (size_t k = 0; k < states; k++) {
    list_state(c, rows, &c->element[k]);
    rows->first[n + k + 1] = rows->count;
  }
  st = qn_pattern_init(&c->pattern, n + states, rows->first, rows->on);
  if (!st)
    find_entries(c);
  return st;
}

qn_status qn_elements_init(qn_circuit *c)
{
  const qn_technology *t = &c->chip->technology;
  struct rows rows = {0};
  qn_status st;

  c->element = calloc(qn_chip_memristors(c->chip) + 1, sizeof *c->element);
  c->first = calloc(c->chip->units + 1, sizeof *c->first);
  if (!c->element || !c->first)
    return QN_ENOMEM;
  c->wired = t->rail_ohm > 0 || t->membrane_ohm > 0;
  list_elements(c);
  st = list_rows(c, &rows);
  free(rows.first);
  free(rows.on);
  return st;
}
