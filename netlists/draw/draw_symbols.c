/* draw_symbols.c - see draw_symbols.h. */
#include "netlists/draw/draw_symbols.h"

#include <stddef.h>

const qn_symbol qn_symbols[] = {
  {"memristor",
   "<path d=\"M0 0v10M0 50v10\"/><rect class=\"z\" x=\"-9\" y=\"10\" "
   "width=\"18\" height=\"40\"/><rect class=\"fill\" x=\"-9\" y=\"10\" "
   "width=\"18\" height=\"5\"/>"
   "<path d=\"M0 15v4h5v7h-10v7h10v7h-5v10\" stroke-width=\"1.3\"/>"},
  {"capacitor", "<path d=\"M0 0v17M-14 17h28M-14 23h28M0 23v17\"/>"},
  {"resistor", "<path d=\"M0 0h9l3-6 5.5 12 5.5-12 5.5 12 5.5-12 3 6h13\"/>"},
  {"source",
   "<path d=\"M0 0v10M0 40v10\"/><circle cx=\"0\" cy=\"25\" r=\"15\"/>"
   "<path d=\"M0 14v8M-4 18h8M-4 32h8\"/>"},
  {"ground", "<path d=\"M0 0v7M-12 7h24M-7.5 12h15M-3 17h6\"/>"},
  {"rail", "<path d=\"M-13 0h26\" style=\"stroke-width:2.6\"/>"},
  {"switch", "<path d=\"M0 0v9M0 31v9M-1.2 28.9L-12 12\"/><circle class=\"z\" "
             "cx=\"0\" cy=\"11\" r=\"2.4\"/><circle class=\"z\" cx=\"0\" "
             "cy=\"31\" r=\"2.4\"/>"},
  {"amplifier", "<path d=\"M0 -26L44 0L0 26Z\" style=\"fill:#fff\"/><path "
                "d=\"M44 0h6M5 -12h8M9 -16v8M5 12h8\"/>"},
  {"buffer",
   "<path d=\"M0 -15L28 0L0 15Z\" style=\"fill:#fff\"/><path d=\"M28 0h6\"/>"},
  {"logistic",
   "<rect class=\"z\" x=\"0\" y=\"-20\" width=\"50\" height=\"40\"/><path "
   "style=\"stroke:#9a9a9a;stroke-width:.8\" d=\"M6 13h38M25 15v-30\"/><path "
   "d=\"M6 12C22 12 21 9 25 0S28 -12 44 -12\"/>"},
  {"nmos", "<path d=\"M0 0h10M10 -11v22M14.5 -13v26M14.5 -9h7.5v-15M14.5 "
           "9h7.5v15\"/><path class=\"fill\" d=\"M22 9l-6 -3v6z\"/>"},
  {"pmos", "<path d=\"M0 0h4M10 -11v22M14.5 -13v26M14.5 -9h7.5v-15M14.5 "
           "9h7.5v15\"/><circle cx=\"7\" cy=\"0\" r=\"2.6\"/><path "
           "class=\"fill\" d=\"M14.5 -9l6 -3v6z\"/>"},
  {"nmos_mirrored", "<use xlink:href=\"#nmos\" transform=\"scale(-1 1)\"/>"},
  {"pmos_mirrored", "<use xlink:href=\"#pmos\" transform=\"scale(-1 1)\"/>"},
  {"clamp",
   "<rect class=\"z\" x=\"0\" y=\"-20\" width=\"50\" height=\"40\"/><path "
   "style=\"stroke:#9a9a9a;stroke-width:.8\" d=\"M6 0h38M25 15v-30\"/><path "
   "d=\"M6 11h8L36 -11h8\"/>"},
  {"pin", "<circle class=\"z\" cx=\"0\" cy=\"0\" r=\"3.2\"/>"},
  {"arrow", "<path class=\"fill\" d=\"M0 0l-8 -3.5v7z\"/>"},
  {NULL, NULL},
};
