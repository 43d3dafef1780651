/*
 * A dissected packet as one JSON object on one line:
 *
 *   {"layers":[{"frame":{"frame.number":1,...}},{"eth":{"eth.dst":"02:00:...",...}},{"ip":{...}}]}
 *
 * One object a layer, outermost first, so that the layers inside a tunnel stay apart from their carrier's. Names are
 * Wireshark's. Numbers and booleans are JSON's; addresses, bytes (aa:bb:cc), times and text are strings. A field that
 * occurs more than once in its layer is an array.
 */
#pragma once

#include "base/buf.h"
#include "dissect/plain.h"
#include "dissect/catalog.h"

/* Prepares the names of all fields there are; shared by any number of threads. NULL without memory. */
struct json *json_new(const struct catalog *);
void json_free(struct json *);

/*
 * Appends the packet that d has just dissected, with its newline. Fields must be collected (dis_collect_fields). Remembers at
 * d's sink how such packets are told: it is always the same json that tells those of one d, and the last one does so before
 * it is freed.
 */
void json_packet(const struct json *, struct buf *b, const struct dis *d);

/*
 * Plain packets (dissect/plain.h) that carry nothing that is known are told without having been dissected: as the last one of
 * their layout was, that json_packet has told. After json_open_plain (false without memory), json_plain may be asked first.
 * False, and nothing appended: the packet has to be dissected. d is to collect all fields, with a style for fields.
 */
bool json_open_plain(struct json *, const struct demux *);
bool json_plain(const struct json *, struct buf *b, const struct dis *d, const struct packet *, uint64_t number);
