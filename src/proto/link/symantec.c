/* What Symantec's enterprise firewall captures: an EtherType among 44 bytes that nobody explains. */
#include "dissect/dissect.h"

enum { HEADER = 44, TYPE_AT = 6 };

enum { INTERFACE, TYPE };
static const struct field F[] = {
	[INTERFACE] = { "symantec.if", IP4, .help = "Interface" },
	[TYPE] = { "symantec.type", U16, .names = ethertype_names, .help = "EtherType" },
};

extern const struct proto proto_symantec;

static void
text_header(struct dis *d, unsigned type, uint32_t len)
{
	if (type <= ETH_LENGTH_MAX) {
		text(d, "invalid ethertype "), text_u(d, type);
	} else if (d->q) {
		text_name(d, ethertype_names, type, "Unknown Ethertype (0x%04x)");
	} else {
		text(d, "ethertype ");
		text_name(d, ethertype_names, type, "Unknown");
		text(d, " (0x"), text_x(d, type, 4), text_char(d, ')');
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static void
symantec(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type;

	enter(d, &proto_symantec);
	need(d, p, HEADER);
	link_header(d, HEADER);
	type = raw16(p + TYPE_AT);
	put_field(d, &F[INTERFACE], p, 4);
	put_field(d, &F[TYPE], p + TYPE_AT, 2);
	if (d->e)
		text_header(d, type, len);
	if (type > ETH_LENGTH_MAX && next(d, D_ETHERTYPE, type, p + HEADER, len - HEADER))
		return;
	if (!d->e)
		text_header(d, type, len);
	text_default(d, p + HEADER, left(d, p + HEADER));
}

const struct proto proto_symantec = PROTO("symantec", "symantec", "Symantec Firewall", symantec, F);
