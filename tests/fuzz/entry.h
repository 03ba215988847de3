/* entry.h - what holds for a file from outside, whatever bytes are in it: its
 * reader refuses it and says why, or gives something that is whole and can be
 * used. The fuzzers (fuzz_*.c) and the test of their corpus share it.
 *
 * Each returns NULL, or what does not hold. */
#ifndef QN_FUZZ_ENTRY_H
#define QN_FUZZ_ENTRY_H

typedef const char *fuzz_entry(const char *path);

fuzz_entry fuzz_network;
fuzz_entry fuzz_dataset; /* by the extension; against several networks */
fuzz_entry fuzz_technology;

#endif
