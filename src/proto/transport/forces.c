/* Forwarding and Control Element Separation over SCTP, RFC 5810 (transport: RFC 5811). */
#include "dissect/dissect.h"

enum { HEADER = 24, TLV = 4, ILV = 8, PATH_HEADER = 4, DEPTH_MAX = 64 };

/* What a message may carry: nothing, something that may be missing, or something that must be there. */
enum carry { NOTHING, OPTIONAL, REQUIRED };

/* Operations, as bits of what a message allows. */
enum {
	OP_SET = 1, OP_SETPROP, OP_SETRESP, OP_SETPROPRESP, OP_DEL, OP_DELRESP, OP_GET, OP_GETPROP, OP_GETRESP,
	OP_GETPROPRESP, OP_REPORT, OP_COMMIT, OP_RCOMMIT, OP_RTRCOMP,
};
#define BIT(op) (1u << (op))

/* How path data may be encoded, and what its flags add. */
enum { FULL = 0x01, SPARSE = 0x02, RESULT = 0x04, KEYS = 0x08, APPEND = 0x10, RANGE = 0x20 };

enum {
	TLV_REDIRECT = 0x0001, TLV_ASRESULT = 0x0010, TLV_ASTREASON = 0x0011, TLV_PATH = 0x0110, TLV_KEYINFO = 0x0111,
	TLV_FULL = 0x0112, TLV_SPARSE = 0x0113, TLV_RESULT = 0x0114, TLV_METADATA = 0x0115, TLV_REDIRECTDATA = 0x0116,
	TLV_LFBSELECT = 0x1000,
};
static const struct name tlvs[] = {
	{ 0, "Invalid TLV" }, { TLV_REDIRECT, "REDIRECT TLV" }, { TLV_ASRESULT, "ASResult TLV" },
	{ TLV_ASTREASON, "ASTreason TLV" }, { TLV_LFBSELECT, "LFBselect TLV" }, { TLV_PATH, "PATH-DATA TLV" },
	{ TLV_KEYINFO, "KEYINFO TLV" }, { TLV_FULL, "FULLDATA TLV" }, { TLV_SPARSE, "SPARSEDATA TLV" },
	{ TLV_RESULT, "RESULT TLV" }, { TLV_METADATA, "METADATA TLV" }, { TLV_REDIRECTDATA, "REDIRECTDATA TLV" },
	{ 0, NULL }
};

enum fault { FINE, BAD_TOTAL, TOO_SHORT, TOO_LONG, NO_PADDING };
static const struct name faults[] = {
	{ BAD_TOTAL, "Invalid total length" }, { TOO_SHORT, "xLV too short" }, { TOO_LONG, "xLV too long" },
	{ NO_PADDING, "data padding missing" }, { 0, NULL }
};

static const struct name acks[] = {
	{ 0, "NoACK" }, { 1, "SuccessACK" }, { 2, "FailureACK" }, { 3, "AlwaysACK" }, { 0, NULL }
};
static const struct name modes[] = {
	{ 0, "EMReserved" }, { 1, "execute-all-or-none" }, { 2, "execute-until-failure" },
	{ 3, "continue-execute-on-failure" }, { 0, NULL }
};
static const struct name atomic[] = { { 0, "Standalone" }, { 1, "2PCtransaction" }, { 0, NULL } };
static const struct name phases[] = {
	{ 0, "StartofTransaction" }, { 1, "MiddleofTransaction" }, { 2, "EndofTransaction" }, { 3, "abort" }, { 0, NULL }
};
static const struct name lfbs[] = {
	{ 0, "Invalid TLV" }, { 1, "FEObj LFB" }, { 2, "FEProtoObj LFB" }, { 0, NULL }
};
static const struct name teardowns[] = {
	{ 0, "Normal Teardown" }, { 1, "Loss of Heartbeats" }, { 2, "Out of bandwidth" }, { 3, "Out of Memory" },
	{ 4, "Application Crash" }, { 0, NULL }
};
static const struct name setups[] = {
	{ 0, "Success " }, { 1, "FE ID invalid " }, { 2, "permission denied " }, { 0, NULL }
};
static const struct name results[] = {
	{ 0x00, "SUCCESS" }, { 0x01, "INVALID HEADER" }, { 0x02, "LENGTH MISMATCH" }, { 0x03, "VERSION MISMATCH" },
	{ 0x04, "INVALID DESTINATION PID" }, { 0x05, "LFB UNKNOWN" }, { 0x06, "LFB NOT FOUND" },
	{ 0x07, "LFB INSTANCE ID NOT FOUND" }, { 0x08, "INVALID PATH" }, { 0x09, "COMPONENT DOES NOT EXIST" },
	{ 0x0a, "EXISTS ALREADY" }, { 0x0b, "NOT FOUND" }, { 0x0c, "READ ONLY" }, { 0x0d, "INVALID ARRAY CREATION" },
	{ 0x0e, "VALUE OUT OF RANGE" }, { 0x0f, "CONTENTS TOO LONG" }, { 0x10, "INVALID PARAMETERS" },
	{ 0x11, "INVALID MESSAGE TYPE" }, { 0x12, "INVALID FLAGS" }, { 0x13, "INVALID TLV" }, { 0x14, "EVENT ERROR" },
	{ 0x15, "NOT SUPPORTED" }, { 0x16, "MEMORY ERROR" }, { 0x17, "INTERNAL ERROR" }, { 0xff, "UNSPECIFIED ERROR" },
	{ 0, NULL }
};

