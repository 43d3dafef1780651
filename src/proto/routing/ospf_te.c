/* TLVs in OSPF's opaque advertisements: graceful restart (RFC 3623), traffic engineering (RFC 3630, 4203, 4124). */
#include "pkt/names.h"
#include "proto/routing/ospf.h"

enum { TLV_HEADER = 4 };

enum { GRACE_PERIOD = 1, GRACE_REASON = 2, GRACE_ADDRESS = 3 };
static const struct name grace_tlvs[] = {
	{ GRACE_PERIOD, "Grace Period" }, { GRACE_REASON, "Graceful restart Reason" },
	{ GRACE_ADDRESS, "IPv4 interface address" }, { 0, NULL }
};

static const struct name grace_reasons[] = {
	{ 0, "Unknown" }, { 1, "Software Restart" }, { 2, "Software Reload/Upgrade" }, { 3, "Control Processor Switch" },
	{ 0, NULL }
};

enum { TE_ROUTER = 1, TE_LINK = 2 };
static const struct name te_tlvs[] = { { TE_ROUTER, "Router Address" }, { TE_LINK, "Link" }, { 0, NULL } };

enum {
	L_TYPE = 1, L_ID, L_LOCAL, L_REMOTE, L_METRIC, L_MAX_BW, L_RESERVABLE_BW, L_FREE_BW, L_GROUP, L_IDS = 11,
	L_PROTECTION = 14, L_SWITCHING = 15, L_RISKS = 16, L_CONSTRAINTS = 17,
};
static const struct name link_tlvs[] = {
	{ L_TYPE, "Link Type" }, { L_ID, "Link ID" }, { L_LOCAL, "Local Interface IP address" },
	{ L_REMOTE, "Remote Interface IP address" }, { L_METRIC, "Traffic Engineering Metric" },
	{ L_MAX_BW, "Maximum Bandwidth" }, { L_RESERVABLE_BW, "Maximum Reservable Bandwidth" },
	{ L_FREE_BW, "Unreserved Bandwidth" }, { L_GROUP, "Administrative Group" },
	{ L_IDS, "Link Local/Remote Identifier" }, { L_PROTECTION, "Link Protection Type" },
	{ L_SWITCHING, "Interface Switching Capability" }, { L_RISKS, "Shared Risk Link Group" },
	{ L_CONSTRAINTS, "Bandwidth Constraints" }, { 0, NULL }
};

static const struct name link_types[] = { { 1, "Point-to-point" }, { 2, "Multi-Access" }, { 0, NULL } };

static uint32_t
padded(uint32_t n)
{
	return (n + 3) & ~UINT32_C(3);
}

bool
ospf_grace(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		unsigned type, n, want;

		if (!have(d, p, TLV_HEADER))
			return false;
		if (len < TLV_HEADER) {
			text_fmt(d, "\n\t    Remaining LS length %u < 4", len);
			return false;
		}
		type = raw16(p);
		n = raw16(p + 2);
		p += TLV_HEADER;
		len -= TLV_HEADER;
		text(d, "\n\t    ");
		text_name(d, grace_tlvs, type, "unknown");
		text_fmt(d, " TLV (%u), length %u, value: ", type, n);
		if (n > len) {
			text_fmt(d, "\n\t    Bogus length %u > %u", n, len);
			return false;
		}
		if (type == 0 || n == 0)
			return false;
		if (!have(d, p, n))
			return false;
		want = type == GRACE_REASON ? 1 : 4;
		if (type >= GRACE_PERIOD && type <= GRACE_ADDRESS && n != want) {
			text_fmt(d, "\n\t    Bogus length %u != %u", n, want);
			return false;
		}
		switch (type) {
		case GRACE_PERIOD:
			text_u(d, raw32(p)), text_char(d, 's');
			break;
		case GRACE_REASON:
			text_name(d, grace_reasons, p[0], "Unknown");
			text_fmt(d, " (%u)", p[0]);
			break;
		case GRACE_ADDRESS:
			text_ip4(d, p);
			break;
		default:
			if (d->v <= 1)
				text_unknown(d, p, "\n\t      ", n);
			break;
		}
		n = padded(n);
		if (n > len)
			n = len;
		len -= n;
		p += n;
	}
	return true;
}

