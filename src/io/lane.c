#include "io/lane.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/membarrier.h>
#include <net/if.h>
#include <pcap/dlt.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	/*
	 * A block holds at least one packet of any length that segmentation offload makes, and most of the time many;
	 * it costs a wake-up. What is longer than a block the kernel cuts.
	 */
	BLOCK_MIN = 128 << 10,
	BLOCK_MAX = 4 << 20,
	BLOCKS_MIN = 2,
	FRAME = 2048,		/* has no meaning with blocks of packets of any length, but must divide a block */
	AHEAD = 2048,
	LINE = 64,		/* of a cache */
	TAG = 4,		/* bytes of a VLAN tag */
	TYPE_AT = 12,		/* in an Ethernet header, behind the addresses */
	SLL_LEN = 16,
	SLL2_LEN = 20,
	SLL_ADDRESS = 8,
	ON_THE_WAY = 1000000,	/* ns */
	CAN = 0x000c, CANFD = 0x000d,	/* ETH_P_ of frames that come back by themselves */
};

/* Behind the frame's header and address, before the packet: what the kernel leaves, and the RESERVE we ask for. */
static_assert(TPACKET_ALIGN(TPACKET3_HDRLEN + 16) - TPACKET3_HDRLEN >= SLL2_LEN + TAG, "no room for a cooked header");

static int64_t
stamp_ns(const struct tpacket_bd_ts *t)
{
	return (int64_t)t->ts_sec * 1000000000 + t->ts_nsec;
}

static struct tpacket_hdr_v1 *
block_at(const struct lane *l, unsigned i)
{
	struct tpacket_block_desc *d = (struct tpacket_block_desc *)(l->map + i * l->block_size);

	return &d->hdr.bh1;
}

/* Asks for a ring; where memory is short a smaller one, as long as it is one. */
static bool
ring_ask(struct lane *l)
{
	size_t block = BLOCK_MIN, n;

	while (block < BLOCK_MAX && l->o.bytes / block > l->o.blocks)
		block *= 2;
	n = (l->o.bytes + block - 1) / block;
	for (n = n < BLOCKS_MIN ? BLOCKS_MIN : n; n >= BLOCKS_MIN; n /= 2) {
		struct tpacket_req3 r = {
			.tp_block_size = (unsigned)block, .tp_block_nr = (unsigned)n, .tp_frame_size = FRAME,
			.tp_frame_nr = (unsigned)(block / FRAME * n), .tp_retire_blk_tov = l->o.period,
		};

		if (setsockopt(l->fd, SOL_PACKET, PACKET_RX_RING, &r, sizeof r) == 0) {
			l->block_size = block;
			l->n_blocks = (unsigned)n;
			return true;
		}
		if (errno != ENOMEM)
			break;
	}
	return false;
}

bool
lane_open(struct lane *l, const struct lane_options *o, struct err *e)
{
	int version = TPACKET_V3, reserve = TAG;
	void *map;

	*l = (struct lane) { .o = *o, .loopback = (int)if_nametoindex("lo") };
	/* Protocol 0: what arrives before there is a filter never gets in. */
	l->fd = socket(AF_PACKET, (o->ifindex ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
	if (l->fd < 0)
		return err_set(e, "packet socket: %s", strerror(errno));
	if (setsockopt(l->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) == 0 &&
	    setsockopt(l->fd, SOL_PACKET, PACKET_RESERVE, &reserve, sizeof reserve) == 0 && ring_ask(l)) {
		map = mmap(NULL, l->block_size * l->n_blocks, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, l->fd, 0);
		if (map != MAP_FAILED) {
			l->map = map;
			return true;
		}
	}
	err_set(e, "ring of a packet socket: %s", strerror(errno));
	close(l->fd);
	return false;
}

void
lane_close(struct lane *l)
{
	munmap(l->map, l->block_size * l->n_blocks);
	close(l->fd);
}

bool
lane_filter(struct lane *l, const struct sock_filter *insns, size_t n)
{
	struct sock_fprog p = { (unsigned short)n, (struct sock_filter *)insns };

	if (n > BPF_MAXINSNS) {
		errno = EINVAL;
		return false;
	}
	return setsockopt(l->fd, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof p) == 0;
}

bool
lane_listen(struct lane *l)
{
	struct sockaddr_ll a = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = l->o.ifindex,
	};

	l->last = clock_wall_ns();
	return bind(l->fd, (struct sockaddr *)&a, sizeof a) == 0;
}

bool
lane_deafen(struct lane *l)
{
	static const struct sock_filter nothing[] = { { BPF_RET | BPF_K, 0, 0, 0 } };

	if (!lane_filter(l, nothing, 1))
		return false;
	/*
	 * What has passed the old filter is on its way inside a section of the kernel's that this waits for the end of. (Binding
	 * to another protocol would, too; but a process that may bind may listen elsewhere.) If there is no such thing, it
	 * gets the time it needs.
	 */
	if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0)
		nanosleep(&(struct timespec) { 0, ON_THE_WAY }, NULL);
	return true;
}

