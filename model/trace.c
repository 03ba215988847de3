/* trace.c - results of a run, and the files they go to. */
#include <quench/trace.h>

#include <stdlib.h>
#include <string.h>

#include <quench/file.h>
#include <quench/safetensors.h>
#include <quench/text.h>

static qn_status make_room(qn_trace **out, qn_trace sizes)
{
  qn_trace *t = malloc(sizeof *t);

  *out = NULL;
  if (!t)
    return QN_ENOMEM;
  *t = sizes;
  t->first = calloc(t->sequences + 1, sizeof *t->first);
  t->output = calloc(t->rows * t->outputs + 1, sizeof *t->output);
  t->state = calloc(t->rows * t->units + 1, sizeof *t->state);
  if (!t->first || !t->output || !t->state) {
    qn_trace_free(t);
    return QN_ENOMEM;
  }
  *out = t;
  return QN_OK;
}

qn_status qn_trace_alloc(qn_trace **out, const qn_network *net,
                         const qn_dataset *data)
{
  qn_status st = make_room(out, (qn_trace){.sequences = data->sequences,
                                           .rows = data->rows,
                                           .outputs = net->outputs,
                                           .units = net->units});

  if (!st)
    memcpy((*out)->first, data->first,
           (data->sequences + 1) * sizeof *data->first);
  return st;
}

static void copy_sequence(qn_trace *to, size_t s, const qn_trace *from,
                          size_t source)
{
  size_t rows = from->first[source + 1] - from->first[source];

  to->first[s + 1] = to->first[s] + rows;
  memcpy(to->output + to->first[s] * to->outputs,
         from->output + from->first[source] * to->outputs,
         rows * to->outputs * sizeof *to->output);
  memcpy(to->state + to->first[s] * to->units,
         from->state + from->first[source] * to->units,
         rows * to->units * sizeof *to->state);
}

qn_status qn_trace_pick(qn_trace **out, const qn_trace *trace, size_t count)
{
  qn_trace sizes = {
    .sequences = count, .outputs = trace->outputs, .units = trace->units};
  qn_status st;

  for (size_t s = 0; s < count; s++) {
    size_t source = qn_sequence_pick(s, count, trace->sequences);

    sizes.rows += trace->first[source + 1] - trace->first[source];
  }
  st = make_room(out, sizes);
  for (size_t s = 0; !st && s < count; s++)
    copy_sequence(*out, s, trace, qn_sequence_pick(s, count, trace->sequences));
  return st;
}

void qn_trace_free(qn_trace *t)
{
  if (!t)
    return;
  free(t->first);
  free(t->output);
  free(t->state);
  free(t);
}

void qn_trace_read_out(qn_trace *t, const qn_network *net, size_t row)
{
  const double *state = t->state + row * t->units + net->read_first;

  for (size_t m = 0; m < t->outputs; m++)
    t->output[row * t->outputs + m] =
      net->output_map.w[m] * state[m] + net->output_map.b[m];
}

/* ---- files ---------------------------------------------------------------------- */

static void add_name(qn_text *text, const char *name)
{
  if (!strpbrk(name, ",\"\r\n")) {
    qn_text_add(text, "%s", name);
    return;
  }
  qn_text_add(text, "\"");
  for (; *name; name++)
    qn_text_add_bytes(text, *name == '"' ? "\"\"" : name, *name == '"' ? 2 : 1);
  qn_text_add(text, "\"");
}

static void add_rows(qn_text *text, const qn_trace *t, size_t s)
{
  for (size_t row = t->first[s]; row < t->first[s + 1]; row++) {
    qn_text_add(text, "%zu,%zu", s, row - t->first[s]);
    for (size_t m = 0; m < t->outputs; m++)
      qn_text_add(text, ",%.17g", t->output[row * t->outputs + m]);
    qn_text_add(text, "\n");
  }
}

static qn_status write_csv(const qn_trace *t, const qn_network *net,
                           const char *path, qn_diag *diag)
{
  qn_text text;
  qn_status st;

  qn_text_init(&text);
  qn_text_add(&text, "sequence,step");
  for (size_t m = 0; m < t->outputs; m++) {
    qn_text_add(&text, ",");
    add_name(&text, net->output_names[m]);
  }
  qn_text_add(&text, "\n");
  for (size_t s = 0; s < t->sequences; s++)
    add_rows(&text, t, s);
  st = text.failed ? qn_diag_out_of_memory(diag)
                   : qn_file_write(path, text.data, text.length, diag);
  qn_text_release(&text);
  return st;
}

static qn_tensor tensor(const char *name, const qn_trace *t, size_t columns,
                        const double *data)
{
  return (qn_tensor){.name = name,
                     .dtype = QN_F64,
                     .rank = 3,
                     .shape = {t->sequences, t->rows / t->sequences, columns},
                     .count = t->rows * columns,
                     .data = data};
}

static qn_status write_safetensors(const qn_trace *t, const char *path,
                                   qn_trace_content content, qn_diag *diag)
{
  qn_tensor all[2] = {tensor("outputs", t, t->outputs, t->output),
                      tensor("states", t, t->units, t->state)};

  for (size_t s = 1; s < t->sequences; s++)
    if (t->first[s + 1] - t->first[s] != t->first[1] - t->first[0])
      return qn_diag_set(diag, QN_EUNSUPPORTED, path, NULL,
                         "sequences of different lengths do not fit a tensor: "
                         "write .csv");
  return qn_safetensors_write(path, all,
                              content == QN_TRACE_OUTPUTS_AND_STATES ? 2 : 1,
                              NULL, NULL, diag);
}

static int ends_in(const char *path, const char *extension)
{
  const char *dot = strrchr(path, '.');

  return dot && !strcmp(dot, extension);
}

qn_status qn_trace_check_path(const char *path, qn_trace_content content,
                              qn_diag *diag)
{
  if (ends_in(path, ".safetensors"))
    return QN_OK;
  if (!ends_in(path, ".csv"))
    return qn_diag_set(diag, QN_EINVAL, path, NULL,
                       "an output's name ends in .csv or .safetensors");
  if (content == QN_TRACE_OUTPUTS_AND_STATES)
    return qn_diag_set(diag, QN_EINVAL, path, NULL,
                       "states are written to .safetensors alone");
  return QN_OK;
}

qn_status qn_trace_write(const qn_trace *t, const qn_network *net,
                         const char *path, qn_trace_content content,
                         qn_diag *diag)
{
  qn_status st = qn_trace_check_path(path, content, diag);

  if (st)
    return st;
  if (ends_in(path, ".csv"))
    return write_csv(t, net, path, diag);
  return write_safetensors(t, path, content, diag);
}
