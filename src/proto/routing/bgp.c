/* Border Gateway Protocol 4, RFC 4271: its messages. Capabilities of RFC 5492, notifications of RFC 4486 and RFC 9003. */
#include "proto/routing/bgp.h"

enum { OPEN = 1, UPDATE, NOTIFICATION, KEEPALIVE, ROUTE_REFRESH };
enum { OPEN_SIZE = 29, NOTIFICATION_SIZE = 21, REFRESH_SIZE = 23, MARKER = 16 };

enum { PARAM_AUTH = 1, PARAM_CAPABILITIES };
static const struct name params[] = {
	{ PARAM_AUTH, "Authentication Information" }, { PARAM_CAPABILITIES, "Capabilities Advertisement" }, { 0, NULL }
};

enum {
	CAP_FAMILY = 1, CAP_REFRESH = 2, CAP_LABELS = 8, CAP_RESTART = 64, CAP_AS = 65, CAP_PATHS = 69, CAP_LONG_LIVED = 71,
	CAP_REFRESH_CISCO = 128,
};
static const struct name directions[] = { { 1, "Receive" }, { 2, "Send" }, { 3, "Both" }, { 0, NULL } };

enum { ERR_MESSAGE = 1, ERR_OPEN, ERR_UPDATE, ERR_HOLD, ERR_FSM, ERR_CEASE, ERR_CAPABILITY };
enum { CEASE_PREFIXES = 1, CEASE_SHUTDOWN = 2, CEASE_RESET = 4 };

static const struct name minor_message[] = {
	{ 1, "Connection Not Synchronized" }, { 2, "Bad Message Length" }, { 3, "Bad Message Type" }, { 0, NULL }
};
static const struct name minor_open[] = {
	{ 1, "Unsupported Version Number" }, { 2, "Bad Peer AS" }, { 3, "Bad BGP Identifier" },
	{ 4, "Unsupported Optional Parameter" }, { 5, "Authentication Failure" }, { 6, "Unacceptable Hold Time" },
	{ 7, "Capability Message Error" }, { 0, NULL }
};
static const struct name minor_update[] = {
	{ 1, "Malformed Attribute List" }, { 2, "Unrecognized Well-known Attribute" },
	{ 3, "Missing Well-known Attribute" }, { 4, "Attribute Flags Error" }, { 5, "Attribute Length Error" },
	{ 6, "Invalid ORIGIN Attribute" }, { 7, "AS Routing Loop" }, { 8, "Invalid NEXT_HOP Attribute" },
	{ 9, "Optional Attribute Error" }, { 10, "Invalid Network Field" }, { 11, "Malformed AS_PATH" }, { 0, NULL }
};
static const struct name minor_fsm[] = {
	{ 0, "Unspecified Error" }, { 1, "In OpenSent State" }, { 2, "In OpenConfirm State" },
	{ 3, "In Established State" }, { 0, NULL }
};
static const struct name minor_cease[] = {
	{ 1, "Maximum Number of Prefixes Reached" }, { 2, "Administrative Shutdown" }, { 3, "Peer Unconfigured" },
	{ 4, "Administrative Reset" }, { 5, "Connection Rejected" }, { 6, "Other Configuration Change" },
	{ 7, "Connection Collision Resolution" }, { 0, NULL }
};
static const struct name minor_capability[] = {
	{ 1, "Invalid Action Value" }, { 2, "Invalid Capability Length" }, { 3, "Malformed Capability Value" },
	{ 4, "Unsupported Capability Code" }, { 0, NULL }
};

/* The subcodes of an error, and what stands between the two. */
static const struct minor {
	const struct name *names;
	const char *before;
} minors[] = {
	[ERR_MESSAGE] = { minor_message, "," },
	[ERR_OPEN] = { minor_open, "," },
	[ERR_UPDATE] = { minor_update, "," },
	[ERR_FSM] = { minor_fsm, "" },
	[ERR_CEASE] = { minor_cease, "," },
	[ERR_CAPABILITY] = { minor_capability, "" },
};

extern const struct proto proto_bgp;

static void
text_number(struct dis *d, unsigned v)
{
	text(d, " ("), text_u(d, v), text_char(d, ')');
}

/* --- Open ------------------------------------------------------------------------------------------------------ */