/* Messages, section 6.  top: how many top-level TLVs are looked at. */
enum { MSG_SETUP = 1, MSG_TEARDOWN, MSG_CONFIG, MSG_QUERY, MSG_EVENT, MSG_REDIRECT, MSG_HEARTBEAT = 15,
	MSG_SETUP_RESPONSE = 17, MSG_CONFIG_RESPONSE = 19, MSG_QUERY_RESPONSE };
static const struct message {
	const char *name;
	uint8_t carry, top;
	uint16_t ops;
} messages[] = {
	[MSG_SETUP] = { "Association Setup", OPTIONAL, 2, BIT(OP_REPORT) },
	[MSG_TEARDOWN] = { "Association TearDown", REQUIRED, 1, 0 },
	[MSG_CONFIG] = { "Config", REQUIRED, 15,
	    BIT(OP_SET) | BIT(OP_SETPROP) | BIT(OP_DEL) | BIT(OP_COMMIT) | BIT(OP_RTRCOMP) },
	[MSG_QUERY] = { "Query", REQUIRED, 15, BIT(OP_GET) | BIT(OP_GETPROP) },
	[MSG_EVENT] = { "Event Notification", REQUIRED, 1, BIT(OP_REPORT) },
	[MSG_REDIRECT] = { "Packet Redirect", REQUIRED, 15, 0 },
	[MSG_HEARTBEAT] = { "HeartBeat", NOTHING, 0, 0 },
	[MSG_SETUP_RESPONSE] = { "Association Response", REQUIRED, 1, 0 },
	[MSG_CONFIG_RESPONSE] = { "Config Response", REQUIRED, 15,
	    BIT(OP_SETRESP) | BIT(OP_SETPROPRESP) | BIT(OP_DELRESP) | BIT(OP_RCOMMIT) },
	[MSG_QUERY_RESPONSE] = { "Query Response", REQUIRED, 15, BIT(OP_GETRESP) | BIT(OP_GETPROPRESP) },
};
enum { MESSAGES = sizeof messages / sizeof *messages };

static const struct name types[] = {
	{ MSG_SETUP, "Association Setup" }, { MSG_TEARDOWN, "Association TearDown" }, { MSG_CONFIG, "Config" },
	{ MSG_QUERY, "Query" }, { MSG_EVENT, "Event Notification" }, { MSG_REDIRECT, "Packet Redirect" },
	{ MSG_HEARTBEAT, "HeartBeat" }, { MSG_SETUP_RESPONSE, "Association Response" },
	{ MSG_CONFIG_RESPONSE, "Config Response" }, { MSG_QUERY_RESPONSE, "Query Response" }, { 0, NULL }
};

/* How an operation's body is laid out. */
enum body { NO_BODY, PATHS, ONE_PATH, UNKNOWN_BODY };
static const struct operation {
	const char *name;
	uint8_t body, mask;
} operations[] = {
	[0] = { "Invalid OPTLV", UNKNOWN_BODY, 0 },
	[OP_SET] = { " Set", PATHS, FULL | SPARSE },
	[OP_SETPROP] = { " SetProp", PATHS, FULL | SPARSE },
	[OP_SETRESP] = { " SetResp", PATHS, RESULT },
	[OP_SETPROPRESP] = { " SetPropResp", PATHS, RESULT },
	[OP_DEL] = { " Del", PATHS, 0 },
	[OP_DELRESP] = { " DelResp", PATHS, RESULT },
	[OP_GET] = { " Get", PATHS, 0 },
	[OP_GETPROP] = { " GetProp", PATHS, 0 },
	[OP_GETRESP] = { " GetResp", PATHS, FULL | SPARSE | RESULT },
	[OP_GETPROPRESP] = { " GetPropResp", PATHS, FULL | RESULT },
	[OP_REPORT] = { " Report", PATHS, FULL | SPARSE },
	[OP_COMMIT] = { " Commit", NO_BODY, 0 },
	[OP_RCOMMIT] = { " RCommit", ONE_PATH, RESULT },
	[OP_RTRCOMP] = { " RTRCOMP", NO_BODY, 0 },
};

