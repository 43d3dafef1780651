/* BOOTP, RFC 951, and DHCP, RFC 2131; options RFC 2132 and those the table names. */
#include "dissect/dissect.h"

extern const struct proto proto_dhcp;

/* The header's places; the options' four-byte magic number comes first in what follows the file name. */
enum {
	AT_HTYPE = 1, AT_HLEN = 2, AT_HOPS = 3, AT_XID = 4, AT_SECS = 8, AT_FLAGS = 10, AT_CIADDR = 12, AT_YIADDR = 16,
	AT_SIADDR = 20, AT_GIADDR = 24, AT_CHADDR = 28, AT_SNAME = 44, AT_FILE = 108, AT_OPTIONS = 236,
	SNAME_LEN = 64, FILE_LEN = 128,
	MAGIC_DHCP = 0x63825363,
	MAGIC_CMU = 0x434d5500,		/* "CMU": the university's own layout, before there were options */
	HW_ETHER = 1,
};

static const struct name operations[] = { { 1, "Request" }, { 2, "Reply" }, { 0, NULL } };
static const struct name header_flags[] = { { 0x8000, "Broadcast" }, { 0, NULL } };

static const struct name messages[] = {
	{ 1, "Discover" }, { 2, "Offer" }, { 3, "Request" }, { 4, "Decline" }, { 5, "ACK" }, { 6, "NACK" },
	{ 7, "Release" }, { 8, "Inform" }, { 10, "LeaseQuery" }, { 11, "LeaseUnassigned" }, { 12, "LeaseUnknown" },
	{ 13, "LeaseActive" }, { 0, NULL }
};

static const struct name overloads[] = { { 1, "file" }, { 2, "sname" }, { 3, "file+sname" }, { 0, NULL } };

static const struct name netbios_nodes[] = {
	{ 1, "b-node" }, { 2, "p-node" }, { 4, "m-node" }, { 8, "h-node" }, { 0, NULL }
};

static const struct name client_hardware[] = {
	{ 1, "ether" }, { 6, "ieee802" }, { 7, "arcnet" }, { 15, "frelay" }, { 23, "strip" }, { 24, "ieee1394" },
	{ 0, NULL }
};

static const struct name fqdn_flags[] = { { 1, "S" }, { 2, "O" }, { 4, "E" }, { 8, "N" }, { 0, NULL } };

/* RFC 3046, RFC 3993. */
static const struct name agent_parts[] = {
	{ 1, "Circuit-ID" }, { 2, "Remote-ID" }, { 6, "Subscriber-ID" }, { 0, NULL }
};

