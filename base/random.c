/* random.c - Philox through Random123. */
#include <quench/random.h>

#include <math.h>

#include <Random123/philox.h>

static const double two_pi = 2 * 3.14159265358979323846;

static philox4x32_ctr_t block(const qn_random *s, uint64_t index)
{
  philox4x32_ctr_t counter = {
    {(uint32_t)index, (uint32_t)(index >> 32), s->die, s->purpose}};
  philox4x32_key_t key = {{(uint32_t)s->seed, (uint32_t)(s->seed >> 32)}};

  return philox4x32(counter, key);
}

/* two numbers in (0, 1) */
static void draw(const qn_random *s, uint64_t index, double u[2])
{
  philox4x32_ctr_t r = block(s, index);

  for (int i = 0; i < 2; i++) {
    uint64_t bits = ((uint64_t)r.v[2 * i] << 32 | r.v[2 * i + 1]) >> 12;

    u[i] = ((double)bits + 0.5) * 0x1p-52;
  }
}

double qn_random_uniform(const qn_random *stream, uint64_t index)
{
  double u[2];

  draw(stream, index, u);
  return u[0];
}

double qn_random_normal(const qn_random *stream, uint64_t index)
{
  double u[2];

  draw(stream, index, u);
  return sqrt(-2 * log(u[0])) * cos(two_pi * u[1]);
}

void qn_random_normal_pair(const qn_random *stream, uint64_t index,
                           double normal[2])
{
  double u[2], radius;

  draw(stream, index, u);
  radius = sqrt(-2 * log(u[0]));
  normal[0] = radius * cos(two_pi * u[1]);
  normal[1] = radius * sin(two_pi * u[1]);
}

qn_random qn_random_branch(const qn_random *stream, uint64_t index)
{
  philox4x32_ctr_t r = block(stream, index);

  return (qn_random){.seed = (uint64_t)r.v[0] << 32 | r.v[1],
                     .die = stream->die,
                     .purpose = stream->purpose};
}
