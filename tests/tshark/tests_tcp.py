"""tcp.analysis: every field at every packet."""
import wire
from tcp_dice import conversations

FLAGS = ["tcp.analysis"] + ["tcp.analysis." + f for f in """flags retransmission fast_retransmission spurious_retransmission
    out_of_order lost_segment ack_lost_segment duplicate_ack zero_window zero_window_probe zero_window_probe_ack window_full
    window_update keep_alive keep_alive_ack reused_ports""".split()]
VALUES = "tcp.stream tcp.seq tcp.ack tcp.window_size tcp.window_size_scalefactor tcp.time_relative tcp.time_delta".split()
VALUES += ["tcp.analysis." + f for f in """duplicate_ack_num duplicate_ack_frame acks_frame ack_rtt initial_rtt rto rto_frame
    bytes_in_flight push_bytes_sent""".split()]


def same(bench, name, packets, **how):
    return bench.same(bench.put(name, packets, **how), VALUES + FLAGS, flags=FLAGS)


def test_tcp_analysis_of_anything(bench):
    """Everything that analysis tells of happens in these, in orders that no system would have it."""
    seen = set()
    for seed in range(8):
        rows = same(bench, f"dice{seed}.pcap", conversations(seed, 1500), nano=seed % 2 == 0)
        for row in rows:
            seen.update(name for name, value in zip(["frame.number", *VALUES, *FLAGS], row) if value)
    assert not set(VALUES + FLAGS) - seen, f"never seen: {set(VALUES + FLAGS) - seen}"


class Talk:
    """Packets by hand: (ms, who, flags, seq, ack, length) from the handshake on; numbers are relative."""

    def __init__(self, scale=None, base=(1000, 5000), rtt=10, port=4000):
        self.base, self.packets, self.scale, self.port = base, [], scale, port
        self.add(0, 0, "S", -1, None)
        self.add(rtt / 2, 1, "S.", -1, 0)
        self.add(rtt, 0, ".", 0, 0)

    def add(self, ms, who, flags, seq, ack, n=0, win=1000, options=b""):
        if "S" in flags and self.scale is not None:
            options = bytes([3, 3, self.scale, 1])
        head = wire.tcp(b"x" * n, *((self.port, 80), (80, self.port))[who], seq=(self.base[who] + 1 + seq) % 2**32, flags=flags,
                        ack=0 if ack is None else (self.base[1 - who] + 1 + ack) % 2**32, win=win, options=options)
        ends = ("192.0.2.1", "192.0.2.2")
        packet = wire.eth(wire.ip4(head, src=ends[who], dst=ends[1 - who]))
        self.packets.append(wire.At(1_700_000_000 * 10**9 + int(ms * 10**6), packet))


def test_tcp_analysis_of_a_long_flight(bench):
    """More segments than are remembered, none acknowledged; then all of them, but for the last ones."""
    talk = Talk()
    for i in range(10050):
        talk.add(20 + i * 0.1, 0, ".", i * 100, 0, 100)
    talk.add(2000, 1, ".", 0, 500 * 100)
    talk.add(2001, 0, ".", 100 * 10050, 0, 100)
    talk.add(2002, 0, "F.", 100 * 10051, 0, 0)
    talk.add(2003, 1, ".", 0, 100 * 10051 + 1)
    same(bench, "flight.pcap", talk.packets)


