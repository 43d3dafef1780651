/* Stream Control Transmission Protocol, RFC 9260; partial reliability, RFC 3758. */
#include "dissect/dissect.h"

enum { HEADER = 12, CHUNK = 4, DATA_HEADER = 12, INIT_HEADER = 16, SACK_HEADER = 12, PARAM = 4 };

enum {
	DATA = 0, INIT = 1, INIT_ACK = 2, SACK = 3, HEARTBEAT = 4, HEARTBEAT_ACK = 5, ABORT = 6, SHUTDOWN = 7,
	SHUTDOWN_ACK = 8, ERROR = 9, COOKIE_ECHO = 10, COOKIE_ACK = 11, ECN_ECHO = 12, CWR = 13,
	SHUTDOWN_COMPLETE = 14, FORWARD_TSN = 0xc0,
};
static const struct name chunks[] = {
	{ DATA, "DATA" }, { INIT, "INIT" }, { INIT_ACK, "INIT ACK" }, { SACK, "SACK" }, { HEARTBEAT, "HB REQ" },
	{ HEARTBEAT_ACK, "HB ACK" }, { ABORT, "ABORT" }, { SHUTDOWN, "SHUTDOWN" }, { SHUTDOWN_ACK, "SHUTDOWN ACK" },
	{ ERROR, "OP ERR" }, { COOKIE_ECHO, "COOKIE ECHO" }, { COOKIE_ACK, "COOKIE ACK" }, { ECN_ECHO, "ECN ECHO" },
	{ CWR, "ECN CWR" }, { SHUTDOWN_COMPLETE, "SHUTDOWN COMPLETE" }, { FORWARD_TSN, "FOR CUM TSN" },
	{ 0xc1, "REL CTRL" }, { 0xc2, "REL CTRL ACK" }, { 0, NULL }
};

enum { UNORDERED = 4, BEGIN = 2, END = 1 };

/* What is inside DATA chunks. ForCES (RFC 5811) also has ports of its own, one for each priority. */
enum { PPID_FORCES_HP = 21, PPID_FORCES_MP = 22, PPID_FORCES_LP = 23 };
static const struct name ppids[] = {
	{ 1, "ISDN Q.921" }, { 2, "M2UA" }, { 3, "M3UA" }, { 4, "SUA" }, { 5, "M2PA" }, { 6, "V5.2" }, { 7, "H.248" },
	{ 8, "BICC" }, { 9, "TALI" }, { 10, "DUA" }, { 11, "ASAP" }, { 12, "ENRP" }, { 13, "H.323" }, { 14, "Q.IPC" },
	{ 15, "SIMCO" }, { 16, "DDPSC" }, { 17, "DDPSSC" }, { 18, "S1AP" }, { 19, "RUA" }, { 20, "HNBAP" },
	{ PPID_FORCES_HP, "ForCES HP" }, { PPID_FORCES_MP, "ForCES MP" }, { PPID_FORCES_LP, "ForCES LP" },
	{ 24, "SBc-AP" }, { 25, "NBAP" }, { 27, "X2AP" }, { 0, NULL }
};
static const struct name forces_ports[] = {
	{ 6704, "ForCES HP" }, { 6705, "ForCES MP" }, { 6706, "ForCES LP" }, { 0, NULL }
};

enum { PARAM_HEARTBEAT = 1, PARAM_IPV4 = 5, PARAM_IPV6 = 6, PARAM_COOKIE = 7 };
static const struct name params[] = {
	{ PARAM_HEARTBEAT, "Heartbeat info" }, { PARAM_IPV4, "IPv4 address" }, { PARAM_IPV6, "IPv6 address" },
	{ PARAM_COOKIE, "State cookie" }, { 8, "Unrecognized parameter" }, { 9, "Cookie preservative" },
	{ 11, "Hostname address" }, { 12, "Supported address types" }, { 0x8000, "ECN" }, { 0x8002, "Random" },
	{ 0x8003, "Authenticated chunk list" }, { 0x8004, "Requested HMAC algorithm" },
	{ 0x8008, "Supported Extensions" }, { 0xc000, "Forward TSN supported" }, { 0, NULL }
};
static const struct name causes[] = {
	{ 1, "Invalid stream identifier" }, { 2, "Missing mandatory parameter" }, { 3, "Stale cookie error" },
	{ 4, "Out of resource" }, { 5, "Unresolvable address" }, { 6, "Unrecognized chunk type" },
	{ 7, "Invalid mandatory parameter" }, { 8, "Unrecognized parameters" }, { 9, "No user data" },
	{ 10, "Cookie received while shutting down" }, { 11, "Restart of an association with new addresses" },
	{ 12, "User initiated ABORT" }, { 13, "Protocol violation" }, { 0, NULL }
};

