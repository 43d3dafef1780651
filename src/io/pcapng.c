/*
 * The pcapng format, draft-ietf-opsawg-pcapng: a sequence of blocks, in sections that each have
 * their own byte order and list of interfaces. Blocks without packets, other than the descriptions
 * and the statistics of interfaces, are skipped.
 */
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/linktype.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE = 3,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_SECTION = 0x0a0d0d0a,	/* the same in both byte orders */

	HEAD = 8,		/* of every block: type and length */
	TAIL = 4,		/* length again */
	SECTION_MIN = HEAD + 16 + TAIL,
	SECTION_MAX = 1024 * 1024,
	INTERFACE_FIXED = 8,
	PACKET_FIXED = 20,	/* of the enhanced and of the old packet block */
	SIMPLE_FIXED = 4,
	/* no block is larger, unless its link type allows huge packets */
	BLOCK_MAX = 16 * 1024 * 1024,
	PACKET_OPTIONS_MAX = 128 * 1024,

	OPTION_END = 0,
	INTERFACE_NAME = 2,
	INTERFACE_RESOLUTION = 9,
	INTERFACE_OFFSET = 14,
	NAME_MAX_LENGTH = 255,

	STATISTICS_FIXED = 12,
	STATISTICS_IF_DROP = 5,
	STATISTICS_OS_DROP = 7,
};

static const uint32_t byte_order_magic = 0x1a2b3c4d;

struct ng_iface {
	uint64_t per_second;	/* units of its time stamps */
	int64_t offset;		/* seconds to add to them */
	uint32_t link, snaplen;
	uint32_t number;	/* in the source's list */
	uint64_t dropped, if_dropped;	/* the last that was said of it */
	/* enum packet_record of its enhanced packet blocks, in this machine's byte order */
	uint32_t record;
	bool host_order;
};

struct pcapng {
	struct ng_iface *ifaces;	/* of this section */
	uint32_t n, size;
	uint32_t before;	/* how many of them were known in the section before */
	uint32_t max_block;
};

/* A block in the window, or what is left of one. */
struct block {
	const uint8_t *at, *end;	/* what is between head and tail */
	uint32_t type, length;
};

enum block_result { BLOCK_BAD = -1, BLOCK_WANT = 0, BLOCK_HERE = 1 };

static inline uint32_t
get32(const struct file *f, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return f->swapped ? __builtin_bswap32(v) : v;
}

static inline uint16_t
get16(const struct file *f, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, 2);
	return f->swapped ? __builtin_bswap16(v) : v;
}

/* Sets the byte order by a section's magic. False if it is none. */
static bool
set_order(struct file *f, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	if (v != byte_order_magic && v != __builtin_bswap32(byte_order_magic))
		return false;
	f->swapped = v != byte_order_magic;
	return true;
}

/* The next block, if it is complete in the window; it is not taken from there yet. */
static enum block_result
next_block(struct file *f, struct block *b, size_t *want, struct err *e)
{
	const struct pcapng *s = f->state;
	const uint8_t *at = f->in.at;
	size_t left = input_left(&f->in);

	if (left < HEAD + TAIL) {
		/* no block is shorter, and a section's byte order is in there */
		*want = HEAD + TAIL;
		if (left < HEAD || get32(f, at) == BLOCK_SECTION)
			return BLOCK_WANT;
	}
	b->type = get32(f, at);
	if (b->type == BLOCK_SECTION)
		set_order(f, at + HEAD);
	b->length = get32(f, at + 4);
	if (b->length < HEAD + TAIL) {
		err_set(e, "block in pcapng dump file has a length of %u < %d", b->length,
		    HEAD + TAIL);
		return BLOCK_BAD;
	}
	if (b->length % 4) {
		err_set(e,
		    "block in pcapng dump file has a length of %u that is not a multiple of 4",
		    b->length);
		return BLOCK_BAD;
	}
	if (b->length > s->max_block) {
		err_set(e, "pcapng block size %u > maximum %u", b->length, s->max_block);
		return BLOCK_BAD;
	}
	if (left < b->length) {
		*want = b->length;
		return BLOCK_WANT;
	}
	if (get32(f, at + b->length - TAIL) != b->length) {
		err_set(e, "block total length in header and trailer don't match");
		return BLOCK_BAD;
	}
	b->at = at + HEAD;
	b->end = at + b->length - TAIL;
	return BLOCK_HERE;
}

