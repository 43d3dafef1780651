/*
 * Where packets come from: a capture file, a pipe that is still being written, or a live interface, all behind
 * one block of operations. Packets are lent in batches: their bytes stay valid until the next source_read or
 * source_close.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/native.h"
#include "pkt/packet.h"

struct bpf_program;
struct source;

enum source_result {
	SOURCE_ERROR = -1,	/* the message is in *e; packets read before the damage have been delivered */
	SOURCE_END = 0,		/* no more packets, ever */
	SOURCE_PACKETS = 1,	/* *n packets, at least one */
	SOURCE_AGAIN = 2,	/* nothing for now (time-out, signal, source_break): look around and call again */
};

/* One interface of a source. A classic pcap file and a live capture have exactly one. */
struct source_iface {
	uint32_t link;		/* DLT_ number */
	uint32_t link_ext;	/* what a pcap file keeps in the top six bits of its link type (FCS length) */
	uint32_t snaplen;
	bool nano;		/* its time stamps are finer than a microsecond */
	const char *name;	/* if the file tells, else NULL; lent by the source */
};

/* What a live capture has counted since it began. Times are nanoseconds since 1970 UTC; 0: not known. */
struct source_counts {
	uint64_t received;	/* passed the filter, those dropped included */
	uint64_t dropped;	/* of them, by the kernel, which had no room for them */
	uint64_t if_dropped;	/* by the interface */
	int64_t began;		/* when capturing did */
	int64_t lost_from, lost_until;	/* all of `dropped` happened between these */
};

/* Memory that packets' bytes are read into, from malloc. */
struct source_block {
	uint8_t *bytes;
	size_t size;
};

/* How far reading has come, in bytes of the files as they are stored. */
struct source_position {
	uint64_t done;
	uint64_t total;			/* 0: nobody knows (a pipe is in between) */
	uint64_t device, inode;		/* which file it is; 0: no plain one, or several */
};

struct source_ops {
	enum source_result (*read)(struct source *, struct packet *batch, size_t max, size_t *n, struct err *);
	bool (*counts)(struct source *, struct source_counts *, struct err *);
	bool (*filter)(struct source *, const struct bpf_program *, struct err *);	/* NULL: filter by hand */
	void (*wake)(struct source *);		/* async-signal-safe: makes a blocked read return SOURCE_AGAIN */
	void (*close)(struct source *);
	/*
	 * From now on only packets that `run` does not return 0 for are delivered, which costs less than to sift what
	 * has been; SOURCE_AGAIN where for a while there are none. False, and nothing has changed, if the source may
	 * have packets of another link type than `link`. NULL: it never can.
	 */
	bool (*sieve)(struct source *, uint32_t link, native_function *run);
	/*
	 * Trades the memory that the last batch points into for *b (whose bytes may be NULL): the batch stays valid
	 * for as long as the caller keeps what *b is then. NULL: this source has no such memory.
	 */
	bool (*trade)(struct source *, struct source_block *b, struct err *);
	void (*position)(const struct source *, struct source_position *);	/* NULL: it has no end */
};

/* What a capture file says of packets that were lost before it was written, as far as it has been read. */
struct source_lost {
	bool known;
	uint64_t dropped;		/* by the system or the program that captured */
	uint64_t if_dropped;		/* by the interface */
};

/* What every kind of source starts with. */
struct source {
	const struct source_ops *ops;
	const char *name;	/* file name or interface, as the user gave it */
	const struct source_iface *ifaces;	/* at least one after opening, unless the file has none; grows ... */
	size_t n_ifaces;	/* ... while a pcapng file is read */
	bool live;
	struct source_lost lost;
};

/*
 * Opens a capture file: pcap in every variant libpcap reads, pcapng, either of them in gzip, zstd, lz4, xz or
 * bzip2, told apart by content. "-" is standard input. NULL and *e on failure; the caller owns the source.
 */
struct source *source_open_file(const char *path, struct err *e);

/* The same with what somebody else has opened under this name; fd is the source's from now on, also on failure. */
struct source *source_take_file(int fd, const char *path, struct err *e);

/*
 * The same with privilege(true) before and privilege(false) after the system opens it, and before any of it is looked at (NULL:
 * neither); small: with less memory, for those who open many.
 */
struct source *source_open_by(const char *path, bool small, void (*privilege)(bool raise), struct err *e);

static inline enum source_result
source_read(struct source *s, struct packet *batch, size_t max, size_t *n, struct err *e)
{
	return s->ops->read(s, batch, max, n, e);
}

static inline void
source_close(struct source *s)
{
	if (s)
		s->ops->close(s);
}
