/* Internet Group Management Protocol: versions 1 (RFC 1112), 2 (RFC 2236) and 3 (RFC 3376); multicast traceroute. */
#include "dissect/dissect.h"

enum {
	QUERY = 0x11, V1_REPORT = 0x12, DVMRP = 0x13, PIM1 = 0x14, V2_REPORT = 0x16, LEAVE = 0x17, TRACE_REPLY = 0x1e,
	TRACE = 0x1f, V3_REPORT = 0x22,
};
static const struct name types[] = {
	{ QUERY, "Membership query" }, { V1_REPORT, "Version 1 report" }, { DVMRP, "DVMRP" }, { PIM1, "PIM version 1" },
	{ V2_REPORT, "Version 2 report" }, { LEAVE, "Leave group" }, { TRACE_REPLY, "Traceroute response" },
	{ TRACE, "Traceroute query" }, { V3_REPORT, "Version 3 report" }, { 0, NULL }
};

static const struct name records[] = {
	{ 1, "is_in" }, { 2, "is_ex" }, { 3, "to_in" }, { 4, "to_ex" }, { 5, "allow" }, { 6, "block" }, { 0, NULL }
};

enum {
	TYPE, MAX_RESP, SUM, GROUP, SFLAG, QRV, QQIC, SOURCES, SOURCE, GROUPS, REC_TYPE, REC_GROUP, TR_SRC, TR_DST,
	TR_RESP, TR_TTL, TR_ID,
};
static const struct field F[] = {
	[TYPE] = { "igmp.type", U8, .names = types, .help = "Type" },
	[MAX_RESP] = { "igmp.max_resp", U8, .help = "Maximum response code" },
	[SUM] = { "igmp.checksum", U16, .help = "Checksum" },
	[GROUP] = { "igmp.maddr", IP4, .help = "Multicast address" },
	[SFLAG] = { "igmp.s", BOOL, .mask = 0x08, .help = "Suppress router side processing" },
	[QRV] = { "igmp.qrv", U8, .mask = 0x07, .help = "Querier's robustness variable" },
	[QQIC] = { "igmp.qqic", U8, .help = "Querier's query interval code" },
	[SOURCES] = { "igmp.num_src", U16, .help = "Number of sources" },
	[SOURCE] = { "igmp.saddr", IP4, .help = "Source address" },
	[GROUPS] = { "igmp.num_grp_recs", U16, .help = "Number of group records" },
	[REC_TYPE] = { "igmp.record_type", U8, .names = records, .help = "Type of a group record" },
	[REC_GROUP] = { "igmp.maddr", IP4, .help = "Multicast address of a group record" },
	[TR_SRC] = { "igmp.mtrace.saddr", IP4, .help = "Source being traced" },
	[TR_DST] = { "igmp.mtrace.raddr", IP4, .help = "Receiver being traced" },
	[TR_RESP] = { "igmp.mtrace.rspaddr", IP4, .help = "Where the response goes" },
	[TR_TTL] = { "igmp.mtrace.resp_ttl", U8, .help = "TTL of the response" },
	[TR_ID] = { "igmp.mtrace.q_id", U24, .help = "Query identifier" },
};

extern const struct proto proto_igmp;

static void
text_trace(struct dis *d, const char *what, const uint8_t *p, uint32_t len)
{
	if (len < 24) {
		text_fmt(d, " [invalid len %u]", len);
		return;
	}
	put_field(d, &F[TR_SRC], p + 8, 4);
	put_field(d, &F[TR_DST], p + 12, 4);
	put_field(d, &F[TR_RESP], p + 16, 4);
	put_field(d, &F[TR_TTL], p + 20, 1);
	put_field(d, &F[TR_ID], p + 21, 3);
	need(d, p, 24);
	text_fmt(d, "%s %u: ", what, be24(d, p + 21));
	text_ip4(d, p + 8);
	text(d, " to ");
	text_ip4(d, p + 12);
	text(d, " reply-to ");
	text_ip4(d, p + 16);
	if (p[16] >> 4 == 0xe)
		text_fmt(d, " with-ttl %u", p[20]);
}

static void
text_sources(struct dis *d, const uint8_t *p, unsigned n)
{
	text(d, " {");
	for (; n; n--, p += 4) {
		put_field(d, &F[SOURCE], p, 4);
		need(d, p, 4);
		text_char(d, ' ');
		text_ip4(d, p);
	}
	text(d, " }");
}

