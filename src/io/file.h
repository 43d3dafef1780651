/*
 * What the readers of the file formats share: a source over an input. A format parses the packets
 * that are complete in the window; this part reads, waits, and keeps the error until the packets
 * before it are delivered.
 */
#pragma once

#include "io/input.h"
#include "io/source.h"

struct file;

struct file_format {
	/*
	 * Takes complete packets from the window into the batch, at most max, and counts them in
	 * *n. When the window ends in the middle of something, *want is the number of bytes from
	 * its start that would complete it. False and *e on damage.
	 */
	bool (*parse)(struct file *f, struct packet *batch, size_t max, size_t *n, size_t *want,
	    struct err *e);
	/* The file ended in the middle of something: says so. */
	void (*cut)(const struct file *f, struct err *e);
	void (*free)(struct file *f);		/* frees f->state; may be NULL */
	bool sieves;		/* parse takes notice of f->sieve */
};

struct file {
	struct source src;
	struct input in;
	const struct file_format *format;
	struct source_iface *ifaces;	/* what src.ifaces lends */
	size_t ifaces_size;
	void *state;			/* the format's */
	native_function *sieve;		/* NULL: all packets pass */
	/* the (current section of the) file is in the other byte order */
	bool swapped;
	bool broken;			/* nothing more can be read, and why says why */
	struct err why;
};

/*
 * Adds an interface, and its name if that is not NULL (copied); false and *e if there are too many.
 */
bool file_add_iface(struct file *f, const struct source_iface *i, struct err *e);

/*
 * Makes the window at least n bytes long, for headers. False if the file ends before, or *failed
 * and *e on errors.
 */
bool file_need(struct file *f, size_t n, bool *failed, struct err *e);

/*
 * The formats: each looks at the start of the window, and if it is its own, takes the header, adds
 * the interface and sets f->format. FILE_OTHER if it is not.
 */
enum file_probe { FILE_BAD = -1, FILE_OTHER = 0, FILE_MINE = 1 };
enum file_probe pcap_probe(struct file *f, struct err *e);
enum file_probe pcapng_probe(struct file *f, struct err *e);
