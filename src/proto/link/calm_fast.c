/* CALM FAST, the non-IP networking of intelligent transport systems: ISO 29281. */
#include "dissect/dissect.h"

enum { HEADER = 2 };

enum { SOURCE, DESTINATION };
static const struct field F[] = {
	[SOURCE] = { "calm_fast.src_nwref", U8, .help = "Network reference of the source" },
	[DESTINATION] = { "calm_fast.dst_nwref", U8, .help = "Network reference of the destination" },
};

extern const struct proto proto_calm_fast;

static void
calm_fast(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_calm_fast);
	text(d, "CALM FAST");
	if (d->mac_src)
		text(d, " src:"), text_mac_own(d, d->mac_src);
	text(d, "; ");
	if (len < HEADER) {
		text(d, " (length "), text_u(d, len), text(d, " < 2)");
		text_invalid(d);
		need(d, p, len);
		return;
	}
	put_field(d, &F[SOURCE], p, 1);
	put_field(d, &F[DESTINATION], p + 1, 1);
	text_be(d, "SrcNwref:", p, 1);
	text(d, "; ");
	text_be(d, "DstNwref:", p + 1, 1);
	text(d, "; ");
	/* Also where the packet is dumped anyway. */
	if (d->v)
		text_dump_hex_ascii(d, "\n\t", p + HEADER, len - HEADER, 0);
}

const struct proto proto_calm_fast = PROTO("calm_fast", "calm_fast", "CALM FAST", calm_fast, F);
