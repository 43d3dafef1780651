/* IP Payload Compression, RFC 3173. The payload is not decompressed. */
#include "dissect/dissect.h"

enum { NXT, FLAGS, CPI };
static const struct field F[] = {
	[NXT] = { "ipcomp.next_header", U8, .names = ipproto_names, .help = "Next header" },
	[FLAGS] = { "ipcomp.flags", U8, .help = "Flags" },
	[CPI] = { "ipcomp.cpi", U16, .help = "Compression parameter index" },
};

extern const struct proto proto_ipcomp;

static void
ipcomp(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)len;
	enter(d, &proto_ipcomp);
	put_field(d, &F[NXT], p, 1);
	put_field(d, &F[FLAGS], p + 1, 1);
	put_field(d, &F[CPI], p + 2, 2);
	text_fmt(d, "IPComp(cpi=0x%04x)", be16(d, p + 2));
}

const struct proto proto_ipcomp = PROTO("ipcomp", "ipcomp", "IP Payload Compression", ipcomp, F);
