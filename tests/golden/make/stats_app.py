"""What stats tells of DNS, HTTP and TLS: conversations with repeated, lost and hostile messages in them."""

from wire import *



class At(bytes):
    """A packet and its time."""
    ns = 0


class Talk:
    """Packets with times; connections that say things in turn."""

    def __init__(self):
        self.packets, self.ns = [], 1_700_000_000_000_000_000

    def add(self, packet, wait=1):
        self.ns += wait * 1_000_000
        p = At(packet)
        p.ns = self.ns
        self.packets.append(p)

    def udp(self, payload, src, sport, dst, dport, wait=1):
        ip = ip6 if ":" in src else ip4
        self.add(eth(ip(udp(payload, sport, dport), src=src, dst=dst)), wait)


class Connection:
    def __init__(self, talk, client, server):
        self.talk, self.ends, self.seq = talk, (client, server), [1000, 5000]
        self.send(0, flags="S", ack=0)
        self.seq[0] += 1
        self.send(1, flags="S.")
        self.seq[1] += 1
        self.send(0, flags=".")

    def send(self, side, payload=b"", flags="P.", seq=None, ack=None, wait=1):
        (src, sport), (dst, dport) = self.ends[side], self.ends[not side]
        self.talk.add(eth(ip4(tcp(payload, sport, dport, seq=self.seq[side] if seq is None else seq,
                                  ack=self.seq[not side] if ack is None else ack, flags=flags), src=src, dst=dst)), wait)

    def say(self, side, data, size=1000, wait=1):
        for i in range(0, len(data), size):
            self.send(side, data[i:i + size], wait=wait)
            self.seq[side] += len(data[i:i + size])

    def lose(self, side, n):
        self.seq[side] += n

    def close(self):
        for side in (0, 1):
            self.send(side, flags="F.")
            self.seq[side] += 1
        self.send(0, flags=".")


# --- DNS ---

def name(text):
    labels = [x.encode("latin-1") if isinstance(x, str) else x for x in text.split(".")] if text else []
    return b"".join(bytes([len(x)]) + x for x in labels) + b"\0"


def query(ident, asked, kind=1, flags=0x0100):
    return be16(ident, flags, 1, 0, 0, 0) + name(asked) + be16(kind, 1)


def answer(ident, asked, kind=1, rcode=0, records=1):
    return be16(ident, 0x8180 | rcode, 1, records, 0, 0) + name(asked) + be16(kind, 1) + records * (
        be16(0xC00C, 1, 1) + be32(60) + be16(4) + a4("192.0.2.80"))


def over_tcp(message):
    return be16(len(message)) + message


RESOLVER = "192.0.2.53"
t = Talk()


def ask(ident, asked, kind=1, port=40001, server=RESOLVER):
    t.udp(query(ident, asked, kind), "192.0.2.1", port, server, 53)


def reply(ident, asked, kind=1, rcode=0, records=1, port=40001, server=RESOLVER, wait=1):
    t.udp(answer(ident, asked, kind, rcode, records), server, 53, "192.0.2.1", port, wait)


ask(1, "www.example.com"), reply(1, "www.example.com", wait=4)
ask(2, "WWW.eXample.com", 28), reply(2, "WWW.eXample.com", 28, records=0, wait=10)
ask(3, "nowhere.example.com"), reply(3, "nowhere.example.com", rcode=3, records=0, wait=2)
ask(4, "broken.example.com"), reply(4, "broken.example.com", rcode=2, records=0, wait=300)
ask(5, "silent.example.com"), ask(5, "silent.example.com")
ask(6, "www.example.com", port=40002), reply(6, "www.example.com", port=40002), reply(6, "www.example.com", port=40002)
reply(7, "nobody.asked.example", port=40003)
ask(8, "evil\x1b[31m\n\"\\\xff", 65), ask(9, "", 2), ask(10, "unknown.type." + 3 * (40 * "x" + ".") + "end", 4242)
ask(11, "other.example.com", server="203.0.113.53"), reply(11, "other.example.com", rcode=5, records=0, server="203.0.113.53")
# Over TCP: two messages in pieces of three bytes; then one without its middle, and one behind it.
c = Connection(t, ("192.0.2.1", 41000), (RESOLVER, 53))
c.say(0, over_tcp(query(20, "long.example.com", 16)) + over_tcp(query(21, "long.example.com", 6)), size=3, wait=0)
c.say(1, over_tcp(answer(20, "long.example.com", 16) + bytes(700)), size=500, wait=5)
c.lose(1, 100)
c.say(1, over_tcp(answer(21, "long.example.com", 6)))
c.close()
# Multicast: nobody in particular answers. And what is no message.
t.udp(query(0, "_http._tcp.local", 12, 0), "192.0.2.1", 5353, "224.0.0.251", 5353)
t.udp(be16(0, 0x8400, 0, 1, 0, 0) + name("_http._tcp.local") + be16(12, 1) + be32(120) + be16(2) + be16(0xC00C), "192.0.2.9",
      5353, "224.0.0.251", 5353)
