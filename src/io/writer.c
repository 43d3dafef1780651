#include "io/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/clock.h"
#include "io/encode.h"
#include "io/linktype.h"
#include "io/press.h"
#include "io/source.h"

enum {
	BUFFER = 256 * 1024,
	/* with compression: a frame of its own each, so not too small */
	BUFFER_PACKED = 1024 * 1024,
	/* a run of records at least so long is written from where it is instead of being copied first */
	DIRECT = 64 * 1024,
	MAX_IFACES = 65536,
	MAX_NAME = 255,			/* of an interface */
	/* of a section's or interface's description: a few short texts */
	MAX_BLOCK = 2048,

	PCAP_HEADER = 24,
	PCAP_RECORD = RECORD_PCAP_HEAD,

	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_NUMBER = 8,	/* where a packet's block says which interface */
	BLOCK_FRAME = 12,	/* type, and the length before and after */
	PACKET_FIXED = 20,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0,
	OPTION_COMMENT = 1,
	SECTION_OS = 3,
	SECTION_PROGRAM = 4,
	INTERFACE_NAME = 2,
	INTERFACE_RESOLUTION = 9,
	STATISTICS_BEGAN = 2,
	STATISTICS_ENDED = 3,
	STATISTICS_IF_RECEIVED = 4,
	STATISTICS_IF_DROPPED = 5,
	STATISTICS_ACCEPTED = 6,
	STATISTICS_OS_DROPPED = 7,
	STATISTICS_DELIVERED = 8,
};

/*
 * An interface description that has been written; its place in the list is its number in the file.
 */
struct iface {
	uint32_t iface, link;	/* what the packets call it now */
	bool idle;		/* no packets call it so: another description has taken over */
	bool nano;
	uint32_t snaplen;
	char *name;		/* or NULL */
};

struct writer {
	struct writer_options o;
	struct sink *sink;
	bool broken;		/* an error has been reported; nothing more is written */
	struct encoder *encoder;	/* NULL: not compressed, or the press does it */
	struct press_buffer b;	/* whole records */
	uint64_t produced;
	struct iface *ifaces;
	uint32_t n_ifaces, ifaces_size, last;
};

void
writer_options_by_name(const char *path, struct writer_options *o)
{
	static const struct {
		const char *end;
		enum compression how;
	} packed[] = {
		{ ".gz", COMPRESS_GZIP },
		{ ".zst", COMPRESS_ZSTD },
		{ ".lz4", COMPRESS_LZ4 },
	};
	static const char ng[] = ".pcapng";
	size_t n = strlen(path);

	o->compression = COMPRESS_NONE;
	for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
		size_t m = strlen(packed[i].end);

		if (n > m && memcmp(path + n - m, packed[i].end, m) == 0) {
			o->compression = packed[i].how;
			n -= m;
			break;
		}
	}
	o->format = CAPTURE_PCAP;
	if (n > sizeof ng - 1 && memcmp(path + n - (sizeof ng - 1), ng, sizeof ng - 1) == 0)
		o->format = CAPTURE_PCAPNG;
}

/* Not when a file before this one has lost its end: a row of files has no hole in it. */
static bool
may_write(struct writer *w, struct err *e)
{
	w->broken = w->o.press && !press_is_sound(w->o.press, e);
	return !w->broken;
}

/* Brings what the buffer holds on its way to the file. */
static bool
flush(struct writer *w, struct err *e)
{
	size_t n = w->b.used, len;
	const uint8_t *frame;
	bool ok;

	w->b.used = 0;
	if (n == 0)
		return true;
	if (!may_write(w, e))
		return false;
	if (w->o.press && w->o.compression != COMPRESS_NONE) {
		w->b.used = n;
		ok = press_put(w->o.press, w->sink, &w->b, e);
	} else if (!w->encoder) {
		ok = sink_write(w->sink, w->b.bytes, n, NULL, 0, e);
	} else if ((frame = encoder_frame(w->encoder, w->b.bytes, n, &len, e))) {
		ok = sink_write_frame(w->sink, frame, len, e);
	} else {
		ok = err_wrap(e, "%s", w->sink->name);
	}
	w->broken = !ok;
	return ok;
}

