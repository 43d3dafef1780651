/* IEEE 802.15.4: low-rate wireless networks (802.15.4-2015 clause 7), bare and behind the TAP capture header. */
#include "dissect/said.h"
#include "proto/wireless/wpan.h"

enum { BEACON, DATA, ACK, COMMAND, RESERVED, MULTIPURPOSE, FRAGMENT, EXTENDED };

static const struct name frame_types[] = {
	{ BEACON, "Beacon" }, { DATA, "Data" }, { ACK, "ACK" }, { COMMAND, "Command" }, { RESERVED, "Reserved" },
	{ MULTIPURPOSE, "Multipurpose" }, { FRAGMENT, "Fragment" }, { EXTENDED, "Extended" }, { 0, NULL }
};

/* Bits of the frame control field, and those of the long one of multipurpose frames. */
enum {
	FC_SECURITY = 1 << 3, FC_PENDING = 1 << 4, FC_ACK = 1 << 5, FC_COMPRESSION = 1 << 6, FC_NO_SEQ = 1 << 8,
	FC_IES = 1 << 9,
	MP_LONG = 1 << 3, MP_PAN = 1 << 8, MP_SECURITY = 1 << 9, MP_NO_SEQ = 1 << 10, MP_PENDING = 1 << 11,
	MP_ACK = 1 << 14, MP_IES = 1 << 15,
};

enum { CMD_ASSOC_REQUEST = 1, CMD_ASSOC_RESPONSE, CMD_DISASSOC, CMD_DATA, CMD_BEACON = 7, CMD_REALIGN, CMD_GTS };

static const struct name commands[] = {
	{ CMD_ASSOC_REQUEST, "Association Request command" }, { CMD_ASSOC_RESPONSE, "Association Response command" },
	{ CMD_DISASSOC, "Disassociation Notification command" }, { CMD_DATA, "Data Request command" },
	{ 5, "PAN ID Conflict Notification command" }, { 6, "Orphan Notification command" },
	{ CMD_BEACON, "Beacon Request command" }, { CMD_REALIGN, "Coordinator realignment command" },
	{ CMD_GTS, "GTS request command" }, { 0x0a, "TRLE Management Request command" },
	{ 0x0b, "TRLE Management Response command" }, { 0x13, "DSME Association Request command" },
	{ 0x14, "DSME Association Response command" }, { 0x15, "DSME GTS Request command" },
	{ 0x16, "DSME GTS Response command" }, { 0x17, "DSME GTS Notify command" },
	{ 0x18, "DSME Information Request command" }, { 0x19, "DSME Information Response command" },
	{ 0x1a, "DSME Beacon Allocation Notification command" },
	{ 0x1b, "DSME Beacon Collision Notification command" }, { 0x1c, "DSME Link Report command" },
	{ 0x20, "RIT Data Request command" }, { 0x21, "DBS Request command" }, { 0x22, "DBS Response command" },
	{ 0x23, "RIT Data Response command" }, { 0x24, "Vendor Specific command" },
	{ 0, NULL }
};

static const struct name assoc_results[] = {
	{ 0x00, "Association successful" }, { 0x01, "PAN at capacity" }, { 0x02, "PAN access denied" },
	{ 0x03, "Hooping sequence offset duplication" }, { 0x80, "Fast association successful" }, { 0, NULL }
};

