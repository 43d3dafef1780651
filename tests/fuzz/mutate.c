#include "mutate.h"

#include <stdlib.h>
#include <string.h>

enum {
	LAYERS_KEPT = 256,	/* of packets seen before */
	LAYER_MAX = 2048,	/* bytes of each */
	ELEMENT_MAX = 512,	/* bytes of what is taken for an element of a list */
	EDITS_MAX = 4,		/* on top of each other */
	TRIES = 12,
};

/* A packet under the knife; what the walk found is of before the edits. */
struct edit {
	uint8_t *p;
	uint32_t len, max;
	uint32_t link;
	const struct fields *found;	/* NULL: changed since it was walked */
	const uint8_t *base;
	uint64_t dice;
};

struct kept {
	const char *name;
	uint32_t len;
	uint8_t bytes[LAYER_MAX];
};

static const struct mutate_target *target;
static struct demux *demux;
static struct dis *walker;
static struct kept kept[LAYERS_KEPT];
static uint32_t n_kept;

static uint32_t
roll(struct edit *x, uint32_t below)
{
	x->dice ^= x->dice << 13;
	x->dice ^= x->dice >> 7;
	x->dice ^= x->dice << 17;
	return below ? (uint32_t)(x->dice >> 20) % below : 0;
}

static bool
prepare(void)
{
	static const struct style style = { .v = 3, .n = 1, .e = 1, .K = 1 };

	if (walker)
		return true;
	target = mutate_target();
	demux = demux_new(target->rows, target->n_rows);
	walker = demux ? dis_new(&style, demux, NULL, NULL) : NULL;
	return walker && dis_collect_fields(walker, NULL);
}

/* Walks the packet in a block of its own size. */
static void
walk(struct edit *x)
{
	static uint8_t *block;
	struct packet k = { .caplen = x->len, .len = x->len, .link = x->link, .sec = 1 };

	free(block);
	block = malloc(x->len ? x->len : 1);
	if (!block)
		abort();
	memcpy(block, x->p, x->len);
	k.data = block;
	dis_packet(walker, &k, 1);
	dis_clear(walker);
	x->found = walker->sink;
	x->base = block;
}

/* --- what the walk found -------------------------------------------------------------------------------------------- */

/* Where in the packet a field's bytes are; false: it has none there. */
static bool
field_place(const struct edit *x, const struct noted *f, uint32_t *at)
{
	if (!f->field || f->is_value || f->is_text || f->len == 0 || f->p < x->base || f->p + f->len > x->base + x->len)
		return false;
	*at = (uint32_t)(f->p - x->base);
	return true;
}

static bool
layer_place(const struct edit *x, uint32_t i, uint32_t *at, uint32_t *end)
{
	const struct layer *l = &x->found->layers[i];

	if (l->p < x->base || l->p >= x->base + x->len)
		return false;
	*at = (uint32_t)(l->p - x->base);
	*end = l->size < x->len - *at ? *at + l->size : x->len;
	return true;
}

static bool
is_length(const struct field *f)
{
	static const char *const words[] = { "len", "count", "num", "size", "nb_", "offset", "opt" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(f->name, words[i]))
			return true;
	return false;
}

