#include "dissect/frame.h"

enum { NUMBER, EPOCH, LEN, CAP_LEN, IFACE, PROTOCOLS, SHORT, DELTA, DELTA_SHOWN, RELATIVE, COMMUNITY };
static const struct field F[] = {
	[NUMBER] = { "frame.number", U64, .help = "Number of the packet in its capture, from 1" },
	[EPOCH] = { "frame.time_epoch", TIME_NS, .help = "Capture time, seconds since 1970-01-01 UTC" },
	[LEN] = { "frame.len", U32, .help = "Bytes on the wire" },
	[CAP_LEN] = { "frame.cap_len", U32, .help = "Bytes captured" },
	[IFACE] = { "frame.interface_id", U32, .help = "Interface of the capture, from 0" },
	[PROTOCOLS] = { "frame.protocols", STR, .help = "Its layers, outermost first" },
	[SHORT] = { "_ws.short", BOOL, .help = "The dissection ended where bytes were missing" },
	[DELTA] = { "frame.time_delta", DURATION, .help = "Since the packet before", .needs = NEEDS_BEFORE },
	[DELTA_SHOWN] = { "frame.time_delta_displayed", DURATION, .help = "Since the last packet that -Y passed",
		.needs = NEEDS_BEFORE },
	[RELATIVE] = { "frame.time_relative", DURATION, .help = "Since the first packet", .needs = NEEDS_BEFORE },
	[COMMUNITY] = { "communityid", STR, .help = "Community ID of the conversation, version 1", .needs = NEEDS_IDS },
};

static void
none(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)d, (void)p, (void)len;
}

const struct proto proto_frame = PROTO("frame", "", "Frame", none, F);

void
frame_begin(struct dis *d, const struct packet *p, uint64_t number)
{
	int64_t ns;

	d->sink->begins = p->data;
	d->sink->begins_len = p->caplen;
	fields_layer(d, &proto_frame);
	if (!d->noting)
		return;
	put_value(d, &F[NUMBER], number);
	/* Times beyond 2262 do not fit 64 bits of nanoseconds: the last one stands for them. */
	if (__builtin_mul_overflow(p->sec, 1000000000, &ns) || __builtin_add_overflow(ns, p->nsec, &ns))
		ns = INT64_MAX;
	put_value(d, &F[EPOCH], (uint64_t)ns);
	put_value(d, &F[LEN], p->len);
	put_value(d, &F[CAP_LEN], p->caplen);
	put_value(d, &F[IFACE], p->iface);
}

/* What the layers behind the frame are called, as they are now, as much as there is room for; the length. */
static size_t
name_layers(const struct fields *s, char names[LAYER_NAMES_LONG])
{
	size_t n = 0;

	for (uint32_t i = 1; i < s->n_layers; i++) {
		const char *name = s->layers[i].proto->name;
		size_t len = strlen(name);

		if (n + len + 1 > LAYER_NAMES_LONG)
			break;
		if (n)
			names[n++] = ':';
		memcpy(names + n, name, len);
		n += len;
	}
	return n;
}

/* The same, remembered from a packet before, or for the next ones. It takes no memory of the packet's, so that it never fails. */
static const char *
names_of(struct fields *s, size_t *len)
{
	const uint32_t n = s->n_layers - 1;
	struct layer_names *x;
	uint64_t h = 0;
	uint32_t same = 0;

	if (n == 0 || n > LAYER_NAMES_DEEP) {
		*len = name_layers(s, s->long_names);
		return s->long_names;
	}
	for (uint32_t i = 1; i <= n; i++)
		h = h * 31 + (uintptr_t)s->layers[i].proto;
	x = &s->names[h * UINT64_C(0x9e3779b97f4a7c15) >> 60];
	while (x->n == n && same < n && x->layers[same] == s->layers[same + 1].proto)
		same++;
	if (same < n) {
		*len = name_layers(s, s->long_names);
		if (*len > LAYER_NAMES_ROOM)
			return s->long_names;
		for (uint32_t i = 0; i < n; i++)
			x->layers[i] = s->layers[i + 1].proto;
		memcpy(x->text, s->long_names, *len);
		x->n = n;
		x->len = (uint32_t)*len;
	}
	*len = x->len;
	return x->text;
}

void
frame_end(struct dis *d, bool whole)
{
	d->sink->now = 0;
	if (field_set_has(&d->sink->wanted, &F[PROTOCOLS])) {
		size_t len;
		const char *names = names_of(d->sink, &len);

		fields_string_lent(d, &F[PROTOCOLS], names, len);
	}
	if (!whole)
		put_value(d, &F[SHORT], 1);
}

void
frame_end_again(struct dis *d, bool whole)
{
	struct fields *s = d->sink;
	uint32_t i = s->n;
	size_t len;

	s->now = 0;
	if (!whole)
		put_value(d, &F[SHORT], 1);
	while (i > 0 && s->noted[i - 1].field != &F[PROTOCOLS])
		i--;
	if (i == 0)
		return;
	s->noted[i - 1].p = (const uint8_t *)names_of(s, &len);
	s->noted[i - 1].len = (uint32_t)len;
}
