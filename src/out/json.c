#include "out/json.h"

#include "out/value.h"

/* A value in JSON's spelling. scratch is used and left empty. */
static void
put_json_value(struct buf *b, const struct noted *n, struct buf *scratch)
{
	size_t at = b->len;

	switch (value_put(b, n)) {
	case VALUE_NUMBER:
		break;
	case VALUE_BOOL:
		if (b->len > at) {
			bool yes = b->data[at] == '1';

			b->len = at;
			buf_str(b, yes ? "true" : "false");
		}
		break;
	case VALUE_PLAIN:
	case VALUE_STRING:
		scratch->len = 0;
		buf_put(scratch, b->data + at, b->len - at);
		b->len = at;
		buf_char(b, '"');
		value_escape(b, scratch->data, scratch->len, true);
		buf_char(b, '"');
		break;
	}
}

/* A field of a layer with all its occurrences from `first` on; marks the later ones as done. */
static void
put_field_json(struct buf *b, const struct fields *s, uint32_t first, uint8_t *done, struct buf *scratch)
{
	const struct noted *n = &s->noted[first];
	bool many = false;

	buf_char(b, '"');
	buf_str(b, n->field->name);
	buf_str(b, "\":");
	size_t at = b->len;
	put_json_value(b, n, scratch);
	for (uint32_t i = first + 1; i < s->n; i++) {
		const struct noted *m = &s->noted[i];

		if (m->field != n->field || m->layer != n->layer)
			continue;
		if (!many && buf_reserve(b, 1)) {
			memmove(b->data + at + 1, b->data + at, b->len - at);
			b->data[at] = '[';
			b->len++;
		}
		many = true;
		done[i] = 1;
		buf_char(b, ',');
		put_json_value(b, m, scratch);
	}
	if (many)
		buf_char(b, ']');
}

void
json_packet(struct buf *b, const struct dis *d)
{
	const struct fields *s = d->sink;
	uint8_t done[DIS_FIELDS_MAX];
	struct buf scratch = { 0 };

	memset(done, 0, s->n);
	buf_str(b, "{\"layers\":[");
	for (uint32_t layer = 0; layer < s->n_layers; layer++) {
		bool any = false;

		if (layer)
			buf_char(b, ',');
		buf_str(b, "{\"");
		buf_str(b, s->layers[layer].proto->name);
		buf_str(b, "\":{");
		for (uint32_t i = 0; i < s->n; i++) {
			if (done[i] || s->noted[i].layer != layer || s->noted[i].field == NULL)
				continue;
			if (any)
				buf_char(b, ',');
			any = true;
			put_field_json(b, s, i, done, &scratch);
		}
		buf_str(b, "}}");
	}
	buf_char(b, ']');
	if (s->dropped) {
		buf_str(b, ",\"fields_dropped\":");
		buf_u(b, s->dropped);
	}
	buf_str(b, "}\n");
	buf_free(&scratch);
}
