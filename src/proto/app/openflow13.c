/* OpenFlow 1.3 (ONF TS-006): the messages whose bodies are shown. */
#include "proto/app/openflow.h"

const struct name of13_types[] = {
	{ 0, "HELLO" }, { 1, "ERROR" }, { 2, "ECHO_REQUEST" }, { 3, "ECHO_REPLY" }, { 4, "EXPERIMENTER" },
	{ 5, "FEATURES_REQUEST" }, { 6, "FEATURES_REPLY" }, { 7, "GET_CONFIG_REQUEST" }, { 8, "GET_CONFIG_REPLY" },
	{ 9, "SET_CONFIG" }, { 10, "PACKET_IN" }, { 11, "FLOW_REMOVED" }, { 12, "PORT_STATUS" }, { 13, "PACKET_OUT" },
	{ 14, "FLOW_MOD" }, { 15, "GROUP_MOD" }, { 16, "PORT_MOD" }, { 17, "TABLE_MOD" }, { 18, "MULTIPART_REQUEST" },
	{ 19, "MULTIPART_REPLY" }, { 20, "BARRIER_REQUEST" }, { 21, "BARRIER_REPLY" }, { 22, "QUEUE_GET_CONFIG_REQUEST" },
	{ 23, "QUEUE_GET_CONFIG_REPLY" }, { 24, "ROLE_REQUEST" }, { 25, "ROLE_REPLY" }, { 26, "GET_ASYNC_REQUEST" },
	{ 27, "GET_ASYNC_REPLY" }, { 28, "SET_ASYNC" }, { 29, "METER_MOD" }, { 0, NULL }
};

static const struct name versions[] = {
	{ 0x01, "1.0" }, { 0x02, "1.1" }, { 0x04, "1.2" }, { 0x08, "1.3" }, { 0x10, "1.4" }, { 0x20, "1.5" }, { 0, NULL }
};
static const struct name ports[] = {
	{ 0xffffff00, "MAX" }, { 0xfffffff8, "IN_PORT" }, { 0xfffffff9, "TABLE" }, { 0xfffffffa, "NORMAL" },
	{ 0xfffffffb, "FLOOD" }, { 0xfffffffc, "ALL" }, { 0xfffffffd, "CONTROLLER" }, { 0xfffffffe, "LOCAL" },
	{ 0xffffffff, "ANY" }, { 0, NULL }
};
static const struct name port_config[] = {
	{ 0x01, "PORT_DOWN" }, { 0x04, "NO_RECV" }, { 0x20, "NO_FWD" }, { 0x40, "NO_PACKET_IN" }, { 0, NULL }
};
static const struct name port_state[] = { { 1, "LINK_DOWN" }, { 2, "BLOCKED" }, { 4, "LIVE" }, { 0, NULL } };
static const struct name port_features[] = {
	{ 0x0001, "10MB_HD" }, { 0x0002, "10MB_FD" }, { 0x0004, "100MB_HD" }, { 0x0008, "100MB_FD" }, { 0x0010, "1GB_HD" },
	{ 0x0020, "1GB_FD" }, { 0x0040, "10GB_FD" }, { 0x0080, "40GB_FD" }, { 0x0100, "100GB_FD" }, { 0x0200, "1TB_FD" },
	{ 0x0400, "OTHER" }, { 0x0800, "COPPER" }, { 0x1000, "FIBER" }, { 0x2000, "AUTONEG" }, { 0x4000, "PAUSE" },
	{ 0x8000, "PAUSE_ASYM" }, { 0, NULL }
};
enum { CONFIG_KNOWN = 0x65, STATE_KNOWN = 7, FEATURES_KNOWN = 0xffff, CAPABILITIES_KNOWN = 0x16f };
static const struct name capabilities[] = {
	{ 0x001, "FLOW_STATS" }, { 0x002, "TABLE_STATS" }, { 0x004, "PORT_STATS" }, { 0x008, "GROUP_STATS" },
	{ 0x020, "IP_REASM" }, { 0x040, "QUEUE_STATS" }, { 0x100, "PORT_BLOCKED" }, { 0, NULL }
};
static const struct name fragments[] = { { 0, "FRAG_NORMAL" }, { 1, "FRAG_DROP" }, { 2, "FRAG_REASM" }, { 0, NULL } };
static const struct name lengths[] = { { 0xffe5, "MAX" }, { 0xffff, "NO_BUFFER" }, { 0, NULL } };
static const struct name tables[] = { { 0xfe, "MAX" }, { 0xff, "ALL" }, { 0, NULL } };
static const struct name roles[] = { { 0, "NOCHANGE" }, { 1, "EQUAL" }, { 2, "MASTER" }, { 3, "SLAVE" }, { 0, NULL } };
static const struct name port_reasons[] = { { 0, "ADD" }, { 1, "DELETE" }, { 2, "MODIFY" }, { 0, NULL } };
static const struct name packet_in_bits[] = { { 1, "NO_MATCH" }, { 2, "ACTION" }, { 4, "INVALID_TTL" }, { 0, NULL } };
static const struct name status_bits[] = { { 1, "ADD" }, { 2, "DELETE" }, { 4, "MODIFY" }, { 0, NULL } };

