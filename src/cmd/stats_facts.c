/* What the capture is: packets, bytes, its span, interfaces, what is missing. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/stats.h"

#include "out/grid.h"
#include "out/object.h"
#include "out/value.h"

enum { IFACES_MAX = 1024, NAME_MAX_SHOWN = 40 };	/* interfaces that are told apart; the rest count as the last one */

struct iface {
	uint64_t packets, bytes;
	uint32_t link, snaplen;
	char name[NAME_MAX_SHOWN + 1];
};

struct facts {
	const struct analyse *analyse;
	uint64_t packets, bytes, captured, cut, backwards;
	uint32_t least, most;			/* bytes of a packet on the wire */
	int64_t first, last, before;
	int64_t back_most;			/* the farthest that time went back */
	struct iface *ifaces;
	uint32_t n_ifaces;
};

static bool
facts_open(void *state, const struct stats_setup *setup, struct err *e)
{
	struct facts *f = state;

	f->analyse = setup->analyse;
	f->ifaces = calloc(IFACES_MAX, sizeof *f->ifaces);
	return f->ifaces || err_set(e, "out of memory");
}

static void
iface_begin(struct facts *f, struct iface *i, const struct packet *p)
{
	const struct source *s = analyse_source(f->analyse);

	i->link = p->link;
	if (s && p->iface < s->n_ifaces) {
		i->snaplen = s->ifaces[p->iface].snaplen;
		if (s->ifaces[p->iface].name)
			strncpy(i->name, s->ifaces[p->iface].name, NAME_MAX_SHOWN);
		else if (s->live)
			strncpy(i->name, s->name, NAME_MAX_SHOWN);
	}
}

static void
facts_packet(void *state, const struct tracked *t)
{
	struct facts *f = state;
	const struct packet *p = t->packet;
	uint32_t at = p->iface < IFACES_MAX ? p->iface : IFACES_MAX - 1;
	struct iface *i = &f->ifaces[at];

	if (f->packets == 0) {
		f->first = f->last = f->before = t->ns;
		f->least = f->most = p->len;
	}
	if (t->ns < f->before) {
		f->backwards++;
		if (f->before - t->ns > f->back_most)
			f->back_most = f->before - t->ns;
	}
	f->before = t->ns;
	f->first = t->ns < f->first ? t->ns : f->first;
	f->last = t->ns > f->last ? t->ns : f->last;
	f->least = p->len < f->least ? p->len : f->least;
	f->most = p->len > f->most ? p->len : f->most;
	f->packets++;
	f->bytes += p->len;
	f->captured += p->caplen;
	f->cut += p->caplen < p->len;
	if (i->packets++ == 0)
		iface_begin(f, i, p);
	i->bytes += p->len;
	if (at >= f->n_ifaces)
		f->n_ifaces = at + 1;
}

/* --- telling -------------------------------------------------------------------------------------------------------- */

static const char *
link_name(uint32_t link)
{
	const char *name = pcap_datalink_val_to_name((int)link);

	return name ? name : "unknown";
}

static void
put_row(struct buf *b, const char *name)
{
	size_t n = strlen(name);

	buf_put(b, "  ", 2);
	buf_str(b, name);
	while (n++ < 16)
		buf_char(b, ' ');
}

/* "2023-11-14 22:13:20.000005000" in the local time zone, which tcpdump's -tttt has, too. */
static void
put_time(struct buf *b, int64_t ns)
{
	int64_t part = ns % 1000000000;
	time_t sec = (time_t)(ns / 1000000000 - (part < 0));
	char text[64];
	struct tm tm;

	if (localtime_r(&sec, &tm) && strftime(text, sizeof text, "%F %T", &tm)) {
		buf_str(b, text);
		snprintf(text, sizeof text, ".%06d", (int)((part < 0 ? part + 1000000000 : part) / 1000));
		buf_str(b, text);
	}
}

/* A span of time in words: "1 h 2 m 3.500 s". */
static void
put_span(struct buf *b, int64_t ns)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = { { " d ", 86400000000000 }, { " h ", 3600000000000 }, { " min ", 60000000000 } };
	bool any = false;

	for (unsigned i = 0; i < 3; i++)
		if (any || ns >= units[i].ns) {
			buf_u(b, (uint64_t)(ns / units[i].ns));
			buf_str(b, units[i].unit);
			ns %= units[i].ns;
			any = true;
		}
	grid_put_seconds(b, ns, any ? 0 : 6);
	buf_str(b, " s");
}

static void
put_ratio(struct buf *b, double v, const char *unit)
{
	char text[64];

	snprintf(text, sizeof text, v < 10 ? "%.2f%s" : v < 100 ? "%.1f%s" : "%.0f%s", v, unit);
	buf_str(b, text);
}

static void
text_drops(const struct facts *f, struct buf *b)
{
	const struct analyse_drops *d = analyse_drops(f->analyse);

	put_row(b, "dropped");
	if (!d->known) {
		buf_str(b, "not recorded\n");
		return;
	}
	buf_u(b, d->dropped);
	buf_str(b, d->live ? " by the kernel, " : " by the capture, ");
	buf_u(b, d->if_dropped);
	buf_str(b, " by the interface\n");
}

