#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/look.h"
#include "cmd/track_quick.h"
#include "dissect/plain.h"
#include "out/json.h"
#include "out/table.h"
#include "walk.h"

enum {
	STYLES = 32,
	INPUT_MAX = 65536,
	TEXT_BASE = 64 << 10,	/* characters of text a packet may say at least ... */
	TEXT_A_BYTE = 600,	/* ... and for each byte it has */
	JSON_TIMES = 40,	/* the same for JSON, which has names and no dumps */
	SECONDS_MAX = 5,	/* processor time, with sanitizers and on a slow machine */
};

/* The low five bits choose; -v comes in all its degrees, the rest in turns. */
static const struct style *
style_of(unsigned i)
{
	static struct style styles[STYLES];
	struct style *s = &styles[i];

	*s = (struct style) { .v = (int)(i & 3), .n = 1 };
	switch (i >> 2) {
	case 1:
		s->e = 1;
		break;
	case 2:
		s->X = s->no_default = 1;
		s->b = 1;
		break;
	case 3:
		s->e = 1;
		s->n = 0;
		s->x = 2;
		s->no_default = 1;
		break;
	case 4:
		s->A = 1;
		s->S = s->K = 1;
		break;
	case 5:
		s->q = 1;
		s->t = 5;
		break;
	case 6:
		s->oneline = 1;
		s->u = s->H = 1;
		s->t = 3;
		break;
	case 7:
		s->t = 4;
		s->nano = s->number = 1;
		s->N = 1;
		s->md5_secret = "secret";
		break;
	default:
		break;
	}
	return s;
}

/* The style of those who want fields and no text. */
static const struct style *
look(void)
{
	static struct style s;

	look_style(&s);
	return &s;
}

static void
fail(const char *what)
{
	fprintf(stderr, "limit broken: %s\n", what);
	abort();
}

/* Nothing that a packet brings may reach the terminal as a control character, but for SOH and STX in NetBIOS names. */
void
walk_check_text(const char *s, size_t n, size_t most)
{
	if (n > most)
		fail("length of a packet's text");
	for (size_t i = 0; i < n; i++)
		if ((s[i] < ' ' && s[i] != '\n' && s[i] != '\t' && s[i] != 1 && s[i] != 2) || s[i] == 0x7f)
			fail("a control character in text");
	if (n == 0 || s[n - 1] != '\n')
		fail("the end of the line");
}

/* One line, valid UTF-8, no control characters. */
static void
check_json(const struct json *j, const struct dis *d, size_t most)
{
	static struct buf b;
	const uint8_t *p, *end;
	uint32_t v;

	b.len = 0;
	json_packet(j, &b, d);
	p = (const uint8_t *)b.data;
	end = p + b.len;
	if (b.len < 3 || b.len > most || p[0] != '{' || end[-2] != '}' || end[-1] != '\n')
		fail("form of JSON");
	for (end--; p < end;) {
		unsigned n = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;

		if (*p < ' ' || (*p >= 0x80 && *p < 0xc2) || *p > 0xf4 || (size_t)(end - p) <= n)
			fail("a character in JSON");
		v = n ? *p & (0x3fu >> n) : *p;
		for (p++; n; n--, p++) {
			if (*p >> 6 != 2)
				fail("UTF-8 in JSON");
			v = v << 6 | (*p & 0x3f);
		}
		if ((v >> 11) == 0x1b || v > 0x10ffff)
			fail("a code point in JSON");
	}
}

/* Everything a sink holds can be read: what is noted lies within the packet or the packet's own memory. */
static void
read_fields(const struct fields *s)
{
	static volatile uint64_t sum;

	if (s->n > DIS_FIELDS_MAX)
		fail("number of fields");
	for (uint32_t i = 0; i < s->n; i++) {
		const struct noted *x = &s->noted[i];
		uint64_t v;

		if (x->layer >= s->n_layers)
			fail("a field without a layer");
		if (x->field == NULL)
			continue;
		if (field_number(x, &v))
			sum += v;
		if (!x->is_value)
			for (uint32_t k = 0; k < x->len; k++)
				sum += x->p[k];
	}
	(void)sum;
}

static bool
is_leaf(const struct proto *proto)
{
	(void)proto;
	return true;
}

/* What a packet that needs no walk is told as is what a walk would have told: at the latest when it comes again. */
static void
check_plain(const struct json *j, struct dis *d, const struct packet *p, uint64_t number)
{
	static struct buf ahead, walked;

	for (unsigned turn = 0; turn < 3; turn++) {
		ahead.len = walked.len = 0;
		if (!json_plain(j, &ahead, d, p, number + turn) && ahead.len)
			fail("text of a packet that is not plain");
		dis_packet(d, p, number + turn);
		json_packet(j, &walked, d);
		if (ahead.len && (ahead.len != walked.len || memcmp(ahead.data, walked.data, walked.len) != 0))
			fail("JSON of a plain packet");
		dis_clear(d);
	}
}

