#include "io/linktype.h"

#include <limits.h>
#include <string.h>

#include <pcap/dlt.h>

#include "pkt/packet.h"

/* Where the two differ. 108 and above, and 0 to 10, are the same number in both. */
static const struct {
	uint32_t linktype, dlt;
} differ[] = {
	{ 100, DLT_ATM_RFC1483 },
	{ 101, DLT_RAW },
	{ 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },
	{ 106, DLT_ATM_CLIP },
	{ 246, DLT_PFSYNC },
	{ 258, DLT_PKTAP },
};

enum {
	N_DIFFER = sizeof differ / sizeof *differ,
	SYMANTEC_FIREWALL = 99,
	SLL_HEADER = 16,
	SLL_PROTOCOL = 14,	/* where in it */
	SLL_CAN = 0x000c,
	SLL_CANFD = 0x000d,
	USB_ISOCHRONOUS = 0,
	NFLOG_HEADER = 4,
	NFLOG_TLV_HEADER = 4,
};

uint32_t
linktype_to_dlt(uint32_t linktype)
{
	for (size_t i = 0; i < N_DIFFER; i++)
		if (differ[i].linktype == linktype)
			return differ[i].dlt;
	return linktype;
}

bool
linktype_from_dlt(uint32_t dlt, uint32_t *linktype)
{
	*linktype = dlt;
	for (size_t i = 0; i < N_DIFFER; i++) {
		if (differ[i].dlt == dlt) {
			*linktype = differ[i].linktype;
			return true;
		}
	}
	return dlt <= DLT_FDDI || dlt == DLT_PPP_SERIAL || dlt == DLT_PPP_ETHER ||
	    dlt == SYMANTEC_FIREWALL || (dlt >= DLT_MATCHING_MIN && dlt <= DLT_MATCHING_MAX);
}

uint32_t
linktype_max_packet(uint32_t dlt)
{
	switch (dlt) {
	case DLT_DBUS:
		return 128 * 1024 * 1024;	/* D-Bus specification, message format */
	case DLT_EBHSCR:
		return 8 * 1024 * 1024;
	case DLT_USBPCAP:
		return 1024 * 1024;
	default:
		return PACKET_MAX;
	}
}

uint32_t
linktype_snaplen(uint32_t dlt, uint32_t claimed)
{
	return claimed == 0 || claimed > INT_MAX ? linktype_max_packet(dlt) : claimed;
}

bool
linktype_is_host_order(uint32_t dlt)
{
	return dlt == DLT_LINUX_SLL || dlt == DLT_USB_LINUX || dlt == DLT_USB_LINUX_MMAPPED ||
	    dlt == DLT_NFLOG || dlt == DLT_PFLOG;
}

/* Reverses the n bytes at p + at if they were captured. */
static bool
turn(uint8_t *p, uint32_t caplen, uint32_t at, unsigned n)
{
	if (at > caplen || caplen - at < n)
		return false;
	for (unsigned i = 0; i < n / 2; i++) {
		uint8_t b = p[at + i];

		p[at + i] = p[at + n - 1 - i];
		p[at + n - 1 - i] = b;
	}
	return true;
}

/* The CAN id behind a cooked header. */
static void
turn_sll(uint8_t *p, uint32_t caplen, uint32_t len)
{
	unsigned protocol;

	if (caplen < SLL_HEADER || len < SLL_HEADER + 4)
		return;
	protocol = (unsigned)p[SLL_PROTOCOL] << 8 | p[SLL_PROTOCOL + 1];
	if (protocol == SLL_CAN || protocol == SLL_CANFD)
		turn(p, caplen, SLL_HEADER, 4);
}

/*
 * Linux's usbmon header: 48 bytes, and 16 more with the isochronous descriptors behind it when
 * mapped.
 */
static void
turn_usb(uint8_t *p, uint32_t caplen, bool mapped)
{
	static const struct {
		uint8_t at, size;
	} fields[] = {
		{ 0, 8 },	/* URB id */
		{ 12, 2 },	/* bus */
		{ 16, 8 },	/* seconds */
		{ 24, 4 },	/* microseconds */
		{ 28, 4 },	/* status */
		{ 32, 4 },	/* URB length */
		{ 36, 4 },	/* data length */
	};
	uint32_t n;
	bool iso;

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!turn(p, caplen, fields[i].at, fields[i].size))
			return;
	iso = p[9] == USB_ISOCHRONOUS;
	/* error count, descriptors */
	if (iso && (!turn(p, caplen, 40, 4) || !turn(p, caplen, 44, 4)))
		return;
	if (!mapped)
		return;
	/* interval, start frame, flags, descriptors captured */
	for (uint32_t at = 48; at < 64; at += 4)
		if (!turn(p, caplen, at, 4))
			return;
	if (!iso)
		return;
	memcpy(&n, p + 60, 4);
	/* status, offset, length, padding */
	for (uint32_t at = 64; n && caplen - at >= 4; n--, at += 16)
		if (!turn(p, caplen, at, 4) || !turn(p, caplen, at + 4, 4) ||
		    !turn(p, caplen, at + 8, 4) || caplen - at < 16)
			return;
}

/* Types and lengths of the attributes; their values are in network order or just bytes. */
static void
turn_nflog(uint8_t *p, uint32_t caplen, uint32_t len)
{
	uint32_t at = NFLOG_HEADER;
	uint16_t size;

	if (caplen < NFLOG_HEADER || len < NFLOG_HEADER || p[1] != 0)
		return;
	while (caplen - at >= NFLOG_TLV_HEADER) {
		turn(p, caplen, at, 2);
		turn(p, caplen, at + 2, 2);
		memcpy(&size, p + at, 2);
		size = (uint16_t)((size + 3) & ~3);
		if (size < NFLOG_TLV_HEADER || caplen - at < size || len - at < size)
			return;
		at += size;
	}
}

/* User and process of the packet and of the rule; the header's first byte is its length. */
static void
turn_pflog(uint8_t *p, uint32_t caplen, uint32_t len)
{
	uint32_t end = caplen < len ? caplen : len;

	if (end > 0 && end > p[0])
		end = p[0];
	for (uint32_t at = 44; at < 60 && at + 4 <= end; at += 4)
		turn(p, caplen, at, 4);
}

void
linktype_swap(uint32_t dlt, uint8_t *p, uint32_t caplen, uint32_t len)
{
	switch (dlt) {
	case DLT_LINUX_SLL:
		turn_sll(p, caplen, len);
		break;
	case DLT_USB_LINUX:
		turn_usb(p, caplen, false);
		break;
	case DLT_USB_LINUX_MMAPPED:
		turn_usb(p, caplen, true);
		break;
	case DLT_NFLOG:
		turn_nflog(p, caplen, len);
		break;
	case DLT_PFLOG:
		turn_pflog(p, caplen, len);
		break;
	}
}