static uint32_t
get_number(const uint8_t *p, uint32_t n)
{
	uint32_t v = 0;

	for (uint32_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static void
put_number(uint8_t *p, uint32_t n, uint32_t v)
{
	for (; n; n--, v >>= 8)
		p[n - 1] = (uint8_t)v;
}

/* A field with bytes in the packet, a length rather than any. */
static const struct noted *
any_field(struct edit *x, uint32_t *at)
{
	const struct noted *some = NULL;
	bool picky = roll(x, 3) > 0;

	for (unsigned i = 0; i < TRIES && x->found->n; i++) {
		const struct noted *f = &x->found->noted[roll(x, x->found->n)];

		if (!field_place(x, f, at))
			continue;
		some = f;
		if (!picky || is_length(f->field))
			break;
	}
	return some && field_place(x, some, at) ? some : NULL;
}

/* A place where a field or layer begins, or any at all. */
static uint32_t
any_border(struct edit *x)
{
	uint32_t at, end;

	if (roll(x, 4) && any_field(x, &at))
		return at;
	if (x->found->n_layers && roll(x, 4) && layer_place(x, roll(x, x->found->n_layers), &at, &end))
		return roll(x, 4) ? at : end;
	return roll(x, x->len + 1);
}

/* Something like an element of a list at that place: how many bytes, 0 if there is none. */
static uint32_t
element_at(struct edit *x, uint32_t at)
{
	/* Bytes of type and of length, and what the length counts besides the value. */
	static const uint8_t forms[][3] = {
		{ 1, 1, 0 }, { 1, 1, 2 }, { 2, 2, 0 }, { 2, 2, 4 }, { 1, 2, 0 }, { 1, 2, 3 }, { 0, 2, 0 }, { 0, 1, 0 }, { 0, 2, 2 },
	};
	uint32_t first = roll(x, sizeof forms / sizeof *forms);

	for (uint32_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const uint8_t *f = forms[(first + i) % (sizeof forms / sizeof *forms)];
		uint32_t head = f[0] + (uint32_t)f[1], n;

		if (x->len - at < head)
			continue;
		n = get_number(x->p + at + f[0], f[1]);
		n = n >= f[2] ? n - f[2] + head : 0;
		if (n > head && n <= x->len - at && n <= ELEMENT_MAX)
			return n;
	}
	return 0;
}

/* Some stretch that may be an element: between the beginnings of two fields, or by its own length. */
static uint32_t
any_element(struct edit *x, uint32_t *at)
{
	for (unsigned i = 0; i < TRIES; i++) {
		uint32_t a = any_border(x), b;

		if (a >= x->len)
			continue;
		*at = a;
		if (roll(x, 2)) {
			b = element_at(x, a);
			if (b)
				return b;
			continue;
		}
		b = any_border(x);
		if (b > a && b - a <= ELEMENT_MAX)
			return b - a;
	}
	return 0;
}

/* --- edits -------------------------------------------------------------------------------------------------------- */

/*
 * Lengths in front of `at` that reach just to the end of their layer or of the packet, from behind themselves, from their
 * own beginning or from that of the layer, count `by` bytes more.
 */
static void
stretch(struct edit *x, uint32_t at, int32_t by)
{
	for (uint32_t i = 0; i < x->found->n; i++) {
		const struct noted *f = &x->found->noted[i];
		uint32_t a, begins, ends, v, unit = 1;

		if (!field_place(x, f, &a) || f->len > 4 || f->len == 3 || a + f->len > at ||
		    !layer_place(x, f->layer, &begins, &ends) || begins > a)
			continue;
		v = get_number(x->p + a, f->len);
		if (v < 2 || v > x->len)
			continue;
		if (by % 4 == 0 && begins + v * 4 == ends)
			unit = 4;
		else if (begins + v != ends && a + v != ends && a + f->len + v != ends && (!is_length(f->field) || a + f->len + v <= at))
			continue;
		put_number(x->p + a, f->len, v + (uint32_t)(by / (int32_t)unit));
	}
}

/* In place of `cut` bytes at `at` come n others. What the walk found is stale then. */
static bool
replace(struct edit *x, uint32_t at, uint32_t cut, const uint8_t *bytes, uint32_t n)
{
	static uint8_t copy[MUTATE_MAX];

	if (at > x->len || cut > x->len - at || n > MUTATE_MAX || x->len - cut + n > x->max)
		return false;
	if (n)
		memcpy(copy, bytes, n);	/* may be of the packet itself */
	if (x->found && roll(x, 8))
		stretch(x, at, (int32_t)(n - cut));
	memmove(x->p + at + n, x->p + at + cut, x->len - at - cut);
	if (n)
		memcpy(x->p + at, copy, n);
	x->len += n - cut;
	x->found = NULL;
	return true;
}

static bool
edit_number(struct edit *x)
{
	static const uint32_t values[] = { 0, 1, 2, 3, 4, 7, 8, 0x3f, 0x40, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
		0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };
	uint32_t at, v, rest;
	const struct noted *f = any_field(x, &at);

	if (!f || f->len > 4)
		return false;
	v = get_number(x->p + at, f->len);
	rest = x->len - at;
	switch (roll(x, 8)) {
	case 0: v++; break;
	case 1: v--; break;
	case 2: v = rest + roll(x, 9) - 4; break;
	case 3: v = rest - f->len; break;
	case 4: v ^= 1u << roll(x, 8 * f->len); break;
	case 5: v *= 2; break;
	case 6: v += roll(x, 33) - 16; break;
	default: v = values[roll(x, sizeof values / sizeof *values)]; break;
	}
	put_number(x->p + at, f->len, v);
	return true;
}

/* Fields that choose the next protocol, and which column of demux.def knows their numbers. */
static bool
edit_next(struct edit *x)
{
	static const struct {
		const char *name;
		enum demux_kind kind;
	} choices[] = {
		{ "eth.type", D_ETHERTYPE }, { "vlan.etype", D_ETHERTYPE }, { "sll.etype", D_ETHERTYPE }, { "gre.proto", D_ETHERTYPE },
		{ "ip.proto", D_IPPROTO }, { "ipv6.nxt", D_IPPROTO }, { "ipv6.nxt", D_IP6EXT }, { "ipv6.opts.nxt", D_IP6EXT },
		{ "udp.dstport", D_UDP }, { "udp.dstport", D_UDP_DST }, { "udp.srcport", D_UDP }, { "udp.srcport", D_UDP_SRC },
		{ "tcp.dstport", D_TCP }, { "tcp.srcport", D_TCP }, { "ppp.protocol", D_PPP }, { "icmpv6.type", D_ICMPV6 },
		{ "llc.dsap", D_LLC },
	};
	uint32_t first = roll(x, sizeof choices / sizeof *choices);

	for (uint32_t c = 0; c < sizeof choices / sizeof *choices; c++) {
		uint32_t i = (first + c) % (sizeof choices / sizeof *choices), from = x->found->n ? roll(x, x->found->n) : 0;

		for (uint32_t k = 0; k < x->found->n; k++) {
			const struct noted *f = &x->found->noted[(from + k) % x->found->n];
			uint32_t at, row = roll(x, (uint32_t)target->n_rows);

			if (!field_place(x, f, &at) || strcmp(f->field->name, choices[i].name) != 0)
				continue;
			for (uint32_t r = 0; r < target->n_rows; r++) {
				const struct demux_row *to = &target->rows[(row + r) % target->n_rows];

				if (to->kind != choices[i].kind)
					continue;
				put_number(x->p + at, f->len, to->first + roll(x, to->last - to->first + 1));
				if (to->kind == D_LLC && at + 1 < x->len)
					x->p[at + 1] = x->p[at];
				return true;
			}
		}
	}
	return false;
}

static bool
edit_repeat(struct edit *x)
{
	static uint8_t copies[MUTATE_MAX];
	uint32_t at, n = any_element(x, &at), times = roll(x, 3) ? 1 : 1 + roll(x, 40);

	if (!n || times * n > x->max - x->len)
		return false;
	for (uint32_t i = 0; i < times; i++)
		memcpy(copies + i * n, x->p + at, n);
	return replace(x, at, 0, copies, times * n);
}

static bool
edit_remove(struct edit *x)
{
	uint32_t at, n = any_element(x, &at);

	return n && replace(x, at, n, NULL, 0);
}

/* Copies an element to another place, from where nothing is taken away or another element is. */
static bool
edit_move(struct edit *x)
{
	uint32_t from, n = any_element(x, &from), to, m = any_element(x, &to);

	return n && m && replace(x, to, roll(x, 2) ? m : 0, x->p + from, n);
}

static bool
edit_invent(struct edit *x)
{
	uint8_t e[4 + 64];
	uint32_t n = roll(x, 4) ? roll(x, 9) : roll(x, 65), head = roll(x, 2) ? 2 : 4, at = any_border(x);

	for (uint32_t i = 0; i < head + n; i++)
		e[i] = (uint8_t)roll(x, roll(x, 2) ? 256 : 4);
	put_number(e, head / 2, roll(x, 4) ? roll(x, 32) : roll(x, 256));
	put_number(e + head / 2, head / 2, roll(x, 4) ? n : n + head);
	return replace(x, at, 0, e, head + n);
}

/* A layer's header, many times. */
static bool
edit_nest(struct edit *x)
{
	static uint8_t copies[MUTATE_MAX];
	uint32_t i, a, b, end, n, times = roll(x, 2) ? 1 : 1 + roll(x, 70);

	if (x->found->n_layers < 2)
		return false;
	i = roll(x, x->found->n_layers - 1);
	if (!layer_place(x, i, &a, &end) || !layer_place(x, i + 1 + roll(x, x->found->n_layers - i - 1), &b, &end) || b <= a)
		return false;
	n = b - a;
	if (times > (x->max - x->len) / n)
		times = (x->max - x->len) / n;
	for (uint32_t k = 0; k < times; k++)
		memcpy(copies + k * n, x->p + a, n);
	return times && replace(x, a, 0, copies, times * n);
}

/* Headers in front of some layer, and the number of the layer before it that leads there, if it has one. */
static bool
edit_wrap(struct edit *x)
{
	static const struct {
		const char *before;
		uint8_t n, bytes[60];
		uint16_t type;		/* what its carrier calls it, 0: as before */
	} wraps[] = {
		{ "ip", 4, { 0, 5, 8, 0 }, 0x8100 },
		{ "ip", 4, { 0, 5, 8, 0 }, 0x88a8 },
		{ "ipv6", 4, { 0, 5, 0x86, 0xdd }, 0x8100 },
		{ "ip", 4, { 0, 1, 1, 64 }, 0x8847 },
		{ "ip", 8, { 0x11, 0, 0, 1, 0, 0, 0, 0x21 }, 0x8864 },
		{ "ip", 20, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 4, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2 }, 0x0800 },
		{ "ipv6", 20, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 41, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2 }, 0x0800 },
		{ "ip", 24, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 47, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 8, 0 }, 0x0800 },
		{ "eth", 24, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 47, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 0, 0x65, 0x58 }, 0x0800 },
		{ "ip", 40, { 0x60, 0, 0, 0, 0, 0, 4, 64, 0x20, 1, [39] = 1 }, 0x86dd },
		{ "ipv6", 48, { 0x60, 0, 0, 0, 0, 0, 60, 64, 0x20, 1, [40] = 41, 0, 1, 4 }, 0x86dd },
		{ "ipv6", 48, { 0x60, 0, 0, 0, 0, 0, 44, 64, 0x20, 1, [40] = 41, 0, 0, 1 }, 0x86dd },
		{ "eth", 36, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x80, 0, 0x12, 0xb5, 0, 0, 0, 0,
		    8, 0, 0, 0, 0, 0, 5 }, 0x0800 },
		{ "eth", 36, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x80, 0, 0x17, 0xc1, 0, 0, 0, 0,
		    0, 0, 0x65, 0x58, 0, 0, 5 }, 0x0800 },
		{ "ip", 30, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 6, 0xa5, 6, 0xa5, 0, 0, 0, 0,
		    0, 0x21 }, 0x0800 },
		{ "ip", 28, { 0x45, 0, 0, 0, 0, 1, 0, 0, 64, 1, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 3, 3 }, 0x0800 },
	};
	uint32_t w = roll(x, sizeof wraps / sizeof *wraps), from = x->found->n_layers ? roll(x, x->found->n_layers) : 0;

	for (uint32_t i = 0; i < x->found->n_layers; i++) {
		uint32_t l = (from + i) % x->found->n_layers, at, end, type;

		if (!layer_place(x, l, &at, &end) || strcmp(x->found->layers[l].proto->name, wraps[w].before) != 0)
			continue;
		/* The two bytes in front are a type if they are this layer's now. */
		type = at >= 2 ? get_number(x->p + at - 2, 2) : 0;
		if (wraps[w].type && (type == 0x0800 || type == 0x86dd))
			put_number(x->p + at - 2, 2, wraps[w].type);
		if (wraps[w].before[0] == 'e')
			at = 0;
		return replace(x, at, 0, wraps[w].bytes, wraps[w].n);
	}
	return false;
}

