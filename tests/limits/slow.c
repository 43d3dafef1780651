/*
 * The slowest packets: no packet of 64 KiB may take more than 10 ms on one core, whatever protocol it is for and
 * however it is shown.
 *
 *   slow [--search SECONDS] [--protocol NAME] [--save FOLDER] [--list] CAPTURE...
 *
 * Every row of demux.def is entered with packets that are made to be slow: patterns that repeat, and what walks of the
 * captures given handed to the protocol, grown to 64 KiB. From the slowest of them a search goes on: it changes the
 * packets a little, again and again, and keeps what became slower. Its dice are the same each time; how far it comes
 * depends on the machine. --search makes it last that long for each protocol. Fails when a packet takes too long
 * several times in a row. --save writes the slowest packet of each protocol, --list prints a line for each.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/examined.h"
#include "dissect/conv.h"
#include "io/source.h"
#include "out/json.h"
#include "out/table.h"
#include "proto/protos.h"
#include "query/query.h"

#include "../fuzz/patterns.h"

enum {
	LINK_OURS = 60000,
	SIZE = 65536,		/* bytes of a packet */
	HEAD = 24,		/* IP header and ports in front, for what is not a link type */
	PLACES = 2,		/* packets that the search goes on with, for each way to show them */
	SEEDS = 24,		/* payloads out of captures, for each protocol */
	TRIES = 7,		/* a packet is too slow when it is so that many times */
	FIELDS_ASKED = 24,
	JSON_MAX = 64 << 20,	/* bytes of a packet's JSON: its bytes in hex, again in each layer */
};
#define LIMIT_NS 10000000	/* 10 ms */

enum mode { TEXT, JSON, TABLE, QUERY, MODES };

static const struct show {
	const char *what;
	enum mode mode;
	struct style style;
} shows[] = {
	{ "-n", TEXT, { .n = 1 } },
	{ "-nvvve", TEXT, { .n = 1, .v = 3, .e = 1 } },
	{ "-vv", TEXT, { .v = 2, .u = 1, .b = 1, .H = 1 } },
	{ "-nq", TEXT, { .n = 1, .q = 1 } },
	{ "-nvvvXX", TEXT, { .n = 1, .v = 3, .X = 2, .no_default = 1 } },
	{ "-nvA", TEXT, { .n = 1, .v = 1, .A = 2, .no_default = 1 } },
	{ "--json", JSON, { .n = 1, .v = 3, .K = 1, .S = 1, .no_default = 1, .mute = 1 } },
	{ "--fields", TABLE, { .n = 1, .v = 3, .K = 1, .S = 1, .no_default = 1, .mute = 1 } },
	{ "-Y", QUERY, { .n = 1, .v = 3, .K = 1, .S = 1, .no_default = 1, .mute = 1 } },
};
enum { SHOWS = sizeof shows / sizeof *shows, POOL = SHOWS * PLACES };

struct seed {
	uint8_t *p;
	uint32_t n;
};

struct seeds {
	const struct proto *proto;
	struct seed of[SEEDS];
	unsigned n;
	uint64_t seen;
};

struct candidate {
	uint8_t bytes[SIZE];
	uint32_t n, wire;	/* bytes, and how many the packet had on the wire */
	unsigned show;
	uint64_t ns;
};

static const struct demux_row *target;
static struct demux *demux;
static struct catalog *catalog;
static struct json *json;
static struct dis *walks[SHOWS];
static struct conv_table *conv;
static struct table *table;
static struct query *query;
static struct query_scratch *scratch;
static struct buf out;
static size_t longest_text, longest_json;
static struct seeds *seeds;
static size_t n_seeds;
static uint64_t dice = 1;

static uint32_t
roll(uint32_t below)
{
	dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((dice >> 33) % below);
}

static void
enter_row(struct dis *d, const uint8_t *p, uint32_t len)
{
	bool v6 = *p >> 4 == 6;

	/* The addresses need not make sense. */
	d->net = (struct net) { .version = v6 ? 6 : 4, .hdr = p, .src = p + 8, .dst = p + 8, .proto = p[9], .ttl = p[8] };
	if (!v6)
		d->net.src = p + 12, d->net.dst = p + 16;
	d->sport = raw16(p + 20);
	d->dport = raw16(p + 22);
	next(d, target->kind, target->first, p + HEAD, len - HEAD);
}

