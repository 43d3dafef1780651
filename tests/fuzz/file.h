/*
 * For the targets that read capture files: the bytes as a file, and every packet in it looked at.
 */
#pragma once

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/source.h"

enum { FUZZ_BATCH = 5, FUZZ_PACKETS = 100000 };

/*
 * Reads each byte that a packet claims to have, so that a sanitizer sees it, and checks what every
 * source promises.
 */
static inline uint32_t
record_field(const struct packet *k, uint32_t at)
{
	uint32_t v, head = k->record <= RECORD_PCAP_NANO ? RECORD_PCAP_HEAD : RECORD_NG_HEAD;

	assert(at + 4 <= k->record_len);
	memcpy(&v, k->data - head + at, 4);
	return v;
}

/* A record that a copy may take as it is says what the packet says. */
static inline void
look_at_record(const struct packet *k)
{
	switch (k->record) {
	case RECORD_NONE:
		break;
	case RECORD_PCAP:
	case RECORD_PCAP_NANO:
		assert(k->record_len == RECORD_PCAP_HEAD + k->caplen);
		assert(record_field(k, 0) == (uint32_t)k->sec);
		assert(record_field(k, 4) == (uint32_t)(k->record == RECORD_PCAP ? k->nsec / 1000 : k->nsec));
		assert(record_field(k, 8) == k->caplen);
		assert(record_field(k, 12) == k->len);
		break;
	default:
		assert(k->record_len % 4 == 0 && k->record_len >= RECORD_NG_HEAD + k->caplen + 4);
		assert(record_field(k, 0) == 6);
		assert(record_field(k, 4) == k->record_len);
		assert(record_field(k, 20) == k->caplen);
		assert(record_field(k, 24) == k->len);
		assert(record_field(k, k->record_len - 4) == k->record_len);
	}
}

static inline void
look_at(const struct source *s, const struct packet *k)
{
	static volatile uint8_t sink;

	assert(k->iface < s->n_ifaces);
	assert(k->link == s->ifaces[k->iface].link);
	for (uint32_t i = 0; i < k->caplen; i++)
		sink ^= k->data[i];
	(void)sink;
	look_at_record(k);
}

/* Some filter. */
static inline uint32_t
passes(const uint8_t *p, uint32_t len, uint32_t caplen)
{
	return (len ^ caplen ^ (caplen ? p[0] ^ p[caplen - 1] : 0)) & 1;
}

/* Through the source's sieve, if it has one, come as many packets as of all of them would pass, and the same error. */
static inline void
read_sieved(const char *path, size_t passed, const struct err *why)
{
	struct packet batch[FUZZ_BATCH];
	enum source_result r;
	struct source *s;
	struct err e = { 0 };
	size_t n, all = 0;

	s = source_open_file(path, &e);
	assert(s);
	if (!s->ops->sieve(s, s->ifaces[0].link, passes)) {
		source_close(s);
		return;
	}
	while ((r = source_read(s, batch, FUZZ_BATCH, &n, &e)) > SOURCE_END) {
		assert(r == SOURCE_AGAIN || (n >= 1 && n <= FUZZ_BATCH));
		for (size_t i = 0; r == SOURCE_PACKETS && i < n; i++) {
			assert(passes(batch[i].data, batch[i].len, batch[i].caplen));
			look_at(s, &batch[i]);
			all++;
		}
	}
	assert(all == passed);
	assert(strcmp(r == SOURCE_ERROR ? e.text : "", why->text) == 0);
	source_close(s);
}

static inline void
read_as_file(const uint8_t *data, size_t size)
{
	static int fd = -1;
	static char path[64];
	enum source_result r = SOURCE_PACKETS;
	struct packet batch[FUZZ_BATCH];
	struct source *s;
	struct err e;
	size_t n, all = 0, passed = 0;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		assert(fd >= 0);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) < 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	s = source_open_file(path, &e);
	if (!s) {
		assert(memchr(e.text, 0, sizeof e.text));
		return;
	}
	while (all < FUZZ_PACKETS && (r = source_read(s, batch, FUZZ_BATCH, &n, &e)) == SOURCE_PACKETS) {
		assert(n >= 1 && n <= FUZZ_BATCH);
		for (size_t i = 0; i < n; i++) {
			look_at(s, &batch[i]);
			passed += passes(batch[i].data, batch[i].len, batch[i].caplen);
		}
		all += n;
	}
	source_close(s);
	if (r == SOURCE_END)
		e.text[0] = 0;
	if (r != SOURCE_PACKETS)
		read_sieved(path, passed, &e);
}
