/*
 * The capture headers of old drivers in front of an IEEE 802.11 frame: Prism, which is 144 bytes long, and AVS, which
 * tells its length. Linux gave both the same link type.
 */
#include "proto/wireless/wlan.h"

enum { PRISM = 144, AVS = 8, AVS_V1 = 0x80211001, AVS_V2 = 0x80211002 };

enum { MSG_CODE, MSG_LEN };
static const struct field P[] = {
	[MSG_CODE] = { "prism.msgcode", LE32, .help = "Message code" },
	[MSG_LEN] = { "prism.msglen", LE32, .help = "Length of the message" },
};

enum { VERSION, LENGTH, MACTIME, HOSTTIME, PHY, CHANNEL, RATE, ANTENNA, SIGNAL, NOISE };
static const struct field A[] = {
	[VERSION] = { "wlancap.version", U32, .help = "Magic number and version" },
	[LENGTH] = { "wlancap.length", U32, .help = "Length of the header" },
	[MACTIME] = { "wlancap.mactime", U64, .help = "Timer of the radio, microseconds" },
	[HOSTTIME] = { "wlancap.hosttime", U64, .help = "Timer of the host" },
	[PHY] = { "wlancap.phytype", U32, .help = "Kind of radio" },
	[CHANNEL] = { "wlancap.channel", U32, .help = "Channel" },
	[RATE] = { "wlancap.data_rate", U32, .help = "Data rate, 100 kb/s" },
	[ANTENNA] = { "wlancap.antenna", U32, .help = "Antenna" },
	[SIGNAL] = { "wlancap.ssi_signal", I32, .help = "Signal" },
	[NOISE] = { "wlancap.ssi_noise", I32, .help = "Noise" },
};

extern const struct proto proto_prism, proto_wlancap;

/* The frame behind a header of n bytes, all of which is captured. */
static void
walk_behind(struct dis *d, const uint8_t *p, uint32_t len, uint32_t n)
{
	link_header(d, n + wlan_walk(d, p + n, len - n, false, 0));
}

static void
put_avs(struct dis *d, const uint8_t *p, uint32_t n)
{
	static const struct {
		uint8_t at, size, field;
	} places[] = {
		{ 0, 4, VERSION }, { 4, 4, LENGTH }, { 8, 8, MACTIME }, { 16, 8, HOSTTIME }, { 24, 4, PHY },
		{ 28, 4, CHANNEL }, { 32, 4, RATE }, { 36, 4, ANTENNA }, { 48, 4, SIGNAL }, { 52, 4, NOISE },
	};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (n >= (uint32_t)places[i].at + places[i].size)
			put_field(d, &A[places[i].field], p + places[i].at, places[i].size);
}

static void
avs(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n;

	enter(d, &proto_wlancap);
	if (!have(d, p, AVS) || (n = raw32(p + 4)) < AVS || n > left(d, p)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	if (d->sink)
		put_avs(d, p, n);
	walk_behind(d, p, len, n);
}

static void
prism(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (have(d, p, 4) && (raw32(p) == AVS_V1 || raw32(p) == AVS_V2)) {
		avs(d, p, len);
		return;
	}
	enter(d, &proto_prism);
	if (!have(d, p, PRISM)) {
		text_trunc(d);
		link_header(d, left(d, p));
		return;
	}
	put_field(d, &P[MSG_CODE], p, 4);
	put_field(d, &P[MSG_LEN], p + 4, 4);
	walk_behind(d, p, len, PRISM);
}

const struct proto proto_prism = PROTO("prism", "prism", "Prism capture header", prism, P);
const struct proto proto_wlancap = PROTO("wlancap", "802.11_radio_avs", "AVS WLAN capture header", avs, A);
