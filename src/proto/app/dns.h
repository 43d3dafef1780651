/*
 * What the two halves of the DNS dissector share: dns.c says the message as a line of text, dns_fields.c notes
 * its fields. Text shows what its reader asked for with -v; fields are all noted, in a pass of their own.
 */
#pragma once

#include "dissect/dissect.h"

/* Sizes and places in a message, RFC 1035 section 4.1. */
enum {
	DNS_HEADER = 12,
	DNS_ANSWERS = 1, DNS_AUTHORITIES = 2, DNS_ADDITIONALS = 3,
	DNS_FLAG_TOP = 0x8000,	/* mDNS: QU in a question's class, cache flush in a record's (RFC 6762 section 18) */
};

/* Record types, as far as code asks for them. */
enum {
	DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_PTR = 12, DNS_HINFO = 13, DNS_MX = 15, DNS_TXT = 16,
	DNS_AAAA = 28, DNS_SRV = 33, DNS_NAPTR = 35, DNS_A6 = 38, DNS_DNAME = 39, DNS_OPT = 41, DNS_DS = 43,
	DNS_SSHFP = 44, DNS_RRSIG = 46, DNS_NSEC = 47, DNS_DNSKEY = 48, DNS_NSEC3 = 50, DNS_NSEC3PARAM = 51,
	DNS_TLSA = 52, DNS_SVCB = 64, DNS_HTTPS = 65, DNS_SPF = 99, DNS_TSIG = 250, DNS_URI = 256, DNS_CAA = 257,
};

/* EDNS options. */
enum {
	EDNS_NSID = 3, EDNS_DAU = 5, EDNS_DHU = 6, EDNS_N3U = 7, EDNS_SUBNET = 8, EDNS_EXPIRE = 9, EDNS_COOKIE = 10,
	EDNS_KEEPALIVE = 11, EDNS_PADDING = 12, EDNS_CHAIN = 13, EDNS_KEY_TAG = 14, EDNS_ERROR = 15,
};

extern const struct name dns_options[];

enum { DNS_N_FIELDS = 139 };
extern const struct field dns_fields[DNS_N_FIELDS];

/* Notes the length in front of a message over TCP, at p. Soft. */
void dns_note_length(struct dis *d, const uint8_t *p);
/* Notes every field of the message p..p+len. Soft. */
void dns_note(struct dis *d, const uint8_t *p, uint32_t len, bool mdns);
