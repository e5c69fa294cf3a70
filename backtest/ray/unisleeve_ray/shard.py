"""One shard on one worker: the plan comes as bytes, the part goes back as bytes; no shared disk is needed but for price files."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile


class ShardRefused(Exception):
    """The command refused the shard's input: trying again can't help."""


class ShardFailed(Exception):
    """The worker's surroundings failed (disk, memory, a killed process): another try may help."""


def _end_with_the_worker():
    """A worker that is killed takes its command along. Linux can do that; elsewhere the command ends by itself."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def run_shard(plan: bytes, shard: int, shards: int, command: str, data: "str | None") -> bytes:
    """Runs `unisleeve sweep --plan ... --shard shard/shards` with one thread and returns the part."""
    with tempfile.TemporaryDirectory(prefix="unisleeve-") as folder:
        plan_file, part = os.path.join(folder, "plan.json"), os.path.join(folder, "part.parquet")
        with open(plan_file, "wb") as file:
            file.write(plan)
        line = [command, "sweep", "--plan", plan_file, "--shard", f"{shard}/{shards}", "--out", part, "--threads", "1"]
        if data is not None:
            line += ["--data", data]
        done = subprocess.run(line, capture_output=True, text=True, preexec_fn=_end_with_the_worker)
        if done.returncode == 2:
            raise ShardRefused(f"shard {shard}/{shards}: {done.stderr.strip()}")
        if done.returncode != 0:
            raise ShardFailed(f"shard {shard}/{shards}: exit {done.returncode}: {done.stderr.strip()}")
        with open(part, "rb") as file:
            return file.read()
