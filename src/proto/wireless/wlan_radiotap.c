/*
 * Radiotap: what a radio knew of an IEEE 802.11 frame. A header of optional fields, each aligned to its size from the
 * header's start; a word of bits tells which are there, and can ask for another word.
 */
#include "proto/wireless/wlan.h"

enum { HEADER = 8, WORD = 4 };

/* Bits of a word of presence. Those from NAMESPACE on mean the same in every word. */
enum {
	TSFT, FLAGS, RATE, CHANNEL, FHSS, DBM_SIGNAL, DBM_NOISE, LOCK_QUALITY, TX_ATTENUATION, DB_TX_ATTENUATION,
	DBM_TX_POWER, ANTENNA, DB_SIGNAL, DB_NOISE, RX_FLAGS, XCHANNEL = 18, MCS, AMPDU, VHT, NAMESPACE = 29, VENDOR,
	MORE_WORDS,
};

/* Flags: which the frame had; has a check sequence, padding behind its header. */
enum { F_CFP = 0x01, F_SHORT = 0x02, F_WEP = 0x04, F_FRAG = 0x08, F_FCS = 0x10, F_PAD = 0x20, F_BAD_FCS = 0x40 };

/* Channel flags. */
enum {
	C_TURBO = 0x10, C_CCK = 0x20, C_OFDM = 0x40, C_2GHZ = 0x80, C_5GHZ = 0x100, C_DYNAMIC = 0x400, C_GFSK = 0x800,
	C_HALF = 0x4000, C_QUARTER = 0x8000, C_HT20 = 0x10000, C_HT40_UP = 0x20000, C_HT40_DOWN = 0x40000,
};

/* What an MCS field knows, and says. */
enum { K_WIDTH = 0x01, K_INDEX = 0x02, K_GUARD = 0x04, K_FORMAT = 0x08, K_FEC = 0x10, K_STBC = 0x20 };
enum { M_WIDTH = 0x03, M_40MHZ = 1, M_SHORT_GUARD = 0x04, M_GREENFIELD = 0x08, M_LDPC = 0x10, M_STBC = 0x60 };

/* And a VHT field. */
enum { V_GUARD = 0x0004, V_WIDTH = 0x0040, VF_SHORT_GUARD = 0x04, V_WIDTHS = 0x1f };

