/* test_corpus.c - what the fuzzers have found worth keeping (make fuzz):
 * smallest files that together reach whatever the readers do, refusals and
 * successes. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>

#include "tests/fuzz/entry.h"

static void expect_all(const char *folder, fuzz_entry *entry)
{
  DIR *d = opendir(folder);
  size_t files = 0;
  const struct dirent *at;

  cr_assert(d != NULL, "%s", folder);
  while ((at = readdir(d))) {
    char path[512];
    const char *wrong;

    if (at->d_name[0] == '.')
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, at->d_name);
    wrong = entry(path);
    cr_expect(wrong == NULL, "%s: %s", path, wrong);
    files++;
  }
  closedir(d);
  cr_expect(files > 10, "%s", folder);
}

Test(fuzz_corpus, any_network_is_refused_with_a_reason_or_whole)
{
  expect_all("tests/data/fuzz/network", fuzz_network);
}

Test(fuzz_corpus, any_dataset_is_refused_with_a_reason_or_whole)
{
  expect_all("tests/data/fuzz/csv", fuzz_dataset);
  expect_all("tests/data/fuzz/tensors", fuzz_dataset);
}

Test(fuzz_corpus, any_technology_is_refused_with_a_reason_or_whole)
{
  expect_all("tests/data/fuzz/technology", fuzz_technology);
}
