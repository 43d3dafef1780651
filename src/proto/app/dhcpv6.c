/* DHCP for IPv6, RFC 8415; options of that and the RFCs named beside them. */
#include "dissect/dissect.h"

extern const struct proto proto_dhcpv6;

enum {
	MSG_RENEW = 5, MSG_INFORM = 11, MSG_RELAY_FORWARD = 12, MSG_RELAY_REPLY = 13,
	RELAY_HEADER = 34,
	OPTION_HEADER = 4,
	NEST_MAX = 512,		/* options inside options, and relayed messages: deeper is left alone */
	HEX_SHOWN = 10,		/* bytes shown of identifiers that can be long */
};

static const struct name messages[] = {
	{ 1, "solicit" }, { 2, "advertise" }, { 3, "request" }, { 4, "confirm" }, { 5, "renew" }, { 6, "rebind" },
	{ 7, "reply" }, { 8, "release" }, { 9, "decline" }, { 10, "reconfigure" }, { 11, "inf-req" },
	{ 12, "relay-fwd" }, { 13, "relay-reply" }, { 14, "leasequery" }, { 15, "leasequery-reply" }, { 0, NULL }
};

static const struct name statuses[] = {
	{ 0, "Success" }, { 1, "UnspecFail" }, { 2, "NoAddrsAvail" }, { 3, "NoBinding" }, { 4, "NotOnLink" },
	{ 5, "UseMulticast" }, { 6, "NoPrefixAvail" }, { 7, "UnknownQueryType" }, { 8, "MalformedQuery" },
	{ 9, "NotConfigured" }, { 10, "NotAllowed" }, { 0, NULL }
};

static const struct name option_names[] = {
	{ 1, "client-ID" }, { 2, "server-ID" }, { 3, "IA_NA" }, { 4, "IA_TA" }, { 5, "IA_ADDR" }, { 6, "option-request" },
	{ 7, "preference" }, { 8, "elapsed-time" }, { 9, "relay-message" }, { 11, "authentication" },
	{ 12, "server-unicast" }, { 13, "status-code" }, { 14, "rapid-commit" }, { 15, "user-class" },
	{ 16, "vendor-class" }, { 17, "vendor-specific-info" }, { 18, "interface-ID" }, { 19, "reconfigure-message" },
	{ 20, "reconfigure-accept" }, { 21, "SIP-servers-domain" }, { 22, "SIP-servers-address" }, { 23, "DNS-server" },
	{ 24, "DNS-search-list" }, { 25, "IA_PD" }, { 26, "IA_PD-prefix" }, { 27, "NIS-server" }, { 28, "NIS+-server" },
	{ 29, "NIS-domain-name" }, { 30, "NIS+-domain-name" }, { 31, "SNTP-servers" }, { 32, "lifetime" },
	{ 33, "BCMCS-domain-name" }, { 34, "BCMCS-server" }, { 36, "Geoconf-Civic" }, { 37, "Remote-ID" },
	{ 38, "Subscriber-ID" }, { 39, "Client-FQDN" }, { 40, "PANA-agent" }, { 41, "POSIX-timezone" },
	{ 42, "POSIX-tz-database" }, { 43, "Echo-request-option" }, { 44, "Lease-query" }, { 45, "LQ-client-data" },
	{ 46, "Clt-time" }, { 47, "LQ-relay-data" }, { 48, "LQ-client-link" }, { 56, "NTP-server" }, { 59, "Bootfile-URL" },
	{ 64, "AFTR-Name" }, { 112, "MUD-URL" }, { 136, "SZTP-redirect" }, { 0, NULL }
};