/* Four bytes that several capabilities repeat: a family and a byte about it. */
static void
text_entry(struct dis *d, const uint8_t *p, const char *indent)
{
	need(d, p, 4);
	put_field(d, &bgp_fields[B_CAP_AFI], p, 2);
	put_field(d, &bgp_fields[B_CAP_SAFI], p + 2, 1);
	text(d, indent);
	bgp_text_family(d, raw16(p), p[2]);
	text(d, ", ");
}

/* A capability of n bytes; false when it is too short, and what follows it is not looked at. */
static bool
text_capability(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	unsigned min = type == CAP_FAMILY || type == CAP_AS ? 4 : type == CAP_RESTART ? 2 : 0;

	if (n < min) {
		text(d, " (too short, < "), text_u(d, min), text_char(d, ')');
		return false;
	}
	switch (type) {
	case CAP_FAMILY:
		put_field(d, &bgp_fields[B_CAP_AFI], p, 2);
		put_field(d, &bgp_fields[B_CAP_SAFI], p + 3, 1);
		text(d, "\n\t\t");
		bgp_text_family(d, be16(d, p), u8(d, p + 3));
		break;
	case CAP_LABELS:
		for (; n >= 4; n -= 4, p += 4) {
			text_entry(d, p, "\n\t\t");
			put_field(d, &bgp_fields[B_CAP_LABELS], p + 3, 1);
			text(d, "Count: "), text_u(d, p[3]);
		}
		break;
	case CAP_RESTART:
		put_field(d, &bgp_fields[B_CAP_RESTART], p, 2);
		put_field(d, &bgp_fields[B_CAP_RESTART_TIME], p, 2);
		text(d, "\n\t\tRestart Flags: [");
		text(d, u8(d, p) & 0x80 ? "R" : "none");
		text(d, "], Restart Time "), text_u(d, be16(d, p) & 0xfff), text_char(d, 's');
		for (p += 2, n -= 2; n >= 4; n -= 4, p += 4) {
			text_entry(d, p, "\n\t\t  ");
			put_field(d, &bgp_fields[B_CAP_KEPT], p + 3, 1);
			text(d, "Forwarding state preserved: ");
			text(d, p[3] & 0x80 ? "yes" : "no");
		}
		break;
	case CAP_REFRESH:
	case CAP_LONG_LIVED:
	case CAP_REFRESH_CISCO:
		break;
	case CAP_AS:
		put_field(d, &bgp_fields[B_CAP_AS], p, 4);
		text(d, "\n\t\t 4 Byte AS "), text_as(d, be32(d, p));
		break;
	case CAP_PATHS:
		if (n == 0)
			text(d, " (bogus)");
		for (; n >= 4; n -= 4, p += 4) {
			text_entry(d, p, "\n\t\t");
			put_field(d, &bgp_fields[B_CAP_PATHS], p + 3, 1);
			text(d, "Send/Receive: "), text_name(d, directions, p[3], "Bogus (0x%02x)");
		}
		if (n)
			text_invalid(d);
		break;
	default:
		text(d, "\n\t\tno decoder for Capability "), text_u(d, type);
		if (d->v <= 1)
			text_unknown(d, p, "\n\t\t", n);
		break;
	}
	return true;
}

static void
text_capabilities(struct dis *d, const uint8_t *p, uint32_t len)
{
	for (uint32_t i = 0; i < len; ) {
		unsigned type, n;

		if (!have(d, p + i, 2))
			goto cut;
		type = p[i];
		n = p[i + 1];
		put_field(d, &bgp_fields[B_CAP], p + i, 1);
		put_field(d, &bgp_fields[B_CAP_LEN], p + i + 1, 1);
		text(d, "\n\t      ");
		text_name(d, bgp_capability_names, type, "Unknown");
		text_number(d, type);
		text(d, ", length: "), text_u(d, n);
		i += 2;
		if (!have(d, p + i, n))
			goto cut;
		if (!text_capability(d, type, p + i, n))
			return;
		if (d->v > 1 && n)
			text_unknown(d, p + i, "\n\t\t", n);
		i += n;
	}
	return;
cut:
	text_trunc(d);
}

