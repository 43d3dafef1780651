/* Zephyr, MIT's notification service: notices of fields that end with NUL, version 0.2. */
#include "dissect/dissect.h"

enum { SHOWN = 255, SERVACK = 5 };	/* characters of a text that is put together or turned to small letters */

/* The fields in front of the message. */
enum part {
	VERSION, COUNT, KIND, UID, PORT, AUTH, AUTH_LEN, AUTH_DATA, CLASS, INSTANCE, OPCODE, SENDER, RECIPIENT, FORMAT, CHECKSUM,
	MULTI, MULTI_UID, PARTS
};

static const struct name kinds[] = {
	{ 0, "unsafe" }, { 1, "unacked" }, { 2, "acked" }, { 3, "hm-ack" }, { 4, "hm-ctl" }, { SERVACK, "serv-ack" },
	{ 6, "serv-nak" }, { 7, "client-ack" }, { 8, "stat" }, { 0, NULL }
};

enum { F_VERSION, F_KIND, F_CLASS, F_INSTANCE, F_OPCODE, F_SENDER, F_RECIPIENT };
static const struct field F[] = {
	[F_VERSION] = { "zephyr.version", STR, .help = "Version" },
	[F_KIND] = { "zephyr.kind", U32, .names = kinds, .help = "Kind of notice" },
	[F_CLASS] = { "zephyr.class", STR, .help = "Class" },
	[F_INSTANCE] = { "zephyr.instance", STR, .help = "Instance" },
	[F_OPCODE] = { "zephyr.opcode", STR, .help = "Operation" },
	[F_SENDER] = { "zephyr.sender", STR, .help = "Who sends" },
	[F_RECIPIENT] = { "zephyr.recipient", STR, .help = "To whom" },
};

extern const struct proto proto_zephyr;

/* A text in the packet, with a NUL behind it. */
struct words {
	const char *s;
	uint32_t n;
};

/* Where the next field starts, and what the datagram has left. */
struct rest {
	const uint8_t *p;
	uint32_t len;
};

/* The next field; false when the datagram ends in it. The packet may end earlier: hard. */
static bool
take(struct dis *d, struct rest *r, struct words *out)
{
	const uint8_t *start = r->p;

	for (; r->len; r->p++, r->len--)
		if (u8(d, r->p) == 0) {
			*out = (struct words) { (const char *)start, (uint32_t)(r->p - start) };
			r->p++;
			r->len--;
			return true;
		}
	return false;
}

static bool
is(struct words a, const char *b)
{
	return strcmp(a.s, b) == 0;
}

static bool
is_one_of(struct words a, const char *const *list)
{
	while (*list && !is(a, *list))
		list++;
	return *list != NULL;
}

static void
say(struct dis *d, const char *lead, struct words a)
{
	text(d, lead);
	text_str_pad(d, (const uint8_t *)a.s, a.n);
}

static void
say_lower(struct dis *d, const char *lead, struct words a)
{
	text(d, lead);
	for (uint32_t i = 0; i < a.n && i < SHOWN; i++)
		text_ascii(d, (uint8_t)(a.s[i] >= 'A' && a.s[i] <= 'Z' ? a.s[i] + 32 : a.s[i]));
}

/* "<class,instance,recipient>" */
static void
say_triple(struct dis *d, const char *lead, struct words class, struct words instance, struct words recipient)
{
	static const struct words open = { "<", 1 }, comma = { ",", 1 }, close = { ">", 1 }, all = { "*", 1 };
	const struct words parts[] = { open, class, comma, instance, comma, recipient.n ? recipient : all, close };
	uint32_t room = SHOWN;

	text(d, lead);
	for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++) {
		uint32_t n = parts[i].n < room ? parts[i].n : room;

		for (uint32_t k = 0; k < n; k++)
			text_ascii(d, (uint8_t)parts[i].s[k]);
		room -= n;
	}
}

/* A number in hex, as numbers are written in Zephyr. */
static uint32_t
number(struct words a)
{
	uint64_t v = 0;
	uint32_t i = 0;
	bool minus = false;

	while (i < a.n && (a.s[i] == ' ' || (a.s[i] >= '\t' && a.s[i] <= '\r')))
		i++;
	if (i < a.n && (a.s[i] == '-' || a.s[i] == '+'))
		minus = a.s[i++] == '-';
	if (i + 1 < a.n && a.s[i] == '0' && (a.s[i + 1] | 32) == 'x')
		i += 2;
	for (; i < a.n && v <= UINT32_MAX; i++) {
		char c = (char)(a.s[i] | 32);

		if (a.s[i] >= '0' && a.s[i] <= '9')
			v = v * 16 + (uint64_t)(a.s[i] - '0');
		else if (c >= 'a' && c <= 'f')
			v = v * 16 + (uint64_t)(c - 'a' + 10);
		else
			break;
	}
	return (uint32_t)(minus ? -v : v);
}