enum {
	SPORT, DPORT, TAG, SUM, ASSOCIATION, C_TYPE, C_FLAGS, C_LENGTH, D_UNORDERED, D_BEGIN, D_END, D_TSN, D_STREAM,
	D_SEQ, D_PPID,
	I_TAG, I_CREDIT, I_OUT, I_IN, I_TSN, S_CUM, S_CREDIT, S_GAPS, S_DUPS, S_START, S_END, S_DUP, P_TYPE, P_LENGTH,
	P_HEARTBEAT, P_IPV4, P_IPV6, P_COOKIE, CAUSE, SHUT_CUM, FWD_CUM, ECHO_TSN, CWR_TSN,
};
static const struct field F[] = {
	[SPORT] = { "sctp.srcport", U16, .help = "Source port" },
	[DPORT] = { "sctp.dstport", U16, .help = "Destination port" },
	[TAG] = { "sctp.verification_tag", U32, .help = "Verification tag" },
	[SUM] = { "sctp.checksum", U32, .help = "CRC32c checksum" },
	[ASSOCIATION] = { "sctp.assoc_index", U32, .help = "Number of the association, from 0", .needs = NEEDS_FLOWS },
	[C_TYPE] = { "sctp.chunk_type", U8, .names = chunks, .help = "Chunk type" },
	[C_FLAGS] = { "sctp.chunk_flags", U8, .help = "Chunk flags" },
	[C_LENGTH] = { "sctp.chunk_length", U16, .help = "Chunk length" },
	[D_UNORDERED] = { "sctp.data_u_bit", BOOL, .mask = UNORDERED, .help = "Data is unordered" },
	[D_BEGIN] = { "sctp.data_b_bit", BOOL, .mask = BEGIN, .help = "First fragment of a message" },
	[D_END] = { "sctp.data_e_bit", BOOL, .mask = END, .help = "Last fragment of a message" },
	[D_TSN] = { "sctp.data_tsn_raw", U32, .help = "Transmission sequence number" },
	[D_STREAM] = { "sctp.data_sid", U16, .help = "Stream identifier" },
	[D_SEQ] = { "sctp.data_ssn", U16, .help = "Stream sequence number" },
	[D_PPID] = { "sctp.data_payload_proto_id", U32, .names = ppids, .help = "Payload protocol" },
	[I_TAG] = { "sctp.init_initiate_tag", U32, .help = "Tag the sender wants to be addressed with" },
	[I_CREDIT] = { "sctp.init_credit", U32, .help = "Advertised receiver window" },
	[I_OUT] = { "sctp.init_nr_out_streams", U16, .help = "Number of outbound streams" },
	[I_IN] = { "sctp.init_nr_in_streams", U16, .help = "Number of inbound streams" },
	[I_TSN] = { "sctp.init_initial_tsn", U32, .help = "Initial transmission sequence number" },
	[S_CUM] = { "sctp.sack_cumulative_tsn_ack_raw", U32, .help = "Everything up to here has arrived" },
	[S_CREDIT] = { "sctp.sack_a_rwnd", U32, .help = "Advertised receiver window" },
	[S_GAPS] = { "sctp.sack_number_of_gap_blocks", U16, .help = "Number of gap acknowledgment blocks" },
	[S_DUPS] = { "sctp.sack_number_of_duplicated_tsns", U16, .help = "Number of duplicates" },
	[S_START] = { "sctp.sack_gap_block_start", U16, .help = "Start of a block behind a gap" },
	[S_END] = { "sctp.sack_gap_block_end", U16, .help = "End of a block behind a gap" },
	[S_DUP] = { "sctp.sack_duplicate_tsn", U32, .help = "Duplicate transmission sequence number" },
	[P_TYPE] = { "sctp.parameter_type", U16, .names = params, .help = "Parameter" },
	[P_LENGTH] = { "sctp.parameter_length", U16, .help = "Parameter length" },
	[P_HEARTBEAT] = { "sctp.parameter_heartbeat_information", BYTES, .help = "Heartbeat information" },
	[P_IPV4] = { "sctp.parameter_ipv4_address", IP4, .help = "IPv4 address of the sender" },
	[P_IPV6] = { "sctp.parameter_ipv6_address", IP6, .help = "IPv6 address of the sender" },
	[P_COOKIE] = { "sctp.parameter_state_cookie", BYTES, .help = "State cookie" },
	[CAUSE] = { "sctp.cause_code", U16, .names = causes, .help = "Cause of an error" },
	[SHUT_CUM] = { "sctp.shutdown_cumulative_tsn_ack", U32, .help = "Everything up to here has arrived" },
	[FWD_CUM] = { "sctp.forward_tsn_tsn", U32, .help = "New cumulative sequence number" },
	[ECHO_TSN] = { "sctp.ecne_lowest_tsn", U32, .help = "Lowest sequence number marked as congested" },
	[CWR_TSN] = { "sctp.cwr_lowest_tsn", U32, .help = "Lowest sequence number of a reduced window" },
};

