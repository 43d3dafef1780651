#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/paste.h"
#include "cmd/options.h"
#include "cmd/say.h"

/* What a typographic character stands for. */
enum meaning { HYPHEN, LONG_DASH, QUOTE, BLANK, NOTHING };

static const struct {
	char bytes[4];		/* UTF-8 */
	enum meaning meaning;
} characters[] = {
	{ "\u2010", HYPHEN }, { "\u2011", HYPHEN }, { "\u2012", HYPHEN }, { "\u2013", HYPHEN }, { "\u2212", HYPHEN },
	{ "\u2014", LONG_DASH }, { "\u2015", LONG_DASH },
	{ "\u2018", QUOTE }, { "\u2019", QUOTE }, { "\u201a", QUOTE }, { "\u201b", QUOTE },
	{ "\u201c", QUOTE }, { "\u201d", QUOTE }, { "\u201e", QUOTE }, { "\u201f", QUOTE },
	{ "\u2032", QUOTE }, { "\u2033", QUOTE }, { "\u00b4", QUOTE },
	{ "\u00a0", BLANK }, { "\u2007", BLANK }, { "\u202f", BLANK }, { "\u2009", BLANK },
	{ "\u200b", NOTHING }, { "\ufeff", NOTHING },
};
enum { CHARACTERS = sizeof characters / sizeof *characters };

/* The typographic character at s: its length in bytes, or 0. */
static size_t
character_at(const char *s, enum meaning *m)
{
	if ((unsigned char)*s < 0x80)
		return 0;
	for (unsigned i = 0; i < CHARACTERS; i++) {
		size_t n = strlen(characters[i].bytes);

		if (strncmp(s, characters[i].bytes, n) == 0) {
			*m = characters[i].meaning;
			return n;
		}
	}
	return 0;
}

static bool
holds_character(const char *s)
{
	enum meaning m;

	for (; *s; s++)
		if (character_at(s, &m))
			return true;
	return false;
}

static bool
begins_with(const char *s, enum meaning want)
{
	enum meaning m;

	return character_at(s, &m) > 0 && m == want;
}

/* Is the last character of s a quote, one that does not also open it? */
static bool
closes_quote(const char *s)
{
	const char *start = s;
	enum meaning m;

	for (; *s; s++) {
		size_t n = character_at(s, &m);

		if (n && m == QUOTE && s[n] == '\0')
			return s != start;
	}
	return false;
}

static void *
must(void *p)
{
	if (!p)
		exit(say_error("out of memory"));
	return p;
}

static void
add_word(struct paste *p, char *s)
{
	if (p->n + 1 >= p->room) {
		p->room = p->room * 2 + 16;
		p->words = must(realloc(p->words, (size_t)p->room * sizeof *p->words));
		p->blocks = must(realloc(p->blocks, (size_t)p->room * sizeof *p->blocks));
	}
	p->words[p->n++] = s;
	p->words[p->n] = NULL;
}

/* The same for a word that has been allocated and is to be freed with the others. */
static void
add_own(struct paste *p, char *s)
{
	add_word(p, s);
	p->blocks[p->n_blocks++] = s;
}

void
paste_free(struct paste *p)
{
	for (int i = 0; i < p->n_blocks; i++)
		free(p->blocks[i]);
	free(p->blocks);
	free(p->words);
}

/* A copy of s with every typographic character replaced by what it means; quotes vanish. */
static char *
plain_copy(const char *s)
{
	char *out = must(malloc(2 * strlen(s) + 1)), *to = out;
	enum meaning m;

	while (*s) {
		size_t n = character_at(s, &m);

		if (n == 0)
			*to++ = *s++;
		else if (m == HYPHEN || m == LONG_DASH)
			*to++ = '-';
		else if (m == BLANK)
			*to++ = ' ';
		s += n;
	}
	*to = '\0';
	return out;
}

/*
 * The words from *i on that a pair of quotes held together before the shell, which does not know them, took them
 * apart; *i becomes the last of them. A quote that is never closed holds only its own word.
 */
