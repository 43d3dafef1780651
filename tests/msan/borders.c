/*
 * For the build under MemorySanitizer, which sees what instrumented code writes and nothing else: what a library has written
 * counts as never written until somebody says so. The linker sends calls of the functions below through these (--wrap), which
 * say it of exactly what each function documents to have written; so nothing in src/ has to know.
 */
#include <brotli/decode.h>
#include <brotli/encode.h>
#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <netdb.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>
#include <pcap/pcap.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <sanitizer/msan_interface.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <zlib.h>
#include <zstd.h>

#define known __msan_unpoison

/* The real function, and the one that is called in its place. */
#define BORDER(type, name, ...) \
	type __real_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__)

/*
 * Libraries call the C library with what they have put together themselves, which would count as never written: while one is
 * at work nothing is held against the C library's functions.
 */
#define ALONE(type, call) __extension__ ({ \
	__msan_scoped_disable_interceptor_checks(); \
	type is_ = call; \
	__msan_scoped_enable_interceptor_checks(); \
	is_; })

static const char *
known_text(const char *s)
{
	if (s)
		__msan_unpoison_string(s);
	return s;
}

/* The C library, as far as clang's interceptors have gaps. */

BORDER(int, stat64, const char *path, struct stat64 *is)
{
	int r = __real_stat64(path, is);

	if (r == 0)
		known(is, sizeof *is);
	return r;
}

BORDER(int, fstat64, int fd, struct stat64 *is)
{
	int r = __real_fstat64(fd, is);

	if (r == 0)
		known(is, sizeof *is);
	return r;
}

BORDER(struct servent *, getservent, void)
{
	struct servent *s = __real_getservent();

	if (s) {
		known(s, sizeof *s);
		known_text(s->s_name);
		known_text(s->s_proto);
	}
	return s;
}

/* libpcap */

BORDER(int, pcap_compile, pcap_t *p, struct bpf_program *code, const char *text, int optimize, bpf_u_int32 mask)
{
	int r = ALONE(int, __real_pcap_compile(p, code, text, optimize, mask));

	if (r == 0) {
		known(code, sizeof *code);
		known(code->bf_insns, code->bf_len * sizeof *code->bf_insns);
	}
	return r;
}

BORDER(char *, pcap_geterr, pcap_t *p)
{
	return (char *)(uintptr_t)known_text(ALONE(char *, __real_pcap_geterr(p)));
}

BORDER(pcap_t *, pcap_create, const char *device, char *why)
{
	pcap_t *p = ALONE(pcap_t *, __real_pcap_create(device, why));

	known(why, PCAP_ERRBUF_SIZE);
	return p;
}

BORDER(pcap_t *, pcap_fopen_offline, FILE *in, char *why)
{
	pcap_t *p = ALONE(pcap_t *, __real_pcap_fopen_offline(in, why));

	known(why, PCAP_ERRBUF_SIZE);
	return p;
}

BORDER(int, pcap_lookupnet, const char *device, bpf_u_int32 *net, bpf_u_int32 *mask, char *why)
{
	int r = ALONE(int, __real_pcap_lookupnet(device, net, mask, why));

	known(net, sizeof *net);
	known(mask, sizeof *mask);
	known(why, PCAP_ERRBUF_SIZE);
	return r;
}

BORDER(int, pcap_findalldevs, pcap_if_t **list, char *why)
{
	int r = ALONE(int, __real_pcap_findalldevs(list, why));

	known(list, sizeof *list);
	known(why, PCAP_ERRBUF_SIZE);
	for (pcap_if_t *i = r == 0 ? *list : NULL; i; i = i->next) {
		known(i, sizeof *i);
		known_text(i->name);
		known_text(i->description);
		for (pcap_addr_t *a = i->addresses; a; a = a->next) {
			known(a, sizeof *a);
			if (a->addr)
				known(a->addr, sizeof *a->addr);
		}
	}
	return r;
}

