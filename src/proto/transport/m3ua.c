/* MTP3 User Adaptation: telephone signalling over SCTP, RFC 4666. */
#include "dissect/dissect.h"

enum { HEADER = 8, PARAM = 4, RELEASE_1 = 1 };

enum { MANAGEMENT = 0, TRANSFER = 1, SS7 = 2, ASP_STATE = 3, ASP_TRAFFIC = 4, ROUTING_KEY = 9 };
static const struct name classes[] = {
	{ MANAGEMENT, "Management" }, { TRANSFER, "Transfer" }, { SS7, "SS7" }, { ASP_STATE, "ASP" },
	{ ASP_TRAFFIC, "ASP" }, { ROUTING_KEY, "Routing Key Management" }, { 0, NULL }
};

static const struct name management[] = { { 0, "Error" }, { 1, "Notify" }, { 0, NULL } };
static const struct name transfer[] = { { 1, "Data" }, { 0, NULL } };
static const struct name ss7[] = {
	{ 1, "Destination Unavailable" }, { 2, "Destination Available" }, { 3, "Destination State Audit" },
	{ 4, "Signalling Congestion" }, { 5, "Destination User Part Unavailable" }, { 6, "Destination Restricted" },
	{ 0, NULL }
};
static const struct name asp_state[] = {
	{ 1, "Up" }, { 2, "Down" }, { 3, "Heartbeat" }, { 4, "Up Acknowledgement" }, { 5, "Down Acknowledgement" },
	{ 6, "Heartbeat Acknowledgement" }, { 0, NULL }
};
static const struct name asp_traffic[] = {
	{ 1, "Active" }, { 2, "Inactive" }, { 3, "Active Acknowledgement" }, { 4, "Inactive Acknowledgement" },
	{ 0, NULL }
};
static const struct name routing_key[] = {
	{ 1, "Registration Request" }, { 2, "Registration Response" }, { 3, "Deregistration Request" },
	{ 4, "Deregistration Response" }, { 0, NULL }
};

enum { ROUTING_CONTEXT = 0x0006, CORRELATION = 0x0013, APPEARANCE = 0x0200 };
static const struct name params[] = {
	{ 0x0004, "INFO String" }, { ROUTING_CONTEXT, "Routing Context" }, { 0x0007, "Diagnostic Info" },
	{ 0x0009, "Heartbeat Data" }, { 0x000b, "Traffic Mode Type" }, { 0x000c, "Error Code" }, { 0x000d, "Status" },
	{ 0x0011, "ASP Identifier" }, { 0x0012, "Affected Point Code" }, { CORRELATION, "Correlation ID" },
	{ APPEARANCE, "Network Appearance" }, { 0x0204, "User/Cause" }, { 0x0205, "Congestion Indications" },
	{ 0x0206, "Concerned Destination" }, { 0x0207, "Routing Key" }, { 0x0208, "Registration Result" },
	{ 0x0209, "Deregistration Result" }, { 0x020a, "Local Routing Key Identifier" },
	{ 0x020b, "Destination Point Code" }, { 0x020c, "Service Indicators" }, { 0x020e, "Originating Point Code List" },
	{ 0x0210, "Protocol Data" }, { 0x0212, "Registration Status" }, { 0x0213, "Deregistration Status" }, { 0, NULL }
};

enum { VERSION, CLASS, TYPE, LENGTH, P_TAG, P_LENGTH };
static const struct field F[] = {
	[VERSION] = { "m3ua.version", U8, .help = "Version" },
	[CLASS] = { "m3ua.message_class", U8, .names = classes, .help = "Message class" },
	[TYPE] = { "m3ua.message_type", U8, .help = "Message type within the class" },
	[LENGTH] = { "m3ua.message_length", U32, .help = "Message length" },
	[P_TAG] = { "m3ua.parameter_tag", U16, .names = params, .help = "Parameter" },
	[P_LENGTH] = { "m3ua.parameter_length", U16, .help = "Parameter length" },
};

extern const struct proto proto_m3ua;

static const struct name *
types_of(unsigned class)
{
	switch (class) {
	case MANAGEMENT:
		return management;
	case TRANSFER:
		return transfer;
	case SS7:
		return ss7;
	case ASP_STATE:
		return asp_state;
	case ASP_TRAFFIC:
		return asp_traffic;
	case ROUTING_KEY:
		return routing_key;
	}
	return NULL;
}

static void
text_params(struct dis *d, const uint8_t *p, uint32_t len)
{
	const uint8_t *start = p;
	uint32_t whole = len;

	while (len) {
		unsigned tag, n, step;

		if (len < PARAM)
			goto invalid;
		put_field(d, &F[P_TAG], p, 2);
		put_field(d, &F[P_LENGTH], p + 2, 2);
		tag = be16(d, p);
		text(d, "\n\t\t\t");
		text_name(d, params, tag, "Unknown Parameter (0x%04x)");
		text(d, ": ");
		n = be16(d, p + 2);
		if (n < PARAM)
			goto invalid;
		step = (n + 3) & ~3u;
		need(d, p, step);
		if (tag == ROUTING_CONTEXT || tag == CORRELATION || tag == APPEARANCE) {
			/* tcpdump shows the parameter's own first four bytes here, its tag and length. */
			if (n < PARAM + 4) {
				text_invalid(d);
				need(d, p, n - PARAM);
			} else {
				text_be_x(d, "0x", p, 4, 8);
			}
		} else {
			text_fmt(d, "(length %u)", n);
		}
		if (step > len)
			return;
		p += step;
		len -= step;
	}
	return;
invalid:
	text_invalid(d);
	need(d, start, whole);
}

static void
m3ua(struct dis *d, const uint8_t *p, uint32_t len)
{
	const struct name *types;
	unsigned class;
	uint32_t n;

	enter(d, &proto_m3ua);
	if (len < HEADER) {
		text_invalid(d);
		need(d, p, len);
		return;
	}
	put_field(d, &F[VERSION], p, 1);
	put_field(d, &F[CLASS], p + 2, 1);
	put_field(d, &F[TYPE], p + 3, 1);
	put_field(d, &F[LENGTH], p + 4, 4);
	if (u8(d, p) != RELEASE_1)
		return;
	class = u8(d, p + 2);
	text(d, "\n\t\t");
	text_name(d, classes, class, "Unknown message class %u");
	types = types_of(class);
	if (types) {
		unsigned type = u8(d, p + 3);

		text_char(d, ' ');
		text_name(d, types, type, "Unknown (0x%02x)");
		text(d, " Message");
	}
	n = be32(d, p + 4);
	if (n != len)
		text_fmt(d, "\n\t\t\t@@@@@@ Corrupted length %u of message @@@@@@", n);
	else
		text_params(d, p + HEADER, len - HEADER);
}

const struct proto proto_m3ua = PROTO("m3ua", "m3ua", "MTP 3 User Adaptation Layer", m3ua, F);
