/* Information elements of IEEE 802.15.4 frames (802.15.4-2015 section 7.4), those of 802.15.9 included. */
#include "proto/wireless/wpan.h"

#define F wpan_fields

/* Header elements, table 7-7. */
enum {
	HE_VENDOR = 0x00, HE_CSL = 0x1a, HE_RIT = 0x1b, HE_DSME = 0x1c, HE_RENDEZVOUS = 0x1d, HE_TIME = 0x1e,
	HE_DSME_EXTENDED = 0x21, HE_END_PAYLOAD = 0x7e, HE_END = 0x7f, HE_LAST = 0x7f,
};
static const struct name header_ies[] = {
	{ HE_VENDOR, "Vendor Specific Header IE" }, { HE_CSL, "LE CSL IE" }, { HE_RIT, "LE RIT IE" },
	{ HE_DSME, "DSME PAN descriptor IE" }, { HE_RENDEZVOUS, "Rendezvous Time IE" },
	{ HE_TIME, "Time Correction IE" }, { HE_DSME_EXTENDED, "Extended DSME PAN descriptor IE" },
	{ 0x22, "Fragment Sequence Context Description IE" }, { 0x23, "Simplified Superframe Specification IE" },
	{ 0x24, "Simplified GTS Specification IE" }, { 0x25, "LECIM Capabilities IE" },
	{ 0x26, "TRLE Descriptor IE" }, { 0x27, "RCC Capabilities IE" }, { 0x28, "RCCN Descriptor IE" },
	{ 0x29, "Global Time IE" }, { 0x2a, "Omnibus Header IE" }, { 0x2b, "DA IE" },
	{ HE_END_PAYLOAD, "Header Termination 1 IE" }, { HE_END, "Header Termination 2 IE" }, { 0, NULL }
};

/* Groups of payload elements, table 7-15. */
enum { PE_MLME = 1, PE_VENDOR, PE_MULTIPLEXED, PE_IETF = 5, PE_END = 15 };
static const struct name payload_ies[] = {
	{ 0, "ESDU IE" }, { PE_MLME, "MLME IE" }, { PE_VENDOR, "Vendor Specific Nested IE" },
	{ PE_MULTIPLEXED, "Multiplexed IE (802.15.9)" }, { 4, "Omnibus Payload Group IE" }, { PE_IETF, "IETF IE" },
	{ PE_END, "List termination" }, { 0, NULL }
};

/* Elements of the MAC's management, tables 7-16 and 7-17: the long form has numbers of its own. */
enum { ME_VENDOR = 0x08, ME_HOPPING = 0x09, ME_SYNC = 0x1a, ME_SLOTFRAME = 0x1b, ME_TIMESLOT = 0x1c, ME_SHORT = 0x10 };
static const struct name mlme_long[] = {
	{ ME_VENDOR, "Vendor Specific MLME Nested IE" }, { ME_HOPPING, "Channel Hopping IE" }, { 0, NULL }
};
static const struct name mlme_short[] = {
	{ ME_SYNC, "TSCH Synchronization IE" }, { ME_SLOTFRAME, "TSCH Slotframe and Link IE" },
	{ ME_TIMESLOT, "TSCH Timeslot IE" }, { 0x1d, "Hopping timing IE" }, { 0x1e, "Enhanced Beacon Filter IE" },
	{ 0x1f, "MAC Metrics IE" }, { 0x20, "All MAC Metrics IE" }, { 0x21, "Coexistence Specification IE" },
	{ 0x22, "SUN Device Capabilities IE" }, { 0x23, "SUN FSK Generic PHY IE" },
	{ 0x24, "Mode Switch Parameter IE" }, { 0x25, "PHY Parameter Change IE" }, { 0x26, "O-QPSK PHY Mode IE" },
	{ 0x27, "PCA Allocation IE" }, { 0x28, "LECIM DSSS Operating Mode IE" },
	{ 0x29, "LECIM FSK Operating Mode IE" }, { 0x2b, "TVWS PHY Operating Mode Description IE" },
	{ 0x2c, "TVWS Device Capabilities IE" }, { 0x2d, "TVWS Device Category IE" },
	{ 0x2e, "TVWS Device Identification IE" }, { 0x2f, "TVWS Device Location IE" },
	{ 0x30, "TVWS Channel Information Query IE" }, { 0x31, "TVWS Channel Information Source IE" },
	{ 0x32, "CTM IE" }, { 0x33, "Timestamp IE" }, { 0x34, "Timestamp Difference IE" },
	{ 0x35, "TMCTP Specification IE" }, { 0x36, "RCC PHY Operating Mode IE" }, { 0, NULL }
};

