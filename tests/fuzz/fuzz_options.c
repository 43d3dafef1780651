/*
 * The command line: the input's lines are its words. They go through the repair of pasted characters, the options'
 * parser and the filter expression's text, as cmd_dump does, short of opening anything.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/expression.h"
#include "cmd/options.h"
#include "cmd/paste.h"

enum { WORDS_MAX = 64, INPUT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[] = "wiretape", *words[WORDS_MAX + 2] = { name }, **argv = words, *text, *expression;
	struct dump_options o = { 0 };
	struct err e = { 0 };
	struct paste paste;
	bool plain, repaired;
	int argc = 1;

	if (size < 2 || size > INPUT_MAX)
		return 0;
	text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	plain = data[0] & 1;
	for (char *rest = text, *word; argc <= WORDS_MAX && (word = strsep(&rest, "\n")) != NULL;)
		words[argc++] = word;
	words[argc] = NULL;
	repaired = paste_repair(&paste, argc, argv, plain);
	if (repaired) {
		argc = paste.n;
		argv = paste.words;
	}
	optind = 0;	/* getopt starts anew */
	if (options_parse(argc, argv, plain, &o, &e) == OPTIONS_RUN) {
		expression = expression_text(NULL, o.expression, &e);
		free(expression);
	}
	if (repaired)
		paste_free(&paste);
	free(text);
	return 0;
}
