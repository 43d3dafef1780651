/*
 * From words to tests. In order of binding: or, xor, and, not; then tests of operands; then &, and at last slices and layer
 * numbers behind a name.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "query/ast.h"

enum { DEPTH_MAX = 200, TEXT_MAX = 64 << 10, NAME_MAX_LEN = 127, SLICES_MAX = 16, MEMBERS_MAX = 4096 };

struct parser {
	struct query *q;
	struct lexer l;
	struct query_place *where;
	struct err *e;
	unsigned depth;
	bool failed;
};

void *
query_alloc(struct query *q, size_t n)
{
	struct chunk *c = calloc(1, sizeof *c + n);

	if (!c)
		return NULL;
	c->next = q->chunks;
	q->chunks = c;
	return c->bytes;
}

/* The first error is the one that is told. Always NULL. */
static void *
fail_at(struct parser *p, size_t at, size_t len)
{
	p->failed = true;
	*p->where = (struct query_place) { at, len };
	return NULL;
}

static void *
fail(struct parser *p, const char *what)
{
	if (p->failed)
		return NULL;
	if (p->l.token == T_BAD)
		what = p->l.wrong;
	err_set(p->e, "%s", what);
	return fail_at(p, p->l.start, p->l.at > p->l.start ? p->l.at - p->l.start : 1);
}

static void *
fail_operand(struct parser *p, const struct operand *o)
{
	return p->failed ? NULL : fail_at(p, o->at, o->width);
}

static void *
make(struct parser *p, size_t n)
{
	void *m = query_alloc(p->q, n);

	if (!m && !p->failed) {
		err_set(p->e, "out of memory");
		fail_at(p, 0, 0);
	}
	return m;
}

/* Always NULL. */
static void *
make_failed(struct parser *p)
{
	if (!p->failed)
		err_set(p->e, "out of memory");
	return fail_at(p, 0, 0);
}

static void
next_token(struct parser *p)
{
	lexer_next(&p->l);
}

static bool
accept(struct parser *p, enum token t)
{
	if (p->l.token != t)
		return false;
	next_token(p);
	return true;
}

static bool
expect(struct parser *p, enum token t, const char *what)
{
	return accept(p, t) || fail(p, what);
}

/* --- names ---------------------------------------------------------------------------------------------------------- */

static bool
add_fields(struct parser *p, struct operand *o, const char *name)
{
	const struct field *f;
	size_t n = 0;

	while (catalog_field(p->q->catalog, name, n))
		n++;
	if (n == 0)
		return true;
	const struct field **all = make(p, (o->n_fields + n) * sizeof *all);

	if (!all)
		return false;
	if (o->n_fields)
		memcpy(all, o->fields, o->n_fields * sizeof *all);
	for (size_t i = 0; i < n; i++) {
		f = catalog_field(p->q->catalog, name, i);
		if (o->n_fields == 0)
			o->kind = kind_of(f);
		all[o->n_fields++] = f;
		p->q->needs |= f->needs;
		field_set_add(&p->q->wanted, f);
	}
	o->fields = all;
	o->is = O_FIELD;
	return true;
}

static bool
add_layers(struct parser *p, struct operand *o, const char *name)
{
	const struct proto *t;
	size_t n = 0;

	for (size_t i = 0; (t = catalog_at(p->q->catalog, i)) != NULL; i++)
		n += strcmp(t->name, name) == 0;
	if (n == 0)
		return true;
	if ((o->protos = make(p, n * sizeof *o->protos)) == NULL)
		return false;
	for (size_t i = 0; (t = catalog_at(p->q->catalog, i)) != NULL; i++)
		if (strcmp(t->name, name) == 0)
			o->protos[o->n_protos++] = t;
	o->is = O_LAYER;
	o->kind = K_BYTES;
	return true;
}

/* A field, a layer, or else a literal. */
static bool
resolve(struct parser *p, struct operand *o)
{
	char name[NAME_MAX_LEN + 1];
	const char *one;

	if (o->word_len > NAME_MAX_LEN)
		return true;
	memcpy(name, o->word, o->word_len);
	name[o->word_len] = '\0';
	if (catalog_alias(o->word, o->word_len, 0)) {
		for (unsigned i = 0; (one = catalog_alias(o->word, o->word_len, i)) != NULL; i++)
			if (!add_fields(p, o, one))
				return false;
		return true;
	}
	return add_fields(p, o, name) && (o->n_fields || add_layers(p, o, name));
}

