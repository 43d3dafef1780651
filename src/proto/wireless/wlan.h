/*
 * What the parts of the IEEE 802.11 dissector share: wlan.c walks frames, also those behind the capture headers of
 * radiotap, Prism and AVS, wlan_mgmt.c says the bodies of management frames, wlan_fields.c notes the fields and
 * wlan_names.c has the long names.
 */
#pragma once

#include "dissect/dissect.h"

enum { WLAN_MANAGEMENT, WLAN_CONTROL, WLAN_DATA };		/* frame types */

/* Bits of the frame control field, read as a little-endian number. */
enum {
	WLAN_TO_DS = 0x0100, WLAN_FROM_DS = 0x0200, WLAN_MORE_FRAG = 0x0400, WLAN_RETRY = 0x0800,
	WLAN_POWER = 0x1000, WLAN_MORE_DATA = 0x2000, WLAN_PROTECTED = 0x4000, WLAN_ORDER = 0x8000,
};

/* Subtypes of management frames, those of control frames, and the bits that a data frame's is made of. */
enum {
	WLAN_ASSOC_REQUEST, WLAN_ASSOC_RESPONSE, WLAN_REASSOC_REQUEST, WLAN_REASSOC_RESPONSE, WLAN_PROBE_REQUEST,
	WLAN_PROBE_RESPONSE, WLAN_BEACON = 8, WLAN_ATIM, WLAN_DISASSOC, WLAN_AUTH, WLAN_DEAUTH, WLAN_ACTION,
};
enum {
	WLAN_WRAPPER = 7, WLAN_BAR, WLAN_BA, WLAN_PS_POLL, WLAN_RTS, WLAN_CTS, WLAN_ACK, WLAN_CF_END,
	WLAN_CF_END_ACK,
};
enum { WLAN_CF_ACK = 1, WLAN_CF_POLL = 2, WLAN_NO_DATA = 4, WLAN_QOS = 8 };

/* Where things are in a header. */
enum {
	WLAN_DURATION = 2, WLAN_ADDR1 = 4, WLAN_ADDR2 = 10, WLAN_ADDR3 = 16, WLAN_SEQUENCE = 22, WLAN_ADDR4 = 24,
	WLAN_HEADER = 24, WLAN_HEADER_4 = 30,
};

/* Capability bits, in the first byte. */
enum { WLAN_ESS = 0x01, WLAN_IBSS = 0x02, WLAN_PRIVACY = 0x10 };

/* Elements of management frames. */
enum {
	WLAN_EL_SSID = 0, WLAN_EL_RATES = 1, WLAN_EL_DS = 3, WLAN_EL_TIM = 5, WLAN_EL_COUNTRY = 7,
	WLAN_EL_BSS_LOAD = 11, WLAN_EL_CHALLENGE = 16, WLAN_EL_POWER_CONSTRAINT = 32, WLAN_EL_ERP = 42,
	WLAN_EL_HT = 45, WLAN_EL_RSN = 48, WLAN_EL_RATES_MORE = 50, WLAN_EL_MOBILITY = 54,
	WLAN_EL_HT_OPERATION = 61, WLAN_EL_MESH_ID = 114, WLAN_EL_VHT = 191, WLAN_EL_VHT_OPERATION = 192,
	WLAN_EL_VENDOR = 221,
};

/* Where the addresses of a data frame are, by its two DS bits (802.11-2016 table 9-26), and how they are called. */
struct wlan_path {
	uint8_t da, sa, bssid;
	const char *names[4];
};

static inline unsigned
wlan_type(unsigned fc)
{
	return fc >> 2 & 3;
}

static inline unsigned
wlan_subtype(unsigned fc)
{
	return fc >> 4 & 15;
}

/* The path of a data frame, and that of every management frame. */
const struct wlan_path *wlan_path(unsigned fc);

/*
 * Walks the frame at p, which was len bytes long, fcs of them its check sequence; pad: a driver put bytes between
 * its header and its body so that the body begins at a multiple of four. How long its link header is.
 */
uint32_t wlan_walk(struct dis *d, const uint8_t *p, uint32_t len, bool pad, uint32_t fcs);

/*
 * Says the body p..p+len of a management frame whose sender is at src. False when it is cut short or makes no sense;
 * what came before that has been said.
 */
bool wlan_management(struct dis *d, unsigned subtype, const uint8_t *src, const uint8_t *p, uint32_t len);

enum { WLAN_N_FIELDS = 79 };
extern const struct field wlan_fields[WLAN_N_FIELDS];

/*
 * Note fields: of the header at p, a management frame's body, the mesh control field, the start of an encrypted
 * body, the check sequence. Soft.
 */
void wlan_note_header(struct dis *d, unsigned fc, const uint8_t *p);
void wlan_note_management(struct dis *d, unsigned subtype, const uint8_t *p);
void wlan_note_mesh(struct dis *d, const uint8_t *p);
void wlan_note_encrypted(struct dis *d, const uint8_t *p);
void wlan_note_fcs(struct dis *d, const uint8_t *p);

/* What access points and stations answer (802.11-2016 table 9-46), and why they part (table 9-45). */
const char *wlan_status_name(unsigned status);
const char *wlan_reason_name(unsigned reason);
extern const struct name wlan_status_names[], wlan_reason_names[];
