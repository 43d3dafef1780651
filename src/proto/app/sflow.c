/* sFlow version 5, https://sflow.org/sflow_version_5.txt. */
#include "dissect/dissect.h"

/*
 * What a record says is a list of numbers with words in front of them: the rows of these tables, in the order of the
 * bytes. DIRECTION and STATUS have words behind them too, SKIP says nothing.
 */
enum kind { N4, N8, DIRECTION, STATUS, SKIP, END };
struct item {
	enum kind kind;
	const char *lead;
};

static const struct item generic[] = {
	{ N4, "\n\t      ifindex " }, { N4, ", iftype " }, { N8, ", ifspeed " }, { DIRECTION, ", ifdirection " },
	{ STATUS, "\n\t      ifstatus " }, { N8, "\n\t      In octets " }, { N4, ", unicast pkts " },
	{ N4, ", multicast pkts " }, { N4, ", broadcast pkts " }, { N4, ", discards " },
	{ N4, "\n\t      In errors " }, { N4, ", unknown protos " }, { N8, "\n\t      Out octets " },
	{ N4, ", unicast pkts " }, { N4, ", multicast pkts " }, { N4, ", broadcast pkts " }, { N4, ", discards " },
	{ N4, "\n\t      Out errors " }, { N4, ", promisc mode " }, { END, NULL }
};
static const struct item ethernet[] = {
	{ N4, "\n\t      align errors " }, { N4, ", fcs errors " }, { N4, ", single collision " },
	{ N4, ", multiple collision " }, { N4, ", test error " }, { N4, "\n\t      deferred " },
	{ N4, ", late collision " }, { N4, ", excessive collision " }, { N4, ", mac trans error " },
	{ N4, "\n\t      carrier error " }, { N4, ", frames too long " }, { N4, ", mac receive errors " },
	{ N4, ", symbol errors " }, { END, NULL }
};
static const struct item base_vg[] = {
	{ N4, "\n\t      in high prio frames " }, { N8, ", in high prio octets " },
	{ N4, "\n\t      in norm prio frames " }, { N8, ", in norm prio octets " }, { N4, "\n\t      in ipm errors " },
	{ N4, ", oversized " }, { N4, ", in data errors " }, { N4, ", null addressed frames " },
	{ N4, "\n\t      out high prio frames " }, { N8, ", out high prio octets " }, { N4, ", trans into frames " },
	{ N8, "\n\t      in hc high prio octets " }, { N8, ", in hc norm prio octets " },
	{ N8, ", out hc high prio octets " }, { END, NULL }
};
static const struct item vlan[] = {
	{ N4, "\n\t      vlan_id " }, { N8, ", octets " }, { N4, ", unicast_pkt " }, { N4, ", multicast_pkt " },
	{ N4, ", broadcast_pkt " }, { N4, ", discards " }, { END, NULL }
};
static const struct item processor[] = {
	{ N4, "\n\t      5sec " }, { N4, ", 1min " }, { N4, ", 5min " }, { N8, ", total_mem " }, { N8, ", total_mem " },
	{ END, NULL }
};
static const struct item ethernet_frame[] = {
	{ N4, "\n\t      frame len " }, { SKIP, NULL }, { SKIP, NULL }, { SKIP, NULL }, { SKIP, NULL },
	{ N4, ", type " }, { END, NULL }
};
static const struct item switch_data[] = {
	{ N4, "\n\t      src vlan " }, { N4, ", src pri " }, { N4, ", dst vlan " }, { N4, ", dst pri " }, { END, NULL }
};
static const struct item nothing[] = { { END, NULL } };

static const struct name directions[] = {
	{ 0, "unknown" }, { 1, "full-duplex" }, { 2, "half-duplex" }, { 3, "in" }, { 4, "out" }, { 0, NULL }
};
static const struct name raw_protocols[] = { { 1, "Ethernet" }, { 11, "IPv4" }, { 12, "IPv6" }, { 0, NULL } };

