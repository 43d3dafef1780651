/*
 * NetBIOS over TCP and UDP (RFC 1001, RFC 1002): names, datagrams and sessions; NetBIOS frames in 802.2 (NBF) and in
 * IPX. With -v there is one line, with -vv there are many.
 */
#include "proto/app/smb.h"

enum {
	EACH = SMB_EACH, GATE = SMB_GATE, STOP = SMB_STOP, SKIP = SMB_SKIP, N8 = SMB_DEC8, N16 = SMB_DEC16, X8 = SMB_HEX8,
	X16 = SMB_HEX16, BE16 = SMB_HEX16 | SMB_BIG, NBE16 = SMB_DEC16 | SMB_BIG, NBE32 = SMB_DEC32 | SMB_BIG,
	ENCODED = SMB_NAME, PLAIN = SMB_PLAIN_NAME, NOTE = SMB_TEXT,
	SMB_LOOK = 128,		/* how far SMB is looked for behind headers that nobody knows */
};
#define SMB_ROWS_OF(name) static const struct smb_row name[] =

/* Without strings whose field would be noted: smb_fields is SMB's. */
enum { NS_ID, NS_FLAGS, NS_RESPONSE, NS_OPCODE, NS_BROADCAST, NS_RCODE, NS_QUERIES, NS_ANSWERS, NS_AUTHORITIES, NS_MORE,
	NS_NAME, NS_TYPE, NS_CLASS, NS_TTL, NS_ADDR };
static const struct name opcodes[] = {
	{ 0, "QUERY" }, { 5, "REGISTRATION" }, { 6, "RELEASE" }, { 7, "WACK" }, { 8, "REFRESH(8)" }, { 9, "REFRESH" },
	{ 15, "MULTIHOMED REGISTRATION" }, { 0, NULL }
};
static const struct name name_types[] = { { 0x20, "NB" }, { 0x21, "NBSTAT" }, { 0, NULL } };
static const struct field N[] = {
	[NS_ID] = { "nbns.id", U16, .help = "Transaction" },
	[NS_FLAGS] = { "nbns.flags", U16, .help = "Flags" },
	[NS_RESPONSE] = { "nbns.flags.response", BOOL, 0x8000, .help = "A response" },
	[NS_OPCODE] = { "nbns.flags.opcode", U16, 0x7800, .names = opcodes, .help = "Operation" },
	[NS_BROADCAST] = { "nbns.flags.broadcast", BOOL, 0x0010, .help = "Sent to all" },
	[NS_RCODE] = { "nbns.flags.rcode", U16, 0x000f, .help = "Result" },
	[NS_QUERIES] = { "nbns.count.queries", U16, .help = "Questions" },
	[NS_ANSWERS] = { "nbns.count.answers", U16, .help = "Answers" },
	[NS_AUTHORITIES] = { "nbns.count.auth_rr", U16, .help = "Authority records" },
	[NS_MORE] = { "nbns.count.add_rr", U16, .help = "Additional records" },
	[NS_NAME] = { "nbns.name", STR, .help = "NetBIOS name, and its type as <20>" },
	[NS_TYPE] = { "nbns.type", U16, .names = name_types, .help = "Type of a question or record" },
	[NS_CLASS] = { "nbns.class", U16, .help = "Class of a question or record" },
	[NS_TTL] = { "nbns.ttl", U32, .help = "How long a record is good for, in seconds" },
	[NS_ADDR] = { "nbns.addr", IP4, .help = "Address of a name" },
};

enum { DG_TYPE, DG_FLAGS, DG_ID, DG_SRC, DG_PORT, DG_LEN, DG_OFFSET, DG_FROM, DG_TO };
static const struct name datagrams[] = {
	{ 0x10, "Direct_unique datagram" }, { 0x11, "Direct_group datagram" }, { 0x12, "Broadcast datagram" },
	{ 0x13, "Datagram error" }, { 0x14, "Datagram query request" }, { 0x15, "Datagram positive query response" },
	{ 0x16, "Datagram negative query response" }, { 0, NULL }
};
static const struct field D[] = {
	[DG_TYPE] = { "nbdgm.type", U8, .names = datagrams, .help = "Kind of datagram" },
	[DG_FLAGS] = { "nbdgm.flags", U8, .help = "Flags" },
	[DG_ID] = { "nbdgm.dgram_id", U16, .help = "Datagram" },
	[DG_SRC] = { "nbdgm.src.ip", IP4, .help = "Address of the sender" },
	[DG_PORT] = { "nbdgm.src.port", U16, .help = "Port of the sender" },
	[DG_LEN] = { "nbdgm.dgram_len", U16, .help = "Length" },
	[DG_OFFSET] = { "nbdgm.pkt_offset", U16, .help = "Place of a fragment" },
	[DG_FROM] = { "nbdgm.source_name", STR, .help = "Who sends, and the name's type as <20>" },
	[DG_TO] = { "nbdgm.destination_name", STR, .help = "Who receives, and the name's type as <20>" },
};

