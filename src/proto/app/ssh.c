/* Secure Shell, RFC 4253: the version exchange; as fields also what the sides offer before encryption starts. */
#include "dissect/dissect.h"

enum { KEXINIT = 20, KEX_LAST = 49, SSH_PACKET_MAX = 35000, COOKIE = 16, LISTS = 10 };

enum { PROTOCOL, LENGTH, PADDING, CODE, KEX_LISTS };
static const struct field F[] = {
	[PROTOCOL] = { "ssh.protocol", STR, .help = "Version line" },
	[LENGTH] = { "ssh.packet_length", U32, .help = "Length of a packet before encryption starts" },
	[PADDING] = { "ssh.padding_length", U8, .help = "Length of its padding" },
	[CODE] = { "ssh.message_code", U8, .help = "Kind of message" },
	/* In the order of the message, RFC 4253 section 7.1. */
	[KEX_LISTS] = { "ssh.kex_algorithms", STR, .help = "Key exchange methods" },
	{ "ssh.server_host_key_algorithms", STR, .help = "Host key algorithms" },
	{ "ssh.encryption_algorithms_client_to_server", STR, .help = "Ciphers to the server" },
	{ "ssh.encryption_algorithms_server_to_client", STR, .help = "Ciphers to the client" },
	{ "ssh.mac_algorithms_client_to_server", STR, .help = "Message authentication to the server" },
	{ "ssh.mac_algorithms_server_to_client", STR, .help = "Message authentication to the client" },
	{ "ssh.compression_algorithms_client_to_server", STR, .help = "Compression to the server" },
	{ "ssh.compression_algorithms_server_to_client", STR, .help = "Compression to the client" },
	{ "ssh.languages_client_to_server", STR, .help = "Languages to the server" },
	{ "ssh.languages_server_to_client", STR, .help = "Languages to the client" },
};

extern const struct proto proto_ssh;

/* A message of the key exchange, when these bytes look like one: once encrypted, they look like nothing. */
static void
put_packet(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n = left(d, p) < len ? left(d, p) : len, size;
	const uint8_t *end;

	if (n < 6)
		return;
	size = raw32(p);
	if (size < 12 || size > SSH_PACKET_MAX || p[4] < 4 || p[4] + 2u > size || p[5] < KEXINIT || p[5] > KEX_LAST)
		return;
	put_field(d, &F[LENGTH], p, 4);
	put_field(d, &F[PADDING], p + 4, 1);
	put_field(d, &F[CODE], p + 5, 1);
	if (p[5] != KEXINIT)
		return;
	end = p + (n < size + 4 ? n : size + 4);
	p += 6;
	if (end - p < COOKIE)
		return;
	p += COOKIE;
	for (unsigned i = 0; i < LISTS && end - p >= 4; i++) {
		uint32_t k = raw32(p);

		p += 4;
		if (k > (uint32_t)(end - p))
			return;
		if (k)
			put_field(d, &F[KEX_LISTS + i], p, k);
		p += k;
	}
}

static void
ssh(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n;

	enter(d, &proto_ssh);
	/* tcpdump looks byte by byte, and wants the next only when one fits. */
	for (n = 0; n < 4; n++) {
		if (u8(d, p + n) != (uint8_t)"SSH-"[n]) {
			put_packet(d, p, len);
			return;
		}
	}
	for (; n < len; n++) {
		uint8_t c = u8(d, p + n);

		if (c == '\n' || (c == '\r' && n + 1 < len && u8(d, p + n + 1) == '\n')) {
			put_field(d, &F[PROTOCOL], p, n);
			text(d, ": SSH: ");
			text_n(d, (const char *)p, n);
			return;
		}
		if (c < ' ' || c > '~')
			return;
	}
}

const struct proto proto_ssh = PROTO("ssh", "ssh", "Secure Shell", ssh, F);
