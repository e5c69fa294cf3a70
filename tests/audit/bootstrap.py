"""The 95% interval of a mean over overlapping start dates, as the documentation of `setup_interval` has it.

A stationary bootstrap (Politis and Romano 1994) draws blocks of neighboring start dates, of geometric length, around
the circle of all dates. The variance of the drawn means is corrected for the covariance lost between blocks, and for
the few blocks there are; the interval takes Student's t.
"""
import math

DRAWS, SEED = 2_000, 0x5E70B5
BITS = 2**64 - 1
T = (12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836)  # 97.5% quantiles with 1 to 5 degrees of freedom
# Terms of its expansion in 1/n: divisor, then coefficients of z^1, z^3 and so on (Abramowitz and Stegun 26.7.5).
TERMS = ((4, (1, 1)), (96, (3, 16, 5)), (384, (-15, 17, 19, 3)), (92_160, (-945, -1920, 1482, 776, 79)))
Z = 1.959963985


def draws(state):
    """64-bit integers of SplitMix64 (Steele, Lea and Flood 2014)."""
    while True:
        state = (state + 0x9E3779B97F4A7C15) & BITS
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & BITS
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & BITS
        yield mixed ^ (mixed >> 31)


def student_t(n):
    if n <= len(T):
        return T[n - 1]
    terms = enumerate(TERMS, 1)
    return Z + sum(sum(c * Z ** (2 * at + 1) for at, c in enumerate(cs)) / divisor / n**power for power, (divisor, cs) in terms)


def interval(values, block):
    """Of the mean of `values`, in order of their start dates, of which `block` share data; None below two blocks."""
    count, blocks = len(values), len(values) / block
    if count < 2 or blocks < 2:
        return None
    chance, means = draws(SEED), []
    for _ in range(DRAWS):
        at, total = next(chance) % count, 0.0
        for _ in range(count):
            total += values[at]
            is_new = (next(chance) >> 11) / 2**53 * block < 1
            at = next(chance) % count if is_new else (at + 1) % count
        means.append(total / count)
    center = math.fsum(means) / DRAWS
    spread = math.fsum((mean - center) ** 2 for mean in means) / (DRAWS - 1)
    kept = 1 + 2 * math.fsum((1 - 1 / block) ** k * (1 - k / block) for k in range(1, block))
    half = student_t(int(blocks) - 1) * math.sqrt(spread * block / kept * blocks / (blocks - 1))
    mean = math.fsum(values) / count
    return mean - half, mean + half
