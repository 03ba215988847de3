/* program.c - the program itself, run as a user runs it. */
#include "tests/cli/program.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/base/scratch.h"
#include <quench/file.h>
#include <quench/text.h>

enum { ARGUMENTS_MAX = 24, VARIABLES_MAX = 512, PATIENCE_MS = 40000 };

extern char **environ;

/* stdout and stderr go into files of a folder of their own, so that a full
 * pipe cannot stop the program */
static const char out_name[] = ".program/out", err_name[] = ".program/err";

static const char *scratch_hidden(const char *name)
{
  cr_assert(
    eq(int, qn_file_make_folder(scratch_path(".program"), NULL), QN_OK));
  return scratch_path(name);
}

/* the environment with PATH replaced; *variable is to be freed after use */
static char **environment(const struct program_setting *setting,
                          char **variable)
{
  static char *copy[VARIABLES_MAX];
  size_t n = 0;

  *variable = NULL;
  if (!setting || !setting->path)
    return environ;
  for (char **e = environ; *e; e++)
    if (strncmp(*e, "PATH=", 5)) {
      cr_assert(n + 2 < VARIABLES_MAX);
      copy[n++] = *e;
    }
  copy[n++] = *variable = qn_text_format("PATH=%s", setting->path);
  copy[n] = NULL;
  return copy;
}

pid_t program_start(const struct program_setting *setting,
                    const char *const *arguments)
{
  const char *program = getenv("QUENCH");
  const char *out =
    setting && setting->output ? setting->output : scratch_hidden(out_name);
  char *argv[ARGUMENTS_MAX] = {NULL}, *variable;
  char **variables = environment(setting, &variable);
  posix_spawn_file_actions_t actions;
  pid_t pid;
  size_t n = 0;
  int failed;

  if (!program)
    program = "build/release/quench";
  argv[n++] = (char *)(size_t)program;
  for (; *arguments; arguments++) {
    cr_assert(n + 1 < ARGUMENTS_MAX);
    argv[n++] = (char *)(size_t)*arguments;
  }
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, out,
                                   O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_addopen(&actions, 2, scratch_hidden(err_name),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0666);
  failed = posix_spawn(&pid, program, &actions, NULL, argv, variables);
  posix_spawn_file_actions_destroy(&actions);
  free(variable);
  cr_assert(eq(int, failed, 0), "cannot start %s: %s", program,
            strerror(failed));
  return pid;
}

static char *read_text(const char *name)
{
  const char *path = scratch_hidden(name);
  char *text;
  size_t size;

  if (!qn_file_exists(path))
    return qn_text_format("%s", "");
  cr_assert(eq(int, qn_file_read(path, &text, &size, NULL), QN_OK));
  return text;
}

struct program program_wait(pid_t pid)
{
  const struct timespec pause = {.tv_nsec = 1000000};
  struct program p;
  int status, i = 0;
  pid_t got;

  while ((got = waitpid(pid, &status, WNOHANG)) != pid) {
    cr_assert(got == 0 || errno == EINTR);
    if (i++ == PATIENCE_MS)
      kill(pid, SIGKILL);
    nanosleep(&pause, NULL);
  }
  p.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  p.out = read_text(out_name);
  p.err = read_text(err_name);
  qn_file_remove_folder(scratch_path(".program"));
  return p;
}

struct program program_run_list(const struct program_setting *setting,
                                const char *const *arguments)
{
  return program_wait(program_start(setting, arguments));
}

struct program program_run(const struct program_setting *setting, ...)
{
  const char *arguments[ARGUMENTS_MAX];
  size_t n = 0;
  va_list args;

  va_start(args, setting);
  do
    cr_assert(lt(sz, n, ARGUMENTS_MAX));
  while ((arguments[n++] = va_arg(args, const char *)));
  va_end(args);
  return program_run_list(setting, arguments);
}

void program_release(struct program *p)
{
  free(p->out);
  free(p->err);
}
