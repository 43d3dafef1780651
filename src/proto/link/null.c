/* BSD's loopback header: a protocol family in the byte order of the machine (DLT_NULL) or the network (DLT_LOOP). */
#include "dissect/dissect.h"

enum { HEADER = 4, AF_IP = 2, AF_OSI = 7, AF_ATALK = 16, AF_IPX = 23, AF_IP6_BSD = 24, AF_IP6_FREEBSD = 28,
	AF_IP6_DARWIN = 30 };

static const struct name families[] = {
	{ AF_IP, "IPv4" }, { 6, "NS" }, { AF_OSI, "ISO" }, { AF_ATALK, "Appletalk" }, { AF_IPX, "IPX" },
	{ AF_IP6_BSD, "IPv6" }, { AF_IP6_FREEBSD, "IPv6" }, { AF_IP6_DARWIN, "IPv6" }, { 0, NULL }
};

enum { FAMILY };
static const struct field F[] = {
	[FAMILY] = { "null.family", U32, .names = families, .help = "Protocol family" },
};

extern const struct proto proto_null;

static void
text_header(struct dis *d, uint32_t family, uint32_t len)
{
	if (d->q) {
		text_name(d, families, family, "Unknown AF %u");
	} else {
		text(d, "AF ");
		text_name(d, families, family, "Unknown");
		text(d, " ("), text_u(d, family), text_char(d, ')');
	}
	text(d, ", length "), text_u(d, len), text(d, ": ");
}

static bool
payload(struct dis *d, uint32_t family, const uint8_t *p, uint32_t len)
{
	switch (family) {
	case AF_IP:
		return next(d, D_ETHERTYPE, ETH_IP, p, len);
	case AF_IP6_BSD:
	case AF_IP6_FREEBSD:
	case AF_IP6_DARWIN:
		return next(d, D_ETHERTYPE, ETH_IPV6, p, len);
	case AF_OSI:
		return next(d, D_INTERNAL, IN_ISOCLNS, p, len);
	case AF_ATALK:
		return next(d, D_SNAP_APPLE, 0x809b, p, len);
	case AF_IPX:
		return next(d, D_LLC, 0xe0, p, len);
	default:
		return false;
	}
}

static void
null(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t family;

	enter(d, &proto_null);
	need(d, p, HEADER);
	link_header(d, HEADER);
	/* Whoever's order it is, a family is a small number. */
	family = le32(d, p);
	if (family & 0xffff0000)
		family = raw32(p);
	put_value(d, &F[FAMILY], family);
	if (d->e)
		text_header(d, family, len);
	p += HEADER;
	if (payload(d, family, p, len - HEADER))
		return;
	if (!d->e)
		text_header(d, family, len);
	text_default(d, p, left(d, p));
}

const struct proto proto_null = PROTO("null", "null", "Null/Loopback", null, F);

/* No link header at all: an IP packet of either version. */
extern const struct proto proto_raw;

static void
raw(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_raw);
	if (d->e)
		text(d, "ip: ");
	link_header(d, 0);
	next(d, D_INTERNAL, IN_IP, p, len);
}

const struct proto proto_raw = PROTO_NO_FIELDS("raw", "raw", "Raw packet data", raw);
