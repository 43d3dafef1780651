/*
 * Simple Network Management Protocol: version 1 (RFC 1157), 2c (RFC 1901, 3416) and 3 (RFC 3412, 3414), in the Basic
 * Encoding Rules of ASN.1 (X.690).
 */
#include "proto/app/snmp_mib.h"
#include "dissect/dissect.h"

enum { V1 = 0, V2C = 1, V3 = 3, USM = 3 };
enum { PDU_GET, PDU_GETNEXT, PDU_RESPONSE, PDU_SET, PDU_TRAP, PDU_BULK, PDU_INFORM, PDU_TRAP2, PDU_REPORT };

static const struct name versions[] = { { V1, "v1" }, { V2C, "v2c" }, { V3, "v3" }, { 0, NULL } };

static const struct name universal[] = {
	{ 0, "U-0" }, { 1, "Boolean" }, { 2, "Integer" }, { 3, "Bitstring" }, { 4, "String" }, { 5, "Null" },
	{ 6, "ObjID" }, { 7, "ObjectDes" }, { 8, "U-8" }, { 9, "U-9" }, { 10, "U-10" }, { 11, "U-11" },
	{ 12, "U-12" }, { 13, "U-13" }, { 14, "U-14" }, { 15, "U-15" }, { 16, "Sequence" }, { 17, "Set" },
	{ 0, NULL }
};
static const struct name application[] = {
	{ 0, "IpAddress" }, { 1, "Counter" }, { 2, "Gauge" }, { 3, "TimeTicks" }, { 4, "Opaque" }, { 5, "C-5" },
	{ 6, "Counter64" }, { 0, NULL }
};
static const struct name pdus[] = {
	{ PDU_GET, "GetRequest" }, { PDU_GETNEXT, "GetNextRequest" }, { PDU_RESPONSE, "GetResponse" },
	{ PDU_SET, "SetRequest" }, { PDU_TRAP, "Trap" }, { PDU_BULK, "GetBulk" }, { PDU_INFORM, "Inform" },
	{ PDU_TRAP2, "V2Trap" }, { PDU_REPORT, "Report" }, { 0, NULL }
};
static const struct name private[] = { { 0, "P-0" }, { 0, NULL } };
static const struct name *const classes[4] = { universal, application, pdus, private };

static const struct name exceptions[] = {
	{ 0, "noSuchObject" }, { 1, "noSuchInstance" }, { 2, "endOfMibView" }, { 0, NULL }
};

static const struct name errors[] = {
	{ 0, "noError" }, { 1, "tooBig" }, { 2, "noSuchName" }, { 3, "badValue" }, { 4, "readOnly" }, { 5, "genErr" },
	{ 6, "noAccess" }, { 7, "wrongType" }, { 8, "wrongLength" }, { 9, "wrongEncoding" }, { 10, "wrongValue" },
	{ 11, "noCreation" }, { 12, "inconsistentValue" }, { 13, "resourceUnavailable" }, { 14, "commitFailed" },
	{ 15, "undoFailed" }, { 16, "authorizationError" }, { 17, "notWritable" }, { 18, "inconsistentName" },
	{ 0, NULL }
};

enum { TRAP_ENTERPRISE = 6 };
static const struct name traps[] = {
	{ 0, "coldStart" }, { 1, "warmStart" }, { 2, "linkDown" }, { 3, "linkUp" }, { 4, "authenticationFailure" },
	{ 5, "egpNeighborLoss" }, { TRAP_ENTERPRISE, "enterpriseSpecific" }, { 0, NULL }
};