/* Brings it into the file. */
static bool
flush_through(struct writer *w, struct err *e)
{
	if (!flush(w, e))
		return false;
	w->broken = w->o.press && !press_wait(w->o.press, w->sink, e);
	return !w->broken;
}

/*
 * Room for a record of n bytes: in the buffer, which grows for what is larger than it. NULL and *e
 * on failure.
 */
static uint8_t *
room(struct writer *w, size_t n, struct err *e)
{
	uint8_t *p;

	if (w->broken) {
		err_set(e, "%s: an earlier write failed", w->sink->name);
		return NULL;
	}
	if (n > w->b.size - w->b.used && !flush(w, e))
		return NULL;
	if (n > w->b.size) {
		p = realloc(w->b.bytes, n);
		if (!p) {
			err_set(e, "%s: out of memory", w->sink->name);
			return NULL;
		}
		w->b.bytes = p;
		w->b.size = n;
	}
	p = w->b.bytes + w->b.used;
	w->b.used += n;
	w->produced += n;
	return p;
}

static uint8_t *
add16(uint8_t *p, unsigned v)
{
	uint16_t u = (uint16_t)v;

	memcpy(p, &u, 2);
	return p + 2;
}

static uint8_t *
add32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, 4);
	return p + 4;
}

/* Adds bytes and pads to a multiple of four. */
static uint8_t *
add_padded(uint8_t *p, const void *data, size_t n)
{
	if (n)
		memcpy(p, data, n);
	for (p += n; n % 4; n++)
		*p++ = 0;
	return p;
}

static uint8_t *
add_option(uint8_t *p, unsigned code, const void *value, size_t n)
{
	p = add16(p, code);
	p = add16(p, (unsigned)n);
	return add_padded(p, value, n);
}

/* Puts a finished block's length at both ends and takes it into the buffer. */
static bool
add_block(struct writer *w, uint8_t *block, uint8_t *end, struct err *e)
{
	uint32_t n = (uint32_t)(end - block) + 4;
	uint8_t *p;

	add32(block + 4, n);
	add32(end, n);
	p = room(w, n, e);
	if (!p)
		return false;
	memcpy(p, block, n);
	return true;
}

static bool
pcap_header(struct writer *w, struct err *e)
{
	uint32_t linktype;
	uint8_t *p;

	if (!linktype_from_dlt(w->o.link, &linktype))
		return err_set(e, "%s: link-layer type %u isn't supported in savefiles", w->sink->name,
		    w->o.link);
	p = room(w, PCAP_HEADER, e);
	if (!p)
		return false;
	p = add32(p, w->o.nano ? 0xa1b23c4d : 0xa1b2c3d4);
	p = add16(p, 2);
	p = add16(p, 4);
	p = add32(p, 0);
	p = add32(p, 0);
	p = add32(p, w->o.snaplen);
	add32(p, linktype | w->o.link_ext);
	return true;
}

static bool
section_header(struct writer *w, struct err *e)
{
	static const char program[] = "wiretape " WIRETAPE_VERSION;
	uint8_t block[MAX_BLOCK], *p = block;
	struct utsname u;
	char os[sizeof u.sysname + sizeof u.release];

	p = add32(p, BLOCK_SECTION);
	p = add32(p, 0);
	p = add32(p, BYTE_ORDER_MAGIC);
	p = add16(p, 1);
	p = add16(p, 0);
	p = add32(p, UINT32_MAX);	/* the section's length is not known: -1 */
	p = add32(p, UINT32_MAX);
	if (uname(&u) == 0) {
		size_t n = strlen(u.sysname), m = strlen(u.release);

		memcpy(os, u.sysname, n);
		os[n] = ' ';
		memcpy(os + n + 1, u.release, m);
		p = add_option(p, SECTION_OS, os, n + 1 + m);
	}
	p = add_option(p, SECTION_PROGRAM, program, sizeof program - 1);
	p = add_option(p, OPTION_END, NULL, 0);
	return add_block(w, block, p, e);
}

