/* The shared whiteboard of the MBone (Van Jacobson and Steven McCanne's wb), as far as its packets are known. */
#include "dissect/dissect.h"

enum { HEADER = 12, ALIGN = 4, PAGE = 8 };
enum { DRAW = 0, ANNOUNCE = 1, REPAIR_ASK = 2, REPAIR = 3, KILL = 4, PAGES_ASK = 5, PAGES = 7, SKIP = 14, HOLE = 15 };
enum { SIZE_DRAW = 16, SIZE_ANNOUNCE = 28, SIZE_REPAIR_ASK = 20, SIZE_REPAIR = 20, SIZE_PAGES_ASK = 16, SIZE_PAGES = 4,
	SIZE_STATE = 16, SIZE_OP = 8, SIZE_SEQ = 8 };

static const struct name types[] = {
	{ DRAW, "Drawing" }, { ANNOUNCE, "Announcement" }, { REPAIR_ASK, "Repair request" }, { REPAIR, "Repair" },
	{ KILL, "End of participation" }, { PAGES_ASK, "Page request" }, { PAGES, "Pages" }, { 0, NULL }
};
static const struct name ops[] = {
	{ 2, "RECT" }, { 3, "LINE" }, { 4, "ML" }, { 5, "DEL" }, { 6, "XFORM" }, { 7, "ELL" }, { 8, "CHAR" }, { 9, "STR" },
	{ 10, "NOP" }, { 11, "PSCODE" }, { 12, "PSCOMP" }, { 13, "REF" }, { SKIP, "SKIP" }, { HOLE, "HOLE" }, { 0, NULL }
};

enum { SRC, STAMP, VERSION, TYPE, FLAGS };
static const struct field F[] = {
	[SRC] = { "wb.src", IP4, .help = "Site" },
	[STAMP] = { "wb.timestamp", U32, .help = "Time stamp" },
	[VERSION] = { "wb.version", U16, .help = "Version" },
	[TYPE] = { "wb.type", U8, .names = types, .help = "Kind of message" },
	[FLAGS] = { "wb.flags", U8, .help = "Flags" },
};

extern const struct proto proto_wb;

/* "site:page", whose 8 bytes were checked to be there. */
static void
say_page(struct dis *d, const uint8_t *p)
{
	text_ip4(d, p);
	text_char(d, ':'), text_u(d, raw32(p + 4));
}

/* Sites and how far they are, in a list that was opened or not. */
static void
say_offsets(struct dis *d, const uint8_t *p, unsigned n)
{
	char sep = '<';

	for (; n; n--, p += SIZE_SEQ, sep = ',') {
		need(d, p, SIZE_SEQ);
		text_char(d, sep);
		say_page(d, p);
	}
	text_char(d, '>');
}

/* The drawings number `at` to `to`. */
static void
say_drawings(struct dis *d, const uint8_t *p, uint32_t at, uint32_t to)
{
	text(d, " <");
	for (; at <= to; at++) {
		unsigned type = u8(d, p + 7);

		text_char(d, ' '), text_name(d, ops, type, "dop-%u!");
		if (type == SKIP || type == HOLE) {
			uint32_t last = be32(d, p);

			text_u(d, last - at + 1);
			if (at > last || last > to) {
				text(d, "[|]");
				if (last < at)
					return;
			}
			at = last;
		}
		p += (be16(d, p + 4) + SIZE_OP + ALIGN - 1) & ~(unsigned)(ALIGN - 1);
	}
	text(d, " >");
}

/* "page<first:last>" and, with -v, the drawings themselves. */
static void
say_operations(struct dis *d, const uint8_t *p)
{
	say_page(d, p);
	text_fmt(d, "<%u:%u>", raw32(p + 8), raw32(p + 12));
	if (d->v)
		say_drawings(d, p + SIZE_DRAW, raw32(p + 8), raw32(p + 12));
}

