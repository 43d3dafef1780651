#include "io/cooked.h"

#include <linux/filter.h>
#include <pcap/dlt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A field of the header that the kernel answers for, as a whole. */
struct answer {
	uint32_t at;
	unsigned width;		/* BPF_B, BPF_H or BPF_W */
	int32_t ask;
};

struct header {
	uint32_t link, len;
	unsigned n;
	struct answer answers[4];
};

static const struct header headers[] = {
	{ DLT_LINUX_SLL, 16, 2, { { 0, BPF_H, SKF_AD_PKTTYPE }, { 14, BPF_H, SKF_AD_PROTOCOL } } },
	{ DLT_LINUX_SLL2, 20, 4, { { 0, BPF_H, SKF_AD_PROTOCOL }, { 4, BPF_W, SKF_AD_IFINDEX },
	    { 8, BPF_H, SKF_AD_HATYPE }, { 10, BPF_B, SKF_AD_PKTTYPE } } },
};

static const struct header *
header_of(uint32_t link)
{
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (headers[i].link == link)
			return &headers[i];
	return NULL;
}

/* Does the instruction read the packet? */
static bool
reads(const struct sock_filter *i)
{
	unsigned kind = BPF_CLASS(i->code), mode = BPF_MODE(i->code);

	return (kind == BPF_LD || kind == BPF_LDX) && (mode == BPF_ABS || mode == BPF_IND || mode == BPF_MSH);
}

static bool
move(struct sock_filter *i, const struct header *h)
{
	if ((int32_t)i->k < 0)
		return true;		/* asks the kernel already */
	if (i->k >= h->len) {
		i->k -= h->len;
		return true;
	}
	if (BPF_MODE(i->code) != BPF_ABS)
		return false;
	for (unsigned j = 0; j < h->n; j++)
		if (h->answers[j].at == i->k && h->answers[j].width == BPF_SIZE(i->code)) {
			i->k = (uint32_t)(SKF_AD_OFF + h->answers[j].ask);
			return true;
		}
	return false;
}

struct sock_filter *
cooked_program(const struct sock_filter *insns, size_t n, uint32_t link)
{
	const struct header *h = header_of(link);
	struct sock_filter *out = malloc(n * sizeof *out);

	if (!out)
		return NULL;
	memcpy(out, insns, n * sizeof *out);
	for (size_t i = 0; h && i < n; i++)
		if (reads(&out[i]) && !move(&out[i], h)) {
			free(out);
			return NULL;
		}
	return out;
}
