/*
 * The classic pcap format, draft-ietf-opsawg-pcap, with the variants that have been written over
 * the years.
 */
#include <stdlib.h>
#include <string.h>

#include "io/file.h"
#include "io/linktype.h"

enum {
	MAGIC = 4,		/* read before the rest, and not counted in what is missing */
	FILE_HEADER = 24,
	IXIA_FILE_HEADER = 28,	/* with the number of bytes that follow behind the usual fields */
	RECORD_HEADER = 16,
	/* with interface index, protocol and packet type behind the usual fields */
	PATCHED_RECORD_HEADER = 24,
	/* header put in front of cooked packets, not counted in those files' snapshot length */
	FAKE_ETHERNET = 14,
	MAJOR = 2,
	MINOR = 4,
	MAJOR_DGUX = 543,	/* what DG/UX writes */
};

static const struct variant {
	uint32_t magic;
	bool nano;
	uint8_t file_header, record_header;
} variants[] = {
	{ 0xa1b2c3d4, false, FILE_HEADER, RECORD_HEADER },
	{ 0xa1b23c4d, true, FILE_HEADER, RECORD_HEADER },
	/* Kuznetzov's patch to libpcap */
	{ 0xa1b2cd34, false, FILE_HEADER, PATCHED_RECORD_HEADER },
	{ 0xa12b3c4d, true, FILE_HEADER, RECORD_HEADER },		/* Navtel */
	/* Ixia, captured by hardware */
	{ 0x1c0001ac, true, IXIA_FILE_HEADER, RECORD_HEADER },
	{ 0x1c0001ab, false, IXIA_FILE_HEADER, RECORD_HEADER },		/* Ixia, by software */
};

struct pcap {
	uint32_t link;
	uint32_t snaplen;
	uint32_t max;			/* longest packet that is believed */
	uint32_t record_header;
	int32_t nsec_per_unit;		/* of the fraction in the time stamp */
	/*
	 * Before version 2.3 the length on the wire came before the captured one; 2.3 changed that,
	 * but some programs wrote 2.3 with the old order.
	 */
	enum { CAPTURED_FIRST, WIRE_FIRST, LARGER_IS_WIRE } order;
	/* the packets have fields that must be swapped with the file */
	bool host_order;
	bool plain;			/* see parse */
};

static uint32_t
get32(const uint8_t *p, bool swapped)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return swapped ? __builtin_bswap32(v) : v;
}

static uint16_t
get16(const uint8_t *p, bool swapped)
{
	uint16_t v;

	memcpy(&v, p, 2);
	return swapped ? __builtin_bswap16(v) : v;
}

/* The two lengths of a record header. */
static inline void
lengths(const struct pcap *s, const uint8_t *p, bool swapped, uint32_t *caplen, uint32_t *len)
{
	uint32_t a = get32(p + 8, swapped), b = get32(p + 12, swapped);
	bool wire_first = s->order == WIRE_FIRST || (s->order == LARGER_IS_WIRE && a > b);

	*caplen = wire_first ? b : a;
	*len = wire_first ? a : b;
}

static bool
too_long(const struct pcap *s, uint32_t caplen, struct err *e)
{
	if (caplen > s->snaplen)
		return err_set(e, "invalid packet capture length %u, bigger than snaplen of %u",
		    caplen, s->snaplen);
	return err_set(e, "invalid packet capture length %u, bigger than maximum of %u", caplen,
	    s->max);
}

/*
 * Steps over plain records that the sieve holds back, as long as nothing is unusual about them; *passed: the one that is
 * returned is whole, and passes. Apart from parse, so that all it needs stays in registers.
 */
static __attribute__((noinline)) uint8_t *
skip(uint8_t *at, const uint8_t *end, uint32_t most, native_function *run, bool *passed)
{
	*passed = false;
	while (end - at >= RECORD_PCAP_HEAD) {
		uint32_t caplen = get32(at + 8, false);
		uint8_t *data = at + RECORD_PCAP_HEAD;

		if (caplen > most || caplen > (size_t)(end - data))
			break;
		if (run(data, get32(at + 12, false), caplen) != 0) {
			*passed = true;
			break;
		}
		at = data + caplen;
	}
	return at;
}

/*
 * plain: nearly every file there is, in this machine's byte order and of the current version, whose records a copy
 * may take as they are.
 *
 * The fraction of a second is below a billion in a sound file. What is more is passed on as libpcap does, for which
 * it is signed in our byte order and unsigned in the other.
 */
