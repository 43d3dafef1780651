/*
 * Several lanes that share what arrives (PACKET_FANOUT), each with a thread that decodes its blocks, and their packets
 * merged by time. A packet is handed on when no lane can have an earlier one, so that what is written stands in order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "io/lane.h"

struct fan;

/*
 * Joins n lanes, which listen with a filter that lets nothing pass, to one group. The lanes must outlive the fan. NULL and *e on
 * failure.
 */
struct fan *fan_new(struct lane *lanes, unsigned n, struct err *e);
/* Starts the threads, which have no more rights than the caller has by now; once they run, there is nothing to do. */
bool fan_start(struct fan *f, struct err *e);
void fan_free(struct fan *f);

/* A descriptor that polls readable when fan_take has something new to look at, or when there is trouble. */
int fan_ready(const struct fan *f);

/*
 * Takes packets in order, at most max; they are valid until the next call. 0: none for now. *held then tells whether
 * some are there that have to wait for other lanes: call again soon.
 */
size_t fan_take(struct fan *f, struct packet *packets, size_t max, bool *held);

/* Is everything that has arrived taken? */
bool fan_drained(struct fan *f);

/* The error that a socket has told since the last call, as an errno, or 0. */
int fan_trouble(struct fan *f);

/* Brings the counts of all lanes up to date. */
bool fan_count(struct fan *f);
