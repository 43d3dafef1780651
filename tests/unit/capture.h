/*
 * For the tests of capture files: bytes put together by hand, and everything a reader finds in
 * them.
 */
#pragma once

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "io/source.h"

/* A file in the making, in the byte order of choice. */
struct bytes {
	uint8_t *d;
	size_t n, size;
	bool big;
};

static inline void
put(struct bytes *b, const void *p, size_t n)
{
	if (b->n + n > b->size) {
		b->size = (b->n + n) * 2;
		b->d = realloc(b->d, b->size);
		assert_non_null(b->d);
	}
	if (n)
		memcpy(b->d + b->n, p, n);
	b->n += n;
}

static inline void
put_number(struct bytes *b, uint64_t v, int n)
{
	for (int i = 0; i < n; i++) {
		uint8_t byte = (uint8_t)(v >> 8 * (b->big ? n - 1 - i : i));

		put(b, &byte, 1);
	}
}

static inline void
put16(struct bytes *b, unsigned v)
{
	put_number(b, v, 2);
}

static inline void
put32(struct bytes *b, uint32_t v)
{
	put_number(b, v, 4);
}

/* n bytes that differ from packet to packet. */
static inline void
put_payload(struct bytes *b, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++)
		put_number(b, (i * 7 + seed) & 0xff, 1);
}

static inline void
put_pcap_header(struct bytes *b, uint32_t magic, unsigned major, unsigned minor, uint32_t snaplen,
    uint32_t link)
{
	put32(b, magic);
	put16(b, major);
	put16(b, minor);
	put32(b, 0);
	put32(b, 0);
	put32(b, snaplen);
	put32(b, link);
}

static inline void
put_pcap_record(struct bytes *b, uint32_t sec, uint32_t fraction, uint32_t a, uint32_t c)
{
	put32(b, sec);
	put32(b, fraction);
	put32(b, a);
	put32(b, c);
}

/* A path that reads these bytes, until the descriptor is closed. */
static inline int
memory_file(const void *p, size_t n, char path[64])
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), n);
	snprintf(path, 64, "/proc/self/fd/%d", fd);
	return fd;
}

enum { MOST = 64 };

struct found {
	bool opened;
	size_t n;			/* packets, also those beyond MOST */
	struct packet packets[MOST];	/* their data is a copy */
	struct source_iface ifaces[MOST];
	size_t n_ifaces;
	struct err e;			/* empty if all went well */
};

static inline void
forget(struct found *f)
{
	for (size_t i = 0; i < f->n && i < MOST; i++)
		free((void *)(uintptr_t)f->packets[i].data);
	for (size_t i = 0; i < f->n_ifaces && i < MOST; i++)
		free((char *)(uintptr_t)f->ifaces[i].name);
	memset(f, 0, sizeof *f);
}

static inline void
keep(struct found *f, const struct packet *k)
{
	if (f->n < MOST) {
		uint8_t *copy = malloc(k->caplen + 1);

		assert_non_null(copy);
		memcpy(copy, k->data, k->caplen);
		f->packets[f->n] = *k;
		f->packets[f->n].data = copy;
	}
	f->n++;
}

/* Reads a whole file, in batches of `batch`. */
static inline void
read_path(struct found *f, const char *path, size_t batch)
{
	struct source *s = source_open_file(path, &f->e);
	struct packet packets[MOST];
	enum source_result r;
	struct err e = { "" };
	size_t n;

	if (!s)
		return;
	f->opened = true;
	f->e.text[0] = 0;
	do {
		r = source_read(s, packets, batch, &n, &e);
		if (r == SOURCE_PACKETS)
			assert_in_range(n, 1, batch);
		for (size_t i = 0; i < n; i++)
			keep(f, &packets[i]);
	} while (r == SOURCE_PACKETS || r == SOURCE_AGAIN);
	if (r == SOURCE_ERROR)
		f->e = e;
	assert_int_equal(source_read(s, packets, batch, &n, &e), r);	/* it stays that way */
	f->n_ifaces = s->n_ifaces;
	for (size_t i = 0; i < s->n_ifaces && i < MOST; i++) {
		f->ifaces[i] = s->ifaces[i];
		if (f->ifaces[i].name)
			f->ifaces[i].name = strdup(f->ifaces[i].name);
	}
	source_close(s);
}

static inline void
read_memory(struct found *f, const void *p, size_t n, size_t batch)
{
	char path[64];
	int fd = memory_file(p, n, path);

	memset(f, 0, sizeof *f);
	read_path(f, path, batch);
	close(fd);
}

static inline void
read_bytes(struct found *f, const struct bytes *b)
{
	read_memory(f, b->d, b->n, 5);
}

/* The file must be refused with this message. */
static inline void
refused(struct bytes *b, const char *message)
{
	struct found f;

	read_bytes(&f, b);
	assert_false(f.opened);
	assert_string_equal(f.e.text, message);
	free(b->d);
}

/* n packets, then this message. */
static inline void
breaks_after(struct bytes *b, size_t n, const char *message)
{
	struct found f;

	read_bytes(&f, b);
	assert_true(f.opened);
	assert_int_equal(f.n, n);
	assert_string_equal(f.e.text, message);
	forget(&f);
	free(b->d);
}
