"""A sweep on two Ray workers, one of which is killed in mid-run, has the rows of a local run.

    python killed_worker.py UNISLEEVE

needs ray; test.sh makes an environment that has it.
"""

import csv
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from unisleeve_ray.sweep import connect, sweep  # noqa: E402

GRID = """
arms = ["uma", "sma", "shadow"]
[vintages]
years = 4
every_months = 12
[grid]
"trading.risk_aversion" = [20, 40, 80]
"""
SHARDS = 12


def processes():
    """Parent and name of every process, by id."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as file:
                    text = file.read()
            except OSError:
                continue
            name = text[text.index("(") + 1 : text.rindex(")")]
            state, parent = text[text.rindex(")") + 2 :].split()[:2]
            if state != "Z":
                found[int(entry)] = (int(parent), name)
    return found


def descendants(root):
    """Every process below one, itself not included."""
    all_of_them, below = processes(), {root}
    while True:
        more = {pid for pid, (parent, _) in all_of_them.items() if parent in below} - below
        if not more:
            return below - {root}
        below |= more


def kill_a_working_worker(killed, over):
    """Kills the first worker of ours that has a shard at work."""
    while not over.wait(0.02):
        all_of_them = processes()
        for pid, (parent, name) in all_of_them.items():
            # A worker's command, seen from the commands that this process calls itself.
            if name == "unisleeve" and parent != os.getpid() and parent in descendants(os.getpid()):
                os.kill(parent, signal.SIGKILL)
                killed.append(parent)
                return


def listening(pids):
    """Addresses (hexadecimal, as the kernel writes them) on which processes wait for connections."""
    sockets = set()
    for pid in pids:
        try:
            for entry in os.listdir(f"/proc/{pid}/fd"):
                try:
                    sockets.add(os.readlink(f"/proc/{pid}/fd/{entry}"))
                except OSError:
                    pass
        except OSError:
            pass
    found = set()
    for table in ["tcp", "tcp6"]:
        with open(f"/proc/net/{table}") as file:
            for line in file.readlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                    found.add(fields[1].split(":")[0])
    return found


def end(ours):
    """Ends what Ray has not ended by itself, each process by its id."""
    for _ in range(100):
        left = ours & processes().keys()
        if not left:
            return
        time.sleep(0.1)
    for pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def rows(folder):
    with open(os.path.join(folder, "results.csv"), newline="") as file:
        return sorted(csv.reader(file))


def main():
    command = os.path.abspath(sys.argv[1])
    ours = set()
    with tempfile.TemporaryDirectory(prefix="unisleeve-ray-") as folder:
        grid = os.path.join(folder, "grid.toml")
        with open(grid, "w") as file:
            file.write(GRID)
        local, remote = os.path.join(folder, "local"), os.path.join(folder, "remote")
        subprocess.run([command, "sweep", grid, "--out", local], check=True, stdout=subprocess.DEVNULL)
        killed, over, parts = [], threading.Event(), []
        killer = threading.Thread(target=kill_a_working_worker, args=(killed, over))
        try:
            # A killed worker leaves its files behind; here they go with the rest.
            os.environ["TMPDIR"] = folder
            connect(workers=2, folder=os.path.join(folder, "ray"))
            import ray

            assert ray.util.get_node_ip_address() == "127.0.0.1", ray.util.get_node_ip_address()
            # 127.0.0.1, also as an IPv6 socket sees it.
            open_to = listening(descendants(os.getpid())) - {"0100007F", "0000000000000000FFFF00000100007F"}
            assert not open_to, f"Ray listens on more than 127.0.0.1: {open_to}"
            killer.start()
            sweep(grid, remote, SHARDS, command, progress=lambda done, shards: parts.append(done))
        finally:
            over.set()
            if killer.is_alive():
                killer.join()
            ours |= descendants(os.getpid())
            ray.shutdown()
            end(ours)
        assert killed, "no worker was killed"
        assert parts == list(range(1, SHARDS + 1)), parts
        assert rows(local) == rows(remote), "the rows differ"
        for name in ["results.csv", "results.parquet", "summary.json"]:
            with open(os.path.join(local, name), "rb") as a, open(os.path.join(remote, name), "rb") as b:
                assert a.read() == b.read(), f"{name} differs"
        count = len(rows(local)) - 1
    print(f"worker {killed[0]} killed in mid-run: {count} rows of {SHARDS} shards are those of a local run")


if __name__ == "__main__":
    main()