/* Says `label` and the little-endian number at p. */
static void
text_le16(struct dis *d, const char *label, const uint8_t *p)
{
	unsigned v = le16(d, p);

	text(d, label), text_u(d, v);
}

static void
text_raw(struct dis *d, const uint8_t *p, uint32_t n)
{
	text(d, "IE Data = ");
	wpan_data(d, p, n);
}

/* An element of a vendor's. */
static void
text_vendor(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (n < 3) {
		text(d, "[ERROR: Vendor OUI missing]");
		return;
	}
	text(d, "OUI = 0x"), text_x(d, be24(d, p), 6), text(d, ", Data = ");
	wpan_data(d, p + 3, n - 3);
}

/* --- header elements -------------------------------------------------------------------------------------------- */

static void
csl(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (n < 4) {
		text(d, "[ERROR: Truncated CSL IE]");
		return;
	}
	text_le16(d, "CSL Phase = ", p);
	text_le16(d, ", CSL Period = ", p + 2);
	if (n >= 6)
		text_le16(d, ", Rendezvous time = ", p + 4);
	if (n != 4 && n != 6)
		text(d, " [ERROR: CSL IE length wrong]");
}

static void
rit(struct dis *d, const uint8_t *p, uint32_t n)
{
	if (n < 4) {
		text(d, "[ERROR: Truncated RIT IE]");
		return;
	}
	text(d, "Time to First Listen = "), text_u(d, u8(d, p));
	text(d, ", # of Repeat Listen = "), text_u(d, u8(d, p + 1));
	text_le16(d, ", Repeat Listen Interval = ", p + 2);
}

/* Numbers of two bytes, n of them, in hex. */
static void
text_sequence(struct dis *d, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		text_x(d, le16(d, p + 2 * i), 2), text(d, " ");
	text(d, "]");
}

/* How a DSME PAN descriptor is cut short, behind its superframe specification: says so, if n bytes are not left. */
static bool
lacks(struct dis *d, uint32_t left_over, uint32_t n, const char *error)
{
	if (left_over >= n)
		return false;
	text(d, error);
	return true;
}

/* The multi-superframe specification: one byte, or two in the extended descriptor. Is there a hopping sequence? */
static bool
text_multi_superframe(struct dis *d, unsigned s, bool extended)
{
	unsigned flags = extended ? s >> 8 : s >> 4;	/* the same bits from here on: hopping, -, CAP, beacon, sequence */

	text(d, "Multi-superframe Order = "), text_u(d, s & (extended ? 0xff : 0x0f));
	text(d, flags & 1 ? ", Channel hopping mode" : ", Channel adaptation mode");
	if (flags & 4)
		text(d, ", CAP reduction enabled");
	if (flags & 8)
		text(d, ", Deferred beacon enabled");
	if (!extended || !(flags & 16))
		return false;
	text(d, ", Hopping Sequence Present");
	return true;
}

