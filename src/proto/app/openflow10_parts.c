/* OpenFlow 1.0 (ONF TS-001): what messages are made of, and Big Switch Networks' extensions. */
#include "proto/app/openflow.h"

const struct name of10_ports[] = {
	{ 0xff00, "MAX" }, { 0xfff8, "IN_PORT" }, { 0xfff9, "TABLE" }, { 0xfffa, "NORMAL" }, { 0xfffb, "FLOOD" },
	{ 0xfffc, "ALL" }, { 0xfffd, "CONTROLLER" }, { 0xfffe, "LOCAL" }, { 0xffff, "NONE" }, { 0, NULL }
};
const struct name of10_port_config[] = {
	{ 0x01, "PORT_DOWN" }, { 0x02, "NO_STP" }, { 0x04, "NO_RECV" }, { 0x08, "NO_RECV_STP" }, { 0x10, "NO_FLOOD" },
	{ 0x20, "NO_FWD" }, { 0x40, "NO_PACKET_IN" }, { 0, NULL }
};
const struct name of10_port_features[] = {
	{ 0x001, "10MB_HD" }, { 0x002, "10MB_FD" }, { 0x004, "100MB_HD" }, { 0x008, "100MB_FD" }, { 0x010, "1GB_HD" },
	{ 0x020, "1GB_FD" }, { 0x040, "10GB_FD" }, { 0x080, "COPPER" }, { 0x100, "FIBER" }, { 0x200, "AUTONEG" },
	{ 0x400, "PAUSE" }, { 0x800, "PAUSE_ASYM" }, { 0, NULL }
};

enum { LINK_DOWN = 0x001, STP_STATE = 0x300 };
static const struct name stp_states[] = {
	{ 0x000, "STP_LISTEN" }, { 0x100, "STP_LEARN" }, { 0x200, "STP_FORWARD" }, { 0x300, "STP_BLOCK" }, { 0, NULL }
};

enum {
	W_IN_PORT = 0x01, W_VLAN = 0x02, W_DL_SRC = 0x04, W_DL_DST = 0x08, W_DL_TYPE = 0x10, W_NW_PROTO = 0x20, W_TP_SRC = 0x40,
	W_TP_DST = 0x80, W_PCP = 0x100000, W_TOS = 0x200000, W_NW_SRC_SHIFT = 8, W_NW_DST_SHIFT = 14, W_NW_BITS = 0x3f,
};
const struct name of10_wildcards[] = {
	{ W_IN_PORT, "IN_PORT" }, { W_VLAN, "DL_VLAN" }, { W_DL_SRC, "DL_SRC" }, { W_DL_DST, "DL_DST" },
	{ W_DL_TYPE, "DL_TYPE" },
	{ W_NW_PROTO, "NW_PROTO" }, { W_TP_SRC, "TP_SRC" }, { W_TP_DST, "TP_DST" }, { W_PCP, "DL_VLAN_PCP" },
	{ W_TOS, "NW_TOS" }, { 0, NULL }
};

static const struct field *const F = of10_fields;

/* --- ports -------------------------------------------------------------------------------------------------------- */

/* Section 5.2.1, behind the line break. */
void
of10_port(struct dis *d, struct of_cut *c)
{
	uint32_t state;

	of_name(d, c, &F[OF_PORT_NO], " port_no ", 2, of10_ports, "%u");
	of_mac(d, c, &F[OF_HW_ADDR], ", hw_addr ");
	of_string(d, c, &F[OF_PORT_NAME], ", name ", 16);
	if (d->v < 2) {
		of_pass(d, c, 24);
		return;
	}
	of_bits(d, c, &F[OF_PORT_CONFIG], "\n\t   config ", 4, of10_port_config, OF10_CONFIG_KNOWN);
	state = of_take(d, c, &F[OF_PORT_STATE], 4);
	text_fmt(d, "\n\t   state 0x%08x (", state);
	text_name(d, stp_states, state & STP_STATE, "");
	text(d, state & LINK_DOWN ? ", LINK_DOWN)" : ")");
	text(d, state & ~(uint32_t)(STP_STATE | LINK_DOWN) ? " (bogus)" : "");
	of_bits(d, c, &F[OF_PORT_CURR], "\n\t   curr ", 4, of10_port_features, OF10_FEATURES_KNOWN);
	of_bits(d, c, &F[OF_PORT_ADVERTISED], "\n\t   advertised ", 4, of10_port_features, OF10_FEATURES_KNOWN);
	of_bits(d, c, &F[OF_PORT_SUPPORTED], "\n\t   supported ", 4, of10_port_features, OF10_FEATURES_KNOWN);
	of_bits(d, c, &F[OF_PORT_PEER], "\n\t   peer ", 4, of10_port_features, OF10_FEATURES_KNOWN);
}

