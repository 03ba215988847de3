/* quantise.h - a network into fixed point, with the proof that it fits.
 *
 * Two parts (docs/core.md): whatever the memories hold and whatever comes in,
 * no sum wraps, because widths follow from word widths and slot counts, and a
 * quotient that does not fit is clipped and flagged; and for this network it
 * always fits, because an LTC state stays in the hull of {0, vleak, erev}
 * (Hasani et al. 2021, theorem 2), bit for bit after quantisation. */
#ifndef QN_QUANTISE_H
#define QN_QUANTISE_H

#include <quench/core.h>
#include <quench/dataset.h>
#include <quench/text.h>

typedef struct qn_core_options {
  unsigned width;     /* bits of a word, QN_WIDTH_MIN..QN_WIDTH_MAX */
  double span;        /* model seconds a sample, > 0 */
  double input_limit; /* widest range of a feature, +-, > 0 */
  unsigned headroom;  /* bits kept free above the states' hull, <= 4 */
} qn_core_options;

extern const qn_core_options qn_core_options_default; /* 16, 1, 16, 0 */

/* QN_EUNSUPPORTED for a cell that is not an LTC, more than 255 unfolds or a
 * hull, weight or slope that `width` bits cannot hold; QN_EINVAL for options
 * out of range. The caller frees *out. */
qn_status qn_core_quantise(qn_core **out, const qn_network *net,
                           const qn_core_options *options, qn_diag *diag);

/* QN_EUNSUPPORTED if a sample of the dataset spans another time than the core
 * was quantised for, or its features do not match. */
qn_status qn_core_check_dataset(const qn_core *core, const qn_dataset *data,
                                qn_diag *diag);

/* Layout and proof for a person, and warnings (a neuron whose denominator has
 * no positive lower bound). */
void qn_core_describe(const qn_core *core, qn_text *text);

/* Neurons whose den_min is not above zero: their state has no lower bound on
 * precision when all gates close. Returns how many; the first in *first. */
size_t qn_core_unbounded(const qn_core *core, size_t *first);

#endif
