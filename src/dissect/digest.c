/* Digests that routing protocols sign their messages with. */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "dissect/dissect.h"

enum { MD5_SIZE = 16, COPY_MAX = 48 << 10 };

void
text_md5_verdict(struct dis *d, const uint8_t *p, uint32_t n, const uint8_t *digest, const uint16_t *zero, unsigned n_zero)
{
	const char *secret = d->style->md5_secret;
	uint8_t *copy, mac[EVP_MAX_MD_SIZE];
	uint32_t at = (uint32_t)(digest - p);

	if (secret == NULL || !have(d, p, n)) {
		text(d, " (unchecked)");
		return;
	}
	if (n > COPY_MAX || (copy = dis_alloc(d, n)) == NULL) {
		text(d, " (can't allocate memory)");
		return;
	}
	memcpy(copy, p, n);
	for (uint32_t i = at; i < at + MD5_SIZE && i < n; i++)
		copy[i] = 0;
	for (unsigned i = 0; i < n_zero; i++)
		if (zero[i] < n)
			copy[zero[i]] = 0;
	if (!HMAC(EVP_md5(), secret, (int)strlen(secret), copy, n, mac, NULL)) {
		text(d, " (unchecked)");
		return;
	}
	if (have(d, digest, MD5_SIZE) && memcmp(mac, digest, MD5_SIZE) == 0) {
		text(d, " (valid)");
		return;
	}
	for (unsigned i = 0; i < MD5_SIZE; i++)
		text_x(d, mac[i], 2);
	text(d, " (invalid)");
}