/* --- queues, section 5.2.2 ------------------------------------------------------------------------------------------ */

enum { PROPERTY_NONE = 0, PROPERTY_MIN_RATE = 1, PROPERTY = 8, PROPERTY_RATE = 16, QUEUE = 8 };
static const struct name properties[] = { { PROPERTY_NONE, "NONE" }, { PROPERTY_MIN_RATE, "MIN_RATE" }, { 0, NULL } };

static void
queue_properties(struct dis *d, struct of_cut *c)
{
	while (c->n) {
		unsigned type, len, rate;

		if (!of_room(d, c, "\n\t  ", PROPERTY))
			return;
		type = of_take(d, c, NULL, 2);
		text(d, " property ");
		text_name(d, properties, type, "invalid (0x%04x)");
		len = of_take(d, c, NULL, 2);
		text(d, ", len "), text_u(d, len);
		if (len < PROPERTY) {
			of_bad(d, c, "plen", len, "<", PROPERTY);
			return;
		}
		if (len > c->n + 4) {
			of_bad(d, c, "plen", len, ">", c->n + 4);
			return;
		}
		of_pass(d, c, 4);
		if (type == PROPERTY_MIN_RATE && len == PROPERTY_RATE) {
			rate = of_take(d, c, NULL, 2);
			if (rate > 1000)
				text(d, ", rate disabled");
			else
				text_fmt(d, ", rate %u.%u%%", rate / 10, rate % 10);
			of_pass(d, c, 6);
			continue;
		}
		if (type == PROPERTY_MIN_RATE || (type == PROPERTY_NONE && len != PROPERTY))
			text(d, " (bogus)");
		of_pass(d, c, len - PROPERTY);
	}
}

void
of10_queues(struct dis *d, struct of_cut *c)
{
	while (c->n) {
		struct of_cut in;
		unsigned len;

		if (!of_room(d, c, "\n\t ", QUEUE))
			return;
		of_number(d, c, NULL, " queue_id ", 4);
		len = of_take(d, c, NULL, 2);
		text(d, ", len "), text_u(d, len);
		if (len < QUEUE) {
			of_bad(d, c, "desclen", len, "<", QUEUE);
			return;
		}
		if (len > c->n + 6) {
			of_bad(d, c, "desclen", len, ">", c->n + 6);
			return;
		}
		of_pass(d, c, 2);
		in = (struct of_cut) { c->p, len - QUEUE };
		if (d->v >= 2)
			queue_properties(d, &in);
		else
			need(d, in.p, in.n);
		of_skip(c, len - QUEUE);
	}
}

/* --- flow matches, section 5.2.3 ------------------------------------------------------------------------------------- */

static void
text_vlan(struct dis *d, unsigned id)
{
	if (id == 0xffff)
		text(d, "NONE");
	else
		text_fmt(d, "%u%s", id, id > 0 && id < 0xfff ? "" : " (bogus)");
}

static void
text_priority(struct dis *d, unsigned priority)
{
	text_fmt(d, "%u%s", priority, priority <= 7 ? "" : " (bogus)");
}

/* Begins the line of a criterion whose n bytes are at p, and notes it. */
static void
criterion(struct dis *d, const char *indent, const char *what, enum of10_field f, const uint8_t *p, unsigned n)
{
	put_field(d, &F[f], p, n);
	need(d, p, n);
	text(d, indent), text(d, "match "), text(d, what), text_char(d, ' ');
}

