/* cell.c - the kinds of cells of a chip. The laws stand in chip.h and die.h;
 * this is what `quench list cells` and `quench show NAME` print. */
#include <quench/cell.h>

#include <string.h>

const qn_cell_kind qn_cell_kinds[] = {
  {.name = "membrane",
   .title = "a capacitor: the state of one neuron",
   .equation = "C dV/dt = sum of the currents of its cells",
   .limits = "capacitor.min_f to capacitor.max_f; V within "
             "synapse.compliance_low_v to compliance_high_v",
   .non_ideal = "capacitor.mismatch_m on a die; wire.membrane_ohm, membrane_f",
   .noise = "none of its own: the cells' noise leaves kT/C on it",
   .cost = "C / capacitor.density_f_per_m2; no power",
   .technology = ""},
  {.name = "leak",
   .title = "two memristors from the rails, without a gate",
   .equation = "I = G+ drive(E+ - V) + G- drive(E- - V)",
   .limits = "memristor.conductance_min_s to conductance_max_s each",
   .non_ideal = "levels, programming, stuck, drift, spread, current law, read "
                "disturb, wires, rail errors",
   .noise = "4 k T (G+ + G-)",
   .cost = "area.memristor_m2 each; G (E - V) drive(E - V) each, always",
   .technology = ""},
  {.name = "direct",
   .title = "two memristors behind one duty-cycled switch",
   .equation =
     "I = s [G+ drive(E+ - V) + G- drive(E- - V)], s the fraction of the time "
     "that the gate conducts",
   .limits = "the conductance window; the gate is fast against the membrane",
   .non_ideal = "those of a leak; synapse.switch_ohm in series; ripple |I| s "
                "(1 - s) period / C, not in the averaged equation",
   .noise = "4 k T s (G+ + G-)",
   .cost = "two memristors, one gate, one amplifier; half of the memristors' "
           "power at s = 1/2; synapse.switch_f supply^2 every "
           "synapse.period_fraction of a sample",
   .technology = "synapse.cell: direct"},
  {.name = "steered",
   .title = "two clamped memristors, each current split by a pair of its own",
   .equation = "I = s+ G+ drive(E+ - V) + s- G- drive(E- - V)",
   .limits = "the conductance window; synapse.compliance_low_v to "
             "compliance_high_v",
   .non_ideal = "those of a leak; s+ and s- differ by the mismatch of their "
                "pairs, so that E moves with s",
   .noise = "for each rail s^2 4 k T G + 2 q |I| s (1 - s), I the memristor's "
            "current: partition noise; the rails' add up",
   .cost = "two memristors, two gates, one amplifier; the memristors conduct "
           "always, whatever s",
   .technology = "synapse.cell: steered"},
  {.name = "transconductor",
   .title = "a transconductance set by one memristor",
   .equation = "I = s G V_L tanh((E - V) / V_L), V_L synapse.linear_range_v, E "
               "a reference of its own",
   .limits = "the conductance window; |E - V| well below V_L; "
             "synapse.compliance_low_v to compliance_high_v",
   .non_ideal = "levels, programming, stuck, drift; tanh saturates; E deviates "
                "by A_vt / sqrt(gate.pair_area_m2)",
   .noise = "2 to 3 times 4 k T s G: shot noise 2 q I of each of its "
            "transistors, in all 4 q I_bias",
   .cost = "one memristor, one gate, one amplifier; G read_voltage_v^2, always",
   .technology = "synapse.cell: transconductor"},
  {.name = "gate",
   .title = "a subthreshold pair: the logistic function",
   .equation = "s = 1 / (1 + exp(-(kappa / U_T) gain (V_pre - threshold)))",
   .limits = "kappa / U_T is fixed: an amplifier makes up for it",
   .non_ideal = "gate.threshold_mismatch_v_m and slope_mismatch_m by "
                "gate.pair_area_m2; the slope follows 1 / T without gate.ptat",
   .noise = "2 q I s (1 - s) of its bias, as seen by what it steers",
   .cost = "area.gate_m2, bias.gate_a times the supply",
   .technology = ""},
  {.name = "amplifier",
   .title = "before each gate, so that its slope is the network's",
   .equation = "V_gate = gain V_pre",
   .limits = "gate.gain_min to gate.gain_max; gains beyond are clipped",
   .non_ideal = "an offset by gate.amplifier_pair_area_m2, referred to its "
                "input",
   .noise = "4 q I_bias of its transconductance, at its input",
   .cost = "area.amplifier_m2, bias.amplifier_a times the supply",
   .technology = ""},
  {.name = "driver",
   .title = "an input as a voltage",
   .equation = "V = common mode + volts_per_unit * mapped input",
   .limits = "driver.low_v to driver.high_v; inputs beyond are clipped and "
             "counted",
   .non_ideal =
     "scale.rise_fraction: an input step takes that much of a sample",
   .noise = "not modelled",
   .cost = "area.driver_m2, bias.driver_a times the supply",
   .technology = ""},
  {.name = "readout",
   .title = "a membrane told as an output",
   .equation = "y = output map of (V - common mode) / volts_per_unit",
   .limits = "readout.low_v to readout.high_v; outputs beyond are clipped and "
             "counted",
   .non_ideal = "readout.offset_v on a die",
   .noise = "noise.readout_v, and kT/C of noise.readout_f, at every reading",
   .cost = "area.readout_m2, bias.readout_a times the supply",
   .technology = ""},
  {.name = NULL},
};

const qn_cell_kind *qn_cell_kind_find(const char *name)
{
  for (const qn_cell_kind *c = qn_cell_kinds; c->name; c++)
    if (!strcmp(c->name, name))
      return c;
  return NULL;
}