BORDER(int, pcap_list_datalinks, pcap_t *p, int **types)
{
	int n = ALONE(int, __real_pcap_list_datalinks(p, types));

	known(types, sizeof *types);
	if (n > 0)
		known(*types, (size_t)n * sizeof **types);
	return n;
}

BORDER(int, pcap_list_tstamp_types, pcap_t *p, int **types)
{
	int n = ALONE(int, __real_pcap_list_tstamp_types(p, types));

	known(types, sizeof *types);
	if (n > 0)
		known(*types, (size_t)n * sizeof **types);
	return n;
}

BORDER(int, pcap_stats, pcap_t *p, struct pcap_stat *s)
{
	int r = ALONE(int, __real_pcap_stats(p, s));

	if (r == 0)
		known(s, sizeof *s);
	return r;
}

struct hand {
	pcap_handler take;
	u_char *user;
};

/* Not instrumented itself: what the library calls it with has no shadow of its own. */
static __attribute__((no_sanitize("memory"))) void
hand_on(u_char *user, const struct pcap_pkthdr *h, const u_char *data)
{
	const struct hand *to = (const void *)user;

	known(h, sizeof *h);
	known(data, h->caplen);
	to->take(to->user, h, data);
}

BORDER(int, pcap_dispatch, pcap_t *p, int n, pcap_handler take, u_char *user)
{
	struct hand to = { take, user };

	return ALONE(int, __real_pcap_dispatch(p, n, hand_on, (u_char *)&to));
}

/* Compression: each has written from where the output stood to where it stands. */

BORDER(int, inflate, z_streamp z, int flush)
{
	const Bytef *from = z->next_out;
	int r = ALONE(int, __real_inflate(z, flush));

	known(from, (size_t)(z->next_out - from));
	known_text(z->msg);
	return r;
}

BORDER(int, deflate, z_streamp z, int flush)
{
	const Bytef *from = z->next_out;
	int r = ALONE(int, __real_deflate(z, flush));

	known(from, (size_t)(z->next_out - from));
	return r;
}

BORDER(size_t, ZSTD_decompressStream, ZSTD_DStream *d, ZSTD_outBuffer *out, ZSTD_inBuffer *in)
{
	size_t r = ALONE(size_t, __real_ZSTD_decompressStream(d, out, in));

	known(out->dst, out->pos);
	return r;
}

BORDER(size_t, ZSTD_compress2, ZSTD_CCtx *c, void *to, size_t room, const void *data, size_t n)
{
	size_t r = ALONE(size_t, __real_ZSTD_compress2(c, to, room, data, n));

	if (!ZSTD_isError(r))
		known(to, r);
	return r;
}

BORDER(LZ4F_errorCode_t, LZ4F_createDecompressionContext, LZ4F_dctx **c, unsigned version)
{
	LZ4F_errorCode_t r = ALONE(LZ4F_errorCode_t, __real_LZ4F_createDecompressionContext(c, version));

	known(c, sizeof *c);
	return r;
}

BORDER(size_t, LZ4F_decompress, LZ4F_dctx *c, void *to, size_t *n, const void *from, size_t *m,
    const LZ4F_decompressOptions_t *o)
{
	size_t r = ALONE(size_t, __real_LZ4F_decompress(c, to, n, from, m, o));

	if (!LZ4F_isError(r))
		known(to, *n);
	return r;
}

BORDER(size_t, LZ4F_compressFrame, void *to, size_t room, const void *data, size_t n, const LZ4F_preferences_t *o)
{
	size_t r = ALONE(size_t, __real_LZ4F_compressFrame(to, room, data, n, o));

	if (!LZ4F_isError(r))
		known(to, r);
	return r;
}

BORDER(lzma_ret, lzma_code, lzma_stream *x, lzma_action action)
{
	const uint8_t *from = x->next_out;
	lzma_ret r = ALONE(lzma_ret, __real_lzma_code(x, action));

	known(from, (size_t)(x->next_out - from));
	return r;
}

