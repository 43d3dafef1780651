/* Rx, the remote procedure calls of the Andrew File System (Edward Zayas, AFS-3 Programmer's Reference: Rx). */
#include "proto/app/rx.h"

enum {
	CID = 4, CALL = 8, SEQ = 12, SERIAL = 16, TYPE = RX_TYPE, FLAGS = 21, STATUS = 22, SECURITY = 23, SPARE = 24,
	SERVICE = 26, ACK = 2, CLIENT = 1, ACK_FIXED = 18,
};

static const struct name types[] = {
	{ 1, "data" }, { 2, "ack" }, { 3, "busy" }, { 4, "abort" }, { 5, "ackall" }, { 6, "challenge" }, { 7, "response" },
	{ 8, "debug" }, { 9, "params" }, { 13, "version" }, { 0, NULL }
};
/* The sixth bit means something else in each type of packet. */
static const struct flag {
	uint8_t bit, type;	/* type 0: any */
	const char *name;
} flags[] = {
	{ 1, 0, "client-init" }, { 2, 0, "req-ack" }, { 4, 0, "last-pckt" }, { 8, 0, "more-pckts" }, { 16, 0, "free-pckt" },
	{ 32, ACK, "slow-start" }, { 32, RX_DATA, "jumbogram" },
};
static const struct name reasons[] = {
	{ 1, "ack requested" }, { 2, "duplicate packet" }, { 3, "out of sequence" }, { 4, "exceeds window" },
	{ 5, "no buffer space" }, { 6, "ping" }, { 7, "ping response" }, { 8, "delay" }, { 9, "idle" }, { 0, NULL }
};

enum {
	F_EPOCH, F_CID, F_CALL, F_SEQ, F_SERIAL, F_TYPE, F_FLAGS, F_CLIENT, F_REQUEST_ACK, F_LAST, F_MORE, F_STATUS, F_SECURITY,
	F_SPARE, F_SERVICE, F_BUFFERS, F_SKEW, F_FIRST, F_PREV, F_REASON, F_ACKS, F_ABORT, F_OPCODE,
};
static const struct field F[] = {
	[F_EPOCH] = { "rx.epoch", TIME32, .help = "When the client's Rx started" },
	[F_CID] = { "rx.cid", U32, .help = "Connection" },
	[F_CALL] = { "rx.callnumber", U32, .help = "Call" },
	[F_SEQ] = { "rx.seq", U32, .help = "Packet within the call" },
	[F_SERIAL] = { "rx.serial", U32, .help = "Packet within the connection" },
	[F_TYPE] = { "rx.type", U8, .names = types, .help = "Type of packet" },
	[F_FLAGS] = { "rx.flags", U8, .help = "Flags" },
	[F_CLIENT] = { "rx.flags.client_init", BOOL, 1, .help = "Sent by the client" },
	[F_REQUEST_ACK] = { "rx.flags.request_ack", BOOL, 2, .help = "To be acknowledged" },
	[F_LAST] = { "rx.flags.last_packet", BOOL, 4, .help = "Last packet of the call" },
	[F_MORE] = { "rx.flags.more_packets", BOOL, 8, .help = "More packets follow" },
	[F_STATUS] = { "rx.userstatus", U8, .help = "For the application" },
	[F_SECURITY] = { "rx.securityindex", U8, .help = "Kind of security" },
	[F_SPARE] = { "rx.spare", U16, .help = "Checksum of the secured header" },
	[F_SERVICE] = { "rx.serviceid", U16, .help = "Service" },
	[F_BUFFERS] = { "rx.bufferspace", U16, .help = "Room for packets" },
	[F_SKEW] = { "rx.maxskew", U16, .help = "How much out of order packets came" },
	[F_FIRST] = { "rx.first", U32, .help = "Packet that the acknowledgements start with" },
	[F_PREV] = { "rx.prev", U32, .help = "Packet received before" },
	[F_REASON] = { "rx.reason", U8, .names = reasons, .help = "Why it is acknowledged" },
	[F_ACKS] = { "rx.num_acks", U8, .help = "Number of acknowledgements" },
	[F_ABORT] = { "rx.abort_code", I32, .help = "Why a call ended" },
	[F_OPCODE] = { "rx.opcode", U32, .help = "Procedure called" },
};