enum { VERSION, TYPE, LENGTH, SOURCE, DESTINATION, CORRELATOR, ACK, PRIORITY, MODE, ATOMIC, PHASE, LFB, INSTANCE };
static const struct field F[] = {
	[VERSION] = { "forces.version", U8, .mask = 0xf0, .help = "Version" },
	[TYPE] = { "forces.messagetype", U8, .names = types, .help = "Message type" },
	[LENGTH] = { "forces.length", U32, .help = "Length in bytes" },
	[SOURCE] = { "forces.sid", U32, .help = "Source identifier" },
	[DESTINATION] = { "forces.did", U32, .help = "Destination identifier" },
	[CORRELATOR] = { "forces.correlator", U64, .help = "Correlator" },
	[ACK] = { "forces.flags.ack", U32, .mask = 0xc0000000, .names = acks, .help = "Which answers are wanted" },
	[PRIORITY] = { "forces.flags.pri", U32, .mask = 0x38000000, .help = "Priority" },
	[MODE] = { "forces.flags.em", U32, .mask = 0x00c00000, .names = modes, .help = "Execution mode" },
	[ATOMIC] = { "forces.flags.at", BOOL, .mask = 0x00200000, .names = atomic, .help = "Part of a transaction" },
	[PHASE] = { "forces.flags.tp", U32, .mask = 0x00180000, .names = phases, .help = "Transaction phase" },
	[LFB] = { "forces.lfbselect.tlv.type.lfb.classid", U32, .names = lfbs, .help = "Class of a logical function block" },
	[INSTANCE] = { "forces.lfbselect.tlv.type.lfb.instanceid", U32, .help = "Instance of a logical function block" },
};

extern const struct proto proto_forces;

static inline uint32_t
aligned(uint32_t n)
{
	return (n + 3) & ~3u;
}

/* Does a TLV (or, with header ILV, an ILV) of n bytes fit where left are? */
static enum fault
fits(uint32_t n, uint32_t left, uint32_t header)
{
	if (left < header)
		return BAD_TOTAL;
	if (n < header)
		return TOO_SHORT;
	if (n > left)
		return TOO_LONG;
	return left < aligned(n) ? NO_PADDING : FINE;
}

static void
text_indent(struct dis *d, unsigned n)
{
	for (; n; n--)
		text_char(d, ' ');
}

/* A dump of n bytes behind line breaks and `indent` characters, the break being one of them. */
static void
text_dump(struct dis *d, unsigned indent, const uint8_t *p, uint32_t n)
{
	char lead[DEPTH_MAX * 4];

	if (indent < 1)
		indent = 1;
	if (indent > sizeof lead - 1)
		indent = sizeof lead - 1;
	memset(lead, ' ', indent);
	lead[0] = '\n';
	lead[indent] = '\0';
	text_dump_hex(d, lead, p, n, 0);
}

static bool path_list(struct dis *d, const uint8_t *p, uint32_t len, unsigned mask, unsigned indent);

/* The TLVs inside path data, section 7.1.8. p is at the TLV, len covers it and its padding. */
static bool
result_tlv(struct dis *d, const uint8_t *p, uint32_t len, unsigned indent)
{
	unsigned code;

	if (len != TLV + 4) {
		text_fmt(d, "illegal RESULT-TLV: %u bytes!\n", len - TLV);
		return false;
	}
	need(d, p, TLV + 4);
	code = p[TLV];
	if (code >= 0x18 && code <= 0xfe) {
		text_fmt(d, "illegal reserved result code: 0x%x!\n", code);
		return false;
	}
	if (d->v >= 3) {
		text_indent(d, indent);
		text(d, "  Result: ");
		text_name(d, results, code, NULL);
		text_fmt(d, " (code 0x%x)\n", code);
	}
	return true;
}

static bool
full_data(struct dis *d, const uint8_t *p, uint32_t len, unsigned indent)
{
	need(d, p, TLV);
	if (raw16(p) != TLV_FULL) {
		text(d, "Error: expecting FULLDATA!\n");
		return false;
	}
	if (d->v >= 3) {
		text_indent(d, indent + 1);
		text_char(d, '[');
		text_dump(d, indent + 2, p + TLV, len - TLV);
		text_char(d, '\n');
		text_indent(d, indent + 1);
		text_char(d, ']');
	}
	return true;
}

