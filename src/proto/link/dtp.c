/* Cisco Dynamic Trunking Protocol. */
#include "dissect/dissect.h"

enum { DOMAIN = 1, STATUS, TYPE, NEIGHBOR };
static const struct name tlvs[] = {
	{ DOMAIN, "Domain" }, { STATUS, "Status" }, { TYPE, "DTP type" }, { NEIGHBOR, "Neighbor" }, { 0, NULL }
};

enum { F_VERSION, F_TLV, F_DOMAIN, F_SENDER };
static const struct field F[] = {
	[F_VERSION] = { "dtp.version", U8, .help = "Version" },
	[F_TLV] = { "dtp.tlv_type", U16, .names = tlvs, .help = "TLV" },
	[F_DOMAIN] = { "dtp.domain", STR, .help = "VTP domain" },
	[F_SENDER] = { "dtp.senderid", MAC, .help = "Sender" },
};

extern const struct proto proto_dtp;

/* A TLV's value; false when its length does not suit it. */
static bool
text_tlv(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	unsigned v;

	switch (type) {
	case DOMAIN:
		put_field(d, &F[F_DOMAIN], p + 4, n - 4);
		text(d, ", ");
		text_str_pad(d, p + 4, n - 4);
		return true;
	case STATUS:
	case TYPE:
		if (n != 5)
			return false;
		v = u8(d, p + 4);
		text(d, ", 0x"), text_x(d, v, 0);
		return true;
	case NEIGHBOR:
		if (n != 10)
			return false;
		put_field(d, &F[F_SENDER], p + 4, 6);
		need(d, p + 4, 6);
		text(d, ", "), text_mac(d, p + 4);
		return true;
	default:
		need(d, p, n);
		return true;
	}
}

static void
dtp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, n, version;

	enter(d, &proto_dtp);
	if (len < 1) {
		text(d, "[zero packet length]");
		text_invalid(d);
		return;
	}
	version = u8(d, p);
	put_field(d, &F[F_VERSION], p, 1);
	text(d, "DTPv"), text_u(d, version);
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	p++;
	for (len--; len; p += n, len -= n) {
		if (len < 4) {
			text_char(d, '['), text_u(d, len), text(d, " bytes remaining]");
			break;
		}
		type = be16(d, p);
		n = be16(d, p + 2);
		/* Zeros behind the last one. */
		if (type == 0)
			return;
		put_field(d, &F[F_TLV], p, 2);
		text(d, "\n\t");
		text_name(d, tlvs, type, "Unknown");
		text(d, " (0x"), text_x(d, type, 4);
		text(d, ") TLV, length "), text_u(d, n);
		if (n < 4 || n > len) {
			text(d, "[invalid TLV length "), text_u(d, n), text_char(d, ']');
			break;
		}
		if (!text_tlv(d, type, p, n))
			break;
	}
	if (len) {
		text_invalid(d);
		need(d, p, len);
	}
}

const struct proto proto_dtp = PROTO("dtp", "dtp", "Dynamic Trunk Protocol", dtp, F);
