/* Addresses as text beside the C library's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>

#include "pkt/address.h"
#include "dice.h"

enum { GUARD = 8 };

static void
same(const char *is, const char *end, const char *want)
{
	assert_int_equal(end - is, strlen(want));
	assert_memory_equal(is, want, strlen(want));
}

static void
version_4(void **unused)
{
	(void)unused;
	for (int round = 0; round < 100000; round++) {
		uint8_t a[4] = { (uint8_t)round, (uint8_t)dice(256), (uint8_t)dice(256), (uint8_t)(round >> 8) };
		char is[ADDRESS_IP4_ROOM + GUARD], want[INET_ADDRSTRLEN];

		memset(is, '#', sizeof is);
		inet_ntop(AF_INET, a, want, sizeof want);
		same(is, address_ip4(is, a), want);
		assert_memory_equal(is + ADDRESS_IP4_ROOM, "########", GUARD);
	}
}

/* Groups that are zero, short or full, in every mixture, so that all runs of zeros and embedded addresses occur. */
static void
version_6(void **unused)
{
	(void)unused;
	for (int round = 0; round < 300000; round++) {
		char is[ADDRESS_IP6_ROOM + GUARD], want[INET6_ADDRSTRLEN];
		uint8_t a[16];

		for (int i = 0; i < 16; i += 2) {
			uint32_t v = round >> (i / 2) & 1 ? 0 : dice(65536) >> dice(16);

			a[i] = (uint8_t)(v >> 8);
			a[i + 1] = (uint8_t)v;
		}
		if (dice(8) == 0)
			a[10] = a[11] = 0xff;
		memset(is, '#', sizeof is);
		inet_ntop(AF_INET6, a, want, sizeof want);
		same(is, address_ip6(is, a), want);
		assert_memory_equal(is + ADDRESS_IP6_ROOM, "########", GUARD);
	}
}

static void
link_addresses(void **unused)
{
	static const uint8_t a[] = { 0x02, 0x00, 0x5e, 0xff, 0x00, 0x01, 0xab, 0xcd };
	char is[32];

	(void)unused;
	same(is, address_link(is, a, 6), "02:00:5e:ff:00:01");
	same(is, address_link(is, a, 8), "02:00:5e:ff:00:01:ab:cd");
	same(is, address_link(is, a, 1), "02");
	same(is, address_link(is, a, 0), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_4),
		cmocka_unit_test(version_6),
		cmocka_unit_test(link_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
