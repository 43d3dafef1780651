/*
 * The fields of IEEE 802.11 frames. They are noted in a pass of their own: the text shows three elements of a
 * management frame, and who looks for a rogue access point wants the others.
 */
#include "proto/wireless/wlan.h"

enum {
	VERSION, TYPE, SUBTYPE, TYPE_SUBTYPE, FLAGS, TODS, FROMDS, FRAG, RETRIED, PWRMGT, MOREDATA, ENCRYPTED, ORDERED,
	DURATION_US, AID, RA, TA, DA, SA, BSSID, FRAGMENT, SEQ, QOS_TID, QOS_PRIO, QOS_ACK, QOS_AMSDU, BAR_CONTROL,
	BAR_SEQ, MESH_TTL, MESH_SEQ, WEP_IV, WEP_KEY, FCS,
	TSF, INTERVAL, CAPABILITIES, CAP_ESS, CAP_IBSS, CAP_PRIVACY, LISTEN, STATUS, ASSOC_ID, CURRENT_AP, REASON, AUTH_ALG,
	AUTH_SEQ, CATEGORY, ACTION_CODE, TAG, TAG_LEN, SSID, RATES, MORE_RATES, CHANNEL, DTIM_COUNT, DTIM_PERIOD,
	COUNTRY, STATIONS, LOAD, CHALLENGE, CONSTRAINT, ERP, HT_CAP, RSN_VERSION, RSN_GROUP, RSN_PAIRS, RSN_PAIR,
	RSN_AKMS, RSN_AKM, RSN_CAP, RSN_MFPR, RSN_MFPC, MDID, HT_CHANNEL, MESH_ID, VHT_CAP, VHT_WIDTH, OUI, OUI_TYPE,
	N_FIELDS
};

/* Type and subtype, as Wireshark counts them. */
static const struct name subtypes[] = {
	{ 0x00, "Association Request" }, { 0x01, "Association Response" }, { 0x02, "Reassociation Request" },
	{ 0x03, "Reassociation Response" }, { 0x04, "Probe Request" }, { 0x05, "Probe Response" },
	{ 0x08, "Beacon" }, { 0x09, "ATIM" }, { 0x0a, "Disassociate" }, { 0x0b, "Authentication" },
	{ 0x0c, "Deauthentication" }, { 0x0d, "Action" }, { 0x0e, "Action No Ack" },
	{ 0x17, "Control Wrapper" }, { 0x18, "Block Ack Request" }, { 0x19, "Block Ack" }, { 0x1a, "PS-Poll" },
	{ 0x1b, "RTS" }, { 0x1c, "CTS" }, { 0x1d, "Acknowledgement" }, { 0x1e, "CF-End" },
	{ 0x1f, "CF-End + CF-Ack" },
	{ 0x20, "Data" }, { 0x21, "Data + CF-Ack" }, { 0x22, "Data + CF-Poll" }, { 0x23, "Data + CF-Ack + CF-Poll" },
	{ 0x24, "Null" }, { 0x25, "CF-Ack" }, { 0x26, "CF-Poll" }, { 0x27, "CF-Ack + CF-Poll" },
	{ 0x28, "QoS Data" }, { 0x29, "QoS Data + CF-Ack" }, { 0x2a, "QoS Data + CF-Poll" },
	{ 0x2b, "QoS Data + CF-Ack + CF-Poll" }, { 0x2c, "QoS Null" }, { 0x2e, "QoS CF-Poll" },
	{ 0x2f, "QoS CF-Ack + CF-Poll" },
	{ 0, NULL }
};

static const struct name ciphers[] = {
	{ 0, "group" }, { 1, "WEP-40" }, { 2, "TKIP" }, { 4, "AES-CCM" }, { 5, "WEP-104" }, { 6, "BIP-CMAC-128" },
	{ 8, "GCMP-128" }, { 9, "GCMP-256" }, { 10, "CCMP-256" }, { 0, NULL }
};

static const struct name key_managements[] = {
	{ 1, "802.1X" }, { 2, "PSK" }, { 3, "FT 802.1X" }, { 4, "FT PSK" }, { 5, "802.1X SHA256" },
	{ 6, "PSK SHA256" }, { 7, "TDLS" }, { 8, "SAE" }, { 9, "FT SAE" }, { 11, "Suite B" }, { 12, "Suite B 192" },
	{ 18, "OWE" }, { 0, NULL }
};