static void
text_open(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t params_len;

	if (!have(d, p, OPEN_SIZE) || len < OPEN_SIZE)
		goto cut;
	put_field(d, &bgp_fields[B_VERSION], p + 19, 1);
	put_field(d, &bgp_fields[B_AS], p + 20, 2);
	put_field(d, &bgp_fields[B_HOLD], p + 22, 2);
	put_field(d, &bgp_fields[B_ID], p + 24, 4);
	put_field(d, &bgp_fields[B_OPT_LEN], p + 28, 1);
	text(d, "\n\t  Version "), text_u(d, p[19]);
	text(d, ", my AS "), text_as(d, raw16(p + 20));
	text(d, ", Holdtime "), text_u(d, raw16(p + 22));
	text(d, "s, ID "), text_ip4(d, p + 24);
	params_len = p[28];
	text(d, "\n\t  Optional parameters, length: "), text_u(d, params_len);

	p += OPEN_SIZE;
	len -= OPEN_SIZE;
	for (uint32_t i = 0; i < params_len; ) {
		unsigned type, n;

		if (!have(d, p + i, 2) || len < i + 2)
			goto cut;
		type = p[i];
		n = p[i + 1];
		i += 2;
		if (i + n > params_len) {
			text(d, "\n\t     Option "), text_u(d, type);
			text(d, ", length: "), text_u(d, n);
			text(d, ", goes past the end of the options");
			return;
		}
		put_field(d, &bgp_fields[B_PARAM], p + i - 2, 1);
		put_field(d, &bgp_fields[B_PARAM_LEN], p + i - 1, 1);
		text(d, "\n\t    Option ");
		text_name(d, params, type, "Unknown");
		text_number(d, type);
		text(d, ", length: "), text_u(d, n);
		if (type == PARAM_CAPABILITIES)
			text_capabilities(d, p + i, n);
		else
			text(d, "\n\t      no decoder for option "), text_u(d, type);
		i += n;
	}
	return;
cut:
	text_trunc(d);
}

/* --- Update ---------------------------------------------------------------------------------------------------- */

/* How a run of prefixes ended: all of them read, cut short, at one that is too long, at a path identifier too short. */
enum run { RUN_DONE, RUN_CUT, RUN_ILLEGAL, RUN_SHORT };

/* Prefixes one after another, each with a path identifier (RFC 7911) if paths is set. *p and *len are what is left. */
static enum run
text_prefixes(struct dis *d, const uint8_t **p, uint32_t *len, bool paths, const struct field *f)
{
	while (*len) {
		uint32_t path = 0;
		int n;

		if (paths) {
			if (*len < 4)
				return RUN_SHORT;
			path = be32(d, *p);
			put_field(d, &bgp_fields[B_PATH_ID], *p, 4);
			*p += 4;
			*len -= 4;
		}
		n = bgp_prefix4(d, *p, *len, "\n\t    ", f);
		if (n < 0)
			return n == ROUTE_ILLEGAL ? RUN_ILLEGAL : RUN_CUT;
		if (paths)
			text(d, "   Path Id: "), text_u(d, path);
		*p += n;
		*len -= (uint32_t)n;
	}
	return RUN_DONE;
}

/*
 * Path attributes. *room counts down what is left of the message. False when it is cut short; attributes that do
 * not fit their list end it, and what follows counts as routes.
 */
static bool
text_attributes(struct dis *d, const uint8_t **at, uint32_t len, uint32_t *room)
{
	const uint8_t *p = *at, *end = p + len;
	uint32_t after = *room - len;

	while (p < end) {
		unsigned flags, type, width, n;

		if (!have(d, p, 2) || after + (uint32_t)(end - p) < 2)
			return false;
		if (end - p < 2) {
			text(d, "\n\t  [path attrs too short]");
			break;
		}
		flags = p[0];
		type = p[1];
		width = flags & 0x10 ? 2 : 1;
		if (!have(d, p + 2, width) || after + (uint32_t)(end - p) < 2 + width)
			return false;
		if (end - p < 2 + (ptrdiff_t)width) {
			text(d, "\n\t  [path attrs too short]");
			break;
		}
		n = width == 2 ? raw16(p + 2) : p[2];
		put_field(d, &bgp_fields[B_ATTR_FLAGS], p, 1);
		for (unsigned i = B_ATTR_OPTIONAL; i <= B_ATTR_EXTENDED; i++)
			put_field(d, &bgp_fields[i], p, 1);
		put_field(d, &bgp_fields[B_ATTR], p + 1, 1);
		put_value(d, &bgp_fields[B_ATTR_LEN], n);
		p += 2 + width;
		text(d, "\n\t  ");
		bgp_text_attr(d, flags, type, n);
		if (flags)
			text(d, ": ");
		if (end - p < (ptrdiff_t)n) {
			text(d, " [path attrs too short]");
			break;
		}
		if (!bgp_attr(d, type, p, n, 0))
			return false;
		p += n;
	}
	*at = end;
	*room = after;
	return true;
}

