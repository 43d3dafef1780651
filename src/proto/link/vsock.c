/* What passes a Linux vsockmon device: messages between virtual machines and their host (AF_VSOCK). */
#include "dissect/dissect.h"

enum { HEADER = 32, VIRTIO_HEADER = 44, VIRTIO = 2, PAYLOAD = 4 };

static const struct name transports[] = { { 0, "UNKNOWN" }, { 1, "NO_INFO" }, { VIRTIO, "VIRTIO" }, { 0, NULL } };
static const struct name operations[] = {
	{ 0, "UNKNOWN" }, { 1, "CONNECT" }, { 2, "DISCONNECT" }, { 3, "CONTROL" }, { PAYLOAD, "PAYLOAD" }, { 0, NULL }
};
static const struct name virtio_types[] = { { 1, "STREAM" }, { 0, NULL } };
static const struct name virtio_ops[] = {
	{ 0, "INVALID" }, { 1, "REQUEST" }, { 2, "RESPONSE" }, { 3, "RST" }, { 4, "SHUTDOWN" }, { 5, "RW" },
	{ 6, "CREDIT UPDATE" }, { 7, "CREDIT REQUEST" }, { 0, NULL }
};

enum { SRC_CID, DST_CID, SRC_PORT, DST_PORT, OP, TRANSPORT, TRANSPORT_LEN, V_LEN, V_TYPE, V_OP, V_FLAGS, V_ALLOC, V_COUNT };
static const struct field F[] = {
	[SRC_CID] = { "vsock.src_cid", LE64, .help = "Source context" },
	[DST_CID] = { "vsock.dst_cid", LE64, .help = "Destination context" },
	[SRC_PORT] = { "vsock.src_port", LE32, .help = "Source port" },
	[DST_PORT] = { "vsock.dst_port", LE32, .help = "Destination port" },
	[OP] = { "vsock.op", LE16, .names = operations, .help = "Operation" },
	[TRANSPORT] = { "vsock.trans", LE16, .names = transports, .help = "Transport" },
	[TRANSPORT_LEN] = { "vsock.trans_len", LE16, .help = "Length of the transport's header" },
	[V_LEN] = { "vsock.virtio.len", LE32, .help = "Length" },
	[V_TYPE] = { "vsock.virtio.type", LE16, .names = virtio_types, .help = "Type" },
	[V_OP] = { "vsock.virtio.op", LE16, .names = virtio_ops, .help = "Operation" },
	[V_FLAGS] = { "vsock.virtio.flags", LE32, .help = "Flags" },
	[V_ALLOC] = { "vsock.virtio.buf_alloc", LE32, .help = "Size of the receive buffer" },
	[V_COUNT] = { "vsock.virtio.fwd_cnt", LE32, .help = "Bytes taken out of the receive buffer" },
};

extern const struct proto proto_vsock;

static void
put_header(struct dis *d, const uint8_t *p, bool virtio)
{
	put_field(d, &F[SRC_CID], p, 8);
	put_field(d, &F[DST_CID], p + 8, 8);
	put_field(d, &F[SRC_PORT], p + 16, 4);
	put_field(d, &F[DST_PORT], p + 20, 4);
	put_field(d, &F[OP], p + 24, 2);
	put_field(d, &F[TRANSPORT], p + 26, 2);
	put_field(d, &F[TRANSPORT_LEN], p + 28, 2);
	if (!virtio)
		return;
	p += HEADER;
	put_field(d, &F[V_LEN], p + 24, 4);
	put_field(d, &F[V_TYPE], p + 28, 2);
	put_field(d, &F[V_OP], p + 30, 2);
	put_field(d, &F[V_FLAGS], p + 32, 4);
	put_field(d, &F[V_ALLOC], p + 36, 4);
	put_field(d, &F[V_COUNT], p + 40, 4);
}

static void
text_virtio(struct dis *d, const uint8_t *p)
{
	text(d, " (len "), text_u(d, le32(d, p + 24));
	text(d, ", type ");
	text_name(d, virtio_types, le16(d, p + 28), "Invalid type (%u)");
	text(d, ", op ");
	text_name(d, virtio_ops, le16(d, p + 30), "Invalid op (%u)");
	text(d, ", flags "), text_x(d, le32(d, p + 32), 0);
	text(d, ", buf_alloc "), text_u(d, le32(d, p + 36));
	text(d, ", fwd_cnt "), text_u(d, le32(d, p + 40));
	text_char(d, ')');
}

static void
vsock(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned transport, op;
	uint32_t n = left(d, p), header;
	bool cut = false;

	(void)len;
	enter(d, &proto_vsock);
	/* All lengths are those of what was captured. */
	link_header(d, HEADER);
	if (n < HEADER) {
		text_trunc(d);
		return;
	}
	transport = le16(d, p + 26);
	header = HEADER + (transport == VIRTIO ? VIRTIO_HEADER : 0);
	if (d->sink)
		put_header(d, p, transport == VIRTIO);
	text_name(d, transports, transport, "Invalid transport (%u)");
	if (!d->v) {
		text_char(d, ' ');
	} else if (n < header) {
		cut = true;
	} else {
		if (transport == VIRTIO)
			text_virtio(d, p + HEADER);
		text(d, "\n\t");
	}
	op = le16(d, p + 24);
	text_u(d, le64(d, p)), text_char(d, '.');
	text_u(d, le32(d, p + 16)), text(d, " > ");
	text_u(d, le64(d, p + 8)), text_char(d, '.');
	text_u(d, le32(d, p + 20)), text_char(d, ' ');
	text_name(d, operations, op, " invalid op (%u)");
	text(d, ", length "), text_u(d, n);
	if (cut || (d->v > 1 && op == PAYLOAD && n <= header)) {
		text_trunc(d);
	} else if (d->v > 1 && op == PAYLOAD) {
		text_char(d, '\n');
		text_unknown(d, p + header, "\t", n - header);
	}
}

const struct proto proto_vsock = PROTO("vsock", "vsock", "Virtual socket", vsock, F);
