#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/follow.h"
#include "cmd/privilege.h"

enum { NAME_ROOM = 192 };

/* An open file and what waits to be written to it. */
struct slot {
	struct follow_file *file;	/* NULL: free */
	int fd;
	char name[NAME_ROOM];
	uint64_t used;			/* when it was used last */
	size_t n;
	char *bytes;
};

struct follow_files {
	const char *dir;
	int fd;
	bool force, broken;
	uint64_t clock, count;
	uint64_t packet, left_out;
	unsigned of_packet;		/* files that it was asked for */
	struct slot slots[FOLLOW_FILES_OPEN];
	struct follow_file index;
};

static const char index_name[] = "index.tsv";

/* --- names ----------------------------------------------------------------------------------------------------------- */

/* Digits, hex digits, dots and underscores, whatever the packets say: "10.0.0.1.80", "2001_db8__1.443". */
static void
put_end(struct buf *b, const struct flow *f, unsigned end)
{
	size_t from = b->len;

	follow_address_text(b, f, end);
	for (size_t i = from; i < b->len; i++)
		if (b->data[i] == ':')
			b->data[i] = '_';
	buf_char(b, '.');
	buf_u(b, f->ends.port[end]);
}

/* Without the tail; names sort by kind and number. */
static bool
stem(const struct flow *f, char name[NAME_ROOM])
{
	struct buf b = { 0 };
	bool ok;

	put_end(&b, f, 0);
	buf_char(&b, '-');
	put_end(&b, f, 1);
	buf_char(&b, '\0');
	ok = !b.failed;
	if (ok)
		snprintf(name, NAME_ROOM, "%s-%08u-%s", follow_kind_name(f->kind), f->stream, b.data);
	buf_free(&b);
	return ok;
}

static bool
file_name(const struct flow *f, const char *tail, char name[NAME_ROOM])
{
	size_t n;

	if (!stem(f, name))
		return false;
	n = strlen(name);
	snprintf(name + n, NAME_ROOM - n, ".%s", tail);
	return true;
}

/* --- open files --------------------------------------------------------------------------------------------------------- */

static bool
fail(struct follow_files *x, const char *name, struct err *e)
{
	x->broken = true;
	return err_set(e, "%s/%s: %s%s", x->dir, name, strerror(errno),
	    errno == EEXIST ? " (--force overwrites)" : "");
}

