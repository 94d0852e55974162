"""Where a profile may be written, and what a command prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from vpn_model.printable import printable
from vpn_ops import output
from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.private_files import write_private
from vpn_ops.client_vpn.profile_file import check_folder, check_place
from vpn_ops.errors import OperatorError


def profile(signed: authority.Signed) -> bytes:
    return b"client\n<cert>\n" + authority.certificate_pem(signed.certificate) + b"</cert>\n<key>\n</key>\n"


def test_only_an_earlier_profile_of_the_user_is_replaced(tmp_path: Path, signer: authority.Signed) -> None:
    path = tmp_path / "alice.ovpn"
    check_place(path, "alice", signer, force=False)
    path.write_bytes(profile(authority.client("alice", signer)))
    check_place(path, "alice", signer, force=False)
    another = authority.authority("a test")
    others = (
        profile(authority.client("bob", signer)),
        profile(authority.client("alice", another)),
        profile(authority.client("alice", signer)).replace(b"</cert>", b""),
        b"",
        b"thesis",
        b"<cert>\n</cert>",
    )
    for content in others:
        path.write_bytes(content)
        with pytest.raises(OperatorError, match=r"alice.ovpn is there and is not an earlier profile of alice; choose"):
            check_place(path, "alice", signer, force=False)
        check_place(path, "alice", signer, force=True)


@pytest.mark.parametrize("place", ["", "/dev/null"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, signer: authority.Signed, place: str) -> None:
    with pytest.raises(OperatorError, match="is not a file; choose a file with --output"):
        check_place(Path(place) if place else tmp_path, "alice", signer, force=True)


@pytest.mark.parametrize("git", ["folder", "file"])
def test_no_profile_lies_in_a_repository(tmp_path: Path, git: str) -> None:
    (tmp_path / ".git").mkdir() if git == "folder" else (tmp_path / ".git").write_text("gitdir: elsewhere")
    (tmp_path / "deep").mkdir()
    for path in (tmp_path / "a.ovpn", tmp_path / "deep" / "a.ovpn"):
        with pytest.raises(OperatorError, match=r"is inside the repository .*; choose a place outside with --output"):
            check_folder(path)


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ovpn"
    write_private(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_private(path, b"new")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a.ovpn", b"old")]


NAMES = {
    "[red]mallory": "[red]mallory",
    "[/x]": "[/x]",
    "a\x1b[31mb": r"a\x1b[31mb",
    "a\rb\nc\td": r"a\rb\nc\td",
    "a\u202eb": r"a\u202eb",
    "\udcff\x9b": r"\udcff\x9b",
    "Zoë 東京": "Zoë 東京",
}


@pytest.mark.parametrize(("name", "shown"), NAMES.items())
def test_names_are_shown_as_they_are_and_control_nothing(
    name: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printable(name) == shown
    output.show_lines(name)
    output.show_table(("user",), [(name,)])
    output.show_error(f"x{name}x")
    printed = capsys.readouterr()
    assert [line.strip() for line in printed.out.split("\n")] == [shown, "user", shown, ""]
    if not any(one.isspace() for one in name):
        assert printed.err == f"error: x{shown}x\n"
