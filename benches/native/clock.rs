//! What a measure took, natively and in WebAssembly: time of processor, since on a
//! busy machine the clock says little.

/// Milliseconds since some moment; those of a clock where the system tells no other.
#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::disallowed_methods, reason = "this program measures")]
pub(crate) fn now() -> f64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    let ticks = || -> Option<u32> {
        let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
        let mut fields = stat.rsplit(')').next()?.split_whitespace();
        fields.nth(11)?.parse().ok()
    };
    // A hundred ticks a second, on every Linux of today.
    ticks()
        .map(|ticks| f64::from(ticks) * 10.0)
        .unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH);
            since.map_or(0.0, |since| since.as_secs_f64() * 1_000.0)
        })
}

/// Node tells it.
#[cfg(target_arch = "wasm32")]
pub(crate) fn now() -> f64 {
    use wasm_bindgen::JsValue;
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = process, js_name = cpuUsage)]
        fn cpu_usage() -> JsValue;
    }
    let usage = cpu_usage();
    let part = |name: &str| {
        let read = js_sys::Reflect::get(&usage, &name.into());
        read.ok().and_then(|micros| micros.as_f64()).unwrap_or(0.0)
    };
    (part("user") + part("system")) / 1_000.0
}

/// The most memory held so far, in MiB, where the system says it.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: usize = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib / 1_024)
}

/// The memory of WebAssembly never shrinks.
#[cfg(target_arch = "wasm32")]
pub(crate) fn peak() -> Option<usize> {
    Some(core::arch::wasm32::memory_size::<0>() / 16)
}
