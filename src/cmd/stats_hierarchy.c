/*
 * Which protocols are inside which. Each packet is a path from the link layer inwards; a packet is counted once at the
 * end of its path, and what is inside a protocol is summed up when it is told. Packets that an ICMP error quotes are not
 * part of the path.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/stats.h"

#include "base/top.h"
#include "out/grid.h"
#include "out/object.h"

enum {
	NODES_MAX = 65536,	/* places in the tree; a path beyond is counted where it leaves the tree */
	DEPTH_MAX = 64,		/* layers of a path; deeper ones are left out */
	CACHE = 256,		/* ends of paths that came lately */
};

struct node {
	const struct proto *proto;
	struct node *parent, *child, *sibling;	/* child: the first one; sibling: the next one */
	uint64_t packets, bytes;		/* whose path ends here; once summed up, that go through here */
	uint32_t order, depth;
};

struct hierarchy {
	struct node root;
	uint32_t n;				/* nodes below the root */
	struct node *cache[CACHE];
	const struct proto *icmp, *icmp6;
	bool summed;
};

static bool
hierarchy_open(void *state, const struct stats_setup *setup, struct err *e)
{
	struct hierarchy *h = state;

	(void)e;
	h->icmp = catalog_proto(setup->catalog, "icmp");
	h->icmp6 = catalog_proto(setup->catalog, "icmpv6");
	return true;
}

/* The child of that protocol, made if there is none; the parent itself when there is no room. */
static struct node *
child_of(struct hierarchy *h, struct node *parent, const struct proto *proto)
{
	struct node **at, *x;

	for (at = &parent->child; *at; at = &(*at)->sibling)
		if ((*at)->proto == proto)
			return *at;
	if (h->n == NODES_MAX || (x = calloc(1, sizeof *x)) == NULL)
		return parent;
	x->proto = proto;
	x->parent = parent;
	x->order = h->n++;
	x->depth = parent->depth + 1;
	return *at = x;
}

/* Is this the end of that path? */
static bool
ends(const struct node *x, const struct proto *const *path, unsigned n)
{
	if (x == NULL || x->depth != n)
		return false;
	for (; n; x = x->parent)
		if (x->proto != path[--n])
			return false;
	return true;
}

static void
hierarchy_packet(void *state, const struct tracked *t)
{
	struct hierarchy *h = state;
	const struct fields *s = t->dis->sink;
	const struct proto *path[DEPTH_MAX];
	unsigned n = 0, quoted = UINT16_MAX + 1u;
	uint64_t hash = 0;
	struct node **at, *x;

	for (uint32_t i = 1; i < s->n_layers && n < DEPTH_MAX; i++) {
		const struct layer *l = &s->layers[i];

		if (l->depth > quoted)
			continue;
		quoted = l->proto == h->icmp || l->proto == h->icmp6 ? l->depth : UINT16_MAX + 1u;
		path[n++] = l->proto;
		hash = (hash ^ (uintptr_t)l->proto) * UINT64_C(0x9e3779b97f4a7c15);
	}
	at = &h->cache[hash >> 56];
	if (!ends(*at, path, n)) {
		x = &h->root;
		for (unsigned i = 0; i < n; i++) {
			struct node *inner = child_of(h, x, path[i]);

			if (inner == x)
				break;
			x = inner;
		}
		*at = x;
	}
	(*at)->packets++;
	(*at)->bytes += t->packet->len;
}

/* The deepest first node below x. */
static struct node *
deepest(struct node *x)
{
	while (x->child)
		x = x->child;
	return x;
}

static bool
less(const void *ctx, const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	(void)ctx;
	return x->packets != y->packets ? x->packets < y->packets : x->order > y->order;
}

/* Puts a node's children in order, most packets first. */
static void
sort_children(struct node *x)
{
	struct node **at = &x->child;
	struct top t;

	top_begin(&t, 0, less, NULL);
	for (struct node *c = x->child; c; c = c->sibling)
		top_offer(&t, c);
	top_sort(&t);
	if (!t.failed) {
		for (size_t i = 0; i < t.n; i++) {
			*at = (struct node *)(uintptr_t)t.at[i];
			at = &(*at)->sibling;
		}
		*at = NULL;
	}
	top_free(&t);
}

/* Adds up what is inside, from the leaves on, without recursion: a tree may be as deep as packets are. */
static void
sum(struct hierarchy *h)
{
	if (h->summed)
		return;
	h->summed = true;
	for (struct node *x = deepest(&h->root); x;) {
		if (x->child)
			sort_children(x);
		if (x->parent) {
			x->parent->packets += x->packets;
			x->parent->bytes += x->bytes;
			x = x->sibling ? deepest(x->sibling) : x->parent;
		} else {
			x = NULL;
		}
	}
}

static void
hierarchy_text(void *state, const struct stats_view *v)
{
	static const struct grid_column columns[] = {
		{ "protocol", true }, { "packets", false }, { "", false }, { "bytes", false }, { "", false },
	};
	struct hierarchy *h = state;
	struct grid g;

	sum(h);
	grid_begin(&g, columns, 5, 2);
	for (struct node *x = h->root.child; x && x->parent;) {
		char name[2 * DEPTH_MAX + 64];

		snprintf(name, sizeof name, "%*s%s", (int)(2 * (x->depth - 1)), "", x->proto->name);
		grid_str(&g, name);
		grid_u(&g, x->packets);
		grid_percent(&g, (double)x->packets, (double)v->packets);
		grid_u(&g, x->bytes);
		grid_percent(&g, (double)x->bytes, (double)v->bytes);
		if (x->child) {
			x = x->child;
			continue;
		}
		while (x->parent && !x->sibling)
			x = x->parent;
		x = x->sibling;
	}
	grid_end(&g, v->out);
}

static void
hierarchy_json(void *state, const struct stats_view *v)
{
	struct hierarchy *h = state;
	struct node *x = &h->root;

	sum(h);
	object_u(v->out, "packets", x->packets);
	object_u(v->out, "bytes", x->bytes);
	object_list(v->out, "protocols");
	for (x = x->child; x && x->parent;) {
		object_open(v->out, NULL);
		object_str(v->out, "protocol", x->proto->name);
		object_str(v->out, "title", x->proto->title);
		object_u(v->out, "packets", x->packets);
		object_u(v->out, "bytes", x->bytes);
		if (x->child) {
			object_list(v->out, "protocols");
			x = x->child;
			continue;
		}
		object_close(v->out);
		while (x->parent && !x->sibling) {
			x = x->parent;
			object_list_end(v->out);
			if (x->parent)
				object_close(v->out);
		}
		if (!x->parent)
			return;
		x = x->sibling;
	}
	object_list_end(v->out);
}

static void
hierarchy_close(void *state)
{
	struct hierarchy *h = state;

	for (struct node *x = deepest(&h->root), *next; x->parent; x = next) {
		next = x->sibling ? deepest(x->sibling) : x->parent;
		free(x);
	}
}

const struct stats_section stats_hierarchy = {
	.name = "hierarchy", .title = "Protocol hierarchy", .help = "which protocols are inside which", .overview = true,
	.layers = true, .size = sizeof(struct hierarchy), .open = hierarchy_open, .packet = hierarchy_packet,
	.text = hierarchy_text, .json = hierarchy_json, .close = hierarchy_close,
};
