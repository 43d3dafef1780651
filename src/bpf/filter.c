#include "bpf/filter.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More link types than any capture has; what comes after them matches nothing. */
enum { PROGRAMS_MAX = 64 };

struct program {
	uint32_t link;
	bool usable;
	struct bpf_program code;
	struct native *native;	/* NULL: interpret it */
	native_function *run;
};

struct filter {
	struct filter_first first;
	struct filter_options o;
	char *expression;
	bool all;		/* the expression is empty */
	size_t n;
	struct program programs[PROGRAMS_MAX];
};

struct filter *
filter_new(const struct filter_options *o)
{
	struct filter *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->first.link = UINT64_MAX;
	f->o = *o;
	f->expression = strdup(o->expression);
	if (!f->expression) {
		free(f);
		return NULL;
	}
	f->all = o->expression[strspn(o->expression, " \t\n\r")] == '\0';
	return f;
}

void
filter_free(struct filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++) {
		native_free(f->programs[i].native);
		if (f->programs[i].usable)
			pcap_freecode(&f->programs[i].code);
	}
	free(f->expression);
	free(f);
}

bool
filter_is_empty(const struct filter *f)
{
	return f->all;
}

/*
 * A handle that compiles as for a capture file of this link type. libpcap's dead handles would accept what only a
 * live capture knows ("inbound"), so an empty capture file is given to it; where link types and DLT_ numbers differ
 * so much that the file cannot say it, the dead handle serves.
 */
static pcap_t *
handle_open(bool file, uint32_t link, uint32_t snaplen)
{
	struct pcap_file_header header = { 0xa1b2c3d4, 2, 4, 0, 0, snaplen, link };
	char text[PCAP_ERRBUF_SIZE];
	pcap_t *p = NULL;
	FILE *in;

	if (file && (in = fmemopen(&header, sizeof header, "r"))) {
		p = pcap_fopen_offline(in, text);
		if (!p)
			fclose(in);
		else if ((uint32_t)pcap_datalink(p) != link) {
			pcap_close(p);
			p = NULL;
		}
	}
	return p ? p : pcap_open_dead((int)link, (int)snaplen);
}

/* What runs for an empty expression. */
static uint32_t
match_all(const uint8_t *p, uint32_t len, uint32_t caplen)
{
	(void)p, (void)len, (void)caplen;
	return 1;
}

static struct program *
program_find(const struct filter *f, uint32_t link)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->programs[i].link == link)
			return (struct program *)&f->programs[i];
	return NULL;
}

/* A program for link, by libpcap with its handle or, without one, by who was asked to. */
static bool
compile(struct filter *f, pcap_t *handle, uint32_t link, uint32_t snaplen, struct err *e)
{
	struct program *p;

	if (f->n == PROGRAMS_MAX)
		return err_set(e, "more than %d link types", PROGRAMS_MAX);
	p = &f->programs[f->n];
	p->link = link;
	if (handle) {
		p->usable = pcap_compile(handle, &p->code, f->expression, f->o.optimize, f->o.netmask) == 0;
		if (!p->usable)
			err_set(e, "%s", pcap_geterr(handle));
	} else
		p->usable = f->o.compile(f->o.ctx, link, snaplen, &p->code, e);
	if (p->usable && f->all)
		p->run = match_all;
	else if (p->usable && !f->o.interpret && (p->native = native_new(p->code.bf_insns, p->code.bf_len)))
		p->run = native_code(p->native);
	if (f->n++ == 0 && p->run)
		f->first = (struct filter_first) { link, p->run };
	return p->usable;
}

bool
filter_compile(struct filter *f, uint32_t link, uint32_t snaplen, struct err *e)
{
	struct program *have = program_find(f, link);
	pcap_t *handle;
	bool ok;

	if (have)
		return have->usable || err_set(e, "the filter does not apply to this link type");
	if (f->o.compile)
		return compile(f, NULL, link, snaplen, e);
	handle = handle_open(f->o.file, link, snaplen ? snaplen : 262144);
	if (!handle)
		return err_set(e, "out of memory");
	ok = compile(f, handle, link, snaplen, e);
	pcap_close(handle);
	return ok;
}

bool
filter_compile_live(struct filter *f, struct pcap *handle, struct err *e)
{
	return compile(f, handle, (uint32_t)pcap_datalink(handle), 0, e);
}

bool
filter_tried(const struct filter *f, uint32_t link)
{
	return program_find(f, link) != NULL;
}

const struct bpf_program *
filter_program(const struct filter *f, uint32_t link)
{
	const struct program *p = program_find(f, link);

	return p && p->usable ? &p->code : NULL;
}

bool
filter_match_any(const struct filter *f, uint32_t link, const uint8_t *data, uint32_t caplen, uint32_t len)
{
	const struct program *p;

	if (f->all)
		return true;
	p = program_find(f, link);
	if (!p || !p->usable)
		return false;
	return p->run ? p->run(data, len, caplen) != 0 : bpf_filter(p->code.bf_insns, data, len, caplen) != 0;
}
