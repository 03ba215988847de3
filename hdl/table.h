/* table.h - functions of one variable as interpolated tables (qn_table.v).
 *
 * An operand is a word of `operand` bits without sign, which stands for
 *   x = from + 2^range (word + c) / 2^operand,
 * c = 1/2 where the word came from cutting a finer one, so that it stands for
 * the middle of its step, else 0. A result's word stands for word / one. Where
 * a function is even or odd, or f(-x) = 1 - f(x), the caller folds: tables are
 * for x >= 0 alone; and it clips what lies beyond the range. */
#ifndef QN_HDL_TABLE_H
#define QN_HDL_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <quench/status.h>

#define QN_TABLE_BITS_MAX 12 /* at most 4096 entries */
#define QN_TABLE_OPERAND_MAX 36
#define QN_TABLE_WIDTH_MAX 32

/* ---- what is tabulated (table_functions.c) ------------------------------- */

/* f on [from, ..), finite and smooth some way before it too. */
typedef struct qn_function {
  const char *name;    /* "logistic" */
  const char *formula; /* "1 / (1 + e^-x)" */
  double from;         /* where its operands begin: 0, or 1 */
  double limit;        /* where it goes for large x; NAN: nowhere */
  int is_signed;       /* f is negative somewhere */
  long double (*value)(long double x);
  /* bounds of |f''| and |f'''| on [low, high], low >= from */
  double (*bend)(double low, double high);
  double (*twist)(double low, double high);
} qn_function;

extern const qn_function qn_function_logistic;   /* s(-x) = 1 - s(x) */
extern const qn_function qn_function_tanh;       /* odd */
extern const qn_function qn_function_lecun_tanh; /* 1.7159 tanh(0.666 x) */
/* y = max(0, x) + remainder(|x|), for silu and for gelu (the exact one) */
extern const qn_function qn_function_silu_remainder;
extern const qn_function qn_function_gelu_remainder;
extern const qn_function qn_function_exp;        /* e^-x */
extern const qn_function qn_function_reciprocal; /* 1 / x from 1, range 0 */
extern const qn_function *const qn_functions[];  /* all of them, then NULL */

/* The smallest range from which on f is within `error` of its limit, so that
 * an operand clipped to the range's end is off by no more; 0 where f has no
 * limit (the reciprocal), else 1 to 16. */
int qn_function_range(const qn_function *function, double error);

/* ---- a table ------------------------------------------------------------- */

typedef struct qn_table_spec {
  const qn_function *function;
  unsigned operand; /* 4 to QN_TABLE_OPERAND_MAX */
  int range;        /* x < from + 2^range */
  int cut;          /* c = 1/2 */
  unsigned width;   /* of a result, with its sign if the function has one: 3 to
                       QN_TABLE_WIDTH_MAX */
  double one;       /* the word that stands for 1: 2^n, or 2^n - 1 */
  double error;     /* asked: the largest |word / one - f(x)|. A half word is
                       rounding, 0.55 / one can be had up to 24 bits */
  unsigned order; /* 1 or 2; 0: linear where 1024 entries do, else quadratic */
} qn_table_spec;

/* Widths are what the words need, as qn_table.v's parameters name them. */
typedef struct qn_table {
  qn_table_spec spec;
  unsigned order;          /* ORDER */
  unsigned bits;           /* B: 2^bits entries */
  unsigned guard;          /* GUARD */
  unsigned base_width;     /* BW: signed where the function is */
  unsigned slope_width;    /* DW, signed */
  unsigned curve_width;    /* CW, signed; order 2 */
  unsigned curve_fraction; /* UW: bits of the fraction that meet it; order 2 */
  int64_t *base, *slope;   /* [2^bits] */
  int64_t *curve;          /* [2^bits], 0 in a linear table */
  double error;            /* proved: |word / one - f(x)| for every operand */
} qn_table;

/* The smallest table, in entries and then in guard bits, whose proved error is
 * at most the asked one. QN_EUNSUPPORTED: none within 2^QN_TABLE_BITS_MAX
 * entries (and sums of 62 bits); QN_EINVAL: a field is outside its range. On
 * failure the table is empty. */
qn_status qn_table_build(qn_table *table, const qn_table_spec *spec);
void qn_table_release(qn_table *table);

/* The result for an operand below 2^operand, bit for bit as qn_table.v. */
int64_t qn_table_value(const qn_table *table, uint64_t word);

/* x of an operand. */
long double qn_table_argument(const qn_table *table, uint64_t word);

size_t qn_table_entries(const qn_table *table);
unsigned qn_table_latency(const qn_table *table);    /* 3 or 5 cycles */
unsigned qn_table_word_width(const qn_table *table); /* BW + DW [+ CW] */

/* Entry i as the memory holds it, {base, slope[, curve]}: bits 0 to 63 in
 * packed[0], 64 and above in packed[1]. */
void qn_table_word(const qn_table *table, size_t i, uint64_t packed[2]);
/* The same in hexadecimal, for $readmemh; returns text. */
const char *qn_table_hex(const qn_table *table, size_t i, char text[33]);

#endif
