#include <stdio.h>

#include "cmd/look.h"

#include "cmd/say.h"
#include "out/value.h"

enum { WIDTH = 70 };	/* columns of an expression that are shown around an error */

/* Characters that steer a terminal become dots. */
static void
make_harmless(char *s)
{
	for (size_t len; *s; s += len) {
		len = value_harmless((const uint8_t *)s, strlen(s));
		if (len == 0)
			s[len++] = '.';
	}
}

/* The expression with the place marked below it. */
static void
point_at(const char *text, const struct query_place *where, struct err *e)
{
	size_t from = where->at > WIDTH / 2 ? where->at - WIDTH / 2 : 0, width = where->len;
	char shown[WIDTH + 1];

	say_error("-Y: %s", e->text);
	if (width == 0)
		return;
	snprintf(shown, sizeof shown, "%s", text + from);
	make_harmless(shown);
	fprintf(stderr, "  %s\n  %*s^", shown, (int)(where->at - from), "");
	for (size_t room = WIDTH - (where->at - from); width > 1 && room > 1; width--, room--)
		fputc('~', stderr);
	fputc('\n', stderr);
}

void
look_style(struct style *s)
{
	if (s->v < 3)
		s->v = 3;
	s->q = s->x = s->X = s->A = 0;
	s->n = s->K = s->S = s->no_default = s->mute = 1;
}

struct query *
look_compile(const char *expression, const struct catalog *c, struct err *e)
{
	struct query_place where;
	struct query *q = query_new(expression, c, &where, e);

	if (!q) {
		point_at(expression, &where, e);
		e->text[0] = '\0';
	}
	return q;
}

bool
look_open(struct look *l, const char *expression, bool reads, unsigned needs, const struct field_set *shown,
    const struct catalog *c, struct err *e)
{
	if (expression && (l->query = look_compile(expression, c, e)) == NULL)
		return false;
	l->reads = reads;
	l->needs = needs | (l->query ? query_needs(l->query) : 0);
	/* Who matches questions with answers looks at fields of its own. */
	l->all = !shown || l->needs & (NEEDS_ANSWERS | NEEDS_HTTP);
	if (shown)
		l->wanted = *shown;
	if (l->query)
		field_set_join(&l->wanted, query_wanted(l->query));
	return true;
}

bool
look_begin(struct look *l, const struct style *style, const struct demux *x, const struct catalog *c, struct err *e)
{
	const struct track_options o = { .style = style, .demux = x, .catalog = c, .needs = l->needs,
		.wanted = l->all ? NULL : &l->wanted, .query = l->query, .layers_only = !l->reads, .flows_only = !l->reads,
		.no_flows = (l->needs & ~(unsigned)NEEDS_BEFORE) == 0 };

	if (!look_needed(l))
		return true;
	l->track = track_new(&o);
	return l->track || err_set(e, "out of memory");
}

void
look_close(struct look *l)
{
	track_free(l->track);
	query_free(l->query);
}

bool
look_at(struct look *l, const struct packet *p)
{
	const struct tracked *t;

	t = track_packet(l->track, p, ++l->seen);
	l->dis = t->dis;
	if (!t->passes)
		return false;
	track_shown(l->track);
	return true;
}
