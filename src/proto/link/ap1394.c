/* Apple's IP over IEEE 1394 (FireWire). */
#include "dissect/dissect.h"

enum { HEADER = 18, EUI = 8 };

enum { DST, SRC, TYPE };
static const struct field F[] = {
	[DST] = { "ap1394.dst", BYTES, .help = "Destination" },
	[SRC] = { "ap1394.src", BYTES, .help = "Source" },
	[TYPE] = { "ap1394.type", U16, .names = ethertype_names, .help = "EtherType" },
};

extern const struct proto proto_ap1394;

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type = raw16(p + 2 * EUI);

	text_linkaddr(d, p + EUI, EUI);
	text(d, " > ");
	text_linkaddr(d, p, EUI);
	if (d->q) {
		text(d, ", ");
		text_name(d, ethertype_names, type, "Unknown Ethertype (0x%04x)");
	} else {
		text(d, ", ethertype ");
		text_name(d, ethertype_names, type, "Unknown");
		text(d, " (0x"), text_x(d, type, 4), text_char(d, ')');
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static void
ap1394(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_ap1394);
	need(d, p, HEADER);
	link_header(d, HEADER);
	put_field(d, &F[DST], p, EUI);
	put_field(d, &F[SRC], p + EUI, EUI);
	put_field(d, &F[TYPE], p + 2 * EUI, 2);
	if (d->e)
		text_header(d, p, len);
	if (next(d, D_ETHERTYPE, raw16(p + 2 * EUI), p + HEADER, len - HEADER))
		return;
	if (!d->e)
		text_header(d, p, len);
	text_default(d, p + HEADER, left(d, p + HEADER));
}

const struct proto proto_ap1394 = PROTO("ap1394", "ap1394", "Apple IP over IEEE 1394", ap1394, F);