static bool
sparse_data(struct dis *d, const uint8_t *p, uint32_t len, unsigned indent)
{
	need(d, p, TLV);
	if (raw16(p) != TLV_SPARSE) {
		text(d, "Error: expecting SPARSEDATA!\n");
		return false;
	}
	p += TLV;
	len -= TLV;
	if (len < ILV) {
		text(d, "Error: BAD SPARSEDATA-TLV!\n");
		return false;
	}
	while (len) {
		enum fault f = len < ILV ? BAD_TOTAL : fits(be32(d, p + 4), len, ILV);

		if (f) {
			text(d, "Error: "), text(d, name_of(faults, f));
			text_fmt(d, ", rlen %u\n", len);
			return false;
		}
		if (d->v >= 3) {
			text_char(d, '\n');
			text_indent(d, indent);
			text_fmt(d, " ILV: type %x length %u\n", raw32(p), raw32(p + 4));
			text_dump_hex(d, "\t\t[", p + ILV, raw32(p + 4) - ILV, 0);
		}
		len -= aligned(raw32(p + 4));
		p += aligned(raw32(p + 4));
	}
	return true;
}

static bool
key_info(struct dis *d, const uint8_t *p, uint32_t len, unsigned indent)
{
	enum fault f;
	unsigned type, n;
	uint32_t id = be32(d, p + TLV);

	text_indent(d, indent);
	text_fmt(d, "Keyinfo: Key 0x%x\n", id);
	p += TLV + 4;
	type = be16(d, p);
	n = be16(d, p + 2);
	f = fits(n, len, TLV);
	if (f) {
		text(d, name_of(faults, f));
		text_fmt(d, " TLV type 0x%x len %u\n", type, n);
		return false;
	}
	return full_data(d, p + TLV, n, indent);
}

static const struct content {
	uint16_t type;
	uint8_t mask;
	const char *name;
} contents[] = {
	{ TLV_KEYINFO, 0, "KEYINFO TLV" }, { TLV_FULL, FULL, "FULLDATA TLV" }, { TLV_SPARSE, SPARSE, "SPARSEDATA TLV" },
	{ TLV_RESULT, RESULT, "RESULT TLV" }, { TLV_PATH, 0, "Inner PATH-DATA TLV" },
};

static bool
content_body(struct dis *d, unsigned type, const uint8_t *p, uint32_t len, unsigned mask, unsigned indent)
{
	switch (type) {
	case TLV_KEYINFO:
		return key_info(d, p, len, indent);
	case TLV_FULL:
		return full_data(d, p, len, indent);
	case TLV_SPARSE:
		return sparse_data(d, p, len, indent);
	case TLV_RESULT:
		return result_tlv(d, p, len, indent);
	default:
		return path_list(d, p, len, mask, indent);
	}
}

/* Does the encoding fit the operation and its flags? */
static void
text_encoding(struct dis *d, const struct content *c, unsigned mask)
{
	if (c->type == TLV_PATH)
		return;
	if (mask & KEYS) {
		if (c->type != TLV_KEYINFO)
			text(d, "Based on flags expected KEYINFO TLV!\n");
	} else if (!(mask & c->mask)) {
		text_fmt(d, "Illegal DATA encoding for type 0x%x programmed %x got %x\n", c->type, c->mask, mask);
	}
}

/* The data TLV at the end of a path; how much is left behind it, -1 when it is bad. */
static int64_t
path_content(struct dis *d, const uint8_t *p, uint32_t len, unsigned mask, unsigned indent)
{
	const struct content *c = NULL;
	unsigned type = be16(d, p), n = be16(d, p + 2);
	enum fault f = fits(n, len, TLV);

	if (f) {
		text(d, name_of(faults, f));
		text_fmt(d, " Outstanding bytes %u for TLV type 0x%x TLV len %u\n", len, type, n);
		goto bad;
	}
	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
		if (contents[i].type == type)
			c = &contents[i];
	if (c == NULL) {
		text_fmt(d, "Invalid path data content type 0x%x len %u\n", type, n);
		goto bad;
	}
	if (d->v >= 3 && type != TLV_PATH) {
		text_indent(d, indent);
		text_fmt(d, "  %s (Length %u DataLen %u ", c->name, n, n - TLV);
		if (aligned(n) != n)
			text_fmt(d, "pad %u ", aligned(n) - n);
		text(d, "Bytes)\n");
	}
	text_encoding(d, c, mask);
	if (!content_body(d, type, p, aligned(n), mask, indent + 2))
		return -1;
	return len - aligned(n);
bad:
	if (n == 0)
		return len;
	text_dump_hex(d, "Bad Data val\n\t  [", p, len, 0);
	text(d, "]\n");
	return -1;
}

