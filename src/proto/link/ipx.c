/* Novell's IPX with its service advertising and routing protocols. */
#include "dissect/dissect.h"

enum { HEADER = 30, NCP = 0x451, SAP = 0x452, RIP = 0x453, NETBIOS = 0x455, DIAGNOSTICS = 0x456, NWLINK = 0x553, EIGRP = 0x85be };
enum { IPP_EIGRP = 88 };

enum { CHECKSUM, LENGTH, HOPS, TYPE, DST_NET, DST_NODE, DST_SOCKET, SRC_NET, SRC_NODE, SRC_SOCKET };
static const struct field F[] = {
	[CHECKSUM] = { "ipx.checksum", U16, .help = "Checksum" },
	[LENGTH] = { "ipx.len", U16, .help = "Length" },
	[HOPS] = { "ipx.hops", U8, .help = "Hops" },
	[TYPE] = { "ipx.packet_type", U8, .help = "Packet type" },
	[DST_NET] = { "ipx.dst.net", U32, .help = "Destination network" },
	[DST_NODE] = { "ipx.dst.node", MAC, .help = "Destination node" },
	[DST_SOCKET] = { "ipx.dst.socket", U16, .help = "Destination socket" },
	[SRC_NET] = { "ipx.src.net", U32, .help = "Source network" },
	[SRC_NODE] = { "ipx.src.node", MAC, .help = "Source node" },
	[SRC_SOCKET] = { "ipx.src.socket", U16, .help = "Source socket" },
};

extern const struct proto proto_ipx;

/* Network and node. */
static void
say_node(struct dis *d, const uint8_t *p)
{
	need(d, p, 10);
	text_x(d, raw32(p), 8), text_char(d, '.');
	text_mac_plain(d, p + 4);
}

/* Kinds of service, as sap(5) numbers them; the text has the number. */
static void
say_service(struct dis *d, const uint8_t *p)
{
	text_be_x(d, " ", p, 2, 4);
}

static void
say_sap(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { NAME_SIZE = 48, NODE = 10, REST = 4, ANSWERS = 8 };
	unsigned op = be16(d, p);

	if (len < 2) {
		text_bad(d, "length", len, "<", 2);
		return;
	}
	p += 2;
	len -= 2;
	if (op == 1 || op == 3) {
		text(d, op == 1 ? "ipx-sap-req" : "ipx-sap-nearest-req");
		say_service(d, p);
		return;
	}
	if (op != 2 && op != 4) {
		text(d, "ipx-sap-?"), text_x(d, op, 0);
		return;
	}
	text(d, op == 2 ? "ipx-sap-resp" : "ipx-sap-nearest-resp");
	for (unsigned i = 0; i < ANSWERS && len; i++) {
		need(d, p, 2);
		if (len < 2)
			break;
		say_service(d, p);
		text(d, " '");
		p += 2;
		len -= 2;
		if (len < NAME_SIZE) {
			text_char(d, '\'');
			text_invalid(d);
			return;
		}
		text_str_pad(d, p, NAME_SIZE);
		text_char(d, '\'');
		p += NAME_SIZE;
		len -= NAME_SIZE;
		need(d, p, NODE);
		if (len < NODE) {
			text_invalid(d);
			return;
		}
		text(d, " addr "), say_node(d, p);
		p += NODE;
		len -= NODE;
		need(d, p, REST);
		if (len < REST) {
			text_invalid(d);
			return;
		}
		p += REST;
		len -= REST;
	}
	if (len == 1)
		text_invalid(d);
}

static void
say_rip(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { ROUTE = 8, ROUTES = 50 };
	unsigned op = be16(d, p), most = 1;

	if (len < 2) {
		text_bad(d, "length", len, "<", 2);
		return;
	}
	p += 2;
	len -= 2;
	switch (op) {
	case 1:
		text(d, "ipx-rip-req");
		break;
	case 2:
		text(d, "ipx-rip-resp");
		most = ROUTES;
		break;
	default:
		text(d, "ipx-rip-?"), text_x(d, op, 0);
		return;
	}
	for (unsigned i = 0; i < most && len; i++, p += ROUTE, len -= ROUTE) {
		if (len < ROUTE) {
			text_invalid(d);
			return;
		}
		need(d, p, ROUTE);
		text_fmt(d, " %08x/%u.%u", raw32(p), raw16(p + 4), raw16(p + 6));
	}
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[CHECKSUM], p, 2);
	put_field(d, &F[LENGTH], p + 2, 2);
	put_field(d, &F[HOPS], p + 4, 1);
	put_field(d, &F[TYPE], p + 5, 1);
	put_field(d, &F[DST_NET], p + 6, 4);
	put_field(d, &F[DST_NODE], p + 10, 6);
	put_field(d, &F[DST_SOCKET], p + 16, 2);
	put_field(d, &F[SRC_NET], p + 18, 4);
	put_field(d, &F[SRC_NODE], p + 22, 6);
	put_field(d, &F[SRC_SOCKET], p + 28, 2);
}

static void
ipx(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned socket;

	enter(d, &proto_ipx);
	if (d->sink)
		put_header(d, p);
	if (!d->e)
		text(d, "IPX ");
	need(d, p + 18, 12);
	say_node(d, p + 18);
	text_be_x(d, ".", p + 28, 2, 4), text(d, " > ");
	say_node(d, p + 6);
	text_be_x(d, ".", p + 16, 2, 4), text(d, ": ");
	len = be16(d, p + 2);
	if (len < HEADER) {
		text_fmt(d, "[length %u < %u]", len, HEADER);
		text_invalid(d);
		return;
	}
	socket = raw16(p + 16);
	p += HEADER;
	len -= HEADER;
	switch (socket) {
	case NCP:
		text(d, "ipx-ncp "), text_u(d, len);
		break;
	case SAP:
		say_sap(d, p, len);
		break;
	case RIP:
		say_rip(d, p, len);
		break;
	case NETBIOS:
	case NWLINK:
		text(d, socket == NETBIOS ? "ipx-netbios " : "ipx-nwlink-dgm "), text_u(d, len);
		next(d, D_INTERNAL, IN_IPX_NETBIOS, p, len);
		break;
	case DIAGNOSTICS:
		text(d, "ipx-diags "), text_u(d, len);
		break;
	case EIGRP:
		next(d, D_IPPROTO, IPP_EIGRP, p, len);
		break;
	default:
		text_fmt(d, "ipx-#%x %u", socket, len);
		break;
	}
}

/* Behind an EtherType: Novell called that frame type so. */
static void
ipx_ether(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, "(NOV-ETHII) ");
	ipx(d, p, len);
}

const struct proto proto_ipx_ether = PROTO("ipx", "ipx", "Internetwork Packet eXchange", ipx_ether, F);
const struct proto proto_ipx = PROTO("ipx", "ipx", "Internetwork Packet eXchange", ipx, F);
