/* Exterior Gateway Protocol, RFC 827 and RFC 904. */
#include "dissect/dissect.h"

enum { HEADER = 16, VERSION = 2, UNSOLICITED = 0x80 };
enum { UPDATE = 1, POLL = 2, ACQUIRE = 3, REACH = 5, FAILED = 8 };
enum { REQUEST, CONFIRM, REFUSE, CEASE, CEASE_ACK };

static const struct name types[] = {
	{ UPDATE, "update" }, { POLL, "poll" }, { ACQUIRE, "acquire" }, { REACH, "reachability" }, { FAILED, "error" },
	{ 0, NULL }
};
static const struct name acquire_codes[] = {
	{ REQUEST, " request" }, { CONFIRM, " confirm" }, { REFUSE, " refuse" }, { CEASE, " cease" },
	{ CEASE_ACK, " cease_ack" }, { 0, NULL }
};
/* How somebody wants to be acquired ... */
static const struct name modes[] = {
	{ 0, " unspecified" }, { 1, " active_mode" }, { 2, " passive_mode" }, { 0, NULL }
};
/* ... and why not. */
static const struct name refusals[] = {
	{ 0, " unspecified" }, { 3, " insufficient_resources" }, { 4, " administratively_prohibited" }, { 5, " going_down" },
	{ 6, " parameter_violation" }, { 7, " protocol_violation" }, { 0, NULL }
};
static const struct name reach_codes[] = { { 0, " hello" }, { 1, " i-h-u" }, { 0, NULL } };
static const struct name states[] = { { 0, " state:indeterminate" }, { 1, " state:up" }, { 2, " state:down" }, { 0, NULL } };
static const struct name reasons[] = {
	{ 0, " unspecified" }, { 1, " bad_EGP_header_format" }, { 2, " bad_EGP_data_field_format" },
	{ 3, " reachability_info_unavailable" }, { 4, " excessive_polling_rate" }, { 5, " no_response" },
	{ 6, " unsupported_version" }, { 0, NULL }
};

enum { VERSION_F, TYPE, CODE, STATUS, AS, SEQUENCE, NET };
static const struct field F[] = {
	[VERSION_F] = { "egp.version", U8, .help = "Version" },
	[TYPE] = { "egp.type", U8, .names = types, .help = "Kind of message" },
	[CODE] = { "egp.code", U8, .help = "Code" },
	[STATUS] = { "egp.status", U8, .help = "Status" },
	[AS] = { "egp.as", U16, .help = "Autonomous system" },
	[SEQUENCE] = { "egp.sequence", U16, .help = "Sequence number" },
	[NET] = { "egp.source_net", IP4, .help = "Network that is shared" },
};

extern const struct proto proto_egp;

/* A number as tcpdump shows it on a little-endian machine, where it takes these for addresses in the packet's order. */
static void
text_reversed(struct dis *d, uint32_t v)
{
	const uint8_t a[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };

	text_ip4_own(d, a);
}

/* Bytes of the network part of an address, by its class in the first bits; 0: no class A, B or C. */
static unsigned
class_bytes(uint32_t addr)
{
	return addr >> 31 == 0 ? 1 : addr >> 30 == 2 ? 2 : addr >> 29 == 6 ? 3 : 0;
}

/* One network of a distance; false when the message ends inside it. */
static bool
network(struct dis *d, const uint8_t **pp, uint32_t *len)
{
	uint32_t addr, n;

	if (*len < 1)
		return false;
	addr = (uint32_t)u8(d, *pp) << 24;
	n = class_bytes(addr) == 1 ? 1 : class_bytes(addr) == 2 ? 2 : 3;
	if (*len < n)
		return false;
	addr = (uint32_t)be_n(d, *pp, n) << (32 - 8 * n);
	*pp += n;
	*len -= n;
	text_char(d, ' '), text_reversed(d, addr);
	return true;
}