BORDER(int, BZ2_bzDecompress, bz_stream *b)
{
	const char *from = b->next_out;
	int r = ALONE(int, __real_BZ2_bzDecompress(b));

	known(from, (size_t)(b->next_out - from));
	return r;
}

BORDER(BrotliDecoderResult, BrotliDecoderDecompressStream, BrotliDecoderState *s, size_t *n, const uint8_t **in, size_t *room,
    uint8_t **out, size_t *total)
{
	const uint8_t *from = *out;
	BrotliDecoderResult r = ALONE(BrotliDecoderResult, __real_BrotliDecoderDecompressStream(s, n, in, room, out, total));

	known(from, (size_t)(*out - from));
	return r;
}

/* PCRE2 */

BORDER(int, pcre2_jit_compile_8, pcre2_code *code, uint32_t options)
{
	return ALONE(int, __real_pcre2_jit_compile_8(code, options));
}

BORDER(pcre2_code *, pcre2_compile_8, PCRE2_SPTR text, PCRE2_SIZE n, uint32_t options, int *why, PCRE2_SIZE *at,
    pcre2_compile_context *c)
{
	pcre2_code *code = ALONE(pcre2_code *, __real_pcre2_compile_8(text, n, options, why, at, c));

	known(why, sizeof *why);
	known(at, sizeof *at);
	return code;
}

BORDER(int, pcre2_get_error_message_8, int why, PCRE2_UCHAR *text, PCRE2_SIZE n)
{
	int r = ALONE(int, __real_pcre2_get_error_message_8(why, text, n));

	known(text, n);
	return r;
}

/* Only questions that are answered with a number of 32 bits are asked. */
BORDER(int, pcre2_pattern_info_8, const pcre2_code *code, uint32_t what, void *is)
{
	int r = ALONE(int, __real_pcre2_pattern_info_8(code, what, is));

	known(is, sizeof(uint32_t));
	return r;
}

BORDER(int, pcre2_match_8, const pcre2_code *code, PCRE2_SPTR text, PCRE2_SIZE n, PCRE2_SIZE at, uint32_t options,
    pcre2_match_data *m, pcre2_match_context *c)
{
	int r = ALONE(int, __real_pcre2_match_8(code, text, n, at, options, m, c));

	known(pcre2_get_ovector_pointer(m), 2 * pcre2_get_ovector_count(m) * sizeof(PCRE2_SIZE));
	return r;
}

BORDER(int, pcre2_jit_match_8, const pcre2_code *code, PCRE2_SPTR text, PCRE2_SIZE n, PCRE2_SIZE at, uint32_t options,
    pcre2_match_data *m, pcre2_match_context *c)
{
	int r = ALONE(int, __real_pcre2_jit_match_8(code, text, n, at, options, m, c));

	known(pcre2_get_ovector_pointer(m), 2 * pcre2_get_ovector_count(m) * sizeof(PCRE2_SIZE));
	return r;
}

/* libcrypto */

BORDER(EVP_CIPHER *, EVP_CIPHER_fetch, OSSL_LIB_CTX *lib, const char *name, const char *properties)
{
	return ALONE(EVP_CIPHER *, __real_EVP_CIPHER_fetch(lib, name, properties));
}

BORDER(const EVP_CIPHER *, EVP_get_cipherbyname, const char *name)
{
	return ALONE(const EVP_CIPHER *, __real_EVP_get_cipherbyname(name));
}

BORDER(OSSL_PROVIDER *, OSSL_PROVIDER_load, OSSL_LIB_CTX *lib, const char *name)
{
	return ALONE(OSSL_PROVIDER *, __real_OSSL_PROVIDER_load(lib, name));
}

BORDER(int, EVP_DigestInit_ex, EVP_MD_CTX *c, const EVP_MD *how, ENGINE *e)
{
	return ALONE(int, __real_EVP_DigestInit_ex(c, how, e));
}

