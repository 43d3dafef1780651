/*
 * Text protocols, whose messages are lines: what HTTP, SIP, RTSP, FTP, SMTP and WHOIS have in common. lines_text says
 * a message the way tcpdump does; the rest cuts lines into words and headers for the fields, and never ends a walk.
 */
#pragma once

#include "dissect/dissect.h"

struct lines {
	const char *caps;		/* the protocol's name as it is said: "HTTP" */
	const char *const *verbs;	/* what a request may start with, NULL at the end; NULL: anything is a message */
	bool code_second;		/* a reply's code is its second word ("HTTP/1.1 200 OK"), not the first */
};

/*
 * The name, and then with -v the length and every line, otherwise the first line. Bytes that cannot start a message
 * of this protocol (a continuation, data) get the name only.
 */
void lines_text(struct dis *d, const struct lines *, const uint8_t *p, uint32_t len);

/* A run of captured bytes. */
struct run {
	const uint8_t *p;
	uint32_t n;
};

/* What is captured of p..p+len. */
struct run run_of(const struct dis *d, const uint8_t *p, uint32_t len);
/* Takes a line off the front of *rest, without its end. False when *rest is empty. */
bool run_line(struct run *rest, struct run *line);
/* Takes a word off the front of *line, and the blanks behind it. False when there is none. */
bool run_word(struct run *line, struct run *word);
/* Is it this word? Letters of either case. */
bool run_is(struct run, const char *word);
bool run_in(struct run, const char *const *words);
/* The decimal number that it is, or -1. */
int64_t run_number(struct run);

static inline void
put_run(struct dis *d, const struct field *f, struct run r)
{
	if (r.n)
		put_field(d, f, r.p, r.n);
}

/* A number field, when the run is a number. */
void put_run_number(struct dis *d, const struct field *f, struct run r);

/* A header line's name, and the row of the field table its value goes to. */
struct header {
	const char *name;
	unsigned field;
	bool number;
};

/* Notes the header lines of *rest up to and with the empty line; true when the empty line was there. */
bool put_headers(struct dis *d, struct run *rest, const struct header *table, const struct field *fields);
