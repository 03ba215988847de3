/* device_draw.h - any parameters, states and voltages that a memristor's record
 * documents, from a seed. */
#ifndef QN_DEVICE_DRAW_H
#define QN_DEVICE_DRAW_H

#include <stdint.h>

#include <quench/device.h>

/* uniform in [0, 1) (splitmix64), in [low, high), and in its logarithm */
double draw(uint64_t *seed);
double draw_between(uint64_t *seed, double low, double high);
double draw_log(uint64_t *seed, double low, double high);

/* parameters of the whole ranges that check() takes */
void draw_card(qn_device_card *card, const qn_device *device, uint64_t *seed);

/* every published device: set 0 is the defaults; 0 past the last */
int published_card(qn_device_card *card, const qn_device *device, size_t set);

#endif
