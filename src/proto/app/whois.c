/* WHOIS, RFC 3912. */
#include "proto/app/lines.h"

static const struct lines whois_lines = { "WHOIS", NULL, false };

enum { QUERY, ANSWER };
static const struct field F[] = {
	[QUERY] = { "whois.query", STR, .help = "What is asked" },
	[ANSWER] = { "whois.answer", STR, .help = "A line of the answer" },
};

extern const struct proto proto_whois;

static void
whois(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_whois);
	if (d->sink) {
		struct run rest = run_of(d, p, len), line;

		while (run_line(&rest, &line))
			put_run(d, &F[d->sport == 43 ? ANSWER : QUERY], line);
	}
	text(d, ": ");
	lines_text(d, &whois_lines, p, len);
}

const struct proto proto_whois = PROTO("whois", "whois", "WHOIS", whois, F);