enum { SS_TYPE, SS_FLAGS, SS_LENGTH, SS_CALLED, SS_CALLING, SS_ERROR };
static const struct name sessions[] = {
	{ 0x00, "Session message" }, { 0x81, "Session request" }, { 0x82, "Positive session response" },
	{ 0x83, "Negative session response" }, { 0x84, "Retarget session response" }, { 0x85, "Session keep-alive" },
	{ 0, NULL }
};
static const struct name refusals[] = {
	{ 0x80, "Not listening on called name" }, { 0x81, "Not listening for calling name" },
	{ 0x82, "Called name not present" }, { 0x83, "Called name present, but insufficient resources" }, { 0, NULL }
};
static const struct field S[] = {
	[SS_TYPE] = { "nbss.type", U8, .names = sessions, .help = "Kind of message" },
	[SS_FLAGS] = { "nbss.flags", U8, .help = "Flags" },
	[SS_LENGTH] = { "nbss.length", U16, .help = "Length" },
	[SS_CALLED] = { "nbss.called_name", STR, .help = "Who is called, and the name's type as <20>" },
	[SS_CALLING] = { "nbss.calling_name", STR, .help = "Who calls, and the name's type as <20>" },
	[SS_ERROR] = { "nbss.error_code", U8, .names = refusals, .help = "Why not" },
};

extern const struct proto proto_nbns, proto_nbdgm, proto_nbss, proto_nbf, proto_ipx_netbios;

static bool
is_smb(const uint8_t *p)
{
	return memcmp(p, "\377SMB", 4) == 0;
}

/*
 * Notes the encoded name at p of the message at msg as "NAME<20>". What is behind it, or NULL when it makes no sense.
 * Soft.
 */
static const uint8_t *
put_name(struct dis *d, const struct field *f, const uint8_t *msg, const uint8_t *p)
{
	static const char hex[] = "0123456789abcdef";
	enum { NAME = 16 };
	const uint8_t *q = p;
	char s[NAME + 4];
	unsigned n;

	if (!have(d, p, 2))
		return NULL;
	if ((*p & 0xc0) == 0xc0) {
		q = msg + (raw16(p) & 0x3fff);
		p += 2;
	} else {
		while (have(d, p, 1) && *p)
			p += *p + 1;
		p++;
	}
	if (!have(d, q, 1 + 2 * NAME) || *q != 2 * NAME)
		return NULL;
	for (n = 0; n < NAME; n++) {
		uint8_t c = q[1 + 2 * n], e = q[2 + 2 * n];

		if (c < 'A' || c > 'P' || e < 'A' || e > 'P')
			return NULL;
		s[n] = (char)((c - 'A') << 4 | (e - 'A'));
	}
	n = NAME - 1;
	s[n + 3] = '>';
	s[n + 2] = hex[(uint8_t)s[n] & 15];
	s[n + 1] = hex[(uint8_t)s[n] >> 4];
	s[n] = '<';
	while (n && (s[n - 1] == ' ' || s[n - 1] == 0))
		n--;
	memmove(s + n, s + NAME - 1, 4);
	put_string(d, f, s, n + 4);
	return p;
}

/* --- names, RFC 1002 section 4.2 ----------------------------------------------------------------------------------- */

enum { NAME_HEADER = 12, NAME_RECORDS = 100, NBSTAT = 0x21 };

