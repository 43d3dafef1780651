#include <errno.h>
#include <getopt.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cmd/options.h"
#include "cmd/usage.h"

/* Sorted by letter, capitals first, then those without one. */
static const struct option_row rows[] = {
	{ '#', "number", NULL, "print packet numbers" },
	{ 'A', NULL, NULL, "print packets in ASCII; twice: with the link header" },
	{ 'B', "buffer-size", "size", "capture buffer, KiB" },
	{ 'C', NULL, "file_size", "begin a new file after this size (millions of bytes, or with k, m, g)" },
	{ 'D', "list-interfaces", NULL, "list the interfaces" },
	{ 'E', NULL, "algo:secret", "decrypt IPsec ESP" },
	{ 'F', NULL, "file", "read the filter expression from a file" },
	{ 'G', NULL, "seconds", "begin a new file after this time" },
	{ 'H', NULL, NULL, "detect 802.11s draft mesh headers" },
	{ 'I', "monitor-mode", NULL, "capture in monitor mode" },
	{ 'J', "list-time-stamp-types", NULL, "list the interface's time stamp types" },
	{ 'K', "dont-verify-checksums", NULL, "do not verify checksums" },
	{ 'L', "list-data-link-types", NULL, "list the interface's link types" },
	{ 'M', NULL, "secret", "shared secret of TCP-MD5 digests" },
	{ 'N', NULL, NULL, "no domain part of host names" },
	{ 'O', "no-optimize", NULL, "do not optimize the filter" },
	{ 'Q', "direction", "in|out|inout", "capture only this direction" },
	{ 'S', "absolute-tcp-sequence-numbers", NULL, "absolute TCP sequence numbers" },
	{ 'T', NULL, "type", "take packets for this protocol" },
	{ 'U', "packet-buffered", NULL, "write out each packet at once" },
	{ 'V', NULL, "file", "read the capture files listed in a file" },
	{ 'W', NULL, "filecount", "how many files to write in turn" },
	{ 'X', NULL, NULL, "print packets in hex and ASCII; twice: with the link header" },
	{ 'Y', "display-filter", "expression", "show only packets whose fields match", true },
	{ 'Z', "relinquish-privileges", "user", "run as this user after opening" },
	{ 'a', NULL, NULL, NULL },
	{ 'b', NULL, NULL, "AS numbers in ASDOT notation" },
	{ 'c', NULL, "count", "stop after this many packets" },
	{ 'd', NULL, NULL, "show the compiled filter; twice: as C, three times: as numbers" },
	{ 'e', NULL, NULL, "print the link header" },
	{ 'f', NULL, NULL, "foreign IPv4 addresses as numbers" },
	{ 'g', "ip-oneline", NULL, "no line break after the IP header with -v" },
	{ 'h', "help", NULL, "show the usage" },
	{ 'i', "interface", "interface", "capture on this interface" },
	{ 'j', "time-stamp-type", "tstamptype", "time stamp type" },
	{ 'l', NULL, NULL, "line-buffered output" },
	{ 'm', NULL, "module", "SMI module (accepted, ignored)" },
	{ 'n', NULL, NULL, "no names: addresses and ports as numbers" },
	{ 'p', "no-promiscuous-mode", NULL, "no promiscuous mode" },
	{ 'q', NULL, NULL, "less protocol information" },
	{ 'r', NULL, "file", "read packets from a capture file; of several, merged by time" },
	{ 's', "snapshot-length", "snaplen", "bytes to capture of each packet" },
	{ 't', NULL, NULL, "time stamp style: -t none, -tt epoch, -ttt delta, -tttt date, -ttttt elapsed" },
	{ 'u', NULL, NULL, "undecoded NFS handles" },
	{ 'v', NULL, NULL, "more detail; -vv and -vvv still more" },
	{ 'w', NULL, "file", "write packets to a capture file" },
	{ 'x', NULL, NULL, "print packets in hex; twice: with the link header" },
	{ 'y', "linktype", "datalinktype", "link type to capture with" },
	{ 'z', NULL, "postrotate-command", "run a command on each finished file" },
	{ OPT_VERSION, "version", NULL, "show the version" },
	{ OPT_STAMP_PRECISION, "time-stamp-precision", "precision", "micro or nano" },
	{ OPT_IMMEDIATE, "immediate-mode", NULL, "deliver each packet at once" },
	{ OPT_PRINT, "print", NULL, "print packets although -w writes them" },
	{ OPT_MICRO, "micro", NULL, "time stamps in microseconds" },
	{ OPT_NANO, "nano", NULL, "time stamps in nanoseconds" },
	{ OPT_FP_TYPE, "fp-type", NULL, NULL },
	{ OPT_COUNT, "count", NULL, "only count the packets of a file" },
	{ OPT_TIME_T_SIZE, "time-t-size", NULL, NULL },
	{ OPT_JSON, "json", NULL, "one JSON object a line for each packet", true },
	{ OPT_FIELDS, "fields", "field,...", "print these fields, tab-separated", true },
	{ OPT_JOBS, "jobs", "threads", "how many threads work; also -j with a number", true },
	{ OPT_HEADER, "header", NULL, "a line of column names before --fields", true },
	{ OPT_FLOWS, "flows", NULL, "with --json: what conversations tell, too", true },
	{ OPT_NO_JIT, "no-jit", NULL, "interpret the filter", true },
	{ OPT_NO_SANDBOX, "no-sandbox", NULL, "go without the sandbox", true },
	{ OPT_SANDBOX_REPORT, "sandbox-report", NULL, "tell what the sandbox allows", true },
};
enum { ROWS = sizeof rows / sizeof *rows };

