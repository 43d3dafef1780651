"""stats: the numbers of tshark's io,phs, conv, endpoints, plen,tree and io,stat."""
import json
import random
import re
import struct
from collections import Counter

import wire
from tcp_dice import conversations

# Layers that both programs tell apart in the same way; what is inside others is not compared.
KNOWN = set("eth vlan ip ipv6 tcp udp icmp icmpv6 arp sctp igmp gre dns".split())
PORTS = (40001, 40002, 41000, 45000, 50000)     # of no protocol


def everything(seed, n=1200):
    """Packets of all kinds that there are numbers of, in any order: plain, tagged, tunnelled, fragmented, quoted."""
    dice = random.Random(seed)
    hosts4 = [f"192.0.2.{i}" for i in range(1, 7)]
    hosts6 = [f"2001:db8::{i:x}" for i in range(1, 5)]
    macs = [f"02:00:00:00:01:{i:02x}" for i in range(4)]
    tcp = [p.data if isinstance(p, wire.At) else p for p in conversations(seed, n // 3)]

    def ends(hosts):
        return dict(zip(("src", "dst"), dice.sample(hosts, 2)))

    def transport():
        data = bytes(dice.randrange(256) for _ in range(dice.choice((1, 10, 100, 700, 1300))))
        if dice.random() < 0.7:
            return wire.udp(data, *dice.sample(PORTS, 2))
        chunk = struct.pack(">BBHIHHI", 0, 3, 16 + len(data), dice.randrange(1 << 32), 0, 0, 0) + data
        return wire.Seg(132, wire.be16(*dice.sample(PORTS, 2)) + wire.be32(7, 0) + chunk + b"\0" * (-len(data) % 4), None)

    def ip():
        if dice.random() < 0.3:
            return wire.ip6(transport(), **ends(hosts6))
        return wire.ip4(transport(), **ends(hosts4))

    def echo():
        kind = dice.choice((8, 0))
        return wire.ip4(wire.icmp(kind, 0, wire.be16(dice.randrange(3), dice.randrange(9)) + b"x" * 32), **ends(hosts4))

    def error():
        return wire.ip4(wire.icmp(3, 3, b"\0" * 4 + wire.ip4(wire.udp(b"q" * 20, *dice.sample(PORTS, 2)), **ends(hosts4))),
                        **ends(hosts4))

    def fragments():
        whole = wire.ip4(wire.udp(bytes(range(256)) * 8, *dice.sample(PORTS, 2)), **ends(hosts4))
        head, body, ident = whole[:20], whole[20:], dice.randrange(1 << 16)
        out = []
        for at in range(0, len(body), 800):
            part = body[at:at + 800]
            flags = at // 8 | (0x2000 if at + 800 < len(body) else 0)
            out.append(wire.eth(wire.ip4(part, 17, src=".".join(map(str, head[12:16])), dst=".".join(map(str, head[16:20])),
                                         ident=ident, flags=flags), **ends(macs)))
        if dice.random() < 0.3:
            del out[dice.randrange(len(out))]
        dice.shuffle(out)
        return out

    def arp():
        return wire.eth(wire.be16(1, 0x0800) + wire.u8(6, 4) + wire.be16(1) + wire.mac(macs[0]) + wire.a4(hosts4[0]) +
                        b"\0" * 6 + wire.a4(hosts4[1]), 0x0806, **ends(macs))

    def dns():
        query = struct.pack(">HHHHHH", dice.randrange(1 << 16), 0x100, 1, 0, 0, 0) + b"\x03www\x07example\x00\0\x01\0\x01"
        return wire.eth(wire.ip4(wire.udp(query, dice.choice(PORTS), 53), **ends(hosts4)), **ends(macs))

    out = []
    while len(out) < n:
        what = dice.randrange(12)
        if what < 3 and tcp:
            out.append(tcp.pop(0))
        elif what < 6:
            out.append(wire.eth(ip(), **ends(macs)))
        elif what == 6:
            inner = ip()
            kind = 0x86DD if inner[0] >> 4 == 6 else 0x0800
            tagged = wire.vlan(inner, dice.randrange(1, 5), kind)
            if dice.random() < 0.3:
                tagged = wire.vlan(tagged, 9, 0x8100)
            out.append(wire.eth(tagged, 0x8100, **ends(macs)))
        elif what == 7:
            out.append(wire.eth(dice.choice((echo, error))(), **ends(macs)))
        elif what == 8:
            inner = ip()
            six = inner[0] >> 4 == 6
            carrier = inner if dice.random() < 0.5 else wire.be16(0, 0x86DD if six else 0x0800) + inner
            proto = 47 if carrier is not inner else 41 if six else 4
            out.append(wire.eth(wire.ip4(carrier, proto, **ends(hosts4)), **ends(macs)))
        elif what == 9:
            out += fragments()
        elif what == 10:
            out.append(arp())
        else:
            out.append(dns())
    ns = 1_700_000_000 * 10**9
    timed = []
    for p in out:
        ns += dice.choice((1000, 50_000, 1_000_000, 30_000_000))
        timed.append(wire.At(ns, p))
    return timed


def handshakes(n=6):
    """Connections as they should be."""
    out = []
    for i in range(n):
        ends = ("192.0.2.1", "192.0.2.2")
        for step, (who, flags, seq, ack, data) in enumerate(((0, "S", 99, 0, b""), (1, "S.", 499, 100, b""), (0, ".", 100, 500, b""),
                                                             (0, "P.", 100, 500, b"ask"), (1, "P.", 500, 103, b"answer"),
                                                             (0, "F.", 103, 506, b""), (1, "F.", 506, 104, b""))):
            head = wire.tcp(data, *((30000 + i, 9999), (9999, 30000 + i))[who], seq=seq, ack=ack, flags=flags)
            out.append(wire.At(1_700_000_000 * 10**9 + i * 10**8 + step * (1_000_001 + i * 77_777),
                               wire.eth(wire.ip4(head, src=ends[who], dst=ends[1 - who]))))
    return out


def captures(bench):
    yield bench.put("plain.pcap", handshakes(), nano=True)
    for seed in range(4):
        yield bench.put(f"all{seed}.pcap", everything(seed))
        yield bench.put(f"tcp{seed}.pcap", [p for p in conversations(seed + 20, 600)])


def stats(bench, path, *args):
    return json.loads(bench.wiretape("stats", "--json", "-r", path, *args))


def compare(path, what, ours, theirs):
    assert ours == theirs, f"{path}: {what}\nonly ours {list((ours - theirs).items())[:10]}\n" \
        f"only tshark's {list((theirs - ours).items())[:10]}"
    return sum(ours.values())


def test_stats_hierarchy(bench):
    """Each protocol's packets and bytes, wherever only protocols that both know are around it."""
    def flat(nodes, path):
        for node in nodes:
            here = path + (node["protocol"],)
            yield here, (node["packets"], node["bytes"])
            yield from flat(node.get("protocols", []), here)

    compared = 0
    for path in captures(bench):
        theirs, at = Counter(), []
        for line in bench.tshark("-q", "-r", path, "-z", "io,phs").splitlines():
            m = re.match(r"( *)(\S+) +frames:(\d+) bytes:(\d+)", line)
            if m:
                at = at[:len(m[1]) // 2] + [m[2]]
                theirs[tuple(at), (int(m[3]), int(m[4]))] += 1
        ours = Counter(flat(stats(bench, path, "--hierarchy")["hierarchy"]["protocols"], ()))
        compared += compare(path, "hierarchy", *(Counter({k: v for k, v in c.items() if set(k[0]) <= KNOWN})
                                                 for c in (ours, theirs)))
    assert compared > 60, compared


def test_stats_conversations(bench):
    """Packets each way, all packets, start and duration of each conversation."""
    compared = Counter()
    for path in captures(bench):
        ours = stats(bench, path, "--conversations")["conversations"]
        for kind in ("eth", "ip", "ipv6", "tcp", "udp", "sctp"):
            theirs, mine = Counter(), Counter()
            for line in bench.tshark("-q", "-r", path, "-z", f"conv,{kind}").splitlines():
                m = re.match(r"(\S+) +<-> (\S+) +(\d+) +[\d.]+ \w+ +(\d+) +[\d.]+ \w+ +(\d+) +[\d.]+ \w+ +"
                             r"([\d.]+) +([\d.]+)$", line)
                if m:
                    pair = tuple(sorted(((m[1], int(m[4])), (m[2], int(m[3])))))
                    theirs[pair, int(m[5]), round(float(m[6]) * 1e6)] += 1
            for c in ours[kind]["conversations"]:
                name = {x: c[x] + (f":{c[x + '_port']}" if x + "_port" in c else "") for x in "ab"}
                pair = tuple(sorted(((name["a"], c["packets_ab"]), (name["b"], c["packets_ba"]))))
                mine[pair, c["packets"], round(c["relative_start"] * 1e6)] += 1
                assert c["bytes"] == c["bytes_ab"] + c["bytes_ba"] and c["packets"] == c["packets_ab"] + c["packets_ba"]
            compared[kind] += compare(path, f"conversations of {kind}", mine, theirs)
    assert all(compared[k] for k in ("eth", "ip", "ipv6", "tcp", "udp", "sctp")), compared


def test_stats_conversations_by_stream(bench):
    """Bytes, and times to the nanosecond, of each stream from its packets' fields."""
    compared = 0
    for path in captures(bench):
        ours = stats(bench, path, "--conversations=tcp,udp")["conversations"]
        for kind in ("tcp", "udp"):
            want = {}
            for line in bench.tshark("-r", path, "-Y", f"{kind} and not icmp", "-T", "fields", "-e", f"{kind}.stream", "-e", "frame.len",
                                     "-e", "frame.time_relative", "-e", "tcp.analysis.initial_rtt", "-e", "tcp.flags").splitlines():
                streams, length, when, rtt, flags = line.split("\t")
                for stream in streams.split(","):
                    s = want.setdefault(int(stream), [0, 0, [], None, []])
                    s[0] += 1
                    s[1] += int(length)
                    s[2].append(round(float(when) * 1e9))
                    s[3] = s[3] or rtt or None
                    s[4].append(int(flags or "0", 16) & 0x17)
            got = {c["stream"]: c for c in ours[kind]["conversations"]}
            assert set(got) == set(want), f"{path}: {kind} streams"
            for stream, (packets, size, times, rtt, flags) in want.items():
                c = got[stream]
                assert (c["packets"], c["bytes"]) == (packets, size), f"{path}: {kind} {stream}: {c}, tshark {packets} {size}"
                assert abs(c["duration"] * 1e9 - (max(times) - min(times))) < 2, f"{path}: {kind} {stream}: {c}"
                if rtt and flags[:3] == [2, 0x12, 0x10] and sum(f & 2 for f in flags) == 4:
                    compared += 1
                    assert abs(c["handshake_rtt"] - float(rtt)) < 2e-9, f"{path}: {kind} {stream}: {c}, tshark {rtt}"
    assert compared >= 6, compared


def test_stats_endpoints(bench):
    compared = Counter()
    for path in captures(bench):
        ours = stats(bench, path, "--endpoints")["endpoints"]
        for kind in ("eth", "ip", "ipv6", "tcp", "udp", "sctp"):
            ports = kind in ("tcp", "udp", "sctp")
            theirs, mine = Counter(), Counter()
            for line in bench.tshark("-q", "-r", path, "-z", f"endpoints,{kind}").splitlines():
                words = line.split()
                if len(words) == 7 + ports and words[-1].isdigit():
                    theirs[tuple(words[:1 + ports]), tuple(map(int, words[1 + ports:]))] += 1
            for e in ours[kind]["endpoints"]:
                who = (e["address"], str(e["port"])) if ports else (e["address"],)
                mine[who, (e["packets"], e["bytes"], e["packets_sent"], e["bytes_sent"], e["packets_received"],
                           e["bytes_received"])] += 1
            compared[kind] += compare(path, f"endpoints of {kind}", mine, theirs)
    assert all(compared[k] for k in ("eth", "ip", "ipv6", "tcp", "udp", "sctp")), compared


def test_stats_filtered(bench):
    """With -Y: what tshark counts with a filter."""
    path = bench.put("all.pcap", everything(7))
    for where in ("udp.length > 100", "ip.src == 192.0.2.1", "eth.src == 02:00:00:00:01:01 and ip"):
        ours = stats(bench, path, "--endpoints=udp,ip", "-Y", where)["endpoints"]
        for kind, n in (("udp", 2), ("ip", 1)):
            theirs = Counter(tuple(line.split()[:n + 2]) for line in
                             bench.tshark("-q", "-r", path, "-z", f"endpoints,{kind},{where}").splitlines()
                             if line[:1].isdigit())
            mine = Counter((e["address"], *([str(e["port"])] if n == 2 else []), str(e["packets"]), str(e["bytes"]))
                           for e in ours[kind]["endpoints"])
            assert compare(path, f"{kind} where {where}", mine, theirs)


def test_stats_sizes(bench):
    for path in captures(bench):
        theirs = Counter()
        for line in bench.tshark("-q", "-r", path, "-z", "plen,tree").splitlines():
            m = re.match(r" (\d+)(?:-\d+| and greater) +(\d+) +(\S+) +(\S+) +(\S+) ", line)
            if m:
                theirs[(m[1], m[2], *(("-",) * 3 if m[3] == "-" else (round(float(m[3])), m[4], m[5])))] += 1
        ours = Counter()
        for c in stats(bench, path, "--sizes")["sizes"]["classes"]:
            values = (round(c["average"]), str(c["smallest"]), str(c["largest"])) if c["packets"] else ("-",) * 3
            ours[(str(c["from"]), str(c["packets"]), *values)] += 1
        assert compare(path, "sizes", ours, theirs) == 10


def test_stats_time(bench):
    for path in captures(bench):
        if "tcp" in path:       # whose clocks run back, which the two see differently
            continue
        for interval in ("1", "0.1", "0.333"):
            theirs = []
            for line in bench.tshark("-q", "-r", path, "-z", f"io,stat,{interval}").splitlines():
                m = re.match(r"\|\s*[\d.]+ <> +(?:[\d.]+|Dur) *\| +(\d+) \| +(\d+) \|", line)
                if m:
                    theirs.append((int(m[1]), int(m[2])))
            ours = stats(bench, path, "--time", "--interval", interval)["time"]
            assert list(zip(ours["packets"], ours["bytes"])) == theirs, f"{path}: {interval}"
            assert theirs