const struct field wlan_fields[WLAN_N_FIELDS] = {
	[VERSION] = { "wlan.fc.version", U8, .mask = 0x03, .help = "Protocol version" },
	[TYPE] = { "wlan.fc.type", U8, .mask = 0x0c, .help = "0 management, 1 control, 2 data" },
	[SUBTYPE] = { "wlan.fc.subtype", U8, .mask = 0xf0, .help = "Subtype" },
	[TYPE_SUBTYPE] = { "wlan.fc.type_subtype", U8, .names = subtypes, .help = "Type and subtype" },
	[FLAGS] = { "wlan.flags", U8, .help = "Flags of the frame control field" },
	[TODS] = { "wlan.fc.tods", BOOL, .mask = 0x01, .help = "To the distribution system" },
	[FROMDS] = { "wlan.fc.fromds", BOOL, .mask = 0x02, .help = "From the distribution system" },
	[FRAG] = { "wlan.fc.frag", BOOL, .mask = 0x04, .help = "More fragments follow" },
	[RETRIED] = { "wlan.fc.retry", BOOL, .mask = 0x08, .help = "Retransmission" },
	[PWRMGT] = { "wlan.fc.pwrmgt", BOOL, .mask = 0x10, .help = "The station will sleep" },
	[MOREDATA] = { "wlan.fc.moredata", BOOL, .mask = 0x20, .help = "More data is buffered" },
	[ENCRYPTED] = { "wlan.fc.protected", BOOL, .mask = 0x40, .help = "The body is encrypted" },
	[ORDERED] = { "wlan.fc.order", BOOL, .mask = 0x80, .help = "Strictly ordered, or an HT control field follows" },
	[DURATION_US] = { "wlan.duration", LE16, .help = "Time the medium is reserved, microseconds" },
	[AID] = { "wlan.aid", LE16, .mask = 0x3fff, .help = "Association identifier" },
	[RA] = { "wlan.ra", MAC, .help = "Receiver address" },
	[TA] = { "wlan.ta", MAC, .help = "Transmitter address" },
	[DA] = { "wlan.da", MAC, .help = "Destination address" },
	[SA] = { "wlan.sa", MAC, .help = "Source address" },
	[BSSID] = { "wlan.bssid", MAC, .help = "Basic service set" },
	[FRAGMENT] = { "wlan.frag", LE16, .mask = 0x000f, .help = "Fragment number" },
	[SEQ] = { "wlan.seq", LE16, .mask = 0xfff0, .help = "Sequence number" },
	[QOS_TID] = { "wlan.qos.tid", U8, .mask = 0x0f, .help = "Traffic identifier" },
	[QOS_PRIO] = { "wlan.qos.priority", U8, .mask = 0x07, .help = "Priority" },
	[QOS_ACK] = { "wlan.qos.ack", U8, .mask = 0x60, .help = "Acknowledgement policy" },
	[QOS_AMSDU] = { "wlan.qos.amsdupresent", BOOL, .mask = 0x80, .help = "The body is an A-MSDU" },
	[BAR_CONTROL] = { "wlan.ba.control", LE16, .help = "Block acknowledgement control" },
	[BAR_SEQ] = { "wlan.fixed.ssc.sequence", LE16, .mask = 0xfff0, .help = "First sequence number to acknowledge" },
	[MESH_TTL] = { "wlan.mesh.control_field.ttl", U8, .help = "Time to live in the mesh" },
	[MESH_SEQ] = { "wlan.mesh.control_field.sequence_number", LE32, .help = "Sequence number in the mesh" },
	[WEP_IV] = { "wlan.wep.iv", U24, .help = "Initialization vector" },
	[WEP_KEY] = { "wlan.wep.key", U8, .mask = 0xc0, .help = "Key index" },
	[FCS] = { "wlan.fcs", LE32, .help = "Frame check sequence" },
	[TSF] = { "wlan.fixed.timestamp", LE64, .help = "Timer of the sender, microseconds" },
	[INTERVAL] = { "wlan.fixed.beacon", LE16, .help = "Beacon interval, units of 1024 microseconds" },
	[CAPABILITIES] = { "wlan.fixed.capabilities", LE16, .help = "Capabilities" },
	[CAP_ESS] = { "wlan.fixed.capabilities.ess", BOOL, .mask = WLAN_ESS, .help = "An access point" },
	[CAP_IBSS] = { "wlan.fixed.capabilities.ibss", BOOL, .mask = WLAN_IBSS, .help = "An ad-hoc network" },
	[CAP_PRIVACY] = { "wlan.fixed.capabilities.privacy", BOOL, .mask = WLAN_PRIVACY, .help = "Encryption is required" },
	[LISTEN] = { "wlan.fixed.listen_ival", LE16, .help = "Listen interval" },
	[STATUS] = { "wlan.fixed.status_code", LE16, .names = wlan_status_names, .help = "Status" },
	[ASSOC_ID] = { "wlan.fixed.aid", LE16, .mask = 0x3fff, .help = "Association identifier" },
	[CURRENT_AP] = { "wlan.fixed.current_ap", MAC, .help = "Access point the station leaves" },
	[REASON] = { "wlan.fixed.reason_code", LE16, .names = wlan_reason_names, .help = "Reason" },
	[AUTH_ALG] = { "wlan.fixed.auth.alg", LE16, .help = "Authentication algorithm" },
	[AUTH_SEQ] = { "wlan.fixed.auth_seq", LE16, .help = "Step of the authentication" },
	[CATEGORY] = { "wlan.fixed.category_code", U8, .help = "Category of an action" },
	[ACTION_CODE] = { "wlan.fixed.action_code", U8, .help = "Action" },
	[TAG] = { "wlan.tag.number", U8, .help = "Element" },
	[TAG_LEN] = { "wlan.tag.length", U8, .help = "Length of an element" },
	[SSID] = { "wlan.ssid", STR, .help = "Name of the network" },
	[RATES] = { "wlan.supported_rates", U8, .help = "Rate, 500 kb/s; 0x80: basic" },
	[MORE_RATES] = { "wlan.extended_supported_rates", U8, .help = "Rate, 500 kb/s; 0x80: basic" },
	[CHANNEL] = { "wlan.ds.current_channel", U8, .help = "Channel" },
	[DTIM_COUNT] = { "wlan.tim.dtim_count", U8, .help = "Beacons until the next DTIM" },
	[DTIM_PERIOD] = { "wlan.tim.dtim_period", U8, .help = "Beacons between DTIMs" },
	[COUNTRY] = { "wlan.country_info.code", STR, .help = "Country" },
	[STATIONS] = { "wlan.qbss.scount", LE16, .help = "Stations associated" },
	[LOAD] = { "wlan.qbss.cu", U8, .help = "How busy the channel is, of 255" },
	[CHALLENGE] = { "wlan.tag.challenge_text", BYTES, .help = "Challenge" },
	[CONSTRAINT] = { "wlan.powercon.local", U8, .help = "Power constraint, dB" },
	[ERP] = { "wlan.erp_info", U8, .help = "ERP information" },
	[HT_CAP] = { "wlan.ht.capabilities", LE16, .help = "HT capabilities" },
	[RSN_VERSION] = { "wlan.rsn.version", LE16, .help = "Version of RSN" },
	[RSN_GROUP] = { "wlan.rsn.gcs.type", U8, .names = ciphers, .help = "Group cipher" },
	[RSN_PAIRS] = { "wlan.rsn.pcs.count", LE16, .help = "Pairwise ciphers" },
	[RSN_PAIR] = { "wlan.rsn.pcs.type", U8, .names = ciphers, .help = "Pairwise cipher" },
	[RSN_AKMS] = { "wlan.rsn.akms.count", LE16, .help = "Key managements" },
	[RSN_AKM] = { "wlan.rsn.akms.type", U8, .names = key_managements, .help = "Key management" },
	[RSN_CAP] = { "wlan.rsn.capabilities", LE16, .help = "RSN capabilities" },
	[RSN_MFPR] = { "wlan.rsn.capabilities.mfpr", BOOL, .mask = 0x40, .help = "Management frames must be protected" },
	[RSN_MFPC] = { "wlan.rsn.capabilities.mfpc", BOOL, .mask = 0x80, .help = "Management frames can be protected" },
	[MDID] = { "wlan.mobility_domain.mdid", LE16, .help = "Mobility domain" },
	[HT_CHANNEL] = { "wlan.ht.info.primarychannel", U8, .help = "Primary channel" },
	[MESH_ID] = { "wlan.mesh_id", STR, .help = "Name of the mesh" },
	[VHT_CAP] = { "wlan.vht.capabilities", LE32, .help = "VHT capabilities" },
	[VHT_WIDTH] = { "wlan.vht.op.channelwidth", U8, .help = "Channel width" },
	[OUI] = { "wlan.tag.oui", U24, .names = oui_names, .help = "Vendor of an element" },
	[OUI_TYPE] = { "wlan.tag.vendor.oui.type", U8, .help = "The vendor's type of an element" },
};
_Static_assert((int)N_FIELDS == (int)WLAN_N_FIELDS, "wlan.h knows how many there are");