/* Errors, and the codes that each has. */
enum { EXPERIMENTER_ERROR = 0xffff };
static const struct name errors[] = {
	{ 0, "HELLO_FAILED" }, { 1, "BAD_REQUEST" }, { 2, "BAD_ACTION" }, { 3, "BAD_INSTRUCTION" }, { 4, "BAD_MATCH" },
	{ 5, "FLOW_MOD_FAILED" }, { 6, "GROUP_MOD_FAILED" }, { 7, "PORT_MOD_FAILED" }, { 8, "TABLE_MOD_FAILED" },
	{ 9, "QUEUE_OP_FAILED" }, { 10, "SWITCH_CONFIG_FAILED" }, { 11, "ROLE_REQUEST_FAILED" }, { 12, "METER_MOD_FAILED" },
	{ 13, "TABLE_FEATURES_FAILED" }, { EXPERIMENTER_ERROR, "EXPERIMENTER" }, { 0, NULL }
};
static const struct name hello_codes[] = { { 0, "INCOMPATIBLE" }, { 1, "EPERM" }, { 0, NULL } };
static const struct name request_codes[] = {
	{ 0, "BAD_VERSION" }, { 1, "BAD_TYPE" }, { 2, "BAD_MULTIPART" }, { 3, "BAD_EXPERIMENTER" }, { 4, "BAD_EXP_TYPE" },
	{ 5, "EPERM" }, { 6, "BAD_LEN" }, { 7, "BUFFER_EMPTY" }, { 8, "BUFFER_UNKNOWN" }, { 9, "BAD_TABLE_ID" },
	{ 10, "IS_SLAVE" }, { 11, "BAD_PORT" }, { 12, "BAD_PACKET" }, { 13, "MULTIPART_BUFFER_OVERFLOW" }, { 0, NULL }
};
static const struct name action_codes[] = {
	{ 0, "BAD_TYPE" }, { 1, "BAD_LEN" }, { 2, "BAD_EXPERIMENTER" }, { 3, "BAD_EXP_TYPE" }, { 4, "BAD_OUT_PORT" },
	{ 5, "BAD_ARGUMENT" }, { 6, "EPERM" }, { 7, "TOO_MANY" }, { 8, "BAD_QUEUE" }, { 9, "BAD_OUT_GROUP" },
	{ 10, "MATCH_INCONSISTENT" }, { 11, "UNSUPPORTED_ORDER" }, { 12, "BAD_TAG" }, { 13, "BAD_SET_TYPE" },
	{ 14, "BAD_SET_LEN" }, { 15, "BAD_SET_ARGUMENT" }, { 0, NULL }
};
static const struct name instruction_codes[] = {
	{ 0, "UNKNOWN_INST" }, { 1, "UNSUP_INST" }, { 2, "BAD_TABLE_ID" }, { 3, "UNSUP_METADATA" }, { 4, "UNSUP_METADATA_MASK" },
	{ 5, "BAD_EXPERIMENTER" }, { 6, "BAD_EXP_TYPE" }, { 7, "BAD_LEN" }, { 8, "EPERM" }, { 0, NULL }
};
static const struct name match_codes[] = {
	{ 0, "BAD_TYPE" }, { 1, "BAD_LEN" }, { 2, "BAD_TAG" }, { 3, "BAD_DL_ADDR_MASK" }, { 4, "BAD_NW_ADDR_MASK" },
	{ 5, "BAD_WILDCARDS" }, { 6, "BAD_FIELD" }, { 7, "BAD_VALUE" }, { 8, "BAD_MASK" }, { 9, "BAD_PREREQ" },
	{ 10, "DUP_FIELD" }, { 11, "EPERM" }, { 0, NULL }
};
static const struct name flow_codes[] = {
	{ 0, "UNKNOWN" }, { 1, "TABLE_FULL" }, { 2, "BAD_TABLE_ID" }, { 3, "OVERLAP" }, { 4, "EPERM" }, { 5, "BAD_TIMEOUT" },
	{ 6, "BAD_COMMAND" }, { 7, "BAD_FLAGS" }, { 0, NULL }
};
static const struct name group_codes[] = {
	{ 0, "GROUP_EXISTS" }, { 1, "INVALID_GROUP" }, { 2, "WEIGHT_UNSUPPORTED" }, { 3, "OUT_OF_GROUPS" },
	{ 4, "OUT_OF_BUCKETS" }, { 5, "CHAINING_UNSUPPORTED" }, { 6, "WATCH_UNSUPPORTED" }, { 7, "LOOP" },
	{ 8, "UNKNOWN_GROUP" }, { 9, "CHAINED_GROUP" }, { 10, "BAD_TYPE" }, { 11, "BAD_COMMAND" }, { 12, "BAD_BUCKET" },
	{ 13, "BAD_MATCH" }, { 14, "EPERM" }, { 0, NULL }
};
static const struct name port_codes[] = {
	{ 0, "BAD_PORT" }, { 1, "BAD_HW_ADDR" }, { 2, "BAD_CONFIG" }, { 3, "BAD_ADVERTISE" }, { 4, "EPERM" }, { 0, NULL }
};
static const struct name table_codes[] = { { 0, "BAD_TABLE" }, { 1, "BAD_CONFIG" }, { 2, "EPERM" }, { 0, NULL } };
static const struct name queue_codes[] = { { 0, "BAD_PORT" }, { 1, "BAD_QUEUE" }, { 2, "EPERM" }, { 0, NULL } };
static const struct name config_codes[] = { { 0, "BAD_FLAGS" }, { 1, "BAD_LEN" }, { 2, "EPERM" }, { 0, NULL } };
static const struct name role_codes[] = { { 0, "STALE" }, { 1, "UNSUP" }, { 2, "BAD_ROLE" }, { 0, NULL } };
static const struct name meter_codes[] = {
	{ 0, "UNKNOWN" }, { 1, "METER_EXISTS" }, { 2, "INVALID_METER" }, { 3, "UNKNOWN_METER" }, { 4, "BAD_COMMAND" },
	{ 5, "BAD_FLAGS" }, { 6, "BAD_RATE" }, { 7, "BAD_BURST" }, { 8, "BAD_BAND" }, { 9, "BAD_BAND_VALUE" },
	{ 10, "OUT_OF_METERS" }, { 11, "OUT_OF_BANDS" }, { 0, NULL }
};
static const struct name feature_codes[] = {
	{ 0, "BAD_TABLE" }, { 1, "BAD_METADATA" }, { 2, "BAD_TYPE" }, { 3, "BAD_LEN" }, { 4, "BAD_ARGUMENT" }, { 5, "EPERM" },
	{ 0, NULL }
};
static const struct name *const codes[] = {
	hello_codes, request_codes, action_codes, instruction_codes, match_codes, flow_codes, group_codes, port_codes,
	table_codes, queue_codes, config_codes, role_codes, meter_codes, feature_codes,
};

