/*
 * Plain packets without a walk, for commands that want to know of conversations and of nothing else: a TCP segment or UDP
 * datagram, whole, in IP, in Ethernet with or without VLAN tags, on ports whose protocols carry no packets of their
 * own. What is found is what the walk would have found, and there would have been nothing else to find.
 */
#pragma once

#include "dissect/dissect.h"
#include "flow/flow.h"
#include "pkt/packet.h"

struct track_quick;

/* Are there no packets in its messages? For protocols on ports. */
bool track_quick_is_leaf(const struct proto *);

/* NULL without memory. */
struct track_quick *track_quick_new(const struct demux *);
void track_quick_free(struct track_quick *);

/* False: the packet is to be walked. True: *d is set, but for number and ns. */
bool track_quick_take(struct track_quick *, const struct packet *, struct flow_datagram *d);
