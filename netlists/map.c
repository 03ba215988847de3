/* map.c - see map.h. */
#include "netlists/map.h"

/* in quotes, those of its own doubled (RFC 4180) */
static void add_quoted(qn_text *t, const char *name)
{
  qn_text_add(t, "\"");
  for (; *name; name++) {
    if (*name == '"')
      qn_text_add(t, "\"");
    qn_text_add_bytes(t, name, 1);
  }
  qn_text_add(t, "\"\n");
}

void qn_map_add(qn_text *t, const qn_chip *chip, const qn_network *net)
{
  qn_text_add(t, "node,is,layer,name\n");
  for (size_t k = 0; k < chip->inputs; k++) {
    qn_text_add(t, "x%zu,input,,", k);
    add_quoted(t, chip->input_names[k]);
  }
  for (size_t j = 0; j < chip->units; j++) {
    int output = j < chip->outputs;

    qn_text_add(t, "n%zu,%s,", j, output ? "output" : "neuron");
    if (net && net->layers > 1)
      qn_text_add(t, "%zu", net->layer[j]);
    qn_text_add(t, ",");
    add_quoted(t, output ? chip->output_names[j] : "");
  }
}
