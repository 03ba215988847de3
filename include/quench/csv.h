/* csv.h - a table in a CSV file (RFC 4180, with a header line), by libcsv. */
#ifndef QN_CSV_H
#define QN_CSV_H

#include <stddef.h>

#include <quench/diag.h>

typedef struct qn_csv {
  size_t columns, rows; /* rows do not count the header */
  char **header;        /* [columns] */
  char ***order;        /* [columns] into header, by name */
  char **cell;          /* [rows * columns] */
  size_t *line;         /* [rows] line number of each row, the header is 1 */
} qn_csv;

/* Every row has as many cells as the header and no byte is 0, or QN_EPARSE. */
qn_status qn_csv_read(qn_csv **out, const char *path, qn_diag *diag);
void qn_csv_free(qn_csv *csv); /* NULL is allowed */

/* First column of this name, or csv->columns, and how many have it. */
size_t qn_csv_column(const qn_csv *csv, const char *name);
size_t qn_csv_count(const qn_csv *csv, const char *name);

/* A cell as a finite number, or QN_EPARSE with line and column in diag. */
qn_status qn_csv_number(const qn_csv *csv, size_t row, size_t column,
                        const char *path, double *value, qn_diag *diag);

#endif
