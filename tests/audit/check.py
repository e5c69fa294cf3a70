"""Collects what an audit finds."""
from fixed import MONEY, shown


class Check:
    """Collects the mismatches of one arm, counts what was compared, keeps the largest deviation."""

    def __init__(self, arm, faults):
        self.arm, self.faults = arm, faults
        self.rows, self.figures, self.worst, self.where, self.notes = 0, 0, 0, "", []

    def fault(self, file, key, what, found, expected):
        place = f"line {key}" if isinstance(key, int) else key
        self.faults.append(f"{self.arm}\t{file}\t{place}\t{what}: found {found}, expected {expected}")

    def same(self, file, key, what, found, expected):
        self.figures += 1
        if found != expected:
            self.fault(file, key, what, found if found not in (None, "") else "nothing", expected or "nothing")

    def money(self, file, key, what, found, expected, tolerance=0, places=MONEY):
        self.figures += 1
        gap = abs(found - expected)
        if places == MONEY and gap > self.worst:
            self.worst, self.where = gap, f"{file} {key} {what}"
        if gap > tolerance:
            self.fault(file, key, what, shown(found, places), shown(expected, places))

    def near(self, file, key, what, found, expected, tolerance):
        """Compares statistics, floats that may be undefined."""
        self.figures += 1
        if found is None or expected is None:
            if found is not expected:
                self.fault(file, key, what, "nothing" if found is None else found, "nothing" if expected is None else expected)
        elif not abs(float(found) - expected) <= tolerance:  # NaN is a mismatch too
            self.fault(file, key, what, found, f"{expected:.12g}")
