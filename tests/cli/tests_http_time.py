"""http.time: responses over several segments, also where something else asks for the same bytes."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "golden"))
import wire as w  # noqa: E402
import capture  # noqa: E402

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def segments(port, until_close=False, half=False):
    """A request in two segments; a response of 30 bytes in three, a millisecond each. half: the client's FIN comes first."""
    seqs, out = [100, 900], []

    def say(who, data, flags):
        ports, ends = ((port, 8080), (8080, port))[who], ("10.0.0.1", "10.0.0.2")
        out.append(w.eth(w.ip4(w.tcp(data, *ports, seq=seqs[who], ack=0 if flags == "S" else seqs[1 - who], flags=flags),
                               src=ends[who], dst=ends[1 - who])))
        seqs[who] += len(data) + ("S" in flags or "F" in flags)

    say(0, b"", "S"), say(1, b"", "S."), say(0, b"", ".")
    say(0, GET[:9], "P."), say(0, GET[9:], "FP." if half else "P.")
    say(1, b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if until_close else b"Content-Length: 30\r\n\r\n") + b"1" * 10, ".")
    say(1, b"2" * 10, "."), say(1, b"3" * 10, "P."), say(1, b"", "F."), say(0, b"", "F.")
    return out


def times(box, name, *options):
    got = box.run("-n", "-r", name, *options, "--fields", "frame.number,http.time,http.request_in")
    assert got.status == 0, got.err
    return [row.split("\t") for row in got.out.decode().splitlines() if row.split("\t")[1]]


def test_http_time(box):
    box.put("h.pcap", capture.pcap(segments(4000)))
    assert times(box, "h.pcap") == [["8", "0.003000000", "5"]]
    assert times(box, "h.pcap", "-Y", "http.time > 0.002") == [["8", "0.003000000", "5"]]
    assert times(box, "h.pcap", "-Y", "http.time > 0.003") == []
    box.put("c.pcap", capture.pcap(segments(4000, True)))
    assert times(box, "c.pcap") == [["9", "0.004000000", "5"]]
    box.put("s.pcap", capture.pcap(segments(4000, True, True)[:-1]))
    assert times(box, "s.pcap") == [["9", "0.004000000", "5"]]


def test_http_time_in_json_and_beside_follow(box):
    box.put("h.pcap", capture.pcap(segments(4000)))
    got = box.run("-n", "-r", "h.pcap", "--json", "--flows")
    assert got.status == 0 and got.out.count(b'"http.time"') == 1 and b'"http.time":0.003' in got.out.replace(b'"0', b"0"), got
    plain = box.command("follow", "-r", "h.pcap", "0")
    filtered = box.command("follow", "-r", "h.pcap", "-Y", "http.time")
    assert plain.out and plain.out == filtered.out, (plain, filtered)


def test_http_time_of_many_connections_is_bounded(box):
    packets = []
    for i in range(300):
        packets += segments(2000 + i)[:6]       # responses that never end
    box.put("m.pcap", capture.pcap(packets))
    assert times(box, "m.pcap") == []