enum {
	MSG, XID, HOPS, LINK_ADDR, PEER_ADDR, O_TYPE, O_LEN, O_VALUE, DUID, DUID_TYPE, LLT_TIME, LLT_ADDR, EN_NUMBER, EN_ID,
	LL_ADDR, UUID, IAID, IA_T1, IA_T2, A_IP, A_PREFERRED, A_VALID, P_ADDR, P_LEN, P_PREFERRED, P_VALID, REQUESTED,
	PREFERENCE, ELAPSED, AUTH_PROTO, AUTH_ALG, AUTH_RDM, AUTH_REPLAY, AUTH_INFO, UNICAST, STATUS, STATUS_TEXT, USER,
	VENDOR, VENDOR_DATA, VENDOR_OPTS, INTERFACE, RECONF, SIP_NAME, SIP_ADDR, DNS_ADDR, DNS_NAME, SNTP, LIFETIME,
	REMOTE_NUMBER, REMOTE_ID, SUBSCRIBER, FQDN_FLAGS, FQDN, NTP_ADDR, NTP_NAME, BOOT_URL, AFTR, MUD,
};
static const struct field F[] = {
	[MSG] = { "dhcpv6.msgtype", U8, .names = messages, .help = "Message type" },
	[XID] = { "dhcpv6.xid", U24, .help = "Transaction ID" },
	[HOPS] = { "dhcpv6.hopcount", U8, .help = "Relay agents passed" },
	[LINK_ADDR] = { "dhcpv6.linkaddr", IP6, .help = "Client's link" },
	[PEER_ADDR] = { "dhcpv6.peeraddr", IP6, .help = "Client or relay agent" },
	[O_TYPE] = { "dhcpv6.option.type", U16, .names = option_names, .help = "Option" },
	[O_LEN] = { "dhcpv6.option.length", U16, .help = "Length of an option" },
	[O_VALUE] = { "dhcpv6.option.value", BYTES, .help = "Content of an option without fields of its own" },
	[DUID] = { "dhcpv6.duid.bytes", BYTES, .help = "Identifier of client or server" },
	[DUID_TYPE] = { "dhcpv6.duid.type", U16, .help = "Kind of identifier" },
	[LLT_TIME] = { "dhcpv6.duidllt.time", U32, .help = "When the identifier was made, from 2000 on" },
	[LLT_ADDR] = { "dhcpv6.duidllt.link_layer_addr", BYTES, .help = "Link address in the identifier" },
	[EN_NUMBER] = { "dhcpv6.duiden.enterprise", U32, .help = "Vendor of the identifier" },
	[EN_ID] = { "dhcpv6.duiden.identifier", BYTES, .help = "Vendor's identifier" },
	[LL_ADDR] = { "dhcpv6.duidll.link_layer_addr", BYTES, .help = "Link address that is the identifier" },
	[UUID] = { "dhcpv6.duiduuid.bytes", BYTES, .help = "UUID that is the identifier" },
	[IAID] = { "dhcpv6.iaid", U32, .help = "Identity association" },
	[IA_T1] = { "dhcpv6.iaid.t1", U32, .help = "Seconds until renewal" },
	[IA_T2] = { "dhcpv6.iaid.t2", U32, .help = "Seconds until rebinding" },
	[A_IP] = { "dhcpv6.iaaddr.ip", IP6, .help = "Address" },
	[A_PREFERRED] = { "dhcpv6.iaaddr.pref_lifetime", U32, .help = "Preferred lifetime of an address" },
	[A_VALID] = { "dhcpv6.iaaddr.valid_lifetime", U32, .help = "Valid lifetime of an address" },
	[P_ADDR] = { "dhcpv6.iaprefix.pref_addr", IP6, .help = "Delegated prefix" },
	[P_LEN] = { "dhcpv6.iaprefix.pref_len", U8, .help = "Length of a delegated prefix" },
	[P_PREFERRED] = { "dhcpv6.iaprefix.pref_lifetime", U32, .help = "Preferred lifetime of a prefix" },
	[P_VALID] = { "dhcpv6.iaprefix.valid_lifetime", U32, .help = "Valid lifetime of a prefix" },
	[REQUESTED] = { "dhcpv6.requested_option_code", U16, .names = option_names, .help = "Option asked for" },
	[PREFERENCE] = { "dhcpv6.option_preference", U8, .help = "Preference of a server" },
	[ELAPSED] = { "dhcpv6.elapsed_time", U16, .help = "Hundredths of a second since the client began" },
	[AUTH_PROTO] = { "dhcpv6.auth.protocol", U8, .help = "Authentication protocol" },
	[AUTH_ALG] = { "dhcpv6.auth.algorithm", U8, .help = "Authentication algorithm" },
	[AUTH_RDM] = { "dhcpv6.auth.rdm", U8, .help = "Replay detection method" },
	[AUTH_REPLAY] = { "dhcpv6.auth.replay_detection", BYTES, .help = "Replay detection" },
	[AUTH_INFO] = { "dhcpv6.auth.info", BYTES, .help = "Authentication information" },
	[UNICAST] = { "dhcpv6.unicast", IP6, .help = "Address to send to" },
	[STATUS] = { "dhcpv6.status_code", U16, .names = statuses, .help = "Status" },
	[STATUS_TEXT] = { "dhcpv6.status_msg", STR, .help = "Status message" },
	[USER] = { "dhcpv6.userclass.opaque_data", BYTES, .help = "User classes" },
	[VENDOR] = { "dhcpv6.vendorclass.enterprise", U32, .help = "Vendor of the client" },
	[VENDOR_DATA] = { "dhcpv6.vendorclass.data", BYTES, .help = "Vendor classes" },
	[VENDOR_OPTS] = { "dhcpv6.vendoropts.enterprise", U32, .help = "Vendor of options" },
	[INTERFACE] = { "dhcpv6.interface_id", BYTES, .help = "Interface of a relay agent" },
	[RECONF] = { "dhcpv6.reconf_msg", U8, .names = messages, .help = "Message the client is to send" },
	[SIP_NAME] = { "dhcpv6.sip_server_domain_search_fqdn", STR, .help = "SIP server" },
	[SIP_ADDR] = { "dhcpv6.sip_server_a", IP6, .help = "SIP server's address" },
	[DNS_ADDR] = { "dhcpv6.dns_server", IP6, .help = "Name server" },
	[DNS_NAME] = { "dhcpv6.search_list_entry", STR, .help = "Domain that names are looked up in" },
	[SNTP] = { "dhcpv6.sntp_server", IP6, .help = "SNTP server" },
	[LIFETIME] = { "dhcpv6.lifetime", U32, .help = "Seconds until information is asked for again" },
	[REMOTE_NUMBER] = { "dhcpv6.remoteid.enterprise", U32, .help = "Vendor of a relay agent" },
	[REMOTE_ID] = { "dhcpv6.remoteid", BYTES, .help = "Remote host, as a relay agent knows it" },
	[SUBSCRIBER] = { "dhcpv6.subscriber_id", BYTES, .help = "Subscriber" },
	[FQDN_FLAGS] = { "dhcpv6.client_fqdn_flags", U8, .help = "Flags of the client's full name" },
	[FQDN] = { "dhcpv6.client_domain", STR, .help = "The client's full name" },
	[NTP_ADDR] = { "dhcpv6.ntpserver.addr", IP6, .help = "NTP server's address" },
	[NTP_NAME] = { "dhcpv6.ntpserver.fqdn", STR, .help = "NTP server" },
	[BOOT_URL] = { "dhcpv6.bootfile_url", STR, .help = "Boot file" },
	[AFTR] = { "dhcpv6.aftr_name", STR, .help = "Tunnel endpoint for IPv4" },
	[MUD] = { "dhcpv6.mudurl", STR, .help = "Where a device's usage is described" },
};