t.udp(query(30, "printer", 1, 0), "2001:db8::1", 50000, "ff02::1:3", 5355)
t.udp(b"\1\2\3", "192.0.2.1", 40001, RESOLVER, 53)
t.udp(be16(31, 0x2800, 1, 0, 0, 0) + b"\xc0\x0c", "192.0.2.1", 40001, RESOLVER, 53)
capture("stats-dns.pcap", ETHERNET, t.packets)

# --- HTTP ---

t = Talk()


def get(target, host="www.example.com", more=b"", method=b"GET"):
    return method + b" " + target + b" HTTP/1.1\r\n" + (b"Host: %s\r\n" % host.encode("latin-1") if host else b"") + more + b"\r\n"


def ok(body, code=b"200 OK", more=b"Content-Type: text/html; charset=utf-8\r\n"):
    return b"HTTP/1.1 " + code + b"\r\nServer: test/1\r\n" + more + b"Content-Length: %d\r\n\r\n" % len(body) + body


c = Connection(t, ("192.0.2.1", 42000), ("192.0.2.80", 80))
c.say(0, get(b"/?q=1", more=b"User-Agent: browser/1\r\n"))
c.say(1, ok(b"x" * 2500), wait=20)
# Two requests before the answers; a host in other letters; a body, and 100 Continue in front of its answer.
c.say(0, get(b"/missing", "WWW.example.com") + get(b"/post", method=b"POST", more=b"Expect: 100-continue\r\nContent-Length: 5\r\n"))
c.say(1, ok(b"", b"404 Not Found"), wait=5)
c.say(1, b"HTTP/1.1 100 Continue\r\n\r\n", wait=5)
c.say(0, b"hello")
c.say(1, ok(b"done", b"500 Internal Server Error", b""), wait=5)
c.close()
# Another port, a proxy's target, no host, control characters, a request without answer.
c = Connection(t, ("192.0.2.1", 42001), ("192.0.2.80", 3128))
c.say(0, get(b"http://Proxied.example.net:8080/page?x", "ignored.example"), size=7)
c.say(1, b"HTTP/1.0 302 Found\r\nLocation: /\r\n\r\n", size=5)
c.close()
c = Connection(t, ("192.0.2.1", 42002), ("192.0.2.80", 8080))
c.say(0, get(b"/\xff<script>", "ev\x1b[31mil\xe4", b"User-Agent: \x1b]0;title\x07\r\n"))
c.say(0, b"GET / HTTP/1.0\r\n\r\n")
c.close()
# The body's end is missing.
c = Connection(t, ("192.0.2.1", 42003), ("192.0.2.80", 80))
c.say(0, get(b"/cut"))
c.say(1, ok(b"y" * 3000)[:1000])
c.close()
c = Connection(t, ("192.0.2.1", 42004), ("192.0.2.22", 22))
c.say(1, b"SSH-2.0-test\r\n")
c.say(0, b"SSH-2.0-test\r\n")
capture("stats-http.pcap", ETHERNET, t.packets)


# --- TLS ---

def vector(size, *parts):
    body = b"".join(parts)
    return len(body).to_bytes(size, "big") + body


def record(kind, body, version=0x0303):
    return bytes([kind]) + be16(version) + vector(2, body)


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def extension(kind, body=b""):
    return be16(kind) + vector(2, body)


