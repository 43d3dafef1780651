/* Simple Mail Transfer Protocol, RFC 5321. */
#include "proto/app/lines.h"

static const struct lines smtp_lines = { "SMTP", NULL, false };

static const char *const commands[] = {
	"HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "SEND", "SOML", "SAML", "VRFY", "EXPN", "HELP", "NOOP", "QUIT",
	"TURN", "ETRN", "BDAT", "AUTH", "STARTTLS", "XFORWARD", "XCLIENT", NULL
};

enum { COMMAND, PARAMETER, CODE, R_PARAMETER };
static const struct field F[] = {
	[COMMAND] = { "smtp.req.command", STR, .help = "Command" },
	[PARAMETER] = { "smtp.req.parameter", STR, .help = "Parameter of the command" },
	[CODE] = { "smtp.response.code", U16, .help = "Reply code" },
	[R_PARAMETER] = { "smtp.rsp.parameter", STR, .help = "Text of the reply" },
};

extern const struct proto proto_smtp;

static void
put_lines(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct run rest = run_of(d, p, len), line, word;
	bool reply = d->sport == 25;

	while (run_line(&rest, &line)) {
		if (reply) {
			if (line.n < 3 || run_number((struct run) { line.p, 3 }) < 100 ||
			    (line.n > 3 && line.p[3] != ' ' && line.p[3] != '-'))
				return;
			put_run_number(d, &F[CODE], (struct run) { line.p, 3 });
			if (line.n > 4)
				put_run(d, &F[R_PARAMETER], (struct run) { line.p + 4, line.n - 4 });
			continue;
		}
		/* Lines of a mail look like anything: only known commands count, and the first other line ends it. */
		if (!run_word(&line, &word) || !run_in(word, commands))
			return;
		put_run(d, &F[COMMAND], word);
		put_run(d, &F[PARAMETER], line);
	}
}

static void
smtp(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_smtp);
	if (d->sink)
		put_lines(d, p, len);
	text(d, ": ");
	lines_text(d, &smtp_lines, p, len);
}

const struct proto proto_smtp = PROTO("smtp", "smtp", "Simple Mail Transfer Protocol", smtp, F);
