#include "io/live.h"

#include <limits.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/ring.h"

#ifndef PCAP_ERROR_CAPTURE_NOTSUP
#define PCAP_ERROR_CAPTURE_NOTSUP (-13)	/* libpcap knows it from 1.10.5 on */
#endif

enum { PROBE_BUFFER = 32 << 20 };	/* bytes: what libpcap gets, at most, while a ring is to take over */

/*
 * libpcap knows interfaces, their troubles, and filters; packets come from a ring of ours where it can serve. Then
 * libpcap's handle is there until the filter is set: it compiles, and takes over if the ring cannot begin.
 */
struct live {
	struct source s;
	pcap_t *pcap;		/* NULL once the ring runs */
	struct ring *ring;	/* or NULL */
	char *device;
	struct source_iface iface;
	int timeout;
	bool monitor_mode;	/* it could be had */
	int64_t drain_until;	/* ms of the monotonic clock; 0: not draining */
	struct timespec drain_from;	/* when that began; what is captured later is not wanted */
	bool drained;		/* such a packet has been seen */
	bool failed;		/* *e of the read to come */
	struct err error;

	/* The batch being filled: its bytes are copied, because libpcap gives a ring block back when it has shown it. */
	struct packet *batch;
	size_t n, max;
	uint8_t *bytes;
	size_t used, room;
	size_t *at;		/* where in bytes each packet starts, while bytes may still move */
	size_t at_room;
};

/* pcap_dispatch's callback. A packet that no memory is left for is dropped; there is no better end for it. */
static void
live_take(u_char *user, const struct pcap_pkthdr *h, const u_char *data)
{
	struct live *l = (struct live *)user;
	struct packet *p = &l->batch[l->n];

	l->drained |= l->drain_until && (h->ts.tv_sec > l->drain_from.tv_sec ||
	    (h->ts.tv_sec == l->drain_from.tv_sec &&
	    h->ts.tv_usec > l->drain_from.tv_nsec / (l->iface.nano ? 1 : 1000)));
	if (l->n == l->max || l->drained)
		return;
	if (l->room - l->used < h->caplen) {
		size_t room = l->room * 2 + h->caplen;
		uint8_t *bytes = realloc(l->bytes, room);

		if (!bytes)
			return;
		l->bytes = bytes;
		l->room = room;
	}
	memcpy(l->bytes + l->used, data, h->caplen);
	l->at[l->n] = l->used;
	l->used += h->caplen;
	*p = (struct packet) {
		.caplen = h->caplen, .len = h->len, .sec = h->ts.tv_sec,
		.nsec = (uint32_t)h->ts.tv_usec * (l->iface.nano ? 1 : 1000), .link = l->iface.link,
	};
	l->n++;
}

static bool
at_grow(struct live *l, size_t max)
{
	size_t *at;

	if (max <= l->at_room)
		return true;
	at = realloc(l->at, max * sizeof *at);
	if (!at)
		return false;
	l->at = at;
	l->at_room = max;
	return true;
}

/* Would reading find something, as far as one can tell? */
static bool
readable(pcap_t *p)
{
	struct pollfd f = { .fd = pcap_get_selectable_fd(p), .events = POLLIN };

	return f.fd < 0 || poll(&f, 1, 0) != 0;
}

static enum source_result
live_read(struct source *s, struct packet *batch, size_t max, size_t *n, struct err *e)
{
	struct live *l = (struct live *)s;
	int r;

	*n = 0;
	if (l->failed) {
		*e = l->error;
		return SOURCE_ERROR;
	}
	if (!at_grow(l, max)) {
		err_set(e, "out of memory");
		return SOURCE_ERROR;
	}
	l->batch = batch;
	l->max = max;
	l->n = l->used = 0;
	for (;;) {
		/* Sockets of netfilter take it for an error that there is nothing to read. */
		r = l->drain_until && !readable(l->pcap) ? 0 :
		    pcap_dispatch(l->pcap, max > INT_MAX ? INT_MAX : (int)max, live_take, (u_char *)l);
		if (r < 0 || l->n > 0 || l->drained || l->drain_until == 0 || clock_steady_ms() >= l->drain_until)
			break;
		poll(NULL, 0, 2);	/* the kernel closes a half-filled block of its ring in its own time */
	}
	for (size_t i = 0; i < l->n; i++)
		batch[i].data = l->bytes + l->at[i];
	*n = l->n;
	if (r == PCAP_ERROR) {
		err_set(&l->error, "%s", pcap_geterr(l->pcap));
		l->failed = true;
		if (l->n == 0) {
			*e = l->error;
			return SOURCE_ERROR;
		}
	}
	return l->n > 0 ? SOURCE_PACKETS : SOURCE_AGAIN;
}

