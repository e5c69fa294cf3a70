//! One figure of a difference: dollars of one run, or statistics over many paths.

use unisleeve_core::study::simulate::Paired;

/// A figure of a difference.
pub(crate) trait Figure {
    /// The figure: of the run, or the mean over the paths.
    fn middle(&self) -> f64;

    /// The statistics over the paths. `None` for one run.
    fn paired(&self) -> Option<&Paired>;
}

impl Figure for f64 {
    fn middle(&self) -> f64 {
        *self
    }

    fn paired(&self) -> Option<&Paired> {
        None
    }
}

impl Figure for Paired {
    fn middle(&self) -> f64 {
        self.mean
    }

    fn paired(&self) -> Option<&Paired> {
        Some(self)
    }
}