/* A network address of which so many low bits do not count. */
static void
network(struct dis *d, const char *indent, const char *what, enum of10_field f, const uint8_t *p, unsigned ignored)
{
	if (ignored >= 32)
		return;
	criterion(d, indent, what, f, p, 4);
	text_ip4(d, p);
	text_char(d, '/'), text_u(d, 32 - ignored);
}

void
of10_match(struct dis *d, struct of_cut *c, const char *indent)
{
	const uint8_t *p = c->p;
	uint32_t wild = of_take(d, c, &F[OF_WILDCARDS], 4);
	unsigned type, proto;
	bool icmp;

	if (wild & ~(uint32_t)OF10_WILDCARDS_KNOWN)
		text_fmt(d, "%swildcards 0x%08x (bogus)", indent, wild);
	if (!(wild & W_IN_PORT)) {
		criterion(d, indent, "in_port", OF_IN_PORT, p + 4, 2);
		text_name(d, of10_ports, raw16(p + 4), "%u");
	}
	if (!(wild & W_DL_SRC)) {
		criterion(d, indent, "dl_src", OF_ETH_SRC, p + 6, 6);
		text_mac(d, p + 6);
	}
	if (!(wild & W_DL_DST)) {
		criterion(d, indent, "dl_dst", OF_ETH_DST, p + 12, 6);
		text_mac(d, p + 12);
	}
	if (!(wild & W_VLAN)) {
		criterion(d, indent, "dl_vlan", OF_VLAN, p + 18, 2);
		text_vlan(d, raw16(p + 18));
	}
	if (!(wild & W_PCP)) {
		criterion(d, indent, "dl_vlan_pcp", OF_VLAN_PCP, p + 20, 1);
		text_priority(d, p[20]);
	}
	type = be16(d, p + 22);
	if (!(wild & W_DL_TYPE)) {
		criterion(d, indent, "dl_type", OF_DL_TYPE, p + 22, 2);
		text_fmt(d, "0x%04x", type);
	}
	if (!(wild & W_TOS)) {
		criterion(d, indent, "nw_tos", OF_TOS, p + 24, 1);
		text_fmt(d, "0x%02x", p[24]);
	}
	proto = u8(d, p + 25);
	if (!(wild & W_NW_PROTO)) {
		bool arp = !(wild & W_DL_TYPE) && type == ETH_ARP;

		criterion(d, indent, arp ? "arp_opcode" : "nw_proto", OF_NW_PROTO, p + 25, 1);
		text_u(d, proto);
	}
	network(d, indent, "nw_src", OF_NW_SRC, p + 28, wild >> W_NW_SRC_SHIFT & W_NW_BITS);
	network(d, indent, "nw_dst", OF_NW_DST, p + 32, wild >> W_NW_DST_SHIFT & W_NW_BITS);
	icmp = !(wild & (W_DL_TYPE | W_NW_PROTO)) && type == ETH_IP && proto == IPP_ICMP;
	if (!(wild & W_TP_SRC)) {
		criterion(d, indent, icmp ? "icmp_type" : "tp_src", OF_TP_SRC, p + 36, 2);
		text_u(d, raw16(p + 36));
	}
	if (!(wild & W_TP_DST)) {
		criterion(d, indent, icmp ? "icmp_code" : "tp_dst", OF_TP_DST, p + 38, 2);
		text_u(d, raw16(p + 38));
	}
	of_pass(d, c, OF10_MATCH - 4);
}

/* --- Big Switch Networks ---------------------------------------------------------------------------------------------- */

enum { VENDOR_BSN = 0x5c16c7, MIRROR = 1 };

