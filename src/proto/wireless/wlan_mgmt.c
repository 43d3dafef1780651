/* IEEE 802.11 management frames: their fixed parameters and elements (802.11-2016 sections 9.3.3 and 9.4). */
#include "proto/wireless/wlan.h"

enum { SSID_MAX = 32, RATES_MAX = 16, CHALLENGE_MAX = 253, TIM_MAX = 254 };

/* What the text shows of a frame's elements: the first of each. NULL: there is none. Each points at its length. */
struct elements {
	const uint8_t *ssid, *rates, *channel;
};

static void
keep_first(const uint8_t **kept, const uint8_t *p)
{
	if (*kept == NULL)
		*kept = p;
}

/* Walks the elements; false where one is cut short or too long for its kind. *e tells what was found before. */
static bool
walk_elements(struct dis *d, struct elements *e, const uint8_t *p, uint32_t len)
{
	uint32_t n;

	*e = (struct elements) { NULL, NULL, NULL };
	for (; len; p += 2 + n, len -= 2 + n) {
		if (!have(d, p, 2) || len < 2)
			return false;
		n = p[1];
		if (!have(d, p, 2 + n) || len < 2 + n)
			return false;
		switch (p[0]) {
		case WLAN_EL_SSID:
			if (n > SSID_MAX)
				return false;
			keep_first(&e->ssid, p + 1);
			break;
		case WLAN_EL_RATES:
			if (n > RATES_MAX)
				return false;
			/* Some devices send an empty one first. */
			if (n)
				keep_first(&e->rates, p + 1);
			break;
		case WLAN_EL_CHALLENGE:
			if (n > CHALLENGE_MAX)
				return false;
			break;
		case WLAN_EL_TIM:
			if (n > TIM_MAX)
				return false;
			break;
		case WLAN_EL_DS:
			if (n == 1)
				keep_first(&e->channel, p + 1);
			break;
		}
	}
	return true;
}

static void
text_ssid(struct dis *d, const struct elements *e)
{
	if (e->ssid == NULL)
		return;
	text(d, " ("), text_str_pad(d, e->ssid + 1, e->ssid[0]), text(d, ")");
}

static void
text_rates(struct dis *d, const struct elements *e)
{
	if (e->rates == NULL)
		return;
	for (unsigned i = 1; i <= e->rates[0]; i++) {
		unsigned r = e->rates[i];

		text(d, i == 1 ? " [" : " ");
		text_u(d, (r & 0x7f) / 2), text(d, r & 1 ? ".5" : ".0");
		if (r & 0x80)
			text(d, "*");
	}
	text(d, " Mbit]");
}

static void
text_channel(struct dis *d, const struct elements *e, unsigned capabilities)
{
	if (e->channel)
		text(d, " CH: "), text_u(d, e->channel[1]);
	if (capabilities & WLAN_PRIVACY)
		text(d, ", PRIVACY");
}

/* Are n bytes of fixed parameters there, by what was captured and by what was sent? */
static bool
fixed(const struct dis *d, const uint8_t *p, uint32_t len, uint32_t n)
{
	return have(d, p, n) && len >= n;
}

/* Beacons, and probe responses, which do not tell of which kind the network is. */
static bool
beacon(struct dis *d, bool kind, const uint8_t *p, uint32_t len)
{
	struct elements e;
	bool good;

	if (!fixed(d, p, len, 12))
		return false;
	good = walk_elements(d, &e, p + 12, len - 12);
	text_ssid(d, &e);
	text_rates(d, &e);
	if (kind)
		text(d, p[10] & WLAN_ESS ? " ESS" : " IBSS");
	text_channel(d, &e, p[10]);
	return good;
}

static bool
probe_request(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct elements e;
	bool good = walk_elements(d, &e, p, len);

	text_ssid(d, &e);
	text_rates(d, &e);
	return good;
}

/* Association requests; those that change the access point name the old one. */
static bool
associate(struct dis *d, bool again, const uint8_t *p, uint32_t len)
{
	uint32_t n = again ? 10 : 4;
	struct elements e;
	bool good;

	if (!fixed(d, p, len, n))
		return false;
	good = walk_elements(d, &e, p + n, len - n);
	text_ssid(d, &e);
	if (again)
		text(d, " AP : "), text_mac(d, p + 4);
	else
		text_rates(d, &e);
	return good;
}

static bool
associated(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct elements e;
	bool good;

	if (!fixed(d, p, len, 6))
		return false;
	good = walk_elements(d, &e, p + 6, len - 6);
	/* Two bits of the identifier are always set, and not part of it. */
	text(d, " AID("), text_x(d, le16(d, p + 4) & 0x3fff, 0), text(d, ") :");
	text(d, p[0] & WLAN_PRIVACY ? " PRIVACY " : "");
	text(d, ": "), text(d, wlan_status_name(le16(d, p + 2)));
	return good;
}