/* Gateways, each with the networks it leads to by their distance: RFC 904 appendix A.5. */
static void
gateways(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t source = le32(d, p + 12);
	unsigned inside = u8(d, p + 10), all = inside + u8(d, p + 11), net_bytes = class_bytes(source);
	uint32_t net = net_bytes ? source & (uint32_t)(0xffffffffull << (32 - 8 * net_bytes)) : 0;

	p += HEADER;
	len -= HEADER;
	for (unsigned i = 0; i < all; i++) {
		uint32_t host = 0;
		unsigned distances;

		if (len < 4 - net_bytes || !have(d, p, 4 - net_bytes))
			goto cut;
		if (net_bytes) {
			host = (uint32_t)be_n(d, p, 4 - net_bytes);
			p += 4 - net_bytes;
		}
		len -= 4 - net_bytes;
		if (len < 1)
			goto cut;
		distances = u8(d, p++);
		len--;
		text(d, i < inside ? " int " : " ext "), text_reversed(d, host | net), text(d, " (");
		for (unsigned k = 0; k < distances; k++) {
			unsigned networks;

			if (len < 2)
				goto cut;
			text_be(d, k ? ", d" : "d", p, 1), text_char(d, ':');
			networks = u8(d, p + 1);
			p += 2;
			len -= 2;
			while (networks--)
				if (!network(d, &p, &len))
					goto cut;
		}
		text_char(d, ')');
	}
	return;
cut:
	text_trunc(d);
}

static void
acquire(struct dis *d, const uint8_t *p, unsigned code, unsigned status)
{
	text(d, " acquire");
	if (code > CEASE_ACK) {
		text(d, "[code "), text_u(d, code), text_char(d, ']');
		return;
	}
	text_name(d, acquire_codes, code, "");
	if (code > CONFIRM) {
		text_name(d, refusals, status, "[status %u]");
		return;
	}
	text_name(d, modes, status, " [status %u]");
	text(d, " hello:"), text_u(d, raw16(p + 10));
	text(d, " poll:"), text_u(d, raw16(p + 12));
}

static void
message(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type = p[1], code = p[2], status = p[3];

	switch (type) {
	case ACQUIRE:
		acquire(d, p, code, status);
		break;
	case REACH:
		if (code > 1) {
			text(d, "[reach code "), text_u(d, code), text_char(d, ']');
			break;
		}
		text_name(d, reach_codes, code, "");
		text_name(d, states, status, " [status %u]");
		break;
	case POLL:
		text(d, " poll"), text_name(d, states, status, " [status %u]");
		text(d, " net:"), text_ip4(d, p + 12);
		break;
	case UPDATE:
		text(d, status & UNSOLICITED ? " update unsolicited" : " update");
		text_name(d, states, status & ~(unsigned)UNSOLICITED, " [status %u]");
		text_char(d, ' '), text_ip4(d, p + 12);
		text(d, " int "), text_u(d, p[10]), text(d, " ext "), text_u(d, p[11]);
		gateways(d, p, len);
		break;
	case FAILED:
		text(d, " error"), text_name(d, states, status, " [status %u]");
		text_name(d, reasons, raw16(p + 10), " [reason %u]");
		break;
	default:
		text(d, "[type "), text_u(d, type), text_char(d, ']');
		break;
	}
}

static void
egp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_egp);
	put_field(d, &F[VERSION_F], p, 1);
	put_field(d, &F[TYPE], p + 1, 1);
	put_field(d, &F[CODE], p + 2, 1);
	put_field(d, &F[STATUS], p + 3, 1);
	put_field(d, &F[AS], p + 6, 2);
	put_field(d, &F[SEQUENCE], p + 8, 2);
	if (len < HEADER || !have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (p[1] == POLL || p[1] == UPDATE)
		put_field(d, &F[NET], p + 12, 4);
	text(d, "EGPv"), text_u(d, p[0]);
	if (!d->v) {
		text(d, ", AS "), text_u(d, raw16(p + 6));
		text(d, ", seq "), text_u(d, raw16(p + 8));
	}
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	if (p[0] != VERSION) {
		text(d, "[version "), text_u(d, p[0]), text_char(d, ']');
		return;
	}
	message(d, p, len);
}

const struct proto proto_egp = PROTO("egp", "egp", "Exterior Gateway Protocol", egp, F);
