/* test_file.c - files are written whole or not at all. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/base/scratch.h"
#include <quench/file.h>
#include <quench/parallel.h>

TestSuite(file, .init = scratch_open, .fini = scratch_close);

static void expect_holds(const char *path, const void *want, size_t size)
{
  char *data;
  size_t got;

  cr_assert(eq(int, qn_file_read(path, &data, &got, NULL), QN_OK));
  cr_expect(eq(sz, got, size));
  cr_expect(got == size && !memcmp(data, want, size));
  cr_expect(eq(chr, data[got], '\0'));
  free(data);
}

Test(file, what_was_written_is_read_back)
{
  const char *path = scratch_path("some.bin");
  char bytes[200000];

  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (char)(i * 7);
  cr_assert(eq(int, qn_file_write(path, bytes, sizeof bytes, NULL), QN_OK));
  expect_holds(path, bytes, sizeof bytes);
  cr_expect(eq(sz, scratch_files(), 1));
}

Test(file, an_old_file_is_replaced_whole)
{
  const char *path = scratch_text("old.txt", "a long text that was here");

  cr_assert(eq(int, qn_file_write(path, "new", 3, NULL), QN_OK));
  expect_holds(path, "new", 3);
  cr_expect(eq(sz, scratch_files(), 1));
}

Test(file, an_empty_file_is_written_and_read)
{
  const char *path = scratch_path("empty");

  cr_assert(eq(int, qn_file_write(path, "", 0, NULL), QN_OK));
  expect_holds(path, "", 0);
}

Test(file, a_new_file_takes_its_mode_from_the_umask)
{
  const char *path = scratch_path("mode");
  struct stat is;

  umask(027);
  cr_assert(eq(int, qn_file_write(path, "x", 1, NULL), QN_OK));
  cr_assert(eq(int, stat(path, &is), 0));
  cr_expect(eq(uint, is.st_mode & 0777u, 0640));
  cr_expect(eq(uint, umask(027), 027));
}

static qn_status write_same(size_t index, unsigned worker, void *arg)
{
  char text[1000];

  (void)worker;
  memset(text, 'a' + (int)index % 20, sizeof text);
  return qn_file_write(arg, text, sizeof text, NULL);
}

Test(file, threads_that_write_one_file_leave_one_of_their_files_whole)
{
  const char *path = scratch_path("shared");
  char *data, want[1000];
  size_t size;

  cr_assert(
    eq(int, qn_parallel_for(40, 4, write_same, (void *)(size_t)path), QN_OK));
  cr_expect(eq(sz, scratch_files(), 1));
  cr_assert(eq(int, qn_file_read(path, &data, &size, NULL), QN_OK));
  memset(want, data[0], sizeof want);
  cr_expect(size == sizeof want && !memcmp(data, want, size));
  free(data);
}

Test(file, a_missing_one_is_named)
{
  const char *path = scratch_path("nowhere/x");
  char *data;
  size_t size;
  qn_diag d;

  cr_expect(eq(int, qn_file_read(path, &data, &size, &d), QN_EIO));
  cr_expect(diag_says(&d, path, "", "No such file"));
  cr_expect(eq(ptr, data, NULL));
}

Test(file, what_never_ends_is_not_read_to_the_end)
{
  char *data;
  size_t size;
  qn_diag d;

  cr_expect(eq(int, qn_file_read("/dev/zero", &data, &size, &d), QN_EIO));
  cr_expect(diag_says(&d, "/dev/zero", "", "not a plain file"));
  cr_expect(eq(int, qn_file_read("/dev/null", &data, &size, &d), QN_OK));
  cr_expect(eq(sz, size, 0));
  free(data);
}

Test(file, a_folder_is_not_read_as_a_file)
{
  char *data;
  size_t size;
  qn_diag d;

  cr_expect(eq(int, qn_file_read(scratch_folder(), &data, &size, &d), QN_EIO));
  cr_expect(diag_says(&d, scratch_folder(), "", "directory"));
  cr_expect(eq(ptr, data, NULL));
}

Test(file, a_path_that_cannot_be_written_leaves_nothing_behind)
{
  const char *folder = scratch_path("folder");
  const char *missing = scratch_path("none/x");
  const char *inside = scratch_path("plain/x");
  qn_diag d;

  scratch_text("plain", "no folder");
  cr_assert(eq(int, mkdir(folder, 0777), 0));
  cr_expect(eq(int, qn_file_write(missing, "x", 1, &d), QN_EIO));
  cr_expect(diag_says(&d, missing, "", "cannot write: No such file"));
  cr_expect(eq(int, qn_file_write(inside, "x", 1, &d), QN_EIO));
  cr_expect(diag_says(&d, inside, "", "cannot write: Not a directory"));
  cr_expect(eq(int, qn_file_write(folder, "x", 1, &d), QN_EIO));
  cr_expect(diag_says(&d, folder, "", "cannot write"));
  cr_expect(eq(sz, scratch_files(), 2), "the folder and the plain file alone");
}

/* a disk that is full: no file may grow past 4096 bytes here */
Test(file, a_write_that_stops_halfway_leaves_the_old_file)
{
  const char *path = scratch_text("kept", "old");
  const struct rlimit small = {4096, 4096};
  static const char big[100000];
  qn_diag d;

  signal(SIGXFSZ, SIG_IGN);
  cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &small), 0));
  cr_expect(eq(int, qn_file_write(path, big, sizeof big, &d), QN_EIO));
  cr_expect(diag_says(&d, path, "", "cannot write: File too large"));
  cr_expect(eq(sz, scratch_files(), 1));
  expect_holds(path, "old", 3);
}

