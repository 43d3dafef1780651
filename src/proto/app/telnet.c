/* Telnet, RFC 854; options of RFC 855 and its successors, authentication RFC 2941, encryption RFC 2946. */
#include "dissect/dissect.h"

enum { FIRST = 236, SE = 240, SB = 250, WILL, WONT, DO, DONT, IAC = 255 };
enum { OPT_AUTH = 37, OPT_ENCRYPT = 38 };

static const struct name commands[] = {
	{ 236, "EOF" }, { 237, "SUSP" }, { 238, "ABORT" }, { 239, "EOR" }, { SE, "SE" }, { 241, "NOP" },
	{ 242, "DMARK" }, { 243, "BRK" }, { 244, "IP" }, { 245, "AO" }, { 246, "AYT" }, { 247, "EC" },
	{ 248, "EL" }, { 249, "GA" }, { SB, "SB" }, { WILL, "WILL" }, { WONT, "WONT" }, { DO, "DO" },
	{ DONT, "DONT" }, { IAC, "IAC" }, { 0, NULL }
};

static const struct name options[] = {
	{ 0, "BINARY" }, { 1, "ECHO" }, { 2, "RCP" }, { 3, "SUPPRESS GO AHEAD" }, { 4, "NAME" }, { 5, "STATUS" },
	{ 6, "TIMING MARK" }, { 7, "RCTE" }, { 8, "NAOL" }, { 9, "NAOP" }, { 10, "NAOCRD" }, { 11, "NAOHTS" },
	{ 12, "NAOHTD" }, { 13, "NAOFFD" }, { 14, "NAOVTS" }, { 15, "NAOVTD" }, { 16, "NAOLFD" },
	{ 17, "EXTEND ASCII" }, { 18, "LOGOUT" }, { 19, "BYTE MACRO" }, { 20, "DATA ENTRY TERMINAL" },
	{ 21, "SUPDUP" }, { 22, "SUPDUP OUTPUT" }, { 23, "SEND LOCATION" }, { 24, "TERMINAL TYPE" },
	{ 25, "END OF RECORD" }, { 26, "TACACS UID" }, { 27, "OUTPUT MARKING" }, { 28, "TTYLOC" },
	{ 29, "3270 REGIME" }, { 30, "X.3 PAD" }, { 31, "NAWS" }, { 32, "TSPEED" }, { 33, "LFLOW" },
	{ 34, "LINEMODE" }, { 35, "XDISPLOC" }, { 36, "OLD-ENVIRON" }, { OPT_AUTH, "AUTHENTICATION" },
	{ OPT_ENCRYPT, "ENCRYPT" }, { 39, "NEW-ENVIRON" }, { 0, NULL }
};

/* The first byte of a subnegotiation, and for two options the second. */
static const struct name qualifiers[] = { { 0, "IS" }, { 1, "SEND" }, { 2, "INFO" }, { 0, NULL } };
static const struct name auth_commands[] = { { 0, "IS" }, { 1, "SEND" }, { 2, "REPLY" }, { 3, "NAME" }, { 0, NULL } };
static const struct name auth_types[] = {
	{ 0, "NULL" }, { 1, "KERBEROS_V4" }, { 2, "KERBEROS_V5" }, { 3, "SPX" }, { 4, "MINK" }, { 5, "SRP" },
	{ 6, "RSA" }, { 7, "SSL" }, { 10, "LOKI" }, { 11, "SSA" }, { 12, "KEA_SJ" }, { 13, "KEA_SJ_INTEG" },
	{ 14, "DSS" }, { 15, "NTLM" }, { 0, NULL }
};
static const struct name encrypt_commands[] = {
	{ 0, "IS" }, { 1, "SUPPORT" }, { 2, "REPLY" }, { 3, "START" }, { 4, "END" }, { 5, "REQUEST-START" },
	{ 6, "REQUEST-END" }, { 7, "END_KEYID" }, { 8, "DEC_KEYID" }, { 0, NULL }
};
static const struct name encrypt_types[] = {
	{ 0, "NULL" }, { 1, "DES_CFB64" }, { 2, "DES_OFB64" }, { 3, "DES3_CFB64" }, { 4, "DES3_OFB64" },
	{ 6, "CAST5_40_CFB64" }, { 7, "CAST5_40_OFB64" }, { 8, "CAST128_CFB64" }, { 9, "CAST128_OFB64" }, { 0, NULL }
};