const struct field wpan_fields[WPAN_N_FIELDS] = {
	[WPAN_TYPE] = { "wpan.frame_type", LE16, .mask = 0x0007, .names = frame_types, .help = "Type" },
	[WPAN_SECURITY] = { "wpan.security", BOOL, .help = "Secured" },
	[WPAN_PENDING] = { "wpan.pending", BOOL, .help = "More data waits" },
	[WPAN_ACK] = { "wpan.ack_request", BOOL, .help = "An acknowledgement is wanted" },
	[WPAN_COMPRESSION] = { "wpan.pan_id_compression", BOOL, .help = "PAN identifiers are left out" },
	[WPAN_NO_SEQ] = { "wpan.seqno_suppression", BOOL, .help = "There is no sequence number" },
	[WPAN_IES] = { "wpan.ie_present", BOOL, .help = "There are information elements" },
	[WPAN_DST_MODE] = { "wpan.dst_addr_mode", U8, .help = "2: short destination address, 3: extended" },
	[WPAN_VERSION] = { "wpan.version", U8, .help = "Frame version" },
	[WPAN_SRC_MODE] = { "wpan.src_addr_mode", U8, .help = "2: short source address, 3: extended" },
	[WPAN_SEQ] = { "wpan.seq_no", U8, .help = "Sequence number" },
	[WPAN_DST_PAN] = { "wpan.dst_pan", LE16, .help = "Destination PAN" },
	[WPAN_DST16] = { "wpan.dst16", LE16, .help = "Short destination address" },
	[WPAN_DST64] = { "wpan.dst64", EUI64, .help = "Extended destination address" },
	[WPAN_SRC_PAN] = { "wpan.src_pan", LE16, .help = "Source PAN" },
	[WPAN_SRC16] = { "wpan.src16", LE16, .help = "Short source address" },
	[WPAN_SRC64] = { "wpan.src64", EUI64, .help = "Extended source address" },
	[WPAN_SEC_LEVEL] = { "wpan.aux_sec.sec_level", U8, .mask = 0x07, .help = "Security level" },
	[WPAN_KEY_MODE] = { "wpan.aux_sec.key_id_mode", U8, .mask = 0x18, .help = "How the key is told" },
	[WPAN_COUNTER] = { "wpan.aux_sec.frame_counter", LE32, .help = "Frame counter" },
	[WPAN_KEY_INDEX] = { "wpan.aux_sec.key_index", U8, .help = "Key index" },
	[WPAN_MIC] = { "wpan.mic", BYTES, .help = "Message integrity code" },
	[WPAN_FCS_OK] = { "wpan.fcs_ok", BOOL, .help = "The frame ends with a check sequence that is right" },
	[WPAN_BEACON_ORDER] = { "wpan.beacon_order", LE16, .mask = 0x000f, .help = "Beacon interval" },
	[WPAN_FRAME_ORDER] = { "wpan.superframe_order", LE16, .mask = 0x00f0, .help = "Superframe interval" },
	[WPAN_CAP] = { "wpan.cap", LE16, .mask = 0x0f00, .help = "Final slot of contention access" },
	[WPAN_COORDINATOR] = { "wpan.bcn_coord", LE16, .mask = 0x4000, .help = "From the PAN's coordinator" },
	[WPAN_PERMIT] = { "wpan.assoc_permit", LE16, .mask = 0x8000, .help = "Stations may associate" },
	[WPAN_COMMAND] = { "wpan.cmd", U8, .names = commands, .help = "Command" },
	[WPAN_ASSOC_CAPS] = { "wpan.cinfo", U8, .help = "Capabilities of who associates" },
	[WPAN_ASSOC_ADDR] = { "wpan.assoc_addr", LE16, .help = "Short address given" },
	[WPAN_ASSOC_STATUS] = { "wpan.assoc_status", U8, .names = assoc_results, .help = "Outcome of an association" },
	[WPAN_DISASSOC_REASON] = { "wpan.disassoc_reason", U8, .help = "Why a station leaves" },
	[WPAN_HEADER_IE] = { "wpan.header_ie.id", LE16, .mask = 0x7f80, .help = "Header element" },
	[WPAN_PAYLOAD_IE] = { "wpan.payload_ie.id", LE16, .mask = 0x7800, .help = "Payload element" },
	[WPAN_MLME_IE] = { "wpan.mlme_ie.id", U8, .help = "Element of the MAC's management" },
	[WPAN_ASN] = { "wpan.tsch.asn", BYTES, .help = "Absolute slot number, last byte first" },
};

#define F wpan_fields

enum { TAP_VERSION, TAP_LENGTH };
static const struct field T[] = {
	[TAP_VERSION] = { "wpan_tap.version", U8, .help = "Version" },
	[TAP_LENGTH] = { "wpan_tap.length", LE16, .help = "Length of the header" },
};

extern const struct proto proto_wpan, proto_wpan_bare, proto_wpan_tap;

/* A frame while it is walked: what is left of it, and what was found at its start and its end. */
struct frame {
	const uint8_t *p;
	uint32_t len;
	uint32_t fcs, crc;	/* what its end says, and should say */
	bool checked;		/* they were compared, and equal */
	unsigned security;	/* level */
	uint32_t mic;		/* bytes of integrity code, which len does not count */
};

