#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| allclear_fuzz::spoken(bytes));
