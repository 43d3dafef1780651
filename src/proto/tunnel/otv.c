/* Overlay Transport Virtualization, draft-hasmit-otv-04. */
#include "dissect/dissect.h"

enum { HEADER = 8, HAS_INSTANCE = 0x08 };

enum { FLAGS, FLAG_I, OVERLAY, INSTANCE };
static const struct field F[] = {
	[FLAGS] = { "otv.flags", U8, .help = "Flags" },
	[FLAG_I] = { "otv.flags.i", BOOL, .mask = HAS_INSTANCE, .help = "The instance identifier is valid" },
	[OVERLAY] = { "otv.overlay", U24, .help = "Overlay identifier" },
	[INSTANCE] = { "otv.instance", U24, .help = "Instance identifier" },
};

extern const struct proto proto_otv;

static void
otv(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned bits;

	enter(d, &proto_otv);
	text(d, "OTV, ");
	if (len < HEADER) {
		text_fmt(d, "[length %u < %u]", len, HEADER);
		text_invalid(d);
		need(d, p, len);
		return;
	}
	put_field(d, &F[FLAGS], p, 1);
	put_field(d, &F[FLAG_I], p, 1);
	put_field(d, &F[OVERLAY], p + 1, 3);
	put_field(d, &F[INSTANCE], p + 4, 3);
	bits = u8(d, p);
	text(d, "flags ["), text_char(d, bits & HAS_INSTANCE ? 'I' : '.');
	text(d, "] (0x"), text_x(d, bits, 2);
	text(d, "), ");
	text_be(d, "overlay ", p + 1, 3);
	text(d, ", ");
	text_be(d, "instance ", p + 4, 3);
	text_char(d, '\n');
	need(d, p, HEADER);
	next(d, D_LINK, 1 /* Ethernet */, p + HEADER, len - HEADER);
}

const struct proto proto_otv = PROTO("otv", "otv", "Overlay Transport Virtualization", otv, F);