/* --- operands ------------------------------------------------------------------------------------------------------- */

static struct operand *parse_operand(struct parser *p);

static struct operand *
operand_new(struct parser *p, enum operand_is is)
{
	struct operand *o = make(p, sizeof *o);

	if (o) {
		o->is = is;
		o->at = p->l.start;
		o->width = p->l.at - p->l.start;
	}
	return o;
}

static struct operand *
literal_new(struct parser *p)
{
	struct operand *o = operand_new(p, O_LITERAL);
	char *word = make(p, p->l.len + 1);

	if (!o || !word)
		return NULL;
	memcpy(word, p->l.word, p->l.len);
	o->word = word;
	o->word_len = p->l.len;
	o->written = p->l.token;
	return o;
}

/* What is between brackets: [i], [i:n], [i-j], [:n], [i:], and several of them with commas. */
static bool
parse_ranges(struct parser *p, struct range *ranges, size_t *n, bool from_one)
{
	do {
		struct range r = { 0, 1 };
		bool first = lexer_number(&p->l, &r.from);
		long last;

		if (*n == SLICES_MAX)
			return fail(p, "too many ranges");
		next_token(p);
		if (p->l.token == T_WORD && *p->l.word == ':') {
			p->l.at = p->l.start + 1;
			if (!lexer_number(&p->l, &r.n))
				r.n = 0;
			else if (r.n <= 0)
				return fail(p, "a length is at least 1");
			next_token(p);
		} else if (first && p->l.token == T_WORD && *p->l.word == '-') {
			p->l.at = p->l.start + 1;
			if (!lexer_number(&p->l, &last) || last < r.from || r.from < 0)
				return fail(p, "the last comes before the first");
			r.n = last - r.from + 1;
			next_token(p);
		} else if (!first) {
			return fail(p, "a number belongs here");
		}
		if (from_one && (r.from < 1 || r.n < 0))
			return fail(p, "layers are counted from 1");
		ranges[(*n)++] = r;
	} while (p->l.token == T_COMMA);
	return expect(p, T_RBRACKET, "']' belongs here");
}

static bool
keep_ranges(struct parser *p, const struct range *ranges, size_t n, struct range **kept, size_t *n_kept)
{
	if ((*kept = make(p, n * sizeof *ranges)) == NULL)
		return false;
	memcpy(*kept, ranges, n * sizeof *ranges);
	*n_kept = n;
	return true;
}

static struct operand *
parse_slice(struct parser *p, struct operand *of)
{
	struct operand *o = operand_new(p, O_SLICE);
	struct range ranges[SLICES_MAX];
	size_t n = 0;

	if (!o)
		return NULL;
	if (of->is == O_LITERAL) {
		err_set(p->e, "only what is in packets is cut");
		return fail_operand(p, of);
	}
	if (of->kind != K_BYTES && of->kind != K_TEXT && of->kind != K_IP4 && of->kind != K_IP6) {
		err_set(p->e, "what is %s has no parts", kind_name(of->kind));
		return fail_operand(p, of);
	}
	o->of = of;
	o->kind = of->kind == K_TEXT ? K_TEXT : K_BYTES;
	if (!parse_ranges(p, ranges, &n, false) || !keep_ranges(p, ranges, n, &o->slices, &o->n_slices))
		return NULL;
	return o;
}

/* tcp.port#1, ip.src#[1-2] */
static bool
parse_nth(struct parser *p, struct operand *o)
{
	struct range ranges[SLICES_MAX];
	size_t n = 0;
	long one;

	if (o->is != O_FIELD && o->is != O_LAYER)
		return fail(p, "only fields and layers are counted");
	if (lexer_number(&p->l, &one)) {
		if (one < 1)
			return fail(p, "layers are counted from 1");
		ranges[n++] = (struct range) { one, 1 };
		next_token(p);
	} else {
		next_token(p);
		if (p->l.token != T_LBRACKET)
			return fail(p, "the number of a layer belongs here");
		if (!parse_ranges(p, ranges, &n, true))
			return false;
	}
	return keep_ranges(p, ranges, n, &o->nth, &o->n_nth);
}

