//! Any bytes as a document: no panic, no hang, no growth without bound.

#![no_main]

#[path = "../whole.rs"]
mod whole;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        whole::whole(text);
    }
});
