/*
 * How packets are told as JSON, for json.c alone: steps, one for each value in its place and one for each layer. Most packets
 * have the same fields as one before, and so the same steps: those are remembered, with what the notes have to be for them. And
 * many values are the same in most of these packets: rows of such steps are remembered with their text, for a few
 * combinations of values, and copied as a whole.
 */
#pragma once

#include "dissect/dissect.h"
#include "dissect/plain_fields.h"

/*
 * What stands in front of a field's value, or of a layer's fields: a comma, the name between quotation marks, a colon; and
 * which bits of a number count. A cache line each.
 */
enum { KEY_TEXT = 48, KEY_START = 32 };

struct key {
	char text[KEY_TEXT];
	uint64_t mask;
	uint8_t shift;		/* to the lowest bit of the mask */
	uint8_t len;		/* of the text; 0: the name is too long, or nobody's */
};

/* What a value is, as its note tells before the bytes are looked at. */
enum how {
	HOW_ANY, HOW_TEXT, HOW_LAYERS,	/* nothing is known of its length; the last: what the layers are called together */
	HOW_8, HOW_16, HOW_32, HOW_FLAG_8, HOW_FLAG_16, HOW_VALUE, HOW_FLAG, HOW_LABEL, HOW_SECONDS, HOW_IP4, HOW_IP6, HOW_LINK,
};

/* What stands around a value apart from its key: bits. */
enum lead {
	LEAD_LAYER = 1,			/* no value: a layer begins */
	LEAD_FIRST = 2,			/* the layer's first field */
	LEAD_OPEN = 4,			/* the first value of an array ... */
	LEAD_MORE = 8,			/* ... one behind it, without a key ... */
	LEAD_CLOSE = 16,		/* ... and the last one */
	LEAD_EMPTY = 32,		/* with LEAD_LAYER: it has no fields */
};

struct step {
	const struct key *key;
	uint16_t at;			/* the note, or the layer */
	uint8_t how, lead;
};

/* A note is of the kind when it has this field, and these bits of its other half. */
struct kind {
	const struct field *field;
	uint64_t bits, mask;
	uint32_t at;
};

enum {
	PLANS = 256,			/* in pairs; a power of two */
	PLAN_NOTES_MIN = 8, PLAN_NOTES = 128,	/* packets with fewer or more fields are sorted out each time */
	PLAN_LAYERS = 16,
	PLAN_STEPS = PLAN_NOTES + PLAN_LAYERS,
	PLAN_CREDIT = 4,		/* packets of other kinds that a plan outlives after having been of use */
	RUNS = 32, RUN_WAYS = 4,	/* rows of a plan; combinations of values that are remembered of each */
	RUN_TEXT = 2048,		/* characters of all rows, for each combination */
	RUN_PAST = 32,			/* so many more are copied than there are */
};

/* What a combination of values is told by: bytes of a note, or of several ones of a block; or a note's value. */
struct check {
	uint16_t at;			/* the note; of a block, the first */
	int16_t from;			/* the bytes begin so far behind those of the note */
	uint8_t size;			/* so many bytes, up to 8; 0: its value */
	uint8_t block;			/* one more than its number; 0: none */
};

/* Steps in a row whose text is remembered. */
struct run {
	uint16_t first, n;		/* steps */
	uint16_t check, n_checks;
	uint16_t text, room;		/* where, and how much at most; 0: not known yet */
	uint16_t len[RUN_WAYS];		/* 0: free */
	uint8_t next;			/* the way that is given up next */
	uint8_t misses;			/* since the plan was last revised */
};

/* The values that a step had so far. */
struct learnt {
	uint64_t values[RUN_WAYS];
	uint8_t n;			/* beyond RUN_WAYS: too many */
};

struct plan {
	uint32_t n, n_layers, n_steps;	/* n 0: none */
	uint32_t credit;
	uint32_t serial;		/* another one whenever it is made anew */
	uint32_t uses;			/* packets since it was made, or last revised */
	bool learning;
	uint16_t n_runs, n_checks, text_used, n_kinds;
	uint32_t n_blocks;
	struct field_block blocks[FIELD_BLOCKS];
	const struct proto *layers[PLAN_LAYERS];
	struct kind kinds[PLAN_NOTES];	/* of the notes that are in no block */
	struct step steps[PLAN_STEPS];
	struct run runs[RUNS];
	struct check checks[PLAN_STEPS];
	uint64_t seen[RUN_WAYS][PLAN_STEPS];	/* the checks' values */
	union {
		struct learnt learnt[PLAN_STEPS];
		char text[RUN_WAYS][RUN_TEXT + RUN_PAST];
	};
};

