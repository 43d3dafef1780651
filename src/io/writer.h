/*
 * Writes packets to a capture file: classic pcap as tcpdump writes it, or pcapng; plain or
 * compressed while writing. What has been handed over and flushed is a valid capture at every
 * moment.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "io/encode.h"
#include "io/sink.h"
#include "pkt/packet.h"

struct source_counts;
struct press;
struct syncer;
struct source_iface;

struct writer_options {
	enum capture_format format;
	enum compression compression;
	uint32_t link;		/* DLT_ of the packets (the first interface's) */
	uint32_t link_ext;	/* the source interface's; a copy of a pcap file keeps it */
	uint32_t snaplen;	/* for the file header */
	/* pcapng: an interface to describe together with the header, or NULL; not kept */
	const struct source_iface *first;
	/* nanosecond time stamps (pcapng has them wherever the source has) */
	bool nano;
	/* compresses and closes beside us; lent, and NULL: all is done at once by whoever calls */
	struct press *press;
	/* brings what is written to the disk, or NULL: the kernel does in its own time; lent */
	struct syncer *syncer;
	/* is the end asked for, and nobody who does not read a pipe to be waited for? NULL: never */
	bool (*give_up)(void);
	bool packet_buffered;	/* -U: what a call has put reaches the file before it returns */
};

struct writer;

/*
 * What format and compression a file name asks for by its ending: .pcapng, and .gz .zst .lz4 after
 * any name.
 */
void writer_options_by_name(const char *path, struct writer_options *o);

/*
 * Opens path for writing ("-" is standard output) and writes the header, and the description of
 * the first interface with it: readers refuse a pcapng file without any. NULL and *e on failure.
 */
struct writer *writer_open(const char *path, const struct writer_options *o, struct err *e);

/*
 * Tells what packets whose iface and link fields are these came in on, before the first of them,
 * and again when the source changes; pcapng notes name, snapshot length and the finer of the two
 * resolutions in the interface's description, pcap has no place for it. Optional. Nothing of *i is
 * kept by reference.
 */
bool writer_describe(struct writer *w, uint32_t iface, const struct source_iface *i, struct err *e);

/*
 * Appends a packet. In pcapng a link type not seen yet adds an interface; in pcap it is an error.
 */
bool writer_put(struct writer *w, const struct packet *p, struct err *e);

/*
 * Appends n packets in turn, but stops when writer_size exceeds `full`; *done of them went in. Those
 * that a file lends with a record as it would be written here go out as they are, neighbours in one
 * piece, and what a pcapng file said of them (options) with them. False and *e if the packet after
 * those *done failed.
 */
bool writer_put_batch(struct writer *w, const struct packet *p, size_t n, uint64_t full, size_t *done,
    struct err *e);

/*
 * Notes what a live capture on an interface that has been described has counted, `delivered` of it
 * handed on: statistics in pcapng, when packets were lost with the time in which that happened; pcap
 * has no place for it.
 */
bool writer_counts(struct writer *w, uint32_t iface, uint32_t link, const struct source_counts *c,
    uint64_t delivered, struct err *e);

/* Brings everything written so far to the file. */
bool writer_flush(struct writer *w, struct err *e);

/*
 * Bytes of capture format produced so far, headers included, before compression (what -C counts).
 */
uint64_t writer_size(const struct writer *w);

/*
 * Flushes, closes and frees, also when it fails, and then calls `then` (unless it is NULL) with arg and whether it
 * went well. With a press all of this may happen after the return; failures are told when the press is waited for.
 */
bool writer_finish(struct writer *w, void (*then)(void *, bool), void *arg, struct err *e);

/* Flushes, closes and frees, also when it fails. */
bool writer_close(struct writer *w, struct err *e);
