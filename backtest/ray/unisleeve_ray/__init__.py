"""Runs the shards of a Unisleeve sweep on a Ray cluster.

All work is the command's: `unisleeve sweep` makes the plan, runs each shard and merges the parts. This package sends plans to
workers, brings parts back, and sends again what was lost. Nothing in it can change a figure.
"""

from .sweep import ShardRefused, sweep

__all__ = ["ShardRefused", "sweep"]