enum {
	VERSION, TYPE, LENGTH, XID, DPID, BUFFERS, TABLES, AUXILIARY, CAPABILITIES,
	PORT_NO, HW_ADDR, NAME, CONFIG, STATE, CURRENT, ADVERTISED, SUPPORTED, PEER, CURR_SPEED, MAX_SPEED, FRAGMENTS, MISS_SEND,
	MOD_PORT, MOD_ADDR, MOD_CONFIG, MOD_MASK, MOD_ADVERTISE, STATUS_REASON, TABLE, TABLE_CONFIG, ROLE, GENERATION, ELEMENT,
	ELEMENT_LEN, BITMAP, ERROR, CODE, EXPERIMENTER, EXP_TYPE, QUEUE_PORT,
};
static const struct field F[] = {
	[VERSION] = { "openflow_v4.version", U8, .help = "Version" },
	[TYPE] = { "openflow_v4.type", U8, .names = of13_types, .help = "Message type" },
	[LENGTH] = { "openflow_v4.length", U16, .help = "Length of the message" },
	[XID] = { "openflow_v4.xid", U32, .help = "Transaction" },
	[DPID] = { "openflow_v4.switch_features.datapath_id", U64, .help = "Switch" },
	[BUFFERS] = { "openflow_v4.switch_features.n_buffers", U32, .help = "Packets the switch can hold" },
	[TABLES] = { "openflow_v4.switch_features.n_tables", U8, .help = "Number of tables" },
	[AUXILIARY] = { "openflow_v4.switch_features.auxiliary_id", U8, .help = "Auxiliary connection" },
	[CAPABILITIES] = { "openflow_v4.switch_features.capabilities", U32, .help = "What the switch can do" },
	[PORT_NO] = { "openflow_v4.port.port_no", U32, .names = ports, .help = "Port" },
	[HW_ADDR] = { "openflow_v4.port.hw_addr", MAC, .help = "Address of a port" },
	[NAME] = { "openflow_v4.port.name", STR, .help = "Name of a port" },
	[CONFIG] = { "openflow_v4.port.config", U32, .help = "Configuration of a port" },
	[STATE] = { "openflow_v4.port.sate", U32, .help = "State of a port (spelt as Wireshark does)" },
	[CURRENT] = { "openflow_v4.port.current", U32, .help = "Features in use at a port" },
	[ADVERTISED] = { "openflow_v4.port.advertised", U32, .help = "Features a port advertises" },
	[SUPPORTED] = { "openflow_v4.port.supported", U32, .help = "Features a port has" },
	[PEER] = { "openflow_v4.port.peer", U32, .help = "Features the neighbour advertises" },
	[CURR_SPEED] = { "openflow_v4.port.curr_speed", U32, .help = "Bit rate of a port in kb/s" },
	[MAX_SPEED] = { "openflow_v4.port.max_speed", U32, .help = "Highest bit rate of a port in kb/s" },
	[FRAGMENTS] = { "openflow_v4.switch_config.flags", U16, .names = fragments, .help = "What is done with fragments" },
	[MISS_SEND] = { "openflow_v4.switch_config.miss_send_len", U16, .help = "Bytes of a packet that the controller gets" },
	[MOD_PORT] = { "openflow_v4.portmod.port_no", U32, .names = ports, .help = "Port to be changed" },
	[MOD_ADDR] = { "openflow_v4.portmod.hw_addr", MAC, .help = "Address of the port to be changed" },
	[MOD_CONFIG] = { "openflow_v4.portmod.config", U32, .help = "New configuration of a port" },
	[MOD_MASK] = { "openflow_v4.portmod.mask", U32, .help = "What is to be changed in it" },
	[MOD_ADVERTISE] = { "openflow_v4.portmod.advertise", U32, .help = "Features to be advertised" },
	[STATUS_REASON] = { "openflow_v4.port_status.reason", U8, .names = port_reasons, .help = "What happened to a port" },
	[TABLE] = { "openflow_v4.tablemod.table_id", U8, .names = tables, .help = "Table" },
	[TABLE_CONFIG] = { "openflow_v4.tablemod.config", BYTES, .help = "Configuration of a table" },
	[ROLE] = { "openflow_v4.role_request.role", U32, .names = roles, .help = "Role of the controller" },
	[GENERATION] = { "openflow_v4.role_request.generation_id", U64, .help = "Generation of the role" },
	[ELEMENT] = { "openflow_v4.hello_element.type", U16, .help = "Element of a hello" },
	[ELEMENT_LEN] = { "openflow_v4.hello_element.length", U16, .help = "Length of an element" },
	[BITMAP] = { "openflow_v4.hello_element.version.bitmap", BYTES, .help = "Versions that are spoken" },
	[ERROR] = { "openflow_v4.error.type", U16, .names = errors, .help = "Kind of error" },
	[CODE] = { "openflow_v4.error.code", U16, .help = "Which error of that kind" },
	[EXPERIMENTER] = { "openflow_v4.experimenter.experimenter", U32, .help = "Experimenter" },
	[EXP_TYPE] = { "openflow_v4.experimenter.exp_type", U32, .help = "Experimenter's message type" },
	[QUEUE_PORT] = { "openflow_v4.queue_get_config_request.port", U32, .names = ports, .help = "Port of the queues" },
};