/* Takes n bytes from the block; NULL and *e if it has not as many. */
static const uint8_t *
take(struct block *b, size_t n, struct err *e)
{
	const uint8_t *p = b->at;

	if ((size_t)(b->end - p) < n) {
		err_set(e, "block of type %u in pcapng dump file is too short", b->type);
		return NULL;
	}
	b->at += n;
	return p;
}

/* if_tsresol: a negative power of ten, or of two with the top bit set. */
static bool
resolution(struct ng_iface *i, unsigned v, struct err *e)
{
	unsigned power = v & 0x7f;

	if (v & 0x80) {
		if (power > 63)
			return err_set(e,
			    "Interface Description Block if_tsresol option resolution 2^-%u "
			    "is too high", power);
		i->per_second = UINT64_C(1) << power;
		return true;
	}
	if (power > 19)
		return err_set(e,
		    "Interface Description Block if_tsresol option resolution 10^-%u is too high",
		    power);
	for (i->per_second = 1; power; power--)
		i->per_second *= 10;
	return true;
}

struct iface_options {
	bool has_resolution, has_offset;
	char name[NAME_MAX_LENGTH + 1];
};

static bool
interface_option(const struct file *f, struct ng_iface *i, struct iface_options *o, unsigned code,
    const uint8_t *value, unsigned length, struct err *e)
{
	uint64_t v;

	switch (code) {
	case INTERFACE_NAME:
		if (length > NAME_MAX_LENGTH)
			length = NAME_MAX_LENGTH;
		memcpy(o->name, value, length);
		o->name[length] = 0;
		return true;
	case INTERFACE_RESOLUTION:
		if (length != 1)
			return err_set(e,
			    "Interface Description Block has if_tsresol option with length %u != 1",
			    length);
		if (o->has_resolution)
			return err_set(e,
			    "Interface Description Block has more than one if_tsresol option");
		o->has_resolution = true;
		return resolution(i, *value, e);
	case INTERFACE_OFFSET:
		if (length != 8)
			return err_set(e, "Interface Description Block has if_tsoffset option "
			    "with length %u != 8", length);
		if (o->has_offset)
			return err_set(e,
			    "Interface Description Block has more than one if_tsoffset option");
		o->has_offset = true;
		memcpy(&v, value, 8);
		i->offset = (int64_t)(f->swapped ? __builtin_bswap64(v) : v);
		return true;
	default:
		return true;
	}
}

static bool
interface_options(const struct file *f, struct ng_iface *i, struct iface_options *o,
    struct block *b, struct err *e)
{
	while (b->at < b->end) {
		const uint8_t *head = take(b, 4, e), *value;
		unsigned code, length;

		if (!head)
			return false;
		code = get16(f, head);
		length = get16(f, head + 2);
		value = take(b, (length + 3u) & ~3u, e);
		if (!value)
			return false;
		if (code == OPTION_END) {
			if (length)
				return err_set(e,
				    "Interface Description Block has opt_endofopt option "
				    "with length %u != 0", length);
			return true;
		}
		if (!interface_option(f, i, o, code, value, length, e))
			return false;
	}
	return true;
}

/*
 * Gives an interface its number in the source's list. A section that repeats the description the
 * section before had at the same place means the same interface: appended captures do not make the
 * list grow without end.
 */
static bool
number_iface(struct file *f, struct ng_iface *i, uint32_t place, const char *name, struct err *e)
{
	struct pcapng *s = f->state;
	struct source_iface new = { .link = i->link, .snaplen = i->snaplen,
		.nano = i->per_second > 1000000, .name = *name ? name : NULL };

	if (place < s->before) {
		const struct source_iface *was;

		i->number = s->ifaces[place].number;
		was = &f->ifaces[i->number];
		if (was->link == new.link && was->snaplen == new.snaplen && was->nano == new.nano &&
		    strcmp(was->name ? was->name : "", name) == 0)
			return true;
	}
	i->number = (uint32_t)f->src.n_ifaces;
	return file_add_iface(f, &new, e);
}

