"""http.time: at the packets that complete responses."""
import wire

START = 1_700_000_000 * 10**9


class Talk:
    """A connection to port 80: say(ms, who, bytes) is a segment, at 536 bytes a time."""

    def __init__(self, port):
        self.port, self.next, self.packets = port, [1000, 9000], []
        self.segment(0, 0, b"", "S")
        self.segment(1, 1, b"", "S.")
        self.segment(2, 0, b"", ".")

    def segment(self, ms, who, data, flags):
        ports, ends = ((self.port, 80), (80, self.port))[who], ("192.0.2.1", "192.0.2.2")
        head = wire.tcp(data, *ports, seq=self.next[who], ack=0 if flags == "S" else self.next[1 - who], flags=flags)
        self.next[who] += len(data) + ("S" in flags or "F" in flags)
        self.packets.append(wire.At(START + int(ms * 10**6), wire.eth(wire.ip4(head, src=ends[who], dst=ends[1 - who]))))

    def say(self, ms, who, data, fin=False):
        parts = [data[i:i + 536] for i in range(0, len(data), 536)] or [b""]
        for i, part in enumerate(parts):
            self.segment(ms + i * 3, who, part, "F." if fin and i + 1 == len(parts) else "P.")


GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"


def ok(body, *lines, code=b"200 OK", length=True):
    return b"HTTP/1.1 " + code + b"\r\n" + (b"Content-Length: %d\r\n" % len(body) if length else b"") + \
        b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def test_http_times(bench):
    talks = []
    for port in range(4000, 4008):
        talks.append(Talk(port))
    t = iter(talks)
    one = next(t)       # one after the other
    one.say(10, 0, GET), one.say(25, 1, ok(b"hello"))
    one.say(30, 0, GET), one.say(31.5, 1, ok(b"x" * 3000))
    one = next(t)       # chunked
    one.say(10, 0, GET)
    one.say(20, 1, ok(b"400\r\n" + b"y" * 1024 + b"\r\n0\r\n\r\n", b"Transfer-Encoding: chunked", length=False))
    one = next(t)       # until the end
    one.say(10, 0, GET), one.say(20, 1, ok(b"z" * 2000, b"Connection: close", length=False))
    one.say(50, 1, b"", fin=True)
    one = next(t)       # until the end, in one
    one.say(10, 0, GET), one.say(20, 1, ok(b"z" * 20, b"Connection: close", length=False), fin=True)
    one = next(t)       # a request with a body
    one.say(10, 0, b"POST /y HTTP/1.1\r\nHost: a\r\nContent-Length: 1500\r\n\r\n" + b"p" * 1500), one.say(40, 1, ok(b""))
    one = next(t)       # without a body
    one.say(10, 0, b"HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n"), one.say(22, 1, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")
    one.say(30, 0, GET), one.say(40, 1, ok(b"", code=b"304 Not Modified", length=False))
    one.say(50, 0, GET), one.say(60, 1, ok(b"", code=b"204 No Content", length=False))
    one = next(t)       # a response that nobody asked for
    one.say(10, 1, ok(b"hm"))
    one = next(t)       # not HTTP
    one.say(10, 0, b"\x16\x03\x01 and so on"), one.say(20, 1, b"no")
    packets = sorted((p for talk in talks for p in talk.packets), key=lambda p: p.ns)
    bench.same(bench.put("http.pcap", packets), ["tcp.stream", "http.time", "http.request_in"])


def test_http_times_of_requests_sent_ahead(bench):
    """Ours are matched in order; for Wireshark only the last request has a response."""
    one = Talk(4000)
    one.say(10, 0, GET), one.say(20, 0, GET), one.say(40, 1, ok(b"1")), one.say(50, 1, ok(b"2"))
    ours, theirs = bench.rows(bench.put("ahead.pcap", one.packets), ["frame.number", "http.time", "http.request_in"])
    assert ours[5:] == [["6", "0.030000000", "4"], ["7", "0.030000000", "5"]]
    assert theirs[5:] == [["6", "0.020000000", "5"], ["7", "", ""]]
