/* IEEE 802.11: the MAC header, control frames, and the way to what data frames carry (802.11-2016 clause 9). */
#include "proto/wireless/wlan.h"

static const struct name management_names[] = {
	{ 0, "Assoc Request" }, { 1, "Assoc Response" }, { 2, "ReAssoc Request" }, { 3, "ReAssoc Response" },
	{ 4, "Probe Request" }, { 5, "Probe Response" }, { 8, "Beacon" }, { 9, "ATIM" }, { 10, "Disassociation" },
	{ 11, "Authentication" }, { 12, "DeAuthentication" }, { 13, "Action" },
	{ 0, NULL }
};

/*
 * Control frames: how they are called, and what of their two addresses is said in the header (-e) and in the body
 * (without -e).
 */
static const struct control {
	const char *name, *head1, *head2, *body1, *body2;
	uint32_t header;
} controls[16] = {
	[WLAN_WRAPPER] = { "Control Wrapper", NULL, NULL, NULL, NULL, 16 },
	[WLAN_BAR] = { "BAR", " RA:", " TA:", " RA:", " TA:", 20 },
	[WLAN_BA] = { "BA", "RA:", NULL, " RA:", NULL, 16 },
	[WLAN_PS_POLL] = { "Power Save-Poll", "BSSID:", " TA:", NULL, NULL, 16 },
	[WLAN_RTS] = { "Request-To-Send", "RA:", " TA:", NULL, " TA:", 16 },
	[WLAN_CTS] = { "Clear-To-Send", "RA:", NULL, " RA:", NULL, 10 },
	[WLAN_ACK] = { "Acknowledgment", "RA:", NULL, " RA:", NULL, 10 },
	[WLAN_CF_END] = { "CF-End", "RA:", " BSSID:", " RA:", NULL, 16 },
	[WLAN_CF_END_ACK] = { "CF-End+CF-Ack", "RA:", " BSSID:", " RA:", NULL, 16 },
};

/* By the two DS bits: none, to, from, both. */
static const struct wlan_path paths[4] = {
	{ WLAN_ADDR1, WLAN_ADDR2, WLAN_ADDR3, { "DA:", "SA:", "BSSID:", NULL } },
	{ WLAN_ADDR3, WLAN_ADDR2, WLAN_ADDR1, { "BSSID:", "SA:", "DA:", NULL } },
	{ WLAN_ADDR1, WLAN_ADDR3, WLAN_ADDR2, { "DA:", "BSSID:", "SA:", NULL } },
	{ WLAN_ADDR3, WLAN_ADDR4, 0, { "RA:", "TA:", "DA:", "SA:" } },
};

extern const struct proto proto_wlan;

const struct wlan_path *
wlan_path(unsigned fc)
{
	return &paths[wlan_type(fc) == WLAN_DATA ? fc >> 8 & 3 : 0];
}

/* The length of the header; 0 for a frame of a kind nobody knows, which has been said. */
static uint32_t
header_length(struct dis *d, unsigned fc)
{
	switch (wlan_type(fc)) {
	case WLAN_MANAGEMENT:
		return WLAN_HEADER;
	case WLAN_CONTROL:
		if (controls[wlan_subtype(fc)].name)
			return controls[wlan_subtype(fc)].header;
		text(d, "unknown 802.11 ctrl frame subtype ("), text_u(d, wlan_subtype(fc)), text(d, ")");
		return 0;
	case WLAN_DATA:
		return ((fc & WLAN_TO_DS) && (fc & WLAN_FROM_DS) ? WLAN_HEADER_4 : WLAN_HEADER) +
			(wlan_subtype(fc) & WLAN_QOS ? 2 : 0);
	default:
		text(d, "unknown 802.11 frame type ("), text_u(d, wlan_type(fc)), text(d, ")");
		return 0;
	}
}

static void
text_labelled(struct dis *d, const char *label, const uint8_t *p)
{
	if (label)
		text(d, label), text_mac(d, p);
}

/* What a block acknowledgement is asked for. */
static void
text_bar(struct dis *d, const uint8_t *p)
{
	text(d, " CTL("), text_x(d, le16(d, p + WLAN_ADDR3), 0);
	text(d, ") SEQ("), text_u(d, le16(d, p + WLAN_ADDR3 + 2)), text(d, ")");
}

