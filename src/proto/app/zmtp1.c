/* ZeroMQ Message Transport Protocol 1.0, https://rfc.zeromq.org/spec/13/. */
#include "dissect/dissect.h"

enum { SHOWN = 128, LONG = 0xff };	/* bytes of a body with one -v; the length byte that announces eight more */

static const struct name flags[] = {
	{ 0x80, "MBZ-7" }, { 0x40, "MBZ-6" }, { 0x20, "MBZ-5" }, { 0x10, "MBZ-4" }, { 0x08, "MBZ-3" },
	{ 0x04, "MBZ-2" }, { 0x02, "MBZ-1" }, { 0x01, "MORE" }, { 0, NULL }
};

enum { LENGTH, FLAGS, MORE, BODY };
static const struct field F[] = {
	[LENGTH] = { "zmtp.length", U64, .help = "Length of flags and body" },
	[FLAGS] = { "zmtp.flags", U8, .help = "Flags" },
	[MORE] = { "zmtp.flags.more", BOOL, .mask = 0x01, .help = "More frames follow" },
	[BODY] = { "zmtp.data", BYTES, .help = "Body of the frame" },
};

extern const struct proto proto_zmtp1;

/* One frame before end. What follows it, or NULL when it is not all there. */
static const uint8_t *
frame(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	uint64_t size, captured, shown;

	text(d, "\n\t");
	size = u8(d, p);
	if (size != LONG) {
		text(d, " frame flags+body  (8-bit) length ");
		p++;
	} else {
		text(d, " frame flags+body (64-bit) length");
		size = be64(d, p + 1);
		text_char(d, ' ');
		p += 9;
	}
	text_u(d, size);
	put_value(d, &F[LENGTH], size);
	/* Not even flags: invalid, "discarded silently". */
	if (size == 0)
		return p;
	need(d, p, 1);
	put_field(d, &F[FLAGS], p, 1);
	put_field(d, &F[MORE], p, 1);
	captured = (uint64_t)(end - p);
	shown = size < captured ? size : captured;
	if (shown > 1)
		put_field(d, &F[BODY], p + 1, (uint32_t)shown - 1);
	if (size > captured)
		text(d, " ("), text_u(d, captured), text(d, " captured)");
	text_fmt(d, ", flags 0x%02x", *p);
	if (d->v) {
		text(d, " (");
		text_bits(d, flags, *p, ", ", "none");
		text_char(d, ')');
		if (d->v == 1 && shown > SHOWN + 1)
			shown = SHOWN + 1;
		if (shown > 1) {
			text(d, ", first "), text_u(d, shown - 1), text(d, " byte(s) of body:");
			text_dump_hex_ascii(d, "\n\t ", p + 1, (uint32_t)shown - 1, 0);
		}
	}
	if (size > left(d, p)) {
		text_trunc(d);
		return NULL;
	}
	return p + size;
}

static void
zmtp1(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + (left(d, p) < len ? left(d, p) : len);

	enter(d, &proto_zmtp1);
	text(d, ": ZMTP/1.0");
	while (p && p < end)
		p = frame(d, p, end);
}

const struct proto proto_zmtp1 = PROTO("zmtp", "zmtp1", "ZeroMQ Message Transport Protocol", zmtp1, F);

/*
 * ZeroMQ over a datagram: the offset of the first frame that begins in it, the rest of an earlier one up to there, and
 * frames. The offset 0xffff is for datagrams in which none begins.
 */
static void
zmtp1_datagram(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *end = p + (left(d, p) < len ? left(d, p) : len);
	uint32_t offset, shown;

	enter(d, &proto_zmtp1);
	offset = be16(d, p);
	text_fmt(d, "\n\t frame offset 0x%04x", offset);
	p += 2;
	if (offset == 0xffff) {
		offset = len - 2;
	} else if (len < 2 + offset) {
		text(d, " (exceeds datagram declared length)");
		dis_leave(d);
	}
	if (offset) {
		shown = left(d, p);
		text_fmt(d, "\n\t frame intermediate part, %u bytes", offset);
		if (shown < offset)
			text_fmt(d, " (%u captured)", shown);
		else
			shown = offset;
		if (d->v == 1 && shown > SHOWN)
			shown = SHOWN;
		if (d->v && shown > 1) {
			text_fmt(d, ", first %u byte(s):", shown);
			text_dump_hex_ascii(d, "\n\t ", p, shown, 0);
		}
		if (left(d, p) < offset)
			return;
		p += offset;
	}
	while (p && p < end)
		p = frame(d, p, end);
}

const struct proto proto_zmtp1_datagram =
	PROTO("zmtp", "zmtp1", "ZeroMQ Message Transport Protocol over datagrams", zmtp1_datagram, F);