static const struct function {
	const char *name;
	enum operand_is is;
} functions[] = { { "count", O_COUNT }, { "len", O_LEN }, { "lower", O_LOWER }, { "upper", O_UPPER } };

static struct operand *
parse_function(struct parser *p, const struct function *f, struct operand *o)
{
	o->is = f->is;
	next_token(p);
	o->of = parse_operand(p);
	if (!o->of)
		return NULL;
	o->kind = f->is == O_LEN || f->is == O_COUNT ? K_UNSIGNED : K_TEXT;
	if (o->of->is == O_LITERAL) {
		err_set(p->e, "%s() wants a field%s", f->name, o->of->written == T_WORD ? ", which this is not" : "");
		return fail_operand(p, o->of);
	}
	if (o->kind == K_TEXT && o->of->kind != K_TEXT) {
		err_set(p->e, "%s() is for text, and this is %s", f->name, kind_name(o->of->kind));
		return fail_operand(p, o->of);
	}
	if (f->is == O_LEN && o->of->kind != K_TEXT && o->of->kind != K_BYTES && o->of->kind != K_IP4 &&
	    o->of->kind != K_IP6) {
		err_set(p->e, "len() is for text and bytes, and this is %s", kind_name(o->of->kind));
		return fail_operand(p, o->of);
	}
	if (!expect(p, T_RPAREN, "')' belongs here"))
		return NULL;
	return o;
}

static struct operand *
parse_suffixes(struct parser *p, struct operand *o)
{
	while (o && !p->failed) {
		if (p->l.token == T_HASH && !o->nth) {
			if (!parse_nth(p, o))
				return NULL;
		} else if (p->l.token == T_LBRACKET) {
			o = parse_slice(p, o);
		} else {
			return o;
		}
	}
	return NULL;
}

static struct operand *
parse_primary(struct parser *p)
{
	struct operand *o;

	if (p->l.token != T_WORD && p->l.token != T_STRING && p->l.token != T_CHAR)
		return fail(p, p->l.token == T_END ? "the expression ends where a field or a value belongs" :
		    "a field or a value belongs here");
	o = literal_new(p);
	if (!o)
		return NULL;
	next_token(p);
	if (o->written == T_WORD && p->l.token == T_LPAREN) {
		for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
			if (strlen(functions[i].name) == o->word_len &&
			    memcmp(functions[i].name, o->word, o->word_len) == 0)
				return parse_suffixes(p, parse_function(p, &functions[i], o));
		err_set(p->e, "no such function; there are count, len, lower and upper");
		return fail_operand(p, o);
	}
	if (o->written == T_WORD && !resolve(p, o))
		return NULL;
	return parse_suffixes(p, o);
}

/* What & takes from what is in front of it: bits of a number. */
static struct operand *
parse_mask(struct parser *p, struct operand *of)
{
	struct operand *o;

	if (of->is == O_LITERAL || (of->kind != K_UNSIGNED && of->kind != K_BOOL && of->kind != K_BYTES)) {
		err_set(p->e, "& is for numbers in packets");
		return fail_operand(p, of);
	}
	o = operand_new(p, O_BITAND);
	next_token(p);
	if (!o || (o->mask = parse_primary(p)) == NULL)
		return NULL;
	o->of = of;
	o->kind = K_UNSIGNED;
	if (o->mask->is != O_LITERAL) {
		err_set(p->e, "a number belongs behind &");
		return fail_operand(p, o->mask);
	}
	return literal_settle(p->q, o->mask, K_UNSIGNED, NULL, p->e) ? o : fail_operand(p, o->mask);
}

static struct operand *
parse_masks(struct parser *p, struct operand *o)
{
	while (o && p->l.token == T_BITAND)
		o = parse_mask(p, o);
	return o;
}

static struct operand *
parse_operand(struct parser *p)
{
	struct operand *o;

	if (++p->depth > DEPTH_MAX)
		return fail(p, "nested too deep");
	if (accept(p, T_LPAREN)) {
		o = parse_operand(p);
		if (o && !expect(p, T_RPAREN, "')' belongs here"))
			o = NULL;
		if (o)
			o = parse_suffixes(p, o);
	} else {
		o = parse_primary(p);
	}
	p->depth--;
	return parse_masks(p, o);
}

