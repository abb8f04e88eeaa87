//! Laws of every output: it cannot panic where the compiler does not see it, and nothing a document says
//! becomes code.

use syn::visit::{self, Visit};

use crate::fixture;

/// What emitted code never does outside its tests.
#[derive(Default)]
struct Forbidden(Vec<String>);

impl<'ast> Visit<'ast> for Forbidden {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let is_test = module.attrs.iter().any(|attribute| attribute.path().is_ident("cfg"));
        if !is_test {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        if ["unwrap", "expect", "unwrap_err", "expect_err", "unwrap_unchecked"]
            .contains(&name.as_str())
        {
            self.0.push(name);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_index(&mut self, index: &'ast syn::ExprIndex) {
        self.0.push("an index".to_owned());
        visit::visit_expr_index(self, index);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let name =
            call.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        let panics =
            ["panic", "unreachable", "todo", "unimplemented", "assert", "assert_eq", "assert_ne"];
        if panics.contains(&name.as_str()) || name.starts_with("debug_assert") {
            self.0.push(format!("{name}!"));
        }
    }

    fn visit_expr_unsafe(&mut self, _: &'ast syn::ExprUnsafe) {
        self.0.push("unsafe".to_owned());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("allow") {
            self.0.push("allow".to_owned());
        }
    }
}

#[test]
fn no_output_panics_by_design() {
    for (path, text) in fixture::in_tree().iter() {
        let mut forbidden = Forbidden::default();
        forbidden.visit_file(&syn::parse_file(text).unwrap());
        assert_eq!(forbidden.0, Vec::<String>::new(), "{path}");
    }
}

#[test]
fn the_law_is_able_to_fail() {
    let text = "fn f() { a[0]; b.unwrap(); assert!(c); unsafe { d() } }";
    let mut forbidden = Forbidden::default();
    forbidden.visit_file(&syn::parse_file(text).unwrap());
    assert_eq!(forbidden.0, ["an index", "unwrap", "assert!", "unsafe"]);
}

#[test]
fn nothing_that_a_document_says_becomes_code() {
    for (path, text) in fixture::in_tree().iter().filter(|(path, _)| path.starts_with("hostile/")) {
        assert!(
            path.chars().all(|char| char.is_ascii_lowercase()
                || char.is_ascii_digit()
                || "_./".contains(char)),
            "{path}"
        );
        assert!(!path.contains(".."), "{path}");
        let mut words = Words::default();
        words.visit_file(&syn::parse_file(text).unwrap());
        assert_eq!(words.0, Vec::<String>::new(), "{path}");
        let turns = |char: char| matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let comments = text.lines().filter(|line| line.trim_start().starts_with("//"));
        assert!(comments.clone().all(|line| !line.contains(turns)), "{path}");
        assert!(comments.clone().all(|line| !line.contains("```")), "{path}");
        let unescaped =
            comments.map(|line| line.replace("\\<", "")).filter(|line| !line.contains('`'));
        assert!(unescaped.clone().all(|line| !line.contains("<script")), "{path}");
    }
}

/// Functions and types that only a document could have asked for.
#[derive(Default)]
struct Words(Vec<String>);

impl<'ast> Visit<'ast> for Words {
    fn visit_ident(&mut self, ident: &'ast proc_macro2::Ident) {
        if ["injected", "Injected"].contains(&ident.to_string().as_str()) {
            self.0.push(ident.to_string());
        }
    }
}