SMB_ROWS_OF(question) {
	{ GATE }, { ENCODED, 0, "Name=" }, { BE16, 0, "QuestionType=" }, { BE16, 0, "QuestionClass=" }, { STOP }, { 0 }
};
SMB_ROWS_OF(record_name) { { ENCODED, 0, "Name=" }, { STOP }, { 0 } };
SMB_ROWS_OF(record) { { BE16, 0, "ResType=" }, { BE16, 0, "ResClass=" }, { NBE32, 0, "TTL=" }, { 0 } };
SMB_ROWS_OF(address) { { BE16, 0, "AddrType=" }, { SMB_DOTTED, 0, "Address=" }, { 0 } };
SMB_ROWS_OF(names_head) { { X8, 0, "NumNames=" }, { 0 } };
SMB_ROWS_OF(owned_name) { { PLAIN, 0, "Name=", "\t" }, { STOP }, { 0 } };
SMB_ROWS_OF(additional) { { NOTE, 0, "AdditionalData:\n" }, { 0 } };

static void
put_names(struct dis *d, const uint8_t *p)
{
	const uint8_t *msg = p;
	unsigned questions, records;

	put_field(d, &N[NS_ID], p, 2);
	for (unsigned i = NS_FLAGS; i <= NS_RCODE; i++)
		put_field(d, &N[i], p + 2, 2);
	for (unsigned i = NS_QUERIES; i <= NS_MORE; i++)
		put_field(d, &N[i], p + 4 + 2 * (i - NS_QUERIES), 2);
	if (!have(d, p, NAME_HEADER))
		return;
	questions = raw16(p + 4);
	records = raw16(p + 6) + raw16(p + 8) + raw16(p + 10);
	if (questions > NAME_RECORDS || records > NAME_RECORDS)
		return;
	p += NAME_HEADER;
	for (; questions; questions--, p += 4) {
		if ((p = put_name(d, &N[NS_NAME], msg, p)) == NULL)
			return;
		put_field(d, &N[NS_TYPE], p, 2);
		put_field(d, &N[NS_CLASS], p + 2, 2);
	}
	for (; records; records--) {
		unsigned n;

		if ((p = put_name(d, &N[NS_NAME], msg, p)) == NULL || !have(d, p, 10))
			return;
		put_field(d, &N[NS_TYPE], p, 2);
		put_field(d, &N[NS_CLASS], p + 2, 2);
		put_field(d, &N[NS_TTL], p + 4, 4);
		n = raw16(p + 8);
		p += 10;
		if (raw16(p - 10) != NBSTAT)
			for (unsigned at = 0; at + 6 <= n; at += 6)
				put_field(d, &N[NS_ADDR], p + at + 2, 4);
		p += n;
	}
}

/* The names that a node has: false when that is all there is. */
static bool
say_node_names(struct dis *d, struct smb_walk *w, const uint8_t **at, const uint8_t *end)
{
	static const char kinds[4][3] = { "B ", "P ", "M ", "_ " };
	const uint8_t *p = *at;
	unsigned n = u8(d, p);

	if ((p = smb_rows(d, w, names_head, p, p + 1)) == NULL)
		return false;
	for (; n; n--, p += 2) {
		if ((p = smb_rows(d, w, owned_name, p, end)) == NULL)
			return false;
		if (!have(d, p, 1)) {
			text_trunc(d);
			return false;
		}
		if (p >= end)
			return false;
		if (*p & 0x80)
			text(d, "<GROUP> ");
		text(d, kinds[*p >> 5 & 3]);
		if (*p & 0x10)
			text(d, "<DEREGISTERING> ");
		if (*p & 0x08)
			text(d, "<CONFLICT> ");
		if (*p & 0x04)
			text(d, "<ACTIVE> ");
		if (*p & 0x02)
			text(d, "<PERMANENT> ");
		text_char(d, '\n');
	}
	*at = p;
	return true;
}

/* One resource record; what is behind it, or NULL when that is all there is. */
static const uint8_t *
say_record(struct dis *d, struct smb_walk *w, const uint8_t *p, const uint8_t *end)
{
	unsigned type, n;

	if ((p = smb_rows(d, w, record_name, p, end)) == NULL)
		return NULL;
	type = be16(d, p);
	if ((p = smb_rows(d, w, record, p, p + 8)) == NULL)
		return NULL;
	n = be16(d, p);
	text_fmt(d, "ResourceLength=%u\nResourceData=\n", n);
	p += 2;
	if (n == 6)
		return smb_rows(d, w, address, p, p + n);
	if (type == NBSTAT)
		return say_node_names(d, w, &p, end) ? p : NULL;
	if (p >= end)
		return NULL;
	smb_dump(d, p, (ptrdiff_t)n < end - p ? n : (uint32_t)(end - p));
	return p + n;
}