enum {
	R_VERSION, R_LENGTH, R_PRESENT, R_MACTIME, R_FLAGS, R_CFP, R_PREAMBLE, R_WEP, R_FRAG, R_FCS, R_DATAPAD, R_BADFCS,
	R_RATE, R_FREQ, R_CHANNEL_FLAGS, R_HOP_SET, R_HOP_PATTERN, R_DBM_SIGNAL, R_DBM_NOISE, R_QUALITY, R_ATTENUATION,
	R_DB_ATTENUATION, R_TX_POWER, R_ANTENNA, R_DB_SIGNAL, R_DB_NOISE, R_RX_FLAGS, R_X_FLAGS, R_X_FREQ, R_X_CHANNEL,
	R_MCS_KNOWN, R_MCS_WIDTH, R_MCS_GUARD, R_MCS_INDEX, R_AMPDU, R_AMPDU_FLAGS, R_VHT_KNOWN, R_VHT_WIDTH, R_VHT_MCS,
	R_VHT_NSS, R_VENDOR_OUI,
};
static const struct field F[] = {
	[R_VERSION] = { "radiotap.version", U8, .help = "Version" },
	[R_LENGTH] = { "radiotap.length", LE16, .help = "Length of the header" },
	[R_PRESENT] = { "radiotap.present.word", LE32, .help = "Which fields there are" },
	[R_MACTIME] = { "radiotap.mactime", LE64, .help = "Timer of the radio, microseconds" },
	[R_FLAGS] = { "radiotap.flags", U8, .help = "Flags" },
	[R_CFP] = { "radiotap.flags.cfp", BOOL, .mask = F_CFP, .help = "In the contention free period" },
	[R_PREAMBLE] = { "radiotap.flags.preamble", BOOL, .mask = F_SHORT, .help = "Short preamble" },
	[R_WEP] = { "radiotap.flags.wep", BOOL, .mask = F_WEP, .help = "WEP" },
	[R_FRAG] = { "radiotap.flags.frag", BOOL, .mask = F_FRAG, .help = "Fragmented" },
	[R_FCS] = { "radiotap.flags.fcs", BOOL, .mask = F_FCS, .help = "The frame ends with its check sequence" },
	[R_DATAPAD] = { "radiotap.flags.datapad", BOOL, .mask = F_PAD, .help = "Padding behind the frame's header" },
	[R_BADFCS] = { "radiotap.flags.badfcs", BOOL, .mask = F_BAD_FCS, .help = "The check sequence is wrong" },
	[R_RATE] = { "radiotap.datarate", U8, .help = "Data rate, 500 kb/s" },
	[R_FREQ] = { "radiotap.channel.freq", LE16, .help = "Frequency, MHz" },
	[R_CHANNEL_FLAGS] = { "radiotap.channel.flags", LE16, .help = "Kind of channel" },
	[R_HOP_SET] = { "radiotap.fhss.hopset", U8, .help = "Hop set" },
	[R_HOP_PATTERN] = { "radiotap.fhss.pattern", U8, .help = "Hop pattern" },
	[R_DBM_SIGNAL] = { "radiotap.dbm_antsignal", I8, .help = "Signal, dBm" },
	[R_DBM_NOISE] = { "radiotap.dbm_antnoise", I8, .help = "Noise, dBm" },
	[R_QUALITY] = { "radiotap.quality", LE16, .help = "Signal quality" },
	[R_ATTENUATION] = { "radiotap.txattenuation", LE16, .help = "Transmit attenuation" },
	[R_DB_ATTENUATION] = { "radiotap.db_txattenuation", U8, .help = "Transmit attenuation, dB" },
	[R_TX_POWER] = { "radiotap.txpower", I8, .help = "Transmit power, dBm" },
	[R_ANTENNA] = { "radiotap.antenna", U8, .help = "Antenna" },
	[R_DB_SIGNAL] = { "radiotap.db_antsignal", U8, .help = "Signal, dB" },
	[R_DB_NOISE] = { "radiotap.db_antnoise", U8, .help = "Noise, dB" },
	[R_RX_FLAGS] = { "radiotap.rxflags", LE16, .help = "Flags of reception" },
	[R_X_FLAGS] = { "radiotap.xchannel.flags", LE32, .help = "Kind of channel" },
	[R_X_FREQ] = { "radiotap.xchannel.freq", LE16, .help = "Frequency, MHz" },
	[R_X_CHANNEL] = { "radiotap.xchannel.channel", U8, .help = "Channel" },
	[R_MCS_KNOWN] = { "radiotap.mcs.known", U8, .help = "What is known of the modulation" },
	[R_MCS_WIDTH] = { "radiotap.mcs.bw", U8, .mask = M_WIDTH, .help = "Channel width" },
	[R_MCS_GUARD] = { "radiotap.mcs.gi", U8, .mask = M_SHORT_GUARD, .help = "1: short guard interval" },
	[R_MCS_INDEX] = { "radiotap.mcs.index", U8, .help = "Modulation and coding" },
	[R_AMPDU] = { "radiotap.ampdu.reference", LE32, .help = "Which A-MPDU the frame was part of" },
	[R_AMPDU_FLAGS] = { "radiotap.ampdu.flags", LE16, .help = "Flags of the A-MPDU" },
	[R_VHT_KNOWN] = { "radiotap.vht.known", LE16, .help = "What is known of the modulation" },
	[R_VHT_WIDTH] = { "radiotap.vht.bw", U8, .mask = V_WIDTHS, .help = "Channel width" },
	[R_VHT_MCS] = { "radiotap.vht.mcs", U8, .mask = 0xf0, .help = "Modulation and coding of a user" },
	[R_VHT_NSS] = { "radiotap.vht.nss", U8, .mask = 0x0f, .help = "Spatial streams of a user" },
	[R_VENDOR_OUI] = { "radiotap.vendor.oui", U24, .help = "Whose fields follow" },
};

extern const struct proto proto_radiotap;

/* Where the fields have got to in a header of len bytes, all of which is captured. */
struct cursor {
	const uint8_t *p;
	uint32_t at, len;
};

