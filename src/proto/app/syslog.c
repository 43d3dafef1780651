/* Syslog, RFC 3164 and RFC 5424. */
#include "dissect/dissect.h"

enum { DIGITS_MAX = 3 };

static const struct name severities[] = {
	{ 0, "emergency" }, { 1, "alert" }, { 2, "critical" }, { 3, "error" }, { 4, "warning" }, { 5, "notice" },
	{ 6, "info" }, { 7, "debug" }, { 0, NULL }
};
static const struct name facilities[] = {
	{ 0, "kernel" }, { 1, "user" }, { 2, "mail" }, { 3, "daemon" }, { 4, "auth" }, { 5, "syslog" }, { 6, "lpr" },
	{ 7, "news" }, { 8, "uucp" }, { 9, "cron" }, { 10, "authpriv" }, { 11, "ftp" }, { 12, "ntp" },
	{ 13, "security" }, { 14, "console" }, { 15, "cron" }, { 16, "local0" }, { 17, "local1" }, { 18, "local2" },
	{ 19, "local3" }, { 20, "local4" }, { 21, "local5" }, { 22, "local6" }, { 23, "local7" }, { 0, NULL }
};

enum { FACILITY, LEVEL, MESSAGE };
static const struct field F[] = {
	[FACILITY] = { "syslog.facility", U8, .names = facilities, .help = "Facility" },
	[LEVEL] = { "syslog.level", U8, .names = severities, .help = "Severity" },
	[MESSAGE] = { "syslog.msg", STR, .help = "Message" },
};

extern const struct proto proto_syslog;

static void
syslog(struct dis *d, const uint8_t *p, uint32_t len)
{
	unsigned priority = 0, facility, severity;
	uint32_t n = 0;

	enter(d, &proto_syslog);
	/* The priority, in angle brackets: facility * 8 + severity. */
	if (u8(d, p) == '<') {
		for (n = 1; n <= DIGITS_MAX && u8(d, p + n) >= '0' && p[n] <= '9'; n++)
			priority = priority * 10 + (p[n] - '0');
	}
	if (n == 0 || u8(d, p + n) != '>') {
		text_invalid(d);
		return;
	}
	n++;
	facility = priority >> 3;
	severity = priority & 7;
	put_value(d, &F[FACILITY], facility);
	put_value(d, &F[LEVEL], severity);
	if (n < len && d->sink)
		put_field(d, &F[MESSAGE], p + n, left(d, p + n) < len - n ? left(d, p + n) : len - n);
	if (!d->v) {
		text(d, "SYSLOG ");
		text_name(d, facilities, facility, "unknown (%u)");
		text_char(d, '.');
		text_name(d, severities, severity, "unknown (%u)");
		text(d, ", length: "), text_u(d, len);
		return;
	}
	text(d, "SYSLOG, length: "), text_u(d, len);
	text(d, "\n\tFacility ");
	text_name(d, facilities, facility, "unknown (%u)");
	text_fmt(d, " (%u), Severity ", facility);
	text_name(d, severities, severity, "unknown (%u)");
	text_fmt(d, " (%u)\n\tMsg: ", severity);
	for (; n < len; n++)
		text_ascii(d, u8(d, p + n));
	if (d->v > 1)
		text_unknown(d, p, "\n\t", len);
}

const struct proto proto_syslog = PROTO("syslog", "syslog", "Syslog", syslog, F);
