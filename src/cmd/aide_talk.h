/*
 * What the aides and their master say to each other, over sockets. Neither end trusts the other: a master that reads packets may
 * be somebody else's by now, and so may an aide that name servers have answered. What does not fit is as if the other end were
 * gone.
 */
#pragma once

#include <limits.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "host/names.h"

enum {
	TALK_PATH_MAX = PATH_MAX,	/* bytes of a path; more than that the kernel does not take either */
	TALK_PROGRAM_MAX = 1 << 20,	/* instructions of a compiled filter: 8 MiB */
};

/* Sends all of it, and a descriptor with the first byte (-1: none); false: the other end is gone. */
bool talk_put(int fd, const void *p, size_t n);
bool talk_put_with(int fd, const void *p, size_t n, int descriptor);
/* Receives all of it. */
bool talk_get(int fd, void *p, size_t n);

/* An aide's first message: it is as confined as it will be; or why it cannot be, in *e. */
bool talk_put_ready(int fd, bool ok, const struct err *e);
bool talk_get_ready(int fd, struct err *e);

/* An address whose name is asked for: of version 4 or 6. */
struct talk_address {
	uint8_t version, bytes[16];
};

bool talk_get_address(int fd, struct talk_address *a);
/* Its name, ended by a NUL; "" if it has none. */
bool talk_get_name(int fd, char name[NAMES_NAME_MAX]);

/* A link type and a snapshot length that a filter is wanted for. */
struct talk_compile {
	uint32_t link, snaplen;
};

/* What was compiled, which libpcap finds valid; code NULL: *e tells why there is none. */
bool talk_put_program(int fd, const struct bpf_program *code, const struct err *e);
/* code's instructions are the caller's to free. False and *e: there is none. */
bool talk_get_program(int fd, struct bpf_program *code, struct err *e);

/* A file's path, from 1 to TALK_PATH_MAX bytes, none of them NUL, in one piece: threads may do so at the same time. */
bool talk_put_path(int fd, const char *path);
bool talk_get_path(int fd, char path[TALK_PATH_MAX + 1]);

/* The next file of a list, opened (descriptor -1: it could not be, *why says it), if there is one. */
struct talk_file {
	uint8_t there;
	char path[TALK_PATH_MAX + 1];
	struct err why;
};

bool talk_get_file(int fd, struct talk_file *f, int *descriptor);

/*
 * Can -w have made a file of this name, when its own begins so up to its first % of strftime? Only below the directory that is
 * named there, and none that a command would take for an option.
 */
bool talk_is_written(const char *name, const char *path);
