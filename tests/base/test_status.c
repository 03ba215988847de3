/* test_status.c - every status has a name and a text of its own. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include <quench/status.h>

static const qn_status all[] = {
#define VALUE(name, value, text) name,
  QN_STATUS_LIST(VALUE)
#undef VALUE
};
enum { COUNT = sizeof all / sizeof *all };

Test(status, names_and_texts_differ_and_failures_are_negative)
{
  for (size_t i = 0; i < COUNT; i++) {
    cr_expect(eq(int, all[i] < 0, all[i] != QN_OK));
    for (size_t k = 0; k < i; k++) {
      cr_expect(ne(int, (int)all[i], (int)all[k]));
      cr_expect(
        ne(int, strcmp(qn_status_name(all[i]), qn_status_name(all[k])), 0));
      cr_expect(
        ne(int, strcmp(qn_status_text(all[i]), qn_status_text(all[k])), 0));
    }
  }
}

Test(status, a_name_is_the_enumerator_s)
{
  cr_expect(eq(str, (char *)qn_status_name(QN_EMISMATCH), "QN_EMISMATCH"));
  cr_expect(eq(str, (char *)qn_status_text(QN_OK), "success"));
}

Test(status, an_unknown_value_has_a_name_too)
{
  cr_expect(eq(str, (char *)qn_status_name((qn_status)-999), "QN_UNKNOWN"));
}
