#include "pkt/keys.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>
#include <openssl/provider.h>

enum {
	SECRET_MAX = 256, COOKIE = 8, HMAC96 = 12, WARNING_MAX = 256, LINE_MAX_ = 1024,
	FILES_MAX = 8,		/* files in files */
};

enum for_what { FOR_ANY, FOR_ESP, FOR_IKE };

struct key {
	struct key *next;
	enum for_what what;
	uint32_t spi;
	int version;
	uint8_t dst[16];
	bool initiator;
	uint8_t spi_i[COOKIE], spi_r[COOKIE];
	EVP_CIPHER *cipher;	/* NULL: none */
	unsigned iv_len, mac_len;
	uint8_t secret[SECRET_MAX];
};

struct keys {
	struct key *first;	/* the latest one */
	OSSL_LIB_CTX *lib;	/* of our own, with DES and Blowfish in it: OpenSSL calls them legacy */
	OSSL_PROVIDER *usual, *legacy;
	void (*warn)(const char *text);
};

static void warning(const struct keys *k, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
warning(const struct keys *k, const char *fmt, ...)
{
	char s[WARNING_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	k->warn(s);
}

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Bytes from hex, at most room: how many, 0 if it is not hex or too much. */
static size_t
take_hex(const struct keys *k, const char *s, uint8_t *out, size_t room)
{
	size_t n = strlen(s) / 2;

	if (n > room) {
		warning(k, "secret is too big: %zu", n);
		return 0;
	}
	for (size_t i = 0; i < 2 * n; i++) {
		int v = hex_digit(s[i]);

		if (v < 0) {
			warning(k, "invalid hex digit %c in espsecret", s[i]);
			return 0;
		}
		out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] | v : v << 4);
	}
	return n;
}

static bool
cut_suffix(char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	if (n <= m || strcmp(s + n - m, suffix) != 0)
		return false;
	s[n - m] = '\0';
	return true;
}

/* "ALGORITHM:SECRET" */
static bool
take_algorithm(const struct keys *k, char *s, struct key *key)
{
	char *secret = strchr(s, ':');
	const char *name = s;
	const EVP_CIPHER *known;

	if (secret == NULL) {
		warning(k, "failed to decode espsecret: %s", s);
		return false;
	}
	*secret++ = '\0';
	key->mac_len = cut_suffix(s, "-hmac96") ? HMAC96 : 0;
	cut_suffix(s, "-cbc");
	if (strcmp(s, "3des") == 0)
		name = "des-ede3-cbc";
	if (strcmp(s, "none") != 0) {
		known = EVP_get_cipherbyname(name);
		if (known)
			key->cipher = EVP_CIPHER_fetch(k->lib, EVP_CIPHER_get0_name(known), NULL);
		if (key->cipher == NULL) {
			warning(k, "failed to find cipher algo %s", name);
			return false;
		}
		key->iv_len = (unsigned)EVP_CIPHER_get_iv_length(key->cipher);
	}
	if (strncmp(secret, "0x", 2) == 0)
		return take_hex(k, secret + 2, key->secret, SECRET_MAX) > 0;
	memcpy(key->secret, secret, strnlen(secret, SECRET_MAX));
	return true;
}

/* "I 0x... 0x... AUTHENTICATION:SECRET ALGORITHM:SECRET" */
static bool
take_ike(const struct keys *k, char *s, struct key *key, const char *file, unsigned line)
{
	enum { SIDE, INITIATOR, RESPONDER, AUTH, ENCR, WORDS };
	char *word[WORDS], *colon;

	for (unsigned i = 0; i < WORDS; i++)
		if ((word[i] = strsep(&s, " \t")) == NULL) {
			warning(k, "print_esp: failed to find all fields for ikev2 at %s:%u", file, line);
			return false;
		}
	if ((*word[SIDE] != 'I' && *word[SIDE] != 'R') || strlen(word[INITIATOR]) != 2 + 2 * COOKIE ||
	    strlen(word[RESPONDER]) != 2 + 2 * COOKIE || strncmp(word[INITIATOR], "0x", 2) != 0 ||
	    strncmp(word[RESPONDER], "0x", 2) != 0) {
		warning(k, "print_esp: line %s:%u improperly formatted.", file, line);
		return false;
	}
	key->what = FOR_IKE;
	key->initiator = *word[SIDE] == 'I';
	if (take_hex(k, word[INITIATOR] + 2, key->spi_i, COOKIE) != COOKIE ||
	    take_hex(k, word[RESPONDER] + 2, key->spi_r, COOKIE) != COOKIE || !take_algorithm(k, word[ENCR], key))
		return false;
	colon = strchr(word[AUTH], ':');
	if (colon == NULL) {
		warning(k, "failed to decode espsecret: %s", word[AUTH]);
		return false;
	}
	*colon = '\0';
	if (strcasecmp(word[AUTH], "sha1") == 0 || strcasecmp(word[AUTH], "md5") == 0)
		key->mac_len = HMAC96;
	return true;
}

/* "SPI@ADDRESS" */
static bool
take_place(const struct keys *k, char *s, struct key *key)
{
	char *spi = strsep(&s, "@"), *end;

	key->what = FOR_ESP;
	key->spi = (uint32_t)strtoul(spi, &end, 0);
	if (spi == end || s == NULL) {
		warning(k, "print_esp: failed to decode spi# %s", end);
		return false;
	}
	if (inet_pton(AF_INET6, s, key->dst) == 1) {
		key->version = 6;
	} else if (inet_pton(AF_INET, s, key->dst) == 1) {
		key->version = 4;
	} else {
		warning(k, "print_esp: can not decode IP# %s", s);
		return false;
	}
	return true;
}