/* --- tests ------------------------------------------------------------------------------------------------------------ */

/* The field that an operand's values come from unchanged, for the names of its values; NULL if there is none. */
static const struct field *
field_of(const struct operand *o)
{
	return o->is == O_FIELD ? o->fields[0] : NULL;
}

static void *
fail_literal(struct parser *p, const struct operand *o, const struct operand *other)
{
	char name[NAME_MAX_LEN + 1];
	const char *near = NULL;

	/* Perhaps it was meant to be a field. */
	if (o->written == T_WORD && o->word_len <= NAME_MAX_LEN && isalpha((unsigned char)*o->word)) {
		memcpy(name, o->word, o->word_len);
		name[o->word_len] = '\0';
		near = memchr(name, '.', o->word_len) ? catalog_nearest_alias(p->q->catalog, name) : NULL;
	}
	if (near)
		err_set(p->e, "no field is called '%s'; did you mean '%s'?", name, near);
	else if (other && other->is == O_FIELD)
		err_wrap(p->e, "%s is %s", other->fields[0]->name, kind_name(other->kind));
	return fail_operand(p, o);
}

/* Makes the two sides comparable. */
static bool
settle(struct parser *p, struct operand *a, struct operand *b)
{
	struct operand *literal = a->is == O_LITERAL ? a : b, *other = literal == a ? b : a;
	bool numbers;

	if (other->is == O_LITERAL) {
		if (literal->written == T_WORD || other->written == T_WORD) {
			err_set(p->e, "this is no field");
			return fail_literal(p, literal->written == T_WORD ? literal : other, NULL);
		}
		err_set(p->e, "there is no field in this comparison");
		return fail_operand(p, literal);
	}
	if (literal->is == O_LITERAL && literal->settled && literal->kind != other->kind) {
		err_set(p->e, "this is compared as %s and as %s", kind_name(literal->kind), kind_name(other->kind));
		return fail_operand(p, literal);
	}
	if (literal->is == O_LITERAL)
		return literal->settled || literal_settle(p->q, literal, other->kind, field_of(other), p->e) ||
		    fail_literal(p, literal, other);
	numbers = (a->kind == K_UNSIGNED || a->kind == K_SIGNED || a->kind == K_BOOL) &&
	    (b->kind == K_UNSIGNED || b->kind == K_SIGNED || b->kind == K_BOOL);
	if (a->kind == K_NOTHING || (a->kind != b->kind && !numbers &&
	    !((a->kind == K_BYTES || a->kind == K_TEXT) && (b->kind == K_BYTES || b->kind == K_TEXT)))) {
		err_set(p->e, "%s cannot be compared with %s", kind_name(a->kind), kind_name(b->kind));
		return fail_operand(p, b);
	}
	return true;
}

static struct test *
test_new(struct parser *p, enum test_is is, struct test *a, struct test *b)
{
	struct test *t = p->failed ? NULL : make(p, sizeof *t);

	if (t)
		*t = (struct test) { .is = is, .index = p->q->n_tests++, .a = a, .b = b };
	return t;
}

/* An operand alone: is it there? Bits: is one of them set? */
static struct test *
present(struct parser *p, struct operand *o)
{
	struct test *t;

	if (o->is == O_LITERAL) {
		char name[NAME_MAX_LEN + 1];
		const char *near = NULL;

		if (o->written == T_WORD && o->word_len <= NAME_MAX_LEN) {
			memcpy(name, o->word, o->word_len);
			name[o->word_len] = '\0';
			near = catalog_nearest_alias(p->q->catalog, name);
			err_set(p->e, near ? "no field or protocol is called '%s'; did you mean '%s'?" :
			    "no field or protocol is called '%s'", name, near);
		} else {
			err_set(p->e, "a value alone says nothing");
		}
		return fail_operand(p, o);
	}
	t = test_new(p, Q_PRESENT, NULL, NULL);
	if (t)
		t->left = o;
	return t;
}

static bool
is_comparison(enum token t)
{
	return t >= T_EQ && t <= T_LE;
}