/* Skips the key or range that selects rows of a table; false when it does not fit. */
static bool
selector(struct dis *d, const uint8_t **p, uint32_t *len, unsigned mask, unsigned indent)
{
	if (!(mask & (RANGE | KEYS)))
		return true;
	if (*len < 12) {
		text_fmt(d, "pathlength %u with key/range too short %u\n", *len, 12);
		return false;
	}
	if (mask & RANGE) {
		uint32_t from = be32(d, *p + 4), to = be32(d, *p + 8);

		if (d->v >= 3) {
			text_indent(d, indent);
			text_fmt(d, "Table range: [%u,%u]\n", from, to);
		}
		*p += 12;
		*len -= 12;
	} else {
		unsigned n = be16(d, *p + 6);

		*p += 8;
		*len -= 8;
		if (n < TLV) {
			text_fmt(d, "key content length %u < %u\n", n, TLV);
			return false;
		}
		if (*len < n - TLV) {
			text(d, "key content too short\n");
			return false;
		}
		*p += n - TLV;
		*len -= n - TLV;
	}
	return true;
}

/* Path data: flags, the path as identifiers, what is there. Section 7.1.8. */
static bool
path_data(struct dis *d, const uint8_t *p, uint32_t len, unsigned mask, unsigned indent)
{
	unsigned bits, ids;
	int64_t rest;

	if (len < PATH_HEADER || !have(d, p, PATH_HEADER)) {
		text_trunc(d);
		return false;
	}
	bits = raw16(p);
	ids = raw16(p + 2);
	if (d->v >= 3) {
		text_char(d, '\n');
		text_indent(d, indent);
		text_fmt(d, "Pathdata: Flags 0x%x ID count %u\n", bits, ids);
	}
	mask |= (bits & 1 ? KEYS : 0) | (bits & 2 ? RANGE : 0) | (bits & 4 ? APPEND : 0);
	p += PATH_HEADER;
	len -= PATH_HEADER;
	if (len < ids * 4) {
		text_fmt(d, "\t\t\ttruncated IDs expected %uB got %uB\n", ids * 4, len);
		text_dump_hex(d, "\t\t\tID Data[", p, len, 0);
		text(d, "]\n");
		return false;
	}
	if (mask & RANGE && mask & KEYS) {
		text(d, "\t\t\tIllegal to have both Table ranges and keys\n");
		return false;
	}
	if (mask & APPEND && d->v >= 3) {
		text_indent(d, indent);
		text(d, "TABLE APPEND\n");
	}
	for (unsigned i = 1; i <= ids; i++, p += 4, len -= 4) {
		uint32_t id = be32(d, p);

		if (d->v >= 3) {
			text_indent(d, indent);
			text_fmt(d, "ID#%02u: %u\n", i, id);
		}
	}
	if (!selector(d, &p, &len, mask, indent))
		return false;
	rest = len ? path_content(d, p, len, mask, indent) : 0;
	if (rest > 0)
		return path_list(d, p + (len - rest), (uint32_t)rest, mask, indent + 1);
	return rest == 0;
}

/* PATH-DATA TLVs one after the other. */
static bool
path_list(struct dis *d, const uint8_t *p, uint32_t len, unsigned mask, unsigned indent)
{
	if (indent > DEPTH_MAX) {
		text(d, " [nested too deep]");
		return false;
	}
	while (len) {
		unsigned n = be16(d, p + 2), type;

		if (fits(n, len, TLV))
			break;
		type = raw16(p);
		if (d->v >= 3) {
			text_indent(d, indent);
			text_name(d, tlvs, type, NULL);
			text_fmt(d, ", length %u (data encapsulated %u Bytes)", n, n - TLV);
		}
		if (!path_data(d, p + TLV, n - TLV, mask, indent + 1))
			return false;
		p += aligned(n);
		len -= aligned(n);
	}
	if (len) {
		need(d, p, TLV);
		text_fmt(d, "\n\t\tMessy PATHDATA TLV header, type (0x%x)\n\t\texcess of %u Bytes ", raw16(p),
		    len - raw16(p + 2));
		return false;
	}
	return true;
}

static bool
top_level_type(unsigned type)
{
	return type == TLV_REDIRECT || type == TLV_LFBSELECT || type == TLV_ASRESULT || type == TLV_ASTREASON ||
	    (type >= TLV_PATH && type <= TLV_REDIRECTDATA);
}

