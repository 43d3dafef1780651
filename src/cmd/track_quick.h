/*
 * Plain packets (dissect/plain.h) without a walk: what the tracker has of them. Which layers and which datagram are found is
 * what the walk would have found, and there would have been nothing else to find.
 */
#pragma once

#include "dissect/catalog.h"
#include "dissect/dissect.h"
#include "dissect/plain.h"
#include "flow/flow.h"
#include "pkt/packet.h"

struct track_quick;

/* Are there neither packets nor other layers in its messages? For protocols on ports. */
bool track_quick_is_leaf(const struct proto *);

/* NULL without memory. */
struct track_quick *track_quick_new(const struct demux *, const struct catalog *);
void track_quick_free(struct track_quick *);
const struct plain_reader *track_quick_reader(const struct track_quick *);

/* False: the packet is to be walked. */
bool track_quick_read(struct track_quick *, const struct packet *, struct plain *);
/* Its datagram, but for number and ns. False: it has none (ARP). */
bool track_quick_datagram(const struct packet *, const struct plain *, struct flow_datagram *);
/*
 * Its layers, in place of what the sink had; the transport header's is behind those of the link and of IP. False: only a walk can
 * tell them, and the sink is as it was.
 */
bool track_quick_layers(const struct track_quick *, const struct packet *, const struct plain *, struct fields *);
