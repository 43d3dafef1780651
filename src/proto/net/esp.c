/* IP Encapsulating Security Payload, RFC 4303; with the secrets of -E, what is inside. */
#include "dissect/dissect.h"
#include "pkt/keys.h"

enum { HEADER = 8, TRAILER = 2, PAYLOAD_LENGTH_6 = 4 };

enum { SPI, SEQ, IV, PAD_LEN, PROTOCOL };
static const struct field F[] = {
	[SPI] = { "esp.spi", U32, .help = "Security parameters index" },
	[SEQ] = { "esp.sequence", U32, .help = "Sequence number" },
	[IV] = { "esp.iv", BYTES, .help = "Initialization vector" },
	[PAD_LEN] = { "esp.pad_len", U8, .help = "Bytes of padding, after decryption" },
	[PROTOCOL] = { "esp.protocol", U8, .names = ipproto_names, .help = "What is inside, after decryption" },
};

extern const struct proto proto_esp;

/* The key, unless the end of the payload is in another fragment or a jumbogram's. */
static const struct key *
find_key(const struct dis *d, const uint8_t *p)
{
	if (d->style->keys == NULL || d->net.version == 0)
		return NULL;
	if (d->net.version == 4 ? d->net.fragment : raw16(d->net.hdr + PAYLOAD_LENGTH_6) == 0)
		return NULL;
	return keys_esp(d->style->keys, raw32(p), d->net.version, d->net.dst);
}

/*
 * Room for n bytes behind a copy of the network header: what is read of either must lie before the same end. Points
 * d->net to the copy.
 */
static uint8_t *
room_with_header(struct dis *d, uint32_t n)
{
	enum { ADDR = 16, HEADER_6 = 40, HEADER_4 = 20 };
	const unsigned size = d->net.version == 6 ? ADDR : ADDR / 4, header = d->net.version == 6 ? HEADER_6 : HEADER_4;
	uint8_t *copy = dis_alloc(d, HEADER_6 + 3 * ADDR + (size_t)n);

	if (copy == NULL)
		return NULL;
	memcpy(copy, d->net.hdr, header);
	memcpy(copy + HEADER_6, d->net.src, size);
	memcpy(copy + HEADER_6 + ADDR, d->net.dst, size);
	if (d->net.sum_dst) {
		memcpy(copy + HEADER_6 + 2 * ADDR, d->net.sum_dst, size);
		d->net.sum_dst = copy + HEADER_6 + 2 * ADDR;
	}
	d->net.hdr = copy;
	d->net.src = copy + HEADER_6;
	d->net.dst = copy + HEADER_6 + ADDR;
	return copy + HEADER_6 + 3 * ADDR;
}

/* What p..end decrypts to is walked in the place of the packet. */
static void
inside(struct dis *d, const struct key *key, const uint8_t *p)
{
	const uint8_t *text_start = p + key_iv_len(key), *was = d->end;
	uint32_t n, pad;
	uint8_t *clear;

	if (was - text_start < (ptrdiff_t)key_mac_len(key)) {
		text_trunc(d);
		return;
	}
	n = (uint32_t)(was - text_start) - key_mac_len(key);
	put_field(d, &F[IV], p, key_iv_len(key));
	clear = n ? room_with_header(d, n + KEY_SLACK) : NULL;
	if (clear == NULL || !key_decrypt(key, p, text_start, n, clear))
		return;
	if (n < TRAILER || (pad = clear[n - TRAILER]) + TRAILER > n) {
		text_trunc(d);
		return;
	}
	d->end = clear + n;
	put_field(d, &F[PAD_LEN], clear + n - TRAILER, 1);
	put_field(d, &F[PROTOCOL], clear + n - 1, 1);
	text(d, ": ");
	d->end = clear + n - TRAILER - pad;
	next_ip(d, clear[n - 1], clear, n - TRAILER - pad);
	d->end = was;
}

static void
esp(struct dis *d, const uint8_t *p, uint32_t len)
{
	const struct key *key;

	enter(d, &proto_esp);
	put_field(d, &F[SPI], p, 4);
	put_field(d, &F[SEQ], p + 4, 4);
	/* Something must follow the header. */
	if (!have(d, p, HEADER + 1)) {
		text_trunc(d);
		return;
	}
	text_fmt(d, "ESP(spi=0x%08x,seq=0x%x), length %u", raw32(p), raw32(p + 4), len);
	key = find_key(d, p);
	if (key)
		inside(d, key, p + HEADER);
}

const struct proto proto_esp = PROTO("esp", "esp", "Encapsulating Security Payload", esp, F);