BORDER(int, EVP_DecryptInit_ex, EVP_CIPHER_CTX *c, const EVP_CIPHER *how, ENGINE *e, const unsigned char *key,
    const unsigned char *iv)
{
	return ALONE(int, __real_EVP_DecryptInit_ex(c, how, e, key, iv));
}

BORDER(X509 *, d2i_X509, X509 **x, const unsigned char **p, long n)
{
	return ALONE(X509 *, __real_d2i_X509(x, p, n));
}

BORDER(void *, X509_get_ext_d2i, const X509 *x, int what, int *critical, int *at)
{
	return ALONE(void *, __real_X509_get_ext_d2i(x, what, critical, at));
}

BORDER(int, X509_NAME_cmp, const X509_NAME *a, const X509_NAME *b)
{
	return ALONE(int, __real_X509_NAME_cmp(a, b));
}

BORDER(int, X509_NAME_print_ex, BIO *b, const X509_NAME *name, int indent, unsigned long flags)
{
	return ALONE(int, __real_X509_NAME_print_ex(b, name, indent, flags));
}

BORDER(int, EVP_Digest, const void *data, size_t n, unsigned char *is, unsigned *size, const EVP_MD *how, ENGINE *e)
{
	int r = ALONE(int, __real_EVP_Digest(data, n, is, size, how, e));

	if (size)
		known(size, sizeof *size);
	if (r)
		known(is, (size_t)EVP_MD_get_size(how));
	return r;
}

BORDER(int, EVP_DigestFinal_ex, EVP_MD_CTX *c, unsigned char *is, unsigned *size)
{
	int r = ALONE(int, __real_EVP_DigestFinal_ex(c, is, size));

	if (size)
		known(size, sizeof *size);
	if (r)
		known(is, (size_t)EVP_MD_CTX_get_size(c));
	return r;
}

BORDER(unsigned char *, HMAC, const EVP_MD *how, const void *key, int len, const unsigned char *data, size_t n,
    unsigned char *is, unsigned *size)
{
	unsigned char *r = ALONE(unsigned char *, __real_HMAC(how, key, len, data, n, is, size));

	if (size)
		known(size, sizeof *size);
	if (r)
		known(r, (size_t)EVP_MD_get_size(how));
	return r;
}

BORDER(unsigned char *, SHA1, const unsigned char *data, size_t n, unsigned char *is)
{
	unsigned char *r = ALONE(unsigned char *, __real_SHA1(data, n, is));

	if (r)
		known(r, 20);
	return r;
}

BORDER(int, EVP_EncodeBlock, unsigned char *to, const unsigned char *from, int n)
{
	int r = ALONE(int, __real_EVP_EncodeBlock(to, from, n));

	if (r >= 0)
		known(to, (size_t)r + 1);
	return r;
}

BORDER(int, EVP_DecryptUpdate, EVP_CIPHER_CTX *c, unsigned char *to, int *n, const unsigned char *from, int m)
{
	int r = ALONE(int, __real_EVP_DecryptUpdate(c, to, n, from, m));

	known(n, sizeof *n);
	if (r)
		known(to, (size_t)*n);
	return r;
}

BORDER(const unsigned char *, ASN1_STRING_get0_data, const ASN1_STRING *s)
{
	const unsigned char *p = ALONE(const unsigned char *, __real_ASN1_STRING_get0_data(s));

	if (p)
		known(p, (size_t)ASN1_STRING_length(s));
	return p;
}

BORDER(int, ASN1_STRING_to_UTF8, unsigned char **to, const ASN1_STRING *s)
{
	int n = ALONE(int, __real_ASN1_STRING_to_UTF8(to, s));

	known(to, sizeof *to);
	if (n > 0)
		known(*to, (size_t)n);
	return n;
}

BORDER(int, ASN1_TIME_to_tm, const ASN1_TIME *t, struct tm *tm)
{
	int r = ALONE(int, __real_ASN1_TIME_to_tm(t, tm));

	known(tm, sizeof *tm);
	return r;
}