enum {
	OP, HTYPE, HLEN, HOPS, XID, SECS, FLAGS, BROADCAST, CIADDR, YIADDR, SIADDR, GIADDR, CHADDR, MAC_ADDR, SNAME,
	BOOT_FILE, COOKIE, O_TYPE, O_LEN, O_VALUE, O_MASK, O_ROUTER, O_TIME, O_DNS, O_LOG, O_HOST, O_DOMAIN, O_ROOT, O_MTU,
	O_BROADCAST, O_NTP, O_VENDOR_INFO, O_NBNS, O_NBSCOPE, O_REQUESTED, O_LEASE, O_OVERLOAD, O_MESSAGE, O_SERVER,
	O_LIST, O_TEXT, O_MAX_SIZE, O_RENEWAL, O_REBINDING, O_CLASS, O_CLIENT, O_CLIENT_HW, O_TFTP, O_BOOTFILE, O_USER,
	O_FQDN_FLAGS, O_FQDN, O_CIRCUIT, O_REMOTE, O_SUBSCRIBER, O_ARCH, O_NDI, O_UUID, O_LDAP, O_TZ, O_TZ_NAME, O_URL,
	O_ROUTE, O_TFTP_ADDR, O_SZTP, O_MUD,
};
static const struct field F[] = {
	[OP] = { "dhcp.type", U8, .names = operations, .help = "Request or reply" },
	[HTYPE] = { "dhcp.hw.type", U8, .names = arp_hw_names, .help = "Kind of hardware address" },
	[HLEN] = { "dhcp.hw.len", U8, .help = "Length of the hardware address" },
	[HOPS] = { "dhcp.hops", U8, .help = "Relay agents passed" },
	[XID] = { "dhcp.id", U32, .help = "Transaction ID" },
	[SECS] = { "dhcp.secs", U16, .help = "Seconds since the client began" },
	[FLAGS] = { "dhcp.flags", U16, .help = "Flags" },
	[BROADCAST] = { "dhcp.flags.bc", BOOL, .mask = 0x8000, .help = "Answers must be broadcast" },
	[CIADDR] = { "dhcp.ip.client", IP4, .help = "Address the client has" },
	[YIADDR] = { "dhcp.ip.your", IP4, .help = "Address the client gets" },
	[SIADDR] = { "dhcp.ip.server", IP4, .help = "Next server to boot from" },
	[GIADDR] = { "dhcp.ip.relay", IP4, .help = "Relay agent" },
	[CHADDR] = { "dhcp.hw.addr", BYTES, .help = "Client's hardware address" },
	[MAC_ADDR] = { "dhcp.hw.mac_addr", MAC, .help = "Client's MAC address" },
	[SNAME] = { "dhcp.server", STR, .help = "Server's host name" },
	[BOOT_FILE] = { "dhcp.file", STR, .help = "Boot file" },
	[COOKIE] = { "dhcp.cookie", U32, .help = "Magic number of the options" },
	[O_TYPE] = { "dhcp.option.type", U8, .help = "Option" },
	[O_LEN] = { "dhcp.option.length", U8, .help = "Length of an option" },
	[O_VALUE] = { "dhcp.option.value", BYTES, .help = "Content of an option without a field of its own" },
	[O_MASK] = { "dhcp.option.subnet_mask", IP4, .help = "Subnet mask" },
	[O_ROUTER] = { "dhcp.option.router", IP4, .help = "Default gateway" },
	[O_TIME] = { "dhcp.option.time_server", IP4, .help = "Time server" },
	[O_DNS] = { "dhcp.option.domain_name_server", IP4, .help = "Name server" },
	[O_LOG] = { "dhcp.option.log_server", IP4, .help = "Log server" },
	[O_HOST] = { "dhcp.option.hostname", STR, .help = "Host name" },
	[O_DOMAIN] = { "dhcp.option.domain_name", STR, .help = "Domain name" },
	[O_ROOT] = { "dhcp.option.root_path", STR, .help = "Path of the root disk" },
	[O_MTU] = { "dhcp.option.interface_mtu", U16, .help = "MTU" },
	[O_BROADCAST] = { "dhcp.option.broadcast_address", IP4, .help = "Broadcast address" },
	[O_NTP] = { "dhcp.option.ntp_server", IP4, .help = "NTP server" },
	[O_VENDOR_INFO] = { "dhcp.option.vendor.value", BYTES, .help = "Vendor-specific information" },
	[O_NBNS] = { "dhcp.option.netbios_over_tcpip_name_server", IP4, .help = "NetBIOS name server" },
	[O_NBSCOPE] = { "dhcp.option.netbios_over_tcpip_scope", STR, .help = "NetBIOS scope" },
	[O_REQUESTED] = { "dhcp.option.requested_ip_address", IP4, .help = "Address the client asks for" },
	[O_LEASE] = { "dhcp.option.ip_address_lease_time", U32, .help = "Seconds the address may be kept" },
	[O_OVERLOAD] = { "dhcp.option.option_overload", U8, .names = overloads, .help = "Where more options are" },
	[O_MESSAGE] = { "dhcp.option.dhcp", U8, .names = messages, .help = "Message type" },
	[O_SERVER] = { "dhcp.option.dhcp_server_id", IP4, .help = "DHCP server" },
	[O_LIST] = { "dhcp.option.request_list_item", U8, .help = "Option the client asks for" },
	[O_TEXT] = { "dhcp.option.message", STR, .help = "Error message" },
	[O_MAX_SIZE] = { "dhcp.option.dhcp_max_message_size", U16, .help = "Longest message" },
	[O_RENEWAL] = { "dhcp.option.renewal_time_value", U32, .help = "Seconds until renewal" },
	[O_REBINDING] = { "dhcp.option.rebinding_time_value", U32, .help = "Seconds until rebinding" },
	[O_CLASS] = { "dhcp.option.vendor_class_id", STR, .help = "Vendor class" },
	[O_CLIENT] = { "dhcp.client_id.uuid", BYTES, .help = "Client identifier" },
	[O_CLIENT_HW] = { "dhcp.client_id.hw_type", U8, .names = client_hardware, .help = "Kind of client identifier" },
	[O_TFTP] = { "dhcp.option.tftp_server_name", STR, .help = "TFTP server" },
	[O_BOOTFILE] = { "dhcp.option.bootfile_name", STR, .help = "Boot file" },
	[O_USER] = { "dhcp.option.user_class", STR, .help = "User class" },
	[O_FQDN_FLAGS] = { "dhcp.fqdn.flags", U8, .help = "Flags of the client's full name" },
	[O_FQDN] = { "dhcp.fqdn.name", STR, .help = "The client's full name" },
	[O_CIRCUIT] = { "dhcp.option.agent_information_option.agent_circuit_id", BYTES,
		.help = "Relay agent: circuit" },
	[O_REMOTE] = { "dhcp.option.agent_information_option.agent_remote_id", BYTES,
		.help = "Relay agent: remote host" },
	[O_SUBSCRIBER] = { "dhcp.option.agent_information_option.subscriber_id", STR,
		.help = "Relay agent: subscriber" },
	[O_ARCH] = { "dhcp.option.client_architecture", U16, .help = "Client's architecture" },
	[O_NDI] = { "dhcp.option.client_network_id", BYTES, .help = "Client's network interface" },
	[O_UUID] = { "dhcp.option.client_id_uuid", BYTES, .help = "Client's machine identifier" },
	[O_LDAP] = { "dhcp.option.ldap_url", STR, .help = "LDAP server" },
	[O_TZ] = { "dhcp.option.tz_pcode", STR, .help = "Time zone" },
	[O_TZ_NAME] = { "dhcp.option.tz_tcode", STR, .help = "Time zone, by name" },
	[O_URL] = { "dhcp.option.captive_portal", STR, .help = "Captive portal" },
	[O_ROUTE] = { "dhcp.option.classless_static_route", BYTES, .help = "Static routes" },
	[O_TFTP_ADDR] = { "dhcp.option.tftp_server_address", IP4, .help = "TFTP server's address" },
	[O_SZTP] = { "dhcp.option.sztp_redirect", BYTES, .help = "Bootstrap servers" },
	[O_MUD] = { "dhcp.option.mudurl", STR, .help = "Where a device's usage is described" },
};