enum { RAW_PACKET = 1 };
struct record {
	uint32_t type;
	const char *name;
	const struct item *items;	/* NULL: not by rows */
};
static const struct record counters[] = {
	{ 1, "Generic counter", generic }, { 2, "Ethernet counter", ethernet }, { 3, "Token ring counter", nothing },
	{ 4, "100 BaseVG counter", base_vg }, { 5, "Vlan counter", vlan }, { 1001, "Processor counter", processor },
	{ 0, NULL, NULL }
};
static const struct record flows[] = {
	{ RAW_PACKET, "Raw packet", NULL }, { 2, "Ethernet frame", ethernet_frame }, { 3, "IPv4 Data", nothing },
	{ 4, "IPv6 Data", nothing }, { 1001, "Extended Switch data", switch_data },
	{ 1002, "Extended Router data", nothing }, { 1003, "Extended Gateway data", nothing },
	{ 1004, "Extended User data", nothing }, { 1005, "Extended URL data", nothing },
	{ 1006, "Extended MPLS data", nothing }, { 1007, "Extended NAT data", nothing },
	{ 1008, "Extended MPLS tunnel", nothing }, { 1009, "Extended MPLS VC", nothing },
	{ 1010, "Extended MPLS FEC", nothing }, { 1011, "Extended MPLS LVP FEC", nothing },
	{ 1012, "Extended VLAN Tunnel", nothing }, { 0, NULL, NULL }
};

enum { HEADER4 = 28, HEADER6 = 40 };
enum { FLOW = 1, COUNTER = 2, EXPANDED_FLOW = 3, EXPANDED_COUNTER = 4 };
static const struct name samples[] = {
	{ FLOW, "flow sample" }, { COUNTER, "counter sample" }, { EXPANDED_FLOW, "expanded flow sample" },
	{ EXPANDED_COUNTER, "expanded counter sample" }, { 0, NULL }
};

enum { VERSION, AGENT, AGENT6, SUB, SEQ, UPTIME, COUNT, SAMPLE };
static const struct field F[] = {
	[VERSION] = { "sflow.version", U32, .help = "Version" },
	[AGENT] = { "sflow.agent", IP4, .help = "Agent" },
	[AGENT6] = { "sflow.agent.v6", IP6, .help = "Agent" },
	[SUB] = { "sflow.sub_agent_id", U32, .help = "Agent identifier" },
	[SEQ] = { "sflow.sequence_number", U32, .help = "Sequence number" },
	[UPTIME] = { "sflow.sysuptime", U32, .help = "Milliseconds since the agent started" },
	[COUNT] = { "sflow.numsamples", U32, .help = "Number of samples" },
	[SAMPLE] = { "sflow.sampletype", U32, .mask = 0xfff, .names = samples, .help = "Kind of a sample" },
};

extern const struct proto proto_sflow;

static uint32_t
item_size(enum kind kind)
{
	return kind == N8 ? 8 : 4;
}

/* A record whose body is at p, of which n bytes are left in the sample. False: it does not fit. */
static bool
text_items(struct dis *d, const struct item *items, const uint8_t *p, uint32_t n)
{
	uint32_t size = 0, v;

	for (const struct item *i = items; i->kind != END; i++)
		size += item_size(i->kind);
	if (n < size)
		return false;
	need(d, p, size);
	for (const struct item *i = items; i->kind != END; p += item_size(i->kind), i++) {
		if (i->kind == SKIP)
			continue;
		text(d, i->lead);
		v = raw32(p);
		text_u(d, i->kind == N8 ? be64(d, p) : v);
		if (i->kind == DIRECTION)
			text(d, " ("), text_name(d, directions, v, "Unknown"), text_char(d, ')');
		else if (i->kind == STATUS)
			text_fmt(d, ", adminstatus: %s, operstatus: %s", v & 1 ? "up" : "down",
			    v & 2 ? "up" : "down");
	}
	return true;
}

static bool
text_raw_packet(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (n < 16)
		return false;
	need(d, p, 16);
	text(d, "\n\t      protocol ");
	text_name(d, raw_protocols, raw32(p), "Unknown");
	text_fmt(d, " (%u), length %u, stripped bytes %u, header_size %u", raw32(p), raw32(p + 4), raw32(p + 8),
	    raw32(p + 12));
	return true;
}

/* count records in n bytes. False: they do not fit. */
static bool
records(struct dis *d, const struct record *known, const uint8_t *p, uint32_t n, uint32_t count)
{
	for (; count; count--) {
		const struct record *r = known;
		uint32_t format, enterprise, size;

		if (n < 8)
			return false;
		need(d, p, 8);
		format = raw32(p);
		size = raw32(p + 4);
		/* tcpdump takes the enterprise from other bits of a counter's format. */
		enterprise = format >> (known == counters ? 20 : 12);
		format &= 0xfff;
		while (r->name && r->type != format)
			r++;
		text_fmt(d, "\n\t    enterprise %u%s ", enterprise, known == counters ? "," : "");
		text(d, enterprise == 0 && r->name ? r->name : "Unknown");
		text_fmt(d, " (%u) length %u", format, size);
		p += 8;
		n -= 8;
		if (n < size)
			return false;
		if (enterprise == 0) {
			if (r->name == NULL) {
				if (d->v <= 1)
					text_unknown(d, p, "\n\t\t", size);
			} else if (!(r->items ? text_items(d, r->items, p, n) : text_raw_packet(d, p, n))) {
				return false;
			}
		}
		p += size;
		n -= size;
	}
	return true;
}

