"""Followed bytes: what each side said, in order, whatever the order of its segments."""
import random

import wire

START = 1_700_000_000 * 10**9


def exchange(dice, port, six=False):
    """Both sides say random bytes; segments come mixed, twice and overlapping. (what they said, packets)."""
    said = [bytes(dice.randrange(256) for _ in range(dice.randrange(1, 6000))) for _ in range(2)]
    first = [dice.choice((1, 2**32 - 2000, dice.randrange(2**32))) for _ in range(2)]
    ends = ("2001:db8::1", "2001:db8::2") if six else ("192.0.2.1", "192.0.2.2")
    packets, ns = [], START + port * 1000

    def segment(who, at, data, flags):
        nonlocal ns
        ns += dice.randrange(2_000_000)
        head = wire.tcp(data, *((port, 7777) if who == 0 else (7777, port)), seq=(first[who] + at) % 2**32,
                        ack=0 if flags == "S" else (first[1 - who] + 1) % 2**32, flags=flags)
        packets.append(wire.At(ns, wire.eth((wire.ip6 if six else wire.ip4)(head, src=ends[who], dst=ends[1 - who]))))

    segment(0, 0, b"", "S"), segment(1, 0, b"", "S."), segment(0, 1, b"", ".")
    todo = []
    for who in range(2):
        at = 0
        while at < len(said[who]):
            n = dice.choice((1, 10, 100, 536, 1400))
            todo.append((who, at, n))
            if dice.random() < .2:      # again, from somewhere before, beyond its end
                todo.append((who, max(0, at - dice.randrange(200)), n))
            at += n
    for i in range(len(todo)):          # a little out of order
        k = min(len(todo) - 1, i + dice.choice((0, 0, 0, 1, 2, 5)))
        todo[i], todo[k] = todo[k], todo[i]
    for who, at, n in todo:
        segment(who, at + 1, said[who][at:at + n], ".")
    return said, packets


def test_followed_bytes(bench):
    dice = random.Random(17)
    talks = [exchange(dice, 5000 + i, six=i % 3 == 2) for i in range(8)]
    packets = sorted((p for _, packets in talks for p in packets), key=lambda p: p.ns)
    path = bench.put("follow.pcap", packets)
    ports = [int(row[1]) for row in bench.rows(path, ["tcp.stream", "tcp.srcport"], "tcp.flags.syn == 1 && !(tcp.flags.ack == 1)")[0]]
    for stream, port in enumerate(ports):
        said = talks[port - 5000][0]
        shown = bench.tshark("-r", path, "-q", "-z", f"follow,tcp,raw,{stream}").splitlines()
        lines = [line for line in shown if line and not set(line.strip()) - set("0123456789abcdef")]
        theirs = [bytes.fromhex("".join(line.strip() for line in lines if line.startswith("\t") == who)) for who in (False, True)]
        for who, side in enumerate(("--client", "--server")):
            ours = bench.bytes("follow", "-r", path, "--raw", side, str(stream))
            assert ours == said[who], f"stream {stream} {side}: {len(ours)} bytes of {len(said[who])}"
            assert ours == theirs[who], f"stream {stream} {side}: {len(ours)} bytes, tshark {len(theirs[who])}"