/*
 * The next n bytes, aligned to n if that is a size; NULL when the header is too short. A failure leaves the cursor,
 * though the fields before it in the same item have moved it.
 */
static const uint8_t *
take(struct cursor *c, uint32_t n)
{
	uint32_t at = (c->at + n - 1) & ~(n - 1);

	if (at > c->len || c->len - at < n)
		return NULL;
	c->at = at + n;
	return c->p + at;
}

static uint16_t
le_16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static void
text_half(struct dis *d, unsigned n)
{
	text_u(d, n / 2), text(d, n & 1 ? ".5" : ".0");
}

static void
text_flags(struct dis *d, const uint8_t *p)
{
	static const struct name flags[] = {
		{ F_CFP, "cfp " }, { F_SHORT, "short preamble " }, { F_WEP, "wep " }, { F_FRAG, "fragmented " },
		{ F_BAD_FCS, "bad-fcs " }, { 0, NULL }
	};

	for (unsigned i = R_FLAGS; i <= R_BADFCS; i++)
		put_field(d, &F[i], p, 1);
	text_bits(d, flags, *p, "", "");
}

static bool
all_set(uint32_t v, uint32_t bits)
{
	return (v & bits) == bits;
}

/* "2412 MHz 11g " */
static void
text_channel(struct dis *d, unsigned mhz, uint32_t flags, bool has_mcs)
{
	const char *slow = flags & C_HALF ? "/10Mhz" : flags & C_QUARTER ? "/5Mhz" : "";

	text_u(d, mhz), text(d, " MHz");
	if (has_mcs) {
		text(d, " 11n");
	} else {
		if (all_set(flags, C_2GHZ | C_GFSK))
			text(d, " FHSS");
		if (all_set(flags, C_5GHZ | C_OFDM))
			text(d, " 11a"), text(d, slow);
		if (all_set(flags, C_2GHZ | C_OFDM) || all_set(flags, C_2GHZ | C_DYNAMIC))
			text(d, " 11g"), text(d, slow);
		else if (all_set(flags, C_2GHZ | C_CCK))
			text(d, " 11b");
		if (flags & C_TURBO)
			text(d, " Turbo");
	}
	if (flags & C_HT20)
		text(d, " ht/20");
	else if (flags & C_HT40_DOWN)
		text(d, " ht/40-");
	else if (flags & C_HT40_UP)
		text(d, " ht/40+");
	text(d, " ");
}

/*
 * The data rate of an 802.11n modulation, in units of 100 kb/s; 0: there is none (802.11-2016 section 19.5). Each is
 * the number of bits a subcarrier carries, at half rate coding in units of 6.5 Mb/s (13.5 in a channel of 40 MHz); a
 * short guard interval makes it ten ninths.
 */
static unsigned
ht_rate(unsigned index, bool wide, bool short_guard)
{
	static const uint8_t equal[] = { 1, 2, 3, 4, 6, 8, 9, 10 };
	/* Streams that differ, from MCS 33 on. */
	static const uint8_t unequal[] = {
		6, 8, 10, 9, 12, 15,
		8, 10, 10, 12, 14, 14, 16, 12, 15, 15, 18, 21, 21, 24,
		10, 12, 14, 12, 14, 16, 18, 16, 18, 20, 20, 22, 15, 18, 21, 18, 21, 24, 27, 24, 27, 30, 30, 33,
	};
	unsigned rate, unit = wide ? 135 : 65;

	if (index < 32)
		rate = equal[index % 8] * (index / 8 + 1) * unit;
	else if (index == 32)
		rate = wide ? 60 : 0;
	else if (index - 33 < sizeof unequal)
		rate = unequal[index - 33] * unit;
	else
		rate = 0;
	return short_guard ? (rate * 10 + 4) / 9 : rate;
}

static void
text_guard(struct dis *d, bool is_short)
{
	text(d, is_short ? "short GI " : "long GI ");
}

static void
text_fec(struct dis *d, bool ldpc)
{
	text(d, ldpc ? "LDPC FEC " : "BCC FEC ");
}