extern const struct proto proto_rx;

static void
put_header(struct dis *d, const uint8_t *p)
{
	const uint8_t *body = p + RX_HEADER;

	put_field(d, &F[F_EPOCH], p, 4);
	put_field(d, &F[F_CID], p + CID, 4);
	put_field(d, &F[F_CALL], p + CALL, 4);
	put_field(d, &F[F_SEQ], p + SEQ, 4);
	put_field(d, &F[F_SERIAL], p + SERIAL, 4);
	put_field(d, &F[F_TYPE], p + TYPE, 1);
	for (unsigned i = F_FLAGS; i <= F_MORE; i++)
		put_field(d, &F[i], p + FLAGS, 1);
	put_field(d, &F[F_STATUS], p + STATUS, 1);
	put_field(d, &F[F_SECURITY], p + SECURITY, 1);
	put_field(d, &F[F_SPARE], p + SPARE, 2);
	put_field(d, &F[F_SERVICE], p + SERVICE, 2);
	if (!have(d, p, RX_HEADER))
		return;
	if (p[TYPE] == RX_ABORT) {
		put_field(d, &F[F_ABORT], body, 4);
	} else if (p[TYPE] == RX_DATA && p[FLAGS] & CLIENT && raw32(p + SEQ) == 1) {
		put_field(d, &F[F_OPCODE], body, 4);
	} else if (p[TYPE] == ACK) {
		put_field(d, &F[F_BUFFERS], body, 2);
		put_field(d, &F[F_SKEW], body + 2, 2);
		put_field(d, &F[F_FIRST], body + 4, 4);
		put_field(d, &F[F_PREV], body + 8, 4);
		put_field(d, &F[F_REASON], body + 16, 1);
		put_field(d, &F[F_ACKS], body + 17, 1);
	}
}

/*
 * A reply does not say which procedure it is of. The last calls are kept in a ring, and searched from the one found
 * last on: of those that look alike (other connections of the same hosts) tcpdump takes the first it comes across so.
 */
enum { RING = 64 };

struct call {
	uint32_t number, hosts, opcode;
	uint16_t port, service;
};

struct ring {
	uint32_t next, hint;
};

struct ring_key {
	uint8_t tag[3];
	uint8_t index;		/* of a call; RING: the ring itself */
};

/* Both ends in one number; the ends of a reply are the other way round. */
static uint32_t
hosts(const struct dis *d, bool reply)
{
	const unsigned n = d->net.version == 6 ? 16 : d->net.version == 4 ? 4 : 0;
	const uint8_t *client = reply ? d->net.dst : d->net.src, *server = reply ? d->net.src : d->net.dst;
	uint32_t h = 2166136261u;	/* FNV */

	for (unsigned i = 0; i < n; i++)
		h = (h ^ client[i]) * 16777619u;
	for (unsigned i = 0; i < n; i++)
		h = (h ^ server[i]) * 16777619u;
	return h;
}

static void
remember_call(struct dis *d, const uint8_t *p)
{
	struct ring_key key = { .tag = "rx", .index = RING };
	bool fresh;
	struct ring *ring = conv_at(d, &key, sizeof key, true, &fresh);
	struct call *call;

	if (ring == NULL)
		return;
	key.index = (uint8_t)(ring->next++ % RING);
	call = conv_at(d, &key, sizeof key, true, &fresh);
	if (call)
		*call = (struct call) {
			raw32(p + CALL), hosts(d, false), raw32(p + RX_HEADER), d->dport, raw16(p + SERVICE)
		};
}

/* The procedure that a reply is of; false when its call was not seen. */
static bool
find_call(struct dis *d, const uint8_t *p, uint32_t *opcode)
{
	struct ring_key key = { .tag = "rx", .index = RING };
	const uint32_t ends = hosts(d, true);
	bool fresh;
	struct ring *ring = conv_at(d, &key, sizeof key, false, &fresh);

	if (ring == NULL)
		return false;
	for (uint32_t i = 0; i < RING; i++) {
		const struct call *call;

		key.index = (uint8_t)((ring->hint + i) % RING);
		call = conv_at(d, &key, sizeof key, false, &fresh);
		if (call && call->number == raw32(p + CALL) && call->hosts == ends && call->port == d->sport &&
		    call->service == raw16(p + SERVICE)) {
			ring->hint = key.index;
			*opcode = call->opcode;
			return true;
		}
	}
	return false;
}