enum {
	VERSION, COMMUNITY, PDU, REQUEST_ID, ERROR, ERROR_INDEX, NON_REPEATERS, MAX_REPETITIONS, ENTERPRISE, AGENT,
	GENERIC, SPECIFIC, TIME, NAME, V_INT, V_UINT, V_OCTETS, V_OID, V_IP4, MSG_ID, MSG_MAX, MSG_FLAGS, MSG_MODEL,
	ENGINE, BOOTS, ENGINE_TIME, USER, AUTH_PARAMS, PRIV_PARAMS, CTX_ENGINE, CTX_NAME, ENCRYPTED,
};
static const struct field F[] = {
	[VERSION] = { "snmp.version", U32, .names = versions, .help = "Version" },
	[COMMUNITY] = { "snmp.community", STR, .help = "Community" },
	[PDU] = { "snmp.data", U8, .names = pdus, .help = "Kind of PDU" },
	[REQUEST_ID] = { "snmp.request_id", I32, .help = "Request identifier" },
	[ERROR] = { "snmp.error_status", I32, .names = errors, .help = "Error status" },
	[ERROR_INDEX] = { "snmp.error_index", I32, .help = "Which variable the error is about" },
	[NON_REPEATERS] = { "snmp.non_repeaters", I32, .help = "GetBulk: variables asked for once" },
	[MAX_REPETITIONS] = { "snmp.max_repetitions", I32, .help = "GetBulk: repetitions of the others" },
	[ENTERPRISE] = { "snmp.enterprise", STR, .help = "Trap: object identifier of the sender's kind" },
	[AGENT] = { "snmp.agent_addr", IP4, .help = "Trap: address of the sender" },
	[GENERIC] = { "snmp.generic_trap", I32, .names = traps, .help = "Trap: generic code" },
	[SPECIFIC] = { "snmp.specific_trap", I32, .help = "Trap: specific code" },
	[TIME] = { "snmp.time_stamp", U32, .help = "Trap: hundredths of a second since the sender started" },
	[NAME] = { "snmp.name", STR, .help = "Object identifier of a variable" },
	[V_INT] = { "snmp.value.int", I32, .help = "Integer value" },
	[V_UINT] = { "snmp.value.u32", U64, .help = "Unsigned value: counter, gauge, time ticks" },
	[V_OCTETS] = { "snmp.value.octets", BYTES, .help = "Octet string value" },
	[V_OID] = { "snmp.value.oid", STR, .help = "Object identifier value" },
	[V_IP4] = { "snmp.value.ipv4", IP4, .help = "IPv4 address value" },
	[MSG_ID] = { "snmp.msgID", I32, .help = "v3: message identifier" },
	[MSG_MAX] = { "snmp.msgMaxSize", I32, .help = "v3: largest message the sender takes" },
	[MSG_FLAGS] = { "snmp.msgFlags", U8, .help = "v3: authentic (1), private (2), reportable (4)" },
	[MSG_MODEL] = { "snmp.msgSecurityModel", I32, .help = "v3: security model" },
	[ENGINE] = { "snmp.msgAuthoritativeEngineID", BYTES, .help = "v3: authoritative engine" },
	[BOOTS] = { "snmp.msgAuthoritativeEngineBoots", I32, .help = "v3: how often that engine started" },
	[ENGINE_TIME] = { "snmp.msgAuthoritativeEngineTime", I32, .help = "v3: seconds since it did" },
	[USER] = { "snmp.msgUserName", STR, .help = "v3: user" },
	[AUTH_PARAMS] = { "snmp.msgAuthenticationParameters", BYTES, .help = "v3: message digest" },
	[PRIV_PARAMS] = { "snmp.msgPrivacyParameters", BYTES, .help = "v3: salt" },
	[CTX_ENGINE] = { "snmp.contextEngineID", BYTES, .help = "v3: context engine" },
	[CTX_NAME] = { "snmp.contextName", STR, .help = "v3: context" },
	[ENCRYPTED] = { "snmp.encryptedPDU", BYTES, .help = "v3: scoped PDU, encrypted" },
};

extern const struct proto proto_snmp;

/* What is still to be read of a constructed value (or of the message). */
struct span_left {
	const uint8_t *p;
	uint32_t n;
};

enum kind {
	K_NONE, K_STRING, K_INT, K_UNSIGNED, K_UNSIGNED64, K_OID, K_NULL, K_OCTETS, K_ADDRESS, K_EXCEPTION,
	K_SEQUENCE, K_PDU,
};

/* One value of the encoding. */
struct ber {
	enum kind kind;
	uint32_t id;		/* tag number */
	uint32_t size;		/* bytes it takes with tag and length */
	struct span_left body;
	uint64_t number;	/* K_UNSIGNED, K_UNSIGNED64; K_INT as 32 bits */
};