static void
key_free(struct key *key)
{
	if (key) {
		EVP_CIPHER_free(key->cipher);
		OPENSSL_cleanse(key, sizeof *key);
	}
	free(key);
}

static bool take_file(struct keys *k, const char *name, unsigned depth, struct err *e);

/* One secret; false only if a file cannot be read or memory is out. */
static bool
take_line(struct keys *k, char *s, const char *file, unsigned line, unsigned depth, struct err *e)
{
	char *first = strsep(&s, " \t");
	struct key *key;
	bool good;

	if (s && strcasecmp(first, "file") == 0)
		return take_file(k, s, depth + 1, e);
	key = calloc(1, sizeof *key);
	if (key == NULL)
		return err_set(e, "out of memory");
	if (s && strcasecmp(first, "ikev2") == 0)
		good = take_ike(k, s, key, file, line);
	else if (s)
		good = take_place(k, first, key) && take_algorithm(k, s + strspn(s, " \t\r\n"), key);
	else
		good = take_algorithm(k, first, key);
	if (good) {
		key->next = k->first;
		k->first = key;
	} else {
		key_free(key);
	}
	return true;
}

static bool
take_file(struct keys *k, const char *name, unsigned depth, struct err *e)
{
	char s[LINE_MAX_];
	unsigned line = 0;
	bool good = true;
	FILE *f;

	if (depth > FILES_MAX)
		return err_set(e, "too many files with secrets inside each other: %s", name);
	f = fopen(name, "re");
	if (f == NULL)
		return err_set(e, "can't open %s: %s", name, strerror(errno));
	while (good && fgets(s, sizeof s, f)) {
		line++;
		s[strcspn(s, "\n")] = '\0';
		if (s[0] != '#' && s[0] != '\0')
			good = take_line(k, s, name, line, depth, e);
	}
	OPENSSL_cleanse(s, sizeof s);
	fclose(f);
	return good;
}

struct keys *
keys_parse(const char *secrets, void (*warn)(const char *text), struct err *e)
{
	struct keys *k = calloc(1, sizeof *k);
	char *copy = strdup(secrets), *rest = copy;
	bool good = k != NULL && copy != NULL;

	if (!good)
		err_set(e, "out of memory");
	if (good) {
		k->warn = warn;
		k->lib = OSSL_LIB_CTX_new();
		if (k->lib) {
			k->usual = OSSL_PROVIDER_load(k->lib, "default");
			k->legacy = OSSL_PROVIDER_load(k->lib, "legacy");	/* not everywhere */
		}
		if (!k->usual)
			good = err_set(e, "no cryptography to decrypt with");
	}
	while (good && rest && *rest)
		good = take_line(k, strsep(&rest, "\n,"), "cmdline", 0, 0, e);
	free(copy);
	if (good)
		return k;
	keys_free(k);
	return NULL;
}

void
keys_free(struct keys *k)
{
	struct key *next;

	if (k == NULL)
		return;
	for (struct key *key = k->first; key; key = next) {
		next = key->next;
		key_free(key);
	}
	if (k->legacy)
		OSSL_PROVIDER_unload(k->legacy);
	if (k->usual)
		OSSL_PROVIDER_unload(k->usual);
	OSSL_LIB_CTX_free(k->lib);
	free(k);
}

const struct key *
keys_esp(const struct keys *k, uint32_t spi, int version, const uint8_t *dst)
{
	const struct key *any = NULL;

	for (const struct key *key = k->first; key; key = key->next) {
		if (key->what == FOR_ESP && key->spi == spi && key->version == version &&
		    memcmp(key->dst, dst, version == 6 ? 16 : 4) == 0)
			return key;
		if (key->what == FOR_ANY && any == NULL)
			any = key;
	}
	return any;
}

const struct key *
keys_ike(const struct keys *k, bool initiator, const uint8_t *spi_i, const uint8_t *spi_r)
{
	const struct key *key = k->first;

	while (key && (key->what != FOR_IKE || key->initiator != initiator || memcmp(key->spi_i, spi_i, COOKIE) != 0 ||
	    memcmp(key->spi_r, spi_r, COOKIE) != 0))
		key = key->next;
	return key;
}

unsigned
key_iv_len(const struct key *key)
{
	return key->iv_len;
}

unsigned
key_mac_len(const struct key *key)
{
	return key->mac_len;
}

bool
key_decrypt(const struct key *key, const uint8_t *iv, const uint8_t *in, uint32_t n, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx;
	int done = 0;
	bool good;

	if (key->cipher == NULL) {
		memcpy(out, in, n);
		return true;
	}
	if (n > INT32_MAX || n % (unsigned)EVP_CIPHER_get_block_size(key->cipher) != 0)
		return false;
	/* For each packet: contexts remember, and walks may be many. */
	ctx = EVP_CIPHER_CTX_new();
	good = ctx && EVP_DecryptInit_ex(ctx, key->cipher, NULL, key->secret, iv) &&
	    EVP_CIPHER_CTX_set_padding(ctx, 0) && EVP_DecryptUpdate(ctx, out, &done, in, (int)n) && done == (int)n;
	EVP_CIPHER_CTX_free(ctx);
	return good;
}
