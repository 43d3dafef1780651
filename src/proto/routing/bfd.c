/* Bidirectional Forwarding Detection: version 1 (RFC 5880; ports of RFC 5881, 5883, 7130) and the draft's version 0. */
#include "dissect/dissect.h"

enum { HEADER = 24, AUTH_PRESENT = 0x04, DIGEST_MD5 = 16, DIGEST_SHA1 = 20 };

enum { PORT_CONTROL = 3784, PORT_ECHO = 3785, PORT_MULTIHOP = 4784, PORT_LAG = 6784 };
static const struct name ports[] = {
	{ PORT_CONTROL, "Control" }, { PORT_MULTIHOP, "Multihop" }, { PORT_LAG, "Lag" }, { 0, NULL }
};

static const struct name diagnostics[] = {
	{ 0, "No Diagnostic" }, { 1, "Control Detection Time Expired" }, { 2, "Echo Function Failed" },
	{ 3, "Neighbor Signaled Session Down" }, { 4, "Forwarding Plane Reset" }, { 5, "Path Down" },
	{ 6, "Concatenated Path Down" }, { 7, "Administratively Down" }, { 8, "Reverse Concatenated Path Down" },
	{ 0, NULL }
};

static const struct name flags0[] = {
	{ 0x80, "I Hear You" }, { 0x40, "Demand" }, { 0x20, "Poll" }, { 0x10, "Final" },
	{ 0x08, "Control Plane Independent" }, { AUTH_PRESENT, "Authentication Present" }, { 0x02, "Reserved" },
	{ 0x01, "Reserved" }, { 0, NULL }
};
static const struct name flags1[] = {
	{ 0x20, "Poll" }, { 0x10, "Final" }, { 0x08, "Control Plane Independent" },
	{ AUTH_PRESENT, "Authentication Present" }, { 0x02, "Demand" }, { 0x01, "Multipoint" }, { 0, NULL }
};

static const struct name states[] = { { 0, "AdminDown" }, { 1, "Down" }, { 2, "Init" }, { 3, "Up" }, { 0, NULL } };

enum { AUTH_PASSWORD = 1, AUTH_MD5, AUTH_MD5_METICULOUS, AUTH_SHA1, AUTH_SHA1_METICULOUS };
static const struct name auth_types[] = {
	{ AUTH_PASSWORD, "Simple Password" }, { AUTH_MD5, "Keyed MD5" }, { AUTH_MD5_METICULOUS, "Meticulous Keyed MD5" },
	{ AUTH_SHA1, "Keyed SHA1" }, { AUTH_SHA1_METICULOUS, "Meticulous Keyed SHA1" }, { 0, NULL }
};

enum {
	VERSION, DIAG, STATE, FLAGS, POLL, FINAL, MULT, LENGTH, MINE, YOURS, TX, RX, ECHO_RX, A_TYPE, A_LENGTH, A_KEY,
	A_PASSWORD, A_SEQ, A_DIGEST,
};
static const struct field F[] = {
	[VERSION] = { "bfd.version", U8, .mask = 0xe0, .help = "Version" },
	[DIAG] = { "bfd.diag", U8, .mask = 0x1f, .names = diagnostics, .help = "Why the state last changed" },
	[STATE] = { "bfd.sta", U8, .mask = 0xc0, .names = states, .help = "State of the session" },
	[FLAGS] = { "bfd.flags", U8, .mask = 0x3f, .help = "Flags" },
	[POLL] = { "bfd.flags.p", BOOL, .mask = 0x20, .help = "The sender wants an answer" },
	[FINAL] = { "bfd.flags.f", BOOL, .mask = 0x10, .help = "Answer to a poll" },
	[MULT] = { "bfd.detect_time_multiplier", U8, .help = "Packets that may be missed" },
	[LENGTH] = { "bfd.message_length", U8, .help = "Message length" },
	[MINE] = { "bfd.my_discriminator", U32, .help = "Sender's discriminator" },
	[YOURS] = { "bfd.your_discriminator", U32, .help = "Receiver's discriminator" },
	[TX] = { "bfd.desired_min_tx_interval", U32, .help = "Microseconds between packets the sender wants to send" },
	[RX] = { "bfd.required_min_rx_interval", U32, .help = "Microseconds between packets the sender can take" },
	[ECHO_RX] = { "bfd.required_min_echo_interval", U32, .help = "Microseconds between echoes the sender can take" },
	[A_TYPE] = { "bfd.auth.type", U8, .names = auth_types, .help = "Authentication type" },
	[A_LENGTH] = { "bfd.auth.len", U8, .help = "Length of the authentication section" },
	[A_KEY] = { "bfd.auth.key", U8, .help = "Key identifier" },
	[A_PASSWORD] = { "bfd.auth.password", STR, .help = "Clear-text password" },
	[A_SEQ] = { "bfd.auth.seq_num", U32, .help = "Authentication sequence number" },
	[A_DIGEST] = { "bfd.checksum", BYTES, .help = "Digest or hash" },
};

extern const struct proto proto_bfd;