static bool
add_interface(struct file *f, struct block *b, struct err *e)
{
	struct pcapng *s = f->state;
	struct ng_iface i = { .per_second = 1000000 };
	struct iface_options o = { 0 };
	const uint8_t *p = take(b, INTERFACE_FIXED, e);
	uint32_t most;

	if (!p)
		return false;
	i.link = linktype_to_dlt(get16(f, p));
	i.snaplen = linktype_snaplen(i.link, get32(f, p + 4));
	i.host_order = linktype_is_host_order(i.link);
	if (!interface_options(f, &i, &o, b, e))
		return false;
	if (i.offset == 0 && i.per_second == 1000000)
		i.record = RECORD_NG;
	else if (i.offset == 0 && i.per_second == 1000000000)
		i.record = RECORD_NG_NANO;
	if (!number_iface(f, &i, s->n, o.name, e))
		return false;
	if (s->n == s->size) {
		uint32_t size = s->size ? s->size * 2 : 1;
		struct ng_iface *more = realloc(s->ifaces, size * sizeof *more);

		if (!more)
			return err_set(e, "out of memory");
		s->ifaces = more;
		s->size = size;
	}
	s->ifaces[s->n++] = i;
	if (s->before < s->n)
		s->before = s->n;
	most = HEAD + PACKET_FIXED + linktype_max_packet(i.link) + PACKET_OPTIONS_MAX + TAIL;
	if (s->max_block < most)
		s->max_block = most;
	return true;
}

static uint64_t
get64(const struct file *f, const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return f->swapped ? __builtin_bswap64(v) : v;
}

/*
 * Interface statistics count since the capture began, and may come again and again: an interface's last word is what
 * counts. Nobody stumbles over damaged ones: what can be read of them is taken.
 */
static void
statistics(struct file *f, const struct block *b)
{
	struct pcapng *s = f->state;
	const uint8_t *p = b->at;
	struct source_lost *lost = &f->src.lost;
	struct ng_iface *i;
	uint32_t id;

	if (b->end - p < STATISTICS_FIXED || (id = get32(f, p)) >= s->n)
		return;
	i = &s->ifaces[id];
	for (p += STATISTICS_FIXED; b->end - p >= 4;) {
		unsigned code = get16(f, p), length = get16(f, p + 2);
		size_t size = (length + 3u) & ~3u;

		p += 4;
		if (code == OPTION_END || (size_t)(b->end - p) < size)
			return;
		if (length == 8 && (code == STATISTICS_IF_DROP || code == STATISTICS_OS_DROP)) {
			uint64_t *was = code == STATISTICS_IF_DROP ? &i->if_dropped : &i->dropped;
			uint64_t *sum = code == STATISTICS_IF_DROP ? &lost->if_dropped : &lost->dropped;

			*sum += get64(f, p) - *was;
			*was = get64(f, p);
			lost->known = true;
		}
		p += size;
	}
}

/* A section after the first. */
static bool
new_section(struct file *f, struct block *b, struct err *e)
{
	struct pcapng *s = f->state;
	const uint8_t *p = take(b, SECTION_MIN - HEAD - TAIL, e);

	if (!p)
		return false;
	if (!set_order(f, p))
		return err_set(e, "the file has a section with a bad byte order magic field");
	if (get16(f, p + 4) != 1)
		return err_set(e, "unknown pcapng savefile major version number %u",
		    get16(f, p + 4));
	s->n = 0;
	return true;
}

static void
stamp(const struct ng_iface *i, uint64_t t, struct packet *k)
{
	unsigned __int128 fraction;

	switch (i->per_second) {
	case 1000000:
		k->sec = (int64_t)(t / 1000000);
		k->nsec = (int64_t)(t % 1000000 * 1000);
		break;
	case 1000000000:
		k->sec = (int64_t)(t / 1000000000);
		k->nsec = (int64_t)(t % 1000000000);
		break;
	default:
		k->sec = (int64_t)(t / i->per_second);
		fraction = (unsigned __int128)(t % i->per_second) * 1000000000;
		k->nsec = (int64_t)(fraction / i->per_second);
	}
	k->sec = (int64_t)((uint64_t)k->sec + (uint64_t)i->offset);
}

