/* IS-IS: its fields and the names of its numbers. */
#include "proto/routing/isis.h"

const struct name isis_pdu_names[] = {
	{ 15, "L1 Lan IIH" }, { 16, "L2 Lan IIH" }, { 17, "p2p IIH" }, { 18, "L1 LSP" },
	{ 20, "L2 LSP" }, { 24, "L1 CSNP" }, { 25, "L2 CSNP" }, { 26, "L1 PSNP" },
	{ 27, "L2 PSNP" }, { 0, NULL }
};

const struct name isis_tlv_names[] = {
	{ 1, "Area address(es)" }, { 2, "IS Reachability" }, { 3, "ES Neighbor(s)" },
	{ 4, "Partition DIS" }, { 5, "Prefix Neighbors" }, { 6, "IS Neighbor(s)" },
	{ 7, "Instance Identifier" }, { 8, "Padding" }, { 9, "LSP entries" },
	{ 10, "Authentication" }, { 12, "Checksum" }, { 13, "Purge Originator Identifier" },
	{ 14, "LSP Buffersize" }, { 22, "Extended IS Reachability" }, { 24, "IS Alias ID" },
	{ 42, "DECnet Phase IV" }, { 66, "Lucent Proprietary" },
	{ 128, "IPv4 Internal Reachability" }, { 129, "Protocols supported" },
	{ 130, "IPv4 External Reachability" }, { 131, "Inter-Domain Information Type" },
	{ 132, "IPv4 Interface address(es)" }, { 133, "IPv4 authentication (deprecated)" },
	{ 134, "Traffic Engineering Router ID" }, { 135, "Extended IPv4 Reachability" },
	{ 137, "Hostname" }, { 138, "Shared Risk Link Group" },
	{ 143, "Multi-Topology-Aware Port Capability" }, { 144, "Multi-Topology Capability" },
	{ 176, "Nortel Proprietary" }, { 177, "Nortel Proprietary" }, { 211, "Restart Signaling" },
	{ 222, "Multi Topology IS Reachability" }, { 229, "Multi Topology" },
	{ 232, "IPv6 Interface address(es)" }, { 235, "Multi-Topology IPv4 Reachability" },
	{ 236, "IPv6 reachability" }, { 237, "Multi-Topology IP6 Reachability" },
	{ 240, "Point-to-point Adjacency State" }, { 241, "Hello PDU Sequence Number" },
	{ 242, "IS-IS Router Capability" }, { 250, "Vendor Private" }, { 0, NULL }
};

const struct name isis_circuit_names[] = {
	{ 1, "Level 1 only" }, { 2, "Level 2 only" }, { 3, "Level 1, Level 2" }, { 0, NULL }
};

const struct name isis_level_names[] = {
	{ 0, "Unused 0x0 (invalid)" }, { 1, "L1 IS" }, { 2, "Unused 0x2 (invalid)" },
	{ 3, "L2 IS" }, { 0, NULL }
};

const struct name isis_auth_names[] = {
	{ 1, "simple text password" }, { 3, "Generic Crypto key-id" }, { 54, "HMAC-MD5 password" },
	{ 255, "Routing Domain private password" }, { 0, NULL }
};

const struct name isis_adjacency_names[] = {
	{ 0, "Up" }, { 1, "Initializing" }, { 2, "Down" }, { 0, NULL }
};

const struct name isis_topology_names[] = {
	{ 0, "IPv4 unicast" }, { 1, "In-Band Management" }, { 2, "IPv6 unicast" },
	{ 3, "Multicast" }, { 4095, "Development, Experimental or Proprietary" }, { 0, NULL }
};

