/* Scalable service-Oriented MiddlewarE over IP, AUTOSAR. */
#include "dissect/dissect.h"

enum { HEADER = 16, EVENT = 0x8000 };

static const struct name types[] = {
	{ 0x00, "REQUEST" }, { 0x01, "REQUEST_NO_RETURN" }, { 0x02, "NOTIFICATION" }, { 0x80, "RESPONSE" },
	{ 0x81, "ERROR" }, { 0x20, "TP_REQUEST" }, { 0x21, "TP_REQUEST_NO_RETURN" }, { 0x22, "TP_NOTIFICATION" },
	{ 0xa0, "TP_RESPONSE" }, { 0xa1, "TP_ERROR" }, { 0, NULL }
};
static const struct name codes[] = {
	{ 0x00, "E_OK" }, { 0x01, "E_NOT_OK" }, { 0x02, "E_UNKNOWN_SERVICE" }, { 0x03, "E_UNKNOWN_METHOD" },
	{ 0x04, "E_NOT_READY" }, { 0x05, "E_NOT_REACHABLE" }, { 0x06, "E_TIMEOUT" },
	{ 0x07, "E_WRONG_PROTOCOL_VERSION" }, { 0x08, "E_WRONG_INTERFACE_VERSION" }, { 0x09, "E_MALFORMED_MESSAGE" },
	{ 0x0a, "E_WRONG_MESSAGE_TYPE" }, { 0x0b, "E_E2E_REPEATED" }, { 0x0c, "E_E2E_WRONG_SEQUENCE" },
	{ 0x0d, "E_E2E" }, { 0x0e, "E_E2E_NOT_AVAILABLE" }, { 0x0f, "E_E2E_NO_NEW_DATA" }, { 0, NULL }
};

enum { SERVICE, METHOD, LENGTH, CLIENT, SESSION, PVER, IVER, TYPE, CODE };
static const struct field F[] = {
	[SERVICE] = { "someip.serviceid", U16, .help = "Service" },
	[METHOD] = { "someip.methodid", U16, .help = "Method or event" },
	[LENGTH] = { "someip.length", U32, .help = "Length from the request identifier on" },
	[CLIENT] = { "someip.clientid", U16, .help = "Client" },
	[SESSION] = { "someip.sessionid", U16, .help = "Session" },
	[PVER] = { "someip.protoversion", U8, .help = "Protocol version" },
	[IVER] = { "someip.interfaceversion", U8, .help = "Interface version" },
	[TYPE] = { "someip.messagetype", U8, .names = types, .help = "Message type" },
	[CODE] = { "someip.returncode", U8, .names = codes, .help = "Return code" },
};

extern const struct proto proto_someip;

static void
someip(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned method;

	enter(d, &proto_someip);
	text(d, "SOMEIP");
	if (len < HEADER) {
		text_fmt(d, " [length %u < %u]", len, HEADER);
		text_invalid(d);
		return;
	}
	put_field(d, &F[SERVICE], p, 2);
	put_field(d, &F[METHOD], p + 2, 2);
	put_field(d, &F[LENGTH], p + 4, 4);
	put_field(d, &F[CLIENT], p + 8, 2);
	put_field(d, &F[SESSION], p + 10, 2);
	put_field(d, &F[PVER], p + 12, 1);
	put_field(d, &F[IVER], p + 13, 1);
	put_field(d, &F[TYPE], p + 14, 1);
	put_field(d, &F[CODE], p + 15, 1);
	need(d, p, 4);
	method = raw16(p + 2);
	text_fmt(d, ", service %u", raw16(p));
	text_fmt(d, ", %s %u", method & EVENT ? "event" : "method", method & ~EVENT);
	text_fmt(d, ", len %u", be32(d, p + 4));
	need(d, p + 8, 4);
	text_fmt(d, ", client %u, session %u", raw16(p + 8), raw16(p + 10));
	text_fmt(d, ", pver %u", u8(d, p + 12));
	text_fmt(d, ", iver %u", u8(d, p + 13));
	need(d, p + 14, 1);
	text(d, ", msgtype "), text_name(d, types, p[14], "Unknown");
	need(d, p + 15, 1);
	text(d, ", retcode "), text_name(d, codes, p[15], "Unknown");
	text_char(d, '\n');
}

const struct proto proto_someip = PROTO("someip", "someip", "SOME/IP", someip, F);
