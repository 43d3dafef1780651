"""
Conversations of real programs: servers in namespace b, clients in a. Each function starts a server, has a client talk to it,
and returns what the two said that a capture has to show. Skip where a program is not installed.
"""
import os
import shutil
import subprocess
import sys
import textwrap
import time

from net import B, Skip

SECRET = "the quick brown fox reads packets"


def need(*programs):
    for p in programs:
        if not (shutil.which(p) or os.path.exists("/usr/sbin/" + p)):
            raise Skip(f"no {p}")


def wait_port(net, port, proto="tcp", seconds=10):
    """Until something listens on the port in b."""
    flag = "-tln" if proto == "tcp" else "-uln"
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        out = subprocess.run(["ip", "netns", "exec", net.b, "ss", flag], capture_output=True, text=True).stdout
        if any(line.split()[3].endswith(f":{port}") for line in out.splitlines()[1:]):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


def client(net, *argv, ok=True, timeout=20, **how):
    """Runs a program in a; its output."""
    done = subprocess.run(["ip", "netns", "exec", net.a, *argv], capture_output=True, timeout=timeout, cwd=net.dir, **how)
    assert not ok or done.returncode == 0, (argv, done.returncode, done.stdout, done.stderr)
    return done.stdout


HTTP_SERVER = textwrap.dedent("""
    import gzip
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
    PAGE = ("<html>" + "the quick brown fox reads packets. " * 200 + "</html>").encode()
    class H(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def log_message(self, *a): pass
        def do_GET(self):
            if self.path == "/missing":
                return self.send_error(404)
            if self.path == "/broken":
                return self.send_error(500)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            if self.path == "/packed":
                body = gzip.compress(PAGE)
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            elif self.path == "/chunks":
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for i in range(0, len(PAGE), 1000):
                    part = PAGE[i:i + 1000]
                    self.wfile.write(b"%x\\r\\n" % len(part) + part + b"\\r\\n")
                self.wfile.write(b"0\\r\\n\\r\\n")
            else:
                self.send_header("Content-Length", str(len(PAGE)))
                self.end_headers()
                self.wfile.write(PAGE)
        def do_POST(self):
            n = int(self.headers["Content-Length"])
            got = self.rfile.read(n)
            self.send_response(201)
            self.send_header("Content-Length", str(len(got)))
            self.end_headers()
            self.wfile.write(got)
    ThreadingHTTPServer(("10.9.0.2", 80), H).serve_forever()
""")

PAGE = ("<html>" + (SECRET + ". ") * 200 + "</html>").encode()


def http(net):
    need("curl")
    net.popen(net.b, sys.executable, "-c", HTTP_SERVER)
    wait_port(net, 80)
    base = f"http://{B}"
    assert client(net, "curl", "-s", "-A", "responder/1.0", "-H", "Host: shop.example", base + "/plain") == PAGE
    assert client(net, "curl", "-s", "--compressed", "-H", "Host: shop.example", base + "/packed") == PAGE
    assert client(net, "curl", "-s", "-H", "Host: shop.example", base + "/chunks") == PAGE
    assert client(net, "curl", "-s", "-d", "user=alice&password=hunter2", base + "/login") == b"user=alice&password=hunter2"
    for _ in range(3):
        client(net, "curl", "-s", base + "/missing")
    client(net, "curl", "-s", base + "/broken")


def dns(net):
    need("dnsmasq", "dig")
    net.popen(net.b, "dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts", f"--listen-address={B}", "--bind-interfaces",
              "--address=/www.shop.example/10.9.0.80", "--txt-record=note.example,quick brown fox", "--local=/example/",
              "--user=root", "--pid-file=")
    wait_port(net, 53, "udp")
    assert client(net, "dig", f"@{B}", "+short", "www.shop.example") == b"10.9.0.80\n"
    assert b"quick brown fox" in client(net, "dig", f"@{B}", "+short", "note.example", "TXT")
    assert client(net, "dig", f"@{B}", "+tcp", "+short", "www.shop.example") == b"10.9.0.80\n"
    for name in ("no-such-host.example", "neither.example"):
        assert b"NXDOMAIN" in client(net, "dig", f"@{B}", name)


def tls(net):
    need("openssl", "curl")
    client(net, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
           "-days", "30", "-subj", "/CN=vault.example", "-addext", "subjectAltName=DNS:vault.example,DNS:*.vault.example")
    os.chmod(net.dir / "key.pem", 0o644)
    for port, version in ((443, "-tls1_3"), (8443, "-tls1_2")):
        net.popen(net.b, "openssl", "s_server", "-accept", str(port), "-cert", "cert.pem", "-key", "key.pem", "-www", version,
                  "-quiet")
        wait_port(net, port)
        client(net, "curl", "-s", "-k", "--connect-to", f"vault.example:{port}:{B}:{port}", f"https://vault.example:{port}/")
    # Whom the client does not trust, it tells so.
    client(net, "curl", "-s", "--connect-to", f"vault.example:443:{B}:443", "https://vault.example/", ok=False)