static bool
live_counts(struct source *s, struct source_counts *c, struct err *e)
{
	struct live *l = (struct live *)s;
	struct pcap_stat st = { 0 };

	if (pcap_stats(l->pcap, &st) < 0)
		return err_set(e, "%s", pcap_geterr(l->pcap));
	*c = (struct source_counts) { .received = st.ps_recv, .dropped = st.ps_drop, .if_dropped = st.ps_ifdrop };
	return true;
}

static enum source_result
live_ring_read(struct source *s, struct packet *batch, size_t max, size_t *n, struct err *e)
{
	return ring_read(((struct live *)s)->ring, batch, max, n, e);
}

static bool
live_ring_counts(struct source *s, struct source_counts *c, struct err *e)
{
	return ring_counts(((struct live *)s)->ring, c, e);
}

static void
live_ring_wake(struct source *s)
{
	ring_wake(((struct live *)s)->ring);
}

static void live_close(struct source *s);

static const struct source_ops live_ring_ops = {
	live_ring_read, live_ring_counts, NULL, live_ring_wake, live_close,
};

static bool
live_filter(struct source *s, const struct bpf_program *code, struct err *e)
{
	struct live *l = (struct live *)s;

	/* What libpcap compiles is in the kernel's form. */
	if (l->ring && ring_start(l->ring, (const struct sock_filter *)code->bf_insns, code->bf_len, e)) {
		pcap_close(l->pcap);
		l->pcap = NULL;
		l->s.ops = &live_ring_ops;
		return true;
	}
	if (l->ring) {
		ring_close(l->ring);
		l->ring = NULL;
	}
	if (pcap_setfilter(l->pcap, (struct bpf_program *)code) < 0)
		return err_set(e, "%s", pcap_geterr(l->pcap));
	return true;
}

static void
live_wake(struct source *s)
{
	pcap_breakloop(((struct live *)s)->pcap);
}

static void
live_close(struct source *s)
{
	struct live *l = (struct live *)s;

	if (l->ring)
		ring_close(l->ring);
	if (l->pcap)
		pcap_close(l->pcap);
	free(l->device);
	free(l->bytes);
	free(l->at);
	free(l);
}

static const struct source_ops live_ops = { live_read, live_counts, live_filter, live_wake, live_close };

void
live_drain(struct source *s)
{
	struct live *l = (struct live *)s;
	char text[PCAP_ERRBUF_SIZE];

	if (!l->pcap)
		ring_stop(l->ring);
	else if (pcap_setnonblock(l->pcap, 1, text) == 0 && clock_gettime(CLOCK_REALTIME, &l->drain_from) == 0)
		l->drain_until = clock_steady_ms() + l->timeout + 10;
}

size_t
live_descriptors(const struct source *s, int *fds, size_t max)
{
	const struct live *l = (const struct live *)s;
	size_t n = 0;

	if (l->pcap && max)
		fds[n++] = pcap_get_selectable_fd(l->pcap);
	return l->ring ? n + ring_descriptors(l->ring, fds + n, max - n) : n;
}

struct pcap *
live_handle(struct source *s)
{
	return ((struct live *)s)->pcap;
}

bool
live_has_monitor_mode(struct source *s)
{
	return ((struct live *)s)->monitor_mode;
}

char *
live_default_device(struct err *e)
{
	char text[PCAP_ERRBUF_SIZE], *name;
	pcap_if_t *list;

	if (pcap_findalldevs(&list, text) < 0)
		err_set(e, "%s", text);
	else if (!list)
		err_set(e, "no interfaces available for capture");
	else {
		name = strdup(list->name);
		pcap_freealldevs(list);
		return name ? name : (err_set(e, "out of memory"), NULL);
	}
	return NULL;
}

/* The name of the interface with this number in the list, as -D shows it, counted from 1. */
static char *
device_by_number(long number, struct err *e)
{
	char text[PCAP_ERRBUF_SIZE], *name = NULL;
	pcap_if_t *list, *d;
	long i = 1;

	if (pcap_findalldevs(&list, text) < 0) {
		err_set(e, "%s", text);
		return NULL;
	}
	for (d = list; d && i < number; d = d->next)
		i++;
	if (d)
		name = strdup(d->name);
	else
		err_set(e, "Invalid adapter index %ld: only %ld interfaces found", number, i - 1);
	pcap_freealldevs(list);
	return name;
}

/*
 * What to type so that it works without being root: the privileges belong to the file that is running. A line of its own below
 * tcpdump's two, which scripts know.
 */
