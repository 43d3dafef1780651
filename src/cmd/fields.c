#include "cmd/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/output.h"
#include "cmd/say.h"
#include "dissect/catalog.h"
#include "proto/protos.h"

static int
by_name(const void *a, const void *b)
{
	const struct field *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static bool
print_proto(const struct proto *p)
{
	const struct field **rows = calloc(p->n_fields + 1, sizeof *rows);

	if (rows == NULL)
		return false;
	for (unsigned i = 0; i < p->n_fields; i++)
		rows[i] = &p->fields[i];
	qsort(rows, p->n_fields, sizeof *rows, by_name);
	printf("%s\t%s\n", p->name, p->title);
	for (unsigned i = 0; i < p->n_fields; i++)
		if (printf("  %-38s %-24s %s\n", rows[i]->name, field_type_name(rows[i]), rows[i]->help ? rows[i]->help : "") < 0)
			output_printed();
	free(rows);
	return true;
}

static int
usage(FILE *to)
{
	fputs("usage: wiretape fields [PROTOCOL ...]\n"
	      "Lists the fields that --json and --fields show: name, type and meaning, by protocol.\n", to);
	return to == stdout ? 0 : 2;
}

static int
no_memory(void)
{
	fputs("wiretape: out of memory\n", stderr);
	return 2;
}

int
cmd_fields(int argc, char **argv)
{
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct catalog *c = x ? catalog_new(x) : NULL;
	const struct proto *p, *last = NULL;
	int status = 0;
	struct err e;

	if (c == NULL) {
		status = no_memory();
	} else if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		status = usage(stdout);
	} else if (argc > 1 && argv[1][0] == '-') {
		fprintf(stderr, "wiretape: fields takes no option '%s'\n", argv[1]);
		status = usage(stderr);
	} else if (argc == 1) {
		for (size_t i = 0; (p = catalog_at(c, i)) != NULL; last = p, i++) {
			if (p->n_fields == 0)
				continue;
			if (last)
				putchar('\n');
			if (!print_proto(p))
				status = no_memory();
		}
	}
	for (int i = 1; i < argc && status == 0 && argv[i][0] != '-'; i++) {
		p = catalog_proto(c, argv[i]);
		if (p == NULL) {
			fprintf(stderr, "wiretape: no protocol is called '%s' (wiretape fields lists them all)\n", argv[i]);
			status = 2;
			break;
		}
		if (i > 1)
			putchar('\n');
		if (!print_proto(p))
			status = no_memory();
	}
	catalog_free(c);
	demux_free(x);
	if (!output_end(&e)) {
		say_error("%s", e.text);
		status = 2;
	}
	return status;
}