/* How an option's content is laid out, and so shown. */
enum form {
	NONE,			/* not in the table */
	PLAIN,			/* bytes, as decimal numbers with dots */
	TEXT, ADDRS, PAIRS, SHORTS, WORDS, SIGNED, ON_OFF,
	MESSAGE, LIST, NETBIOS, OVERLOAD, FQDN, CLIENT, AGENT, ROUTES, USER, SZTP,
};

enum { PAD = 0, END = 255 };

static const struct option {
	const char *name;
	uint8_t form, field;
} options[256] = {
	[PAD] = { "PAD", PLAIN, O_VALUE },
	[1] = { "Subnet-Mask", ADDRS, O_MASK },
	[2] = { "Time-Zone", SIGNED, O_VALUE },
	[3] = { "Default-Gateway", ADDRS, O_ROUTER },
	[4] = { "Time-Server", ADDRS, O_TIME },
	[5] = { "IEN-Name-Server", ADDRS, O_VALUE },
	[6] = { "Domain-Name-Server", ADDRS, O_DNS },
	[7] = { "LOG", ADDRS, O_LOG },
	[8] = { "CS", ADDRS, O_VALUE },
	[9] = { "LPR-Server", ADDRS, O_VALUE },
	[10] = { "IM", ADDRS, O_VALUE },
	[11] = { "RL", ADDRS, O_VALUE },
	[12] = { "Hostname", TEXT, O_HOST },
	[13] = { "BS", SHORTS, O_VALUE },
	[14] = { "DP", TEXT, O_VALUE },
	[15] = { "Domain-Name", TEXT, O_DOMAIN },
	[16] = { "SS", ADDRS, O_VALUE },
	[17] = { "RP", TEXT, O_ROOT },
	[18] = { "EP", TEXT, O_VALUE },
	[19] = { "IPF", ON_OFF, O_VALUE },
	[20] = { "SRT", ON_OFF, O_VALUE },
	[21] = { "PF", PAIRS, O_VALUE },
	[22] = { "RSZ", SHORTS, O_VALUE },
	[23] = { "TTL", PLAIN, O_VALUE },
	[24] = { "MTU-Timeout", WORDS, O_VALUE },
	[25] = { "MTU-Table", SHORTS, O_VALUE },
	[26] = { "MTU", SHORTS, O_MTU },
	[27] = { "LSN", ON_OFF, O_VALUE },
	[28] = { "BR", ADDRS, O_BROADCAST },
	[29] = { "MD", ON_OFF, O_VALUE },
	[30] = { "MS", ON_OFF, O_VALUE },
	[31] = { "Router-Discovery", ON_OFF, O_VALUE },
	[32] = { "RSA", ADDRS, O_VALUE },
	[33] = { "Static-Route", PAIRS, O_VALUE },
	[34] = { "UT", ON_OFF, O_VALUE },
	[35] = { "AT", WORDS, O_VALUE },
	[36] = { "IE", ON_OFF, O_VALUE },
	[37] = { "TT", PLAIN, O_VALUE },
	[38] = { "KI", WORDS, O_VALUE },
	[39] = { "KG", ON_OFF, O_VALUE },
	[40] = { "YD", TEXT, O_VALUE },
	[41] = { "YS", ADDRS, O_VALUE },
	[42] = { "NTP", ADDRS, O_NTP },
	[43] = { "Vendor-Option", PLAIN, O_VENDOR_INFO },
	[44] = { "Netbios-Name-Server", ADDRS, O_NBNS },
	[45] = { "WDD", ADDRS, O_VALUE },
	[46] = { "Netbios-Node", NETBIOS, O_VALUE },
	[47] = { "Netbios-Scope", TEXT, O_NBSCOPE },
	[48] = { "XFS", ADDRS, O_VALUE },
	[49] = { "XDM", ADDRS, O_VALUE },
	[50] = { "Requested-IP", ADDRS, O_REQUESTED },
	[51] = { "Lease-Time", WORDS, O_LEASE },
	[52] = { "OO", OVERLOAD, O_OVERLOAD },
	[53] = { "DHCP-Message", MESSAGE, O_MESSAGE },
	[54] = { "Server-ID", ADDRS, O_SERVER },
	[55] = { "Parameter-Request", LIST, O_LIST },
	[56] = { "MSG", TEXT, O_TEXT },
	[57] = { "MSZ", SHORTS, O_MAX_SIZE },
	[58] = { "RN", WORDS, O_RENEWAL },
	[59] = { "RB", WORDS, O_REBINDING },
	[60] = { "Vendor-Class", TEXT, O_CLASS },
	[61] = { "Client-ID", CLIENT, O_CLIENT },
	[64] = { "N+D", SHORTS, O_VALUE },
	[65] = { "N+S", ADDRS, O_VALUE },
	[66] = { "TFTP", TEXT, O_TFTP },
	[67] = { "BF", TEXT, O_BOOTFILE },
	[68] = { "MH", ADDRS, O_VALUE },
	[69] = { "SMTP", ADDRS, O_VALUE },
	[70] = { "POP3", ADDRS, O_VALUE },
	[71] = { "NNTP", ADDRS, O_VALUE },
	[72] = { "WWW", ADDRS, O_VALUE },
	[73] = { "FG", ADDRS, O_VALUE },
	[74] = { "IRC", ADDRS, O_VALUE },
	[75] = { "STS", ADDRS, O_VALUE },
	[76] = { "STDA", ADDRS, O_VALUE },
	[77] = { "User-Class", USER, O_USER },
	[78] = { "SLP-DA", PLAIN, O_VALUE },
	[79] = { "SLP-SCOPE", PLAIN, O_VALUE },
	[80] = { "SLP-NA", TEXT, O_VALUE },
	[81] = { "FQDN", FQDN, O_FQDN },
	[82] = { "Agent-Information", AGENT, O_VALUE },
	[83] = { "ARMT", PLAIN, O_VALUE },
	[88] = { "TZSTR", TEXT, O_VALUE },
	[89] = { "FQDNS", PLAIN, O_VALUE },
	[90] = { "AUTH", PLAIN, O_VALUE },
	[91] = { "Last-Transaction-Time", SIGNED, O_VALUE },
	[92] = { "Associated-IP", ADDRS, O_VALUE },
	[93] = { "ARCH", SHORTS, O_ARCH },
	[94] = { "NDI", PLAIN, O_NDI },
	[95] = { "LDAP", TEXT, O_LDAP },
	[97] = { "GUID", PLAIN, O_UUID },
	[98] = { "UAP", TEXT, O_VALUE },
	[100] = { "POSIX-TZ", TEXT, O_TZ },
	[101] = { "TZ-Name", TEXT, O_TZ_NAME },
	[112] = { "NI", ADDRS, O_VALUE },
	[113] = { "NITAG", TEXT, O_VALUE },
	[114] = { "URL", TEXT, O_URL },
	[116] = { "Auto-Configure", ON_OFF, O_VALUE },
	[117] = { "NSSEARCH", SHORTS, O_VALUE },
	[118] = { "SUBNET", ADDRS, O_VALUE },
	[121] = { "Classless-Static-Route", ROUTES, O_ROUTE },
	[143] = { "SZTP-Redirect", SZTP, O_SZTP },
	[150] = { "TFTP-Server-Address", ADDRS, O_TFTP_ADDR },
	[161] = { "MUD-URL", TEXT, O_MUD },
	[249] = { "Classless-Static-Route-Microsoft", ROUTES, O_ROUTE },
	[END] = { "END", PLAIN, O_VALUE },
};

