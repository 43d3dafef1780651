/* IP Encapsulating Security Payload, RFC 4303: what can be seen of it without the key. */
#include "dissect/dissect.h"

enum { HEADER = 8 };

enum { SPI, SEQ };
static const struct field F[] = {
	[SPI] = { "esp.spi", U32, .help = "Security parameters index" },
	[SEQ] = { "esp.sequence", U32, .help = "Sequence number" },
};

extern const struct proto proto_esp;

static void
esp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_esp);
	put_field(d, &F[SPI], p, 4);
	put_field(d, &F[SEQ], p + 4, 4);
	/* Something must follow the header. */
	if (!have(d, p, HEADER + 1)) {
		text_trunc(d);
		return;
	}
	text_fmt(d, "ESP(spi=0x%08x,seq=0x%x), length %u", raw32(p), raw32(p + 4), len);
}

const struct proto proto_esp = PROTO("esp", "esp", "Encapsulating Security Payload", esp, F);