extern const struct proto proto_sctp;

/* One chunk: its body and how much of it is left. */
struct chunk {
	const uint8_t *p;
	uint32_t left;
	unsigned length;	/* as its header has it */
	unsigned flags;
};

/* Parameters and error causes: type, length, value, padded to 4 bytes. */
static void
put_params(struct dis *d, const uint8_t *p, uint32_t len, bool errors)
{
	while (len >= PARAM && have(d, p, PARAM)) {
		unsigned type = raw16(p), n = raw16(p + 2);
		uint32_t step = (n + 3u) & ~3u;

		if (n < PARAM || n > len)
			return;
		put_field(d, &F[errors ? CAUSE : P_TYPE], p, 2);
		if (!errors) {
			put_field(d, &F[P_LENGTH], p + 2, 2);
			if (type == PARAM_IPV4 && n == PARAM + 4)
				put_field(d, &F[P_IPV4], p + PARAM, 4);
			else if (type == PARAM_IPV6 && n == PARAM + 16)
				put_field(d, &F[P_IPV6], p + PARAM, 16);
			else if (type == PARAM_HEARTBEAT)
				put_field(d, &F[P_HEARTBEAT], p + PARAM, n - PARAM);
			else if (type == PARAM_COOKIE)
				put_field(d, &F[P_COOKIE], p + PARAM, n - PARAM);
		}
		if (step > len)
			return;
		p += step;
		len -= step;
	}
}

/* Fields of the chunks of which the text says only the name, and of all parameters. */
static void
put_chunk(struct dis *d, unsigned type, const struct chunk *c)
{
	static const struct { uint8_t type, field; } tsns[] = {
		{ SHUTDOWN, SHUT_CUM }, { FORWARD_TSN, FWD_CUM }, { ECN_ECHO, ECHO_TSN }, { CWR, CWR_TSN },
	};

	put_field(d, &F[C_TYPE], c->p - CHUNK, 1);
	put_field(d, &F[C_FLAGS], c->p - CHUNK + 1, 1);
	put_field(d, &F[C_LENGTH], c->p - CHUNK + 2, 2);
	for (size_t i = 0; i < sizeof tsns / sizeof *tsns; i++)
		if (type == tsns[i].type && c->left >= 4)
			put_field(d, &F[tsns[i].field], c->p, 4);
	if (type == HEARTBEAT || type == HEARTBEAT_ACK)
		put_params(d, c->p, c->left, false);
	else if ((type == INIT || type == INIT_ACK) && c->left > INIT_HEADER)
		put_params(d, c->p + INIT_HEADER, c->left - INIT_HEADER, false);
	else if (type == ABORT || type == ERROR)
		put_params(d, c->p, c->left, true);
	else if (type == COOKIE_ECHO && c->left)
		put_field(d, &F[P_COOKIE], c->p, c->left);
}

