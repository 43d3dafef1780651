/* ATA over Ethernet, AoEr11. */
#include "dissect/dissect.h"

enum { ISSUE, CONFIG, MASK, RESERVE };
static const struct name commands[] = {
	{ ISSUE, "Issue ATA Command" }, { CONFIG, "Query Config Information" }, { MASK, "MAC Mask List" },
	{ RESERVE, "Reserve/Release" }, { 0, NULL }
};

enum { RESPONSE = 8, ERROR = 4, HEADER = 10, STRING_MAX = 1024 };
static const struct name flags[] = {
	{ RESPONSE, "Response" }, { ERROR, "Error" }, { 2, "MBZ-1" }, { 1, "MBZ-0" }, { 0, NULL }
};

static const struct name errors[] = {
	{ 1, "Unrecognized command code" }, { 2, "Bad argument parameter" }, { 3, "Device unavailable" },
	{ 4, "Config string present" }, { 5, "Unsupported version" }, { 6, "Target is reserved" }, { 0, NULL }
};

enum { F_VERSION, F_RESPONSE, F_ERROR_BIT, F_ERROR, F_MAJOR, F_MINOR, F_COMMAND, F_TAG };
static const struct field F[] = {
	[F_VERSION] = { "aoe.version", U8, .mask = 0xf0, .help = "Version" },
	[F_RESPONSE] = { "aoe.response", BOOL, .mask = RESPONSE, .help = "A response" },
	[F_ERROR_BIT] = { "aoe.flags_error", BOOL, .mask = ERROR, .help = "It failed" },
	[F_ERROR] = { "aoe.error", U8, .names = errors, .help = "Error" },
	[F_MAJOR] = { "aoe.major", U16, .help = "Shelf" },
	[F_MINOR] = { "aoe.minor", U8, .help = "Slot" },
	[F_COMMAND] = { "aoe.cmd", U8, .names = commands, .help = "Command" },
	[F_TAG] = { "aoe.tag", U32, .help = "Tag of request and response" },
};

extern const struct proto proto_aoe;

/* Label and byte, which is read first. */
static unsigned
text_byte(struct dis *d, const char *label, const uint8_t *p)
{
	unsigned v = u8(d, p);

	text(d, label), text_u(d, v);
	return v;
}

static void
invalid(struct dis *d, const uint8_t *p, uint32_t len)
{
	text_invalid(d);
	need(d, p, len);
}

static void
issue(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 12 };
	static const struct name bits[] = {
		{ 0x80, "MBZ-7" }, { 0x40, "Ext48" }, { 0x20, "MBZ-5" }, { 0x10, "Device" }, { 0x08, "MBZ-3" },
		{ 0x04, "MBZ-2" }, { 0x02, "Async" }, { 0x01, "Write" }, { 0, NULL }
	};
	static const char *const labels[] = {
		", Err/Feature: ", ", Sector Count: ", ", Cmd/Status: ", "\n\tlba0: ", ", lba1: ", ", lba2: ", ", lba3: ",
		", lba4: ", ", lba5: ",
	};
	unsigned v;

	if (len < SIZE) {
		invalid(d, p, len);
		return;
	}
	v = u8(d, p);
	text(d, "\n\tAFlags: [");
	text_bits(d, bits, v, ", ", "none");
	text_char(d, ']');
	for (unsigned i = 0; i < sizeof labels / sizeof *labels; i++)
		text_byte(d, labels[i], p + 1 + i);
	need(d, p + 10, 2);
	if (len > SIZE)
		text(d, "\n\tData: "), text_u(d, len - SIZE), text(d, " bytes");
}

static void
config(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 8 };
	static const struct name verbs[] = {
		{ 0, "read config string" }, { 1, "test config string" }, { 2, "test config string prefix" },
		{ 3, "set config string" }, { 4, "force set config string" }, { 0, NULL }
	};
	unsigned v, n;

	if (len < SIZE) {
		invalid(d, p, len);
		return;
	}
	v = be16(d, p);
	text(d, "\n\tBuffer Count: "), text_u(d, v);
	v = be16(d, p + 2);
	text(d, ", Firmware Version: "), text_u(d, v);
	text_byte(d, ", Sector Count: ", p + 4);
	v = u8(d, p + 5);
	text(d, ", AoE: "), text_u(d, v >> 4);
	text(d, ", CCmd: ");
	text_name(d, verbs, v & 15, "Unknown (0x02x)");
	n = be16(d, p + 6);
	p += SIZE;
	len -= SIZE;
	if (n > STRING_MAX || n > len) {
		invalid(d, p, len);
		return;
	}
	if (n) {
		text(d, "\n\tConfig String (length "), text_u(d, n), text(d, "): ");
		text_str(d, p, n);
	}
}

