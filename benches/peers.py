#!/usr/bin/env python3
"""Times one solve of a large convex problem by Unisleeve, Clarabel and PIQP: 500 names x 10 lots x 20 factors.

    python3 benches/peers.py

Builds the example `dump_solve`, which prints the problem and times Unisleeve, and installs the other solvers in target/peers. Each of
them solves both forms of the quadratic program (`forms`), PIQP by its sparse and its dense method, and the table shows its fastest
combination. Combinations that take ten times as long as the fastest in their first solve are not run again. All solvers run one thread
at their default tolerances; the objectives of all combinations must agree to 1e-7 of the value.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "target" / "peers"
PACKAGES = ["piqp==0.7.0", "clarabel==0.11.1", "numpy", "scipy"]
SOLVES = 30
SLOWER = 10
AGREE = 1e-7
# The objective is about ten basis points. The other solvers' absolute tolerances expect one of about 1.
SCALE = 1e3


def prepare():
    """Installs the solvers and starts this script again with the Python that has them."""
    python = PEERS / "bin" / "python"
    if not python.is_file():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), str(Path(__file__).resolve()), "installed"])


def dump():
    """The problem, Unisleeve's solution and its times."""
    build = ["cargo", "build", "--quiet", "--release", "-p", "unisleeve-benches", "--example", "dump_solve"]
    subprocess.run(build, cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return json.loads(subprocess.run([str(target / "release/examples/dump_solve")], capture_output=True, check=True).stdout)


def forms(problem):
    """The quadratic program in two forms: minimize 1/2 x'Px + c'x + constant, Ax = b, Gx within bounds, x within bounds.

    Each form has a variable for each purchase and each lot's sale, and one for each factor. `holdings` adds the active weight of each
    name, which makes P diagonal; `blocks` writes it as the sum of the name's trades, which needs fewer rows.
    """
    import numpy as np
    from scipy import sparse

    names, signs, widths, costs = (np.array(column) for column in zip(*problem["parts"]))
    names = names.astype(int)
    active, specific = np.array(problem["active"]), np.array(problem["specific"])
    n, k, m, gamma = len(active), problem["factors"], len(names), problem["risk_aversion"]
    exposures = np.array(problem["exposures"]).reshape(n, k)
    trades = sparse.csc_matrix((signs, (names, np.arange(m))), shape=(n, m))
    rows = sparse.csr_matrix(np.array([r["coefficients"] for r in problem["rows"]]).reshape(-1, n)) @ trades
    low = np.array([-np.inf if r["low"] is None else r["low"] for r in problem["rows"]])
    high = np.array([np.inf if r["high"] is None else r["high"] for r in problem["rows"]])
    exact = low >= high
    constant = 0.5 * gamma * float(specific @ active**2)
    own, common = sparse.diags(gamma * specific), gamma * sparse.identity(k)

    def form(quadratic, linear, links, targets, free, constant):
        """Adds the rows and bounds, which are the same in both forms."""
        padded = sparse.hstack([rows, sparse.csr_matrix((len(low), free))]).tocsr()
        return {
            "P": sparse.csc_matrix(SCALE * quadratic),
            "c": SCALE * linear,
            "A": sparse.vstack([links, padded[exact]]).tocsc(),
            "b": np.concatenate([targets, low[exact]]),
            "G": padded[~exact].tocsc(),
            "low": low[~exact],
            "high": high[~exact],
            "x_low": np.concatenate([np.zeros(m), np.full(free, -np.inf)]),
            "x_high": np.concatenate([widths, np.full(free, np.inf)]),
            "constant": constant,
        }

    held = sparse.block_diag([sparse.csc_matrix((m, m)), own, common])
    links = sparse.bmat([[-trades, sparse.identity(n), None], [None, -exposures.T, sparse.identity(k)]])
    targets = np.concatenate([active, np.zeros(k)])
    yield "holdings", form(held, np.concatenate([costs, np.zeros(n + k)]), links, targets, n + k, 0.0)
    blocks = sparse.block_diag([trades.T @ own @ trades, common])
    linear = np.concatenate([costs + gamma * (trades.T @ (specific * active)), np.zeros(k)])
    links = sparse.hstack([-(exposures.T @ trades), sparse.identity(k)])
    yield "blocks", form(blocks, linear, links, exposures.T @ active, k, constant)


def piqp(program, dense):
    """A new PIQP solver, set up; solving returns the objective."""
    import piqp

    solver = piqp.DenseSolver() if dense else piqp.SparseSolver()
    matrices = [program[name].toarray() if dense else program[name] for name in "PAG"]
    some = program["G"].shape[0] > 0
    rows = (matrices[2], program["low"], program["high"]) if some else (None, None, None)
    solver.setup(matrices[0], program["c"], matrices[1], program["b"], *rows, program["x_low"], program["x_high"])

    def solve():
        status = solver.solve()
        assert status == piqp.PIQP_SOLVED, status
        return solver.result.info.primal_obj / SCALE + program["constant"]

    return solve


def clarabel(program):
    """A new Clarabel solver, set up; solving returns the objective. It takes bounds as rows of `A x + s = b` with s >= 0."""
    import clarabel
    import numpy as np
    from scipy import sparse

    bounded = sparse.vstack([program["G"], sparse.identity(len(program["c"]))]).tocsr()
    low = np.concatenate([program["low"], program["x_low"]])
    high = np.concatenate([program["high"], program["x_high"]])
    above, below = np.isfinite(high), np.isfinite(low)
    a = sparse.vstack([program["A"], bounded[above], -bounded[below]]).tocsc()
    b = np.concatenate([program["b"], high[above], -low[below]])
    cones = [clarabel.ZeroConeT(len(program["b"])), clarabel.NonnegativeConeT(int(above.sum() + below.sum()))]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    solver = clarabel.DefaultSolver(sparse.triu(program["P"]).tocsc(), program["c"], a, b, cones, settings)

    def solve():
        solution = solver.solve()
        assert solution.status == clarabel.SolverStatus.Solved, solution.status
        return solution.obj_val / SCALE + program["constant"]

    return solve


def once(make):
    """Milliseconds of the set-up and of the solve, and the objective."""
    start = time.perf_counter()
    solve = make()
    ready = time.perf_counter()
    objective = solve()
    return (ready - start) * 1e3, (time.perf_counter() - ready) * 1e3, objective


def fastest(makers, expected):
    """Name, set-up times, solve times and objective of the solver's fastest combination of form and method."""
    tried = {name: once(make) for name, make in makers.items()}
    for name, (_, solve, objective) in tried.items():
        print(f"{name}: first solve {solve:.1f} ms, objective {objective:.12e}", file=sys.stderr)
        if not abs(objective - expected) <= AGREE:
            sys.exit(f"{name}: the objective differs from Unisleeve's {expected:.12e} by more than {AGREE}")
    least = min(solve for _, solve, _ in tried.values())
    rows = []
    for name, make in makers.items():
        if tried[name][1] <= SLOWER * least:
            setups, solves, _ = zip(*(once(make) for _ in range(SOLVES)))
            rows.append((name, setups, solves, tried[name][2]))
    return min(rows, key=lambda row: statistics.median(row[2]))


def main():
    """Prints the table."""
    if sys.argv[1:] != ["installed"]:
        prepare()
    said = dump()
    programs = dict(forms(said["problem"]))
    peers = [
        {f"Clarabel, {form}": lambda p=p: clarabel(p) for form, p in programs.items()},
        {f"PIQP {('sparse', 'dense')[d]}, {form}": lambda p=p, d=d: piqp(p, d == 1) for form, p in programs.items() for d in (0, 1)},
    ]
    rows = [("Unisleeve", None, said["milliseconds"], said["objective"])]
    for makers in peers:
        rows.append(fastest(makers, said["objective"]))
    ours = statistics.median(said["milliseconds"])
    print(f"One solve, cold, {SOLVES} times; ms. Unisleeve's time includes its set-up. Ratio of medians without set-up.\n")
    print("| solver | least | median | median with set-up | over Unisleeve | objective less Unisleeve's |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, setups, solves, objective in rows:
        both = [a + b for a, b in zip(setups or [0.0] * len(solves), solves)]
        middle = statistics.median(solves)
        print(
            f"| {name} | {min(solves):.3f} | {middle:.3f} | {statistics.median(both):.3f} "
            f"| {middle / ours:.0f} | {objective - said['objective']:.1e} |"
        )


if __name__ == "__main__":
    main()
