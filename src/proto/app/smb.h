/*
 * SMB version 1 and NetBIOS share a way of showing a message: rows that say, one after the other, what the next bytes
 * are and what they are called. smb_rows.c walks rows, smb_commands.c has those of every command, smb_errors.c names
 * errors; smb.c walks the message, smb_netbios.c what carries it.
 */
#pragma once

#include "dissect/dissect.h"

/* What a row of a message is. Numbers are little-endian unless the row says SMB_BIG. */
enum smb_kind {
	SMB_END,
	SMB_TEXT,		/* only the label */
	SMB_GATE,		/* nothing more unless bytes are left */
	SMB_STOP,		/* that is all, and what follows is not dumped */
	SMB_EACH,		/* the rows from here on, again and again until the bytes are used up */
	SMB_SKIP,		/* arg bytes */
	SMB_DEC8, SMB_DEC16, SMB_DEC32, SMB_DEC64,	/* 12 (0xc) */
	SMB_INT32,
	SMB_LOCK64,		/* the upper half comes first */
	SMB_HEX8, SMB_HEX16, SMB_HEX32,			/* 0xC */
	SMB_ATTR8, SMB_ATTR16,	/* file attributes */
	SMB_BITS,		/* a byte of flags, their names in ->bits */
	SMB_COUNT8, SMB_COUNT16, SMB_COUNT32,		/* a string's length, for SMB_COUNTED and SMB_RAW */
	SMB_STRING,		/* up to a NUL, Unicode or not as the header says */
	SMB_ASCII,		/* up to a NUL */
	SMB_BUFFER, SMB_ASCII_BUFFER,	/* the same behind a byte that says what it is */
	SMB_COUNTED,		/* as long as the count before */
	SMB_RAW,		/* the same, never Unicode */
	SMB_FIXED,		/* arg characters */
	SMB_NAME,		/* NetBIOS name, first-level encoding (RFC 1001 section 14.1) */
	SMB_PLAIN_NAME,		/* NetBIOS name, 16 bytes */
	SMB_DOS_DATE, SMB_DATE_DOS,	/* time and date in 16 bits each: time first, or date */
	SMB_FILETIME,		/* 100 ns since 1601 */
	SMB_WORDS,		/* arg numbers of 16 bits with commas */
	SMB_WORDS_APART,	/* ... with commas and blanks, in brackets */
	SMB_LONGS,		/* two numbers of 32 bits, in brackets */
	SMB_DOTTED,		/* four bytes with dots */
	SMB_BIG = 0x80,
};

struct smb_row {
	uint8_t kind, arg;
	const char *label;	/* said before, or NULL */
	const char *tail;	/* said behind; NULL: a line end */
	uint8_t field;		/* enum smb_field of the string, or 0 */
	const char *const *bits;	/* eight names or NULLs */
};

/* What a walk through rows remembers of its message. */
struct smb_walk {
	const uint8_t *start;	/* where offsets in names count from, and strings are aligned to */
	bool unicode, request;
	bool counted;		/* count was read */
	uint32_t count;
	unsigned depth;		/* SMB_EACH in SMB_EACH */
};

/*
 * Says what is at p, at most up to end, as rows tell; what the rows leave over is dumped. Where it ended, or NULL if
 * the packet is cut short.
 */
const uint8_t *smb_rows(struct dis *d, struct smb_walk *w, const struct smb_row *rows, const uint8_t *p, const uint8_t *end);
/* A dump in SMB's own style of n bytes: hard. */
void smb_dump(struct dis *d, const uint8_t *p, uint32_t n);

/* Which walk of smb.c a command needs that rows do not describe. */
enum smb_special { SMB_ROWS, SMB_TRANS, SMB_TRANS2, SMB_NEGOTIATE, SMB_SETUP, SMB_LOCKING };

struct smb_command {
	uint8_t code;
	bool chained;		/* AndX: another command may follow */
	uint8_t special;
	const char *name;	/* NULL: end of the table */
	const struct smb_row *ask_words, *ask_bytes, *tell_words, *tell_bytes;	/* NULL: nothing is known */
};

extern const struct smb_command smb_commands[];
extern const struct smb_command smb_unknown;
/* Functions of TRANS2, in order of number: ask_ and tell_words are parameters, bytes are data. */
enum { SMB_TRANS2_FIND = 1, SMB_TRANS2_QFS = 3 };
extern const struct smb_command smb_trans2[];

/* "0x..." or the name of a status. */
void smb_text_status(struct dis *d, uint32_t status);
/* "ERRDOS - ERRbadfile (File not found.)": class and code of the errors before Windows NT. */
void smb_text_error(struct dis *d, unsigned class, unsigned code);

enum smb_field {
	F_SMB_NONE, F_SMB_CMD, F_SMB_STATUS, F_SMB_CLASS, F_SMB_CODE, F_SMB_FLAGS, F_SMB_RESPONSE, F_SMB_FLAGS2, F_SMB_UNICODE,
	F_SMB_PID_HIGH, F_SMB_SIGNATURE, F_SMB_TID, F_SMB_PID, F_SMB_UID, F_SMB_MID, F_SMB_WCT, F_SMB_BCC,
	F_SMB_PATH, F_SMB_DIALECT, F_SMB_OS, F_SMB_LANMAN, F_SMB_DOMAIN, F_SMB_SERVICE, F_SMB_TRANS2, F_SMB_TRANS_NAME,
	F_SMB_FIELDS
};
extern const struct field smb_fields[F_SMB_FIELDS];