static void
nbns(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct smb_walk w = { .start = p };
	const uint8_t *end = p + len;
	unsigned flags, questions, answers, authorities, more;

	enter(d, &proto_nbns);
	if (d->sink)
		put_names(d, p);
	need(d, p, NAME_HEADER);
	flags = raw16(p + 2);
	if (len == 0)
		return;
	if (d->v > 1)
		text(d, "\n>>> ");
	text(d, "NBT UDP PACKET(137): ");
	text_name(d, opcodes, flags >> 11 & 15, "OPUNKNOWN");
	if (flags & 0x8000)
		text(d, flags & 15 ? "; NEGATIVE; RESPONSE" : "; POSITIVE; RESPONSE");
	else
		text(d, "; REQUEST");
	text(d, flags & 0x10 ? "; BROADCAST" : "; UNICAST");
	if (d->v < 2)
		return;
	questions = raw16(p + 4);
	answers = raw16(p + 6);
	authorities = raw16(p + 8);
	more = raw16(p + 10);
	text_fmt(d, "\nTrnID=0x%X\nOpCode=%u\nNmFlags=0x%X\nRcode=%u\n", raw16(p), flags >> 11 & 15, flags >> 4 & 0x7f,
	    flags & 15);
	text_fmt(d, "QueryCount=%u\nAnswerCount=%u\nAuthorityCount=%u\nAddressRecCount=%u\n", questions, answers,
	    authorities, more);
	p += NAME_HEADER;
	more += answers + authorities;
	if (questions > NAME_RECORDS || more > NAME_RECORDS) {
		text(d, "Corrupt packet??\n");
		return;
	}
	if (questions)
		text(d, "QuestionRecords:\n");
	for (; questions; questions--)
		if ((p = smb_rows(d, &w, question, p, end)) == NULL)
			return;
	if (more)
		text(d, "\nResourceRecords:\n");
	for (; more; more--)
		if ((p = say_record(d, &w, p, end)) == NULL)
			return;
	if (p < end)
		smb_rows(d, &w, additional, p, end);
}

const struct proto proto_nbns = PROTO("nbns", "nbt_udp137", "NetBIOS Name Service", nbns, N);

/* --- datagrams, section 4.4 ---------------------------------------------------------------------------------------- */

SMB_ROWS_OF(datagram) {
	{ BE16, 0, "\n>>> NBT UDP PACKET(138) Res=", " " }, { BE16, 0, "ID=", " " }, { SMB_DOTTED, 0, "IP=", " " },
	{ NBE16, 0, "Port=", " " }, { NBE16, 0, "Length=", " " }, { BE16, 0, "Res2=" }, { ENCODED, 0, "SourceName=" },
	{ ENCODED, 0, "DestName=" }, { STOP }, { 0 }
};

static void
put_datagram(struct dis *d, const uint8_t *p)
{
	enum { HEADER = 14, FIRST_ERROR = 0x13 };
	const uint8_t *q;

	put_field(d, &D[DG_TYPE], p, 1);
	put_field(d, &D[DG_FLAGS], p + 1, 1);
	put_field(d, &D[DG_ID], p + 2, 2);
	put_field(d, &D[DG_SRC], p + 4, 4);
	put_field(d, &D[DG_PORT], p + 8, 2);
	if (!have(d, p, HEADER) || *p >= FIRST_ERROR)
		return;
	put_field(d, &D[DG_LEN], p + 10, 2);
	put_field(d, &D[DG_OFFSET], p + 12, 2);
	q = put_name(d, &D[DG_FROM], p, p + HEADER);
	if (q)
		put_name(d, &D[DG_TO], p, q);
}

static void
nbdgm(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct smb_walk w = { .start = p };
	const uint8_t *end = left(d, p) < len ? d->end : p + len;

	enter(d, &proto_nbdgm);
	if (d->sink)
		put_datagram(d, p);
	if (end <= p)
		return;
	if (d->v < 2) {
		text(d, "NBT UDP PACKET(138)");
		return;
	}
	p = smb_rows(d, &w, datagram, p, end);
	if (p && end - p >= 4 && is_smb(p))
		next(d, D_INTERNAL, IN_SMB, p, (uint32_t)(end - p));
}