static inline int32_t
integer(const struct ber *e)
{
	return (int32_t)(uint32_t)e->number;
}

/* Reads the tag's number when it does not fit its first byte (X.690 section 8.1.2.4). */
static bool
long_tag(struct dis *d, struct span_left *c, uint32_t *id)
{
	uint8_t v = 0;

	while (u8(d, c->p) & 0x80) {
		if (c->n < 1) {
			text(d, "[Xtagfield?]");
			return false;
		}
		v = (uint8_t)(v << 7 | (*c->p & 0x7f));
		c->p++;
		c->n--;
	}
	if (c->n < 1) {
		text(d, "[Xtagfield?]");
		return false;
	}
	*id = (uint8_t)(v << 7 | *c->p);
	c->p++;
	c->n--;
	return true;
}

/* Length octets (X.690 section 8.1.3). */
static bool
length_octets(struct dis *d, struct span_left *c, uint32_t *len)
{
	unsigned n;

	if (c->n < 1) {
		text(d, "[no asnlen]");
		return false;
	}
	*len = u8(d, c->p++);
	c->n--;
	if (*len & 0x80) {
		n = *len & 0x7f;
		*len = 0;
		if (c->n < n) {
			text_fmt(d, "[asnlen? %d<%d]", (int)c->n, (int)n);
			return false;
		}
		if (!have(d, c->p, n)) {
			text_trunc(d);
			return false;
		}
		for (; n; n--, c->n--)
			*len = *len << 8 | *c->p++;
	}
	if (c->n < *len) {
		text_fmt(d, "[len%d<asnlen%u]", (int)c->n, *len);
		return false;
	}
	return true;
}

/* Numbers: big-endian, of any length; what does not fit is shifted out. */
static bool
number_body(struct dis *d, struct ber *e)
{
	uint64_t v = 0;

	if (e->kind == K_INT) {
		if (e->body.n == 0) {
			text(d, "[asnlen=0]");
			return false;
		}
		if (*e->body.p & 0x80)
			v = UINT64_MAX;
	}
	for (uint32_t i = 0; i < e->body.n; i++)
		v = v << 8 | e->body.p[i];
	e->number = e->kind == K_UNSIGNED64 ? v : (uint32_t)v;
	return true;
}

/* What kind of value this tag announces; says tags that mean nothing here. */
static bool
classify(struct dis *d, struct ber *e, unsigned class, bool constructed)
{
	static const enum kind of_universal[] = { [2] = K_INT, [4] = K_STRING, [5] = K_NULL, [6] = K_OID };
	static const enum kind of_application[] = {
		[0] = K_ADDRESS, [1] = K_UNSIGNED, [2] = K_UNSIGNED, [3] = K_UNSIGNED, [6] = K_UNSIGNED64
	};
	const char *name = name_of(classes[class], e->id);
	/* tcpdump writes every class it did not expect as x. */
	const char *class_name = class == 0 ? "U" : class == 1 ? "A" : "x";

	if (name == NULL) {
		text_fmt(d, "[id?%c/x/%u]", constructed ? 'C' : 'P', e->id);
		return false;
	}
	if (!have(d, e->body.p, e->body.n)) {
		text_trunc(d);
		return false;
	}
	if (constructed) {
		if (class == 0 && e->id == 16)
			e->kind = K_SEQUENCE;
		else if (class == 2)
			e->kind = K_PDU;
		else
			text_fmt(d, "C/%s/%s", class == 0 ? "U" : "x", name);
	} else if (class == 0) {
		e->kind = e->id < 7 ? of_universal[e->id] : K_NONE;
		if (e->kind == K_NONE)
			text_fmt(d, "[P/%s/%s]", class_name, name);
	} else if (class == 1) {
		e->kind = of_application[e->id];
		if (e->kind == K_NONE)
			text_fmt(d, "[P/%s/%s]", class_name, name);
	} else if (class == 2) {
		/* A tag without meaning stays K_NONE, "any". */
		if (e->id <= 2)
			e->kind = K_EXCEPTION;
		return true;
	} else {
		text_fmt(d, "[P/%s/%s]", class_name, name);
	}
	if (e->kind == K_NONE)
		e->kind = K_OCTETS;
	return true;
}

