#include "stream/multi.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_HS

#include <dlfcn.h>
#include <hs/hs.h>

/* What is used of the library. */
#define CALLS(X) \
	X(valid_platform) X(expression_info) X(compile_multi) X(free_compile_error) X(free_database) X(alloc_scratch) \
	X(free_scratch) X(stream_size) X(open_stream) X(scan_stream) X(reset_stream) X(close_stream)

struct calls {
#define MEMBER(name) __typeof__(hs_##name) *name;
	CALLS(MEMBER)
#undef MEMBER
};

struct multi {
	struct calls hs;
	hs_database_t *db;
	hs_scratch_t *scratch;
	size_t stream_size;
};

struct hitting {
	multi_hit *hit;
	void *ctx;
};

static bool
calls_load(struct calls *c)
{
	/* Never closed: the library's code may have registered what runs at the program's end. */
	void *handle = dlopen("libhs.so.5", RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return false;
#define LOAD(name) \
	{ \
		void *at = dlsym(handle, "hs_" #name); \
		if (at == NULL) \
			return false; \
		memcpy(&c->name, &at, sizeof at); \
	}
	CALLS(LOAD)
#undef LOAD
	return c->valid_platform() == HS_SUCCESS;
}

/*
 * Is all of the expression's syntax such that both libraries read it the same? Those escapes that they do not, or that
 * not every version has, are PCRE2's alone. (So is what only the library's prefilter mode takes: that was seen to miss.)
 */
static bool
syntax_is_shared(const char *s)
{
	if (strncmp(s, "(*", 2) == 0 || strstr(s, "[[:<:]]") || strstr(s, "[[:>:]]"))
		return false;
	for (; *s; s++) {
		if (*s == '(' && s[1] == '?' && strchr(":=!<imsx-P'", s[2]) == NULL)
			return false;
		if (*s == '(' && s[1] == '*')
			return false;
		if (*s != '\\')
			continue;
		s++;
		if (*s == '\0')
			return false;
		if (((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9')) &&
		    strchr("dDwWnrtfexbBAzZ", *s) == NULL)
			return false;
		if (*s == 'x' && s[1] == '{')
			return false;
	}
	return true;
}

/* Can it be searched for, with which flags, and how long are its matches? */
static bool
pattern_suits(const struct calls *hs, struct multi_pattern *t, unsigned *flags)
{
	hs_expr_info_t *info = NULL;
	hs_compile_error_t *error = NULL;

	t->known = false;
	if (!syntax_is_shared(t->regex))
		return false;
	*flags = (t->ignore_case ? HS_FLAG_CASELESS : 0) | (t->lines ? HS_FLAG_MULTILINE : 0);
	if (hs->expression_info(t->regex, *flags, &info, &error) != HS_SUCCESS) {
		hs->free_compile_error(error);
		return false;
	}
	t->width = info->max_width;
	t->known = info->min_width > 0;		/* what matches nothing at all would match everywhere */
	free(info);
	return t->known;
}

static bool
database_make(struct multi *m, struct multi_pattern *patterns, unsigned n)
{
	const char **regexes = calloc(n, sizeof *regexes);
	unsigned *flags = calloc(n, sizeof *flags), *ids = calloc(n, sizeof *ids), used = 0;
	hs_compile_error_t *error = NULL;
	bool ok = false;

	if (regexes == NULL || flags == NULL || ids == NULL)
		goto out;
	for (unsigned i = 0; i < n; i++)
		if (pattern_suits(&m->hs, &patterns[i], &flags[used])) {
			regexes[used] = patterns[i].regex;
			ids[used++] = i;
		}
	while (used && m->hs.compile_multi(regexes, flags, ids, used, HS_MODE_STREAM, NULL, &m->db, &error) !=
	    HS_SUCCESS) {
		int bad = error ? error->expression : -1;

		m->hs.free_compile_error(error);
		error = NULL;
		if (bad < 0 || (unsigned)bad >= used)
			goto out;
		patterns[ids[bad]].known = false;
		used--;
		memmove(&regexes[bad], &regexes[bad + 1], (used - (unsigned)bad) * sizeof *regexes);
		memmove(&flags[bad], &flags[bad + 1], (used - (unsigned)bad) * sizeof *flags);
		memmove(&ids[bad], &ids[bad + 1], (used - (unsigned)bad) * sizeof *ids);
	}
	ok = used && m->hs.alloc_scratch(m->db, &m->scratch) == HS_SUCCESS &&
	    m->hs.stream_size(m->db, &m->stream_size) == HS_SUCCESS;
out:
	free(regexes);
	free(flags);
	free(ids);
	return ok;
}

struct multi *
multi_new(struct multi_pattern *patterns, unsigned n)
{
	struct multi *m = calloc(1, sizeof *m);

	if (m && calls_load(&m->hs) && database_make(m, patterns, n))
		return m;
	for (unsigned i = 0; i < n; i++)
		patterns[i].known = false;
	multi_free(m);
	return NULL;
}

void
multi_free(struct multi *m)
{
	if (m == NULL)
		return;
	if (m->scratch)
		m->hs.free_scratch(m->scratch);
	if (m->db)
		m->hs.free_database(m->db);
	free(m);
}

void *
multi_open(struct multi *m)
{
	hs_stream_t *s;

	return m->hs.open_stream(m->db, 0, &s) == HS_SUCCESS ? s : NULL;
}

size_t
multi_stream_size(const struct multi *m)
{
	return m->stream_size;
}

static int
on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
	struct hitting *h = ctx;

	(void)from, (void)to, (void)flags;
	h->hit(h->ctx, id);
	return 0;
}

bool
multi_scan(struct multi *m, void *stream, const uint8_t *p, uint32_t len, multi_hit *hit, void *ctx)
{
	struct hitting h = { hit, ctx };

	return m->hs.scan_stream(stream, (const char *)p, len, 0, m->scratch, on_match, &h) == HS_SUCCESS;
}

bool
multi_restart(struct multi *m, void *stream, multi_hit *hit, void *ctx)
{
	struct hitting h = { hit, ctx };

	return m->hs.reset_stream(stream, 0, m->scratch, on_match, &h) == HS_SUCCESS;
}

void
multi_close(struct multi *m, void *stream)
{
	m->hs.close_stream(stream, NULL, NULL, NULL);
}

#else	/* built without its headers */

struct multi *
multi_new(struct multi_pattern *patterns, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		patterns[i].known = false;
	return NULL;
}

void
multi_free(struct multi *m)
{
	(void)m;
}

void *
multi_open(struct multi *m)
{
	(void)m;
	return NULL;
}

size_t
multi_stream_size(const struct multi *m)
{
	(void)m;
	return 0;
}

bool
multi_scan(struct multi *m, void *stream, const uint8_t *p, uint32_t len, multi_hit *hit, void *ctx)
{
	(void)m, (void)stream, (void)p, (void)len, (void)hit, (void)ctx;
	return false;
}

bool
multi_restart(struct multi *m, void *stream, multi_hit *hit, void *ctx)
{
	(void)m, (void)stream, (void)hit, (void)ctx;
	return false;
}

void
multi_close(struct multi *m, void *stream)
{
	(void)m, (void)stream;
}

#endif
