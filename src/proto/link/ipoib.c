/* IP over InfiniBand, RFC 4391, behind the pseudo-header that captures put there: the addresses of both ends. */
#include "dissect/dissect.h"

enum { HEADER = 44, TYPE_AT = 40, DGID_AT = 24 };

enum { DGID, TYPE };
static const struct field F[] = {
	[DGID] = { "ipoib.dgid", IP6, .help = "Destination's global identifier" },
	[TYPE] = { "ipoib.type", U16, .names = ethertype_names, .help = "EtherType" },
};

extern const struct proto proto_ipoib;

static void
text_header(struct dis *d, unsigned type, uint32_t len)
{
	text(d, ", ethertype ");
	text_name(d, ethertype_names, type, "Unknown");
	if (!d->q)
		text(d, " (0x"), text_x(d, type, 4), text_char(d, ')');
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static void
ipoib(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type;

	enter(d, &proto_ipoib);
	link_header(d, HEADER);
	if (len < HEADER || !have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	type = raw16(p + TYPE_AT);
	put_field(d, &F[DGID], p + DGID_AT, 16);
	put_field(d, &F[TYPE], p + TYPE_AT, 2);
	if (d->e)
		text(d, "IPOIB"), text_header(d, type, len);
	if (next(d, D_ETHERTYPE, type, p + HEADER, len - HEADER))
		return;
	if (!d->e)
		text_header(d, type, len);
	text_default(d, p + HEADER, left(d, p + HEADER));
}

const struct proto proto_ipoib = PROTO("ipoib", "ipoib", "IP over InfiniBand", ipoib, F);