/*
 * Takes the next value off *c; all of it is captured then. False: it makes no sense or is cut short, and that has
 * been said.
 */
static bool
ber_next(struct dis *d, struct span_left *c, struct ber *e)
{
	struct span_left start = *c;
	unsigned class;
	bool constructed;

	*e = (struct ber) { .kind = K_NONE };
	if (c->n < 1) {
		text(d, "[nothing to parse]");
		return false;
	}
	e->id = u8(d, c->p);
	class = e->id >> 6;
	constructed = e->id & 0x20;
	e->id &= 0x1f;
	c->p++;
	c->n--;
	if (e->id == 0x1f && !long_tag(d, c, &e->id))
		return false;
	if (!length_octets(d, c, &e->body.n))
		return false;
	e->body.p = c->p;
	if (!classify(d, e, class, constructed))
		return false;
	if ((e->kind == K_INT || e->kind == K_UNSIGNED || e->kind == K_UNSIGNED64) && !number_body(d, e))
		return false;
	c->p += e->body.n;
	c->n -= e->body.n;
	e->size = start.n - c->n;
	return true;
}

/* In quotes when all is printable, otherwise in hex. */
static void
text_string(struct dis *d, const struct ber *e)
{
	const uint8_t *p = e->body.p;
	bool printable = true;

	for (uint32_t i = 0; printable && i < e->body.n; i++)
		printable = p[i] >= ' ' && p[i] <= '~';
	if (printable) {
		text_char(d, '"');
		text_n(d, (const char *)p, e->body.n);
		text_char(d, '"');
		return;
	}
	for (uint32_t i = 0; i < e->body.n; i++) {
		if (i)
			text_char(d, '_');
		text_x(d, p[i], 2);
	}
}

static void
text_octets(struct dis *d, const struct ber *e)
{
	for (uint32_t i = 0; i < e->body.n; i++)
		text_char(d, '_'), text_x(d, e->body.p[i], 2);
}

/* The child `id` of the node at index `at` (mib_size: of nothing), or mib_size. */
static unsigned
mib_child(unsigned at, uint32_t id)
{
	unsigned depth;

	if (at >= mib_size)
		return mib_size;
	depth = mib[at].depth + 1u;
	for (unsigned i = at + 1; i < mib_size && mib[i].depth >= depth; i++)
		if (mib[i].depth == depth && mib[i].id == id)
			return i;
	return mib_size;
}

/* Well-known beginnings of identifiers, which are left out or shortened. */
static const struct {
	uint8_t n, path[6];	/* components, the first being iso */
	uint8_t size, code[5];	/* the same as it is encoded */
	const char *prefix;
} abbreviations[] = {
	{ 6, { 1, 3, 6, 1, 2, 1 }, 5, { 43, 6, 1, 2, 1 }, "" },
	{ 6, { 1, 3, 6, 1, 4, 1 }, 5, { 43, 6, 1, 4, 1 }, "E:" },
	{ 5, { 1, 3, 6, 1, 3 }, 4, { 43, 6, 1, 3 }, "X:" },
	{ 6, { 1, 3, 6, 1, 6, 3 }, 5, { 43, 6, 1, 6, 3 }, "S:" },
};