static void
name_the_cure(struct err *e)
{
	char path[PATH_MAX] = "";
	size_t at = strlen(e->text);
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	static const char cure[] = "\n(be root, use sudo, or once: setcap cap_net_raw,cap_net_admin+eip ";

	if (n <= 0 || at + sizeof cure + (size_t)n + 1 >= sizeof e->text)
		return;
	memcpy(e->text + at, cure, sizeof cure - 1);
	at += sizeof cure - 1;
	memcpy(e->text + at, path, (size_t)n);
	memcpy(e->text + at + n, ")", 2);
}

/* Sets one property of a handle not yet activated. */
static bool
set(const char *device, int status, const char *what, struct err *e)
{
	return status == 0 || err_set(e, "%s: Can't set %s: %s", device, what, pcap_statustostr(status));
}

static bool
configure(struct live *l, const char *device, const struct live_options *o, struct err *warning, struct err *e)
{
	pcap_t *p = l->pcap;
	int status;

	if (!set(device, pcap_set_tstamp_precision(p, o->nano ? PCAP_TSTAMP_PRECISION_NANO
	    : PCAP_TSTAMP_PRECISION_MICRO), o->nano ? "nanosecond time stamp precision"
	    : "microsecond time stamp precision", e))
		return false;
	if (o->immediate && !set(device, pcap_set_immediate_mode(p, 1), "immediate mode", e))
		return false;
	l->monitor_mode = pcap_can_set_rfmon(p) == 1;
	if (o->snaplen != 0 && !set(device, pcap_set_snaplen(p, o->snaplen), "snapshot length", e))
		return false;
	if (!set(device, pcap_set_promisc(p, o->promiscuous), "promiscuous mode", e))
		return false;
	if (o->monitor && !set(device, pcap_set_rfmon(p, 1), "monitor mode", e))
		return false;
	if (!set(device, pcap_set_timeout(p, o->timeout), "timeout", e))
		return false;
	if (o->buffer != 0 && !set(device, pcap_set_buffer_size(p, o->buffer), "buffer size", e))
		return false;
	if (o->stamp_type >= 0) {
		status = pcap_set_tstamp_type(p, o->stamp_type);
		if (status < 0)
			return set(device, status, "time stamp type", e);
		if (status > 0)
			err_set(warning, "When trying to set timestamp type '%s' on %s: %s",
			    pcap_tstamp_type_val_to_name(o->stamp_type), device, pcap_statustostr(status));
	}
	return true;
}

/* Activates; *absent tells that there is no such interface, which may then be a number. */
static bool
activate(struct live *l, const char *device, bool cure, bool *absent, struct err *warning, struct err *e)
{
	int status = pcap_activate(l->pcap);
	const char *detail = pcap_geterr(l->pcap);

	*absent = status == PCAP_ERROR_NO_SUCH_DEVICE;
	if (status == PCAP_ERROR)
		return err_set(e, "%s", detail);
	if (status == PCAP_ERROR_NO_SUCH_DEVICE || ((status == PCAP_ERROR_PERM_DENIED ||
	    status == PCAP_ERROR_CAPTURE_NOTSUP) && *detail))
		err_set(e, "%s: %s\n(%s)", device, pcap_statustostr(status), detail);
	else if (status < 0)
		err_set(e, "%s: %s", device, pcap_statustostr(status));
	if (status == PCAP_ERROR_PERM_DENIED && cure)
		name_the_cure(e);
	if (status < 0)
		return false;
	if (status == PCAP_WARNING)
		err_set(warning, "%s", detail);
	else if (status == PCAP_WARNING_PROMISC_NOTSUP && *detail)
		err_set(warning, "%s: %s\n(%s)", device, pcap_statustostr(status), detail);
	else if (status > 0)
		err_set(warning, "%s: %s", device, pcap_statustostr(status));
	return true;
}

static struct live *
open_named(const char *device, const struct live_options *o, bool *absent, struct err *warning, struct err *e)
{
	struct live *l = calloc(1, sizeof *l);
	char text[PCAP_ERRBUF_SIZE];

	*absent = false;
	if (!l || !(l->device = strdup(device))) {
		free(l);
		err_set(e, "out of memory");
		return NULL;
	}
	l->pcap = pcap_create(device, text);
	if (!l->pcap) {
		*absent = strstr(text, "No such device") != NULL;
		err_set(e, "%s", text);
	} else if (configure(l, device, o, warning, e) && activate(l, device, o->cure, absent, warning, e)) {
		if (o->direction < 0 || pcap_setdirection(l->pcap, (pcap_direction_t)o->direction) == 0)
			return l;
		err_set(e, "%s: pcap_setdirection() failed: %s", device, pcap_geterr(l->pcap));
	}
	live_close(&l->s);
	return NULL;
}

