/* identifier.c - any text into a Verilog identifier. */
#include "hdl/quantise_parts.h"

#include <ctype.h>
#include <string.h>

/* IEEE 1364-2005 annex B, and what SystemVerilog adds that a file name could
 * plausibly be. */
static const char *const keywords[] = {
  "always",
  "and",
  "assign",
  "automatic",
  "begin",
  "bit",
  "buf",
  "bufif0",
  "bufif1",
  "byte",
  "case",
  "casex",
  "casez",
  "cell",
  "cmos",
  "config",
  "class",
  "cover",
  "deassign",
  "default",
  "defparam",
  "design",
  "disable",
  "edge",
  "else",
  "end",
  "endcase",
  "endconfig",
  "endfunction",
  "endgenerate",
  "endmodule",
  "endprimitive",
  "endspecify",
  "endtable",
  "endtask",
  "event",
  "final",
  "for",
  "force",
  "forever",
  "fork",
  "function",
  "generate",
  "genvar",
  "highz0",
  "highz1",
  "if",
  "ifnone",
  "incdir",
  "include",
  "initial",
  "inout",
  "input",
  "instance",
  "int",
  "integer",
  "join",
  "large",
  "liblist",
  "library",
  "localparam",
  "logic",
  "macromodule",
  "medium",
  "module",
  "nand",
  "negedge",
  "new",
  "nmos",
  "nor",
  "noshowcancelled",
  "not",
  "notif0",
  "notif1",
  "or",
  "output",
  "package",
  "parameter",
  "pmos",
  "posedge",
  "primitive",
  "program",
  "property",
  "pull0",
  "pull1",
  "pulldown",
  "pullup",
  "pulsestyle_ondetect",
  "pulsestyle_onevent",
  "rcmos",
  "real",
  "realtime",
  "reg",
  "release",
  "repeat",
  "return",
  "rnmos",
  "rpmos",
  "rtran",
  "rtranif0",
  "rtranif1",
  "scalared",
  "sequence",
  "showcancelled",
  "signed",
  "small",
  "specify",
  "specparam",
  "static",
  "string",
  "strong0",
  "strong1",
  "struct",
  "supply0",
  "supply1",
  "table",
  "task",
  "time",
  "tran",
  "tranif0",
  "tranif1",
  "tri",
  "tri0",
  "tri1",
  "triand",
  "trior",
  "trireg",
  "type",
  "union",
  "unsigned",
  "use",
  "uwire",
  "var",
  "vectored",
  "virtual",
  "void",
  "wait",
  "wand",
  "weak0",
  "weak1",
  "while",
  "wire",
  "with",
  "wor",
  "xnor",
  "xor",
};

static int is_keyword(const char *text)
{
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
    if (strcmp(text, keywords[i]) == 0)
      return 1;
  return 0;
}

/* qn_ names belong to the modules in rtl/. */
static int needs_prefix(const char *text)
{
  return !isalpha((unsigned char)text[0]) || is_keyword(text) ||
         strncmp(text, "qn_", 3) == 0;
}

char *qn_verilog_identifier(const char *text)
{
  char *name =
    qn_text_format("%s%.100s", needs_prefix(text) ? "net_" : "", text);

  if (name)
    for (char *c = name; *c; c++)
      if (!isalnum((unsigned char)*c) && *c != '_')
        *c = '_';
  return name;
}