const struct proto proto_nbdgm = PROTO("nbdgm", "nbt_udp138", "NetBIOS Datagram Service", nbdgm, D);

/* --- sessions, section 4.3 ----------------------------------------------------------------------------------------- */

enum { S_MESSAGE = 0x00, S_REQUEST = 0x81, S_GRANTED = 0x82, S_REJECT = 0x83, S_KEEPALIVE = 0x85, S_HEADER = 4 };

#define SESSION(what) \
	{ SKIP, 1, NULL, "" }, { NOTE, 0, "NBT " what "\n" }, { X8, 0, "Flags=" }, { NBE16, 0, "Length=" }
SMB_ROWS_OF(session_message) { SESSION("Session Message"), { 0 } };
SMB_ROWS_OF(session_request) {
	SESSION("Session Request"), { ENCODED, 0, "Destination=" }, { ENCODED, 0, "Source=" }, { 0 }
};
SMB_ROWS_OF(session_granted) { SESSION("Session Granted"), { 0 } };
SMB_ROWS_OF(session_reject) { SESSION("SessionReject"), { X8, 0, "Reason=" }, { 0 } };
SMB_ROWS_OF(session_keepalive) { SESSION("Session Keepalive"), { 0 } };
SMB_ROWS_OF(session_unknown) { { NOTE, 0, "NBT - Unknown packet type\n" }, { X8, 0, "Type=" }, { 0 } };
SMB_ROWS_OF(session_unknown_short) { { X8, 0, "Unknown packet type ", "" }, { 0 } };

static void
put_session(struct dis *d, const uint8_t *p)
{
	const uint8_t *q;

	put_field(d, &S[SS_TYPE], p, 1);
	put_field(d, &S[SS_FLAGS], p + 1, 1);
	put_field(d, &S[SS_LENGTH], p + 2, 2);
	if (!have(d, p, S_HEADER))
		return;
	if (*p == S_REQUEST) {
		q = put_name(d, &S[SS_CALLED], p, p + S_HEADER);
		if (q)
			put_name(d, &S[SS_CALLING], p, q);
	} else if (*p == S_REJECT) {
		put_field(d, &S[SS_ERROR], p + S_HEADER, 1);
	}
}

/* Everything on one line. room: bytes behind the header, on the wire and captured. */
static void
say_session_short(struct dis *d, const uint8_t *p, uint32_t room)
{
	struct smb_walk w = { .start = p };

	text(d, " NBT Session Packet: ");
	switch (*p) {
	case S_MESSAGE:
		text(d, "Session Message");
		break;
	case S_REQUEST:
		text(d, "Session Request");
		break;
	case S_GRANTED:
		text(d, "Session Granted");
		break;
	case S_REJECT:
		if (raw16(p + 2) < 4 || room < 4 || !have(d, p + S_HEADER, 4)) {
			text_trunc(d);
			break;
		}
		text(d, "Session Reject, ");
		text_name(d, refusals, p[S_HEADER], "Unspecified error 0x%X");
		break;
	case S_KEEPALIVE:
		text(d, "Session Keepalive");
		break;
	default:
		smb_rows(d, &w, session_unknown_short, p, d->end);
		break;
	}
}

static void
say_message(struct dis *d, struct smb_walk *w, const uint8_t *p, uint32_t room)
{
	const uint32_t size = raw16(p + 2);
	uint32_t captured;

	p = smb_rows(d, w, session_message, p, p + S_HEADER);
	if (p == NULL)
		return;
	captured = left(d, p);
	if (size < 4 || captured < 4 || !is_smb(p)) {
		text(d, "Session packet:(raw data or continuation?)\n");
		return;
	}
	if (size > captured && size > room)
		text(d, "WARNING: Packet is continued in later TCP segments\n");
	else if (size > captured)
		text_fmt(d, "WARNING: Short packet. Try increasing the snap length by %u\n", size - captured);
	next(d, D_INTERNAL, IN_SMB, p, size < captured ? size : captured);
}