enum {
	OPT_CLIENT_ID = 1, OPT_SERVER_ID = 2, OPT_IA_NA = 3, OPT_IA_TA = 4, OPT_IA_ADDR = 5, OPT_REQUEST = 6,
	OPT_PREFERENCE = 7, OPT_ELAPSED = 8, OPT_RELAYED = 9, OPT_AUTH = 11, OPT_UNICAST = 12, OPT_STATUS = 13,
	OPT_USER_CLASS = 15, OPT_VENDOR_CLASS = 16, OPT_VENDOR_OPTS = 17, OPT_INTERFACE_ID = 18, OPT_RECONFIGURE = 19,
	OPT_SIP_NAMES = 21, OPT_SIP_ADDRS = 22, OPT_DNS_ADDRS = 23, OPT_DNS_NAMES = 24, OPT_IA_PD = 25,
	OPT_IA_PREFIX = 26, OPT_NIS_ADDRS = 27, OPT_NISP_ADDRS = 28, OPT_SNTP_ADDRS = 31, OPT_LIFETIME = 32,
	OPT_BCMCS_ADDRS = 34, OPT_REMOTE_ID = 37, OPT_SUBSCRIBER_ID = 38, OPT_CLIENT_FQDN = 39, OPT_PANA_ADDRS = 40,
	OPT_POSIX_TZ = 41, OPT_TZ_NAME = 42, OPT_ECHO_REQUEST = 43, OPT_LEASE_QUERY = 44, OPT_CLIENT_DATA = 45,
	OPT_CLT_TIME = 46, OPT_RELAY_DATA = 47, OPT_CLIENT_LINK = 48, OPT_NTP = 56, OPT_BOOT_URL = 59, OPT_AFTR = 64,
	OPT_MUD = 112, OPT_SZTP = 136,
};