#define F wlan_fields

static void
put_addresses(struct dis *d, unsigned fc, const uint8_t *p)
{
	const struct wlan_path *path = wlan_path(fc);
	unsigned subtype = wlan_subtype(fc);

	put_field(d, &F[RA], p + WLAN_ADDR1, 6);
	if (wlan_type(fc) == WLAN_CONTROL) {
		if (subtype != WLAN_WRAPPER && subtype != WLAN_CTS && subtype != WLAN_ACK)
			put_field(d, &F[TA], p + WLAN_ADDR2, 6);
		if (subtype == WLAN_PS_POLL)
			put_field(d, &F[BSSID], p + WLAN_ADDR1, 6);
		if (subtype == WLAN_CF_END || subtype == WLAN_CF_END_ACK)
			put_field(d, &F[BSSID], p + WLAN_ADDR2, 6);
		if (subtype == WLAN_BAR) {
			put_field(d, &F[BAR_CONTROL], p + WLAN_ADDR3, 2);
			put_field(d, &F[BAR_SEQ], p + WLAN_ADDR3 + 2, 2);
		}
		return;
	}
	put_field(d, &F[TA], p + WLAN_ADDR2, 6);
	put_field(d, &F[DA], p + path->da, 6);
	put_field(d, &F[SA], p + path->sa, 6);
	if (path->bssid)
		put_field(d, &F[BSSID], p + path->bssid, 6);
	put_field(d, &F[FRAGMENT], p + WLAN_SEQUENCE, 2);
	put_field(d, &F[SEQ], p + WLAN_SEQUENCE, 2);
	if (wlan_type(fc) == WLAN_DATA && (subtype & WLAN_QOS)) {
		const uint8_t *qos = p + (path->bssid ? WLAN_HEADER : WLAN_HEADER_4);

		put_field(d, &F[QOS_TID], qos, 1);
		put_field(d, &F[QOS_PRIO], qos, 1);
		put_field(d, &F[QOS_ACK], qos, 1);
		put_field(d, &F[QOS_AMSDU], qos, 1);
	}
}

