#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cmd/failed.h"
#include "dice.h"

static struct failed_ends
ends(uint32_t source, uint32_t target, uint16_t port)
{
	struct failed_ends e = { .port = port, .version = 4, .proto = 6 };

	for (unsigned i = 0; i < 4; i++) {
		e.source[i] = (uint8_t)(source >> (24 - 8 * i));
		e.target[i] = (uint8_t)(target >> (24 - 8 * i));
	}
	return e;
}

static void
add(struct groups *g, enum failed_kind kind, struct failed_ends e, const char *subject, const char *cause, uint64_t n)
{
	struct failed_packets packets = { 0 };
	struct failure f = {
		.kind = kind, .ends = e, .first = (int64_t)n, .last = (int64_t)n + 1, .wait = (int64_t)n, .tries = n, .bytes = 5,
		.subject = { subject, strlen(subject) }, .cause = { cause, strlen(cause) }, .packets = &packets,
	};

	ranges_add(&packets.tcp, n, groups_room(g));
	ranges_add(&packets.frames, 1000000 + n, groups_room(g));
	groups_add(g, &f);
	assert_null(packets.tcp.at);
}

/* The groups of a shape; all failures of all groups are `failed`, and each is selected once. */
static size_t
count(struct groups *g, enum failed_shape shape, uint64_t failed, struct group **one)
{
	size_t n, found = 0;
	struct group **list = groups_list(g, &n);
	uint64_t sum = 0, tcp = 0, frames = 0;

	for (size_t i = 0; i < n; i++) {
		if (list[i]->shape == shape) {
			found++;
			if (one)
				*one = list[i];
		}
		sum += list[i]->failed;
		tcp += list[i]->packets.tcp.count + list[i]->packets.tcp.dropped;
		frames += list[i]->packets.frames.count + list[i]->packets.frames.dropped;
	}
	free(list);
	assert_int_equal(sum, failed);
	assert_int_equal(tcp, failed);
	assert_int_equal(frames, failed);
	return found;
}

static void
same_failures_are_one_group(void **state)
{
	struct groups *g = groups_new();
	struct group *one = NULL;

	(void)state;
	for (unsigned i = 10; i < 15; i++)
		add(g, FAILED_REFUSED, ends(1, 2, 80), "", "", i);
	assert_int_equal(count(g, SHAPE_ONE, 5, &one), 1);
	assert_int_equal(one->first, 10);
	assert_int_equal(one->last, 15);
	assert_int_equal(one->wait.min, 10);
	assert_int_equal(one->wait.max, 14);
	assert_int_equal(one->tries.max, 14);
	add(g, FAILED_REFUSED, ends(1, 2, 81), "", "", 20);
	add(g, FAILED_REFUSED, ends(1, 3, 80), "", "", 21);
	add(g, FAILED_REFUSED, ends(3, 2, 80), "", "", 22);
	add(g, FAILED_RESET, ends(1, 2, 80), "", "RST by target", 23);
	add(g, FAILED_RESET, ends(1, 2, 80), "", "RST by source", 24);
	add(g, FAILED_NXDOMAIN, ends(1, 2, 80), "a", "x", 25);
	add(g, FAILED_NXDOMAIN, ends(1, 2, 80), "ax", "", 26);
	assert_int_equal(count(g, SHAPE_ONE, 12, NULL), 8);
	groups_free(g);
}

static void
a_port_scan_is_one_line(void **state)
{
	struct groups *g = groups_new();
	struct group *one = NULL;

	(void)state;
	for (unsigned p = 1; p <= FAILED_PORTS; p++)
		add(g, FAILED_REFUSED, ends(1, 2, (uint16_t)p), "", "", p);
	assert_int_equal(count(g, SHAPE_ONE, FAILED_PORTS, NULL), FAILED_PORTS);
	for (unsigned p = FAILED_PORTS + 1; p <= 65535; p++)
		add(g, FAILED_REFUSED, ends(1, 2, (uint16_t)p), "", "", p);
	assert_int_equal(count(g, SHAPE_PORTS, 65535, &one), 1);
	assert_int_equal(count(g, SHAPE_ONE, 65535, NULL), 0);
	assert_int_equal(one->ports.n, 1);
	assert_int_equal(one->ports.count, 65535);
	assert_int_equal(one->packets.tcp.n, 1);
	assert_int_equal(one->targets.count, 0);
	assert_int_equal(one->first, 1);
	groups_free(g);
}

static void
hosts_sources_and_all_of_them(void **state)
{
	struct groups *g = groups_new();
	struct group *one = NULL;
	uint64_t n = 0;

	(void)state;
	for (unsigned t = 1; t <= 254; t++)			/* a sweep for one port */
		add(g, FAILED_UNANSWERED, ends(1, 0x0a000000 + t, 22), "", "", n++);
	assert_int_equal(count(g, SHAPE_TARGETS, n, &one), 1);
	assert_int_equal(one->targets.count, 254);
	assert_int_equal(one->ends.port, 22);

	for (unsigned s = 1; s <= 100; s++)			/* many clients, one dead service */
		add(g, FAILED_REFUSED, ends(0x0b000000 + s, 7, 443), "", "", n++);
	assert_int_equal(count(g, SHAPE_SOURCES, n, &one), 1);
	assert_int_equal(one->sources.count, 100);

	for (unsigned t = 1; t <= 100; t++)			/* every port of every host */
		for (unsigned p = 1; p <= 100; p++)
			add(g, FAILED_REFUSED, ends(5, 0x0c000000 + t, (uint16_t)p), "", "", n++);
	assert_int_equal(count(g, SHAPE_SOURCE, n, &one), 1);
	assert_int_equal(one->targets.count, 100);
	assert_int_equal(one->ports.count, 100);
	assert_int_equal(one->failed, 10000);
	assert_int_equal(count(g, SHAPE_ONE, n, NULL), 0);
	assert_int_equal(count(g, SHAPE_PORTS, n, NULL), 0);
	groups_free(g);
}