static void
skip(struct frame *f, uint32_t n)
{
	f->p += n;
	f->len -= n;
}

void
wpan_addr(struct dis *d, const uint8_t *p, unsigned n)
{
	switch (n) {
	case 0:
		text(d, "none");
		break;
	case 2:
		text_x(d, le16(d, p), 4);
		break;
	case 8:
		need(d, p, 8);
		for (unsigned i = 8; i; i--)
			text_x(d, p[i - 1], 2), text(d, i > 1 ? ":" : "");
		break;
	}
}

void
wpan_data(struct dis *d, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		text_x(d, u8(d, p + i), 2), text(d, " ");
}

/* --- check sequences ------------------------------------------------------------------------------------------- */

/* CRC of n captured bytes, lowest bit first, starting at 0 (802.15.4-2015 section 7.2.10). poly is reversed, too. */
static uint32_t
crc(const uint8_t *p, uint32_t n, uint32_t poly)
{
	uint32_t c = 0;

	while (n--) {
		c ^= *p++;
		for (unsigned bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ poly : c >> 1;
	}
	return c;
}

/*
 * Looks whether the frame ends with a check sequence of 4 bytes, if it is at least wide bytes long, or of 2, and takes
 * it off. Which one there is depends on the radio, which nobody told.
 */
static void
find_fcs(struct dis *d, struct frame *f, uint32_t wide, uint32_t least)
{
	uint32_t n = f->len;

	f->fcs = f->crc = 0;
	if (n < least)
		return;
	need(d, f->p, n);
	if (n >= wide) {
		f->fcs = le32(d, f->p + n - 4);
		f->crc = crc(f->p, n - 4, 0xedb88320);
		if (f->fcs == f->crc) {
			f->checked = true;
			f->len -= 4;
			return;
		}
	}
	f->fcs = le16(d, f->p + n - 2);
	f->crc = crc(f->p, n - 2, 0x8408);
	if (f->fcs == f->crc) {
		f->checked = true;
		f->len -= 2;
	}
}

static void
text_fcs(struct dis *d, const struct frame *f)
{
	put_value(d, &F[WPAN_FCS_OK], f->checked);
	if (d->v < 3)
		return;
	if (f->fcs == f->crc)
		text(d, "FCS "), text_x(d, f->fcs, 0), text(d, " ");
	else
		text_fmt(d, "wrong FCS %x vs %x (assume no FCS stored) ", f->fcs, f->crc);
}

/* --- headers ---------------------------------------------------------------------------------------------------- */

/* Bytes of an address of this mode; WPAN_WRONG for the one that nobody uses. */
static int
addr_length(unsigned mode)
{
	static const int8_t lengths[] = { 0, WPAN_WRONG, 2, 8 };

	return lengths[mode & 3];
}

static bool
addr_modes(struct dis *d, unsigned dst, unsigned src)
{
	put_value(d, &F[WPAN_DST_MODE], dst & 3);
	put_value(d, &F[WPAN_SRC_MODE], src & 3);
	if (addr_length(src) >= 0 && addr_length(dst) >= 0)
		return true;
	text(d, addr_length(src) < 0 ? "[ERROR: Invalid src address mode]" : "[ERROR: Invalid dst address mode]");
	return false;
}

/* "1234:" or "-:", and the address; false when the frame is too short. */
static bool
walk_addr(struct dis *d, struct frame *f, bool pan, int n, bool source)
{
	uint32_t from;

	if (pan) {
		if (f->len < 2) {
			text(d, "[ERROR: Truncated before dst_pan]");
			return false;
		}
		put_field(d, source ? &F[WPAN_SRC_PAN] : &F[WPAN_DST_PAN], f->p, 2);
		text_x(d, le16(d, f->p), 4), text(d, ":");
		skip(f, 2);
	} else {
		text(d, "-:");
	}
	if (f->len < (uint32_t)n) {
		text(d, "[ERROR: Truncated before dst_addr]");
		return false;
	}
	from = n == 8 ? text_say(d) : 0;
	wpan_addr(d, f->p, (unsigned)n);
	if (n == 2)
		put_field(d, source ? &F[WPAN_SRC16] : &F[WPAN_DST16], f->p, 2);
	else if (n == 8)
		put_said(d, source ? &F[WPAN_SRC64] : &F[WPAN_DST64], from);
	skip(f, (uint32_t)n);
	return true;
}

/*
 * Which of the two addresses have a PAN identifier before them (802.15.4-2015 section 7.2.1.5 and table 7-2). Stations
 * of 6TiSCH leave out one that should be there, which is taken for right.
 */
static void
which_pans(struct dis *d, unsigned version, bool compressed, int dst, int src, bool *dst_pan, bool *src_pan)
{
	*dst_pan = dst > 0;
	*src_pan = src > 0 && !compressed;
	if (version < 2) {
		if (compressed && (dst == 0 || src == 0))
			text(d, "[ERROR: PAN ID Compression != 0, and only one address with frame version < 2]");
		return;
	}
	if (compressed)
		*dst_pan = (dst == 0 && src == 0) || (dst > 0 && src > 0 && !(dst == 8 && src == 8));
	else if (src == 8 && dst > 0)
		*src_pan = false;
}

/* The auxiliary security header, section 9.4. Its length, or WPAN_WRONG. */
static int
walk_security(struct dis *d, const uint8_t *p, uint32_t len, unsigned *level)
{
	static const uint8_t source_sizes[] = { 0, 0, 4, 8 };
	const uint8_t *start = p;
	unsigned control, mode;

	if (len < 1) {
		text(d, "[ERROR: Truncated before Aux Security Header]");
		return WPAN_WRONG;
	}
	control = u8(d, p);
	put_field(d, &F[WPAN_SEC_LEVEL], p, 1);
	put_field(d, &F[WPAN_KEY_MODE], p, 1);
	*level = control & 7;
	mode = control >> 3 & 3;
	p++, len--;
	if (d->v)
		text_fmt(d, "\n\tSecurity Level %u, Key Id Mode %u, ", *level, mode);
	if (!(control & 0x20)) {
		if (len < 4) {
			text(d, "[ERROR: Truncated before Frame Counter]");
			return WPAN_WRONG;
		}
		put_field(d, &F[WPAN_COUNTER], p, 4);
		if (d->v > 1)
			text_fmt(d, "Frame Counter 0x%08x ", le32(d, p));
		p += 4, len -= 4;
	}
	if (mode == 0) {
		if (d->v > 1)
			text(d, "Implicit");
		return (int)(p - start);
	}
	if (len < source_sizes[mode]) {
		text(d, "[ERROR: Truncated before Key Source]");
		return WPAN_WRONG;
	}
	if (mode == 2 && d->v > 1) {
		text(d, "KeySource 0x"), text_x(d, le16(d, p), 4);
		text(d, ":"), text_x(d, le16(d, p + 2), 0), text(d, "4x, ");
	} else if (mode == 3 && d->v > 1) {
		text(d, "KeySource "), wpan_addr(d, p, 8), text(d, ", ");
	}
	/* Half of the extended key source is gone past, as in tcpdump. */
	if (mode > 1)
		p += 4, len -= 4;
	if (len < 1) {
		text(d, "[ERROR: Truncated before Key Index]");
		return WPAN_WRONG;
	}
	put_field(d, &F[WPAN_KEY_INDEX], p, 1);
	if (d->v > 1)
		text_fmt(d, "KeyIndex 0x%02x, ", u8(d, p));
	return (int)(p + 1 - start);
}

/* Security, then the information elements; the payload is left. False: the walk is over. */
static bool
walk_middle(struct dis *d, struct frame *f, bool secured, bool elements)
{
	static const uint8_t mic_sizes[] = { 0, 4, 8, 16 };
	const uint8_t *mic;
	bool payload = false;
	int n;

	if (secured) {
		if ((n = walk_security(d, f->p, f->len, &f->security)) < 0)
			return false;
		need(d, f->p, (uint32_t)n);
		skip(f, (uint32_t)n);
	}
	f->mic = mic_sizes[f->security & 3];
	if (f->len < f->mic) {
		text(d, "[ERROR: Truncated before MIC]");
		return false;
	}
	f->len -= f->mic;
	mic = f->p + f->len;
	if (elements) {
		if ((n = wpan_header_ies(d, f->p, f->len, &payload)) < 0)
			return false;
		skip(f, (uint32_t)n);
	}
	if (payload && f->security >= 4) {
		text(d, "Payload IEs present, but encrypted, cannot print ");
	} else if (payload) {
		if ((n = wpan_payload_ies(d, f->p, f->len)) < 0)
			return false;
		skip(f, (uint32_t)n);
	}
	if (f->mic)
		put_field(d, &F[WPAN_MIC], mic, f->mic);
	if (f->mic && d->v > 2) {
		text(d, "\n\tMIC ");
		for (uint32_t i = 0; i < f->mic; i++)
			text_x(d, u8(d, mic + i), 2);
		text(d, " ");
	}
	text_fcs(d, f);
	return true;
}

/* --- payloads --------------------------------------------------------------------------------------------------- */

void
wpan_superframe(struct dis *d, const uint8_t *p)
{
	unsigned s = le16(d, p);

	for (unsigned i = WPAN_BEACON_ORDER; i <= WPAN_PERMIT; i++)
		put_field(d, &F[i], p, 2);
	if (d->v < 1)
		return;
	text_fmt(d, "\n\tBeacon order = %u, Superframe order = %u, Final CAP Slot = %u", s & 15, s >> 4 & 15, s >> 8 & 15);
	if (s & 0x1000)
		text(d, ", BLE enabled");
	if (s & 0x4000)
		text(d, ", PAN Coordinator");
	if (s & 0x8000)
		text(d, ", Association Permit");
}

/* Guaranteed time slots, section 7.3.1.4. How long it is, or WPAN_WRONG. */
static int
walk_gts(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned n = u8(d, p) & 7;

	if (n == 0) {
		if (d->v)
			text(d, "\n\tGTS Descriptor Count = 0, ");
		return 1;
	}
	if (len < 2 + 3 * n) {
		text(d, " [ERROR: Truncated GTS Info List]");
		return WPAN_WRONG;
	}
	if (d->v > 1) {
		text(d, "GTS Descriptor Count = "), text_u(d, n);
		text_fmt(d, ", GTS Directions Mask = %02x, [ ", u8(d, p + 1) & 0x7f);
		for (unsigned i = 0; i < n; i++) {
			const uint8_t *slot = p + 2 + 3 * i;

			text(d, "[ "), wpan_addr(d, slot, 2);
			text_fmt(d, ", Start slot = %u, Length = %u ] ", u8(d, slot + 1) & 15, u8(d, slot + 1) >> 4);
		}
		text(d, "]");
	}
	return (int)(2 + 3 * n);
}

static void
text_addr_list(struct dis *d, const char *label, const uint8_t *p, unsigned n, unsigned size)
{
	if (n == 0)
		return;
	text(d, label), text(d, " = [ ");
	for (unsigned i = 0; i < n; i++)
		wpan_addr(d, p + i * size, size), text(d, " ");
	text(d, "]");
}

int
wpan_pending(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned spec = u8(d, p), n = spec & 7, extended = spec >> 4 & 7, size = 1 + 2 * n + 8 * extended;

	if (d->v)
		text_fmt(d, "\n\tPending address list, # short addresses = %u, # extended addresses = %u", n, extended);
	if (len < size) {
		text(d, " [ERROR: Pending address list truncated]");
		return WPAN_WRONG;
	}
	if (d->v > 1) {
		text_addr_list(d, ", Short address list", p + 1, n, 2);
		text_addr_list(d, ", Extended address list", p + 1 + 2 * n, extended, 8);
	}
	return (int)size;
}

/* A beacon of the old versions; false: nothing else is to be said. */
static bool
walk_beacon(struct dis *d, struct frame *f)
{
	int n;

	if (f->len < 2) {
		text(d, "[ERROR: Truncated before beacon information]");
		return false;
	}
	wpan_superframe(d, f->p);
	skip(f, 2);
	if (f->len < 1) {
		text(d, "[ERROR: Truncated before GTS info]");
		return false;
	}
	if ((n = walk_gts(d, f->p, f->len)) < 0)
		return false;
	skip(f, (uint32_t)n);
	if (f->len < 1) {
		text(d, "[ERROR: Truncated before pending addresses]");
		return false;
	}
	if ((n = wpan_pending(d, f->p, f->len)) < 0)
		return false;
	need(d, f->p, (uint32_t)n);
	skip(f, (uint32_t)n);
	return true;
}

static void
text_assoc_request(struct dis *d, const uint8_t *p)
{
	static const struct name caps[] = {
		{ 0x04, "AC powered, " }, { 0x08, "Receiver on when idle, " }, { 0x10, "Fast association, " },
		{ 0x40, "Security supported, " }, { 0x80, "Allocate address, " }, { 0, NULL }
	};
	unsigned v = u8(d, p);

	put_field(d, &F[WPAN_ASSOC_CAPS], p, 1);
	text(d, v & 2 ? "FFD, " : "RFD, ");
	text_bits(d, caps, v & 0xdc, "", "");
}

static void
text_assoc_response(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[WPAN_ASSOC_ADDR], p, 2);
	put_field(d, &F[WPAN_ASSOC_STATUS], p + 2, 1);
	text(d, "Short address = "), wpan_addr(d, p, 2);
	text(d, ", "), text_name(d, assoc_results, u8(d, p + 2), "Status = 0x%02x");
}

