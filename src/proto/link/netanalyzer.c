/* Frames of Hilscher's netANALYZER: Ethernet behind a header of its own, perhaps with the preamble. */
#include "dissect/dissect.h"

enum { HEADER = 4, TRANSPARENT = 12 };

extern const struct proto proto_netanalyzer, proto_netanalyzer_raw;

static void
frame(struct dis *d, const uint8_t *p, uint32_t len, uint32_t header)
{
	need(d, p, header);
	d->inner_link = 0;
	next(d, D_INTERNAL, IN_ETHER, p + header, len > header ? len - header : 0);
	link_header(d, header + d->inner_link);
}

static void
netanalyzer(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_netanalyzer);
	frame(d, p, len, HEADER);
}

static void
netanalyzer_raw(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_netanalyzer_raw);
	frame(d, p, len, TRANSPARENT);
}

const struct proto proto_netanalyzer = PROTO_NO_FIELDS("netanalyzer", "netanalyzer", "netANALYZER", netanalyzer);
const struct proto proto_netanalyzer_raw = PROTO_NO_FIELDS("netanalyzer", "netanalyzer_transparent",
    "netANALYZER, transparent mode", netanalyzer_raw);