static void
text_update(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n, attrs;

	if (!have(d, p, BGP_HEADER) || len < BGP_HEADER)
		goto cut;
	p += BGP_HEADER;
	len -= BGP_HEADER;
	if (!have(d, p, 2) || len < 2)
		goto cut;
	n = raw16(p);
	put_field(d, &bgp_fields[B_WITHDRAWN_LEN], p, 2);
	p += 2;
	len -= 2;
	if (!have(d, p, n) || len < n)
		goto cut;
	len -= n;
	if (n > 1) {
		bool paths = bgp_has_paths(d, p, n, 32);

		text(d, "\n\t  Withdrawn routes:");
		switch (text_prefixes(d, &p, &n, paths, &bgp_fields[B_WITHDRAWN])) {
		case RUN_CUT:
			goto cut;
		case RUN_ILLEGAL:
			/* From the prefix on, the rest is taken for the attributes. */
			len += n;
			break;
		case RUN_SHORT:
			p += n;
			break;
		case RUN_DONE:
			break;
		}
	} else {
		p += n;
	}

	if (!have(d, p, 2) || len < 2)
		goto cut;
	attrs = raw16(p);
	put_field(d, &bgp_fields[B_ATTRS_LEN], p, 2);
	p += 2;
	len -= 2;
	if (n == 0 && attrs == 0 && len == 0) {
		text(d, "\n\t  End-of-Rib Marker (empty NLRI)");
		return;
	}
	if (len < attrs || !text_attributes(d, &p, attrs, &len))
		goto cut;
	if (len) {
		bool paths = bgp_has_paths(d, p, len, 32);
		enum run run;

		text(d, "\n\t  Updated routes:");
		run = text_prefixes(d, &p, &len, paths, &bgp_fields[B_PREFIX4]);
		if (run == RUN_CUT || run == RUN_SHORT)
			goto cut;
	}
	return;
cut:
	text_trunc(d);
}

/* --- Notification, Route Refresh ------------------------------------------------------------------------------- */

/* What an operator says when shutting down, RFC 9003: p and len are the data of the notification. */
static void
text_shutdown(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned n = u8(d, p), skip = 0;

	put_field(d, &bgp_fields[B_SHUTDOWN_LEN], p, 1);
	if (n > len - 1) {
		text(d, ", invalid Shutdown Communication length");
	} else if (n == 0) {
		text(d, ", empty Shutdown Communication");
		skip = 1;
	} else {
		if (!have(d, p + 1, n)) {
			text_trunc(d);
			return;
		}
		put_field(d, &bgp_fields[B_SHUTDOWN], p + 1, n);
		text(d, ", Shutdown Communication (length: "), text_u(d, n), text(d, "): \"");
		text_str(d, p + 1, n);
		text_char(d, '"');
		skip = n + 1;
	}
	if (len > skip) {
		text(d, ", Data: (length: "), text_u(d, len - skip), text_char(d, ')');
		text_dump_hex(d, "\n\t\t", p + skip, len - skip, 0);
	}
}

