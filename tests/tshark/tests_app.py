"""TLS hellos with their fingerprints, and what stats counts of DNS and TLS."""
import collections
import json
import random

import wire

GREASE = [0x0A0A + 0x1010 * i for i in range(16)]
FIELDS = ["tls.handshake.type", "tls.handshake.length", "tls.handshake.version", "tls.handshake.random", "tls.handshake.session_id",
          "tls.handshake.ciphersuite", "tls.handshake.extension.type", "tls.handshake.extensions_server_name",
          "tls.handshake.extensions_alpn_str", "tls.handshake.extensions.supported_version",
          "tls.handshake.extensions_supported_group", "tls.handshake.sig_hash_alg", "tls.alert_message.level",
          "tls.alert_message.desc", "tls.record.version", "tls.handshake.ja3", "tls.handshake.ja3s"]


def vector(size, *parts):
    body = b"".join(parts)
    return len(body).to_bytes(size, "big") + body


def numbers(values):
    return b"".join(v.to_bytes(2, "big") for v in values)


def extension(dice, kind, server):
    if kind == 0:
        body = b"" if server else vector(2, b"\0", vector(2, f"h{dice.randrange(50)}.example.com".encode()))
    elif kind == 10:
        body = vector(2, numbers(dice.sample([23, 24, 25, 29, 30, 256, *GREASE], 4)))
    elif kind == 11:
        body = vector(1, bytes(dice.sample([0, 1, 2], dice.randrange(1, 4))))
    elif kind == 13:
        body = vector(2, numbers(dice.sample([0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501], 4)))
    elif kind == 16:
        protocols = [vector(1, p) for p in dice.sample([b"h2", b"http/1.1", b"spdy/3", b"x"], 1 if server else 3)]
        body = vector(2, *protocols)
    elif kind == 43:
        versions = [0x0304, 0x0303, 0x0302]
        body = numbers(versions[:1]) if server else vector(1, numbers([dice.choice(GREASE)] + versions))
    else:
        body = b"\0" if kind == 0xFF01 else b""
    return numbers([kind]) + vector(2, body)


def hello(dice, server):
    kinds = dice.sample([0, 10, 11, 13, 16, 18, 22, 23, 43, 0xFF01, *([] if server else GREASE[:4])], dice.randrange(1, 9))
    ciphers = dice.sample([0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0x009C, 0x002F, *([] if server else GREASE[:4])],
                          1 if server else 6)
    body = numbers([dice.choice([0x0301, 0x0302, 0x0303])]) + dice.randbytes(32) + vector(1, dice.randbytes(dice.choice([0, 32])))
    body += numbers(ciphers) + b"\0" if server else vector(2, numbers(ciphers)) + b"\1\0"
    body += vector(2, *(extension(dice, k, server) for k in kinds))
    return bytes([2 if server else 1]) + vector(3, body)


def record(kind, body):
    return bytes([kind, 3, 3]) + vector(2, body)


def connection(port, *turns):
    """Packets of a conversation in which the client begins."""
    ends, seq = (("192.0.2.1", port), ("192.0.2.2", 443)), [1000, 5000]

    def packet(side, flags, payload=b""):
        (src, sport), (dst, dport) = ends[side], ends[not side]
        p = wire.eth(wire.ip4(wire.tcp(payload, sport, dport, seq=seq[side], ack=seq[not side], flags=flags), src=src, dst=dst))
        seq[side] += len(payload) + ("S" in flags)
        return p
    yield packet(0, "S")
    yield packet(1, "S.")
    for i, payload in enumerate(turns):
        yield packet(i % 2, "P.", payload)


def hellos(seed, n):
    dice = random.Random(seed)
    for i in range(n):
        yield from connection(10000 + i, record(22, hello(dice, False)), record(22, hello(dice, True)),
                              record(21, bytes([dice.choice([1, 2]), dice.choice([0, 40, 42, 48, 70, 112])])))


def plain(value):
    """tshark's hexadecimal numbers as ours."""
    return ",".join(str(int(v, 16)) if v.startswith("0x") else v.replace(":", "") for v in value.split(","))


def test_tls_hellos(bench):
    path = bench.put("tls.pcap", list(hellos(8446, 300)))
    ours, theirs = bench.rows(path, ["frame.number", *FIELDS], "tls")
    assert len(ours) == 900
    ours, theirs = ([[row[0], *map(plain, row[1:])] for row in rows] for rows in (ours, theirs))
    bench.same(path, FIELDS, rows=(ours, theirs))


def test_stats_tls(bench):
    path = bench.put("tls.pcap", list(hellos(5246, 200)))
    got = json.loads(bench.wiretape("stats", "-r", path, "--tls", "--json"))["tls"]
    assert got["connections"] == got["answered"] == 200
    for field, rows, key in (("ja3", "ja3", "ja3"), ("ja3s", "ja3s", "ja3s"), ("extensions_server_name", "server_names", "name")):
        theirs = bench.tshark("-r", path, "-T", "fields", "-e", "tls.handshake." + field, "-Y", "tls.handshake." + field).split()
        assert {r[key]: r["count"] for r in got[rows]} == collections.Counter(theirs), field


def test_stats_dns(bench):
    dice = random.Random(1035)
    packets, ident = [], 0
    for _ in range(400):
        ident += 1
        port, name = 20000 + ident, bytes([1, dice.choice(b"abcde")]) + b"\7example\0"
        asked = name + numbers([dice.choice([1, 28, 15, 65]), 1])
        there, back = ({"src": a, "dst": b} for a, b in (("192.0.2.1", "192.0.2.53"), ("192.0.2.53", "192.0.2.1")))
        if dice.random() < .9:
            packets.append(wire.eth(wire.ip4(wire.udp(numbers([ident, 0x0100, 1, 0, 0, 0]) + asked, port, 53), **there)))
        if dice.random() < .8:
            code = dice.choice([0, 0, 0, 2, 3, 5])
            packets.append(wire.eth(wire.ip4(wire.udp(numbers([ident, 0x8180 | code, 1, 0, 0, 0]) + asked, 53, port), **back)))
    path = bench.put("dns.pcap", packets)
    got = json.loads(bench.wiretape("stats", "-r", path, "--dns", "--json"))["dns"]

    def count(where):
        return len(bench.tshark("-r", path, "-T", "fields", "-e", "frame.number", "-Y", where).split())
    assert got["queries"] == count("dns.flags.response == 0")
    assert got["responses"] == count("dns.flags.response == 1")
    assert got["answered"] == count("dns.time")
    assert got["unsolicited"] == count("dns.unsolicited")
    codes = {r["code"]: r["count"] for r in got["response_codes"]}
    assert codes == {name: count(f"dns.flags.response == 1 and dns.flags.rcode == {code}")
                     for code, name in ((0, "NOERROR"), (2, "SERVFAIL"), (3, "NXDOMAIN"), (5, "REFUSED"))}
    assert {r["type"]: r["count"] for r in got["types"]} == {
        name: count(f"dns.flags.response == 0 and dns.qry.type == {kind}")
        for kind, name in ((1, "A"), (28, "AAAA"), (15, "MX"), (65, "HTTPS"))}
    assert {r["name"]: r["queries"] for r in got["names"]} == {
        f"{c}.example": count(f'dns.flags.response == 0 and dns.qry.name == "{c}.example"') for c in "abcde"}