/* Kinds of DHCP identifiers, RFC 8415 section 11 and RFC 6355. */
enum { DUID_LLT = 1, DUID_EN, DUID_LL, DUID_UUID };

enum { NTP_ADDRESS = 1, NTP_MULTICAST = 2, NTP_FQDN = 3 };

/*
 * Options that hold others: how many bytes come before those; -1 when `code` is none. The content must not be
 * shorter, except for the bound of a query, one short of a whole address behind its type.
 */
static int
nested_at(unsigned code)
{
	switch (code) {
	case OPT_IA_NA:
	case OPT_IA_PD:
		return 12;
	case OPT_IA_TA:
		return 4;
	case OPT_IA_ADDR:
		return 24;
	case OPT_IA_PREFIX:
		return 25;
	case OPT_LEASE_QUERY:
		return 17;
	case OPT_CLIENT_DATA:
		return 0;
	default:
		return -1;
	}
}

/* --- fields ---------------------------------------------------------------------------------------------------- */

/* Uncompressed names of the n bytes at p, one after the other. */
static void
note_names(struct dis *d, const struct field *f, const uint8_t *p, unsigned n)
{
	char name[255];
	unsigned len = 0;

	while (n) {
		unsigned k = *p++;

		n--;
		if (k == 0) {
			put_string(d, f, name, len);
			len = 0;
			continue;
		}
		if (k > n || k > 63 || len + k + 1 > sizeof name)
			return;
		if (len)
			name[len++] = '.';
		memcpy(name + len, p, k);
		len += k;
		p += k;
		n -= k;
	}
	if (len)
		put_string(d, f, name, len);
}

static void
note_duid(struct dis *d, const uint8_t *p, unsigned n)
{
	put_field(d, &F[DUID], p, n);
	if (n < 2)
		return;
	put_field(d, &F[DUID_TYPE], p, 2);
	switch (raw16(p)) {
	case DUID_LLT:
		if (n >= 8) {
			put_field(d, &F[LLT_TIME], p + 4, 4);
			put_field(d, &F[LLT_ADDR], p + 8, n - 8);
		}
		break;
	case DUID_EN:
		if (n >= 6) {
			put_field(d, &F[EN_NUMBER], p + 2, 4);
			put_field(d, &F[EN_ID], p + 6, n - 6);
		}
		break;
	case DUID_LL:
		if (n >= 4)
			put_field(d, &F[LL_ADDR], p + 4, n - 4);
		break;
	case DUID_UUID:
		put_field(d, &F[UUID], p + 2, n - 2);
		break;
	}
}

static void
note_ntp(struct dis *d, const uint8_t *p, unsigned n)
{
	while (n >= 4) {
		unsigned code = raw16(p), k = raw16(p + 2);

		p += 4;
		n -= 4;
		if (k > n)
			return;
		if (code == NTP_FQDN)
			note_names(d, &F[NTP_NAME], p, k);
		else if (k == 16)
			put_field(d, &F[NTP_ADDR], p, k);
		p += k;
		n -= k;
	}
}

/* Options whose content is fields of fixed sizes in a row: the last takes what is left when its size is 0. */
static const struct layout {
	uint8_t code;
	struct {
		uint8_t size, field;
	} part[5];
} layouts[] = {
	{ OPT_IA_NA, { { 4, IAID }, { 4, IA_T1 }, { 4, IA_T2 } } },
	{ OPT_IA_PD, { { 4, IAID }, { 4, IA_T1 }, { 4, IA_T2 } } },
	{ OPT_IA_TA, { { 4, IAID } } },
	{ OPT_IA_ADDR, { { 16, A_IP }, { 4, A_PREFERRED }, { 4, A_VALID } } },
	{ OPT_IA_PREFIX, { { 4, P_PREFERRED }, { 4, P_VALID }, { 1, P_LEN }, { 16, P_ADDR } } },
	{ OPT_PREFERENCE, { { 1, PREFERENCE } } },
	{ OPT_ELAPSED, { { 2, ELAPSED } } },
	{ OPT_AUTH, { { 1, AUTH_PROTO }, { 1, AUTH_ALG }, { 1, AUTH_RDM }, { 8, AUTH_REPLAY }, { 0, AUTH_INFO } } },
	{ OPT_UNICAST, { { 16, UNICAST } } },
	{ OPT_STATUS, { { 2, STATUS }, { 0, STATUS_TEXT } } },
	{ OPT_USER_CLASS, { { 0, USER } } },
	{ OPT_VENDOR_CLASS, { { 4, VENDOR }, { 0, VENDOR_DATA } } },
	{ OPT_VENDOR_OPTS, { { 4, VENDOR_OPTS }, { 0, O_VALUE } } },
	{ OPT_INTERFACE_ID, { { 0, INTERFACE } } },
	{ OPT_RECONFIGURE, { { 1, RECONF } } },
	{ OPT_LIFETIME, { { 4, LIFETIME } } },
	{ OPT_REMOTE_ID, { { 4, REMOTE_NUMBER }, { 0, REMOTE_ID } } },
	{ OPT_SUBSCRIBER_ID, { { 0, SUBSCRIBER } } },
	{ OPT_BOOT_URL, { { 0, BOOT_URL } } },
	{ OPT_MUD, { { 0, MUD } } },
};