static bool
authenticate(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const struct name algorithms[] = {
		{ 0, "Open System" }, { 1, "Shared Key" }, { 2, "EAP" }, { 0, NULL }
	};
	unsigned algorithm, step;
	struct elements e;
	bool good;

	if (!fixed(d, p, len, 6))
		return false;
	algorithm = le16(d, p);
	step = le16(d, p + 2);
	good = walk_elements(d, &e, p + 6, len - 6);
	text(d, " ("), text_name(d, algorithms, algorithm, "Reserved");
	text(d, ")-"), text_x(d, step, 0);
	text(d, algorithm == 1 && (step == 2 || step == 3) ? " [Challenge Text] " : ": ");
	if (step & 1)
		text(d, wlan_status_name(le16(d, p + 4)));
	return good;
}

/* The sender, which -e has said already. */
static void
text_sender(struct dis *d, const uint8_t *src)
{
	if (!d->e)
		text(d, " ("), text_mac(d, src), text(d, ")");
	text(d, ": ");
}

/* Disassociation, and deauthentication with its sender. */
static bool
part(struct dis *d, const uint8_t *src, const uint8_t *p, uint32_t len)
{
	if (!fixed(d, p, len, 2))
		return false;
	if (src)
		text_sender(d, src);
	else
		text(d, ": ");
	text(d, wlan_reason_name(le16(d, p)));
	return true;
}

/* What can be done, by category (802.11-2016 table 9-47); the names of an empty table are numbers. */
static const struct name unnamed[] = { { 0, NULL } };

static const struct name block_ack[] = {
	{ 0, "ADDBA Request" }, { 1, "ADDBA Response" }, { 2, "DELBA" }, { 0, NULL }
};

static const struct name ht[] = { { 0, "TxChWidth" }, { 1, "MIMOPwrSave" }, { 0, NULL } };

static const struct name mesh[] = {
	{ 0, "MeshLink" }, { 1, "HWMP" }, { 2, "Gate Announcement" }, { 3, "Congestion Control" },
	{ 4, "MCCA Setup Request" }, { 5, "MCCA Setup Reply" }, { 6, "MCCA Advertisement Request" },
	{ 7, "MCCA Advertisement" }, { 8, "MCCA Teardown" }, { 9, "TBTT Adjustment Request" },
	{ 10, "TBTT Adjustment Response" }, { 0, NULL }
};

static const struct name multihop[] = {
	{ 0, "Proxy Update" }, { 1, "Proxy Update Confirmation" }, { 0, NULL }
};

static const struct name self_protected[] = {
	{ 1, "Peering Open" }, { 2, "Peering Confirm" }, { 3, "Peering Close" }, { 4, "Group Key Inform" },
	{ 5, "Group Key Acknowledge" }, { 0, NULL }
};

static const struct category {
	uint8_t code;
	const char *name;
	const struct name *actions;
} categories[] = {
	{ 0, "Spectrum Management ", unnamed }, { 1, "QoS ", unnamed }, { 2, "DLS ", unnamed },
	{ 3, "BA ", block_ack }, { 7, "HT ", ht }, { 13, "MeshAction ", mesh }, { 14, "MultiohopAction ", multihop },
	{ 15, "SelfprotectAction ", self_protected }, { 127, "Vendor ", unnamed },
};

static bool
action(struct dis *d, const uint8_t *src, const uint8_t *p, uint32_t len)
{
	const struct name *names = NULL;

	if (!fixed(d, p, len, 2))
		return false;
	text_sender(d, src);
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++)
		if (categories[i].code == p[0]) {
			text(d, categories[i].name);
			names = categories[i].actions;
			break;
		}
	if (names == NULL)
		text(d, "Reserved("), text_u(d, p[0]), text(d, ") "), names = unnamed;
	text_name(d, names, p[1], "Act#%u");
	return true;
}

bool
wlan_management(struct dis *d, unsigned subtype, const uint8_t *src, const uint8_t *p, uint32_t len)
{
	switch (subtype) {
	case WLAN_ASSOC_REQUEST:
		return associate(d, false, p, len);
	case WLAN_REASSOC_REQUEST:
		return associate(d, true, p, len);
	case WLAN_ASSOC_RESPONSE:
	case WLAN_REASSOC_RESPONSE:
		return associated(d, p, len);
	case WLAN_PROBE_REQUEST:
		return probe_request(d, p, len);
	case WLAN_PROBE_RESPONSE:
		return beacon(d, false, p, len);
	case WLAN_BEACON:
		return beacon(d, true, p, len);
	case WLAN_DISASSOC:
		return part(d, NULL, p, len);
	case WLAN_AUTH:
		return authenticate(d, p, len);
	case WLAN_DEAUTH:
		return part(d, src, p, len);
	case WLAN_ACTION:
		return action(d, src, p, len);
	default:	/* ATIM has no body; others are not known */
		return true;
	}
}