static const struct proto proto_row = PROTO_NO_FIELDS("row", "row", "One row", enter_row);

/* The time it takes to show a packet once. */
static uint64_t
measure_once(const struct candidate *c)
{
	const struct show *s = &shows[c->show];
	struct dis *d = walks[c->show];
	struct packet p = { c->bytes, c->n, c->wire, 1700000000, 123456000,
		target->kind == D_LINK ? target->first : LINK_OURS, 0 };
	uint64_t start;

	out.len = 0;
	start = (uint64_t)clock_thread_ns();
	dis_packet(d, &p, 1);
	if (s->mode == JSON)
		json_packet(json, &out, d);
	else if (s->mode == TABLE && table)
		table_packet(table, &out, d);
	else if (s->mode == QUERY && query)
		query_match(query, scratch, d);
	start = (uint64_t)clock_thread_ns() - start;
	if (s->mode == TEXT && (size_t)(d->out - d->base) > longest_text)
		longest_text = (size_t)(d->out - d->base);
	if (s->mode == JSON && out.len > longest_json)
		longest_json = out.len;
	dis_clear(d);
	return start;
}

/* The least of several times, as long as the least is above what somebody has to be slower than. */
static void
measure(struct candidate *c, uint64_t above)
{
	c->ns = measure_once(c);
	for (unsigned i = 1; i < 3 && c->ns > above; i++) {
		uint64_t ns = measure_once(c);

		if (ns < c->ns)
			c->ns = ns;
	}
}

/* --- packets out of captures ---------------------------------------------------------------------------------- */

static struct seeds *
seeds_of(const struct proto *p)
{
	for (size_t i = 0; i < n_seeds; i++)
		if (seeds[i].proto == p)
			return &seeds[i];
	seeds = realloc(seeds, (n_seeds + 1) * sizeof *seeds);
	if (!seeds)
		abort();
	seeds[n_seeds] = (struct seeds) { .proto = p };
	return &seeds[n_seeds++];
}

/* Of all payloads, a few by chance. */
static void
add_seed(const struct proto *proto, const uint8_t *p, uint32_t n)
{
	struct seeds *s = seeds_of(proto);
	uint32_t at = s->n;

	if (n == 0 || n > SIZE)
		return;
	s->seen++;
	if (at == SEEDS) {
		at = roll((uint32_t)(s->seen < UINT32_MAX ? s->seen : UINT32_MAX));
		if (at >= SEEDS)
			return;
		free(s->of[at].p);
	} else {
		s->n++;
	}
	s->of[at] = (struct seed) { malloc(n), n };
	if (!s->of[at].p)
		abort();
	memcpy(s->of[at].p, p, n);
}

