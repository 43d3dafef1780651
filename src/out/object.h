/*
 * JSON by hand, a call a member: commas come by themselves. Inside a list the name is NULL. Text is made valid UTF-8 and
 * harmless (value_escape); numbers are numbers, times the text that --json has for them.
 */
#pragma once

#include "base/buf.h"

void object_open(struct buf *b, const char *name);	/* { */
void object_close(struct buf *b);
void object_list(struct buf *b, const char *name);	/* [ */
void object_list_end(struct buf *b);

void object_u(struct buf *b, const char *name, uint64_t v);
/* With that many digits behind the point; null for what is no number. */
void object_real(struct buf *b, const char *name, double v, unsigned digits);
/* Nanoseconds as seconds with nine digits behind the point: a number. */
void object_seconds(struct buf *b, const char *name, int64_t ns);
/* A point in time, nanoseconds since 1970 UTC: a string, "1700000000.000005000". */
void object_time(struct buf *b, const char *name, int64_t ns);
void object_bool(struct buf *b, const char *name, bool v);
void object_null(struct buf *b, const char *name);
void object_str(struct buf *b, const char *name, const char *s);
void object_text(struct buf *b, const char *name, const char *s, size_t n);
