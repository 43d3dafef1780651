"""The text protocols, Telnet, SSH, RESP, ZeroMTP, syslog, SNMP, RADIUS with EAP, Kerberos, EAP over LAN."""
from wire import *


def over_tcp(port, payload, back=False):
    a, b = ("192.0.2.1", 40000), ("192.0.2.2", port)
    if back:
        a, b = b, a
    return eth(ip4(tcp(payload, a[1], b[1], ack=1, flags="P."), src=a[0], dst=b[0]))


def over_udp(port, payload, back=False):
    a, b = ("192.0.2.1", 40000), ("192.0.2.2", port)
    if back:
        a, b = b, a
    return eth(ip4(udp(payload, a[1], b[1]), src=a[0], dst=b[0]))


# --- lines ---

GET = (b"GET /index.html?q=1 HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: test/1.0\r\nAccept: */*\r\nCookie: a=b\r\n"
       b"Referer:  http://example.net/ \r\nAuthorization: Basic dTpw\r\n\r\n")
OK = (b"HTTP/1.1 200 OK\r\nServer: test\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
      b"\r\nhello")
capture("http.pcap", ETHERNET, [
    over_tcp(80, GET),
    over_tcp(80, OK, back=True),
    over_tcp(8080, b"POST /form HTTP/1.0\nContent-Length: 3\n\nx=1"),
    over_tcp(80, b"propfind / HTTP/1.1\r\n\r\n"),
    over_tcp(80, b"HTTP/1.1  404\r\n\r\n", back=True),
    over_tcp(80, b"<p>a continuation</p>", back=True),
    over_tcp(80, b"HTTP/1.1 OK\r\n", back=True),
    over_tcp(80, b"GET / HTTP/1.1"),
    over_tcp(80, b"GET / HTTP/1.1\r"),
    over_tcp(80, b"GET /\rx HTTP/1.1\r\n"),
    over_tcp(80, b"GET / HTTP/1.1\r\nHost: \xff\r\nA: b\r\n"),
    over_tcp(80, b"GET\t/ HTTP/1.1\r\n"),
    over_tcp(80, b"A" * 128 + b" 200 x\r\n"),
    over_tcp(80, b"A" * 129 + b" 200 x\r\n"),
    over_tcp(80, b"\x16\x03\x01"),
])
capture("http_cuts.pcap", ETHERNET, cuts(over_tcp(80, OK, back=True), first=54))