void
wlan_note_header(struct dis *d, unsigned fc, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[SUBTYPE], p, 1);
	put_value(d, &F[TYPE_SUBTYPE], wlan_type(fc) << 4 | wlan_subtype(fc));
	for (unsigned i = FLAGS; i <= ORDERED; i++)
		put_field(d, &F[i], p + 1, 1);
	if (wlan_type(fc) == WLAN_CONTROL && wlan_subtype(fc) == WLAN_PS_POLL)
		put_field(d, &F[AID], p + WLAN_DURATION, 2);
	else
		put_field(d, &F[DURATION_US], p + WLAN_DURATION, 2);
	put_addresses(d, fc, p);
}

void
wlan_note_mesh(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[MESH_TTL], p + 1, 1);
	put_field(d, &F[MESH_SEQ], p + 2, 4);
}

void
wlan_note_encrypted(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[WEP_IV], p, 3);
	put_field(d, &F[WEP_KEY], p + 3, 1);
}

void
wlan_note_fcs(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[FCS], p, 4);
}

/* A list of selectors of four bytes behind their count, of which up to n bytes are there. How many bytes it is long. */
static uint32_t
put_suites(struct dis *d, const struct field *count, const struct field *type, const uint8_t *p, uint32_t n)
{
	uint32_t len;

	if (n < 2)
		return n;
	put_field(d, count, p, 2);
	len = 2 + 4 * (uint32_t)(p[0] | p[1] << 8);
	for (uint32_t i = 2; i + 4 <= n && i < len; i += 4)
		put_field(d, type, p + i + 3, 1);
	return len < n ? len : n;
}

/* The RSN element, 802.11-2016 section 9.4.2.25: it may end after any of its parts. */
static void
put_rsn(struct dis *d, const uint8_t *p, uint32_t n)
{
	uint32_t at = 6;

	if (n >= 2)
		put_field(d, &F[RSN_VERSION], p, 2);
	if (n < at)
		return;
	put_field(d, &F[RSN_GROUP], p + 5, 1);
	at += put_suites(d, &F[RSN_PAIRS], &F[RSN_PAIR], p + at, n - at);
	at += put_suites(d, &F[RSN_AKMS], &F[RSN_AKM], p + at, n - at);
	if (n - at < 2)
		return;
	put_field(d, &F[RSN_CAP], p + at, 2);
	put_field(d, &F[RSN_MFPR], p + at, 1);
	put_field(d, &F[RSN_MFPC], p + at, 1);
}

static void
put_list(struct dis *d, const struct field *f, const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		put_field(d, f, p + i, 1);
}