static void
note_row(struct dis *d, const struct field *f, const uint8_t *p, unsigned n, unsigned size)
{
	for (; n >= size; p += size, n -= size)
		put_field(d, f, p, size);
}

static void
note_content(struct dis *d, unsigned code, const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		if (layouts[i].code != code)
			continue;
		for (unsigned k = 0; k < 5 && layouts[i].part[k].field; k++) {
			unsigned size = layouts[i].part[k].size ? layouts[i].part[k].size : n;

			if (size > n)
				return;
			put_field(d, &F[layouts[i].part[k].field], p, size);
			p += size;
			n -= size;
		}
		return;
	}
	switch (code) {
	case OPT_CLIENT_ID:
	case OPT_SERVER_ID:
		note_duid(d, p, n);
		break;
	case OPT_REQUEST:
	case OPT_ECHO_REQUEST:
		note_row(d, &F[REQUESTED], p, n, 2);
		break;
	case OPT_SIP_NAMES:
		note_names(d, &F[SIP_NAME], p, n);
		break;
	case OPT_SIP_ADDRS:
		note_row(d, &F[SIP_ADDR], p, n, 16);
		break;
	case OPT_DNS_ADDRS:
		note_row(d, &F[DNS_ADDR], p, n, 16);
		break;
	case OPT_DNS_NAMES:
		note_names(d, &F[DNS_NAME], p, n);
		break;
	case OPT_SNTP_ADDRS:
		note_row(d, &F[SNTP], p, n, 16);
		break;
	case OPT_CLIENT_FQDN:
		if (n == 0)
			break;
		put_field(d, &F[FQDN_FLAGS], p, 1);
		note_names(d, &F[FQDN], p + 1, n - 1);
		break;
	case OPT_NTP:
		note_ntp(d, p, n);
		break;
	case OPT_AFTR:
		note_names(d, &F[AFTR], p, n);
		break;
	default:
		put_field(d, &F[O_VALUE], p, n);
	}
}

static void
note_options(struct dis *d, const uint8_t *p, const uint8_t *end, unsigned depth)
{
	while (depth < NEST_MAX && end - p >= OPTION_HEADER) {
		unsigned code = raw16(p), n = raw16(p + 2);
		int at = nested_at(code);

		put_field(d, &F[O_TYPE], p, 2);
		put_field(d, &F[O_LEN], p + 2, 2);
		p += OPTION_HEADER;
		if (n > end - p)
			return;
		/* A relayed message notes its own fields, in a layer of its own, when its turn comes. */
		if (code != OPT_RELAYED && code != OPT_CLIENT_DATA)
			note_content(d, code, p, n);
		if (at >= 0 && n >= (unsigned)at)
			note_options(d, p + at, p + n, depth + 1);
		p += n;
	}
}

static void
note(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	if (end - p < 4)
		return;
	put_field(d, &F[MSG], p, 1);
	if (*p != MSG_RELAY_FORWARD && *p != MSG_RELAY_REPLY) {
		put_field(d, &F[XID], p + 1, 3);
		note_options(d, p + 4, end, 0);
	} else if (end - p >= RELAY_HEADER) {
		put_field(d, &F[HOPS], p + 1, 1);
		put_field(d, &F[LINK_ADDR], p + 2, 16);
		put_field(d, &F[PEER_ADDR], p + 18, 16);
		note_options(d, p + RELAY_HEADER, end, 0);
	}
}

/* --- text ------------------------------------------------------------------------------------------------------ */

static void say_options(struct dis *d, const uint8_t *p, const uint8_t *end, unsigned depth);
static void say_message(struct dis *d, const uint8_t *p, uint32_t len, unsigned depth);