static void
text_mcs(struct dis *d, const uint8_t *p)
{
	static const char *const widths[] = { "20 MHz ", "40 MHz ", "20 MHz (L) ", "20 MHz (U) " };
	unsigned known = p[0], flags = p[1], index = p[2], rate;

	put_field(d, &F[R_MCS_KNOWN], p, 1);
	put_field(d, &F[R_MCS_WIDTH], p + 1, 1);
	put_field(d, &F[R_MCS_GUARD], p + 1, 1);
	put_field(d, &F[R_MCS_INDEX], p + 2, 1);
	if (known & K_INDEX) {
		/* One of the two is enough for a rate to be said. */
		rate = known & (K_WIDTH | K_GUARD) ?
			ht_rate(index, (flags & M_WIDTH) == M_40MHZ, flags & M_SHORT_GUARD) : 0;
		if (rate)
			text_u(d, rate / 10), text(d, "."), text_u(d, rate % 10), text(d, " Mb/s ");
		text(d, "MCS "), text_u(d, index), text(d, " ");
	}
	if (known & K_WIDTH)
		text(d, widths[flags & M_WIDTH]);
	if (known & K_GUARD)
		text_guard(d, flags & M_SHORT_GUARD);
	if (known & K_FORMAT)
		text(d, flags & M_GREENFIELD ? "greenfield " : "mixed ");
	if (known & K_FEC)
		text_fec(d, flags & M_LDPC);
	if (known & K_STBC)
		text(d, "RX-STBC"), text_u(d, (flags & M_STBC) >> 5), text(d, " ");
}

/* Channel widths, and which part of one; number 21 should be LUU, but tcpdump calls it so. */
static const struct name vht_widths[] = {
	{ 0, "20 MHz" }, { 1, "40 MHz" }, { 2, "20 MHz (L)" }, { 3, "20 MHz (U)" }, { 4, "80 MHz" },
	{ 5, "80 MHz (L)" }, { 6, "80 MHz (U)" }, { 7, "80 MHz (LL)" }, { 8, "80 MHz (LU)" }, { 9, "80 MHz (UL)" },
	{ 10, "80 MHz (UU)" }, { 11, "160 MHz" }, { 12, "160 MHz (L)" }, { 13, "160 MHz (U)" },
	{ 14, "160 MHz (LL)" }, { 15, "160 MHz (LU)" }, { 16, "160 MHz (UL)" }, { 17, "160 MHz (UU)" },
	{ 18, "160 MHz (LLL)" }, { 19, "160 MHz (LLU)" }, { 20, "160 MHz (LUL)" }, { 21, "160 MHz (UUU)" },
	{ 22, "160 MHz (ULL)" }, { 23, "160 MHz (ULU)" }, { 24, "160 MHz (UUL)" }, { 25, "160 MHz (UUU)" },
	{ 0, NULL }
};

/* known 2, flags, width, four users, coding, group, partial AID 2 */
static void
text_vht(struct dis *d, const uint8_t *p)
{
	unsigned known = le_16(p), flags = p[2], width = p[3], coding = p[8];

	put_field(d, &F[R_VHT_KNOWN], p, 2);
	put_field(d, &F[R_VHT_WIDTH], p + 3, 1);
	for (unsigned i = 0; i < 4; i++) {
		unsigned user = p[4 + i];

		if ((user & 15) == 0)
			continue;
		put_field(d, &F[R_VHT_MCS], p + 4 + i, 1);
		put_field(d, &F[R_VHT_NSS], p + 4 + i, 1);
		text(d, "User "), text_u(d, i);
		text(d, " MCS "), text_u(d, user >> 4), text(d, " ");
		text_fec(d, coding >> i & 1);
	}
	if (known & V_WIDTH)
		text_name(d, vht_widths, width & V_WIDTHS, "unknown (%u)"), text(d, " ");
	if (known & V_GUARD)
		text_guard(d, flags & VF_SHORT_GUARD);
}

/* A rate, or what some systems put there instead. */
static void
text_rate(struct dis *d, unsigned rate)
{
	if (rate >= 0x80 && rate <= 0x8f)
		text(d, "MCS "), text_u(d, rate & 0x7f), text(d, " ");
	else
		text_half(d, rate), text(d, " Mb/s ");
}