/* Describes an interface, lets these packets have it, and remembers it as the last one used. */
static bool
add_iface(struct writer *w, uint32_t iface, const struct source_iface *i, struct err *e)
{
	struct iface new = { .iface = iface, .link = i->link, .nano = i->nano,
		.snaplen = i->snaplen };
	size_t n = i->name ? strnlen(i->name, MAX_NAME) : 0;
	uint8_t block[MAX_BLOCK], *p = block, resolution = i->nano ? 9 : 6;
	uint32_t linktype;

	if (!linktype_from_dlt(i->link, &linktype))
		return err_set(e, "%s: link-layer type %u isn't supported in savefiles", w->sink->name,
		    i->link);
	if (w->n_ifaces == MAX_IFACES)
		return err_set(e, "%s: more than %d interfaces", w->sink->name, MAX_IFACES);
	if (w->n_ifaces == w->ifaces_size) {
		uint32_t size = w->ifaces_size ? w->ifaces_size * 2 : 4;
		struct iface *more = realloc(w->ifaces, size * sizeof *more);

		if (!more)
			return err_set(e, "%s: out of memory", w->sink->name);
		w->ifaces = more;
		w->ifaces_size = size;
	}
	p = add32(p, BLOCK_INTERFACE);
	p = add32(p, 0);
	p = add16(p, linktype);
	p = add16(p, 0);
	p = add32(p, i->snaplen);
	if (n)
		p = add_option(p, INTERFACE_NAME, i->name, n);
	p = add_option(p, INTERFACE_RESOLUTION, &resolution, 1);
	p = add_option(p, OPTION_END, NULL, 0);
	if (i->name && !(new.name = strdup(i->name)))
		return err_set(e, "%s: out of memory", w->sink->name);
	if (!add_block(w, block, p, e)) {
		free(new.name);
		return false;
	}
	w->ifaces[w->n_ifaces] = new;
	w->last = w->n_ifaces++;
	return true;
}

static bool
is_of(const struct iface *f, uint32_t iface, uint32_t link)
{
	return f->iface == iface && f->link == link && !f->idle;
}

/* Finds what describes these packets' interface, and makes it the last one used. */
static bool
find_iface(struct writer *w, uint32_t iface, uint32_t link)
{
	if (w->last < w->n_ifaces && is_of(&w->ifaces[w->last], iface, link))
		return true;
	for (uint32_t i = 0; i < w->n_ifaces; i++) {
		if (is_of(&w->ifaces[i], iface, link)) {
			w->last = i;
			return true;
		}
	}
	return false;
}

static bool
says_the_same(const struct iface *f, const struct source_iface *i)
{
	return f->link == i->link && f->snaplen == i->snaplen && f->nano == i->nano &&
	    (f->name && i->name ? strcmp(f->name, i->name) == 0 : f->name == i->name);
}

bool
writer_describe(struct writer *w, uint32_t iface, const struct source_iface *i, struct err *e)
{
	struct source_iface want = *i;

	if (w->o.format != CAPTURE_PCAPNG)
		return true;
	want.nano |= w->o.nano;
	if (find_iface(w, iface, i->link)) {
		if (says_the_same(&w->ifaces[w->last], &want))
			return true;
		w->ifaces[w->last].idle = true;
	}
	for (uint32_t k = 0; k < w->n_ifaces; k++) {
		if (w->ifaces[k].idle && says_the_same(&w->ifaces[k], &want)) {
			w->ifaces[k].idle = false;
			w->ifaces[k].iface = iface;
			w->last = k;
			return true;
		}
	}
	return add_iface(w, iface, &want, e);
}

/* A time in the interface's resolution, the upper half first. */
static uint8_t *
add_time(uint8_t *p, const struct iface *f, int64_t ns)
{
	uint64_t stamp = (uint64_t)(f->nano ? ns : ns / 1000);

	return add32(add32(p, (uint32_t)(stamp >> 32)), (uint32_t)stamp);
}