/* The element at p, all of which is captured. */
static void
put_element(struct dis *d, const uint8_t *p)
{
	/* Elements of which one value at a fixed place matters. */
	static const struct {
		uint8_t id, at, size, field;
	} simple[] = {
		{ WLAN_EL_DS, 0, 1, CHANNEL }, { WLAN_EL_TIM, 0, 1, DTIM_COUNT }, { WLAN_EL_TIM, 1, 1, DTIM_PERIOD },
		{ WLAN_EL_COUNTRY, 0, 2, COUNTRY }, { WLAN_EL_BSS_LOAD, 0, 2, STATIONS }, { WLAN_EL_BSS_LOAD, 2, 1, LOAD },
		{ WLAN_EL_POWER_CONSTRAINT, 0, 1, CONSTRAINT }, { WLAN_EL_ERP, 0, 1, ERP }, { WLAN_EL_HT, 0, 2, HT_CAP },
		{ WLAN_EL_MOBILITY, 0, 2, MDID }, { WLAN_EL_HT_OPERATION, 0, 1, HT_CHANNEL }, { WLAN_EL_VHT, 0, 4, VHT_CAP },
		{ WLAN_EL_VHT_OPERATION, 0, 1, VHT_WIDTH }, { WLAN_EL_VENDOR, 0, 3, OUI }, { WLAN_EL_VENDOR, 3, 1, OUI_TYPE },
	};
	unsigned id = p[0], n = p[1];

	put_field(d, &F[TAG], p, 1);
	put_field(d, &F[TAG_LEN], p + 1, 1);
	p += 2;
	for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
		if (simple[i].id == id && simple[i].at + simple[i].size <= (int)n)
			put_field(d, &F[simple[i].field], p + simple[i].at, simple[i].size);
	switch (id) {
	case WLAN_EL_SSID:
		put_field(d, &F[SSID], p, n);
		break;
	case WLAN_EL_MESH_ID:
		put_field(d, &F[MESH_ID], p, n);
		break;
	case WLAN_EL_CHALLENGE:
		put_field(d, &F[CHALLENGE], p, n);
		break;
	case WLAN_EL_RATES:
		put_list(d, &F[RATES], p, n);
		break;
	case WLAN_EL_RATES_MORE:
		put_list(d, &F[MORE_RATES], p, n);
		break;
	case WLAN_EL_RSN:
		put_rsn(d, p, n);
		break;
	}
}

static void
put_capabilities(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[CAPABILITIES], p, 2);
	put_field(d, &F[CAP_ESS], p, 1);
	put_field(d, &F[CAP_IBSS], p, 1);
	put_field(d, &F[CAP_PRIVACY], p, 1);
}

/* What stands before the elements, and how long it is; the elements of other frames are not walked. */
static bool
put_fixed(struct dis *d, unsigned subtype, const uint8_t *p, uint32_t *n)
{
	switch (subtype) {
	case WLAN_PROBE_REQUEST:
		*n = 0;
		return true;
	case WLAN_PROBE_RESPONSE:
	case WLAN_BEACON:
		put_field(d, &F[TSF], p, 8);
		put_field(d, &F[INTERVAL], p + 8, 2);
		put_capabilities(d, p + 10);
		*n = 12;
		return true;
	case WLAN_ASSOC_REQUEST:
		put_capabilities(d, p);
		put_field(d, &F[LISTEN], p + 2, 2);
		*n = 4;
		return true;
	case WLAN_REASSOC_REQUEST:
		put_capabilities(d, p);
		put_field(d, &F[LISTEN], p + 2, 2);
		put_field(d, &F[CURRENT_AP], p + 4, 6);
		*n = 10;
		return true;
	case WLAN_ASSOC_RESPONSE:
	case WLAN_REASSOC_RESPONSE:
		put_capabilities(d, p);
		put_field(d, &F[STATUS], p + 2, 2);
		put_field(d, &F[ASSOC_ID], p + 4, 2);
		*n = 6;
		return true;
	case WLAN_AUTH:
		put_field(d, &F[AUTH_ALG], p, 2);
		put_field(d, &F[AUTH_SEQ], p + 2, 2);
		put_field(d, &F[STATUS], p + 4, 2);
		*n = 6;
		return true;
	case WLAN_DISASSOC:
	case WLAN_DEAUTH:
		put_field(d, &F[REASON], p, 2);
		return false;
	case WLAN_ACTION:
		put_field(d, &F[CATEGORY], p, 1);
		put_field(d, &F[ACTION_CODE], p + 1, 1);
		return false;
	default:
		return false;
	}
}

void
wlan_note_management(struct dis *d, unsigned subtype, const uint8_t *p)
{
	uint32_t n;

	if (!put_fixed(d, subtype, p, &n))
		return;
	for (p += n; have(d, p, 2) && have(d, p, 2u + p[1]); p += 2 + p[1])
		put_element(d, p);
}
