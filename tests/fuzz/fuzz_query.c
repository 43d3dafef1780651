/* Display filters: any text compiles or is refused, and what compiles can be asked of a packet. */
#include <stdlib.h>
#include <string.h>

#include "proto/protos.h"
#include "query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The text, a NUL, and the packet; without a NUL, all of it is text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct style style = { .n = 1, .v = 3, .K = 1, .S = 1 };
	static struct demux *demux;
	static struct catalog *catalog;
	static struct query_scratch *scratch;
	static struct dis *d;
	const uint8_t *nul = memchr(data, 0, n);
	size_t length = nul ? (size_t)(nul - data) : n, rest = nul ? n - length - 1 : 0;
	struct query_place where;
	struct query *q;
	struct err e;
	char *text;

	if (!demux) {
		demux = demux_new(protos_rows, protos_n_rows);
		catalog = catalog_new(demux);
		scratch = query_scratch_new();
		d = dis_new(&style, demux, NULL, NULL);
		if (!d || !catalog || !scratch || !dis_collect_fields(d, NULL))
			abort();
	}
	text = malloc(length + 1);
	if (!text)
		return 0;
	memcpy(text, data, length);
	text[length] = '\0';
	q = query_new(text, catalog, &where, &e);
	if (q) {
		uint8_t *bytes = malloc(rest ? rest : 1);

		if (bytes) {
			struct packet k = { .data = bytes, .caplen = (uint32_t)rest, .len = (uint32_t)rest, .link = 1 };

			memcpy(bytes, data + n - rest, rest);
			dis_clear(d);
			dis_packet(d, &k, 1);
			query_match(q, scratch, d);
		}
		free(bytes);
		query_free(q);
	} else if (where.at > length || where.len > length + 1) {
		abort();
	}
	free(text);
	return 0;
}
