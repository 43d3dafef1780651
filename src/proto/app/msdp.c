/* Multicast Source Discovery Protocol, RFC 3618. */
#include "dissect/dissect.h"

enum { HEADER = 3, TYPE_MAX = 7, LENGTH_MAX = 1500, LENGTH_USUAL = 1400, SA_FIXED = 8, SA_ENTRY = 12, IPP_IP = 4 };
enum { SA = 1, SA_REQUEST = 2, SA_RESPONSE = 3, KEEPALIVE = 4, NOTIFICATION = 5 };

static const struct name types[] = {
	{ SA, "IPv4 Source-Active" }, { SA_REQUEST, "IPv4 Source-Active Request" },
	{ SA_RESPONSE, "IPv4 Source-Active Response" }, { KEEPALIVE, "KeepAlive" }, { NOTIFICATION, "Notification" }, { 0, NULL }
};

enum { F_TYPE, F_LENGTH, F_ENTRIES, F_RP, F_GROUP, F_SOURCE, F_WANTED };
static const struct field F[] = {
	[F_TYPE] = { "msdp.type", U8, .names = types, .help = "Type" },
	[F_LENGTH] = { "msdp.length", U16, .help = "Length" },
	[F_ENTRIES] = { "msdp.sa.entry_count", U8, .help = "Number of entries" },
	[F_RP] = { "msdp.sa.rp_addr", IP4, .help = "Rendezvous point" },
	[F_GROUP] = { "msdp.sa.group_addr", IP4, .help = "Group" },
	[F_SOURCE] = { "msdp.sa.src_addr", IP4, .help = "Source" },
	[F_WANTED] = { "msdp.sa_req.group_addr", IP4, .help = "Group asked for" },
};

extern const struct proto proto_msdp;

static void
put_message(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_TYPE], p, 1);
	put_field(d, &F[F_LENGTH], p + 1, 2);
	if (!have(d, p, 4))
		return;
	if (*p == SA || *p == SA_RESPONSE) {
		put_field(d, &F[F_ENTRIES], p + 3, 1);
		put_field(d, &F[F_RP], p + 4, 4);
		for (unsigned i = 0; i < p[3] && have(d, p + SA_FIXED + i * SA_ENTRY, SA_ENTRY); i++) {
			put_field(d, &F[F_GROUP], p + SA_FIXED + i * SA_ENTRY + 4, 4);
			put_field(d, &F[F_SOURCE], p + SA_FIXED + i * SA_ENTRY + 8, 4);
		}
	} else if (*p == SA_REQUEST) {
		put_field(d, &F[F_WANTED], p + 4, 4);
	}
}

/* Sources and perhaps the packet that made them known. */
static void
say_active(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t fixed;

	text(d, *p == SA ? " SA" : " SA-Response");
	text_be(d, " ", p + 3, 1), text(d, " entries");
	fixed = SA_FIXED + p[3] * SA_ENTRY;
	if (fixed >= len)
		return;
	text(d, " [w/data]");
	if (d->v > 1) {
		text_char(d, ' ');
		next(d, D_IPPROTO, IPP_IP, p + fixed, len - fixed);
	}
}

static void
msdp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type, size;

	enter(d, &proto_msdp);
	text(d, ": msdp");
	/* Where a segment does not start with a message there is nothing to go by. */
	type = u8(d, p);
	size = be16(d, p + 1);
	if (size > LENGTH_MAX || size < HEADER || type == 0 || type > TYPE_MAX) {
		text_trunc(d);
		return;
	}
	for (; len; p += size, len -= size) {
		if (d->sink)
			put_message(d, p);
		type = u8(d, p);
		size = be16(d, p + 1);
		if (size > LENGTH_USUAL || d->v)
			text_fmt(d, " [len %u]", size);
		if (size < HEADER || len < size) {
			text_trunc(d);
			return;
		}
		switch (type) {
		case SA:
		case SA_RESPONSE:
			say_active(d, p, size);
			break;
		case SA_REQUEST:
			text(d, " SA-Request");
			need(d, p + 4, 4);
			text(d, " for "), text_ip4(d, p + 4);
			break;
		case KEEPALIVE:
			text(d, " Keepalive");
			if (size != HEADER)
				text_fmt(d, "[len=%u] ", size);
			break;
		case NOTIFICATION:
			text(d, " Notification");
			break;
		default:
			text_fmt(d, " [type=%u len=%u]", type, size);
			break;
		}
	}
}

const struct proto proto_msdp = PROTO("msdp", "msdp", "Multicast Source Discovery Protocol", msdp, F);
