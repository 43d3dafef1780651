/* Hypertext Transfer Protocol, RFC 9112; methods of WebDAV (RFC 4918, 3253) and of older extensions. */
#include "proto/app/lines.h"

static const char *const methods[] = {
	"GET", "PUT", "COPY", "HEAD", "LOCK", "MOVE", "POLL", "POST", "BCOPY", "BMOVE", "MKCOL", "TRACE", "LABEL",
	"MERGE", "DELETE", "SEARCH", "UNLOCK", "REPORT", "UPDATE", "NOTIFY", "BDELETE", "CONNECT", "OPTIONS",
	"CHECKIN", "PROPFIND", "CHECKOUT", "CCM_POST", "SUBSCRIBE", "PROPPATCH", "BPROPFIND", "BPROPPATCH",
	"UNCHECKOUT", "MKACTIVITY", "MKWORKSPACE", "UNSUBSCRIBE", "RPC_CONNECT", "VERSION-CONTROL",
	"BASELINE-CONTROL", NULL
};
static const struct lines http_lines = { "HTTP", methods, true };

enum {
	REQUEST, RESPONSE, METHOD, URI, VERSION, R_VERSION, CODE, PHRASE, HOST, AGENT, REFERER, COOKIE, SET_COOKIE,
	ACCEPT, ACCEPT_LANG, ACCEPT_ENC, AUTH, PROXY_AUTH, WWW_AUTH, PROXY_ASK, CONNECTION, TYPE, LENGTH, ENCODING,
	TRANSFER, SERVER, LOCATION, DATE, MODIFIED, CACHE, UPGRADE, FORWARDED, BODY,
	/* Noted behind the walk, see field_needs. */
	TIME, REQUEST_IN,
};
static const struct field F[] = {
	[REQUEST] = { "http.request", BOOL, .help = "The message is a request" },
	[RESPONSE] = { "http.response", BOOL, .help = "The message is a response" },
	[METHOD] = { "http.request.method", STR, .help = "Method" },
	[URI] = { "http.request.uri", STR, .help = "Target, as the request line has it" },
	[VERSION] = { "http.request.version", STR, .help = "Version of a request" },
	[R_VERSION] = { "http.response.version", STR, .help = "Version of a response" },
	[CODE] = { "http.response.code", U16, .help = "Status code" },
	[PHRASE] = { "http.response.phrase", STR, .help = "Reason phrase" },
	[HOST] = { "http.host", STR, .help = "Host header" },
	[AGENT] = { "http.user_agent", STR, .help = "User-Agent header" },
	[REFERER] = { "http.referer", STR, .help = "Referer header" },
	[COOKIE] = { "http.cookie", STR, .help = "Cookie header" },
	[SET_COOKIE] = { "http.set_cookie", STR, .help = "Set-Cookie header" },
	[ACCEPT] = { "http.accept", STR, .help = "Accept header" },
	[ACCEPT_LANG] = { "http.accept_language", STR, .help = "Accept-Language header" },
	[ACCEPT_ENC] = { "http.accept_encoding", STR, .help = "Accept-Encoding header" },
	[AUTH] = { "http.authorization", STR, .help = "Authorization header" },
	[PROXY_AUTH] = { "http.proxy_authorization", STR, .help = "Proxy-Authorization header" },
	[WWW_AUTH] = { "http.www_authenticate", STR, .help = "WWW-Authenticate header" },
	[PROXY_ASK] = { "http.proxy_authenticate", STR, .help = "Proxy-Authenticate header" },
	[CONNECTION] = { "http.connection", STR, .help = "Connection header" },
	[TYPE] = { "http.content_type", STR, .help = "Content-Type header" },
	[LENGTH] = { "http.content_length", U64, .help = "Content-Length header" },
	[ENCODING] = { "http.content_encoding", STR, .help = "Content-Encoding header" },
	[TRANSFER] = { "http.transfer_encoding", STR, .help = "Transfer-Encoding header" },
	[SERVER] = { "http.server", STR, .help = "Server header" },
	[LOCATION] = { "http.location", STR, .help = "Location header" },
	[DATE] = { "http.date", STR, .help = "Date header" },
	[MODIFIED] = { "http.last_modified", STR, .help = "Last-Modified header" },
	[CACHE] = { "http.cache_control", STR, .help = "Cache-Control header" },
	[UPGRADE] = { "http.upgrade", STR, .help = "Upgrade header" },
	[FORWARDED] = { "http.x_forwarded_for", STR, .help = "X-Forwarded-For header" },
	[BODY] = { "http.file_data", BYTES, .help = "What this packet has of the body" },
	[TIME] = { "http.time", DURATION, .help = "Of a response that ends here: since its request", .needs = NEEDS_HTTP },
	[REQUEST_IN] = { "http.request_in", U64, .help = "Packet of that request", .needs = NEEDS_HTTP },
};

static const struct header headers[] = {
	{ "Host", HOST, false }, { "User-Agent", AGENT, false }, { "Referer", REFERER, false },
	{ "Cookie", COOKIE, false }, { "Set-Cookie", SET_COOKIE, false }, { "Accept", ACCEPT, false },
	{ "Accept-Language", ACCEPT_LANG, false }, { "Accept-Encoding", ACCEPT_ENC, false },
	{ "Authorization", AUTH, false }, { "Proxy-Authorization", PROXY_AUTH, false },
	{ "WWW-Authenticate", WWW_AUTH, false }, { "Proxy-Authenticate", PROXY_ASK, false },
	{ "Connection", CONNECTION, false }, { "Content-Type", TYPE, false }, { "Content-Length", LENGTH, true },
	{ "Content-Encoding", ENCODING, false }, { "Transfer-Encoding", TRANSFER, false },
	{ "Server", SERVER, false }, { "Location", LOCATION, false }, { "Date", DATE, false },
	{ "Last-Modified", MODIFIED, false }, { "Cache-Control", CACHE, false }, { "Upgrade", UPGRADE, false },
	{ "X-Forwarded-For", FORWARDED, false }, { NULL, 0, false }
};

extern const struct proto proto_http;

static void
put_message(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct run rest = run_of(d, p, len), line, word, uri;

	if (!run_line(&rest, &line) || !run_word(&line, &word))
		return;
	if (word.n > 5 && memcmp(word.p, "HTTP/", 5) == 0) {
		put_value(d, &F[RESPONSE], 1);
		put_run(d, &F[R_VERSION], word);
		if (run_word(&line, &word))
			put_run_number(d, &F[CODE], word);
		put_run(d, &F[PHRASE], line);
	} else if (run_in(word, methods)) {
		put_value(d, &F[REQUEST], 1);
		put_run(d, &F[METHOD], word);
		if (run_word(&line, &uri))
			put_run(d, &F[URI], uri);
		put_run(d, &F[VERSION], line);
	} else {
		put_run(d, &F[BODY], run_of(d, p, len));
		return;
	}
	if (put_headers(d, &rest, headers, F))
		put_run(d, &F[BODY], rest);
}

static void
http(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_http);
	if (d->sink)
		put_message(d, p, len);
	text(d, ": ");
	lines_text(d, &http_lines, p, len);
}

const struct proto proto_http = PROTO("http", "http", "Hypertext Transfer Protocol", http, F);
