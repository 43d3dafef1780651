/*
 * A classic BPF program as machine code: what the interpreter would return, several times sooner. The code lies in
 * pages that are never writable and executable at once.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct bpf_insn;
struct native;

/*
 * Translates n instructions. NULL when this processor has no translator, the program is not one that libpcap's
 * bpf_validate accepts, it is too long, or the system gives no executable memory: interpret it then. The program
 * need not outlive the call.
 */
struct native *native_new(const struct bpf_insn *insns, size_t n);
void native_free(struct native *);

/*
 * What the program returns for caplen bytes at p of a packet of len bytes: the same as bpf_filter(insns, p, len,
 * caplen). caplen is below 2^31.
 */
typedef uint32_t native_function(const uint8_t *p, uint32_t len, uint32_t caplen);
native_function *native_code(const struct native *);