static void
put_auth(struct dis *d, const uint8_t *p)
{
	unsigned type, n;

	if (!have(d, p, 3))
		return;
	type = p[0];
	n = p[1];
	put_field(d, &F[A_TYPE], p, 1);
	put_field(d, &F[A_LENGTH], p + 1, 1);
	put_field(d, &F[A_KEY], p + 2, 1);
	if (type == AUTH_PASSWORD && n > 3) {
		put_field(d, &F[A_PASSWORD], p + 3, n - 3);
	} else if (n > 8) {
		put_field(d, &F[A_SEQ], p + 4, 4);
		put_field(d, &F[A_DIGEST], p + 8, n - 8);
	}
}

static void
put_control(struct dis *d, const uint8_t *p)
{
	bool v1 = p[0] >> 5 == 1;

	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[DIAG], p, 1);
	if (v1)
		put_field(d, &F[STATE], p + 1, 1);
	put_field(d, &F[FLAGS], p + 1, 1);
	put_field(d, &F[POLL], p + 1, 1);
	put_field(d, &F[FINAL], p + 1, 1);
	put_field(d, &F[MULT], p + 2, 1);
	put_field(d, &F[LENGTH], p + 3, 1);
	for (unsigned i = MINE; i <= ECHO_RX; i++)
		put_field(d, &F[i], p + 4 + (i - MINE) * 4, 4);
	if (p[1] & AUTH_PRESENT)
		put_auth(d, p + HEADER);
}

/* Sequence number and digest, RFC 5880 sections 4.3 and 4.4. */
static void
text_digest(struct dis *d, const uint8_t *p, unsigned len, const char *label, unsigned size)
{
	if (len != 8 + size) {
		text_fmt(d, "[invalid length %u]", len);
		return;
	}
	text_be_x(d, ", Sequence Number: 0x", p + 4, 4, 8);
	need(d, p + 8, size);
	text(d, label);
	text_hex(d, p + 8, size);
}

static void
text_auth(struct dis *d, const uint8_t *p)
{
	unsigned type, len;

	need(d, p, 4);
	type = p[0];
	len = p[1];
	text(d, "\n\tAuthentication: ");
	text_name(d, auth_types, type, "Unknown");
	text_fmt(d, " (%u), length: %u\n\t  Auth Key ID: %u", type, len, p[2]);
	switch (type) {
	case AUTH_PASSWORD:
		if (len < 4 || len > 19) {
			text_fmt(d, "[invalid length %u]", len);
			break;
		}
		text(d, ", Password: ");
		text_str(d, p + 3, len - 3);
		break;
	case AUTH_MD5:
	case AUTH_MD5_METICULOUS:
		text_digest(d, p, len, "\n\t  Digest: ", DIGEST_MD5);
		break;
	case AUTH_SHA1:
	case AUTH_SHA1_METICULOUS:
		text_digest(d, p, len, "\n\t  Hash: ", DIGEST_SHA1);
		break;
	}
}

static void
text_ms(struct dis *d, const char *label, const uint8_t *p)
{
	text(d, label);
	text_fmt(d, "%4u ms", raw32(p) / 1000);
}

/* A control packet of version 0 or 1, whose fixed part is captured. */
static void
control(struct dis *d, const uint8_t *p, uint32_t len, unsigned version)
{
	text(d, version ? "BFDv1" : "BFDv0");
	if (d->v)
		text(d, ", length: "), text_u(d, len), text(d, "\n\t");
	else
		text(d, ", ");
	if (version == 0) {
		text(d, "Control");
	} else {
		text_name(d, ports, d->dport, "unknown (%u)");
		text(d, ", State ");
		text_name(d, states, p[1] >> 6, "unknown (%u)");
	}
	text(d, ", Flags: [");
	text_bits(d, version ? flags1 : flags0, version ? p[1] & 0x3f : p[1], ", ", "none");
	text_char(d, ']');
	if (!d->v) {
		text(d, ", length: "), text_u(d, len);
		return;
	}
	text(d, ", Diagnostic: ");
	text_name(d, diagnostics, p[0] & 0x1f, "unknown");
	text_fmt(d, " (0x%02x)", p[0] & 0x1f);
	text_fmt(d, "\n\tDetection Timer Multiplier: %u (%u ms Detection time), BFD Length: %u", p[2],
	    p[2] * raw32(p + 12) / 1000, p[3]);
	text_fmt(d, "\n\tMy Discriminator: 0x%08x, Your Discriminator: 0x%08x", raw32(p + 4), raw32(p + 8));
	text_ms(d, "\n\t  Desired min Tx Interval:    ", p + 12);
	text_ms(d, "\n\t  Required min Rx Interval:   ", p + 16);
	text_ms(d, "\n\t  Required min Echo Interval: ", p + 20);
	if (p[1] & AUTH_PRESENT)
		text_auth(d, p + HEADER);
}

static void
bfd(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_bfd);
	if (d->dport == PORT_ECHO) {
		/* What an echo looks like is the sender's own business. */
		text(d, "BFD, Echo, length: "), text_u(d, len);
	} else {
		unsigned version;

		need(d, p, HEADER);
		if (d->sink)
			put_control(d, p);
		version = p[0] >> 5;
		if (version <= 1) {
			control(d, p, len, version);
			return;
		}
		text_fmt(d, "BFDv%u, Control, length: %u", version, len);
	}
	if (d->v)
		text_unknown(d, p, "\n\t", len);
}

const struct proto proto_bfd = PROTO("bfd", "bfd", "Bidirectional Forwarding Detection", bfd, F);
