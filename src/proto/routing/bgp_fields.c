/* Border Gateway Protocol: its fields and the names of its numbers. */
#include "proto/routing/bgp.h"

const struct name bgp_message_names[] = {
	{ 1, "Open" }, { 2, "Update" }, { 3, "Notification" }, { 4, "Keepalive" },
	{ 5, "Route Refresh" }, { 0, NULL }
};

const struct name bgp_capability_names[] = {
	{ 1, "Multiprotocol Extensions" }, { 2, "Route Refresh" },
	{ 3, "Cooperative Route Filtering" }, { 4, "Multiple Routes to a Destination" },
	{ 5, "Extended Next Hop Encoding" }, { 8, "Multiple Labels" }, { 64, "Graceful Restart" },
	{ 65, "32-Bit AS Number" }, { 67, "Dynamic Capability" }, { 68, "Multisession BGP" },
	{ 69, "Multiple Paths" }, { 70, "Enhanced Route Refresh" },
	{ 71, "Long-lived Graceful Restart" }, { 128, "Route Refresh (Cisco)" }, { 0, NULL }
};

const struct name bgp_origin_names[] = {
	{ 0, "IGP" }, { 1, "EGP" }, { 2, "Incomplete" }, { 0, NULL }
};

const struct name bgp_attr_names[] = {
	{ 1, "Origin" }, { 2, "AS Path" }, { 3, "Next Hop" }, { 4, "Multi Exit Discriminator" },
	{ 5, "Local Preference" }, { 6, "Atomic Aggregate" }, { 7, "Aggregator" },
	{ 8, "Community" }, { 9, "Originator ID" }, { 10, "Cluster List" }, { 11, "DPA" },
	{ 12, "Advertisers" }, { 13, "RCID Path / Cluster ID" },
	{ 14, "Multi-Protocol Reach NLRI" }, { 15, "Multi-Protocol Unreach NLRI" },
	{ 16, "Extended Community" }, { 17, "AS4 Path" }, { 18, "Aggregator4" },
	{ 22, "PMSI Tunnel" }, { 23, "Tunnel Encapsulation" }, { 24, "Traffic Engineering" },
	{ 25, "IPv6 Extended Community" }, { 26, "Accumulated IGP Metric" },
	{ 27, "PE Distinguisher Label" }, { 28, "Entropy Label" }, { 32, "Large Community" },
	{ 128, "Attribute Set" }, { 255, "Reserved for development" }, { 0, NULL }
};

const struct name bgp_segment_names[] = {
	{ 1, "AS_SET" }, { 2, "AS_SEQUENCE" }, { 3, "AS_CONFED_SEQUENCE" }, { 4, "AS_CONFED_SET" }, { 0, NULL }
};

const struct name bgp_major_names[] = {
	{ 1, "Message Header Error" }, { 2, "OPEN Message Error" }, { 3, "UPDATE Message Error" },
	{ 4, "Hold Timer Expired" }, { 5, "Finite State Machine Error" }, { 6, "Cease" },
	{ 7, "Capability Message Error" }, { 0, NULL }
};

const struct name bgp_safi_names[] = {
	{ 0, "Reserved" }, { 1, "Unicast" }, { 2, "Multicast" }, { 3, "Unicast+Multicast" },
	{ 4, "labeled Unicast" }, { 5, "Multicast VPN" }, { 64, "Tunnel" }, { 65, "VPLS" },
	{ 66, "MDT" }, { 70, "EVPN" }, { 128, "labeled VPN Unicast" },
	{ 129, "labeled VPN Multicast" }, { 130, "labeled VPN Unicast+Multicast" },
	{ 132, "Route Target Routing Information" }, { 0, NULL }
};

const struct name bgp_pmsi_names[] = {
	{ 1, "RSVP-TE P2MP LSP" }, { 2, "LDP P2MP LSP" }, { 3, "PIM-SSM Tree" },
	{ 4, "PIM-SM Tree" }, { 5, "PIM-Bidir Tree" }, { 6, "Ingress Replication" },
	{ 7, "LDP MP2MP LSP" }, { 0, NULL }
};

