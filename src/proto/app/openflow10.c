/* OpenFlow 1.0 (ONF TS-001): messages. */
#include "proto/app/openflow.h"

enum { ADD = 0, MODIFY = 1, MODIFY_STRICT = 2, DELETE = 3, DELETE_STRICT = 4 };

const struct name of10_types[] = {
	{ 0, "HELLO" }, { 1, "ERROR" }, { 2, "ECHO_REQUEST" }, { 3, "ECHO_REPLY" }, { 4, "VENDOR" }, { 5, "FEATURES_REQUEST" },
	{ 6, "FEATURES_REPLY" }, { 7, "GET_CONFIG_REQUEST" }, { 8, "GET_CONFIG_REPLY" }, { 9, "SET_CONFIG" }, { 10, "PACKET_IN" },
	{ 11, "FLOW_REMOVED" }, { 12, "PORT_STATUS" }, { 13, "PACKET_OUT" }, { 14, "FLOW_MOD" }, { 15, "PORT_MOD" },
	{ 16, "STATS_REQUEST" }, { 17, "STATS_REPLY" }, { 18, "BARRIER_REQUEST" }, { 19, "BARRIER_REPLY" },
	{ 20, "QUEUE_GET_CONFIG_REQUEST" }, { 21, "QUEUE_GET_CONFIG_REPLY" }, { 0, NULL }
};

static const struct name capabilities[] = {
	{ 0x01, "FLOW_STATS" }, { 0x02, "TABLE_STATS" }, { 0x04, "PORT_STATS" }, { 0x08, "STP" }, { 0x10, "RESERVED" },
	{ 0x20, "IP_REASM" }, { 0x40, "QUEUE_STATS" }, { 0x80, "ARP_MATCH_IP" }, { 0, NULL }
};
static const struct name action_bits[] = {
	{ 0x001, "OUTPUT" }, { 0x002, "SET_VLAN_VID" }, { 0x004, "SET_VLAN_PCP" }, { 0x008, "STRIP_VLAN" },
	{ 0x010, "SET_DL_SRC" }, { 0x020, "SET_DL_DST" }, { 0x040, "SET_NW_SRC" }, { 0x080, "SET_NW_DST" },
	{ 0x100, "SET_NW_TOS" }, { 0x200, "SET_TP_SRC" }, { 0x400, "SET_TP_DST" }, { 0x800, "ENQUEUE" }, { 0, NULL }
};
static const struct name fragments[] = { { 0, "FRAG_NORMAL" }, { 1, "FRAG_DROP" }, { 2, "FRAG_REASM" }, { 0, NULL } };
static const struct name commands[] = {
	{ ADD, "ADD" }, { MODIFY, "MODIFY" }, { MODIFY_STRICT, "MODIFY_STRICT" }, { DELETE, "DELETE" },
	{ DELETE_STRICT, "DELETE_STRICT" }, { 0, NULL }
};
static const struct name flow_flags[] = { { 1, "SEND_FLOW_REM" }, { 2, "CHECK_OVERLAP" }, { 4, "EMERG" }, { 0, NULL } };
static const struct name buffers[] = { { 0xffffffff, "NONE" }, { 0, NULL } };
static const struct name tables[] = { { 0xfe, "EMERG" }, { 0xff, "ALL" }, { 0, NULL } };
static const struct name queues[] = { { 0xffffffff, "ALL" }, { 0, NULL } };
static const struct name in_reasons[] = { { 0, "NO_MATCH" }, { 1, "ACTION" }, { 0, NULL } };
static const struct name removal_reasons[] = { { 0, "IDLE_TIMEOUT" }, { 1, "HARD_TIMEOUT" }, { 2, "DELETE" }, { 0, NULL } };
static const struct name port_reasons[] = { { 0, "ADD" }, { 1, "DELETE" }, { 2, "MODIFY" }, { 0, NULL } };

enum { DESC = 0, FLOW = 1, AGGREGATE = 2, TABLE = 3, PORT = 4, QUEUE = 5, VENDOR = 0xffff };
static const struct name stats_types[] = {
	{ DESC, "DESC" }, { FLOW, "FLOW" }, { AGGREGATE, "AGGREGATE" }, { TABLE, "TABLE" }, { PORT, "PORT" }, { QUEUE, "QUEUE" },
	{ VENDOR, "VENDOR" }, { 0, NULL }
};
static const struct name reply_flags[] = { { 1, "MORE" }, { 0, NULL } };