static struct test *
parse_pattern(struct parser *p, struct test *t)
{
	PCRE2_SIZE at;
	int error;

	if (t->left->is == O_LITERAL || (t->left->kind != K_TEXT && t->left->kind != K_BYTES)) {
		err_set(p->e, "only text and bytes match a pattern");
		return fail_operand(p, t->left);
	}
	if (p->l.token != T_STRING && p->l.token != T_WORD)
		return fail(p, "a pattern in quotation marks belongs here");
	if (p->q->n_patterns == sizeof p->q->patterns / sizeof *p->q->patterns)
		return fail(p, "too many patterns");
	t->pattern = pcre2_compile((PCRE2_SPTR)p->l.word, p->l.len,
	    PCRE2_CASELESS | PCRE2_NEVER_UTF | regex_compile(p->l.word, p->l.len), &error, &at, NULL);
	if (!t->pattern) {
		char why[128];

		pcre2_get_error_message(error, (PCRE2_UCHAR *)why, sizeof why);
		err_set(p->e, "%s", why);
		return fail_at(p, p->l.start, p->l.at - p->l.start);
	}
	p->q->patterns[p->q->n_patterns++] = t->pattern;
	regex_hurry(t->pattern, PCRE2_JIT_COMPLETE);
	next_token(p);
	return t;
}

static struct test *
parse_members(struct parser *p, struct test *t)
{
	struct member *members = NULL;
	size_t n = 0, room = 0;

	if (!expect(p, T_LBRACE, "'{' belongs here"))
		return NULL;
	while (!p->failed && p->l.token != T_RBRACE) {
		struct member m = { .low = parse_operand(p) };

		if (!m.low || !settle(p, t->left, m.low))
			break;
		if (accept(p, T_RANGE) && ((m.high = parse_operand(p)) == NULL || !settle(p, t->left, m.high)))
			break;
		if (n == room) {
			struct member *more;

			room = room ? room * 2 : 8;
			if (n == MEMBERS_MAX)
				return fail(p, "too many members");
			if ((more = make(p, room * sizeof *more)) == NULL)
				break;
			if (n)
				memcpy(more, members, n * sizeof *more);
			members = more;
		}
		members[n++] = m;
		accept(p, T_COMMA);
	}
	if (p->failed)
		return NULL;
	if (n == 0)
		return fail(p, "the set is empty");
	next_token(p);
	t->members = members;
	t->n_members = n;
	return set_make(p->q, t) ? t : make_failed(p);
}

/* For another comparison: what a literal is depends on the other side of each. */
static struct operand *
operand_again(struct parser *p, struct operand *o)
{
	struct operand *copy;

	if (o->is != O_LITERAL || (copy = make(p, sizeof *copy)) == NULL)
		return o;
	*copy = *o;
	copy->settled = false;
	return copy;
}

/* a == b, and chains of them: a < b < c. */
static struct test *
parse_comparisons(struct parser *p, struct operand *left, bool all, bool any)
{
	struct test *sum = NULL;

	while (is_comparison(p->l.token)) {
		struct test *t = test_new(p, Q_COMPARE, NULL, NULL);

		if (!t)
			return NULL;
		t->how = p->l.token;
		next_token(p);
		t->left = left;
		t->right = parse_operand(p);
		if (!t->right || !settle(p, t->left, t->right))
			return NULL;
		t->all = (all || t->how == T_NE || t->how == T_ALL_EQ) && !any;
		if (t->how == T_ALL_EQ)
			t->how = T_EQ;
		else if (t->how == T_ANY_NE)
			t->how = T_NE;
		left = operand_again(p, t->right);
		sum = sum ? test_new(p, Q_AND, sum, t) : t;
	}
	return sum;
}

