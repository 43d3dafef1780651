/* Community ID v1: base64 of SHA-1 over seed, ends in order, protocol. */
#define OPENSSL_SUPPRESS_DEPRECATED	/* SHA1 looks its algorithm up by name each time: ten times what a block costs */
#include "flow/flow.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>

#include "flow/icmp.h"

enum { ICMP = 1, ICMP6 = 58 };

void
community_id(const struct flow_ends *ends, uint16_t seed, char text[COMMUNITY_ID_MAX])
{
	const size_t n = ends->version == 4 ? 4 : 16;
	uint8_t in[2 + 2 * 16 + 2 + 4], sum[SHA_DIGEST_LENGTH];
	uint8_t *p = in;
	SHA_CTX sha;
	unsigned first = 0;
	int order = memcmp(ends->addr[0], ends->addr[1], n);

	/* The lower end goes first, but for messages that nobody answers. */
	if ((order > 0 || (order == 0 && ends->port[0] > ends->port[1])) &&
	    ((ends->proto != ICMP && ends->proto != ICMP6) ||
	    icmp_is_answered(ends->version, ends->port[0], ends->port[1])))
		first = 1;
	*p++ = (uint8_t)(seed >> 8);
	*p++ = (uint8_t)seed;
	for (unsigned i = 0; i < 2; i++, p += n)
		memcpy(p, ends->addr[first ^ i], n);
	*p++ = ends->proto;
	*p++ = 0;
	for (unsigned i = 0; i < 2; i++) {
		*p++ = (uint8_t)(ends->port[first ^ i] >> 8);
		*p++ = (uint8_t)ends->port[first ^ i];
	}
	SHA1_Init(&sha);
	SHA1_Update(&sha, in, (size_t)(p - in));
	SHA1_Final(sum, &sha);
	memcpy(text, "1:", 2);
	EVP_EncodeBlock((unsigned char *)text + 2, sum, sizeof sum);
}

const char *
flow_community(struct flow *flow)
{
	if (flow->community[0] == 0)
		community_id(&flow->ends, 0, flow->community);
	return flow->community;
}
