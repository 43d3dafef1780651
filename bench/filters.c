/*
 * What a filter costs: libpcap's interpreter beside our machine code, in one run and in turns, on packets that stay in
 * cache. usage: filters [--all]: with the lists that libpcap itself takes minutes to compile.
 *
 * About a quarter of the packets match, the rest are others. Instructions are counted by stepping a child process
 * through them, one by one; a dash where that is not permitted. Ends with status 1 when a target is missed.
 */
#include <pcap/pcap.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bpf/native.h"

enum { PACKETS = 256, SIZE = 96, STEPPED = 64, ROUNDS = 15 };

struct work {
	const char *title;
	const char *expression;	/* or of each of the list: a format with two numbers, joined by `or` */
	int n;			/* how many; 0: the expression is the filter */
	bool slow;		/* to compile */
	double times;		/* target: so many times the interpreter */
};

static const struct work works[] = {
	{ "5 terms: flags of a port and a network",
	  "ip and tcp and src net 10.0.0.0/8 and dst port 443 and tcp[tcpflags] & tcp-ack != 0", 0, false, 4 },
	{ "5 terms: ports and protocols", "tcp port 80 or tcp port 443 or udp port 53 or icmp or arp", 0, false, 4 },
	{ "tcp port 443", "tcp port 443", 0, false, 0 },
	{ "everything", "ether[0] >= 0", 0, false, 0 },
	{ "host, IPv4", "host 10.0.%d.%d", 10, false, 0 },
	{ "host, IPv4", "host 10.0.%d.%d", 40, false, 4 },
	{ "host, IPv4", "host 10.0.%d.%d", 200, false, 0 },
	{ "host, IPv4", "host 10.0.%d.%d", 1000, true, 0 },
	{ "src host, IPv4", "src host 10.0.%d.%d", 10, false, 0 },
	{ "src host, IPv4", "src host 10.0.%d.%d", 40, false, 4 },
	{ "src host, IPv4", "src host 10.0.%d.%d", 200, false, 0 },
	{ "src host, IPv4", "src host 10.0.%d.%d", 1000, true, 0 },
	{ "host, IPv6", "host 2001:db8::%x:%x", 10, false, 0 },
	{ "host, IPv6", "host 2001:db8::%x:%x", 40, false, 4 },
	{ "host, IPv6", "host 2001:db8::%x:%x", 200, false, 0 },
	{ "host, IPv6", "host 2001:db8::%x:%x", 1000, false, 0 },
	{ "port", "port 1%d%03d", 10, false, 0 },
	{ "port", "port 1%d%03d", 40, false, 4 },
	{ "port", "port 1%d%03d", 200, false, 0 },
	{ "port", "port 1%d%03d", 1000, true, 0 },
	{ "net, IPv4", "net 10.%d.%d.0/24", 10, false, 0 },
	{ "net, IPv4", "net 10.%d.%d.0/24", 40, false, 4 },
	{ "net, IPv4", "net 10.%d.%d.0/24", 200, false, 0 },
	{ "net, IPv4", "net 10.%d.%d.0/24", 1000, true, 0 },
	{ "net, IPv6", "net 2001:db8:%x:%x::/64", 10, false, 0 },
	{ "net, IPv6", "net 2001:db8:%x:%x::/64", 40, false, 4 },
	{ "net, IPv6", "net 2001:db8:%x:%x::/64", 200, false, 0 },
	{ "net, IPv6", "net 2001:db8:%x:%x::/64", 1000, false, 0 },
};

static uint8_t packets[PACKETS][SIZE];
static uint32_t volatile sink;
static uint64_t seed = 42;

