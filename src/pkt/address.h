/*
 * Addresses as text, written straight to where it grows. Each function returns what is behind the last character, and
 * may touch as much as the room it asks for.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { ADDRESS_IP4_ROOM = 16, ADDRESS_IP6_ROOM = 48 };

/* "192.0.2.1" */
char *address_ip4(char *o, const uint8_t *p);
/* RFC 5952: the first longest run of two or more zero groups is "::"; embedded IPv4 as inet_ntop shows it. */
char *address_ip6(char *o, const uint8_t *p);
/* n bytes as "02:00:5e:10:00:01"; room 3 n. */
char *address_link(char *o, const uint8_t *p, size_t n);