static void
subjects_fold_before_ports(void **state)
{
	struct groups *g = groups_new();
	struct group *one = NULL;
	char name[16] = "nameXX";
	uint64_t n = 0;

	(void)state;
	for (unsigned t = 1; t <= 3; t++)
		for (unsigned i = 0; i < 10; i++) {
			name[4] = (char)('0' + i);
			add(g, FAILED_NXDOMAIN, ends(1, t, 53), name, "NXDOMAIN", n++);
		}
	assert_int_equal(count(g, SHAPE_ONE, n, NULL), 30);
	for (unsigned i = 0; i < 40; i++) {
		name[4] = (char)('A' + i);
		add(g, FAILED_NXDOMAIN, ends(1, 2, 53), name, "NXDOMAIN", n++);
	}
	assert_int_equal(count(g, SHAPE_ONE, n, NULL), 20);
	assert_int_equal(count(g, SHAPE_SUBJECTS, n, &one), 1);
	assert_int_equal(one->subjects.count, 50);
	assert_int_equal(one->cause_len, 8);
	assert_null(one->subject);
	assert_true(one->subjects_differ && !one->causes_differ);
	groups_free(g);
}

/* Who fails at everything once does not hide what fails twice. */
static void
singles_become_one(void **state)
{
	struct groups *g = groups_new();
	struct group *one = NULL;
	uint64_t n = 0;

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		add(g, FAILED_UNANSWERED, ends(0x10000 + dice(4000000), dice(4000000), (uint16_t)(1 + dice(60000))), "", "", n++);
		if (i % 1000 == 0)
			add(g, FAILED_UNANSWERED, ends(7, i, 80), "", "", n++), add(g, FAILED_UNANSWERED, ends(7, i, 80), "", "", n++);
	}
	assert_in_range(count(g, SHAPE_ONE, n, NULL), 0, 100);
	assert_int_equal(count(g, SHAPE_TARGETS, n, &one), 1);
	assert_int_equal(one->failed, 200);
	assert_int_equal(count(g, SHAPE_KIND, n, &one), 1);
	assert_int_equal(groups_crowded(g), 0);
	groups_free(g);
}

/* Whatever comes, every failure is in one group, and the table stays below its ceiling. */
static void
nothing_is_lost(void **state)
{
	struct groups *g = groups_new();
	uint64_t n = 0;
	size_t shown;

	(void)state;
	for (; n < 300000; n++) {
		char subject[] = { (char)('a' + dice(26)), (char)('a' + dice(26)), 0 };
		unsigned spread = dice(3) ? 40 : 4000000;

		add(g, dice(FAILED_KINDS), ends(dice(spread), dice(spread), (uint16_t)(1 + dice(spread) % 65535)),
		    dice(2) ? subject : "", dice(2) ? "a" : "b", n);
	}
	count(g, SHAPE_ONE, n, NULL);
	free(groups_list(g, &shown));
	assert_true(shown <= FAILED_GROUPS_MAX);
	groups_free(g);
}

static void
attempts_are_counted_for_every_shape(void **state)
{
	struct attempts *a = attempts_new();
	struct groups *g = groups_new();
	struct failed_text none = { "", 0 };
	struct group *one = NULL;
	const struct tally *t;

	(void)state;
	for (unsigned p = 1; p <= 1000; p++) {
		struct failed_ends e = ends(1, 2, (uint16_t)p);

		attempts_count(a, TRY_CONNECT, &e, none, p % 10 ? ATTEMPT_FAILED : ATTEMPT_SUCCEEDED);
		if (p % 10)
			add(g, FAILED_REFUSED, e, "", "", p);
	}
	assert_int_equal(count(g, SHAPE_PORTS, 900, &one), 1);
	t = attempts_of(a, one);
	assert_non_null(t);
	assert_int_equal(t->attempts, 1000);
	assert_int_equal(t->succeeded, 100);
	assert_int_equal(t->failed, 900);
	add(g, FAILED_RESET, ends(1, 2, 10), "", "", 1);
	count(g, SHAPE_ONE, 901, &one);
	t = attempts_of(a, one);
	assert_int_equal(t->attempts, 1);
	assert_int_equal(attempts_all(a, TRY_CONNECT)->attempts, 1000);
	assert_int_equal(attempts_lost(a), 0);
	groups_free(g);
	attempts_free(a);
}

static void
attempts_have_a_ceiling(void **state)
{
	struct attempts *a = attempts_new();
	struct failed_text none = { "", 0 };

	(void)state;
	for (unsigned i = 0; i < FAILED_ATTEMPTS_MAX / 3; i++) {
		struct failed_ends e = ends(i, i, 80);

		attempts_count(a, TRY_CONNECT, &e, none, ATTEMPT_FAILED);
	}
	assert_int_equal(attempts_all(a, TRY_CONNECT)->failed, FAILED_ATTEMPTS_MAX / 3);
	assert_true(attempts_lost(a) > 0);
	attempts_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_failures_are_one_group),
		cmocka_unit_test(a_port_scan_is_one_line),
		cmocka_unit_test(hosts_sources_and_all_of_them),
		cmocka_unit_test(subjects_fold_before_ports),
		cmocka_unit_test(singles_become_one),
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(attempts_are_counted_for_every_shape),
		cmocka_unit_test(attempts_have_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
