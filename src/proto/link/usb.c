/* USB as Linux' usbmon captures it: the header of 48 bytes, or of 64 when the ring was mapped. In the machine's byte order. */
#include "dissect/dissect.h"

enum { HEADER = 48, HEADER_MAPPED = 64, EVENT_AT = 8, TRANSFER_AT = 9, ENDPOINT_AT = 10, DEVICE_AT = 11, BUS_AT = 12 };
enum { INTERRUPT = 1, TRANSFERS = 4, SUBMIT = 'S', COMPLETE = 'C', FAILED = 'E' };

static const struct name transfers[] = {
	{ 0, "ISOCHRONOUS" }, { INTERRUPT, "INTERRUPT" }, { 2, "CONTROL" }, { 3, "BULK" }, { 0, NULL }
};
static const struct name events[] = {
	{ SUBMIT, "SUBMIT" }, { COMPLETE, "COMPLETE" }, { FAILED, "ERROR" }, { 0, NULL }
};

enum { ID, EVENT, TRANSFER, ENDPOINT, DEVICE, BUS };
static const struct field usb_fields[] = {
	[ID] = { "usb.urb_id", LE64, .help = "Request block" },
	[EVENT] = { "usb.urb_type", U8, .names = events, .help = "Event" },
	[TRANSFER] = { "usb.transfer_type", U8, .names = transfers, .help = "Transfer" },
	[ENDPOINT] = { "usb.endpoint_address", U8, .help = "Endpoint, with the direction" },
	[DEVICE] = { "usb.device_address", U8, .help = "Device" },
	[BUS] = { "usb.bus_id", LE16, .help = "Bus" },
};

extern const struct proto proto_usb, proto_usb_mapped;

/* Which way a request of this kind goes when this happens to it: what an interrupt brings is asked for beforehand. */
static const char *
direction(unsigned transfer, unsigned event)
{
	if (transfer >= TRANSFERS || (event != SUBMIT && event != COMPLETE && event != FAILED))
		return "";
	return (event == SUBMIT) == (transfer == INTERRUPT) ? " from" : " to";
}

static void
walk(struct dis *d, const uint8_t *p, uint32_t header)
{
	put_field(d, &usb_fields[ID], p, 8);
	put_field(d, &usb_fields[EVENT], p + EVENT_AT, 1);
	put_field(d, &usb_fields[TRANSFER], p + TRANSFER_AT, 1);
	put_field(d, &usb_fields[ENDPOINT], p + ENDPOINT_AT, 1);
	put_field(d, &usb_fields[DEVICE], p + DEVICE_AT, 1);
	put_field(d, &usb_fields[BUS], p + BUS_AT, 2);
	need(d, p, header);
	link_header(d, header);
	text(d, "USB");
	if (d->q)
		return;
	text_char(d, ' '), text_name(d, transfers, p[TRANSFER_AT], " ?");
	text_char(d, ' ');
	text_name(d, events, p[EVENT_AT], "?");
	text(d, direction(p[TRANSFER_AT], p[EVENT_AT]));
	text_char(d, ' '), text_u(d, le16(d, p + BUS_AT));
	text_char(d, ':'), text_u(d, p[DEVICE_AT]);
	text_char(d, ':'), text_u(d, p[ENDPOINT_AT] & 0x7f);
}

static void
usb(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)len;
	enter(d, &proto_usb);
	walk(d, p, HEADER);
}

static void
usb_mapped(struct dis *d, const uint8_t *p, uint32_t len)
{
	(void)len;
	enter(d, &proto_usb_mapped);
	walk(d, p, HEADER_MAPPED);
}

const struct proto proto_usb = PROTO("usb", "usb_linux_48_byte", "USB request of Linux", usb, usb_fields);
const struct proto proto_usb_mapped = PROTO("usb", "usb_linux_64_byte", "USB request of Linux, mapped", usb_mapped,
    usb_fields);