/* A single TLV with path data: the answer to a commit. */
static bool
one_path(struct dis *d, const uint8_t *p, uint32_t len, unsigned mask, unsigned indent)
{
	unsigned type = be16(d, p), n = be16(d, p + 2);
	enum fault f = fits(n, len, TLV);

	text(d, "genoptlvprint - ");
	text_name(d, tlvs, type, NULL);
	text_fmt(d, " TLV type 0x%x len %u\n", type, n);
	if (f) {
		text_fmt(d, "\t\t\tInvalid ForCES TLV type=%x", type);
		return false;
	}
	if (!top_level_type(type)) {
		text_name(d, faults, f, NULL);
		text_fmt(d, " TLV type 0x%x len %u\n", type, n);
		return false;
	}
	if (d->v >= 3) {
		text_indent(d, indent);
		text_name(d, tlvs, type, NULL);
		text_fmt(d, ", length %u (data length %u Bytes)", n, n - TLV);
	}
	return path_data(d, p + TLV, n - TLV, mask, indent + 1);
}

static void
unknown_body(struct dis *d, const uint8_t *p, uint32_t len, unsigned indent)
{
	if (d->v < 3)
		return;
	text_indent(d, indent - 1);
	text(d, "Data[");
	text_dump(d, indent, p, len);
	text_char(d, '\n');
	text_indent(d, indent - 1);
	text(d, "]\n");
}

static void
operation(struct dis *d, const uint8_t *p, unsigned indent)
{
	unsigned type = be16(d, p), n = be16(d, p + 2);
	const struct operation *o = &operations[type <= OP_RTRCOMP ? type : 0];
	uint32_t len = n - TLV;

	if (d->v >= 3) {
		text_indent(d, indent);
		text_fmt(d, "Oper TLV %s(0x%x) length %u\n", o->name, type, n);
	}
	p += TLV;
	if (len < 8) {
		text_fmt(d, "\t\tOper TLV %s(0x%x) length %u\n", o->name, type, n);
		text_fmt(d, "\t\tTruncated data size %u minimum required %u\n", len, 8);
		unknown_body(d, p, len, indent);
		return;
	}
	switch ((enum body)o->body) {
	case NO_BODY:
		break;
	case PATHS:
		path_list(d, p, len, o->mask, indent + 1);
		break;
	case ONE_PATH:
		one_path(d, p, len, o->mask, indent + 1);
		break;
	case UNKNOWN_BODY:
		unknown_body(d, p, len, indent + 1);
		break;
	}
}

static bool
allowed(unsigned type, unsigned ops)
{
	return (type >= 1 && type <= OP_RTRCOMP && ops & BIT(type)) || type >= 0x8000;
}

/* Operations on a logical function block, section 7.1.5. p is behind the TLV's header, n its whole length. */
static bool
lfb_select(struct dis *d, const uint8_t *p, unsigned n, unsigned ops, unsigned indent)
{
	uint32_t len = n - TLV;

	if (len <= 12) {
		text_fmt(d, "\n\t\ttruncated lfb selector: %u bytes missing! ", 12 - len);
		return false;
	}
	need(d, p, 8);
	put_field(d, &F[LFB], p, 4);
	put_field(d, &F[INSTANCE], p + 4, 4);
	if (d->v >= 3) {
		text_char(d, '\n');
		text_indent(d, indent);
		text_name(d, lfbs, raw32(p), NULL);
		text_fmt(d, "(Classid %x) instance %x\n", raw32(p), raw32(p + 4));
	}
	p += 8;
	len -= 8;
	while (len) {
		unsigned type = be16(d, p), size = be16(d, p + 2);

		if (fits(size, len, TLV))
			break;
		if (allowed(type, ops)) {
			operation(d, p, indent + 1);
		} else {
			if (d->v < 3)
				text_char(d, '\n');
			text_fmt(d, "\t\tINValid oper-TLV type 0x%x length %u for this ForCES message\n", type, size);
			unknown_body(d, p, len, indent + 1);
		}
		p += aligned(size);
		len -= aligned(size);
	}
	if (len) {
		need(d, p, TLV);
		text_fmt(d, "\n\t\tMessy oper TLV header, type (0x%x)\n\t\texcess of %u Bytes ", raw16(p),
		    len - raw16(p + 2));
		return false;
	}
	return true;
}

