/* Token ring, IEEE 802.5, with source routing. */
#include "dissect/dissect.h"

enum { AC = 0, FC = 1, DST_AT = 2, SRC_AT = 8, HEADER = 14, ROUTED = 0x80, LLC = 1 };

static const struct name frame_types[] = { { 0, "MAC" }, { LLC, "LLC" }, { 2, "Reserved" }, { 3, "Unknown" }, { 0, NULL } };
static const char *const broadcasts[4] = { "Non-Broadcast", "Non-Broadcast", "All-routes", "Single-route" };
static const char *const largest[8] = { "516", "1500", "2052", "4472", "8144", "11407", "17800", "??" };

enum { F_AC, F_PRIORITY, F_FC, F_TYPE, F_DST, F_SRC, F_ROUTED, F_RIF, F_RING, F_BRIDGE };
static const struct field F[] = {
	[F_AC] = { "tr.ac", U8, .help = "Access control" },
	[F_PRIORITY] = { "tr.priority", U8, 0xe0, .help = "Priority" },
	[F_FC] = { "tr.fc", U8, .help = "Frame control" },
	[F_TYPE] = { "tr.frame_type", U8, 0xc0, .names = frame_types, .help = "Type of frame" },
	[F_DST] = { "tr.dst", MAC, .help = "Destination" },
	[F_SRC] = { "tr.src", MAC, .help = "Source" },
	[F_ROUTED] = { "tr.sr", BOOL, ROUTED, .help = "Routed by its source" },
	[F_RIF] = { "tr.rif_bytes", U8, 0x1f, .help = "Bytes of routing information" },
	[F_RING] = { "tr.rif.ring", U16, 0xfff0, .help = "Ring on the way" },
	[F_BRIDGE] = { "tr.rif.bridge", U8, 0x0f, .help = "Bridge on the way" },
};

extern const struct proto proto_token_ring;

static void
say_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (!d->q)
		text_fmt(d, "%02x %02x ", p[AC], p[FC]);
	text_mac_plain(d, d->mac_src), text(d, " > ");
	text_mac_plain(d, d->mac_dst), text(d, ", length ");
	text_u(d, len), text(d, ": ");
}

/* Rings and bridges, n of them: behind two bytes of control. */
static void
say_route(struct dis *d, const uint8_t *p, unsigned n)
{
	const unsigned ctl = raw16(p);

	if (d->v) {
		text(d, broadcasts[ctl >> 14]), text_char(d, ' ');
		text(d, ctl & 0x80 ? "Backward" : "Forward");
	} else {
		text_fmt(d, "rt = %x", ctl);
	}
	for (p += 2; n; n--, p += 2) {
		put_field(d, &F[F_RING], p, 2);
		put_field(d, &F[F_BRIDGE], p + 1, 1);
		if (d->v)
			text_fmt(d, " [%u:%u]", be16(d, p) >> 4, p[1] & 15);
		else
			text_fmt(d, ":%x", be16(d, p));
	}
	text_fmt(d, " (%s) ", largest[ctl >> 4 & 7]);
}

static void
token_ring(struct dis *d, const uint8_t *frame, uint32_t len)
{
	uint32_t header = HEADER;
	uint8_t *src = dis_alloc(d, 6);
	const uint8_t *p;

	enter(d, &proto_token_ring);
	link_header(d, HEADER);
	if (!have(d, frame, HEADER) || src == NULL) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[F_AC], frame + AC, 1);
	put_field(d, &F[F_PRIORITY], frame + AC, 1);
	put_field(d, &F[F_FC], frame + FC, 1);
	put_field(d, &F[F_TYPE], frame + FC, 1);
	put_field(d, &F[F_DST], frame + DST_AT, 6);
	put_field(d, &F[F_SRC], frame + SRC_AT, 6);
	put_field(d, &F[F_ROUTED], frame + SRC_AT, 1);
	/* The bit that says so is not part of the address. */
	memcpy(src, frame + SRC_AT, 6);
	src[0] &= (uint8_t)~ROUTED;
	d->mac_src = src;
	d->mac_dst = frame + DST_AT;
	if (d->e)
		say_header(d, frame, len);
	if (frame[SRC_AT] & ROUTED) {
		unsigned route;

		if (!have(d, frame, HEADER + 2)) {
			text_trunc(d);
			return;
		}
		put_field(d, &F[F_RIF], frame + HEADER, 1);
		route = frame[HEADER] & 0x1f;
		header += route;
		link_header(d, header);
		if (!have(d, frame, header)) {
			text_trunc(d);
			return;
		}
		say_route(d, frame + HEADER, route < 2 ? 0 : (route - 2) / 2);
	}
	p = frame + header;
	d->inner_link = 0;
	if (frame[FC] >> 6 == LLC) {
		d->refused = false;
		if (!next(d, D_INTERNAL, IN_LLC, p, len - header) || d->refused)
			text_default(d, p, left(d, p));
	} else {
		if (!d->e)
			say_header(d, frame, len);
		text_default(d, p, left(d, p));
	}
	link_header(d, header + d->inner_link);
}

const struct proto proto_token_ring = PROTO("tr", "token-ring", "Token Ring", token_ring, F);