/* The DSME PAN descriptor, section 7.4.2.5: a chain of parts. */
static void
dsme(struct dis *d, const uint8_t *p, uint32_t n, bool extended)
{
	const uint8_t *end = p + n;
	bool hopping;
	uint32_t k;
	int size;

	if (lacks(d, n, 2, "[ERROR: Truncated DSME PAN IE]"))
		return;
	wpan_superframe(d, p);
	p += 2;
	if (lacks(d, n, 3, "[ERROR: Truncated before pending addresses field]"))
		return;
	if ((size = wpan_pending(d, p, n - 2)) < 0)
		return;
	p += size;
	if (lacks(d, (uint32_t)(end - p), extended ? 2 : 1, "[ERROR: Truncated before DSME Superframe Specification]"))
		return;
	hopping = text_multi_superframe(d, extended ? le16(d, p) : u8(d, p), extended);
	p += extended ? 2 : 1;
	if (lacks(d, (uint32_t)(end - p), 8, " [ERROR: Truncated before Time synchronization specification]"))
		return;
	text(d, "Beacon timestamp = "), text_u(d, le32(d, p) | (uint64_t)le16(d, p + 4) << 32);
	text_le16(d, ", offset = ", p + 6);
	p += 8;
	if (lacks(d, (uint32_t)(end - p), 4, " [ERROR: Truncated before Beacon Bitmap]"))
		return;
	k = le16(d, p + 2);
	text_le16(d, "SD Index = ", p);
	text(d, ", Bitmap len = "), text_u(d, k), text(d, ", ");
	p += 4;
	if (lacks(d, (uint32_t)(end - p), k, " [ERROR: Truncated in SD bitmap]"))
		return;
	text(d, " SD Bitmap = ");
	wpan_data(d, p, k);
	p += k;
	if (lacks(d, (uint32_t)(end - p), 5, " [ERROR: Truncated before Channel hopping specification]"))
		return;
	k = le16(d, p + 4);
	text(d, "Hopping Seq ID = "), text_u(d, u8(d, p));
	text(d, ", PAN Coordinator BSN = "), text_u(d, u8(d, p + 1));
	text_le16(d, ", Channel offset = ", p + 2);
	text(d, ", Bitmap length = "), text_u(d, k), text(d, ", ");
	p += 5;
	if (lacks(d, (uint32_t)(end - p), k, " [ERROR: Truncated in Channel offset bitmap]"))
		return;
	text(d, " Channel offset bitmap = ");
	wpan_data(d, p, k);
	p += k;
	if (!hopping || lacks(d, (uint32_t)(end - p), 1, " [ERROR: Truncated in Hopping Sequence length]"))
		return;
	k = u8(d, p++);
	text(d, "Hopping Seq length = "), text_u(d, k), text(d, " [ ");
	if (!lacks(d, (uint32_t)(end - p), 2 * k, " [ERROR: Truncated in Channel offset bitmap]"))
		text_sequence(d, p, k);
}

static void
time_correction(struct dis *d, const uint8_t *p, uint32_t n)
{
	unsigned v;

	if (n != 2) {
		text(d, "[ERROR: Length != 2]");
		return;
	}
	v = le16(d, p);
	if (v & 0x8000)
		text(d, "Negative ");
	/* Twelve bits with a sign. */
	text(d, "Ack time correction = "), text_i(d, (int16_t)(v << 4) >> 4), text(d, ", ");
}

static void
header_ie(struct dis *d, unsigned id, const uint8_t *p, uint32_t n)
{
	switch (id) {
	case HE_VENDOR:
		text_vendor(d, p, n);
		break;
	case HE_CSL:
		csl(d, p, n);
		break;
	case HE_RIT:
		rit(d, p, n);
		break;
	case HE_DSME:
	case HE_DSME_EXTENDED:
		dsme(d, p, n, id == HE_DSME_EXTENDED);
		break;
	case HE_RENDEZVOUS:
		if (n != 4) {
			text(d, "[ERROR: Length != 2]");
			break;
		}
		need(d, p, 4);
		text_le16(d, "Rendezvous time = ", p);
		text_le16(d, ", Wake-up Interval = ", p + 2);
		break;
	case HE_TIME:
		time_correction(d, p, n);
		break;
	default:
		text_raw(d, p, n);
		break;
	}
}