/* Metadata of a redirected packet. */
static void
metadata(struct dis *d, const uint8_t *p, uint32_t len, unsigned indent)
{
	text_char(d, '\n');
	text_indent(d, indent);
	text_fmt(d, " METADATA length %u\n", len);
	while (len) {
		if (len < ILV || fits(be32(d, p + 4), len, ILV))
			return;
		text_indent(d, indent + 1);
		text_fmt(d, "MetaID 0x%x length %u\n", raw32(p), raw32(p + 4));
		if (d->v >= 3) {
			text_dump_hex(d, "\t\t[", p + ILV, raw32(p + 4) - ILV, 0);
			text(d, " ]\n");
		}
		len -= aligned(raw32(p + 4));
		p += aligned(raw32(p + 4));
	}
}

/* A redirected packet, section 7.1.9. */
static bool
redirect(struct dis *d, const uint8_t *p, unsigned n, unsigned indent)
{
	uint32_t len = n - TLV;

	if (len <= 8) {
		text_fmt(d, "\n\t\ttruncated Redirect TLV: %u bytes missing! ", 8 - len);
		return false;
	}
	indent++;
	while (len) {
		unsigned type = be16(d, p), size = be16(d, p + 2);

		if (fits(size, len, TLV)) {
			text(d, "Bad Redirect data\n");
			break;
		}
		if (type == TLV_METADATA) {
			metadata(d, p + TLV, size - TLV, indent);
		} else if (type == TLV_REDIRECTDATA) {
			text_char(d, '\n');
			text_indent(d, indent);
			text_fmt(d, " Redirect Data length %u\n", size - TLV);
			if (d->v >= 3) {
				text(d, "\t\t[");
				text_dump_hex(d, "\n\t\t", p + TLV, size - TLV, 0);
				text(d, "\n\t\t]");
			}
		} else {
			text_fmt(d, "Unknown REDIRECT TLV 0x%x len %u\n", type, size);
		}
		p += aligned(size);
		len -= aligned(size);
	}
	if (len) {
		need(d, p, TLV);
		text_fmt(d, "\n\t\tMessy Redirect TLV header, type (0x%x)\n\t\texcess of %u Bytes ", raw16(p),
		    len - raw16(p + 2));
		return false;
	}
	return true;
}

/* Why an association ends, or how asking for one went: a single number. */
static bool
association(struct dis *d, const uint8_t *p, unsigned n, bool ends, unsigned indent)
{
	const char *what = ends ? "AST" : "ASR";
	uint32_t code;

	if (n - TLV != 4) {
		text_fmt(d, "illegal %sresult-TLV: %u bytes!\n", what, n - TLV);
		return false;
	}
	code = be32(d, p);
	if (code > (ends ? 255u : 3u)) {
		text_fmt(d, "illegal %sresult result code: %u!\n", what, code);
		return false;
	}
	if (d->v < 3)
		return true;
	text(d, ends ? "Teardown reason:\n" : "\n");
	text_indent(d, indent);
	if (ends)
		text_name(d, teardowns, code, "Unknown Teardown reason");
	else
		text_name(d, setups, code, "Unknown ");
	text_fmt(d, "(%x)\n", code);
	text_indent(d, indent);
	return true;
}

static bool
top_level(struct dis *d, unsigned kind, const uint8_t *p, unsigned n)
{
	enum { INDENT = 9 };

	switch (kind) {
	case MSG_TEARDOWN:
		return association(d, p, n, true, INDENT);
	case MSG_SETUP_RESPONSE:
		return association(d, p, n, false, INDENT);
	case MSG_REDIRECT:
		return redirect(d, p, n, INDENT);
	default:
		return lfb_select(d, p, n, messages[kind].ops, INDENT);
	}
}

/* Everything behind the header. False when something is wrong with it. */
static bool
message_body(struct dis *d, unsigned kind, const uint8_t *p, uint32_t len)
{
	const struct message *m = &messages[kind];

	if (len > TLV) {
		if (m->carry == NOTHING) {
			text(d, "<0x1>Illegal Top level TLV!\n");
			return false;
		}
	} else {
		if (m->carry == REQUIRED) {
			text(d, "\tTop level TLV Data missing!\n");
			return false;
		}
		return true;
	}
	for (unsigned i = 0; i < m->top && len; i++) {
		unsigned type = be16(d, p), n = be16(d, p + 2);

		if (fits(n, len, TLV))
			break;
		if (!top_level_type(type)) {
			text_fmt(d, "\n\tInvalid ForCES Top TLV type=0x%x", type);
			return false;
		}
		if (d->v >= 3) {
			text_char(d, '\t');
			text_name(d, tlvs, type, NULL);
			text_fmt(d, ", length %u (data length %u Bytes)", n, n - TLV);
		}
		if (!top_level(d, kind, p + TLV, n))
			return false;
		p += aligned(n);
		len -= aligned(n);
	}
	if (len) {
		need(d, p, TLV);
		text_fmt(d, "\tMess TopTLV header: min %u, total %u advertised %u ", TLV, len, raw16(p + 2));
		return false;
	}
	return true;
}