static const char *
option_name(unsigned code)
{
	return options[code].name ? options[code].name : "Unknown";
}

/* --- fields ---------------------------------------------------------------------------------------------------- */

static void
note_agent(struct dis *d, const uint8_t *p, unsigned n)
{
	while (n >= 2 && p[1] <= n - 2) {
		unsigned k = p[1];

		if (p[0] == 1)
			put_field(d, &F[O_CIRCUIT], p + 2, k);
		else if (p[0] == 2)
			put_field(d, &F[O_REMOTE], p + 2, k);
		else if (p[0] == 6)
			put_field(d, &F[O_SUBSCRIBER], p + 2, k);
		p += 2 + k;
		n -= 2 + k;
	}
}

/* An option's content, captured as a whole. */
static void
note_option(struct dis *d, const struct option *o, const uint8_t *p, unsigned n)
{
	const struct field *f = &F[o->field];
	unsigned size = f->type == IP4 || f->type == U32 ? 4 : f->type == U16 ? 2 : f->type == U8 ? 1 : 0;

	switch (o->form) {
	case NONE:
		put_field(d, &F[O_VALUE], p, n);
		return;
	case FQDN:
		if (n < 3)
			return;
		put_field(d, &F[O_FQDN_FLAGS], p, 1);
		put_field(d, f, p + 3, n - 3);
		return;
	case CLIENT:
		if (n < 1)
			return;
		put_field(d, &F[O_CLIENT_HW], p, 1);
		put_field(d, f, p + 1, n - 1);
		return;
	case AGENT:
		note_agent(d, p, n);
		return;
	case USER:
		for (; n > 1 && p[0] < n; n -= 1 + p[0], p += 1 + p[0])
			put_field(d, f, p + 1, p[0]);
		return;
	}
	if (size == 0)
		put_field(d, f, p, n);
	else
		for (; n >= size; n -= size, p += size)
			put_field(d, f, p, size);
}