/* Simple fields: a number of so many bytes, perhaps signed, perhaps said with its sign turned, and what it is of. */
static const struct simple {
	uint8_t bit, size, field;
	bool is_signed, turned;
	const char *unit;		/* NULL: nothing is said */
} simples[] = {
	{ TSFT, 8, R_MACTIME, false, false, "us tsft " },
	{ DBM_SIGNAL, 1, R_DBM_SIGNAL, true, false, "dBm signal " },
	{ DBM_NOISE, 1, R_DBM_NOISE, true, false, "dBm noise " },
	{ LOCK_QUALITY, 2, R_QUALITY, false, false, " sq " },
	{ TX_ATTENUATION, 2, R_ATTENUATION, true, true, " tx power " },
	{ DB_TX_ATTENUATION, 1, R_DB_ATTENUATION, true, true, "dB tx attenuation " },
	{ DBM_TX_POWER, 1, R_TX_POWER, true, false, "dBm tx power " },
	{ DB_SIGNAL, 1, R_DB_SIGNAL, false, false, "dB signal " },
	{ DB_NOISE, 1, R_DB_NOISE, false, false, "dB noise " },
	{ RX_FLAGS, 2, R_RX_FLAGS, false, false, NULL },
};

static bool
simple_item(struct dis *d, struct cursor *c, const struct simple *s)
{
	const uint8_t *p = take(c, s->size);
	uint64_t v = 0;
	int64_t i;

	if (p == NULL)
		return false;
	put_field(d, &F[s->field], p, s->size);
	if (s->unit == NULL)
		return true;
	for (unsigned n = s->size; n; n--)
		v = v << 8 | p[n - 1];
	if (s->is_signed) {
		i = s->size == 1 ? (int8_t)v : (int16_t)v;
		text_i(d, s->turned ? -i : i);
	} else {
		text_u(d, v);
	}
	text(d, s->unit);
	return true;
}

/*
 * Items of several fields: n bytes in pieces that are aligned to the size of the first. All of it or nothing is there:
 * what is missing at its end makes it cut short.
 */
static const uint8_t *
take_item(struct cursor *c, uint32_t align, uint32_t n)
{
	const uint8_t *p = take(c, align);

	if (p == NULL || c->len - c->at < n - align)
		return NULL;
	c->at += n - align;
	return p;
}

enum item { SAID, SHORT, UNKNOWN };

static enum item
walk_item(struct dis *d, struct cursor *c, uint32_t bit, uint32_t present, unsigned *flags)
{
	bool has_mcs = present & 1u << MCS;
	const uint8_t *p;

	for (size_t i = 0; i < sizeof simples / sizeof *simples; i++)
		if (simples[i].bit == bit)
			return simple_item(d, c, &simples[i]) ? SAID : SHORT;
	switch (bit) {
	case FLAGS:
		if ((p = take(c, 1)) == NULL)
			return SHORT;
		*flags = *p;
		text_flags(d, p);
		return SAID;
	case RATE:
		if ((p = take(c, 1)) == NULL)
			return SHORT;
		put_field(d, &F[R_RATE], p, 1);
		text_rate(d, *p);
		return SAID;
	case CHANNEL:
		if ((p = take_item(c, 2, 4)) == NULL)
			return SHORT;
		put_field(d, &F[R_FREQ], p, 2);
		put_field(d, &F[R_CHANNEL_FLAGS], p + 2, 2);
		if (!(present & 1u << XCHANNEL))
			text_channel(d, le_16(p), le_16(p + 2), has_mcs);
		return SAID;
	case FHSS:
		if ((p = take_item(c, 1, 2)) == NULL)
			return SHORT;
		put_field(d, &F[R_HOP_SET], p, 1);
		put_field(d, &F[R_HOP_PATTERN], p + 1, 1);
		text(d, "fhset "), text_u(d, p[0]);
		text(d, " fhpat "), text_u(d, p[1]), text(d, " ");
		return SAID;
	case ANTENNA:
		if ((p = take(c, 1)) == NULL)
			return SHORT;
		put_field(d, &F[R_ANTENNA], p, 1);
		text(d, "antenna "), text_u(d, *p), text(d, " ");
		return SAID;
	case XCHANNEL:
		if ((p = take_item(c, 4, 8)) == NULL)
			return SHORT;
		put_field(d, &F[R_X_FLAGS], p, 4);
		put_field(d, &F[R_X_FREQ], p + 4, 2);
		put_field(d, &F[R_X_CHANNEL], p + 6, 1);
		text_channel(d, le_16(p + 4), le_16(p) | (uint32_t)le_16(p + 2) << 16, has_mcs);
		return SAID;
	case MCS:
		if ((p = take_item(c, 1, 3)) == NULL)
			return SHORT;
		text_mcs(d, p);
		return SAID;
	case AMPDU:
		if ((p = take_item(c, 4, 8)) == NULL)
			return SHORT;
		put_field(d, &F[R_AMPDU], p, 4);
		put_field(d, &F[R_AMPDU_FLAGS], p + 4, 2);
		return SAID;
	case VHT:
		if ((p = take_item(c, 2, 12)) == NULL)
			return SHORT;
		text_vht(d, p);
		return SAID;
	default:
		/* Of unknown size: what is behind it cannot be found. */
		text(d, "[bit "), text_u(d, bit), text(d, "] ");
		return UNKNOWN;
	}
}