static void
say_session(struct dis *d, const uint8_t *p, uint32_t room)
{
	struct smb_walk w = { .start = p };

	text(d, "\n>>> NBT Session Packet\n");
	switch (*p) {
	case S_MESSAGE:
		say_message(d, &w, p, room);
		break;
	case S_REQUEST:
		smb_rows(d, &w, session_request, p, d->end);
		break;
	case S_GRANTED:
		smb_rows(d, &w, session_granted, p, d->end);
		break;
	case S_REJECT:
		if (smb_rows(d, &w, session_reject, p, d->end) && raw16(p + 2) >= 1 && have(d, p + S_HEADER, 1)) {
			text_name(d, refusals, p[S_HEADER], "Unspecified error 0x%X");
			text_char(d, '\n');
		}
		break;
	case S_KEEPALIVE:
		smb_rows(d, &w, session_keepalive, p, d->end);
		break;
	default:
		smb_rows(d, &w, session_unknown, p, d->end);
		break;
	}
}

static void
nbss(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_nbss);
	if (d->sink)
		put_session(d, p);
	if (len < S_HEADER || !have(d, p, S_HEADER))
		text_trunc(d);
	else if (d->v < 2)
		say_session_short(d, p, len - S_HEADER);
	else
		say_session(d, p, len - S_HEADER);
}

const struct proto proto_nbss = PROTO("nbss", "nbt_tcp", "NetBIOS Session Service", nbss, S);

/* --- NetBIOS frames ------------------------------------------------------------------------------------------------ */

/* IBM's LAN Technical Reference, chapter 5. */
static const char *const first_flags[8] = { "RECEIVE_CONTINUE", "NO_ACK", NULL, "PIGGYBACK_ACK_INCLUDED" };
static const char *const last_flags[8] = { NULL, "NO_ACK", "PIGGYBACK_ACK_ALLOWED", "PIGGYBACK_ACK_INCLUDED" };
static const char *const no_flags[8];

#define SESSIONS { X8, 0, "RemoteSessionNumber=" }, { X8, 0, "LocalSessionNumber=" }
SMB_ROWS_OF(nbf_add_short) {
	{ NOTE, 0, ", " }, { SKIP, 23, NULL, "" }, { PLAIN, 0, "Name to add=", "" }, { STOP }, { 0 }
};
SMB_ROWS_OF(nbf_add) {
	{ SKIP, 5, NULL, "" }, { X16, 0, "ResponseCorrelator=" }, { SKIP, 16, NULL, "" }, { PLAIN, 0, "Name to add=" },
	{ 0 }
};
SMB_ROWS_OF(nbf_datagram) { { SKIP, 7, NULL, "" }, { PLAIN, 0, "Destination=" }, { PLAIN, 0, "Source=" }, { 0 } };
SMB_ROWS_OF(nbf_query_short) {
	{ NOTE, 0, ", " }, { SKIP, 7, NULL, "" }, { PLAIN, 0, "Name=", "" }, { STOP }, { 0 }
};
SMB_ROWS_OF(nbf_query) {
	{ SKIP, 1, NULL, "" }, { X8, 0, "SessionNumber=" }, { X8, 0, "NameType=", "" }, { SKIP, 2 },
	{ X16, 0, "ResponseCorrelator=" }, { PLAIN, 0, "Name=" }, { PLAIN, 0, "Name of sender=" }, { 0 }
};
SMB_ROWS_OF(nbf_added_short) {
	{ NOTE, 0, ", " }, { SKIP, 1, NULL, "" }, { X16, 0, "GroupName=", " " }, { SKIP, 4, NULL, "" },
	{ PLAIN, 0, "Destination=", " " }, { PLAIN, 0, "Source=", "" }, { STOP }, { 0 }
};
SMB_ROWS_OF(nbf_added) {
	{ X8, 0, "AddNameInProcess=" }, { X16, 0, "GroupName=" }, { X16, 0, "TransmitCorrelator=", "" }, { SKIP, 2 },
	{ PLAIN, 0, "Destination=" }, { PLAIN, 0, "Source=" }, { 0 }
};
SMB_ROWS_OF(nbf_recognized) {
	{ SKIP, 1, NULL, "" }, { X16, 0, "Data2=" }, { X16, 0, "TransmitCorrelator=" }, { X16, 0, "ResponseCorelator=" },
	{ PLAIN, 0, "Destination=" }, { PLAIN, 0, "Source=" }, { 0 }
};
SMB_ROWS_OF(nbf_ack) { { SKIP, 3, NULL, "" }, { X16, 0, "TransmitCorrelator=", "" }, { SKIP, 2 }, SESSIONS, { 0 } };
SMB_ROWS_OF(nbf_first) {
	{ SMB_BITS, 0, "Flags=", .bits = first_flags }, { X16, 0, "ResyncIndicator=", "" }, { SKIP, 2 },
	{ X16, 0, "ResponseCorelator=" }, SESSIONS, { 0 }
};
SMB_ROWS_OF(nbf_last) {
	{ SMB_BITS, 0, "Flags=", .bits = last_flags }, { X16, 0, "ResyncIndicator=", "" }, { SKIP, 2 },
	{ X16, 0, "ResponseCorelator=" }, SESSIONS, { 0 }
};
SMB_ROWS_OF(nbf_session) {
	{ X8, 0, "Data1=" }, { X16, 0, "Data2=" }, { X16, 0, "TransmitCorrelator=" }, { X16, 0, "ResponseCorelator=" },
	SESSIONS, { 0 }
};
SMB_ROWS_OF(nbf_end) { { SKIP, 1, NULL, "" }, { X16, 0, "Data2=", "" }, { SKIP, 4 }, SESSIONS, { 0 } };
SMB_ROWS_OF(nbf_no_receive) {
	{ SMB_BITS, 0, "Flags=", .bits = no_flags }, { N8, 0, "DataBytesAccepted=", "" }, { SKIP, 4 }, SESSIONS, { 0 }
};
SMB_ROWS_OF(nbf_outstanding) {
	{ SKIP, 1, NULL, "" }, { N8, 0, "DataBytesAccepted=", "" }, { SKIP, 4 }, SESSIONS, { 0 }
};
SMB_ROWS_OF(nbf_continue) {
	{ SKIP, 2, NULL, "" }, { X16, 0, "TransmitCorrelator=" }, { SKIP, 2, NULL, "" }, SESSIONS, { 0 }
};
SMB_ROWS_OF(nbf_head_short) { { SKIP, 5, NULL, "" }, { STOP }, { 0 } };
SMB_ROWS_OF(nbf_head) { { N16, 0, "Length=", " " }, { X16, 0, "Signature=", " " }, { X8, 0, "Command=" }, { STOP }, { 0 } };
SMB_ROWS_OF(nbf_unknown_short) { { NOTE, 0, "Unknown NBF Command" }, { STOP }, { 0 } };
SMB_ROWS_OF(nbf_unknown) { { NOTE, 0, "Unknown NBF Command\n" }, { 0 } };

