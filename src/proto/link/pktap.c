/* Apple's packet tap: a captured frame of any link type, with the interface and the process it belongs to. */
#include <pcap/pcap.h>

#include "dissect/dissect.h"

enum { HEADER = 108, NOTHING = 0, PACKET = 1 };

/* Where things are in the header; numbers are little-endian. */
enum { TYPE = 4, LINK = 8, IFNAME = 12, IFNAME_SIZE = 24, PID = 52, COMMAND = 56, COMMAND_SIZE = 20 };

enum { F_LEN, F_TYPE, F_DLT, F_IFNAME, F_PID, F_COMMAND };
static const struct field F[] = {
	[F_LEN] = { "pktap.hdrlen", LE32, .help = "Length of the header" },
	[F_TYPE] = { "pktap.rectype", LE32, .help = "Record type" },
	[F_DLT] = { "pktap.dlt", LE32, .help = "Link type of the frame" },
	[F_IFNAME] = { "pktap.ifname", STR, .help = "Interface" },
	[F_PID] = { "pktap.pid", LE32, .help = "Process" },
	[F_COMMAND] = { "pktap.cmdname", STR, .help = "Name of the process" },
};

extern const struct proto proto_pktap;

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_LEN], p, 4);
	put_field(d, &F[F_TYPE], p + TYPE, 4);
	put_field(d, &F[F_DLT], p + LINK, 4);
	put_field(d, &F[F_IFNAME], p + IFNAME, IFNAME_SIZE);
	put_field(d, &F[F_PID], p + PID, 4);
	put_field(d, &F[F_COMMAND], p + COMMAND, COMMAND_SIZE);
}

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t dlt = le32(d, p + LINK);
	const char *s = pcap_datalink_val_to_name((int)dlt);

	if (s == NULL)
		s = "UNKNOWN";
	if (d->q) {
		text(d, s);
	} else {
		text(d, "DLT "), text(d, s);
		text(d, " ("), text_u(d, dlt);
		text(d, ") len "), text_u(d, le32(d, p));
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

/* A length that makes no sense. */
static void
refuse(struct dis *d, const char *what, uint32_t is, const char *op, uint32_t than)
{
	text(d, " ("), text(d, what);
	text_u(d, is), text(d, op), text_u(d, than);
	text_char(d, ')');
	text_invalid(d);
}

static void
pktap(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *frame;
	uint32_t n;

	enter(d, &proto_pktap);
	if (len < HEADER) {
		refuse(d, "packet too short, ", len, " < ", HEADER);
		return;
	}
	n = le32(d, p);
	if (n < HEADER) {
		refuse(d, "pkt_len too small, ", n, " < ", HEADER);
		return;
	}
	if (n > len) {
		refuse(d, "pkt_len too big, ", n, " > ", len);
		return;
	}
	need(d, p, n);
	if (d->sink)
		put_header(d, p);
	if (d->e)
		text_header(d, p, len);
	frame = p + n;
	len -= n;
	d->inner_link = 0;
	switch (le32(d, p + TYPE)) {
	case NOTHING:
		text(d, "no data");
		break;
	case PACKET:
		if (next(d, D_LINK, le32(d, p + LINK), frame, len))
			break;
		if (!d->e)
			text_header(d, p, len + n);
		text_default(d, frame, left(d, frame));
		break;
	}
	/* tcpdump counts the header of the frame twice. */
	link_header(d, n + 2 * d->inner_link);
}

const struct proto proto_pktap = PROTO("pktap", "pktap", "Apple Packet Tap", pktap, F);
