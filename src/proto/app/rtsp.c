/* Real Time Streaming Protocol, RFC 2326. */
#include "proto/app/lines.h"

static const char *const methods[] = {
	"DESCRIBE", "ANNOUNCE", "GET_PARAMETER", "OPTIONS", "PAUSE", "PLAY", "RECORD", "REDIRECT", "SETUP",
	"SET_PARAMETER", "TEARDOWN", NULL
};
static const struct lines rtsp_lines = { "RTSP", methods, true };

enum { REQUEST, RESPONSE, METHOD, URL, STATUS, SESSION, TRANSPORT, TYPE, LENGTH };
static const struct field F[] = {
	[REQUEST] = { "rtsp.request", STR, .help = "Request line" },
	[RESPONSE] = { "rtsp.response", STR, .help = "Status line" },
	[METHOD] = { "rtsp.method", STR, .help = "Method" },
	[URL] = { "rtsp.url", STR, .help = "URL" },
	[STATUS] = { "rtsp.status", U16, .help = "Status code" },
	[SESSION] = { "rtsp.session", STR, .help = "Session header" },
	[TRANSPORT] = { "rtsp.transport", STR, .help = "Transport header" },
	[TYPE] = { "rtsp.content-type", STR, .help = "Content-Type header" },
	[LENGTH] = { "rtsp.content-length", U32, .help = "Content-Length header" },
};

static const struct header headers[] = {
	{ "Session", SESSION, false }, { "Transport", TRANSPORT, false }, { "Content-Type", TYPE, false },
	{ "Content-Length", LENGTH, true }, { NULL, 0, false }
};

extern const struct proto proto_rtsp;

static void
put_message(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct run rest = run_of(d, p, len), line, whole, word;

	if (!run_line(&rest, &line))
		return;
	whole = line;
	if (!run_word(&line, &word))
		return;
	if (word.n > 5 && memcmp(word.p, "RTSP/", 5) == 0) {
		put_run(d, &F[RESPONSE], whole);
		if (run_word(&line, &word))
			put_run_number(d, &F[STATUS], word);
	} else if (run_in(word, methods)) {
		put_run(d, &F[REQUEST], whole);
		put_run(d, &F[METHOD], word);
		if (run_word(&line, &word))
			put_run(d, &F[URL], word);
	} else {
		return;
	}
	put_headers(d, &rest, headers, F);
}

static void
rtsp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_rtsp);
	if (d->sink)
		put_message(d, p, len);
	text(d, ": ");
	lines_text(d, &rtsp_lines, p, len);
}

const struct proto proto_rtsp = PROTO("rtsp", "rtsp", "Real Time Streaming Protocol", rtsp, F);
