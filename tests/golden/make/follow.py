"""Conversations with all that can happen to their bytes: gaps, repeats that differ, HTTP in every framing and coding."""
import gzip
import zlib

from wire import *

A, B = "192.0.2.1", "192.0.2.2"
A6, B6 = "2001:db8::1", "2001:db8::2"


def talk(steps, ports=(40000, 80), isn=(1000, 5000), ip=ip4, hosts=(A, B)):
    """Packets of a connection. steps: (side, bytes), or (side, number) for bytes that nobody captured."""
    seq = [isn[0] + 1, isn[1] + 1]
    out = []

    def say(side, seq, ack, flags, data=b""):
        out.append(eth(ip(tcp(data, ports[side], ports[not side], seq=seq, ack=ack, flags=flags), src=hosts[side],
                          dst=hosts[not side])))

    say(0, isn[0], 0, "S")
    say(1, isn[1], seq[0], "S.")
    say(0, *seq, ".")
    for side, what in steps:
        n = what if isinstance(what, int) else len(what)
        if not isinstance(what, int):
            say(side, seq[side], seq[not side], "P.", what)
        seq[side] += n
        say(not side, seq[not side], seq[side], ".")
    return out, say


shell, say = talk([(0, b"login: \xff\xfb\x01\r\n"), (1, b"ok\tnow\x1b[31m\r"), (1, b"\nlong line without an end, "),
                   (1, 7), (1, b"and more"), (0, b"\r"), (0, b"x\n")], (40000, 23))
say(0, 1018, 5053, "P.", b"evil")
say(0, 1018, 5053, "P.", b"EVIL")
say(0, 1016, 5053, "P.", b"!\n")
say(1, 5053, 1022, ".")
capture("follow.pcap", ETHERNET, shell + talk([(0, b"six\n"), (1, b"bytes")], ip=ip6, hosts=(A6, B6))[0] + [
    eth(ip4(udp(b"query", 5000, 53), src=A, dst=B)), eth(ip4(udp(b"answer\n", 53, 5000), src=B, dst=A)),
    eth(ip4(h("0007 0008 00000001 00000000 0003 0015 00000001 0000 0000 00000000 6672656421 000000"), proto=132, src=A, dst=B)),
])

text = b"<p>what was meant</p>\n"
# Stored blocks: what a compressor makes depends on its version.
stored = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01" + struct.pack("<HH", len(text), 0xFFFF - len(text)) + text + \
    struct.pack("<II", zlib.crc32(text), len(text))
bare = b"\x01" + struct.pack("<HH", len(text), 0xFFFF - len(text)) + text
assert gzip.decompress(stored) == text and zlib.decompress(bare, -15) == text


def response(coding, body, more=b""):
    return b"HTTP/1.1 200 OK\r\n" + (b"Content-Encoding: " + coding + b"\r\n" if coding else b"") + more + \
        b"Content-Length: %d\r\n\r\n" % len(body) + body


capture("follow_http.pcap", ETHERNET, talk([
    (0, b"GET /chunked HTTP/1.1\r\nHost: a\x1b\r\nX-Odd: \xe4\r\n\r\n"),
    (1, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"),
    (1, b"a\r\n" + stored[:10] + b"\r\n%x;x=y\r\n" % (len(stored) - 10) + stored[10:] + b"\r\n0\r\nTrailer: x\r\n\r\n"),
    (0, b"HEAD /head HTTP/1.1\r\n\r\nPOST /pipelined HTTP/1.1\r\nContent-Length: 9\r\n\r\na=1&b=\x002\n"),
    (1, b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"),
    (1, response(b"deflate", bare)),
    (0, b"GET /gap HTTP/1.1\r\n\r\n"), (1, b"HTTP/1.1 206 Part\r\nContent-Length: 20\r\n\r\n01234"), (1, 10), (1, b"56789"),
    (0, b"GET /damaged HTTP/1.1\r\n\r\n"), (1, response(b"gzip", stored[:-8] + bytes(8) + b"rest\n")),
    (0, b"GET /unknown HTTP/1.1\r\n\r\n"), (1, response(b"compress", b"as it is\n")),
    (0, b"POST /smuggled HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (1, b"HTTP/1.1 400 No\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nto the end"),
])[0] + talk([
    (0, b"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"), (1, b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n\x81\x02hi"),
], (40001, 80))[0] + talk([(0, b"SSH-2.0-x\r\n"), (1, b"SSH-2.0-y\r\n")], (40002, 22))[0])
