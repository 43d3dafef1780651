/* File Transfer Protocol, control connection, RFC 959. */
#include "proto/app/lines.h"

static const struct lines ftp_lines = { "FTP", NULL, false };

enum { REQUEST, COMMAND, ARG, RESPONSE, CODE, R_ARG };
static const struct field F[] = {
	[REQUEST] = { "ftp.request", BOOL, .help = "The message is a request" },
	[COMMAND] = { "ftp.request.command", STR, .help = "Command" },
	[ARG] = { "ftp.request.arg", STR, .help = "Argument of the command" },
	[RESPONSE] = { "ftp.response", BOOL, .help = "The message is a response" },
	[CODE] = { "ftp.response.code", U16, .help = "Reply code" },
	[R_ARG] = { "ftp.response.arg", STR, .help = "Text of the reply" },
};

extern const struct proto proto_ftp;

/* Every line of the packet: a command, or a line of a reply, where "220-" goes on and "220 " is the last. */
static void
put_lines(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct run rest = run_of(d, p, len), line, word;
	bool reply = d->sport == 21, first = true;

	while (run_line(&rest, &line)) {
		if (first)
			put_value(d, &F[reply ? RESPONSE : REQUEST], 1);
		first = false;
		if (!reply) {
			if (run_word(&line, &word))
				put_run(d, &F[COMMAND], word);
			put_run(d, &F[ARG], line);
			continue;
		}
		if (line.n >= 3 && run_number((struct run) { line.p, 3 }) >= 100 &&
		    (line.n == 3 || line.p[3] == ' ' || line.p[3] == '-')) {
			put_run_number(d, &F[CODE], (struct run) { line.p, 3 });
			word = line.n > 4 ? (struct run) { line.p + 4, line.n - 4 } : (struct run) { line.p, 0 };
			put_run(d, &F[R_ARG], word);
		} else {
			put_run(d, &F[R_ARG], line);
		}
	}
}

static void
ftp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_ftp);
	if (d->sink)
		put_lines(d, p, len);
	text(d, ": ");
	lines_text(d, &ftp_lines, p, len);
}

const struct proto proto_ftp = PROTO("ftp", "ftp", "File Transfer Protocol", ftp, F);
