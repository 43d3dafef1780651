/* OpenBSD's Common Address Redundancy Protocol; shares its protocol number with VRRP, so only -T tells them apart. */
#include "dissect/dissect.h"

enum { ADVERTISEMENT = 1, TTL_ON_LINK = 255 };

enum { VERSION, TYPE, VHID, SKEW, AUTHLEN, BASE, SUM, COUNTER, DIGEST };
static const struct field F[] = {
	[VERSION] = { "carp.version", U8, .mask = 0xf0, .help = "Version" },
	[TYPE] = { "carp.type", U8, .mask = 0x0f, .help = "Packet type" },
	[VHID] = { "carp.vhid", U8, .help = "Virtual host identifier" },
	[SKEW] = { "carp.advskew", U8, .help = "Advertisement skew in 1/256 seconds" },
	[AUTHLEN] = { "carp.authlen", U8, .help = "Length of counter and digest in 4-byte words" },
	[BASE] = { "carp.adver_int", U8, .help = "Advertisement interval in seconds" },
	[SUM] = { "carp.checksum", U16, .help = "Checksum" },
	[COUNTER] = { "carp.counter", U64, .help = "Replay counter" },
	[DIGEST] = { "carp.hmac", BYTES, .help = "SHA-1 HMAC" },
};

extern const struct proto proto_carp;

static void
put_message(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VHID], p + 1, 1);
	put_field(d, &F[SKEW], p + 2, 1);
	put_field(d, &F[AUTHLEN], p + 3, 1);
	put_field(d, &F[BASE], p + 5, 1);
	put_field(d, &F[SUM], p + 6, 2);
	put_field(d, &F[COUNTER], p + 8, 8);
	put_field(d, &F[DIGEST], p + 16, 20);
}

static void
carp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version, type;

	enter(d, &proto_carp);
	version = u8(d, p) >> 4;
	type = p[0] & 15;
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[TYPE], p, 1);
	text_fmt(d, "CARPv%u-%s %u: ", version, type == ADVERTISEMENT ? "advertise" : "unknown", len);
	if (d->net.ttl != TTL_ON_LINK)
		text_fmt(d, "[ttl=%u!] ", d->net.ttl);
	if (version != 2 || type != ADVERTISEMENT)
		return;
	if (d->sink)
		put_message(d, p);
	need(d, p, 6);
	text_fmt(d, "vhid=%u advbase=%u advskew=%u authlen=%u ", p[1], p[5], p[2], p[3]);
	if (d->v && have(d, p, len) && checksum(&(struct span) { p, len }, 1))
		text_be_x(d, " (bad carp cksum ", p + 6, 2, 0), text(d, "!)");
	text_be(d, "counter=", p + 8, 8);
}

const struct proto proto_carp = PROTO("carp", "carp", "Common Address Redundancy Protocol", carp, F);
