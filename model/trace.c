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

qn_status qn_trace_add_memristors(qn_trace *t, size_t count)
{
  t->memristor = calloc(t->rows * count + 1, sizeof *t->memristor);
  t->memristors = t->memristor ? count : 0;
  return t->memristor ? QN_OK : QN_ENOMEM;
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
  free(t->tau);
  free(t->memristor);
  free(t);
}

void qn_trace_read_out(qn_trace *t, const qn_network *net, size_t row)
{
  const double *state = t->state + row * t->units + net->read_first;

  for (size_t m = 0; m < t->outputs; m++)
    t->output[row * t->outputs + m] =
      net->output_map.w[m] * state[m] + net->output_map.b[m];
}

qn_status qn_trace_add_tau(qn_trace *t, const qn_network *net,
                           const qn_dataset *data, qn_diag *diag)
{
  if (net->cell != QN_CELL_LTC)
    return qn_diag_set(diag, QN_EUNSUPPORTED, net->path, NULL,
                       "time constants are those of LTC cells, '%s' has none",
                       qn_cell_name(net->cell));
  t->tau = malloc((t->rows * t->units + 1) * sizeof *t->tau);
  if (!t->tau)
    return qn_diag_out_of_memory(diag);
  for (size_t row = 0; row < t->rows; row++)
    qn_ltc_time_constants(net, data->inputs + row * data->features,
                          t->state + row * t->units, t->tau + row * t->units);
  return QN_OK;
}

/* ---- files ---------------------------------------------------------------------- */

/* One kind of content: columns of a CSV, or a tensor. */
struct part {
  const char *name;   /* in lists, and of the tensor */
  const char *column; /* neuron 3 is <column>3; NULL: by the output names */
  qn_trace_content content;
};

static const struct part parts[] = {{"outputs", NULL, QN_TRACE_OUTPUTS},
                                    {"states", "state", QN_TRACE_STATES},
                                    {"tau", "tau", QN_TRACE_TAU}};
enum { PARTS = sizeof parts / sizeof *parts };

static const double *data_of(const qn_trace *t, const struct part *part)
{
  return part->content == QN_TRACE_OUTPUTS  ? t->output
         : part->content == QN_TRACE_STATES ? t->state
                                            : t->tau;
}

static size_t columns_of(const qn_trace *t, const struct part *part)
{
  return part->content == QN_TRACE_OUTPUTS ? t->outputs : t->units;
}

qn_status qn_trace_content_from_list(const char *list, unsigned *content,
                                     qn_diag *diag)
{
  *content = 0;
  for (const char *at = list; *at;) {
    size_t n = strcspn(at, ","), i = 0;

    while (i < PARTS &&
           (strlen(parts[i].name) != n || strncmp(parts[i].name, at, n)))
      i++;
    if (i == PARTS)
      return qn_diag_set(diag, QN_EINVAL, "--trace", NULL,
                         "'%.*s' is none of outputs, states, tau", (int)n, at);
    *content |= parts[i].content;
    at += n + (at[n] == ',');
  }
  return *content ? QN_OK
                  : qn_diag_set(diag, QN_EINVAL, "--trace", NULL,
                                "expected some of outputs, states, tau");
}

/* ---- CSV ------------------------------------------------------------------------ */

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

static void add_header(qn_text *text, const qn_trace *t, const qn_network *net,
                       unsigned content)
{
  qn_text_add(text, "sequence,step");
  for (const struct part *p = parts; p < parts + PARTS; p++)
    for (size_t i = 0; (content & p->content) && i < columns_of(t, p); i++) {
      qn_text_add(text, ",");
      if (p->column)
        qn_text_add(text, "%s%zu", p->column, i);
      else
        add_name(text, net->output_names[i]);
    }
  qn_text_add(text, "\n");
}

static void add_row(qn_text *text, const qn_trace *t, size_t row,
                    unsigned content)
{
  for (const struct part *p = parts; p < parts + PARTS; p++) {
    size_t n = columns_of(t, p);

    for (size_t i = 0; (content & p->content) && i < n; i++)
      qn_text_add(text, ",%.17g", data_of(t, p)[row * n + i]);
  }
  qn_text_add(text, "\n");
}

static qn_status write_csv(const qn_trace *t, const qn_network *net,
                           const char *path, unsigned content, qn_diag *diag)
{
  qn_text text;
  qn_status st;

  qn_text_init(&text);
  add_header(&text, t, net, content);
  for (size_t s = 0; s < t->sequences; s++)
    for (size_t row = t->first[s]; row < t->first[s + 1]; row++) {
      qn_text_add(&text, "%zu,%zu", s, row - t->first[s]);
      add_row(&text, t, row, content);
    }
  st = text.failed ? qn_diag_out_of_memory(diag)
                   : qn_file_write(path, text.data, text.length, diag);
  qn_text_release(&text);
  return st;
}

/* ---- safetensors ------------------------------------------------------------------ */

static qn_tensor tensor(const qn_trace *t, const struct part *part)
{
  size_t columns = columns_of(t, part);

  return (qn_tensor){.name = part->name,
                     .dtype = QN_F64,
                     .rank = 3,
                     .shape = {t->sequences, t->rows / t->sequences, columns},
                     .count = t->rows * columns,
                     .data = data_of(t, part)};
}

static qn_status write_safetensors(const qn_trace *t, const char *path,
                                   unsigned content, qn_diag *diag)
{
  qn_tensor all[PARTS];
  size_t count = 0;

  for (size_t s = 1; s < t->sequences; s++)
    if (t->first[s + 1] - t->first[s] != t->first[1] - t->first[0])
      return qn_diag_set(diag, QN_EUNSUPPORTED, path, NULL,
                         "sequences of different lengths do not fit a tensor: "
                         "write .csv");
  for (const struct part *p = parts; p < parts + PARTS; p++)
    if (content & p->content)
      all[count++] = tensor(t, p);
  return qn_safetensors_write(path, all, count, NULL, NULL, diag);
}

/* ---- either ------------------------------------------------------------------------ */

static int ends_in(const char *path, const char *extension)
{
  const char *dot = strrchr(path, '.');

  return dot && !strcmp(dot, extension);
}

qn_status qn_trace_check_path(const char *path, qn_diag *diag)
{
  if (ends_in(path, ".safetensors") || ends_in(path, ".csv"))
    return QN_OK;
  return qn_diag_set(diag, QN_EINVAL, path, NULL,
                     "an output's name ends in .csv or .safetensors");
}

qn_status qn_trace_write(const qn_trace *t, const qn_network *net,
                         const char *path, unsigned content, qn_diag *diag)
{
  qn_status st = qn_trace_check_path(path, diag);

  if (st)
    return st;
  if (ends_in(path, ".csv"))
    return write_csv(t, net, path, content, diag);
  return write_safetensors(t, path, content, diag);
}