/* Reads the packet of one of the three packet blocks. */
static bool
get_packet(struct file *f, struct block *b, struct packet *k, struct err *e)
{
	const struct pcapng *s = f->state;
	const struct ng_iface *i;
	const uint8_t *p;
	uint32_t iface = 0;
	uint64_t t = 0;

	p = take(b, b->type == BLOCK_SIMPLE ? SIMPLE_FIXED : PACKET_FIXED, e);
	if (!p)
		return false;
	if (b->type == BLOCK_SIMPLE) {
		k->len = get32(f, p);
		k->caplen = s->n && k->len > s->ifaces[0].snaplen ? s->ifaces[0].snaplen : k->len;
	} else {
		iface = b->type == BLOCK_PACKET ? get32(f, p) : get16(f, p);
		t = (uint64_t)get32(f, p + 4) << 32 | get32(f, p + 8);
		k->caplen = get32(f, p + 12);
		k->len = get32(f, p + 16);
	}
	if (iface >= s->n)
		return err_set(e, "a packet arrived on interface %u, but there's no "
		    "Interface Description Block for that interface", iface);
	i = &s->ifaces[iface];
	if (k->caplen > i->snaplen)
		return err_set(e, "invalid packet capture length %u, bigger than snaplen of %u",
		    k->caplen, i->snaplen);
	k->data = take(b, k->caplen, e);
	if (!k->data)
		return false;
	stamp(i, t, k);
	k->link = i->link;
	k->iface = i->number;
	k->record = b->type == BLOCK_PACKET && !f->swapped ? i->record : RECORD_NONE;
	k->record_len = b->length;
	if (f->swapped && i->host_order)
		linktype_swap(i->link, f->in.at + (k->data - f->in.at), k->caplen, k->len);
	return true;
}

/*
 * Takes enhanced packet blocks in this machine's byte order, as nearly all of a file's are, as long as nothing is wrong
 * with them; what comes next is for the rest of pcapng_parse to judge. How many.
 */
static size_t
quick_packets(struct file *f, struct packet *batch, size_t max)
{
	const struct pcapng *s = f->state;
	const uint32_t most = s->max_block;
	uint8_t *at = f->in.at, *end = f->in.end;
	size_t n;

	for (n = 0; n < max && (size_t)(end - at) >= HEAD + PACKET_FIXED + TAIL; n++) {
		uint32_t head[7];	/* type, length, interface, time stamp, captured length, length */
		const struct ng_iface *i;
		struct packet *k = &batch[n];
		uint32_t tail;

		memcpy(head, at, sizeof head);
		if (head[0] != BLOCK_PACKET || head[1] < HEAD + PACKET_FIXED + TAIL || head[1] % 4 || head[1] > most ||
		    head[1] > (size_t)(end - at) || head[2] >= s->n)
			break;
		i = &s->ifaces[head[2]];
		memcpy(&tail, at + head[1] - TAIL, TAIL);
		if (tail != head[1] || head[5] > i->snaplen || head[5] > head[1] - (HEAD + PACKET_FIXED + TAIL))
			break;
		k->data = at + RECORD_NG_HEAD;
		k->caplen = head[5];
		k->len = head[6];
		stamp(i, (uint64_t)head[3] << 32 | head[4], k);
		k->link = i->link;
		k->iface = i->number;
		k->record = i->record;
		k->record_len = head[1];
		at += head[1];
	}
	f->in.at = at;
	return n;
}

static bool
pcapng_parse(struct file *f, struct packet *batch, size_t max, size_t *n, size_t *want,
    struct err *e)
{
	struct block b;

