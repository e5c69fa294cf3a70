//! The circle finder on made-up crates.

use super::graph::Files;

fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let texts = files.iter().map(|(module, text)| {
        let module = module.split("::").filter(|s| !s.is_empty()).map(str::to_owned).collect();
        (module, (*text).to_owned())
    });
    Files::new(texts).circles()
}

#[test]
fn two_files_that_use_each_other_are_a_circle() {
    let found = circles(&[
        ("", "mod a;\nmod b;\nmod c;\n"),
        ("a", "use crate::b::B;\npub struct A(B);\n"),
        ("b", "pub struct B;\nfn f() { crate::a::A; }\n"),
        ("c", "use crate::a::A;\n"),
    ]);
    assert_eq!(found, [["a", "b"]]);
}

#[test]
fn a_circle_may_have_many_files() {
    let found = circles(&[
        ("", "mod a;\nmod b;\nmod c;\nmod d;\n"),
        ("a", "use super::b::B;\npub struct A(B);\n"),
        ("b", "use super::c;\npub struct B(c::C);\n"),
        ("c", "use crate::a::A as Other;\npub struct C(Other);\n"),
        ("d", "use crate::{a::A, b::B};\n"),
    ]);
    assert_eq!(found, [["a", "b", "c"]]);
}

/// A `mod.rs` that re-exports does not count. Using its name uses the file that defines the name.
#[test]
fn a_re_export_is_no_use() {
    let found = circles(&[
        ("", "mod room;\nmod other;\npub use room::One;\n"),
        ("room", "mod one;\nmod two;\npub use one::One;\npub use two::Two;\n"),
        ("room::one", "use super::Two;\npub struct One(Two);\n"),
        ("room::two", "pub struct Two;\n"),
        ("other", "use crate::One;\n"),
    ]);
    assert_eq!(found, Vec::<Vec<String>>::new());
}

#[test]
fn a_child_that_uses_what_its_parent_defines_is_a_circle() {
    let parent = "mod child;\npub struct Parent;\nfn f() { child::g(); }\n";
    let found = circles(&[
        ("", "mod room;\n"),
        ("room", parent),
        ("room::child", "use super::Parent;\npub fn g() {}\n"),
    ]);
    assert_eq!(found, [["room", "room::child"]]);
    // A parent that only declares its child does not use it.
    let parent = "mod child;\npub struct Parent;\n";
    let found = circles(&[
        ("", "mod room;\n"),
        ("room", parent),
        ("room::child", "use super::Parent;\npub fn g() {}\n"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn names_through_globs_and_renames_count() {
    let found = circles(&[
        ("", "mod a;\nmod b;\nmod all;\n"),
        ("all", "pub use crate::a::*;\npub use crate::b::B as Renamed;\n"),
        ("a", "use crate::all::Renamed;\npub struct A(Renamed);\n"),
        ("b", "use crate::all::A;\npub struct B(Vec<A>);\n"),
    ]);
    assert_eq!(found, [["a", "b"]]);
}

/// A module and a function in it may share a name.
#[test]
fn a_function_called_like_its_module_counts() {
    let found = circles(&[
        ("", "mod room;\n"),
        ("room", "mod plain;\nmod user;\npub use plain::plain;\n"),
        ("room::plain", "use super::user::User;\npub fn plain() {}\n"),
        ("room::user", "use super::plain;\npub struct User;\nfn f() { plain(); }\n"),
    ]);
    assert_eq!(found, [["room::plain", "room::user"]]);
}

#[test]
fn tests_comments_and_strings_do_not_count() {
    let found = circles(&[
        ("", "mod a;\nmod b;\nmod c;\n"),
        ("a", "use crate::b::B;\npub struct A(B);\n"),
        (
            "b",
            "// crate::a::A\npub struct B;\nconst TEXT: &str = \"crate::a::A\";\n#[cfg(test)]\nmod tests { use crate::a::A; }\n",
        ),
        ("c", "#[cfg(test)]\nmod tests;\npub fn f() {}\n"),
        ("c::tests", "use crate::c::f;\n"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn paths_of_modules_within_a_file_start_at_the_file() {
    let found = circles(&[
        ("", "mod a;\nmod b;\n"),
        ("a", "pub struct A;\nmod inner { use super::super::b::B; }\n"),
        ("b", "use crate::a::A;\npub struct B(A);\n"),
    ]);
    assert_eq!(found, [["a", "b"]]);
}