/* What is behind BIO_get_mem_data. */
BORDER(long, BIO_ctrl, BIO *b, int what, long n, void *p)
{
	long r = ALONE(long, __real_BIO_ctrl(b, what, n, p));

	if (what == BIO_CTRL_INFO && p) {
		known(p, sizeof(char *));
		if (r > 0)
			known(*(char **)p, (size_t)r);
	}
	return r;
}

/* What is behind sk_GENERAL_NAME_value: of stacks, only those of names are looked into. */
BORDER(void *, OPENSSL_sk_value, const OPENSSL_STACK *s, int i)
{
	void *p = ALONE(void *, __real_OPENSSL_sk_value(s, i));

	if (p)
		known(p, sizeof(GENERAL_NAME));
	return p;
}

/* What only tests call: they make what is decoded. */

BORDER(EVP_PKEY *, EVP_PKEY_Q_keygen, OSSL_LIB_CTX *lib, const char *how, const char *name, ...)
{
	va_list more;
	const char *curve;

	va_start(more, name);
	curve = va_arg(more, const char *);
	va_end(more);
	return ALONE(EVP_PKEY *, __real_EVP_PKEY_Q_keygen(lib, how, name, curve));
}

BORDER(size_t, ZSTD_compress, void *to, size_t room, const void *data, size_t n, int level)
{
	size_t r = ALONE(size_t, __real_ZSTD_compress(to, room, data, n, level));

	if (!ZSTD_isError(r))
		known(to, r);
	return r;
}

BORDER(int, BZ2_bzBuffToBuffCompress, char *to, unsigned *n, char *from, unsigned m, int size, int verbosity, int factor)
{
	int r = ALONE(int, __real_BZ2_bzBuffToBuffCompress(to, n, from, m, size, verbosity, factor));

	if (r == BZ_OK)
		known(to, *n);
	return r;
}

BORDER(lzma_ret, lzma_easy_buffer_encode, uint32_t preset, lzma_check check, const lzma_allocator *a, const uint8_t *data, size_t n,
    uint8_t *to, size_t *at, size_t room)
{
	lzma_ret r = ALONE(lzma_ret, __real_lzma_easy_buffer_encode(preset, check, a, data, n, to, at, room));

	if (r == LZMA_OK)
		known(to, *at);
	return r;
}

BORDER(BROTLI_BOOL, BrotliEncoderCompress, int quality, int window, BrotliEncoderMode mode, size_t n, const uint8_t *data,
    size_t *m, uint8_t *to)
{
	BROTLI_BOOL r = ALONE(BROTLI_BOOL, __real_BrotliEncoderCompress(quality, window, mode, n, data, m, to));

	if (r)
		known(to, *m);
	return r;
}

BORDER(int, X509_NAME_add_entry_by_txt, X509_NAME *name, const char *what, int type, const unsigned char *p, int n, int at,
    int set)
{
	return ALONE(int, __real_X509_NAME_add_entry_by_txt(name, what, type, p, n, at, set));
}

BORDER(X509_EXTENSION *, X509V3_EXT_conf_nid, LHASH_OF(CONF_VALUE) *conf, X509V3_CTX *c, int what, const char *value)
{
	return ALONE(X509_EXTENSION *, __real_X509V3_EXT_conf_nid(conf, c, what, value));
}

BORDER(int, X509_set_pubkey, X509 *x, EVP_PKEY *key)
{
	return ALONE(int, __real_X509_set_pubkey(x, key));
}

BORDER(int, X509_sign, X509 *x, EVP_PKEY *key, const EVP_MD *how)
{
	return ALONE(int, __real_X509_sign(x, key, how));
}

BORDER(int, i2d_X509, const X509 *x, unsigned char **to)
{
	int n = ALONE(int, __real_i2d_X509(x, to));

	if (n > 0)
		known(*to, (size_t)n);
	return n;
}