static inline __attribute__((always_inline)) bool
parse(struct file *f, bool plain, bool sieve, struct packet *batch, size_t max, size_t *n, size_t *want, struct err *e)
{
	const struct pcap *s = f->state;
	const bool swapped = !plain && f->swapped;
	const uint32_t header = plain ? RECORD_PCAP_HEAD : s->record_header;
	const uint32_t most = s->max, snaplen = s->snaplen, link = s->link;
	const uint32_t record = !plain ? RECORD_NONE : s->nsec_per_unit == 1 ? RECORD_PCAP_NANO : RECORD_PCAP;
	const int64_t unit = s->nsec_per_unit;
	native_function *run = f->sieve;
	uint8_t *at = f->in.at, *end = f->in.end;
	struct packet *k = batch, *full = batch + max;
	bool sound = true;

	while (k < full) {
		uint32_t caplen, len, fraction;
		bool passed = !sieve;
		size_t left;

		if (plain && sieve)
			at = skip(at, end, most < snaplen ? most : snaplen, run, &passed);
		left = (size_t)(end - at);

		if (left < header) {
			*want = header;
			break;
		}
		if (plain) {
			caplen = get32(at + 8, false);
			len = get32(at + 12, false);
		} else {
			lengths(s, at, swapped, &caplen, &len);
		}
		if (caplen > most) {
			sound = too_long(s, caplen, e);
			break;
		}
		if (left - header < caplen) {
			*want = header + caplen;
			break;
		}
		if (!plain && swapped && s->host_order)
			linktype_swap(link, at + header, caplen < snaplen ? caplen : snaplen, len);
		if (!passed && run(at + header, len, caplen < snaplen ? caplen : snaplen) == 0) {
			at += header + caplen;
			continue;
		}
		fraction = get32(at + 4, swapped);
		*k = (struct packet){
			.data = at + header,
			.caplen = caplen < snaplen ? caplen : snaplen,
			.len = len,
			.sec = get32(at, swapped),
			.nsec = (swapped ? (int64_t)fraction : (int64_t)(int32_t)fraction) * unit,
			.link = link,
			.record = caplen <= snaplen ? record : RECORD_NONE,
			.record_len = header + caplen,
		};
		at += header + caplen;
		k++;
	}
	f->in.at = at;
	*n = (size_t)(k - batch);
	return sound;
}

static bool
pcap_parse(struct file *f, struct packet *batch, size_t max, size_t *n, size_t *want, struct err *e)
{
	if (!((const struct pcap *)f->state)->plain)
		return parse(f, false, f->sieve != NULL, batch, max, n, want, e);
	if (f->sieve)
		return parse(f, true, true, batch, max, n, want, e);
	return parse(f, true, false, batch, max, n, want, e);
}

static void
pcap_cut(const struct file *f, struct err *e)
{
	const struct pcap *s = f->state;
	size_t left = input_left(&f->in);
	uint32_t caplen, len;

	if (left < s->record_header) {
		err_set(e, "truncated dump file; tried to read %u header bytes, only got %zu",
		    s->record_header, left);
		return;
	}
	left -= s->record_header;
	lengths(s, f->in.at, f->swapped, &caplen, &len);
	if (caplen > s->snaplen && left < s->snaplen)
		/* the part that would have been delivered is not even there */
		caplen = s->snaplen;
	err_set(e, "truncated dump file; tried to read %u captured bytes, only got %zu", caplen,
	    left);
}

static void
pcap_free(struct file *f)
{
	free(f->state);
}

static const struct file_format pcap_format = {
	.parse = pcap_parse,
	.cut = pcap_cut,
	.free = pcap_free,
	.sieves = true,
};

static const struct variant *
variant_of(uint32_t magic)
{
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
		if (variants[i].magic == magic)
			return &variants[i];
	return NULL;
}

enum file_probe
pcap_probe(struct file *f, struct err *e)
{
	const struct variant *v = variant_of(get32(f->in.at, false));
	const uint8_t *h;
	unsigned major, minor;
	struct source_iface iface;
	uint32_t network;
	struct pcap *s;
	bool failed;

	if (!v) {
		v = variant_of(get32(f->in.at, true));
		f->swapped = v != NULL;
	}
	if (!v)
		return FILE_OTHER;
	if (!file_need(f, v->file_header, &failed, e)) {
		if (!failed)
			err_set(e,
			    "truncated dump file; tried to read %u file header bytes, only got %zu",
			    v->file_header, input_left(&f->in) - MAGIC);
		return FILE_BAD;
	}
	h = f->in.at;
	major = get16(h + 4, f->swapped);
	minor = get16(h + 6, f->swapped);
	if (major < MAJOR) {
		err_set(e, "archaic pcap savefile format");
		return FILE_BAD;
	}
	if (!(major == MAJOR && minor <= MINOR) && !(major == MAJOR_DGUX && minor == 0)) {
		err_set(e, "unsupported pcap savefile version %u.%u", major, minor);
		return FILE_BAD;
	}
	s = calloc(1, sizeof *s);
	if (!s) {
		err_set(e, "out of memory");
		return FILE_BAD;
	}
	f->state = s;
	f->format = &pcap_format;
	network = get32(h + 20, f->swapped);
	s->link = linktype_to_dlt(network & LINKTYPE_BITS);
	s->snaplen = linktype_snaplen(s->link, get32(h + 16, f->swapped));
	s->max = linktype_max_packet(s->link);
	s->record_header = v->record_header;
	s->nsec_per_unit = v->nano ? 1 : 1000;
	s->host_order = linktype_is_host_order(s->link);
	if (major == MAJOR_DGUX || minor < 3)
		s->order = WIRE_FIRST;
	else if (minor == 3)
		s->order = LARGER_IS_WIRE;
	if (v->record_header == PATCHED_RECORD_HEADER && s->link == 1)
		s->snaplen = s->snaplen > INT32_MAX - FAKE_ETHERNET ? INT32_MAX :
		    s->snaplen + FAKE_ETHERNET;
	s->plain = !f->swapped && s->order == CAPTURED_FIRST && s->record_header == RECORD_PCAP_HEAD;
	f->in.at += v->file_header;
	iface = (struct source_iface){ .link = s->link, .snaplen = s->snaplen, .nano = v->nano,
		.link_ext = network & ~(uint32_t)LINKTYPE_BITS };
	if (!file_add_iface(f, &iface, e))
		return FILE_BAD;
	return FILE_MINE;
}
