/* Generic Network Virtualization Encapsulation, RFC 8926. */
#include "dissect/dissect.h"

enum { HEADER = 8, OPT_HEADER = 4, CRITICAL = 0x80 };

static const struct name flags[] = {
	{ 0x80, "O" }, { 0x40, "C" }, { 0x20, "R1" }, { 0x10, "R2" }, { 0x08, "R3" }, { 0x04, "R4" },
	{ 0x02, "R5" }, { 0x01, "R6" }, { 0, NULL }
};

/* Option classes that were registered one by one; the ranges at both ends are in class_name. */
static const struct name classes[] = {
	{ 0x0100, "Linux" }, { 0x0101, "Open vSwitch" }, { 0x0102, "Open Virtual Networking (OVN)" },
	{ 0x0103, "In-band Network Telemetry (INT)" }, { 0x0104, "VMware" }, { 0, NULL }
};

enum { VERSION, OPTLEN, OAM, CRIT, TYPE, VNI, O_CLASS, O_TYPE, O_LEN, O_DATA };
static const struct field F[] = {
	[VERSION] = { "geneve.version", U8, .mask = 0xc0, .help = "Version" },
	[OPTLEN] = { "geneve.options_len", U8, .help = "Length of the options in bytes" },
	[OAM] = { "geneve.flags.oam", BOOL, .mask = 0x80, .help = "Operations, administration and management frame" },
	[CRIT] = { "geneve.flags.critical", BOOL, .mask = 0x40, .help = "Critical options present" },
	[TYPE] = { "geneve.proto_type", U16, .names = ethertype_names, .help = "Protocol type" },
	[VNI] = { "geneve.vni", U24, .help = "Virtual network identifier" },
	[O_CLASS] = { "geneve.option.class", U16, .names = classes, .help = "Option class" },
	[O_TYPE] = { "geneve.option.type", U8, .help = "Option type" },
	[O_LEN] = { "geneve.option.length", U8, .help = "Option length in bytes" },
	[O_DATA] = { "geneve.option.unknown.data", BYTES, .help = "Option data" },
};

extern const struct proto proto_geneve;

static const char *
class_name(unsigned class)
{
	const char *s = name_of(classes, class);

	if (s)
		return s;
	return class <= 0x00ff ? "Standard" : class >= 0xfff0 ? "Experimental" : "Unknown";
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 1);
	put_value(d, &F[OPTLEN], (p[0] & 0x3f) * 4u);
	put_field(d, &F[OAM], p + 1, 1);
	put_field(d, &F[CRIT], p + 1, 1);
	put_field(d, &F[TYPE], p + 2, 2);
	put_field(d, &F[VNI], p + 4, 3);
}

static void
put_options(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n;

	for (; len >= OPT_HEADER && have(d, p, OPT_HEADER); p += n, len -= n) {
		n = OPT_HEADER + (p[3] & 0x1f) * 4u;
		if (n > len)
			break;
		put_field(d, &F[O_CLASS], p, 2);
		put_field(d, &F[O_TYPE], p + 2, 1);
		put_value(d, &F[O_LEN], n);
		if (n > OPT_HEADER)
			put_field(d, &F[O_DATA], p + OPT_HEADER, n - OPT_HEADER);
	}
}

static void
text_options(struct dis *d, const uint8_t *p, uint32_t len)
{
	const char *sep = "";
	uint32_t n;

	for (; len; p += n, len -= n) {
		unsigned class, type;

		text(d, sep);
		sep = ", ";
		class = be16(d, p);
		type = u8(d, p + 2);
		n = OPT_HEADER + (u8(d, p + 3) & 0x1f) * 4u;
		text(d, "class "), text(d, class_name(class));
		text(d, " (0x"), text_x(d, class, 0);
		text(d, ") type 0x"), text_x(d, type, 0);
		if (type & CRITICAL)
			text(d, "(C)");
		text(d, " len "), text_u(d, n);
		if (n > len) {
			text(d, " [bad length]");
			return;
		}
		if (d->v > 1 && n > OPT_HEADER) {
			text(d, " data");
			for (uint32_t i = OPT_HEADER; i < n; i += 4)
				text_char(d, ' '), text_x(d, be32(d, p + i), 8);
		}
	}
}

static void
geneve(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, optlen;

	enter(d, &proto_geneve);
	text(d, "Geneve");
	if (len < HEADER) {
		text_fmt(d, " [length %u < %u]", len, HEADER);
		text_invalid(d);
		return;
	}
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (d->sink)
		put_header(d, p);
	if (p[0] >> 6) {
		text(d, " ERROR: unknown-version "), text_u(d, p[0] >> 6);
		return;
	}
	type = raw16(p + 2);
	text(d, ", Flags [");
	text_bits(d, flags, p[1], "", "none");
	text_be_x(d, "], vni 0x", p + 4, 3, 0);
	if (p[7])
		text(d, ", rsvd 0x"), text_x(d, p[7], 0);
	if (d->e) {
		text(d, ", proto ");
		text_name(d, ethertype_names, type, "unknown");
		text(d, " (0x"), text_x(d, type, 4), text_char(d, ')');
	}
	optlen = (p[0] & 0x3f) * 4u;
	p += HEADER;
	len -= HEADER;
	if (len < optlen) {
		text_fmt(d, " truncated-geneve - %u bytes missing", optlen - len);
		return;
	}
	if (d->sink)
		put_options(d, p, optlen);
	if (!have(d, p, optlen)) {
		text_trunc(d);
		return;
	}
	if (optlen) {
		text(d, ", options [");
		if (d->v)
			text_options(d, p, optlen);
		else
			text_u(d, optlen), text(d, " bytes");
		text_char(d, ']');
	}
	p += optlen;
	len -= optlen;
	text(d, d->v ? "\n\t" : ": ");
	if (next(d, D_ETHERTYPE, type, p, len))
		return;
	if (type == ETH_TEB)
		next(d, D_LINK, 1 /* Ethernet */, p, len);
	else
		text(d, "geneve-proto-0x"), text_x(d, type, 0);
}

const struct proto proto_geneve =
    PROTO("geneve", "geneve", "Generic Network Virtualization Encapsulation", geneve, F);