extern const struct proto proto_openflow_v4;

/* --- switches and ports ------------------------------------------------------------------------------------------- */

static void
port(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[PORT_NO], "\n\t  port_no ", 4, ports, "%u");
	of_skip(c, 4);
	of_mac(d, c, &F[HW_ADDR], ", hw_addr ");
	of_skip(c, 2);
	of_string(d, c, &F[NAME], ", name ", 16);
	if (d->v < 2) {
		of_pass(d, c, 32);
		return;
	}
	of_bits(d, c, &F[CONFIG], "\n\t   config ", 4, port_config, CONFIG_KNOWN);
	of_bits(d, c, &F[STATE], "\n\t   state ", 4, port_state, STATE_KNOWN);
	of_bits(d, c, &F[CURRENT], "\n\t   curr ", 4, port_features, FEATURES_KNOWN);
	of_bits(d, c, &F[ADVERTISED], "\n\t   advertised ", 4, port_features, FEATURES_KNOWN);
	of_bits(d, c, &F[SUPPORTED], "\n\t   supported ", 4, port_features, FEATURES_KNOWN);
	of_bits(d, c, &F[PEER], "\n\t   peer ", 4, port_features, FEATURES_KNOWN);
	of_number(d, c, &F[CURR_SPEED], "\n\t   curr_speed ", 4);
	text(d, "kbps");
	of_number(d, c, &F[MAX_SPEED], "\n\t   max_speed ", 4);
	text(d, "kbps");
}

