/* info.h - `quench info` run and read: its JSON, its page. A mistake in here
 * fails the test. */
#ifndef QN_TEST_INFO_H
#define QN_TEST_INFO_H

#include <jansson.h>

#include "tests/cli/program.h"
#include "tests/model/network_file.h"

/* The one result of --json; the object that holds it is the caller's. */
json_t *info_read(const char *path, json_t **object);

/* Its page, as p.out; exit status 0 and an empty stderr. */
struct program info_page(const char *path);

/* Fields of an object: a number, a text ("" where there is none), null. */
double info_number(const json_t *object, const char *key);
const char *info_text(const json_t *object, const char *key);
int info_is_null(const json_t *object, const char *key);

const json_t *info_neuron(const json_t *entry, size_t j);

/* The line of a page that begins so, or NULL. */
const char *info_line(const char *page, const char *begin);

/* Expect a shown number to be x in three digits. */
void info_expect_shown(double shown, double x);

/* 3 units, 2 inputs, cm 1 to 1.25, gleak 2 to 2.25, 5 weights of 1 to 1.5 each;
 * steps of 1/60 resolve all time constants: nothing is hard about it. */
struct network_file *info_easy(void);

/* Written into the scratch folder, and f freed. */
const char *info_written(struct network_file *f);

#endif