/* What clients tell servers about themselves; true if that is all. */
static bool
say_control(struct dis *d, const struct words *f, struct rest *r)
{
	static const char *const subscriptions[] = { "SUBSCRIBE", "SUBSCRIBE_NODEFS", "UNSUBSCRIBE", NULL };
	static const char *const realms[][2] = {
		{ "ADD_SUBSCRIBE", " realm add-subs" }, { "REQ_SUBSCRIBE", " realm req-subs" },
		{ "RLM_SUBSCRIBE", " realm rlm-sub" }, { "RLM_UNSUBSCRIBE", " realm rlm-unsub" },
	};
	struct words class, instance, recipient;

	if (is(f[INSTANCE], "HM")) {
		say_lower(d, " ", f[OPCODE]);
		return true;
	}
	if (is(f[INSTANCE], "REALM")) {
		for (unsigned i = 0; i < sizeof realms / sizeof *realms; i++)
			if (is(f[OPCODE], realms[i][0]))
				text(d, realms[i][1]);
		return true;
	}
	if (!is(f[INSTANCE], "CLIENT"))
		return false;
	if (is_one_of(f[OPCODE], subscriptions)) {
		text(d, is(f[OPCODE], "SUBSCRIBE") ? " sub" : " unsub");
		if (is(f[OPCODE], "SUBSCRIBE_NODEFS"))
			text(d, "-nodefs");
		if (number(f[KIND]) != SERVACK && take(d, r, &class) && take(d, r, &instance) && take(d, r, &recipient))
			say_triple(d, " ", class, instance, recipient);
	} else if (is(f[OPCODE], "GIMME")) {
		text(d, " ret");
	} else if (is(f[OPCODE], "GIMMEDEFS")) {
		text(d, " gimme-defs");
	} else if (is(f[OPCODE], "CLEARSUB")) {
		text(d, " clear-subs");
	} else {
		say_lower(d, " ", f[OPCODE]);
	}
	return true;
}

/* The notices of Zephyr itself; false for those of its users. */
static bool
say_known(struct dis *d, const struct words *f, struct rest *r)
{
	static const char *const exposures[] = {
		"NONE", "OPSTAFF", "REALM-VISIBLE", "REALM-ANNOUNCED", "NET-VISIBLE", "NET-ANNOUNCED", NULL
	};

	if (is(f[CLASS], "USER_LOCATE")) {
		if (is(f[OPCODE], "USER_HIDE"))
			text(d, " hide");
		else if (is(f[OPCODE], "USER_UNHIDE"))
			text(d, " unhide");
		else
			say(d, " locate ", f[INSTANCE]);
		return true;
	}
	if (is(f[CLASS], "ZEPHYR_ADMIN")) {
		say_lower(d, " zephyr-admin ", f[OPCODE]);
		return true;
	}
	if (is(f[CLASS], "ZEPHYR_CTL"))
		return say_control(d, f, r);
	if (is(f[CLASS], "HM_CTL") || is(f[CLASS], "WG_CTL")) {
		say_lower(d, is(f[CLASS], "HM_CTL") ? " hm_ctl " : " wg_ctl ", f[INSTANCE]);
		say_lower(d, " ", f[OPCODE]);
		return true;
	}
	if (is(f[CLASS], "HM_STAT") && is(f[INSTANCE], "HMST_CLIENT") && is(f[OPCODE], "GIMMESTATS")) {
		text(d, " get-client-stats");
		return true;
	}
	if (is(f[CLASS], "LOGIN") && is(f[OPCODE], "USER_FLUSH")) {
		text(d, " flush_locs");
		return true;
	}
	if (is(f[CLASS], "LOGIN") && is_one_of(f[OPCODE], exposures)) {
		say_lower(d, " set-exposure ", f[OPCODE]);
		return true;
	}
	return false;
}

static void
put_part(struct dis *d, unsigned field, struct words a)
{
	put_field(d, &F[field], (const uint8_t *)a.s, a.n);
}

static void
zephyr(struct dis *d, const uint8_t *p, uint32_t len)
{
	struct words f[PARTS], data;
	struct rest r = { p, len };

	enter(d, &proto_zephyr);
	for (unsigned i = 0; i < PARTS; i++) {
		if (!take(d, &r, &f[i])) {
			text_invalid(d);
			return;
		}
		if (i == VERSION && strncmp(f[i].s, "ZEPH", 4) != 0)
			return;
	}
	put_part(d, F_VERSION, f[VERSION]);
	put_value(d, &F[F_KIND], number(f[KIND]));
	put_part(d, F_CLASS, f[CLASS]);
	put_part(d, F_INSTANCE, f[INSTANCE]);
	put_part(d, F_OPCODE, f[OPCODE]);
	put_part(d, F_SENDER, f[SENDER]);
	put_part(d, F_RECIPIENT, f[RECIPIENT]);
	text(d, " zephyr");
	if (strncmp(f[VERSION].s + 4, "0.2", 3) != 0) {
		say(d, " v", (struct words) { f[VERSION].s + 4, f[VERSION].n - 4 });
		return;
	}
	text_char(d, ' '), text_name(d, kinds, number(f[KIND]), "type %d");
	if (number(f[KIND]) == SERVACK && take(d, &r, &data) && !is(data, "SENT"))
		say_lower(d, "/", data);
	if (f[SENDER].n)
		say(d, " ", f[SENDER]);
	if (say_known(d, f, &r))
		return;
	say_triple(d, " to ", f[CLASS], f[INSTANCE], f[RECIPIENT]);
	if (f[OPCODE].n)
		say(d, " op ", f[OPCODE]);
}

const struct proto proto_zephyr = PROTO("zephyr", "zephyr", "Zephyr", zephyr, F);