int
wpan_header_ies(struct dis *d, const uint8_t *p, uint32_t len, bool *payload)
{
	const uint8_t *start = p;
	unsigned ie, id, n;

	*payload = false;
	do {
		if (len < 2) {
			text(d, "[ERROR: Truncated header IE]");
			return WPAN_WRONG;
		}
		ie = le16(d, p);
		put_field(d, &F[WPAN_HEADER_IE], p, 2);
		if (ie & 0x8000)
			text(d, "[ERROR: Header IE with type 1] ");
		n = ie & 0x7f;
		id = ie >> 7 & 0xff;
		if (id > HE_LAST) {
			text_fmt(d, "Reserved Element ID %02x, length = %u ", id, n);
		} else {
			text(d, "\n\t"), text_name(d, header_ies, id, "Reserved 0x%02x"), text(d, " [");
			if (n)
				text_fmt(d, " length = %u, ", n);
		}
		p += 2;
		if (len < 2 + n) {
			text(d, "[ERROR: Truncated IE data]");
			return WPAN_WRONG;
		}
		if (n && d->v > 3)
			header_ie(d, id, p, n);
		else if (n)
			text_raw(d, p, n);
		text(d, "] ");
		p += n;
		len -= 2 + n;
		*payload = id == HE_END_PAYLOAD;
	} while (len && id != HE_END_PAYLOAD && id != HE_END);
	return (int)(p - start);
}

/* --- the MAC's management --------------------------------------------------------------------------------------- */

static void
channel_hopping(struct dis *d, const uint8_t *p, uint32_t n)
{
	const char *const cut = "[ERROR: IE truncated]";
	unsigned page, channels;
	uint32_t k;

	text(d, "Hopping Sequence ID = "), text_u(d, u8(d, p));
	if (n == 1)
		return;
	p++, n--;
	if (lacks(d, n, 7, cut))
		return;
	page = u8(d, p);
	channels = le16(d, p + 1);
	text_fmt(d, "Channel Page = %u, Number of Channels = %u, ", page, channels);
	text_fmt(d, "Phy Configuration = 0x%08x, ", le32(d, p + 3));
	p += 7, n -= 7;
	if (page == 9 || page == 10) {
		k = (channels + 7) / 8;
		if (lacks(d, n, k, cut))
			return;
		text(d, "Extended bitmap = 0x");
		for (uint32_t i = 0; i < k; i++)
			text_x(d, u8(d, p + i), 2);
		text(d, ", ");
		p += k, n -= k;
	}
	if (lacks(d, n, 2, cut))
		return;
	k = le16(d, p);
	p += 2, n -= 2;
	text(d, "Hopping Seq length = "), text_u(d, k), text(d, " [ ");
	if (lacks(d, n, 2 * k, " [ERROR: IE truncated]"))
		return;
	text_sequence(d, p, k);
	p += 2 * k, n -= 2 * k;
	if (!lacks(d, n, 2, cut))
		text_le16(d, "Current hop = ", p);
}

/* A slotframe's links. Where they end. */
static uint32_t
links(struct dis *d, const uint8_t *p, uint32_t at, uint32_t n, unsigned count)
{
	static const struct name options[] = {
		{ 0x01, "TX " }, { 0x02, "RX " }, { 0x04, "Shared " }, { 0x08, "Timekeeping " }, { 0x10, "Priority " },
		{ 0, NULL }
	};

	for (unsigned i = 0; i < count; i++, at += 5) {
		unsigned flags;

		if (lacks(d, n, at + 5, "[ERROR: Truncated IE links]"))
			break;
		flags = u8(d, p + at + 4);
		text_le16(d, "\n\t\t\t\t[ Timeslot =  ", p + at);
		text_le16(d, ", Offset = ", p + at + 2);
		text(d, ", Options = ");
		text_bits(d, options, flags & 0x1f, "", "");
		text(d, "] ");
	}
	return at;
}