/* Losses between `from` and `until` that the kernel has not told of yet; how often it had to stop is in *stops. */
static bool
losses_take(struct lane *l, int64_t from, int64_t until, unsigned *lost, unsigned *stops)
{
	struct tpacket_stats_v3 s;
	socklen_t n = sizeof s;

	if (getsockopt(l->fd, SOL_PACKET, PACKET_STATISTICS, &s, &n) < 0)	/* which sets it to zero, too */
		return false;
	l->counts.received += s.tp_packets;
	l->counts.dropped += s.tp_drops;
	*lost = s.tp_drops;
	*stops = s.tp_freeze_q_cnt;
	if (*lost > 0) {
		if (l->counts.lost_from == 0)
			l->counts.lost_from = from;
		if (l->counts.lost_until < until)
			l->counts.lost_until = until;
	}
	return true;
}

bool
lane_count(struct lane *l)
{
	unsigned lost, stops;

	return losses_take(l, l->last, clock_wall_ns(), &lost, &stops);
}

bool
lane_next(struct lane *l, struct lane_block *b)
{
	struct tpacket_hdr_v1 *h = block_at(l, l->next);
	uint32_t status = __atomic_load_n(&h->block_status, __ATOMIC_ACQUIRE);
	int64_t first;

	if (!(status & TP_STATUS_USER))
		return false;
	first = stamp_ns(&h->ts_first_pkt);
	/*
	 * The ring was full at some time before this block was handed over, and packets found no room: if that
	 * happened once, between the block before and this one. What one question answers may have happened in front
	 * of later blocks as well; those still say so.
	 */
	if (status & TP_STATUS_LOSING) {
		unsigned lost = 0, stops = 0;

		losses_take(l, l->last, first, &lost, &stops);
		if (lost > 0)
			l->stale = stops > 1;
		else if (l->stale && l->counts.lost_until < first)
			l->counts.lost_until = first;
	} else
		l->stale = false;
	l->last = stamp_ns(&h->ts_last_pkt);
	b->at = (uint8_t *)h - offsetof(struct tpacket_block_desc, hdr) + h->offset_to_first_pkt;
	b->left = h->num_pkts;
	b->since = first;
	l->next = l->next + 1 == l->n_blocks ? 0 : l->next + 1;
	return true;
}

bool
lane_filling(const struct lane *l)
{
	return __atomic_load_n(&block_at(l, l->next)->num_pkts, __ATOMIC_RELAXED) > 0;
}

int64_t
lane_since(const struct lane *l, int64_t now)
{
	return lane_filling(l) ? stamp_ns(&block_at(l, l->next)->ts_first_pkt) : now;
}

