/* A compiled display filter: a tree of tests over operands. For this folder only. */
#pragma once

#include "base/regex.h"
#include "query/query.h"

/* --- words of the language -------------------------------------------------------------------------------------- */

enum token {
	T_END, T_WORD, T_STRING, T_CHAR, T_LPAREN, T_RPAREN, T_LBRACE, T_RBRACE, T_LBRACKET, T_RBRACKET, T_COMMA, T_RANGE,
	T_HASH, T_AND, T_OR, T_XOR, T_NOT, T_EQ, T_NE, T_ALL_EQ, T_ANY_NE, T_GT, T_GE, T_LT, T_LE, T_CONTAINS, T_MATCHES, T_IN,
	T_BITAND, T_ANY, T_ALL, T_BAD,
};

struct lexer {
	const char *text;	/* the whole expression */
	size_t at;		/* behind the token */
	enum token token;
	size_t start;		/* where the token begins */
	/* T_WORD: as written. T_STRING and T_CHAR: the bytes meant, in memory of its own that the next token reuses */
	const char *word;
	size_t len;
	char *spelled;
	bool raw;		/* r"...": backslashes mean themselves */
	bool pattern;		/* behind "matches": they are the pattern's */
	const char *wrong;	/* T_BAD: what is wrong */
};

/* Reads the next token. */
void lexer_next(struct lexer *l);
/* The numbers between brackets are not words: reads a decimal number, with a sign if it may have one. */
bool lexer_number(struct lexer *l, long *v);

/* --- values ------------------------------------------------------------------------------------------------------- */

/* What operands are compared as. */
enum kind {
	K_UNSIGNED, K_SIGNED,
	K_TIME,			/* nanoseconds, signed */
	K_DURATION,		/* the same, but not since 1970 */
	K_BOOL,
	K_BYTES,		/* also link addresses and whole layers */
	K_TEXT,
	K_IP4, K_IP6,		/* bytes, perhaps with a prefix length */
	K_NOTHING,		/* presence only */
};

struct value {
	union {
		uint64_t n;
		const uint8_t *p;
	};
	uint32_t len;		/* of bytes; K_IP4 and K_IP6: bits that count are in prefix */
	uint8_t prefix;
};

/* --- operands ----------------------------------------------------------------------------------------------------- */

enum operand_is {
	O_FIELD,		/* the values of any of `fields` */
	O_LAYER,		/* the bytes of layers of any of `protos` */
	O_LITERAL,
	O_SLICE, O_BITAND, O_LEN, O_COUNT, O_LOWER, O_UPPER,	/* of `of` */
};

struct range {
	long from, n;		/* from < 0: counted from the end; n 0: up to the end */
};

struct operand {
	enum operand_is is;
	enum kind kind;
	size_t at, width;			/* where it is written */
	const struct field **fields;
	size_t n_fields;
	const struct proto **protos;
	size_t n_protos;
	struct range *nth;			/* #: which layers of that protocol, from 1; NULL: all */
	size_t n_nth;
	struct operand *of, *mask;		/* O_BITAND: the literal is mask */
	struct range *slices;
	size_t n_slices;
	/* O_LITERAL: how it was written, until it is known what it has to be ... */
	const char *word;
	size_t word_len;
	enum token written;			/* T_WORD, T_STRING, T_CHAR */
	struct value value;			/* ... and then what it is */
	bool settled;
};

/* --- tests ---------------------------------------------------------------------------------------------------------- */

enum test_is { Q_AND, Q_OR, Q_XOR, Q_NOT, Q_PRESENT, Q_COMPARE, Q_CONTAINS, Q_MATCHES, Q_IN };

struct member {
	struct operand *low, *high;	/* high NULL: one value */
};

/* From one value to another, both among them. */
struct stretch {
	struct value low, high;
};

struct test {
	enum test_is is;
	unsigned index;			/* among the query's tests */
	enum token how;			/* Q_COMPARE: T_EQ, T_NE (of single values), T_GT ... */
	bool all;			/* every value must fit */
	struct test *a, *b;
	struct operand *left, *right;
	pcre2_code *pattern;
	struct member *members;
	size_t n_members;
	struct stretch *stretches;		/* of the members: in order, apart from each other ... */
	struct member *rest;			/* ... and those that depend on the packet */
	size_t n_stretches, n_rest;
};

/* Memory that lives as long as the query. */
struct chunk {
	struct chunk *next;
	_Alignas(16) char bytes[];
};

struct query {
	const struct catalog *catalog;
	struct test *root;
	struct chunk *chunks;
	pcre2_code *patterns[64];
	size_t n_patterns;
	unsigned needs;			/* of all its fields ... */
	struct field_set wanted;		/* ... and which those are */
	unsigned n_tests;
};

/* Less than, equal to or greater than 0. With a prefix, the bits behind it do not count. */
int value_compare(enum kind kind, const struct value *a, const struct value *b);
/* Sorts the members of Q_IN. False without memory. */
bool set_make(struct query *q, struct test *t);
/* Is it in one of the stretches? */
bool set_has(const struct test *t, const struct value *v);
/* Does a comparison hold of a left side that is less than (d < 0), equal to or greater than the right one? */
bool token_fits(enum token how, int d);
/* Does the test, which is none of tests, hold of these fields? */
bool test_holds(const struct test *t, const struct fields *s, struct query_scratch *scratch);

/* NULL without memory; zeroed. */
void *query_alloc(struct query *q, size_t n);

/* What a field is compared as. */
enum kind kind_of(const struct field *f);
const char *kind_name(enum kind k);

/*
 * Reads a literal as the kind asked for; names: what values of the field on the other side are called, or NULL. False and *e
 * if it cannot be that.
 */
bool literal_settle(struct query *q, struct operand *o, enum kind kind, const struct field *f, struct err *e);