static void
text_code(struct dis *d, const char *label, const struct name *names, const uint8_t *p)
{
	unsigned v = u8(d, p);

	text(d, label);
	text_name(d, names, v, "Unknown (0x%02x)");
}

static void
mask_list(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 4, DIRECTIVE = 8 };
	static const struct name verbs[] = { { 0, "Read Mac Mask List" }, { 1, "Edit Mac Mask List" }, { 0, NULL } };
	static const struct name failures[] = {
		{ 1, "Unspecified Error" }, { 2, "Bad DCmd directive" }, { 3, "Mask list full" }, { 0, NULL }
	};
	static const struct name directives[] = {
		{ 0, "No Directive" }, { 1, "Add mac address to mask list" },
		{ 2, "Delete mac address from mask list" }, { 0, NULL }
	};
	unsigned n;

	if (len < SIZE) {
		invalid(d, p, len);
		return;
	}
	text_code(d, "\n\tMCmd: ", verbs, p + 1);
	text_code(d, ", MError: ", failures, p + 2);
	n = text_byte(d, ", Dir Count: ", p + 3);
	p += SIZE;
	len -= SIZE;
	if (n * DIRECTIVE > len) {
		invalid(d, p, len);
		return;
	}
	for (; n; n--, p += DIRECTIVE) {
		text_code(d, "\n\t DCmd: ", directives, p + 1);
		need(d, p + 2, 6);
		text(d, ", Ethernet Address: "), text_mac(d, p + 2);
	}
}

static void
reserve(struct dis *d, const uint8_t *p, uint32_t len)
{
	enum { SIZE = 2 };
	static const struct name verbs[] = {
		{ 0, "Read reserve list" }, { 1, "Set reserve list" }, { 2, "Force set reserve list" }, { 0, NULL }
	};
	unsigned n;

	if (len < SIZE || (len - SIZE) % 6) {
		invalid(d, p, len);
		return;
	}
	text_code(d, "\n\tRCmd: ", verbs, p);
	n = text_byte(d, ", NMacs: ", p + 1);
	p += SIZE;
	len -= SIZE;
	if (n * 6 != len) {
		invalid(d, p, len);
		return;
	}
	for (unsigned i = 0; i < n; i++, p += 6) {
		need(d, p, 6);
		text(d, "\n\tEthernet Address "), text_u(d, i);
		text(d, ": "), text_mac(d, p);
	}
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[F_RESPONSE], p, 1);
	put_field(d, &F[F_ERROR_BIT], p, 1);
	put_field(d, &F[F_ERROR], p + 1, 1);
	put_field(d, &F[F_MAJOR], p + 2, 2);
	put_field(d, &F[F_MINOR], p + 4, 1);
	put_field(d, &F[F_COMMAND], p + 5, 1);
	put_field(d, &F[F_TAG], p + 6, 4);
}

/* Version 1; p is at the version. */
static void
version_1(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned bits, command;
	uint32_t v;

	if (len < HEADER) {
		invalid(d, p, len);
		return;
	}
	if (d->sink)
		put_header(d, p);
	bits = u8(d, p) & 15;
	text(d, ", Flags: [");
	text_bits(d, flags, bits, ", ", "none");
	text_char(d, ']');
	if (!d->v)
		return;
	if (bits & ERROR) {
		v = u8(d, p + 1);
		text(d, "\n\tError: ");
		text_name(d, errors, v, "Invalid (%u)");
	}
	v = be16(d, p + 2);
	text(d, "\n\tMajor: 0x"), text_x(d, v, 4);
	v = u8(d, p + 4);
	text(d, ", Minor: 0x"), text_x(d, v, 2);
	command = u8(d, p + 5);
	text(d, ", Command: ");
	text_name(d, commands, command, "Unknown (0x%02x)");
	v = be32(d, p + 6);
	text(d, ", Tag: 0x"), text_x(d, v, 8);
	p += HEADER;
	len -= HEADER;
	switch (command) {
	case ISSUE:
		issue(d, p, len);
		break;
	case CONFIG:
		config(d, p, len);
		break;
	case MASK:
		mask_list(d, p, len);
		break;
	case RESERVE:
		reserve(d, p, len);
		break;
	}
}

static void
aoe(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned version;

	enter(d, &proto_aoe);
	text(d, "AoE length "), text_u(d, len);
	if (len < 1) {
		text_invalid(d);
		return;
	}
	version = u8(d, p) >> 4;
	put_field(d, &F[F_VERSION], p, 1);
	text(d, ", Ver "), text_u(d, version);
	if (version == 1)
		version_1(d, p, len);
}

const struct proto proto_aoe = PROTO("aoe", "aoe", "ATA over Ethernet", aoe, F);
