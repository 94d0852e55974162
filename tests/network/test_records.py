"""The files from which a running network is found: they may be old, damaged, or copies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vpn_lab.network.machine.machine import Machine, MachineError
from vpn_lab.network.network import Network, NetworkError
from vpn_lab.processes import start_time

OTHER = {"port": 1, "token": "t"}


@pytest.mark.parametrize("content", ["", "{}", "[]", "text", '{"pid": 1, "port": 1, "token": ""}'])
def test_a_damaged_record_is_no_machine(tmp_path: Path, content: str) -> None:
    (tmp_path / "machine.json").write_text(content)
    with pytest.raises(MachineError, match=r"^no machine runs in .*$"):
        Machine.find(tmp_path)


def test_a_process_with_a_reused_id_is_neither_found_nor_stopped(tmp_path: Path) -> None:
    own = start_time(os.getpid())
    assert own is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, process_group=0) as stranger:
        started = start_time(stranger.pid)
        assert started is not None
        record = {**OTHER, "pid": stranger.pid, "started": started - 1}
        (tmp_path / "machine.json").write_text(json.dumps(record))
        with pytest.raises(MachineError, match="no machine runs"):
            Machine.find(tmp_path)
        Machine(tmp_path, stranger.pid, 1, "t", started - 1).stop()
        (tmp_path / "machine.json").write_text(json.dumps({**record, "started": started}))
        assert Machine.find(tmp_path).pid == stranger.pid
        for content in ("{}", "text"):
            (tmp_path / "network.json").write_text(content)
            with pytest.raises(NetworkError, match=r"^.* no record of a network; start one with `up`$"):
                Network.find(tmp_path)
        assert stranger.poll() is None
        stranger.communicate(b"\n")
        assert stranger.returncode == 0