static uint8_t *
add_time_option(uint8_t *p, unsigned code, const struct iface *f, int64_t ns)
{
	return add_time(add16(add16(p, code), 8), f, ns);
}

static uint8_t *
add_count_option(uint8_t *p, unsigned code, uint64_t v)
{
	return add_option(p, code, &v, sizeof v);
}

/* In words, for people: the statistics themselves have no place for the time in which packets were lost. */
static uint8_t *
add_loss_comment(uint8_t *p, const struct source_counts *c)
{
	char text[160], when[2][32];
	const int64_t at[2] = { c->lost_from, c->lost_until };
	int n;

	for (int i = 0; i < 2; i++) {
		time_t t = (time_t)(at[i] / 1000000000);
		struct tm tm;

		if (!gmtime_r(&t, &tm) || strftime(when[i], sizeof when[i], "%Y-%m-%d %H:%M:%S", &tm) == 0)
			return p;
	}
	n = snprintf(text, sizeof text, "%ju packet%s lost between %s.%06d and %s.%06d UTC", (uintmax_t)c->dropped,
	    c->dropped == 1 ? "" : "s", when[0], (int)(at[0] % 1000000000 / 1000), when[1],
	    (int)(at[1] % 1000000000 / 1000));
	return n > 0 && (size_t)n < sizeof text ? add_option(p, OPTION_COMMENT, text, (size_t)n) : p;
}

bool
writer_counts(struct writer *w, uint32_t iface, uint32_t link, const struct source_counts *c,
    uint64_t delivered, struct err *e)
{
	uint8_t block[MAX_BLOCK], *p = block;
	int64_t now = clock_wall_ns();
	const struct iface *f;

	if (w->o.format != CAPTURE_PCAPNG || !find_iface(w, iface, link))
		return true;
	f = &w->ifaces[w->last];
	p = add32(p, BLOCK_STATISTICS);
	p = add32(p, 0);
	p = add32(p, w->last);
	p = add_time(p, f, now);
	if (c->lost_from)
		p = add_loss_comment(p, c);
	if (c->began)
		p = add_time_option(p, STATISTICS_BEGAN, f, c->began);
	p = add_time_option(p, STATISTICS_ENDED, f, now);
	/*
	 * How many packets the interface itself has seen nobody tells; analysers show the first two as what was
	 * received and what was lost on the way, whoever lost it.
	 */
	p = add_count_option(p, STATISTICS_IF_RECEIVED, c->received);
	p = add_count_option(p, STATISTICS_IF_DROPPED, c->dropped + c->if_dropped);
	p = add_count_option(p, STATISTICS_ACCEPTED, c->received);
	p = add_count_option(p, STATISTICS_OS_DROPPED, c->dropped);
	p = add_count_option(p, STATISTICS_DELIVERED, delivered);
	p = add_option(p, OPTION_END, NULL, 0);
	return add_block(w, block, p, e);
}

static const uint8_t *
block_of(const struct packet *k)
{
	return k->data - RECORD_NG_HEAD;
}

/* Is its record a block as put_pcapng would write it, but perhaps for the interface's number? */
static bool
is_block(struct writer *w, const struct packet *k)
{
	if (k->record < RECORD_NG || !find_iface(w, k->iface, k->link))
		return false;
	return k->record == (w->ifaces[w->last].nano ? RECORD_NG_NANO : RECORD_NG);
}

static bool
put_block(struct writer *w, const struct packet *k, struct err *e)
{
	uint8_t *p = room(w, k->record_len, e);

	if (!p)
		return false;
	memcpy(p, block_of(k), k->record_len);
	add32(p + BLOCK_NUMBER, w->last);
	return true;
}

