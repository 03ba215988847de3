/* commands.h - the commands, one file each. */
#ifndef QN_COMMANDS_H
#define QN_COMMANDS_H

#include "cli/command.h"

extern const qn_command qn_command_info;
extern const qn_command qn_command_run;
extern const qn_command qn_command_compare;
extern const qn_command qn_command_map;
extern const qn_command qn_command_noise;
extern const qn_command qn_command_die;
extern const qn_command qn_command_netlist;
extern const qn_command qn_command_quantise;
extern const qn_command qn_command_verilog;
extern const qn_command qn_command_cosim;
extern const qn_command qn_command_list;
extern const qn_command qn_command_show;
extern const qn_command qn_command_device;

#endif
