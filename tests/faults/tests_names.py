"""Services of names, which are libraries of others, that need more than the helper may do, fail, or never answer."""
import os
import shutil
import signal
import time
from pathlib import Path

from capture import eth, pcap, udp
from place import Skip, until

# A folder of libraries that the helper may read, with the odd service alone in it, and a nsswitch.conf that asks it first.
INSIDE = "mount -t tmpfs tmpfs /usr/local/lib && cp libnss_odd.so.2 /usr/local/lib && mount --bind nsswitch.conf /etc/nsswitch.conf && " \
    "exec env NSS_ODD={} LD_LIBRARY_PATH=/usr/local/lib \"$@\""
GONE = "wiretape: WARNING: the helper process is gone: no more names are looked up\n"


def under(place, how):
    if place.examined:
        raise Skip("there is no sandbox under examination")
    shutil.copy(Path(place.shim).with_name("libnss_odd.so.2"), place.dir)
    (place.dir / "nsswitch.conf").write_text("hosts: odd files\nservices: files\n")
    (place.dir / "f.pcap").write_bytes(pcap([eth(udp(40000, 40001, src="127.0.0.1", dst=f"10.0.0.{i}")) for i in range(1, 9)]))
    return "unshare", "-m", "sh", "-c", INSIDE.format(how), "x"


def helpers(place):
    """Processes that still work in this folder."""
    found = []
    for p in Path("/proc").glob("[0-9]*"):
        try:
            if os.readlink(p / "cwd") == str(place.dir):
                found.append(p.name)
        except OSError:
            pass
    return found


def shown(place, how):
    """The names of both ends of the packets, as they are shown with such a service, and what was said."""
    began = time.monotonic()
    out, err, status = place.run("-t", "-r", "f.pcap", under=under(place, how))
    assert status == 0 and out.count(b"\n") == 8 and time.monotonic() - began < 8, (how, status, out, err)
    until(lambda: not helpers(place))
    words = [line.replace(b":", b"").split() for line in out.splitlines()]
    return {w[1].removesuffix(b".40000").decode() for w in words}, {w[3].removesuffix(b".40001").decode() for w in words}, err


NUMBERS = {f"10.0.0.{i}" for i in range(1, 9)}


def test_names_of_a_service_of_others(place):
    assert shown(place, "fine")[:2] == ({"odd.example"}, {"odd.example"})


def test_names_whose_service_needs_more(place):
    """It ends with the helper; what is known until then is shown, and all else as numbers."""
    for how in ("fork", "exec", "kill", "raw", "listen", "write"):
        ends = shown(place, how)
        assert ends[0] == {"127.0.0.1"} and ends[1] == NUMBERS and ends[2].count(GONE) == 1, (how, ends)
    assert not (place.dir / "odd.written").exists()


def test_names_whose_service_is_refused(place):
    """It is told that it may not, and the next service is asked."""
    for how in ("read", "surf"):
        ends = shown(place, how)
        assert ends[0] == {"localhost"} and ends[1] == NUMBERS and GONE not in ends[2], (how, ends)


def test_names_whose_service_fails(place):
    for how in ("abort", "exit"):
        ends = shown(place, how)
        assert ends[0] == {"127.0.0.1"} and ends[1] == NUMBERS and ends[2].count(GONE) == 1, (how, ends)
    ends = shown(place, "hang")
    assert ends[0] == {"127.0.0.1"} and ends[1] == NUMBERS and GONE not in ends[2], ends


def test_names_that_are_none(place):
    for how in ("escape", "long"):
        ends = shown(place, how)
        assert ends[0] == {"127.0.0.1"} and ends[1] == NUMBERS and GONE not in ends[2], (how, ends)


def test_names_do_not_end_a_capture(place):
    for how in ("fork", "hang"):
        child = place.live("-t", "-l", place.udp, under=under(place, how))
        place.send(0, 50, size=100, pause=0.002)
        time.sleep(0.5)
        out, err, status = place.end(child, signal.SIGINT)
        assert status == 0 and out.count(b"UDP, length 100\n") == 50 and b"10.9.0.1." in out, (how, out, err)