/* What is too short, or not as long as it must be. */
static void
say_unclear(struct dis *d)
{
	text(d, " ?");
}

static void
say_duid(struct dis *d, const uint8_t *p, unsigned n)
{
	unsigned kind, from;

	if (n < 2) {
		say_unclear(d);
		return;
	}
	kind = raw16(p);
	switch (kind) {
	case DUID_LLT:
		from = 8;
		if (n >= from)
			text_fmt(d, " hwaddr/time type %u time %u ", raw16(p + 2), raw32(p + 4));
		break;
	case DUID_EN:
		from = 6;
		if (n >= from)
			text_fmt(d, " enterprise %u ", raw32(p + 2));
		break;
	case DUID_LL:
		from = 4;
		if (n >= from)
			text_fmt(d, " hwaddr type %u ", raw16(p + 2));
		break;
	case DUID_UUID:
		text(d, " uuid ");
		from = n == 18 ? 2 : n + 1;
		break;
	default:
		text(d, " type "), text_u(d, kind);
		return;
	}
	if (n < from)
		say_unclear(d);
	else
		text_hex(d, p + from, n - from);
}

static void
say_hex_start(struct dis *d, const uint8_t *p, unsigned n)
{
	text_hex(d, p, n < HEX_SHOWN ? n : HEX_SHOWN);
	text(d, "...");
}

static void
say_addrs(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n % 16) {
		say_unclear(d);
		return;
	}
	for (; n; n -= 16, p += 16)
		text_char(d, ' '), text_ip6(d, p);
}

static void
say_codes(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n % 2) {
		say_unclear(d);
		return;
	}
	for (; n; n -= 2, p += 2) {
		text_char(d, ' ');
		text_name(d, option_names, raw16(p), "opt_%u");
	}
}

/* Four words of an authentication code. */
static void
say_words(struct dis *d, const uint8_t *p)
{
	for (unsigned i = 0; i < 16; i += 4)
		text_fmt(d, " %08x", raw32(p + i));
}

/* Authentication, RFC 3315 section 21 (the delayed kind) and RFC 8415 section 20.4 (reconfiguration keys). */
static void
say_auth(struct dis *d, const uint8_t *p, unsigned n)
{
	enum { DELAYED = 2, RECONFIGURE = 3, HMAC_MD5 = 1, COUNTER = 0, FIXED = 11, KEY_AND_CODE = 20 };
	unsigned proto, realm;

	if (n < FIXED) {
		say_unclear(d);
		return;
	}
	proto = p[0];
	text(d, " proto: ");
	if (proto == DELAYED)
		text(d, "delayed");
	else if (proto == RECONFIGURE)
		text(d, "reconfigure");
	else
		text_u(d, proto);
	if (p[1] == HMAC_MD5)
		text(d, ", alg: HMAC-MD5");
	else
		text(d, ", alg: "), text_u(d, p[1]);
	if (p[2] == COUNTER)
		text(d, ", RDM: mono");
	else
		text(d, ", RDM: "), text_u(d, p[2]);
	text(d, ", RD:");
	for (unsigned i = 3; i < FIXED; i += 2)
		text_fmt(d, " %04x", raw16(p + i));
	p += FIXED;
	n -= FIXED;
	if (proto == DELAYED && n == 0)
		return;
	if (proto == DELAYED && n >= KEY_AND_CODE) {
		realm = n - KEY_AND_CODE;
		if (realm) {
			text(d, ", realm: ");
			text_hex(d, p, realm);
		}
		text_fmt(d, ", key ID: %08x, HMAC-MD5:", raw32(p + realm));
		say_words(d, p + realm + 4);
	} else if (proto == RECONFIGURE && n == 17) {
		text(d, *p == 1 ? " reconfig-key" : *p == 2 ? " type: HMAC-MD5" : " type: ??");
		text(d, " value:");
		say_words(d, p + 1);
	} else {
		text(d, " ??");
	}
}

/* Uncompressed names; false when one makes no sense. */
static bool
say_names(struct dis *d, const uint8_t *p, unsigned n)
{
	const uint8_t *end = p + n;

	while (p && p < end) {
		text_char(d, ' ');
		p = text_domain(d, p, end);
	}
	return p != NULL;
}

