/* As much of a DNS message (RFC 1035 section 4.1) as tells what was asked and whether that went well. */
#include <string.h>

#include "base/digits.h"
#include "cmd/failed.h"

enum { DNS_HEADER = 12, NAME_MAX_BYTES = 255, LABEL_MAX_BYTES = 63 };

static const char *const rcodes[] = {
	"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH",
	"NOTZONE", "DSOTYPENI",
};

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{ 1, "A" }, { 2, "NS" }, { 5, "CNAME" }, { 6, "SOA" }, { 12, "PTR" }, { 15, "MX" }, { 16, "TXT" }, { 28, "AAAA" },
	{ 33, "SRV" }, { 35, "NAPTR" }, { 39, "DNAME" }, { 43, "DS" }, { 46, "RRSIG" }, { 48, "DNSKEY" }, { 52, "TLSA" },
	{ 64, "SVCB" }, { 65, "HTTPS" }, { 251, "IXFR" }, { 252, "AXFR" }, { 255, "ANY" }, { 257, "CAA" },
};

const char *
dns_rcode_name(unsigned rcode)
{
	return rcode < sizeof rcodes / sizeof *rcodes ? rcodes[rcode] : NULL;
}

enum failed_kind
dns_rcode_kind(unsigned rcode)
{
	return rcode == 2 ? FAILED_SERVFAIL : rcode == 3 ? FAILED_NXDOMAIN : rcode == 5 ? FAILED_DNS_REFUSED :
	    FAILED_DNS_ERROR;
}

/* The first question's name, lower case, and type. A name that is compressed there, cut short or too long has none. */
static size_t
read_question(const uint8_t *p, uint32_t n, char text[FAILED_TEXT_MAX])
{
	char word[DIGITS_ROOM + 4], *end;
	const char *type = NULL;
	size_t len = 0, at = 0, word_len;
	unsigned number;

	while (at < n && p[at] && at <= NAME_MAX_BYTES) {
		unsigned label = p[at++];

		if (label > LABEL_MAX_BYTES || n - at < label || len + label + 1 > NAME_MAX_BYTES - 15)
			return 0;
		if (len)
			text[len++] = '.';
		for (unsigned i = 0; i < label; i++) {
			uint8_t c = p[at++];

			text[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
		}
	}
	if (at >= n || p[at] || n - at < 5)
		return 0;
	if (len == 0)
		text[len++] = '.';
	number = (unsigned)p[at + 1] << 8 | p[at + 2];
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].type == number)
			type = types[i].name;
	if (type == NULL) {		/* RFC 3597 section 5 */
		memcpy(word, "TYPE", 4);
		end = digits_u(word + 4, number);
		type = word;
		word_len = (size_t)(end - word);
	} else {
		word_len = strlen(type);
	}
	text[len++] = ' ';
	memcpy(text + len, type, word_len);
	return len + word_len;
}

bool
dns_read(struct dns_message *m, const uint8_t *p, uint32_t n)
{
	unsigned questions;

	if (n < DNS_HEADER)
		return false;
	m->id = (uint16_t)(p[0] << 8 | p[1]);
	m->response = p[2] & 0x80;
	m->opcode = p[2] >> 3 & 15;
	m->rcode = p[3] & 15;
	questions = (unsigned)p[4] << 8 | p[5];
	m->subject_len = questions ? read_question(p + DNS_HEADER, n - DNS_HEADER, m->subject) : 0;
	return true;
}