static void
features(struct dis *d, struct of_cut *c)
{
	of_hex(d, c, &F[DPID], "\n\t dpid ", 8);
	of_number(d, c, &F[BUFFERS], ", n_buffers ", 4);
	of_number(d, c, &F[TABLES], ", n_tables ", 1);
	of_number(d, c, &F[AUXILIARY], ", auxiliary_id ", 1);
	of_skip(c, 2);
	of_bits(d, c, &F[CAPABILITIES], "\n\t capabilities ", 4, capabilities, CAPABILITIES_KNOWN);
	of_pass(d, c, 4);
}

static void
config(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[FRAGMENTS], "\n\t flags ", 2, fragments, "invalid (0x%04x)");
	of_name(d, c, &F[MISS_SEND], ", miss_send_len ", 2, lengths, "%u");
}

static void
port_mod(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[MOD_PORT], "\n\t port_no ", 4, ports, "%u");
	of_skip(c, 4);
	of_mac(d, c, &F[MOD_ADDR], ", hw_addr ");
	of_skip(c, 2);
	of_bits(d, c, &F[MOD_CONFIG], "\n\t  config ", 4, port_config, CONFIG_KNOWN);
	of_bits(d, c, &F[MOD_MASK], "\n\t  mask ", 4, port_config, CONFIG_KNOWN);
	of_bits(d, c, &F[MOD_ADVERTISE], "\n\t  advertise ", 4, port_features, FEATURES_KNOWN);
	of_pass(d, c, 4);
}

static void
port_status(struct dis *d, struct of_cut *c)
{
	/* tcpdump does not show the number either. */
	of_name(d, c, &F[STATUS_REASON], "\n\t reason ", 1, port_reasons, "invalid (0x02x)");
	of_skip(c, 7);
	port(d, c);
}

static void
table_mod(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[TABLE], "\n\t table_id ", 1, tables, "%u");
	of_skip(c, 3);
	of_hex(d, c, &F[TABLE_CONFIG], ", config ", 4);
}

static void
queue_request(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[QUEUE_PORT], "\n\t port ", 4, ports, "%u");
	of_pass(d, c, 4);
}

/* --- controllers --------------------------------------------------------------------------------------------------- */

static void
role(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[ROLE], "\n\t role ", 4, roles, "invalid (0x%08x)");
	of_skip(c, 4);
	of_hex(d, c, &F[GENERATION], ", generation_id ", 8);
}

/* What is sent to a controller that is master or equal, and to a slave. */
static void
async(struct dis *d, struct of_cut *c)
{
	of_bits(d, c, NULL, "\n\t packet_in_mask[EM] ", 4, packet_in_bits, 7);
	of_bits(d, c, NULL, "\n\t packet_in_mask[S] ", 4, packet_in_bits, 7);
	of_bits(d, c, NULL, "\n\t port_status_mask[EM] ", 4, status_bits, 7);
	of_bits(d, c, NULL, "\n\t port_status_mask[S] ", 4, status_bits, 7);
	of_bits(d, c, NULL, "\n\t flow_removed_mask[EM] ", 4, status_bits, 7);
	of_bits(d, c, NULL, "\n\t flow_removed_mask[S] ", 4, status_bits, 7);
}