/* An object identifier, with names unless -n. */
static void
text_oid(struct dis *d, const struct ber *e)
{
	const uint8_t *p = e->body.p, *end = p + e->body.n;
	unsigned node = mib_size;	/* where in the tree we are; mib_size: outside */
	bool dot = true, first = true, names = !d->n;
	uint32_t v = 0;

	if (names && e->body.n > 2) {
		for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++) {
			if (e->body.n < abbreviations[i].size ||
			    memcmp(p, abbreviations[i].code, abbreviations[i].size) != 0)
				continue;
			text(d, abbreviations[i].prefix);
			p += abbreviations[i].size;
			node = 0;
			for (unsigned k = 1; k < abbreviations[i].n; k++)
				node = mib_child(node, abbreviations[i].path[k]);
			dot = false;
			first = false;
			break;
		}
	}
	for (; p < end; p++) {
		v = (v << 7) + (*p & 0x7f);
		if (*p & 0x80)
			continue;
		/* The first number holds two components (X.690 section 8.19.4). */
		if (first) {
			uint32_t root = v / 40 > 2 ? 2 : v / 40;

			first = false;
			v -= root * 40;
			text_char(d, '.');
			if (names && root == mib[0].id) {
				text(d, mib[0].name);
				node = 0;
			} else {
				text_u(d, root);
			}
		}
		if (dot)
			text_char(d, '.');
		dot = true;
		node = mib_child(node, v);
		if (node < mib_size)
			text(d, mib[node].name);
		else
			text_u(d, v);
		v = 0;
	}
}

static void
text_value(struct dis *d, const struct ber *e)
{
	const uint8_t *p = e->body.p;

	switch (e->kind) {
	case K_NONE:
		text(d, "[BE_ANY!?]");
		break;
	case K_STRING:
		text_string(d, e);
		break;
	case K_INT:
		text_i(d, integer(e));
		break;
	case K_UNSIGNED:
	case K_UNSIGNED64:
		text_u(d, e->number);
		break;
	case K_OID:
		text_oid(d, e);
		break;
	case K_NULL:
		break;
	case K_OCTETS:
		text_octets(d, e);
		break;
	case K_ADDRESS:
		if (e->body.n != 4)
			text(d, "[inetaddr len!=4]");
		for (uint32_t i = 0; i < e->body.n; i++) {
			if (i)
				text_char(d, '.');
			text_u(d, p[i]);
		}
		break;
	case K_EXCEPTION:
		text_fmt(d, "[%s]", name_of(exceptions, e->id));
		break;
	case K_SEQUENCE:
		text_fmt(d, "Seq(%u)", e->body.n);
		break;
	case K_PDU:
		text_fmt(d, "%s(%u)", name_of(pdus, e->id), e->body.n);
		break;
	}
}

/* Takes the next value, which has to be of this kind; if not, says "[what]" and the value. */
static bool
ber_want(struct dis *d, struct span_left *c, struct ber *e, enum kind kind, const char *what)
{
	if (!ber_next(d, c, e))
		return false;
	if (e->kind == kind)
		return true;
	text_char(d, '['), text(d, what), text_char(d, ']');
	text_value(d, e);
	return false;
}

/* --- fields ---------------------------------------------------------------------------------------------------- */

/* An object identifier as dotted numbers, as far as it fits. */
static void
put_oid(struct dis *d, const struct field *f, const struct ber *e)
{
	char buf[512], *out = buf;
	uint32_t v = 0;
	bool first = true;

	if (d->sink == NULL)
		return;
	for (uint32_t i = 0; i < e->body.n && out < buf + sizeof buf - 16; i++) {
		char digits[10];
		unsigned n = 0;

		v = (v << 7) + (e->body.p[i] & 0x7f);
		if (e->body.p[i] & 0x80)
			continue;
		if (first) {
			uint32_t root = v / 40 > 2 ? 2 : v / 40;

			*out++ = (char)('0' + root);
			v -= root * 40;
			first = false;
		}
		*out++ = '.';
		do {
			digits[n++] = (char)('0' + v % 10);
			v /= 10;
		} while (v);
		while (n)
			*out++ = digits[--n];
		v = 0;
	}
	put_string(d, f, buf, (size_t)(out - buf));
}

static void
put_variable(struct dis *d, const struct ber *e)
{
	switch (e->kind) {
	case K_INT:
		put_value(d, &F[V_INT], (uint64_t)(int64_t)integer(e));
		break;
	case K_UNSIGNED:
	case K_UNSIGNED64:
		put_value(d, &F[V_UINT], e->number);
		break;
	case K_STRING:
		put_field(d, &F[V_OCTETS], e->body.p, e->body.n);
		break;
	case K_OID:
		put_oid(d, &F[V_OID], e);
		break;
	case K_ADDRESS:
		put_field(d, &F[V_IP4], e->body.p, e->body.n);
		break;
	default:
		break;
	}
}

