/* The time synchronization protocol of 4.3BSD's timed. */
#include "dissect/dissect.h"

enum { ADJTIME = 1, SETTIME = 5, SETDATE = 22, SETDATEREQ = 23, LOOP = 24, NAME_SIZE = 64 };
static const struct name types[] = {
	{ 0, "ANY" }, { ADJTIME, "ADJTIME" }, { 2, "ACK" }, { 3, "MASTERREQ" }, { 4, "MASTERACK" },
	{ SETTIME, "SETTIME" }, { 6, "MASTERUP" }, { 7, "SLAVEUP" }, { 8, "ELECTION" }, { 9, "ACCEPT" },
	{ 10, "REFUSE" }, { 11, "CONFLICT" }, { 12, "RESOLVE" }, { 13, "QUIT" }, { 14, "DATE" }, { 15, "DATEREQ" },
	{ 16, "DATEACK" }, { 17, "TRACEON" }, { 18, "TRACEOFF" }, { 19, "MSITE" }, { 20, "MSITEREQ" },
	{ 21, "TEST" }, { SETDATE, "SETDATE" }, { SETDATEREQ, "SETDATEREQ" }, { LOOP, "LOOP" }, { 0, NULL }
};

enum { TYPE, VERSION, SEQ, HOPS, SECONDS, MICROS, NAME };
static const struct field F[] = {
	[TYPE] = { "tsp.type", U8, .names = types, .help = "Type" },
	[VERSION] = { "tsp.version", U8, .help = "Version" },
	[SEQ] = { "tsp.sequence", U16, .help = "Sequence number" },
	[HOPS] = { "tsp.hopcnt", U8, .help = "Hop count" },
	[SECONDS] = { "tsp.sec", I32, .help = "Seconds" },
	[MICROS] = { "tsp.usec", I32, .help = "Microseconds" },
	[NAME] = { "tsp.name", STR, .help = "Machine name" },
};

extern const struct proto proto_timed;

static void
timed(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type;

	(void)len;
	enter(d, &proto_timed);
	type = u8(d, p);
	put_field(d, &F[TYPE], p, 1);
	if (name_of(types, type))
		text(d, "TSP_"), text(d, name_of(types, type));
	else
		text_fmt(d, "(tsp_type %#x)", type);
	put_field(d, &F[VERSION], p + 1, 1);
	put_field(d, &F[SEQ], p + 2, 2);
	text_fmt(d, " vers %u", u8(d, p + 1));
	text_fmt(d, " seq %u", be16(d, p + 2));
	if (type == LOOP) {
		put_field(d, &F[HOPS], p + 4, 1);
		text_fmt(d, " hopcnt %u", u8(d, p + 4));
	} else if (type == ADJTIME || type == SETTIME || type == SETDATE || type == SETDATEREQ) {
		int32_t sec = (int32_t)be32(d, p + 4), usec = (int32_t)be32(d, p + 8);

		put_field(d, &F[SECONDS], p + 4, 4);
		put_field(d, &F[MICROS], p + 8, 4);
		/* Negative microseconds make no sense, nor would the rest. */
		if (usec < 0)
			return;
		text(d, " time ");
		if (sec < 0 && usec) {
			if (++sec == 0)
				text_char(d, '-');
			usec = 1000000 - usec;
		}
		text_fmt(d, "%d.%06d", sec, usec);
	}
	text(d, " name ");
	if (d->sink && left(d, p + 12)) {
		uint32_t n = left(d, p + 12) < NAME_SIZE ? left(d, p + 12) : NAME_SIZE;

		put_field(d, &F[NAME], p + 12, (uint32_t)strnlen((const char *)p + 12, n));
	}
	if (text_str_z(d, p + 12, NAME_SIZE) == 0)
		dis_leave(d);
}

const struct proto proto_timed = PROTO("tsp", "timed", "Time Synchronization Protocol", timed, F);
