/* Blocks Extensible Exchange Protocol, RFC 3080: only which kind of frame begins here. */
#include "dissect/dissect.h"

enum { COMMAND };
static const struct field F[] = {
	[COMMAND] = { "beep.cmd", STR, .help = "Keyword of the frame" },
};

extern const struct proto proto_beep;

static void
beep(struct dis *d, const uint8_t *p, uint32_t len)
{
	/* Four bytes: tcpdump wants a NUL behind MSG and END, where the RFC has a blank and a line end. */
	static const char kinds[][4] = {
		"MSG", { 'R', 'P', 'Y', ' ' }, { 'E', 'R', 'R', ' ' }, { 'A', 'N', 'S', ' ' }, { 'N', 'U', 'L', ' ' },
		{ 'S', 'E', 'Q', ' ' }, "END"
	};
	uint32_t n = left(d, p) < len ? left(d, p) : len;

	enter(d, &proto_beep);
	for (size_t i = 0; n >= 4 && i < sizeof kinds / sizeof *kinds; i++) {
		if (memcmp(p, kinds[i], 4) != 0)
			continue;
		put_field(d, &F[COMMAND], p, 3);
		text(d, " BEEP "), text_n(d, kinds[i], 3);
		return;
	}
	text(d, " BEEP (payload or undecoded)");
}

const struct proto proto_beep = PROTO("beep", "beep", "Blocks Extensible Exchange Protocol", beep, F);
