/* quantise_parts.h - the parts of qn_core_quantise(), in the order they run.
 * Each fills what it names of a core whose earlier parts are filled. */
#ifndef QN_HDL_QUANTISE_PARTS_H
#define QN_HDL_QUANTISE_PARTS_H

#include <quench/quantise.h>

/* table, argument, gate; from width alone */
qn_status qn_gate_table_build(qn_core *core);

/* state, slopes, offset, feature, output, align */
qn_status qn_core_choose_formats(qn_core *core, const qn_network *net,
                                 const qn_core_options *opt, qn_diag *diag);

/* slots with their words, neuron, sum_width */
qn_status qn_core_fill_slots(qn_core *core, const qn_network *net,
                             qn_diag *diag);

/* the second proof's numbers: num_max of every neuron, and QN_EMODEL if one of
 * its inequalities fails (then quantisation is wrong, not the network) */
qn_status qn_core_prove(qn_core *core, qn_diag *diag);

/* cycles from the slots */
unsigned qn_core_count_cycles(const qn_core *core);

/* Cycles of one division, and from a last token to the state's write
 * (qn_divide.v, qn_core.v). */
unsigned qn_core_division_period(const qn_core *core);

/* Largest frac, at most `most`, for which a signed word of `width` bits holds
 * +-max. */
int qn_format_fit(unsigned width, double max, int most);

/* Every value of the logistic's table stands for base / one. */
int32_t qn_core_gate_one(const qn_core *core);

/* A valid Verilog identifier made from any text; the caller frees it. */
char *qn_verilog_identifier(const char *text);

#endif