static const struct name packet_types[] = {
	{ PT_AODV, "aodv" }, { PT_CARP, "carp" }, { PT_CNFP, "cnfp" }, { PT_DOMAIN, "domain" }, { PT_LMP, "lmp" },
	{ PT_PGM, "pgm" }, { PT_PGM_ZMTP1, "pgm_zmtp1" }, { PT_PTP, "ptp" }, { PT_QUIC, "quic" },
	{ PT_RADIUS, "radius" }, { PT_RESP, "resp" }, { PT_RPC, "rpc" }, { PT_RTCP, "rtcp" }, { PT_RTP, "rtp" },
	{ PT_SNMP, "snmp" }, { PT_SOMEIP, "someip" }, { PT_TFTP, "tftp" }, { PT_VAT, "vat" }, { PT_VXLAN, "vxlan" },
	{ PT_WB, "wb" }, { PT_ZMTP1, "zmtp1" }, { 0 },
};

const struct option_row *
option_at(unsigned i)
{
	return i < ROWS ? &rows[i] : NULL;
}

const struct option_row *
option_by_letter(int letter)
{
	for (unsigned i = 0; i < ROWS; i++)
		if (rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

/* getopt's two tables, from the rows. */
struct tables {
	char letters[2 * ROWS + 1];
	struct option names[ROWS + 1];
};

static void
tables_fill(struct tables *t, bool plain)
{
	char *letter = t->letters;
	struct option *name = t->names;

	for (unsigned i = 0; i < ROWS; i++) {
		const struct option_row *r = &rows[i];

		if (r->ours && plain) {
			/* tcpdump takes this letter alone, and does nothing with it. */
			if (r->letter == 'Y')
				*letter++ = 'Y';
			continue;
		}
		if (r->letter < 256) {
			*letter++ = (char)r->letter;
			if (r->arg)
				*letter++ = ':';
		}
		if (r->name)
			*name++ = (struct option) { r->name, r->arg ? required_argument : no_argument, NULL,
			    r->letter };
	}
	*letter = '\0';
	*name = (struct option) { 0 };
}

/* -C: a number of millions of bytes, or of KiB, MiB or GiB with one letter behind it. */
static bool
parse_size(const char *arg, uint64_t *size, struct err *e)
{
	static const struct { char letter; int64_t unit; } units[] = {
		{ 'k', 1 << 10 }, { 'm', 1 << 20 }, { 'g', 1 << 30 },
	};
	int64_t unit = 0;
	long long n;
	char *end;

	errno = 0;
	n = strtoll(arg, &end, 10);
	if (*end == '\0')
		unit = 1000000;
	for (unsigned i = 0; i < 3; i++)
		if ((*end | 0x20) == units[i].letter && end[1] == '\0')
			unit = units[i].unit;
	if (end == arg || errno || n <= 0 || unit == 0)
		return err_set(e, "invalid file size %s", arg);
	if (n > INT64_MAX / unit)
		return err_set(e, "file size %s is too large", arg);
	*size = (uint64_t)(n * unit);
	return true;
}

static bool
parse_snaplen(const char *arg, int *snaplen, struct err *e)
{
	char *end;
	long n = strtol(arg, &end, 0);

	if (end == arg || *end || n < 0 || n > PACKET_MAX)
		return err_set(e, "invalid snaplen %s (must be >= 0 and <= %d)", arg, PACKET_MAX);
	*snaplen = (int)n;
	return true;
}

static bool
parse_direction(const char *arg, int *direction, struct err *e)
{
	if (strcasecmp(arg, "in") == 0)
		*direction = PCAP_D_IN;
	else if (strcasecmp(arg, "out") == 0)
		*direction = PCAP_D_OUT;
	else if (strcasecmp(arg, "inout") == 0)
		*direction = PCAP_D_INOUT;
	else
		return err_set(e, "unknown capture direction '%s'", arg);
	return true;
}

static bool
parse_precision(const char *arg, int *nano, struct err *e)
{
	if (strncmp(arg, "nano", 4) == 0)
		*nano = 1;
	else if (strncmp(arg, "micro", 5) == 0)
		*nano = 0;
	else
		return err_set(e, "unsupported time stamp precision");
	return true;
}

static bool
parse_type(const char *arg, int *type, struct err *e)
{
	for (const struct name *n = packet_types; n->name; n++)
		if (strcasecmp(arg, n->name) == 0) {
			*type = (int)n->value;
			return true;
		}
	return err_set(e, "unknown packet type '%s'", arg);
}

/* A positive number, read as atoi does: what follows the digits is not looked at. */
static bool
parse_count(const char *arg, const char *what, long *n, struct err *e)
{
	*n = atoi(arg);
	return *n > 0 || err_set(e, "invalid %s %s", what, arg);
}

static bool
parse_jobs(const char *arg, unsigned *jobs, struct err *e)
{
	char *end;
	long n = strtol(arg, &end, 10);

	if (end == arg || *end || n < 1 || n > OPTIONS_JOBS_MAX)
		return err_set(e, "invalid number of threads %s (must be 1 to %d)", arg, OPTIONS_JOBS_MAX);
	*jobs = (unsigned)n;
	return true;
}

/* Options that change what is printed of a packet. */
static bool
take_style(struct style *s, int letter, const char *arg, struct err *e)
{
	switch (letter) {
	case '#': s->number = 1; return true;
	case 'A': s->A++; return true;
	case 'E': s->esp_secrets = arg; return true;
	case 'H': s->H++; return true;
	case 'K': s->K++; return true;
	case 'M': s->md5_secret = arg; return true;
	case 'N': s->N++; return true;
	case 'S': s->S++; return true;
	case 'T': return parse_type(arg, &s->type, e);
	case 'X': s->X++, s->no_default++; return true;
	case 'b': s->b++; return true;
	case 'e': s->e++; return true;
	case 'g': s->oneline++; return true;
	case 'n': s->n++; return true;
	case 'q': s->q++, s->no_default++; return true;
	case 't': s->t++; return true;
	case 'u': s->u++; return true;
	case 'v': s->v++; return true;
	case 'x': s->x++, s->no_default++; return true;
	case OPT_STAMP_PRECISION: return parse_precision(arg, &s->nano, e);
	case OPT_MICRO: s->nano = 0; return true;
	case OPT_NANO: s->nano = 1; return true;
	}
	return false;
}

/* Options of where packets come from. */
static bool
take_in(struct dump_options *o, int letter, const char *arg, struct err *e)
{
	struct live_options *l = &o->live;

	switch (letter) {
	case 'B':
		l->buffer = (int)((unsigned)atoi(arg) * 1024u);
		return l->buffer > 0 || err_set(e, "invalid packet buffer size %s", arg);
	case 'D': o->list_devices++; return true;
	case 'I': l->monitor = true; return true;
	case 'J': o->list_stamps++; return true;
	case 'L': o->list_links++; return true;
	case 'Q': return parse_direction(arg, &l->direction, e);
	case 'V': o->read_list = arg; return true;
	case 'i': o->device = arg; return true;
	case 'j':
		/* No type of time stamps is called by a number. */
		if (!o->plain && arg[strspn(arg, "0123456789")] == '\0')
			return parse_jobs(arg, &o->jobs, e);
		l->stamp_type = pcap_tstamp_type_name_to_val(arg);
		return l->stamp_type >= 0 || err_set(e, "invalid time stamp type %s", arg);
	case 'p': l->promiscuous = false; return true;
	case 'r':
		if (o->plain)
			o->n_reads = 0;		/* the last one counts */
		if (o->n_reads == READS_MAX)
			return err_set(e, "-r more than %d times", READS_MAX);
		o->reads[o->n_reads++] = arg;
		return true;
	case 's': return parse_snaplen(arg, &l->snaplen, e);
	case 'y':
		l->link = pcap_datalink_name_to_val(arg);
		return l->link >= 0 || err_set(e, "invalid data link type %s", arg);
	case OPT_IMMEDIATE: l->immediate = true; return true;
	}
	return false;
}

/* Options of what is done with them. */
static bool
take_out(struct dump_options *o, int letter, const char *arg, struct err *e)
{
	long n;

	switch (letter) {
	case 'C': return parse_size(arg, &o->size, e);
	case 'F': o->filter_file = arg; return true;
	case 'G':
		n = atoi(arg);
		o->seconds = n < 0 ? 0 : (uint64_t)n;
		return n >= 0 || err_set(e, "invalid number of seconds %s", arg);
	case 'O': o->optimize = false; return true;
	case 'U': o->packet_buffered = true; return true;
	case 'W':
		if (!parse_count(arg, "number of output files", &n, e))
			return false;
		o->files = (unsigned)n;
		return true;
	case 'Y': o->display_filter = arg; return true;
	case 'a': return true;
	case 'Z': o->user = arg; return true;
	case 'c': return parse_count(arg, "packet count", &o->count, e);
	case 'd': o->dump_code++; return true;
	case 'f': o->foreign++; return true;
	case 'l': o->line_buffered = true; return true;
	case 'm': usage_no_smi(arg); return true;
	case 'w': o->write = arg; return true;
	case 'z': o->command = arg; return true;
	case OPT_PRINT: o->print = true; return true;
	case OPT_COUNT: o->count_only = true; return true;
	case OPT_JSON: o->json = true; return true;
	case OPT_FIELDS: o->fields = arg; return true;
	case OPT_HEADER: o->header = true; return true;
	case OPT_FLOWS: o->flows = true; return true;
	case OPT_JOBS: return parse_jobs(arg, &o->jobs, e);
	case OPT_NO_JIT: o->interpret = true; return true;
	case OPT_NO_SANDBOX: o->no_sandbox = true; return true;
	case OPT_SANDBOX_REPORT: o->sandbox_report = true; return true;
	}
	return false;
}

/* What no single option is wrong about. */
static bool
check_together(struct dump_options *o, struct err *e)
{
	struct style *s = &o->style;

	if (s->A && s->x)
		return err_set(e, "-A and -x[x] are mutually exclusive.");
	if (s->A && s->X)
		return err_set(e, "-A and -X[X] are mutually exclusive.");
	if (s->x && s->X)
		s->x = 0;	/* -xX has meant -X for decades; 4.99.6 refuses it */
	if (o->list_devices)
		return true;
	if (s->t > 5)
		return err_set(e, "only -t, -tt, -ttt, -tttt and -ttttt are supported");
	if (o->foreign && (o->n_reads || o->read_list))
		return err_set(e, "-f can not be used with -V or -r");
	if (o->n_reads && o->read_list)
		return err_set(e, "-V and -r are mutually exclusive.");
	if (o->json && o->fields)
		return err_set(e, "--json and --fields are mutually exclusive.");
	if (o->flows && !o->json)
		return err_set(e, "--flows goes with --json.");
	return true;
}

enum options_result
options_parse(int argc, char **argv, bool plain, struct dump_options *o, struct err *e)
{
	struct tables t;
	int letter;

	*o = (struct dump_options) {
		.plain = plain, .count = -1, .optimize = true,
		.live = { .stamp_type = -1, .direction = -1, .link = -1, .promiscuous = true },
	};
	e->text[0] = '\0';
	tables_fill(&t, plain);
	while ((letter = getopt_long(argc, argv, t.letters, t.names, NULL)) != -1) {
		switch (letter) {
		case '?':
			usage_print(stderr);
			return OPTIONS_ERROR;
		case 'h':
			usage_print(stdout);
			return OPTIONS_DONE;
		case OPT_VERSION:
			usage_version(stdout);
			return OPTIONS_DONE;
		case OPT_FP_TYPE:
			usage_float(stdout);
			return OPTIONS_DONE;
		case OPT_TIME_T_SIZE:
			printf("%zu\n", sizeof(time_t) * 8);
			return OPTIONS_DONE;
		}
		if (!take_style(&o->style, letter, optarg, e) && e->text[0] == '\0' &&
		    !take_in(o, letter, optarg, e) && e->text[0] == '\0')
			take_out(o, letter, optarg, e);
		if (e->text[0])
			return OPTIONS_ERROR;
	}
	o->expression = argv + optind;
	o->live.nano = o->style.nano != 0;
	return check_together(o, e) ? OPTIONS_RUN : OPTIONS_ERROR;
}
