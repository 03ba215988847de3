/* cosim_child.c - the C side of cosim/harness.cpp's frames. */
#include "hdl/cosim_child.h"

#include <stdio.h>
#include <stdlib.h>

#include <quench/process.h>
#include <quench/text.h>

enum { MAGIC = 0x31434e51 };

struct qn_cosim_child {
  const qn_core *core;
  qn_child *process;
  double timeout_s;
  size_t words; /* of a step's frame */
  int32_t *frame;
};

/* ---- start --------------------------------------------------------------- */

static qn_status launch(qn_cosim_child *child, const char *executable,
                        const char *images, uint32_t seed, qn_diag *diag)
{
  char random[48], *log = qn_text_format("%s/cosim-%u.log", images, seed);
  const char *const argv[] = {executable, "+verilator+rand+reset+2", random,
                              NULL};
  qn_status st;

  snprintf(random, sizeof random, "+verilator+seed+%u", seed % 2147483647u + 1);
  st = log ? qn_child_start(&child->process, argv, images, log, diag)
           : qn_diag_out_of_memory(diag);
  free(log);
  return st;
}

static qn_status check_layout(qn_cosim_child *child, const char *executable,
                              qn_diag *diag)
{
  const qn_core *core = child->core;
  const uint32_t want[] = {MAGIC,
                           core->width,
                           (uint32_t)core->inputs,
                           (uint32_t)core->outputs,
                           (uint32_t)core->units,
                           core->unfolds};
  uint32_t got[6];
  qn_status st =
    qn_child_read(child->process, got, sizeof got, child->timeout_s, diag);

  if (st)
    return st;
  for (size_t i = 0; i < sizeof want / sizeof *want; i++)
    if (got[i] != want[i])
      return qn_diag_set(diag, QN_ETOOL, executable, "",
                         "the simulated core has another layout (word %zu is "
                         "%u, expected %u): remove it from the cache",
                         i, got[i], want[i]);
  return QN_OK;
}

static qn_status send_wish(qn_cosim_child *child, const qn_cosim_options *opt,
                           uint32_t seed, qn_diag *diag)
{
  const uint32_t wish[] = {MAGIC, seed, opt->stall_percent * 256 / 100,
                           64 * child->core->cycles + 100000};

  return qn_child_write(child->process, wish, sizeof wish, child->timeout_s,
                        diag);
}

qn_status qn_cosim_child_start(qn_cosim_child **out, const qn_core *core,
                               const char *executable, const char *images,
                               const qn_cosim_options *opt, uint32_t seed,
                               qn_diag *diag)
{
  qn_cosim_child *child = calloc(1, sizeof *child);
  qn_status st;

  *out = NULL;
  if (!child)
    return qn_diag_out_of_memory(diag);
  child->core = core;
  child->timeout_s = opt->timeout_s;
  child->words = 1 + core->outputs + 2 * core->unfolds * core->units;
  child->frame = calloc(child->words, sizeof *child->frame);
  st = child->frame ? launch(child, executable, images, seed, diag)
                    : qn_diag_out_of_memory(diag);
  if (!st)
    st = check_layout(child, executable, diag);
  if (!st)
    st = send_wish(child, opt, seed, diag);
  if (st) {
    qn_cosim_child_stop(child);
    return st;
  }
  *out = child;
  return QN_OK;
}

void qn_cosim_child_stop(qn_cosim_child *child)
{
  if (!child)
    return;
  qn_child_stop(child->process);
  free(child->frame);
  free(child);
}

/* ---- sequences ------------------------------------------------------------ */

qn_status qn_cosim_child_send(qn_cosim_child *child, const int32_t *input,
                              size_t steps, qn_diag *diag)
{
  uint32_t count = (uint32_t)steps;
  qn_status st = qn_child_write(child->process, &count, sizeof count,
                                child->timeout_s, diag);

  if (st)
    return st;
  return qn_child_write(child->process, input,
                        steps * child->core->inputs * sizeof *input,
                        child->timeout_s, diag);
}

qn_status qn_cosim_child_receive(qn_cosim_child *child, qn_cosim_step *step,
                                 qn_diag *diag)
{
  qn_status st =
    qn_child_read(child->process, child->frame,
                  child->words * sizeof *child->frame, child->timeout_s, diag);

  if (st)
    return st;
  step->cycles = (uint32_t)child->frame[0];
  step->result = child->frame + 1;
  step->write = child->frame + 1 + child->core->outputs;
  return QN_OK;
}

qn_status qn_cosim_child_flags(qn_cosim_child *child, int *framing_error,
                               int *saturated, qn_diag *diag)
{
  uint32_t flag[2];
  qn_status st =
    qn_child_read(child->process, flag, sizeof flag, child->timeout_s, diag);

  if (st)
    return st;
  *framing_error = flag[0] != 0;
  *saturated = flag[1] != 0;
  return QN_OK;
}