static void
put_int(struct dis *d, unsigned f, const struct ber *e)
{
	put_value(d, &F[f], (uint64_t)(int64_t)integer(e));
}

static void
put_body(struct dis *d, unsigned f, const struct ber *e)
{
	put_field(d, &F[f], e->body.p, e->body.n);
}

/* --- messages --------------------------------------------------------------------------------------------------- */

static inline bool
is_read(unsigned pdu)
{
	return pdu == PDU_GET || pdu == PDU_GETNEXT || pdu == PDU_BULK;
}

static void
text_extra(struct dis *d, uint32_t n, const char *after)
{
	if (n)
		text_fmt(d, "[%u extra after %s]", n, after);
}

/* The list of variables. */
static void
bindings(struct dis *d, unsigned pdu, struct span_left c)
{
	struct ber list, binding, e;

	if (!ber_want(d, &c, &list, K_SEQUENCE, "!SEQ of varbind"))
		return;
	text_extra(d, c.n, "SEQ of varbind");
	for (c = list.body; c.n;) {
		struct span_left in;

		text_char(d, ' ');
		if (!ber_want(d, &c, &binding, K_SEQUENCE, "!varbind"))
			return;
		in = binding.body;
		if (!ber_want(d, &in, &e, K_OID, "objName!=OID"))
			return;
		put_oid(d, &F[NAME], &e);
		text_oid(d, &e);
		if (!is_read(pdu))
			text_char(d, '=');
		if (!ber_next(d, &in, &e))
			return;
		put_variable(d, &e);
		if (e.kind == K_NULL)
			continue;
		if (is_read(pdu))
			text(d, "[objVal!=NULL]");
		text_value(d, &e);
	}
}

static void
text_error(struct dis *d, int32_t v)
{
	text_name(d, errors, (uint32_t)v, "err=%u");
}

/* Every PDU but the trap of version 1. */
static void
ordinary(struct dis *d, unsigned pdu, struct span_left c)
{
	bool asks = pdu == PDU_GET || pdu == PDU_GETNEXT || pdu == PDU_SET || pdu == PDU_INFORM || pdu == PDU_TRAP2 ||
	    pdu == PDU_REPORT;
	bool failed = false;
	struct ber e;
	int32_t v;

	if (!ber_want(d, &c, &e, K_INT, "reqId!=INT"))
		return;
	put_int(d, REQUEST_ID, &e);
	if (d->v)
		text_fmt(d, "R=%d ", integer(&e));

	if (!ber_want(d, &c, &e, K_INT, "errorStatus!=INT"))
		return;
	put_int(d, pdu == PDU_BULK ? NON_REPEATERS : ERROR, &e);
	v = integer(&e);
	if (asks && v) {
		text(d, "[errorStatus("), text_error(d, v), text(d, ")!=0]");
	} else if (pdu == PDU_BULK) {
		text(d, " N="), text_i(d, v);
	} else if (v) {
		text_char(d, ' '), text_error(d, v);
		failed = true;
	}

	if (!ber_want(d, &c, &e, K_INT, "errorIndex!=INT"))
		return;
	put_int(d, pdu == PDU_BULK ? MAX_REPETITIONS : ERROR_INDEX, &e);
	v = integer(&e);
	if (asks && v)
		text_fmt(d, "[errorIndex(%d)!=0]", v);
	else if (pdu == PDU_BULK)
		text(d, " M="), text_i(d, v);
	else if (v && !failed)
		text_fmt(d, "[errorIndex(%d) w/o errorStatus]", v);
	else if (v)
		text_char(d, '@'), text_i(d, v);
	else if (failed)
		text(d, "[errorIndex==0]");

	bindings(d, pdu, c);
}

