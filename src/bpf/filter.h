/*
 * Capture filters: libpcap compiles the expression (so the language and its messages are libpcap's), one program for
 * each link type met, and the program is run over packets read from files. Live captures take the compiled program
 * into the kernel.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "bpf/native.h"

struct bpf_program;
struct pcap;
struct filter;

struct filter_options {
	const char *expression;	/* "" matches everything; copied */
	bool optimize;
	bool file;		/* packets come from a file: libpcap refuses what only a kernel can know */
	uint32_t netmask;	/* for "ip broadcast", in network order; 0 when unknown */
	bool interpret;		/* no machine code, not even where it could be made */
	/*
	 * Compiles in place of libpcap, for a file's link type: somebody who may look names up. The program's
	 * instructions are from malloc. NULL: libpcap does.
	 */
	bool (*compile)(void *ctx, uint32_t link, uint32_t snaplen, struct bpf_program *code, struct err *e);
	void *ctx;
};

/* The caller owns the filter; nothing is compiled yet. */
struct filter *filter_new(const struct filter_options *o);
void filter_free(struct filter *f);

/* Is the expression empty, so that everything matches? */
bool filter_is_empty(const struct filter *f);

/* Makes sure that there is a program for this link type (DLT_ number); at once when there is. */
bool filter_compile(struct filter *f, uint32_t link, uint32_t snaplen, struct err *e);

/* Compiles for a live handle, whose kernel may offer more than the packet's bytes (VLAN tags, direction). */
bool filter_compile_live(struct filter *f, struct pcap *handle, struct err *e);

/* Has compiling for link been tried, whatever came of it? */
bool filter_tried(const struct filter *f, uint32_t link);

/* The program compiled for link; NULL if there is none. Lent, valid until filter_free. */
const struct bpf_program *filter_program(const struct filter *f, uint32_t link);

/* What a filter begins with: the code for the link type that was compiled first, to be called without asking further. */
struct filter_first {
	uint64_t link;		/* above any link type: nothing to be called */
	native_function *run;
};

/* filter_match for everything else: other link types, and programs that are interpreted. */
bool filter_match_any(const struct filter *f, uint32_t link, const uint8_t *data, uint32_t caplen, uint32_t len);

/*
 * Does the packet match? A link type that has no program matches nothing: call filter_compile first. An empty
 * expression matches all without running anything.
 */
static inline bool
filter_match(const struct filter *f, uint32_t link, const uint8_t *data, uint32_t caplen, uint32_t len)
{
	const struct filter_first *first = (const struct filter_first *)f;

	if (first->link == link)
		return first->run(data, len, caplen) != 0;
	return filter_match_any(f, link, data, caplen, len);
}