/* Is it an interface whose packets the kernel hands out as Ethernet frames? Its index, or 0. */
static int
ethernet_index(const char *device)
{
	struct ifreq q = { 0 };
	int fd, index = 0;

	if (strlen(device) >= sizeof q.ifr_name || (fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
		return 0;
	memcpy(q.ifr_name, device, strlen(device));
	if (ioctl(fd, SIOCGIFHWADDR, &q) == 0 &&
	    (q.ifr_hwaddr.sa_family == ARPHRD_ETHER || q.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK))
		index = (int)if_nametoindex(device);
	close(fd);
	return index;
}

/* Could a ring of ours capture from it? */
static bool
ring_serves(const char *device, const struct live_options *o)
{
	return !o->monitor && o->stamp_type <= PCAP_TSTAMP_HOST &&
	    (strcmp(device, "any") == 0 || ethernet_index(device) != 0);
}

/* A ring for what libpcap has opened, if it can be had. */
static void
open_ring(struct live *l, const struct live_options *o)
{
	struct ring_options r = {
		.link = l->iface.link, .snaplen = l->iface.snaplen, .jobs = o->jobs, .bytes = (size_t)o->buffer, .nano = o->nano,
		.timeout = o->immediate ? 0 : o->timeout, .promiscuous = o->promiscuous,
		.in = o->direction != PCAP_D_OUT, .out = o->direction != PCAP_D_IN,
	};
	struct err ignored;

	if (!ring_serves(l->device, o))
		return;
	if (strcmp(l->device, "any") == 0 ? r.link == DLT_LINUX_SLL2 || r.link == DLT_LINUX_SLL
	    : r.link == DLT_EN10MB && (r.ifindex = ethernet_index(l->device)) != 0)
		l->ring = ring_open(&r, &ignored);
}

/* By its name, or by its number in the list. */
static struct live *
open_either(const char *device, const struct live_options *o, struct err *warning, struct err *e)
{
	struct live *l;
	char *end, *name;
	bool absent;
	long number;

	warning->text[0] = '\0';
	l = open_named(device, o, &absent, warning, e);
	if (l)
		return l;
	number = strtol(device, &end, 10);
	if (!absent || end == device || *end)
		return NULL;
	if (number <= 0) {
		err_set(e, "Invalid adapter index %s", device);
		return NULL;
	}
	name = device_by_number(number, e);
	if (!name)
		return NULL;
	l = open_named(name, o, &absent, warning, e);
	free(name);
	return l;
}

/* Opens for capturing through libpcap. */
static struct live *
open_pcap(const char *device, const struct live_options *o, struct err *warning, struct err *e)
{
	struct live *l = open_either(device, o, warning, e);

	if (!l)
		return NULL;
	if (o->link >= 0) {
		if (pcap_set_datalink(l->pcap, o->link) < 0) {
			err_set(e, "%s", pcap_geterr(l->pcap));
			live_close(&l->s);
			return NULL;
		}
	} else if (strcmp(l->device, "any") == 0)
		/* The newer cooked header names the interface; an old libpcap may not have it, and that is fine. */
		if (pcap_set_datalink(l->pcap, DLT_LINUX_SLL2) < 0)
			warning->text[0] = '\0';
	l->timeout = o->timeout;
	l->iface = (struct source_iface) {
		.link = (uint32_t)pcap_datalink(l->pcap), .snaplen = (uint32_t)pcap_snapshot(l->pcap),
		.nano = pcap_get_tstamp_precision(l->pcap) == PCAP_TSTAMP_PRECISION_NANO, .name = l->device,
	};
	l->s = (struct source) { &live_ops, l->device, &l->iface, 1, true };
	return l;
}

struct source *
live_open(const char *device, const struct live_options *o, struct err *warning, struct err *e)
{
	struct live_options probe = *o;
	struct live *l;

	/* Memory as large as was asked for is taken once: by the ring if there is one. */
	if (o->buffer > PROBE_BUFFER && ring_serves(device, o))
		probe.buffer = PROBE_BUFFER;
	l = open_pcap(device, &probe, warning, e);
	if (!l)
		return NULL;
	open_ring(l, o);
	if (!l->ring && probe.buffer != o->buffer) {
		live_close(&l->s);
		l = open_pcap(device, o, warning, e);
	}
	return l ? &l->s : NULL;
}
