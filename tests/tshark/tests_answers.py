"""Times of answers: DNS, ICMP, ICMPv6."""
import random
import struct

import wire

START = 1_700_000_000 * 10**9


def at(seconds, packet):
    return wire.At(START + round(seconds * 10**9), packet)


def dns(ident, reply=False, name=b"\x01a\x03com\0"):
    return struct.pack(">HHHHHH", ident, 0x8180 if reply else 0x0100, 1, 0, 0, 0) + name + b"\0\1\0\1"


def talk(seconds, ident, reply=False, client="192.0.2.1", server="192.0.2.2", port=1000, to=53):
    ports = (to, port) if reply else (port, to)
    ends = (server, client) if reply else (client, server)
    return at(seconds, wire.eth(wire.ip4(wire.udp(dns(ident, reply), *ports), src=ends[0], dst=ends[1])))


DNS_FLAGS = ["dns.retransmission", "dns.unsolicited", "dns.retransmit_request", "dns.retransmit_response"]
DNS_VALUES = ["dns.time", "dns.response_to", "dns.retransmit_request_in", "dns.retransmit_response_in"]


def test_dns_times(bench):
    packets = [
        talk(0, 1), talk(.01, 1, True),
        talk(1, 2), talk(2, 2), talk(2.5, 2, True), talk(2.6, 2, True),         # again, the answer too
        talk(3, 3), talk(8, 3), talk(8.1, 3, True),                             # five seconds later
        talk(9, 3), talk(13.999999, 3), talk(14.1, 3), talk(14.2, 3, True),
        talk(20, 4, True),                                                      # nobody asked
        talk(21, 5), talk(21.1, 5, True), talk(21.2, 5), talk(21.3, 5, True),   # the same id for another
        talk(22, 6), talk(22.1, 7), talk(22.2, 7, True), talk(22.3, 6, True),   # crossed
        talk(23, 8), talk(23.1, 8, True, server="192.0.2.3"),                   # somebody else answers
        talk(24, 9), talk(24.1, 9, True, port=1001),                            # or to somebody else
        talk(25, 10), talk(24.5, 10), talk(24.4, 10, True),                     # a clock that runs back
    ]
    bench.same(bench.put("dns.pcap", packets), DNS_VALUES + DNS_FLAGS, flags=DNS_FLAGS)


def test_dns_times_by_dice(bench):
    dice = random.Random(53)
    now, packets = 0, []
    for _ in range(3000):
        now += dice.choice((0, .001, .1, 1, 3)) * dice.random()
        packets.append(talk(now, dice.randrange(4), dice.random() < .4, port=1000 + dice.randrange(4)))
    bench.same(bench.put("dns.pcap", packets), DNS_VALUES + DNS_FLAGS, flags=DNS_FLAGS)


def echo(seconds, reply, ident, seq, data, six=False, client=1, server=2):
    """Requests come from the client, replies from the server."""
    ends = (server, client) if reply else (client, server)
    if six:
        src, dst = (f"2001:db8::{e}" for e in ends)
        packet = wire.ip6(wire.icmp6(129 if reply else 128, 0, struct.pack(">HH", ident, seq) + data), src=src, dst=dst)
    else:
        src, dst = (f"192.0.2.{e}" for e in ends)
        packet = wire.ip4(wire.icmp(0 if reply else 8, 0, struct.pack(">HH", ident, seq) + data), src=src, dst=dst)
    return at(seconds, wire.eth(packet))


def test_echo_times(bench):
    for six, fields in ((False, ["icmp.resptime", "icmp.resp_to"]), (True, ["icmpv6.resptime", "icmpv6.resp_to"])):
        packets = []
        say = lambda *a, **k: packets.append(echo(*a, six=six, **k))    # noqa: E731
        for i, data in enumerate((b"", b"\0", b"abcdefgh", b"\xff" * 9, b"\x12\x34" * 700)):
            say(i, False, 7, i, data)
            say(i + .0015 * (i + 1), True, 7, i, data)
        say(10, False, 7, 100, b"data"), say(10.1, True, 7, 100, b"Data")              # not what was sent
        say(11, False, 7, 101, b""), say(11.5, False, 7, 101, b"")                      # again
        say(11.6, True, 7, 101, b""), say(11.7, True, 7, 101, b"")
        say(12, True, 7, 102, b"")                                                      # nobody asked
        say(13, False, 7, 103, b""), say(13.1, True, 7, 103, b"", server=3)             # somebody else
        say(14, False, 7, 104, b""), say(13.5, True, 7, 104, b"")                       # a clock that runs back
        say(15, False, 0xffff, 0xffff, b""), say(3615, True, 0xffff, 0xffff, b"")       # an hour
        bench.same(bench.put("echo.pcap", packets), fields)
