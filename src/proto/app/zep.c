/* ZigBee Encapsulation Protocol: IEEE 802.15.4 frames in UDP. */
#include "dissect/dissect.h"

enum { HEADER1 = 16, HEADER2 = 32, ACK_SIZE = 8, ACK = 2, DLT_802_15_4 = 195 };

enum { VERSION, TYPE, CHANNEL, DEVICE, SEQ, LENGTH };
static const struct field F[] = {
	[VERSION] = { "zep.version", U8, .help = "Version" },
	[TYPE] = { "zep.type", U8, .help = "Type" },
	[CHANNEL] = { "zep.channel_id", U8, .help = "Channel" },
	[DEVICE] = { "zep.device_id", U16, .help = "Device" },
	[SEQ] = { "zep.seqno", U32, .help = "Sequence number" },
	[LENGTH] = { "zep.length", U8, .help = "Length of the frame inside" },
};

extern const struct proto proto_zep;

/* Channel, device and how good the reception was; the quality bytes stand behind the device. */
static void
text_radio(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[CHANNEL], p, 1);
	put_field(d, &F[DEVICE], p + 1, 2);
	need(d, p, 3);
	text_fmt(d, "Channel ID %u, Device ID 0x%04x, ", p[0], raw16(p + 1));
	if (u8(d, p + 3))
		text(d, "CRC, ");
	else
		text_fmt(d, "LQI %u, ", u8(d, p + 4));
}

/* NTP's time stamp, in single precision and as local time. */
static void
text_stamp(struct dis *d, const uint8_t *p)
{
	uint32_t seconds = be32(d, p);
	float fraction = (float)be32(d, p + 4) / 4294967296.0f;

	text_fmt(d, "%u.%09d", seconds, (int)(uint32_t)(fraction * 1e9));
	if (seconds == 0)
		return;
	text(d, " (");
	text_time(d, "%Y/%m/%d %H:%M:%S", seconds - 2208988800U, false);
	text_char(d, ')');
}

static void
zep(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t inner = 0, header;

	enter(d, &proto_zep);
	text(d, "ZEP");
	if (u8(d, p) != 'E' || u8(d, p + 1) != 'X') {
		text(d, " [Preamble Code: ");
		text_str(d, p, 2);
		text_char(d, ']');
		text_invalid(d);
		return;
	}
	put_field(d, &F[VERSION], p + 2, 1);
	text_fmt(d, "v%u ", u8(d, p + 2));
	if (p[2] == 1)
		header = HEADER1;
	else
		header = u8(d, p + 3) == ACK ? ACK_SIZE : HEADER2;
	if (len < header) {
		text_fmt(d, " [length %u < %u]", len, header);
		text_invalid(d);
		return;
	}
	switch (header) {
	case HEADER1:
		text_radio(d, p + 3);
		inner = u8(d, p + 15);
		put_field(d, &F[LENGTH], p + 15, 1);
		text_fmt(d, "inner len = %u", inner);
		break;
	case ACK_SIZE:
		put_field(d, &F[TYPE], p + 3, 1);
		put_field(d, &F[SEQ], p + 4, 4);
		text_fmt(d, "ACK, seq# = %u", be32(d, p + 4));
		break;
	default:
		put_field(d, &F[TYPE], p + 3, 1);
		put_field(d, &F[SEQ], p + 17, 4);
		put_field(d, &F[LENGTH], p + 31, 1);
		need(d, p, 7);
		text_fmt(d, "Type %u, ", p[3]);
		text_radio(d, p + 4);
		text_stamp(d, p + 9);
		inner = u8(d, p + 31);
		text_fmt(d, ", seq# = %u, inner len = %u", be32(d, p + 17), inner);
		break;
	}
	p += header;
	len -= header;
	if (inner) {
		text(d, "\n\t");
		if (next(d, D_LINK, DLT_802_15_4, p, inner)) {
			need(d, p, len);
			p += len;
			len = 0;
		}
	}
	text_default(d, p, len);
}

const struct proto proto_zep = PROTO("zep", "zep", "ZigBee Encapsulation Protocol", zep, F);
