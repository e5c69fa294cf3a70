//! After the first solve of a size, the optimizer allocates only the solution that it returns.
//!
//! This test has a file of its own because the counting allocator applies to the whole process.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use unisleeve_core::solver::Solver;
use unisleeve_tests::instance::{Shape, random};
use unisleeve_tests::random::Random;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// The system allocator with a count of this thread's requests.
struct Counting;

fn count() {
    // While a thread ends its counter is gone. Nothing is measured then.
    let _gone = COUNT.try_with(|c| c.set(c.get() + 1));
}

// SAFETY: every call is passed on unchanged to the system allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(at, layout, size) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Allocations returned: trades, factor prices, row prices.
const RETURNED: u32 = 3;

#[test]
fn a_second_solve_allocates_its_solution_alone() {
    for (at_a_loss, bands) in [(0.0, 0), (1.0 / 3.0, 0), (0.0, 8), (1.0 / 3.0, 8)] {
        let shape = Shape { names: 200, factors: 10, lots: 10, at_a_loss, rows: 1, bands };
        let problem = random(&mut Random::new(7), shape).problem;
        let mut solver = Solver::default();
        let first = solver.solve(&problem, None).expect("feasible");
        let prices = first.prices.clone();
        // Buffers are swapped during a solve, so it takes a few solves until each has grown.
        for _ in 0..8 {
            solver.solve(&problem, None).expect("feasible");
            solver.solve(&problem, Some(&prices)).expect("feasible");
        }
        for warm in [None, Some(&prices)] {
            let before = COUNT.get();
            let _again = solver.solve(&problem, warm).expect("feasible");
            let made = COUNT.get() - before;
            assert_eq!(made, RETURNED, "{at_a_loss} at a loss, {bands} bands, warm {}", warm.is_some());
        }
    }
}
