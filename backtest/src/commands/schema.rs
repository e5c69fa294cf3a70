//! `unisleeve schema`: the JSON schema of a configuration, generated from the types that read it.

use serde_json::Value;
use unisleeve_core::mandates::Config;

use crate::failure::Failure;

/// The schema of a configuration.
pub(super) fn schema() -> Value {
    serde_json::to_value(schemars::schema_for!(Config)).unwrap_or_default()
}

/// The schema as the command prints it.
pub(super) fn run() -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&schema()).map_err(|e| Failure::Environment(e.to_string()))?;
    Ok(format!("{text}\n"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The schema in the docs equals the one from the types. `UPDATE_SCHEMA=1 cargo test` writes it again.
    #[test]
    fn the_schema_in_the_docs_is_up_to_date() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/config.schema.json");
        let fresh = run().unwrap();
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&file, &fresh).unwrap();
        }
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            written == fresh,
            "docs/config.schema.json is not what the types say: UPDATE_SCHEMA=1 cargo test"
        );
    }
}
