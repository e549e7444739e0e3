"""The memory meter."""

from pathlib import Path

import psutil
import pytest

from dyno import memory

MEBIBYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _no_stated_limit(monkeypatch):
    monkeypatch.delenv("MEMORY_LIMIT_MB", raising=False)


def lay_cgroups(folder: Path, membership: str, limits: dict[str, str]) -> tuple[Path, Path]:
    """A /proc/self and a /sys/fs/cgroup of our own."""
    proc, cgroups = folder / "proc", folder / "cgroups"
    proc.mkdir()
    (proc / "cgroup").write_text(membership)
    for name, text in limits.items():
        file = cgroups / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return proc, cgroups


def test_memory_grows_with_what_the_process_holds():
    before_mb = memory.memory_mb()

    held = bytearray(b"x") * (64 * MEBIBYTE)

    assert memory.memory_mb() - before_mb > 48
    assert len(held) == 64 * MEBIBYTE


def test_memory_is_the_resident_size_of_this_process():
    seen_mb = psutil.Process().memory_info().rss / MEBIBYTE

    assert memory.memory_mb() == pytest.approx(seen_mb, rel=0.2)


def test_proportional_memory_is_read_from_the_rollup(tmp_path):
    (tmp_path / "smaps_rollup").write_text(
        "55d0-7ffe ---p 00000000 00:00 0   [rollup]\nRss:  9000 kB\nPss:  4096 kB\nPss_Anon: 1 kB\n"
    )

    assert memory.proportional_memory_mb(tmp_path) == 4.0


@pytest.mark.parametrize("text", [None, "Rss: 9000 kB\n"])
def test_proportional_memory_is_unknown_where_the_system_does_not_say(tmp_path, text):
    if text is not None:
        (tmp_path / "smaps_rollup").write_text(text)

    assert memory.proportional_memory_mb(tmp_path) is None


def test_stated_limit_wins_over_the_control_group(tmp_path, monkeypatch):
    monkeypatch.setenv("MEMORY_LIMIT_MB", "300")
    proc, cgroups = lay_cgroups(tmp_path, "0::/app\n", {"app/memory.max": str(256 * MEBIBYTE)})

    assert memory.memory_limit_mb(proc, cgroups) == 300


@pytest.mark.parametrize(
    ("membership", "limits", "expected_mb"),
    [
        pytest.param("0::/app\n", {"app/memory.max": f"{256 * MEBIBYTE}\n"}, 256, id="version 2"),
        pytest.param(
            "0::/slice/app\n",
            {"slice/memory.max": str(200 * MEBIBYTE), "slice/app/memory.max": "max"},
            200,
            id="the group above limits",
        ),
        pytest.param(
            "9:name=systemd:/\n4:cpu,memory:/app\n",
            {"memory/app/memory.limit_in_bytes": str(128 * MEBIBYTE)},
            128,
            id="version 1",
        ),
        pytest.param(
            "4:memory:/docker/0123\n",
            {"memory/memory.limit_in_bytes": str(512 * MEBIBYTE)},
            512,
            id="container that sees only its own root",
        ),
        pytest.param(
            "4:memory:/app\n",
            {"memory/app/memory.limit_in_bytes": "9223372036854771712"},
            None,
            id="version 1 without a limit",
        ),
        pytest.param(
            "0::/app\n", {"app/memory.max": "max\n"}, None, id="version 2 without a limit"
        ),
        pytest.param("", {}, None, id="no control groups"),
    ],
)
def test_limit_of_the_control_group(tmp_path, membership, limits, expected_mb):
    proc, cgroups = lay_cgroups(tmp_path, membership, limits)

    assert memory.read_cgroup_limit_mb(proc, cgroups) == expected_mb
    assert memory.memory_limit_mb(proc, cgroups) == (expected_mb or 512)


def test_system_without_proc_has_the_default_limit(tmp_path):
    assert memory.memory_limit_mb(tmp_path / "nowhere", tmp_path / "nowhere") == 512