Test(file, a_folder_is_made_with_its_parents_and_may_exist)
{
  const char *path = scratch_path("a/b/c");
  struct stat is;

  cr_assert(eq(int, qn_file_make_folder(path, NULL), QN_OK));
  cr_assert(eq(int, qn_file_make_folder(path, NULL), QN_OK));
  cr_assert(eq(int, stat(path, &is), 0));
  cr_expect(ne(int, S_ISDIR(is.st_mode), 0));
}

Test(file, a_folder_under_a_plain_file_or_without_a_name_is_refused)
{
  const char *under = scratch_path("plain/sub");
  const char *plain = scratch_text("plain", "x");
  qn_diag d;

  cr_expect(eq(int, qn_file_make_folder(under, &d), QN_EIO));
  cr_expect(diag_says(&d, under, "", "cannot make folder"));
  cr_expect(eq(int, qn_file_make_folder(plain, &d), QN_EIO));
  cr_expect(diag_says(&d, plain, "", "Not a directory"));
  cr_expect(eq(int, qn_file_make_folder("", &d), QN_EIO));
}

Test(file, removing_a_folder_takes_all_it_holds_but_no_link_s_target)
{
  const char *inner = scratch_path("gone/inner");
  const char *kept = scratch_text("kept", "x");

  cr_assert(eq(int, qn_file_make_folder(inner, NULL), QN_OK));
  scratch_text("gone/inner/file", "x");
  cr_assert(eq(int, symlink(kept, scratch_path("gone/link")), 0));
  qn_file_remove_folder(scratch_path("gone"));
  qn_file_remove_folder(scratch_path("never was"));
  cr_expect(eq(sz, scratch_files(), 1));
  cr_expect(qn_file_exists(kept));
}

/* FIPS 180-2, appendix B.1 and B.2, and the empty message */
Test(file, sha256_is_the_published_one)
{
  static const struct {
    const char *text, *digest;
  } rows[] = {
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
  };
  char hex[65];

  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    qn_file_sha256(rows[i].text, strlen(rows[i].text), hex);
    cr_expect(eq(str, hex, (char *)rows[i].digest));
  }
}
