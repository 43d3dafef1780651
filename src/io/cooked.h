/* Filters for the kernel, where a cooked packet has no header yet. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct sock_filter;

/*
 * The n instructions, as libpcap compiled them for packets of this link type, for the packets that a socket's filter
 * sees: on DLT_LINUX_SLL and DLT_LINUX_SLL2 they begin behind the header, and what it says is asked of the kernel. As
 * many instructions; free them. NULL when one looks at what the kernel does not tell, or without memory.
 */
struct sock_filter *cooked_program(const struct sock_filter *insns, size_t n, uint32_t link);