/* The packets from `first` on whose byte is `what`, as "3-5,7". */
static void
say_acks(struct dis *d, const char *label, uint8_t what, uint32_t first, const uint8_t *acks, unsigned n)
{
	const char *sep = label;

	for (unsigned i = 0; i < n; i++) {
		unsigned last = i;

		if (acks[i] != what)
			continue;
		while (last + 1 < n && acks[last + 1] == what)
			last++;
		text(d, sep), text_u(d, first + i);
		if (last > i)
			text_char(d, '-'), text_u(d, first + last);
		sep = ",";
		i = last;
	}
}

static void
say_ack(struct dis *d, const uint8_t *p, uint32_t len)
{
	static const char *const sizes[] = { " ifmtu ", " maxmtu ", " rwind ", " maxpackets " };
	unsigned n;
	uint32_t first;

	if (len < RX_HEADER)
		return;
	p += RX_HEADER;
	if (!have(d, p, ACK_FIXED)) {
		text(d, " [|ack]");
		return;
	}
	n = p[17];
	if (d->v > 2)
		text_fmt(d, " bufspace %u maxskew %u", raw16(p), raw16(p + 2));
	first = raw32(p + 4);
	text_fmt(d, " first %u serial %u reason ", first, raw32(p + 12));
	text_name(d, reasons, p[16], "#%u");
	p += ACK_FIXED;
	if (!have(d, p, n)) {
		text(d, " [|ack]");
		return;
	}
	say_acks(d, " acked ", 1, first, p, n);
	say_acks(d, " nacked ", 0, first, p, n);
	p += n + 3;		/* padding */
	if (d->v < 2)
		return;
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes && have(d, p, 4); i++, p += 4)
		text(d, sizes[i]), text_u(d, raw32(p));
}

static void
say_flags(struct dis *d, unsigned set, unsigned type)
{
	char sep = ' ';

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (set & flags[i].bit && (flags[i].type == 0 || flags[i].type == type)) {
			text_char(d, sep), text_char(d, '<'), text(d, flags[i].name), text_char(d, '>');
			sep = ',';
		}
}

static void
rx(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned type;
	bool client;
	uint32_t opcode;

	enter(d, &proto_rx);
	if (d->sink)
		put_header(d, p);
	if (!have(d, p, RX_HEADER)) {
		text_fmt(d, " [|rx] (%u)", len);
		return;
	}
	type = p[TYPE];
	client = p[FLAGS] & CLIENT;
	text(d, " rx "), text_name(d, types, type, "type %u");
	if (d->v > 1)
		text_fmt(d, " cid %08x call# %u", raw32(p + CID), raw32(p + CALL));
	if (d->v)
		text_fmt(d, " seq %u ser %u", raw32(p + SEQ), raw32(p + SERIAL));
	if (d->v > 2)
		text_fmt(d, " secindex %u serviceid %u", p[SECURITY], raw16(p + SERVICE));
	if (d->v > 1)
		say_flags(d, p[FLAGS], type);

	/* Only a call's first packet says what it is; a reply has to be found among the calls. */
	if (type == RX_DATA && client && raw32(p + SEQ) == 1) {
		if (have(d, p + RX_HEADER, 4))
			remember_call(d, p);
		rx_afs_call(d, d->dport, p, len);
	} else if (!client && (type == RX_ABORT || (type == RX_DATA && raw32(p + SEQ) == 1)) &&
	    find_call(d, p, &opcode)) {
		rx_afs_reply(d, d->sport, p, len, opcode);
	} else if (type == ACK) {
		say_ack(d, p, len);
	}
	text_fmt(d, " (%u)", len);
}

const struct proto proto_rx = PROTO("rx", "rx", "Rx, the calls of AFS", rx, F);
