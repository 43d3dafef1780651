/*
 * Q.933, the signalling of Frame Relay: in practice the status enquiries and reports of the local management interface,
 * as Q.933 annex A ("CCITT") and T1.617 annex D ("ANSI") have them.
 */
#include "dissect/dissect.h"

enum { CALL_REF_LENGTH = 0x0f };

/* An element with the high bit set has no length and no content; 9x among them shifts to another code set. */
enum { SINGLE = 0x80, SHIFT = 0x90, SHIFT_MASK = 0xf0, ONE_ONLY = 0x08, CODESET = 0x07, NATIONAL = 5 };

static const struct name messages[] = {
	{ 0x00, "ESC to National" }, { 0x01, "Alert" }, { 0x02, "Call proceeding" }, { 0x03, "Progress" },
	{ 0x05, "Setup" }, { 0x07, "Connect" }, { 0x0f, "Connect ACK" }, { 0x45, "Disconnect" }, { 0x46, "Restart" },
	{ 0x4d, "Release" }, { 0x4e, "Restart ACK" }, { 0x5a, "Release Complete" }, { 0x75, "Status Enquiry" },
	{ 0x7d, "Status Reply" }, { 0, NULL }
};

enum { ANSI_REPORT = 0x01, ANSI_VERIFY = 0x03, ANSI_STATUS = 0x07, ANSI_VERIFY_91 = 0x19, REPORT = 0x51, VERIFY = 0x53,
	STATUS = 0x57 };
static const struct name elements[] = {
	{ ANSI_REPORT, "ANSI Report Type" }, { ANSI_VERIFY, "ANSI Link Verify" }, { ANSI_STATUS, "ANSI PVC Status" },
	{ ANSI_VERIFY_91, "ANSI Link Verify" }, { REPORT, "CCITT Report Type" }, { VERIFY, "CCITT Link Verify" },
	{ STATUS, "CCITT PVC Status" }, { 0, NULL }
};

static const struct name reports[] = {
	{ 0, "Full Status" }, { 1, "Link verify" }, { 2, "Async PVC Status" }, { 0, NULL }
};

enum { F_CALL_REF_LEN, F_CALL_REF, F_MESSAGE, F_REPORT, F_TX, F_RX, F_DLCI, F_STATUS };
static const struct field F[] = {
	[F_CALL_REF_LEN] = { "q933.call_ref_len", U8, .mask = CALL_REF_LENGTH, .help = "Length of the call reference" },
	[F_CALL_REF] = { "q933.call_ref", BYTES, .help = "Call reference" },
	[F_MESSAGE] = { "q933.message_type", U8, .names = messages, .help = "Message type" },
	[F_REPORT] = { "q933.report_type", U8, .names = reports, .help = "Report type" },
	[F_TX] = { "q933.link_verification.txseq", U8, .help = "Sequence number sent" },
	[F_RX] = { "q933.link_verification.rxseq", U8, .help = "Sequence number received" },
	[F_DLCI] = { "q933.dlci", U32, .help = "Circuit that is reported on" },
	[F_STATUS] = { "q933.status", U8, .mask = 0x0e, .help = "Status of the circuit: 4 new, 1 active" },
};

extern const struct proto proto_q933;

/* The circuit of a PVC status element of n bytes, each but the last with its high bit clear up to the identifier's. */
static bool
status_dlci(const uint8_t *p, uint32_t n, uint32_t *dlci)
{
	if (n < 3 || n > 5 || p[0] & 0x80)
		return false;
	/* The identifier ends with the byte before the last, which is the status. */
	for (uint32_t i = 1; i < n; i++)
		if (!(p[i] & 0x80) == (i + 2 >= n))
			return false;
	*dlci = (p[0] & 0x3fu) << 4 | (p[1] & 0x78u) >> 3;
	if (n == 4)
		*dlci = *dlci << 6 | (p[2] & 0x7eu) >> 1;
	else if (n == 5)
		*dlci = *dlci << 13 | (p[2] & 0x7f) | (p[3] & 0x7eu) >> 1;
	return true;
}

static void
status(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t dlci;

	if (!status_dlci(p, n, &dlci)) {
		text(d, "Invalid DLCI in PVC STATUS IE");
		return;
	}
	put_value(d, &F[F_DLCI], dlci);
	put_field(d, &F[F_STATUS], p + n - 1, 1);
	text(d, "DLCI "), text_u(d, dlci), text(d, ": status ");
	text(d, p[n - 1] & 0x08 ? "New, " : "");
	text(d, p[n - 1] & 0x02 ? "Active" : "Inactive");
}