RANDOM = bytes(range(32))
RETRY = h("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


def client(server=None, versions=(0x0304, 0x0303), alpn=(b"h2", b"http/1.1"), legacy=0x0303, session=b""):
    ext = extension(10, vector(2, be16(29, 23))) + extension(11, b"\x01\x00") + extension(13, vector(2, be16(0x0403, 0x0804)))
    if server is not None:
        ext += extension(0, vector(2, b"\0" + vector(2, server)))
    if alpn:
        ext += extension(16, vector(2, *(vector(1, a) for a in alpn)))
    if versions:
        ext += extension(43, vector(1, be16(0x0A0A, *versions)))
    return message(1, be16(legacy) + RANDOM + vector(1, session) + vector(2, be16(0x0A0A, 0x1301, 0xC02F)) + b"\1\0" + vector(2, ext))


def server(version=0x0303, cipher=0xC02F, alpn=None, random=RANDOM, session=b""):
    ext = extension(0xFF01, b"\0")
    if alpn:
        ext += extension(16, vector(2, vector(1, alpn)))
    if version == 0x0304:
        ext = extension(43, be16(version))
    return message(2, be16(min(version, 0x0303)) + random + vector(1, session) + be16(cipher) + b"\0" + vector(2, ext))


def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else b"\x82" + be16(n)
    return bytes([tag]) + size + body


def dn(**parts):
    oids = {"cn": b"\x55\x04\x03", "o": b"\x55\x04\x0a"}
    return der(0x30, *(der(0x31, der(0x30, der(6, oids[k]), der(12, v))) for k, v in parts.items()))


def certificate(subject, issuer, since, until, names=()):
    """An X.509 certificate whose key and signature are nothing (RFC 5280 section 4.1)."""
    algorithm = der(0x30, der(6, h("2a8648ce3d040302")))
    key = der(0x30, der(0x30, der(6, h("2a8648ce3d0201")), der(6, h("2a8648ce3d030107"))), der(3, b"\0" + bytes(65)))
    san = b"".join(der(0x87, a4(n)) if n.replace(".", "").isdigit() else der(0x82, n.encode()) for n in names)
    more = der(0xA3, der(0x30, der(0x30, der(6, b"\x55\x1d\x11"), der(4, der(0x30, san))))) if names else b""
    body = der(0x30, der(0xA0, der(2, b"\2")), der(2, b"\x12\x34"), algorithm, issuer,
               der(0x30, der(23, since), der(23, until)), subject, key, more)
    return der(0x30, body, algorithm, der(3, b"\0" + bytes(8)))


def certificates(*chain):
    return message(11, vector(3, *(vector(3, c) for c in chain)))


CA = dn(o=b"Test CA")
GOOD = certificate(dn(o=b"Example", cn=b"www.example.com"), CA, b"230101000000Z", b"240101000000Z",
                   ["www.example.com", "*.example.net", "192.0.2.80"])
OLD = certificate(dn(cn=b"old\x1b.example.com"), dn(cn=b"old\x1b.example.com"), b"200101000000Z", b"210101000000Z")
EARLY = certificate(dn(cn=b"early.example.com"), CA, b"300101000000Z", b"400101000000Z", [f"n{i}.example.com" for i in range(12)])
CHANGE = record(20, b"\1")

t = Talk()
port = 43000


def connection(to=443):
    global port
    port += 1
    return Connection(t, ("192.0.2.1", port), ("192.0.2.80", to))


# TLS 1.2 with everything in small segments, and some of them out of order.
c = connection()
c.say(0, record(22, client(b"www.example.com"), 0x0301), size=50)
flight = record(22, server(alpn=b"h2") + certificates(GOOD) + message(14, b""))
c.send(1, flight[200:], seq=c.seq[1] + 200)
c.say(1, flight[:200])
c.lose(1, len(flight) - 200)
c.say(0, record(22, message(16, bytes(33))) + CHANGE + record(22, bytes(40)))
c.say(1, CHANGE + record(22, bytes(40)))
c.say(0, record(23, bytes(100)))
c.say(1, record(23, bytes(100)) + record(21, bytes(26)))
c.close()
# TLS 1.3 with another hello asked for; then an alert that looks like data.
c = connection()
c.say(0, record(22, client(b"www.example.com"), 0x0301))
c.say(1, record(22, server(0x0304, 0x1301, random=RETRY)) + CHANGE)
c.say(0, CHANGE + record(22, client(b"www.example.com")))
c.say(1, record(22, server(0x0304, 0x1301)) + record(23, bytes(900)))
c.say(0, record(23, bytes(19)))
c.close()
# Resumed, with a certificate that has expired, on another port; and old versions.
c = connection(8443)
c.say(0, record(22, client(b"ev\x1b[31mil\0", versions=(), alpn=(), session=b"12345678")))
c.say(1, record(22, server(session=b"12345678") + certificates(OLD)))
c.say(0, record(21, b"\2\x2d"))
c.close()
c = connection()
c.say(0, record(22, client(versions=(), alpn=(), legacy=0x0300), 0x0300))
c.say(1, record(21, b"\2\x46", 0x0300))
c.close()
c = connection()
c.say(0, record(22, client(b"early.example.com", alpn=(b"h2",))))
c.say(1, record(22, server(0x0302, 0xC0FF)) + record(22, certificates(EARLY)) + record(21, b"\1\xfe"))
c.close()
# Behind STARTTLS; and behind a gap.
c = connection(25)
c.say(1, b"220 mail.example.com ESMTP\r\n")
c.say(0, b"EHLO x\r\n")
c.say(1, b"250 STARTTLS\r\n")
c.say(0, b"STARTTLS\r\n")
c.say(1, b"220 go\r\n")
c.say(0, record(22, client(b"mail.example.com", alpn=())))
c.say(1, record(22, server() + certificates(GOOD)))
c.close()
c = connection()
c.say(0, record(22, client(b"cut.example.com"))[:80])
c.lose(0, 40)
c.say(0, bytes(100))
c.say(1, record(22, server()))
c.close()
capture("stats-tls.pcap", ETHERNET, t.packets)