static bool
flush(struct follow_files *x, struct slot *s, struct err *e)
{
	size_t at = 0;

	while (at < s->n && !x->broken) {
		ssize_t n = write(s->fd, s->bytes + at, s->n - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(x, s->name, e);
		at += (size_t)n;
	}
	s->n = 0;
	return !x->broken;
}

static bool
shut(struct follow_files *x, struct slot *s, struct err *e)
{
	bool ok;

	if (s->file == NULL)
		return true;
	ok = flush(x, s, e);
	s->file->slot = 0;
	s->file = NULL;
	/* Interrupted or not, it is closed. */
	if (close(s->fd) != 0 && errno != EINTR && ok)
		ok = fail(x, s->name, e);
	return ok;
}

/* A new file is ours alone: nothing that was there under its name is followed or kept. */
static int
make(struct follow_files *x, const char *name)
{
	int fd;

	privilege_raise(true);
	if (x->force && unlinkat(x->fd, name, 0) != 0 && errno != ENOENT) {
		fd = -1;
	} else {
		fd = openat(x->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
	}
	privilege_raise(false);
	return fd;
}

/* Of the files that are open, the one that nothing was written to for longest; NULL: none is. */
static struct slot *
quietest(struct follow_files *x)
{
	struct slot *s = NULL;

	for (unsigned i = 0; i < FOLLOW_FILES_OPEN; i++)
		if (x->slots[i].file && (!s || x->slots[i].used < s->used))
			s = &x->slots[i];
	return s;
}

static bool
open_slot(struct follow_files *x, struct follow_file *file, const char *name, struct err *e)
{
	struct slot *s = x->slots;

	for (unsigned i = 1; i < FOLLOW_FILES_OPEN && s->file; i++)
		if (!x->slots[i].file || x->slots[i].used < s->used)
			s = &x->slots[i];
	if (!shut(x, s, e))
		return false;
	if (!s->bytes && (s->bytes = malloc(FOLLOW_FILE_BUFFER)) == NULL)
		return err_set(e, "out of memory");
	for (;;) {
		struct slot *other;

		s->fd = file->made ? openat(x->fd, name, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC) : make(x, name);
		if (s->fd >= 0)
			break;
		/* Fewer may be open here than there are slots. */
		if (errno != EMFILE || (other = quietest(x)) == NULL)
			return fail(x, name, e);
		if (!shut(x, other, e))
			return false;
	}
	x->count += !file->made;
	file->made = true;
	file->slot = (unsigned)(s - x->slots) + 1;
	s->file = file;
	snprintf(s->name, sizeof s->name, "%s", name);
	return true;
}

static bool
put(struct follow_files *x, struct follow_file *file, const char *name, const char *p, size_t n, struct err *e)
{
	struct slot *s;

	if (x->broken)
		return err_set(e, "%s: writing has failed", x->dir);
	if (!file->slot && !open_slot(x, file, name, e))
		return false;
	s = &x->slots[file->slot - 1];
	s->used = ++x->clock;
	file->bytes += n;
	while (n) {
		size_t room = FOLLOW_FILE_BUFFER - s->n, part = n < room ? n : room;

		memcpy(s->bytes + s->n, p, part);
		s->n += part;
		p += part;
		n -= part;
		if (s->n == FOLLOW_FILE_BUFFER && !flush(x, s, e))
			return false;
	}
	return true;
}

/* --- for the command ------------------------------------------------------------------------------------------------------ */

struct follow_files *
follow_files_new(const char *dir, bool force, const char *user, struct err *e)
{
	struct follow_files *x = calloc(1, sizeof *x);
	bool made;

	if (x == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	x->dir = dir;
	x->force = force;
	made = mkdir(dir, 0777) == 0;
	if (made || errno == EEXIST)
		x->fd = open(dir, O_RDONLY | O_DIRECTORY | (made ? O_NOFOLLOW : 0) | O_CLOEXEC);
	else
		x->fd = -1;
	if (x->fd < 0) {
		err_set(e, "%s: %s", dir, strerror(errno));
		free(x);
		return NULL;
	}
	if (made && user)
		privilege_give_made(x->fd, user);
	if (force || faccessat(x->fd, index_name, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
		return x;
	errno = EEXIST;
	fail(x, index_name, e);
	close(x->fd);
	free(x);
	return NULL;
}

bool
follow_files_put(struct follow_files *x, struct follow_file *file, const struct flow *f, const char *tail, const void *p,
    size_t n, struct err *e)
{
	char name[NAME_ROOM];

	if (n == 0)
		return true;
	if (!file->slot && !file_name(f, tail, name))
		return err_set(e, "out of memory");
	return put(x, file, name, p, n, e);
}

bool
follow_files_may_make(struct follow_files *x, uint64_t packet)
{
	if (x->packet != packet)
		x->of_packet = 0;
	x->packet = packet;
	if (x->of_packet++ < FOLLOW_FILES_A_PACKET)
		return true;
	x->left_out++;
	return false;
}

bool
follow_files_done(struct follow_files *x, struct follow_file *file, struct err *e)
{
	return !file->slot || shut(x, &x->slots[file->slot - 1], e);
}

/* The index comes into being with its first line, or at the end. */
static bool
index_put(struct follow_files *x, const char *line, size_t n, struct err *e)
{
	static const char head[] = "protocol\tstream\tcommunity_id\tclient\tclient_port\tserver\tserver_port\tfirst\tlast\t"
	    "client_packets\tserver_packets\tclient_missing\tserver_missing\tend\tclient_file_bytes\tserver_file_bytes\tfile\n";

	if (!x->index.made && !put(x, &x->index, index_name, head, sizeof head - 1, e))
		return false;
	return n == 0 || put(x, &x->index, index_name, line, n, e);
}

static void
put_time(struct buf *b, int64_t ns)
{
	char text[48];

	snprintf(text, sizeof text, "%s%lld.%09lld\t", ns < 0 ? "-" : "", llabs(ns / 1000000000), llabs(ns % 1000000000));
	buf_str(b, text);
}

static void
put_column(struct buf *b, uint64_t v)
{
	buf_u(b, v);
	buf_char(b, '\t');
}

bool
follow_files_index(struct follow_files *x, const struct flow *f, enum flow_end why, const struct follow_file files[2],
    struct err *e)
{
	static const char *const ends[] = { "capture", "crowded", "reused" };
	char id[COMMUNITY_ID_MAX], name[NAME_ROOM];
	struct buf b = { 0 };
	bool ok;

	community_id(&f->ends, 0, id);
	buf_str(&b, follow_kind_name(f->kind));
	buf_char(&b, '\t');
	put_column(&b, f->stream);
	buf_str(&b, id);
	buf_char(&b, '\t');
	for (unsigned end = 0; end < 2; end++) {
		follow_address_text(&b, f, end);
		buf_char(&b, '\t');
		put_column(&b, f->ends.port[end]);
	}
	put_time(&b, f->first);
	put_time(&b, f->last);
	put_column(&b, f->packets[0]);
	put_column(&b, f->packets[1]);
	put_column(&b, f->missing[0]);
	put_column(&b, f->missing[1]);
	buf_str(&b, ends[why]);
	buf_char(&b, '\t');
	put_column(&b, files[0].bytes);
	put_column(&b, files[1].bytes);
	if ((files[0].made || files[1].made) && stem(f, name))
		buf_str(&b, name);
	buf_char(&b, '\n');
	ok = !b.failed ? index_put(x, b.data, b.len, e) : err_set(e, "out of memory");
	buf_free(&b);
	return ok;
}

bool
follow_files_finish(struct follow_files *x, uint64_t *count, uint64_t *left_out, struct err *e)
{
	*left_out = x->left_out;
	bool ok = index_put(x, NULL, 0, e);

	*count = x->count - x->index.made;
	return ok;
}

bool
follow_files_close(struct follow_files *x, struct err *e)
{
	bool ok = true;

	if (x == NULL)
		return true;
	for (unsigned i = 0; i < FOLLOW_FILES_OPEN; i++) {
		ok = shut(x, &x->slots[i], ok ? e : &(struct err) { "" }) && ok;
		free(x->slots[i].bytes);
	}
	close(x->fd);
	free(x);
	return ok;
}
