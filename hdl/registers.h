/* registers.h - the AXI4-Lite window of a core (hdl/rtl/qn_registers.v) as
 * tables, and what is written from them: the C header of a generated folder,
 * NAME_regs.h, and the tables of its README.
 *
 * Addresses are in bytes, of 24 bits; every access is one aligned 32-bit word.
 * The upper four bits are the region: 0 the registers, 1 the states, 8 to 15
 * the memories. */
#ifndef QN_HDL_REGISTERS_H
#define QN_HDL_REGISTERS_H

#include <stddef.h>
#include <stdint.h>

#include <quench/text.h>

#define QN_REGISTERS_ID 0x514e4348u /* "QNCH" */
#define QN_REGISTERS_VERSION 0x00010000u
#define QN_REGISTERS_ADDRESS_BITS 24
#define QN_REGISTERS_REGION_BITS 20 /* an address inside a region */
#define QN_REGISTERS_STATES 1       /* region */
#define QN_REGISTERS_MEMORIES 8 /* first region of a memory, the last is 15 */

typedef enum qn_access {
  QN_ACCESS_READ, /* a write is answered SLVERR */
  QN_ACCESS_READ_WRITE,
  QN_ACCESS_PULSE, /* reads 0; writing 1 does it once */
  QN_ACCESS_FLAG   /* sticky; writing 1 clears it */
} qn_access;

const char *qn_access_text(qn_access access); /* "read only" */

/* Some bits of a register. */
typedef struct qn_register_field {
  const char *name; /* "run"; NULL ends a list */
  unsigned low, width;
  qn_access access;
  const char *what; /* one line */
} qn_register_field;

typedef struct qn_register {
  const char *name; /* "control"; NULL ends the list */
  unsigned address;
  qn_access access; /* READ or READ_WRITE: whether a write is an error */
  const char *what; /* one line */
  const qn_register_field *fields; /* or NULL: one number of 32 bits */
} qn_register;

extern const qn_register qn_registers[];

/* A memory behind the window port: `rows` x `lanes` numbers of `width` bits, 1
 * to 64. A number takes one word, or, beyond 32 bits, two, the lower first.
 * Word address in its region: (row << lane_bits | lane) << half_bits | half,
 * where lane_bits and half_bits are as few as will do. */
typedef struct qn_register_memory {
  const char *name; /* "weight", an identifier */
  unsigned region;  /* QN_REGISTERS_STATES, or MEMORIES to 15 */
  size_t rows, lanes;
  unsigned width;
  int is_signed;    /* read back with its sign extended to the words it takes */
  const char *what; /* one line */
} qn_register_memory;

/* A core as its window shows it. */
typedef struct qn_register_map {
  const char *name;        /* of the core, an identifier */
  const char *layout_hash; /* hexadecimal, at least eight digits */
  size_t units, inputs, outputs;
  unsigned width; /* of a word */
  const qn_register_memory *memories;
  size_t count;
} qn_register_map;

/* The first eight digits of the hash: what the register `layout` reads. */
uint32_t qn_registers_hash(const char *layout_hash);

unsigned qn_register_memory_lane_bits(const qn_register_memory *memory);
unsigned qn_register_memory_half_bits(const qn_register_memory *memory);

/* Address of the (lower) word of a number; it fits its region for every row
 * and lane that the memory has, or qn_register_memory_fits() is 0. */
uint32_t qn_register_memory_address(const qn_register_memory *memory,
                                    size_t row, size_t lane);
int qn_register_memory_fits(const qn_register_memory *memory);

/* Defines alone, for C and C++: offsets, masks and shifts, what the constant
 * registers read, and of every memory its size and the address of a number. */
void qn_registers_header_text(const qn_register_map *map, qn_text *text);

/* Two Markdown tables: registers with their bits, and memories. */
void qn_registers_markdown_text(const qn_register_map *map, qn_text *text);

#endif
