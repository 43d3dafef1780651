/* Ethernet's Configuration Testing Protocol, which switches use to find loops: EtherType 9000. */
#include "dissect/dissect.h"

enum { REPLY = 1, FORWARD };
static const struct name functions[] = { { REPLY, "Reply" }, { FORWARD, "Forward Data" }, { 0, NULL } };

enum { SKIP, FUNCTION, RECEIPT, ADDRESS };
static const struct field F[] = {
	[SKIP] = { "loop.skipcount", LE16, .help = "Bytes to skip" },
	[FUNCTION] = { "loop.function", LE16, .names = functions, .help = "Function" },
	[RECEIPT] = { "loop.receipt_number", LE16, .help = "Receipt number" },
	[ADDRESS] = { "loop.forwarding_address", MAC, .help = "Where to forward it to" },
};

extern const struct proto proto_loopback;

/* The first message; leaves the data behind it, or what of it makes no sense. */
static void
message(struct dis *d, const uint8_t **pp, uint32_t *lenp)
{
	const uint8_t *p = *pp;
	uint32_t len = *lenp, used;
	unsigned function, receipt;

	if (len < 2) {
		text_invalid(d);
		return;
	}
	function = le16(d, p);
	put_field(d, &F[FUNCTION], p, 2);
	p = *pp += 2;
	len = *lenp -= 2;
	text(d, ", ");
	text_name(d, functions, function, " invalid (%u)");
	if (function != REPLY && function != FORWARD)
		return;
	used = function == REPLY ? 2 : 6;
	if (len < used) {
		text_invalid(d);
		return;
	}
	if (function == REPLY) {
		put_field(d, &F[RECEIPT], p, 2);
		receipt = le16(d, p);
		text(d, ", receipt number "), text_u(d, receipt);
	} else {
		put_field(d, &F[ADDRESS], p, 6);
		need(d, p, 6);
		text(d, ", forwarding address "), text_mac(d, p);
	}
	*pp += used;
	*lenp -= used;
	text(d, ", data ("), text_u(d, *lenp), text(d, " octets)");
}

static void
loopback(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned skip;

	enter(d, &proto_loopback);
	text(d, "Loopback");
	if (len < 2) {
		text_invalid(d);
		need(d, p, len);
		return;
	}
	skip = le16(d, p);
	put_field(d, &F[SKIP], p, 2);
	p += 2;
	len -= 2;
	text(d, ", skipCount "), text_u(d, skip);
	if (skip % 8)
		text(d, " (bogus)");
	if (len < skip) {
		text_invalid(d);
	} else {
		need(d, p, skip);
		p += skip;
		len -= skip;
		message(d, &p, &len);
	}
	need(d, p, len);
}

const struct proto proto_loopback = PROTO("loop", "loopback", "Configuration Test Protocol (loopback)", loopback, F);