static void
note(struct dis *d, const uint8_t *p)
{
	unsigned hlen = have(d, p, 3) ? p[AT_HLEN] : 0, n;

	put_field(d, &F[OP], p, 1);
	put_field(d, &F[HTYPE], p + AT_HTYPE, 1);
	put_field(d, &F[HLEN], p + AT_HLEN, 1);
	put_field(d, &F[HOPS], p + AT_HOPS, 1);
	put_field(d, &F[XID], p + AT_XID, 4);
	put_field(d, &F[SECS], p + AT_SECS, 2);
	put_field(d, &F[FLAGS], p + AT_FLAGS, 2);
	put_field(d, &F[BROADCAST], p + AT_FLAGS, 2);
	put_field(d, &F[CIADDR], p + AT_CIADDR, 4);
	put_field(d, &F[YIADDR], p + AT_YIADDR, 4);
	put_field(d, &F[SIADDR], p + AT_SIADDR, 4);
	put_field(d, &F[GIADDR], p + AT_GIADDR, 4);
	put_field(d, &F[hlen == 6 ? MAC_ADDR : CHADDR], p + AT_CHADDR, hlen < 16 ? hlen : 16);
	if (!have(d, p, AT_OPTIONS))
		return;
	if (p[AT_SNAME])
		put_field(d, &F[SNAME], p + AT_SNAME, SNAME_LEN);
	if (p[AT_FILE])
		put_field(d, &F[BOOT_FILE], p + AT_FILE, FILE_LEN);
	p += AT_OPTIONS;
	put_field(d, &F[COOKIE], p, 4);
	if (!have(d, p, 4) || raw32(p) != MAGIC_DHCP)
		return;
	for (p += 4; have(d, p, 2) && *p != END; ) {
		if (*p == PAD) {
			p++;
			continue;
		}
		n = p[1];
		put_field(d, &F[O_TYPE], p, 1);
		put_field(d, &F[O_LEN], p + 1, 1);
		if (!have(d, p + 2, n))
			return;
		note_option(d, &options[*p], p + 2, n);
		p += 2 + n;
	}
}

