/* The heartbeat of Microsoft's Network Load Balancing. */
#include "dissect/dissect.h"

enum { PRIORITY, CLUSTER, HOST };
static const struct field F[] = {
	[PRIORITY] = { "msnlb.host_priority", LE32, .help = "Host's priority" },
	[CLUSTER] = { "msnlb.cluster_ip", IP4, .help = "Cluster's address" },
	[HOST] = { "msnlb.host_ip", IP4, .help = "Host's address" },
};

extern const struct proto proto_msnlb;

static void
msnlb(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t priority;

	(void)len;
	enter(d, &proto_msnlb);
	put_field(d, &F[PRIORITY], p + 8, 4);
	put_field(d, &F[CLUSTER], p + 12, 4);
	put_field(d, &F[HOST], p + 16, 4);
	text(d, "MS NLB heartbeat");
	priority = le32(d, p + 8);
	text(d, ", host priority: "), text_u(d, priority);
	need(d, p + 12, 4);
	text(d, ", cluster IP: "), text_ip4(d, p + 12);
	need(d, p + 16, 4);
	text(d, ", host IP: "), text_ip4(d, p + 16);
}

const struct proto proto_msnlb = PROTO("msnlb", "msnlb", "MS Network Load Balancing", msnlb, F);
