#include "cmd/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libpcap gives up on much shorter expressions. */
enum { EXPRESSION_MAX = 16 << 20 };

static char *
read_file(const char *path, struct err *e)
{
	FILE *in = fopen(path, "re");
	char *text = NULL, *more;
	size_t n = 0, room = 0, got = 1;

	if (!in) {
		err_set(e, "can't open %s: %s", path, strerror(errno));
		return NULL;
	}
	errno = 0;
	while (got > 0 && n < EXPRESSION_MAX) {
		if (n + 1 >= room) {
			room = room * 2 + 4096;
			more = realloc(text, room);
			if (!more) {
				errno = ENOMEM;
				break;
			}
			text = more;
		}
		got = fread(text + n, 1, room - n - 1, in);
		n += got;
	}
	if (ferror(in) || errno == ENOMEM)
		err_set(e, "read %s: %s", path, strerror(errno));
	else if (n >= EXPRESSION_MAX)
		err_set(e, "%s is too large", path);
	else {
		fclose(in);
		text[n] = '\0';
		for (char *p = text; (p = strchr(p, '#')) != NULL; )
			memset(p, ' ', strcspn(p, "\n"));
		return text;
	}
	fclose(in);
	free(text);
	return NULL;
}

static char *
join(char **words, struct err *e)
{
	size_t n = 1;
	char *text, *to;

	for (char **w = words; *w; w++)
		n += strlen(*w) + 1;
	text = to = malloc(n);
	if (!text) {
		err_set(e, "out of memory");
		return NULL;
	}
	for (char **w = words; *w; w++) {
		if (w > words)
			*to++ = ' ';
		to = stpcpy(to, *w);
	}
	*to = '\0';
	return text;
}

/* The length of "port", blanks, number, hyphen, number at p, a word of its own; 0 if it is something else. */
static size_t
port_span(const char *text, const char *p)
{
	const char *start = p;

	if (strncmp(p, "port", 4) != 0 || !isspace((unsigned char)p[4]) ||
	    (p > text && (isalnum((unsigned char)p[-1]) || strchr("-_.", p[-1]))))
		return 0;
	p += 4 + strspn(p + 4, " \t\n\r");
	for (int i = 0; i < 2; i++) {
		size_t digits = strspn(p, "0123456789");

		if (digits == 0 || (i == 0 && p[digits] != '-'))
			return 0;
		p += digits + (i == 0);
	}
	return *p && (isalnum((unsigned char)*p) || strchr("-_.", *p)) ? 0 : (size_t)(p - start);
}

static char *
ports_to_ranges(char *text, struct err *e)
{
	char *out, *to;
	const char *p = text;

	out = to = malloc(strlen(text) * 2 + 1);
	if (!out) {
		free(text);
		err_set(e, "out of memory");
		return NULL;
	}
	while (*p) {
		size_t n = port_span(text, p);

		if (n > 0) {
			to = stpcpy(to, "portrange");
			memcpy(to, p + 4, n - 4);
			to += n - 4;
			p += n;
		} else
			*to++ = *p++;
	}
	*to = '\0';
	free(text);
	return out;
}

char *
expression_text(const char *file, char **words, struct err *e)
{
	char *text = file ? read_file(file, e) : join(words, e);

	return text ? ports_to_ranges(text, e) : NULL;
}

/* The words of pcap-filter(7), sorted; what else is a word is a name that somebody has to look up. */
static const char *const words_known[] = {
	"aarp", "action", "addr1", "addr2", "addr3", "addr4", "address1", "address2", "address3",
	"address4", "ah", "and", "arp", "atalk", "bcc", "broadcast", "byte", "carp", "clnp", "connectmsg",
	"csnp", "decnet", "dir", "direction", "dpc", "dst", "esis", "esp", "ether", "fddi", "fisu", "fr",
	"gateway", "geneve", "greater", "hdpc", "hfisu", "hlssu", "hmsu", "hopc", "host", "hsio", "hsls",
	"icmp", "icmp6", "ifindex", "ifname", "igmp", "igrp", "iih", "ilmic", "inbound", "ip", "ip6", "ipx",
	"is-is", "isis", "iso", "l1", "l2", "lane", "lat", "len", "less", "link", "llc", "lsap", "lsp",
	"lssu", "mask", "metac", "metaconnect", "mopdl", "moprc", "mpls", "msu", "multicast", "net",
	"netbeui", "oam", "oamf4", "oamf4ec", "oamf4sc", "on", "opc", "or", "outbound", "pim", "port",
	"portrange", "ppp", "pppoed", "pppoes", "proto", "protochain", "psnp", "ra", "radio", "rarp",
	"reason", "rnr", "rset", "rulenum", "ruleset", "sc", "sca", "sctp", "sio", "slip", "sls", "snp",
	"src", "srcnr", "srnr", "stp", "subrulenum", "subtype", "ta", "tcp", "tr", "type", "udp", "vci",
	"vlan", "vpi", "vrrp", "wlan",
};

static bool
is_known(const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof words_known / sizeof *words_known; i++)
		if (strlen(words_known[i]) == n && memcmp(words_known[i], word, n) == 0)
			return true;
	/* Constants of headers: icmp-echo, tcp-syn, icmp6-... */
	return (n > 4 && memcmp(word, "tcp", 3) == 0 && strchr("-f", word[3])) || (n > 4 && memcmp(word, "icmp", 4) == 0);
}

bool
expression_has_names(const char *text)
{
	while (*text) {
		size_t n = strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-:\\");
		bool number = isdigit((unsigned char)*text) && strspn(text, "0123456789xabcdefABCDEF.:-") == n;

		if (n == 0)
			text++;
		else if (!number && !is_known(text, n) && !(memchr(text, ':', n) &&
		    strspn(text, "0123456789abcdefABCDEF:.") == n) && strspn(text, "-") != n && strspn(text, ":0123456789") != n)
			return true;
		text += n;
	}
	return false;
}