enum { CMD, SUBCMD, DATA };
static const struct field F[] = {
	[CMD] = { "telnet.cmd", U8, .names = commands, .help = "Command" },
	[SUBCMD] = { "telnet.subcmd", U8, .names = options, .help = "Option that a command is about" },
	[DATA] = { "telnet.data", STR, .help = "Data between commands" },
};

extern const struct proto proto_telnet;

enum parsed { WHOLE, NOT_ONE, CUT };

/*
 * Where the command at p (which is IAC) ends: *end. NOT_ONE: it is none, or not complete within len; CUT: it is
 * not captured to its end. *body: of a subnegotiation, the end of its content.
 */
static enum parsed
measure(const struct dis *d, const uint8_t *p, uint32_t len, const uint8_t **body, const uint8_t **end)
{
	const uint8_t *stop = p + len;

	*body = NULL;
	if (len < 2)
		return NOT_ONE;
	if (!have(d, p, 2))
		return CUT;
	*end = p + 2;
	if (p[1] == IAC)
		return WHOLE;
	if (p[1] < FIRST)
		return NOT_ONE;
	if (p[1] < SB)
		return WHOLE;
	if (len < 3)
		return NOT_ONE;
	if (!have(d, p, 3))
		return CUT;
	*end = p + 3;
	if (p[1] != SB)
		return WHOLE;
	/* Up to IAC SE, RFC 855. An IAC as the last byte passes for both. */
	for (p += 3; stop - p > 1; p++) {
		if (!have(d, p, 2))
			return CUT;
		if (p[0] == IAC && p[1] == SE)
			break;
	}
	if (!have(d, p, 1))
		return CUT;
	if (*p != IAC)
		return NOT_ONE;
	*body = p;
	*end = p + 2;
	return WHOLE;
}

static void
text_subnegotiation(struct dis *d, unsigned option, const uint8_t *p, const uint8_t *end)
{
	const struct name *first = qualifiers, *second = NULL;

	if (option == OPT_AUTH) {
		first = auth_commands;
		second = auth_types;
	} else if (option == OPT_ENCRYPT) {
		first = encrypt_commands;
		second = encrypt_types;
	}
	if (p < end)
		text_char(d, ' '), text_name(d, first, *p++, "%#x");
	if (second && p < end)
		text_char(d, ' '), text_name(d, second, *p++, "%#x");
	for (; p < end; p++)
		text_fmt(d, " %#x", *p);
	text(d, " SE");
}

/* A command that was measured. */
static void
text_command(struct dis *d, const uint8_t *p, const uint8_t *body)
{
	put_field(d, &F[CMD], p + 1, 1);
	if (p[1] == IAC) {
		text(d, "IAC IAC");
		return;
	}
	text(d, name_of(commands, p[1]));
	if (p[1] < SB)
		return;
	put_field(d, &F[SUBCMD], p + 2, 1);
	text_char(d, ' ');
	text_name(d, options, p[2], "%#x");
	if (body)
		text_subnegotiation(d, p[2], p + 3, body);
}

/* Data between commands is not said, but it is a field. */
static void
put_data(struct dis *d, const uint8_t *p, uint32_t len)
{
	uint32_t n = left(d, p) < len ? left(d, p) : len;
	const uint8_t *iac = n ? memchr(p, IAC, n) : NULL;

	if (iac)
		n = (uint32_t)(iac - p);
	if (n)
		put_field(d, &F[DATA], p, n);
}

static void
telnet(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p, *body, *end;
	bool dump = d->style->X && d->v > 2, first = true;

	enter(d, &proto_telnet);
	for (; len; p = end) {
		uint32_t n;
		enum parsed how;

		if (u8(d, p) != IAC)
			break;
		how = measure(d, p, len, &body, &end);
		if (how == CUT)
			dis_leave(d);
		if (how == NOT_ONE)
			break;
		n = (uint32_t)(end - p);
		if (!dump) {
			text(d, first ? " [telnet " : ", ");
		} else {
			if (first)
				text(d, "\nTelnet:");
			text_dump_hex(d, "\n", p, n, (uint32_t)(p - start));
			if (n > 8)
				text(d, "\n\t\t\t\t");
			else
				text_fmt(d, "%*s\t", (int)(8 - n) * 3, "");
		}
		text_command(d, p, body);
		first = false;
		/* The SE that goes with a last IAC lies beyond the message: what is captured there is looked at. */
		len = n > len ? UINT32_MAX : len - n;
	}
	put_data(d, p, len);
	if (!first)
		text_char(d, dump ? '\n' : ']');
}

const struct proto proto_telnet = PROTO("telnet", "telnet", "Telnet", telnet, F);
