#include "cmd/form.h"

#include "out/json.h"

/* Replaces the text said since `from` by the line that was made. */
static void
replace(struct dis *d, uint32_t from, struct buf *line)
{
	d->out = d->base + from;
	d->lost = false;
	text_n(d, line->data, line->len);
	line->len = 0;
}

static void
packet_json(void *ctx, struct dis *d, const struct packet *p, uint64_t number)
{
	struct form *f = ctx;
	uint32_t from = text_at(d);

	dis_packet(d, p, number);
	json_packet(&f->line, d);
	replace(d, from, &f->line);
}

static void
packet_table(void *ctx, struct dis *d, const struct packet *p, uint64_t number)
{
	struct form *f = ctx;
	uint32_t from = text_at(d);

	dis_packet(d, p, number);
	table_packet(f->table, &f->line, d);
	replace(d, from, &f->line);
}

void
form_style(struct dump_options *o)
{
	struct style *s = &o->style;

	if (!o->json && !o->fields)
		return;
	if (s->v < 3)
		s->v = 3;
	s->q = s->x = s->X = s->A = 0;
	s->n = s->K = s->no_default = 1;
}

bool
form_open(struct form *f, const struct dump_options *o, const struct demux *x, struct dis *d, struct err *e)
{
	if (!o->json && !o->fields)
		return true;
	if (!dis_collect_fields(d))
		return err_set(e, "out of memory");
	f->pump.ctx = f;
	if (o->json) {
		f->pump.packet = packet_json;
		return true;
	}
	f->pump.packet = packet_table;
	f->catalog = catalog_new(x);
	if (!f->catalog)
		return err_set(e, "out of memory");
	f->table = table_new(o->fields, f->catalog, e);
	if (!f->table)
		return err_wrap(e, "--fields");
	if (o->header) {
		table_header(f->table, &f->line);
		replace(d, text_at(d), &f->line);
	}
	return true;
}

void
form_close(struct form *f)
{
	table_free(f->table);
	catalog_free(f->catalog);
	buf_free(&f->line);
}