/* RFC 3376 section 4.2. */
static void
text_report(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned groups;
	uint32_t at = 8;

	if (len < 16 || len % 4) {
		text_fmt(d, " [invalid len %u]", len);
		return;
	}
	put_field(d, &F[GROUPS], p + 6, 2);
	groups = be16(d, p + 6);
	text_fmt(d, ", %u group record(s)", groups);
	if (!d->v)
		return;
	for (; groups; groups--) {
		const uint8_t *r = p + at;
		unsigned n;

		if (len < at + 8) {
			text(d, " [invalid number of groups]");
			return;
		}
		put_field(d, &F[REC_TYPE], r, 1);
		put_field(d, &F[SOURCES], r + 2, 2);
		put_field(d, &F[REC_GROUP], r + 4, 4);
		need(d, r, 8);
		text(d, " [gaddr ");
		text_ip4(d, r + 4);
		text_char(d, ' ');
		text_name(d, records, r[0], " [v3-report-#%u]");
		n = raw16(r + 2);
		if (len < at + 8 + n * 4) {
			text_fmt(d, " [invalid number of sources %u]", n);
			return;
		}
		if (d->v == 1)
			text_fmt(d, ", %u source(s)", n);
		else
			text_sources(d, r + 8, n);
		text_char(d, ']');
		at += 8 + n * 4;
	}
}

/* RFC 3376 section 4.1. */
static void
text_v3_query(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code, tenths, n;

	text(d, " v3");
	if (len < 12 || len % 4) {
		text_fmt(d, " [invalid len %u]", len);
		return;
	}
	put_field(d, &F[SFLAG], p + 8, 1);
	put_field(d, &F[QRV], p + 8, 1);
	put_field(d, &F[QQIC], p + 9, 1);
	put_field(d, &F[SOURCES], p + 10, 2);
	code = u8(d, p + 1);
	tenths = code < 128 ? code : ((code & 15) | 16) << ((code >> 4 & 7) + 3);
	if (code != 100) {
		text(d, " [max resp time ");
		if (tenths < 600)
			text_fmt(d, "%u.%us", tenths / 10, tenths % 10);
		else
			text_duration(d, tenths / 10);
		text_char(d, ']');
	}
	if (be32(d, p + 4) == 0)
		return;
	text(d, " [gaddr ");
	text_ip4(d, p + 4);
	n = be16(d, p + 10);
	if (n) {
		if (len < 12 + n * 4)
			text(d, " [invalid number of sources]");
		else if (d->v > 1)
			text_sources(d, p + 12, n);
		else
			text_fmt(d, ", %u source(s)", n);
	}
	text_char(d, ']');
}

static void
text_query(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code;

	text(d, "igmp query");
	if (len >= 12) {
		text_v3_query(d, p, len);
		return;
	}
	code = u8(d, p + 1);
	text(d, code ? " v2" : " v1");
	if (code && code != 100)
		text_fmt(d, " [max resp time %u]", code);
	if (be32(d, p + 4)) {
		text(d, " [gaddr ");
		text_ip4(d, p + 4);
		text_char(d, ']');
	}
	if (len != 8)
		text_fmt(d, " [len %u]", len);
}

static void
text_group(struct dis *d, const char *what, const uint8_t *p)
{
	need(d, p, 8);
	text(d, what);
	text_ip4(d, p + 4);
}

static void
igmp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type;

	enter(d, &proto_igmp);
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[SUM], p + 2, 2);
	if (d->q) {
		text(d, "igmp");
		return;
	}
	type = u8(d, p);
	if (type == QUERY)
		put_field(d, &F[MAX_RESP], p + 1, 1);
	if (type == QUERY || type == V1_REPORT || type == V2_REPORT || type == LEAVE)
		put_field(d, &F[GROUP], p + 4, 4);
	switch (type) {
	case QUERY:
		text_query(d, p, len);
		break;
	case V1_REPORT:
		text_group(d, "igmp v1 report ", p);
		if (len != 8)
			text_fmt(d, " [len %u]", len);
		break;
	case V2_REPORT:
		text_group(d, "igmp v2 report ", p);
		break;
	case V3_REPORT:
		text(d, "igmp v3 report");
		text_report(d, p, len);
		break;
	case LEAVE:
		text_group(d, "igmp leave ", p);
		break;
	case DVMRP:
		text(d, "igmp dvmrp");
		if (len < 8)
			text_fmt(d, " [len %u]", len);
		else
			next(d, D_IGMP, type, p, len);
		break;
	case PIM1:
		text(d, "igmp pimv1");
		next(d, D_IGMP, type, p, len);
		break;
	case TRACE_REPLY:
		text_trace(d, "mresp", p, len);
		break;
	case TRACE:
		text_trace(d, "mtrace", p, len);
		break;
	default:
		text_fmt(d, "igmp-%u", type);
		break;
	}
	if (d->v && len >= 4 && have(d, p, len) && checksum(&(struct span) { p, len }, 1))
		text_fmt(d, " bad igmp cksum %x!", be16(d, p + 2));
}

const struct proto proto_igmp = PROTO("igmp", "igmp", "Internet Group Management Protocol", igmp, F);