/* NTP servers, RFC 5908; false when a part goes past the end, which is p + n. */
static bool
say_ntp(struct dis *d, const uint8_t *p, unsigned n)
{
	const uint8_t *end = p + n;

	if (n < 4) {
		say_unclear(d);
		return true;
	}
	while (p < end - 4) {
		unsigned code = be16(d, p), k = be16(d, p + 2);

		p += 4;
		if (k > end - p)
			return false;
		text(d, " subopt:"), text_u(d, code);
		if (code == NTP_FQDN) {
			text_char(d, ' ');
			if (text_domain(d, p, p + k) == NULL)
				return false;
		} else if ((code == NTP_ADDRESS || code == NTP_MULTICAST) && k == 16) {
			text_char(d, ' ');
			text_ip6(d, p);
		} else {
			say_unclear(d);
		}
		p += k;
	}
	return true;
}

/* Dual-Stack Lite's tunnel endpoint, RFC 6334: a name, whose labels are said here up to a NUL. */
static void
say_aftr(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 3) {
		say_unclear(d);
		return;
	}
	text_char(d, ' ');
	while (n && u8(d, p)) {
		unsigned k = *p++;

		if (k + 1 >= n) {
			say_unclear(d);
			break;
		}
		text_str_pad(d, p, k);
		p += k;
		n -= k + 1;
		if (u8(d, p))
			text_char(d, '.');
	}
}

/* Strings with two bytes of length each: user classes, bootstrap servers (RFC 8572 section 8.3). */
static void
say_strings(struct dis *d, const uint8_t *p, unsigned n)
{
	text_char(d, ' ');
	for (bool first = true; n >= 2; first = false) {
		unsigned k = raw16(p);

		if (!first)
			text_char(d, ',');
		if (k > n - 2) {
			say_unclear(d);
			break;
		}
		text_str(d, p + 2, k);
		p += 2 + k;
		n -= 2 + k;
	}
	if (n)
		say_unclear(d);
}

/* A number of exactly so many bytes. */
static void
say_number(struct dis *d, const uint8_t *p, unsigned n, unsigned size)
{
	if (n != size)
		say_unclear(d);
	else
		text_char(d, ' '), text_u(d, be_n(d, p, n));
}

/* What is in front of the options of those that hold some. */
static void
say_holder(struct dis *d, unsigned code, const uint8_t *p)
{
	switch (code) {
	case OPT_IA_NA:
	case OPT_IA_PD:
		text_fmt(d, " IAID:%u T1:%u T2:%u", raw32(p), raw32(p + 4), raw32(p + 8));
		break;
	case OPT_IA_TA:
		text_fmt(d, " IAID:%u", raw32(p));
		break;
	case OPT_IA_ADDR:
		text_char(d, ' ');
		text_ip6(d, p);
		text_fmt(d, " pltime:%u vltime:%u", raw32(p + 16), raw32(p + 20));
		break;
	case OPT_IA_PREFIX:
		text_char(d, ' ');
		text_ip6(d, p + 9);
		text_fmt(d, "/%u pltime:%u vltime:%u", p[8], raw32(p), raw32(p + 4));
		break;
	case OPT_LEASE_QUERY:
		if (p[0] == 1)
			text(d, " by-address ");
		else if (p[0] == 2)
			text(d, " by-clientID ");
		else
			text_fmt(d, " type_%u ", p[0]);
		text_ip6(d, p + 1);
		break;
	}
}

