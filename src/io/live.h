/* Live capture through libpcap: interfaces, their properties, and a source of their packets. */
#pragma once

#include "io/source.h"

struct live_options {
	int snaplen;		/* 0: the default, 262144 */
	int buffer;		/* bytes, 0: the system's default */
	int timeout;		/* ms */
	int stamp_type;		/* -1: the default, else PCAP_TSTAMP_ */
	int direction;		/* PCAP_D_INOUT and so on */
	int link;		/* -1: the default, else a DLT_ */
	bool promiscuous, monitor, immediate, nano;
};

/*
 * Opens the interface; NULL and *e (with the cure when a privilege is missing) on failure. A warning that does not
 * stop the capture is left in warning, which is empty otherwise.
 */
struct source *live_open(const char *device, const struct live_options *o, struct err *warning, struct err *e);
