/* Multi-Protocol Label Switching: the label stack of RFC 3032. */
#include "dissect/dissect.h"

enum { ENTRY = 4 };
enum { LABEL_IPV4 = 0, LABEL_IPV6 = 2, LABEL_IMPLICIT = 3, LABEL_RESERVED = 16 };

static const struct name labels[] = {
	{ LABEL_IPV4, "IPv4 explicit NULL" }, { 1, "router alert" }, { LABEL_IPV6, "IPv6 explicit NULL" },
	{ LABEL_IMPLICIT, "implicit NULL" }, { 0, NULL }
};

enum { LABEL_, EXP, BOTTOM, TTL };
static const struct field F[] = {
	[LABEL_] = { "mpls.label", U32, .mask = 0xfffff000, .names = labels, .help = "Label" },
	[EXP] = { "mpls.exp", U32, .mask = 0x00000e00, .help = "Traffic class" },
	[BOTTOM] = { "mpls.bottom", BOOL, .mask = 0x00000100, .help = "Bottom of the label stack" },
	[TTL] = { "mpls.ttl", U32, .mask = 0x000000ff, .help = "Time to live" },
};

extern const struct proto proto_mpls;

static void
put_entry(struct dis *d, const uint8_t *p)
{
	for (unsigned i = LABEL_; i <= TTL; i++)
		put_field(d, &F[i], p, ENTRY);
}

/* "(label 16, tc 0, [S], ttl 64)" */
static void
text_entry(struct dis *d, uint32_t entry)
{
	uint32_t label = entry >> 12;

	text(d, "(label "), text_u(d, label);
	if (d->v && label < LABEL_RESERVED) {
		const char *s = name_of(labels, label);

		text(d, " ("), text(d, s ? s : "rsvd"), text_char(d, ')');
	}
	text(d, ", tc "), text_u(d, entry >> 9 & 7);
	if (entry & 0x100)
		text(d, ", [S]");
	text(d, ", ttl "), text_u(d, entry & 255);
	text_char(d, ')');
}

/*
 * Nothing in the stack says what is inside, so the last label or else the first byte has to: IPv4 begins with
 * 0x45..0x4f, IPv6 with 0x6., OSI's CLNP, ES-IS and IS-IS with 0x81..0x83 (draft-hsmit-isis-aal5mux-00).
 */
static void
payload(struct dis *d, uint32_t label, const uint8_t *p, uint32_t len)
{
	enum { UNKNOWN, INET, INET6, OSI } what = UNKNOWN;

	if (label == LABEL_IPV4 || label == LABEL_IMPLICIT) {
		what = INET;
	} else if (label == LABEL_IPV6) {
		what = INET6;
	} else {
		unsigned first;

		if (len == 0)
			return;
		first = u8(d, p);
		if (first >= 0x45 && first <= 0x4f)
			what = INET;
		else if (first >> 4 == 6)
			what = INET6;
		else if (first >= 0x81 && first <= 0x83)
			what = OSI;
	}
	if (what == UNKNOWN) {
		if (!d->style->no_default)
			text_default(d, p, len);
		return;
	}
	text(d, d->v ? "\n\t" : " ");
	switch (what) {
	case INET:
		next(d, D_ETHERTYPE, ETH_IP, p, len);
		break;
	case INET6:
		next(d, D_ETHERTYPE, ETH_IPV6, p, len);
		break;
	default:
		next(d, D_INTERNAL, IN_ISOCLNS, p, len);
		break;
	}
}

static void
mpls(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t entry;
	bool first = true;

	enter(d, &proto_mpls);
	text(d, "MPLS");
	do {
		if (len < ENTRY) {
			text_invalid(d);
			need(d, p, len);
			return;
		}
		entry = be32(d, p);
		if (d->sink)
			put_entry(d, p);
		text(d, d->v && !first ? "\n\t" : " ");
		text_entry(d, entry);
		first = false;
		p += ENTRY;
		len -= ENTRY;
	} while (!(entry & 0x100));
	payload(d, entry >> 12, p, len);
}

const struct proto proto_mpls = PROTO("mpls", "mpls", "MultiProtocol Label Switching", mpls, F);
