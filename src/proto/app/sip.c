/* Session Initiation Protocol, RFC 3261, and the methods of its extensions. */
#include "proto/app/lines.h"

static const char *const methods[] = {
	"ACK", "BYE", "CANCEL", "DO", "INFO", "INVITE", "MESSAGE", "NOTIFY", "OPTIONS", "PRACK", "QAUTH", "REFER",
	"REGISTER", "SPRACK", "SUBSCRIBE", "UPDATE", "PUBLISH", NULL
};
static const struct lines sip_lines = { "SIP", methods, true };

enum {
	REQUEST, STATUS, METHOD, URI, CODE, FROM, TO, CALL, CSEQ, VIA, CONTACT, AGENT, SERVER, FORWARDS, EXPIRES,
	AUTH, PROXY_AUTH, WWW_AUTH, ROUTE, RECORD_ROUTE, SUBJECT, ALLOW, TYPE, LENGTH, BODY,
};
static const struct field F[] = {
	[REQUEST] = { "sip.Request-Line", STR, .help = "Request line" },
	[STATUS] = { "sip.Status-Line", STR, .help = "Status line" },
	[METHOD] = { "sip.Method", STR, .help = "Method" },
	[URI] = { "sip.r-uri", STR, .help = "Request URI" },
	[CODE] = { "sip.Status-Code", U16, .help = "Status code" },
	[FROM] = { "sip.From", STR, .help = "From header" },
	[TO] = { "sip.To", STR, .help = "To header" },
	[CALL] = { "sip.Call-ID", STR, .help = "Call-ID header" },
	[CSEQ] = { "sip.CSeq", STR, .help = "CSeq header" },
	[VIA] = { "sip.Via", STR, .help = "Via header" },
	[CONTACT] = { "sip.Contact", STR, .help = "Contact header" },
	[AGENT] = { "sip.User-Agent", STR, .help = "User-Agent header" },
	[SERVER] = { "sip.Server", STR, .help = "Server header" },
	[FORWARDS] = { "sip.Max-Forwards", U32, .help = "Max-Forwards header" },
	[EXPIRES] = { "sip.Expires", U32, .help = "Expires header" },
	[AUTH] = { "sip.Authorization", STR, .help = "Authorization header" },
	[PROXY_AUTH] = { "sip.Proxy-Authorization", STR, .help = "Proxy-Authorization header" },
	[WWW_AUTH] = { "sip.WWW-Authenticate", STR, .help = "WWW-Authenticate header" },
	[ROUTE] = { "sip.Route", STR, .help = "Route header" },
	[RECORD_ROUTE] = { "sip.Record-Route", STR, .help = "Record-Route header" },
	[SUBJECT] = { "sip.Subject", STR, .help = "Subject header" },
	[ALLOW] = { "sip.Allow", STR, .help = "Allow header" },
	[TYPE] = { "sip.Content-Type", STR, .help = "Content-Type header" },
	[LENGTH] = { "sip.Content-Length", U32, .help = "Content-Length header" },
	[BODY] = { "sip.msg_body", BYTES, .help = "Message body" },
};

/* With the short forms of RFC 3261 section 7.3.3. */
static const struct header headers[] = {
	{ "From", FROM, false }, { "f", FROM, false }, { "To", TO, false }, { "t", TO, false },
	{ "Call-ID", CALL, false }, { "i", CALL, false }, { "CSeq", CSEQ, false }, { "Via", VIA, false },
	{ "v", VIA, false }, { "Contact", CONTACT, false }, { "m", CONTACT, false }, { "User-Agent", AGENT, false },
	{ "Server", SERVER, false }, { "Max-Forwards", FORWARDS, true }, { "Expires", EXPIRES, true },
	{ "Authorization", AUTH, false }, { "Proxy-Authorization", PROXY_AUTH, false },
	{ "WWW-Authenticate", WWW_AUTH, false }, { "Route", ROUTE, false }, { "Record-Route", RECORD_ROUTE, false },
	{ "Subject", SUBJECT, false }, { "s", SUBJECT, false }, { "Allow", ALLOW, false },
	{ "Content-Type", TYPE, false }, { "c", TYPE, false }, { "Content-Length", LENGTH, true },
	{ "l", LENGTH, true }, { NULL, 0, false }
};

extern const struct proto proto_sip;

static void
put_message(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct run rest = run_of(d, p, len), line, whole, word;

	if (!run_line(&rest, &line))
		return;
	whole = line;
	if (!run_word(&line, &word))
		return;
	if (word.n > 4 && memcmp(word.p, "SIP/", 4) == 0) {
		put_run(d, &F[STATUS], whole);
		if (run_word(&line, &word))
			put_run_number(d, &F[CODE], word);
	} else if (run_in(word, methods)) {
		put_run(d, &F[REQUEST], whole);
		put_run(d, &F[METHOD], word);
		if (run_word(&line, &word))
			put_run(d, &F[URI], word);
	} else {
		return;
	}
	if (put_headers(d, &rest, headers, F))
		put_run(d, &F[BODY], rest);
}

static void
sip(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_sip);
	if (d->sink)
		put_message(d, p, len);
	lines_text(d, &sip_lines, p, len);
}

const struct proto proto_sip = PROTO("sip", "sip", "Session Initiation Protocol", sip, F);
