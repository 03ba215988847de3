/* program.h - the program itself, run as a user runs it.
 *
 * It is $QUENCH, or build/release/quench; the working folder is the
 * repository's root. */
#ifndef QN_PROGRAM_H
#define QN_PROGRAM_H

#include <sys/types.h>

struct program {
  int status; /* exit status, or minus the signal that ended it */
  char *out, *err;
};

/* Where it runs: NULL members stay as they are. */
struct program_setting {
  const char *path;   /* the variable PATH */
  const char *output; /* the file that is its stdout; `out` is then "" */
};

/* Run `quench ...`, the arguments ended by NULL, to its end. */
struct program program_run(const struct program_setting *setting, ...)
  __attribute__((sentinel));
struct program program_run_list(const struct program_setting *setting,
                                const char *const *arguments);

/* The same in two parts; one that does not end is killed after a while. */
pid_t program_start(const struct program_setting *setting,
                    const char *const *arguments);
struct program program_wait(pid_t pid);

void program_release(struct program *p);

#endif