static bool
put_pcapng(struct writer *w, const struct packet *k, struct err *e)
{
	size_t padded = ((size_t)k->caplen + 3) & ~(size_t)3;
	size_t n = BLOCK_FRAME + PACKET_FIXED + padded;
	struct source_iface unknown = { .link = k->link, .snaplen = w->o.snaplen,
		.nano = w->o.nano };
	uint64_t stamp;
	uint8_t *p;

	if (is_block(w, k))
		return put_block(w, k, e);
	if (!find_iface(w, k->iface, k->link) && !add_iface(w, k->iface, &unknown, e))
		return false;
	p = room(w, n, e);
	if (!p)
		return false;
	if (w->ifaces[w->last].nano)
		stamp = (uint64_t)k->sec * 1000000000 + (uint64_t)k->nsec;
	else
		stamp = (uint64_t)k->sec * 1000000 + (uint64_t)(k->nsec / 1000);
	p = add32(p, BLOCK_PACKET);
	p = add32(p, (uint32_t)n);
	p = add32(p, w->last);
	p = add32(p, (uint32_t)(stamp >> 32));
	p = add32(p, (uint32_t)stamp);
	p = add32(p, k->caplen);
	p = add32(p, k->len);
	p = add_padded(p, k->data, k->caplen);
	add32(p, (uint32_t)n);
	return true;
}

static bool
put_pcap(struct writer *w, const struct packet *k, struct err *e)
{
	uint8_t *p;

	if (k->link != w->o.link)
		return err_set(e, "%s: a packet's link type %u differs from the file's, %u; "
		    "a .pcapng file can hold both", w->sink->name, k->link, w->o.link);
	p = room(w, PCAP_RECORD + (size_t)k->caplen, e);
	if (!p)
		return false;
	p = add32(p, (uint32_t)k->sec);
	p = add32(p, (uint32_t)(w->o.nano ? k->nsec : k->nsec / 1000));
	p = add32(p, k->caplen);
	p = add32(p, k->len);
	if (k->caplen)
		memcpy(p, k->data, k->caplen);
	return true;
}

/* How many of the packets have records that are as they would be written and lie behind one another; *len bytes. */
static size_t
run_pcap(const struct writer *w, const struct packet *p, size_t n, uint64_t room, size_t *len)
{
	const uint32_t form = w->o.nano ? RECORD_PCAP_NANO : RECORD_PCAP;
	const uint8_t *data = p->data;
	size_t i;

	*len = 0;
	for (i = 0; i < n && *len <= room; i++) {
		if (p[i].record != form || p[i].data != data + *len || p[i].link != w->o.link)
			break;
		*len += p[i].record_len;
	}
	return i;
}

static size_t
run_pcapng(struct writer *w, const struct packet *p, size_t n, uint64_t room, size_t *len)
{
	const uint8_t *data = p->data;
	uint32_t number;
	size_t i;

	*len = 0;
	for (i = 0; i < n && *len <= room; i++) {
		if (p[i].data != data + *len || !is_block(w, &p[i]))
			break;
		memcpy(&number, block_of(&p[i]) + BLOCK_NUMBER, 4);
		if (number != w->last)
			break;
		*len += p[i].record_len;
	}
	return i;
}

static bool
put_run(struct writer *w, const uint8_t *records, size_t n, struct err *e)
{
	uint8_t *p;

	if (n >= DIRECT && w->o.compression == COMPRESS_NONE && !w->broken) {
		size_t before = w->b.used;

		if (!may_write(w, e))
			return false;
		w->b.used = 0;
		w->broken = !sink_write(w->sink, w->b.bytes, before, records, n, e);
		w->produced += n;
		return !w->broken;
	}
	p = room(w, n, e);
	if (!p)
		return false;
	memcpy(p, records, n);
	return true;
}

bool
writer_put(struct writer *w, const struct packet *k, struct err *e)
{
	size_t done;

	return writer_put_batch(w, k, 1, UINT64_MAX, &done, e);
}

bool
writer_put_batch(struct writer *w, const struct packet *p, size_t n, uint64_t full, size_t *done,
    struct err *e)
{
	bool pcap = w->o.format == CAPTURE_PCAP, ok = true;
	size_t i = 0;