/* Errors, and the codes that each has. */
static const struct name errors[] = {
	{ 0, "HELLO_FAILED" }, { 1, "BAD_REQUEST" }, { 2, "BAD_ACTION" }, { 3, "FLOW_MOD_FAILED" }, { 4, "PORT_MOD_FAILED" },
	{ 5, "QUEUE_OP_FAILED" }, { 0, NULL }
};
static const struct name hello_codes[] = { { 0, "INCOMPATIBLE" }, { 1, "EPERM" }, { 0, NULL } };
static const struct name request_codes[] = {
	{ 0, "BAD_VERSION" }, { 1, "BAD_TYPE" }, { 2, "BAD_STAT" }, { 3, "BAD_VENDOR" }, { 4, "BAD_SUBTYPE" }, { 5, "EPERM" },
	{ 6, "BAD_LEN" }, { 7, "BUFFER_EMPTY" }, { 8, "BUFFER_UNKNOWN" }, { 0, NULL }
};
static const struct name action_codes[] = {
	{ 0, "BAD_TYPE" }, { 1, "BAD_LEN" }, { 2, "BAD_VENDOR" }, { 3, "BAD_VENDOR_TYPE" }, { 4, "BAD_OUT_PORT" },
	{ 5, "BAD_ARGUMENT" }, { 6, "EPERM" }, { 7, "TOO_MANY" }, { 8, "BAD_QUEUE" }, { 0, NULL }
};
static const struct name flow_codes[] = {
	{ 0, "ALL_TABLES_FULL" }, { 1, "OVERLAP" }, { 2, "EPERM" }, { 3, "BAD_EMERG_TIMEOUT" }, { 4, "BAD_COMMAND" },
	{ 5, "UNSUPPORTED" }, { 0, NULL }
};
static const struct name port_codes[] = { { 0, "BAD_PORT" }, { 1, "BAD_HW_ADDR" }, { 0, NULL } };
static const struct name queue_codes[] = { { 0, "BAD_PORT" }, { 1, "BAD_QUEUE" }, { 2, "EPERM" }, { 0, NULL } };
static const struct name *const codes[] = { hello_codes, request_codes, action_codes, flow_codes, port_codes, queue_codes };

