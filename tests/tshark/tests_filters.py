"""Display filters: the same packets pass."""
import random

import wire
from tcp_dice import conversations
from tests_answers import dns, echo, talk
from tests_fragments import traffic
from tests_http import GET, Talk, ok

FILTERS = """
tcp
udp && !dns
ip || ipv6
not (tcp or udp)
vlan
tcp.port == 80
tcp.srcport eq 80 && tcp.dstport ne 4000
tcp.port in {80, 4000..4001, 20003}
udp.port == 53 and ip.src == 192.0.2.1
ip.addr == 192.0.2.0/30
ip.addr == 192.0.2.2 && !(ip.addr == 192.0.2.3)
ip.addr != 192.0.2.3
ip.src == 192.0.2.1 or ipv6.src == 2001:db8::1
ipv6.addr == 2001:db8::/32
eth.addr == 02:00:00:00:00:0a
eth.src[0:2] == 02:00
ip.ttl < 64 or ipv6.hlim >= 64
ip.len > 576
frame.len > 100 && frame.len <= 600
frame.number >= 100 && frame.number < 200
tcp.flags.syn == 1 && tcp.flags.ack == 0
tcp.flags & 0x05
tcp.flags.reset == 1
tcp.len > 0
tcp.stream == 3
tcp.stream in {0..4} and tcp.seq > 1000
tcp.options.mss_val == 1460
tcp.options.wscale.shift > 2
tcp.window_size > 65535
tcp.window_size_value == 0
tcp.analysis.flags
tcp.analysis.retransmission && !tcp.analysis.spurious_retransmission
tcp.analysis.duplicate_ack_num >= 2
tcp.analysis.ack_rtt > 0.001
tcp.analysis.bytes_in_flight > 1000
tcp.time_delta > 0.05
udp.stream == 2
udp.length == 27 || udp.length > 900
dns.flags.response == 1
dns.qry.name contains "a.c"
dns.qry.name matches "^A[.]com$"
dns.time > 0.05
dns.id == 5
http.request
http.response.code == 200 and http.content_length < 10
http.request.method == "GET" && http.host == "a"
http.time >= 0.01
http.request.uri matches "^/[xy]$"
icmp.type == 8
icmp.resptime > 2
icmpv6 || icmp
icmp.seq in {1..3}
ip.flags.mf == 1 || ip.frag_offset > 0
len(dns.qry.name) > 10
upper(http.host) == "A"
frame.time_relative > 0.5
count(ip.addr) == 4
"""


def mixed():
    """A little of everything, in the order of time."""
    packets = conversations(3, 300)
    for i in range(4):
        one = Talk(4000 + i)
        one.say(10 + i, 0, GET), one.say(25 + 2 * i, 1, ok(b"hello" * (1 + 300 * i)))
        packets += one.packets
    for i in range(20):
        packets += [talk(i / 20, i), talk(i / 20 + i / 150, i, True)]
    for i in range(5):
        packets += [echo(.1 * i, False, 1, i, b"data", six=i % 2), echo(.1 * i + .0007 * (i + 1), True, 1, i, b"data", six=i % 2)]
    packets += list(traffic(random.Random(5), 30, False, True))
    inside = wire.ip4(wire.udp(dns(99), 1234, 53), src="192.0.2.1", dst="192.0.2.3")
    packets += [wire.At(packets[0].ns + 10**8, wire.eth(wire.ip4(b"\0\0\x08\0" + inside, proto=47, src="203.0.113.1", ttl=9))),
                wire.At(packets[0].ns + 2 * 10**8, wire.vlan(inside, 0x2064))]
    return sorted(packets, key=lambda p: p.ns)


def test_display_filters(bench):
    packets = mixed()
    path = bench.put("mixed.pcap", packets)
    trouble, some = [], 0
    for f in FILTERS.strip().splitlines():
        ours, theirs = bench.rows(path, ["frame.number"], f)
        some += 0 < len(theirs) < len(packets)
        if ours != theirs:
            a, b = ({row[0] for row in rows} for rows in (ours, theirs))
            trouble.append(f"{f}: ours alone {sorted(a - b, key=int)[:10]}, tshark's alone {sorted(b - a, key=int)[:10]}")
    assert not trouble, "\n".join(trouble)
    assert some > 50, f"only {some} of the filters tell packets apart"
