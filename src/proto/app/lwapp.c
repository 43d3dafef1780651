/* Light Weight Access Point Protocol, RFC 5412. */
#include "dissect/dissect.h"

enum { AP_IDENTITY = 6, HEADER = 6, CONTROL_HEADER = 8, VERSION = 0, CONTROL = 0x04 };

static const struct name flag_bits[] = {
	{ 0x01, "Last Fragment Bit" }, { 0x02, "Fragment Bit" }, { CONTROL, "Control Bit" }, { 0, NULL }
};
static const struct name messages[] = {
	{ 1, "Discovery req" }, { 2, "Discovery resp" }, { 3, "Join req" }, { 4, "Join resp" }, { 5, "Join ack" },
	{ 6, "Join confirm" }, { 10, "Configure req" }, { 11, "Configure resp" }, { 12, "Update req" }, { 13, "Update resp" },
	{ 14, "WTP event req" }, { 15, "WTP event resp" }, { 16, "Change state event req" },
	{ 17, "Change state event resp" }, { 22, "Echo req" }, { 23, "Echo resp" }, { 24, "Image data req" },
	{ 25, "Image data resp" }, { 26, "Channel status req" }, { 27, "Channel status resp" }, { 30, "Key update req" },
	{ 31, "Key update resp" }, { 32, "Primary discovery req" }, { 33, "Primary discovery resp" },
	{ 34, "Data transfer req" }, { 35, "Data transfer resp" }, { 36, "Clear config ind" }, { 37, "Wlan config req" },
	{ 38, "Wlan config resp" }, { 39, "Mobile config req" }, { 40, "Mobile config resp" }, { 0, NULL }
};

enum { F_APID, F_VERSION, F_SLOT, F_TYPE, F_FRAGMENT, F_LAST, F_FRAGMENT_ID, F_LENGTH, F_MESSAGE, F_SEQ, F_SIZE, F_SESSION };
static const struct field F[] = {
	[F_APID] = { "lwapp.apid", MAC, .help = "Access point" },
	[F_VERSION] = { "lwapp.version", U8, 0xc0, .help = "Version" },
	[F_SLOT] = { "lwapp.slotId", U8, 0x38, .help = "Radio" },
	[F_TYPE] = { "lwapp.flags.type", BOOL, CONTROL, .help = "Control, not data" },
	[F_FRAGMENT] = { "lwapp.flags.fragment", BOOL, 0x02, .help = "A fragment" },
	[F_LAST] = { "lwapp.flags.fragmentType", BOOL, 0x01, .help = "Which kind of fragment" },
	[F_FRAGMENT_ID] = { "lwapp.fragmentId", U8, .help = "Number of a fragment" },
	[F_LENGTH] = { "lwapp.Length", U16, .help = "Length" },
	[F_MESSAGE] = { "lwapp.control.type", U8, .names = messages, .help = "Control message" },
	[F_SEQ] = { "lwapp.control.seqno", U8, .help = "Sequence number of a control message" },
	[F_SIZE] = { "lwapp.control.length", U16, .help = "Length of a control message" },
	[F_SESSION] = { "lwapp.control.sessid", U32, .help = "Session" },
};

extern const struct proto proto_lwapp, proto_lwapp_ap, proto_lwapp_data;

static void
put_header(struct dis *d, const uint8_t *p)
{
	for (unsigned i = F_VERSION; i <= F_LAST; i++)
		put_field(d, &F[i], p, 1);
	put_field(d, &F[F_FRAGMENT_ID], p + 1, 1);
	put_field(d, &F[F_LENGTH], p + 2, 2);
}

/* "LWAPPv0, Control frame, "; false, and something else is said, when the version is not the one that is known. */
static bool
say_version(struct dis *d, const uint8_t *p)
{
	if (*p >> 6 != VERSION) {
		text_fmt(d, "LWAPP version %u packet not supported", *p >> 6);
		return false;
	}
	text_fmt(d, "LWAPPv%u, %s frame, ", *p >> 6, *p & CONTROL ? "Control" : "Data");
	return true;
}

static void
say_flags(struct dis *d, const uint8_t *p)
{
	text(d, "Flags [");
	text_bits(d, flag_bits, *p & 7, ", ", "none");
	text(d, "], ");
}

/* Control messages one behind the other in size bytes. */
static void
say_messages(struct dis *d, const uint8_t *p, uint32_t size)
{
	while (size) {
		uint32_t n;

		put_field(d, &F[F_MESSAGE], p, 1);
		put_field(d, &F[F_SEQ], p + 1, 1);
		put_field(d, &F[F_SIZE], p + 2, 2);
		put_field(d, &F[F_SESSION], p + 4, 4);
		if (!have(d, p, CONTROL_HEADER)) {
			text_trunc(d);
			return;
		}
		n = raw16(p + 2);
		if (size < CONTROL_HEADER + n) {
			text(d, "\n\t  Msg goes past end of PDU");
			return;
		}
		text(d, "\n\t  Msg type: "), text_name(d, messages, p[0], "Unknown");
		text_fmt(d, " (%u), Seqnum: %u, Msg len: %u, Session: 0x%08x", p[0], p[1], n, raw32(p + 4));
		if (!have(d, p, n)) {
			text_trunc(d);
			return;
		}
		p += CONTROL_HEADER + n;
		size -= CONTROL_HEADER + n;
	}
}

/* To the controller the access point's identity comes first; from it there is none. */
static void
control(struct dis *d, const uint8_t *p, uint32_t len, bool identity)
{
	const uint8_t *h = identity ? p + AP_IDENTITY : p;

	if (identity)
		put_field(d, &F[F_APID], p, AP_IDENTITY);
	if (d->sink)
		put_header(d, h);
	if ((identity && !have(d, p, AP_IDENTITY)) || !have(d, h, HEADER)) {
		text_trunc(d);
		return;
	}
	if (!say_version(d, h))
		return;
	if (!d->v) {
		say_flags(d, h);
		text(d, "length "), text_u(d, len);
		return;
	}
	text_fmt(d, "Radio-id %u, ", *h >> 3 & 7);
	say_flags(d, h);
	text_fmt(d, "Frag-id %u, length %u", h[1], raw16(h + 2));
	if (identity)
		text(d, "\n\tAP identity: "), text_mac(d, p);
	say_messages(d, h + HEADER, raw16(h + 2));
}

static void
lwapp_ap(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_lwapp_ap);
	control(d, p, len, true);
}

static void
lwapp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_lwapp);
	control(d, p, len, false);
}

static void
lwapp_data(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t size;

	enter(d, &proto_lwapp_data);
	if (d->sink)
		put_header(d, p);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (!say_version(d, p))
		return;
	if (!d->v) {
		say_flags(d, p);
		text(d, "length "), text_u(d, len);
		return;
	}
	size = raw16(p + 2);
	text_fmt(d, "Radio-id  %u, ", *p >> 3 & 7);
	say_flags(d, p);
	if (size < HEADER) {
		text_fmt(d, "length %u < transport header length", size);
		return;
	}
	text_fmt(d, "Frag-id  %u, length %u", p[1], size);
	text_unknown(d, p + HEADER, "\n\t", size - HEADER);
}

const struct proto proto_lwapp = PROTO("lwapp", "lwapp_control", "Light Weight Access Point Protocol", lwapp, F);
const struct proto proto_lwapp_ap = PROTO("lwapp", "lwapp_control", "Light Weight Access Point Protocol", lwapp_ap, F);
const struct proto proto_lwapp_data = PROTO("lwapp", "lwapp_data", "Light Weight Access Point Protocol", lwapp_data, F);