static const struct {
	const char *name;
	const struct smb_row *brief, *rows;	/* on one line, and with -vv */
	bool data;				/* may carry SMB */
} nbf_commands[] = {
	[0x00] = { "Add Group Name Query", nbf_add_short, nbf_add, false },
	[0x01] = { "Add Name Query", nbf_add_short, nbf_add, false },
	[0x02] = { "Name In Conflict", NULL, NULL, false },
	[0x03] = { "Status Query", NULL, NULL, false },
	[0x07] = { "Terminate Trace", NULL, NULL, false },
	[0x08] = { "Datagram", NULL, nbf_datagram, true },
	[0x09] = { "Broadcast Datagram", NULL, nbf_datagram, true },
	[0x0a] = { "Name Query", nbf_query_short, nbf_query, false },
	[0x0d] = { "Add Name Response", nbf_added_short, nbf_added, false },
	[0x0e] = { "Name Recognized", NULL, nbf_recognized, false },
	[0x0f] = { "Status Response", NULL, NULL, false },
	[0x13] = { "Terminate Trace", NULL, NULL, false },
	[0x14] = { "Data Ack", NULL, nbf_ack, false },
	[0x15] = { "Data First/Middle", NULL, nbf_first, true },
	[0x16] = { "Data Only/Last", NULL, nbf_last, true },
	[0x17] = { "Session Confirm", NULL, nbf_session, false },
	[0x18] = { "Session End", NULL, nbf_end, false },
	[0x19] = { "Session Initialize", NULL, nbf_session, false },
	[0x1a] = { "No Receive", NULL, nbf_no_receive, false },
	[0x1b] = { "Receive Outstanding", NULL, nbf_outstanding, false },
	[0x1c] = { "Receive Continue", NULL, nbf_continue, false },
	[0x1f] = { "Session Alive", NULL, NULL, false },
};