const struct field of10_fields[OF_FIELDS] = {
	[OF_VERSION] = { "openflow.version", U8, .help = "Version" },
	[OF_TYPE10] = { "openflow_1_0.type", U8, .names = of10_types, .help = "Message type" },
	[OF_LENGTH] = { "openflow.length", U16, .help = "Length of the message" },
	[OF_XID] = { "openflow.xid", U32, .help = "Transaction" },
	[OF_DPID] = { "openflow.datapath_id", U64, .help = "Switch" },
	[OF_BUFFERS] = { "openflow.n_buffers", U32, .help = "Packets the switch can hold" },
	[OF_TABLES] = { "openflow.n_tables", U8, .help = "Number of tables" },
	[OF_CAPABILITIES] = { "openflow.capabilities", U32, .help = "What the switch can do" },
	[OF_ACTIONS] = { "openflow.actions", U32, .help = "Actions the switch knows" },
	[OF_PORT_NO] = { "openflow.port_no", U16, .names = of10_ports, .help = "Port" },
	[OF_HW_ADDR] = { "openflow.hw_add", MAC, .help = "Address of a port" },
	[OF_PORT_NAME] = { "openflow.port_name", STR, .help = "Name of a port" },
	[OF_PORT_CONFIG] = { "openflow.port_config", U32, .help = "Configuration of a port" },
	[OF_PORT_STATE] = { "openflow.port_state", U32, .help = "State of a port" },
	[OF_PORT_CURR] = { "openflow.port_curr", U32, .help = "Features in use at a port" },
	[OF_PORT_ADVERTISED] = { "openflow.port_advertised", U32, .help = "Features a port advertises" },
	[OF_PORT_SUPPORTED] = { "openflow.port_supported", U32, .help = "Features a port has" },
	[OF_PORT_PEER] = { "openflow.port_peer", U32, .help = "Features the neighbour advertises" },
	[OF_CONFIG] = { "openflow.config_flags", U16, .names = fragments, .help = "What is done with fragments" },
	[OF_MISS_SEND] = { "openflow.miss_send_len", U16, .help = "Bytes of a packet that the controller gets" },
	[OF_BUFFER] = { "openflow.buffer_id", U32, .names = buffers, .help = "Packet held by the switch" },
	[OF_TOTAL_LEN] = { "openflow.total_len", U16, .help = "Length of a packet" },
	[OF_IN_PORT] = { "openflow.in_port", U16, .names = of10_ports, .help = "Port a packet came in by" },
	[OF_REASON] = { "openflow.reason", U8, .help = "Why the message was sent" },
	[OF_TABLE] = { "openflow.table_id", U8, .names = tables, .help = "Table" },
	[OF_COOKIE] = { "openflow.cookie", U64, .help = "Controller's name of a flow" },
	[OF_ACTIONS_LEN] = { "openflow.actions_len", U16, .help = "Length of the actions" },
	[OF_ACTION_TYPE] = { "openflow.action_typ", U16, .help = "Action" },
	[OF_ACTION_LEN] = { "openflow.action_len", U16, .help = "Length of an action" },
	[OF_OUTPUT_PORT] = { "openflow.output_port", U16, .names = of10_ports, .help = "Port a packet goes out by" },
	[OF_MAX_LEN] = { "openflow.max_len", U16, .help = "Bytes of a packet that the controller gets" },
	[OF_WILDCARDS] = { "openflow.wildcards", U32, .help = "What a match does not look at" },
	[OF_COMMAND] = { "openflow.command", U16, .names = commands, .help = "What is to be done with a flow" },
	[OF_ETH_SRC] = { "openflow.eth_src", MAC, .help = "Match: Ethernet source" },
	[OF_ETH_DST] = { "openflow.eth_dst", MAC, .help = "Match: Ethernet destination" },
	[OF_VLAN] = { "openflow.dl_vlan", U16, .help = "Match: VLAN" },
	[OF_VLAN_PCP] = { "openflow.dl_vlan_pcp", U8, .help = "Match: VLAN priority" },
	[OF_DL_TYPE] = { "openflow.ofp_match.dl_type", U16, .names = ethertype_names, .help = "Match: EtherType" },
	[OF_TOS] = { "openflow.ofp_match.tos", U8, .help = "Match: type of service" },
	[OF_NW_PROTO] = { "openflow.ofp_match.nw_proto", U8, .help = "Match: IP protocol or ARP operation" },
	[OF_NW_SRC] = { "openflow.ofp_match.source_addr", IP4, .help = "Match: source address" },
	[OF_NW_DST] = { "openflow.ofp_match.dest_addr", IP4, .help = "Match: destination address" },
	[OF_TP_SRC] = { "openflow.ofp_match.source_port", U16, .help = "Match: source port or ICMP type" },
	[OF_TP_DST] = { "openflow.ofp_match.dest_port", U16, .help = "Match: destination port or ICMP code" },
	[OF_IDLE] = { "openflow.idle_timeout", U16, .help = "Idle seconds until a flow goes" },
	[OF_HARD] = { "openflow.hard_timeout", U16, .help = "Seconds until a flow goes" },
	[OF_PRIORITY] = { "openflow.priority", U16, .help = "Priority of a flow" },
	[OF_OUT_PORT] = { "openflow.out_port", U16, .names = of10_ports, .help = "Output port of the flows meant" },
	[OF_FLAGS] = { "openflow.flags", U16, .help = "Flags" },
	[OF_STATS] = { "openflow.stats.type", U16, .names = stats_types, .help = "Kind of statistics" },
};

static const struct field *const F = of10_fields;

/* A number that is said only when it is not 0. */
static void
number_if(struct dis *d, struct of_cut *c, enum of10_field f, const char *label)
{
	unsigned v = of_take(d, c, &F[f], 2);

	if (v)
		text(d, label), text_u(d, v);
}

/* --- switches and ports ------------------------------------------------------------------------------------------- */

static void
features(struct dis *d, struct of_cut *c)
{
	of_hex(d, c, &F[OF_DPID], "\n\t dpid ", 8);
	of_number(d, c, &F[OF_BUFFERS], ", n_buffers ", 4);
	of_number(d, c, &F[OF_TABLES], ", n_tables ", 1);
	of_skip(c, 3);
	of_bits(d, c, &F[OF_CAPABILITIES], "\n\t capabilities ", 4, capabilities, 0xef);
	of_bits(d, c, &F[OF_ACTIONS], "\n\t actions ", 4, action_bits, 0xfff);
	while (c->n && of_room(d, c, "\n\t ", OF10_PORT))
		of10_port(d, c);
}

static void
config(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_CONFIG], "\n\t flags ", 2, fragments, "invalid (0x%04x)");
	of_number(d, c, &F[OF_MISS_SEND], ", miss_send_len ", 2);
}