/* --- text ------------------------------------------------------------------------------------------------------ */

static void
say_quoted(struct dis *d, const uint8_t *p, unsigned n)
{
	text_char(d, '"');
	text_str(d, p, n);
	text_char(d, '"');
}

/*
 * The content of an option, n bytes at p, all captured. The bytes it leaves unsaid; what is too short for its form
 * is left out altogether.
 */
static unsigned
say_numbers(struct dis *d, enum form form, const uint8_t *p, unsigned n)
{
	unsigned size = form == PLAIN ? 1 : form == SHORTS ? 2 : 4;

	for (const uint8_t *from = p; n >= size; p += size, n -= size) {
		if (p != from)
			text_char(d, form == PLAIN ? '.' : ',');
		switch (form) {
		case PLAIN:
			text_u(d, *p);
			break;
		case SHORTS:
			text_u(d, raw16(p));
			break;
		case ADDRS:
			text_ip4(d, p);
			break;
		case SIGNED:
			text_i(d, (int32_t)raw32(p));
			break;
		default:
			text_u(d, raw32(p));
		}
	}
	return n;
}

static void
say_pairs(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 8 || n % 8) {
		text(d, n ? "[length != N x 8 bytes]" : " [length != N x 8 bytes]");
		return;
	}
	for (unsigned i = 0; i < n; i += 8) {
		text(d, i ? ",(" : "(");
		text_ip4(d, p + i);
		text_char(d, ':');
		text_ip4(d, p + i + 4);
		text_char(d, ')');
	}
}

static void
say_list(struct dis *d, const uint8_t *p, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		text(d, i % 4 ? ", " : "\n\t      ");
		text_fmt(d, "%s (%u)", option_name(p[i]), p[i]);
	}
}

/* Client's full name, RFC 4702. */
static void
say_fqdn(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 3) {
		text(d, "[ERROR: length < 3 bytes]");
		return;
	}
	if (p[0] & 0xf0)
		text_fmt(d, "[ERROR: MBZ nibble 0x%x != 0] ", p[0] >> 4);
	if (p[0] & 0x0f) {
		text_char(d, '[');
		text_bits(d, fqdn_flags, p[0], "", "");
		text(d, "] ");
	}
	if (p[1] || p[2])
		text_fmt(d, "%u/%u ", p[1], p[2]);
	say_quoted(d, p + 3, n - 3);
}

static void
say_client(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 1) {
		text(d, "[ERROR: length < 1 bytes]");
		return;
	}
	if (p[0] == 0) {
		say_quoted(d, p + 1, n - 1);
		return;
	}
	text_name(d, client_hardware, p[0], "hardware-type %u,");
	text_char(d, ' ');
	for (unsigned i = 1; i < n; i++) {
		if (i > 1)
			text_char(d, ':');
		text_x(d, p[i], 2);
	}
}

/* Relay agent information, RFC 3046. The bytes left over. */
static unsigned
say_agent(struct dis *d, const uint8_t *p, unsigned n)
{
	while (n >= 2) {
		unsigned part = p[0], k = p[1];

		p += 2;
		n -= 2;
		text(d, "\n\t      ");
		text_name(d, agent_parts, part, "Unknown");
		text_fmt(d, " SubOption %u, length %u: ", part, k);
		if (k > n) {
			text(d, "length goes past end of option");
			return 0;
		}
		if (name_of(agent_parts, part))
			text_str(d, p, k);
		else
			text_unknown(d, p, "\n\t\t", k);
		p += k;
		n -= k;
	}
	return n;
}

/* Classless static routes, RFC 3442: so many bits of the destination as count, then the router. */
static void
say_routes(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 5) {
		text(d, "[ERROR: length < 5 bytes]");
		return;
	}
	for (bool first = true; n; first = false) {
		unsigned width = *p++, k = (width + 7) / 8;

		n--;
		if (!first)
			text_char(d, ',');
		if (width > 32) {
			text_fmt(d, "[ERROR: Mask width (%u) > 32]", width);
			return;
		}
		if (n < k + 4) {
			text_fmt(d, "[ERROR: Remaining length (%u) < %u bytes]", n, k + 4);
			return;
		}
		text_char(d, '(');
		if (width == 0)
			text(d, "default");
		for (unsigned i = 0; width && i < 4; i++) {
			if (i)
				text_char(d, '.');
			text_u(d, i < k ? p[i] : 0);
		}
		if (width)
			text_char(d, '/'), text_u(d, width);
		text_char(d, ':');
		text_ip4(d, p + k);
		text_char(d, ')');
		p += k + 4;
		n -= k + 4;
	}
}

