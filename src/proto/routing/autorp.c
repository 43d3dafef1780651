/* Cisco's auto-RP ("pim-autorp-spec01.txt", 1998): routers tell each other the rendezvous points of multicast groups. */
#include "dissect/dissect.h"

enum { HEADER = 8, ENTRY = 6 };

static const struct name types[] = { { 0x11, "candidate-advert" }, { 0x12, "mapping" }, { 0, NULL } };

enum { TYPE, COUNT, HOLD, RP, PREFIX, PREFIX_LEN };
static const struct field F[] = {
	[TYPE] = { "auto_rp.type", U8, .mask = 0x0f, .help = "Message type" },
	[COUNT] = { "auto_rp.rp_count", U8, .help = "Number of rendezvous points" },
	[HOLD] = { "auto_rp.holdtime", U16, .help = "Seconds this is to be remembered" },
	[RP] = { "auto_rp.rp_addr", IP4, .help = "Rendezvous point" },
	[PREFIX] = { "auto_rp.group_prefix", IP4, .help = "Multicast groups" },
	[PREFIX_LEN] = { "auto_rp.mask_len", U8, .help = "Length of their prefix" },
};

extern const struct proto proto_autorp;

static void
text_group(struct dis *d, const uint8_t *p, bool first)
{
	put_field(d, &F[PREFIX_LEN], p + 1, 1);
	put_field(d, &F[PREFIX], p + 2, 4);
	need(d, p, ENTRY);
	text_char(d, first ? ' ' : ',');
	if (p[0] & 1)
		text_char(d, '!');
	text_ip4(d, p + 2);
	text_char(d, '/'), text_u(d, p[1]);
	if (p[0] & 2)
		text(d, " bidir");
	if (p[0] & 0xfc)
		text_fmt(d, "[rsvd=0x%02x]", p[0] & 0xfc);
}

/* Rendezvous points and the groups of each; false when they end too early. */
static bool
text_points(struct dis *d, const uint8_t *p, uint32_t len, unsigned count)
{
	static const char *const versions[] = { " PIMv?", " PIMv1", " PIMv2", " PIMv1+2" };

	for (; count; count--) {
		unsigned groups;

		if (len < 4)
			return false;
		put_field(d, &F[RP], p, 4);
		need(d, p, 4);
		text(d, " RP ");
		text_ip4(d, p);
		if (len < 5)
			return false;
		text(d, versions[u8(d, p + 4) & 3]);
		if (p[4] & 0xfc)
			text_fmt(d, " [rsvd=0x%02x]", p[4] & 0xfc);
		if (len < 6)
			return false;
		groups = u8(d, p + 5);
		p += 6;
		len -= 6;
		for (unsigned i = 0; i < groups; i++) {
			if (len < ENTRY)
				return false;
			text_group(d, p, i == 0);
			p += ENTRY;
			len -= ENTRY;
		}
	}
	return true;
}

static void
autorp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned hold;

	enter(d, &proto_autorp);
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[COUNT], p + 1, 1);
	put_field(d, &F[HOLD], p + 2, 2);
	if (len < HEADER) {
		text_trunc(d);
		return;
	}
	text(d, " auto-rp ");
	text_name(d, types, u8(d, p), "type-0x%02x");
	need(d, p, 2);
	text(d, " Hold ");
	hold = be16(d, p + 2);
	if (hold)
		text_duration(d, hold);
	else
		text(d, "FOREVER");
	if (!text_points(d, p + HEADER, len - HEADER, p[1]))
		text_trunc(d);
}

const struct proto proto_autorp = PROTO("auto_rp", "cisco_autorp", "Cisco Auto-RP", autorp, F);
