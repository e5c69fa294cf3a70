//! The command `unisleeve`.

use std::process::ExitCode;

fn main() -> ExitCode {
    unisleeve::commands::main()
}
