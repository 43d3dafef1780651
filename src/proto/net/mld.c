/* Multicast listener discovery, RFC 2710, and version 2, RFC 3810: ICMPv6 types 130 to 132 and 143. */
#include "dissect/dissect.h"

enum { QUERY = 130, REPORT2 = 143 };
enum { V1_SIZE = 24, V2_MIN = 28, RECORD = 20 };

static const struct name records[] = {
	{ 1, "is_in" }, { 2, "is_ex" }, { 3, "to_in" }, { 4, "to_ex" }, { 5, "allow" }, { 6, "block" }, { 0, NULL }
};

enum { DELAY, GROUP, SFLAG, QRV, QQIC, SOURCES, SOURCE, RECORDS, REC_TYPE, REC_GROUP };
static const struct field F[] = {
	[DELAY] = { "icmpv6.mld.maximum_response_delay", U16, .help = "Maximum response delay or code" },
	[GROUP] = { "icmpv6.mld.multicast_address", IP6, .help = "Multicast address" },
	[SFLAG] = { "icmpv6.mld.flag.s", BOOL, .mask = 0x08, .help = "Suppress router side processing" },
	[QRV] = { "icmpv6.mld.flag.qrv", U8, .mask = 0x07, .help = "Querier's robustness variable" },
	[QQIC] = { "icmpv6.mld.qqic", U8, .help = "Querier's query interval code" },
	[SOURCES] = { "icmpv6.mld.nb_sources", U16, .help = "Number of sources" },
	[SOURCE] = { "icmpv6.mld.source_address", IP6, .help = "Source address" },
	[RECORDS] = { "icmpv6.mldr.nb_mcast_records", U16, .help = "Number of group records" },
	[REC_TYPE] = { "icmpv6.mldr.mar.record_type", U8, .names = records, .help = "Type of a group record" },
	[REC_GROUP] = { "icmpv6.mldr.mar.multicast_address", IP6, .help = "Multicast address of a group record" },
};

extern const struct proto proto_mld;

static void
text_v1(struct dis *d, const uint8_t *p)
{
	if (!have(d, p, V1_SIZE))
		return;
	put_field(d, &F[DELAY], p + 4, 2);
	put_field(d, &F[GROUP], p + 8, 16);
	text_fmt(d, "max resp delay: %u addr: ", raw16(p + 4));
	text_ip6(d, p + 8);
}

static void
text_sources(struct dis *d, const uint8_t *p, unsigned n)
{
	text(d, " {");
	for (; n; n--, p += 16) {
		put_field(d, &F[SOURCE], p, 16);
		need(d, p, 16);
		text_char(d, ' ');
		text_ip6(d, p);
	}
	text(d, " }");
}

/* RFC 3810 section 5.1. */
static void
text_query(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t code, delay, interval, n;

	put_field(d, &F[DELAY], p + 4, 2);
	put_field(d, &F[GROUP], p + 8, 16);
	put_field(d, &F[SFLAG], p + 24, 1);
	put_field(d, &F[QRV], p + 24, 1);
	put_field(d, &F[QQIC], p + 25, 1);
	put_field(d, &F[SOURCES], p + 26, 2);
	code = be16(d, p + 4);
	delay = code < 32768 ? code : ((code & 0xfff) | 0x1000) << ((code >> 12 & 7) + 3);
	if (d->v)
		text_fmt(d, " [max resp delay=%u]", delay);
	need(d, p + 8, 16);
	text(d, " [gaddr ");
	text_ip6(d, p + 8);
	if (d->v) {
		if (u8(d, p + 24) & 8)
			text(d, " sflag");
		if (p[24] & 7)
			text_fmt(d, " robustness=%u", p[24] & 7u);
		interval = u8(d, p + 25);
		if (interval >= 128)
			interval = ((interval & 15) | 16) << ((interval >> 4 & 7) + 3);
		text_fmt(d, " qqi=%u", interval);
	}
	n = be16(d, p + 26);
	if (n) {
		if (len < V2_MIN + n * 16)
			text(d, " [invalid number of sources]");
		else if (d->v > 1)
			text_sources(d, p + V2_MIN, n);
		else
			text_fmt(d, ", %u source(s)", n);
	}
	text_char(d, ']');
}

/* RFC 3810 section 5.2. */
static void
text_report(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t at = 8;
	unsigned groups;

	if (len < 8) {
		text_fmt(d, " [invalid len %u]", len);
		return;
	}
	put_field(d, &F[RECORDS], p + 6, 2);
	groups = be16(d, p + 6);
	text_fmt(d, ", %u group record(s)", groups);
	if (!d->v)
		return;
	for (; groups; groups--) {
		const uint8_t *r = p + at;
		unsigned n;

		if (len < at + RECORD) {
			text(d, " [invalid number of groups]");
			return;
		}
		put_field(d, &F[REC_TYPE], r, 1);
		put_field(d, &F[SOURCES], r + 2, 2);
		put_field(d, &F[REC_GROUP], r + 4, 16);
		need(d, r, RECORD);
		text(d, " [gaddr ");
		text_ip6(d, r + 4);
		text_char(d, ' ');
		text_name(d, records, r[0], " [v2-report-#%u]");
		n = raw16(r + 2);
		if (len < at + RECORD + n * 16) {
			text_fmt(d, " [invalid number of sources %u]", n);
			return;
		}
		if (d->v == 1)
			text_fmt(d, ", %u source(s)", n);
		else
			text_sources(d, r + RECORD, n);
		text_char(d, ']');
		at += RECORD + n * 16;
	}
}

static void
mld(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type = u8(d, p);

	enter(d, &proto_mld);
	if (type == REPORT2) {
		text_report(d, p, len);
	} else if (type != QUERY || len == V1_SIZE) {
		text_v1(d, p);
	} else if (len >= V2_MIN) {
		text(d, " v2");
		text_query(d, p, len);
	} else {
		text_fmt(d, " unknown-version (len %u) ", len);
	}
}

const struct proto proto_mld = PROTO("icmpv6.mld", "icmp6", "Multicast Listener Discovery", mld, F);