static void
text_disassoc(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[WPAN_DISASSOC_REASON], p, 1);
	switch (u8(d, p)) {
	case 0:
		text(d, "Reserved");
		break;
	case 1:
		text(d, "Reason = The coordinator wishes the device to leave PAN");
		break;
	case 2:
		text(d, "Reason = The device wishes to leave the PAN");
		break;
	default:	/* tcpdump looks two bytes on */
		text_fmt(d, "Reason = 0x%02x", u8(d, p + 2));
		break;
	}
}

static void
text_realign(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned channel, page;

	text_fmt(d, "Pan ID = 0x%04x, Coordinator short address = ", le16(d, p));
	wpan_addr(d, p + 2, 2);
	channel = u8(d, p + 4);
	page = len == 8 ? u8(d, p + 7) : 0x80;
	text(d, ", Channel Number = ");
	if (page & 0x80)
		text_u(d, channel | (page & 0x7f) << 8);
	else
		text_u(d, channel), text(d, ", page = "), text_u(d, page);
	text(d, ", Short address = ");
	wpan_addr(d, p + 5, 2);
}

static void
text_gts_request(struct dis *d, const uint8_t *p)
{
	unsigned v = u8(d, p);

	text(d, "GTS Length = "), text_u(d, v & 15);
	text(d, v & 0x10 ? ", Receive-only GTS" : ", Transmit-only GTS");
	text(d, v & 0x20 ? ", GTS allocation" : ", GTS deallocations");
}