/* For each row a walk that takes down what it is given, and then does the protocol's own. */
#define RECORD_(line, kind, name) \
	extern const struct proto proto_##name; \
	static void \
	record_##kind##_##line(struct dis *d, const uint8_t *p, uint32_t len) \
	{ \
		add_seed(&proto_##name, p, left(d, p) < len ? left(d, p) : len); \
		proto_##name.walk(d, p, len); \
	}
#define RECORD(line, kind, name) RECORD_(line, kind, name)
#define DEMUX(kind, number, name) RECORD(__LINE__, kind, name)
#define DEMUX_RANGE(kind, first, last, name) RECORD(__LINE__, kind, name)
#include "proto/demux.def"
#undef DEMUX
#undef DEMUX_RANGE

#define RECORDER_(line, kind) record_##kind##_##line,
#define RECORDER(line, kind) RECORDER_(line, kind)
#define DEMUX(kind, number, name) RECORDER(__LINE__, kind)
#define DEMUX_RANGE(kind, first, last, name) RECORDER(__LINE__, kind)
static void (*const recorders[])(struct dis *, const uint8_t *, uint32_t) = {
#include "proto/demux.def"
};

/* A walk of packets out of captures; NULL without memory. */
static struct dis *
recorder_new(void)
{
	static const struct style style = { .n = 1, .v = 3 };
	struct demux_row *rows = malloc(protos_n_rows * sizeof *rows);
	struct proto *protos = malloc(protos_n_rows * sizeof *protos);
	struct demux *x;

	if (!rows || !protos)
		return NULL;
	for (size_t i = 0; i < protos_n_rows; i++) {
		protos[i] = *protos_rows[i].proto;
		protos[i].walk = recorders[i];
		rows[i] = protos_rows[i];
		rows[i].proto = &protos[i];
	}
	x = demux_new(rows, protos_n_rows);
	return x ? dis_new(&style, x, NULL, conv) : NULL;
}

static void
read_capture(struct dis *d, const char *path)
{
	struct err e = { 0 };
	struct source *s = source_open_file(path, &e);
	struct packet batch[64];
	size_t n;

	if (!s)
		return;		/* some captures are damaged on purpose */
	while (source_read(s, batch, 64, &n, &e) == SOURCE_PACKETS)
		for (size_t i = 0; i < n; i++) {
			dis_packet(d, &batch[i], 1);
			dis_clear(d);
		}
	source_close(s);
}

/* --- packets that are made to be slow --------------------------------------------------------------------------- */

static uint32_t
head_len(void)
{
	return target->kind == D_LINK ? 0 : HEAD;
}

/* What is in front, where the protocol is not a link type. */
static void
put_head(struct candidate *c)
{
	static const uint8_t v4[20] = { 0x45, 0, 0xff, 0xff, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2 };
	uint16_t port = (uint16_t)target->first;

	memcpy(c->bytes, v4, sizeof v4);
	if (roll(3) == 0)
		c->bytes[0] = 0x60;
	c->bytes[20] = roll(2) ? (uint8_t)(port >> 8) : 0xc0;
	c->bytes[21] = (uint8_t)port;
	c->bytes[22] = (uint8_t)(port >> 8);
	c->bytes[23] = (uint8_t)port;
}

static void
from_pattern(struct candidate *c, const struct pattern *p)
{
	uint32_t head = head_len();

	put_head(c);
	c->n = c->wire = SIZE;
	pattern_fill(c->bytes + head, SIZE - head, p);
}

/* A payload, and behind it its last bytes again and again. */
static void
from_seed(struct candidate *c, const struct seed *s, uint32_t tail)
{
	uint32_t head = head_len(), n = s->n < SIZE - head ? s->n : SIZE - head;

	put_head(c);
	c->n = c->wire = SIZE;
	if (tail == 0 || tail > n)
		tail = n;
	memcpy(c->bytes + head, s->p, n);
	for (uint32_t i = head + n; i < SIZE; i++)
		c->bytes[i] = c->bytes[i - tail];
}

static uint8_t
some_byte(void)
{
	static const uint8_t bytes[] = { 0, 1, 2, 3, 4, 5, 6, 8, 12, 16, 20, 32, 47, 0x30, 0x80, 0x7f, 0xc0, 0xfe, 0xff };

	return roll(3) ? bytes[roll(sizeof bytes)] : (uint8_t)roll(256);
}

/* Changes one thing. */
static void
change(struct candidate *c, const struct seeds *s)
{
	uint32_t head = head_len(), near = roll(4) ? 128 : 4096, at = head + roll(near), n, from;

	switch (roll(9)) {
	case 0:
		c->bytes[at] = some_byte();
		break;
	case 1:
		c->bytes[at] ^= (uint8_t)(1u << roll(8));
		break;
	case 2:		/* a length, a count, an offset */
		n = roll(2) ? 0xffff : roll(2) ? roll(64) : 0xffff - roll(256);
		c->bytes[at] = (uint8_t)(n >> 8);
		c->bytes[at + 1] = (uint8_t)n;
		break;
	case 3:		/* the same over and over */
		n = 1 + roll(roll(2) ? 16 : 256);
		for (from = at; from + n < SIZE; from++)
			c->bytes[from + n] = c->bytes[from];
		break;
	case 4:		/* a part elsewhere again */
		n = 1 + roll(64);
		memmove(c->bytes + at, c->bytes + head + roll(4096), n);
		break;
	case 5:
		if (s && s->n) {
			const struct seed *x = &s->of[roll(s->n)];

			n = x->n < SIZE - at ? x->n : SIZE - at;
			memcpy(c->bytes + at, x->p, n);
		}
		break;
	case 6:		/* something put in or left out */
		n = 1 + roll(8);
		if (roll(2)) {
			memmove(c->bytes + at + n, c->bytes + at, SIZE - at - n);
			for (uint32_t i = 0; i < n; i++)
				c->bytes[at + i] = some_byte();
		} else {
			memmove(c->bytes + at, c->bytes + at + n, SIZE - at - n);
		}
		break;
	case 7:		/* one byte to the end */
		memset(c->bytes + at, some_byte(), SIZE - at);
		break;
	default:	/* each of a row of equal things a little different */
		n = 1 + roll(64);
		for (from = at; from < SIZE; from += n)
			c->bytes[from]++, n += c->bytes[from] == 0;
		break;
	}
	if (roll(8) == 0)
		c->show = roll(SHOWS);
	if (roll(16) == 0)
		c->wire = roll(2) ? c->n : PACKET_MAX;
	if (head && roll(16) == 0)
		put_head(c);
}

/* The quickest of those in the pool that are shown like it: what it has to be slower than. */
static struct candidate *
rival(struct candidate *pool, const struct candidate *c)
{
	struct candidate *least = pool + c->show * PLACES;

	for (unsigned i = 1; i < PLACES; i++)
		if (pool[c->show * PLACES + i].ns < least->ns)
			least = &pool[c->show * PLACES + i];
	return least;
}

static void
compete(struct candidate *pool, struct candidate *c)
{
	struct candidate *least = rival(pool, c);

	measure(c, least->ns);
	if (c->ns > least->ns)
		*least = *c;
}

/* All fields of the protocol in columns, and a question about those that are long. */
static void
open_questions(const struct proto *p)
{
	struct buf list = { 0 }, ask = { 0 };
	struct err e = { 0 };
	struct query_place where;

	table_free(table);
	query_free(query);
	table = NULL;
	query = NULL;
	for (unsigned i = 0; i < p->n_fields && i < FIELDS_ASKED; i++) {
		buf_str(&list, list.len ? "," : "");
		buf_str(&list, p->fields[i].name);
		if (p->fields[i].type != STR && p->fields[i].type != BYTES)
			continue;
		buf_str(&ask, ask.len ? " or " : "");
		buf_str(&ask, p->fields[i].name);
		buf_str(&ask, " matches \"xy[0-9]+z\" or ");
		buf_str(&ask, p->fields[i].name);
		buf_str(&ask, " contains \"xyzzy\"");
	}
	buf_char(&list, 0);
	buf_char(&ask, 0);
	if (list.len > 1)
		table = table_new(list.data, catalog, &e);
	if (ask.len > 1)
		query = query_new(ask.data, catalog, &where, &e);
	buf_free(&list);
	buf_free(&ask);
}

/* The slowest packet of a row; NULL without memory. */
static const struct candidate *
slowest_of_row(double seconds)
{
	static struct candidate pool[POOL], c;
	static const uint32_t tails[] = { 0, 1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 64 };
	const struct seeds *s = seeds_of(target->proto);
	uint64_t end = (uint64_t)clock_thread_ns() + (uint64_t)(seconds * 1e9);

	memset(pool, 0, sizeof pool);
	open_questions(target->proto);
	for (size_t i = 0; i < PATTERNS; i++)
		for (c.show = 0; c.show < SHOWS; c.show++) {
			from_pattern(&c, &patterns[i]);
			compete(pool, &c);
		}
	for (unsigned i = 0; i < s->n; i++)
		for (unsigned k = 0; k < sizeof tails / sizeof *tails; k++) {
			c.show = roll(SHOWS);
			from_seed(&c, &s->of[i], tails[k]);
			compete(pool, &c);
		}
	while ((uint64_t)clock_thread_ns() < end) {
		if (s->n && roll(16) == 0) {
			from_seed(&c, &s->of[roll(s->n)], roll(64));
			c.show = roll(SHOWS);
		} else {
			c = pool[roll(POOL)];
			if (c.n == 0)
				continue;
		}
		for (unsigned i = 1 + roll(4); i; i--)
			change(&c, s);
		compete(pool, &c);
	}
	const struct candidate *most = pool;
	for (unsigned i = 1; i < POOL; i++)
		if (pool[i].ns > most->ns)
			most = &pool[i];
	return most;
}

static uint64_t
again(const struct candidate *c)
{
	uint64_t least = c->ns;

	for (unsigned i = 0; i < TRIES; i++) {
		uint64_t ns = measure_once(c);

		if (ns < least)
			least = ns;
	}
	return least;
}

static void
save(const char *folder, const struct candidate *c)
{
	uint32_t head[10] = { 0xa1b2c3d4, 2 | 4 << 16, 0, 0, PACKET_MAX,
		target->kind == D_LINK ? target->first : 1, 1700000000, 0, c->n, c->wire };
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s-%d-%u.pcap", folder, target->proto->name, (int)target->kind, target->first);
	if ((f = fopen(path, "wb")) == NULL) {
		perror(path);
		return;
	}
	fwrite(head, sizeof head, 1, f);
	fwrite(c->bytes, 1, c->n, f);
	fclose(f);
}

static void
open_walks(void)
{
	struct demux_row *rows = malloc((protos_n_rows + 1) * sizeof *rows);

	if (!rows)
		abort();
	memcpy(rows, protos_rows, protos_n_rows * sizeof *rows);
	rows[protos_n_rows] = (struct demux_row) { D_LINK, LINK_OURS, LINK_OURS, &proto_row };
	demux = demux_new(rows, protos_n_rows + 1);
	catalog = demux ? catalog_new(demux) : NULL;
	json = catalog ? json_new(catalog) : NULL;
	scratch = query_scratch_new();
	conv = conv_new();
	if (!json || !scratch || !conv)
		abort();
	for (unsigned i = 0; i < SHOWS; i++) {
		walks[i] = dis_new(&shows[i].style, demux, NULL, conv);
		if (!walks[i] || (shows[i].mode != TEXT && !dis_collect_fields(walks[i], NULL)))
			abort();
	}
}

/* Is the program one whose times mean something? */
static bool
is_quick_build(void)
{
#ifdef __OPTIMIZE__
	return !is_examined();
#else
	return false;
#endif
}

int
main(int argc, char **argv)
{
	const char *folder = NULL, *only = NULL;
	unsigned slow = 0, walked = 0;
	double seconds = 0.05;
	uint64_t most = 0;
	bool list = false;
	static struct dis *recorder;	/* kept, as the others are */

	open_walks();
	if ((recorder = recorder_new()) == NULL)
		return 1;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--search") == 0 && i + 1 < argc)
			seconds = atof(argv[++i]);
		else if (strcmp(argv[i], "--protocol") == 0 && i + 1 < argc)
			only = argv[++i];
		else if (strcmp(argv[i], "--save") == 0 && i + 1 < argc)
			folder = argv[++i];
		else if (strcmp(argv[i], "--list") == 0)
			list = true;
		else
			read_capture(recorder, argv[i]);
	}
	for (size_t i = 0; i < protos_n_rows; i++) {
		const struct candidate *c;
		uint64_t ns;

		target = &protos_rows[i];
		if (target->kind == D_LISTED || (only && strcmp(only, target->proto->name) != 0))
			continue;
		c = slowest_of_row(seconds);
		ns = again(c);
		walked++;
		if (ns > most)
			most = ns;
		if (list)
			printf("%8.3f ms  %s (kind %d, %u) seeds %u %s\n", (double)ns / 1e6, target->proto->name, (int)target->kind,
			    target->first, seeds_of(target->proto)->n, shows[c->show].what);
		fflush(stdout);
		if (folder)
			save(folder, c);
		if (ns > LIMIT_NS && is_quick_build()) {
			slow++;
			printf("FAIL %s (kind %d, %u) takes %.1f ms with %s\n", target->proto->name, (int)target->kind,
			    target->first, (double)ns / 1e6, shows[c->show].what);
		}
	}
	printf("the slowest packet took %.2f ms; the longest text is %zu bytes, the longest JSON %zu\n", (double)most / 1e6,
	    longest_text, longest_json);
	if (longest_text > DIS_TEXT_BASE + (DIS_TEXT_A_BYTE + 5) * SIZE + 100 || longest_json > JSON_MAX) {
		printf("FAIL that is too long\n");
		slow++;
	}
	printf("%u passed, %u failed\n", walked - slow, slow);
	return slow || walked == 0;
}