static const struct name bsn_types[] = {
	{ 0, "SET_IP_MASK" }, { 1, "GET_IP_MASK_REQUEST" }, { 2, "GET_IP_MASK_REPLY" }, { 3, "SET_MIRRORING" },
	{ 4, "GET_MIRRORING_REQUEST" }, { 5, "GET_MIRRORING_REPLY" }, { 6, "SHELL_COMMAND" }, { 7, "SHELL_OUTPUT" },
	{ 8, "SHELL_STATUS" }, { 9, "GET_INTERFACES_REQUEST" }, { 10, "GET_INTERFACES_REPLY" },
	{ 11, "SET_PKTIN_SUPPRESSION_REQUEST" }, { 12, "SET_L2_TABLE_REQUEST" }, { 13, "GET_L2_TABLE_REQUEST" },
	{ 14, "GET_L2_TABLE_REPLY" }, { 15, "VIRTUAL_PORT_CREATE_REQUEST" }, { 16, "VIRTUAL_PORT_CREATE_REPLY" },
	{ 17, "VIRTUAL_PORT_REMOVE_REQUEST" }, { 18, "BW_ENABLE_SET_REQUEST" }, { 19, "BW_ENABLE_GET_REQUEST" },
	{ 20, "BW_ENABLE_GET_REPLY" }, { 21, "BW_CLEAR_DATA_REQUEST" }, { 22, "BW_CLEAR_DATA_REPLY" },
	{ 23, "BW_ENABLE_SET_REPLY" }, { 24, "SET_L2_TABLE_REPLY" }, { 25, "SET_PKTIN_SUPPRESSION_REPLY" },
	{ 26, "VIRTUAL_PORT_REMOVE_REPLY" }, { 27, "HYBRID_GET_REQUEST" }, { 28, "HYBRID_GET_REPLY" },
	{ 31, "PDU_TX_REQUEST" }, { 32, "PDU_TX_REPLY" }, { 33, "PDU_RX_REQUEST" }, { 34, "PDU_RX_REPLY" },
	{ 35, "PDU_RX_TIMEOUT" }, { 0, NULL }
};
static const struct name bsn_actions[] = { { MIRROR, "MIRROR" }, { 2, "SET_TUNNEL_DST" }, { 4, "CHECKSUM" }, { 0, NULL } };
static const struct name stages[] = { { 0, "INGRESS" }, { 1, "EGRESS" }, { 0, NULL } };
static const struct name switches[] = { { 0, "OFF" }, { 1, "ON" }, { 0, NULL } };

static void
bsn_index(struct dis *d, struct of_cut *c)
{
	of_number(d, c, NULL, ", index ", 1);
	of_pass(d, c, 7);
}

static void
bsn_mask(struct dis *d, struct of_cut *c)
{
	of_number(d, c, NULL, ", index ", 1);
	of_skip(c, 3);
	need(d, c->p, 4);
	text(d, ", mask ");
	text_ip4(d, c->p);
}

static void
bsn_mirroring(struct dis *d, struct of_cut *c)
{
	of_name(d, c, NULL, ", report_mirror_ports ", 1, switches, "bogus (%u)");
	of_pass(d, c, 3);
}

static void
bsn_virtual_port(struct dis *d, struct of_cut *c)
{
	of_number(d, c, NULL, ", vport_no ", 4);
}

static void
bsn_output(struct dis *d, struct of_cut *c)
{
	text(d, ", data '");
	text_str(d, c->p, c->n);
	text_char(d, '\'');
}

static void
bsn_command(struct dis *d, struct of_cut *c)
{
	of_number(d, c, NULL, ", service ", 4);
	bsn_output(d, c);
}

static void
bsn_status(struct dis *d, struct of_cut *c)
{
	of_hex(d, c, NULL, ", status ", 4);
}

/* Those whose length or contents are known. */
static const struct bsn {
	uint8_t type, len;
	bool open;		/* may be longer */
	of_walk *walk;
} bsn_messages[] = {
	{ 0, 8, false, bsn_mask }, { 1, 8, false, bsn_index }, { 2, 8, false, bsn_mask }, { 3, 4, false, bsn_mirroring },
	{ 4, 4, false, bsn_mirroring }, { 5, 4, false, bsn_mirroring }, { 6, 4, true, bsn_command }, { 7, 0, true, bsn_output },
	{ 8, 4, false, bsn_status }, { 9, 0, false, NULL }, { 13, 0, false, NULL }, { 17, 4, false, bsn_virtual_port },
	{ 19, 0, false, NULL }, { 21, 0, false, NULL }, { 27, 0, false, NULL },
};

