/*
 * wiretape follow: what the two ends of a conversation said, in order. follow.c is the command; the parts are which streams are
 * meant (follow_pick.c), how bytes are shown (follow_show.c), HTTP messages (follow_http.c), and a file for each stream
 * (follow_files.c).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "flow/flow.h"

int cmd_follow(int argc, char **argv);

/* --- which streams ------------------------------------------------------------------------------------------------- */

enum { FOLLOW_PICKS_MAX = 256, FOLLOW_STREAMS_MAX = 1 << 27 };	/* named; remembered while a file is read twice */

/* A stream that was named: by number, by Community ID, or by its two ends in either order. */
struct follow_pick {
	enum { PICK_NUMBER, PICK_COMMUNITY, PICK_ENDS } by;
	enum flow_kind kind;		/* PICK_NUMBER */
	uint32_t stream;
	const char *text;		/* as it was typed */
	struct flow_ends ends;		/* PICK_ENDS: version, addr, port */
	bool found;
};

/*
 * Takes the word apart: "3", "tcp:3", "udp:3", "sctp:3", "1:...", "10.0.0.1:1234-10.0.0.2:80", "[::1]:1234-[::2]:80".
 * False: it is none of these, so that it may be a filter; or, with *e set, it is a mistaken one.
 */
bool follow_pick_read(struct follow_pick *p, const char *word, struct err *e);
bool follow_pick_matches(const struct follow_pick *p, const struct flow *);

/* --- how bytes are shown ------------------------------------------------------------------------------------------- */

enum follow_mode { FOLLOW_TEXT, FOLLOW_HEX, FOLLOW_RAW, FOLLOW_JSON };

/* How far a rendering has come: one for standard output, one for each file. */
struct follow_view {
	int dir;			/* whose bytes came last; -1: nobody's */
	bool mid_line, cr;		/* text: a line has begun; a CR waits for its LF */
};

/* Where a piece is from. */
struct follow_spot {
	const struct flow *flow;
	unsigned dir;
	uint64_t offset, number;
	int64_t ns;
};

struct follow_show {
	enum follow_mode mode;
	bool colour, times, http;
};

/* Each appends to b. NUL-free and harmless, whatever the bytes, but for FOLLOW_RAW. */
void follow_show_head(const struct follow_show *, struct buf *b, struct follow_view *, const struct flow *);
/* Of several streams, another one goes on. */
void follow_show_turn(const struct follow_show *, struct buf *b, struct follow_view *, const struct flow *);
void follow_show_bytes(const struct follow_show *, struct buf *b, struct follow_view *, const struct follow_spot *,
    const uint8_t *p, size_t n);
void follow_show_missing(const struct follow_show *, struct buf *b, struct follow_view *, const struct follow_spot *,
    uint64_t n);
void follow_show_conflict(const struct follow_show *, struct buf *b, struct follow_view *, unsigned dir,
    const struct flow *, const struct flow_conflict *);
/* A remark of ours, in brackets on a line of its own; not in FOLLOW_RAW and FOLLOW_JSON. */
void follow_show_note(const struct follow_show *, struct buf *b, struct follow_view *, unsigned dir, const char *text);
/* Ends the line that has begun, if one has. */
void follow_show_break(struct buf *b, struct follow_view *);
/* rule: a line under it. */
void follow_show_end(const struct follow_show *, struct buf *b, struct follow_view *, const struct flow *, enum flow_end,
    bool rule);

/* JSON: the beginning of an object about the stream, up to what is special about it. dir: 0, 1, or -1 for neither. */
void follow_json_begin(struct buf *b, const char *event, const struct flow *, int dir);
void follow_json_text(struct buf *b, const char *p, size_t n);		/* a string; bytes that are no UTF-8 as Latin-1 */
void follow_json_bytes(struct buf *b, const uint8_t *p, size_t n);	/* "text":"..." or "base64":"..." */
void follow_json_time(struct buf *b, const char *key, int64_t ns);

const char *follow_kind_name(enum flow_kind);
void follow_address_text(struct buf *b, const struct flow *, unsigned end);
void follow_ends_text(struct buf *b, const struct flow *, unsigned end);	/* "10.0.0.1:80", "[::1]:80" */

/* --- HTTP ------------------------------------------------------------------------------------------------------------ */

struct follow_http;

struct follow_files;

/* One for a stream. held: see http_watch. files: where bodies go as well, or NULL. NULL without memory. */
struct follow_http *follow_http_new(const struct follow_show *, const struct flow *, uint64_t *held, struct follow_files *files);
void follow_http_free(struct follow_http *);
/* What the piece says is appended to b. False: a file could not be written, *e says why. */
bool follow_http_take(struct follow_http *, struct buf *b, struct follow_view *, unsigned dir, const struct flow_piece *,
    const bool shown[2], struct err *e);
bool follow_http_end(struct follow_http *, struct buf *b, struct follow_view *, struct err *e);

/* --- files ----------------------------------------------------------------------------------------------------------- */

enum {
	FOLLOW_FILES_OPEN = 64,			/* at a time */
	FOLLOW_FILE_BUFFER = 32 << 10,		/* bytes collected for each */
	FOLLOW_FILES_A_PACKET = 16,		/* bodies that begin with a packet and have a file: to make one takes long */
};

/* A stream's file; zeroed before its first bytes. */
struct follow_file {
	unsigned slot;		/* 0: not open; else one more than its place */
	bool made, left_out;
	uint64_t bytes;
};

/* Makes or opens the directory; nothing is written yet. user: to whom it is given if it was made, or NULL. */
struct follow_files *follow_files_new(const char *dir, bool force, const char *user, struct err *e);
/* Adds bytes to the stream's file that ends in tail: "txt", "client.raw". False: with *e. */
bool follow_files_put(struct follow_files *, struct follow_file *, const struct flow *, const char *tail, const void *p,
    size_t n, struct err *e);
/* May one more file be made of what came with the packet? If not, that is counted. */
bool follow_files_may_make(struct follow_files *, uint64_t packet);
/* The file is complete. */
bool follow_files_done(struct follow_files *, struct follow_file *, struct err *e);
/* A line of the index; files: one, or both sides'. */
bool follow_files_index(struct follow_files *, const struct flow *, enum flow_end, const struct follow_file files[2],
    struct err *e);
/* All streams have been told of; count: the files beside the index; left_out: those that were not made. */
bool follow_files_finish(struct follow_files *, uint64_t *count, uint64_t *left_out, struct err *e);
bool follow_files_close(struct follow_files *, struct err *e);
