#include "stream/multi.h"

#include <stdlib.h>
#include <string.h>

#ifdef HAVE_HS

#include <dlfcn.h>
#include <stdio.h>
#include <hs/hs.h>

#include "base/cpu.h"
#include "base/examined.h"

/* What is used of the library: to compile, and to scan. */
#define COMPILING(X) \
	X(valid_platform) X(expression_info) X(compile_multi) X(free_compile_error) X(free_database) X(alloc_scratch) \
	X(free_scratch)
#define SCANNING(X) X(stream_size) X(open_stream) X(scan_stream) X(reset_stream) X(close_stream)

struct calls {
#define MEMBER(name) __typeof__(hs_##name) *name;
	COMPILING(MEMBER)
	SCANNING(MEMBER)
#undef MEMBER
	hs_platform_info_t platform;
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

/* The library's function for this kind of processor ("" for whatever it thinks best). */
static bool
call_find(void *handle, const char *kind, const char *name, void *call)
{
	char symbol[64];
	void *at;

	snprintf(symbol, sizeof symbol, "%shs_%s", kind, name);
	at = dlsym(handle, symbol);
	memcpy(call, &at, sizeof at);
	return at != NULL;
}

static bool
calls_find(struct calls *c, void *handle, const char *kind)
{
#define FIND(name) && call_find(handle, "", #name, &c->name)
#define FIND_KIND(name) && call_find(handle, kind, #name, &c->name)
	return true COMPILING(FIND) SCANNING(FIND_KIND);
#undef FIND
#undef FIND_KIND
}

static int
on_trial(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *ctx)
{
	(void)id, (void)from, (void)to, (void)flags;
	++*(unsigned *)ctx;
	return 0;
}

/* Does it find what is there, wherever it is? Vectorscan 5.4.9 with AVX-512 does not, from 64 bytes on. */
static bool
calls_work(const struct calls *c)
{
	static const char *const regex[] = { "\\d{1,3}\\.\\d{1,3}\\b" };
	enum { TRIALS = 160 };
	char text[TRIALS + 4];
	unsigned flags = HS_FLAG_MULTILINE, id = 0, hits;
	hs_database_t *db = NULL;
	hs_scratch_t *scratch = NULL;
	hs_stream_t *stream = NULL;
	hs_compile_error_t *error = NULL;
	bool ok = false;

	if (c->compile_multi(regex, &flags, &id, 1, HS_MODE_STREAM, &c->platform, &db, &error) != HS_SUCCESS) {
		c->free_compile_error(error);
		return false;
	}
	if (c->alloc_scratch(db, &scratch) == HS_SUCCESS && c->open_stream(db, 0, &stream) == HS_SUCCESS) {
		ok = true;
		for (unsigned n = 0; ok && n < TRIALS; n++) {
			memset(text, ' ', sizeof text);
			memcpy(text + n, "5.2", 3);
			hits = 0;
			ok = c->scan_stream(stream, text, n + 4, 0, scratch, on_trial, &hits) == HS_SUCCESS && hits > 0 &&
			    c->reset_stream(stream, 0, scratch, on_trial, &hits) == HS_SUCCESS;
		}
		c->close_stream(stream, NULL, NULL, NULL);
	}
	if (scratch)
		c->free_scratch(scratch);
	c->free_database(db);
	return ok;
}

static bool
calls_load(struct calls *c)
{
	/* Never closed: the library's code may have registered what runs at the program's end. */
	void *handle = dlopen("libhs.so.5", RTLD_NOW | RTLD_LOCAL);
	const char *kind = "";

	/* Clang's sanitizers, which are linked statically, cannot follow the exceptions that the library throws inside. */
	if (handle == NULL || EXAMINED_BY_CLANG)
		return false;
#if defined __x86_64__
	if (cpu_is_wide()) {
		c->platform.cpu_features = HS_CPU_FEATURES_AVX2;
		if (dlsym(handle, "avx2_hs_scan_stream"))
			kind = "avx2_";
	}
#endif
	return calls_find(c, handle, kind) && c->valid_platform() == HS_SUCCESS && calls_work(c);
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
	if (t->regex == NULL || !syntax_is_shared(t->regex))
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
	while (used && m->hs.compile_multi(regexes, flags, ids, used, HS_MODE_STREAM, &m->hs.platform, &m->db,
	    &error) != HS_SUCCESS) {
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