static void
bsn_message(struct dis *d, struct of_cut *c)
{
	uint32_t type;

	text(d, "\n\t");
	if (c->n < 4) {
		of_bad(d, c, "len", c->n, "<", 4);
		return;
	}
	type = of_take(d, c, NULL, 4);
	text(d, " subtype ");
	text_name(d, bsn_types, type, "unknown (0x%08x)");
	for (size_t i = 0; i < sizeof bsn_messages / sizeof *bsn_messages; i++) {
		const struct bsn *b = &bsn_messages[i];

		if (b->type != type)
			continue;
		if (b->open ? c->n < b->len : c->n != b->len)
			of_bad(d, c, "len", c->n, b->open ? "<" : "!=", b->len);
		else if (b->walk)
			b->walk(d, c);
		return;
	}
	need(d, c->p, c->n);
}

static void
bsn_action(struct dis *d, struct of_cut *c)
{
	uint32_t type, tag;

	text(d, "\n\t ");
	if (c->n < 4) {
		of_bad(d, c, "len", c->n, "<", 4);
		return;
	}
	type = of_take(d, c, NULL, 4);
	text(d, " subtype ");
	text_name(d, bsn_actions, type, "unknown (0x%08x)");
	if (type != MIRROR) {
		need(d, c->p, c->n);
		return;
	}
	if (c->n != 12) {
		of_bad(d, c, "len", c->n, "!=", 12);
		return;
	}
	of_number(d, c, NULL, ", dest_port ", 4);
	tag = of_take(d, c, NULL, 4);
	text(d, ", vlan_tag ");
	if (tag >> 16 == 0)
		text(d, "none");
	else if (tag >> 16 == ETH_VLAN)
		text_fmt(d, "802.1Q (vlan %u, p %u%s)", tag & 0xfff, tag >> 13 & 7, tag & 0x1000 ? ", DEI" : "");
	else
		text_fmt(d, "unknown (0x%04x)", tag >> 16);
	of_name(d, c, NULL, ", copy_stage ", 1, stages, "unknown (%u)");
	of_pass(d, c, 3);
}

void
of10_vendor_message(struct dis *d, struct of_cut *c)
{
	if (of_vendor(d, c, NULL, ", vendor ") == VENDOR_BSN)
		bsn_message(d, c);
	else
		of_data(d, c);
}

void
of10_vendor_data(struct dis *d, struct of_cut *c)
{
	if (c->n < 4) {
		of_bad(d, c, "len", c->n, "<", 4);
		return;
	}
	of_vendor(d, c, NULL, ", vendor ");
	of_data(d, c);
}

/* --- actions, section 5.2.4 ------------------------------------------------------------------------------------------- */

enum { CONTROLLER = 0xfffd, ACTION = 8, VENDOR_ACTION = 0xffff };

static const struct name action_types[] = {
	{ 0, "OUTPUT" }, { 1, "SET_VLAN_VID" }, { 2, "SET_VLAN_PCP" }, { 3, "STRIP_VLAN" }, { 4, "SET_DL_SRC" },
	{ 5, "SET_DL_DST" },
	{ 6, "SET_NW_SRC" }, { 7, "SET_NW_DST" }, { 8, "SET_NW_TOS" }, { 9, "SET_TP_SRC" }, { 10, "SET_TP_DST" },
	{ 11, "ENQUEUE" }, { VENDOR_ACTION, "VENDOR" }, { 0, NULL }
};
static const struct name queues[] = { { 0xffffffff, "ALL" }, { 0, NULL } };

static void
output(struct dis *d, struct of_cut *c)
{
	unsigned port = of_take(d, c, &F[OF_OUTPUT_PORT], 2);

	text(d, ", port ");
	text_name(d, of10_ports, port, "%u");
	if (port == CONTROLLER)
		of_number(d, c, &F[OF_MAX_LEN], ", max_len ", 2);
	else
		of_pass(d, c, 2);
}

static void
set_vlan(struct dis *d, struct of_cut *c)
{
	unsigned id = of_take(d, c, NULL, 2);

	text(d, ", vlan_vid ");
	text_vlan(d, id);
	of_pass(d, c, 2);
}

