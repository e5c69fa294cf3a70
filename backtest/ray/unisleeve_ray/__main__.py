"""`python -m unisleeve_ray GRID.toml --shards 64 --address auto`"""

import argparse
import sys
import time

from .shard import ShardFailed, ShardRefused
from .sweep import connect, sweep


def main():
    parser = argparse.ArgumentParser(prog="unisleeve-ray", description="Run a Unisleeve sweep on a Ray cluster.")
    parser.add_argument("grid", metavar="GRID.toml")
    parser.add_argument("--out", default="out-sweep", metavar="DIR", help="folder for the results")
    parser.add_argument("--shards", type=int, default=64, metavar="N", help="parts to cut the sweep into; several for each core")
    parser.add_argument("--parts", metavar="DIR", help="folder that keeps parts: what is there is not run again")
    parser.add_argument("--address", help="a cluster's address or `auto`; without it a cluster on this machine alone")
    parser.add_argument("--workers", type=int, help="processes of a cluster on this machine; all cores without it")
    parser.add_argument("--command", default="unisleeve", help="the command on every machine")
    parser.add_argument("--data", metavar="DIR", help="folder of the price files, the same path on every machine")
    args = parser.parse_args()
    if args.shards < 1:
        parser.error("--shards: expected a number above zero")
    connect(args.address, args.workers)
    import ray  # only now: connect decides where it listens

    begin = time.monotonic()

    def progress(done, shards):
        if sys.stderr.isatty():
            left = (time.monotonic() - begin) / done * (shards - done)
            print(f"\r{done} of {shards} shards, about {left:.0f} s left  ", end="", file=sys.stderr, flush=True)

    try:
        print(sweep(args.grid, args.out, args.shards, args.command, args.data, args.parts, progress), end="")
    except ShardRefused as error:
        print(error, file=sys.stderr)
        return 2
    except (ShardFailed, ray.exceptions.RayError) as error:
        print(error, file=sys.stderr)
        return 3
    finally:
        ray.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