static void
port_mod(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_PORT_NO], "\n\t port_no ", 2, of10_ports, "%u");
	of_mac(d, c, &F[OF_HW_ADDR], ", hw_addr ");
	of_bits(d, c, &F[OF_PORT_CONFIG], "\n\t config ", 4, of10_port_config, OF10_CONFIG_KNOWN);
	of_bits(d, c, NULL, "\n\t mask ", 4, of10_port_config, OF10_CONFIG_KNOWN);
	of_bits(d, c, &F[OF_PORT_ADVERTISED], "\n\t advertise ", 4, of10_port_features, OF10_FEATURES_KNOWN);
	of_pass(d, c, 4);
}

static void
port_status(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_REASON], "\n\t reason ", 1, port_reasons, "invalid (0x%02x)");
	of_skip(c, 7);
	text(d, "\n\t ");
	of10_port(d, c);
}

static void
queue_request(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_PORT_NO], "\n\t port ", 2, of10_ports, "%u");
	of_pass(d, c, 2);
}

static void
queue_reply(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_PORT_NO], "\n\t port ", 2, of10_ports, "%u");
	of_pass(d, c, 6);
	of10_queues(d, c);
}

/* --- flows and packets -------------------------------------------------------------------------------------------- */

static void
flow_mod(struct dis *d, struct of_cut *c)
{
	unsigned command;

	of10_match(d, c, "\n\t ");
	of_hex(d, c, &F[OF_COOKIE], "\n\t cookie ", 8);
	command = of_take(d, c, &F[OF_COMMAND], 2);
	text(d, ", command ");
	text_name(d, commands, command, "invalid (0x%04x)");
	number_if(d, c, OF_IDLE, ", idle_timeout ");
	number_if(d, c, OF_HARD, ", hard_timeout ");
	number_if(d, c, OF_PRIORITY, ", priority ");
	if (command <= MODIFY_STRICT)
		of_name(d, c, &F[OF_BUFFER], ", buffer_id ", 4, buffers, "0x%08x");
	else
		of_skip(c, 4);
	if (command == DELETE || command == DELETE_STRICT)
		of_name(d, c, &F[OF_OUT_PORT], ", out_port ", 2, of10_ports, "%u");
	else
		of_skip(c, 2);
	of_bits(d, c, &F[OF_FLAGS], ", flags ", 2, flow_flags, 7);
	of10_actions(d, c, "\n\t ");
}

static void
flow_removed(struct dis *d, struct of_cut *c)
{
	of10_match(d, c, "\n\t ");
	of_hex(d, c, &F[OF_COOKIE], "\n\t cookie ", 8);
	number_if(d, c, OF_PRIORITY, ", priority ");
	of_name(d, c, &F[OF_REASON], ", reason ", 1, removal_reasons, "unknown (0x%02x)");
	of_skip(c, 1);
	of_number(d, c, NULL, ", duration_sec ", 4);
	of_number(d, c, NULL, ", duration_nsec ", 4);
	number_if(d, c, OF_IDLE, ", idle_timeout ");
	of_skip(c, 2);
	of_number(d, c, NULL, ", packet_count ", 8);
	of_number(d, c, NULL, ", byte_count ", 8);
}

static void
packet_in(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_BUFFER], "\n\t buffer_id ", 4, buffers, "0x%08x");
	of_number(d, c, &F[OF_TOTAL_LEN], ", total_len ", 2);
	of_name(d, c, &F[OF_IN_PORT], ", in_port ", 2, of10_ports, "%u");
	of_name(d, c, &F[OF_REASON], ", reason ", 1, in_reasons, "invalid (0x%02x)");
	of_pass(d, c, 1);
	of10_frame(d, c);
}

static void
packet_out(struct dis *d, struct of_cut *c)
{
	struct of_cut actions;
	unsigned len;

	of_hex(d, c, &F[OF_BUFFER], "\n\t buffer_id ", 4);
	of_name(d, c, &F[OF_IN_PORT], ", in_port ", 2, of10_ports, "%u");
	len = of_take(d, c, &F[OF_ACTIONS_LEN], 2);
	text(d, ", actions_len "), text_u(d, len);
	if (len > c->n) {
		of_bad(d, c, "actions_len", len, ">", c->n);
		return;
	}
	actions = (struct of_cut) { c->p, len };
	of10_actions(d, &actions, "\n\t ");
	of_skip(c, len);
	of10_frame(d, c);
}

/* --- statistics, section 5.3.5 ------------------------------------------------------------------------------------- */

