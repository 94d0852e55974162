"""Archives in the kernel's initramfs format ("newc" cpio)."""

from __future__ import annotations

import stat
from collections.abc import Mapping

DIRECTORY = stat.S_IFDIR | 0o755
PROGRAM = stat.S_IFREG | 0o755


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files by path, with the folders they need; every file is executable."""
    folders: dict[str, None] = {}
    for path in files:
        parts = path.split("/")[:-1]
        for depth in range(len(parts)):
            folders["/".join(parts[: depth + 1])] = None
    entries = [_entry(number, folder, DIRECTORY, b"") for number, folder in enumerate(folders, 1)]
    entries += [
        _entry(number, path, PROGRAM, content) for number, (path, content) in enumerate(files.items(), len(folders) + 1)
    ]
    # the kernel requires concatenated archives to start at a multiple of four
    return _padded(b"".join(entries) + _entry(0, "TRAILER!!!", 0, b""))


def _entry(number: int, path: str, mode: int, content: bytes) -> bytes:
    name = path.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
    header = b"070701" + b"".join(b"%08x" % value for value in fields)
    return _padded(header + name) + _padded(content)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