/* The content of an option, n bytes at p, all captured; false when it goes on behind its end. */
static bool
say_content(struct dis *d, unsigned code, const uint8_t *p, unsigned n, unsigned depth)
{
	int at = nested_at(code);
	const uint8_t *end;

	if (at >= 0) {
		if (n < (unsigned)at) {
			say_unclear(d);
			return true;
		}
		say_holder(d, code, p);
		say_options(d, p + at, p + n, depth + 1);
		return true;
	}
	switch (code) {
	case OPT_CLIENT_ID:
	case OPT_SERVER_ID:
		say_duid(d, p, n);
		break;
	case OPT_REQUEST:
	case OPT_ECHO_REQUEST:
		say_codes(d, p, n);
		break;
	case OPT_PREFERENCE:
		say_number(d, p, n, 1);
		break;
	case OPT_ELAPSED:
		say_number(d, p, n, 2);
		break;
	case OPT_LIFETIME:
	case OPT_CLT_TIME:
		say_number(d, p, n, 4);
		break;
	case OPT_RELAYED:
		text(d, " (");
		end = narrow(d, p, n);
		say_message(d, p, n, depth + 1);
		widen(d, end);
		break;
	case OPT_AUTH:
		say_auth(d, p, n);
		break;
	case OPT_STATUS:
		if (n < 2) {
			say_unclear(d);
			break;
		}
		text_char(d, ' ');
		text_name(d, statuses, raw16(p), raw16(p) > 255 ? "INVALID code" : "code%u");
		break;
	case OPT_INTERFACE_ID:
	case OPT_SUBSCRIBER_ID:
		text_char(d, ' ');
		say_hex_start(d, p, n);
		break;
	case OPT_RECONFIGURE:
		if (n != 1)
			say_unclear(d);
		else if (*p == MSG_RENEW || *p == MSG_INFORM)
			text(d, *p == MSG_RENEW ? " for renew" : " for inf-req");
		else
			text_fmt(d, " for ?\?\?(%02x)", *p);
		break;
	case OPT_SIP_ADDRS:
	case OPT_DNS_ADDRS:
	case OPT_SNTP_ADDRS:
	case OPT_NIS_ADDRS:
	case OPT_NISP_ADDRS:
	case OPT_BCMCS_ADDRS:
	case OPT_PANA_ADDRS:
	case OPT_CLIENT_LINK:
		say_addrs(d, p, n);
		break;
	case OPT_SIP_NAMES:
	case OPT_DNS_NAMES:
		return say_names(d, p, n);
	case OPT_REMOTE_ID:
		if (n < 4) {
			say_unclear(d);
			break;
		}
		text_fmt(d, " %u ", raw32(p));
		say_hex_start(d, p + 4, n - 4);
		break;
	case OPT_RELAY_DATA:
		if (n < 16) {
			say_unclear(d);
			break;
		}
		text_char(d, ' ');
		text_ip6(d, p);
		text_char(d, ' ');
		say_hex_start(d, p + 16, n - 16);
		break;
	case OPT_NTP:
		return say_ntp(d, p, n);
	case OPT_AFTR:
		say_aftr(d, p, n);
		break;
	case OPT_POSIX_TZ:
	case OPT_TZ_NAME:
	case OPT_MUD:
		if (n < 5) {
			say_unclear(d);
			break;
		}
		text_char(d, ' ');
		text_str_pad(d, p, n);
		break;
	case OPT_BOOT_URL:
		text_char(d, ' ');
		text_str(d, p, n);
		break;
	case OPT_USER_CLASS:
	case OPT_SZTP:
		say_strings(d, p, n);
		break;
	}
	return true;
}

/* The options p..end, each in parentheses. */
static void
say_options(struct dis *d, const uint8_t *p, const uint8_t *end, unsigned depth)
{
	while (p < end) {
		unsigned code, n;

		if (end - p < OPTION_HEADER || !have(d, p, OPTION_HEADER) || depth >= NEST_MAX)
			goto cut;
		code = raw16(p);
		n = raw16(p + 2);
		p += OPTION_HEADER;
		if (n > end - p)
			goto cut;
		text(d, " (");
		text_name(d, option_names, code, "opt_%u");
		if (!have(d, p, n) || !say_content(d, code, p, n, depth))
			goto cut;
		text_char(d, ')');
		p += n;
	}
	return;
cut:
	text_trunc(d);
}

static void
say_message(struct dis *d, const uint8_t *p, uint32_t len, unsigned depth)
{
	const uint8_t *end = len < left(d, p) ? p + len : d->end;
	unsigned type;

	enter(d, &proto_dhcpv6);
	if (d->sink)
		note(d, p, end);
	text(d, "dhcp6");
	if (!have(d, p, 4)) {
		text_trunc(d);
		return;
	}
	type = *p;
	text_char(d, ' ');
	text_name(d, messages, type, "msgtype-%u");
	if (!d->v)
		return;
	text(d, " (");
	if (type != MSG_RELAY_FORWARD && type != MSG_RELAY_REPLY) {
		text_fmt(d, "xid=%x", raw32(p) & 0xffffff);
		p += 4;
	} else {
		need(d, p + 2, 16);
		text(d, "linkaddr="), text_ip6(d, p + 2);
		need(d, p + 18, 16);
		text(d, " peeraddr="), text_ip6(d, p + 18);
		p += RELAY_HEADER;
	}
	say_options(d, p, end, depth);
	text_char(d, ')');
}

static void
dhcpv6(struct dis *d, const uint8_t *p, uint32_t len)
{
	say_message(d, p, len, 0);
}

const struct proto proto_dhcpv6 = PROTO("dhcpv6", "dhcp6", "DHCP for IPv6", dhcpv6, F);
