/*
 * Records (RFC 8446 section 5.1) and the handshake messages in them, put together over records and segments. Bytes that
 * nobody captured cost the message or record that they belong to; after them, and as long as a stream has not shown that
 * it is TLS, a record is looked for where a piece begins, since that is where senders put them.
 */
#include <stdlib.h>
#include <string.h>

#include "pkt/tls_names.h"
#include "stream/tls_parts.h"

enum { BUFFER_FIRST = 4096 };

struct side {
	bool synced;		/* a record has been seen */
	bool hunting;		/* the rest of this piece is not TLS */
	bool encrypted;		/* its change_cipher_spec has been seen */
	bool done;
	bool foreign;		/* done, because it is not TLS */
	uint8_t told;		/* hellos and certificates */
	uint32_t hunted;	/* bytes that were not TLS */
	uint8_t head[TLS_RECORD_HEAD];
	uint8_t n_head;
	uint32_t record_left;	/* bytes of the record's body to come */
	uint32_t record_at;	/* and gone */
	uint8_t alert[2];
	uint8_t message_head[TLS_MESSAGE_HEAD];
	uint8_t n_message_head;
	bool wanted;		/* the message is one that is read */
	uint32_t message_left;
	uint8_t *message;
	uint32_t message_len, message_cap;
};

struct tls {
	struct tls_watch watch;
	struct tls_session session;
	uint16_t version;	/* the server's choice; 0: not seen */
	int client;		/* which direction; -1: not known */
	uint64_t none;		/* held, where nobody else counts */
	struct side sides[2];
};

struct tls *
tls_new(const struct tls_watch *w)
{
	struct tls *t = calloc(1, sizeof *t);

	if (t) {
		t->watch = *w;
		if (t->watch.held == NULL)
			t->watch.held = &t->none;
		t->client = -1;
	}
	return t;
}

static void
message_drop(struct tls *t, struct side *s)
{
	*t->watch.held -= s->message_cap;
	free(s->message);
	s->message = NULL;
	s->message_len = s->message_cap = s->message_left = 0;
	s->n_message_head = 0;
	s->wanted = false;
}

void
tls_free(struct tls *t)
{
	if (t) {
		message_drop(t, &t->sides[0]);
		message_drop(t, &t->sides[1]);
		free(t);
	}
}

static void
side_end(struct tls *t, struct side *s, bool foreign)
{
	message_drop(t, s);
	s->done = true;
	s->foreign = foreign;
}

/* --- what is told ---------------------------------------------------------------------------------------------- */

static void
tell_hello(struct tls *t, unsigned dir, const struct side *s, const struct flow_piece *k)
{
	struct tls_hello h = { .server = s->message_head[0] == TLS_SERVER_HELLO, .number = k->number, .ns = k->ns };

	if (!tls_hello_read(&h, &t->session, s->message, s->message_len))
		return;
	if (h.server && !h.retry)
		t->version = h.version;
	if (!h.server)
		t->client = (int)dir;
	else if (t->client < 0)
		t->client = !dir;
	if (t->watch.hello)
		t->watch.hello(t->watch.ctx, dir, &h);
}

static void
tell_certificate(struct tls *t, unsigned dir, const struct side *s, const struct flow_piece *k)
{
	struct tls_certificate c = { .client = t->client == (int)dir, .number = k->number, .ns = k->ns };

	if (t->watch.certificate && tls_certificate_read(&c, s->message, s->message_len))
		t->watch.certificate(t->watch.ctx, dir, &c);
}

static void
tell_alert(struct tls *t, unsigned dir, const uint8_t *p, const struct flow_piece *k)
{
	struct tls_alert a = { .dir = dir, .encrypted = p == NULL, .number = k->number, .ns = k->ns };

	if (p) {
		a.level = p[0];
		a.description = p[1];
	}
	if (t->watch.alert)
		t->watch.alert(t->watch.ctx, &a);
}

/* --- handshake messages ----------------------------------------------------------------------------------------- */

static bool
message_room(struct tls *t, struct side *s, uint32_t n)
{
	uint32_t cap = s->message_cap ? s->message_cap : BUFFER_FIRST;
	uint8_t *p;

	if (s->message_cap - s->message_len >= n)
		return true;
	while (cap - s->message_len < n)
		cap *= 2;
	if (*t->watch.held + (cap - s->message_cap) > TLS_HELD_MAX || (p = realloc(s->message, cap)) == NULL)
		return false;
	*t->watch.held += cap - s->message_cap;
	s->message = p;
	s->message_cap = cap;
	return true;
}

static void
message_end(struct tls *t, unsigned dir, const struct flow_piece *k)
{
	struct side *s = &t->sides[dir];

	if (s->wanted && s->told < TLS_TOLD_MAX) {
		s->told++;
		if (s->message_head[0] == TLS_CERTIFICATE)
			tell_certificate(t, dir, s, k);
		else
			tell_hello(t, dir, s, k);
	}
	message_drop(t, s);
}

/* What is read: hellos, and certificates that are not those of TLS 1.3 (which come encrypted, or after keys were given). */
static bool
message_wanted(const struct tls *t, unsigned type, uint32_t len)
{
	if (len > TLS_FLIGHT_MAX)
		return false;
	return type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO || (type == TLS_CERTIFICATE && t->version < 0x0304);
}