static bool
announcement(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned n;

	text(d, " wb-id:");
	if (len < SIZE_ANNOUNCE)
		return false;
	need(d, p, SIZE_ANNOUNCE - 4);
	text_char(d, ' '), text_u(d, raw32(p + 12)), text_char(d, '/');
	say_page(d, p + 16);
	text(d, " (max "), text_u(d, raw32(p)), text_char(d, '/');
	say_page(d, p + 4);
	text(d, ") ");
	need(d, p, SIZE_ANNOUNCE);
	n = raw16(p + 24);
	p += SIZE_ANNOUNCE;
	len -= SIZE_ANNOUNCE;
	if (len < n * SIZE_SEQ)
		return false;
	say_offsets(d, p, n);
	text(d, " \"");
	text_str_pad(d, p + n * SIZE_SEQ, len - n * SIZE_SEQ);
	text_char(d, '"');
	return true;
}

static bool
repair_request(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, " wb-rreq:");
	if (len < SIZE_REPAIR_ASK)
		return false;
	need(d, p, SIZE_REPAIR_ASK);
	text(d, " please repair "), text_ip4(d, p), text_char(d, ' ');
	say_page(d, p + 4);
	text_fmt(d, "<%u:%u>", raw32(p + 12), raw32(p + 16));
	return true;
}

static bool
repair(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, " wb-rrep:");
	if (len < SIZE_REPAIR)
		return false;
	need(d, p, SIZE_REPAIR);
	text(d, " for "), text_ip4(d, p), text_char(d, ' ');
	say_operations(d, p + 4);
	return true;
}

static bool
drawing(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, " wb-dop:");
	if (len < SIZE_DRAW)
		return false;
	need(d, p, SIZE_DRAW);
	text_char(d, ' ');
	say_operations(d, p);
	return true;
}

static bool
page_request(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, " wb-preq:");
	if (len < SIZE_PAGES_ASK)
		return false;
	need(d, p, PAGE + 4);
	text(d, " need "), text_u(d, raw32(p + PAGE)), text_char(d, '/');
	say_page(d, p);
	need(d, p, SIZE_PAGES_ASK);
	return true;
}

static bool
pages(struct dis *d, const uint8_t *p, uint32_t len)
{
	text(d, " wb-prep:");
	if (len < SIZE_PAGES)
		return false;
	uint32_t n = be32(d, p);

	for (p += SIZE_PAGES; n; n--) {
		unsigned sites;

		need(d, p, 4 + PAGE);
		text_char(d, ' '), text_u(d, raw32(p)), text_char(d, '/');
		say_page(d, p + 4);
		need(d, p, SIZE_STATE);
		/* Two bytes, of which tcpdump looks at the first only. */
		sites = p[12];
		p += SIZE_STATE;
		say_offsets(d, p, sites);
		p += sites * SIZE_SEQ;
	}
	return true;
}

static void
wb(struct dis *d, const uint8_t *p, uint32_t len)
{
	bool good = false;

	enter(d, &proto_wb);
	put_field(d, &F[SRC], p, 4);
	put_field(d, &F[STAMP], p + 4, 4);
	put_field(d, &F[VERSION], p + 8, 2);
	put_field(d, &F[TYPE], p + 10, 1);
	put_field(d, &F[FLAGS], p + 11, 1);
	if (len < HEADER) {
		text_invalid(d);
		return;
	}
	need(d, p, HEADER);
	if (p[11])
		text_char(d, '*');
	len -= HEADER;
	switch (p[10]) {
	case KILL:
		text(d, " wb-kill");
		good = true;
		break;
	case ANNOUNCE:
		good = announcement(d, p + HEADER, len);
		break;
	case REPAIR_ASK:
		good = repair_request(d, p + HEADER, len);
		break;
	case REPAIR:
		good = repair(d, p + HEADER, len);
		break;
	case DRAW:
		good = drawing(d, p + HEADER, len);
		break;
	case PAGES_ASK:
		good = page_request(d, p + HEADER, len);
		break;
	case PAGES:
		good = pages(d, p + HEADER, len);
		break;
	default:
		text_fmt(d, " wb-%u!", p[10]);
		break;
	}
	if (!good)
		text_invalid(d);
}

const struct proto proto_wb = PROTO("wb", "wb", "MBone whiteboard", wb, F);
