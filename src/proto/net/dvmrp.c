/* Distance Vector Multicast Routing Protocol, RFC 1075 and version 3 drafts: inside IGMP type 0x13. */
#include "dissect/dissect.h"

enum { HEADER = 8 };
enum { PROBE = 1, REPORT, ASK, NEIGHBORS, ASK2, NEIGHBORS2, PRUNE, GRAFT, GRAFT_ACK };
static const struct name codes[] = {
	{ PROBE, "Probe" }, { REPORT, "Report" }, { ASK, "Ask-neighbors(old)" }, { NEIGHBORS, "Neighbors(old)" },
	{ ASK2, "Ask-neighbors2" }, { NEIGHBORS2, "Neighbors2" }, { PRUNE, "Prune" }, { GRAFT, "Graft" },
	{ GRAFT_ACK, "Graft-ACK" }, { 0, NULL }
};

/* What a neighbour list says of an interface, in the order it is shown. */
static const struct name flags[] = {
	{ 0x01, "/tunnel" }, { 0x02, "/srcrt" }, { 0x40, "/querier" }, { 0x20, "/disabled" }, { 0x10, "/down" },
	{ 0, NULL }
};

enum { CODE, MINOR, MAJOR, GENID, LOCAL, METRIC, THRESHOLD, FLAGS, COUNT, NEIGHBOR, SOURCE, GROUP, LIFETIME };
static const struct field F[] = {
	[CODE] = { "dvmrp.v3.code", U8, .names = codes, .help = "Message" },
	[MINOR] = { "dvmrp.min_ver", U8, .help = "Minor version" },
	[MAJOR] = { "dvmrp.maj_ver", U8, .help = "Major version" },
	[GENID] = { "dvmrp.genid", U32, .help = "Generation identifier" },
	[LOCAL] = { "dvmrp.local", IP4, .help = "Local address of an interface" },
	[METRIC] = { "dvmrp.metric", U8, .help = "Metric" },
	[THRESHOLD] = { "dvmrp.threshold", U8, .help = "Threshold" },
	[FLAGS] = { "dvmrp.flags", U8, .help = "Flags of an interface" },
	[COUNT] = { "dvmrp.ncount", U8, .help = "Number of neighbors" },
	[NEIGHBOR] = { "dvmrp.neighbor", IP4, .help = "Neighbor" },
	[SOURCE] = { "dvmrp.saddr", IP4, .help = "Source" },
	[GROUP] = { "dvmrp.maddr", IP4, .help = "Group" },
	[LIFETIME] = { "dvmrp.lifetime", U32, .help = "Lifetime of a prune in seconds" },
};

extern const struct proto proto_dvmrp;

/* Too little left for the next part. */
static bool
fits(struct dis *d, const char *what, uint32_t len, unsigned want)
{
	if (len >= want)
		return true;
	text_bad(d, what, len, "<", want);
	return false;
}

static void
text_probe(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (!fits(d, "full length", len, 4))
		return;
	put_field(d, &F[GENID], p, 4);
	text(d, d->v > 1 ? "\n\t" : " ");
	text_fmt(d, "genid %u", be32(d, p));
	if (d->v < 2)
		return;
	for (p += 4, len -= 4; len; p += 4, len -= 4) {
		if (len < 4) {
			text_fmt(d, "[remaining length %u < 4]", len);
			text_invalid(d);
			return;
		}
		put_field(d, &F[NEIGHBOR], p, 4);
		need(d, p, 4);
		text(d, "\n\tneighbor ");
		text_ip4(d, p);
	}
}

/* Routes in groups of one mask; the last of a group has the top bit of its metric set. */
static void
text_report(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		uint8_t mask[4] = { 0xff }, last = 0;
		unsigned width;

		if (!fits(d, "length", len, 3))
			return;
		need(d, p, 3);
		memcpy(mask + 1, p, 3);
		/* As many bytes of each origin are sent as the mask has. */
		width = mask[3] ? 4 : mask[2] ? 3 : mask[1] ? 2 : 1;
		text(d, "\n\tMask ");
		text_ip4_plain(d, mask);
		p += 3;
		len -= 3;
		while (!last) {
			uint8_t origin[4] = { 0 };

			if (len < width + 1) {
				text(d, "\n\t  [Truncated Report]");
				text_invalid(d);
				return;
			}
			need(d, p, width + 1);
			memcpy(origin, p, width);
			put_field(d, &F[METRIC], p + width, 1);
			last = p[width] & 0x80;
			text(d, "\n\t  ");
			text_ip4_plain(d, origin);
			text_fmt(d, " metric %u", p[width] & 0x7f);
			p += width + 1;
			len -= width + 1;
		}
	}
}