/* Section 7.5.1: elements, of which only one has been defined, in the form of a single bitmap. */
static void
hello(struct dis *d, struct of_cut *c)
{
	enum { ELEMENT_HEADER = 4, VERSIONS = 1, KNOWN = 0x3f };
	static const struct name elements[] = { { VERSIONS, "VERSIONBITMAP" }, { 0, NULL } };

	while (c->n && of_room(d, c, "\n\t", ELEMENT_HEADER)) {
		unsigned type = of_take(d, c, &F[ELEMENT], 2), len;

		text(d, " type ");
		text_name(d, elements, type, "unknown (0x%04x)");
		len = of_take(d, c, &F[ELEMENT_LEN], 2);
		text(d, ", length "), text_u(d, len);
		if (len < ELEMENT_HEADER) {
			of_bad(d, c, "bmlen", len, "<", ELEMENT_HEADER);
			return;
		}
		if (len > c->n + ELEMENT_HEADER) {
			of_bad(d, c, "bmlen", len, ">", c->n + ELEMENT_HEADER);
			return;
		}
		len -= ELEMENT_HEADER;
		if (type == VERSIONS && len == 4) {
			of_bits(d, c, &F[BITMAP], ", bitmap ", 4, versions, KNOWN);
			continue;
		}
		if (type == VERSIONS)
			text(d, " (bogus)");
		of_pass(d, c, len);
	}
}

static void
experimenter(struct dis *d, struct of_cut *c)
{
	of_vendor(d, c, &F[EXPERIMENTER], "\n\t experimenter ");
	of_hex(d, c, &F[EXP_TYPE], ", exp_type ", 4);
	of_data(d, c);
}

static void
error(struct dis *d, struct of_cut *c)
{
	unsigned type = of_take(d, c, &F[ERROR], 2), code;

	text(d, "\n\t type ");
	text_name(d, errors, type, "invalid (0x%04x)");
	code = of_take(d, c, &F[CODE], 2);
	text(d, ", code ");
	if (type < sizeof codes / sizeof *codes)
		text_name(d, codes[type], code, "invalid (0x%04x)");
	else
		text_fmt(d, "invalid (0x%04x)", code);
	of_data(d, c);
}

const struct of_message of13_messages[OF13_MESSAGES] = {
	{ hello, OF_ANY, 0 }, { error, OF_LEAST, 4 }, { of_data, OF_ANY, 0 }, { of_data, OF_ANY, 0 },
	{ experimenter, OF_LEAST, 8 },
	{ NULL, OF_FIXED, 0 }, { features, OF_FIXED, 24 }, { NULL, OF_FIXED, 0 }, { config, OF_FIXED, 4 },
	{ config, OF_FIXED, 4 }, { NULL, OF_ANY, 0 },
	{ NULL, OF_ANY, 0 }, { port_status, OF_FIXED, 72 }, { NULL, OF_ANY, 0 }, { NULL, OF_ANY, 0 },
	{ NULL, OF_ANY, 0 }, { port_mod, OF_FIXED, 32 }, { table_mod, OF_FIXED, 8 }, { NULL, OF_ANY, 0 }, { NULL, OF_ANY, 0 },
	{ NULL, OF_FIXED, 0 }, { NULL, OF_FIXED, 0 }, { queue_request, OF_FIXED, 8 }, { NULL, OF_ANY, 0 }, { role, OF_FIXED, 16 },
	{ role, OF_FIXED, 16 }, { NULL, OF_FIXED, 0 }, { async, OF_FIXED, 24 }, { async, OF_FIXED, 24 }, { NULL, OF_ANY, 0 },
};

void
of13_put_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (d->layer != &proto_openflow_v4)
		enter(d, &proto_openflow_v4);
	put_field(d, &F[VERSION], p, 1);
	if (len >= 2)
		put_field(d, &F[TYPE], p + 1, 1);
	if (len >= 4)
		put_field(d, &F[LENGTH], p + 2, 2);
	if (len >= OF_HEADER)
		put_field(d, &F[XID], p + 4, 4);
}

/* Messages of all versions come in the same segments. */
const struct proto proto_openflow_v4 = PROTO("openflow_v4", "openflow", "OpenFlow 1.3", of_segment, F);