def ssh(net):
    need("sshd", "ssh-keygen", "ssh")
    os.makedirs("/run/sshd", exist_ok=True)
    client(net, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "host_key")
    net.popen(net.b, "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-h", str(net.dir / "host_key"), "-p", "22",
              "-o", f"ListenAddress={B}", "-o", "PidFile=none")
    wait_port(net, 22)
    client(net, "ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
           "-o", "PreferredAuthentications=none", f"nobody@{B}", "true", ok=False)


FILE = b"name,amount\n" + b"alice,100\nbob,200\n" * 500


def ftp(net):
    need("vsftpd", "curl")
    home = net.dir / "ftp"
    home.mkdir()
    (home / "ledger.csv").write_bytes(FILE)
    os.chmod(home, 0o755)
    conf = net.dir / "vsftpd.conf"
    conf.write_text(f"listen=YES\nlisten_address={B}\nanonymous_enable=YES\nanon_root={home}\nno_anon_password=YES\n"
                    "background=NO\nseccomp_sandbox=NO\nsecure_chroot_dir=/var/empty\nrun_as_launching_user=NO\n"
                    "pasv_min_port=40000\npasv_max_port=40010\nftp_username=bin\nnopriv_user=nobody\n")
    os.makedirs("/var/empty", exist_ok=True)
    net.popen(net.b, "vsftpd", str(conf))
    wait_port(net, 21)
    assert client(net, "curl", "-s", f"ftp://{B}/ledger.csv") == FILE


def smtp(net):
    need("aiosmtpd", "curl")
    net.popen(net.b, "aiosmtpd", "-n", "-l", f"{B}:25", "-c", "aiosmtpd.handlers.Sink")
    wait_port(net, 25)
    mail = f"From: mallory@example.org\r\nTo: bob@example.org\r\nSubject: {SECRET}\r\n\r\nsend money\r\n"
    client(net, "curl", "-s", f"smtp://{B}", "--mail-from", "mallory@example.org", "--mail-rcpt", "bob@example.org", "-T", "-",
           input=mail.encode())


def irc(net):
    need("ngircd", "sic")
    conf = net.dir / "ngircd.conf"
    conf.write_text(f"[Global]\nName = irc.example.org\nInfo = test\nListen = {B}\nPorts = 6667\nServerUID = 0\nServerGID = 0\n"
                    "[Options]\nDNS = no\nIdent = no\nPAM = no\n")
    net.popen(net.b, "ngircd", "-n", "-f", str(conf))
    wait_port(net, 6667)
    chat = subprocess.Popen(["ip", "netns", "exec", net.a, "sic", "-h", B, "-n", "agent7"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        for line in ("", ":j #war-room", f":m #war-room {SECRET}", ":l #war-room done"):
            time.sleep(0.4)
            chat.stdin.write(line.encode() + b"\n")
            chat.stdin.flush()
        time.sleep(0.4)
    finally:
        chat.kill()
        chat.communicate()


def failures(net):
    """A closed port, three times, and one where packets vanish."""
    for _ in range(3):
        with socket_in(net) as s:
            assert s("connect", B, 81) == "refused"
    need("curl")
    client(net, "curl", "-s", "-m", "2", "http://10.9.0.99/", ok=False)


class socket_in:
    """Connects from a, by a program of its own since a namespace is a process's."""
    def __init__(self, net):
        self.net = net

    def __enter__(self):
        return self.ask

    def __exit__(self, *_):
        pass

    def ask(self, _, host, port):
        code = f"import socket\ntry:\n socket.create_connection(({host!r}, {port}), 2)\n print('open')\n" \
               "except ConnectionRefusedError:\n print('refused')\nexcept OSError as e:\n print(e)\n"
        return client(self.net, sys.executable, "-c", code).decode().strip()


ALL = {"http": http, "dns": dns, "tls": tls, "ssh": ssh, "ftp": ftp, "smtp": smtp, "irc": irc, "failures": failures}


def capture(net, *names):
    """All of them (or those named) captured to one file; its path, and the names of those that were skipped."""
    skipped = []
    child = net.start("-n", "-i", "eth1", "-U", "-w", "real.pcap")
    for name in names or ALL:
        try:
            ALL[name](net)
        except Skip as why:
            skipped.append(f"{name}: {why}")
    time.sleep(0.3)
    _, err, status = net.stop(child)
    assert status == 0, err
    return net.dir / "real.pcap", skipped
