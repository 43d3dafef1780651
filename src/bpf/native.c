/* Pages for the code, and which translator there is; the translators are native_x86_64.c and native_aarch64.c. */
#include "bpf/native.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bpf/emit.h"
#include "bpf/plan.h"

struct native {
	void *pages;
	size_t size;
};

native_function *
native_code(const struct native *x)
{
	native_function *f;

	/* ISO C has no conversion from objects to functions; POSIX has. */
	memcpy(&f, &x->pages, sizeof f);
	return f;
}

void
native_free(struct native *x)
{
	if (x && x->pages)
		munmap(x->pages, x->size);
	free(x);
}

#if defined(__x86_64__) || defined(__aarch64__)

/* Copies the code into pages of its own, writable first, then executable and never both. */
static bool
settle(struct native *x, const struct emit *e)
{
	x->size = (e->len + 4095) & ~(size_t)4095;
	x->pages = mmap(NULL, x->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (x->pages == MAP_FAILED) {
		x->pages = NULL;
		return false;
	}
	memcpy(x->pages, e->code, e->len);
	__builtin___clear_cache((char *)x->pages, (char *)x->pages + e->len);
	return mprotect(x->pages, x->size, PROT_READ | PROT_EXEC) == 0;
}

static bool
all_known(const struct bpf_insn *insns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!plan_knows(&insns[i]))
			return false;
	return true;
}

struct native *
native_new(const struct bpf_insn *insns, size_t n)
{
	struct native *x = calloc(1, sizeof *x);
	struct emit e = { 0 };
	struct plan plan;

	if (!x || n > PLAN_INSNS_MAX || !bpf_validate(insns, (int)n) || !all_known(insns, n) ||
	    !plan_make(&plan, insns, n)) {
		free(x);
		return NULL;
	}
	if (!emit_program(&e, &plan) || !settle(x, &e)) {
		native_free(x);
		x = NULL;
	}
	emit_free(&e);
	plan_free(&plan);
	return x;
}

#else

struct native *
native_new(const struct bpf_insn *insns, size_t n)
{
	(void)insns, (void)n;
	return NULL;
}

#endif
