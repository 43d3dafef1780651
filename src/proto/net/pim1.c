/* Protocol Independent Multicast version 1: inside IGMP type 0x14. */
#include "dissect/dissect.h"

enum { QUERY, REGISTER, REGISTER_STOP, JOIN_PRUNE, REACHABLE, ASSERT_, GRAFT, GRAFT_ACK };
static const struct name codes[] = {
	{ QUERY, "Query" }, { REGISTER, "Register" }, { REGISTER_STOP, "Register-Stop" }, { JOIN_PRUNE, "Join/Prune" },
	{ REACHABLE, "RP-reachable" }, { ASSERT_, "Assert" }, { GRAFT, "Graft" }, { GRAFT_ACK, "Graft-ACK" },
	{ 0, NULL }
};

static const struct name modes[] = {
	{ 0, "Dense-mode" }, { 1, "Sparse-mode" }, { 2, "Sparse-Dense-mode" }, { 0, NULL }
};

enum { CODE, VERSION, MODE, HOLD, SOURCE, GROUP, RP, PREFERENCE, METRIC, UPSTREAM };
static const struct field F[] = {
	[CODE] = { "pim.code", U8, .names = codes, .help = "Message" },
	[VERSION] = { "pim.version", U8, .mask = 0xf0, .help = "Version" },
	[MODE] = { "pim.mode", U8, .mask = 0xf0, .names = modes, .help = "Mode" },
	[HOLD] = { "pim.holdtime", U16, .help = "Hold time in seconds" },
	[SOURCE] = { "pim.source", IP4, .help = "Source" },
	[GROUP] = { "pim.group", IP4, .help = "Group" },
	[RP] = { "pim.rp", IP4, .help = "Rendezvous point" },
	[PREFERENCE] = { "pim.metric_pref", U32, .mask = 0x7fffffff, .help = "Metric preference" },
	[METRIC] = { "pim.metric", U32, .help = "Metric" },
	[UPSTREAM] = { "pim.upstream_neighbor", IP4, .help = "Upstream neighbor" },
};

extern const struct proto proto_pim1;

static void
text_mask(struct dis *d, const uint8_t *p)
{
	if (be32(d, p) != UINT32_MAX)
		text_char(d, '/'), text_ip4(d, p);
}

/* One group with one source: all in the line. */
static void
text_single(struct dis *d, const uint8_t *p, bool join)
{
	unsigned hold = raw16(p + 6);

	put_field(d, &F[SOURCE], p + 26, 4);
	text(d, " RPF ");
	text_ip4(d, p);
	text_char(d, ' ');
	if (hold != 180)
		text(d, "Hold "), text_duration(d, hold);
	text(d, join ? "Join (" : "Prune (");
	text_ip4(d, p + 26);
	text_fmt(d, "/%u, ", p[25] & 0x3f);
	text_ip4(d, p + 12);
	text_mask(d, p + 16);
	text_fmt(d, ") %s%s %s", p[24] & 1 ? "Sparse" : "Dense", p[25] & 0x80 ? " WC" : "", p[25] & 0x40 ? "RP" : "SPT");
}

/* The sources of one group, n of them, the first n_join joined. False: cut short. */
static bool
text_sources(struct dis *d, const uint8_t **p, uint32_t *len, unsigned n, unsigned n_join)
{
	for (unsigned i = 0; i < n; i++, *p += 6, *len -= 6) {
		const uint8_t *s = *p;

		if (*len < 6)
			return false;
		need(d, s, 6);
		put_field(d, &F[SOURCE], s + 2, 4);
		text_fmt(d, "\n\t%s %s%s%s", i < n_join ? "Join " : "Prune", s[0] & 1 ? "Sparse " : "Dense ",
		    s[1] & 0x80 ? "WC " : "", s[1] & 0x40 ? "RP " : "SPT ");
		text_ip4(d, s + 2);
		text_fmt(d, "/%u", s[1] & 0x3f);
	}
	return true;
}

