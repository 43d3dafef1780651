#include "proto/protos.h"

/* demux.def, first meaning: the declarations. */
#define DEMUX(kind, number, name) extern const struct proto proto_##name;
#define DEMUX_RANGE(kind, first, last, name) extern const struct proto proto_##name;
#include "proto/demux.def"
#undef DEMUX
#undef DEMUX_RANGE

enum {
	K_link = D_LINK,
	K_ethertype = D_ETHERTYPE,
	K_llc = D_LLC,
	K_snap_cisco = D_SNAP_CISCO,
	K_snap_apple = D_SNAP_APPLE,
	K_nlpid = D_NLPID,
	K_ppp = D_PPP,
	K_slow = D_SLOW,
	K_ipproto = D_IPPROTO,
	K_ip6ext = D_IP6EXT,
	K_icmpv6 = D_ICMPV6,
	K_igmp = D_IGMP,
	K_tcp = D_TCP,
	K_udp = D_UDP,
	K_udp_dst = D_UDP_DST,
	K_udp_src = D_UDP_SRC,
	K_type_tcp = D_TYPE_TCP,
	K_type_udp = D_TYPE_UDP,
	K_ppi = D_PPI,
	K_vxlan_gpe = D_VXLAN_GPE,
	K_nsh = D_NSH,
	K_sctp_ppid = D_SCTP_PPID,
	K_internal = D_INTERNAL,
	K_listed = D_LISTED,
};

/* Second meaning: the rows. */
#define DEMUX(kind, number, name) { (enum demux_kind)K_##kind, number, number, &proto_##name },
#define DEMUX_RANGE(kind, first, last, name) { (enum demux_kind)K_##kind, first, last, &proto_##name },
const struct demux_row protos_rows[] = {
#include "proto/demux.def"
};
const size_t protos_n_rows = sizeof protos_rows / sizeof *protos_rows;
