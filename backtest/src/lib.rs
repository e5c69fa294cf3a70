//! unisleeve.
