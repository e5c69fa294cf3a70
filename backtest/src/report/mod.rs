//! Placeholder until the report lands.
use unisleeve_core::study::{Study, Summary};
/// .
pub fn render(_: &Study, _: &Summary, _: &[String]) -> Result<String, std::fmt::Error> {
    Ok(String::new())
}
