/* FDDI, ANSI X3.139: frames with LLC, and the names of the others. */
#include "dissect/dissect.h"

enum { HEADER = 13, DST_AT = 1, SRC_AT = 7, CLASS = 0xf0, NUMBER = 0x0f };
enum { SMT = 0x40, LLC_ASYNC = 0x50 };

/* Frame controls with a name of their own, and classes whose frames are numbered. */
static const struct name frames[] = {
	{ 0x40, "void" }, { 0x41, "info" }, { 0x4f, "nsa" }, { 0x80, "nrt" }, { 0xc0, "rt" }, { 0xc2, "beacon" },
	{ 0xc3, "claim" }, { 0, NULL }
};
static const struct name classes[] = {
	{ SMT, "smt" }, { LLC_ASYNC, "async" }, { 0x60, "imp_async" }, { 0xc0, "mac" }, { 0xd0, "sync" },
	{ 0xe0, "imp_sync" }, { 0, NULL }
};

enum { FC, CLF, DST, SRC };
static const struct field F[] = {
	[FC] = { "fddi.fc", U8, .help = "Frame control" },
	[CLF] = { "fddi.fc.clf", U8, .mask = CLASS, .names = classes, .help = "Class, length and format" },
	[DST] = { "fddi.dst", MAC, .help = "Destination" },
	[SRC] = { "fddi.src", MAC, .help = "Source" },
};

extern const struct proto proto_fddi;

static void
text_header(struct dis *d, const uint8_t *p, uint32_t len)
{
	const char *frame = name_of(frames, p[0]), *class = name_of(classes, p[0] & CLASS);

	if (!d->q) {
		if (frame)
			text(d, frame);
		else if (class)
			text(d, class), text_x(d, p[0] & NUMBER, 0);
		else
			text_x(d, p[0], 2);
		text_char(d, ' ');
	}
	text_mac(d, p + SRC_AT), text(d, " > ");
	text_mac(d, p + DST_AT), text(d, ", length ");
	text_u(d, len), text(d, ": ");
}

static void
fddi(struct dis *d, const uint8_t *frame, uint32_t len)
{
	const uint8_t *p = frame + HEADER;
	uint32_t header = HEADER;

	enter(d, &proto_fddi);
	if (!have(d, frame, HEADER)) {
		text_trunc(d);
		link_header(d, left(d, frame));
		return;
	}
	put_field(d, &F[FC], frame, 1);
	put_field(d, &F[CLF], frame, 1);
	put_field(d, &F[DST], frame + DST_AT, 6);
	put_field(d, &F[SRC], frame + SRC_AT, 6);
	d->mac_dst = frame + DST_AT;
	d->mac_src = frame + SRC_AT;
	if (d->e)
		text_header(d, frame, len);
	if ((frame[0] & CLASS) == LLC_ASYNC) {
		d->inner_link = 0;
		d->refused = false;
		if (!next(d, D_INTERNAL, IN_LLC, p, len - HEADER) || d->refused)
			text_default(d, p, left(d, p));
		header += d->inner_link;
	} else if ((frame[0] & CLASS) == SMT) {
		text(d, "<SMT printer not yet implemented>");
	} else {
		if (!d->e)
			text_header(d, frame, len);
		text_default(d, p, left(d, p));
	}
	link_header(d, header);
}

const struct proto proto_fddi = PROTO("fddi", "fddi", "FDDI", fddi, F);