void
lane_release(struct lane *l)
{
	struct tpacket_hdr_v1 *h = block_at(l, l->oldest);

	h->num_pkts = 0;	/* for lane_filling */
	__atomic_store_n(&h->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	l->oldest = l->oldest + 1 == l->n_blocks ? 0 : l->oldest + 1;
}

/* Is it a packet in the direction asked for? What comes back by itself is seen then, not when it goes out. */
static bool
direction_fits(const struct lane *l, const struct sockaddr_ll *a)
{
	unsigned protocol = ntohs(a->sll_protocol);

	if (a->sll_pkttype != PACKET_OUTGOING)
		return l->o.in;
	if (!l->o.out || a->sll_ifindex == l->loopback)
		return false;
	return !l->o.in || (protocol != CAN && protocol != CANFD);
}

static uint8_t *
add16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static unsigned
get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static bool
is_tpid(unsigned type)
{
	return type == ETH_P_8021Q || type == ETH_P_8021AD;
}

/*
 * What stands behind the tag that was taken out. Recent kernels (6.10 and later) name the protocol behind all tags, also
 * when an inner one has stayed in the packet: then the packet begins with the rest of that one, and repeats the name.
 */
static unsigned
type_behind(unsigned protocol, const uint8_t *data, uint32_t caplen, uint32_t len)
{
	uint32_t at = 2;

	if (protocol == ETH_P_802_2)
		return len <= ETH_DATA_LEN ? len : protocol;	/* on the wire it is a length */
	while (at + 2 <= caplen && is_tpid(get16(data + at)))
		at += TAG;
	if (at + 3 > caplen || get16(data + at) != protocol)
		return protocol;
	if ((protocol == ETH_P_IP && data[at + 2] >> 4 != 4) || (protocol == ETH_P_IPV6 && data[at + 2] >> 4 != 6))
		return protocol;
	return ETH_P_8021Q;
}

/* Puts a cooked header (and a tag, if there was one) in front of the packet; *added is how long it is. */
static uint8_t *
cook(const struct lane *l, uint8_t *data, const struct sockaddr_ll *a, bool tagged, unsigned tpid,
    const struct tpacket3_hdr *h, uint32_t *added)
{
	unsigned protocol = ntohs(a->sll_protocol), halen = a->sll_halen < SLL_ADDRESS ? a->sll_halen : SLL_ADDRESS;
	uint8_t *end = data, *p;

	if (tagged) {
		unsigned type = type_behind(protocol, data, h->tp_snaplen, h->tp_len);

		data -= TAG;
		add16(add16(data, h->hv1.tp_vlan_tci), type);
		protocol = tpid;
	}
	if (l->o.link == DLT_LINUX_SLL2) {
		data -= SLL2_LEN;
		p = add16(add16(data, protocol), 0);
		p = add16(add16(p, (unsigned)a->sll_ifindex >> 16), (unsigned)a->sll_ifindex);
		p = add16(p, ntohs(a->sll_hatype));
		*p++ = a->sll_pkttype;
		*p++ = a->sll_halen;
	} else {
		data -= SLL_LEN;
		p = add16(add16(add16(data, a->sll_pkttype), ntohs(a->sll_hatype)), a->sll_halen);
	}
	memcpy(p, a->sll_addr, halen);
	memset(p + halen, 0, SLL_ADDRESS - halen);
	if (l->o.link == DLT_LINUX_SLL)
		add16(p + SLL_ADDRESS, protocol);
	*added = (uint32_t)(end - data);
	return data;
}

/* Decodes one packet; false if it goes the wrong way. */
static bool
decode(const struct lane *l, struct tpacket3_hdr *h, struct packet *k)
{
	const struct sockaddr_ll *a = (const struct sockaddr_ll *)((uint8_t *)h + TPACKET_ALIGN(sizeof *h));
	bool tagged = (h->tp_status & TP_STATUS_VLAN_VALID) || h->hv1.tp_vlan_tci != 0;
	unsigned tpid = h->tp_status & TP_STATUS_VLAN_TPID_VALID ? h->hv1.tp_vlan_tpid : ETH_P_8021Q;
	uint8_t *data = (uint8_t *)h + h->tp_mac;
	uint32_t added = 0, caplen;

	if (!direction_fits(l, a))
		return false;
	if (l->o.ifindex == 0)
		data = cook(l, data, a, tagged, tpid, h, &added);
	else if (tagged && h->tp_snaplen >= TYPE_AT) {
		data -= TAG;
		memmove(data, data + TAG, TYPE_AT);
		add16(add16(data + TYPE_AT, tpid), h->hv1.tp_vlan_tci);
		added = TAG;
	}
	caplen = h->tp_snaplen + added;
	*k = (struct packet) {
		.data = data, .caplen = caplen > l->o.snaplen ? l->o.snaplen : caplen, .len = h->tp_len + added,
		.sec = h->tp_sec, .nsec = l->o.nano ? h->tp_nsec : h->tp_nsec - h->tp_nsec % 1000, .link = l->o.link,
	};
	return true;
}

size_t
lane_take(const struct lane *l, struct lane_block *b, struct packet *packets, size_t max)
{
	uint8_t *ahead = b->at;
	size_t n = 0;

	for (; b->left > 0 && n < max; b->left--) {
		struct tpacket3_hdr *h = (struct tpacket3_hdr *)b->at;

		/*
		 * Another processor has just written all this, and where the next packet is stands in this one: without
		 * asking early, each of them is waited for.
		 */
		for (; ahead < b->at + AHEAD; ahead += LINE)
			__builtin_prefetch(ahead);
		b->at += h->tp_next_offset;
		n += decode(l, h, &packets[n]);
	}
	return n;
}
