/* Bluetooth HCI transport (UART) behind a header that tells its direction; the packet itself is dumped. */
#include "dissect/dissect.h"

enum { HEADER = 4 };

static const struct name types[] = {
	{ 1, "HCI Command" }, { 2, "ACL Data" }, { 3, "SCO Data" }, { 4, "HCI Event" }, { 5, "ISO Data" }, { 0, NULL }
};

enum { DIRECTION, TYPE };
static const struct field F[] = {
	[DIRECTION] = { "hci_h4.direction", U32, .mask = 1, .help = "0: sent, 1: received" },
	[TYPE] = { "hci_h4.type", U8, .names = types, .help = "Kind of packet" },
};

extern const struct proto proto_hci_h4;

static void
hci_h4(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_hci_h4);
	text(d, "bluetooth");
	need(d, p, HEADER);
	link_header(d, HEADER);
	put_field(d, &F[DIRECTION], p, HEADER);
	if (d->e) {
		text(d, ", hci length "), text_u(d, len - HEADER);
		text(d, ", direction "), text(d, p[3] & 1 ? "in" : "out");
	}
	p += HEADER;
	put_field(d, &F[TYPE], p, 1);
	text_default(d, p, left(d, p));
}

const struct proto proto_hci_h4 = PROTO("hci_h4", "bluetooth", "Bluetooth HCI H4 with direction", hci_h4, F);