def test_tcp_analysis_where_numbers_wrap(bench):
    packets = []
    for port, back in enumerate((1, 100, 149, 150, 151, 2**31, 2**31 + 75), 4000):
        talk = Talk(base=(2**32 - back, back), port=port)
        for i in range(10):
            talk.add(20 + i, 0, "P." if i % 3 == 0 else ".", i * 50, i * 10, 50)
            talk.add(20.5 + i, 1, ".", i * 10, (i // 2 + 1) * 50, 10)
        talk.add(40, 0, ".", 150, 100, 50)
        talk.add(45, 0, ".", 100, 100, 50)
        talk.add(260, 1, "F.", 100, 500)
        packets += talk.packets
    same(bench, "wrap.pcap", packets)


def test_tcp_analysis_of_a_closed_window(bench):
    talk = Talk(scale=3)
    talk.add(20, 1, ".", 0, 0, win=10)
    talk.add(21, 0, ".", 0, 0, 80)
    talk.add(22, 1, ".", 0, 80, win=0)
    for i in range(3):
        talk.add(300 + i * 200, 0, ".", 80, 0, 1)
        talk.add(301 + i * 200, 1, ".", 0, 80, win=0)
    talk.add(1000, 1, ".", 0, 80, win=100)
    talk.add(1001, 0, ".", 80, 0, 100)
    talk.add(1005, 1, ".", 0, 180, win=100)
    for i in range(3):
        talk.add(60000 * (i + 1), 0, ".", 179, 0, i % 2)
        talk.add(60000 * (i + 1) + 5, 1, ".", 0, 180, win=100)
    same(bench, "window.pcap", talk.packets)


def test_tcp_analysis_at_the_thresholds(bench):
    """20 ms after a duplicate ACK; 3 ms, or the handshake's time, after the highest segment."""
    packets = []
    for i, rtt in enumerate((0, 0.5, 10, 1000)):
        for k, late in enumerate((0.5, 2.999, 3, 3.001, 9.999, 10, 10.001, 19.999, 20, 20.001, 999.999, 1000)):
            talk = Talk(rtt=rtt, port=4000 + i * 100 + k)
            at = rtt + 10
            talk.add(at, 0, ".", 0, 0, 10)
            talk.add(at + 1, 0, ".", 20, 0, 10)
            talk.add(at + 1 + late, 0, ".", 10, 0, 10)
            talk.add(at + 1100, 0, ".", 40, 0, 10)
            for _ in range(4):
                talk.add(at + 1110, 1, ".", 0, 30)
            talk.add(at + 1110 + late, 0, ".", 30, 0, 10)
            packets += talk.packets
    same(bench, "late.pcap", packets)


def in_fragments(i, packet):
    """Every other IPv4 packet in two fragments, at times the second one first."""
    payload, n = packet[34:], len(packet[34:]) // 16 * 8
    if packet[14] >> 4 != 4 or i % 2 or n == 0:
        return [packet]
    src, dst = (".".join(map(str, packet[at:at + 4])) for at in (26, 30))
    parts = [wire.eth(wire.ip4(part, proto=6, ident=i + 1, flags=flags, src=src, dst=dst))
             for part, flags in ((payload[:n], 0x2000), (payload[n:], n // 8))]
    return parts if i % 4 else parts[::-1]


def test_tcp_analysis_elsewhere(bench):
    """In VLANs and tunnels, with padding behind, in fragments."""
    places = {
        "vlan": lambda i, p: [p[:12] + wire.be16(0x8100, i % 3) + p[12:]],
        "ip": lambda i, p: [wire.eth(wire.ip4(p[14:], proto=41 if p[14] >> 4 == 6 else 4, src="203.0.113.1"))],
        "gre": lambda i, p: [wire.eth(wire.ip4(b"\0\0" + p[12:], proto=47, src="203.0.113.1"))],
        "padded": lambda i, p: [p + bytes(max(0, 60 - len(p)))],
        "fragments": in_fragments,
    }
    for seed, (name, place) in enumerate(places.items(), 20):
        packets = []
        for i, packet in enumerate(conversations(seed, 400)):
            packets += [wire.At(packet.ns, p) for p in place(i, packet.data)]
        same(bench, f"{name}.pcap", packets)


def test_tcp_analysis_of_cut_headers(bench):
    """Where options are missing Wireshark shows nothing; what it shows of the others is the same."""
    packets = [wire.At(p.ns, p.data[:60], len(p.data)) for p in conversations(30, 1000)]
    path = bench.put("cut.pcap", packets)
    ours, theirs = bench.rows(path, ["frame.number", *VALUES, *FLAGS])
    shown = [(a, b) for a, b in zip(ours, theirs) if b[1 + VALUES.index("tcp.window_size_scalefactor")]]
    assert len(shown) > 100
    whole = [(a, b) for a, b in shown if b[1 + len(VALUES)] or not a[1 + len(VALUES)]]
    assert len(whole) > len(shown) * 0.8
    bench.same(path, VALUES + FLAGS, flags=FLAGS, rows=tuple(zip(*whole)))