static void
text_ifaces(const struct facts *f, struct buf *b)
{
	for (uint32_t i = 0, n = 0; i < f->n_ifaces; i++) {
		const struct iface *x = &f->ifaces[i];

		if (x->packets == 0)
			continue;
		put_row(b, n++ ? "" : "interface");
		if (x->name[0]) {
			value_escape(b, x->name, strlen(x->name), false);
			buf_str(b, ": ");
		}
		buf_str(b, link_name(x->link));
		if (x->snaplen) {
			buf_str(b, ", snapshot length ");
			buf_u(b, x->snaplen);
		}
		if (f->packets != x->packets) {
			buf_str(b, ", ");
			buf_u(b, x->packets);
			buf_str(b, x->packets == 1 ? " packet" : " packets");
		}
		buf_char(b, '\n');
	}
}

static void
facts_text(void *state, const struct stats_view *v)
{
	struct facts *f = state;
	struct buf *b = v->out;
	double seconds = (double)(f->last - f->first) / 1e9;

	put_row(b, "packets"), buf_u(b, f->packets), buf_char(b, '\n');
	put_row(b, "bytes"), buf_u(b, f->bytes);
	if (f->bytes >= 1000)
		buf_str(b, " ("), grid_put_bytes(b, (double)f->bytes), buf_char(b, ')');
	buf_char(b, '\n');
	if (f->packets == 0)
		return;
	put_row(b, "first packet"), put_time(b, f->first), buf_char(b, '\n');
	put_row(b, "last packet"), put_time(b, f->last), buf_char(b, '\n');
	put_row(b, "span"), put_span(b, f->last - f->first), buf_char(b, '\n');
	if (seconds > 0) {
		put_row(b, "rate");
		put_ratio(b, (double)f->packets / seconds, " packets/s, ");
		grid_put_bits(b, (double)f->bytes * 8 / seconds);
		buf_char(b, '\n');
	}
	put_row(b, "packet size");
	put_ratio(b, (double)f->bytes / (double)f->packets, " bytes on average, ");
	buf_u(b, f->least), buf_str(b, " to "), buf_u(b, f->most), buf_char(b, '\n');
	text_ifaces(f, b);
	put_row(b, "cut short");
	buf_u(b, f->cut);
	if (f->cut) {
		buf_str(b, f->cut == 1 ? " packet, " : " packets, ");
		buf_u(b, f->bytes - f->captured);
		buf_str(b, " bytes not captured");
	}
	buf_char(b, '\n');
	text_drops(f, b);
	put_row(b, "back in time");
	buf_u(b, f->backwards);
	if (f->backwards)
		buf_str(b, f->backwards == 1 ? " packet, by " : " packets, by up to "), grid_put_took(b, f->back_most);
	buf_char(b, '\n');
}

static void
json_ifaces(const struct facts *f, struct buf *b)
{
	object_list(b, "interfaces");
	for (uint32_t i = 0; i < f->n_ifaces; i++) {
		const struct iface *x = &f->ifaces[i];

		if (x->packets == 0)
			continue;
		object_open(b, NULL);
		object_u(b, "id", i);
		if (x->name[0])
			object_str(b, "name", x->name);
		object_str(b, "link_type", link_name(x->link));
		if (x->snaplen)
			object_u(b, "snapshot_length", x->snaplen);
		object_u(b, "packets", x->packets);
		object_u(b, "bytes", x->bytes);
		object_close(b);
	}
	object_list_end(b);
}

static void
facts_json(void *state, const struct stats_view *v)
{
	struct facts *f = state;
	struct buf *b = v->out;
	const struct analyse_drops *d = analyse_drops(f->analyse);
	double seconds = (double)(f->last - f->first) / 1e9;

	object_u(b, "packets", f->packets);
	object_u(b, "bytes", f->bytes);
	object_u(b, "captured_bytes", f->captured);
	if (f->packets) {
		object_time(b, "first", f->first);
		object_time(b, "last", f->last);
		object_seconds(b, "span", f->last - f->first);
		if (seconds > 0) {
			object_real(b, "packets_per_second", (double)f->packets / seconds, 3);
			object_real(b, "bits_per_second", (double)f->bytes * 8 / seconds, 3);
		}
		object_real(b, "average_size", (double)f->bytes / (double)f->packets, 3);
		object_u(b, "smallest", f->least);
		object_u(b, "largest", f->most);
	}
	object_u(b, "cut_packets", f->cut);
	object_u(b, "backwards_packets", f->backwards);
	object_seconds(b, "backwards_most", f->back_most);
	if (d->known) {
		object_u(b, "dropped", d->dropped);
		object_u(b, "dropped_by_interface", d->if_dropped);
	} else {
		object_null(b, "dropped");
		object_null(b, "dropped_by_interface");
	}
	json_ifaces(f, b);
}

static void
facts_close(void *state)
{
	free(((struct facts *)state)->ifaces);
}

const struct stats_section stats_facts = {
	.name = "facts", .title = "Capture", .help = "packets, bytes, span, rate, interfaces, drops", .overview = true,
	.size = sizeof(struct facts), .open = facts_open, .packet = facts_packet, .text = facts_text, .json = facts_json,
	.close = facts_close,
};