/* A bandwidth: an IEEE float of bytes a second. */
static void
text_mbps(struct dis *d, const uint8_t *p)
{
	uint32_t bits = raw32(p);
	float bytes;

	memcpy(&bytes, &bits, sizeof bytes);
	text_fmt(d, "%.3f Mbps", (double)(bytes * 8 / 1000000));
}

/* Says how a length differs from what it has to be; always false. */
static bool
wrong(struct dis *d, const char *how)
{
	text(d, how);
	text_invalid(d);
	return false;
}

/* RFC 4124 section 5.1. */
static bool
constraints(struct dis *d, const uint8_t *p, unsigned n)
{
	text(d, "\n\t\tBandwidth Constraints Model ID: ");
	text_name(d, diffserv_model_names, p[0], "unknown");
	text_fmt(d, " (%u)", p[0]);
	if (n % 4) {
		text_fmt(d, "\n\t\tlength %u != N x 4", n);
		return wrong(d, "");
	}
	if (n > 36) {
		text_fmt(d, "\n\t\tlength %u > 36", n);
		return wrong(d, "");
	}
	for (unsigned i = 0; i + 1 < n / 4; i++) {
		text_fmt(d, "\n\t\t  Bandwidth constraint CT%u: ", i);
		text_mbps(d, p + 4 + 4 * i);
	}
	return true;
}

static void
switching(struct dis *d, const uint8_t *p)
{
	text(d, "\n\t\tInterface Switching Capability: ");
	text_name(d, gmpls_switching_names, p[0], "Unknown");
	text(d, "\n\t\tLSP Encoding: ");
	text_name(d, gmpls_encoding_names, p[1], "Unknown");
	text(d, "\n\t\tMax LSP Bandwidth:");
	for (unsigned i = 0; i < 8; i++) {
		text_fmt(d, "\n\t\t  priority level %u: ", i);
		text_mbps(d, p + 4 + 4 * i);
	}
}

static void
text_link_id(struct dis *d, const uint8_t *p)
{
	text(d, ", ");
	text_ip4(d, p);
	text_fmt(d, " (0x%08x)", raw32(p));
}

/* A part of a link's description, captured; false when its length is wrong. */
static bool
link_part(struct dis *d, unsigned type, const uint8_t *p, unsigned n)
{
	switch (type) {
	case L_GROUP:
		if (n != 4)
			return wrong(d, " != 4");
		text_fmt(d, ", 0x%08x", raw32(p));
		break;
	case L_ID:
	case L_IDS:
		if (n != 4 && n != 8)
			return wrong(d, " != 4 && != 8");
		text_link_id(d, p);
		if (n == 8)
			text_link_id(d, p + 4);
		break;
	case L_LOCAL:
	case L_REMOTE:
		if (n != 4)
			return wrong(d, " != 4");
		text(d, ", ");
		text_ip4(d, p);
		break;
	case L_MAX_BW:
	case L_RESERVABLE_BW:
		if (n != 4)
			return wrong(d, " != 4");
		text(d, ", ");
		text_mbps(d, p);
		break;
	case L_FREE_BW:
		if (n != 32)
			return wrong(d, " != 32");
		for (unsigned i = 0; i < 8; i++) {
			text_fmt(d, "\n\t\tTE-Class %u: ", i);
			text_mbps(d, p + 4 * i);
		}
		break;
	case L_CONSTRAINTS:
		if (n < 4)
			return wrong(d, " < 4");
		return constraints(d, p, n);
	case L_METRIC:
		if (n != 4)
			return wrong(d, " != 4");
		text(d, ", Metric "), text_u(d, raw32(p));
		break;
	case L_PROTECTION:
		if (n != 4)
			return wrong(d, " != 4");
		text(d, ", ");
		text_bits(d, gmpls_protection_names, p[0], ", ", "none");
		break;
	case L_SWITCHING:
		if (n < 36)
			return wrong(d, " < 36");
		switching(d, p);
		break;
	case L_TYPE:
		if (n != 1)
			return wrong(d, " != 1");
		text(d, ", ");
		text_name(d, link_types, p[0], "unknown");
		text_fmt(d, " (%u)", p[0]);
		break;
	case L_RISKS:
		if (n % 4)
			return wrong(d, " != N x 4");
		if (n)
			text(d, "\n\t\t  Shared risk group: ");
		for (unsigned i = 0; i < n; i += 4) {
			if (i)
				text(d, ", ");
			text_u(d, raw32(p + i));
		}
		break;
	default:
		if (d->v <= 1)
			text_unknown(d, p, "\n\t\t", n);
		break;
	}
	return true;
}