/* The content of a command; how much of it was said, for what is left is dumped. */
static uint32_t
walk_command(struct dis *d, unsigned command, const uint8_t *p, uint32_t len)
{
	static const struct {
		uint8_t command, least, most;
		const char *name;
	} sized[] = {
		{ CMD_ASSOC_REQUEST, 1, 1, "Association request" }, { CMD_ASSOC_RESPONSE, 3, 3, "Association response" },
		{ CMD_DISASSOC, 1, 1, "Disassociation Notification" }, { CMD_REALIGN, 7, 8, "Coordinator Realignment" },
		{ CMD_GTS, 1, 1, "GTS Request" },
	};

	for (size_t i = 0; i < sizeof sized / sizeof *sized; i++)
		if (sized[i].command == command && (len < sized[i].least || len > sized[i].most)) {
			text(d, "Invalid "), text(d, sized[i].name), text(d, " command length");
			return 0;
		}
	switch (command) {
	case CMD_ASSOC_REQUEST:
		text_assoc_request(d, p);
		return len;
	case CMD_ASSOC_RESPONSE:
		text_assoc_response(d, p);
		return len;
	case CMD_DISASSOC:
		text_disassoc(d, p);
		return len;
	case CMD_REALIGN:
		text_realign(d, p, len);
		return len;
	case CMD_GTS:
		text_gts_request(d, p);
		return len;
	default:
		if (command >= CMD_DATA && command <= CMD_BEACON)
			return 0;
		text(d, "Command Data = ");
		wpan_data(d, p, len);
		return 0;
	}
}

