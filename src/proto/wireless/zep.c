/* ZigBee Encapsulation Protocol: captured IEEE 802.15.4 frames in UDP, versions 1 and 2. */
#include "dissect/dissect.h"

enum { V1 = 16, V2 = 32, V2_ACK = 8, ACK = 2 };
enum { UNIX_EPOCH = 2208988800u };	/* in seconds since 1900 */

enum { VERSION, TYPE, CHANNEL, DEVICE, MODE, LQI, TIME, SEQ, LENGTH };
static const struct field F[] = {
	[VERSION] = { "zep.version", U8, .help = "Version" },
	[TYPE] = { "zep.type", U8, .help = "1: data, 2: acknowledgement" },
	[CHANNEL] = { "zep.channel_id", U8, .help = "Channel" },
	[DEVICE] = { "zep.device_id", U16, .help = "Device that captured" },
	[MODE] = { "zep.lqi_mode", U8, .help = "0: the frame ends with link quality, 1: with its check sequence" },
	[LQI] = { "zep.lqi", U8, .help = "Link quality" },
	[TIME] = { "zep.time", TIME_NS, .help = "Capture time" },
	[SEQ] = { "zep.seqno", U32, .help = "Sequence number" },
	[LENGTH] = { "zep.length", U8, .help = "Length of the frame" },
};

extern const struct proto proto_zep;

/*
 * An NTP time stamp, in seconds since 1900 and local time. The fraction goes through single precision, which shows in
 * its last digits.
 */
static void
text_stamp(struct dis *d, const uint8_t *p)
{
	uint32_t sec = be32(d, p), frac = be32(d, p + 4), ns;
	float part = (float)frac;

	part = (float)(part / 4294967296.0);
	ns = (uint32_t)(part * 1e9);
	if (sec)
		put_value(d, &F[TIME], (uint64_t)(uint32_t)(sec - UNIX_EPOCH) * 1000000000 + ((uint64_t)frac * 1000000000 >> 32));
	text_fmt(d, "%u.%09u", sec, ns);
	if (sec == 0)
		return;
	text(d, " ("), text_time(d, "%Y/%m/%d %H:%M:%S", (uint32_t)(sec - UNIX_EPOCH), false), text(d, ")");
}

static void
text_quality(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[MODE], p, 1);
	if (u8(d, p)) {
		text(d, "CRC, ");
		return;
	}
	put_field(d, &F[LQI], p + 1, 1);
	text_be(d, "LQI ", p + 1, 1), text(d, ", ");
}

static void
text_radio(struct dis *d, const uint8_t *channel, const uint8_t *device)
{
	put_field(d, &F[CHANNEL], channel, 1);
	put_field(d, &F[DEVICE], device, 2);
	need(d, channel, (uint32_t)(device + 2 - channel));
	text_fmt(d, "Channel ID %u, Device ID 0x%04x, ", *channel, raw16(device));
}

/* Is the datagram shorter than the header it has? Says so. */
static bool
too_short(struct dis *d, uint32_t len, uint32_t header)
{
	if (len >= header)
		return false;
	text_bad(d, "len", len, "<", header);
	return true;
}

/* The header: how long it is, 0 if too short, and how long the frame behind it, *inner. */
static uint32_t
walk_header(struct dis *d, const uint8_t *p, uint32_t len, unsigned *inner)
{
	if (p[2] == 1) {
		if (too_short(d, len, V1))
			return 0;
		text_radio(d, p + 3, p + 4);
		text_quality(d, p + 6);
		*inner = u8(d, p + 15);
		put_field(d, &F[LENGTH], p + 15, 1);
		text(d, "inner len = "), text_u(d, *inner);
		return V1;
	}
	put_field(d, &F[TYPE], p + 3, 1);
	if (u8(d, p + 3) == ACK) {
		if (too_short(d, len, V2_ACK))
			return 0;
		put_field(d, &F[SEQ], p + 4, 4);
		text_be(d, "ACK, seq# = ", p + 4, 4);
		*inner = 0;
		return V2_ACK;
	}
	if (too_short(d, len, V2))
		return 0;
	need(d, p + 4, 3);
	text(d, "Type "), text_u(d, p[3]), text(d, ", ");
	text_radio(d, p + 4, p + 5);
	text_quality(d, p + 7);
	text_stamp(d, p + 9);
	put_field(d, &F[SEQ], p + 17, 4);
	put_field(d, &F[LENGTH], p + 31, 1);
	need(d, p + 17, 15);
	*inner = p[31];
	text(d, ", seq# = "), text_u(d, raw32(p + 17));
	text(d, ", inner len = "), text_u(d, *inner);
	return V2;
}

static void
zep(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned inner;
	uint32_t n;

	enter(d, &proto_zep);
	text(d, "ZEP");
	if (u8(d, p) != 'E' || u8(d, p + 1) != 'X') {
		text(d, " [Preamble Code: "), text_ascii(d, p[0]);
		text_ascii(d, u8(d, p + 1)), text(d, "]");
		text_invalid(d);
		return;
	}
	text_be(d, "v", p + 2, 1), text(d, " ");
	put_field(d, &F[VERSION], p + 2, 1);
	n = walk_header(d, p, len, &inner);
	if (n == 0)
		return;
	p += n;
	len -= n;
	if (inner) {
		text(d, "\n\t");
		d->inner_link = 0;
		next(d, D_INTERNAL, IN_WPAN, p, inner);
		if (d->inner_link) {
			need(d, p, len);
			return;
		}
	}
	text_default(d, p, len);
}

const struct proto proto_zep = PROTO("zep", "zep", "ZigBee Encapsulation Protocol", zep, F);