const struct field isis_fields[I_FIELDS] = {
	[I_NLPID] = { "isis.irpd", U8, .names = nlpid_names, .help = "Network layer protocol identifier" },
	[I_HEADER] = { "isis.len", U8, .help = "Length of the fixed header" },
	[I_VERSION] = { "isis.version", U8, .help = "Version of the protocol" },
	[I_ID_LEN] = { "isis.sysid_len", U8, .help = "Length of system identifiers, 0 for six" },
	[I_TYPE] = { "isis.type", U8, .names = isis_pdu_names, .help = "PDU type" },
	[I_VERSION2] = { "isis.version2", U8, .help = "Version of the PDU" },
	[I_AREAS] = { "isis.max_area_adr", U8, .help = "Most area addresses, 0 for three" },
	[I_CIRCUIT] = { "isis.hello.circuit_type", U8, .mask = 0x03, .names = isis_circuit_names,
		.help = "Levels of the circuit" },
	[I_SOURCE] = { "isis.hello.source_id", STR, .help = "Sender of a hello" },
	[I_HOLD] = { "isis.hello.holding_timer", U16, .help = "Holding time in seconds" },
	[I_PDU_LEN] = { "isis.hello.pdu_length", U16, .help = "Length of the hello" },
	[I_PRIORITY] = { "isis.hello.priority", U8, .mask = 0x7f,
		.help = "Priority in the election of the designated system" },
	[I_LAN] = { "isis.hello.lan_id", STR, .help = "Designated system's node" },
	[I_CIRCUIT_ID] = { "isis.hello.local_circuit_id", U8, .help = "Sender's number of the circuit" },
	[I_LSP_PDU_LEN] = { "isis.lsp.pdu_length", U16, .help = "Length of the link state PDU" },
	[I_LIFETIME] = { "isis.lsp.remaining_life", U16, .help = "Seconds before it expires" },
	[I_LSP] = { "isis.lsp.lsp_id", STR, .help = "Link state PDU identifier" },
	[I_SEQ] = { "isis.lsp.sequence_number", U32, .help = "Sequence number" },
	[I_CHECKSUM] = { "isis.lsp.checksum", U16, .help = "Checksum" },
	[I_PARTITION] = { "isis.lsp.partition_repair", BOOL, .mask = 0x80, .help = "Can repair partitions" },
	[I_ATT] = { "isis.lsp.att", U8, .mask = 0x78, .help = "Attached to other areas" },
	[I_OVERLOAD] = { "isis.lsp.overload", BOOL, .mask = 0x04, .help = "Not for transit" },
	[I_IS_TYPE] = { "isis.lsp.is_type", U8, .mask = 0x03, .names = isis_level_names,
		.help = "Level of the system" },
	[I_CSNP_PDU_LEN] = { "isis.csnp.pdu_length", U16, .help = "Length of the complete list" },
	[I_CSNP_SOURCE] = { "isis.csnp.source_id", STR, .help = "Sender of a complete list" },
	[I_CSNP_START] = { "isis.csnp.start_lsp_id", STR, .help = "First identifier of the list's range" },
	[I_CSNP_END] = { "isis.csnp.end_lsp_id", STR, .help = "Last identifier of the list's range" },
	[I_PSNP_PDU_LEN] = { "isis.psnp.pdu_length", U16, .help = "Length of the partial list" },
	[I_PSNP_SOURCE] = { "isis.psnp.source_id", STR, .help = "Sender of a partial list" },
	[I_TLV] = { "isis.clv.type", U8, .names = isis_tlv_names, .help = "TLV type" },
	[I_TLV_LEN] = { "isis.clv.length", U8, .help = "TLV length" },
	[I_AREA] = { "isis.area_address", BYTES, .help = "Area address" },
	[I_HOSTNAME] = { "isis.lsp.hostname", STR, .help = "Host name" },
	[I_INTERFACE4] = { "isis.clv_ipv4_int_addr", IP4, .help = "Interface address, IPv4" },
	[I_INTERFACE6] = { "isis.clv_ipv6_int_addr", IP6, .help = "Interface address, IPv6" },
	[I_ROUTER_ID] = { "isis.lsp.clv_te_router_id", IP4, .help = "Traffic engineering router identifier" },
	[I_PROTOCOL] = { "isis.clv_nlpid.nlpid", U8, .names = nlpid_names,
		.help = "Protocol that is supported" },
	[I_AUTH] = { "isis.clv_authentication.type", U8, .names = isis_auth_names, .help = "Authentication" },
	[I_AUTH_KEY] = { "isis.clv_authentication.key_id", U16, .help = "Key identifier" },
	[I_DIGEST] = { "isis.clv_authentication.digest", BYTES, .help = "Digest" },
	[I_PASSWORD] = { "isis.clv_authentication.password", STR, .help = "Password in the clear" },
	[I_MT] = { "isis.lsp.clv_mt", U16, .mask = 0x0fff, .names = isis_topology_names, .help = "Topology" },
	[I_NEIGHBOR] = { "isis.lsp.ext_is_reachability.is_neighbor_id", STR,
		.help = "Neighbour that is reached" },
	[I_METRIC] = { "isis.lsp.ext_is_reachability.metric", U24, .help = "Metric to the neighbour" },
	[I_SUB] = { "isis.lsp.sub_clv.type", U8, .help = "Sub-TLV type" },
	[I_SUB_LEN] = { "isis.lsp.sub_clv.length", U8, .help = "Sub-TLV length" },
	[I_PREFIX4] = { "isis.lsp.ext_ip_reachability.ipv4_prefix", IP4, .help = "Prefix, IPv4" },
	[I_PREFIX6] = { "isis.lsp.ipv6_reachability.ipv6_prefix", IP6, .help = "Prefix, IPv6" },
	[I_PREFIX_LEN] = { "isis.lsp.ip_reachability.prefix_length", U8,
		.help = "Length of the prefix in bits" },
	[I_PREFIX_METRIC] = { "isis.lsp.ip_reachability.metric", U32, .help = "Metric to the prefix" },
	[I_DOWN] = { "isis.lsp.ip_reachability.distribution", BOOL, .help = "Came down from level 2" },
	[I_SID] = { "isis.lsp.prefix_sid", U32, .help = "Segment identifier of the prefix: index or label" },
	[I_ADJACENCY] = { "isis.hello.adjacency_state", U8, .names = isis_adjacency_names,
		.help = "State of a point-to-point adjacency" },
	[I_SNPA] = { "isis.hello.is_neighbor", STR, .help = "Neighbour heard on the LAN" },
	[I_ENTRY_LSP] = { "isis.lsp_entry.lsp_id", STR, .help = "Identifier in a list" },
	[I_ENTRY_SEQ] = { "isis.lsp_entry.sequence_number", U32, .help = "Sequence number in a list" },
	[I_ENTRY_LIFETIME] = { "isis.lsp_entry.remaining_life", U16,
		.help = "Seconds before expiry, in a list" },
	[I_ENTRY_CHECKSUM] = { "isis.lsp_entry.checksum", U16, .help = "Checksum in a list" },
	[I_CAP_ROUTER] = { "isis.router_capability.router_id", IP4,
		.help = "Router whose capabilities these are" },
	[I_SRGB] = { "isis.router_capability.sr_range", U24, .help = "Size of the segment routing block" },
};