static void
walk_command_frame(struct dis *d, struct frame *f)
{
	unsigned command;

	if (f->len < 1) {
		text(d, "[ERROR: Truncated before Command ID]");
		return;
	}
	command = u8(d, f->p);
	put_field(d, &F[WPAN_COMMAND], f->p, 1);
	text(d, "Command ID = "), text_name(d, commands, command, "Reserved 0x%02x"), text(d, " ");
	skip(f, 1);
	if (f->len)
		skip(f, walk_command(d, command, f->p, f->len));
}

/* --- frames ----------------------------------------------------------------------------------------------------- */

static void
put_control(struct dis *d, unsigned fc, const uint8_t *p)
{
	put_field(d, &F[WPAN_TYPE], p, 2);
	put_value(d, &F[WPAN_VERSION], fc >> 12 & 3);
	put_value(d, &F[WPAN_SECURITY], (fc & FC_SECURITY) != 0);
	put_value(d, &F[WPAN_PENDING], (fc & FC_PENDING) != 0);
	put_value(d, &F[WPAN_ACK], (fc & FC_ACK) != 0);
	put_value(d, &F[WPAN_COMPRESSION], (fc & FC_COMPRESSION) != 0);
	put_value(d, &F[WPAN_NO_SEQ], (fc & FC_NO_SEQ) != 0);
	put_value(d, &F[WPAN_IES], (fc & FC_IES) != 0);
}