/* The draft's mesh header, whose address extension holds up to three more addresses. */
static void
text_mesh(struct dis *d, const uint8_t *p)
{
	static const char *const labels[] = { " A4:", " A5:", " A6:" };
	unsigned n = u8(d, p) & 3;

	wlan_note_mesh(d, p);
	text(d, "MeshData (AE "), text_u(d, n);
	text(d, " TTL "), text_u(d, u8(d, p + 1));
	text(d, " seq "), text_u(d, le32(d, p + 2));
	for (unsigned i = 0; i < n; i++)
		text_labelled(d, labels[i], p + 6 + 6 * i);
	text(d, ") ");
}

static void
text_data_header(struct dis *d, unsigned fc, const uint8_t *p)
{
	static const uint8_t where[] = { WLAN_ADDR1, WLAN_ADDR2, WLAN_ADDR3, WLAN_ADDR4 };
	static const char *const polls[] = { "", "Ack", "Poll", "Ack/Poll" };
	const struct wlan_path *path = wlan_path(fc);
	unsigned subtype = wlan_subtype(fc);

	if (subtype & (WLAN_CF_ACK | WLAN_CF_POLL | WLAN_QOS)) {
		text(d, "CF "), text(d, polls[subtype & (WLAN_CF_ACK | WLAN_CF_POLL)]);
		text(d, subtype & WLAN_QOS ? "+QoS " : " ");
	}
	for (unsigned i = 0; i < 4 && path->names[i]; i++)
		text_labelled(d, path->names[i], p + where[i]), text(d, " ");
}

static void
text_header(struct dis *d, unsigned fc, const uint8_t *p, const uint8_t *mesh)
{
	static const struct name flags[] = {
		{ WLAN_MORE_DATA, "More Data " }, { WLAN_MORE_FRAG, "More Fragments " },
		{ WLAN_POWER, "Pwr Mgmt " }, { WLAN_RETRY, "Retry " }, { WLAN_ORDER, "Strictly Ordered " },
		{ WLAN_PROTECTED, "Protected " }, { 0, NULL }
	};
	const struct control *c = &controls[wlan_subtype(fc)];

	if (d->v) {
		for (const struct name *f = flags; f->name; f++)
			if (fc & f->value)
				text(d, f->name);
		if (wlan_type(fc) != WLAN_CONTROL || wlan_subtype(fc) != WLAN_PS_POLL)
			text_u(d, le16(d, p + WLAN_DURATION)), text(d, "us ");
	}
	if (mesh)
		text_mesh(d, mesh);
	switch (wlan_type(fc)) {
	case WLAN_MANAGEMENT:
		text_labelled(d, "BSSID:", p + WLAN_ADDR3);
		text_labelled(d, " DA:", p + WLAN_ADDR1);
		text_labelled(d, " SA:", p + WLAN_ADDR2);
		text(d, " ");
		break;
	case WLAN_CONTROL:
		text_labelled(d, c->head1, p + WLAN_ADDR1);
		text_labelled(d, c->head2, p + WLAN_ADDR2);
		if (wlan_subtype(fc) == WLAN_BAR)
			text_bar(d, p);
		if (c->head1)
			text(d, " ");
		break;
	case WLAN_DATA:
		text_data_header(d, fc, p);
		break;
	}
}

/* The start of an encrypted body, as WEP has it. */
static bool
walk_encrypted(struct dis *d, const uint8_t *p)
{
	uint32_t iv;

	if (!have(d, p, 4))
		return false;
	wlan_note_encrypted(d, p);
	iv = le32(d, p);
	text_fmt(d, " IV:%3x", iv & 0xffffff);
	text(d, " Pad "), text_x(d, iv >> 24 & 0x3f, 0);
	text(d, " KeyID "), text_x(d, iv >> 30, 0);
	return true;
}

