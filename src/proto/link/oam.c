/* Cells of operation and maintenance of ATM: ITU-T I.610. */
#include "dissect/dissect.h"

enum { CELL_HEADER = 4, PAYLOAD = 48, CRC_AT = 46, CRC_MASK = 0x3ff, CRC_POLYNOMIAL = 0x633, CRC_TOP = 0x400 };
enum { FAULT = 1, PERFORMANCE = 2, ACTIVATE = 8, SYSTEM = 15 };
enum { FM_AIS = 0, FM_RDI = 1, FM_LOOPBACK = 8 };

static const struct name flows[] = { { 3, "OAM F4 (segment)" }, { 4, "OAM F4 (end)" }, { 0, NULL } };
static const struct name payloads[] = {
	{ 0, "user data, uncongested, SDU 0" }, { 1, "user data, uncongested, SDU 1" },
	{ 2, "user data, congested, SDU 0" }, { 3, "user data, congested, SDU 1" }, { 4, "VCC OAM F5 flow segment" },
	{ 5, "VCC OAM F5 flow end-to-end" }, { 6, "Traffic Control and resource Mgmt" }, { 0, NULL }
};
static const struct name cell_types[] = {
	{ FAULT, "Fault Management" }, { PERFORMANCE, "Performance Management" }, { ACTIVATE, "activate/deactivate" },
	{ SYSTEM, "System Management" }, { 0, NULL }
};
static const struct name fault_functions[] = {
	{ FM_AIS, "AIS" }, { FM_RDI, "RDI" }, { 4, "Continuity Check" }, { FM_LOOPBACK, "Loopback" }, { 0, NULL }
};
static const struct name performance_functions[] = {
	{ 0, "Forward Monitoring" }, { 1, "Backward Reporting" }, { 2, "Monitoring and Reporting" }, { 0, NULL }
};
static const struct name activate_functions[] = {
	{ 0, "Performance Monitoring" }, { 1, "Continuity Check" }, { 0, NULL }
};

enum { VPI, VCI, PTI, CLP, TYPE, FUNCTION, CRC };
static const struct field F[] = {
	[VPI] = { "atm.vpi", U8, .help = "Virtual path" },
	[VCI] = { "atm.vci", U16, .help = "Virtual channel" },
	[PTI] = { "atm.payload_type", U8, .names = payloads, .help = "Payload type" },
	[CLP] = { "atm.cell_loss_priority", BOOL, .help = "Cell loss priority" },
	[TYPE] = { "atm.aal_oamcell.type", U8, .mask = 0xf0, .names = cell_types, .help = "Cell type" },
	[FUNCTION] = { "atm.aal_oamcell.type.ft", U8, .mask = 0x0f, .help = "Function type" },
	[CRC] = { "atm.aal_oamcell.crc", U16, .mask = CRC_MASK, .help = "Checksum" },
};

extern const struct proto proto_oam, proto_oam_cell;

/* The remainder of n captured bytes, checksum included: 0 when they are right. */
static unsigned
crc10(const uint8_t *p, unsigned n)
{
	unsigned r = 0;

	for (unsigned bit = 0; bit < n * 8; bit++) {
		r = r << 1 | (p[bit / 8] >> (7 - bit % 8) & 1);
		if (r & CRC_TOP)
			r ^= CRC_POLYNOMIAL;
	}
	return r;
}

/*
 * An identifier of n bytes, in words that begin at every other byte from the second on: that is how tcpdump shows it,
 * the last of them with the byte behind it.
 */
static void
text_location(struct dis *d, const char *label, const uint8_t *p, unsigned n)
{
	text(d, label);
	for (unsigned i = 1; i < n; i += 2) {
		text_x(d, be16(d, p + i), 4);
		text_char(d, ' ');
	}
}

static void
fault(struct dis *d, unsigned function, const uint8_t *p)
{
	enum { CONTENT = 45, ID = 12, LOCATION = 16 };

	switch (function) {
	case FM_LOOPBACK:
		need(d, p, CONTENT);
		text(d, p[0] & 1 ? "\n\tLoopback-Indicator Request" : "\n\tLoopback-Indicator Reply");
		text(d, ", Correlation-Tag 0x"), text_x(d, raw32(p + 1), 8);
		text_location(d, "\n\tLocation-ID ", p + 5, ID);
		text_location(d, "\n\tSource-ID   ", p + 5 + ID, ID);
		break;
	case FM_AIS:
	case FM_RDI:
		need(d, p, CONTENT);
		text(d, "\n\tFailure-type 0x"), text_x(d, p[0], 2);
		text_location(d, "\n\tLocation-ID ", p + 1, LOCATION);
		break;
	}
}

static void
text_function(struct dis *d, unsigned type, unsigned function)
{
	static const struct name *const functions[] = {
		[FAULT] = fault_functions, [PERFORMANCE] = performance_functions, [ACTIVATE] = activate_functions,
	};
	const struct name *names = type <= ACTIVATE ? functions[type] : NULL;

	text(d, ", func-type ");
	if (names)
		text_name(d, names, function, "none");
	else
		text(d, "unknown");
	text(d, " ("), text_u(d, function), text_char(d, ')');
}

/* hec: bytes of header checksum, which are in front of what is read as the header. */
static void
cell(struct dis *d, const uint8_t *p, uint32_t len, unsigned hec)
{
	uint32_t header = be32(d, p + hec);
	unsigned type, function, vci = header >> 4 & 0xffff, sum;

	p += hec + CELL_HEADER;
	type = u8(d, p);
	function = type & 0x0f;
	type >>= 4;
	put_value(d, &F[VPI], header >> 20 & 0xff);
	put_value(d, &F[VCI], vci);
	put_value(d, &F[PTI], header >> 1 & 7);
	put_value(d, &F[CLP], header & 1);
	put_field(d, &F[TYPE], p, 1);
	put_field(d, &F[FUNCTION], p, 1);
	put_field(d, &F[CRC], p + CRC_AT, 2);

	text_name(d, flows, vci, "OAM F5");
	text(d, ", vpi "), text_u(d, header >> 20 & 0xff);
	text(d, ", vci "), text_u(d, vci), text(d, ", payload [ ");
	text_name(d, payloads, header >> 1 & 7, "Unknown");
	text(d, " ], clp "), text_u(d, header & 1);
	text(d, ", length "), text_u(d, len);
	if (!d->v)
		return;
	text(d, "\n\tcell-type ");
	text_name(d, cell_types, type, "unknown");
	text(d, " ("), text_u(d, type), text_char(d, ')');
	text_function(d, type, function);
	if (type == FAULT)
		fault(d, function, p + 1);
	sum = be16(d, p + CRC_AT) & CRC_MASK;
	text(d, "\n\tcksum 0x"), text_x(d, sum, 3);
	text(d, crc10(p, PAYLOAD) ? " (incorrect)" : " (correct)");
}

/* With the header's checksum. */
static void
oam_cell(struct dis *d, const uint8_t *p, uint32_t len)
{
	if (d->sink)
		fields_layer(d, &proto_oam);
	mark(d, "oam");
	cell(d, p, len, 1);
}

/* Without. */
static void
oam(struct dis *d, const uint8_t *p, uint32_t len)
{
	enter(d, &proto_oam);
	cell(d, p, len, 0);
}

const struct proto proto_oam = PROTO("atm", "oam", "ATM OAM", oam, F);
const struct proto proto_oam_cell = PROTO_NO_FIELDS("atm", "oam", "ATM OAM", oam_cell);
