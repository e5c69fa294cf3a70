//! unisleeve.
pub mod report;