static bool
bogus(struct dis *d, const struct chunk *c)
{
	text_fmt(d, "bogus chunk length %u]", c->length);
	return false;
}

/* " [TSN: 7] [SID: ...". False when the chunk is too short and the walk over the chunks ends. */
static bool
data(struct dis *d, struct chunk *c, bool *forces)
{
	const uint8_t *p = c->p;
	uint32_t ppid;

	if (c->flags & UNORDERED)
		text(d, "(U)");
	if (c->flags & BEGIN)
		text(d, "(B)");
	if (c->flags & END)
		text(d, "(E)");
	if (c->flags & (UNORDERED | BEGIN | END))
		text_char(d, ' ');
	if (c->left < DATA_HEADER)
		return bogus(d, c);
	ppid = be32(d, p + 8);
	put_value(d, &F[D_UNORDERED], !!(c->flags & UNORDERED));
	put_value(d, &F[D_BEGIN], !!(c->flags & BEGIN));
	put_value(d, &F[D_END], c->flags & END);
	put_field(d, &F[D_TSN], p, 4);
	put_field(d, &F[D_STREAM], p + 4, 2);
	put_field(d, &F[D_SEQ], p + 6, 2);
	put_field(d, &F[D_PPID], p + 8, 4);
	text(d, "[TSN: "), text_u(d, raw32(p));
	text(d, "] [SID: "), text_u(d, raw16(p + 4));
	text(d, "] [SSEQ "), text_u(d, raw16(p + 6));
	text(d, "] [PPID ");
	text_name(d, ppids, ppid, "0x%x");
	text(d, "] ");
	if (ppid >= PPID_FORCES_HP && ppid <= PPID_FORCES_LP)
		*forces = true;
	c->p += DATA_HEADER;
	c->left -= DATA_HEADER;
	if (c->left == 0)
		return bogus(d, c);
	if (*forces) {
		next(d, D_SCTP_PPID, PPID_FORCES_HP, c->p, c->left);
		mark(d, "sctp");
	} else if (d->v >= 2) {
		if (!next(d, D_SCTP_PPID, ppid, c->p, c->left)) {
			text(d, "[Payload");
			if (!d->style->no_default) {
				text_char(d, ':');
				text_default(d, c->p, c->left);
			}
			text_char(d, ']');
		}
		mark(d, "sctp");
	}
	return true;
}

static bool
init(struct dis *d, const struct chunk *c)
{
	const uint8_t *p = c->p;

	if (c->left < INIT_HEADER)
		return bogus(d, c);
	put_field(d, &F[I_TAG], p, 4);
	put_field(d, &F[I_CREDIT], p + 4, 4);
	put_field(d, &F[I_OUT], p + 8, 2);
	put_field(d, &F[I_IN], p + 10, 2);
	put_field(d, &F[I_TSN], p + 12, 4);
	text_be(d, "[init tag: ", p, 4);
	text_be(d, "] [rwnd: ", p + 4, 4);
	text_be(d, "] [OS: ", p + 8, 2);
	text_be(d, "] [MIS: ", p + 10, 2);
	text_be(d, "] [init TSN: ", p + 12, 4);
	text(d, "] ");
	return true;
}