static void
text_control(struct dis *d, unsigned fc, const uint8_t *p)
{
	const struct control *c = &controls[wlan_subtype(fc)];

	text(d, c->name);
	if (wlan_subtype(fc) == WLAN_PS_POLL)
		text(d, " AID("), text_x(d, le16(d, p + WLAN_DURATION), 0), text(d, ")");
	if (d->e)
		return;
	text_labelled(d, c->body1, p + WLAN_ADDR1);
	text_labelled(d, c->body2, p + WLAN_ADDR2);
	if (wlan_subtype(fc) == WLAN_BAR)
		text_bar(d, p);
	if (c->body1 || c->body2)
		text(d, " ");
}

/* The payload of a data frame, and how much of it is link header, too. */
static uint32_t
walk_payload(struct dis *d, unsigned fc, const uint8_t *frame, const uint8_t *p, uint32_t len)
{
	d->mac_dst = frame + wlan_path(fc)->da;
	d->mac_src = frame + wlan_path(fc)->sa;
	d->inner_link = 0;
	d->refused = false;
	if (!next(d, D_INTERNAL, IN_LLC, p, len))
		d->refused = true;
	if (d->refused)
		text_default(d, p, left(d, p));
	d->refused = false;
	return d->inner_link;
}

/* What follows the header; false when it is cut short. *header grows by link headers inside. */
static bool
walk_body(struct dis *d, unsigned fc, const uint8_t *frame, const uint8_t *p, uint32_t len, uint32_t *header)
{
	switch (wlan_type(fc)) {
	case WLAN_MANAGEMENT:
		text_name(d, management_names, wlan_subtype(fc), "Unhandled Management subtype(%x)");
		if (fc & WLAN_PROTECTED)
			return walk_encrypted(d, p);
		if (d->sink)
			wlan_note_management(d, wlan_subtype(fc), p);
		return wlan_management(d, wlan_subtype(fc), frame + WLAN_ADDR2, p, len);
	case WLAN_CONTROL:
		text_control(d, fc, frame);
		return true;
	default:
		if (wlan_subtype(fc) & WLAN_NO_DATA)
			return true;
		if (fc & WLAN_PROTECTED) {
			text(d, "Data");
			return walk_encrypted(d, p);
		}
		*header += walk_payload(d, fc, frame, p, len);
		return true;
	}
}

static uint32_t
walk_frame(struct dis *d, const uint8_t *p, uint32_t len, bool pad)
{
	const uint8_t *mesh = NULL;
	uint32_t header;
	unsigned fc = le16(d, p);

	header = header_length(d, fc);
	if (header == 0)
		return 0;
	if (d->sink)
		wlan_note_header(d, fc, p);
	if (pad)
		header = (header + 3) & ~3u;
	if (d->style->H && wlan_type(fc) == WLAN_DATA && (wlan_subtype(fc) & WLAN_QOS)) {
		if (!have(d, p + header, 1)) {
			text_trunc(d);
			return header;
		}
		if (p[header] < 4) {
			mesh = p + header;
			header += 6 * (1 + *mesh);
		}
	}
	if (!have(d, p, header)) {
		text_trunc(d);
		return header;
	}
	if (d->e)
		text_header(d, fc, p, mesh);
	if (!walk_body(d, fc, p, p + header, len - header, &header))
		text_trunc(d);
	return header;
}

uint32_t
wlan_walk(struct dis *d, const uint8_t *p, uint32_t len, bool pad, uint32_t fcs)
{
	const uint8_t *bound = d->end;
	uint32_t captured = left(d, p), header;

	enter(d, &proto_wlan);
	if (len < fcs) {
		text_trunc(d);
		return captured;
	}
	len -= fcs;
	if (fcs && len < captured)
		wlan_note_fcs(d, p + len);
	narrow(d, p, len);
	if (have(d, p, 2)) {
		header = walk_frame(d, p, len, pad);
	} else {
		text_trunc(d);
		header = captured;
	}
	widen(d, bound);
	return header;
}

static void
wlan(struct dis *d, const uint8_t *p, uint32_t len)
{
	link_header(d, wlan_walk(d, p, len, false, 0));
}

const struct proto proto_wlan = PROTO("wlan", "802.11", "IEEE 802.11 Wireless LAN", wlan, wlan_fields);
