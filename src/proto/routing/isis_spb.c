/* IS-IS: shortest path bridging, RFC 6329. */
#include "proto/routing/isis.h"

enum { PORT_MCID = 4, PORT_DIGEST = 5, PORT_BVID = 6, MCID_SIZE = 51, DIGEST_SIZE = 33, INSTANCE_SIZE = 19, TREE_SIZE = 8 };
static const struct name port_subs[] = {
	{ PORT_MCID, "SPB MCID" }, { PORT_DIGEST, "SPB Digest" }, { PORT_BVID, "SPB BVID" }, { 0, NULL }
};

enum { MT_INSTANCE = 1, MT_SERVICE = 3 };
static const struct name mt_subs[] = {
	{ MT_INSTANCE, "SPB Instance" }, { MT_SERVICE, "SPBM Service Identifier and Unicast Address" }, { 0, NULL }
};

/* A value that is shorter than what it must hold. */
static bool
too_short(struct dis *d)
{
	text(d, " (too short)");
	return false;
}

/* The configuration of the spanning trees: format, name, revision, digest. */
static void
text_configuration(struct dis *d, const char *label, const uint8_t *p)
{
	text(d, label);
	text(d, "ID: "), text_u(d, p[0]);
	text(d, ", Name: "), text_str_pad(d, p + 1, 32);
	text(d, "\n\t              Lvl: "), text_u(d, raw16(p + 33));
	text(d, ", Digest: ");
	for (unsigned i = 0; i < 16; i++)
		text_x(d, p[35 + i], 2), text_char(d, ' ');
}

static void
text_digest(struct dis *d, const uint8_t *p)
{
	text(d, "\n\t        RES: "), text_u(d, p[0] >> 5);
	text(d, " V: "), text_u(d, p[0] >> 4 & 1);
	text(d, " A: "), text_u(d, p[0] >> 2 & 3);
	text(d, " D: "), text_u(d, p[0] & 3);
	text(d, "\n\t         Digest: ");
	for (unsigned i = 0; i < 8; i++) {
		if (i == 4)
			text(d, "\n\t                 ");
		text_x(d, raw32(p + 1 + 4 * i), 8), text_char(d, ' ');
	}
}

/* A value of n captured bytes: false when it is too short, which has been said. */
static bool
text_port(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	switch (type) {
	case PORT_MCID:
		if (n < 2 * MCID_SIZE)
			return too_short(d);
		text_configuration(d, "\n\t         MCID: ", p);
		text_configuration(d, "\n\t         AUX-MCID: ", p + MCID_SIZE);
		break;
	case PORT_DIGEST:
		if (n < DIGEST_SIZE)
			return too_short(d);
		text_digest(d, p);
		break;
	case PORT_BVID:
		for (; n; n -= 6, p += 6) {
			if (n < 4)
				return too_short(d);
			text(d, "\n\t           ECT: "), text_x(d, raw32(p), 8);
			if (n < 6)
				return too_short(d);
			text(d, " BVID: "), text_u(d, raw16(p + 4) >> 4);
			text(d, ", U:"), text_x(d, raw16(p + 4) >> 3 & 1, 1);
			text(d, " M:"), text_x(d, raw16(p + 4) >> 2 & 1, 1), text_char(d, ' ');
		}
		break;
	}
	return true;
}

/* The same; what is too short inside is marked as cut. */
static bool
text_mt(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	unsigned trees;

	switch (type) {
	case MT_INSTANCE:
		if (n < INSTANCE_SIZE)
			return too_short(d);
		text(d, "\n\t        CIST Root-ID: "), text_x(d, raw32(p), 8);
		text_char(d, ' '), text_x(d, raw32(p + 4), 8);
		text(d, ", Path Cost: "), text_x(d, raw32(p + 8), 8);
		text(d, ", Prio: "), text_u(d, raw16(p + 12));
		text(d, "\n\t        RES: "), text_u(d, raw16(p + 14) >> 5);
		text(d, ", V: "), text_u(d, raw16(p + 14) >> 4 & 1);
		text(d, ", SPSource-ID: "), text_u(d, raw32(p + 14) & 0xfffff);
		text(d, ", No of Trees: "), text_x(d, p[18], 0);
		trees = p[18];
		n -= INSTANCE_SIZE;
		for (p += INSTANCE_SIZE; trees; trees--, n -= TREE_SIZE, p += TREE_SIZE) {
			if (n < TREE_SIZE) {
				text_trunc(d);
				return false;
			}
			text(d, "\n\t         U:"), text_u(d, p[0] >> 7);
			text(d, ", M:"), text_u(d, p[0] >> 6 & 1);
			text(d, ", A:"), text_u(d, p[0] >> 5 & 1);
			text(d, ", RES:"), text_u(d, p[0] & 0x1f);
			text(d, ", ECT: "), text_x(d, raw32(p + 1), 8);
			text(d, ", BVID: "), text_u(d, be24(d, p + 5) >> 12);
			text(d, ", SPVID: "), text_u(d, be24(d, p + 5) & 0xfff);
		}
		break;
	case MT_SERVICE:
		if (n < 8) {
			text_trunc(d);
			return false;
		}
		text(d, "\n\t        BMAC: "), text_x(d, raw32(p), 8), text_x(d, raw16(p + 4), 4);
		text(d, ", RES: "), text_u(d, raw16(p + 6) >> 12);
		text(d, ", VID: "), text_u(d, raw16(p + 6) & 0xfff);
		for (n -= 8, p += 8; n >= 4; n -= 4, p += 4) {
			uint32_t v = raw32(p);

			text(d, "\n\t        T: "), text_u(d, v >> 31);
			text(d, ", R: "), text_u(d, v >> 30 & 1);
			text(d, ", RES: "), text_u(d, v >> 24 & 0x3f);
			text(d, ", ISID: "), text_u(d, v & 0xffffff);
		}
		break;
	}
	return true;
}

/* Sub-TLVs until one makes no sense. */
static void
walk(struct dis *d, const uint8_t *p, unsigned len, const char *indent, const struct name *names,
    bool (*value)(struct dis *, unsigned, const uint8_t *, unsigned))
{
	while (len > 2) {
		unsigned type = u8(d, p), n = u8(d, p + 1);

		put_field(d, &isis_fields[I_SUB], p, 1);
		put_field(d, &isis_fields[I_SUB_LEN], p + 1, 1);
		p += 2;
		len -= 2;
		text(d, indent), text_name(d, names, type, "unknown");
		text(d, " subTLV #"), text_u(d, type);
		text(d, ", length: "), text_u(d, n);
		if (len < n) {
			text(d, " (> containing TLV length)");
			return;
		}
		if (!have(d, p, n)) {
			text_trunc(d);
			return;
		}
		if (!value(d, type, p, n))
			return;
		p += n;
		len -= n;
	}
}

void
isis_port_capability(struct dis *d, const uint8_t *p, unsigned len)
{
	walk(d, p, len, "\n\t       ", port_subs, text_port);
}

void
isis_mt_capability(struct dis *d, const uint8_t *p, unsigned len)
{
	walk(d, p, len, "\n\t      ", mt_subs, text_mt);
}