/* User classes, RFC 3004: each with its length in front. */
static void
say_user(struct dis *d, const uint8_t *p, unsigned n)
{
	if (n < 2) {
		text(d, "[ERROR: length < 2 bytes]");
		return;
	}
	for (unsigned i = 1; n; i++) {
		unsigned k = *p++;

		n--;
		text_fmt(d, "\n\t      instance#%u: ", i);
		if (k == 0 || k > n) {
			text(d, k ? "[ERROR: invalid option]" : "[ERROR: suboption length must be non-zero]");
			return;
		}
		say_quoted(d, p, k);
		text(d, ", length "), text_u(d, k);
		p += k;
		n -= k;
	}
}

/* Bootstrap servers, RFC 8572 section 8.3. */
static void
say_sztp(struct dis *d, const uint8_t *p, unsigned n)
{
	while (n >= 2) {
		unsigned k = raw16(p);

		p += 2;
		n -= 2;
		text_fmt(d, "\n\t\t    length %u: ", k);
		if (k > n) {
			text(d, "length goes past end of option");
			return;
		}
		say_quoted(d, p, k);
		p += k;
		n -= k;
	}
	if (n)
		text(d, "[ERROR: length < 2 bytes]");
}

/* An option's content, n bytes captured at p; how many bytes it does not account for. */
static unsigned
say_content(struct dis *d, unsigned code, const uint8_t *p, unsigned n)
{
	enum form form = options[code].form;

	/* Of what nobody knows the length tells whether it is bytes, shorts or words. */
	if (form == NONE)
		form = n & 1 ? PLAIN : n & 2 ? SHORTS : WORDS;
	switch (form) {
	case MESSAGE:
		if (n == 1) {
			text_name(d, messages, *p, "Unknown (%u)");
			return 0;
		}
		return say_numbers(d, PLAIN, p, n);
	case LIST:
		say_list(d, p, n);
		return 0;
	case TEXT:
		say_quoted(d, p, n);
		return 0;
	case PAIRS:
		say_pairs(d, p, n);
		return 0;
	case ON_OFF:
		for (unsigned i = 0; i < n; i++) {
			if (i)
				text_char(d, ',');
			if (p[i] > 1)
				text_fmt(d, "%u?", p[i]);
			else
				text_char(d, p[i] ? 'Y' : 'N');
		}
		return 0;
	case NETBIOS:
	case OVERLOAD:
		if (n < 1) {
			text(d, "[ERROR: length < 1 bytes]");
			return 0;
		}
		text_name(d, form == NETBIOS ? netbios_nodes : overloads, *p, NULL);
		return n - 1;
	case FQDN:
		say_fqdn(d, p, n);
		return 0;
	case CLIENT:
		say_client(d, p, n);
		return 0;
	case AGENT:
		return say_agent(d, p, n);
	case ROUTES:
		say_routes(d, p, n);
		return 0;
	case USER:
		say_user(d, p, n);
		return 0;
	case SZTP:
		say_sztp(d, p, n);
		return 0;
	default:
		return say_numbers(d, form, p, n);
	}
}

/* The options from p, the magic number, on; padding and the end are said with -vvv only. False when one is cut short. */
static bool
say_options(struct dis *d, const uint8_t *p)
{
	text_fmt(d, "\n\t  Vendor-rfc1048 Extensions\n\t    Magic Cookie 0x%08x", be32(d, p));
	p += 4;
	while (have(d, p, 1)) {
		unsigned code = *p++, n = 0, rest;

		if (code == END && d->v < 3)
			return true;
		if (code == PAD && d->v < 3)
			continue;
		if (code != PAD && code != END)
			n = u8(d, p++);
		text_fmt(d, "\n\t    %s (%u), length %u", option_name(code), code, n);
		if (n)
			text(d, ": ");
		if (code == PAD) {
			unsigned pads = 1;

			for (; have(d, p, 1) && *p == PAD; p++)
				pads++;
			if (pads > 1)
				text(d, ", occurs "), text_u(d, pads);
		}
		if (!have(d, p, n))
			return false;
		rest = say_content(d, code, p, n);
		if (rest)
			text(d, "\n\t  trailing data length "), text_u(d, rest);
		p += n;
	}
	return true;
}

