/* Cisco Unidirectional Link Detection, RFC 5171. */
#include "dissect/dissect.h"

enum { DEVICE_ID = 1, PORT_ID, ECHO, MESSAGE_INTERVAL, TIMEOUT_INTERVAL, DEVICE_NAME, SEQUENCE };
static const struct name tlvs[] = {
	{ DEVICE_ID, "Device-ID TLV" }, { PORT_ID, "Port-ID TLV" }, { ECHO, "Echo TLV" },
	{ MESSAGE_INTERVAL, "Message Interval TLV" }, { TIMEOUT_INTERVAL, "Timeout Interval TLV" },
	{ DEVICE_NAME, "Device Name TLV" }, { SEQUENCE, "Sequence Number TLV" }, { 0, NULL }
};

static const struct name opcodes[] = {
	{ 0, "Reserved" }, { 1, "Probe message" }, { 2, "Echo message" }, { 3, "Flush message" }, { 0, NULL }
};

static const struct name flags[] = {
	{ 0x01, "RT" }, { 0x02, "RSY" }, { 0x04, "MBZ-2" }, { 0x08, "MBZ-3" }, { 0x10, "MBZ-4" }, { 0x20, "MBZ-5" },
	{ 0x40, "MBZ-6" }, { 0x80, "MBZ-7" }, { 0, NULL }
};

enum { F_VERSION, F_OPCODE, F_FLAGS, F_SUM, F_TLV, F_DEVICE, F_PORT };
static const struct field F[] = {
	[F_VERSION] = { "udld.version", U8, .mask = 0xe0, .help = "Version" },
	[F_OPCODE] = { "udld.opcode", U8, .mask = 0x1f, .names = opcodes, .help = "Opcode" },
	[F_FLAGS] = { "udld.flags", U8, .help = "Flags" },
	[F_SUM] = { "udld.checksum", U16, .help = "Checksum" },
	[F_TLV] = { "udld.tlv.type", U16, .names = tlvs, .help = "TLV" },
	[F_DEVICE] = { "udld.device_id", STR, .help = "Device" },
	[F_PORT] = { "udld.sent_through_interface", STR, .help = "Port it was sent through" },
};

extern const struct proto proto_udld;

/* A TLV's value; false when its length does not suit it. */
static bool
text_tlv(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	uint32_t v;

	switch (type) {
	case DEVICE_ID:
	case PORT_ID:
	case DEVICE_NAME:
		if (type != DEVICE_NAME)
			put_field(d, &F[type == DEVICE_ID ? F_DEVICE : F_PORT], p, n);
		text(d, ", ");
		text_str_pad(d, p, n);
		return true;
	case ECHO:
		text(d, ", ");
		text_str(d, p, n);
		return true;
	case MESSAGE_INTERVAL:
	case TIMEOUT_INTERVAL:
		if (n != 1)
			return false;
		v = u8(d, p);
		text(d, ", "), text_u(d, v), text_char(d, 's');
		return true;
	case SEQUENCE:
		if (n != 4)
			return false;
		v = be32(d, p);
		text(d, ", "), text_u(d, v);
		return true;
	default:
		need(d, p, n);
		return true;
	}
}

static void
text_tlvs(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, n;

	for (; len; p += n, len -= n) {
		if (len < 4)
			goto invalid;
		type = be16(d, p);
		n = be16(d, p + 2);
		put_field(d, &F[F_TLV], p, 2);
		p += 4;
		len -= 4;
		text(d, "\n\t");
		text_name(d, tlvs, type, "Unknown");
		text(d, " (0x"), text_x(d, type, 4);
		text(d, ") TLV, length "), text_u(d, n);
		if (n <= 4 || len < n - 4)
			goto invalid;
		n -= 4;
		if (!text_tlv(d, type, p, n))
			goto invalid;
	}
	return;
invalid:
	text_invalid(d);
	need(d, p, len);
}

static void
udld(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned head, bits, sum;

	enter(d, &proto_udld);
	if (len < 4) {
		text_invalid(d);
		need(d, p, len);
		return;
	}
	head = u8(d, p);
	bits = u8(d, p + 1);
	put_field(d, &F[F_VERSION], p, 1);
	put_field(d, &F[F_OPCODE], p, 1);
	put_field(d, &F[F_FLAGS], p + 1, 1);
	put_field(d, &F[F_SUM], p + 2, 2);
	text(d, "UDLDv"), text_u(d, head >> 5);
	text(d, ", Code ");
	text_name(d, opcodes, head & 0x1f, "Reserved");
	text(d, " ("), text_x(d, head & 0x1f, 0);
	text(d, "), Flags [");
	text_bits(d, flags, bits, ", ", "none");
	text(d, "] (0x"), text_x(d, bits, 2);
	text(d, "), length "), text_u(d, len);
	if (!d->v) {
		need(d, p, len);
		return;
	}
	sum = be16(d, p + 2);
	text(d, "\n\tChecksum 0x"), text_x(d, sum, 4), text(d, " (unverified)");
	text_tlvs(d, p + 4, len - 4);
}

const struct proto proto_udld = PROTO("udld", "udld", "UniDirectional Link Detection", udld, F);