	while (*n < max) {
		enum block_result r;
		bool sound = true;

		if (!f->swapped && (*n += quick_packets(f, batch + *n, max - *n)) == max)
			break;
		r = next_block(f, &b, want, e);
		if (r != BLOCK_HERE)
			return r == BLOCK_WANT;
		switch (b.type) {
		case BLOCK_PACKET:
		case BLOCK_SIMPLE:
		case BLOCK_OLD_PACKET:
			sound = get_packet(f, &b, &batch[*n], e);
			*n += sound;
			break;
		case BLOCK_INTERFACE:
			sound = add_interface(f, &b, e);
			break;
		case BLOCK_SECTION:
			sound = new_section(f, &b, e);
			break;
		case BLOCK_STATISTICS:
			statistics(f, &b);
			break;
		}
		if (!sound)
			return false;
		f->in.at += b.length;
	}
	return true;
}

static void
pcapng_cut(const struct file *f, struct err *e)
{
	size_t left = input_left(&f->in), tried = HEAD;

	if (left >= HEAD) {
		tried = get32(f, f->in.at + 4) - HEAD;
		left -= HEAD;
	}
	err_set(e, "truncated pcapng dump file; tried to read %zu bytes, only got %zu", tried,
	    left);
}

static void
pcapng_free(struct file *f)
{
	struct pcapng *s = f->state;

	free(s->ifaces);
	free(s);
}

static const struct file_format pcapng_format = {
	.parse = pcapng_parse,
	.cut = pcapng_cut,
	.free = pcapng_free,
};

/* Reads up to the first description of an interface, so that the source has a link type. */
static bool
first_interface(struct file *f, struct err *e)
{
	struct block b;
	size_t want;
	bool failed, sound;

	for (;;) {
		switch (next_block(f, &b, &want, e)) {
		case BLOCK_BAD:
			return false;
		case BLOCK_WANT:
			if (file_need(f, want, &failed, e))
				continue;
			if (!failed && input_left(&f->in) == 0)
				err_set(e, "the capture file has no Interface Description Blocks");
			else if (!failed)
				pcapng_cut(f, e);
			return false;
		case BLOCK_HERE:
			break;
		}
		switch (b.type) {
		case BLOCK_INTERFACE:
			sound = add_interface(f, &b, e);
			f->in.at += b.length;
			return sound;
		case BLOCK_PACKET:
		case BLOCK_SIMPLE:
		case BLOCK_OLD_PACKET:
			return err_set(e, "the capture file has a packet block before any "
			    "Interface Description Blocks");
		case BLOCK_SECTION:
			if (!new_section(f, &b, e))
				return false;
			break;
		}
		f->in.at += b.length;
	}
}

enum file_probe
pcapng_probe(struct file *f, struct err *e)
{
	struct pcapng *s;
	uint32_t length;
	unsigned major, minor;
	bool failed;

	/*
	 * The type is a few line ends, which may as well start a text; the byte order magic makes
	 * it sure.
	 */
	if (get32(f, f->in.at) != BLOCK_SECTION)
		return FILE_OTHER;
	if (!file_need(f, HEAD + 4, &failed, e))
		return failed ? FILE_BAD : FILE_OTHER;
	if (!set_order(f, f->in.at + HEAD))
		return FILE_OTHER;
	length = get32(f, f->in.at + 4);
	if (length < SECTION_MIN || length > SECTION_MAX) {
		err_set(e, "Section Header Block in pcapng dump file has invalid length "
		    "%d < _%u_ < %d (BT_SHB_INSANE_MAX)", SECTION_MIN, length, SECTION_MAX);
		return FILE_BAD;
	}
	if (!file_need(f, length, &failed, e)) {
		if (!failed)
			err_set(e,
			    "truncated pcapng dump file; tried to read %u bytes, only got %zu",
			    length - HEAD - 4, input_left(&f->in) - HEAD - 4);
		return FILE_BAD;
	}
	major = get16(f, f->in.at + HEAD + 4);
	minor = get16(f, f->in.at + HEAD + 6);
	if (major != 1 || (minor != 0 && minor != 2)) {
		err_set(e, "unsupported pcapng savefile version %u.%u", major, minor);
		return FILE_BAD;
	}
	s = calloc(1, sizeof *s);
	if (!s) {
		err_set(e, "out of memory");
		return FILE_BAD;
	}
	s->max_block = BLOCK_MAX;
	f->state = s;
	f->format = &pcapng_format;
	f->in.at += length;
	return first_interface(f, e) ? FILE_MINE : FILE_BAD;
}
