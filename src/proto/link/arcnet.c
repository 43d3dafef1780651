/* ARCnet, RFC 1201 and (old) RFC 1051, as BSD and as Linux capture it. */
#include "dissect/dissect.h"

enum { HEADER = 3, HEADER_NEW = 6, HEADER_EXCEPTION = 10, LINUX_HEADER = 5, LINUX_HEADER_NEW = 8, EXCEPTION = 0xff };
enum { T_DIAGNOSE = 0x80, T_IP6 = 0xc4, T_IP = 212, T_ARP = 213, T_RARP = 214, T_ATALK = 221, T_IP_OLD = 240, T_ARP_OLD = 241,
	T_BANYAN = 247, T_IPX = 250, ETH_ATALK = 0x809b, SAP_IPX = 0xe0 };

static const struct name types[] = {
	{ T_IP_OLD, "oldip" }, { T_ARP_OLD, "oldarp" }, { T_IP, "ip" }, { T_ARP, "arp" }, { T_RARP, "rarp" },
	{ T_ATALK, "atalk" }, { T_BANYAN, "banyan" }, { T_IPX, "ipx" }, { T_IP6, "ipv6" },
	{ T_DIAGNOSE, "diag" }, { 0, NULL }
};

enum { SRC, DST, TYPE, SPLIT, SEQUENCE };
static const struct field F[] = {
	[SRC] = { "arcnet.src", U8, .help = "Source" },
	[DST] = { "arcnet.dst", U8, .help = "Destination" },
	[TYPE] = { "arcnet.protID", U8, .names = types, .help = "Protocol" },
	[SPLIT] = { "arcnet.split_flag", U8, .help = "Which fragment it is" },
	[SEQUENCE] = { "arcnet.sequence", U16, .help = "Sequence number of the packet" },
};

extern const struct proto proto_arcnet;

/* Without the flag and the sequence number of RFC 1201. */
static inline bool
is_short(unsigned type)
{
	return type == T_IP_OLD || type == T_ARP_OLD || type == T_DIAGNOSE;
}

static void
put_header(struct dis *d, const uint8_t *p, const uint8_t *type)
{
	put_field(d, &F[SRC], p, 1);
	put_field(d, &F[DST], p + 1, 1);
	put_field(d, &F[TYPE], type, 1);
}

/* "01 02 ip " */
static void
text_ends_and_type(struct dis *d, const uint8_t *p)
{
	text_x(d, p[0], 2), text_char(d, ' ');
	text_x(d, p[1], 2), text_char(d, ' ');
	if (!d->q) {
		text_name(d, types, p[2], "%02x");
		text_char(d, ' ');
	}
}

static void
text_length(struct dis *d, uint32_t len)
{
	text_u(d, len), text(d, ": ");
}

/* With where the fragment belongs: odd flags count the fragments in the first one, even ones number the others. */
static void
text_fragment(struct dis *d, const uint8_t *p, unsigned flag, unsigned sequence, uint32_t len)
{
	text_ends_and_type(d, p);
	if (!d->q) {
		text(d, "seqid "), text_x(d, sequence, 4), text_char(d, ' ');
		if (flag & 1)
			text(d, "(first of "), text_u(d, (flag + 3) / 2), text(d, " fragments) ");
		else if (flag)
			text(d, "(fragment "), text_u(d, flag / 2 + 1), text(d, ") ");
	}
	text_length(d, len);
}

static void
payload(struct dis *d, unsigned type, const uint8_t *p, uint32_t len)
{
	bool known = false;

	switch (type) {
	case T_IP:
	case T_IP_OLD:
		known = next(d, D_ETHERTYPE, ETH_IP, p, len);
		break;
	case T_IP6:
		known = next(d, D_ETHERTYPE, ETH_IPV6, p, len);
		break;
	case T_ARP:
	case T_ARP_OLD:
	case T_RARP:
		known = next(d, D_ETHERTYPE, ETH_ARP, p, len);
		break;
	case T_ATALK:
		if (d->v)
			text(d, "et1 ");
		known = next(d, D_SNAP_APPLE, ETH_ATALK, p, len);
		break;
	case T_IPX:
		known = next(d, D_LLC, SAP_IPX, p, len);
		break;
	}
	if (!known)
		text_dump_hex_ascii(d, "\n\t", p, left(d, p), 0);
}

static void
arcnet(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, flag = 0, sequence;
	uint32_t header = HEADER;

	enter(d, &proto_arcnet);
	if (!have(d, p, HEADER) || len < HEADER)
		dis_leave(d);
	type = p[2];
	if (d->sink)
		put_header(d, p, p + 2);
	if (is_short(type)) {
		if (d->e)
			text_ends_and_type(d, p), text_length(d, len);
	} else {
		bool exception = have(d, p, HEADER_NEW) && p[3] == EXCEPTION;

		header = exception ? HEADER_EXCEPTION : HEADER_NEW;
		if (!have(d, p, header) || len < header) {
			text_ends_and_type(d, p), text_length(d, len);
			text(d, exception ? " phds extended" : " phds");
			dis_leave(d);
		}
		/* The flag and the sequence number end the header. */
		flag = p[header - 3];
		sequence = raw16(p + header - 2);
		put_field(d, &F[SPLIT], p + header - 3, 1);
		put_field(d, &F[SEQUENCE], p + header - 2, 2);
		if (d->e)
			text_fragment(d, p, flag, sequence, len);
	}
	link_header(d, header);
	/* Fragments but the first have nothing to begin with. */
	if (flag && !(flag & 1))
		return;
	payload(d, type, p + header, len - header);
}

const struct proto proto_arcnet = PROTO("arcnet", "arcnet", "ARCnet", arcnet, F);

/* Linux puts fragments together, and two bytes of offset in front of the type. */
static void
arcnet_linux(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t header = LINUX_HEADER;

	if (d->sink)
		fields_layer(d, &proto_arcnet);
	mark(d, "arcnet_linux");
	if (!have(d, p, header) || len < header)
		dis_leave(d);
	if (d->sink)
		put_header(d, p, p + 4);
	if (!is_short(p[4])) {
		header = LINUX_HEADER_NEW;
		if (!have(d, p, header) || len < header)
			dis_leave(d);
	}
	/* tcpdump takes the first of the two bytes for the type here. */
	if (d->e)
		text_ends_and_type(d, p), text_length(d, len);
	link_header(d, header);
	payload(d, p[4], p + header, len - header);
}

const struct proto proto_arcnet_linux = PROTO_NO_FIELDS("arcnet", "arcnet_linux", "ARCnet on Linux", arcnet_linux);