const struct name bgp_ext_names[] = {
	{ 0x0002, "target" }, { 0x0003, "origin" }, { 0x0005, "ospf-domain" },
	{ 0x0009, "source-AS" }, { 0x000a, "l2vpn-id" }, { 0x0102, "target" },
	{ 0x0103, "origin" }, { 0x0105, "ospf-domain" }, { 0x0107, "ospf-router-id" },
	{ 0x010b, "vrf-route-import" }, { 0x0202, "target" }, { 0x0203, "origin" },
	{ 0x0205, "ospf-domain" }, { 0x0306, "ospf-route-type" }, { 0x030c, "encapsulation" },
	{ 0x4004, "link-BW" }, { 0x8000, "ospf-route-type" }, { 0x8001, "ospf-router-id" },
	{ 0x8005, "ospf-domain" }, { 0x800a, "layer2-info" },
	{ 0x8800, "eigrp-general-route (flag, tag)" },
	{ 0x8801, "eigrp-route-metric (AS, delay)" },
	{ 0x8802, "eigrp-route-metric (reliability, nexthop, bandwidth)" },
	{ 0x8803, "eigrp-route-metric (load, MTU)" },
	{ 0x8804, "eigrp-external-route (remote-AS, remote-ID)" },
	{ 0x8805, "eigrp-external-route (remote-proto, remote-metric)" }, { 0xf10a, "l2vpn-id" },
	{ 0, NULL }
};

const struct name bgp_tunnel_names[] = {
	{ 1, "L2TPv3 over IP" }, { 2, "GRE" }, { 3, "Transmit Tunnel" }, { 4, "IPsec" },
	{ 5, "IP in IP with IPsec" }, { 6, "MPLS in IP with IPsec" }, { 7, "IP in IP" },
	{ 8, "VXLAN" }, { 9, "NVGRE" }, { 10, "MPLS" }, { 11, "MPLS in GRE" }, { 12, "VXLAN GPE" },
	{ 13, "MPLS in UDP" }, { 14, "IPv6" }, { 15, "SR TE" }, { 16, "Bare" }, { 17, "SR" },
	{ 0, NULL }
};

const struct name bgp_mvpn_names[] = {
	{ 1, "Intra-AS I-PMSI" }, { 2, "Inter-AS I-PMSI" }, { 3, "S-PMSI" },
	{ 4, "Intra-AS Segment-Leaf" }, { 5, "Source-Active" }, { 6, "Shared Tree Join" },
	{ 7, "Source Tree Join" }, { 0, NULL }
};

