/* clock.h - time that passes. */
#ifndef QN_CLOCK_H
#define QN_CLOCK_H

/* Seconds since some moment, never set back. */
double qn_clock_now(void);

#endif