/* Which kind of element an identifier belongs to, section 6.1. */
static const char *
element(uint32_t id)
{
	if (id < 0x40000000)
		return "FE";
	if (id < 0x80000000)
		return "CE";
	if (id >= 0xc0000000 && id <= 0xffffffef)
		return "AllMulticast";
	switch (id) {
	case 0xfffffffd:
		return "AllCEsBroadcast";
	case 0xfffffffe:
		return "AllFEsBroadcast";
	case 0xffffffff:
		return "AllBroadcast";
	}
	return "ForCESreserved";
}

static void
text_flags(struct dis *d, uint32_t bits)
{
	const struct { const struct name *names; const char *unknown; unsigned v; } parts[] = {
		{ acks, "ACKUnknown", bits >> 30 }, { modes, "EMUnknown", bits >> 22 & 3 },
		{ atomic, "ATUnknown", bits >> 21 & 1 }, { phases, "TPUnknown", bits >> 19 & 3 },
	};

	text(d, "\n\tForCES flags:\n\t  ");
	for (unsigned i = 0; i < 4; i++) {
		text_name(d, parts[i].names, parts[i].v, parts[i].unknown);
		text_fmt(d, "(0x%x)", parts[i].v);
		if (i == 0)
			text_fmt(d, ", prio=%u, ", bits >> 27 & 7);
		else
			text(d, i == 1 ? ",\n\t  " : i == 2 ? ", " : "\n");
	}
	text_fmt(d, "\t  Extra flags: rsv(b5-7) 0x%x rsv(b13-31) 0x%x\n", bits >> 24 & 7, bits & 0x7ffff);
}

static void
put_header(struct dis *d, const uint8_t *p)
{
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[TYPE], p + 1, 1);
	put_value(d, &F[LENGTH], raw16(p + 2) * 4u);
	put_field(d, &F[SOURCE], p + 4, 4);
	put_field(d, &F[DESTINATION], p + 8, 4);
	put_field(d, &F[CORRELATOR], p + 12, 8);
	for (unsigned i = ACK; i <= PHASE; i++)
		put_field(d, &F[i], p + 20, 4);
}

/* The message; false when it makes no sense. */
static bool
message(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned kind = p[1];
	uint32_t n = raw16(p + 2) * 4u;

	if (kind == 0 || (kind > MSG_REDIRECT && kind < MSG_HEARTBEAT) || kind == 16 || kind >= MESSAGES) {
		text_fmt(d, "Invalid ForCES message type %u\n", kind);
		return false;
	}
	if (messages[kind].name == NULL) {
		text_fmt(d, "\n\tUnknown ForCES message type=0x%x", kind);
		return false;
	}
	text(d, "\n\tForCES "), text(d, messages[kind].name), text_char(d, ' ');
	if (n < HEADER || n != len) {
		text_fmt(d, "Illegal ForCES pkt len - min %u, total recvd %u, advertised %u ", HEADER, len, n);
		return false;
	}
	if (d->v >= 1) {
		text_fmt(d, "\n\tForCES Version %u len %uB flags 0x%08x ", p[0] >> 4, n, raw32(p + 20));
		text_fmt(d, "\n\tSrcID 0x%x(%s) DstID 0x%x(%s) Correlator 0x", raw32(p + 4), element(raw32(p + 4)),
		    raw32(p + 8), element(raw32(p + 8)));
		text_x(d, be64(d, p + 12), 0);
	}
	if (d->v >= 2)
		text_flags(d, raw32(p + 20));
	return message_body(d, kind, p + HEADER, len - HEADER);
}

static void
forces(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_forces);
	if (!have(d, p, HEADER)) {
		text_trunc(d);
		return;
	}
	if (d->sink)
		put_header(d, p);
	if (!message(d, p, len)) {
		text_dump_hex(d, "\n\t[", p, len, 0);
		text(d, "\n\t]");
		return;
	}
	if (d->v >= 4) {
		text(d, "\n\t  Raw ForCES message\n\t [");
		text_dump_hex(d, "\n\t ", p, len, 0);
		text(d, "\n\t ]");
	}
}

const struct proto proto_forces =
    PROTO("forces", "forces", "Forwarding and Control Element Separation", forces, F);