/* From some layer on, a layer of a packet seen before; one of the same protocol rather than any. */
static bool
edit_splice(struct edit *x)
{
	uint32_t n = n_kept < LAYERS_KEPT ? n_kept : LAYERS_KEPT, at, end;

	for (unsigned i = 0; i < TRIES && n && x->found->n_layers; i++) {
		uint32_t l = roll(x, x->found->n_layers);
		const struct kept *k = &kept[roll(x, n)];

		if (!layer_place(x, l, &at, &end) || (i < TRIES - 2 && strcmp(k->name, x->found->layers[l].proto->name) != 0))
			continue;
		return replace(x, at, end > at ? end - at : 0, k->bytes, k->len);
	}
	return false;
}

static bool
edit_cut(struct edit *x)
{
	uint32_t to = any_border(x);

	to = roll(x, 4) ? to : to + 1;
	if (to == 0 || to >= x->len)
		return false;
	x->len = to;
	x->found = NULL;
	return true;
}

/* libFuzzer's own ways, but inside of one field or layer. */
static bool
edit_inside(struct edit *x)
{
	static uint8_t part[MUTATE_MAX];
	uint32_t at, end, n, m;
	const struct noted *f;

	if (roll(x, 2) && x->found->n_layers) {
		if (!layer_place(x, roll(x, x->found->n_layers), &at, &end) || end <= at)
			return false;
		n = end - at;
	} else if ((f = any_field(x, &at)) != NULL) {
		n = f->len;
	} else {
		return false;
	}
	memcpy(part, x->p + at, n);
	m = (uint32_t)LLVMFuzzerMutate(part, n, roll(x, 2) ? n : n + (x->max - x->len));
	return replace(x, at, n, part, m);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void
keep_layers(struct edit *x)
{
	for (uint32_t i = 0; i < x->found->n_layers; i++) {
		uint32_t at, end;
		struct kept *k;

		if (roll(x, 4) || !layer_place(x, i, &at, &end) || end <= at || end - at > LAYER_MAX)
			continue;
		k = &kept[n_kept < LAYERS_KEPT ? n_kept : roll(x, LAYERS_KEPT)];
		n_kept += n_kept < LAYERS_KEPT;
		k->name = x->found->layers[i].proto->name;
		k->len = end - at;
		memcpy(k->bytes, x->p + at, k->len);
	}
}

/* Lengths and checksums of the internet's own layers, each reaching to the packet's end. */
static void
mend(struct edit *x)
{
	for (uint32_t i = 0; i < x->found->n_layers; i++) {
		const struct layer *l = &x->found->layers[i];
		uint32_t at, end, n, head;
		uint8_t *p;

		if (!layer_place(x, i, &at, &end))
			continue;
		p = x->p + at;
		n = x->len - at;
		if (strcmp(l->proto->name, "ip") == 0 && n >= 20) {
			head = (p[0] & 15u) * 4;
			put_number(p + 2, 2, n);
			if (head < 20 || head > n)
				continue;
			put_number(p + 10, 2, 0);
			put_number(p + 10, 2, checksum(&(struct span) { p, head }, 1));
		} else if (strcmp(l->proto->name, "ipv6") == 0 && n >= 40) {
			put_number(p + 4, 2, n - 40);
		} else if ((strcmp(l->proto->name, "udp") == 0 && n >= 8) || (strcmp(l->proto->name, "tcp") == 0 && n >= 20)) {
			bool udp = l->proto->name[0] == 'u';
			uint8_t pseudo[4] = { 0, udp ? 17 : 6 }, *sum = p + (udp ? 6 : 16);
			const uint8_t *net = l->net;

			if (udp)
				put_number(p + 4, 2, n);
			if (!net || net < x->base || net > l->p)
				continue;
			put_number(pseudo + 2, 2, n);
			put_number(sum, 2, 0);
			/* The addresses lie in a row at the end of either fixed header. */
			net = x->p + (net - x->base) + (l->net_version == 6 ? 8 : 12);
			put_number(sum, 2, checksum((struct span[]) {
			    { net, l->net_version == 6 ? 32 : 8 }, { pseudo, 4 }, { p, n } }, 3));
		}
	}
}

static bool
edit_packet(struct edit *x)
{
	static bool (*const edits[])(struct edit *) = {
		edit_number, edit_number, edit_number, edit_inside, edit_inside, edit_next, edit_repeat, edit_remove, edit_move,
		edit_invent, edit_nest, edit_wrap, edit_splice, edit_splice, edit_cut,
	};
	unsigned changed = 0;

	walk(x);
	keep_layers(x);
	for (uint32_t n = 1 + roll(x, roll(x, 2) ? 1 : EDITS_MAX); n; n--) {
		if (!x->found)
			walk(x);
		changed += edits[roll(x, sizeof edits / sizeof *edits)](x);
	}
	if (changed && roll(x, 4)) {
		walk(x);
		mend(x);
	}
	x->found = NULL;
	return changed;
}

static uint64_t
seeded(unsigned seed)
{
	uint64_t s = (seed + 1) * 0x9e3779b97f4a7c15u;

	return s ^ s >> 29 ? s ^ s >> 29 : 1;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static uint8_t packet[MUTATE_MAX];
	struct edit x = { .p = packet, .dice = seeded(seed) };
	struct mutate_place at;
	size_t room;

	if (!prepare())
		abort();
	if (roll(&x, 3) == 0 || !target->find(data, size, roll(&x, UINT32_MAX), &at) || at.len == 0 || at.len > MUTATE_MAX)
		return LLVMFuzzerMutate(data, size, max);
	room = max - (size - at.len);
	x.max = room < MUTATE_MAX ? (uint32_t)room : MUTATE_MAX;
	if (at.len > x.max)
		return LLVMFuzzerMutate(data, size, max);
	memcpy(packet, data + at.at, at.len);
	x.len = (uint32_t)at.len;
	x.link = at.link;
	for (unsigned i = 0; !edit_packet(&x); i++)
		if (i == TRIES)
			return LLVMFuzzerMutate(data, size, max);
	memmove(data + at.at + x.len, data + at.at + at.len, size - at.at - at.len);
	memcpy(data + at.at, packet, x.len);
	size = size - at.len + x.len;
	if (target->resize)
		target->resize(data, size, &at, x.len);
	return size;
}

/* The packet of a, with something of b's in it. */
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out, size_t max,
    unsigned seed)
{
	static uint8_t packet[MUTATE_MAX];
	struct edit x = { .p = packet, .dice = seeded(seed) };
	struct mutate_place at;

	if (!prepare())
		abort();
	if (a_size > max)
		return 0;
	if (target->find(b, b_size, roll(&x, UINT32_MAX), &at) && at.len <= MUTATE_MAX) {
		memcpy(packet, b + at.at, at.len);
		x.len = (uint32_t)at.len;
		x.link = at.link;
		walk(&x);
		keep_layers(&x);
	}
	memcpy(out, a, a_size);
	return LLVMFuzzerCustomMutator(out, a_size, max, seed + 1);
}
