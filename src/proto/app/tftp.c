/* Trivial File Transfer Protocol, RFC 1350; options RFC 2347. */
#include "dissect/dissect.h"

extern const struct proto proto_tftp;

enum { RRQ = 1, WRQ, DATA, ACK, ERROR, OACK };

static const struct name opcodes[] = {
	{ RRQ, "RRQ" }, { WRQ, "WRQ" }, { DATA, "DATA" }, { ACK, "ACK" }, { ERROR, "ERROR" }, { OACK, "OACK" }, { 0, NULL }
};

static const struct name errors[] = {
	{ 0, "EUNDEF" }, { 1, "ENOTFOUND" }, { 2, "EACCESS" }, { 3, "ENOSPACE" }, { 4, "EBADOP" }, { 5, "EBADID" },
	{ 6, "EEXISTS" }, { 7, "ENOUSER" }, { 0, NULL }
};

enum { OPCODE, READ_FILE, WRITE_FILE, MODE, BLOCK, BYTES_CARRIED, CODE, MESSAGE, OPT_NAME, OPT_VALUE };
static const struct field F[] = {
	[OPCODE] = { "tftp.opcode", U16, .names = opcodes, .help = "Operation" },
	[READ_FILE] = { "tftp.source_file", STR, .help = "File that is read" },
	[WRITE_FILE] = { "tftp.destination_file", STR, .help = "File that is written" },
	[MODE] = { "tftp.type", STR, .help = "Transfer mode" },
	[BLOCK] = { "tftp.block", U16, .help = "Block number" },
	[BYTES_CARRIED] = { "tftp.data", BYTES, .help = "Data of a block" },
	[CODE] = { "tftp.error.code", U16, .names = errors, .help = "Error" },
	[MESSAGE] = { "tftp.error.message", STR, .help = "Error message" },
	[OPT_NAME] = { "tftp.option.name", STR, .help = "Option" },
	[OPT_VALUE] = { "tftp.option.value", STR, .help = "Value of an option" },
};

/* What is left to say of a packet. */
struct rest {
	const uint8_t *p;
	uint32_t len;
};

/* The next string, up to its NUL, which must be there; quoted or not. */
static bool
say_string(struct dis *d, struct rest *r, const char *quote, const struct field *f)
{
	uint32_t n;

	text(d, quote);
	n = text_str_z(d, r->p, r->len);
	text(d, quote);
	if (n == 0)
		return false;
	put_field(d, f, r->p, n);
	r->p += n;
	r->len -= n;
	return true;
}

/* Options, names and values in turn, to the end. */
static bool
say_options(struct dis *d, struct rest *r)
{
	for (unsigned i = 0; r->len; i++) {
		if (u8(d, r->p))
			text_char(d, ' ');
		if (!say_string(d, r, "", &F[i % 2 ? OPT_VALUE : OPT_NAME]))
			return false;
	}
	return true;
}

static bool
say_request(struct dis *d, struct rest *r, unsigned op)
{
	if (r->len == 0)
		return false;
	text_char(d, ' ');
	if (!say_string(d, r, "\"", &F[op == RRQ ? READ_FILE : WRITE_FILE]) || r->len == 0)
		return false;
	text_char(d, ' ');
	return say_string(d, r, "", &F[MODE]) && say_options(d, r);
}

static bool
say_error(struct dis *d, struct rest *r)
{
	if (r->len < 2)
		return false;
	put_field(d, &F[CODE], r->p, 2);
	need(d, r->p, 2);
	text_char(d, ' ');
	text_name(d, errors, raw16(r->p), "tftp-err-#%u \"");
	r->p += 2;
	r->len -= 2;
	if (r->len == 0)
		return false;
	text_char(d, ' ');
	return say_string(d, r, "\"", &F[MESSAGE]);
}

static void
tftp(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct rest r = { p + 2, len - 2 };
	bool whole = true;
	unsigned op;

	enter(d, &proto_tftp);
	text(d, "TFTP, length "), text_u(d, len);
	if (len < 2) {
		text_trunc(d);
		return;
	}
	put_field(d, &F[OPCODE], p, 2);
	op = be16(d, p);
	text(d, ", ");
	text_name(d, opcodes, op, "tftp-#%u");
	switch (op) {
	case RRQ:
	case WRQ:
		whole = say_request(d, &r, op);
		break;
	case OACK:
		whole = say_options(d, &r);
		break;
	case ACK:
	case DATA:
		whole = r.len >= 2;
		if (!whole)
			break;
		put_field(d, &F[BLOCK], r.p, 2);
		need(d, r.p, 2);
		text(d, " block "), text_u(d, raw16(r.p));
		if (op == DATA)
			put_field(d, &F[BYTES_CARRIED], r.p + 2, r.len - 2);
		break;
	case ERROR:
		whole = say_error(d, &r);
		break;
	}
	if (!whole)
		text_trunc(d);
}

const struct proto proto_tftp = PROTO("tftp", "tftp", "Trivial File Transfer Protocol", tftp, F);