/* The parts of a link's description: what is behind them, or NULL when they make no sense. */
static const uint8_t *
te_link(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		unsigned type, n;

		if (len < TLV_HEADER) {
			text_fmt(d, "\n\t    Remaining TLV length %u < 4", len);
			return NULL;
		}
		need(d, p, TLV_HEADER);
		type = raw16(p);
		n = raw16(p + 2);
		if (type == 0 || n == 0) {
			wrong(d, "");
			return NULL;
		}
		text(d, "\n\t      ");
		text_name(d, link_tlvs, type, "unknown");
		text_fmt(d, " subTLV (%u), length: %u", type, n);
		if (len - TLV_HEADER < n) {
			text_fmt(d, "\n\t    Remaining TLV length %u < %u", len, n + TLV_HEADER);
			return NULL;
		}
		p += TLV_HEADER;
		len -= TLV_HEADER;
		if (!have(d, p, n))
			return NULL;
		if (!link_part(d, type, p, n))
			return NULL;
		if (type == L_RISKS)
			p += n;	/* counted twice, as tcpdump 4.99 does */
		n = padded(n);
		if (len < n) {
			text_fmt(d, "\n\t    Remaining TLV length %u < %u", len + 4, n + 4);
			return NULL;
		}
		len -= n;
		p += n;
	}
	return p;
}

bool
ospf_te(struct dis *d, const uint8_t *p, uint32_t len)
{
	while (len) {
		unsigned type, n;

		if (!have(d, p, TLV_HEADER))
			return false;
		if (len < TLV_HEADER) {
			text_fmt(d, "\n\t    Remaining LS length %u < 4", len);
			return false;
		}
		type = raw16(p);
		n = raw16(p + 2);
		p += TLV_HEADER;
		len -= TLV_HEADER;
		text(d, "\n\t    ");
		text_name(d, te_tlvs, type, "unknown");
		text_fmt(d, " TLV (%u), length: %u", type, n);
		if (n > len) {
			text_fmt(d, "\n\t    Bogus length %u > %u", n, len);
			return false;
		}
		if (type == 0 || n == 0)
			return false;
		switch (type) {
		case TE_LINK:
			/* tcpdump 4.99 does not count the parts among the bytes done, and looks for TLVs behind them. */
			if ((p = te_link(d, p, n)) == NULL)
				return false;
			continue;
		case TE_ROUTER:
			if (n < 4) {
				text_fmt(d, "\n\t    TLV length %u < 4", n);
				return false;
			}
			put_field(d, &ospf_fields[OSPF_TE_ROUTER], p, 4);
			need(d, p, 4);
			text(d, ", ");
			text_ip4(d, p);
			break;
		default:
			if (d->v <= 1)
				text_unknown(d, p, "\n\t      ", n);
			break;
		}
		n = padded(n);
		if (n > len) {
			text_fmt(d, "\n\t    Bogus padded length %u > %u", n, len);
			return false;
		}
		len -= n;
		p += n;
	}
	return true;
}
