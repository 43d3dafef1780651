"""Display filters: the same packets pass as with tshark -Y."""
import struct

import wire as w

NAME = b"\3www\7example\3com\0"
ASK = w.be16(0x1234, 0x0100, 1, 0, 0, 0) + NAME + w.be16(1, 1)
ANSWER = w.be16(0x1234, 0x8180, 1, 1, 0, 0) + NAME + w.be16(1, 1) + w.be16(0xC00C, 1, 1) + w.be32(60) + w.be16(4) + \
    w.a4("192.0.2.80")
NONE = w.be16(0x1235, 0x8183, 1, 0, 0, 0) + NAME + w.be16(28, 1)
GET = b"GET /index.html HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: curl/7.88\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

A, B, C = "10.1.2.3", "10.9.8.7", "192.168.1.1"


def ip(payload, src=A, dst=B, **how):
    return w.ip4(payload, src=src, dst=dst, **how)


def talk():
    """A TCP conversation with a byte of everything: handshake, request, answer, a repeated segment, end."""
    def one(client, data, seq, ack, flags, **how):
        ends, ports = ((A, B), (40000, 80)) if client else ((B, A), (80, 40000))
        return w.eth(ip(w.tcp(data, *ports, seq=seq, ack=ack, flags=flags, **how), *ends))
    n, m = len(GET), len(OK)
    mss = w.u8(2, 4) + w.be16(1460) + w.u8(3, 3, 7, 1)
    return [
        one(True, b"", 1000, 0, "S", options=mss), one(False, b"", 5000, 1001, "S.", options=mss),
        one(True, b"", 1001, 5001, "."),
        one(True, GET, 1001, 5001, "P."), one(False, b"", 5001, 1001 + n, "."), one(False, OK, 5001, 1001 + n, "P."),
        one(False, OK, 5001, 1001 + n, "P."), one(True, b"", 1001 + n, 5001 + m, "."), one(True, b"", 1001 + n, 5001 + m, "F."),
        one(False, b"", 5001 + m, 1002 + n, "F."), one(True, b"", 1002 + n, 5002 + m, "."),
    ]


def packets():
    ask = ip(w.udp(ASK, 5354, 53), A, C)
    other = ip(w.udp(b"?", 30000, 30001), A, C)
    six = w.eth(w.ip6(w.udp(ASK, 6000, 53), src="2001:db8::1", dst="2001:db8::53"))
    syn = w.tcp(b"", 40001, 443, seq=7, flags="S")
    fragment = struct.pack(">HHHH", 7000, 7001, 32, 0) + b"fragmented datagram here"
    parts = [w.eth(struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(p), 77, flags, 64, 17, 0) + w.a4(A) + w.a4(B) + p)
             for p, flags in ((fragment[:16], 0x2000), (fragment[16:], 2))]
    return talk() + [
        w.eth(ask), w.eth(ip(w.udp(ANSWER, 53, 5354), C, A)), w.eth(ip(w.udp(NONE, 53, 5354), C, A)),
        w.eth(ip(w.icmp(8, 0, w.be16(1, 7) + b"abcdefgh"))), w.eth(ip(w.icmp(0, 0, w.be16(1, 7) + b"abcdefgh"), B, A)),
        w.eth(ip(w.icmp(3, 3, b"\0" * 4 + other[:28]), C, A)),
        w.eth(w.vlan(ip(syn, A, C), 100), 0x8100), w.eth(ip(w.tcp(b"", 443, 40001, seq=0, ack=8, flags="R."), C, A)),
        six, w.eth(w.be16(1, 0x0800) + w.u8(6, 4) + w.be16(1) + w.mac(w.MAC_A) + w.a4(A) + bytes(6) + w.a4(B), 0x0806),
        w.eth(ip(ip(w.udp(b"inner", 9, 10), "172.16.0.1", "172.16.0.2"), proto=4)),
        w.eth(ip(w.be16(0, 0x0800) + ip(syn, "172.16.0.1", "172.16.0.2"), proto=47)),
        *parts, w.eth(ip(w.udp(bytes(range(64)), 30000, 30001), ttl=1)),
    ]


# Wireshark dissects what comes again no second time; Wiretape dissects segment by segment.
FILTERS = """tcp;udp;icmp;arp;dns;http and not tcp.analysis.retransmission;ipv6;vlan;gre;not tcp and not udp;
    tcp && !http && !tcp.analysis.retransmission;ip.src == 10.1.2.3;ip.dst != 10.9.8.7;
    ip.addr == 192.168.1.1;ip.addr == 10.0.0.0/8;!(ip.addr == 192.168.0.0/16);ip.addr != 10.1.2.3;ip.src in {10.1.2.3, 192.168.1.1};
    tcp.port == 443;tcp.port in {1..100, 443};tcp.dstport < 1024;udp.port > 6999 and udp.port < 8000;tcp.flags.syn == 1;
    tcp.flags.syn == 1 and tcp.flags.ack == 0;tcp.flags & 0x04;tcp.flags == 0x12;tcp.flags.reset;tcp.len > 0;ip.ttl == 1;
    ip.ttl >= 64;frame.len > 100;frame.number in {3..5};frame contains "curl";tcp contains "hello";http.request;
    http.request.method == "GET";http.response.code == 200 and not tcp.analysis.retransmission;http.host contains "example";http.user_agent matches "^CURL/[0-9]";
    dns.qry.name == "www.example.com";dns.qry.name contains "ample";dns.flags.rcode == 3;dns.flags.response == 1;dns.a == 192.0.2.80;
    dns.qry.type == 28;icmp.type == 8;icmp.type == 3;vlan.id == 100;eth.src == 02:00:00:00:00:0a;eth.dst[0:3] == 02:00:00;
    udp[0:2] == 75:30;ip[8] == 01;len(dns.qry.name) == 15;upper(http.host) == "WWW.EXAMPLE.COM";count(ip.src) == 2;
    ip.src#2 == 172.16.0.1;ipv6.addr == 2001:db8::/32;ipv6.dst == 2001:db8::53;arp.opcode == 1;arp.src.proto_ipv4 == 10.1.2.3;
    tcp.stream == 0;tcp.stream eq 1;udp.stream == 1;tcp.analysis.retransmission;tcp.analysis.flags;tcp.analysis.ack_rtt > 0.0005;
    tcp.time_delta > 0.002;tcp.time_relative < 0.004;dns.time > 0;icmp.resptime > 0.5;frame.time_delta >= 0.001;
    tcp.options.mss_val == 1460;tcp.seq == 1 and tcp.len > 0;ip.flags.mf == 1 or ip.frag_offset > 0;udp.dstport == 7001;
    not (tcp.srcport == 80 or tcp.len > 0)""".split(";")


def test_filters_of_one_conversation(bench):
    path = bench.put("filters.pcap", packets())
    wrong = []
    for one in (f.strip() for f in FILTERS):
        ours = bench.wiretape("-n", "-r", path, "-Y", one, "--fields", "frame.number").split()
        theirs = bench.tshark("-r", path, "-Y", one, "-T", "fields", "-e", "frame.number").split()
        if ours != theirs:
            wrong.append(f"{one}: {ours} and not {theirs}")
    assert not wrong, "\n".join(wrong)
