#include "cmd/reads.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/say.h"
#include "io/merge.h"

struct reads {
	struct reads_options o;
	struct merge_file *files;
	size_t n, size;
	struct stat *first;		/* what the files were when they were opened for the first time; NULL before */
};

/* Takes over path. */
static bool
list_add(struct reads *l, char *path, bool found, struct err *e)
{
	if (path && l->n == l->size) {
		size_t size = l->size ? l->size * 2 : 16;
		struct merge_file *more = l->n < MERGE_FILES_MAX ? realloc(l->files, size * sizeof *more) : NULL;

		if (!more) {
			free(path);
			return l->n < MERGE_FILES_MAX ? err_set(e, "out of memory") :
			    err_set(e, "more than %u files to read", MERGE_FILES_MAX);
		}
		l->files = more;
		l->size = size;
	}
	if (!path)
		return err_set(e, "out of memory");
	l->files[l->n++] = (struct merge_file) { path, found };
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct merge_file *)a)->path, ((const struct merge_file *)b)->path);
}

/* The plain files of a directory, but for hidden ones, sorted by name. */
static bool
add_directory(struct reads *l, const char *path, struct err *e)
{
	const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
	DIR *d = opendir(path);
	const struct dirent *entry;
	size_t first = l->n;
	bool ok = true;

	if (!d)
		return err_set(e, "%s: %s", path, strerror(errno));
	while (ok && (entry = readdir(d)) != NULL) {
		struct stat st;
		char *name;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&name, "%s%s%s", path, slash, entry->d_name) < 0)
			name = NULL;
		if (name && (stat(name, &st) != 0 || !S_ISREG(st.st_mode)))
			free(name);
		else
			ok = list_add(l, name, true, e);
	}
	closedir(d);
	if (l->n > first)
		qsort(&l->files[first], l->n - first, sizeof *l->files, by_name);
	return ok;
}

/* The plain files that match a pattern; if none does, it was a name. */
static bool
add_pattern(struct reads *l, const char *pattern, struct err *e)
{
	size_t first = l->n;
	bool ok = true;
	glob_t g;
	int r = glob(pattern, 0, NULL, &g);

	for (size_t i = 0; r == 0 && ok && i < g.gl_pathc; i++) {
		struct stat st;

		if (stat(g.gl_pathv[i], &st) == 0 && S_ISREG(st.st_mode))
			ok = list_add(l, strdup(g.gl_pathv[i]), true, e);
	}
	if (r == 0)
		globfree(&g);
	if (r == GLOB_NOSPACE)
		return err_set(e, "out of memory");
	return ok && (l->n > first || list_add(l, strdup(pattern), false, e));
}

static bool
add(struct reads *l, const char *arg, struct err *e)
{
	struct stat st;

	if (strcmp(arg, "-") == 0)
		return list_add(l, strdup(arg), false, e);
	if (stat(arg, &st) != 0)
		return strpbrk(arg, "*?[") ? add_pattern(l, arg, e) : list_add(l, strdup(arg), false, e);
	return S_ISDIR(st.st_mode) ? add_directory(l, arg, e) : list_add(l, strdup(arg), false, e);
}

static void
say_skipped(void *ctx, const struct err *e)
{
	(void)ctx;
	say_warning("skipped: %s", e->text);
}

struct reads *
reads_find(const struct reads_options *o, struct err *e)
{
	struct reads *l = calloc(1, sizeof *l);
	bool ok = true;

	if (!l) {
		err_set(e, "out of memory");
		return NULL;
	}
	l->o = *o;
	for (unsigned i = 0; ok && i < o->n; i++)
		ok = o->plain ? list_add(l, strdup(o->args[i]), false, e) : add(l, o->args[i], e);
	if (ok && l->n == 0)
		ok = err_set(e, "no capture files in %s", o->args[0]);
	if (ok)
		return l;
	reads_free(l);
	return NULL;
}

void
reads_free(struct reads *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++)
		free((char *)l->files[i].path);
	free(l->files);
	free(l->first);
	free(l);
}

const char *
reads_at(const struct reads *l, size_t i)
{
	return i < l->n ? l->files[i].path : NULL;
}

/* Whoever reads twice must find what was there the first time, at least. */
static bool
are_the_same(struct reads *l, struct err *e)
{
	bool again = l->first != NULL;

	if (!again && !(l->first = calloc(l->n, sizeof *l->first)))
		return err_set(e, "out of memory");
	for (size_t i = 0; i < l->n; i++) {
		struct stat now = { 0 }, *was = &l->first[i];

		(void)!stat(l->files[i].path, &now);
		if (!again)
			*was = now;
		else if (now.st_dev != was->st_dev || now.st_ino != was->st_ino || now.st_size < was->st_size)
			return err_set(e, "%s: it was replaced or cut since it was first read", l->files[i].path);
	}
	return true;
}

struct source *
reads_open(struct reads *l, struct err *e)
{
	const struct reads_options *o = &l->o;
	struct merge_options m = { .ctx = o->ctx, .opened = o->opened, .skipped = say_skipped, .damaged = o->damaged,
		.privilege = o->privilege, .files = l->files, .n = l->n };
	struct source *s;
	bool same;

	if (o->privilege)
		o->privilege(true);
	same = are_the_same(l, e);
	if (o->privilege)
		o->privilege(false);
	if (!same)
		return NULL;
	if (l->n > 1 || l->files[0].found)
		return merge_open(&m, e);
	s = source_open_by(l->files[0].path, false, o->privilege, e);
	if (s)
		o->opened(o->ctx, s);
	return s;
}