/* A test of an operand that has been read already. */
static struct test *
parse_test_of(struct parser *p, struct operand *left, bool all, bool any)
{
	struct test *t;
	bool not = false;

	if (is_comparison(p->l.token))
		return parse_comparisons(p, left, all, any);
	if (p->l.token == T_NOT) {
		next_token(p);
		if (p->l.token != T_IN && p->l.token != T_CONTAINS && p->l.token != T_MATCHES)
			return fail(p, "'in', 'contains' or 'matches' belongs behind 'not'");
		not = true;
	}
	if (p->l.token != T_IN && p->l.token != T_CONTAINS && p->l.token != T_MATCHES)
		return present(p, left);
	t = test_new(p, p->l.token == T_IN ? Q_IN : p->l.token == T_CONTAINS ? Q_CONTAINS : Q_MATCHES, NULL, NULL);
	if (!t)
		return NULL;
	t->left = left;
	t->all = all;
	next_token(p);
	switch (t->is) {
	case Q_IN:
		t = parse_members(p, t);
		break;
	case Q_MATCHES:
		t = parse_pattern(p, t);
		break;
	default:
		if (left->is == O_LITERAL || (left->kind != K_TEXT && left->kind != K_BYTES)) {
			err_set(p->e, "only text and bytes contain something");
			return fail_operand(p, left);
		}
		t->right = parse_operand(p);
		if (!t->right || !settle(p, left, t->right))
			return NULL;
	}
	return t && not ? test_new(p, Q_NOT, t, NULL) : t;
}

static struct test *parse_or(struct parser *p);

/*
 * Behind '(' there may be tests or an operand: what is behind ')' tells. Tests of a lone operand become that operand
 * where a comparison follows.
 */
static struct test *
parse_group(struct parser *p)
{
	struct test *t = parse_or(p);
	struct operand *o;

	if (!t || !expect(p, T_RPAREN, "')' belongs here"))
		return NULL;
	if (t->is != Q_PRESENT || !(is_comparison(p->l.token) || p->l.token == T_BITAND || p->l.token == T_LBRACKET ||
	    p->l.token == T_IN || p->l.token == T_CONTAINS || p->l.token == T_MATCHES || p->l.token == T_NOT))
		return t;
	o = parse_masks(p, parse_suffixes(p, t->left));
	return o ? parse_test_of(p, o, false, false) : NULL;
}

static struct test *
parse_test(struct parser *p)
{
	struct operand *o;
	bool all, any;

	if (accept(p, T_LPAREN))
		return parse_group(p);
	all = accept(p, T_ALL);
	any = !all && accept(p, T_ANY);
	o = parse_operand(p);
	return o ? parse_test_of(p, o, all, any) : NULL;
}

static struct test *
parse_not(struct parser *p)
{
	struct test *t;

	if (++p->depth > DEPTH_MAX)
		return fail(p, "nested too deep");
	if (accept(p, T_NOT))
		t = (t = parse_not(p)) ? test_new(p, Q_NOT, t, NULL) : NULL;
	else
		t = parse_test(p);
	p->depth--;
	return t;
}

static struct test *
parse_and(struct parser *p)
{
	struct test *t = parse_not(p);

	while (t && accept(p, T_AND)) {
		struct test *b = parse_not(p);

		t = b ? test_new(p, Q_AND, t, b) : NULL;
	}
	return t;
}

static struct test *
parse_xor(struct parser *p)
{
	struct test *t = parse_and(p);

	while (t && accept(p, T_XOR)) {
		struct test *b = parse_and(p);

		t = b ? test_new(p, Q_XOR, t, b) : NULL;
	}
	return t;
}

static struct test *
parse_or(struct parser *p)
{
	struct test *t = parse_xor(p);

	while (t && accept(p, T_OR)) {
		struct test *b = parse_xor(p);

		t = b ? test_new(p, Q_OR, t, b) : NULL;
	}
	return t;
}

struct query *
query_new(const char *text, const struct catalog *c, struct query_place *where, struct err *e)
{
	struct query *q = calloc(1, sizeof *q);
	struct parser p = { .q = q, .l = { .text = text }, .where = where, .e = e };

	*where = (struct query_place) { 0 };
	if (!q) {
		err_set(e, "out of memory");
		return NULL;
	}
	q->catalog = c;
	if (strlen(text) > TEXT_MAX) {
		err_set(e, "the expression is too long");
	} else {
		next_token(&p);
		q->root = parse_or(&p);
		if (q->root && p.l.token != T_END)
			q->root = fail(&p, "'and' or 'or' belongs in front of this");
	}
	free(p.l.spelled);
	if (q->root)
		return q;
	query_free(q);
	return NULL;
}

void
query_free(struct query *q)
{
	if (!q)
		return;
	for (size_t i = 0; i < q->n_patterns; i++)
		pcre2_code_free(q->patterns[i]);
	while (q->chunks) {
		struct chunk *next = q->chunks->next;

		free(q->chunks);
		q->chunks = next;
	}
	free(q);
}
