#include <stdio.h>

#include "cmd/look.h"

#include "cmd/say.h"

enum { WIDTH = 70 };	/* columns of an expression that are shown around an error */

/* Characters that steer a terminal become dots. */
static void
make_harmless(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = '.';
}

/* The expression with the place marked below it. */
static void
point_at(const char *text, const struct query_place *where, struct err *e)
{
	size_t from = where->at > WIDTH / 2 ? where->at - WIDTH / 2 : 0, width = where->len;
	char shown[WIDTH + 1];

	make_harmless(e->text);
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
	s->n = s->K = s->S = s->no_default = 1;
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
look_open(struct look *l, const char *expression, const struct style *style, const struct demux *x, struct err *e)
{
	l->catalog = catalog_new(x);
	if (!l->catalog)
		return err_set(e, "out of memory");
	l->query = look_compile(expression, l->catalog, e);
	if (!l->query)
		return false;
	l->style = *style;
	look_style(&l->style);
	l->scratch = query_scratch_new();
	l->conv = conv_new();
	l->dis = dis_new(&l->style, x, NULL, l->conv);
	return (l->scratch && l->conv && l->dis && dis_collect_fields(l->dis)) || err_set(e, "out of memory");
}

void
look_close(struct look *l)
{
	query_free(l->query);
	query_scratch_free(l->scratch);
	dis_free(l->dis);
	conv_free(l->conv);
	catalog_free(l->catalog);
}

bool
look_at(struct look *l, const struct packet *p)
{
	dis_clear(l->dis);
	dis_packet(l->dis, p, ++l->seen);
	return query_match(l->query, l->scratch, l->dis);
}