enum { TOLD = 48, TOLD_NAMES = 64, TOLD_FILLS = 16 };

/* How plain packets of a layout are told. */
struct told {
	struct plan *plan;		/* NULL: not known yet ... */
	uint32_t serial;		/* ... or no more, when this is not the plan's */
	bool refused;			/* there is something in them that is not understood */
	uint16_t n_bytes, n_fills;
	struct {
		uint16_t at, from;		/* the note; so far into the packet */
	} bytes[PLAN_NOTES];
	struct {
		uint16_t at;
		enum plain_worth worth;		/* BYTES_AT: no value, but all that is behind the headers */
	} fills[TOLD_FILLS];
	struct noted notes[PLAN_NOTES];
	char names[TOLD_NAMES];		/* frame.protocols */
};

/* Sorting out fields of one packet; see json_plan.c. */
enum { NONE = UINT16_MAX };

struct sorted {
	struct {
		uint16_t first, last;		/* this layer's fields, each where it occurs first */
		uintptr_t highest, end;		/* the last of them in memory, of those in its protocol's rows, which end there */
	} layers[DIS_DEPTH_MAX * 4];
	struct {
		uint16_t next, same;
	} notes[DIS_FIELDS_ALL];
	uint16_t last_same[DIS_FIELDS_ALL];	/* where it occurs last, if it occurs again */
};

/* What is kept at the sink: for one thread at a time. */
struct plan_memo {
	struct plan plans[PLANS];
	struct sorted sorted;
	struct step steps[DIS_FIELDS_ALL + DIS_DEPTH_MAX * 4];
	uint32_t serial;		/* the last plan's */
	struct told told[TOLD];
	struct told *awaited;		/* the plain packet that is told next is of this layout; or NULL */
	const uint8_t *awaited_data;
	struct plain awaited_plain;
};

struct json;

/* Without memory NULL. One block, for free(). */
struct plan_memo *plan_memo_new(void);

/*
 * The plan that fits the packet, or NULL, when its steps are worked out for it alone; either way *steps are they. A plan's runs
 * are in the order of their steps; when the packet has been told, plan_used is to be called.
 */
struct plan *plan_find(struct plan_memo *, const struct json *, const struct fields *, const struct step **steps, uint32_t *n);
void plan_used(struct plan *, const struct noted *);
/* The text of a run, which none of its ways had. */
void plan_keep(struct plan *, struct run *, const struct noted *, const char *text, size_t n);

/*
 * json_plain.c: the plan by which a plain packet is told, and its notes; NULL: it has to be dissected, and told_learn is to
 * see it.
 */
struct plan *told_find(struct plan_memo *, const struct packet *, uint64_t number, const struct plain *, const struct noted **);
void told_learn(struct plan_memo *, struct plan *, const struct dis *);

/* json.c: the keys of a field and of a layer; json_no_key where there is none. */
extern const struct key json_no_key;
const struct key *json_key(const struct json *, const struct field *);
const struct key *json_layer_key(const struct json *, const struct proto *);

static inline uint64_t
check_value(const struct check *c, const struct noted *notes)
{
	const struct noted *n = &notes[c->at];
	const uint8_t *p;
	uint64_t eight, v = 0;
	uint32_t four;
	uint16_t two;

	if (c->size == 0)
		return n->value;
	p = n->p + c->from;
	switch (c->size) {
	case 1:
		return *p;
	case 2:
		memcpy(&two, p, 2);
		return two;
	case 4:
		memcpy(&four, p, 4);
		return four;
	case 6:
		memcpy(&four, p, 4);
		memcpy(&two, p + 4, 2);
		return (uint64_t)two << 32 | four;
	case 8:
		memcpy(&eight, p, 8);
		return eight;
	default:
		for (unsigned i = 0; i < c->size; i++)
			v = v << 8 | p[i];
		return v;
	}
}