/* The items of one word, its lowest bit being number `first`; false when those behind them cannot be found. */
static bool
walk_word(struct dis *d, struct cursor *c, uint32_t present, uint32_t first, unsigned *flags)
{
	for (unsigned i = 0; i < NAMESPACE; i++) {
		if (!(present >> i & 1))
			continue;
		switch (walk_item(d, c, first + i, present, flags)) {
		case SAID:
			break;
		case SHORT:
			text_trunc(d);
			return false;
		case UNKNOWN:
			return false;
		}
	}
	return true;
}

/* What tells whose fields come next: the vendor, a number of its own, and how many bytes they are long, *skip. */
static void
walk_vendor(struct dis *d, struct cursor *c, uint32_t *skip)
{
	struct cursor probe = *c;
	const uint8_t *p;

	*skip = 0;
	if (take(&probe, 2) == NULL) {
		text_trunc(d);
		return;
	}
	for (unsigned i = 0; i < 4; i++) {
		if ((p = take(c, 1)) == NULL) {
			text_trunc(d);
			return;
		}
		if (i == 2)
			put_field(d, &F[R_VENDOR_OUI], p - 2, 3);
	}
	if ((p = take(c, 2)) == NULL)
		text_trunc(d);
	else
		*skip = le_16(p);
}

/* All fields. Returns the flags. */
static unsigned
walk_fields(struct dis *d, const uint8_t *p, uint32_t len, uint32_t words)
{
	struct cursor c = { p, HEADER - WORD + WORD * words, len };
	uint32_t first = 0, skip = 0;
	unsigned flags = 0;
	bool vendor = false;

	for (uint32_t i = 0; i < words; i++) {
		uint32_t present = le32(d, p + HEADER - WORD + WORD * i);

		put_field(d, &F[R_PRESENT], p + HEADER - WORD + WORD * i, WORD);
		if (!vendor) {
			if (!walk_word(d, &c, present, first, &flags))
				break;
		} else {
			if (c.len - c.at < skip)
				break;
			c.at += skip;
			skip = 0;
		}
		switch (present >> NAMESPACE & 3) {
		case 0:
			first += 32;
			break;
		case 1:
			first = skip = 0;
			vendor = false;
			break;
		case 2:
			first = 0;
			vendor = true;
			walk_vendor(d, &c, &skip);
			break;
		}
	}
	return flags;
}

static void
radiotap(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t captured = left(d, p), n, words = 1;
	unsigned flags;

	enter(d, &proto_radiotap);
	if (captured < HEADER || (n = le32(d, p) >> 16) < HEADER || captured < n)
		goto cut;
	while (HEADER - WORD + WORD * words <= n && p[HEADER - WORD + WORD * words - 1] & 0x80)
		words++;
	if (HEADER - WORD + WORD * words > n)
		goto cut;
	put_field(d, &F[R_VERSION], p, 1);
	put_field(d, &F[R_LENGTH], p + 2, 2);
	flags = walk_fields(d, p, n, words);
	link_header(d, n + wlan_walk(d, p + n, len - n, flags & F_PAD, flags & F_FCS ? 4 : 0));
	return;
cut:
	text_trunc(d);
	link_header(d, captured);
}

const struct proto proto_radiotap = PROTO("radiotap", "802.11_radio", "Radiotap", radiotap, F);