static void
slotframes(struct dis *d, const uint8_t *p, uint32_t n)
{
	unsigned count = u8(d, p), k;
	uint32_t at = 1;

	text(d, "Slotframes = "), text_u(d, count), text(d, " ");
	for (unsigned i = 0; i < count; i++) {
		if (lacks(d, n, at + 4, "[ERROR: Truncated IE before slotframes]"))
			return;
		k = u8(d, p + at + 3);
		text(d, "\n\t\t\t[ Handle "), text_u(d, u8(d, p + at));
		text_le16(d, ", size = ", p + at + 1);
		text(d, ", links = "), text_u(d, k), text(d, " ");
		at = links(d, p, at + 4, n, k);
		text(d, "] ");
	}
}

static void
timeslot(struct dis *d, const uint8_t *p, uint32_t n)
{
	static const char *const times[] = {
		", CCA Offset = ", ", CCA = ", ", TX Offset = ", ", RX Offset = ", ", RX Ack Delay = ",
		", TX Ack Delay = ", ", RX Wait = ", ", Ack Wait = ", ", RX TX = ", ", Max Ack = ", ", Max TX = ",
		", Time slot Length = ",
	};
	enum { TIMES = sizeof times / sizeof *times, WIDE = 10 };

	if (n != 1 && n != 25 && n != 27) {
		text(d, "[ERROR: Length not 1, 25, or 27]\n\t\t\tIE Data = ");
		wpan_data(d, p, n);
		return;
	}
	need(d, p, n);
	text(d, "Time slot ID = "), text_u(d, u8(d, p++));
	for (unsigned i = 0; n > 1 && i < TIMES; i++) {
		bool wide = n == 27 && i >= WIDE;	/* the last two have three bytes then */

		text(d, times[i]), text_u(d, wide ? le24(d, p) : le16(d, p));
		p += wide ? 3 : 2;
	}
	text(d, " ");
}

/* The long and the short form have no numbers in common. */
static void
mlme_ie(struct dis *d, unsigned id, const uint8_t *p, uint32_t n)
{
	uint64_t asn;

	switch (id) {
	case ME_VENDOR:
		text_vendor(d, p, n);
		break;
	case ME_HOPPING:
		channel_hopping(d, p, n);
		break;
	case ME_SYNC:
		if (n < 6)
			text(d, "[ERROR: Length != 6]");
		put_field(d, &F[WPAN_ASN], p, 5);
		asn = le32(d, p) | (uint64_t)u8(d, p + 4) << 32;
		need(d, p, 6);
		text(d, "ASN = "), text_x(d, asn, 10);
		text(d, ", Join Metric = "), text_u(d, p[5]), text(d, " ");
		break;
	case ME_SLOTFRAME:
		slotframes(d, p, n);
		break;
	case ME_TIMESLOT:
		timeslot(d, p, n);
		break;
	default:
		text_raw(d, p, n);
		break;
	}
}

/* Elements in an element; there is no -v of four or more without one, so they are always said whole here. */
static void
mlme(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned ie, id, n;

	do {
		if (lacks(d, len, 2, "[ERROR: Truncated MLME IE]"))
			return;
		ie = le16(d, p);
		p += 2;
		text(d, "\n\t\t");
		if (ie & 0x8000) {
			n = ie & 0x3ff;
			id = ie >> 11 & 0x0f;
			text_name(d, mlme_long, id, "Reserved 0x%02x");
		} else {
			n = ie & 0xff;
			id = ie >> 8 & 0x7f;
			text_name(d, mlme_short, id, id < ME_SHORT ? "Reserved for long format 0x%x" : "Reserved 0x%02x");
		}
		put_value(d, &F[WPAN_MLME_IE], id);
		text_fmt(d, " [ length = %u, ", n);
		if (lacks(d, len, 2 + n, "[ERROR: Truncated IE data]"))
			return;
		if (n)
			mlme_ie(d, id, p, n);
		text(d, "] ");
		p += n;
		len -= 2 + n;
	} while (len);
}

/* --- other payload elements ------------------------------------------------------------------------------------- */