/* False: cut short. */
static bool
text_join_prune(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned groups;

	put_field(d, &F[UPSTREAM], p, 4);
	put_field(d, &F[HOLD], p + 6, 2);
	if (have(d, p, 30) && p[11] == 1 && raw16(p + 20) + raw16(p + 22) == 1) {
		put_field(d, &F[GROUP], p + 12, 4);
		text_single(d, p, raw16(p + 20));
		return true;
	}
	if (len < 4)
		return false;
	if (d->v > 1)
		text_char(d, '\n');
	need(d, p, 4);
	text(d, " Upstream Nbr: ");
	text_ip4(d, p);
	if (len < 8)
		return false;
	if (d->v > 1)
		text_char(d, '\n');
	text(d, " Hold time: ");
	text_duration(d, be16(d, p + 6));
	if (d->v < 2)
		return true;
	if (len < 12)
		return false;
	groups = u8(d, p + 11);
	for (p += 12, len -= 12; groups; groups--) {
		unsigned join, prune;

		if (len < 4)
			return false;
		put_field(d, &F[GROUP], p, 4);
		need(d, p, 4);
		text(d, "\n\tGroup: ");
		text_ip4(d, p);
		if (len < 8)
			return false;
		text_mask(d, p + 4);
		if (len < 12)
			return false;
		join = be16(d, p + 8);
		prune = be16(d, p + 10);
		text_fmt(d, " joined: %u pruned: %u", join, prune);
		p += 12;
		len -= 12;
		if (!text_sources(d, &p, &len, join + prune, join))
			return false;
	}
	return true;
}

static void
text_for(struct dis *d, const uint8_t *source, const uint8_t *group)
{
	put_field(d, &F[SOURCE], source, 4);
	put_field(d, &F[GROUP], group, 4);
	need(d, source, 4);
	need(d, group, 4);
	text(d, " for ");
	text_ip4(d, source);
	text(d, " > ");
	text_ip4(d, group);
}

/* False: cut short. */
static bool
text_message(struct dis *d, const uint8_t *p, uint32_t len, unsigned code)
{
	switch (code) {
	case QUERY:
		put_field(d, &F[MODE], p + 8, 1);
		put_field(d, &F[HOLD], p + 10, 2);
		if (have(d, p, 9))
			text_char(d, ' '), text_name(d, modes, p[8] >> 4, "mode-%u");
		if (d->v) {
			text(d, " (Hold-time ");
			text_duration(d, be16(d, p + 10));
			text_char(d, ')');
		}
		return true;
	case REGISTER:
		if (!have(d, p, 28))
			return false;
		text_for(d, p + 20, p + 24);
		return true;
	case REGISTER_STOP:
		text_for(d, p + 8, p + 12);
		return true;
	case REACHABLE:
		if (!d->v)
			return true;
		put_field(d, &F[GROUP], p + 8, 4);
		put_field(d, &F[RP], p + 16, 4);
		put_field(d, &F[HOLD], p + 22, 2);
		need(d, p, 12);
		text(d, " group ");
		text_ip4(d, p + 8);
		text_mask(d, p + 12);
		need(d, p, 20);
		text(d, " RP ");
		text_ip4(d, p + 16);
		text(d, " hold ");
		text_duration(d, be16(d, p + 22));
		return true;
	case ASSERT_:
		put_field(d, &F[PREFERENCE], p + 20, 4);
		put_field(d, &F[METRIC], p + 24, 4);
		text_for(d, p + 16, p + 8);
		text_mask(d, p + 12);
		need(d, p, 28);
		text_fmt(d, " %s pref %u metric %u", p[20] & 0x80 ? "RP-tree" : "SPT", raw32(p + 20) & 0x7fffffff,
		    raw32(p + 24));
		return true;
	case JOIN_PRUNE:
	case GRAFT:
	case GRAFT_ACK:
		return !d->v || (len >= 8 && text_join_prune(d, p + 8, len - 8));
	default:
		return true;
	}
}

static void
pim1(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code;

	enter(d, &proto_pim1);
	put_field(d, &F[CODE], p + 1, 1);
	put_field(d, &F[VERSION], p + 4, 1);
	code = u8(d, p + 1);
	text_char(d, ' ');
	text_name(d, codes, code, "[type %u]");
	if (!text_message(d, p, len, code)) {
		text_trunc(d);
		/* A list of groups that ends early is marked, and the version still follows; other messages end here. */
		if (code != JOIN_PRUNE && code != GRAFT && code != GRAFT_ACK)
			return;
		if (len < 8)
			return;
	}
	if (u8(d, p + 4) >> 4 != 1)
		text_fmt(d, " [v%u]", p[4] >> 4);
}

const struct proto proto_pim1 = PROTO("pim1", "pimv1", "Protocol Independent Multicast version 1", pim1, F);
