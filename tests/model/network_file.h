/* network_file.h - small LTC network files with chosen values, good or bad.
 *
 *   struct network_file *f = network_file_alloc(2, 3, 1);
 *   network_file_values(f, "cm")[0] = 0.5;
 *   network_file_set(f, "ode_unfolds", "12");
 *   path = network_file_write(f, "net.safetensors");
 *   network_file_free(f);
 *
 * As made it is a good file: affine maps, explicit constraints, every synapse
 * present, no optional field. Every value is a different one: see below. */
#ifndef QN_NETWORK_FILE_H
#define QN_NETWORK_FILE_H

#include <stddef.h>

#include <quench/network.h>
#include <quench/safetensors.h>

struct network_file;

struct network_file *network_file_alloc(size_t inputs, size_t units,
                                        size_t outputs);
void network_file_free(struct network_file *f);

/* Element i of the tensor rnn_cell.<key> as made: what a test may expect.
 *   cm 1 + i/8, gleak 2 + i/8, vleak -1/2 + i/8, w 1 + i/16, sigma 3 + i/16,
 *   mu i/16, erev 1 or -1 by turns, masks 1, input_w 2 + i, input_b i/4,
 *   output_w 3 + i, output_b -i; sensory_ the same and 1/32 (masks: 1) */
double network_file_value(const char *key, size_t i);

/* The values of rnn_cell.<key> to be changed; length is the shape's product. */
double *network_file_values(struct network_file *f, const char *key);

/* Change the shape or type of rnn_cell.<key>, or leave it out. The elements
 * stay the first ones, zeros after. */
void network_file_reshape(struct network_file *f, const char *key, size_t rank,
                          size_t rows, size_t columns);
void network_file_retype(struct network_file *f, const char *key,
                         qn_dtype dtype);
void network_file_remove(struct network_file *f, const char *key);

/* Set a field of quench.network to some JSON text, or leave it out (NULL). */
void network_file_set(struct network_file *f, const char *field,
                      const char *json);

/* The whole of quench.network as text that need not be JSON; NULL: none. */
void network_file_set_metadata(struct network_file *f, const char *text);

/* Into the scratch folder; the path. */
const char *network_file_write(const struct network_file *f, const char *name);

/* Write and read back a good one, or fail the test. f is freed. */
qn_network *network_file_open(struct network_file *f);

#endif
