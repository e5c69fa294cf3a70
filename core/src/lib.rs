//! unisleeve-core.
