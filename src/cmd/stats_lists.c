#include <stdio.h>

#include "cmd/stats_lists.h"

#include "base/top.h"
#include "out/grid.h"
#include "out/object.h"

struct tally *
list_new(size_t extra, size_t *left)
{
	struct tally *t = tally_new(STATS_ROWS_MAX, STATS_BYTES_MAX / 4, extra);

	if (t)
		tally_share(t, left);
	return t;
}

struct tally_row *
list_count(struct tally *t, const char *name)
{
	return *name ? tally_count(t, name, strlen(name)) : NULL;
}

void
list_fact(struct buf *b, const char *name)
{
	buf_str(b, "  ");
	buf_str(b, name);
	for (size_t n = strlen(name); n < 16; n++)
		buf_char(b, ' ');
}

void
list_rest(const struct tally *t, size_t shown, struct buf *out)
{
	uint32_t rows = tally_rows(t);

	if (rows > shown) {
		buf_str(out, "  ... and ");
		buf_u(out, rows - shown);
		buf_str(out, " more\n");
	}
	if (tally_others(t)) {
		buf_str(out, "  no room for more: ");
		buf_u(out, tally_others(t));
		buf_str(out, " are not among them\n");
	}
}

void
list_text(const struct tally *t, const char *title, const struct stats_view *v)
{
	const struct grid_column columns[] = { { "count", false }, { "", false }, { title, true } };
	struct top top;
	struct grid g;

	if (tally_total(t) == 0)
		return;
	buf_char(v->out, '\n');
	grid_begin(&g, columns, 3, 2);
	tally_top(t, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		const struct tally_row *r = top.at[i];

		grid_u(&g, r->count);
		grid_percent(&g, (double)r->count, (double)tally_total(t));
		grid_text(&g, tally_key(t, r), r->key_len, LIST_SHOWN_MAX);
	}
	grid_end(&g, v->out);
	list_rest(t, top.n, v->out);
	top_free(&top);
}

void
list_json_others(const struct tally *t, const char *list, const struct stats_view *v)
{
	char name[64];

	if (tally_others(t)) {
		snprintf(name, sizeof name, "%s_others", list);
		object_u(v->out, name, tally_others(t));
	}
}

void
list_json_rows(const struct tally *t, const char *list, const struct stats_view *v,
    void (*row)(const void *ctx, struct buf *b, const struct tally *t, const struct tally_row *r), const void *ctx)
{
	struct top top;

	object_list(v->out, list);
	tally_top(t, v->top, &top);
	for (size_t i = 0; i < top.n; i++) {
		object_open(v->out, NULL);
		row(ctx, v->out, t, top.at[i]);
		object_close(v->out);
		stats_flush(v);
	}
	object_list_end(v->out);
	top_free(&top);
	list_json_others(t, list, v);
}

static void
json_count(const void *key, struct buf *b, const struct tally *t, const struct tally_row *r)
{
	object_u(b, "count", r->count);
	object_text(b, key, tally_key(t, r), r->key_len);
}

void
list_json(const struct tally *t, const char *list, const char *key, const struct stats_view *v)
{
	list_json_rows(t, list, v, json_count, key);
}

void
list_json_times(struct summary *s, const char *name, struct buf *out)
{
	if (s->n == 0) {
		object_null(out, name);
		return;
	}
	object_open(out, name);
	object_u(out, "count", s->n);
	object_seconds(out, "min", s->min);
	object_seconds(out, "mean", (int64_t)summary_mean(s));
	object_seconds(out, "median", summary_quantile(s, 0.5));
	object_seconds(out, "p95", summary_quantile(s, 0.95));
	object_seconds(out, "max", s->max);
	object_close(out);
}

void
list_text_times(struct summary *s, const char *name, struct buf *out)
{
	if (s->n == 0)
		return;
	list_fact(out, name);
	grid_put_took(out, s->min), buf_str(out, " least, ");
	grid_put_took(out, summary_quantile(s, 0.5)), buf_str(out, " median, ");
	grid_put_took(out, summary_quantile(s, 0.95)), buf_str(out, " for 95 %, ");
	grid_put_took(out, s->max), buf_str(out, " most\n");
}

void
took_add(struct took *t, int64_t ns)
{
	t->n++;
	t->sum += (double)ns;
	if (ns > t->most)
		t->most = ns;
}

void
took_text(const struct took *t, struct grid *g)
{
	grid_took(g, t->n ? (int64_t)(t->sum / (double)t->n) : -1);
	grid_took(g, t->n ? t->most : -1);
}

void
took_json(const struct took *t, struct buf *out)
{
	if (t->n == 0)
		return;
	object_seconds(out, "mean", (int64_t)(t->sum / (double)t->n));
	object_seconds(out, "max", t->most);
}
