/* failure.h - what every failure of the program must look like. */
#ifndef QN_FAILURE_H
#define QN_FAILURE_H

#include "tests/cli/program.h"

/* Run as given and expect exit 1, nothing on stdout, on stderr the one line
 * "quench: FILE: PLACE: sentence" with `part` in the sentence (a place of "" is
 * left out with its colon), and no new file in the scratch folder. Then the
 * same with --json, which prints one object with that error. */
void expect_fails(const struct program_setting *setting,
                  const char *const *arguments, const char *file,
                  const char *place, const char *part);

#define FAILS(file, place, part, ...)                                       \
  expect_fails(NULL, (const char *const[]){__VA_ARGS__, NULL}, file, place, \
               part)

/* 1 if err is one line that begins so and goes on with a sentence that holds
 * `part`. */
int is_one_sentence(const char *err, const char *begin, const char *part);

#endif