/* The trap of version 1, RFC 1157 section 4.1.6. */
static void
trap(struct dis *d, struct span_left c)
{
	struct ber e;
	int32_t generic;

	text_char(d, ' ');
	if (!ber_want(d, &c, &e, K_OID, "enterprise!=OID"))
		return;
	put_oid(d, &F[ENTERPRISE], &e);
	text_oid(d, &e);

	text_char(d, ' ');
	if (!ber_want(d, &c, &e, K_ADDRESS, "agent-addr!=INETADDR"))
		return;
	put_body(d, AGENT, &e);
	text_value(d, &e);

	if (!ber_want(d, &c, &e, K_INT, "generic-trap!=INT"))
		return;
	put_int(d, GENERIC, &e);
	generic = integer(&e);
	text_char(d, ' ');
	text_name(d, traps, (uint32_t)generic, "gt=%d");

	if (!ber_want(d, &c, &e, K_INT, "specific-trap!=INT"))
		return;
	put_int(d, SPECIFIC, &e);
	if (generic == TRAP_ENTERPRISE)
		text_fmt(d, " s=%d", integer(&e));
	else if (integer(&e))
		text_fmt(d, "[specific-trap(%d)!=0]", integer(&e));

	text_char(d, ' ');
	if (!ber_want(d, &c, &e, K_UNSIGNED, "time-stamp!=TIMETICKS"))
		return;
	put_value(d, &F[TIME], e.number);
	text_u(d, e.number);
	bindings(d, PDU_TRAP, c);
}

static void
pdu(struct dis *d, struct span_left c, int version)
{
	struct ber e;

	if (!ber_next(d, &c, &e))
		return;
	if (e.kind != K_PDU) {
		text(d, "[no PDU]");
		return;
	}
	text_extra(d, c.n, "PDU");
	if (d->v)
		text(d, "{ ");
	put_value(d, &F[PDU], e.id);
	text_value(d, &e);
	text_char(d, ' ');
	if (version == V1 && e.id >= PDU_BULK) {
		text(d, "[v2 PDU in v1 message]");
		return;
	}
	if (version == V2C && e.id == PDU_TRAP) {
		text(d, "[v1 PDU in v2 message]");
		return;
	}
	if (e.id == PDU_TRAP)
		trap(d, e.body);
	else
		ordinary(d, e.id, e.body);
	if (d->v)
		text(d, " } ");
}

/* Versions 1 and 2c: a community, and the PDU. */
static void
community(struct dis *d, struct span_left c, int version)
{
	struct ber e;

	if (!ber_want(d, &c, &e, K_STRING, "comm!=STR"))
		return;
	put_body(d, COMMUNITY, &e);
	/* The usual one is not worth a word. */
	if (e.body.n != 6 || memcmp(e.body.p, "public", 6) != 0) {
		text(d, "C=");
		text_string(d, &e);
		text_char(d, ' ');
	}
	pdu(d, c, version);
}

/* Security parameters of the user-based model, RFC 3414 section 2.4. */
static void
usm(struct dis *d, struct span_left c)
{
	struct ber e;

	if (!ber_want(d, &c, &e, K_SEQUENCE, "!usm"))
		return;
	c = e.body;
	if (!ber_want(d, &c, &e, K_STRING, "msgAuthoritativeEngineID!=STR"))
		return;
	put_body(d, ENGINE, &e);
	if (!ber_want(d, &c, &e, K_INT, "msgAuthoritativeEngineBoots!=INT"))
		return;
	put_int(d, BOOTS, &e);
	if (d->v)
		text_fmt(d, "B=%d ", integer(&e));
	if (!ber_want(d, &c, &e, K_INT, "msgAuthoritativeEngineTime!=INT"))
		return;
	put_int(d, ENGINE_TIME, &e);
	if (d->v)
		text_fmt(d, "T=%d ", integer(&e));
	if (!ber_want(d, &c, &e, K_STRING, "msgUserName!=STR"))
		return;
	put_body(d, USER, &e);
	text(d, "U=");
	text_string(d, &e);
	text_char(d, ' ');
	if (!ber_want(d, &c, &e, K_STRING, "msgAuthenticationParameters!=STR"))
		return;
	put_body(d, AUTH_PARAMS, &e);
	if (!ber_want(d, &c, &e, K_STRING, "msgPrivacyParameters!=STR"))
		return;
	put_body(d, PRIV_PARAMS, &e);
	if (e.size < c.n)
		text_extra(d, c.n - e.size, "usm SEQ");
}