capture("lines.pcap", ETHERNET, [
    over_tcp(21, b"220-Welcome\r\n220 ready\r\n", back=True),
    over_tcp(21, b"USER anonymous\r\n"),
    over_tcp(21, b"331 Password\r\n", back=True),
    over_tcp(21, b"PASS guest@\r\nPASV\r\n"),
    over_tcp(21, b"\xff\xf4\xf2ABOR\r\n"),
    over_tcp(25, b"220 mail.example.org ESMTP\r\n", back=True),
    over_tcp(25, b"EHLO client\r\n"),
    over_tcp(25, b"250-mail.example.org\r\n250 STARTTLS\r\n", back=True),
    over_tcp(25, b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"),
    over_tcp(25, b"Subject: hi\r\n\r\nbody\r\n.\r\n"),
    over_tcp(43, b"example.org\r\n"),
    over_tcp(43, b"domain: EXAMPLE.ORG\r\nstatus: ok\r\n", back=True),
    over_tcp(554, b"DESCRIBE rtsp://example.org/a RTSP/1.0\r\nCSeq: 2\r\nSession: 77\r\n\r\n"),
    over_tcp(554, b"RTSP/1.0 200 OK\r\nCSeq: 2\r\nTransport: RTP/AVP\r\nContent-Type: application/sdp\r\nContent-Length: 0\r\n\r\n",
             back=True),
    over_tcp(8554, b"$\0\0\4abcd"),
    over_udp(5060, b"INVITE sip:b@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1\r\nFrom: <sip:a@example.org>;tag=1\r\n"
             b"t: <sip:b@example.org>\r\ni: 77@192.0.2.1\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContent-Length: 4\r\n\r\nv=0\n"),
    over_udp(5060, b"SIP/2.0 180 Ringing\r\nCSeq: 1 INVITE\r\nServer: x\r\n\r\n", back=True),
    over_udp(5060, b"\r\n\r\n"),
])

# --- Telnet, SSH, RESP, ZeroMTP, syslog ---

IAC = b"\xff"
TELNET = [b"\xff\xfb\x01\xff\xfd\x03hello", b"\xff\xfa\x18\x00xterm\xff\xf0", b"\xff\xfa\x25\x01\x02\x03\xff\xf0\xff\xf9",
          b"\xff\xfa\x26\x01\x02\x04\xff\xf0\xff\xff\xff\xec", b"\xff\xfa\x18\x01\x02", b"\xff\xfa\x18\xff\xf0\xff\x10",
          b"\xff\xfd\x50\xff", b"login: ", b"\xff\xfa\x25\x09\x09\xff\xf0", b"\xff\xfa\x26\x09\x0b\xff\xf0",
          b"\xff\xfa\x22\x03" + bytes(range(1, 20)) + b"\xff\xf0\xff\xfb\x22", b"\xff\xfa\x18\x01\xff"]
capture("telnet.pcap", ETHERNET, [over_tcp(23, x) for x in TELNET])
capture("telnet_cuts.pcap", ETHERNET, cuts(over_tcp(23, TELNET[1] + TELNET[0]), first=54))

KEXINIT = (u8(20) + bytes(16) + b"".join(be32(len(x)) + x for x in (
    b"curve25519-sha256", b"ssh-ed25519", b"aes256-ctr", b"aes128-ctr", b"hmac-sha2-256", b"hmac-sha2-512", b"none",
    b"zlib", b"", b"")) + bytes(5))
KEXINIT += bytes(8 - (len(KEXINIT) + 1 + 4) % 8 + 4)
capture("ssh.pcap", ETHERNET, [over_tcp(22, x) for x in (
    b"SSH-2.0-OpenSSH_9.6\r\n", b"SSH-1.99-x\n", b"SSH-2.0-x", b"SSH-2.0-x\ry\n", b"SSH-\xff\r\n", b"HTTP", b"S",
    be32(len(KEXINIT) + 1) + u8(9) + KEXINIT, be32(12, 0x0A151515) + bytes(8), b"\0\0\0")])

RESP = [b"PING\r\n", b"+OK\r\n:123\r\n-ERR x\r\n$5\r\nhello\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n*2\r\n$1\r\na\r\n*1\r\n:3\r\n",
        b"*3\r\n$1\r\na\r\n", b"$99999999999\r\nx", b"$-2\r\nx\r\n", b"$2147483648\r\n", b"$12a\r\nxx", b"$\r\n",
        b"*2147483647\r\n+a\r\n", b"\r\n\r\n", b"a\n\nb\r\rc", b"+ab\x01\xff\r\n", b"$5\r\nhelloxx\r\n", b"*-5\r\n", b"$3\rabc"]
capture("resp.pcap", ETHERNET, [over_tcp(6379, x) for x in RESP] + cuts(over_tcp(6379, RESP[1]), first=54))

capture("zmtp.pcap", ETHERNET, [over_tcp(5555, x) for x in (
    u8(2, 0) + b"a" + u8(1, 1), u8(0) + u8(2, 0x81, 65), u8(255) + be64(5) + u8(1) + b"abcd" + u8(1, 0),
    u8(255) + be64(2**64 - 9) + u8(1) + b"abc", u8(200, 0) + b"x" * 199, u8(255) + be64(0) + u8(1, 0), u8(5, 0) + b"a")] +
    cuts(over_tcp(5555, u8(255) + be64(5) + u8(1) + b"abcd"), first=54))

SYSLOG = [b"<13>Oct 11 22:14:15 host su: failed", b"<165>1 2003-10-11T22:14:15.003Z host app - - - \xef\xbb\xbfhi", b"<0>x",
          b"<13x>hello", b"13>hello", b"<1234>hello", b"<999>a", b"<", b"<>x", b"<12", b"<12>\xff\0abc\n", b""]
capture("syslog.pcap", ETHERNET, [over_udp(514, x) for x in SYSLOG] + cuts(over_udp(514, SYSLOG[0]), first=42))


# --- SNMP ---

def tlv(tag, body):
    n = len(body)
    return u8(tag) + (u8(n) if n < 128 else u8(0x82, n >> 8, n & 255)) + body


def oid(*arcs):
    def arc(v):
        out = [v & 127]
        while v > 127:
            v >>= 7
            out.insert(0, v & 127 | 128)
        return bytes(out)
    return tlv(6, b"".join(map(arc, (arcs[0] * 40 + arcs[1],) + arcs[2:])))


NULL_V, SYS_DESCR = tlv(5, b""), (1, 3, 6, 1, 2, 1, 1, 1, 0)


def bind(name, value):
    return tlv(0x30, oid(*name) + value)


def pdu(bindings, error=0, index=0):
    return tlv(2, b"\1\2\3\4") + tlv(2, u8(error)) + tlv(2, u8(index)) + tlv(0x30, b"".join(bindings))


def message(version, community, kind, body):
    return tlv(0x30, tlv(2, u8(version)) + tlv(4, community) + tlv(kind, body))


def v3(flags, model=3, user=b"bob", scoped=None):
    usm = tlv(0x30, tlv(4, b"\x80\0\1") + tlv(2, b"\5") + tlv(2, b"\6") + tlv(4, user) + tlv(4, b"a" * 12) + tlv(4, b""))
    scoped = scoped or tlv(0x30, tlv(4, b"\x80\xab\1") + tlv(4, b"ctx") + tlv(0xA0, pdu([bind(SYS_DESCR, NULL_V)])))
    return tlv(0x30, tlv(2, b"\3") + tlv(0x30, tlv(2, b"\7") + tlv(2, b"\x05\xdc") + tlv(4, u8(flags)) + tlv(2, u8(model))) +
               tlv(4, usm) + scoped)


def trap(generic, specific):
    return message(0, b"public", 0xA4, oid(1, 3, 6, 1, 4, 1, 9) + tlv(0x40, a4("192.0.2.1")) + tlv(2, u8(generic)) +
                   tlv(2, u8(specific)) + tlv(0x43, b"\1\1") + tlv(0x30, bind(SYS_DESCR, tlv(4, b"x"))))


VALUES = [NULL_V, tlv(2, b"\xff\xfe"), tlv(2, b"\1\2\3\4\5"), tlv(2, b""), tlv(4, b"hello"), tlv(4, b"h\0\xff"), tlv(4, b""),
          oid(1, 3, 6, 1, 4, 1, 9, 1, 5), oid(1, 3, 6, 1, 3, 7), oid(1, 3, 6, 1, 6, 3, 10, 2), oid(1, 3, 6, 1, 5, 1),
          oid(2, 999, 3), oid(0, 5), tlv(0x40, b"\1\2\3\4"), tlv(0x40, b"\1\2"), tlv(0x41, b"\xff\xff\xff\xff"),
          tlv(0x43, b"\1\2\3\4\5"), tlv(0x46, bytes(range(1, 9))), tlv(0x80, b""), tlv(0x81, b""), tlv(0x82, b""),
          tlv(0x83, b""), tlv(0x44, b"xy"), tlv(0x30, b""), tlv(3, b"ab"), tlv(0x31, b"a"), tlv(0xC0, b"a"), tlv(0x5F, b"a"),
          u8(0x1F, 0x85, 0x06, 0), u8(4, 0x85, 1)]
capture("snmp.pcap", ETHERNET, [
    over_udp(161, message(0, b"public", 0xA0, pdu([bind(SYS_DESCR, NULL_V), bind((1, 3, 6, 1, 2, 1, 2, 2, 1, 10, 3), NULL_V)]))),
    over_udp(161, message(0, b"public", 0xA0, pdu([bind(SYS_DESCR, VALUES[1])]))),
] + [
    over_udp(161, message(1, b"private", 0xA2, pdu([bind(SYS_DESCR, v)])), back=True) for v in VALUES
] + [
    over_udp(161, message(1, b"p\xff", 0xA2, pdu([bind(SYS_DESCR, NULL_V)], e, i)), back=True)
    for e, i in ((2, 1), (30, 1), (0, 1), (2, 0))
] + [
    over_udp(162, message(v, b"private", 0xA0 + t, pdu([bind(SYS_DESCR, NULL_V)], 2, 3))) for t in range(10) for v in (0, 1)
] + [
    over_udp(162, trap(g, s)) for g, s in ((0, 0), (3, 4), (6, 9), (7, 1))
] + [over_udp(161, v3(f)) for f in range(9)] + [
    over_udp(161, v3(4, model=1)),
    over_udp(161, v3(3, user=b"", scoped=tlv(4, b"encrypted"))),
    over_udp(161, message(0, b"public", 0xA0, pdu([bind(SYS_DESCR, NULL_V)])) + b"more"),
    over_udp(161, tlv(0x30, tlv(2, b"\5"))), over_udp(161, tlv(0x31, b"")), over_udp(161, tlv(0x30, tlv(4, b""))),
    over_udp(161, b""), over_udp(161, u8(0x30, 0x82)), over_udp(161, u8(0x30, 5, 2)),
])
capture("snmp_cuts.pcap", ETHERNET, cuts(over_udp(161, v3(4)), first=42) +
        cuts(over_udp(162, trap(6, 9)), first=42))


# --- RADIUS, EAP, Kerberos ---

def attr(kind, value):
    return u8(kind, len(value) + 2) + value


def eap(code, body, length=None):
    return u8(code, 7) + be16(4 + len(body) if length is None else length) + body


def radius(code, attributes=b"", length=None):
    return u8(code, 0x2A) + be16(20 + len(attributes) if length is None else length) + bytes(range(16)) + attributes


NTP = be32(3803581543, 0x89ABCDEF)
ATTRIBUTES = [
    attr(1, b"bob\xff\0x"), attr(2, bytes(16)), attr(4, a4("192.0.2.1")), attr(5, be32(2**32 - 1)), attr(6, be32(2)),
    attr(6, be32(99)), attr(8, a4("255.255.255.255")), attr(14, a4("255.255.255.254")), attr(8, a4("192.0.2.7")),
    attr(23, be32(0xFFFFFFFE)), attr(23, be32(5)), attr(24, b"state"), attr(26, be32(311) + u8(1, 5) + b"abc" + u8(2, 3, 255)),
    attr(26, be32(9) + u8(1, 1)), attr(26, be32(77777) + u8(1, 9) + b"a"), attr(26, b"ab"), attr(27, be32(59)),
    attr(27, be32(256)), attr(28, be32(65536)), attr(37, be32(0)), attr(38, be32(0)), attr(38, be32(9)), attr(40, be32(1)),
    attr(55, be32(1000000000)), attr(56, be32(0x31000102)), attr(58, b"1vlan"), attr(58, b"9vlan"), attr(61, be32(19)),
    attr(64, be32(0x05000003)), attr(64, be32(77)), attr(66, b"\5tunnel"), attr(66, b"tunnel"), attr(69, b"\5\1\2secret"),
    attr(69, b"\1\2"), attr(70, bytes(range(16))), attr(70, b"a"), attr(71, bytes(range(14))), attr(71, b"a"),
    attr(79, eap(1, b"\1Who?")), attr(79, eap(2, b"\1bob")), attr(79, eap(3, b"")), attr(79, eap(1, b"\1a", 99)), attr(80, bytes(16)),
    attr(83, be32(0x01000002)), attr(84, bytes(range(8))), attr(84, b"a"), attr(95, a6("2001:db8::1")), attr(95, b"a"),
    attr(97, u8(0, 64) + a6("2001:db8::")[:8]), attr(97, u8(0, 65) + a6("2001:db8::")[:8]), attr(97, u8(0, 129)), attr(97, b"a"),
    attr(101, be32(503)), attr(101, be32(1)), attr(101, b"a"), attr(124, be64(0x0003_FF00_0000_0003)), attr(124, b"a"),
    attr(125, u8(32) + a6("2001:db8::")), attr(125, u8(129) + bytes(16)), attr(126, b"1realm"), attr(126, b"9x"), attr(126, b"1"),
    attr(127, be16(1) + u8(0, 1) + NTP + NTP + b"GPS"), attr(127, b"a"), attr(128, be16(1) + b"civic"), attr(128, b"a"),
    attr(129, be16(0x8001) + NTP + b"note"), attr(129, be16(0) + NTP), attr(129, b"a"), attr(17, b"x"), attr(200, b"x"), attr(0, b"x"),
    attr(1, b""), attr(5, b"ab"),
]
capture("radius.pcap", ETHERNET, [
    over_udp(1812, radius(code)) for code in (1, 2, 3, 4, 5, 11, 12, 13, 40, 41, 42, 43, 44, 45, 99, 255)
] + [over_udp(1812, radius(1, b"".join(ATTRIBUTES[i:i + 20]))) for i in range(0, len(ATTRIBUTES), 20)] + [
    over_udp(1813, radius(4, u8(1, 1))), over_udp(1813, radius(4, u8(1, 9, 65))), over_udp(1813, radius(4, u8(1))),
    over_udp(3799, radius(4, b"", 19)), over_udp(1700, radius(4, attr(1, b"bob"), 400)), over_udp(1645, b"short"),
])
capture("radius_cuts.pcap", ETHERNET, [
    p for a in (ATTRIBUTES[0], ATTRIBUTES[12], ATTRIBUTES[28], ATTRIBUTES[32], ATTRIBUTES[36], ATTRIBUTES[38], ATTRIBUTES[46],
                ATTRIBUTES[48], ATTRIBUTES[55], ATTRIBUTES[62], ATTRIBUTES[66])
    for p in cuts(over_udp(1812, radius(1, a)), first=60)])


def eapol(kind, body, length=None):
    return eth(u8(2, kind) + be16(len(body) if length is None else length) + body, 0x888E)


capture("eap.pcap", ETHERNET, [eapol(t, b"abcd") for t in range(1, 6)] + [eapol(0, eap(c, b"")) for c in range(6)] + [
    eapol(0, eap(1, u8(t) + b"abc")) for t in (0, 1, 2, 3, 4, 5, 6, 7, 13, 18, 21, 23, 43, 254, 255)
] + [eapol(0, eap(1, u8(t))) for t in (1, 2, 3, 13, 18, 21, 43)] + [
    eapol(0, eap(1, u8(t, 0xFF) + be32(258) + b"xy")) for t in (13, 21, 43)
] + [eapol(0, eap(1, u8(t, 0x80))) for t in (13, 21, 43)] + [eapol(0, eap(2, u8(t, s))) for t in (18, 23) for s in (1, 10, 99)] + [
    eapol(0, b"", 0), eapol(0, eap(1, b"\1abc"), 5), eapol(0, eap(1, b"\1abc", 10))
] + cuts(eapol(0, eap(1, b"\1bob"))))

PRINCIPAL = b"name\0inst\0REALM\0"


def der(kind, *parts):
    return tlv(kind, b"".join(parts))


NAME = der(0x30, der(0xA0, tlv(2, u8(1))), der(0xA1, der(0x30, tlv(0x1B, b"bob"), tlv(0x1B, b"admin"))))
REQUEST5 = der(0x6A, der(0x30, der(0xA1, tlv(2, u8(5))), der(0xA2, tlv(2, u8(10))), der(0xA4, der(
    0x30, der(0xA1, NAME), der(0xA2, tlv(0x1B, b"EXAMPLE.ORG")), der(0xA3, NAME)))))
ERROR5 = der(0x7E, der(0x30, der(0xA6, tlv(2, u8(25))), der(0xA9, tlv(0x1B, b"EXAMPLE.ORG")), der(0xAA, NAME)))
capture("krb.pcap", ETHERNET, [over_udp(88, x) for x in (
    b"\4\2" + PRINCIPAL + b"\1\2\3\4\x08svc\0in\0", b"\4\3" + PRINCIPAL + b"\1\2\3\4\x08svc\0in\0",
    b"\4\4" + PRINCIPAL + b"1234567890\1\2ab", b"\4\5" + PRINCIPAL + b"1234567890\1\2ab", b"\4\6\5REALM\0\x10\x20rest",
    b"\4\x0a" + PRINCIPAL + b"ABCD\0\x08xxtext\0", b"\4\x0b" + PRINCIPAL + b"ABCD\x08\0xxtext\0",
    b"\4\x0a" + PRINCIPAL + b"ABCD\1\x08xxtext\0", b"\4\x0c", b"\4\x11", b"\3abc", b"\5abc", REQUEST5,
    REQUEST5.replace(b"\x6a", b"\x6c", 1), b"\x6b" + REQUEST5[1:], ERROR5, b"")] +
    cuts(over_udp(750, b"\4\2" + PRINCIPAL + b"\1\2\3\4\x08svc\0in\0"), first=42))

# Both ports are known: the earlier row of demux.def wins; below 1024 rows stand in order of port, as in tcpdump since 4.99.5.
capture("order.pcap", ETHERNET, [
    eth(ip4(tcp(b"SSH-2.0-x\r\n", a, b, flags="P."))) for a, b in
    ((21, 22), (22, 21), (22, 6379), (53, 80), (6379, 43), (25, 43), (554, 53), (8080, 21), (23, 21))
] + [eth(ip4(udp(b"<13>\x00\x01\x02\x03SIP/2.0 200 OK\r\n", a, b))) for a, b in
     ((514, 5060), (161, 88), (53, 161), (1812, 123), (5060, 1813), (88, 67), (4789, 514), (520, 123))])