	while (i < n && w->produced <= full) {
		uint64_t left = full - w->produced;
		size_t len, m;

		m = pcap ? run_pcap(w, p + i, n - i, left, &len) :
		    run_pcapng(w, p + i, n - i, left, &len);

		if (m > 0)
			ok = put_run(w, p[i].data - (pcap ? RECORD_PCAP_HEAD : RECORD_NG_HEAD), len, e);
		else
			ok = pcap ? put_pcap(w, p + i, e) : put_pcapng(w, p + i, e);
		if (!ok)
			break;
		i += m > 0 ? m : 1;
	}
	*done = i;
	if (!ok || !w->o.packet_buffered || flush_through(w, e))
		return ok;
	*done -= i > 0;		/* as far as that is known, it is the last that is not there */
	return false;
}

bool
writer_flush(struct writer *w, struct err *e)
{
	if (w->broken)
		return err_set(e, "%s: an earlier write failed", w->sink->name);
	return flush_through(w, e);
}

uint64_t
writer_size(const struct writer *w)
{
	return w->produced;
}

/* Frees all but the sink. */
static void
release(struct writer *w)
{
	encoder_free(w->encoder);
	for (uint32_t i = 0; i < w->n_ifaces; i++)
		free(w->ifaces[i].name);
	free(w->ifaces);
	free(w->b.bytes);
	free(w);
}

static bool
header(struct writer *w, struct err *e)
{
	if (w->o.format == CAPTURE_PCAP)
		return pcap_header(w, e);
	return section_header(w, e) && (!w->o.first || writer_describe(w, 0, w->o.first, e));
}

/* The header goes out at once: first of all it is made, so that what cannot be written does not empty an old file. */
static bool
begin(struct writer *w, const char *path, struct err *e)
{
	struct press *press = w->o.press;
	bool ok;

	if (w->o.compression != COMPRESS_NONE && !(w->encoder = encoder_new(w->o.compression, e)))
		return false;
	if (!header(w, e) || !sink_open(w->sink, path, e))
		return false;
	w->o.first = NULL;
	w->o.press = NULL;
	ok = flush(w, e);
	w->o.press = press;
	if (press) {
		encoder_free(w->encoder);
		w->encoder = NULL;
	}
	return ok;
}

struct writer *
writer_open(const char *path, const struct writer_options *o, struct err *e)
{
	struct writer *w = calloc(1, sizeof *w);
	struct err ignored;

	if (!w) {
		err_set(e, "out of memory");
		return NULL;
	}
	w->o = *o;
	w->b.size = o->compression == COMPRESS_NONE ? BUFFER : BUFFER_PACKED;
	w->b.bytes = malloc(w->b.size);
	w->sink = sink_new(path, o->format, e);
	if (w->sink)
		w->sink->give_up = o->give_up;
	if (w->b.bytes && w->sink && begin(w, path, e)) {
		/* From the first packet on: no thread is to be older than the sandbox. */
		w->sink->syncer = o->syncer;
		return w;
	}
	if (!w->b.bytes)
		err_set(e, "out of memory");
	if (w->sink)
		sink_close(w->sink, &ignored);
	release(w);
	return NULL;
}

bool
writer_finish(struct writer *w, void (*then)(void *, bool), void *arg, struct err *e)
{
	bool packed = w->o.press && w->o.compression != COMPRESS_NONE;
	bool ok = w->broken || packed || flush(w, e);	/* before a later file has what comes next */
	struct err ignored;

	if (w->o.press) {
		ok = press_close(w->o.press, w->sink, &w->b, then, arg, ok ? e : &ignored) && ok;
	} else {
		ok = sink_close(w->sink, ok ? e : &ignored) && ok;
		if (then)
			then(arg, ok);
	}
	release(w);
	return ok;
}

bool
writer_close(struct writer *w, struct err *e)
{
	struct press *press = w->o.press;
	struct err ignored;
	bool ok = writer_finish(w, NULL, NULL, e);

	if (press)
		ok = press_wait(press, NULL, ok ? e : &ignored) && ok;
	return ok;
}