static void
put_interface(struct dis *d, const uint8_t *p, bool with_flags)
{
	put_field(d, &F[LOCAL], p, 4);
	put_field(d, &F[METRIC], p + 4, 1);
	put_field(d, &F[THRESHOLD], p + 5, 1);
	if (with_flags)
		put_field(d, &F[FLAGS], p + 6, 1);
	put_field(d, &F[COUNT], p + (with_flags ? 7 : 6), 1);
}

/* The blank behind the arrow " ->" comes before or after the neighbour is looked for. */
static void
text_link(struct dis *d, const uint8_t *local, const char *arrow, const uint8_t *neighbor)
{
	put_field(d, &F[NEIGHBOR], neighbor, 4);
	text(d, " [");
	text_ip4(d, local);
	text(d, arrow);
	need(d, neighbor, 4);
	if (arrow[3] == 0)
		text_char(d, ' ');
	text_ip4(d, neighbor);
}

static void
text_neighbors(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		const uint8_t *local = p;
		unsigned n;

		if (!fits(d, "length", len, 7))
			return;
		put_interface(d, p, false);
		need(d, p, 7);
		n = p[6];
		p += 7;
		len -= 7;
		for (; n; n--, p += 4, len -= 4) {
			if (!fits(d, "length", len, 4))
				return;
			text_link(d, local, " ->", p);
			text_fmt(d, ", (%u/%u)]", local[4], local[5]);
		}
	}
}

static void
text_neighbors2(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		const uint8_t *local = p;
		unsigned n;

		if (!fits(d, "length", len, 8))
			return;
		put_interface(d, p, true);
		need(d, p, 8);
		n = p[7];
		p += 8;
		len -= 8;
		for (; n && len; n--, p += 4, len -= 4) {
			if (!fits(d, "length", len, 4))
				return;
			text_link(d, local, " -> ", p);
			text_fmt(d, " (%u/%u", local[4], local[5]);
			text_bits(d, flags, local[6], "", "");
			text(d, ")]");
		}
		if (n) {
			text_fmt(d, " [ncount %u]", n - 1);
			text_invalid(d);
			return;
		}
	}
}

static void
dvmrp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned code;

	enter(d, &proto_dvmrp);
	code = u8(d, p + 1);
	put_field(d, &F[CODE], p + 1, 1);
	text_char(d, ' ');
	text_name(d, codes, code, "[type %u]");
	p += HEADER;
	len -= HEADER;
	switch (code) {
	case PROBE:
		if (d->v)
			text_probe(d, p, len);
		break;
	case REPORT:
		if (d->v > 1)
			text_report(d, p, len);
		break;
	case NEIGHBORS:
		text_neighbors(d, p, len);
		break;
	case NEIGHBORS2:
		put_field(d, &F[MINOR], p - 2, 1);
		put_field(d, &F[MAJOR], p - 1, 1);
		need(d, p - 2, 2);
		text_fmt(d, " (v %u.%u):", p[-1], p[-2]);
		text_neighbors2(d, p, len);
		break;
	case PRUNE:
	case GRAFT:
	case GRAFT_ACK:
		put_field(d, &F[SOURCE], p, 4);
		put_field(d, &F[GROUP], p + 4, 4);
		need(d, p, 8);
		text(d, " src ");
		text_ip4(d, p);
		text(d, " grp ");
		text_ip4(d, p + 4);
		if (code != PRUNE)
			break;
		put_field(d, &F[LIFETIME], p + 8, 4);
		text(d, " timer ");
		text_duration(d, be32(d, p + 8));
		break;
	}
}

const struct proto proto_dvmrp = PROTO("dvmrp", "dvmrp", "Distance Vector Multicast Routing Protocol", dvmrp, F);