static uint32_t
rnd(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static void
put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* An address: of the list's n-th element, or of none (n < 0). */
static void
put_address(uint8_t *p, const struct work *w, bool six, int n)
{
	bool net = strncmp(w->expression, "net", 3) == 0;
	uint32_t high = n < 0 ? 128 + rnd(64) : (uint32_t)n / 250, low = n < 0 ? rnd(250) : (uint32_t)n % 250;

	if (!six) {
		p[0] = n < 0 && rnd(2) ? 192 : 10;
		p[1] = net ? (uint8_t)high : 0;
		p[2] = (uint8_t)(net ? low : high);
		p[3] = (uint8_t)(net ? rnd(256) : low);
		return;
	}
	memcpy(p, "\x20\x01\x0d\xb8", 4);
	memset(p + 4, 0, 12);
	put16(p + (net ? 4 : 12), high);
	put16(p + (net ? 6 : 14), low);
}

/* TCP mostly, some UDP and ARP, in the list's family. */
static void
packets_make(const struct work *w)
{
	bool six = strchr(w->expression, ':') && w->n, ports = strncmp(w->expression, "port", 4) == 0;

	for (unsigned i = 0; i < PACKETS; i++) {
		uint8_t *p = packets[i], *at = p + (six ? 54 : 34);
		bool match = rnd(4) == 0, arp = !six && rnd(32) == 0, reverse = rnd(2) && (w->n || !match);
		int n = w->n && match ? (int)rnd((uint32_t)w->n) : -1;

		memset(p, 0, SIZE);
		put16(p + 12, arp ? 0x0806 : six ? 0x86dd : 0x0800);
		p[14] = six ? 0x60 : 0x45;
		p[six ? 20 : 23] = rnd(4) || (match && !w->n) ? 6 : 17;
		put_address(p + (six ? 22 : 26), w, six, reverse || ports ? -1 : n);
		put_address(p + (six ? 38 : 30), w, six, reverse && !ports && strncmp(w->expression, "src", 3) ? n : -1);
		put16(at + (reverse ? 2 : 0), 32768 + rnd(28000));
		put16(at + (reverse ? 0 : 2), n >= 0 && ports ? 10000 + (uint32_t)n / 250 * 1000 + (uint32_t)n % 250 :
		    match ? 443 : 500 + rnd(100));
		at[13] = 0x10;
		if (match && !w->n)
			p[26] = 10;
	}
}

static char *
expression_of(const struct work *w)
{
	size_t size = strlen(w->expression) * (size_t)(w->n + 1) + 32 * (size_t)w->n + 1, at = 0;
	char *text = malloc(size);

	if (!text)
		exit(1);
	at = (size_t)snprintf(text, size, "%s", w->n ? "" : w->expression);
	for (int i = 0; i < w->n; i++) {
		at += (size_t)snprintf(text + at, size - at, "%s", i ? " or " : "");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		at += (size_t)snprintf(text + at, size - at, w->expression, i / 250, i % 250);
#pragma GCC diagnostic pop
	}
	return text;
}

/* One way to run the filter. */
struct way {
	const struct bpf_insn *insns;
	native_function *run;	/* NULL: interpret */
};

static inline uint32_t
ask(const struct way *way, unsigned i)
{
	return way->run ? way->run(packets[i], SIZE, SIZE) : bpf_filter(way->insns, packets[i], SIZE, SIZE);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Nanoseconds for a packet, over so many passes. */
static double
timed(const struct way *way, unsigned passes)
{
	double start = seconds();
	uint32_t sum = 0;

	/* Each with a loop of its own, unrolled: the choice between them and the loop are not part of either. */
	if (way->run) {
		native_function *run = way->run;

		for (unsigned pass = 0; pass < passes; pass++)
#pragma GCC unroll 8
			for (unsigned i = 0; i < PACKETS; i++)
				sum += run(packets[i], SIZE, SIZE);
	} else {
		for (unsigned pass = 0; pass < passes; pass++)
#pragma GCC unroll 8
			for (unsigned i = 0; i < PACKETS; i++)
				sum += bpf_filter(way->insns, packets[i], SIZE, SIZE);
	}
	sink = sum;
	return (seconds() - start) * 1e9 / passes / PACKETS;
}

/* Steps a child through the first `n` packets; how many instructions that took; below 0: it may not be done. */
static long
steps(const struct way *way, unsigned n)
{
	long count = 0;
	int status;
	pid_t child = fork();

	if (child == 0) {
		uint32_t sum = 0;

		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(1);
		sum += ask(way, 0);	/* what is done once is done now */
		raise(SIGSTOP);
		for (unsigned i = 0; i < n; i++)
			sum += ask(way, i);
		sink = sum;
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
		return -1;
	for (; WIFSTOPPED(status); count++)
		if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) != 0 || waitpid(child, &status, 0) != child)
			return -1;
	return WEXITSTATUS(status) == 0 ? count : -1;
}

/* Of a call for a packet; of fewer packets where each takes long. */
static void
print_instructions(const struct way *way, size_t insns)
{
	unsigned n = way->run || insns < 500 ? STEPPED : insns < 3000 ? 16 : 4;
	long many = steps(way, n), none = steps(way, 0);

	if (many < 0 || none < 0)
		printf(" - |");
	else
		printf(" %.0f |", (double)(many - none) / n);
}

static bool
row(const struct work *w)
{
	char *text = expression_of(w);
	pcap_t *h = pcap_open_dead(DLT_EN10MB, 262144);
	struct bpf_program code;
	struct way ways[2] = { 0 };
	double best[2] = { 1e9, 1e9 };
	unsigned passes[2], matched = 0;
	struct native *native;
	bool ok;

	packets_make(w);
	if (!h || pcap_compile(h, &code, text, 1, PCAP_NETMASK_UNKNOWN) != 0 ||
	    !(native = native_new(code.bf_insns, code.bf_len))) {
		printf("| %s | no machine code here: %s |\n", w->title, h ? pcap_geterr(h) : "");
		exit(1);
	}
	ways[0].insns = ways[1].insns = code.bf_insns;
	ways[1].run = native_code(native);
	for (unsigned i = 0; i < PACKETS; i++) {
		if (ask(&ways[0], i) != ask(&ways[1], i)) {
			printf("%s: they differ\n", w->title);
			exit(1);
		}
		matched += ask(&ways[1], i) != 0;
	}
	for (unsigned k = 0; k < 2; k++)	/* two milliseconds or so a round */
		passes[k] = 1 + (unsigned)(2e6 / (timed(&ways[k], 4) * PACKETS));
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned k = 0; k < 2; k++) {
			double ns = timed(&ways[k], passes[k]);

			best[k] = ns < best[k] ? ns : best[k];
		}
	ok = w->times == 0 || best[0] / best[1] >= w->times;
	printf("| `%s`%s | %d | %u | %u %% | %.1f | %.1f | %.1f |", w->title, w->n ? " or ..." : "", w->n, code.bf_len,
	    matched * 100 / PACKETS, best[0], best[1], best[0] / best[1]);
	if (w->times)
		printf(" %.0f |", w->times);
	else
		printf(" - |");
	print_instructions(&ways[0], code.bf_len);
	print_instructions(&ways[1], code.bf_len);
	printf(" %s |\n", w->times == 0 ? "" : ok ? "pass" : "**fail**");
	native_free(native);
	pcap_freecode(&code);
	pcap_close(h);
	free(text);
	return ok;
}

int
main(int argc, char **argv)
{
	bool all = argc > 1 && strcmp(argv[1], "--all") == 0, ok = true;

	setvbuf(stdout, NULL, _IONBF, 0);
	puts("| filter | elements | BPF instructions | match | bpf_filter, ns/packet | native, ns/packet | times | target | "
	     "bpf_filter, instr/packet | native, instr/packet | |");
	puts("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
	for (size_t i = 0; i < sizeof works / sizeof *works; i++)
		if (all || !works[i].slow)
			ok &= row(&works[i]);
	return !ok;
}
