#include "cmd/dump.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proto/protos.h"

int
cmd_dump(int argc, char **argv)
{
	struct style s = { 0 };
	const char *file = NULL;
	int c, status = 0;

	while ((c = getopt(argc, argv, "#nevqSKtxXAbuHTgr:N")) != -1) {
		switch (c) {
		case '#': s.number = 1; break;
		case 'n': s.n++; break;
		case 'e': s.e++; break;
		case 'v': s.v++; break;
		case 'q': s.q++; break;
		case 'S': s.S++; break;
		case 'K': s.K++; break;
		case 't': s.t++; break;
		case 'x': s.x++; s.no_default = 1; break;
		case 'X': s.X++; s.no_default = 1; break;
		case 'A': s.A++; break;
		case 'b': s.b++; break;
		case 'u': s.u++; break;
		case 'H': s.H++; break;
		case 'N': s.N++; break;
		case 'g': s.oneline++; break;
		case 'r': file = optarg; break;
		default: return 1;
		}
	}
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *p = pcap_open_offline_with_tstamp_precision(file ? file : "-", PCAP_TSTAMP_PRECISION_NANO, err);
	if (!p) {
		fprintf(stderr, "wiretape: %s\n", err);
		return 1;
	}
	struct demux *x = demux_new(protos_rows, protos_n_rows);
	struct dis *d = dis_new(&s, x, NULL, conv_new());
	struct pcap_pkthdr *h;
	const u_char *bytes;
	uint64_t n = 0;
	int r;
	while ((r = pcap_next_ex(p, &h, &bytes)) == 1) {
		struct packet pkt = { bytes, h->caplen, h->len, h->ts.tv_sec, (uint32_t)h->ts.tv_usec,
			(uint32_t)pcap_datalink(p), 0 };
		dis_packet(d, &pkt, ++n);
		fwrite(d->base, 1, (size_t)(d->out - d->base), stdout);
		dis_clear(d);
	}
	if (r == -1) {
		fprintf(stderr, "wiretape: pcap_loop: %s\n", pcap_geterr(p));
		status = 1;
	}
	pcap_close(p);
	return status;
}
