"""The directory of a region: what is wrong with it is one line, and nobody else can have had a hand in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vpn_lab.region import Region, RegionError, Settings
from vpn_lab.region.guard.keys import Keys


@pytest.mark.parametrize("content", ["{}", "[]", "text", '{"pid": 1, "port": 1}', "null", "\udcff"])
def test_a_damaged_file_of_a_state_directory_is_one_line(tmp_path: Path, content: str) -> None:
    damaged = content.encode(errors="surrogateescape")
    good = Settings(tmp_path)
    good.save()
    good.running_file.write_bytes(damaged)
    with pytest.raises(RegionError, match=r"^no region runs in .*$"):
        Region.find(tmp_path)
    (tmp_path / "keys.json").touch(0o600)
    (tmp_path / "keys.json").write_bytes(damaged)
    with pytest.raises(RegionError, match=r"^.*keys\.json contains no keys; delete it, and start the region again$"):
        Keys.load(tmp_path)
    good.settings_file.write_bytes(damaged)
    if content != "{}":
        with pytest.raises(RegionError, match=r"^.*settings\.json contains no settings of a region; start one in .*$"):
            Region.find(tmp_path)


def test_a_state_directory_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    full = tmp_path / "full"
    full.mkdir(0o700)
    (full / "settings.json").symlink_to("/dev/full")
    linked = tmp_path / "linked"
    linked.mkdir(0o700)
    (linked / "lock").symlink_to(file)
    for directory, reason in (
        (file, "File exists"),
        (file / "below", "File exists"),
        (Path("/proc/region"), "No such file"),
        (shared, "other users can write"),
        (full, "No space left"),
        (linked, "symbolic link"),
    ):
        with pytest.raises(RegionError, match=rf"^the state directory .*{reason}|^{reason}.*$") as problem:
            Region.start(state_dir=directory)
        assert "\n" not in str(problem.value)


def test_keys_that_others_may_know_are_not_used(tmp_path: Path) -> None:
    made = Keys.obtain(tmp_path)
    assert Keys.obtain(tmp_path) == made
    assert made.secret_access_key not in repr(made)
    assert made.token not in repr(made)
    (tmp_path / "keys.json").chmod(0o644)
    with pytest.raises(RegionError, match="mode 0600") as problem:
        Region.start(state_dir=tmp_path)
    assert made.secret_access_key not in str(problem.value)
    assert "\n" not in str(problem.value)
    (tmp_path / "keys.json").unlink()
    (tmp_path / "keys.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        Keys.load(tmp_path)