static const char columns[] = "frame.number,frame.time_epoch,frame.len,frame.cap_len,ip.addr,ipv6.addr,ip.len,ip.flags.df,ip.ttl,"
    "ipv6.tclass,ipv6.nxt,tcp.port,tcp.seq_raw,tcp.flags,tcp.flags.syn,tcp.hdr_len,tcp.len,udp.port,udp.length,icmp.type,icmpv6.code";

/* The same of columns; the walk is not one that has told JSON. */
static void
check_columns(const struct table *t, struct dis *d, const struct packet *p, uint64_t number)
{
	static struct buf ahead, walked;

	ahead.len = walked.len = 0;
	if (!table_plain(t, &ahead, d, p, number)) {
		if (ahead.len)
			fail("columns of a packet that is not plain");
		return;
	}
	dis_packet(d, p, number);
	table_packet(t, &walked, d);
	if (ahead.len != walked.len || memcmp(ahead.data, walked.data, walked.len) != 0)
		fail("columns of a plain packet");
	dis_clear(d);
}

void
walk_input(const struct demux_row *rows, size_t n_rows, uint32_t link, const uint8_t *data, size_t size)
{
	static struct demux *demux;
	static struct catalog *volatile catalog;	/* kept where leaks are looked for */
	static struct json *json;
	static struct dis *walks[2][STYLES];
	static struct plain_reader *plain_reader;
	static struct dis *looker, *lister;
	static bool opened;
	static struct table *volatile table;	/* as the catalog */
	struct err e;
	struct plain plain;
	struct conv_table *conv = NULL;
	struct dis **d;
	uint8_t *bytes;
	clock_t start;

	if (size <= WALK_LEAD || size > INPUT_MAX)
		return;
	if (!demux && (!(demux = demux_new(rows, n_rows)) || !(catalog = catalog_new(demux)) || !(json = json_new(catalog)) ||
	    !(plain_reader = plain_new(demux, is_leaf)) || !json_open_plain(json, demux) ||
	    !(looker = dis_new(look(), demux, NULL, NULL)) || !dis_collect_fields(looker, NULL) ||
	    !(table = table_new(columns, catalog, &e)) || !(lister = dis_new(look(), demux, NULL, NULL)) ||
	    !dis_collect_fields(lister, table_wanted(table))))
		abort();
	if (!opened) {
		table_open_plain(table, demux, track_quick_is_leaf);
		opened = true;
	}
	unsigned choice = data[0];
	uint32_t caplen = (uint32_t)size - WALK_LEAD;
	d = &walks[choice >> 7][choice % STYLES];
	if (!*d) {
		*d = dis_new(style_of(choice % STYLES), demux, NULL, NULL);
		if (!*d || (choice & 0x80 && !dis_collect_fields(*d, NULL)))
			abort();
	}
	/* A block of exactly the packet's size, so that a read beyond it is seen. */
	bytes = malloc(caplen);
	if (!bytes)
		return;
	memcpy(bytes, data + WALK_LEAD, caplen);
	struct packet p = { bytes, caplen, caplen + data[1] * (data[1] < 128 ? 1u : 64u), 1700000000, 123456789, link, 0 };
	if ((choice & 0x60) == 0x60)
		conv = conv_new();
	(*d)->conv = conv;
	start = clock();
	if (plain_read(plain_reader, &p, &plain)) {
		if (plain.p < bytes || plain.p + plain.caplen > bytes + caplen)
			fail("a plain packet beyond its bytes");
		check_plain(json, looker, &p, choice);
		check_columns(table, lister, &p, choice);
	}
	for (uint64_t i = 1; i <= (conv ? 2 : 1); i++) {
		dis_packet(*d, &p, i);
		walk_check_text((*d)->base, (size_t)((*d)->out - (*d)->base), TEXT_BASE + (size_t)TEXT_A_BYTE * caplen);
		if ((*d)->sink) {
			read_fields((*d)->sink);
			check_json(json, *d, JSON_TIMES * (TEXT_BASE + (size_t)TEXT_A_BYTE * caplen));
		}
		dis_clear(*d);
	}
	if ((double)(clock() - start) / CLOCKS_PER_SEC > SECONDS_MAX)
		fail("time for a packet");
	(*d)->conv = NULL;
	conv_free(conv);
	free(bytes);
}
