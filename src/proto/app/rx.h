/*
 * Rx and what AFS says over it: rx.c walks the packets and remembers calls, rx_afs.c has the services' calls with
 * their arguments as tables.
 */
#pragma once

#include "dissect/dissect.h"

enum { RX_HEADER = 28, RX_TYPE = 20, RX_DATA = 1, RX_ABORT = 4 };

/*
 * Says the call, or the reply to the call `opcode`, of the service behind an AFS port: p is the Rx packet of len bytes.
 * Nothing where no service is known.
 */
void rx_afs_call(struct dis *d, unsigned port, const uint8_t *p, uint32_t len);
void rx_afs_reply(struct dis *d, unsigned port, const uint8_t *p, uint32_t len, uint32_t opcode);