/* Carnegie Mellon's own vendor area. False when it is cut short. */
static bool
say_cmu(struct dis *d, const uint8_t *p)
{
	static const struct {
		uint8_t at;
		const char *name;
	} addrs[] = {
		{ 12, "DG" }, { 8, "SM" }, { 16, "NS1" }, { 20, "NS2" }, { 24, "IEN1" }, { 28, "IEN2" }, { 32, "TS1" },
		{ 36, "TS2" },
	};
	unsigned flags;

	text(d, " vend-cmu");
	if (!have(d, p + 4, 4))
		return false;
	flags = p[4];
	if (flags & 0xfe)
		text_fmt(d, " F:0x%x", flags);
	for (unsigned i = 0; i < sizeof addrs / sizeof *addrs; i++) {
		const uint8_t *a = p + addrs[i].at;

		if (!have(d, a, 4))
			return false;
		if (raw32(a) == 0)
			continue;
		text_fmt(d, " %s%s:", addrs[i].name, i == 1 && !(flags & 1) ? "*" : "");
		text_ip4(d, a);
	}
	return true;
}

/* What comes behind the header: its first four bytes tell what it is. False when it is cut short. */
static bool
say_vendor(struct dis *d, const uint8_t *p)
{
	if (!have(d, p, 4))
		return false;
	switch (raw32(p)) {
	case MAGIC_DHCP:
		return say_options(d, p);
	case MAGIC_CMU:
		return say_cmu(d, p);
	case 0:
		return true;
	default:
		text_fmt(d, "\n\t  Vendor-#0x%x", raw32(p));
		return true;
	}
}

/* A name of at most n bytes, which a NUL must end; false if none does. */
static bool
say_name(struct dis *d, const char *what, const uint8_t *p, unsigned n)
{
	uint32_t k;

	if (u8(d, p) == 0)
		return true;
	text_fmt(d, "\n\t  %s \"", what);
	k = text_str_z(d, p, n);
	text_char(d, '"');
	return k != 0;
}

static void
say_addr(struct dis *d, const char *what, const uint8_t *p)
{
	if (be32(d, p) == 0)
		return;
	text_fmt(d, "\n\t  %s ", what);
	text_ip4(d, p);
}

static void
dhcp(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned op, htype, hlen, flags;

	enter(d, &proto_dhcp);
	if (d->sink)
		note(d, p);
	op = u8(d, p);
	text(d, "BOOTP/DHCP, ");
	text_name(d, operations, op, "unknown (0x%02x)");
	htype = u8(d, p + AT_HTYPE);
	hlen = u8(d, p + AT_HLEN);
	if (htype == HW_ETHER && hlen == 6 && op == 1) {
		need(d, p + AT_CHADDR, 6);
		text(d, " from ");
		text_mac(d, p + AT_CHADDR);
	}
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	if (!have(d, p, AT_FLAGS)) {
		text_trunc(d);
		return;
	}
	if (htype != HW_ETHER)
		text(d, ", htype "), text_u(d, htype);
	if (htype != HW_ETHER || hlen != 6)
		text(d, ", hlen "), text_u(d, hlen);
	if (p[AT_HOPS])
		text(d, ", hops "), text_u(d, p[AT_HOPS]);
	if (raw32(p + AT_XID))
		text_fmt(d, ", xid 0x%x", raw32(p + AT_XID));
	if (raw16(p + AT_SECS))
		text(d, ", secs "), text_u(d, raw16(p + AT_SECS));
	flags = be16(d, p + AT_FLAGS);
	text(d, ", Flags [");
	text_bits(d, header_flags, flags, ", ", "none");
	text_char(d, ']');
	if (d->v > 1)
		text_fmt(d, " (0x%04x)", flags);
	say_addr(d, "Client-IP", p + AT_CIADDR);
	say_addr(d, "Your-IP", p + AT_YIADDR);
	say_addr(d, "Server-IP", p + AT_SIADDR);
	say_addr(d, "Gateway-IP", p + AT_GIADDR);
	if (htype == HW_ETHER && hlen == 6) {
		need(d, p + AT_CHADDR, 6);
		text(d, "\n\t  Client-Ethernet-Address ");
		text_mac(d, p + AT_CHADDR);
	}
	if (!say_name(d, "sname", p + AT_SNAME, SNAME_LEN) || !say_name(d, "file", p + AT_FILE, FILE_LEN) ||
	    !say_vendor(d, p + AT_OPTIONS))
		text_trunc(d);
}

const struct proto proto_dhcp = PROTO("dhcp", "bootp", "Dynamic Host Configuration Protocol", dhcp, F);