/* The sequence number at p[at], if there is one, and past it. False when the frame is too short. */
static bool
walk_seq(struct dis *d, struct frame *f, unsigned at, bool absent)
{
	if (!absent) {
		put_field(d, &F[WPAN_SEQ], f->p + at, 1);
		if (d->v)
			text_fmt(d, "seq %02x ", u8(d, f->p + at));
		else
			need(d, f->p + at, 1);
		at++;
	}
	if (f->len < at) {
		text_trunc(d);
		return false;
	}
	skip(f, at);
	return true;
}

/* Beacons, data, acknowledgements and commands. Was all well? */
static bool
walk_standard(struct dis *d, struct frame *f, unsigned fc)
{
	static const struct name flags[] = {
		{ FC_SECURITY, "Security Enabled, " }, { FC_PENDING, "Frame Pending, " }, { FC_ACK, "AR, " },
		{ FC_COMPRESSION, "PAN ID Compression, " }, { FC_NO_SEQ, "Sequence Number Suppression, " },
		{ FC_IES, "IE present, " }, { 0, NULL }
	};
	unsigned version = fc >> 12 & 3;
	bool dst_pan, src_pan;
	int dst, src;

	if (d->sink)
		put_control(d, fc, f->p);
	find_fcs(d, f, 4, 4);
	text(d, "v"), text_u(d, version), text(d, " ");
	if (d->v > 2)
		text_bits(d, flags, fc, "", "");
	if (fc & FC_NO_SEQ) {
		if (version < 2)
			text(d, "[ERROR: Sequence number suppressed on frames where version < 2]");
		if (d->v)
			text(d, "seq suppressed ");
	}
	if (!walk_seq(d, f, 2, fc & FC_NO_SEQ))
		return false;
	if (!addr_modes(d, fc >> 10, fc >> 14))
		return false;
	dst = addr_length(fc >> 10);
	src = addr_length(fc >> 14);
	which_pans(d, version, fc & FC_COMPRESSION, dst, src, &dst_pan, &src_pan);
	if (!walk_addr(d, f, dst_pan, dst, false))
		return false;
	text(d, " < ");
	if (!walk_addr(d, f, src_pan, src, true))
		return false;
	text(d, " ");
	if (!walk_middle(d, f, fc & FC_SECURITY, fc & FC_IES))
		return false;
	switch (fc & 7) {
	case BEACON:
		if (version < 2 && !walk_beacon(d, f))
			return true;
		break;
	case COMMAND:
		walk_command_frame(d, f);
		break;
	}
	text_default(d, f->p, f->len);
	return true;
}