static void
set_priority(struct dis *d, struct of_cut *c)
{
	unsigned priority = of_take(d, c, NULL, 1);

	text(d, ", vlan_pcp ");
	text_priority(d, priority);
	of_pass(d, c, 3);
}

static void
strip_vlan(struct dis *d, struct of_cut *c)
{
	of_pass(d, c, 4);
}

static void
set_ether(struct dis *d, struct of_cut *c)
{
	of_mac(d, c, NULL, ", dl_addr ");
	of_pass(d, c, 6);
}

static void
set_address(struct dis *d, struct of_cut *c)
{
	need(d, c->p, 4);
	text(d, ", nw_addr ");
	text_ip4(d, c->p);
	of_skip(c, 4);
}

static void
set_tos(struct dis *d, struct of_cut *c)
{
	of_hex(d, c, NULL, ", nw_tos ", 1);
	of_pass(d, c, 3);
}

static void
set_port(struct dis *d, struct of_cut *c)
{
	of_number(d, c, NULL, ", tp_port ", 2);
	of_pass(d, c, 2);
}

static void
enqueue(struct dis *d, struct of_cut *c)
{
	of_name(d, c, &F[OF_OUTPUT_PORT], ", port ", 2, of10_ports, "%u");
	of_skip(c, 6);
	of_name(d, c, NULL, ", queue_id ", 4, queues, "%u");
}

/* How actions are read, and how long they have to be. */
static const struct { of_walk *walk; uint8_t len; } actions[] = {
	{ output, 8 }, { set_vlan, 8 }, { set_priority, 8 }, { strip_vlan, 8 }, { set_ether, 16 }, { set_ether, 16 },
	{ set_address, 8 }, { set_address, 8 }, { set_tos, 8 }, { set_port, 8 }, { set_port, 8 }, { enqueue, 16 },
};

static void
action(struct dis *d, unsigned type, struct of_cut *c)
{
	bool listed = type < sizeof actions / sizeof *actions;
	unsigned len = c->n + 4;

	if (type == VENDOR_ACTION && len % 8 == 0) {
		if (of_vendor(d, c, NULL, ", vendor ") == VENDOR_BSN)
			bsn_action(d, c);
		else
			of_data(d, c);
	} else if (listed && len == actions[type].len) {
		actions[type].walk(d, c);
	} else {
		if (listed || type == VENDOR_ACTION)
			text(d, " (bogus)");
		need(d, c->p, c->n);
	}
}

void
of10_actions(struct dis *d, struct of_cut *c, const char *indent)
{
	while (c->n) {
		struct of_cut in;
		unsigned type, len;

		text(d, indent);
		if (!of_room(d, c, "action", ACTION))
			return;
		type = of_take(d, c, &F[OF_ACTION_TYPE], 2);
		text(d, " type ");
		text_name(d, action_types, type, "invalid (0x%04x)");
		len = of_take(d, c, &F[OF_ACTION_LEN], 2);
		text(d, ", len "), text_u(d, len);
		if (len < ACTION) {
			of_bad(d, c, "alen", len, "<", ACTION);
			return;
		}
		if (len > c->n + 4) {
			of_bad(d, c, "alen", len, ">", c->n + 4);
			return;
		}
		in = (struct of_cut) { c->p, len - 4 };
		action(d, type, &in);
		of_skip(c, len - 4);
	}
}

/* --- a frame that is on its way ---------------------------------------------------------------------------------------- */

/* Shown in full from -vvv on, with three steps less. */
void
of10_frame(struct dis *d, struct of_cut *c)
{
	const uint8_t *was;

	if (c->n == 0)
		return;
	text_fmt(d, "\n\t data (%u octets)", c->n);
	if (d->v < 3) {
		need(d, c->p, c->n);
		return;
	}
	text(d, ", frame decoding below\n");
	was = narrow(d, c->p, c->n);
	d->v -= 3;
	next(d, D_INTERNAL, IN_ETHER, c->p, c->n);
	d->v += 3;
	widen(d, was);
}