const struct field bgp_fields[B_FIELDS] = {
	[B_MARKER] = { "bgp.marker", BYTES, .help = "Marker, all ones" },
	[B_LENGTH] = { "bgp.length", U16, .help = "Length of the message with its header" },
	[B_TYPE] = { "bgp.type", U8, .names = bgp_message_names, .help = "Message type" },

	[B_VERSION] = { "bgp.open.version", U8, .help = "Version" },
	[B_AS] = { "bgp.open.myas", U16, .help = "Sender's AS number, two bytes" },
	[B_HOLD] = { "bgp.open.holdtime", U16, .help = "Hold time in seconds" },
	[B_ID] = { "bgp.open.identifier", IP4, .help = "Sender's BGP identifier" },
	[B_OPT_LEN] = { "bgp.open.opt.len", U8, .help = "Length of the optional parameters" },
	[B_PARAM] = { "bgp.open.opt.param.type", U8, .help = "Optional parameter" },
	[B_PARAM_LEN] = { "bgp.open.opt.param.len", U8, .help = "Length of the parameter" },

	[B_CAP] = { "bgp.cap.type", U8, .names = bgp_capability_names, .help = "Capability" },
	[B_CAP_LEN] = { "bgp.cap.length", U8, .help = "Length of the capability" },
	[B_CAP_AFI] = { "bgp.cap.mp.afi", U16, .names = af_names,
		.help = "Address family of a capability" },
	[B_CAP_SAFI] = { "bgp.cap.mp.safi", U8, .names = bgp_safi_names,
		.help = "Subsequent address family of a capability" },
	[B_CAP_AS] = { "bgp.cap.4as", U32, .help = "Sender's AS number, four bytes" },
	[B_CAP_RESTART] = { "bgp.cap.gr.timers.restart_flag", BOOL, .mask = 0x8000,
		.help = "Sender has restarted" },
	[B_CAP_RESTART_TIME] = { "bgp.cap.gr.timers.restart_time", U16, .mask = 0x0fff,
		.help = "Seconds a restart takes" },
	[B_CAP_KEPT] = { "bgp.cap.gr.flag.pfs", BOOL, .mask = 0x80,
		.help = "Forwarding state was kept" },
	[B_CAP_PATHS] = { "bgp.cap.addpath.sendreceive", U8,
		.help = "Several paths: 1 receive, 2 send, 3 both" },
	[B_CAP_LABELS] = { "bgp.cap.multiplelabels.count", U8, .help = "Labels in a stack" },

	[B_WITHDRAWN_LEN] = { "bgp.update.withdrawn_routes.length", U16,
		.help = "Length of the withdrawn routes" },
	[B_WITHDRAWN] = { "bgp.withdrawn_prefix", IP4, .help = "Withdrawn prefix" },
	[B_ATTRS_LEN] = { "bgp.update.path_attributes.length", U16,
		.help = "Length of the path attributes" },
	[B_ATTR_FLAGS] = { "bgp.update.path_attribute.flags", U8, .help = "Attribute flags" },
	[B_ATTR_OPTIONAL] = { "bgp.update.path_attribute.flags.optional", BOOL, .mask = 0x80,
		.help = "Optional" },
	[B_ATTR_TRANSITIVE] = { "bgp.update.path_attribute.flags.transitive", BOOL, .mask = 0x40,
		.help = "Transitive" },
	[B_ATTR_PARTIAL] = { "bgp.update.path_attribute.flags.partial", BOOL, .mask = 0x20,
		.help = "Partial" },
	[B_ATTR_EXTENDED] = { "bgp.update.path_attribute.flags.extended_length", BOOL, .mask = 0x10,
		.help = "Two bytes of length" },
	[B_ATTR] = { "bgp.update.path_attribute.type_code", U8, .names = bgp_attr_names,
		.help = "Attribute type" },
	[B_ATTR_LEN] = { "bgp.update.path_attribute.length", U16, .help = "Attribute length" },
	[B_ORIGIN] = { "bgp.update.path_attribute.origin", U8, .names = bgp_origin_names,
		.help = "Origin" },
	[B_SEGMENT] = { "bgp.update.path_attribute.as_path_segment.type", U8, .names = bgp_segment_names,
		.help = "AS path segment type" },
	[B_SEGMENT_LEN] = { "bgp.update.path_attribute.as_path_segment.length", U8,
		.help = "AS numbers in the segment" },
	[B_AS2] = { "bgp.update.path_attribute.as_path_segment.as2", U16,
		.help = "AS number of the path, two bytes" },
	[B_AS4] = { "bgp.update.path_attribute.as_path_segment.as4", U32,
		.help = "AS number of the path, four bytes" },
	[B_NEXT_HOP] = { "bgp.update.path_attribute.next_hop", IP4, .help = "Next hop" },
	[B_MED] = { "bgp.update.path_attribute.multi_exit_disc", U32,
		.help = "Multi-exit discriminator" },
	[B_LOCAL_PREF] = { "bgp.update.path_attribute.local_pref", U32,
		.help = "Local preference" },
	[B_AGGREGATOR_AS] = { "bgp.update.path_attribute.aggregator_as", U32,
		.help = "AS of the aggregator" },
	[B_AGGREGATOR] = { "bgp.update.path_attribute.aggregator_origin", IP4,
		.help = "Aggregator" },
	[B_COMMUNITY] = { "bgp.update.path_attribute.community", U32, .help = "Community" },
	[B_ORIGINATOR] = { "bgp.update.path_attribute.originator_id", IP4,
		.help = "Originator of a reflected route" },
	[B_CLUSTER] = { "bgp.path_attribute.cluster_id", IP4,
		.help = "Cluster a route was reflected by" },
	[B_REACH_AFI] = { "bgp.update.path_attribute.mp_reach_nlri.afi", U16, .names = af_names,
		.help = "Address family of the routes" },
	[B_REACH_SAFI] = { "bgp.update.path_attribute.mp_reach_nlri.safi", U8, .names = bgp_safi_names,
		.help = "Subsequent address family of the routes" },
	[B_REACH_HOP_LEN] = { "bgp.update.path_attribute.mp_reach_nlri.next_hop.length", U8,
		.help = "Length of the next hop" },
	[B_REACH_HOP4] = { "bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv4", IP4,
		.help = "Next hop, IPv4" },
	[B_REACH_HOP6] = { "bgp.update.path_attribute.mp_reach_nlri.next_hop.ipv6", IP6,
		.help = "Next hop, IPv6" },
	[B_EXT_TYPE] = { "bgp.ext_com.type", U16, .names = bgp_ext_names,
		.help = "Extended community type and subtype" },
	[B_EXT_AS] = { "bgp.ext_com.value_as2", U16,
		.help = "AS of an extended community, two bytes" },
	[B_EXT_AN] = { "bgp.ext_com.value_an4", U32,
		.help = "Assigned number of an extended community" },
	[B_EXT_IP4] = { "bgp.ext_com.value_IP4", IP4, .help = "Address of an extended community" },
	[B_EXT_AS4] = { "bgp.ext_com.value_as4", U32,
		.help = "AS of an extended community, four bytes" },
	[B_EXT_LOCAL] = { "bgp.ext_com.value_an2", U16,
		.help = "Assigned number of an extended community, two bytes" },
	[B_EXT_BANDWIDTH] = { "bgp.ext_com.value_link_bandwidth", BYTES,
		.help = "Link bandwidth, bytes a second as IEEE float" },
	[B_EXT_TUNNEL] = { "bgp.ext_com.tunnel_type", U16, .names = bgp_tunnel_names,
		.help = "Tunnel encapsulation" },
	[B_PMSI_FLAGS] = { "bgp.update.path_attribute.pmsi.tunnel_flags", U8,
		.help = "PMSI tunnel flags" },
	[B_PMSI_TYPE] = { "bgp.update.path_attribute.pmsi.tunnel_type", U8, .names = bgp_pmsi_names,
		.help = "PMSI tunnel type" },
	[B_PMSI_LABEL] = { "bgp.update.path_attribute.pmsi.mpls_label", U24, .mask = 0xfffff0,
		.help = "MPLS label of the tunnel" },
	[B_AIGP] = { "bgp.update.path_attribute.aigp", U64, .help = "Accumulated IGP metric" },
	[B_SET_AS] = { "bgp.update.path_attribute.attrset.origin_as", U32,
		.help = "Origin AS of an attribute set" },
	[B_LARGE_GA] = { "bgp.large_communities.ga", U32,
		.help = "Global administrator of a large community" },
	[B_LARGE_L1] = { "bgp.large_communities.ldp1", U32,
		.help = "Local data 1 of a large community" },
	[B_LARGE_L2] = { "bgp.large_communities.ldp2", U32,
		.help = "Local data 2 of a large community" },

	[B_PATH_ID] = { "bgp.nlri_path_id", U32, .help = "Path identifier" },
	[B_BITS] = { "bgp.prefix_length", U8, .help = "Length of the prefix in bits, as sent" },
	[B_PREFIX4] = { "bgp.nlri_prefix", IP4, .help = "Reachable prefix, IPv4" },
	[B_PREFIX6] = { "bgp.mp_nlri_ipv6_prefix", IP6, .help = "Prefix, IPv6" },
	[B_LABEL] = { "bgp.label_stack", U24, .mask = 0xfffff0,
		.help = "MPLS label of the prefix" },
	[B_RD] = { "bgp.rd", BYTES, .help = "Route distinguisher" },
	[B_RT_AS] = { "bgp.rtc.origin_as", U32, .help = "Origin AS of a route target constraint" },
	[B_MVPN_TYPE] = { "bgp.mcast_vpn_nlri_t", U8, .names = bgp_mvpn_names,
		.help = "Multicast VPN route type" },
	[B_MVPN_LEN] = { "bgp.mcast_vpn_nlri_length", U8, .help = "Multicast VPN route length" },
	[B_MVPN_SOURCE4] = { "bgp.mcast_vpn_nlri_source_addr_ipv4", IP4,
		.help = "Multicast source, IPv4" },
	[B_MVPN_GROUP4] = { "bgp.mcast_vpn_nlri_group_addr_ipv4", IP4,
		.help = "Multicast group, IPv4" },
	[B_MVPN_SOURCE6] = { "bgp.mcast_vpn_nlri_source_addr_ipv6", IP6,
		.help = "Multicast source, IPv6" },
	[B_MVPN_GROUP6] = { "bgp.mcast_vpn_nlri_group_addr_ipv6", IP6,
		.help = "Multicast group, IPv6" },
	[B_MVPN_ORIGINATOR] = { "bgp.mcast_vpn_nlri_origin_router_ipv4", IP4,
		.help = "Originating router" },
	[B_CE] = { "bgp.vpls.ce_id", U16, .help = "Customer edge identifier" },
	[B_LABEL_BASE] = { "bgp.vpls.label_base", U24, .mask = 0xfffff0,
		.help = "First label of the block" },

	[B_MAJOR] = { "bgp.notify.major_error", U8, .names = bgp_major_names, .help = "Error" },
	[B_MINOR] = { "bgp.notify.minor_error", U8, .help = "Error subcode" },
	[B_MAX_PREFIXES] = { "bgp.notify.max_prefixes", U32, .help = "Prefixes that are too many" },
	[B_SHUTDOWN_LEN] = { "bgp.notify.communication_length", U8,
		.help = "Length of the shutdown communication" },
	[B_SHUTDOWN] = { "bgp.notify.communication", STR, .help = "Why the operator shuts down" },

	[B_REFRESH_AFI] = { "bgp.route_refresh.afi", U16, .names = af_names,
		.help = "Address family to send again" },
	[B_REFRESH_SUBTYPE] = { "bgp.route_refresh.subtype", U8, .help = "Subtype" },
	[B_REFRESH_SAFI] = { "bgp.route_refresh.safi", U8, .names = bgp_safi_names,
		.help = "Subsequent address family to send again" },
};