static void
scoped(struct dis *d, struct span_left c)
{
	struct ber e;

	if (!ber_want(d, &c, &e, K_SEQUENCE, "!scoped PDU"))
		return;
	c = e.body;
	if (!ber_want(d, &c, &e, K_STRING, "contextEngineID!=STR"))
		return;
	put_body(d, CTX_ENGINE, &e);
	text(d, "E=");
	text_octets(d, &e);
	text_char(d, ' ');
	if (!ber_want(d, &c, &e, K_STRING, "contextName!=STR"))
		return;
	put_body(d, CTX_NAME, &e);
	text(d, "C=");
	text_string(d, &e);
	text_char(d, ' ');
	pdu(d, c, V3);
}

/* Version 3, RFC 3412 section 6. */
static void
version3(struct dis *d, struct span_left c)
{
	struct span_left header;
	struct ber e;
	unsigned flags;
	int32_t model;

	if (!ber_want(d, &c, &e, K_SEQUENCE, "!message"))
		return;
	header = e.body;
	if (d->v)
		text(d, "{ ");
	if (!ber_want(d, &header, &e, K_INT, "msgID!=INT"))
		return;
	put_int(d, MSG_ID, &e);
	if (!ber_want(d, &header, &e, K_INT, "msgMaxSize!=INT"))
		return;
	put_int(d, MSG_MAX, &e);
	if (!ber_want(d, &header, &e, K_STRING, "msgFlags!=STR"))
		return;
	if (e.body.n != 1) {
		text_fmt(d, "[msgFlags size %u]", e.body.n);
		return;
	}
	flags = *e.body.p;
	put_body(d, MSG_FLAGS, &e);
	/* Private without authentic is not a level of security. */
	if (flags > 7 || (flags & 3) == 2) {
		text_fmt(d, "[msgFlags=0x%02X]", flags);
		return;
	}
	text_fmt(d, "F=%s%s%s ", flags & 1 ? "a" : "", flags & 2 ? "p" : "", flags & 4 ? "r" : "");
	if (!ber_want(d, &header, &e, K_INT, "msgSecurityModel!=INT"))
		return;
	put_int(d, MSG_MODEL, &e);
	model = integer(&e);
	if (e.size < header.n)
		text_extra(d, header.n - e.size, "message SEQ");
	if (d->v)
		text(d, "} ");
	if (model != USM) {
		text_fmt(d, "[security model %d]", model);
		return;
	}
	if (d->v)
		text(d, "{ USM ");
	/* They follow the model, even when the header's sequence says that it goes on. */
	c = (struct span_left) { header.p, (uint32_t)(c.p + c.n - header.p) };
	if (!ber_want(d, &c, &e, K_STRING, "msgSecurityParameters!=STR"))
		return;
	usm(d, e.body);
	if (d->v)
		text(d, "} { ScopedPDU ");
	if (flags & 2)
		put_field(d, &F[ENCRYPTED], c.p, c.n);
	scoped(d, c);
	if (d->v)
		text(d, "} ");
}

static void
snmp(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct span_left c = { p, len };
	struct ber e;
	int32_t version;

	enter(d, &proto_snmp);
	text_char(d, ' ');
	if (!ber_want(d, &c, &e, K_SEQUENCE, "!init SEQ"))
		return;
	text_extra(d, c.n, "iSEQ");
	c = e.body;
	if (!ber_want(d, &c, &e, K_INT, "version!=INT"))
		return;
	version = integer(&e);
	put_value(d, &F[VERSION], (uint32_t)version);
	if (version != V1 && version != V2C && version != V3) {
		text_fmt(d, "SNMP [version = %d]", version);
		return;
	}
	if (d->v)
		text_fmt(d, "{ SNMP%s ", name_of(versions, (uint32_t)version));
	if (version == V3)
		version3(d, c);
	else
		community(d, c, version);
	if (d->v)
		text(d, "} ");
}

const struct proto proto_snmp = PROTO("snmp", "snmp", "Simple Network Management Protocol", snmp, F);
