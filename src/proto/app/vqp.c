/* Cisco's VLAN Query Protocol. */
#include "dissect/dissect.h"

enum { HEADER = 8, ITEM = 6 };
enum { IP = 0x0c01, PORT_NAME, VLAN_NAME, VTP_DOMAIN, ETHERNET, MAC_NULL, MAC_ADDRESS = 0x0c08 };

static const struct name messages[] = {
	{ 1, "Request, Join Port" }, { 2, "Response, VLAN" }, { 3, "Request, Reconfirm" }, { 4, "Response, Reconfirm" },
	{ 0, NULL }
};
static const struct name errors[] = {
	{ 0, "No error" }, { 3, "Access denied" }, { 4, "Shutdown port" }, { 5, "Wrong VTP domain" }, { 0, NULL }
};
static const struct name items[] = {
	{ IP, "Client IP Address" }, { PORT_NAME, "Port Name" }, { VLAN_NAME, "VLAN Name" }, { VTP_DOMAIN, "VTP Domain" },
	{ ETHERNET, "Ethernet Packet" }, { MAC_NULL, "MAC Null" }, { MAC_ADDRESS, "MAC Address" }, { 0, NULL }
};

enum { VERSION, TYPE, ERROR, COUNT, SEQ, ITEM_TYPE, ITEM_LENGTH, F_IP, F_PORT, F_VLAN, F_DOMAIN, F_MAC };
static const struct field F[] = {
	[VERSION] = { "vmps.version", U8, .help = "Version" },
	[TYPE] = { "vmps.opcode", U8, .names = messages, .help = "Message" },
	[ERROR] = { "vmps.response", U8, .names = errors, .help = "Error code" },
	[COUNT] = { "vmps.nitems", U8, .help = "Number of items" },
	[SEQ] = { "vmps.seq_num", U32, .help = "Sequence number" },
	[ITEM_TYPE] = { "vmps.data_type", U32, .names = items, .help = "Type of an item" },
	[ITEM_LENGTH] = { "vmps.data_length", U16, .help = "Length of an item" },
	[F_IP] = { "vmps.client_ip", IP4, .help = "Client" },
	[F_PORT] = { "vmps.port_name", STR, .help = "Port" },
	[F_VLAN] = { "vmps.vlan_name", STR, .help = "VLAN" },
	[F_DOMAIN] = { "vmps.vtp_domain", STR, .help = "VTP domain" },
	[F_MAC] = { "vmps.cookie", MAC, .help = "Client's address" },
};

extern const struct proto proto_vqp;

static void
text_kinds(struct dis *d, const uint8_t *p)
{
	text_name(d, messages, p[1], "unknown (%u)");
	text(d, " Message, error-code ");
	text_name(d, errors, p[2], "unknown");
	text_fmt(d, " (%u)", p[2]);
}

/* An item's value, n bytes that are captured. False: its length is wrong. */
static bool
value(struct dis *d, uint32_t type, const uint8_t *p, unsigned n)
{
	switch (type) {
	case IP:
		if (n != 4)
			return false;
		put_field(d, &F[F_IP], p, 4);
		text_ip4(d, p);
		text_fmt(d, " (0x%08x)", raw32(p));
		break;
	case PORT_NAME:
	case VLAN_NAME:
	case VTP_DOMAIN:
		put_field(d, &F[type == PORT_NAME ? F_PORT : type == VLAN_NAME ? F_VLAN : F_DOMAIN], p, n);
		text_str_pad(d, p, n);
		break;
	case ETHERNET:
		text_str_pad(d, p, n);
		break;
	case MAC_NULL:
	case MAC_ADDRESS:
		if (n != 6)
			return false;
		put_field(d, &F[F_MAC], p, 6);
		text_mac(d, p);
		break;
	default:
		if (d->v <= 1)
			text_unknown(d, p, "\n\t    ", n);
		break;
	}
	return true;
}

static void
vqp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned n;

	enter(d, &proto_vqp);
	need(d, p, HEADER);
	if (len < HEADER) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[VERSION], p, 1);
	if (*p != 1) {
		text_fmt(d, "VQP version %u packet not supported", *p);
		return;
	}
	put_field(d, &F[TYPE], p + 1, 1);
	put_field(d, &F[ERROR], p + 2, 1);
	put_field(d, &F[COUNT], p + 3, 1);
	put_field(d, &F[SEQ], p + 4, 4);
	if (!d->v) {
		text(d, "VQPv1 ");
		text_kinds(d, p);
		text(d, ", length "), text_u(d, len);
		return;
	}
	n = p[3];
	text(d, "\n\tVQPv1, ");
	text_kinds(d, p);
	text_fmt(d, ", seq 0x%08x, items %u, length %u", raw32(p + 4), n, len);
	for (p += HEADER, len -= HEADER; n && len; n--) {
		uint32_t type;
		unsigned size;

		need(d, p, ITEM);
		if (len < ITEM) {
			text_trunc(d);
			return;
		}
		type = raw32(p);
		size = raw16(p + 4);
		put_field(d, &F[ITEM_TYPE], p, 4);
		put_field(d, &F[ITEM_LENGTH], p + 4, 2);
		p += ITEM;
		len -= ITEM;
		text(d, "\n\t  ");
		text_name(d, items, type, "Unknown");
		text_fmt(d, " Object (0x%08x), length %u, value: ", type, size);
		if (type == 0 || size == 0)
			return;
		need(d, p, size);
		if (size > len) {
			text_trunc(d);
			return;
		}
		if (!value(d, type, p, size)) {
			text_invalid(d);
			return;
		}
		p += size;
		len -= size;
	}
}

const struct proto proto_vqp = PROTO("vmps", "vqp", "VLAN Membership Policy Server", vqp, F);