/* The content of an element, n bytes that are captured and at least one; false when nobody knows it. */
static bool
element(struct dis *d, unsigned type, const uint8_t *p, uint32_t n)
{
	const char *sep = d->v ? "" : ", ";

	switch (type) {
	case ANSI_REPORT:
	case REPORT:
		put_field(d, &F[F_REPORT], p, 1);
		if (d->v) {
			text_name(d, reports, *p, "unknown");
			text(d, " ("), text_u(d, *p), text_char(d, ')');
		}
		return true;
	case ANSI_VERIFY:
	case ANSI_VERIFY_91:
	case VERIFY:
		text(d, sep);
		if (n < 2) {
			text(d, "Invalid LINK VERIFY IE");
			return true;
		}
		put_field(d, &F[F_TX], p, 1);
		put_field(d, &F[F_RX], p + 1, 1);
		text_fmt(d, "TX Seq: %3d, RX Seq: %3d", p[0], p[1]);
		return true;
	case ANSI_STATUS:
	case STATUS:
		text(d, sep);
		status(d, p, n);
		return true;
	default:
		return false;
	}
}

/* Which code set elements are of; a shift may hold for one element only. */
struct codeset {
	unsigned now, after;
	unsigned one;		/* 1: for the next element only; 2: that has come */
};

static inline bool
is_shift(unsigned type)
{
	return (type & SHIFT_MASK) == SHIFT;
}

static inline bool
has_elements(unsigned codeset)
{
	return codeset == 0 || codeset == NATIONAL;
}

/* How the elements ended: with the frame, with one that is none, with the captured bytes. */
enum end { END_FRAME, END_NULL, END_CUT };

static enum end
walk_elements(struct dis *d, const uint8_t *p, uint32_t len, struct codeset set)
{
	static const struct name none[] = { { 0, NULL } };

	while (len) {
		unsigned type;
		uint32_t n;

		if (set.one == 1) {
			set.one = 2;
		} else if (set.one == 2) {
			set.now = set.after;
			set.one = 0;
		}
		if (!have(d, p, 1))
			return END_CUT;
		type = *p++;
		len--;
		if (type & SINGLE) {
			if (is_shift(type)) {
				set.one = type & ONE_ONLY ? 1 : 0;
				if (set.one)
					set.after = set.now;
				set.now = type & CODESET;
			}
			continue;
		}
		if (len == 0 || !have(d, p, 1))
			return END_CUT;
		n = *p++;
		len--;
		if (d->v) {
			text(d, "\n\t");
			text_name(d, has_elements(set.now) ? elements : none, type, "unknown");
			text(d, " IE (0x"), text_x(d, type, 2);
			text(d, "), length "), text_u(d, n), text(d, ": ");
		}
		if (type == 0 || n == 0)
			return END_NULL;
		if (len < n || !have(d, p, n))
			return END_CUT;
		if (has_elements(set.now) && element(d, type, p, n)) {
			if (d->v > 1)
				text_unknown(d, p, "\n\t  ", n);
		} else if (d->v) {
			text_unknown(d, p, "\n\t", n);
		}
		p += n;
		len -= n;
	}
	return END_FRAME;
}

/* False when the packet ends before it was clear what it is. */
static bool
header(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *ref = p + 1;
	struct codeset set = { 0, 0, 0 };
	unsigned ref_len, ref_said, message;
	uint32_t n = 0, whole = len;
	bool ansi = false;
	enum end end;

	if (len == 0 || !have(d, p, 1))
		return false;
	ref_len = p[0] & CALL_REF_LENGTH;
	n = 1 + ref_len + 1;
	if (len < n || !have(d, p, n))
		return false;
	message = p[n - 1];
	if (len > n) {
		if (!have(d, p, n + 1))
			return false;
		if (is_shift(p[n])) {
			set.now = p[n] & CODESET;
			ansi = !(p[n] & ONE_ONLY) && set.now == NATIONAL;
			set.one = p[n] & ONE_ONLY ? 1 : 0;
			n++;
		}
	}
	put_field(d, &F[F_CALL_REF_LEN], p, 1);
	if (ref_len)
		put_field(d, &F[F_CALL_REF], ref, ref_len);
	put_field(d, &F[F_MESSAGE], ref + ref_len, 1);
	if (!d->e)
		text(d, ", ");
	text(d, ansi ? "ANSI" : "CCITT");
	text(d, ", codeset "), text_u(d, set.now);
	/* A reference of one byte counts as one if what follows the message is not 0. */
	ref_said = ref_len > 1 || (ref_len == 1 && u8(d, p + n) != 0) ? ref_len : 0;
	if (ref_said)
		text(d, ", Call Ref: 0x"), text_hex(d, ref, ref_said);
	text(d, ", ");
	text_name(d, messages, message, d->v ? "unknown message" : "unknown message 0x%02x");
	if (d->v) {
		text(d, " (0x"), text_x(d, message, 2);
		text(d, "), length "), text_u(d, whole);
	}
	end = walk_elements(d, p + n, len - n, set);
	if (!d->v && end != END_NULL)
		text(d, ", length "), text_u(d, whole);
	if (end == END_CUT)
		text_trunc(d);
	return true;
}

static void
q933(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_q933);
	if (!d->e)
		text(d, "Q.933");
	if (!header(d, p, len)) {
		text(d, d->e ? "length " : ", length ");
		text_u(d, len);
		text_trunc(d);
	}
}

const struct proto proto_q933 = PROTO("q933", "q.933", "Q.933", q933, F);
