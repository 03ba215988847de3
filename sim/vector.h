/* vector.h - a few doubles side by side: the vocabulary of sim/step_kernel.h.
 *
 * GNU C's vector types, which gcc and clang have on every machine. exp and
 * erf are SLEEF's (1 ulp) where the file is compiled for AVX2 or AVX-512, libm's
 * element by element elsewhere. */
#ifndef QN_VECTOR_H
#define QN_VECTOR_H

#include <math.h>
#include <string.h>

#if defined __AVX512F__
#include <immintrin.h>
#include <sleef.h>
enum { WIDTH = 8 };
#elif defined __AVX2__
#include <immintrin.h>
#include <sleef.h>
enum { WIDTH = 4 };
#else
enum { WIDTH = 4 };
#endif

typedef double vec __attribute__((vector_size(WIDTH * sizeof(double))));

static inline vec load(const double *from)
{
  vec v;

  memcpy(&v, from, sizeof v);
  return v;
}

static inline void store(double *to, vec v)
{
  memcpy(to, &v, sizeof v);
}

static inline vec all(double x)
{
  vec v;

  for (int i = 0; i < WIDTH; i++)
    v[i] = x;
  return v;
}

#if defined __AVX512F__

static inline vec fma_of(vec a, vec b, vec c)
{
  return (vec)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
}

static inline vec exp_of(vec x)
{
  return (vec)Sleef_expd8_u10avx512f((__m512d)x);
}

static inline vec erf_of(vec x)
{
  return (vec)Sleef_erfd8_u10avx512f((__m512d)x);
}

static inline vec magnitude(vec x)
{
  return (vec)_mm512_abs_pd((__m512d)x);
}

static inline vec positive_part(vec x)
{
  return (vec)_mm512_max_pd((__m512d)x, _mm512_setzero_pd());
}

#elif defined __AVX2__

static inline vec fma_of(vec a, vec b, vec c)
{
  return (vec)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
}

static inline vec exp_of(vec x)
{
  return (vec)Sleef_expd4_u10avx2((__m256d)x);
}

static inline vec erf_of(vec x)
{
  return (vec)Sleef_erfd4_u10avx2((__m256d)x);
}

static inline vec magnitude(vec x)
{
  return (vec)_mm256_andnot_pd(_mm256_set1_pd(-0.0), (__m256d)x);
}

static inline vec positive_part(vec x)
{
  return (vec)_mm256_max_pd((__m256d)x, _mm256_setzero_pd());
}

#else

static inline vec each(double (*f)(double), vec x)
{
  vec y;

  for (int i = 0; i < WIDTH; i++)
    y[i] = f(x[i]);
  return y;
}

static inline vec fma_of(vec a, vec b, vec c)
{
  return a * b + c;
}

static inline vec exp_of(vec x)
{
  return each(exp, x);
}

static inline vec erf_of(vec x)
{
  return each(erf, x);
}

static inline vec magnitude(vec x)
{
  return each(fabs, x);
}

static inline vec positive_part(vec x)
{
  for (int i = 0; i < WIDTH; i++)
    x[i] = x[i] > 0 ? x[i] : 0;
  return x;
}

#endif

typedef double quad __attribute__((vector_size(4 * sizeof(double))));

/* element f of each of four groups of four numbers, into to[f] */
static inline void transpose_quads(const double *const *from, quad *to)
{
  quad row[4], a, b, c, d;

  for (int k = 0; k < 4; k++)
    memcpy(&row[k], from[k], sizeof row[k]);
  a = __builtin_shufflevector(row[0], row[1], 0, 4, 2, 6);
  b = __builtin_shufflevector(row[0], row[1], 1, 5, 3, 7);
  c = __builtin_shufflevector(row[2], row[3], 0, 4, 2, 6);
  d = __builtin_shufflevector(row[2], row[3], 1, 5, 3, 7);
  to[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  to[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  to[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  to[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

/* Element f of each of WIDTH groups of four numbers, into to[f]. */
static inline void transpose(const double *const *from, vec *to)
{
#ifdef __AVX512F__
  quad low[4], high[4];

  transpose_quads(from, low);
  transpose_quads(from + 4, high);
  for (int f = 0; f < 4; f++)
    to[f] = __builtin_shufflevector(low[f], high[f], 0, 1, 2, 3, 4, 5, 6, 7);
#else
  transpose_quads(from, to);
#endif
}

static inline vec logistic_of(vec x)
{
  return 1 / (1 + exp_of(-x));
}

/* to 2e-16 of 1, not of the result: less than half the time of SLEEF's tanh */
static inline vec tanh_of(vec x)
{
  return 1 - 2 / (1 + exp_of(2 * x));
}

#endif