static bool
walk_multipurpose(struct dis *d, struct frame *f, unsigned fc)
{
	static const struct name flags[] = {
		{ MP_SECURITY, "Security Enabled, " }, { MP_PENDING, "Frame Pending, " }, { MP_ACK, "AR, " },
		{ MP_PAN, "PAN ID Present, " }, { MP_NO_SEQ, "Sequence Number Suppression, " },
		{ MP_IES, "IE present, " }, { 0, NULL }
	};

	find_fcs(d, f, 5, 3);
	put_field(d, &F[WPAN_TYPE], f->p, 2);
	if (fc & MP_LONG) {
		put_value(d, &F[WPAN_VERSION], fc >> 12 & 3);
		put_value(d, &F[WPAN_SECURITY], (fc & MP_SECURITY) != 0);
		put_value(d, &F[WPAN_PENDING], (fc & MP_PENDING) != 0);
		put_value(d, &F[WPAN_ACK], (fc & MP_ACK) != 0);
		put_value(d, &F[WPAN_NO_SEQ], (fc & MP_NO_SEQ) != 0);
		put_value(d, &F[WPAN_IES], (fc & MP_IES) != 0);
		text(d, "v"), text_u(d, fc >> 12 & 3), text(d, " ");
		if (d->v > 2)
			text_bits(d, flags, fc, "", "");
		if (!walk_seq(d, f, 2, fc & MP_NO_SEQ))
			return false;
	} else {
		/* One byte of frame control. A frame so short that it was nothing but check sequence goes on, too. */
		fc &= 0xff;
		put_field(d, &F[WPAN_SEQ], f->p + 1, 1);
		need(d, f->p + 1, 1);
		if (d->v)
			text_fmt(d, "seq %02x ", f->p[1]);
		skip(f, 2);
	}
	if (!addr_modes(d, fc >> 4, fc >> 6))
		return false;
	if (!walk_addr(d, f, fc & MP_PAN, addr_length(fc >> 4), false))
		return false;
	text(d, " <  ");
	if (!walk_addr(d, f, false, addr_length(fc >> 6), true))
		return false;
	text(d, " ");
	if (!walk_middle(d, f, fc & MP_SECURITY, fc & MP_IES))
		return false;
	text_default(d, f->p, f->len);
	return true;
}

/* A frame of len bytes. What tcpdump takes for its link header's length: 1 when all was well, 0 if not. */
static uint32_t
walk_frame(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct frame f = { .p = p, .len = len };
	unsigned fc;

	mark(d, proto_wpan.mark);
	if (len < 2) {
		text_trunc(d);
		return len;
	}
	fc = le16(d, p);
	text(d, "IEEE 802.15.4 "), text_name(d, frame_types, fc & 7, NULL), text(d, " packet ");
	switch (fc & 7) {
	case BEACON:
	case DATA:
	case ACK:
	case COMMAND:
		return walk_standard(d, &f, fc);
	case MULTIPURPOSE:
		return walk_multipurpose(d, &f, fc);
	default:
		return 0;
	}
}

/* A captured frame is as long as what was captured of it. */
static void
wpan(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)len;
	enter(d, &proto_wpan);
	link_header(d, walk_frame(d, p, left(d, p)));
}

/* A frame in a datagram, which may be cut short. */
static void
wpan_bare(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_wpan_bare);
	link_header(d, walk_frame(d, p, len));
}

static void
wpan_tap(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t captured = left(d, p), n;

	(void)len;
	enter(d, &proto_wpan_tap);
	if (captured < 4) {
		text_trunc(d);
		link_header(d, captured);
		return;
	}
	put_field(d, &T[TAP_VERSION], p, 1);
	put_field(d, &T[TAP_LENGTH], p + 2, 2);
	n = le16(d, p + 2);
	if (p[0] != 0 || n < 4) {
		text_invalid(d);
		return;
	}
	if (captured < n) {
		text_trunc(d);
		link_header(d, captured);
		return;
	}
	if (d->sink)
		fields_layer(d, &proto_wpan);
	link_header(d, n + walk_frame(d, p + n, captured - n));
}

const struct proto proto_wpan = PROTO("wpan", "802.15.4", "IEEE 802.15.4 Low-Rate Wireless PAN", wpan, wpan_fields);
const struct proto proto_wpan_bare = PROTO("wpan", "802.15.4", "IEEE 802.15.4 frame in a datagram", wpan_bare, wpan_fields);
const struct proto proto_wpan_tap = PROTO("wpan_tap", "802.15.4_tap", "IEEE 802.15.4 TAP", wpan_tap, T);