static char *
join_quoted(char **argv, int argc, int *i)
{
	int last = *i;
	size_t n = 0;
	char *out, *to;

	while (last < argc && !closes_quote(argv[last]) && !(last > *i && begins_with(argv[last], QUOTE)))
		last++;
	if (last == argc)
		last = *i;
	for (int j = *i; j <= last; j++)
		n += strlen(argv[j]) + 1;
	out = to = must(malloc(n + 1));
	for (int j = *i; j <= last; j++) {
		char *word = plain_copy(argv[j]);

		if (j > *i)
			*to++ = ' ';
		to = stpcpy(to, word);
		free(word);
	}
	*i = last;
	return out;
}

/* An option: its dash, or two of them when the word behind a long dash is the name of a long option. */
static char *
option_copy(const char *s)
{
	char *word = plain_copy(s), *longer;
	const char *name = word + 1;
	size_t n = strcspn(name, "=");

	if (!begins_with(s, LONG_DASH) || *name == '-' || n < 2)
		return word;
	for (unsigned i = 0; option_at(i); i++) {
		const char *known = option_at(i)->name;

		if (!known || strncmp(known, name, n) != 0)
			continue;
		longer = must(malloc(strlen(word) + 2));
		longer[0] = '-';
		memcpy(longer + 1, word, strlen(word) + 1);
		free(word);
		return longer;
	}
	return word;
}

/* Does this option word want the next word as its argument? */
static bool
wants_argument(const char *word, bool plain)
{
	const struct option_row *r;

	if (word[1] == '-') {
		if (strchr(word, '='))
			return false;
		for (unsigned i = 0; option_at(i); i++) {
			r = option_at(i);
			if (r->name && (!plain || !r->ours) && strncmp(r->name, word + 2, strlen(word + 2)) == 0)
				return r->arg != NULL;
		}
		return false;
	}
	for (word++; *word; word++) {
		r = option_by_letter((unsigned char)*word);
		if (r && r->arg)
			return word[1] == '\0';
	}
	return false;
}

/* Splits an allocated word at its blanks into further words: what a no-break space did not let the shell do. */
static void
add_split(struct paste *p, char *s, bool plain, bool *argument)
{
	bool first = true;

	for (char *next; s; s = next) {
		next = strchr(s, ' ');
		if (next)
			*next++ = '\0';
		if (first)
			add_own(p, s);
		else if (*s)
			add_word(p, s);
		if (*s || first)
			*argument = !*argument && s[0] == '-' && s[1] && wants_argument(s, plain);
		first = false;
	}
}

/* The one line that tells how the words were read. */
static void
say_repaired(char **words)
{
	char line[1024], *to = line, *end = line + sizeof line;

	for (char **s = words; *s && to + strlen(*s) + 4 < end; s++)
		to += snprintf(to, (size_t)(end - to), strpbrk(*s, " \t()[]<>|&;*!'") ? " '%s'" : " %s", *s);
	*to = '\0';
	say_warning("typographic dashes, quotes or spaces on the command line, which is read as:%s", line);
}

bool
paste_repair(struct paste *p, int argc, char **argv, bool plain)
{
	bool argument = false, only_words = false, changed = false;

	*p = (struct paste) { 0 };
	for (int i = 1; i < argc && !changed; i++)
		changed = holds_character(argv[i]);
	if (!changed)
		return false;
	changed = false;
	add_word(p, argv[0]);
	for (int i = 1; i < argc; i++) {
		char *s = argv[i];
		bool dash = *s == '-' || begins_with(s, HYPHEN) || begins_with(s, LONG_DASH);

		if (!holds_character(s)) {
			add_word(p, s);
			if (argument || only_words)
				argument = false;
			else if (strcmp(s, "--") == 0)
				only_words = true;
			else
				argument = *s == '-' && s[1] && wants_argument(s, plain);
		} else if (argument && (!begins_with(s, QUOTE) || access(s, F_OK) == 0)) {
			add_word(p, s);
			argument = false;
		} else if (changed = true, begins_with(s, QUOTE)) {
			add_own(p, join_quoted(argv, argc, &i));
			argument = false;
		} else if (dash && !only_words)
			add_split(p, option_copy(s), plain, &argument);
		else
			add_own(p, plain_copy(s));
	}
	if (changed)
		say_repaired(p->words + 1);
	else
		paste_free(p);
	return changed;
}