static bool
sack(struct dis *d, struct chunk *c)
{
	const uint8_t *p = c->p;
	uint32_t cum;
	unsigned gaps, dups;

	if (c->left < SACK_HEADER)
		return bogus(d, c);
	put_field(d, &F[S_CUM], p, 4);
	put_field(d, &F[S_CREDIT], p + 4, 4);
	put_field(d, &F[S_GAPS], p + 8, 2);
	put_field(d, &F[S_DUPS], p + 10, 2);
	cum = be32(d, p);
	gaps = be16(d, p + 8);
	dups = be16(d, p + 10);
	text(d, "[cum ack "), text_u(d, cum);
	text_be(d, "] [a_rwnd ", p + 4, 4);
	text(d, "] [#gap acks "), text_u(d, gaps);
	text(d, "] [#dup tsns "), text_u(d, dups);
	text(d, "] ");
	p += SACK_HEADER;
	c->left -= SACK_HEADER;
	for (unsigned i = 1; i <= gaps && c->left; i++, p += 4, c->left -= 4) {
		if (c->left < 4)
			return bogus(d, c);
		put_field(d, &F[S_START], p, 2);
		put_field(d, &F[S_END], p + 2, 2);
		need(d, p, 4);
		text_fmt(d, "\n\t\t[gap ack block #%u: start = %u, end = %u] ", i, cum + raw16(p), cum + raw16(p + 2));
	}
	for (unsigned i = 1; i <= dups && c->left; i++, p += 4, c->left -= 4) {
		if (c->left < 4)
			return bogus(d, c);
		put_field(d, &F[S_DUP], p, 4);
		need(d, p, 4);
		text_fmt(d, "\n\t\t[dup TSN #%u: %u] ", i, raw32(p));
	}
	return true;
}

/* The chunks behind the common header. */
static void
chunks_walk(struct dis *d, const uint8_t *p, uint32_t len, bool forces)
{
	const char *sep = d->v >= 2 ? "\n\t" : " (";

	for (unsigned i = 1; len; i++) {
		struct chunk c = { .p = p + CHUNK };
		unsigned type, padding;
		bool fine = true;

		if (len < CHUNK) {
			text_fmt(d, "%s%u) [chunk descriptor cut off at end of packet]", sep, i);
			return;
		}
		if (!have(d, p, CHUNK)) {
			text_trunc(d);
			return;
		}
		type = p[0];
		c.flags = p[1];
		c.length = raw16(p + 2);
		if (c.length < CHUNK) {
			text_fmt(d, "%s%u) [Bad chunk length %u, < size of chunk descriptor]", sep, i, c.length);
			return;
		}
		padding = -c.length & 3;
		if (len < padding) {
			text_fmt(d, "%s%u) [Bad chunk length %u, > remaining data in packet]", sep, i, c.length);
			return;
		}
		if (!have(d, p, c.length)) {
			text_trunc(d);
			return;
		}
		c.left = c.length - CHUNK;
		text(d, sep), text_u(d, i), text(d, ") [");
		text_name(d, chunks, type, "Unknown chunk type: 0x%x");
		text(d, "] ");
		if (d->sink)
			put_chunk(d, type, &c);
		if (type == DATA)
			fine = data(d, &c, &forces);
		else if (type == INIT || type == INIT_ACK)
			fine = init(d, &c);
		else if (type == SACK)
			fine = sack(d, &c);
		if (!fine)
			return;
		if (d->v < 2)
			sep = ", (";
		if (!have(d, p, c.length + padding)) {
			text_trunc(d);
			return;
		}
		/* A chunk that claims more than the packet has is its last. */
		if (len < c.length + padding)
			return;
		p += c.length + padding;
		len -= c.length + padding;
	}
}

static void
sctp(struct dis *d, const uint8_t *p, uint32_t len)
{
	bool forces = false;

	enter(d, &proto_sctp);
	if (len < HEADER) {
		text_fmt(d, "truncated-sctp - %u bytes missing!", HEADER - len);
		return;
	}
	put_field(d, &F[SPORT], p, 2);
	put_field(d, &F[DPORT], p + 2, 2);
	put_field(d, &F[TAG], p + 4, 4);
	put_field(d, &F[SUM], p + 8, 4);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	d->sport = raw16(p);
	d->dport = raw16(p + 2);
	text_addr(d, d->net.src);
	text_char(d, '.'), text_u(d, d->sport);
	text(d, " > ");
	text_addr(d, d->net.dst);
	text_char(d, '.'), text_u(d, d->dport);
	text(d, ": sctp");
	for (unsigned i = 0; i < 2; i++) {
		const char *s = name_of(forces_ports, i ? d->dport : d->sport);

		if (s) {
			text_char(d, '['), text(d, s), text_char(d, ']');
			forces = true;
		}
	}
	chunks_walk(d, p + HEADER, len - HEADER, forces);
}

const struct proto proto_sctp = PROTO("sctp", "sctp", "Stream Control Transmission Protocol", sctp, F);
