/* network_file.h - small network files with chosen values, good or bad.
 *
 *   struct network_file *f = network_file_alloc(2, 3, 1);
 *   network_file_values(f, "cm")[0] = 0.5;
 *   network_file_set(f, "ode_unfolds", "12");
 *   path = network_file_write(f, "net.safetensors");
 *   network_file_free(f);
 *
 * A key is a tensor's name without "rnn_cell."; those of "lstm." and "fc." are
 * whole. As made it is a good file without optional fields, and every value is
 * a different one: see below. */
#ifndef QN_NETWORK_FILE_H
#define QN_NETWORK_FILE_H

#include <stddef.h>

#include <quench/network.h>
#include <quench/safetensors.h>

struct network_file;

/* An LTC: affine maps, explicit constraints, every synapse present. */
struct network_file *network_file_alloc(size_t inputs, size_t units,
                                        size_t outputs);

/* A CfC with `backbones` layers of `width` tanh in front of its heads; without
 * mask and projection. */
struct network_file *network_file_alloc_cfc(size_t inputs, size_t units,
                                            const char *mode, size_t backbones,
                                            size_t width);

/* A wired CfC with layers of these sizes, ended by 0; masks 1. */
struct network_file *network_file_alloc_wired(size_t inputs, const char *mode,
                                              const size_t *sizes);

/* A cell without tensors, with the fields that every cell has. */
struct network_file *network_file_begin(const char *cell, size_t inputs,
                                        size_t units, size_t outputs);
void network_file_free(struct network_file *f);

/* Element i of a tensor as made: what a test may expect.
 *   of an LTC: cm 1 + i/8, gleak 2 + i/8, vleak -1/2 + i/8, w 1 + i/16,
 *   sigma 3 + i/16, mu i/16, erev 1 or -1 by turns, masks 1, input_w 2 + i,
 *   input_b i/4, output_w 3 + i, output_b -i; sensory_ the same and 1/32
 *   (masks: 1)
 *   else, but for masks: ((h + 7 i) mod 41 - 20) / 32, h the sum of 31 h + c
 *   over the key's characters c, modulo 2^32 */
double network_file_value(const char *key, size_t i);

/* The values of a tensor to be changed; length is the shape's product. */
double *network_file_values(struct network_file *f, const char *key);

/* Every value of a tensor. */
void network_file_fill(struct network_file *f, const char *key, double value);

/* Every value drawn from a seed: masks 1 with a probability of `density`, cm,
 * gleak and w in (0.1, 2), sigma in (-9, 9), all others in (-1.5, 1.5). */
void network_file_draw(struct network_file *f, unsigned seed, double density);

/* Change the shape or type of a tensor, or leave it out. The elements stay the
 * first ones, zeros after. */
void network_file_reshape(struct network_file *f, const char *key, size_t rank,
                          size_t rows, size_t columns);
void network_file_retype(struct network_file *f, const char *key,
                         qn_dtype dtype);
void network_file_remove(struct network_file *f, const char *key);
void network_file_rename(struct network_file *f, const char *key,
                         const char *to);

/* One more tensor, with its values as made. */
void network_file_add(struct network_file *f, const char *key, size_t rank,
                      size_t rows, size_t columns);

/* The memory in front of the cell, the projection behind it, with their
 * fields. */
void network_file_add_memory(struct network_file *f);
void network_file_add_projection(struct network_file *f, size_t outputs);

/* A list of synapses instead of an LTC's matrices: prefix "" or "sensory_";
 * pairs are [count, 2]. Values are the first ones of the matrices. */
void network_file_list(struct network_file *f, const char *prefix, size_t count,
                       const double *pairs);

/* The tensors one by one, under their whole names. */
size_t network_file_count(const struct network_file *f);
const qn_tensor *network_file_at(const struct network_file *f, size_t i);
const char *network_file_key(const struct network_file *f, size_t i);

size_t network_file_size(const struct network_file *f, const char *field);

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