static void
text_notification(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned major, minor;

	if (!have(d, p, NOTIFICATION_SIZE)) {
		text_trunc(d);
		return;
	}
	if (len < NOTIFICATION_SIZE)
		return;
	major = p[19];
	minor = p[20];
	put_field(d, &bgp_fields[B_MAJOR], p + 19, 1);
	put_field(d, &bgp_fields[B_MINOR], p + 20, 1);
	text(d, ", ");
	text_name(d, bgp_major_names, major, "Unknown Error");
	text_number(d, major);
	if (major < sizeof minors / sizeof *minors && minors[major].names) {
		text(d, minors[major].before);
		text(d, " subcode ");
		text_name(d, minors[major].names, minor, "Unknown");
		text_number(d, minor);
	}
	if (major != ERR_CEASE)
		return;
	p += NOTIFICATION_SIZE;
	len -= NOTIFICATION_SIZE;
	if (minor == CEASE_PREFIXES && len >= 7) {
		need(d, p, 7);
		put_field(d, &bgp_fields[B_MAX_PREFIXES], p + 3, 4);
		text(d, ", ");
		bgp_text_family(d, raw16(p), p[2]);
		text(d, ", Max Prefixes: "), text_u(d, raw32(p + 3));
	} else if ((minor == CEASE_SHUTDOWN || minor == CEASE_RESET) && len >= 1) {
		text_shutdown(d, p, len);
	}
}

static void
text_refresh(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (!have(d, p, REFRESH_SIZE)) {
		text_trunc(d);
		return;
	}
	if (len < REFRESH_SIZE)
		return;
	put_field(d, &bgp_fields[B_REFRESH_AFI], p + 19, 2);
	put_field(d, &bgp_fields[B_REFRESH_SUBTYPE], p + 21, 1);
	put_field(d, &bgp_fields[B_REFRESH_SAFI], p + 22, 1);
	text(d, "\n\t  ");
	bgp_text_family(d, raw16(p + 19), p[22]);
	if (d->v > 1) {
		if (have(d, p, len))
			text_unknown(d, p, "\n\t  ", len);
		else
			text_trunc(d);
	}
}

/* --- all of them ----------------------------------------------------------------------------------------------- */

static void
text_message(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type = p[18];

	put_field(d, &bgp_fields[B_MARKER], p, MARKER);
	put_field(d, &bgp_fields[B_LENGTH], p + 16, 2);
	put_field(d, &bgp_fields[B_TYPE], p + 18, 1);
	text(d, "\n\t");
	text_name(d, bgp_message_names, type, "Unknown");
	text(d, " Message");
	text_number(d, type);
	text(d, ", length: "), text_u(d, len);
	switch (type) {
	case OPEN:
		text_open(d, p, len);
		break;
	case UPDATE:
		text_update(d, p, len);
		break;
	case NOTIFICATION:
		text_notification(d, p, len);
		break;
	case KEEPALIVE:
		break;
	case ROUTE_REFRESH:
		text_refresh(d, p, len);
		break;
	default:
		text(d, "\n\t  no Message "), text_u(d, type), text(d, " decoder");
		text_unknown(d, p, "\n\t  ", len);
		break;
	}
}

static const uint8_t ones[MARKER] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

/* The next marker from p on, or NULL: a segment may begin in the middle of a message. */
static const uint8_t *
find_marker(const struct dis *d, const uint8_t *p)
{
	while (have(d, p, MARKER)) {
		p = memchr(p, 0xff, left(d, p));
		if (p == NULL || !have(d, p, MARKER))
			return NULL;
		if (memcmp(p, ones, MARKER) == 0)
			return p;
		p++;
	}
	return NULL;
}

static void
bgp(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *message;

	(void)len;
	enter(d, &proto_bgp);
	text(d, ": BGP");
	if (d->v < 1)
		return;
	while ((message = find_marker(d, p)) != NULL) {
		unsigned n;

		if (!have(d, message, BGP_HEADER)) {
			text_trunc(d);
			return;
		}
		if (message != p)
			text_trunc(d);
		p = message;
		n = raw16(p + MARKER);
		if (n < BGP_HEADER) {
			text(d, "\nmessage length "), text_u(d, n);
			text(d, " < "), text_u(d, BGP_HEADER);
			text_invalid(d);
			return;
		}
		if (!have(d, p, n)) {
			text(d, "\n[|BGP ");
			text_name(d, bgp_message_names, p[18], "Unknown Message Type");
			text_char(d, ']');
			return;
		}
		text_message(d, p, n);
		p += n;
	}
}

const struct proto proto_bgp = {
	"bgp", "bgp", "Border Gateway Protocol", bgp, bgp_fields, B_FIELDS
};
