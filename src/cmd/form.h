/* --json and --fields: decoded packets in another form than text. */
#pragma once

#include "base/buf.h"
#include "cmd/options.h"
#include "cmd/pump.h"
#include "dissect/catalog.h"
#include "out/json.h"
#include "out/table.h"

struct form {
	struct pump_form pump;		/* for the loop; pump.packet is NULL when text is wanted */
	unsigned needs;			/* of the fields that are shown: NEEDS_ bits */
	struct json *json;
	struct table *table;
};

/*
 * Fields want walks that go as deep as they can, whatever -v and -q say; their text is thrown away, so it needs no names,
 * no checksums, no dumps and no memory of conversations. To be called before the walk's state is made from the style.
 */
void form_style(struct dump_options *o);

/* Prepares what the options ask for. The catalog must stay. */
bool form_open(struct form *f, const struct dump_options *o, const struct catalog *c, struct err *e);
/* Makes d collect fields if that is needed; with --header the names are put into its text buffer. */
bool form_begin(struct form *f, const struct dump_options *o, struct dis *d, struct err *e);
/* The fields that it shows; lent. NULL: all. */
const struct field_set *form_wanted(const struct form *f);
void form_close(struct form *f);