/* A piece of a packet of an upper layer, 802.15.9. */
static void
multiplexed(struct dis *d, const uint8_t *p, uint32_t n)
{
	enum { FULL, FULL_SMALL, FRAGMENT, LAST = 4, ABORT = 6 };
	unsigned type = u8(d, p) & 7, tid = p[0] >> 3, number;
	uint32_t data = 1;

	switch (type) {
	case FULL:
		text(d, "Type = Full upper layer fragment, ");
		if (lacks(d, n, 3, "[ERROR: Multiplex ID missing]"))
			return;
		text_fmt(d, "tid = 0x%02x, Multiplex ID = 0x%04x, ", tid, le16(d, p + 1));
		data = 3;
		break;
	case FULL_SMALL:
		text_fmt(d, "Type = Full upper layer fragment with small Multiplex ID, Multiplex ID = 0x%04x, ", tid);
		break;
	case FRAGMENT:
	case LAST:
		if (lacks(d, n, 2, "[ERROR: fragment number missing]"))
			return;
		number = u8(d, p + 1);
		text_fmt(d, "Type = %s fragment, tid = 0x%02x, fragment = 0x%02x, ",
			type == LAST ? "Last" : number == 0 ? "First" : "Middle", tid, number);
		data = 2;
		if (number)
			break;
		if (lacks(d, n, 6, "[ERROR: Total upper layer size or multiplex ID missing]"))
			return;
		need(d, p, 6);
		text_fmt(d, "Total upper layer size = 0x%04x, Multiplex ID = 0x%04x, ", le16(d, p + 2), le16(d, p + 4));
		data = 6;
		break;
	case ABORT:
		text_fmt(d, "Type = Abort, tid = 0x%02x, ", tid);
		if (n == 1) {
			text(d, "no max size given");
		} else if (n == 3) {
			text_fmt(d, "max size = 0x%04x", le16(d, p + 1));
		} else {
			text_fmt(d, "invalid length = %u (not 1 or 3)Abort data = ", n);
			wpan_data(d, p + 1, n - 1);
		}
		return;
	default:
		text_fmt(d, "Type = %u (Reserved), tid = 0x%02x, ", type, tid);
		break;
	}
	text(d, "Upper layer data = ");
	wpan_data(d, p + data, n - data);
}

static void
payload_ie(struct dis *d, unsigned group, const uint8_t *p, uint32_t n)
{
	switch (group) {
	case PE_MLME:
		mlme(d, p, n);
		break;
	case PE_VENDOR:
		text_vendor(d, p, n);
		break;
	case PE_MULTIPLEXED:
		multiplexed(d, p, n);
		break;
	case PE_IETF:
		text_fmt(d, "Subtype ID = 0x%02x, Subtype content = ", u8(d, p));
		wpan_data(d, p + 1, n - 1);
		break;
	default:
		text_raw(d, p, n);
		break;
	}
}

int
wpan_payload_ies(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p;
	unsigned ie, group, n;

	do {
		if (lacks(d, len, 2, "[ERROR: Truncated header IE]"))
			return WPAN_WRONG;
		ie = le16(d, p);
		put_field(d, &F[WPAN_PAYLOAD_IE], p, 2);
		if (!(ie & 0x8000))
			text(d, "[ERROR: Payload IE with type 0] ");
		n = ie & 0x3ff;
		group = ie >> 11 & 0x0f;
		p += 2;
		text(d, "\n\t"), text_name(d, payload_ies, group, "Reserved 0x%02x"), text(d, " [");
		if (n)
			text_fmt(d, " length = %u, ", n);
		if (lacks(d, len, 2 + n, "[ERROR: Truncated IE data]"))
			return WPAN_WRONG;
		if (n && d->v > 3)
			payload_ie(d, group, p, n);
		else if (n)
			text_raw(d, p, n);
		text(d, "]\n\t");
		p += n;
		len -= 2 + n;
	} while (len && group != PE_END);
	return (int)(p - start);
}
