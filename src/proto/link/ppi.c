/* Per-Packet Information: a header for a captured frame of any link type, with notes about its radio. */
#include <pcap/pcap.h>

#include "dissect/dissect.h"

enum { HEADER = 8, HEADER_MAX = 65532 };

enum { VERSION, FLAGS, LEN, DLT };
static const struct field F[] = {
	[VERSION] = { "ppi.version", U8, .help = "Version" },
	[FLAGS] = { "ppi.flags", U8, .help = "Flags" },
	[LEN] = { "ppi.length", LE16, .help = "Length of the header" },
	[DLT] = { "ppi.dlt", LE32, .help = "Link type of the frame" },
};

extern const struct proto proto_ppi;

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t dlt = le32(d, p + 4);
	const char *s = pcap_datalink_val_to_name((int)dlt);

	if (s == NULL)
		s = "UNKNOWN";
	if (d->q) {
		text(d, s);
	} else {
		text(d, "V."), text_u(d, p[0]);
		text(d, " DLT "), text(d, s);
		text(d, " ("), text_u(d, dlt);
		text(d, ") len "), text_u(d, le16(d, p + 2));
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static void
ppi(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *frame;
	uint32_t n;

	enter(d, &proto_ppi);
	link_header(d, left(d, p));
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[FLAGS], p + 1, 1);
	put_field(d, &F[LEN], p + 2, 2);
	put_field(d, &F[DLT], p + 4, 4);
	n = le16(d, p + 2);
	if (n < HEADER || n > HEADER_MAX) {
		text(d, " [length "), text_u(d, n), text(d, " < 8 or > 65532]");
		text_invalid(d);
		return;
	}
	if (!have(d, p, n)) {
		text_trunc(d);
		return;
	}
	if (d->e)
		text_header(d, p, len);
	frame = p + n;
	len = len > n ? len - n : 0;
	d->inner_link = 0;
	if (!next(d, D_LINK, le32(d, p + 4), frame, len)) {
		d->inner_link = 0;
		if (!d->e)
			text_header(d, p, len + n);
		text_default(d, frame, left(d, frame));
	}
	/* tcpdump counts the header of the frame twice. */
	link_header(d, n + 2 * d->inner_link);
}

const struct proto proto_ppi = PROTO("ppi", "ppi", "Per-Packet Information", ppi, F);