/* n bytes of handshake messages. */
static void
take_messages(struct tls *t, unsigned dir, const uint8_t *p, uint32_t n, const struct flow_piece *k)
{
	struct side *s = &t->sides[dir];

	while (n) {
		uint32_t some;

		if (s->n_message_head < TLS_MESSAGE_HEAD) {
			const uint8_t *h = s->message_head;

			s->message_head[s->n_message_head++] = *p++;
			n--;
			if (s->n_message_head < TLS_MESSAGE_HEAD)
				continue;
			s->message_left = (uint32_t)h[1] << 16 | (uint32_t)h[2] << 8 | h[3];
			s->wanted = message_wanted(t, h[0], s->message_left);
			if (s->message_left == 0)
				message_end(t, dir, k);
			continue;
		}
		some = n < s->message_left ? n : s->message_left;
		if (s->wanted && message_room(t, s, some)) {
			memcpy(s->message + s->message_len, p, some);
			s->message_len += some;
		} else {
			s->wanted = false;
		}
		p += some;
		n -= some;
		s->message_left -= some;
		if (s->message_left == 0)
			message_end(t, dir, k);
	}
}

/* --- records ------------------------------------------------------------------------------------------------------ */

/*
 * Behind change_cipher_spec, a hello that fits its record is in the clear all the same: with TLS 1.3 the change means
 * nothing (RFC 8446 appendix D.4), and a client sends one between its two hellos.
 */
static bool
clear_hello(const struct side *s, const uint8_t *p, uint32_t n)
{
	return n >= TLS_MESSAGE_HEAD && (p[0] == TLS_CLIENT_HELLO || p[0] == TLS_SERVER_HELLO) && p[1] == 0 &&
	    (((uint32_t)p[2] << 8) | p[3]) + TLS_MESSAGE_HEAD == s->record_at + s->record_left;
}

/*
 * An alert has two bytes. In TLS 1.3 an encrypted one looks like data; before the first data of that side nothing else is
 * as short: the alert, its type, and a tag of 16 bytes (or 8: AES_128_CCM_8).
 */
static bool
hidden_alert(const struct tls *t, unsigned dir, uint32_t len)
{
	return t->version >= 0x0304 && !(t->session.early_data && t->client == (int)dir) && (len == 19 || len == 11);
}

static void
record_begins(struct tls *t, unsigned dir, const struct flow_piece *k)
{
	struct side *s = &t->sides[dir];

	s->record_left = (uint32_t)s->head[3] << 8 | s->head[4];
	s->record_at = 0;
	s->synced = true;
	switch (s->head[0]) {
	case TLS_CHANGE_CIPHER:
		message_drop(t, s);
		s->encrypted = true;
		break;
	case TLS_DATA:
		if (hidden_alert(t, dir, s->record_left))
			tell_alert(t, dir, NULL, k);
		side_end(t, s, false);
		break;
	case TLS_ALERT:
		if (s->record_left != 2)
			tell_alert(t, dir, NULL, k);
		break;
	}
	if (s->record_left == 0)
		s->n_head = 0;
}

/* n bytes of the record that is going on. */
static void
take_body(struct tls *t, unsigned dir, const uint8_t *p, uint32_t n, const struct flow_piece *k)
{
	struct side *s = &t->sides[dir];
	uint32_t at = s->record_at;

	switch (s->head[0]) {
	case TLS_ALERT:
		for (uint32_t i = 0; i < n && at + i < sizeof s->alert; i++)
			s->alert[at + i] = p[i];
		if (n == s->record_left && at + n == sizeof s->alert)
			tell_alert(t, dir, s->alert, k);
		break;
	case TLS_HANDSHAKE:
		if (s->encrypted && at == 0) {
			if (!clear_hello(s, p, n))
				break;
			s->encrypted = false;
		}
		if (!s->encrypted)
			take_messages(t, dir, p, n, k);
		break;
	}
	s->record_at += n;
	s->record_left -= n;
	if (s->record_left == 0)
		s->n_head = 0;
}

/* n bytes of the stream are missing: what is left of the record that they are in is no message's beginning. */
static void
lose(struct tls *t, struct side *s, uint64_t n)
{
	message_drop(t, s);
	if (s->n_head == TLS_RECORD_HEAD && n < s->record_left) {
		s->head[0] = TLS_HEARTBEAT;
		s->record_left -= (uint32_t)n;
	} else {
		s->n_head = 0;
	}
}

/* The rest of a piece is not TLS. */
static void
hunt(struct tls *t, struct side *s, uint32_t n)
{
	s->n_head = 0;
	s->hunting = true;
	s->hunted += n;
	message_drop(t, s);
	if (s->hunted > TLS_HUNT_MAX)
		side_end(t, s, !s->synced);
}

bool
tls_take(struct tls *t, unsigned dir, const struct flow_piece *k)
{
	struct side *s = &t->sides[dir];
	const uint8_t *p = k->p;
	uint32_t n = k->len;

	if (s->done)
		return false;
	if (k->missing)
		lose(t, s, k->missing);
	s->hunting = false;
	while (n && !s->done && !s->hunting) {
		if (s->n_head < TLS_RECORD_HEAD) {
			s->head[s->n_head++] = *p++;
			n--;
			if (s->n_head < TLS_RECORD_HEAD)
				continue;
			if (tls_record_head(s->head))
				record_begins(t, dir, k);
			else
				hunt(t, s, n + s->n_head);
		} else {
			uint32_t some = n < s->record_left ? n : s->record_left;

			take_body(t, dir, p, some, k);
			p += some;
			n -= some;
		}
	}
	return !s->done;
}

bool
tls_done(const struct tls *t)
{
	const struct side *a = &t->sides[0], *b = &t->sides[1];

	return (a->done && b->done) || (a->foreign && !b->synced) || (b->foreign && !a->synced);
}

const char *
tls_alert_name(uint8_t description)
{
	return name_of(tls_alert_names, description);
}