static void
flow_stats_request(struct dis *d, struct of_cut *c)
{
	of10_match(d, c, "\n\t ");
	of_name(d, c, &F[OF_TABLE], "\n\t table_id ", 1, tables, "%u");
	of_skip(c, 1);
	of_name(d, c, &F[OF_OUT_PORT], ", out_port ", 2, of10_ports, "%u");
}

static void
port_stats_request(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_PORT_NO], "\n\t port_no ", 2, of10_ports, "%u");
	of_pass(d, c, 6);
}

static void
queue_stats_request(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_PORT_NO], "\n\t port_no ", 2, of10_ports, "%u");
	of_skip(c, 2);
	of_name(d, c, NULL, ", queue_id ", 4, queues, "%u");
}

static void
desc_stats(struct dis *d, struct of_cut *c)
{
	if (c->n != 1056) {
		of_bad(d, c, "len", c->n, "!=", 1056);
		return;
	}
	of_string(d, c, NULL, "\n\t  mfr_desc ", 256);
	of_string(d, c, NULL, "\n\t  hw_desc ", 256);
	of_string(d, c, NULL, "\n\t  sw_desc ", 256);
	of_string(d, c, NULL, "\n\t  serial_num ", 32);
	of_string(d, c, NULL, "\n\t  dp_desc ", 256);
}

static void
flow_stats(struct dis *d, struct of_cut *c)
{
	enum { ENTRY = 88 };

	while (c->n && of_room(d, c, "\n\t", ENTRY)) {
		struct of_cut at = *c, actions;
		unsigned len = of_take(d, &at, NULL, 2);

		text(d, " length "), text_u(d, len);
		if (len < ENTRY) {
			of_bad(d, c, "entry_len", len, "<", ENTRY);
			return;
		}
		if (len > c->n) {
			of_bad(d, c, "entry_len", len, ">", c->n);
			return;
		}
		of_name(d, &at, &F[OF_TABLE], ", table_id ", 1, tables, "%u");
		of_skip(&at, 1);
		of10_match(d, &at, "\n\t  ");
		of_number(d, &at, NULL, "\n\t  duration_sec ", 4);
		of_number(d, &at, NULL, ", duration_nsec ", 4);
		of_number(d, &at, &F[OF_PRIORITY], ", priority ", 2);
		of_number(d, &at, &F[OF_IDLE], ", idle_timeout ", 2);
		of_number(d, &at, &F[OF_HARD], ", hard_timeout ", 2);
		of_skip(&at, 6);
		of_hex(d, &at, &F[OF_COOKIE], ", cookie ", 8);
		of_number(d, &at, NULL, ", packet_count ", 8);
		of_number(d, &at, NULL, ", byte_count ", 8);
		actions = (struct of_cut) { at.p, len - ENTRY };
		of10_actions(d, &actions, "\n\t  ");
		of_skip(c, len);
	}
}

static void
aggregate_stats(struct dis *d, struct of_cut *c)
{
	if (c->n != 24) {
		of_bad(d, c, "len", c->n, "!=", 24);
		return;
	}
	of_number(d, c, NULL, "\n\t packet_count ", 8);
	of_number(d, c, NULL, ", byte_count ", 8);
	of_number(d, c, NULL, ", flow_count ", 4);
	of_pass(d, c, 4);
}

static void
table_stats(struct dis *d, struct of_cut *c)
{
	while (c->n && of_room(d, c, "\n\t", 64)) {
		of_name(d, c, &F[OF_TABLE], " table_id ", 1, tables, "%u");
		of_skip(c, 3);
		of_string(d, c, NULL, ", name ", 32);
		of_bits(d, c, &F[OF_WILDCARDS], "\n\t  wildcards ", 4, of10_wildcards, OF10_WILDCARDS_KNOWN);
		of_number(d, c, NULL, "\n\t  max_entries ", 4);
		of_number(d, c, NULL, ", active_count ", 4);
		of_number(d, c, NULL, ", lookup_count ", 8);
		of_number(d, c, NULL, ", matched_count ", 8);
	}
}

static void
port_stats(struct dis *d, struct of_cut *c)
{
	static const char *const counters[] = {
		", rx_packets ", ", tx_packets ", ", rx_bytes ", ", tx_bytes ", ", rx_dropped ", ", tx_dropped ", ", rx_errors ",
		", tx_errors ", ", rx_frame_err ", ", rx_over_err ", ", rx_crc_err ", ", collisions ",
	};

	while (c->n && of_room(d, c, "\n\t ", 104)) {
		of_name(d, c, &F[OF_PORT_NO], " port_no ", 2, of10_ports, "%u");
		if (d->v < 2) {
			of_pass(d, c, 102);
			continue;
		}
		of_skip(c, 6);
		for (unsigned i = 0; i < sizeof counters / sizeof *counters; i++)
			of_number(d, c, NULL, counters[i], 8);
	}
}

