"""A whole sweep: plan, shards on the cluster, merge."""

import os
import secrets
import subprocess
import sys
import tempfile

from . import shard as shard_module
from .shard import ShardFailed, ShardRefused, run_shard

#: How often a shard is sent again after its worker died or failed.
TRIES = 5


def connect(address=None, workers=None, folder=None):
    """Joins a cluster, or starts one of `workers` processes on this machine alone, whose files go to `folder`.

    A cluster of our own listens on 127.0.0.1 only, has no dashboard, sends no usage statistics and leaves no token behind.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address is not None:
        import ray

        return ray.init(address=address, log_to_driver=False)
    # Ray takes 127.0.0.1 for a mistake on Linux, unless clusters of several machines are off. It looks when it is imported.
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    import ray

    return ray.init(
        num_cpus=workers,
        include_dashboard=False,
        log_to_driver=False,
        _node_ip_address="127.0.0.1",
        _temp_dir=folder,
    )


def sweep(grid, out, shards, command="unisleeve", data=None, parts=None, progress=None):
    """Runs GRID.toml on the connected cluster; results appear in the folder `out`. Returns what the merge printed.

    `parts` is a folder for parts: those that are there already are not run again. Without it they live in a temporary folder.
    `progress(done, shards)` is called after each part.
    """
    if parts is None:
        with tempfile.TemporaryDirectory(prefix="unisleeve-parts-") as folder:
            return sweep(grid, out, shards, command, data, folder, progress)
    os.makedirs(parts, exist_ok=True)
    plan_file = os.path.join(parts, "plan.json")
    before = _read(plan_file)
    _run([command, "sweep", str(grid), "--plan", plan_file, *(["--data", str(data)] if data else [])])
    plan = _read(plan_file)
    paths = [os.path.join(parts, f"part-{k}-of-{shards}.parquet") for k in range(1, shards + 1)]
    if before is not None and before != plan:
        # Parts of another plan: the merge would refuse them.
        for path in paths:
            if os.path.exists(path):
                os.remove(path)
    todo = [k for k in range(1, shards + 1) if not os.path.exists(paths[k - 1])]
    _send(plan, todo, shards, command, data, paths, progress)
    return _run([command, "sweep", "--merge", *paths, "--out", str(out)])


def _send(plan, todo, shards, command, data, paths, progress):
    import ray

    # The workers' machines need Ray and the command, but not this package.
    ray.cloudpickle.register_pickle_by_value(shard_module)
    # max_retries: the worker died. retry_exceptions: it lived to tell.
    task = ray.remote(num_cpus=1, max_retries=TRIES, retry_exceptions=[ShardFailed])(run_shard)
    shared = ray.put(plan)
    waiting = {task.remote(shared, k, shards, command, data): k for k in todo}
    done = shards - len(todo)
    try:
        while waiting:
            ready, _ = ray.wait(list(waiting), num_returns=1)
            for reference in ready:
                k = waiting.pop(reference)
                _write(paths[k - 1], ray.get(reference))
                done += 1
                if progress is not None:
                    progress(done, shards)
    except ray.exceptions.RayTaskError as error:
        for reference in waiting:
            ray.cancel(reference)
        raise error.cause if isinstance(error.cause, (ShardRefused, ShardFailed)) else error


def _read(path):
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def _write(path, content):
    """Whole or not at all."""
    with open(path + ".new", "wb") as file:
        file.write(content)
    os.replace(path + ".new", path)


def _run(line):
    done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise ShardRefused(done.stderr.strip())
    sys.stderr.write(done.stderr)
    return done.stdout
