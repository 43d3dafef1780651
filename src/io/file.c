#include "io/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* of one file, all sections together: bounds the memory a hostile file can ask for */
enum { MAX_IFACES = 65536 };

bool
file_add_iface(struct file *f, const struct source_iface *i, struct err *e)
{
	char *name = NULL;

	if (f->src.n_ifaces == MAX_IFACES)
		return err_set(e, "more than %u interfaces in the file", MAX_IFACES);
	if (f->src.n_ifaces == f->ifaces_size) {
		size_t size = f->ifaces_size ? f->ifaces_size * 2 : 1;
		struct source_iface *more = realloc(f->ifaces, size * sizeof *more);

		if (!more)
			return err_set(e, "out of memory");
		f->src.ifaces = f->ifaces = more;
		f->ifaces_size = size;
	}
	if (i->name && !(name = strdup(i->name)))
		return err_set(e, "out of memory");
	f->ifaces[f->src.n_ifaces] = *i;
	f->ifaces[f->src.n_ifaces++].name = name;
	return true;
}

bool
file_need(struct file *f, size_t n, bool *failed, struct err *e)
{
	*failed = false;
	while (input_left(&f->in) < n) {
		switch (input_more(&f->in, n, e)) {
		case INPUT_MORE:
			break;
		case INPUT_END:
			return false;
		case INPUT_AGAIN:
			err_set(e, "error reading dump file: %s", strerror(EINTR));
			*failed = true;
			return false;
		case INPUT_FAILED:
			*failed = true;
			return false;
		}
	}
	return true;
}

static enum source_result
file_read(struct source *s, struct packet *batch, size_t max, size_t *n, struct err *e)
{
	struct file *f = (struct file *)s;

	*n = 0;
	while (!f->broken) {
		size_t want = 0;

		f->broken = !f->format->parse(f, batch, max, n, &want, &f->why);
		if (*n)
			return SOURCE_PACKETS;
		if (f->broken)
			break;
		switch (input_more(&f->in, want, &f->why)) {
		case INPUT_MORE:
			if (f->sieve)
				return SOURCE_AGAIN;	/* there may be no packet up to the end of the file */
			break;
		case INPUT_AGAIN:
			return SOURCE_AGAIN;
		case INPUT_END:
			if (input_left(&f->in) == 0)
				return SOURCE_END;
			f->format->cut(f, &f->why);
			f->broken = true;
			break;
		case INPUT_FAILED:
			f->broken = true;
			break;
		}
	}
	*e = f->why;
	return SOURCE_ERROR;
}

static bool
file_trade(struct source *s, struct source_block *b, struct err *e)
{
	return input_trade(&((struct file *)s)->in, &b->bytes, &b->size, e);
}

static bool
file_sieve(struct source *s, uint32_t link, native_function *run)
{
	struct file *f = (struct file *)s;

	if (!f->format->sieves || s->n_ifaces != 1 || s->ifaces[0].link != link)
		return false;
	f->sieve = run;
	return true;
}

static bool
file_counts(struct source *s, struct source_counts *c, struct err *e)
{
	(void)s;
	(void)c;
	return err_set(e, "Statistics aren't available from savefiles");
}

static void
file_wake(struct source *s)
{
	input_wake(&((struct file *)s)->in);
}

static void
file_position(const struct source *s, struct source_position *p)
{
	const struct input *in = &((const struct file *)s)->in;

	*p = (struct source_position) { in->done, in->total, in->device, in->inode };
}

static void
file_close(struct source *s)
{
	struct file *f = (struct file *)s;

	if (f->format && f->format->free)
		f->format->free(f);
	for (size_t i = 0; i < f->src.n_ifaces; i++)
		free((char *)f->ifaces[i].name);
	free(f->ifaces);
	free((char *)f->src.name);
	input_close(&f->in);
	free(f);
}

static const struct source_ops file_ops = {
	.read = file_read,
	.trade = file_trade,
	.sieve = file_sieve,
	.counts = file_counts,
	.wake = file_wake,
	.position = file_position,
	.close = file_close,
};

/* Which format the window starts with. */
static bool
probe(struct file *f, struct err *e)
{
	static enum file_probe (*const formats[])(struct file *, struct err *) = {
		pcap_probe, pcapng_probe,
	};
	enum { MAGIC = 4 };
	bool failed;

	if (!file_need(f, MAGIC, &failed, e)) {
		if (!failed)
			err_set(e,
			    "truncated dump file; tried to read %d file header bytes, only got %zu",
			    MAGIC, input_left(&f->in));
		return false;
	}
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		enum file_probe p = formats[i](f, e);

		if (p != FILE_OTHER)
			return p == FILE_MINE;
	}
	return err_set(e, "unknown file format");
}

/* fd: it is open already, or -1. */
static struct source *
open_file(const char *path, int fd, size_t chunk, void (*privilege)(bool), struct err *e)
{
	struct file *f = calloc(1, sizeof *f);
	bool ok;

	if (!f) {
		if (fd >= 0)
			close(fd);
		err_set(e, "out of memory");
		return NULL;
	}
	f->src.ops = &file_ops;
	f->in.fd = f->in.wake[0] = f->in.wake[1] = -1;
	f->src.name = strdup(path);
	ok = fd >= 0 ? input_take(&f->in, fd, chunk, e) : input_open(&f->in, path, chunk, privilege, e);
	if (ok && !f->src.name)
		ok = err_set(e, "out of memory");
	if (!ok || !probe(f, e)) {
		file_close(&f->src);
		return NULL;
	}
	return &f->src;
}

struct source *
source_open_file(const char *path, struct err *e)
{
	return open_file(path, -1, INPUT_CHUNK, NULL, e);
}

struct source *
source_take_file(int fd, const char *path, struct err *e)
{
	return open_file(path, fd, INPUT_CHUNK, NULL, e);
}

struct source *
source_open_by(const char *path, bool small, void (*privilege)(bool), struct err *e)
{
	return open_file(path, -1, small ? INPUT_CHUNK_SMALL : INPUT_CHUNK, privilege, e);
}