static void
queue_stats(struct dis *d, struct of_cut *c)
{
	while (c->n && of_room(d, c, "\n\t ", 32)) {
		of_name(d, c, &F[OF_PORT_NO], " port_no ", 2, of10_ports, "%u");
		of_skip(c, 2);
		of_number(d, c, NULL, ", queue_id ", 4);
		of_number(d, c, NULL, ", tx_bytes ", 8);
		of_number(d, c, NULL, ", tx_packets ", 8);
		of_number(d, c, NULL, ", tx_errors ", 8);
	}
}

/* Requests have a length each (vendors' do not), replies check theirs themselves. */
static const struct { of_walk *request, *reply; uint8_t len; } stats[] = {
	[DESC] = { NULL, desc_stats, 0 }, [FLOW] = { flow_stats_request, flow_stats, 44 },
	[AGGREGATE] = { flow_stats_request, aggregate_stats, 44 }, [TABLE] = { NULL, table_stats, 0 },
	[PORT] = { port_stats_request, port_stats, 8 }, [QUEUE] = { queue_stats_request, queue_stats, 8 },
};

static void
stats_request(struct dis *d, struct of_cut *c)
{
	unsigned type = of_take(d, c, &F[OF_STATS], 2), flags;

	text(d, "\n\t type ");
	text_name(d, stats_types, type, "invalid (0x%04x)");
	flags = be16(d, c->p);
	of_hex(d, c, &F[OF_FLAGS], ", flags ", 2);
	if (flags)
		text(d, " (bogus)");
	if (type == VENDOR)
		of10_vendor_data(d, c);
	else if (type >= sizeof stats / sizeof *stats)
		return;
	else if (c->n != stats[type].len)
		of_bad(d, c, "len", c->n, "!=", stats[type].len);
	else if (stats[type].request)
		stats[type].request(d, c);
}

static void
stats_reply(struct dis *d, struct of_cut *c)
{
	unsigned type = of_take(d, c, &F[OF_STATS], 2);

	text(d, "\n\t type ");
	text_name(d, stats_types, type, "invalid (0x%04x)");
	of_bits(d, c, &F[OF_FLAGS], ", flags ", 2, reply_flags, 1);
	if (type == VENDOR)
		of10_vendor_data(d, c);
	else if (type < sizeof stats / sizeof *stats)
		stats[type].reply(d, c);
	else
		need(d, c->p, c->n);
}

/* --- errors ------------------------------------------------------------------------------------------------------- */

static void
error(struct dis *d, struct of_cut *c)
{
	unsigned type = of_take(d, c, NULL, 2), code;

	text(d, "\n\t type ");
	text_name(d, errors, type, "invalid (0x%04x)");
	code = of_take(d, c, NULL, 2);
	text(d, ", code ");
	if (type < sizeof codes / sizeof *codes)
		text_name(d, codes[type], code, "invalid (0x%04x)");
	else
		text_fmt(d, "invalid (0x%04x)", code);
	of_data(d, c);
}

const struct of_message of10_messages[OF10_MESSAGES] = {
	{ of_data, OF_ANY, 0 }, { error, OF_LEAST, 4 }, { of_data, OF_ANY, 0 }, { of_data, OF_ANY, 0 },
	{ of10_vendor_message, OF_LEAST, 4 }, { NULL, OF_FIXED, 0 }, { features, OF_LEAST, 24 }, { NULL, OF_FIXED, 0 },
	{ config, OF_FIXED, 4 }, { config, OF_FIXED, 4 }, { packet_in, OF_LEAST, 10 }, { flow_removed, OF_FIXED, 80 },
	{ port_status, OF_FIXED, 56 }, { packet_out, OF_LEAST, 8 }, { flow_mod, OF_LEAST, 64 }, { port_mod, OF_FIXED, 24 },
	{ stats_request, OF_LEAST, 4 }, { stats_reply, OF_LEAST, 4 }, { NULL, OF_FIXED, 0 }, { NULL, OF_FIXED, 0 },
	{ queue_request, OF_FIXED, 4 }, { queue_reply, OF_LEAST, 8 },
};
