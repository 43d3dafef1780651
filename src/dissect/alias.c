/* Names that Wireshark has for either of two fields. */
#include "dissect/catalog.h"

static const struct alias {
	const char *name, *of[2];
} aliases[] = {
	{ "arp.hw_mac", { "arp.src.hw_mac", "arp.dst.hw_mac" } },
	{ "eth.addr", { "eth.src", "eth.dst" } },
	{ "frame.time", { "frame.time_epoch", NULL } },
	{ "ip.addr", { "ip.src", "ip.dst" } },
	{ "ip.host", { "ip.src", "ip.dst" } },
	{ "ipv6.addr", { "ipv6.src", "ipv6.dst" } },
	{ "ipv6.host", { "ipv6.src", "ipv6.dst" } },
	{ "sctp.port", { "sctp.srcport", "sctp.dstport" } },
	{ "tcp.port", { "tcp.srcport", "tcp.dstport" } },
	{ "udp.port", { "udp.srcport", "udp.dstport" } },
	{ "udplite.port", { "udp.srcport", "udp.dstport" } },
	{ "wlan.addr", { "wlan.sa", "wlan.da" } },
};

const char *
catalog_alias(const char *name, size_t len, unsigned i)
{
	for (size_t k = 0; k < sizeof aliases / sizeof *aliases; k++)
		if (strlen(aliases[k].name) == len && memcmp(aliases[k].name, name, len) == 0)
			return i < 2 ? aliases[k].of[i] : NULL;
	return NULL;
}

const char *
catalog_nearest_alias(const struct catalog *c, const char *name)
{
	const char *best = catalog_nearest(c, name);
	unsigned least = best ? catalog_distance(name, best) : (unsigned)strlen(name) / 3 + 1;

	for (size_t k = 0; k < sizeof aliases / sizeof *aliases; k++) {
		unsigned is = catalog_distance(name, aliases[k].name);

		if (is < least || (is == least && best)) {
			least = is;
			best = aliases[k].name;
		}
	}
	return best;
}
