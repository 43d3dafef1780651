#include "cmd/form.h"

#include "cmd/track_quick.h"

static void
packet_json(const void *ctx, struct buf *text, const struct dis *d)
{
	const struct form *f = ctx;

	json_packet(f->json, text, d);
}

static bool
plain_json(const void *ctx, struct buf *text, const struct dis *d, const struct packet *p, uint64_t number)
{
	const struct form *f = ctx;

	return json_plain(f->json, text, d, p, number);
}

static bool
plain_table(const void *ctx, struct buf *text, const struct dis *d, const struct packet *p, uint64_t number)
{
	const struct form *f = ctx;

	return table_plain(f->table, text, d, p, number);
}

static void
packet_table(const void *ctx, struct buf *text, const struct dis *d)
{
	const struct form *f = ctx;

	table_packet(f->table, text, d);
}

void
form_style(struct dump_options *o)
{
	if (o->json || o->fields)
		look_style(&o->style);
}

bool
form_open(struct form *f, const struct dump_options *o, const struct catalog *c, struct err *e)
{
	if (!o->json && !o->fields)
		return true;
	f->pump.ctx = f;
	if (o->json) {
		f->pump.packet = packet_json;
		f->needs = o->flows ? NEEDS_ALL : 0;
		f->json = json_new(c);
		return f->json || err_set(e, "out of memory");
	}
	f->pump.packet = packet_table;
	f->table = table_new(o->fields, c, e);
	if (!f->table)
		return err_wrap(e, "--fields");
	f->needs = table_needs(f->table);
	return true;
}

const struct field_set *
form_wanted(const struct form *f)
{
	static const struct field_set none = { { 0 } };

	return f->json ? NULL : f->table ? table_wanted(f->table) : &none;
}

bool
form_begin(struct form *f, const struct dump_options *o, struct dis *d, struct err *e)
{
	struct buf line = { 0 };

	if (!f->pump.packet)
		return true;
	if (!dis_collect_fields(d, form_wanted(f)))
		return err_set(e, "out of memory");
	/* -T has packets taken for something else. */
	if (f->json && !o->style.type) {
		if (!json_open_plain(f->json, d->demux))
			return err_set(e, "out of memory");
		f->pump.plain = plain_json;
	}
	if (f->table && !o->style.type) {
		table_open_plain(f->table, d->demux, track_quick_is_leaf);
		f->pump.plain = plain_table;
	}
	if (f->table && o->header) {
		table_header(f->table, &line);
		text_n(d, line.data, line.len);
		buf_free(&line);
	}
	return true;
}

void
form_close(struct form *f)
{
	json_free(f->json);
	table_free(f->table);
}