enum { NB_LENGTH, NB_DELIMITER, NB_COMMAND };
static const struct name nbf_names_of[] = {
	{ 0x00, "Add Group Name Query" }, { 0x01, "Add Name Query" }, { 0x02, "Name In Conflict" }, { 0x03, "Status Query" },
	{ 0x08, "Datagram" }, { 0x09, "Datagram Broadcast" }, { 0x0a, "Name Query" }, { 0x0d, "Add Name Response" },
	{ 0x0e, "Name Recognized" }, { 0x0f, "Status Response" }, { 0x14, "Data Ack" }, { 0x15, "Data First Middle" },
	{ 0x16, "Data Only Last" }, { 0x17, "Session Confirm" }, { 0x18, "Session End" }, { 0x19, "Session Initialize" },
	{ 0x1a, "No Receive" }, { 0x1b, "Receive Outstanding" }, { 0x1c, "Receive Continue" }, { 0x1f, "Session Alive" },
	{ 0, NULL }
};
static const struct field F[] = {
	[NB_LENGTH] = { "netbios.hdr_len", LE16, .help = "Length of the header" },
	[NB_DELIMITER] = { "netbios.delimiter", LE16, .help = "0xefff" },
	[NB_COMMAND] = { "netbios.command", U8, .names = nbf_names_of, .help = "Command" },
};

/* SMB in the next bytes, perhaps behind some that nobody knows. */
static void
look_for_smb(struct dis *d, const uint8_t *p, const uint8_t *end)
{
	for (unsigned i = 0; i < SMB_LOOK && end - p >= 4; i++, p++)
		if (is_smb(p)) {
			if (i)
				text_fmt(d, "found SMB packet at %u\n", i);
			next(d, D_INTERNAL, IN_SMB, p, (uint32_t)(end - p));
			return;
		}
}

static void
nbf(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct smb_walk w = { .start = p };
	const uint8_t *end = left(d, p) < len ? d->end : p + len, *body;
	const struct smb_row *rows = NULL;
	unsigned command;
	bool known, cut = false;

	enter(d, &proto_nbf);
	put_field(d, &F[NB_LENGTH], p, 2);
	put_field(d, &F[NB_DELIMITER], p + 2, 2);
	put_field(d, &F[NB_COMMAND], p + 4, 1);
	body = p + le16(d, p);
	command = u8(d, p + 4);
	known = command < sizeof nbf_commands / sizeof *nbf_commands && nbf_commands[command].name;
	if (body >= end) {
		body = end;
		cut = true;
	}
	if (d->v < 2) {
		text(d, "NBF Packet: ");
		p = smb_rows(d, &w, nbf_head_short, p, end);
	} else {
		text_fmt(d, "\n>>> NBF Packet\nType=0x%X ", d->llc_control);
		p = smb_rows(d, &w, nbf_head, p, end);
	}
	if (p == NULL)
		return;
	if (known) {
		rows = d->v < 2 ? nbf_commands[command].brief : nbf_commands[command].rows;
		text(d, nbf_commands[command].name);
		if (d->v > 1)
			text(d, ":\n");
	} else {
		rows = d->v < 2 ? nbf_unknown_short : nbf_unknown;
	}
	if (rows)
		p = smb_rows(d, &w, rows, p, body);
	else if (d->v > 1)
		text_char(d, '\n');
	if (d->v > 1 && p && !cut && known && nbf_commands[command].data)
		look_for_smb(d, body, end);
}

const struct proto proto_nbf = PROTO("netbios", "netbeui", "NetBIOS Frames", nbf, F);

SMB_ROWS_OF(ipx_transport) { { NOTE, 0, "\n>>> IPX transport " }, { 0 } };
SMB_ROWS_OF(ipx_unknown) { { NOTE, 0, "\n>>> Unknown IPX " }, { 0 } };

/* In IPX only SMB is looked for. */
static void
ipx_netbios(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct smb_walk w = { .start = p };
	const uint8_t *end = left(d, p) < len ? d->end : p + len, *q = p;

	enter(d, &proto_ipx_netbios);
	for (; q < p + SMB_LOOK; q++) {
		if (end - q < 4)
			return;
		if (is_smb(q)) {
			smb_rows(d, &w, ipx_transport, p, q);
			next(d, D_INTERNAL, IN_SMB, q, (uint32_t)(end - q));
			return;
		}
	}
	smb_rows(d, &w, ipx_unknown, p, end);
}

const struct proto proto_ipx_netbios = PROTO_NO_FIELDS("nbipx", "ipx_netbios", "NetBIOS over IPX", ipx_netbios);