/* A sample of n bytes (as many as the datagram has left). False: it does not fit. */
static bool
sample(struct dis *d, uint32_t type, const uint8_t *p, uint32_t n)
{
	bool expanded = type == EXPANDED_FLOW || type == EXPANDED_COUNTER;
	bool flow = type == FLOW || type == EXPANDED_FLOW;
	uint32_t size = flow ? (expanded ? 44 : 32) : (expanded ? 16 : 12);
	const uint8_t *q = p + 4;

	if (n < size)
		return false;
	need(d, p, size);
	text_fmt(d, " seqnum %u", raw32(p));
	if (expanded)
		text_fmt(d, ", type %u, idx %u", raw32(q), raw32(q + 4));
	else
		text_fmt(d, ", type %u, idx %u", *q, raw32(q) & 0xffffff);
	q += expanded ? 8 : 4;
	if (flow) {
		text_fmt(d, ", rate %u, pool %u, drops %u,", raw32(q), raw32(q + 4), raw32(q + 8));
		if (!expanded)
			text_fmt(d, " input %u output %u", raw32(q + 12), raw32(q + 16));
	} else {
		text_char(d, ',');
	}
	text_fmt(d, " records %u", raw32(p + size - 4));
	return records(d, flow ? flows : counters, p + size, n - size, raw32(p + size - 4));
}

static void
sflow(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p;
	uint32_t count, header, n = len;
	bool six;

	enter(d, &proto_sflow);
	put_field(d, &F[VERSION], p, 4);
	need(d, p, 8);
	six = raw32(p + 4) != 1;
	if ((!six && len < HEADER4) || (raw32(p + 4) == 2 && len < HEADER6)) {
		text_fmt(d, "sFlowv%u [length %u < %u]", raw32(p), len, HEADER4);
		text_invalid(d);
		return;
	}
	need(d, p, HEADER4);
	if (raw32(p) != 5) {
		text_fmt(d, "sFlow version %u packet not supported", raw32(p));
		return;
	}
	header = six ? HEADER6 : HEADER4;
	put_field(d, &F[six ? AGENT6 : AGENT], p + 8, six ? 16 : 4);
	if (d->v)
		need(d, p, header);
	text(d, six ? "sFlowv5, IPv6 agent " : "sFlowv5, IPv4 agent ");
	if (six)
		text_ip6(d, p + 8);
	else
		text_ip4(d, p + 8);
	p += header;
	/* With an agent of unknown kind this can be less than nothing, and is taken for very much. */
	n -= header;
	put_field(d, &F[SUB], p - 16, 4);
	put_field(d, &F[SEQ], p - 12, 4);
	put_field(d, &F[UPTIME], p - 8, 4);
	put_field(d, &F[COUNT], p - 4, 4);
	text_fmt(d, ", agent-id %u", be32(d, p - 16));
	if (!d->v) {
		text(d, ", length "), text_u(d, len);
		return;
	}
	count = raw32(p - 4);
	text_fmt(d, ", seqnum %u, uptime %u, samples %u, length %u", raw32(p - 12), raw32(p - 8), count, len);
	for (; count && n; count--) {
		uint32_t type, size;

		if (n < 8)
			goto invalid;
		need(d, p, 8);
		type = raw32(p) & 0xfff;
		size = raw32(p + 4);
		put_field(d, &F[SAMPLE], p, 4);
		p += 8;
		n -= 8;
		text(d, "\n\t");
		text_name(d, samples, type, "Unknown");
		text_fmt(d, " (%u), length %u,", type, size);
		if (type == 0 || size == 0)
			return;
		if (n < size)
			goto invalid;
		need(d, p, size);
		if (!name_of(samples, type)) {
			if (d->v <= 1)
				text_unknown(d, p, "\n\t    ", size);
		} else if (!sample(d, type, p, n)) {
			goto invalid;
		}
		p += size;
		n -= size;
	}
	return;
invalid:
	text_invalid(d);
	need(d, start, len);
}

const struct proto proto_sflow = PROTO("sflow", "sflow", "InMon sFlow", sflow, F);
