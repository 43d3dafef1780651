"""What packaging/ brings, as far as the tools that read it are installed."""
import re
import shutil
import subprocess

from run import Skip
from tests_options import ROOT

PROFILE = ROOT / "packaging/usr.sbin.wiretape"


def test_apparmor_profile(box):
    """Its syntax, by the parser itself; the kernel need not know AppArmor."""
    parser = shutil.which("apparmor_parser") or shutil.which("/usr/sbin/apparmor_parser")
    if not parser:
        raise Skip("apparmor_parser is not installed")
    done = subprocess.run([parser, "--skip-kernel-load", "--skip-cache", str(PROFILE)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    broken = box.dir / "broken"
    broken.write_text(PROFILE.read_text().replace("network packet,", "network pocket,"))
    done = subprocess.run([parser, "--skip-kernel-load", "--skip-cache", str(broken)], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0


def test_apparmor_profile_is_about_our_paths(box):
    text = PROFILE.read_text()
    assert re.search(r"^profile wiretape /usr/\{,local/\}sbin/wiretape \{$", text, re.M)
    for needed in ("capability net_raw,", "capability setuid,", "network packet,", "PUx,"):
        assert needed in text, needed


def test_user_and_group(box):
    """The user that root becomes by default is the one that the package makes."""
    text = (ROOT / "packaging/wiretape.sysusers").read_text()
    user = re.search(r'^#define DEFAULT_USER "(\w+)"$', (ROOT / "src/cmd/privilege.c").read_text(), re.M).group(1)
    assert re.search(rf"^u {user} ", text, re.M) and re.search(r"^g wiretape ", text, re.M)
    tool = shutil.which("systemd-sysusers")
    if not tool:
        raise Skip("systemd-sysusers is not installed")
    done = subprocess.run([tool, "--dry-run", str(ROOT / "packaging/wiretape.sysusers")], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


def test_group_script(box):
    """On, again and off, with the tools of the system played by a script that notes what it is called with."""
    (box.dir / "tools").mkdir()
    note = "#!/bin/sh\necho \"${0##*/} $*\" >>calls\ncase \"$*\" in --list*) [ -f on ];; --update*) touch on;; --remove*) rm on;; esac\n"
    for name in ("dpkg-statoverride", "setcap", "getent", "groupadd", "chown", "chmod"):
        path = box.dir / "tools" / name
        path.write_text(note)
        path.chmod(0o755)

    def script(what):
        (box.dir / "calls").write_text("")
        done = subprocess.run(["sh", str(ROOT / "packaging/capture-group"), what], cwd=box.dir, capture_output=True, text=True,
                              timeout=30, env={"PATH": f"{box.dir}/tools:/usr/bin:/bin"})
        return done.returncode, (box.dir / "calls").read_text()

    status, calls = script("again")
    assert status == 0 and "setcap" not in calls, calls
    status, calls = script("on")
    assert status == 0 and "--add root wiretape 0750 /usr/sbin/wiretape\n" in calls, calls
    assert "setcap cap_net_raw,cap_net_admin+eip /usr/sbin/wiretape\n" in calls, calls
    status, calls = script("again")
    assert status == 0 and "setcap cap_net_raw" in calls, calls
    status, calls = script("off")
    assert status == 0 and "--remove /usr/sbin/wiretape\n" in calls and "setcap -r" in calls and not (box.dir / "on").exists(), calls
    assert script("maybe")[0] == 2


def test_security_page_names_what_there_is(box):
    """Each test and source file that SECURITY.md calls a witness exists."""
    text = (ROOT / "SECURITY.md").read_text()
    named = set(re.findall(r"`((?:tests|src|cmd|io|base|dissect|stream|packaging|tools)/[\w./-]+)`", text))
    assert len(named) > 15, named
    for name in named:
        assert (ROOT / name).exists() or (ROOT / "src" / name).exists(), name
