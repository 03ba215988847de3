/* status.h - what every fallible call of the library returns. */
#ifndef QN_STATUS_H
#define QN_STATUS_H

/* Zero is success, negative is failure, so `if (st)` reads as "if it failed".
 * One list feeds the enum, qn_status_name() and qn_status_text(). */
/* clang-format off: a table */
#define QN_STATUS_LIST(X)                                               \
  X(QN_OK, 0, "success")                                                \
  X(QN_ENOMEM, -1, "out of memory")                                     \
  X(QN_EINVAL, -2, "argument outside its documented range")             \
  X(QN_EIO, -3, "file could not be read or written")                    \
  X(QN_EPARSE, -4, "input is malformed")                                \
  X(QN_ESINGULAR, -5, "circuit matrix is singular")                     \
  X(QN_ENOCONV, -6, "iteration did not converge")                       \
  X(QN_EMODEL, -7, "model reported a failure")                          \
  X(QN_EINTEGRATE, -8, "integrator could not reach the requested time") \
  X(QN_EUNSUPPORTED, -9, "not applicable to this network or dataset")   \
  X(QN_ETOOL, -10, "an external program is missing or failed")          \
  X(QN_EMISMATCH, -11, "two realisations that must be equal differ")    \
  X(QN_ECANCELLED, -12, "cancelled")
/* clang-format on */

typedef enum qn_status {
#define QN_ENUM_(name, value, text) name = value,
  QN_STATUS_LIST(QN_ENUM_)
#undef QN_ENUM_
} qn_status;

const char *qn_status_name(qn_status st); /* "QN_EINVAL"; never NULL */
const char *qn_status_text(qn_status st); /* one-line text; never NULL */

#endif
